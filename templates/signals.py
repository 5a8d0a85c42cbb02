"""Sampled functions: integrals, gradients, convolutions, phases."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, tangent
from autodiff_src.runtime import adjoints, sampling


# The sum of the samples, each times half the distance between its neighbours.
@adjoint(np.trapezoid)
def trapezoid(z, y, x=None, dx=1.0, axis=-1):
    places = np.arange(np.shape(y)[axis]) if x is None else x
    widths = sampling.widths(adjoints.aligned(places, y, axis), axis)
    e = np.expand_dims(d[z], axis)
    d[y] += e * widths * dx if x is None else e * widths
    if x is None:
        d[dx] += e * y * widths
    else:
        d[x] += np.reshape(adjoints.unbroadcast(
            sampling.widths_adjoint(e * y, axis), adjoints.aligned(x, y, axis)), np.shape(x))


@tangent(np.trapezoid)
def trapezoid_tangent(z, y, x=None, dx=1.0, axis=-1):
    places = np.arange(np.shape(y)[axis]) if x is None else x
    widths = sampling.widths(adjoints.aligned(places, y, axis), axis)
    if x is None:
        d[z] = np.sum(d[y] * widths * dx, axis=axis) + np.sum(d[dx] * y * widths, axis=axis)
    else:
        d[z] = (np.sum(d[y] * widths, axis=axis)
                + np.sum(y * sampling.widths(adjoints.aligned(d[x], y, axis), axis), axis=axis))


@adjoint(np.gradient)
def gradient(y, f, *varargs, axis=None, edge_order=1):
    d[f] += sampling.gradient_adjoint(d[y], f, varargs, axis, edge_order)
    d[varargs] += sampling.distances_adjoint(d[y], f, varargs, axis, edge_order)


@tangent(np.gradient)
def gradient_tangent(y, f, *varargs, axis=None, edge_order=1):
    d[y] = adjoints.add(np.gradient(d[f], *varargs, axis=axis, edge_order=edge_order),
                        sampling.distances_tangent(y, d[varargs], f, varargs, axis, edge_order))


@adjoint(np.convolve)
def convolve(y, a, v, mode="full"):
    e = sampling.in_full(d[y], np.size(a), np.size(v), mode, False)
    d[a] += np.correlate(e, v, "valid")
    d[v] += np.correlate(e, a, "valid")


@tangent(np.convolve)
def convolve_tangent(y, a, v, mode="full"):
    d[y] = np.convolve(d[a], v, mode) + np.convolve(a, d[v], mode)


@adjoint(np.correlate)
def correlate(y, a, v, mode="valid"):
    e = sampling.in_full(d[y], np.size(a), np.size(v), mode, True)
    d[a] += np.convolve(e, v, "valid")
    d[v] += np.flip(np.correlate(e, a, "valid"))


@tangent(np.correlate)
def correlate_tangent(y, a, v, mode="valid"):
    d[y] = np.correlate(d[a], v, mode) + np.correlate(a, d[v], mode)


# What is added to an element is a number of whole periods.
@adjoint(np.unwrap)
def unwrap(y, p, discont=None, axis=-1, *, period=2 * np.pi):
    d[p] += d[y]
    d[period] += np.sum(d[y] * np.rint((y - p) / period))


@tangent(np.unwrap)
def unwrap_tangent(y, p, discont=None, axis=-1, *, period=2 * np.pi):
    d[y] = d[p] + d[period] * np.rint((y - p) / period)
