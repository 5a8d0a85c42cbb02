"""Random numbers along the path: what is drawn moves with the location and the scale that it is drawn for."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, tangent

_AROUND_A_LOCATION = [getattr(of, name) for of in (np.random.Generator, np.random.RandomState)
                      for name in ("normal", "laplace", "logistic", "gumbel")]
_SCALED = [getattr(of, name) for of in (np.random.Generator, np.random.RandomState) for name in ("exponential", "rayleigh")]


@adjoint(*_AROUND_A_LOCATION)
def around_a_location(y, self, loc=0.0, scale=1.0, size=None):
    d[loc] += d[y]
    d[scale] += d[y] * (y - loc) / scale


@tangent(*_AROUND_A_LOCATION)
def around_a_location_tangent(y, self, loc=0.0, scale=1.0, size=None):
    d[y] = d[loc] + d[scale] * ((y - loc) / scale)


@adjoint(np.random.Generator.uniform, np.random.RandomState.uniform)
def uniform(y, self, low=0.0, high=1.0, size=None):
    d[low] += d[y] * (high - y) / (high - low)
    d[high] += d[y] * (y - low) / (high - low)


@tangent(np.random.Generator.uniform, np.random.RandomState.uniform)
def uniform_tangent(y, self, low=0.0, high=1.0, size=None):
    d[y] = (d[low] * (high - y) + d[high] * (y - low)) / (high - low)


@adjoint(*_SCALED)
def scaled(y, self, scale=1.0, size=None):
    d[scale] += d[y] * y / scale


@tangent(*_SCALED)
def scaled_tangent(y, self, scale=1.0, size=None):
    d[y] = d[scale] * (y / scale)


@adjoint(np.random.Generator.lognormal, np.random.RandomState.lognormal)
def lognormal(y, self, mean=0.0, sigma=1.0, size=None):
    d[mean] += d[y] * y
    d[sigma] += d[y] * y * (np.log(y) - mean) / sigma


@tangent(np.random.Generator.lognormal, np.random.RandomState.lognormal)
def lognormal_tangent(y, self, mean=0.0, sigma=1.0, size=None):
    d[y] = y * (d[mean] + d[sigma] * ((np.log(y) - mean) / sigma))
