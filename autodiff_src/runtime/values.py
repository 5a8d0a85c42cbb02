"""What generated code does with values of which little is known when it is written."""
from __future__ import annotations

from typing import Any

import numpy as np


def kept(x: Any) -> Any:
    """`x` as it is now: arrays and lists copied, to any depth, everything else as it is."""
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, (list, tuple)) and type(x) in (list, tuple):
        return type(x)(kept(item) for item in x)
    if type(x) is dict:
        return {key: kept(item) for key, item in x.items()}
    return x
