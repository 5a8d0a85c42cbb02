"""Which values may change, which hold others that may, and which calls change them."""
from __future__ import annotations

import enum
from collections import OrderedDict, defaultdict
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType
from typing import Any

import numpy as np

from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Dict,
    Float,
    FunctionKind,
    Inert,
    Kind,
    Known,
    List,
    Maybe,
    Object,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
    is_dict,
    is_immutable_number,
    number_in,
    with_inner,
)
from autodiff_src.program import MISSING
from autodiff_src.rules import CHANGING_METHODS, IN_PLACE
from autodiff_src.runtime.objects import is_module, is_scipy_class, module_of

# Of the methods that change, what gives nothing back of what is held.
STORING_METHODS = frozenset(["append", "appendleft", "add", "extend", "extendleft", "insert", "update", "clear"])
READING_METHODS = frozenset(["index", "count", "keys", "copy", "items", "values", "get"])
WRITING_FUNCTIONS = frozenset(["at", "copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "shuffle",
                               "setitem", "delitem", *IN_PLACE])

_FIXED_TYPES = frozenset([
    "str", "bytes", "slice", "range", "dtype", "type", "complex", "frozenset", "lock", "RLock", "_thread.lock", "_thread.RLock",
    "datetime", "date", "timedelta", "Decimal", "Fraction", "PosixPath", "Path", "Pattern", "code", "NoneType", "ellipsis"])
# Of these, methods other than `shuffle` leave alone what they are given.
_BUILT_IN_TYPES = frozenset(["set", "deque", "OrderedDict", "defaultdict", "Counter", "bytearray", "array", "Generator",
                             "RandomState", "Random", "iterator"])
_LEAVING_ALONE = frozenset(["numpy", "math", "builtins", "_operator", "warnings", "copy", "autodiff_src"])
_FIXED_OBJECTS = (type, FunctionType, BuiltinFunctionType, MethodType, np.ufunc, type(np.sum), np.generic, np.dtype,
                  int, float, complex, str, bytes, range, slice, frozenset, enum.Enum, type(None), type(Ellipsis))


def is_mutable(kind: Kind) -> bool:
    """May somebody write into a value of the kind, or into what it holds?"""
    if isinstance(kind, Tuple):
        return kind.items is None or any(map(is_mutable, kind.items))
    return isinstance(kind, (Array, List, Dict, Unknown)) and not isinstance(kind, Maybe) or has_state(kind)


def has_state(kind: Kind) -> bool:
    """Is it a set, a queue, a generator of random numbers: a value that carries no derivative and may change?"""
    return isinstance(kind, Inert) and kind.type not in _FIXED_TYPES


def may_be_written(kind: Kind) -> bool:
    """May a value of the kind be written into by whoever gets hold of it?"""
    return not (is_immutable_number(kind) or isinstance(kind, (Known, Inert, FunctionKind)))


def is_plain(kind: Kind) -> bool:
    """Can a value of the kind neither be nor hold a list, a dict, or anything else that holds values?"""
    if isinstance(kind, Tuple) and kind.items is not None:
        return all(map(is_plain, kind.items))
    return is_immutable_number(kind) or isinstance(kind, (Array, Known)) or isinstance(kind, Inert) and not has_state(kind)


def is_flat(kind: Kind) -> bool:
    """Does a container of the kind hold no other one?"""
    if isinstance(kind, List):
        return kind.length == 0 or is_plain(kind.item)
    return is_dict(kind) and all(map(is_plain, kind.held)) or is_plain(kind)


def is_varying_number(kind: Kind) -> bool:
    """Is it a number that may carry a derivative?"""
    return isinstance(number_in(kind), (Float, Scalar)) and carries_derivative(kind)


def number_items(kind: Kind) -> frozenset[bool]:
    """Of the items of a container that may carry derivatives: are they numbers? Both answers where some are and some not."""
    return frozenset(is_varying_number(k) for k in held_kinds(kind) if carries_derivative(k))


def held_kinds(kind: Kind) -> list[Kind]:
    """The kinds of the items of a list, a dict or a tuple, as far as known; of an object of what derivatives flow through."""
    if is_dict(kind):
        return [item for item in kind.held if item != UNKNOWN or kind.items is not None]
    if isinstance(kind, Object):
        return [item for key, item in kind.items or () if key in kind.selected]
    return [kind.item] if isinstance(kind, List) else list(kind.items or ()) if isinstance(kind, Tuple) else []


def holds_numbers(kind: Kind) -> bool:
    """Is it a list or a dict in which only numbers may carry derivatives?"""
    return (isinstance(kind, List) or is_dict(kind)) and number_items(kind) == {True}


def can_change(value: Any) -> bool:
    """May an object outside the functions at hand change, or hold what does?"""
    if type(value) is tuple:
        return any(map(can_change, value))
    return value is not MISSING and not isinstance(value, _FIXED_OBJECTS) and not is_module(value)


def can_hold(value: Any) -> bool:
    """May an object outside the functions at hand hold lists, dicts or others that may change?"""
    return can_change(value) and not isinstance(value, np.ndarray)


def leaves_arguments(receiver: Kind, method: str) -> bool:
    """Does a method of a built-in object leave alone what it is given?"""
    if isinstance(receiver, (Array, Scalar, Known)) or isinstance(receiver, Inert) and not has_state(receiver):
        return True
    return isinstance(receiver, Inert) and receiver.type in _BUILT_IN_TYPES and method != "shuffle"


def leaves_receiver(receiver: Kind, method: str) -> bool:
    """Does a method of which nothing else is known leave its object as it is?"""
    if isinstance(receiver, (Array, Scalar, Known)) or isinstance(receiver, Inert) and not has_state(receiver):
        return method not in CHANGING_METHODS
    reading = READING_METHODS - {"count", "index"} if isinstance(receiver, Unknown) else READING_METHODS
    return method in reading


def does_not_change(function: Any) -> bool:
    """Does a function leave the lists and dicts that it is given as they are, for all that is known of it?"""
    module, title = module_of(function), getattr(function, "__name__", "")
    known = module.split(".")[0] in _LEAVING_ALONE and "random" not in module or is_scipy_class(function)
    known = known or function in (OrderedDict, defaultdict)
    changes = title in (CHANGING_METHODS if isinstance(function, MethodDescriptorType) else WRITING_FUNCTIONS)
    return function is not MISSING and (isinstance(function, np.ufunc) or known) and not changes


def loosened(kind: Kind) -> Kind:
    """The kind of a value whose containers may have been changed by code that is not known."""
    if isinstance(kind, List):
        return List(UNKNOWN)
    if is_dict(kind):
        return Dict(factory=kind.factory)
    return Inert(kind.type) if has_state(kind) else with_inner(kind, loosened)  # type: ignore[attr-defined]
