"""The registry of kind functions of NumPy: each has the parameters of the function it stands for."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import as_int, broadcast_shapes, product
from autodiff_src.analyze.creation_kinds import CREATION_KINDS, FALSE, LAST, NONE, ONE, ZERO, KindFunction
from autodiff_src.analyze.fourier_kinds import FOURIER_KINDS
from autodiff_src.analyze.kinds import Array, Bool, Float, Int, Kind, Known, List, Scalar, Tuple
from autodiff_src.analyze.layout_kinds import LAYOUT_KINDS, axes_from, reduced
from autodiff_src.analyze.linalg_kinds import LINALG_KINDS
from autodiff_src.analyze.product_kinds import (
    dot_kind,
    einsum_kind,
    kron_kind,
    matmul_kind,
    outer_kind,
    shape_of,
    tensordot_kind,
)
from autodiff_src.analyze.samples import Undecided, as_array, elementwise, is_none, literal, shaped_result
from autodiff_src.analyze.ufunc_kinds import ufunc_kinds

REDUCTIONS = (
    np.sum, np.prod, np.mean, np.std, np.var, np.max, np.min, np.amax, np.amin, np.any, np.all, np.nansum, np.nanprod,
    np.nanmean, np.nanstd, np.nanvar, np.nanmax, np.nanmin, np.median, np.nanmedian, np.ptp, np.argmax, np.argmin,
    np.nanargmax, np.nanargmin, np.count_nonzero)
ELEMENTWISE = (
    np.nan_to_num, np.sinc, np.real, np.imag, np.fix, np.isposinf, np.isneginf, np.round, np.around, np.i0, np.isreal,
    np.angle)
CUMULATIVE = (np.cumsum, np.cumprod, np.nancumsum, np.nancumprod, np.sort, np.argsort)


def reduction(function: Callable[..., Any]) -> KindFunction:
    """The kind function of a reduction along an axis, several or all, with the function's own parameters."""
    names = list(inspect.signature(function).parameters)

    def kind(a: Kind, *args: Kind, **kwargs: Kind) -> Kind:
        options = dict(zip(names[1:], args)) | kwargs
        if set(options) - {"axis", "keepdims", "dtype", "ddof", "correction", "initial", "where"}:
            raise Undecided
        options = {name: option for name, option in options.items() if name not in ("initial", "where")}
        values = {name: literal(option) for name, option in options.items()}
        shape = reduced(shape_of(a), options.get("axis", NONE), bool(values.get("keepdims")))
        return shaped_result(function, (a,), shape, **values)
    return kind


def cumulative(function: Callable[..., Any], sorts: bool) -> KindFunction:
    """The kind function of a function along an axis that it keeps; `sorts`: without an axis along the last, not all."""
    def kind(a: Kind, axis: Kind = NONE, dtype: Kind = NONE) -> Kind:
        shape = shape_of(a)
        options = {} if is_none(dtype) else {"dtype": literal(dtype)}
        kept = (product(shape),) if is_none(axis) else shape or (1,)
        return shaped_result(function, (a,), kept, axis=literal(axis), **options)

    def sorting_kind(a: Kind, axis: Kind = LAST, way: Any = None, **others: Any) -> Kind:
        return kind(a, axis)

    return sorting_kind if sorts else kind


def clip_kind(a: Kind, a_min: Kind = NONE, a_max: Kind = NONE, *, min: Kind = NONE, max: Kind = NONE) -> Kind:
    return elementwise(np.clip, a, _given(a_min, min), _given(a_max, max))


def _given(first: Kind, second: Kind) -> Kind:
    return second if is_none(first) else first


def trace_kind(a: Kind, offset: Any = 0, axis1: Kind = ZERO, axis2: Kind = ONE) -> Kind:
    shape = shape_of(a)
    gone = axes_from(axis1, len(shape)) + axes_from(axis2, len(shape))
    rest = tuple(n for i, n in enumerate(shape) if i not in gone)
    return shaped_result(np.trace, (a,), rest)


def shape_kind(a: Kind) -> Kind:
    shape = as_array(a).shape
    return Tuple(None if shape is None else tuple(map(as_int, shape)))


def size_kind(a: Kind, axis: Kind = NONE) -> Kind:
    shape = shape_of(a)
    return as_int(product(shape) if is_none(axis) else shape[literal(axis)])


def isclose_kind(a: Kind, b: Kind, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: Any = False) -> Kind:
    return elementwise(np.isclose, a, b)


