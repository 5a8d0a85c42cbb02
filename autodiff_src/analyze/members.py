"""What an attribute of an object is: one that it holds, a method or a property of its class, or a constant of the class."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import FunctionType, MemberDescriptorType
from typing import Any

from autodiff_src.analyze.kinds import UNKNOWN, Inert, Kind, Known, Object, Tuple, Undifferentiated
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.errors import ArgumentError
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import MISSING


@dataclass(frozen=True)
class Super(Kind):
    """`super(cls, receiver)` in a method; `of` is the kind of the receiver."""

    cls: type
    receiver: str
    of: Object


@dataclass(frozen=True)
class Method(Kind):
    """A function of a class, found in an object: it is called with the object in front of the arguments."""

    function: FunctionType


@dataclass(frozen=True)
class Getter(Kind):
    """A property."""

    function: FunctionType


def is_object(kind: Kind | None) -> bool:
    """Does a class of the user's tell what its attributes are?"""
    return isinstance(kind, (Object, Super)) or isinstance(kind, Tuple) and kind.cls is not None


Found = Callable[[type, str, Any], None]


def member(kind: Kind, name: str, names: Collection[str], found: Found) -> Kind:
    """The kind of `value.name`, or a `Method` or `Getter`. `found` is told what was found in a class."""
    if isinstance(kind, Super):
        if type(kind.of.cls) is not type or kind.cls not in kind.of.cls.__mro__:
            return UNKNOWN
        return _of_class(class_attribute(kind.of.cls, name, kind.cls), names, kind.cls)
    if isinstance(kind, Tuple):
        if name in kind.cls._fields:
            return UNKNOWN if kind.items is None else kind.items[kind.cls._fields.index(name)]
        value = class_attribute(kind.cls, name)
        found(kind.cls, name, value)
        return _of_class(value, names, kind.cls)
    assert isinstance(kind, Object)
    value = class_attribute(kind.cls, name)
    found(kind.cls, name, value)
    held = dict(kind.items or ()).get(name)
    overridden = value is not MISSING and (_takes_precedence(value) or name == "__call__")
    if held is not None and not overridden:
        if isinstance(held, Undifferentiated):
            raise ArgumentError(f"the attribute {name!r}: {held.reason}", fix=held.fix)
        return held
    if kind.items is None and not overridden or value is MISSING:
        return UNKNOWN
    return _of_class(value, names, kind.cls)


def _takes_precedence(value: Any) -> bool:
    """Does what the class holds hide what the object holds?"""
    data = hasattr(type(value), "__set__") or hasattr(type(value), "__delete__")
    return data and not isinstance(value, MemberDescriptorType)


def below_compiler(value: Any) -> Any:
    """The Python function of which Numba made a compiled one, or `ad.function` a recorded one; anything else as it is."""
    function = inspect.getattr_static(value, "py_func", None)
    return function if isinstance(function, FunctionType) and callable(value) else value


def _of_class(value: Any, names: Collection[str], cls: type) -> Kind:
    if isinstance(value, FunctionType):
        return Method(below_compiler(value))
    if type(value) is property:
        return Getter(value.fget) if isinstance(value.fget, FunctionType) else UNKNOWN
    if type(value) is staticmethod:
        return Known(value.__func__)
    if value is MISSING or hasattr(type(value), "__get__"):
        return UNKNOWN
    kind = kind_of(value, None, names)
    return UNKNOWN if isinstance(kind, Inert) else kind
