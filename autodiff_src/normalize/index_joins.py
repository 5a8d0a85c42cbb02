"""`np.r_[x, 1.0, y]` and `np.c_[x, y]` as calls of functions of the tuple."""
from __future__ import annotations

from typing import Any

import gast
import numpy as np

from autodiff_src.program import MISSING
from autodiff_src.runtime.index_joins import column_wise, row_wise
from autodiff_src.syntax import clone

JOINING: dict[int, Any] = {id(np.r_): row_wise, id(np.c_): column_wise}


def joined_parts(node: gast.Subscript) -> gast.Tuple:
    """What is joined; slices, which stand for numbers, as arrays of these."""
    parts = node.slice.elts
    return gast.Tuple([gast.Subscript(clone(node.value), part, gast.Load()) if isinstance(part, gast.Slice) else part
                       for part in parts], gast.Load())


def holds_items(value: Any) -> bool:
    """Does an index only choose among items of a value outside? Others compute with it, as `np.r_[x, y]` does."""
    return value is MISSING or isinstance(value, (tuple, list, dict, str, np.ndarray))
