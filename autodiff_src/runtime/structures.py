"""The numbers and arrays in values of any structure: lists, tuples, dicts and objects of users' classes."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff_src.runtime.objects import attributes, bare, is_plain_class


def leaves(x: Any) -> list[Any]:
    """The floats and arrays of floats in `x`, in order."""
    if isinstance(x, (list, tuple)):
        return [leaf for item in x for leaf in leaves(item)]
    if isinstance(x, dict):
        return [leaf for item in x.values() for leaf in leaves(item)]
    if is_plain_class(type(x)):
        return leaves(attributes(x))
    return [x] if _carries(x) else []


def rebuilt(x: Any, new: Iterator[Any], plain: bool = False, keep: bool = False) -> Any:
    """The structure of `x` with each of its leaves replaced by the next of `new`, and None for what is no leaf, or that
    itself if `keep`. `plain`: a list for each sequence and a dict for each object, as adjoints are held."""
    if isinstance(x, (list, tuple)):
        items = [rebuilt(item, new, plain, keep) for item in x]
        return items if plain or type(x) is list else type(x)(*items) if hasattr(x, "_fields") else type(x)(items)
    if isinstance(x, dict):
        return {key: rebuilt(item, new, plain, keep) for key, item in x.items()}
    if is_plain_class(type(x)):
        held = {n: rebuilt(item, new, plain, keep) for n, item in attributes(x).items()}
        return held if plain else _object(type(x), held)
    return next(new) if _carries(x) else x if keep else None


def units(x: Any, plain: bool = False) -> Iterator[Any]:
    """The unit directions of the space that `x` is in, one after the other."""
    flat = leaves(x)
    for i, leaf in enumerate(flat):
        for k in np.ndindex(np.shape(leaf)):
            parts = [_zero(other) for other in flat]
            if isinstance(leaf, np.ndarray):
                parts[i][k] = 1.0
            else:
                parts[i] = 1.0
            yield rebuilt(x, iter(parts), plain)


def zeros(x: Any, plain: bool = False) -> Any:
    """`x` with zeros for its leaves; `plain` as for `rebuilt`."""
    return rebuilt(x, map(_zero, leaves(x)), plain)


def _zero(leaf: Any) -> Any:
    return np.zeros_like(leaf) if isinstance(leaf, np.ndarray) else 0.0


def size(x: Any) -> int:
    return sum(int(np.size(leaf)) for leaf in leaves(x))


def _carries(x: Any) -> bool:
    return isinstance(x, (float, np.inexact)) or isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def _object(cls: type, held: dict[str, Any]) -> Any:
    new = bare(cls)
    for n, item in held.items():
        object.__setattr__(new, n, item)
    return new
