"""The kinds of calls of Python's builtins and of `math` and `operator`."""
from __future__ import annotations

import bisect
import cmath
import inspect
import math
import numbers
import operator
from collections import OrderedDict, defaultdict
from dataclasses import replace
from functools import partial, reduce
from types import FunctionType, MemberDescriptorType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze import operator_kinds
from autodiff_src.analyze.axis_lengths import as_int
from autodiff_src.analyze.creation_kinds import FALSE, NONE, ZERO, KindFunction
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Float,
    FunctionKind,
    Inert,
    Int,
    Kind,
    Known,
    List,
    Number,
    Object,
    Scalar,
    Tuple,
    carries_derivative,
    is_dict,
    is_immutable_number,
    join,
    without_value,
)
from autodiff_src.analyze.known_names import names_of, set_of, signature
from autodiff_src.analyze.samples import Undecided, as_array, elementwise, is_none, like, literal, on_ones
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import MISSING
from autodiff_src.runtime import adjoints, iteration
from autodiff_src.runtime.objects import is_module, named, new_object
from autodiff_src.runtime.values import real_power

FLOAT_NAMES = """
    acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh degrees dist erf erfc exp exp2 expm1 fabs fmod fsum
    gamma hypot ldexp lgamma log log10 log1p log2 nextafter pow radians remainder sin sinh sqrt tan tanh ulp"""
COMPLEX_NAMES = "sqrt exp log log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh rect"
FLOAT_FUNCTIONS = {getattr(math, name) for name in FLOAT_NAMES.split() if hasattr(math, name)}
COMPLEX_FUNCTIONS = {getattr(cmath, name) for name in COMPLEX_NAMES.split()}
INT_FUNCTIONS = {math.factorial, math.gcd, math.lcm, math.comb, math.perm, math.isqrt, id, hash, ord,
                 bisect.bisect_left, bisect.bisect_right}
BOOL_FUNCTIONS = {math.isnan, math.isinf, math.isfinite, math.isclose, cmath.isnan, cmath.isinf, cmath.isfinite,
                  cmath.isclose, issubclass, all, any}
ROUNDING = {math.floor, math.ceil, math.trunc}
CLASSES: dict[type, type] = {
    Bool: bool, Int: int, Float: float, Array: np.ndarray, Tuple: tuple, List: list, Dict: dict}
EMPTY = Tuple(())


def _len(obj: Kind) -> Kind:
    if isinstance(obj, Array) and obj.shape:
        return as_int(obj.shape[0])
    if isinstance(obj, List):
        return Int(obj.length)
    if isinstance(obj, (Tuple, Dict)) and not isinstance(obj, Object):
        return Int(None if obj.items is None else len(obj.items))
    if isinstance(obj, Known) and isinstance(obj.value, (str, bytes)):
        return Int(len(obj.value))
    return Int()


def _float(x: Kind = ZERO) -> Kind:
    return x if isinstance(x, Float) else Float()


def _int(x: Kind = ZERO, base: Kind = NONE) -> Kind:
    return x if isinstance(x, Int) else Int(int(x.value)) if isinstance(x, Bool) and x.value is not None else Int()


def _bool(x: Kind = FALSE) -> Kind:
    return Bool(operator_kinds.truth(x))


def _abs(x: Kind) -> Kind:
    if isinstance(x, Number):
        return Number(np.dtype(float))
    return type(x)() if isinstance(x, (Float, Int)) else elementwise(abs, operator_kinds.as_operand(x))


def _extremum(*args: Kind, key: Any = None, default: Kind = NONE) -> Kind:
    values = list(args) if len(args) > 1 else _elements(args[0])
    return reduce(join, values if is_none(default) else [*values, default])


def _elements(iterable: Kind) -> list[Kind]:
    """The kinds that an iteration may give, at least one."""
    if isinstance(iterable, Tuple) and iterable.items:
        return list(iterable.items)
    if isinstance(iterable, List):
        return [iterable.item]
    if isinstance(iterable, Array) and iterable.shape and iterable.dtype is not None:
        rest = iterable.shape[1:]
        return [Array(iterable.dtype, rest) if rest else Scalar(iterable.dtype)]
    if iterable == Inert("range"):
        return [Int()]
    raise Undecided


def _sum(iterable: Kind, start: Kind = ZERO) -> Kind:
    if isinstance(iterable, Tuple) and iterable.items is not None:
        return reduce(partial(operator_kinds.binary_kind, gast.Add), iterable.items, start)
    item = reduce(join, _elements(iterable))
    once = operator_kinds.binary_kind(gast.Add, start, item)
    result = join(once, operator_kinds.binary_kind(gast.Add, once, item))
    if result != join(result, operator_kinds.binary_kind(gast.Add, result, item)):
        raise Undecided
    length = iterable.length if isinstance(iterable, List) else getattr(iterable, "shape", (None,))[0]
    return result if isinstance(length, int) and length > 0 else join(start, result)


