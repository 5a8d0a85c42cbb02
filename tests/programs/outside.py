"""The check of functions that change what is outside them: derivatives against differences, effects against the plain call."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import autodiff_src as ad


@dataclass
class Outside:
    """What is outside the functions of a module: `reset` puts it back as it was, `left` tells what it is now."""

    reset: Callable[[], None]
    left: Callable[[], Any]

    def plain(self, f: Callable[[float], float], x: float) -> tuple[float, Any]:
        """The value of the plain call, and what it leaves outside."""
        self.reset()
        value = f(x)
        found = self.left()
        self.reset()
        return value, found

    def slope(self, f: Callable[[float], float], x: float, step: float = 1e-6) -> float:
        """The central difference of plain calls."""
        return (self.plain(f, x + step)[0] - self.plain(f, x - step)[0]) / (2.0 * step)

    def check(self, f: Callable[[float], float], x: float) -> None:
        """`grad`, `vjp` and `jvp` of `f`, and what they leave outside."""
        expected = self.slope(f, x)
        value, effects = self.plain(f, x)
        assert ad.grad(f)(x) == pytest.approx(expected, rel=1e-7)
        assert self.left() == effects
        self.reset()
        found, pullback = ad.vjp(f, x)
        assert found == value and self.left() == effects
        assert [pullback(2.0)[0], pullback(1.0)[0]] == pytest.approx([2.0 * expected, expected], rel=1e-7)
        self.reset()
        found, tangent = ad.jvp(f, (x,), (2.0,))
        assert found == value and self.left() == effects
        assert tangent == pytest.approx(2.0 * expected, rel=1e-7)