def trapezoid_kind(y: Kind, x: Kind = NONE, dx: Kind = ONE, axis: Kind = LAST) -> Kind:
    if is_none(axis) or not is_none(x) and len(shape_of(x)) > len(shape_of(y)) or not isinstance(dx, (Float, Int)):
        raise Undecided
    return shaped_result(np.trapezoid, (y, x), reduced(shape_of(y), axis, False), axis=literal(axis))


def average_kind(a: Kind, axis: Kind = NONE, weights: Kind = NONE, returned: Kind = FALSE, *, keepdims: Kind = FALSE) -> Kind:
    kept = bool(literal(keepdims))
    shape = reduced(shape_of(a), axis, kept)
    part = shaped_result(_averaged, (a, weights), shape, axis=literal(axis), keepdims=kept)
    return Tuple((part, part)) if literal(returned) else part


def _averaged(a: Any, weights: Any, axis: Any, keepdims: bool) -> Any:
    of_all = None if weights is None else np.ones(np.shape(a), np.asarray(weights).dtype)
    return np.average(a, axis, of_all, keepdims=keepdims)  # type: ignore[call-overload]


def interp_kind(x: Kind, xp: Kind, fp: Kind, left: Any = None, right: Any = None, period: Any = None) -> Kind:
    return shaped_result(np.interp, (x, xp, fp), shape_of(x))


def select_kind(condlist: Kind, choicelist: Kind, default: Kind = ZERO) -> Kind:
    parts = [*_items(condlist), *_items(choicelist), default]
    shapes = [shape_of(part) for part in parts]
    return shaped_result(np.select, (condlist, choicelist, default), broadcast_shapes(shapes))


def _items(kind: Kind) -> list[Kind]:
    """The kinds of the items of a sequence; raises Undecided."""
    if isinstance(kind, List) and kind.length != 0:
        return [kind.item]
    if not isinstance(kind, Tuple) or not kind.items:
        raise Undecided
    return list(kind.items)


def nonzero_kind(a: Kind) -> Kind:
    return Tuple((Array(np.dtype(np.intp), (None,)),) * len(shape_of(a)))


def searchsorted_kind(a: Kind, v: Kind, side: Any = "left", sorter: Any = None) -> Kind:
    shape = shape_of(v)
    return Array(np.dtype(np.intp), shape) if shape else Scalar(np.dtype(np.intp))


def axis_index_kind(axis: Kind, ndim: Kind, msg_prefix: Kind = NONE) -> Kind:
    known = all(isinstance(k, Int) and isinstance(k.value, int) for k in (axis, ndim))
    return Int(literal(axis) % literal(ndim)) if known and literal(ndim) else Int()


def finfo_kind(dtype: Kind) -> Kind:
    return Known(np.finfo(literal(dtype)))


def elementwise_first(function: Callable[..., Any]) -> KindFunction:
    """The kind function of an elementwise function of one operand and options that do not matter."""
    def kind(x: Kind, *options: Kind, **named: Kind) -> Kind:
        if "out" in named or len(options) > 1:
            raise Undecided
        return elementwise(function, x)
    return kind


NUMPY_KINDS: dict[Any, KindFunction] = {
    **CREATION_KINDS, **LAYOUT_KINDS, **LINALG_KINDS, **FOURIER_KINDS,
    **ufunc_kinds(reduced),
    **{function: reduction(function) for function in REDUCTIONS},
    **{function: elementwise_first(function) for function in ELEMENTWISE},
    **{function: cumulative(function, function in (np.sort, np.argsort)) for function in CUMULATIVE},
    np.clip: clip_kind, np.isclose: isclose_kind, np.interp: interp_kind, np.select: select_kind, np.trace: trace_kind,
    np.trapezoid: trapezoid_kind, np.average: average_kind, np.matmul: matmul_kind, np.dot: partial(dot_kind, np.dot),
    np.inner: partial(dot_kind, np.inner), np.vdot: lambda a, b: shaped_result(np.vdot, (a, b), ()),
    np.outer: outer_kind, np.tensordot: tensordot_kind, np.kron: kron_kind, np.einsum: einsum_kind,
    np.shape: shape_kind, np.size: size_kind,
    np.ndim: lambda a: Int(len(shape_of(a))), np.nonzero: nonzero_kind, np.searchsorted: searchsorted_kind,
    np.lib.array_utils.normalize_axis_index: axis_index_kind, np.finfo: finfo_kind, np.isscalar: lambda element: Bool(),
    np.allclose: lambda a, b, *args, **kwargs: Bool(), np.array_equal: lambda a, b: Bool()}
