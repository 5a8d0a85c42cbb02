"""Objects of users' classes: which these are, and what their attributes hold."""
from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Collection
from functools import lru_cache
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

Path = tuple[tuple[str, "str | int"], ...]  # steps (".", attribute) or ("[]", key)
_HEAP_TYPE = 1 << 9
_BUILT_IN = (int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, type, ModuleType, BaseException,
             enum.Enum, np.ndarray, np.generic)
ARRAY_PACKAGES = frozenset({"numpy", "array_api_strict", "torch", "jax", "jaxlib", "dask", "cupy"})
STANDARD_MODULES = frozenset(sys.stdlib_module_names)


def module_of(value: Any) -> str:
    """The name of the module of a function or class; of some compiled classes it is a descriptor, of some functions None."""
    return str(getattr(value, "__module__", None) or "")


def is_of_numpy(function: Any) -> bool:
    return isinstance(function, np.ufunc) or module_of(function).partition(".")[0] == "numpy"


def is_module(value: Any) -> bool:
    """Is it a module, or an object that a package has put into `sys.modules` in a module's place?"""
    if isinstance(value, ModuleType):
        return True
    return hasattr(type(value), "__getattr__") and any(value is module for module in tuple(sys.modules.values()))


def is_scipy_class(value: Any) -> bool:
    """Is it a class of SciPy's? Its objects are made by calling it, never by reading it."""
    return isinstance(value, type) and module_of(value).startswith("scipy.")


def _is_plain_class(cls: Any) -> bool:
    """Is it a class written in Python whose objects are what their attributes hold?"""
    if cls is SimpleNamespace:
        return True
    foreign = module_of(cls).partition(".")[0] in {*STANDARD_MODULES, *ARRAY_PACKAGES}
    plain = cls.__getattribute__ is object.__getattribute__  # type: ignore[comparison-overlap]
    return bool(cls.__flags__ & _HEAP_TYPE) and plain and not foreign and not issubclass(cls, _BUILT_IN)


is_plain_class: Callable[[Any], bool] = lru_cache(maxsize=512)(_is_plain_class)


def _is_named_tuple(cls: Any) -> bool:
    """Is it a class that `namedtuple` made, or one of it that leaves what tuples do as it is?"""
    if not isinstance(cls, type) or not issubclass(cls, tuple):
        return False
    made: Any = next((b for b in cls.__mro__ if {"_fields", "_make", "__new__"} <= set(b.__dict__)), None)
    if made is None or cls.__new__ is not made.__new__ or cls.__init__ is not object.__init__:  # type: ignore[misc]
        return False
    kept = ("_make", "_replace", "_asdict", "_fields", *made._fields)
    same = all(next(b for b in cls.__mro__ if n in b.__dict__) is made for n in kept)
    return same and all(getattr(cls, n) is getattr(tuple, n) for n in _OF_TUPLES)


_OF_TUPLES = ("__getitem__", "__iter__", "__len__", "__add__", "__mul__", "__rmul__", "__eq__", "__ne__", "__lt__", "__le__",
              "__gt__", "__ge__", "__hash__", "__contains__", "__getattribute__")
is_named_tuple: Callable[[Any], bool] = lru_cache(maxsize=512)(_is_named_tuple)


def new_object(cls: type, /, **held: Any) -> Any:
    """A new object of the class with the attributes `held`; `__init__` does not run."""
    new = bare(cls)
    for n, value in held.items():
        object.__setattr__(new, n, value)
    return new


def named(cls: Any, items: tuple[Any, ...]) -> Any:
    """A named tuple of the class."""
    return cls._make(items)


class _EveryName(frozenset):
    def __contains__(self, name: object) -> bool:
        return True


EVERY_NAME: frozenset[str] = _EveryName()


def attributes(value: Any, names: Collection[str] | None = None) -> dict[str, Any]:
    """The attributes that an object itself holds, those in slots too; of these the ones in `names`, if it is given."""
    held = getattr(value, "__dict__", {})
    slots = _slots(type(value))
    held = {**held, **{s: getattr(value, s) for s in slots if hasattr(value, s)}} if slots else held
    return held if names is None else {n: held[n] for n in held if n in names}


def attributes_with_defaults(value: Any, names: Collection[str] | None) -> dict[str, Any]:
    """`attributes`, and numbers, arrays, lists and dicts that the class has for those that the object does not hold yet."""
    held = {n: v for cls in reversed(type(value).__mro__) if is_plain_class(cls) for n, v in vars(cls).items()
            if isinstance(v, (float, np.floating, np.ndarray, list, dict)) and not n.startswith("__")}
    held |= attributes(value)
    return held if names is None else {n: held[n] for n in held if n in names}


def bare(cls: type) -> Any:
    """A new object of the class without attributes; `__init__` does not run."""
    return SimpleNamespace() if cls is SimpleNamespace else object.__new__(cls)


def follow(value: Any, path: Path) -> Any:
    """What a path leads to."""
    for how, key in path:
        value = getattr(value, str(key)) if how == "." else value[key]
    return value


def _find_slots(cls: Any) -> tuple[str, ...]:
    found = [s for base in cls.__mro__ for s in _as_tuple(base.__dict__.get("__slots__", ()))]
    return tuple(s for s in found if s not in ("__dict__", "__weakref__"))


_slots: Callable[[Any], tuple[str, ...]] = lru_cache(maxsize=512)(_find_slots)


def _as_tuple(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)
