"""The kinds of arrays laid out anew: reshaped, transposed, joined, split, repeated, picked from."""
from __future__ import annotations

import math
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import Axis, Shape, broadcast_shapes, is_natural, product, total
from autodiff_src.analyze.creation_kinds import LAST, NONE, ONE, ZERO, KindFunction, shape_from
from autodiff_src.analyze.kinds import Array, Int, Kind, Known, Length, List, Scalar, Tuple
from autodiff_src.analyze.product_kinds import shape_of
from autodiff_src.analyze.samples import Undecided, as_array, common_dtype, is_none, literal, shaped_result
from autodiff_src.runtime import index_joins

XY = Known("xy")


def _normal(axis: int, ndim: int) -> int:
    if not -ndim <= axis < ndim:
        raise Undecided
    return axis % ndim


def axes_from(kind: Kind, ndim: int) -> tuple[int, ...]:
    """The axes, counted from 0, that an argument `axis` names; all of them for None."""
    axes = literal(kind)
    if axes is None:
        return tuple(range(ndim))
    return tuple(_normal(axis, ndim) for axis in (axes if isinstance(axes, tuple) else (axes,)))


def reduced(shape: Shape, axis: Kind, keepdims: bool) -> Shape:
    """The shape that is left of `shape`."""
    gone = axes_from(axis, len(shape)) if shape else ()
    return tuple(1 if i in gone else n for i, n in enumerate(shape) if keepdims or i not in gone)


def _replaced(shape: Shape, at: int, axis: Axis) -> Shape:
    return shape[:at] + (axis,) + shape[at + 1:]


def reshape_kind(a: Kind, shape: Kind, order: Any = "C", *, copy: Any = None) -> Kind:
    array, wanted = as_array(a), shape_from(shape)
    if wanted is None:
        return Array(array.dtype)
    entries = shape.items if isinstance(shape, Tuple) else (shape,)
    natural = tuple(axis if is_natural(axis) or isinstance(axis, int) else None for axis in wanted)
    certain = all(isinstance(entry, Int) for entry in entries or ()) and None not in natural
    return Array(array.dtype, _with_rest(natural, array.shape) if certain else tuple(
        None if axis == -1 else axis for axis in natural))


def _with_rest(wanted: Shape, shape: Shape | None) -> Shape:
    """`wanted` with its -1 filled in, where what is left to divide once equal axes are struck out is certain."""
    if -1 not in wanted:
        return wanted
    rest: Axis = None
    left, given = list(shape or ()), [axis for axis in wanted if axis != -1]
    if shape is not None and all(isinstance(axis, int) for axis in (*shape, *given)):
        size = math.prod(given)  # type: ignore[arg-type]
        rest = math.prod(shape) // size if size else None  # type: ignore[arg-type]
    elif shape is not None and all(axis == 1 for axis in given):
        rest = product(left)
    return tuple(rest if axis == -1 else axis for axis in wanted)


def ravel_kind(a: Kind, order: Any = "C") -> Kind:
    array = as_array(a)
    return Array(array.dtype, (None if array.shape is None else product(array.shape),))


def transpose_kind(a: Kind, axes: Kind = NONE) -> Kind:
    array = as_array(a)
    if array.shape is None:
        return Array(array.dtype)
    try:
        order = axes_from(axes, len(array.shape))
    except Undecided:
        return Array(array.dtype, (None,) * len(array.shape))
    result = tuple(array.shape[i] for i in (order[::-1] if is_none(axes) else order))
    return shaped_result(np.transpose, (a,), result)


def _of_rank(kind: KindFunction) -> KindFunction:
    """The kind function where it is decided, else that of an array with as many axes as the first operand."""
    def of_rank(a: Kind, *axes: Kind, **named: Kind) -> Kind:
        try:
            return kind(a, *axes, **named)
        except Undecided:
            array = as_array(a)
            return Array(array.dtype, array.shape and (None,) * len(array.shape))
    return of_rank


def swapaxes_kind(a: Kind, axis1: Kind, axis2: Kind) -> Kind:
    shape = list(shape_of(a))
    (i,), (j,) = axes_from(axis1, len(shape)), axes_from(axis2, len(shape))
    shape[i], shape[j] = shape[j], shape[i]
    return Array(as_array(a).dtype, tuple(shape))