def _round(number: Kind, ndigits: Kind = NONE) -> Kind:
    return like(on_ones(round, number, ndigits), ())


def _pow(base: Kind, exp: Kind, mod: Kind = NONE) -> Kind:
    return operator_kinds.binary_kind(gast.Pow, base, exp) if mod == NONE else Int()


def _divmod(x: Kind, y: Kind) -> Kind:
    return Tuple((operator_kinds.binary_kind(gast.FloorDiv, x, y), operator_kinds.binary_kind(gast.Mod, x, y)))


def _rounded_to_int(x: Kind) -> Kind:
    return Int() if isinstance(x, (Bool, Int, Float, Scalar, Array)) else UNKNOWN


def _iterator(*args: Kind, **options: Kind) -> Kind:
    return UNKNOWN if any(map(carries_derivative, args)) else Inert("iterator")


def _list(iterable: Kind = EMPTY) -> Kind:
    if iterable == EMPTY:
        return List(Inert(), 0)
    names = names_of(iterable)
    if names is not None:
        return names
    if isinstance(iterable, Object):
        return UNKNOWN
    if isinstance(iterable, Dict):
        return List(iterable.key)
    length = as_array(iterable).shape if isinstance(iterable, Array) else None
    count = length[0] if length else len(iterable.items or ()) if isinstance(iterable, Tuple) else getattr(
        iterable, "length", None)
    return List(reduce(join, _elements(iterable)), count if isinstance(count, int) else None)


def _sorted(iterable: Kind, *, key: Any = None, reverse: Any = False) -> Kind:
    return _list(iterable)


def _tuple(iterable: Kind = EMPTY) -> Kind:
    if isinstance(iterable, Tuple):
        return Tuple(iterable.items)
    whole = _list(iterable)
    return Tuple((whole.item,) * whole.length if isinstance(whole, List) and whole.length is not None else None)


def _indices(*shape: Kind) -> Kind:
    axes = shape[0].items if len(shape) == 1 and isinstance(shape[0], Tuple) else shape
    return List(Tuple(None if axes is None else (Int(),) * len(axes)))


def _set(items: Kind = EMPTY) -> Kind:
    return set_of(items) or (UNKNOWN if carries_derivative(items) else Inert("set"))


def _keys(x: Kind) -> Kind:
    return names_of(x) or UNKNOWN


def _signature(obj: Kind) -> Kind:
    return signature(obj.value) if isinstance(obj, Known) and isinstance(obj.value, FunctionType) else Inert("Signature")


def _dict(mapping: Kind = EMPTY) -> Kind:
    return Dict(()) if mapping == EMPTY else replace(mapping, factory=NONE) if is_dict(mapping) else UNKNOWN


def _defaultdict(default_factory: Kind = NONE, mapping: Kind = EMPTY) -> Kind:
    held = _dict(mapping)
    return replace(held, factory=default_factory) if is_dict(held) else UNKNOWN


def _named(cls: Kind, items: Kind) -> Kind:
    known = isinstance(cls, Known) and isinstance(items, Tuple)
    return Tuple(items.items, cls.value) if known else UNKNOWN  # type: ignore[attr-defined]


def _new_object(cls: Kind, /, **held: Kind) -> Kind:
    if not isinstance(cls, Known):
        return UNKNOWN
    return Object(tuple((n, without_value(k)) for n, k in sorted(held.items())), cls.value, frozenset(held), True)


def class_of(kind: Kind) -> type | None:
    """The class of a value of this kind, or None; of an array, a tuple, a list or a dict it may be a subclass."""
    if isinstance(kind, Number):
        return None
    if isinstance(kind, Scalar):
        return kind.dtype.type
    if isinstance(kind, Object) or isinstance(kind, Tuple) and kind.cls is not None:
        return kind.cls
    return type(kind.value) if isinstance(kind, Known) else CLASSES.get(type(kind))


def _isinstance(obj: Kind, class_or_tuple: Kind) -> Kind:
    classes, cls = literal(class_or_tuple), class_of(obj)
    may_be: tuple[type, ...] = (float, int, np.float64) if obj == Number(np.dtype(float)) else (cls,) if cls else ()
    found = {_is_instance(each, classes if isinstance(classes, tuple) else (classes,)) for each in may_be}
    return Bool(found.pop() if len(found) == 1 else None)


