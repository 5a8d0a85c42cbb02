"""Derivatives of the logarithm of the gamma function, of all orders."""
from __future__ import annotations

import math

from autodiff_src.errors import NoRuleError

# B(2), B(4), ...: Bernoulli numbers, https://dlmf.nist.gov/24.2
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
_LARGE = 25.0
_FARTHEST = -10000.0


def polygamma(n: int, x: float) -> float:
    """The derivative of order `n` of the digamma function, which is that of `math.lgamma`; nan at its poles.

    The asymptotic series https://dlmf.nist.gov/5.15.E8 (5.11.E2 for n = 0), reached by the recurrence 5.15.E5. Raises
    NoRuleError far down the negative axis, where that would take too long.
    """
    if x < _FARTHEST:
        raise NoRuleError(f"the derivative of the gamma function at {x}")
    if x <= 0.0 and x == math.floor(x):
        return math.nan
    sign, shifts = (-1.0) ** (n + 1), []
    while x < _LARGE:
        shifts.append(_inverse_power(x, n + 1))
        x += 1.0
    return sign * (math.factorial(n) * math.fsum(shifts) + _series(n, x))


def _series(n: int, x: float) -> float:
    first = math.factorial(n - 1) / x ** n if n else -math.log(x)
    terms = [b * math.factorial(2 * k + n - 1) / math.factorial(2 * k) / x ** (2 * k + n)
             for k, b in enumerate(_BERNOULLI, 1)]
    return first + math.factorial(n) / (2.0 * x ** (n + 1)) + math.fsum(terms)


def _inverse_power(x: float, n: int) -> float:
    try:
        return x ** -n
    except OverflowError:
        return math.copysign(math.inf, x) ** n
