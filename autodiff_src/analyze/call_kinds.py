"""The kinds of calls: of functions, and of methods of arrays, lists, dicts and strings."""
from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from autodiff_src.analyze.adjoint_kinds import ADJOINT_KINDS
from autodiff_src.analyze.attribute_kinds import attribute_kind
from autodiff_src.analyze.builtin_kinds import BUILTIN_KINDS
from autodiff_src.analyze.creation_kinds import KindFunction
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Inert,
    Int,
    Kind,
    Known,
    List,
    Scalar,
    Tuple,
    is_dict,
    join,
    number_in,
)
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.numpy_kinds import NUMPY_KINDS
from autodiff_src.analyze.samples import Undecided, elementwise, like, literal, on_ones
from autodiff_src.analyze.scipy_kinds import refuse_overwriting, scipy_kinds
from autodiff_src.analyze.vectorized_kinds import VECTORIZED_KINDS

ARRAY_METHODS: dict[str, Callable[..., Any]] = {name: getattr(np, name) for name in (
    "all", "any", "argmax", "argmin", "argpartition", "argsort", "clip", "copy", "cumprod", "cumsum", "diagonal", "dot",
    "max", "mean", "min", "prod", "ravel", "repeat", "reshape", "round", "searchsorted", "squeeze", "std", "sum",
    "swapaxes", "take", "trace", "transpose", "var", "nonzero")}
ARRAY_METHODS |= {"flatten": np.ravel}
SILENT_METHODS = ("fill", "sort", "partition", "put", "setflags", "resize")
LIST_METHODS: dict[str, Callable[[List], Kind]] = {
    "append": lambda _: Known(None), "extend": lambda _: Known(None), "insert": lambda _: Known(None),
    "remove": lambda _: Known(None), "clear": lambda _: Known(None), "reverse": lambda _: Known(None),
    "sort": lambda _: Known(None), "pop": lambda kind: kind.item, "copy": lambda kind: kind,
    "index": lambda _: Int(), "count": lambda _: Int()}

_OF_NUMBERS = frozenset([float, int, abs, round, pow, *(f for f in vars(math).values() if callable(f))])  # not of None
KINDS: dict[Any, KindFunction] = BUILTIN_KINDS | NUMPY_KINDS | ADJOINT_KINDS | VECTORIZED_KINDS


def call_kind(function: Any, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> Kind:
    """The kind of `function(*args, **kwargs)`; Unknown where nothing can be promised."""
    try:
        if isinstance(function, np.ufunc) or function in _OF_NUMBERS:
            args = list(map(number_in, args))
        if isinstance(function, np.ufunc) and function not in KINDS:
            return _ufunc_kind(function, args, kwargs)
        refuse_overwriting(function, args, kwargs)
        rule = KINDS.get(function) or scipy_kinds(function)
        return UNKNOWN if rule is None else _bound(rule, args, kwargs)
    except (Undecided, TypeError, ValueError, IndexError, ArithmeticError):
        return UNKNOWN  # the errors: a call that raises has no result


def _bound(rule: KindFunction, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> Kind:
    bound = _signature(rule).bind(*args, **kwargs)
    given = set(bound.arguments)
    bound.apply_defaults()
    for name, value in bound.arguments.items():
        if name not in given and not isinstance(value, (tuple, dict, Kind)):
            bound.arguments[name] = _constant(value)
    return rule(*bound.args, **bound.kwargs)


@cache
def _signature(rule: KindFunction) -> inspect.Signature:
    return inspect.signature(rule)


def _constant(value: Any) -> Kind:
    if type(value) is bool:
        return Bool(value)
    return Int(value) if type(value) is int else Known(value)


def _ufunc_kind(function: np.ufunc, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> Kind:
    if function.signature is not None or len(args) != function.nin or set(kwargs) - {"dtype", "out"}:
        raise Undecided
    if "out" in kwargs:
        return kwargs["out"] if isinstance(kwargs["out"], Array) else UNKNOWN
    dtype = literal(kwargs["dtype"]) if "dtype" in kwargs else None
    results = [elementwise(_nth_result(function, dtype, i), *args) for i in range(function.nout)]
    return results[0] if function.nout == 1 else Tuple(tuple(results))


@cache
def _nth_result(function: np.ufunc, dtype: Any, position: int) -> Callable[..., Any]:
    if function.nout == 1:
        return function if dtype is None else lambda *args: function(*args, dtype=dtype)
    return lambda *args: function(*args, dtype=dtype)[position]


def method_kind(receiver: Kind, name: str, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> Kind:
    """The kind of `receiver.name(*args, **kwargs)`."""
    try:
        if isinstance(receiver, Scalar) and name != "astype":
            return _scalar_method(receiver, name, args, kwargs)
        if isinstance(receiver, (Array, Scalar)):
            return _array_method(receiver, name, args, kwargs)
        if isinstance(receiver, List) and name in LIST_METHODS:
            return LIST_METHODS[name](receiver)
        if isinstance(receiver, Known) and isinstance(receiver.value, str):
            return _string_method(receiver.value, name, args, kwargs)
        if isinstance(receiver, Known):
            return call_kind(literal(attribute_kind(receiver, name)), args, kwargs)
        if is_dict(receiver):
            return _dict_method(receiver, name, args)
    except Undecided:
        pass
    return UNKNOWN


def _array_method(array: Kind, name: str, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> Kind:
    if name in ("reshape", "transpose") and len(args) != 1:
        args = [Tuple(tuple(args))] if args else []
    if name in ARRAY_METHODS:
        return call_kind(ARRAY_METHODS[name], [array, *args], kwargs)
    if name == "astype":
        return _converted(array, args[0] if args else kwargs.get("dtype", UNKNOWN))
    if name in ("conj", "conjugate") and isinstance(array, Array) and array.dtype is not None:
        return array
    if name in SILENT_METHODS:
        return Known(None)
    if name == "item" and isinstance(array, Array) and array.dtype is not None:
        return like(array.dtype.type(1).item(), ())
    return UNKNOWN


def _converted(array: Kind, dtype: Kind) -> Kind:
    wanted = np.dtype(literal(dtype))
    return Scalar(wanted) if isinstance(array, Scalar) else Array(wanted, array.shape)  # type: ignore[attr-defined]


def _scalar_method(receiver: Scalar, name: str, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> Kind:
    values = [literal(arg) for arg in args]
    options = {key: literal(value) for key, value in kwargs.items()}
    result = on_ones(lambda scalar: getattr(scalar, name)(*values, **options), receiver)
    return like(result, np.shape(result))


def _string_method(text: str, name: str, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> Kind:
    if name == "format":
        return Inert("str")
    value = getattr(text, name)(*map(literal, args), **{key: literal(kind) for key, kind in kwargs.items()})
    return List(Inert("str"), len(value)) if isinstance(value, list) else kind_of(value, None)


def _dict_method(receiver: Dict, name: str, args: Sequence[Kind]) -> Kind:
    if name == "copy":
        return receiver
    if name == "pop" and len(args) == 1:
        return receiver.item if receiver.items is None else dict(receiver.items).get(literal(args[0]), UNKNOWN)
    if name == "get" and args and receiver.items is not None:
        default = args[1] if len(args) > 1 else Known(None)
        return dict(receiver.items).get(literal(args[0]), default)
    if name == "get" and len(args) == 2:
        return join(receiver.item, args[1])
    return UNKNOWN