def _is_instance(cls: type, classes: tuple[Any, ...]) -> bool | None:
    answers = [_is_subclass(cls, each) for each in classes]
    return True if True in answers else None if None in answers else False


def _is_subclass(cls: type, wanted: Any) -> bool | None:
    if type(wanted) is not type and wanted.__module__ not in (numbers.__name__, "collections.abc"):
        return None
    if issubclass(cls, wanted):
        return True
    return None if issubclass(wanted, cls) and cls in (np.ndarray, tuple, list, dict) else False


def has_attribute(obj: Kind, attribute: str) -> bool | None:
    """Has a value of this kind the attribute? None where that is not known."""
    if isinstance(obj, Known):
        stays = is_module(obj.value) or isinstance(obj.value, type) or not hasattr(obj.value, "__dict__")
        return hasattr(obj.value, attribute) if stays else None
    cls = class_of(obj)
    if not isinstance(obj, Object):
        known = cls is not None and (hasattr(cls, attribute) or cls not in (np.ndarray, tuple, list, dict))
        return hasattr(cls, attribute) if known else None
    held = dict(obj.items or ())
    if attribute in obj.uncertain or obj.items is None or isinstance(class_attribute(obj.cls, attribute), MemberDescriptorType):
        return True if attribute in held and attribute not in obj.uncertain else None
    if attribute in held or class_attribute(obj.cls, attribute) is not MISSING:
        return True
    return False if obj.made and not hasattr(obj.cls, "__getattr__") else None


def _hasattr(obj: Kind, name: Kind) -> Kind:
    found = has_attribute(obj, name.value) if isinstance(name, Known) else None
    return Bool() if found is None else Bool(found)


def _callable(obj: Kind) -> Kind:
    known = isinstance(obj, FunctionKind) or isinstance(obj, Known) and callable(obj.value)
    return Bool(True) if known else Bool(False) if is_immutable_number(obj) or isinstance(obj, (Array, List)) else Bool()


def _type(obj: Kind) -> Kind:
    cls = class_of(obj)
    return Inert("type") if cls is None or cls in (np.ndarray, tuple, list, dict) else Known(cls)


BUILTIN_KINDS: dict[Any, KindFunction] = {
    len: _len, complex: lambda *args: Number(np.dtype(complex)),
    float: _float, int: _int, bool: _bool, abs: _abs, operator.abs: _abs, min: _extremum, max: _extremum,
    sum: _sum, round: _round, pow: _pow, divmod: _divmod, list: _list, tuple: _tuple, sorted: _sorted,
    isinstance: _isinstance, type: _type, callable: _callable, hasattr: _hasattr,
    str: lambda *args: Inert("str"), repr: lambda obj: Inert("str"),
    format: lambda *args: Inert("str"), print: lambda *args, **options: Known(None),
    adjoints.order: lambda keys, reverse=FALSE: List(Int()), iteration.indices: _indices,
    iteration.picks: lambda function, n, count: List(List(Int())), iteration.columns: lambda rows: Int(),
    dict: _dict, OrderedDict: _dict, defaultdict: _defaultdict,
    iteration.keys: _keys, iteration.sequence: _keys, inspect.signature: _signature,
    set: _set, frozenset: _set,
    real_power: lambda x, y: Float(),
    named: _named,
    new_object: _new_object,
    range: lambda *args: Inert("range"), slice: lambda *args: Inert("slice"), enumerate: _iterator, zip: _iterator,
    reversed: _iterator, iter: _iterator, math.modf: lambda x: Tuple((Float(), Float())),
    math.frexp: lambda x: Tuple((Float(), Int())), operator.index: _int,
    operator.neg: partial(operator_kinds.unary_kind, gast.USub),
    **{function: lambda *args, **options: Float() for function in FLOAT_FUNCTIONS},
    **{function: lambda *args: Number(np.dtype(complex)) for function in COMPLEX_FUNCTIONS},
    **{function: lambda *args, **options: Int() for function in INT_FUNCTIONS},
    **{function: lambda *args, **options: Bool() for function in BOOL_FUNCTIONS},
    **dict.fromkeys(ROUNDING, _rounded_to_int),
    **{function: partial(operator_kinds.binary_kind, op) for op, function in operator_kinds.BINARY.items()},
    **{function: partial(operator_kinds.compare_kind, op) for op, function in operator_kinds.COMPARE.items()},
    operator.is_: partial(operator_kinds.compare_kind, gast.Is),
    operator.is_not: partial(operator_kinds.compare_kind, gast.IsNot)}
