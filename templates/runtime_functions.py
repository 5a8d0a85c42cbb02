"""The functions that other templates call: each is linear in its first operand, and its adjoint is the function whose
adjoint it is."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, linear, non_differentiable, passing_over, tangent
from autodiff_src.runtime import (
    adjoints,
    contraction,
    decompositions,
    iteration,
    layouts,
    objects,
    padding,
    products,
    results,
    selection,
    shared_memory,
    solutions,
    transforms,
    values,
    windows,
)
from autodiff_src.runtime.strong_zeros import strong_zero


@linear(adjoints.unbroadcast)
def unbroadcast(y, e, x):
    d[e] += d[y]


@linear(results.gradient_like)
def gradient_like(y, adjoint, x):
    d[adjoint] += d[y]


@linear(values.kept)
def kept(y, x):
    d[x] += d[y]


@adjoint(adjoints.add)
def add(y, a, b):
    d[a] += d[y]
    d[b] += d[y]


@tangent(adjoints.add)
def add_tangent(y, a, b):
    d[y] = adjoints.add(d[a], d[b])


@adjoint(adjoints.of_real_part)
def of_real_part(y, e, x):
    d[e] += d[y]


@tangent(adjoints.of_real_part)
def of_real_part_tangent(y, e, x):
    d[y] = d[e]


@adjoint(adjoints.of_real)
def of_real(y, e, *operands):
    d[e] += d[y]


@tangent(adjoints.of_real)
def of_real_tangent(y, e, *operands):
    d[y] = d[e]


@adjoint(strong_zero)
def of_strong_zero(y, product, factor):
    d[product] += np.where((factor == 0) & np.isnan(product), 0.0, d[y])


@tangent(strong_zero)
def of_strong_zero_tangent(y, product, factor):
    d[y] = np.where((factor == 0) & np.isnan(product), 0.0, d[product])


passing_over(strong_zero)


@linear(adjoints.to_each)
def to_each(y, e, items):
    d[e] += sum([adjoints.unbroadcast(part, e) for part in d[y]]) if isinstance(y, list) else d[y]


@linear(adjoints.placed)
def placed(y, e, index, x):
    d[e] += d[y][index]


@linear(adjoints.placed_along_axis)
def placed_along_axis(y, e, indices, x, axis):
    d[e] += np.take_along_axis(d[y], indices, axis)


@linear(adjoints.pieces)
def pieces(y, e, arrays, axis):
    d[e] += np.concatenate(d[y], axis)


@linear(adjoints.raveled_pieces)
def raveled_pieces(y, e, arrays):
    d[e] += np.concatenate(d[y], None)


@linear(adjoints.unstacked)
def unstacked(y, e, axis):
    d[e] += np.stack(d[y], axis)


@linear(adjoints.stacked_pieces)
def stacked_pieces(y, e, arrays, ndim, axis):
    d[e] += np.vstack(d[y]) if ndim == 2 else np.hstack(d[y])


@linear(adjoints.column_pieces)
def column_pieces(y, e, arrays):
    d[e] += np.column_stack(d[y])


@linear(padding.without_padding)
def without_padding(y, e, pad_width):
    d[e] += np.pad(d[y], pad_width)


@linear(padding.unpadded)
def unpadded(y, e, x, pad_width, mode):
    d[e] += padding.repeated(d[y], pad_width, mode)


@linear(windows.unwindowed)
def unwindowed(y, e, x, window_shape, axis):
    d[e] += np.lib.stride_tricks.sliding_window_view(d[y], window_shape, axis)


@linear(padding.repeated)
def repeated(y, e, pad_width, mode):
    d[e] += padding.unpadded(d[y], e, pad_width, mode)


@linear(adjoints.untiled)
def untiled(y, e, a, reps):
    d[e] += np.tile(d[y], reps)


@linear(adjoints.unrepeated)
def unrepeated(y, e, a, repeats, axis):
    d[e] += np.repeat(d[y], repeats, axis)


@linear(adjoints.undiffed)
def undiffed(y, e, n, axis):
    d[e] += np.diff(d[y], n, axis)


@linear(adjoints.diagonal_adjoint)
def diagonal_adjoint(y, e, a, offset, axis1, axis2):
    d[e] += np.diagonal(d[y], offset, axis1, axis2)


@linear(products.blocks)
def blocks(y, e, a, b):
    d[e] += np.reshape(d[y], np.shape(e))


# The second derivative of a determinant is taken where the matrix is regular; `inv` raises LinAlgError elsewhere.
@adjoint(products.cofactors)
def cofactors(y, a):
    transposed = np.swapaxes(np.linalg.inv(a), -1, -2)
    inner = np.expand_dims(np.sum(d[y] * transposed, axis=(-1, -2)), (-1, -2))
    d[a] += inner * y - y @ np.swapaxes(d[y], -1, -2) @ transposed


@tangent(products.cofactors)
def cofactors_tangent(y, a):
    transposed = np.swapaxes(np.linalg.inv(a), -1, -2)
    inner = np.expand_dims(np.sum(d[a] * transposed, axis=(-1, -2)), (-1, -2))
    d[y] = inner * y - y @ np.swapaxes(d[a], -1, -2) @ transposed


@adjoint(products.of_others)
def of_others(y, a, axis):
    d[a] += products.of_others_adjoint(d[y], a, axis)


@tangent(products.of_others)
def of_others_tangent(y, a, axis):
    d[y] = products.of_others_adjoint(d[a], a, axis)


@linear(products.reduceat_adjoint)
def reduceat_adjoint(y, e, indices, a, axis):
    d[e] += np.add.reduceat(d[y], indices, axis)


@adjoint(contraction.tensordot_adjoint)
def tensordot_adjoint(y, e, a, b, axes, operand):
    if operand == 0:
        d[e] += np.tensordot(d[y], b, axes)
        d[b] += contraction.tensordot_adjoint(e, d[y], b, axes, 1)
    else:
        d[e] += np.tensordot(a, d[y], axes)
        d[a] += contraction.tensordot_adjoint(e, a, d[y], axes, 0)


@tangent(contraction.tensordot_adjoint)
def tensordot_adjoint_tangent(y, e, a, b, axes, operand):
    if operand == 0:
        d[y] = (contraction.tensordot_adjoint(d[e], a, b, axes, 0)
                + contraction.tensordot_adjoint(e, a, d[b], axes, 0))
    else:
        d[y] = (contraction.tensordot_adjoint(d[e], a, b, axes, 1)
                + contraction.tensordot_adjoint(e, d[a], b, axes, 1))


@adjoint(contraction.einsum_adjoint)
def einsum_adjoint(y, e, subscripts, operands):
    d[e] += contraction.einsum_tangent(subscripts, operands, d[y])
    d[operands] += contraction.einsum_adjoint_tangent(e, subscripts, operands, d[y])


@tangent(contraction.einsum_adjoint)
def einsum_adjoint_tangent(y, e, subscripts, operands):
    d[y] = adjoints.add(contraction.einsum_adjoint(d[e], subscripts, operands),
                        contraction.einsum_adjoint_tangent(e, subscripts, operands, d[operands]))


@adjoint(contraction.einsum_tangent)
def einsum_tangent(y, subscripts, operands, dots):
    d[operands] += contraction.einsum_adjoint_tangent(d[y], subscripts, operands, dots)
    d[dots] += contraction.einsum_adjoint(d[y], subscripts, operands)


@tangent(contraction.einsum_tangent)
def einsum_tangent_tangent(y, subscripts, operands, dots):
    d[y] = (contraction.einsum_second_tangent(subscripts, operands, dots, d[operands])
            + contraction.einsum_tangent(subscripts, operands, d[dots]))


@linear(adjoints.aligned)
def aligned(y, weights, a, axis):
    d[weights] += np.reshape(d[y], np.shape(weights))


@linear(adjoints.depth_pieces)
def depth_pieces(y, e, arrays):
    d[e] += np.dstack(d[y])


@linear(adjoints.unblocked)
def unblocked(y, e, arrays):
    d[e] += np.block(d[y])


@linear(iteration.sequence)
def sequence(y, x):
    d[x] += iteration.of_sequence(d[y], x)


@linear(iteration.of_sequence)
def of_sequence(y, e, x):
    d[e] += d[y]


non_differentiable(
    adjoints.zeros_like, adjoints.refused, adjoints.fixed, adjoints.largest,
    adjoints.smallest, adjoints.position, adjoints.order, adjoints.check_same_length, adjoints.check_put,
    adjoints.check_some, adjoints.places_along, adjoints.inverse_order, adjoints.inserted, adjoints.rolled_order,
    adjoints.along, shared_memory.check_apart, values.check_keywords, values.check_floats, contraction.chain,
    iteration.check_sequence, iteration.check_zipped, iteration.indices, iteration.columns, iteration.keys, iteration.picks,
    selection.item_index, objects.new_object, transforms.check_argument, transforms.check_column,
    layouts.check_contiguous,
    decompositions.are_real, solutions.found, solutions.vector, solutions.number, solutions.curves,
    solutions.check_root, results.check_cotangent,
)
