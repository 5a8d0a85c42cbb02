"""Functions that pick among operands element by element, and casts of real and complex numbers."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, method, partials, tangent


@adjoint(np.where)
def where(z, condition, x=None, y=None):
    d[x] += np.where(condition, d[z], 0.0)
    d[y] += np.where(condition, 0.0, d[z])


@tangent(np.where)
def where_tangent(z, condition, x=None, y=None):
    d[z] = np.where(condition, d[x], d[y])


@adjoint(np.clip)
def clip(y, a, a_min=None, a_max=None):
    d[a] += d[y] * (y == a)
    if a_min is not None:
        d[a_min] += d[y] * ((a < a_min) if a_max is None else (a < a_min) & (a_min < a_max))
    if a_max is not None:
        d[a_max] += d[y] * ((y != a) & (y == a_max))


@tangent(np.clip)
def clip_tangent(y, a, a_min=None, a_max=None):
    below = False if a_min is None else (a < a_min) if a_max is None else (a < a_min) & (a_min < a_max)
    above = False if a_max is None else (y != a) & (y == a_max)
    d[y] = d[a] * (y == a) + d[a_min] * below + d[a_max] * above


@adjoint(np.ndarray.clip)
def clip_method(y, a, min=None, max=None):
    d[a] += d[y] * (y == a)
    if min is not None:
        d[min] += d[y] * ((a < min) if max is None else (a < min) & (min < max))
    if max is not None:
        d[max] += d[y] * ((y != a) & (y == max))


@tangent(np.ndarray.clip)
def clip_method_tangent(y, a, min=None, max=None):
    below = False if min is None else (a < min) if max is None else (a < min) & (min < max)
    above = False if max is None else (y != a) & (y == max)
    d[y] = d[a] * (y == a) + d[min] * below + d[max] * above


@adjoint(np.nan_to_num)
def nan_to_num(y, x, copy=True, nan=0.0, posinf=None, neginf=None):
    d[x] += np.where(np.isfinite(x), d[y], 0.0)


@tangent(np.nan_to_num)
def nan_to_num_tangent(y, x, copy=True, nan=0.0, posinf=None, neginf=None):
    d[y] = np.where(np.isfinite(x), d[x], 0.0)


@partials(np.float64, np.float32, np.float16)
def scalar_type(y, x):
    return 1.0


@adjoint(np.conjugate, np.ndarray.conj)
def conjugate(y, x):
    d[x] += np.conjugate(d[y])


@tangent(np.conjugate, np.ndarray.conj)
def conjugate_tangent(y, x):
    d[y] = np.conjugate(d[x])


@adjoint(np.real)
def real(y, val):
    d[val] += d[y]


@tangent(np.real)
def real_tangent(y, val):
    d[y] = np.real(d[val])


method("clip", np.ndarray.clip)
method("conj", np.ndarray.conj)
method("conjugate", np.ndarray.conj)