def moveaxis_kind(a: Kind, source: Kind, destination: Kind) -> Kind:
    shape = shape_of(a)
    sources, targets = axes_from(source, len(shape)), axes_from(destination, len(shape))
    order = [i for i in range(len(shape)) if i not in sources]
    for target, i in sorted(zip(targets, sources)):
        order.insert(target, i)
    return Array(as_array(a).dtype, tuple(shape[i] for i in order))


def squeeze_kind(a: Kind, axis: Kind = NONE) -> Kind:
    shape, dtype = shape_of(a), as_array(a).dtype
    if not is_none(axis):
        gone = axes_from(axis, len(shape))
    elif all(isinstance(n, int) or isinstance(n, Length) and n.many for n in shape):
        gone = tuple(i for i, n in enumerate(shape) if n == 1)
    else:
        return Array(dtype)
    kept = tuple(n for i, n in enumerate(shape) if i not in gone)
    return shaped_result(np.squeeze, (a,), kept) if not shape else Array(dtype, kept)


def expand_dims_kind(a: Kind, axis: Kind) -> Kind:
    shape, axes = list(shape_of(a)), literal(axis)
    axes = axes if isinstance(axes, tuple) else (axes,)
    for at in sorted(_normal(at, len(shape) + len(axes)) for at in axes):
        shape.insert(at, 1)
    return Array(as_array(a).dtype, tuple(shape))


def _members(arrays: Kind) -> tuple[list[Array], bool]:
    """The kinds of the arrays in a sequence, and whether there are as many as that; otherwise one stands for all."""
    if isinstance(arrays, Tuple) and arrays.items:
        members, counted = list(map(as_array, arrays.items)), True
    elif isinstance(arrays, List) and arrays.length != 0:
        members, counted = [as_array(arrays.item)] * (arrays.length or 1), arrays.length is not None
    else:
        array = as_array(arrays)
        if not array.shape:
            raise Undecided
        count = array.shape[0]
        members = [Array(array.dtype, array.shape[1:])] * (count if isinstance(count, int) and count < 100 else 1)
        counted = len(members) == count
    if not members or any(member.shape is None for member in members):
        raise Undecided
    return members, counted


def concatenate_kind(arrays: Kind, axis: Kind = ZERO) -> Kind:
    members, counted = _members(arrays)
    if is_none(axis):
        members, axis = [Array(m.dtype, (product(m.shape or ()),)) for m in members], Int(0)
    return _joined(members, counted, literal(axis))


def _joined(members: list[Array], counted: bool, axis: int) -> Array:
    shapes: list[Shape] = [member.shape or () for member in members]
    ndim = len(shapes[0])
    at = _normal(axis, ndim)
    if any(len(shape) != ndim for shape in shapes):
        raise Undecided
    shape = tuple(_agreed([s[i] for s in shapes]) if i != at else total([s[i] for s in shapes]) if counted else None
                  for i in range(ndim))
    return Array(common_dtype(members), shape)


def _agreed(axes: list[Axis]) -> Axis:
    """The length of axes that NumPy requires to be equal."""
    return next((axis for axis in axes if isinstance(axis, int)), None) or next(
        (axis for axis in axes if axis is not None), None)


def stack_kind(arrays: Kind, axis: Kind = ZERO) -> Kind:
    members, counted = _members(arrays)
    shapes: list[Shape] = [member.shape or () for member in members]
    if any(len(shape) != len(shapes[0]) for shape in shapes):
        raise Undecided
    shape = [_agreed([s[i] for s in shapes]) for i in range(len(shapes[0]))]
    shape.insert(_normal(literal(axis), len(shape) + 1), len(members) if counted else None)
    return Array(common_dtype(members), tuple(shape))


def _at_least(members: list[Array], ndim: int) -> list[Array]:
    return [Array(m.dtype, (1,) * (ndim - len(m.shape or ())) + (m.shape or ())) for m in members]


def vstack_kind(tup: Kind) -> Kind:
    members, counted = _members(tup)
    return _joined(_at_least(members, 2), counted, 0)


def hstack_kind(tup: Kind) -> Kind:
    members, counted = _members(tup)
    members = _at_least(members, 1)
    return _joined(members, counted, 0 if members[0].ndim == 1 else 1)


