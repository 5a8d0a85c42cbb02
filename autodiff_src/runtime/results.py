"""What generated code checks of a result, and how it starts and ends the backward pass where kinds are not known."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError
from autodiff_src.runtime.adjoints import paired, zeros_like
from autodiff_src.runtime.libraries import check_there, library_of, like
from autodiff_src.runtime.objects import attributes, bare, is_plain_class


def check_scalar(result: Any, function: str) -> None:
    """Raises ArgumentError unless `result` is a number or an array of size 1."""
    if result is None or isinstance(result, (str, list, tuple, dict)) or np.size(result) != 1:
        shape = f"an array of shape {np.shape(result)}" if isinstance(result, np.ndarray) else repr(result)[:60]
        raise ArgumentError(f"{function} returns {shape}, not a number", fix="sum it up, or use ad.vjp")
    if np.iscomplexobj(result):
        raise ArgumentError(f"{function} returns a complex number", fix="take its real part, or use ad.vjp")


def check_cotangent(d_y: Any, y: Any) -> None:
    """Raises ArgumentError where the cotangent `d_y` of a number or an array `y` has another shape."""
    if isinstance(y, (float, np.ndarray, np.generic)) and np.shape(d_y) != np.shape(y):
        raise ArgumentError(f"the cotangent has shape {np.shape(d_y)}, the value {np.shape(y)}",
                            fix="pass a cotangent of the shape of the value")


def ones_like(result: Any) -> Any:
    """The seed of a result of any kind of number."""
    return np.ones_like(result) if isinstance(result, np.ndarray) else 1.0


def seed_with_aux(result: Any) -> list[Any]:
    """The seed of a pair (value, aux) of which only the value is differentiated."""
    return [ones_like(result[0]), zeros_like(result[1])]


def gradient_like(adjoint: Any, x: Any) -> Any:
    """The gradient of an argument in the argument's own structure, class and dtype, sharing memory with nothing."""
    if isinstance(x, np.ndarray):
        if x.dtype.kind not in "fc":
            return None
        if type(adjoint) is not np.ndarray and library_of(adjoint) is not None:
            return like(x, adjoint)
        return np.full_like(x, adjoint) if type(adjoint) is float else np.array(adjoint, dtype=x.dtype).reshape(x.shape)
    if isinstance(x, np.inexact):
        return type(x)(adjoint)
    if isinstance(x, (float, complex)):
        check_there(adjoint)
        return float(adjoint) if isinstance(x, float) else complex(adjoint)
    if isinstance(x, (list, tuple)):
        items = [gradient_like(a, item) for a, item in paired(adjoint, x)]
        return items if type(x) is list else type(x)(*items) if hasattr(x, "_fields") else type(x)(items)
    if isinstance(x, dict):
        return {key: gradient_like(adjoint[key], item) for key, item in x.items()}
    if library_of(x) is not None:
        return like(x, adjoint)
    return _gradient_of_object(adjoint, x) if is_plain_class(type(x)) else None


def _gradient_of_object(adjoint: dict[str, Any], x: Any) -> Any:
    """An object of the class of `x`, made without `__init__`; attributes that carry no derivative are None."""
    new = bare(type(x))
    for n, held in attributes(x).items():
        object.__setattr__(new, n, gradient_like(adjoint[n] if n in adjoint else zeros_like(held), held))
    return new
