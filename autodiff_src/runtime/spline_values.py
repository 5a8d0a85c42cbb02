"""Splines through values at points: they are linear in the values."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError

POINTS = "a spline is not differentiated with respect to the points that it goes through"
_DEGREES = {"linear": 1, "slinear": 1, "quadratic": 2, "cubic": 3}


class Fitted:
    """The spline that `make` makes of the values `y` at the points `x`, and those of each value alone."""

    def __init__(self, make: Any, x: np.ndarray, y: np.ndarray, options: dict[str, Any]):
        self.make, self.x, self.y, self.options = make, x, y, options
        self.spline = make(x, y, **options)
        self.has_orders = make.__name__ != "interp1d"
        self.each: Any = None

    def basis(self, t: Any, nu: int) -> np.ndarray:
        """The `nu`-th derivative at `t` of the spline through 1 at one point and 0 at all others, for each point."""
        if self.each is None:
            units = np.eye(len(self.x))
            if self.has_orders:
                self.each = self.make(self.x, units, **self.options)
            else:
                from scipy.interpolate import make_interp_spline

                order = np.argsort(self.x, kind="stable")
                degree = _DEGREES[self.options.get("kind", "linear")]
                self.each = make_interp_spline(self.x[order], units[order], degree)
        return self.each(t, nu)


def fitted(make: Any, x: np.ndarray, y: np.ndarray, **options: Any) -> Fitted:
    """What `interpolated` needs of a spline; raises what making it raises."""
    return Fitted(make, x, y, options)


def interpolated(made: Fitted, points: Any, values: np.ndarray, t: Any, nu: int = 0) -> Any:
    """The `nu`-th derivative at `t` of the spline through `values`."""
    if values is made.y and made.has_orders:
        return made.spline(t, nu)
    return made.spline(t) if values is made.y and nu == 0 else made.basis(t, nu) @ _flat(values)


def slope(made: Fitted, points: Any, values: np.ndarray, t: Any, nu: int) -> Any:
    """The derivative with respect to `t`. Raises UnsupportedError for values that are arrays."""
    return interpolated(made, points, _flat(values), t, nu + 1)


def spread(e: Any, made: Fitted, points: Any, t: Any, nu: int) -> np.ndarray:
    """The sum over `t` of `e` times the derivative of the spline with respect to each value."""
    _flat(made.y)
    return np.tensordot(np.broadcast_to(e, np.shape(t)), made.basis(t, nu), np.ndim(t))


def along_points(d_points: Any) -> float:
    """Raises UnsupportedError where the points that a spline goes through move."""
    if np.any(d_points):
        raise UnsupportedError(POINTS, fix="keep the points, and change the values")
    return 0.0


def _flat(values: np.ndarray) -> np.ndarray:
    if values.ndim != 1:
        raise UnsupportedError("a spline whose values are arrays is not differentiated",
                               fix="make one spline of each component")
    return values
