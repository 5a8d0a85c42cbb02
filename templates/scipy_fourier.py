"""`scipy.fft`: the transforms of `np.fft` with other options, and cosine and sine transforms."""
from __future__ import annotations

import numpy as np
from scipy import fft

from autodiff_src.rules import d, holds_for_complex, linear, non_differentiable, same_rule
from autodiff_src.runtime import cosine_transforms, fourier

for primitive, of_numpy in (
    (fft.fft, np.fft.fft), (fft.ifft, np.fft.ifft), (fft.rfft, np.fft.rfft), (fft.irfft, np.fft.irfft),
    (fft.hfft, np.fft.hfft), (fft.ihfft, np.fft.ihfft), (fft.fft2, np.fft.fft2), (fft.ifft2, np.fft.ifft2),
    (fft.rfft2, np.fft.rfft2), (fft.irfft2, np.fft.irfft2), (fft.fftn, np.fft.fftn), (fft.ifftn, np.fft.ifftn),
    (fft.rfftn, np.fft.rfftn), (fft.irfftn, np.fft.irfftn),
):
    same_rule(primitive, of_numpy, overwrite_x=False, workers=None, plan=None)
    holds_for_complex(primitive)
for primitive, of_numpy in ((fft.fftshift, np.fft.fftshift), (fft.ifftshift, np.fft.ifftshift)):
    same_rule(primitive, of_numpy)
    holds_for_complex(primitive)


@linear(fft.dct)
def dct(y, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    e = cosine_transforms.transposed(d[y], False, type, axis, norm)
    d[x] += e if n is None else fourier.fitted(e, np.shape(x))


@linear(fft.dst)
def dst(y, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    e = cosine_transforms.transposed(d[y], True, type, axis, norm)
    d[x] += e if n is None else fourier.fitted(e, np.shape(x))


@linear(fft.idct)
def idct(y, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    e = cosine_transforms.transposed(d[y], False, cosine_transforms.inverse_type(type), axis,
                                     cosine_transforms.inverse_norm(norm))
    d[x] += e if n is None else fourier.fitted(e, np.shape(x))


@linear(fft.idst)
def idst(y, x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None):
    e = cosine_transforms.transposed(d[y], True, cosine_transforms.inverse_type(type), axis,
                                     cosine_transforms.inverse_norm(norm))
    d[x] += e if n is None else fourier.fitted(e, np.shape(x))


@linear(cosine_transforms.transposed)
def transposed(y, e, sine, type, axis, norm):
    d[e] += fft.dst(d[y], type, None, axis, norm) if sine else fft.dct(d[y], type, None, axis, norm)


non_differentiable(fft.fftfreq, fft.rfftfreq, fft.next_fast_len, cosine_transforms.inverse_type, cosine_transforms.inverse_norm)
