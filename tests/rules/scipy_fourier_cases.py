"""Cases for `scipy.fft`, where it is installed: COMPLEX for what may give complex numbers."""
from __future__ import annotations

import importlib.util

import numpy as np
from array_cases import CUBE
from checks import Case, case
from elementwise_cases import MATRIX, ROW

CASES: list[Case] = []
COMPLEX: list[Case] = []
OF_REAL: list[object] = []

if importlib.util.find_spec("scipy") is not None:
    from scipy import fft

    from autodiff_src.runtime import cosine_transforms

    OF_REAL += [fft.rfft, fft.rfft2, fft.rfftn, fft.ihfft]
    for primitive in (fft.fft, fft.ifft, fft.rfft, fft.irfft, fft.hfft, fft.ihfft):
        COMPLEX += case(primitive, [CUBE], axis=[0, -1], norm=[None, "ortho", "forward"], single=False)
        COMPLEX += case(primitive, [MATRIX], n=[3, 7], axis=[1], workers=[1], single=False)
    for primitive in (fft.fftn, fft.ifftn, fft.rfftn, fft.irfftn, fft.fft2, fft.ifft2, fft.rfft2, fft.irfft2):
        COMPLEX += case(primitive, [CUBE], axes=[(0, 2), (2, 1)], norm=[None, "ortho"], single=False)
    for primitive in (fft.fftshift, fft.ifftshift):
        COMPLEX += case(primitive, [CUBE], axes=[None, 0, (1, 2)]) + case(primitive, [ROW[:3]])
    for primitive in (fft.dct, fft.idct, fft.dst, fft.idst):
        CASES += case(primitive, [CUBE], type=[1, 2, 3, 4], axis=[0, -1], norm=[None, "backward", "ortho", "forward"])
        CASES += case(primitive, [MATRIX], n=[3, 7], axis=[1]) + case(primitive, [ROW], type=[1, 2], n=[5])
        CASES += case(primitive, [ROW, 3]) + case(primitive, [np.stack([ROW, ROW])[:, ::2]])
    for sine in (False, True):
        CASES += case(cosine_transforms.transposed, [MATRIX, sine], type=[1, 2, 3, 4], axis=[0, 1],
                      norm=[None, "ortho", "forward"])
