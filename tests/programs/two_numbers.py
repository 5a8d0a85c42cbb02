"""Checks of functions of two numbers that call solvers: differences are of fourth order, since solutions are found to a
tolerance."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff_src as ad

Function = Callable[[float, float], Any]
Point = tuple[float, float]


def differences(f: Function, point: Point, h: float) -> np.ndarray:
    """The gradient by central differences of fourth order."""
    def along(i: int) -> Any:
        def at(step: float) -> Any:
            moved = list(point)
            moved[i] += step
            return f(*moved)
        return (8.0 * (at(h) - at(-h)) - at(2.0 * h) + at(-2.0 * h)) / (12.0 * h)
    return np.array([along(0), along(1)])


def check_gradient(f: Function, point: Point, h: float, rtol: float, atol: float) -> None:
    """`value_and_grad`, and a pullback that is called twice."""
    value, gradient = ad.value_and_grad(f, wrt=(0, 1))(*point)
    assert value == f(*point)
    np.testing.assert_allclose(gradient, differences(f, point, h), rtol=rtol, atol=atol)
    _, pullback = ad.vjp(f, *point)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), gradient, rtol=1e-12)


def check_tangent(f: Function, point: Point, h: float, rtol: float, atol: float) -> None:
    value, tangent = ad.jvp(f, point, (0.5, -2.0))
    assert value == f(*point)
    np.testing.assert_allclose(tangent, differences(f, point, h) @ [0.5, -2.0], rtol=rtol, atol=atol)
