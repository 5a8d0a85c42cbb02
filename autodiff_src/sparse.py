"""Sparse Jacobians: columns, or rows, that have no entry in common are found together, in one pass for each colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.api import ForwardPass, vjp
from autodiff_src.errors import ArgumentError, AutodiffError, UnsupportedError


def sparse_jacobian(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any, mode: str, sparsity: Any) -> Any:
    """The Jacobian as a `scipy.sparse` array in CSR form, of shape (size of the result, size of the argument).

    `sparsity` is "detect", or an array or sparse array of that shape that is not zero where an entry may be.
    """
    scipy_sparse = _scipy_sparse()
    forward = _forward(f, args, wrt, required=mode == "forward" or isinstance(sparsity, str))
    if isinstance(sparsity, str):
        assert forward is not None
        rows, columns, shape = _detected(forward, sparsity)
    else:
        found = scipy_sparse.coo_array(sparsity)
        rows, columns, shape = found.row, found.col, found.shape
    by_columns = colours(rows, columns, shape) if forward is not None else None
    by_rows = colours(columns, rows, shape[::-1]) if mode != "forward" else None
    if by_rows is None or by_columns is not None and by_columns.max(initial=-1) <= by_rows.max(initial=-1):
        assert forward is not None and by_columns is not None
        data = _from_tangents(forward, by_columns, shape)[rows, by_columns[columns]]
    else:
        data = _from_cotangents(f, args, wrt, by_rows, shape)[columns, by_rows[rows]]
    jacobian = scipy_sparse.csr_array((data, (rows, columns)), shape=shape)
    if forward is not None:
        _check(jacobian, forward)
    return jacobian


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


def _detected(forward: ForwardPass, sparsity: str) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Where the Jacobian may have entries: what a tangent of NaN reaches, in one pass for each element of the argument."""
    if sparsity != "detect":
        raise ArgumentError(f"sparsity={sparsity!r}", fix='pass a pattern, or sparsity="detect"')
    x = forward.primals[0]
    rows, columns = [], []
    size = int(np.size(_array(forward.along([None])[0])))
    for j in range(x.size):
        seed = np.zeros(x.size, x.dtype)
        seed[j] = np.nan
        with np.errstate(all="ignore"):
            reached = np.flatnonzero(np.isnan(_array(forward.along([seed.reshape(x.shape)])[1])))
        rows.append(reached)
        columns.append(np.full(reached.size, j))
    none = [np.zeros(0, int)]
    return np.concatenate(none + rows), np.concatenate(none + columns), (size, x.size)


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
    for c in range(colour.max(initial=-1) + 1):
        y_dot = _array(forward.along([(colour == c).astype(x.dtype).reshape(x.shape)])[1])
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


def _check(jacobian: Any, forward: ForwardPass) -> None:
    """Raises ArgumentError where the pattern left entries out: along a random direction the product is another then."""
    x = forward.primals[0]
    direction = np.random.default_rng(0).normal(size=x.size).astype(x.dtype)
    expected = _array(forward.along([direction.reshape(x.shape)])[1])
    found = jacobian @ direction
    scale = abs(jacobian) @ abs(direction) + abs(expected)
    rounding = np.finfo(np.result_type(found, expected, np.float32)).eps ** 0.5
    wrong = np.flatnonzero(np.isfinite(expected) & (abs(found - expected) > rounding * scale))
    if wrong.size:
        raise ArgumentError(f"the pattern leaves out entries of the Jacobian, in row {wrong[0]} for one",
                            fix='add them, or pass sparsity="detect"')


def _misfit(shape: tuple[int, ...], wanted: str) -> ArgumentError:
    return ArgumentError(f"the pattern has shape {shape}, and is to have {wanted}", fix="pass a pattern of that shape")
