"""The order in which elements of an array are read."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError, UnsupportedError


def order_of(a: Any, order: str | None) -> str:
    """"C" or "F": what the `order` of `np.reshape(a, ..., order)` and `np.ravel(a, order)` comes to.

    Raises NoRuleError for "K" and an array that lies in memory in neither.
    """
    if order in ("C", "F", None):
        return order or "C"
    flags = np.asarray(a).flags
    if order == "K" and not (flags.c_contiguous or flags.f_contiguous):
        raise NoRuleError("an order that follows the memory of an array which is not contiguous", fix='use order="C" or "F"')
    return "F" if flags.f_contiguous and not flags.c_contiguous else "C"


def check_contiguous(a: Any) -> None:
    """Raises UnsupportedError for an array whose elements in order are a copy, which does not see what is written later."""
    if not np.asarray(a).flags.c_contiguous:
        raise UnsupportedError("an iteration over `.flat` of an array that is not contiguous is not differentiated",
                               fix="iterate over a.ravel()")
