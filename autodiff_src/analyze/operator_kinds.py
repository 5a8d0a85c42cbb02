"""The kinds of operators' results, and of truth tests."""
from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.axis_lengths import is_natural, shifted
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Float,
    Inert,
    Int,
    Kind,
    Known,
    Length,
    List,
    Maybe,
    Number,
    Object,
    Scalar,
    Tuple,
    Unknown,
    is_dict,
    join,
    number_in,
)
from autodiff_src.analyze.known_names import Names, NameSet, combined
from autodiff_src.analyze.product_kinds import matmul_kind
from autodiff_src.analyze.samples import Undecided, as_array, elementwise, literal

BINARY: dict[type, Callable[[Any, Any], Any]] = {
    gast.Add: operator.add, gast.Sub: operator.sub, gast.Mult: operator.mul, gast.Div: operator.truediv,
    gast.FloorDiv: operator.floordiv, gast.Mod: operator.mod, gast.Pow: operator.pow, gast.LShift: operator.lshift,
    gast.RShift: operator.rshift, gast.BitAnd: operator.and_, gast.BitOr: operator.or_, gast.BitXor: operator.xor,
    gast.MatMult: operator.matmul}
UNARY: dict[type, Callable[[Any], Any]] = {
    gast.UAdd: operator.pos, gast.USub: operator.neg, gast.Invert: operator.invert, gast.Not: operator.not_}
COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    gast.Eq: operator.eq, gast.NotEq: operator.ne, gast.Lt: operator.lt, gast.LtE: operator.le, gast.Gt: operator.gt,
    gast.GtE: operator.ge}
PYTHON = (Bool, Int, Float)
_OF_SETS = (gast.BitOr, gast.BitAnd, gast.BitXor, gast.Sub)
SMALL = 2 ** 31
BOOL = np.dtype(bool)


def binary_kind(op: type[gast.operator], a: Kind, b: Kind) -> Kind:
    """The kind of `a op b`."""
    function, a, b = BINARY[op], number_in(a), number_in(b)
    try:
        if isinstance(a, PYTHON) and isinstance(b, PYTHON):
            return _python_arithmetic(op, a, b)
        if isinstance(a, (Array, Scalar)) or isinstance(b, (Array, Scalar)):
            if op is gast.Pow and (as_array(a).dtype is None or as_array(a).dtype == BOOL):
                raise Undecided  # NumPy squares bools to int8, other powers of them are wider
            result = matmul_kind(a, b) if op is gast.MatMult else elementwise(function, a, b)
            numbers = isinstance(a, (*PYTHON, Number)) and isinstance(b, (*PYTHON, Number))
            return Number(result.dtype) if numbers and isinstance(result, Scalar) else result
        return _container_arithmetic(op, a, b)
    except Undecided:
        return UNKNOWN


def updated_kind(op: type[gast.operator], a: Kind, b: Kind) -> Kind:
    """The kind of `a` behind `a op= b`, an update in place or a number anew."""
    if isinstance(a, Maybe):
        return binary_kind(op, a, b)
    return join(binary_kind(op, a, b), UNKNOWN) if isinstance(a, Unknown) and not isinstance(b, Unknown) else a


def _python_arithmetic(op: type[gast.operator], a: Kind, b: Kind) -> Kind:
    if op is gast.Div:
        return Float()
    if op is gast.Pow and not _power_stays(a, b):
        if isinstance(a, Float) or isinstance(b, Float):
            raise Undecided
        return Number(np.dtype(float))
    if isinstance(a, Float) or isinstance(b, Float):
        return Float()
    if isinstance(a, Bool) and isinstance(b, Bool) and op in (gast.BitAnd, gast.BitOr, gast.BitXor):
        return Bool()
    x, y = (kind.value if isinstance(kind, Int) else None for kind in (a, b))  # type: ignore[union-attr]
    if isinstance(x, int) and isinstance(y, int):
        return _folded(op, x, y)
    if op is gast.Add and isinstance(x, int):
        x, y = y, x
    if op in (gast.Add, gast.Sub) and isinstance(x, Length) and isinstance(y, int):
        return Int(shifted(x, y if op is gast.Add else -y))
    if op is gast.Sub and isinstance(x, Length) and isinstance(y, Length) and x.source == y.source:
        return Int(x.offset - y.offset)
    return Int(x) if op is gast.Mult and y == 1 else Int(y) if op is gast.Mult and x == 1 else Int()


