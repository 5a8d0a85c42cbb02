"""SciPy's integrals of samples; this module is imported when something of `scipy.integrate` is first met."""
from __future__ import annotations

from autodiff_src.templates import signals
from scipy import integrate

from autodiff_src.rules import adjoint, d, linear, tangent
from autodiff_src.runtime import integrals

adjoint(integrate.trapezoid)(signals.trapezoid)
tangent(integrate.trapezoid)(signals.trapezoid_tangent)


@linear(integrate.cumulative_trapezoid)
def cumulative_trapezoid(z, y, x=None, dx=1.0, axis=-1, initial=None):
    d[y] += integrals.cumulative_adjoint(d[z], x, dx, axis, initial)


@linear(integrals.cumulative_adjoint)
def cumulative_adjoint(z, e, x, dx, axis, initial):
    d[e] += integrate.cumulative_trapezoid(d[z], x, dx, axis, initial)
