"""The functions that texts for arrays of other libraries may call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_NAMES = """
    abs acos acosh add all any arange argmax argmin argsort asarray asin asinh astype atan atan2 atanh broadcast_arrays
    broadcast_to ceil clip concat conj copysign cos cosh count_nonzero cumulative_prod cumulative_sum diff divide empty_like
    equal exp expand_dims expm1 eye flip floor floor_divide full full_like greater greater_equal hypot imag isfinite isinf
    isnan less less_equal linspace log log10 log1p log2 logaddexp logical_and logical_not logical_or logical_xor matmul
    matrix_transpose max maximum mean meshgrid min minimum moveaxis multiply negative nextafter not_equal ones ones_like
    permute_dims positive pow prod real reciprocal remainder repeat reshape roll round searchsorted sign signbit sin sinh
    sort sqrt square squeeze stack std subtract sum take take_along_axis tan tanh tensordot tile tril triu trunc unstack var
    vecdot where zeros zeros_like
"""
_OTHERS = {"cumsum": "cumulative_sum", "cumprod": "cumulative_prod"}
_LINALG = ("cholesky", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "matrix_norm", "matrix_power", "matrix_transpose",
           "outer", "pinv", "qr", "slogdet", "solve", "svd", "svdvals", "tensordot", "trace", "vecdot", "vector_norm")
_FFT = ("fft", "ifft", "fft2", "fftn", "ifftn", "rfft", "irfft", "rfftn", "irfftn", "hfft", "ihfft", "fftshift", "ifftshift")

# By the id of one of NumPy's functions: its name in the array API standard.
STANDARD = {id(getattr(np, n)): n for n in _NAMES.split() if hasattr(np, n)} | {
    id(getattr(np, n)): path for n, path in _OTHERS.items()} | {
    id(getattr(np.linalg, n)): f"linalg.{n}" for n in _LINALG if hasattr(np.linalg, n)} | {
    id(getattr(np.fft, n)): f"fft.{n}" for n in _FFT if hasattr(np.fft, n)}
CONSTANTS = frozenset(["pi", "e", "inf", "nan", "newaxis", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
                       "uint16", "uint32", "uint64", "bool"])

# Methods of arrays that texts may call, as functions.
METHODS: dict[str, Callable[..., Any]] = {
    n: getattr(np, n) for n in ("sum", "mean", "prod", "max", "min", "reshape", "dot", "ravel", "transpose", "copy", "squeeze",
                                "any", "all", "argmax", "argmin")} | ({"astype": np.astype} if hasattr(np, "astype") else {})
