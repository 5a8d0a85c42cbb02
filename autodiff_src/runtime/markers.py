"""What users write in a function to take part in its backward pass."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.errors import AutodiffError, UnsupportedError


def map_gradient(x: Any, fn: Callable[[Any], Any]) -> Any:
    """`x` itself; in a backward pass its adjoint `d_x` becomes `fn(d_x)`, which is to have the shape of `x`.

    `fn` is called in the backward pass: what it reads from around it is what that holds then. Forward mode and plain calls
    see the identity.
    """
    return x


def insert_grad_of(x: Any) -> Any:
    """`with ad.insert_grad_of(x) as d_x:` runs its block in the backward pass, where `d_x` is the adjoint of `x`, which the
    block may bind anew: it is the body of a function for `ad.map_gradient`.

    Raises UnsupportedError in a plain call.
    """
    raise UnsupportedError("`with ad.insert_grad_of(x)` has a meaning only where the function is differentiated",
                           fix="use x = ad.map_gradient(x, fn), which is the identity in plain calls")


def check_numerics(x: Any, message: str = "a value") -> Any:
    """`x` itself, a number, an array or a tensor. Raises AutodiffError, with the `message`, where it holds nan or inf."""
    value = np.asarray(getattr(x, "_value", x))
    if value.dtype.kind in "fc" and not np.isfinite(value).all():
        what = "nan" if np.isnan(value).any() else "inf"
        raise AutodiffError(f"{message}: {what} in {np.count_nonzero(~np.isfinite(value))} of {value.size} elements",
                            fix="look for a division by zero, or a log or sqrt of what is not positive, before this line")
    return x
