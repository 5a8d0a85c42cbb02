"""What derivatives are checked with: differences, the complex step, and the one check that every rule passes."""
from __future__ import annotations

import copy
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from autodiff_src.differentiate.expand import as_pullback, as_tangent, positional_parameters
from autodiff_src.rules import Rule, key_of, rule_for


def in_turns(cases: list[Any], every: int) -> list[Any]:
    """Parameters of a test: each `every`-th case is in the short run, all are in the long one."""
    return [pytest.param(case_, marks=[pytest.mark.slow] * (i % every > 0)) for i, case_ in enumerate(cases)]


@dataclass
class Case:
    """A call of a primitive. `args` may hold floats, arrays, and lists, tuples and dicts of them."""
    primitive: Callable[..., Any]
    args: list[Any]
    kwargs: dict[str, Any] = field(default_factory=dict)
    single: bool = True

    @property
    def label(self) -> str:
        name = getattr(self.primitive, "__qualname__", None) or self.primitive.__name__
        shown = [type(arg).__name__ if isinstance(arg, (list, tuple, dict)) else str(getattr(arg, "shape", arg))[:20]
                 for arg in self.args]
        return f"{name}-{'-'.join([*shown, *(f'{key}={value}' for key, value in self.kwargs.items())])}"

    def __call__(self, args: list[Any]) -> Any:
        return self.primitive(*copy.deepcopy(args), **self.kwargs)


def case(primitive: Callable[..., Any], args: list[Any], *, single: bool = True, **options: list[Any]) -> list[Case]:
    """One case for each combination of the `options`, lists of values by keyword; `single`: float32 is tried, too."""
    keys = list(options)
    return [Case(primitive, args, dict(zip(keys, values)), single) for values in itertools.product(*options.values())]


def carries(x: Any) -> bool:
    """Whether `x` is a number or an array that can carry a derivative."""
    return isinstance(x, (float, np.inexact)) or isinstance(x, np.ndarray) and x.dtype.kind == "f"


def mapped(function: Callable[..., Any], x: Any, *others: Any) -> Any:
    """`function` of the leaves of structures that agree; None where the first has a leaf that carries no derivative.

    None in the others stands for zeros.
    """
    if isinstance(x, (list, tuple)):
        parts = [mapped(function, item, *(None if o is None else o[i] for o in others)) for i, item in enumerate(x)]
        return parts if isinstance(x, list) else tuple(parts)
    if isinstance(x, dict):
        return {key: mapped(function, item, *(None if o is None else o[key] for o in others))
                for key, item in x.items()}
    return function(x, *(np.zeros(np.shape(x)) if o is None else o for o in others)) if carries(x) else None


def leaves(x: Any) -> Iterator[Any]:
    """The leaves of a structure that are not None."""
    if isinstance(x, (list, tuple)):
        for item in x:
            yield from leaves(item)
    elif isinstance(x, dict):
        yield from leaves(list(x.values()))
    elif x is not None:
        yield x


def random_like(x: Any, rng: np.random.Generator) -> Any:
    """A structure of random numbers with the shapes, dtypes and types of `x`."""
    def one(leaf: Any) -> Any:
        draw = rng.normal(size=np.shape(leaf))
        return draw.astype(leaf.dtype) if isinstance(leaf, np.ndarray) else type(leaf)(draw)
    return mapped(one, x)


def inner(a: Any, b: Any) -> float:
    """The sum of the products of the leaves; None in either counts as zero."""
    if a is None or b is None:
        return 0.0
    if isinstance(a, (list, tuple)):
        return sum(inner(left, right) for left, right in zip(a, b))
    if isinstance(a, dict):
        return sum(inner(left, b[key]) for key, left in a.items())
    return float(np.sum(np.asarray(a, float) * b))


def moved(x: Any, dx: Any, h: float) -> Any:
    """`x + h * dx`, with `x` where that carries no derivative, in the types of `x`."""
    if isinstance(x, (list, tuple)):
        return type(x)(moved(item, part, h) for item, part in zip(x, dx))
    if isinstance(x, dict):
        return {key: moved(item, dx[key], h) for key, item in x.items()}
    return x if dx is None else type(x)(x + h * dx) if not isinstance(x, np.ndarray) else np.asarray(x + h * dx)


def central_differences(f: Callable[[Any], Any], x: Any, dx: Any, h: float = 1e-4) -> Any:
    """The derivative of f at `x` along `dx`, structures alike, by central differences of sixth order."""
    values = [f(moved(x, dx, i * h)) for i in (-3, -2, -1, 1, 2, 3)]
    weights = [-1 / 60, 9 / 60, -45 / 60, 45 / 60, -9 / 60, 1 / 60]
    return mapped(lambda *leaf: sum(np.multiply(w / h, part) for w, part in zip(weights, leaf)), *values)


def complex_step(f: Callable[[Any], Any], x: Any, dx: Any, h: float = 1e-30) -> Any:
    """The derivative of f, which is to be analytic and to accept complex numbers, at `x` along `dx`."""
    return np.imag(f(x + 1j * h * np.asarray(dx))) / h


def gradient_by_differences(f: Callable[[Any], float], x: Any, h: float = 1e-3) -> Any:
    """The gradient at `x`, a float or an array, of the number f(x)."""
    if isinstance(x, float):
        return float(central_differences(f, x, 1.0, h))
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        unit = np.zeros_like(x)
        unit[i] = 1.0
        gradient[i] = central_differences(f, x, unit, h)
    return gradient


