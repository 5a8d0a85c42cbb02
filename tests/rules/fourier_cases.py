"""Cases for `np.fft`."""
from __future__ import annotations

import numpy as np
from array_cases import CUBE
from checks import Case, case
from elementwise_cases import MATRIX, ROW

from autodiff_src.runtime import fourier

fft = np.fft
OF_REAL = (fft.rfft, fft.rfft2, fft.rfftn, fft.ihfft)
CASES: list[Case] = []

for primitive in (fft.fft, fft.ifft, fft.rfft, fft.irfft, fft.hfft, fft.ihfft):
    CASES += case(primitive, [CUBE], axis=[0, 1, -1], norm=[None, "ortho", "forward"], single=False)
    CASES += case(primitive, [MATRIX], n=[2, 3, 6, 7], axis=[1], single=False) + case(primitive, [ROW[::2]], single=False)
for primitive in (fft.fftn, fft.ifftn, fft.rfftn, fft.irfftn, fft.fft2, fft.ifft2, fft.rfft2, fft.irfft2):
    CASES += case(primitive, [CUBE], axes=[(0, 2), (2, 1), (-1,)], norm=[None, "ortho"], single=False)
    CASES += case(primitive, [CUBE], s=[(3, 2), (2, 5), (4, 4)], axes=[(0, 2), (2, 1)], single=False)
    CASES += case(primitive, [CUBE], single=False)
CASES += case(fft.fftn, [CUBE], axes=[None]) + case(fft.rfftn, [MATRIX], single=False)
for primitive in (fft.fftshift, fft.ifftshift):
    CASES += case(primitive, [CUBE], axes=[None, 0, (1, 2)]) + case(primitive, [ROW[:3]])
CASES += case(fourier.fitted, [MATRIX], shape=[(2, 6), (5, 1), (3, 4)])
