"""The functions that texts for arrays of other libraries may call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

_NAMES = """
    abs acos acosh add all any arange argmax argmin asarray asin asinh astype atan atan2 atanh broadcast_to ceil
    clip concat copysign cos cosh count_nonzero cumulative_sum divide empty_like equal exp expand_dims expm1 eye
    flip floor floor_divide full full_like greater greater_equal hypot isfinite isinf isnan less less_equal linspace
    log log10 log1p log2 logaddexp logical_and logical_not logical_or logical_xor matmul matrix_transpose max
    maximum mean min minimum moveaxis multiply negative not_equal ones ones_like permute_dims positive pow prod
    reciprocal remainder reshape roll round sign signbit sin sinh sqrt square squeeze stack std subtract sum take
    tan tanh tensordot tril triu trunc unstack var vecdot where zeros zeros_like
"""
_OTHERS = {"cumsum": "cumulative_sum"}
_LINALG = ("inv", "det", "solve", "vector_norm")

# By the id of one of NumPy's functions: its name in the array API standard.
STANDARD = {id(getattr(np, n)): n for n in _NAMES.split() if hasattr(np, n)} | {
    id(getattr(np, n)): path for n, path in _OTHERS.items()} | {
    id(getattr(np.linalg, n)): f"linalg.{n}" for n in _LINALG if hasattr(np.linalg, n)}
CONSTANTS = frozenset(["pi", "e", "inf", "nan", "newaxis", "float32", "float64", "int8", "int16", "int32", "int64", "uint8",
                       "uint16", "uint32", "uint64", "bool"])

# Methods of arrays that texts may call, as functions.
METHODS: dict[str, Callable[..., Any]] = {
    n: getattr(np, n) for n in ("sum", "mean", "prod", "max", "min", "reshape", "dot", "ravel", "transpose", "copy", "squeeze",
                                "any", "all", "argmax", "argmin")} | ({"astype": np.astype} if hasattr(np, "astype") else {})
