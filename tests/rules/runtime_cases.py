"""Cases for the functions that other templates call."""
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from array_cases import CUBE, PARTS, ZEROS_INSIDE
from checks import Case, case
from elementwise_cases import COLUMN, MATRIX, POSITIVE, ROW
from linear_cases import SQUARE, VECTOR

from autodiff_src.runtime import (
    adjoints,
    bessel,
    contraction,
    covariance,
    index_joins,
    iteration,
    markers,
    objects,
    order_statistics,
    padding,
    products,
    results,
    sampling,
    selection,
    values,
    vectorization,
    windows,
)
from autodiff_src.runtime.strong_zeros import strong_zero

REPEATED = np.array([0, 0, 2])

IN_ORDER = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]
VALUES = MATRIX.ravel().tolist()

Pair = NamedTuple("Pair", [("number", float), ("row", Any)])

CASES: list[Case] = [
    *case(bessel.i1, [MATRIX]), *case(bessel.i1, [3.0 * ROW]),
    *case(selection.remainder, [MATRIX], period=[1.7, None]),
    *case(selection.of_bins, [ROW[:3]], a=[np.array([0.5, 1.5, 3.0, -1.0])], edges=[np.array([0, 1, 3, 4])]),
    *case(objects.named, [Pair, (0.3, MATRIX)]),
    *case(adjoints.unbroadcast, [MATRIX, ROW]), *case(adjoints.unbroadcast, [MATRIX, COLUMN]),
    *case(adjoints.unbroadcast, [ROW, MATRIX]), *case(adjoints.unbroadcast, [MATRIX, 1.5]),
    *case(adjoints.unbroadcast, [1.5, MATRIX]), *case(adjoints.unbroadcast, [ROW, [0.1, 0.2, 0.3, 0.4]]),
    *case(results.gradient_like, [MATRIX, MATRIX]), *case(results.gradient_like, [[0.3, ROW], (0.4, ROW)]),
    *case(results.gradient_like, [{"a": 0.3, "b": ROW}, {"a": 0.4, "b": ROW}]),
    *case(objects.named, [Pair, (0.3, ROW)]), *case(values.kept, [MATRIX]), *case(values.kept, [[0.3, (ROW, 0.4)]]),
    *case(strong_zero, [MATRIX, MATRIX]), *case(adjoints.of_real, [MATRIX, ROW]), *case(np.sign, [MATRIX]),
    *case(adjoints.add, [MATRIX, MATRIX]), *case(adjoints.add, [[0.3, ROW], [0.4, ROW]]),
    *case(adjoints.to_each, [ROW, [0.3, MATRIX]]), *case(adjoints.to_each, [0.4, ROW]),
    *case(adjoints.placed, [MATRIX, REPEATED, MATRIX]), *case(adjoints.placed, [ROW, 1, MATRIX]),
    *case(adjoints.placed, [0.3, 1, [0.1, 0.2]]),
    *case(adjoints.placed_along_axis, [MATRIX, np.zeros((3, 4), int), MATRIX, 1]),
    *case(adjoints.pieces, [np.concatenate(PARTS), PARTS, 0]),
    *case(adjoints.raveled_pieces, [np.concatenate(PARTS, None), PARTS]),
    *case(adjoints.unstacked, [CUBE, 1]),
    *case(adjoints.stacked_pieces, [np.vstack([ROW, MATRIX]), [ROW, MATRIX], 2, 0]),
    *case(adjoints.stacked_pieces, [np.hstack([ROW, VECTOR]), [ROW, VECTOR], 1, 0]),
    *case(iteration.sequence, [MATRIX]), *case(iteration.sequence, [[0.3, 0.4]]),
    *case(iteration.of_sequence, [MATRIX, MATRIX]),
    *case(index_joins.first_pieces, [np.r_[0.3, ROW, ROW], (0.3, ROW, ROW)]),
    *case(index_joins.last_pieces, [np.c_[ROW, MATRIX.T], (ROW, MATRIX.T)]),
    *case(adjoints.column_pieces, [np.column_stack([ROW, MATRIX.T]), [ROW, MATRIX.T]]),
    *case(padding.unpadded, [np.pad(MATRIX, 1), MATRIX, 1, "reflect"]), *case(padding.repeated, [MATRIX, (1, 2), "wrap"]),
    *case(padding.without_padding, [CUBE, 1]), *case(padding.without_padding, [MATRIX, ((0, 1), (1, 1))]),
    *case(windows.unwindowed, [np.lib.stride_tricks.sliding_window_view(MATRIX + 0.5, 2, 1), MATRIX, 2, 1]),
    *case(adjoints.untiled, [np.tile(MATRIX, (2, 3)), MATRIX, (2, 3)]),
    *case(adjoints.unrepeated, [np.repeat(MATRIX, 2), MATRIX, 2, None]),
    *case(adjoints.unrepeated, [np.repeat(MATRIX, [1, 0, 3], 0), MATRIX, [1, 0, 3], 0]),
    *case(adjoints.undiffed, [MATRIX, 2, 1]), *case(adjoints.diagonal_adjoint, [VECTOR, MATRIX, 0, 0, 1]),
    *case(products.blocks, [np.kron(MATRIX, SQUARE), MATRIX, SQUARE]),
    *case(adjoints.picked, [[0.3, ROW, 0.4], [2, 0, 1]]), *case(adjoints.put_back, [[0.3, ROW, 0.4], [2, 0, 1]]),
    *case(adjoints.sum_of_copies, [[0.3, ROW, 0.4, ROW], [0.1, ROW], 2]),
    *case(adjoints.depth_pieces, [np.dstack([ROW, 2.0 * ROW]), [ROW, ROW]]),
    *case(adjoints.unblocked, [np.block([[MATRIX, COLUMN], [ROW, 0.3]]), [[MATRIX, COLUMN], [ROW, 0.3]]]),
    *case(vectorization.items, [ROW, (3, 4), IN_ORDER]), *case(vectorization.items, [0.4, (), [0]]),
    *case(vectorization.arranged, [VALUES, IN_ORDER, (3, 4), np.dtype(float)]),
    *case(vectorization.arranged_tangent, [VALUES, IN_ORDER, (3, 4), np.dtype(float)]),
    *case(vectorization.gathered, [MATRIX, IN_ORDER, np.dtype(float)]),
    *case(sampling.widths, [MATRIX, 0]), *case(sampling.widths_adjoint, [MATRIX, 1]),
    *case(sampling.gradient_adjoint, [MATRIX, MATRIX, (), 1, 2]),
    *case(sampling.gradient_adjoint, [MATRIX, MATRIX, (0.7,), 1, 1]),
    *case(sampling.gradient_adjoint, [[MATRIX, 2.0 * MATRIX], MATRIX, (), None, 1]),
    *case(sampling.in_full, [ROW, 4, 3, "same", True]), *case(sampling.of_full, [ROW, 2, 3, "same", True]),
    *case(products.reduceat_adjoint, [MATRIX[:, :3], [0, 2, 1], MATRIX, 1]),
    *case(adjoints.aligned, [VECTOR, MATRIX, 0]), *case(adjoints.aligned, [MATRIX, MATRIX, None]),
    *case(covariance.weights, [np.array([1, 3, 2]), POSITIVE[0, :3]]), *case(covariance.free, [None, POSITIVE[0, :3], 1]),
    *case(covariance.slopes_of_free, [np.array([1, 3, 2]), POSITIVE[0, :3], 2]),
    *case(order_statistics.weighted, [CUBE, CUBE + 1.0], q=[[0.3, 0.6]], axis=[(0, 2)], method=["linear"], keepdims=[True],
          missing=[False]),
    *case(order_statistics.spread, [0.4, MATRIX], q=[0.3], axis=[None], method=["linear"], keepdims=[False], missing=[True]),
    *case(order_statistics.spread, [ROW, MATRIX], q=[0.3], axis=[0], method=["linear"], keepdims=[False], missing=[False]),
    *case(order_statistics.weighted, [CUBE, CUBE + 1.0, np.array([0.3, 0.6]), 1, "linear", False, False]),
    *case(order_statistics.weighted, [CUBE, CUBE + 1.0, 0.3, 1, "hazen", False, False, 1]),
    *case(order_statistics.spread, [ROW, MATRIX, 0.3, 0, "linear", False, False]),
    *case(order_statistics.spread, [ROW, MATRIX, 0.3, 0, "linear", False, False, 1]),
    *case(order_statistics.of_q, [MATRIX, ROW[:3]]), *case(order_statistics.for_each, [ROW, MATRIX.T]),
    *case(covariance.rows, [MATRIX, False, 1, 2]), *case(covariance.of_rows, [MATRIX, ROW, True, 1, 1]),
    *case(products.cofactors, [SQUARE]), *case(markers.check_numerics, [MATRIX, "a matrix"]),
    *case(selection.chosen, [MATRIX, [MATRIX > 0.5, ROW > 0.0], [2.0 * MATRIX, COLUMN + MATRIX]]),
    *case(products.of_others, [CUBE, None]), *case(products.of_others, [CUBE, (0, 2)]),
    *case(products.of_others, [ZEROS_INSIDE, 1]), *case(products.of_others, [ZEROS_INSIDE, None]),
    *case(contraction.tensordot_adjoint, [SQUARE, MATRIX, MATRIX, ([1], [1]), 0]),
    *case(contraction.tensordot_adjoint, [SQUARE, MATRIX, MATRIX, ([1], [1]), 1]),
    *case(contraction.einsum_tangent, ["ij,jk->ik", [MATRIX, MATRIX.T], [2.0 * MATRIX, MATRIX.T + 1.0]]),
    *case(contraction.einsum_tangent, ["ij,kj,j->k", [MATRIX, MATRIX, ROW], [MATRIX + 1.0, 2.0 * MATRIX, ROW]]),
    *case(contraction.einsum_adjoint, [SQUARE, "ij,jk->ik", [MATRIX, MATRIX.T]]),
    *case(contraction.einsum_adjoint, [VECTOR, "ij,kj,j->k", [MATRIX, MATRIX, ROW]]),
]
