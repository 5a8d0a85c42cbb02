"""`check_grad`: do the derivatives of a function agree with each other and with differences?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodiff_src.api import ForwardPass, grad, vjp
from autodiff_src.errors import ArgumentError, UnsupportedError
from autodiff_src.runtime import libraries
from autodiff_src.runtime.structures import leaves, rebuilt
from autodiff_src.runtime.values import kept

STEPS = tuple(10.0 ** -k for k in range(1, 11))


@dataclass(frozen=True)
class Comparison:
    """One order of derivatives. `forward`: the derivative of the result along a direction, weighted by a random cotangent;
    `reverse`: the same from the pullback; `differences`: by step what central differences give; `scale`: the size of the
    terms of which these are sums; `precision`: the spacing of the numbers computed with, at 1."""

    order: int
    forward: float
    reverse: float
    differences: tuple[tuple[float, float], ...]
    scale: float
    precision: float

    @property
    def modes_error(self) -> float:
        """How far forward and reverse mode are apart, relative to their size: the dot-product test."""
        return abs(self.forward - self.reverse) / self.scale

    @property
    def best(self) -> tuple[float, float]:
        """The step at which differences come closest, and their relative error there."""
        return min(((h, abs(d - self.reverse) / self.scale) for h, d in self.differences), key=lambda pair: pair[1])

    @property
    def ok(self) -> bool:
        """Do both modes agree but for rounding, and differences at some step, where these keep two thirds of the digits?
        NaN agrees with nothing."""
        return self.modes_error <= self.precision ** 0.6 and self.best[1] <= self.precision ** 0.33

    def __str__(self) -> str:
        verdict = "agrees" if self.ok else "DOES NOT AGREE"
        lines = [f"order {self.order}: {verdict}",
                 f"  reverse mode {self.reverse:.12g}, forward mode {self.forward:.12g}, apart by {self.modes_error:.1e}"]
        best = self.best[0]
        for h, found in self.differences:
            error, mark = abs(found - self.reverse) / self.scale, "  <- closest" if h == best else ""
            lines.append(f"  differences, step {h:.0e}: {found:.12g}, apart by {error:.1e}{mark}")
        return "\n".join(lines)


@dataclass(frozen=True)
class Report:
    """What `check_grad` found; `str()` of it is for reading."""

    function: str
    comparisons: tuple[Comparison, ...]

    @property
    def ok(self) -> bool:
        return all(c.ok for c in self.comparisons)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return "\n".join([f"derivatives of {self.function}", *map(str, self.comparisons)])


def check_grad(f: Callable[..., Any], *args: Any, order: int = 1, seed: int = 0) -> Report:
    """A report on the derivatives of `f` at `args`, with respect to all of them that carry one, along a random direction.

    The two modes are compared with each other (the dot-product test) and with central differences at steps from 1e-1 to
    1e-10 of the size of the arguments: where the derivative exists, the error falls with the step and rises again when
    rounding takes over. `order=2` looks at the derivatives of the gradient, too. The report is true where all agree; `f` is
    run many times, so that one which prints, draws random numbers or writes is refused.

    Raises ArgumentError for another order and where no argument carries a derivative; else errors as for `grad`.
    """
    if order not in (1, 2):
        raise ArgumentError(f"order={order!r} is neither 1 nor 2", fix="pass order=1 or order=2")
    libraries.refuse("ad.check_grad", args)
    wrt = tuple(i for i, x in enumerate(args) if leaves(x))
    if not wrt:
        raise ArgumentError("none of the arguments carries a derivative", fix="pass floats or arrays of floats")
    draw = np.random.default_rng(seed)
    comparisons = [_compared(f, args, wrt, 1, draw)]
    if order == 2:
        comparisons.append(_compared(grad(f, wrt), args, wrt, 2, draw))
    return Report(getattr(f, "__name__", repr(f)), tuple(comparisons))


def _compared(f: Callable[..., Any], args: tuple[Any, ...], wrt: tuple[int, ...], order: int,
              draw: np.random.Generator) -> Comparison:
    forward = ForwardPass(f, kept(args), wrt)
    if not forward.text.derived.silent:
        raise UnsupportedError(
            f"{getattr(f, '__name__', 'f')} prints, draws, writes or calls what may: it cannot run many times",
            fix="check a part of it that only computes")
    directions = [_drawn(args[i], draw) for i in wrt]
    y, tangent = forward.along(directions)
    cotangent = _drawn(y, draw)
    _, pullback = vjp(f, *kept(args), wrt=wrt)
    reverse = _inner(directions, pullback(rebuilt(y, iter(leaves(cotangent)), plain=True)))
    found = []
    for h in STEPS:
        ahead, behind = (f(*_moved(args, wrt, directions, sign * h)) for sign in (1.0, -1.0))
        found.append((h, (_inner(cotangent, ahead) - _inner(cotangent, behind)) / (2.0 * h)))
    parts = [np.sum(np.abs(np.multiply(a, b))) for a, b in zip(leaves(cotangent), leaves(tangent), strict=True)]
    precision = max(float(np.finfo(np.asarray(leaf).dtype).eps) for leaf in [*leaves(y), *leaves([args[i] for i in wrt])])
    return Comparison(order, _inner(cotangent, tangent), reverse, tuple(found), float(sum(parts)) or 1.0, precision)


def _inner(a: Any, b: Any) -> float:
    """The sum of the products of two structures' numbers; NaN where these are not alike: beside a point `f` may be other."""
    if len(leaves(a)) != len(leaves(b)):
        return np.nan
    return float(sum(np.sum(np.multiply(one, other)) for one, other in zip(leaves(a), leaves(b), strict=True)))


def _drawn(x: Any, draw: np.random.Generator) -> Any:
    """Normal numbers in the structure of `x`, of the size of its numbers, or of 1 where these are small."""
    def one(leaf: Any) -> Any:
        made = draw.normal(size=np.shape(leaf)) * np.maximum(1.0, np.abs(leaf))
        return made.astype(leaf.dtype) if isinstance(leaf, np.ndarray) else float(made)

    return rebuilt(x, map(one, leaves(x)))


def _moved(args: tuple[Any, ...], wrt: tuple[int, ...], directions: list[Any], h: float) -> tuple[Any, ...]:
    moved = list(kept(args))
    for i, direction in zip(wrt, directions, strict=True):
        pairs = zip(leaves(args[i]), leaves(direction), strict=True)
        moved[i] = rebuilt(moved[i], (_as(leaf, leaf + h * d) for leaf, d in pairs), keep=True)
    return tuple(moved)


def _as(leaf: Any, value: Any) -> Any:
    """The value in the type of the leaf."""
    return np.asarray(value, leaf.dtype) if isinstance(leaf, np.ndarray) else type(leaf)(value)
