"""The kinds of attributes."""
from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import as_int, product
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Float,
    Inert,
    Int,
    Kind,
    Known,
    Number,
    Scalar,
    Tuple,
)
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.runtime.objects import is_module


def attribute_kind(kind: Kind, name: str) -> Kind:
    """The kind of `value.name`."""
    if isinstance(kind, Number) and name in ("real", "imag"):
        return Number(np.dtype(float))
    if isinstance(kind, Scalar):
        result = _array_attribute(Array(kind.dtype, ()), name)
        return Scalar(result.dtype) if isinstance(result, Array) and result.dtype is not None and name != "base" else result
    if isinstance(kind, Array):
        return _array_attribute(kind, name)
    if isinstance(kind, (Float, Int)) and name in ("real", "imag"):
        return type(kind)() if name == "imag" else kind
    if isinstance(kind, Known):
        return _constant(kind.value, name)
    return UNKNOWN


def _array_attribute(array: Array, name: str) -> Kind:
    shape = array.shape
    real = array.dtype is not None and array.dtype.kind in "fiub"
    if name == "shape":
        return Tuple(None if shape is None else tuple(map(as_int, shape)))
    if name == "ndim":
        return Int(array.ndim)
    if name == "size":
        return Int() if shape is None else as_int(product(shape))
    if name == "T":
        return Array(array.dtype, None if shape is None else shape[::-1])
    if name in ("real", "imag") and real:
        return array
    if name in ("real", "imag") and array.dtype is None:
        return array
    if name in ("real", "imag") and array.dtype is not None and array.dtype.kind == "c":
        return Array(np.empty(0, array.dtype).real.dtype, shape)
    if name == "dtype":
        return Inert("dtype") if array.dtype is None else Known(array.dtype)
    if name == "itemsize":
        return Int(None if array.dtype is None else array.dtype.itemsize)
    if name == "nbytes":
        return Int()
    if name in ("flags", "strides"):
        return Inert(name)
    return UNKNOWN


def _constant(owner: Any, name: str) -> Kind:
    """An attribute of a module, a class or a dtype: what can be rebound is read for its class only."""
    if isinstance(owner, inspect.Signature) and name == "parameters":
        return Known(owner.parameters)
    if not (isinstance(owner, (type, np.dtype, np.finfo, np.iinfo)) or is_module(owner)) or not hasattr(owner, name):
        return UNKNOWN
    value = getattr(owner, name)
    if isinstance(value, (bool, int, float, np.generic)) and not isinstance(value, complex):
        kind = kind_of(value, None)
        return kind if isinstance(kind, Scalar) else type(kind)()
    if value is None or callable(value) or isinstance(value, (type, np.dtype)) or is_module(value):
        return Known(value)
    return Inert("str") if isinstance(value, str) and isinstance(owner, np.dtype) else UNKNOWN
