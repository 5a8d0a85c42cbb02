"""The kinds of what the loops that stand for `np.vectorize` and `np.piecewise` rest on."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import broadcast_shapes
from autodiff_src.analyze.creation_kinds import KindFunction, shape_from
from autodiff_src.analyze.kinds import Array, Bool, Float, Inert, Int, Kind, Known, List, Number, Scalar, Tuple
from autodiff_src.analyze.samples import Undecided, as_array, literal
from autodiff_src.runtime import vectorization

_ITEMS: dict[str, Kind] = {"f": Float(), "i": Int(), "u": Int(), "b": Bool(), "c": Number(np.dtype(complex))}


def common_shape_kind(*arrays: Kind) -> Kind:
    shapes = [as_array(a).shape for a in arrays]
    shape = None if None in shapes else broadcast_shapes(shapes)  # type: ignore[arg-type]
    return Tuple(None if shape is None else tuple(Int(n) for n in shape))


def items_kind(x: Kind, shape: Kind, order: Kind) -> Kind:
    """Of arrays Python's numbers, of others what they hold."""
    if isinstance(x, (Float, Int, Bool, Scalar)):
        return List({Float: Float(), Int: Int(), Bool: Bool()}.get(type(x), x))
    dtype = x.dtype if isinstance(x, Array) else None
    if dtype is None or dtype.kind not in _ITEMS or dtype == np.longdouble:
        raise Undecided
    return List(_ITEMS[dtype.kind])


def dtype_of_kind(result: Kind) -> Kind:
    """That of a number which may be whole on other paths is told when it is there."""
    dtype = None if isinstance(result, Number) else as_array(result).dtype
    return Inert("dtype") if dtype is None else Known(dtype)


def arranged_kind(values: Kind, order: Kind, shape: Kind, dtype: Kind) -> Kind:
    return Array(dtype.value if isinstance(dtype, Known) else None, shape_from(shape))


def elements_at_kind(x: Kind, index: Kind) -> Kind:
    ndim = as_array(x).ndim
    return List(Tuple(None if ndim is None else (Int(),) * ndim))


def lines_kind(shape: Kind) -> Kind:
    return List(Tuple(None if shape_from(shape) is None else (Int(),) * len(shape_from(shape) or ())))


def order_behind_kind(axis: Kind, ndim: Kind, count: Kind) -> Kind:
    try:
        order = vectorization.order_behind(literal(axis), literal(ndim), literal(count))
    except Undecided:
        return Inert("tuple")
    return Tuple(tuple(Int(k) for k in order))


VECTORIZED_KINDS: dict[Any, KindFunction] = {
    vectorization.common_shape: common_shape_kind,
    vectorization.visited: lambda *arrays: List(Int()), vectorization.items: items_kind,
    vectorization.dtype_of: dtype_of_kind, vectorization.arranged: arranged_kind,
    vectorization.arranged_tangent: arranged_kind, vectorization.gathered: lambda d_y, order, dtype: List(Float()),
    vectorization.conditions: lambda x, given, count: List(Array(np.dtype(bool))),
    vectorization.lines: lines_kind, vectorization.elements_at: elements_at_kind,
    vectorization.order_behind: order_behind_kind}
