"""`np.fft`. The matrix of a transform is symmetric: adjoints are transformed by the same one."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import d, holds_for_complex, linear, non_differentiable
from autodiff_src.runtime import fourier


@linear(np.fft.fft)
def fft(y, a, n=None, axis=-1, norm=None):
    e = np.fft.fft(d[y], axis=axis, norm=norm)
    d[a] += e if n is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.ifft)
def ifft(y, a, n=None, axis=-1, norm=None):
    e = np.fft.ifft(d[y], axis=axis, norm=norm)
    d[a] += e if n is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.rfft)
def rfft(y, a, n=None, axis=-1, norm=None):
    whole = np.shape(a) if n is None else fourier.changed(np.shape(a), axis, n)
    e = np.real(np.fft.fft(fourier.fitted(d[y], whole), axis=axis, norm=norm))
    d[a] += e if n is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.irfft)
def irfft(y, a, n=None, axis=-1, norm=None):
    half = fourier.changed(np.shape(y), axis, np.shape(y)[axis] // 2 + 1)
    e = fourier.fitted(np.fft.ifft(d[y], axis=axis, norm=norm), half) * fourier.multiplicities(np.shape(y), axis)
    d[a] += e if n is None else fourier.fitted(e, np.shape(a))


# irfft(conj(a)) and conj(rfft(a)), with what `norm` divides by the other way round.
@linear(np.fft.hfft)
def hfft(y, a, n=None, axis=-1, norm=None):
    half = fourier.changed(np.shape(y), axis, np.shape(y)[axis] // 2 + 1)
    e = fourier.fitted(np.fft.fft(d[y], axis=axis, norm=norm), half) * fourier.multiplicities(np.shape(y), axis)
    d[a] += e if n is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.ihfft)
def ihfft(y, a, n=None, axis=-1, norm=None):
    whole = np.shape(a) if n is None else fourier.changed(np.shape(a), axis, n)
    e = np.real(np.fft.ifft(fourier.fitted(d[y], whole), axis=axis, norm=norm))
    d[a] += e if n is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.fftn)
def fftn(y, a, s=None, axes=None, norm=None):
    e = np.fft.fftn(d[y], axes=axes, norm=norm)
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.ifftn)
def ifftn(y, a, s=None, axes=None, norm=None):
    e = np.fft.ifftn(d[y], axes=axes, norm=norm)
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.fft2)
def fft2(y, a, s=None, axes=(-2, -1), norm=None):
    e = np.fft.fft2(d[y], axes=axes, norm=norm)
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.ifft2)
def ifft2(y, a, s=None, axes=(-2, -1), norm=None):
    e = np.fft.ifft2(d[y], axes=axes, norm=norm)
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.rfftn)
def rfftn(y, a, s=None, axes=None, norm=None):
    axis = fourier.last_axis(axes)
    whole = fourier.changed(np.shape(y), axis, np.shape(a)[axis] if s is None else s[-1])
    e = np.real(np.fft.fftn(fourier.fitted(d[y], whole), axes=axes, norm=norm))
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.rfft2)
def rfft2(y, a, s=None, axes=(-2, -1), norm=None):
    axis = fourier.last_axis(axes)
    whole = fourier.changed(np.shape(y), axis, np.shape(a)[axis] if s is None else s[-1])
    e = np.real(np.fft.fft2(fourier.fitted(d[y], whole), axes=axes, norm=norm))
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.irfftn)
def irfftn(y, a, s=None, axes=None, norm=None):
    axis = fourier.last_axis(axes)
    half = fourier.changed(np.shape(y), axis, np.shape(y)[axis] // 2 + 1)
    e = np.fft.ifftn(d[y], axes=axes, norm=norm)
    e = fourier.fitted(e, half) * fourier.multiplicities(np.shape(y), axis)
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.irfft2)
def irfft2(y, a, s=None, axes=(-2, -1), norm=None):
    axis = fourier.last_axis(axes)
    half = fourier.changed(np.shape(y), axis, np.shape(y)[axis] // 2 + 1)
    e = np.fft.ifft2(d[y], axes=axes, norm=norm)
    e = fourier.fitted(e, half) * fourier.multiplicities(np.shape(y), axis)
    d[a] += e if s is None else fourier.fitted(e, np.shape(a))


@linear(np.fft.fftshift)
def fftshift(y, x, axes=None):
    d[x] += np.fft.ifftshift(d[y], axes)


@linear(np.fft.ifftshift)
def ifftshift(y, x, axes=None):
    d[x] += np.fft.fftshift(d[y], axes)


@linear(fourier.fitted)
def fitted(y, e, shape):
    d[e] += fourier.fitted(d[y], np.shape(e))


holds_for_complex(
    np.fft.fft, np.fft.ifft, np.fft.irfft, np.fft.fft2, np.fft.ifft2, np.fft.irfft2, np.fft.fftn, np.fft.ifftn, np.fft.irfftn,
    np.fft.rfft, np.fft.rfft2, np.fft.rfftn, np.fft.hfft, np.fft.ihfft, np.fft.fftshift, np.fft.ifftshift,
)
non_differentiable(np.fft.fftfreq, np.fft.rfftfreq, fourier.changed, fourier.last_axis, fourier.multiplicities)