def may_be_complex(a: Kind, b: Kind) -> bool:
    """Is `a ** b` a power of Python numbers that is complex for some values?"""
    return isinstance(a, PYTHON) and isinstance(b, PYTHON) and (isinstance(a, Float) or isinstance(b, Float)) and (
        not _power_stays(a, b))


def _power_stays(a: Kind, b: Kind) -> bool:
    """Whether a power is certainly of its operands' kind: a negative float to a fraction is complex, an int to a
    negative int is a float."""
    base, exponent = (getattr(kind, "value", None) for kind in (a, b))
    if isinstance(a, Float) or isinstance(b, Float):
        whole = not isinstance(b, Float) or isinstance(exponent, float) and exponent.is_integer()
        return whole or isinstance(base, (int, float)) and base >= 0
    return isinstance(b, Bool) or isinstance(exponent, int) and exponent >= 0 or is_natural(exponent)


def _folded(op: type[gast.operator], x: int, y: int) -> Kind:
    if max(abs(x), abs(y)) >= SMALL or op in (gast.Pow, gast.LShift) and y > 64:
        return Int()
    try:
        value = BINARY[op](x, y)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise Undecided from error
    return Int(value if abs(value) < SMALL else None)


def _container_arithmetic(op: type[gast.operator], a: Kind, b: Kind) -> Kind:
    names = combined(BINARY[op], a, b)
    if names is not None:
        return names
    if op in _OF_SETS and all(isinstance(k, Inert) and k.type == "set" for k in (a, b)):
        return Inert("set")
    if _is_string(a) and (op is gast.Mod or op is gast.Add and _is_string(b)):
        return Known(a.value + b.value) if op is gast.Add and _known(a, b) else Inert("str")  # type: ignore
    if op is gast.Mult and isinstance(b, (List, Tuple)):
        a, b = b, a
    if op is gast.Mult and isinstance(a, List) and isinstance(b, Int):
        times = max(b.value, 0) if isinstance(b.value, int) else None
        return List(a.item, None if times is None or a.length is None else a.length * times)
    if op is gast.Mult and isinstance(a, Tuple) and a.items is not None and isinstance(b, Int):
        return Tuple(a.items * literal(b))
    if op is gast.Add and isinstance(a, Tuple) and isinstance(b, Tuple):
        return Tuple() if a.items is None or b.items is None else Tuple(a.items + b.items)
    if op is gast.Add and isinstance(a, List) and isinstance(b, List):
        length = None if a.length is None or b.length is None else a.length + b.length
        item = b.item if a.length == 0 else a.item if b.length == 0 else join(a.item, b.item)
        return List(item, length)
    raise Undecided


def _is_string(kind: Kind) -> bool:
    return isinstance(kind, Known) and isinstance(kind.value, str) or kind == Inert("str")


def _known(a: Kind, b: Kind) -> bool:
    return isinstance(a, Known) and isinstance(b, Known)


def unary_kind(op: type[gast.unaryop], a: Kind) -> Kind:
    """The kind of `op a`."""
    if op is gast.Not:
        true = truth(a)
        return Bool() if true is None else Bool(not true)
    a = number_in(a)
    try:
        if isinstance(a, Float):
            return a if op is gast.UAdd else Float(-a.value if a.value else None)  # Float(0.0) == Float(-0.0)
        if isinstance(a, (Int, Bool)):
            value = a.value
            if isinstance(value, Length):
                return a if op is gast.UAdd else Int()
            return Int(None if value is None or isinstance(a, Bool) else UNARY[op](value))
        result = elementwise(UNARY[op], as_operand(a))
        return Number(result.dtype) if isinstance(a, Number) and isinstance(result, Scalar) else result
    except (Undecided, TypeError):
        return UNKNOWN


def as_operand(kind: Kind) -> Kind:
    """`kind` if it is an array or a NumPy scalar; raises Undecided for what operators do not take as one."""
    if isinstance(kind, (Array, Scalar)):
        return kind
    raise Undecided