def column_stack_kind(tup: Kind) -> Kind:
    members, counted = _members(tup)
    columns = [m if m.ndim == 2 else Array(m.dtype, ((m.shape or (1,))[0], 1)) for m in members]
    return _joined(columns, counted, 1)


def row_wise_kind(parts: Kind) -> Kind:
    members, counted = _members_of_floats(parts)
    return _joined(_at_least(members, 1), counted, 0)


def column_wise_kind(parts: Kind) -> Kind:
    members, counted = _members_of_floats(parts)
    return _joined([Array(m.dtype, ((m.shape or (1,))[0], 1)) if len(m.shape or ()) < 2 else m for m in members], counted, -1)


def _members_of_floats(parts: Kind) -> tuple[list[Array], bool]:
    """Parts that make float64: Python's numbers take part in NumPy's index objects as they do in arithmetic."""
    members, counted = _members(parts)
    if common_dtype(members) != np.float64 or any(m.dtype is not None and m.dtype.kind == "f" and m.dtype != np.float64
                                                  for m in members):
        raise Undecided
    return members, counted


def append_kind(arr: Kind, values: Kind, axis: Kind = NONE) -> Kind:
    return concatenate_kind(Tuple((arr, values)), axis)


def split_kind(ary: Kind, indices_or_sections: Kind, axis: Kind = ZERO) -> Kind:
    shape = shape_of(ary)
    (at,) = axes_from(axis, len(shape))
    cuts = indices_or_sections
    count = cuts.value if isinstance(cuts, Int) and isinstance(cuts.value, int) else None
    if isinstance(cuts, (List, Tuple)):
        count = cuts.length if isinstance(cuts, List) else len(cuts.items) if cuts.items is not None else None
        count = None if count is None else count + 1
    return List(Array(as_array(ary).dtype, _replaced(shape, at, None)), count)


def broadcast_to_kind(array: Kind, shape: Kind, subok: Any = False) -> Kind:
    return Array(as_array(array).dtype, shape_from(shape))


def sliding_window_kind(x: Kind, window_shape: Kind, axis: Kind = NONE) -> Kind:
    shape, sizes = shape_of(x), shape_from(window_shape)
    return Array(as_array(x).dtype, None if sizes is None else (*((None,) * len(shape)), *sizes))


def flip_kind(m: Kind, axis: Kind = NONE) -> Kind:
    return _same(m)


def _same(a: Kind) -> Kind:
    array = as_array(a)
    if not array.shape:
        raise Undecided
    return array


def tile_kind(A: Kind, reps: Kind) -> Kind:
    shape, times = shape_of(A), shape_from(reps)
    if times is None:
        return Array(as_array(A).dtype)
    ndim = max(len(shape), len(times))
    pairs = zip((1,) * (ndim - len(shape)) + shape, (1,) * (ndim - len(times)) + times)
    return Array(as_array(A).dtype, tuple(product(pair) for pair in pairs))


def repeat_kind(a: Kind, repeats: Kind, axis: Kind = NONE) -> Kind:
    shape = shape_of(a)
    times = repeats.value if isinstance(repeats, Int) else None
    if is_none(axis):
        return Array(as_array(a).dtype, (product((product(shape), times)),))
    (at,) = axes_from(axis, len(shape))
    return Array(as_array(a).dtype, _replaced(shape, at, product((shape[at], times))))


def take_kind(a: Kind, indices: Kind, axis: Kind = NONE, out: Kind = NONE, mode: Any = "raise") -> Kind:
    shape, picked, dtype = shape_of(a), shape_of(indices), as_array(a).dtype
    if not is_none(out) or dtype is None:
        raise Undecided
    (at,) = (0,) if is_none(axis) else axes_from(axis, len(shape))
    shape = picked if is_none(axis) else shape[:at] + picked + shape[at + 1:]
    return Array(dtype, shape) if shape or isinstance(indices, Array) and not isinstance(a, Array) else Scalar(dtype)


def diff_kind(a: Kind, n: Kind = ONE, axis: Kind = LAST) -> Kind:
    shape, times = shape_of(a), literal(n)
    (at,) = axes_from(axis, len(shape))
    length = shape[at]
    if isinstance(length, int):
        length = max(length - times, 0)
    elif isinstance(length, Length):
        length = Length(length.source, length.offset - times) if times else length
    return shaped_result(np.diff, (a,), _replaced(shape, at, length))


