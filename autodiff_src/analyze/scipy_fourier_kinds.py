"""The kinds of what `scipy.fft` gives; imported when one of its functions is first met."""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy import fft

from autodiff_src.analyze.creation_kinds import NONE, KindFunction
from autodiff_src.analyze.fourier_kinds import FOURIER_KINDS
from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.linalg_kinds import like_first
from autodiff_src.analyze.samples import Undecided, as_array, is_none
from autodiff_src.runtime import cosine_transforms

_OF_NUMPY = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft", "fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn",
             "irfftn", "fftshift", "ifftshift", "fftfreq", "rfftfreq")


def of_numpy(function: Any) -> KindFunction:
    """The kind function of a transform that NumPy has, too: of other precisions than double the two differ."""
    def kind(x: Kind, *options: Kind, overwrite_x: Any = None, workers: Any = None, plan: Any = None, **named: Kind) -> Kind:
        if as_array(x).dtype not in (np.dtype(float), np.dtype(complex), np.dtype(int)):
            raise Undecided
        return FOURIER_KINDS[function](x, *options, **named)
    return kind


def transform_kind(x: Kind, type: Any = 2, n: Kind = NONE, *options: Any, **named: Any) -> Kind:
    if not is_none(n):
        raise Undecided
    return like_first(x)


KINDS: dict[Any, KindFunction] = {
    **{getattr(fft, name): of_numpy(getattr(np.fft, name)) for name in _OF_NUMPY},
    **dict.fromkeys((fft.dct, fft.dst, fft.idct, fft.idst), transform_kind),
    cosine_transforms.transposed: lambda e, *options: like_first(e)}
