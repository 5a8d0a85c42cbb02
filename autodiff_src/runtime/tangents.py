"""Tangents of values as generated code holds them, made of what the caller gives.

A number has a number, an array an array; of a list or a tuple they are a list or a tuple of tangents, of a dict a dict, of an
object a dict of those of its attributes. A leaf that is no number has None. One array in two places has one tangent.
"""
from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError
from autodiff_src.runtime.adjoints import check_dtype, check_held
from autodiff_src.runtime.batches import Batch
from autodiff_src.runtime.libraries import check_alike, dtype_of, library_of, like
from autodiff_src.runtime.objects import Path, attributes, attributes_with_defaults, is_plain_class
from autodiff_src.runtime.results import gradient_like


def zero_tangent(x: Any, names: Collection[str] | None = None) -> Any:
    """Zeros in the structure of `x`; of objects for the attributes in `names`, for all if it is None."""
    return _Entry("", names).tangent(x, None)


def entry_tangent(x: Any, x_dot: Any, title: str = "the tangent") -> Any:
    """The tangent of `x` in memory of its own. A None in `x_dot`, at any depth, stands for zeros.

    Raises ArgumentError where the structure or the shapes differ; `title` names the tangent then. Raises UnsupportedError
    for what holds numbers and has no tangent.
    """
    return _Entry(title).tangent(x, x_dot)


class _Entry:
    def __init__(self, title: str, names: Collection[str] | None = None):
        self.title, self.names = title, names
        self.made: dict[int, tuple[Any, Any]] = {}

    def tangent(self, x: Any, x_dot: Any) -> Any:
        if isinstance(x, (bool, int, float, complex, np.generic)):
            return self._number(x, x_dot)
        if id(x) in self.made:
            return self.made[id(x)][1]
        if isinstance(x, np.ndarray):
            made: Any = self._array(x, x_dot)
        elif library_of(x) is not None:
            made = self._library_array(x, x_dot)
        elif isinstance(x, (list, tuple)):
            made = self._sequence(x, x_dot)
        elif isinstance(x, dict) and "__builtins__" in x:
            return {}  # a module's names may hold anything; of what is stored there nothing is read
        elif isinstance(x, dict) or is_plain_class(type(x)):
            made = {}
        else:
            check_held(x)
            return None
        self.made[id(x)] = x, made
        if isinstance(made, dict):
            self._fill(made, x if isinstance(x, dict) else attributes_with_defaults(x, self.names), x_dot)
        return made

    def _number(self, x: Any, x_dot: Any) -> Any:
        if isinstance(x_dot, Batch):
            return x_dot
        if x_dot is None:
            x_dot = 0.0
        if np.ndim(x_dot) or isinstance(x_dot, (list, tuple, dict, str)):
            raise self._mismatch(x_dot, "a number")
        if np.iscomplexobj(x_dot) and not np.iscomplexobj(x):
            raise self._mismatch(x_dot, "a real number")
        return type(x)(x_dot) if isinstance(x, (float, complex, np.inexact)) else float(x_dot)

    def _array(self, x: np.ndarray, x_dot: Any) -> Any:
        check_dtype(x)
        if isinstance(x_dot, Batch) and x.ndim:
            return x_dot
        made = np.zeros_like(x, dtype=x.dtype if x.dtype.kind in "fc" else float, subok=False)
        if x_dot is not None:
            if np.shape(x_dot) != x.shape:
                raise self._mismatch(x_dot, f"an array of shape {x.shape}")
            if np.iscomplexobj(x_dot) and not np.iscomplexobj(x):
                raise self._mismatch(x_dot, "an array of real numbers")
            made[...] = x_dot
        return made

    def _library_array(self, x: Any, x_dot: Any) -> Any:
        if dtype_of(x).kind != "f":
            return None
        if x_dot is None or isinstance(x_dot, (int, float)) and not x.shape:
            return like(x, 0.0 if x_dot is None else x_dot)
        check_alike(x_dot, x, self.title)
        return like(x, x_dot)

    def _sequence(self, x: Any, x_dot: Any) -> Any:
        parts = [None] * len(x) if x_dot is None else x_dot
        if not isinstance(parts, (list, tuple, np.ndarray)) or len(parts) != len(x):
            raise self._mismatch(x_dot, f"a {type(x).__name__} of {len(x)} tangents")
        items = [self.tangent(item, part) for item, part in zip(x, parts, strict=True)]
        return items if isinstance(x, list) else tuple(items)

    def _fill(self, made: dict, held: dict, x_dot: Any) -> None:
        parts = {} if x_dot is None else x_dot if isinstance(x_dot, dict) else attributes(x_dot)
        if not isinstance(parts, dict) or set(parts) - set(held):
            raise self._mismatch(x_dot, f"tangents of {', '.join(map(repr, held))}")
        for key, item in held.items():
            made[key] = self.tangent(item, parts.get(key))

    def _mismatch(self, x_dot: Any, wanted: str) -> ArgumentError:
        what = f"an array of shape {np.shape(x_dot)}" if isinstance(x_dot, np.ndarray) else f"{x_dot!r}"[:60]
        return ArgumentError(f"{self.title} has {what} where {wanted} belongs", fix="give it the structure of its primal")


def tangent_like(y_dot: Any, y: Any) -> Any:
    """The tangent of a result in the result's own structure, class and dtype, sharing memory with nothing; None for what
    carries no derivative, and 0.0 for a result that is a whole number."""
    if isinstance(y, (bool, int, np.integer, np.bool_)):
        return 0.0
    return gradient_like(y_dot, y)


def tangents_by_parameter(
    places: Sequence[tuple[str, Path]], tangents: Sequence[Any], primals: dict[str, Any]
) -> dict[str, Any]:
    """The tangents of what paths lead to, put together to one for each parameter, with None for all the rest."""
    found: dict[str, Any] = {}
    for (p, path), tangent in zip(places, tangents, strict=True):
        found[p] = _with_part(found.get(p), primals[p], path, tangent)
    return found


def _with_part(whole: Any, x: Any, path: Path, tangent: Any) -> Any:
    if not path:
        return tangent
    (how, key), rest = path[0], path[1:]
    if how == ".":
        whole = {} if whole is None else whole
        whole[key] = _with_part(whole.get(key), getattr(x, str(key)), rest, tangent)
    elif isinstance(x, dict):
        whole = {} if whole is None else whole
        whole[key] = _with_part(whole.get(key), x[key], rest, tangent)
    else:
        whole = [None] * len(x) if whole is None else whole
        whole[key] = _with_part(whole[key], x[key], rest, tangent)  # type: ignore[index]
    return whole