def pad_kind(array: Kind, pad_width: Kind, mode: Any = "constant", *, constant_values: Any = 0) -> Kind:
    shape = shape_of(array)
    try:
        widths = np.broadcast_to(literal(pad_width), (len(shape), 2)).tolist()
    except Undecided:
        return Array(as_array(array).dtype, (None,) * len(shape))
    padded = tuple(total((before, axis, after)) for axis, (before, after) in zip(shape, widths))
    return Array(as_array(array).dtype, padded)


def diag_kind(v: Kind, k: Kind = ZERO) -> Kind:
    shape, dtype = shape_of(v), as_array(v).dtype
    if len(shape) == 1:
        side = shape[0] if k == Int(0) else None
        return Array(dtype, (side, side))
    return diagonal_kind(v, k)


def diagonal_kind(a: Kind, offset: Kind = ZERO, axis1: Kind = ZERO, axis2: Kind = ONE) -> Kind:
    shape = shape_of(a)
    (i,), (j,) = axes_from(axis1, len(shape)), axes_from(axis2, len(shape))
    rest = tuple(axis for at, axis in enumerate(shape) if at not in (i, j))
    equal = offset == Int(0) and shape[i] is not None and shape[i] == shape[j]
    return Array(as_array(a).dtype, rest + ((shape[i] if equal else None),))


def triangle_kind(m: Kind, k: Any = 0) -> Kind:
    shape, dtype = shape_of(m), as_array(m).dtype
    if not shape:
        raise Undecided
    return Array(dtype, shape if len(shape) > 1 else shape * 2)


def where_kind(condition: Kind, x: Kind = NONE, y: Kind = NONE, /) -> Kind:
    if is_none(x):
        found = Array(np.dtype(np.intp), (None,))
        return Tuple((found,) * len(shape_of(condition)))
    shapes = [as_array(kind).shape for kind in (condition, x, y)]
    shape = None if None in shapes else broadcast_shapes(shapes)  # type: ignore[arg-type]
    return shaped_result(np.where, (condition, x, y), shape)


def cross_kind(a: Kind, b: Kind, axisa: Any = -1, axisb: Any = -1, axisc: Any = -1, axis: Kind = NONE) -> Kind:
    x, y = shape_of(a), shape_of(b)
    if not is_none(axis) or x[-1:] != (3,) or y[-1:] != (3,):
        raise Undecided
    return Array(common_dtype([as_array(a), as_array(b)]), broadcast_shapes([x, y]))


def meshgrid_kind(x: Kind, y: Kind, *, indexing: Kind = XY) -> Kind:
    (n,), (m,) = shape_of(x) or (1,), shape_of(y) or (1,)
    shape = (m, n) if literal(indexing) == "xy" else (n, m)
    return Tuple((Array(as_array(x).dtype, shape), Array(as_array(y).dtype, shape)))


def matrix_transpose_kind(x: Kind) -> Kind:
    return swapaxes_kind(x, Int(-2), Int(-1))


LAYOUT_KINDS: dict[Any, KindFunction] = {
    np.reshape: reshape_kind, np.ravel: ravel_kind, np.transpose: transpose_kind, np.swapaxes: _of_rank(swapaxes_kind),
    np.moveaxis: _of_rank(moveaxis_kind), np.squeeze: squeeze_kind, np.expand_dims: expand_dims_kind,
    np.concatenate: concatenate_kind, np.stack: stack_kind, np.vstack: vstack_kind, np.hstack: hstack_kind,
    np.column_stack: column_stack_kind, np.append: append_kind, np.split: split_kind, np.array_split: split_kind,
    np.broadcast_to: broadcast_to_kind, np.lib.stride_tricks.sliding_window_view: sliding_window_kind,
    np.flip: flip_kind, np.fliplr: _same, np.flipud: _same,
    np.roll: lambda a, shift, axis=None: _same(a), np.tile: tile_kind, np.repeat: repeat_kind, np.take: take_kind,
    np.diff: diff_kind, np.pad: pad_kind, np.diag: diag_kind, np.diagonal: diagonal_kind, np.tril: triangle_kind,
    np.triu: triangle_kind, np.where: where_kind, np.cross: cross_kind,
    np.matrix_transpose: matrix_transpose_kind, np.meshgrid: meshgrid_kind,
    index_joins.row_wise: row_wise_kind, index_joins.column_wise: column_wise_kind}