def truth(kind: Kind) -> bool | None:
    """What `bool(...)` of a value gives, where its kind tells."""
    if isinstance(kind, Known):
        return bool(kind.value) if kind.value is None or isinstance(kind.value, (str, bytes)) else True
    if isinstance(kind, (Bool, Int, Float)) and not isinstance(kind.value, Length):
        return None if kind.value is None else bool(kind.value)
    if isinstance(kind, Object):
        return None
    if isinstance(kind, (Tuple, Dict)) and kind.items is not None:
        return bool(kind.items)
    if isinstance(kind, List) and kind.length is not None:
        return kind.length > 0
    return None


def compare_kind(op: type[gast.cmpop], a: Kind, b: Kind) -> Kind:
    """The kind of `a op b`, a `Bool` with its value where that is certain."""
    if op in (gast.Is, gast.IsNot):
        value = _is_same_object(a, b)
        return Bool(value if value is None or op is gast.Is else not value)
    if op in (gast.In, gast.NotIn):
        return Bool(_contained(a, b, op is gast.In))
    a, b = number_in(a), number_in(b)
    try:
        if isinstance(a, (Array, Scalar)) or isinstance(b, (Array, Scalar)):
            result = elementwise(COMPARE[op], a, b)
            return Array(BOOL, result.shape) if isinstance(result, Array) else result
        return Bool(_compared(op, a, b))
    except Undecided:
        return UNKNOWN


def _is_same_object(a: Kind, b: Kind) -> bool | None:
    if isinstance(a, Known) and isinstance(b, Known):
        if isinstance(a.value, (str, bytes)) and a == b:
            return None
        return a.value is b.value
    if isinstance(a, Bool) and isinstance(b, Bool):
        return None if a.value is None or b.value is None else a.value == b.value
    for one, other in ((a, b), (b, a)):
        if one == Known(None) and not isinstance(other, (Unknown, Inert)):
            return False
        if isinstance(one, Bool) and isinstance(other, (Array, Scalar, List, Tuple, *PYTHON)):
            return False
    return None


def _contained(a: Kind, b: Kind, wanted: bool) -> bool | None:
    try:
        if is_dict(b) and b.items is not None:
            return (literal(a) in dict(b.items)) is wanted
        if isinstance(b, (Names, NameSet)):
            return (literal(a) in b.names) is wanted
        item, container = literal(a), literal(b)
    except Undecided:
        return None
    if not isinstance(container, (tuple, str)) or isinstance(container, str) and not isinstance(item, str):
        return None
    return (item in container) is wanted


def _compared(op: type[gast.cmpop], a: Kind, b: Kind) -> bool | None:
    """The value of a comparison that gives a bool, None if not known; raises Undecided where it may be an array."""
    if isinstance(a, Int) and isinstance(b, Int):
        return _ints_compared(op, a.value, b.value)
    if isinstance(a, PYTHON) and isinstance(b, PYTHON):
        return None if a.value is None or b.value is None or isinstance(a.value, Length) or isinstance(
            b.value, Length) else COMPARE[op](a.value, b.value)
    try:
        x, y = literal(a), literal(b)
        return bool(COMPARE[op](x, y))
    except (Undecided, TypeError):
        pass
    if {type(a), type(b)} <= {Bool, Int, Float, Tuple, List, Dict, Known}:
        return None
    raise Undecided


def _ints_compared(op: type[gast.cmpop], x: int | Length | None, y: int | Length | None) -> bool | None:
    if isinstance(x, Length) and isinstance(y, Length) and x.source == y.source:
        return COMPARE[op](x.offset, y.offset)
    if x is None or y is None or isinstance(x, Length) and isinstance(y, Length):
        return None
    if isinstance(x, int) and isinstance(y, int):
        return COMPARE[op](x, y)
    number, symbol = (x, y) if isinstance(x, int) else (y, x)
    if is_natural(symbol) and number < symbol.offset:  # type: ignore
        return COMPARE[op](0, 1) if isinstance(x, int) else COMPARE[op](1, 0)
    if number == 1 and symbol.many and op in (gast.Eq, gast.NotEq):  # type: ignore
        return op is gast.NotEq
    return None
