"""Sparse Jacobians: columns, or rows, that have no entry in common are found together, in one pass for each colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autodiff_src.api import ForwardPass, vjp
from autodiff_src.errors import ArgumentError, AutodiffError, UnsupportedError


class SparseJacobian:
    """Gives Jacobians as `scipy.sparse` arrays in CSR form, of shape (size of the result, size of the argument).

    `sparsity` is "detect", or an array or sparse array of that shape that is not zero where an entry may be. What is found of
    it, and the colours, serve all calls.
    """

    def __init__(self, sparsity: Any):
        self.sparse = _scipy_sparse()
        if isinstance(sparsity, str) and sparsity != "detect":
            raise ArgumentError(f"sparsity={sparsity!r}", fix='pass a pattern, or sparsity="detect"')
        self.detects = isinstance(sparsity, str)
        self.pattern = None if self.detects else _Pattern.of(self.sparse.coo_array(sparsity))

    def at(self, f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, mode: str) -> Any:
        forward = _forward(f, args, wrt, required=mode == "forward" or self.detects)
        if self.pattern is None:
            assert forward is not None
            self.pattern = _detected(forward)
        jacobian = self._jacobian(f, args, wrt, mode, forward, self.pattern)
        if forward is not None and not _fits(jacobian, forward):
            if not self.detects:
                raise ArgumentError("the pattern leaves out entries of the Jacobian",
                                    fix='add them, or pass sparsity="detect"')
            self.pattern = _detected(forward)  # `f` goes another way here than when it was found
            jacobian = self._jacobian(f, args, wrt, mode, forward, self.pattern)
        return jacobian

    def _jacobian(self, f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, mode: str, forward: ForwardPass | None,
                  pattern: _Pattern) -> Any:
        rows, columns, shape = pattern.rows, pattern.columns, pattern.shape
        if forward is not None and (mode == "forward" or mode == "auto" and pattern.fewer_columns):
            data = _from_tangents(forward, pattern.of_columns, shape)[rows, pattern.of_columns[columns]]
        else:
            data = _from_cotangents(f, args, wrt, pattern.of_rows, shape)[columns, pattern.of_rows[rows]]
        return self.sparse.csr_array((data, (rows, columns)), shape=shape)


@dataclass(frozen=True)
class _Pattern:
    """The places where entries may be; colours of columns and of rows."""

    rows: np.ndarray
    columns: np.ndarray
    shape: tuple[int, ...]

    @classmethod
    def of(cls, given: Any) -> _Pattern:
        return cls(given.row, given.col, given.shape)

    @cached_property
    def of_columns(self) -> np.ndarray:
        return colours(self.rows, self.columns, self.shape)

    @cached_property
    def of_rows(self) -> np.ndarray:
        return colours(self.columns, self.rows, self.shape[::-1])

    @cached_property
    def fewer_columns(self) -> bool:
        """Have the columns no more colours than the rows?"""
        return bool(self.of_columns.max(initial=-1) <= self.of_rows.max(initial=-1))


def _scipy_sparse() -> Any:
    try:
        import scipy.sparse
    except ImportError:
        raise ArgumentError("sparse Jacobians need SciPy", fix="pip install scipy, or leave sparsity out") from None
    return scipy.sparse


def _forward(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, required: bool) -> ForwardPass | None:
    """The pass that is run for each colour of columns, where nobody can notice; None where only a pullback will do."""
    try:
        forward = ForwardPass(f, args, (wrt,))
        if not isinstance(forward.primals[0], np.ndarray):
            raise ArgumentError("a sparse Jacobian is one with respect to an array", fix="leave sparsity out")
        if not forward.text.derived.silent:
            raise UnsupportedError(
                f"{getattr(f, '__name__', 'f')} prints, draws, writes or calls what may: it cannot run once for each colour",
                fix='pass a pattern, and mode="reverse"')
    except AutodiffError as error:
        if required or isinstance(error, ArgumentError):
            raise
        return None
    return forward


def _detected(forward: ForwardPass) -> _Pattern:
    """Where the Jacobian may have entries: what a tangent of NaN reaches, in one pass for each element of the argument."""
    x = forward.primals[0]
    rows, columns = [], []
    size = int(np.size(_array(forward.along([None])[0])))

    def seed(j: int) -> list[np.ndarray]:
        return [np.where(np.arange(x.size) == j, np.nan, 0.0).astype(x.dtype).reshape(x.shape)]

    with np.errstate(all="ignore"):
        for j, (_, y_dot) in enumerate(forward.along_all(map(seed, range(x.size)))):
            reached = np.flatnonzero(np.isnan(_array(y_dot)))
            rows.append(reached)
            columns.append(np.full(reached.size, j))
    none = [np.zeros(0, int)]
    return _Pattern(np.concatenate(none + rows), np.concatenate(none + columns), (size, x.size))


def _array(y: Any) -> np.ndarray:
    if isinstance(y, (list, tuple, dict)) or y is None:
        raise ArgumentError(f"a sparse Jacobian is one of an array, not of a {type(y).__name__}", fix="leave sparsity out")
    return np.ravel(y)


def colours(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A colour for each column, such that no two columns of a colour have an entry in the same row.

    The greedy algorithm of Curtis, Powell and Reid (1974), columns with the most entries first.
    """
    by_row: list[list[int]] = [[] for _ in range(shape[0])]
    by_column: list[list[int]] = [[] for _ in range(shape[1])]
    for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
        by_row[i].append(j)
        by_column[j].append(i)
    found = [-1] * shape[1]
    for j in sorted(range(shape[1]), key=lambda j: -len(by_column[j])):
        taken = {found[k] for i in by_column[j] for k in by_row[i]}
        colour = 0
        while colour in taken:
            colour += 1
        found[j] = colour
    return np.array(found, dtype=int)


