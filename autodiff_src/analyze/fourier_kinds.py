"""The kinds of what `np.fft` gives."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import Axis, Shape, as_axis
from autodiff_src.analyze.creation_kinds import LAST, NONE, KindFunction
from autodiff_src.analyze.kinds import Array, Int, Kind, Tuple
from autodiff_src.analyze.product_kinds import shape_of
from autodiff_src.analyze.samples import Undecided, elementwise, is_none, literal, on_ones
from autodiff_src.runtime import fourier

LAST_TWO = Tuple((Int(-2), Int(-1)))


def _dtypes(a: Kind) -> tuple[np.dtype, np.dtype]:
    """Of a spectrum of complex numbers, and of what a transform to real numbers gives."""
    spectrum = on_ones(np.fft.fft, Array(_dtype(a), (1,)))
    return spectrum.dtype, spectrum.real.dtype


def _dtype(a: Kind) -> np.dtype:
    dtype = getattr(a, "dtype", None)
    if dtype is None or not isinstance(a, Array):
        raise Undecided
    return dtype


def _with_length(shape: Shape, axis: int, length: Axis) -> Shape:
    axis = range(len(shape))[axis]
    return (*shape[:axis], length, *shape[axis + 1:])


def along_axis(kind_of_length: Callable[[Axis, Kind], Axis], real: bool = False) -> KindFunction:
    """The kind function of a transform along an axis, of which the length changes as told."""
    def kind(a: Kind, n: Kind = NONE, axis: Kind = LAST, norm: Any = None) -> Kind:
        shape, at = shape_of(a), literal(axis)
        length = kind_of_length(shape[at], n)
        return Array(_dtypes(a)[real], _with_length(shape, at, length))
    return kind


def along_axes(last: Callable[[Axis, Kind], Axis], default: Kind, real: bool = False) -> KindFunction:
    """The kind function of a transform along several axes, the last of which changes as told."""
    def kind(a: Kind, s: Kind = NONE, axes: Kind = default, norm: Any = None) -> Kind:
        shape, along = shape_of(a), None if is_none(axes) else literal(axes)
        if not is_none(s):
            return Array(_dtypes(a)[real], (None,) * len(shape))
        at = -1 if along is None else along[-1]
        return Array(_dtypes(a)[real], _with_length(shape, at, last(shape[at], NONE)))
    return kind


def _same(axis: Axis, n: Kind) -> Axis:
    return axis if is_none(n) else as_axis(n)


def _half(axis: Axis, n: Kind) -> Axis:
    length = _same(axis, n)
    return length // 2 + 1 if isinstance(length, int) else None


def _whole(axis: Axis, n: Kind) -> Axis:
    if not is_none(n):
        return as_axis(n)
    return 2 * (axis - 1) if isinstance(axis, int) else None


def _fitted(e: Kind, shape: Kind) -> Kind:
    if not isinstance(e, Array) or not isinstance(shape, Tuple) or shape.items is None:
        raise Undecided
    return Array(e.dtype, tuple(as_axis(item) for item in shape.items))


def _multiplicities(shape: Kind, axis: Kind) -> Kind:
    if not isinstance(shape, Tuple) or shape.items is None:
        raise Undecided
    return Array(np.dtype(float), _with_length((1,) * len(shape.items), literal(axis), None))


def _shifted(x: Kind, axes: Any = None) -> Kind:
    return elementwise(np.copy, x)


fft = np.fft
FOURIER_KINDS: dict[Any, KindFunction] = {
    fft.fft: along_axis(_same), fft.ifft: along_axis(_same), fft.rfft: along_axis(_half),
    fft.irfft: along_axis(_whole, True), fft.hfft: along_axis(_whole, True), fft.ihfft: along_axis(_half),
    fft.fftn: along_axes(_same, NONE), fft.ifftn: along_axes(_same, NONE),
    fft.fft2: along_axes(_same, LAST_TWO), fft.ifft2: along_axes(_same, LAST_TWO), fft.rfftn: along_axes(_half, NONE),
    fft.rfft2: along_axes(_half, LAST_TWO), fft.irfftn: along_axes(_whole, NONE, True),
    fft.irfft2: along_axes(_whole, LAST_TWO, True), fft.fftshift: _shifted, fft.ifftshift: _shifted,
    fft.fftfreq: lambda n, d=1.0: Array(np.dtype(float), (as_axis(n),)),
    fft.rfftfreq: lambda n, d=1.0: Array(np.dtype(float), (None,)),
    fourier.fitted: _fitted, fourier.multiplicities: _multiplicities,
}
