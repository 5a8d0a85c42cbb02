"""The kinds of products of arrays: dot, matmul, outer, tensordot, einsum."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import Axis, Shape, broadcast_axes, broadcast_shapes, product
from autodiff_src.analyze.kinds import Array, Kind, Known
from autodiff_src.analyze.samples import Undecided, as_array, literal, shaped_result


def shape_of(kind: Kind) -> Shape:
    """The shape of a value as an array; raises Undecided if its rank is not known."""
    shape = as_array(kind).shape
    if shape is None:
        raise Undecided
    return shape


def matmul_kind(a: Kind, b: Kind) -> Kind:
    """The kind of `a @ b`, of arrays or sequences; raises Undecided."""
    x, y = shape_of(a), shape_of(b)
    if not x or not y:
        raise Undecided
    batch = broadcast_shapes([x[:-2], y[:-2]])
    shape = batch + x[-2:-1] + (y[-1:] if len(y) > 1 else ())
    return shaped_result(np.matmul, (a, b), shape)


def dot_kind(function: Callable[..., Any], a: Kind, b: Kind) -> Kind:
    """`np.dot` and `np.inner`, which differ in the axis of `b` that is summed."""
    first, second = as_array(a), as_array(b)
    if first.shape is None and (second.ndim or 0) > 1 and first.dtype is not None and second.dtype is not None:
        return Array(np.result_type(first.dtype, second.dtype), None)
    x, y = shape_of(a), shape_of(b)
    if not x or not y:
        return shaped_result(function, (a, b), x or y)
    rest = y[:-1] if function is np.inner else y[:-2] + y[-1:] if len(y) > 1 else ()
    return shaped_result(function, (a, b), x[:-1] + rest)


def tensordot_kind(a: Kind, b: Kind, axes: Kind) -> Kind:
    x, y, summed = shape_of(a), shape_of(b), literal(axes)
    if isinstance(summed, int):
        shape = x[:len(x) - summed] + y[summed:]
    else:
        first, second = (_axes(side, len(shape)) for side, shape in zip(summed, (x, y)))
        shape = _without(x, first) + _without(y, second)
    return shaped_result(np.tensordot, (a, b), shape, axes=summed)


def _axes(axes: int | tuple[int, ...], ndim: int) -> set[int]:
    return {axis % ndim for axis in (axes if isinstance(axes, tuple) else (axes,))}


def _without(shape: Shape, axes: set[int]) -> Shape:
    return tuple(axis for i, axis in enumerate(shape) if i not in axes)


def outer_kind(a: Kind, b: Kind) -> Kind:
    return shaped_result(np.outer, (a, b), (product(shape_of(a)), product(shape_of(b))))


def kron_kind(a: Kind, b: Kind) -> Kind:
    x, y = shape_of(a), shape_of(b)
    ndim = max(len(x), len(y))
    pairs = zip((1,) * (ndim - len(x)) + x, (1,) * (ndim - len(y)) + y)
    return shaped_result(np.kron, (a, b), tuple(map(product, pairs)))


def einsum_kind(subscripts: Kind, *operands: Kind) -> Kind:
    """`np.einsum` with a literal text of subscripts; an ellipsis is left undecided."""
    text = literal(subscripts)
    if not isinstance(text, str) or "." in text:
        raise Undecided
    inputs, arrow, output = text.replace(" ", "").partition("->")
    if not arrow:
        output = "".join(sorted(c for c in set(inputs) - {","} if inputs.count(c) == 1))
    lengths: dict[str, Axis] = {}
    for letters, operand in zip(inputs.split(","), operands):
        for letter, axis in zip(letters, shape_of(operand), strict=True):
            lengths[letter] = broadcast_axes(lengths[letter], axis) if letter in lengths else axis
    shape = tuple(lengths[letter] for letter in output)
    return shaped_result(np.einsum, (Known(text), *operands), shape)
