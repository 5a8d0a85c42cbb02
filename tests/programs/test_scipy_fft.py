"""`scipy.fft` as programs use it: in both modes and orders, with its options; what is refused."""
from __future__ import annotations

import numpy as np
import pytest

import autodiff_src as ad

fft = pytest.importorskip("scipy.fft", reason="these functions are of SciPy")

X = np.sin(1.0 + 1.7 * np.arange(6))
DIRECTION = np.cos(np.arange(6.0))


def filtered(x):
    spectrum = fft.rfft(x, workers=1)
    spectrum = spectrum * np.exp(-fft.rfftfreq(len(x)) ** 2)
    return np.sum(fft.irfft(spectrum, len(x)) ** 3)


def convolved(x):
    n = fft.next_fast_len(2 * len(x) - 1)
    return np.sum(fft.ifft(fft.fft(x, n) * fft.fft(x[::-1], n)).real ** 2)


def power(x):
    return np.sum(np.log(1.0 + np.abs(fft.fftshift(fft.fft2(np.outer(x, x)))) ** 2))


def compressed(x):
    coefficients = fft.dct(x, norm="ortho")
    kept = np.where(np.arange(len(x)) < 4, coefficients, 0.0)
    return np.sum((fft.idct(kept, norm="ortho") - x) ** 2)


def vibrating(x):
    modes = fft.dst(x, type=1)
    return np.sum(fft.idst(modes / (1.0 + np.arange(len(x))), type=1) ** 3)


@pytest.mark.parametrize("f", [filtered, convolved, power, compressed, vibrating, lambda x: np.sum(fft.hfft(x) ** 3),
                               lambda x: np.sum(np.abs(fft.ihfft(x)) ** 4), lambda x: np.sum(fft.dct([x[0], x[1]]) ** 3)])
def test_both_modes_and_orders(f):
    def differences(g, h=1e-3):
        return sum(w * (g(X + k * h * DIRECTION) - g(X - k * h * DIRECTION)) for k, w in ((1, 8 / 12), (2, -1 / 12))) / h

    slope, gradient = differences(f), ad.grad(f)
    assert gradient(X) @ DIRECTION == pytest.approx(slope, rel=1e-7)
    assert ad.jvp(f, (X,), (DIRECTION,))[1] == pytest.approx(slope, rel=1e-7)
    np.testing.assert_allclose(ad.hvp(f)(X, DIRECTION), differences(gradient), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("f, reason", [
    (lambda x: np.sum(fft.dctn(np.outer(x, x))), "dctn has no derivative rule"),
    (lambda x: np.sum(fft.dct(x, orthogonalize=True)), "unexpected keyword argument 'orthogonalize'"),
    (lambda x: np.sum(fft.dct(x * 1j).imag), "dct of complex numbers is not differentiated"),
    (lambda x: np.sum(fft.dct(x * x, overwrite_x=True)), "dct with overwrite_x writes over what it is given")])
def test_what_is_refused(f, reason):
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.grad(f)(X)
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.jvp(f, (X,), (X,))
