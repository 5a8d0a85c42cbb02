"""Slopes of logarithms of densities, of distributions in their standard form.

With respect to the point `z` and to the shapes `a` and `b`; of discrete ones with respect to the shapes. Each is called like
the distribution in `scipy.stats`. They are read when they are differentiated themselves.
"""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special


def norm(z: Any, a: Any, b: Any) -> Any:
    return -z, 0.0, 0.0


def expon(z: Any, a: Any, b: Any) -> Any:
    return -1.0, 0.0, 0.0


def uniform(z: Any, a: Any, b: Any) -> Any:
    return 0.0, 0.0, 0.0


def gamma(z: Any, a: Any, b: Any) -> Any:
    return (a - 1.0) / z - 1.0, np.log(z) - special.psi(a), 0.0


def beta(z: Any, a: Any, b: Any) -> Any:
    both = special.psi(a + b)
    return ((a - 1.0) / z - (b - 1.0) / (1.0 - z), np.log(z) - special.psi(a) + both,
            np.log1p(-z) - special.psi(b) + both)


def t(z: Any, a: Any, b: Any) -> Any:
    spread = a + z * z
    return (-(a + 1.0) * z / spread, 0.5 * (special.psi(0.5 * (a + 1.0)) - special.psi(0.5 * a) - np.log1p(z * z / a)
                                            + (z * z - 1.0) / spread), 0.0)


def lognorm(z: Any, a: Any, b: Any) -> Any:
    size = np.log(z) / a
    return -(1.0 + size / a) / z, (size * size - 1.0) / a, 0.0


def laplace(z: Any, a: Any, b: Any) -> Any:
    return -np.sign(z), 0.0, 0.0


def logistic(z: Any, a: Any, b: Any) -> Any:
    return -np.tanh(0.5 * z), 0.0, 0.0


def cauchy(z: Any, a: Any, b: Any) -> Any:
    return -2.0 * z / (1.0 + z * z), 0.0, 0.0


def chi2(z: Any, a: Any, b: Any) -> Any:
    return (0.5 * a - 1.0) / z - 0.5, 0.5 * (np.log(0.5 * z) - special.psi(0.5 * a)), 0.0


def weibull_min(z: Any, a: Any, b: Any) -> Any:
    power = z ** a
    return (a - 1.0 - a * power) / z, 1.0 / a + np.log(z) * (1.0 - power), 0.0


def gumbel_r(z: Any, a: Any, b: Any) -> Any:
    return np.expm1(-z), 0.0, 0.0


def gumbel_l(z: Any, a: Any, b: Any) -> Any:
    return -np.expm1(z), 0.0, 0.0


def rayleigh(z: Any, a: Any, b: Any) -> Any:
    return 1.0 / z - z, 0.0, 0.0


def halfnorm(z: Any, a: Any, b: Any) -> Any:
    return -z, 0.0, 0.0


def invgamma(z: Any, a: Any, b: Any) -> Any:
    return (1.0 / z - a - 1.0) / z, -np.log(z) - special.psi(a), 0.0


def poisson(k: Any, a: Any, b: Any) -> Any:
    return k / a - 1.0, 0.0


def binom(k: Any, a: Any, b: Any) -> Any:
    return special.psi(a + 1.0) - special.psi(a - k + 1.0) + np.log1p(-b), (k - a * b) / (b * (1.0 - b))


def bernoulli(k: Any, a: Any, b: Any) -> Any:
    return (k - a) / (a * (1.0 - a)), 0.0


def geom(k: Any, a: Any, b: Any) -> Any:
    return (1.0 - a * k) / (a * (1.0 - a)), 0.0


def nbinom(k: Any, a: Any, b: Any) -> Any:
    return special.psi(k + a) - special.psi(a) + np.log(b), a / b - k / (1.0 - b)