def _from_tangents(forward: ForwardPass, colour: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """For each colour the sum of its columns, beside one another."""
    x = forward.primals[0]
    if x.size != shape[1]:
        raise _misfit(shape, f"{x.size} columns, one for each element of the argument")
    sums = []
    seeds = ([(colour == c).astype(x.dtype).reshape(x.shape)] for c in range(colour.max(initial=-1) + 1))
    for _, found in forward.along_all(seeds):
        y_dot = _array(found)
        if y_dot.size != shape[0]:
            raise _misfit(shape, f"{y_dot.size} rows, one for each element of the result")
        sums.append(y_dot)
    return np.stack(sums, 1) if sums else np.zeros((shape[0], 0))


def _from_cotangents(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, colour: np.ndarray,
                     shape: tuple[int, ...]) -> np.ndarray:
    y, pullback = vjp(f, *args, wrt=(wrt,))
    if _array(y).size != shape[0]:
        raise _misfit(shape, f"{_array(y).size} rows, one for each element of the result")
    sums = []
    for c in range(colour.max(initial=-1) + 1):
        seed = (colour == c).astype(float)
        gradient, = pullback(seed.astype(y.dtype).reshape(y.shape) if isinstance(y, np.ndarray) else float(seed[0]))
        if np.size(gradient) != shape[1]:
            raise _misfit(shape, f"{np.size(gradient)} columns, one for each element of the argument")
        sums.append(np.ravel(gradient))
    return np.stack(sums, 1) if sums else np.zeros((shape[1], 0))


def _fits(jacobian: Any, forward: ForwardPass) -> bool:
    """Does the Jacobian hold all entries? Along a random direction the product is another if not."""
    x = forward.primals[0]
    direction = np.random.default_rng(0).normal(size=x.size).astype(x.dtype)
    expected = _array(forward.along([direction.reshape(x.shape)])[1])
    found = jacobian @ direction
    scale = abs(jacobian) @ abs(direction) + abs(expected)
    rounding = np.finfo(np.result_type(found, expected, np.float32)).eps ** 0.5
    return not np.any(np.isfinite(expected) & (abs(found - expected) > rounding * scale))


def _misfit(shape: tuple[int, ...], wanted: str) -> ArgumentError:
    return ArgumentError(f"the pattern has shape {shape}, and is to have {wanted}", fix="pass a pattern of that shape")
