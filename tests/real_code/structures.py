"""Numbers inside arguments and results: what can be moved, and what comes of it."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


def is_inexact(x: Any) -> bool:
    return isinstance(x, (float, complex, np.inexact)) or isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def is_float(x: Any) -> bool:
    return is_inexact(x) and np.asarray(x).dtype.kind == "f"


def mapped(change: Callable[[Any], Any], x: Any) -> Any:
    """The structure with `change` applied to its numbers; other leaves stay."""
    if isinstance(x, tuple) and hasattr(x, "_fields"):
        return type(x)(*(mapped(change, item) for item in x))
    if type(x) in (list, tuple):
        return type(x)(mapped(change, item) for item in x)
    if type(x) is dict:
        return {key: mapped(change, item) for key, item in x.items()}
    return change(x) if is_inexact(x) else x


def numbers(x: Any) -> Iterator[Any]:
    """The numbers and arrays of floats or complex numbers in a structure, in order."""
    if isinstance(x, (list, tuple)):
        for item in x:
            yield from numbers(item)
    elif isinstance(x, dict):
        for item in x.values():
            yield from numbers(item)
    elif is_inexact(x):
        yield x


def carries(x: Any) -> bool:
    """Is there a number in it, none of them complex?"""
    found = list(numbers(x))
    return any(np.size(leaf) for leaf in found) and all(map(is_float, found))


def with_floats(x: Any) -> Any:
    """The structure with its integers as floats."""
    if type(x) in (list, tuple):
        return type(x)(map(with_floats, x))
    if type(x) is dict:
        return {key: with_floats(item) for key, item in x.items()}
    if type(x) is int:
        return float(x)
    return x.astype(float) if isinstance(x, (np.ndarray, np.integer)) and x.dtype.kind in "iu" else x


def direction(x: Any, random: np.random.Generator) -> Any:
    """Random numbers of the same structure: of the size of each entry, or of 1 for a zero, 0 for one that is not finite."""
    def made(leaf: Any) -> Any:
        size = np.where(np.asarray(leaf) == 0, 1.0, np.where(np.isfinite(leaf), np.abs(leaf), 0.0))
        part = random.uniform(0.5, 1.0, np.shape(leaf)) * random.choice([-1.0, 1.0], np.shape(leaf)) * size
        part = part.astype(np.asarray(leaf).dtype)
        return part if isinstance(leaf, np.ndarray) else type(leaf)(part)
    return mapped(made, x)


def seed(y: Any, random: np.random.Generator) -> Any:
    """Random weights of the numbers in a result, complex where these are."""
    def made(leaf: Any) -> Any:
        part = random.uniform(0.5, 1.5, np.shape(leaf)).astype(np.asarray(leaf).dtype)
        if np.iscomplexobj(leaf):
            part = part + 1j * random.uniform(0.5, 1.5, np.shape(leaf))
        return part if isinstance(leaf, np.ndarray) else type(leaf)(part)
    return mapped(made, y)


def product(a: Any, b: Any) -> float:
    """The real part of the sum of the products of the numbers in two structures that agree; where `a` is 0, `b` is not read."""
    pairs = zip(numbers(a), numbers(b), strict=True)
    return float(sum(np.real(np.sum(np.multiply(u, np.where(np.equal(u, 0), 0, v)))) for u, v in pairs))


def moved(x: Any, along: Any, step: float) -> Any:
    """x + step * along, of the same types."""
    steps = numbers(along)

    def made(leaf: Any) -> Any:
        new = leaf + step * next(steps)
        return np.asarray(new, leaf.dtype).reshape(leaf.shape) if isinstance(leaf, np.ndarray) else type(leaf)(new)
    return mapped(made, x)


def same(a: Any, b: Any) -> bool:
    """Are two results equal up to rounding?"""
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (np.ndarray, np.generic, float, int, complex)) and not isinstance(a, (np.str_, np.bytes_)):
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape or a.dtype.kind != b.dtype.kind:
            return False
        return bool(np.allclose(a, b, rtol=1e-9, atol=1e-300, equal_nan=True)) if a.dtype.kind in "fciub" else True
    return True
