"""The derivative of `np.i0`, which NumPy does not have."""
from __future__ import annotations

from typing import Any

from autodiff_src.errors import NoRuleError


def i1(x: Any) -> Any:
    """The modified Bessel function of order 1. Raises NoRuleError without SciPy."""
    try:
        from scipy.special import i1 as function
    except ImportError:
        raise NoRuleError("the derivative of np.i0 and np.kaiser is a Bessel function of SciPy's, which is not installed",
                          fix="pip install scipy") from None
    return function(x)
