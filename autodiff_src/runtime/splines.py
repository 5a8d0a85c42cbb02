"""Slopes of SciPy's splines, which tell their own derivatives."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import interpolate

from autodiff_src.errors import UnsupportedError

_CONSTANT = (3, "const")  # FITPACK's `ext`: outside, the value at the boundary


def piecewise_slope(spline: Any, x: Any, nu: int = 0, extrapolate: Any = None) -> Any:
    """The slope of the `nu`-th derivative of a `PPoly`, a `BPoly` or a `BSpline`; the shape is that of `x`.

    Raises UnsupportedError where the values are arrays: the adjoint of `x` would be a sum over them.
    """
    found = spline(x, nu + 1, extrapolate)
    if np.ndim(found) != np.ndim(x):
        raise UnsupportedError("a spline whose values are arrays is not differentiated",
                               fix="make one spline of each component")
    return found


def univariate_slope(spline: Any, x: Any, nu: int = 0, ext: Any = None) -> Any:
    """The same for a `UnivariateSpline`."""
    beyond = spline.ext if ext is None else ext
    if nu >= spline._eval_args[2]:
        return np.zeros_like(spline(x, nu, ext))
    return spline(x, nu + 1, 1 if beyond in _CONSTANT else ext)


def splev_slope(x: Any, tck: Any, der: int = 0, ext: int = 0) -> Any:
    """The same for `splev`, of one curve."""
    if not isinstance(tck, interpolate.BSpline) and isinstance(tck[1], (list, tuple)) and np.ndim(tck[1][0]):
        raise UnsupportedError("`splev` of a curve with several components is not differentiated",
                               fix="evaluate each of its components")
    k = tck.k if isinstance(tck, interpolate.BSpline) else tck[2]
    if der >= k:
        return np.zeros_like(interpolate.splev(x, tck, der, ext))
    return interpolate.splev(x, tck, der + 1, 1 if ext == 3 else ext)


def bisplev_slope(x: Any, y: Any, tck: Any, dx: int, dy: int) -> Any:
    """The derivative of these orders of `bisplev` at one point. Raises UnsupportedError for a grid of points."""
    if np.size(x) != 1 or np.size(y) != 1:
        raise UnsupportedError("`bisplev` on a grid is not differentiated", fix="evaluate it point by point")
    return _surface_slope(lambda: interpolate.bisplev(x, y, tck, dx, dy), tck, (x, y), (dx, dy))


def surface_slope(spline: Any, x: Any, y: Any, dx: int, dy: int) -> Any:
    """The derivative of these orders of a `BivariateSpline` at points."""
    return _surface_slope(lambda: spline.ev(x, y, dx, dy), (*spline.tck, *spline.degrees), (x, y), (dx, dy))


def _surface_slope(evaluated: Callable[[], Any], tck: Any, point: tuple[Any, Any], orders: tuple[int, int]) -> Any:
    """What FITPACK gives for orders below the degrees, within the knots. Beyond them it continues a surface by its values at
    the boundary, but not its derivatives; orders up to the degrees come from products of the basis functions."""
    degrees, knots = tck[3:5], tck[:2]
    if all(order < k for order, k in zip(orders, degrees)):
        slope = np.asarray(evaluated())
    else:
        x, y = (_basis(t, k, p, order) for t, k, p, order in zip(knots, degrees, point, orders))
        slope = np.einsum("...i,ij,...j->...", x, np.reshape(tck[2], (x.shape[-1], y.shape[-1])), y)
    for t, k, p, order in zip(knots, degrees, point, orders):
        slope = np.where((np.asarray(p) < t[k]) | (np.asarray(p) > t[-k - 1]), 0.0, slope) if order else slope
    return slope[()]


def _basis(t: Any, k: int, x: Any, order: int) -> np.ndarray:
    """The derivatives of all basis functions with the knots `t` at `x`, one in each column."""
    basis = interpolate.BSpline(t, np.eye(len(t) - k - 1), k)
    within = np.clip(x, t[k], t[-k - 1])
    return basis(within, order) if order <= k else np.zeros((*np.shape(x), len(t) - k - 1))
