"""What NumPy's functions give of batches, all members at once."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.runtime.batches import METHODS, RULES, Batch, aligned, counts, holds_batches, looped


def _matmul(a: Any, b: Any) -> Any:
    first, second = np.ndim(a) == 1, np.ndim(b) == 1
    x = a[None, :] if first else a
    y = b[:, None] if second else b
    ndim = max(np.ndim(x), np.ndim(y))
    made = np.matmul(*(aligned(z, ndim) if isinstance(z, Batch) else z for z in (x, y)))
    made = made[..., 0, :] if first else made
    return Batch(made[..., 0] if second else made)


def _axes(x: Batch, axis: Any) -> Any:
    """Axes of a member as axes of the data; all for None."""
    if axis is None:
        return tuple(range(1, x.ndim + 1))
    return tuple(a % x.ndim + 1 for a in axis) if isinstance(axis, tuple) else axis % x.ndim + 1


def _reduction(function: Callable[..., Any]) -> Callable[..., Any]:
    def reduced(a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False, **rest: Any) -> Any:
        if rest:
            return NotImplemented
        if not a.ndim:
            return a if axis in (None, ()) else NotImplemented
        return Batch(function(a.data, axis=_axes(a, axis), dtype=dtype, keepdims=bool(keepdims)))
    return reduced


def _cumsum(a: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    data = a.data.reshape(len(a.data), -1) if axis is None else a.data
    return Batch(np.cumsum(data, axis=1 if axis is None else _axes(a, axis), dtype=dtype))


def _reshape(a: Any, *shape: Any, order: str = "C", **rest: Any) -> Any:
    if rest or order != "C":
        return looped(np.reshape, (a, *shape), {"order": order, **rest})
    new = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    if -1 in new:
        known = -int(np.prod(new))
        new = tuple(a.size // max(known, 1) if n == -1 else n for n in new)
    return Batch(a.data.reshape(len(a.data), *new))


def _transpose(a: Any, *axes: Any) -> Any:
    given = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))) else axes or None
    order = range(a.ndim)[::-1] if given is None else [k % a.ndim for k in given]
    return Batch(a.data.transpose(0, *(k + 1 for k in order)))


def _squeeze(a: Any, axis: Any = None) -> Any:
    narrow = tuple(i + 1 for i, n in enumerate(a.shape) if n == 1)
    return Batch(np.squeeze(a.data, axis=narrow if axis is None else _axes(a, axis)))


def _expand_dims(a: Any, axis: Any) -> Any:
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    ndim = a.ndim + len(axes)
    return Batch(np.expand_dims(a.data, tuple(k % ndim + 1 for k in axes)))


def _broadcast_to(a: Any, shape: Any, **_: Any) -> Any:
    new = shape if isinstance(shape, (tuple, list)) else (shape,)
    return Batch(np.broadcast_to(aligned(a, len(new)), (len(a.data), *new)))


def _where(condition: Any, x: Any, y: Any) -> Any:
    given = condition, x, y
    ndim = max(map(np.ndim, given))
    return Batch(np.where(*(aligned(z, ndim) if isinstance(z, Batch) else z for z in given)))


def _everywhere(items: Any) -> tuple[list[np.ndarray], int]:
    """The data of batches; arrays repeated for each member."""
    count = next(counts(list(items)))
    data = [z.data if isinstance(z, Batch) else np.broadcast_to(z, (count, *np.shape(z))) for z in items]
    return data, data[0].ndim - 1


def _concatenate(arrays: Any, axis: Any = 0, **rest: Any) -> Any:
    if rest or axis is None:
        return NotImplemented
    data, ndim = _everywhere(arrays)
    return Batch(np.concatenate(data, axis=axis % ndim + 1))


def _stack(arrays: Any, axis: int = 0, **rest: Any) -> Any:
    if rest:
        return NotImplemented
    data, ndim = _everywhere(arrays)
    return Batch(np.stack(data, axis=axis % (ndim + 1) + 1))


def _dot(a: Any, b: Any, out: Any = None) -> Any:
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    return _matmul(a, b) if np.ndim(b) < 3 else NotImplemented


def _outer(a: Any, b: Any, out: Any = None) -> Any:
    return np.reshape(a, -1)[:, None] * np.reshape(b, -1)[None, :]


def _take(a: Any, indices: Any, axis: Any = None, **rest: Any) -> Any:
    if rest or not isinstance(a, Batch) or isinstance(indices, Batch):
        return NotImplemented
    data = a.data.reshape(len(a.data), -1) if axis is None else a.data
    return Batch(np.take(data, indices, axis=1 if axis is None else _axes(a, axis)))


def _einsum(subscripts: Any, *operands: Any, **rest: Any) -> Any:
    if rest or not isinstance(subscripts, str) or "." in subscripts:
        return NotImplemented
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    if not arrow:
        output = "".join(sorted(c for c in set(inputs) - {","} if inputs.count(c) == 1))
    extra = next(c for c in "ZYXWVUTSRQPONMLKJIHGFEDCBAzyxwvutsrqponmlkjihgfedcba" if c not in inputs)
    terms = [extra + term if isinstance(x, Batch) else term for term, x in zip(inputs.split(","), operands, strict=True)]
    return Batch(np.einsum(",".join(terms) + "->" + extra + output, *(x.data if isinstance(x, Batch) else x for x in operands)))


def _solve(a: Any, b: Any) -> Any:
    if isinstance(a, Batch) or np.ndim(a) != 2 or b.ndim > 2:
        return NotImplemented
    if b.ndim == 1:
        return Batch(np.linalg.solve(a, b.data.T).T)
    return Batch(np.linalg.solve(a, b.data))


def _of_data(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda a, **rest: NotImplemented if rest else Batch(function(a.data))


def _astype(a: Any, dtype: Any, **_: Any) -> Any:
    return Batch(a.data.astype(dtype))


def _array_of(x: Any) -> Any:
    """`np.array` of a batch, or of a sequence that holds some."""
    if isinstance(x, Batch):
        return Batch(x.data.copy())
    return _stack([_array_of(item) if holds_batches(item) else np.asarray(item) for item in x])


def _sequences(function: Callable[..., Any]) -> Callable[..., Any]:
    def made(x: Any, dtype: Any = None, **rest: Any) -> Any:
        if not holds_batches(x):
            return function(x, dtype, **rest)
        array = x if isinstance(x, Batch) and function is not np.array else _array_of(x)
        return array if dtype is None else _astype(array, dtype)
    return made


def _full_like(a: Any, fill_value: Any, dtype: Any = None, **rest: Any) -> Any:
    if not isinstance(fill_value, Batch):
        return np.full_like(a, fill_value, dtype, **rest)
    dtype = dtype or (a.dtype if hasattr(a, "dtype") else np.result_type(a))
    return Batch(np.broadcast_to(aligned(fill_value, np.ndim(a)), (len(fill_value.data), *np.shape(a))).astype(dtype))


class _NumPy:
    """NumPy, whose functions that make arrays of what they are given see batches in it."""

    full_like = staticmethod(_full_like)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


RULES.update({
    np.sum: _reduction(np.sum), np.mean: _reduction(np.mean), np.cumsum: _cumsum, np.reshape: _reshape,
    np.ravel: lambda a, order="C": _reshape(a, -1, order=order), np.transpose: _transpose, np.squeeze: _squeeze,
    np.expand_dims: _expand_dims, np.broadcast_to: _broadcast_to, np.where: _where, np.concatenate: _concatenate,
    np.stack: _stack, np.dot: _dot, np.outer: _outer, np.take: _take, np.einsum: _einsum, np.linalg.solve: _solve,
    np.copy: _of_data(np.copy), np.zeros_like: _of_data(np.zeros_like), np.conjugate: _of_data(np.conjugate),
    np.real: _of_data(np.real), np.imag: _of_data(np.imag),
    np.shape: lambda a: a.shape, np.ndim: lambda a: a.ndim,
    np.size: lambda a, axis=None: a.size if axis is None else a.shape[axis],
    np.iscomplexobj: lambda a: np.iscomplexobj(a.data), np.swapaxes: lambda a, first, second: Batch(
        np.swapaxes(a.data, first % a.ndim + 1, second % a.ndim + 1)), np.matmul: _matmul,
})
METHODS.update({
    **{name: getattr(np, name) for name in ("sum", "mean", "cumsum", "ravel", "squeeze", "dot", "swapaxes", "take")},
    "copy": lambda a, order="C": Batch(a.data.copy()), "reshape": _reshape, "transpose": _transpose,
    "astype": _astype, "flatten": lambda a: np.ravel(a).copy(),
    "conj": np.conjugate, "conjugate": np.conjugate})
OF_SEQUENCES = (np.array, np.asarray, np.asanyarray)
NUMPY = _NumPy()
for _function in OF_SEQUENCES:
    setattr(NUMPY, _function.__name__, _sequences(_function))
