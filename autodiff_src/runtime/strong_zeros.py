"""Products of adjoints that are zero because what they belong to has no influence."""
from __future__ import annotations

from typing import Any
from weakref import WeakSet

import numpy as np

# Functions whose results go where elements of them may be passed over.
PASSED_OVER: WeakSet[Any] = WeakSet()


def strong_zero(product: Any, factor: Any) -> Any:
    """`product`, of `factor` and a slope of the same or a lower shape; 0 where `factor` is 0 and the product nan, which it is
    where the slope is infinite or nan: an element without influence has none, however steep the function is there."""
    if isinstance(product, float):
        return 0.0 * factor if product != product and factor == 0 else product
    lost = np.isnan(product)
    return np.where(lost & (factor == 0), 0.0, product)[()] if np.any(lost) else product
