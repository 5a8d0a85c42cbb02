"""Nine programs, each beside the gradient that a careful person writes by hand: the standard for generated text."""
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import golden_arrays as arrays
import golden_scalars as scalars
import numpy as np


@dataclass(frozen=True)
class Golden:
    """A program, its gradient by hand with the callees' halves, and the arguments both are tried on.

    `compiled`: the generated text must compile under Numba as it stands. `rtol` is for central differences.
    """
    primal: Callable[..., Any]
    by_hand: Callable[..., Any]
    points: list[tuple[Any, ...]]
    wrt: int | tuple[int, ...] = 0
    halves: tuple[Callable[..., Any], ...] = ()
    compiled: bool = False
    step: float = 1e-3
    rtol: float = 1e-7

    @property
    def positions(self) -> tuple[int, ...]:
        return self.wrt if isinstance(self.wrt, tuple) else (self.wrt,)


def _points():
    rng = np.random.default_rng(0)
    u = rng.normal(size=9)
    grid, load = rng.normal(size=(5, 6)), rng.normal(size=(5, 6))
    weights = [rng.normal(size=(4, 5)), rng.normal(size=5), rng.normal(size=(5, 3)), rng.normal(size=3)]
    steps = (-1, 0, 1, 2, 5)
    return {
        "recurrence": [(-1.0, 9, 1e9), (0.4, 50, 1e9), (0.4, 50, 1.5), (0.9, 8, 1e9), (1.2, 13, 1e9), (1.2, 40, 3.3),
                       (1.9, 60, 1e9), (2.3, 7, 1e9), (0.9, 0, 1.0), (3.5, 4, 1e9)],
        "mlp": [(*weights, rng.normal(size=(7, 4)), rng.integers(0, 3, 7))],
        "diffusion": [(u, 0.2, n) for n in steps],
        "advection": [(u, n) for n in steps],
        "relaxation": [(grid, load, n) for n in (0, 1, 3)],
        "smoothing": [(grid, n) for n in (0, 1, 3)],
        "motion": [(u[:5], 1.3, n) for n in (0, 1, 4)],
        "nested": [(1.7, 0), (1.7, 1), (1.7, 5)],
        "newton": [(np.array([1.0, -6.0, 11.5, -6.4]), x, 1e-9) for x in (0.2, 4.5)],
    }


POINTS = _points()

PROGRAMS = [
    Golden(scalars.recurrence, scalars.recurrence_by_hand, POINTS["recurrence"], compiled=True, step=1e-5, rtol=1e-5),
    Golden(arrays.mlp, arrays.mlp_by_hand, POINTS["mlp"], wrt=(0, 1, 2, 3)),
    Golden(arrays.diffusion, arrays.diffusion_by_hand, POINTS["diffusion"], compiled=True),
    Golden(arrays.advection, arrays.advection_by_hand, POINTS["advection"], compiled=True),
    Golden(arrays.relaxation, arrays.relaxation_by_hand, POINTS["relaxation"], wrt=(0, 1), compiled=True),
    Golden(arrays.smoothing, arrays.smoothing_by_hand, POINTS["smoothing"], compiled=True),
    Golden(arrays.motion, arrays.motion_by_hand, POINTS["motion"], wrt=(0, 1),
           halves=(arrays.drag_forward, arrays.drag_backward)),
    Golden(scalars.nested, scalars.nested_by_hand, POINTS["nested"],
           halves=(scalars.nested_forward, scalars.nested_backward)),
    Golden(scalars.newton, scalars.newton_by_hand, POINTS["newton"], compiled=True, step=1e-4, rtol=1e-6),
]
