"""The kinds of what the runtime's operations on adjoints give."""
from __future__ import annotations

from functools import reduce
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.creation_kinds import KindFunction
from autodiff_src.analyze.kinds import (
    Array,
    Float,
    Inert,
    Int,
    Kind,
    Known,
    List,
    Number,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
    is_dict,
    join,
)
from autodiff_src.analyze.operator_kinds import binary_kind
from autodiff_src.analyze.samples import Undecided, as_array, is_none
from autodiff_src.runtime import adjoints, markers, padding, results, solutions, values
from autodiff_src.runtime.strong_zeros import strong_zero


def unbroadcast_kind(e: Kind, x: Kind) -> Kind:
    """A number or an array gives its own kind; the parts of a sequence may be None."""
    if isinstance(x, Float):
        return Float()
    if isinstance(x, Scalar) and x.dtype.kind in "fc" or isinstance(x, Array) and x.dtype is not None and (
            x.dtype.kind in "fc"):
        return x
    raise Undecided


def zeros_like_kind(x: Kind) -> Kind:
    if isinstance(x, (Unknown, Array)) and getattr(x, "dtype", None) is None:
        raise Undecided
    if isinstance(x, Tuple) and x.items:
        return List(reduce(join, map(zeros_like_kind, x.items)), len(x.items))
    if isinstance(x, List):
        return List(zeros_like_kind(x.item), x.length)
    return unbroadcast_kind(x, x) if carries_derivative(x) else Known(None)


def add_kind(a: Kind, b: Kind) -> Kind:
    if is_none(a) or is_none(b):
        return b if is_none(a) else a
    if isinstance(a, (Float, Scalar, Array)) and isinstance(b, (Float, Scalar, Array)):
        return binary_kind(gast.Add, a, b)
    if isinstance(a, List) and isinstance(b, List):
        return List(add_kind(a.item, b.item))
    if is_dict(a) and a.items is None and a == b:
        return a
    raise Undecided


def accumulated_kind(d_x: Kind, e: Kind, x: Kind) -> Kind:
    return add_kind(d_x, unbroadcast_kind(e, x))


def to_each_kind(e: Kind, items: Kind) -> Kind:
    if isinstance(items, List) and items.length != 0:
        return List(unbroadcast_kind(e, items.item), items.length, items.filled)
    if isinstance(items, Array):
        return unbroadcast_kind(e, items)
    raise Undecided


def places_along_kind(indices: Kind, x: Kind, axis: Kind) -> Kind:
    ndim = as_array(x).ndim
    if not ndim or is_none(axis):
        raise Undecided
    return Tuple((Array(np.dtype(np.intp), (None,) * ndim),) * ndim)


def aligned_kind(weights: Kind, a: Kind, axis: Kind) -> Kind:
    whole, own = as_array(a), as_array(weights)
    return Array(own.dtype, None if whole.ndim is None or own.ndim == 0 else (None,) * whole.ndim)


ADJOINT_KINDS: dict[Any, KindFunction] = {
    padding.unpadded: lambda e, x, pad_width, mode: Array(as_array(e).dtype, as_array(x).shape),
    adjoints.unbroadcast: unbroadcast_kind, adjoints.zeros_like: zeros_like_kind, adjoints.add: add_kind,
    adjoints.accumulated: accumulated_kind, adjoints.to_each: to_each_kind,
    adjoints.places_along: places_along_kind, adjoints.aligned: aligned_kind,
    values.kept: lambda x, *names: x, adjoints.largest: lambda items: Int(), adjoints.smallest: lambda items: Int(),
    strong_zero: lambda product, factor: product,
    results.gradient_like: lambda adjoint, x: unbroadcast_kind(x, x),
    adjoints.position: lambda index, length: Int(), adjoints.of_real: lambda e, *operands: e,
    solutions.vector: lambda x: Array(np.dtype(float), (None,)), solutions.number: lambda x: Number(np.dtype(float)),
    solutions.curves: lambda y: Array(np.dtype(float), (None, None)),
    adjoints.inverse_order: lambda axes: Inert("tuple"), adjoints.rolled_order: lambda a, axis, start: Inert("tuple"),
    markers.map_gradient: lambda x, fn: x, markers.check_numerics: lambda x, message=None: x}