def assert_close(got: Any, wanted: Any, rtol: float = 1e-7, atol: float = 1e-9) -> None:
    """The leaves of two structures agree; None on the left stands for zeros."""
    if isinstance(wanted, (list, tuple)):
        for i, part in enumerate(wanted):
            assert_close(None if got is None else got[i], part, rtol, atol)
    elif isinstance(wanted, dict):
        for key, part in wanted.items():
            assert_close(None if got is None else got[key], part, rtol, atol)
    elif wanted is not None:
        np.testing.assert_allclose(np.zeros(np.shape(wanted)) if got is None else got, wanted, rtol=rtol, atol=atol)


def assert_like(d_x: Any, x: Any) -> None:
    """An adjoint has the shapes, dtypes and types of what it belongs to; None fits everything."""
    if d_x is None:
        return
    if isinstance(x, (list, tuple)):
        assert len(d_x) == len(x)
        for part, item in zip(d_x, x):
            assert_like(part, item)
    elif isinstance(x, dict):
        assert d_x.keys() == x.keys()
        for key, item in x.items():
            assert_like(d_x[key], item)
    elif type(x) is float:
        assert type(d_x) is float, type(d_x)
    elif carries(x):
        assert np.shape(d_x) == np.shape(x), (np.shape(d_x), np.shape(x))
        assert d_x.dtype == x.dtype, (d_x.dtype, x.dtype)


def check_rule(tried: Case, seed: int = 0) -> None:
    """The rule of the case's primitive gives, at the case's arguments, what differences give.

    The tangent is compared with differences along a random direction and the adjoint with the tangent by the identity
    of the inner products; then shapes and dtypes, linearity, arguments left as they were, the adjoints asked for one by
    one, and float32.
    """
    rule = rule_for(tried.primitive)
    assert rule is not None and key_of(rule.primitive) == key_of(tried.primitive)
    rng = np.random.default_rng(seed)
    args, before = tried.args, copy.deepcopy(tried.args)
    y = tried(args)
    dots, seed_of_y = random_like(list(args), rng), random_like(y, rng)
    y_dot = as_tangent(rule)(y, tuple(args), tried.kwargs, tuple(dots))
    assert_close(y_dot, central_differences(tried, list(args), dots), 1e-6, 1e-8)
    assert_like(y_dot, y)
    given = tuple(range(len(args)))
    adjoints = as_pullback(rule, given)(seed_of_y, y, *args, **tried.kwargs)
    by_argument = _by_argument(rule, adjoints, args)
    assert_like(by_argument, list(args))
    np.testing.assert_allclose(inner(by_argument, dots), inner(y_dot, seed_of_y), rtol=1e-8, atol=1e-9)
    np.testing.assert_equal(args, before)
    _check_linear(rule, tried, y, seed_of_y, adjoints)
    _check_one_by_one(rule, tried, y, dots, y_dot, seed_of_y, adjoints)
    if tried.single:
        _check_single(rule, tried, seed_of_y, by_argument)


def _by_argument(rule: Rule, adjoints: tuple, args: list[Any]) -> list[Any]:
    """The adjoints of the arguments as they were given, `*operands` spread out."""
    template = rule.adjoint or rule.partials
    result: list[Any] = []
    for name, d_x in zip(positional_parameters(template), adjoints):
        if template.signature.parameters[name].kind.name == "VAR_POSITIONAL":
            result += d_x if d_x is not None else [None] * (len(args) - len(result))
        else:
            result.append(d_x)
    return result[:len(args)]


def _check_linear(rule: Rule, tried: Case, y: Any, seed_of_y: Any, adjoints: tuple) -> None:
    pullback = as_pullback(rule, tuple(range(len(tried.args))))
    doubled = pullback(mapped(lambda leaf: 2.0 * leaf, seed_of_y), y, *tried.args, **tried.kwargs)
    for once, twice in zip(adjoints, doubled):
        wanted = None if once is None else mapped(lambda leaf: 2.0 * leaf, once)
        assert_close(twice, wanted, 1e-9, 1e-12)


def _check_one_by_one(rule: Rule, tried: Case, y: Any, dots: list[Any], y_dot: Any, seed_of_y: Any,
                      adjoints: tuple) -> None:
    for i, d_x in enumerate(adjoints[:len(tried.args)]):
        alone = as_pullback(rule, (i,))(seed_of_y, y, *tried.args, **tried.kwargs)
        assert all(other is None for k, other in enumerate(alone) if k != i)
        assert_close(alone[i], d_x, 1e-12, 0.0)
    parts = []
    for i, dot in enumerate(dots):
        others = tuple(dot if k == i else None for k in range(len(dots)))
        part = as_tangent(rule)(y, tuple(tried.args), tried.kwargs, others)
        parts += [] if part is None else [part]
    if parts:
        total = mapped(lambda *leaf: sum(np.asarray(part) for part in leaf), *parts)
        assert_close(total, y_dot, 1e-7, 1e-10)


def _check_single(rule: Rule, tried: Case, seed_of_y: Any, by_argument: list[Any]) -> None:
    def halved(leaf: Any) -> Any:
        return leaf.astype(np.float32) if isinstance(leaf, (np.ndarray, np.floating)) else leaf
    args = [moved_to_single(arg, halved) for arg in tried.args]
    y = tried(args)
    adjoints = as_pullback(rule, tuple(range(len(args))))(moved_to_single(seed_of_y, halved), y, *args, **tried.kwargs)
    got = _by_argument(rule, adjoints, args)
    assert_like(got, args)
    assert_close(got, by_argument, 2e-3, 2e-3)


def moved_to_single(x: Any, halved: Callable[[Any], Any]) -> Any:
    """The structure with `halved` of its floating leaves."""
    if isinstance(x, (list, tuple)):
        return type(x)(moved_to_single(item, halved) for item in x) if type(x) in (list, tuple) else tuple(
            moved_to_single(item, halved) for item in x)
    if isinstance(x, dict):
        return {key: moved_to_single(item, halved) for key, item in x.items()}
    return halved(x) if carries(x) else x
