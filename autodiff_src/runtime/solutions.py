"""What SciPy's solvers find, and what it depends on.

    sol = found(root, f, x0, args=(p,))             # the solver's own call, which carries no derivative
    x = root_of(vector(sol.x), residual, (p,))      # its derivatives are told by residual(x, p) being zero
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError

_NEAR = 1e-3


def found(solver: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """What the solver gives, as a constant."""
    return solver(*args, **options)


def vector(x: Any) -> Any:
    """`x` itself. Raises UnsupportedError unless it is an array of floats with one axis."""
    if type(x) is not np.ndarray or x.dtype != np.float64 or x.ndim != 1:
        raise UnsupportedError("a solution that is no array of floats with one axis is not differentiated",
                               fix="solve for the numbers in one array with one axis")
    return x


def number(x: Any) -> Any:
    """`x` itself. Raises UnsupportedError unless it is a float."""
    if not isinstance(x, float):
        raise UnsupportedError("a solution that is no float is not differentiated", fix="solve for one number")
    return x


def root_of(x: Any, residual: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """`x`, of which `residual(x, *args)` is zero whatever `args` are, and what else it reads."""
    return x


def curves(y: Any) -> Any:
    """`y` itself. Raises UnsupportedError unless it is an array of floats with two axes."""
    if type(y) is not np.ndarray or y.dtype != np.float64 or y.ndim != 2:
        raise UnsupportedError("a solution that is no array of floats with two axes is not differentiated",
                               fix="integrate real equations")
    return y


def curve_of(values: Any, slope: Callable[..., Any], args: tuple[Any, ...], start: Any, times: Any, solver: Any,
             span: Any = None, **options: Any) -> Any:
    """`values`, which are those at `times` of the solution of `y' = slope(y, t, *args)` from `start`, as `solver` finds it with
    these options."""
    return values


def as_residual(value: Any) -> Any:
    """The values of equations as an array with one axis, however a function gives them."""
    return np.ravel(np.asarray(value))


def check_root(x: Any, value: Any, slope: Any, d_x: Any) -> None:
    """Raises UnsupportedError where the residual, with this value and slope at `x`, does not tell a derivative; and where one
    that is not zero, `d_x`, is asked of what is no root: a step of Newton's method from there is long."""
    if np.size(value) != np.size(x):
        raise UnsupportedError("equations of another number than unknowns are not differentiated",
                               fix="solve the normal equations: the gradient of the sum of squares")
    try:
        step = np.linalg.solve(np.atleast_2d(slope), np.atleast_1d(value))
    except np.linalg.LinAlgError:
        raise UnsupportedError("a solution at which the Jacobian is singular has no derivative",
                               fix="start the solver elsewhere, or scale the equations") from None
    if np.any(d_x) and not np.linalg.norm(step) <= _NEAR * (1.0 + np.linalg.norm(x)):
        raise UnsupportedError("what the solver gave does not solve the equations: it has no derivative",
                               fix="see whether it converged, and ask for a smaller tolerance")


def root_adjoint(x: Any, value: Any, jacobian: Any, d_x: Any) -> Any:
    """The adjoint of the residual's `value` at the root `x`."""
    check_root(x, value, jacobian, d_x)
    if not isinstance(x, np.ndarray):
        return -(d_x / jacobian)
    return -np.linalg.solve(jacobian.T, d_x)


def root_tangent(x: Any, value: Any, jacobian: Any, change: Any) -> Any:
    """The tangent of the root `x`, given that of the residual's `value` for the root held fast."""
    check_root(x, value, jacobian, change)
    if not isinstance(x, np.ndarray):
        return -(change / jacobian)
    return -np.linalg.solve(jacobian, change)
