"""The kinds of new arrays: zeros, arange, array, asarray and their relatives."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import Axis, Shape, as_axis, shifted
from autodiff_src.analyze.kinds import (
    NONE,
    Array,
    Bool,
    Inert,
    Int,
    Kind,
    Known,
    Length,
    List,
    Number,
    Scalar,
    Tuple,
    is_integer,
)
from autodiff_src.analyze.samples import Undecided, as_array, dtypes_known, is_none, literal, on_ones
from autodiff_src.errors import UnsupportedError

KindFunction = Callable[..., Kind]
ZERO, ONE, LAST, FALSE = Int(0), Int(1), Int(-1), Bool(False)
FIFTY = Int(50)


def shape_from(kind: Kind) -> Shape | None:
    """The shape that an argument `shape` stands for; None where not even the rank is known."""
    if is_integer(kind):
        return (as_axis(kind),)
    if isinstance(kind, Tuple) and kind.items is not None:
        return tuple(map(as_axis, kind.items))
    return (None,) * kind.length if isinstance(kind, List) and kind.length is not None else None


def dtype_from(kind: Kind, default: np.dtype | None) -> np.dtype | None:
    dtype = default if is_none(kind) else np.dtype(literal(kind)) if isinstance(kind, Known) else None
    of_records = isinstance(kind, (List, Tuple)) or dtype is not None and dtype.kind == "V"
    if of_records or dtype is not None and dtype.kind == "O":
        held = "records" if of_records else "Python objects"
        raise UnsupportedError(f"an array of {held} is not differentiated", fix="make one of numbers")
    return dtype


def zeros_kind(shape: Kind, dtype: Kind = NONE, order: Any = "C") -> Kind:
    return Array(dtype_from(dtype, np.dtype(float)), shape_from(shape))


def full_kind(shape: Kind, fill_value: Kind, dtype: Kind = NONE, order: Any = "C") -> Kind:
    return Array(dtype_from(dtype, as_array(fill_value).dtype), shape_from(shape))


def zeros_like_kind(a: Kind, dtype: Kind = NONE, order: Any = "K", subok: Any = True, shape: Kind = NONE) -> Kind:
    array = as_array(a)
    return Array(dtype_from(dtype, array.dtype), array.shape if is_none(shape) else shape_from(shape))


def full_like_kind(a: Kind, fill_value: Kind, dtype: Kind = NONE, order: Any = "K", subok: Any = True,
                   shape: Kind = NONE) -> Kind:
    return zeros_like_kind(a, dtype, order, subok, shape)


def eye_kind(N: Kind, M: Kind = NONE, k: Any = 0, dtype: Kind = NONE, order: Any = "C") -> Kind:
    return Array(dtype_from(dtype, np.dtype(float)), (as_axis(N), as_axis(N if is_none(M) else M)))


def array_kind(object: Kind, dtype: Kind = NONE, *, copy: Any = True, order: Any = "K", subok: Any = False,
               ndmin: Kind = ZERO) -> Kind:
    try:
        array = as_array(object)
    except Undecided:
        return Array(dtype_from(dtype, None))  # of objects, of whatever is in them
    if isinstance(object, Number):  # an int on some paths
        array = Array(None, ())
    least = literal(ndmin)
    missing = 0 if array.shape is None else least - len(array.shape)
    return Array(dtype_from(dtype, array.dtype), array.shape and (1,) * missing + array.shape)


def asarray_kind(a: Kind, dtype: Kind = NONE, order: Any = None, *, copy: Any = None) -> Kind:
    return array_kind(a, dtype)


def asanyarray_kind(a: Kind, dtype: Kind = NONE, order: Any = None) -> Kind:
    return Array(dtype_from(dtype, as_array(a).dtype), as_array(a).shape)  # of what is not known, perhaps a subclass


def copy_kind(a: Kind, order: Any = "K", subok: Any = False) -> Kind:
    return array_kind(a)


def atleast_1d_kind(*arys: Kind) -> Kind:
    return _atleast(lambda shape: shape or (1,), arys)


def atleast_2d_kind(*arys: Kind) -> Kind:
    return _atleast(lambda shape: (1,) * (2 - len(shape)) + shape, arys)


def _atleast(extend: Callable[[Shape], Shape], arys: tuple[Kind, ...]) -> Kind:
    arrays = list(map(as_array, arys))
    kinds = tuple(Array(a.dtype, None if a.shape is None else extend(a.shape)) for a in arrays)
    return kinds[0] if len(kinds) == 1 else Tuple(kinds)


def ascontiguousarray_kind(a: Kind, dtype: Kind = NONE) -> Kind:
    return atleast_1d_kind(array_kind(a, dtype))


def arange_kind(start_or_stop: Kind, stop: Kind = NONE, step: Kind = ONE, *, dtype: Kind = NONE) -> Kind:
    start, end = (Int(0), start_or_stop) if is_none(stop) else (start_or_stop, stop)
    step = Int(1) if is_none(step) else step
    bounds = (start, end, step)
    natural = on_ones(np.arange, *bounds).dtype if dtypes_known(bounds) else None
    return Array(dtype_from(dtype, natural), (_range_length(start, end, step),))


def _range_length(start: Kind, end: Kind, step: Kind) -> Axis:
    bounds = [kind.value if isinstance(kind, Int) else None for kind in (start, end, step)]
    if all(isinstance(bound, int) for bound in bounds):
        return len(range(*bounds))  # type: ignore[arg-type]
    first, last, by = bounds
    if by != 1 or not isinstance(last, Length):
        return None
    if isinstance(first, Length) and first.source == last.source:
        return max(last.offset - first.offset, 0)
    if isinstance(first, int):
        length = shifted(last, -first)
        return length if length == last else Length(last.source, last.offset - first)
    return None


def linspace_kind(start: Kind, stop: Kind, num: Kind = FIFTY, endpoint: Any = True, retstep: Kind = FALSE,
                  dtype: Kind = NONE, axis: Any = 0) -> Kind:
    ends = [as_array(start), as_array(stop)]
    if literal(retstep) or any(end.shape != () for end in ends):
        raise Undecided
    natural = on_ones(np.linspace, start, stop).dtype if dtypes_known((start, stop)) else None
    return Array(dtype_from(dtype, natural), (as_axis(num),))


def scalar_kind(dtype: type) -> KindFunction:
    """The kind function of a NumPy scalar type's constructor, such as `np.float32`."""
    def kind(x: Kind = ZERO) -> Kind:
        array = as_array(x)
        if array.shape is None or array.shape and not any(n != 1 and n is not None and not (
                isinstance(n, Length) and not n.many) for n in array.shape):
            raise Undecided  # older releases of NumPy make a scalar of an array of size 1
        return Array(np.dtype(dtype), array.shape) if array.shape else Scalar(np.dtype(dtype))
    return kind


SCALAR_TYPES = (np.float16, np.float32, np.float64, np.longdouble, np.complex64, np.complex128, np.int8, np.int16,
                np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.bool_)
CREATION_KINDS: dict[Any, KindFunction] = {
    np.zeros: zeros_kind, np.ones: zeros_kind, np.empty: zeros_kind, np.full: full_kind, np.eye: eye_kind,
    np.identity: lambda n, dtype=None: eye_kind(n, dtype=dtype), np.zeros_like: zeros_like_kind,
    np.ones_like: zeros_like_kind, np.empty_like: zeros_like_kind, np.full_like: full_like_kind, np.array: array_kind,
    np.asarray: asarray_kind, np.asanyarray: asanyarray_kind, np.copy: copy_kind, np.atleast_1d: atleast_1d_kind,
    np.atleast_2d: atleast_2d_kind, np.ascontiguousarray: ascontiguousarray_kind,
    np.asfortranarray: ascontiguousarray_kind, np.arange: arange_kind, np.linspace: linspace_kind,
    np.random.default_rng: lambda *seed: Inert("Generator"), np.random.RandomState: lambda *seed: Inert("RandomState"),
    **{cls: scalar_kind(cls) for cls in SCALAR_TYPES}}
