"""Cases for reductions, shapes, joining, indexing and creation."""
from __future__ import annotations

import operator

import numpy as np
from checks import Case, case
from elementwise_cases import COLUMN, EMPTY, MATRIX, POSITIVE, ROW, ZERO_D

from autodiff_src.runtime.index_joins import column_wise, row_wise

CUBE = np.random.default_rng(8).normal(size=(2, 3, 4))
ZEROS_INSIDE = np.array([[0.0, 1.5, 2.0], [0.0, 0.5, 0.0], [1.2, 0.7, -0.4]])
AXES = [None, 0, -1, (0, 2), (2, 1), (0, 1, 2)]

CASES: list[Case] = []

for primitive in (np.sum, np.mean, np.prod, np.max, np.amax, np.min, np.amin, np.nansum):
    CASES += case(primitive, [CUBE], axis=AXES, keepdims=[False, True])
    CASES += case(primitive, [ZERO_D]) + case(primitive, [ROW])
CASES += case(np.sum, [EMPTY], axis=[None, 0, 1]) + case(np.prod, [EMPTY], axis=[None, 0, 1])
CASES += case(np.sum, [[0.3, 0.4]]) + case(np.sum, [[[0.3, 0.4], [0.5, 0.6]]], axis=[0, 1]) + case(np.sum, [1.5])
CASES += case(np.mean, [EMPTY], axis=[1]) + case(np.mean, [[0.3, 0.4]])
CASES += case(np.prod, [ZEROS_INSIDE], axis=[None, 0, 1, (0, 1)])
CASES += case(np.ptp, [CUBE], axis=AXES, keepdims=[False, True]) + case(np.ptp, [ROW])
for primitive in (np.var, np.std):
    CASES += case(primitive, [CUBE], axis=AXES, ddof=[0, 1], keepdims=[False, True])
CASES += case(np.cumsum, [CUBE], axis=[None, 0, 1, -1]) + case(np.cumprod, [CUBE], axis=[None, 0, 1, -1])
CASES += case(np.cumprod, [ZEROS_INSIDE], axis=[None, 0, 1]) + case(np.cumsum, [EMPTY], axis=[None, 0])

CASES += case(np.reshape, [MATRIX, (2, 6)]) + case(np.reshape, [MATRIX, -1]) + case(np.reshape, [ROW, (2, -1)])
CASES += case(np.ndarray.reshape, [MATRIX, (2, 6)]) + case(np.ndarray.reshape, [MATRIX, 6, 2])
for primitive in (np.ravel, np.ndarray.ravel, np.ndarray.flatten, np.ndarray.copy, np.ndarray.conj, np.ndarray.tolist,
                  np.atleast_1d, np.atleast_2d, np.atleast_3d, np.fliplr, np.flipud):
    CASES += case(primitive, [MATRIX])
for primitive in (np.atleast_1d, np.atleast_2d):
    CASES += case(primitive, [ZERO_D]) + case(primitive, [ROW]) + case(primitive, [1.5])
CASES += case(np.ndarray.astype, [MATRIX, float]) + case(np.ndarray.item, [ROW[:1]], single=False)
CASES += case(np.ndarray.item, [MATRIX, 5], single=False) + case(np.ndarray.item, [MATRIX, -2], single=False)
CASES += case(np.ndarray.item, [MATRIX, 1, -1], single=False) + case(np.ndarray.item, [MATRIX, (2, 0)], single=False)
CASES += case(np.squeeze, [COLUMN], axis=[None, 1, -1]) + case(np.expand_dims, [MATRIX], axis=[0, -1, (0, 2)])
CASES += case(np.transpose, [CUBE], axes=[None, (1, 2, 0), (-1, 0, 1)]) + case(np.ndarray.transpose, [CUBE])
CASES += case(np.ndarray.transpose, [CUBE, (1, 2, 0)]) + case(np.ndarray.transpose, [CUBE, 2, 0, 1])
CASES += case(np.swapaxes, [CUBE, 0, -1]) + case(np.moveaxis, [CUBE, 0, 2]) + case(np.moveaxis, [CUBE, [0, 1], [2, 0]])
CASES += case(np.lib.stride_tricks.sliding_window_view, [ROW, 3]) + case(
    np.lib.stride_tricks.sliding_window_view, [CUBE, (2, 2)], axis=[(0, -1), (2, 2), (1, 0)])
CASES += case(np.lib.stride_tricks.sliding_window_view, [MATRIX, (2, 3)]) + case(
    np.lib.stride_tricks.sliding_window_view, [MATRIX, 2, 1])
CASES += case(np.broadcast_to, [ROW, (3, 4)]) + case(np.broadcast_to, [COLUMN, (2, 3, 4)])
CASES += case(np.broadcast_to, [1.5, (2,)])
CASES += case(np.roll, [MATRIX, 1], axis=[None, 0, 1]) + case(np.roll, [MATRIX, (1, -2)], axis=[(0, 1)])
CASES += case(np.flip, [CUBE], axis=[None, 0, (0, 2)]) + case(np.rot90, [MATRIX], k=[1, 2, 3])

PARTS = [MATRIX, POSITIVE[:2], 2.0 * MATRIX[:1]]
CASES += case(np.concatenate, [PARTS], axis=[0, -2, None]) + case(np.concatenate, [(MATRIX.T, COLUMN.repeat(4, 0)[:4])],
                                                                  axis=[1])
CASES += case(np.concatenate, [CUBE]) + case(np.concatenate, [[ROW, EMPTY[:, 0]]])
CASES += case(np.stack, [[ROW, 2.0 * ROW]], axis=[0, 1, -1]) + case(np.stack, [[0.3, 0.4, 2.0]], single=False)
CASES += case(np.vstack, [[ROW, MATRIX]]) + case(np.hstack, [[ROW, ROW[:2]]]) + case(np.hstack, [[COLUMN, MATRIX]])
CASES += case(np.hstack, [[0.3, ROW]]) + case(np.column_stack, [[ROW, MATRIX.T]])
CASES += case(row_wise, [(0.3, ROW, ROW[:2])]) + case(row_wise, [(MATRIX, 2.0 * MATRIX[:1])])
CASES += case(column_wise, [(ROW, MATRIX.T, 2.0 * ROW)]) + case(column_wise, [(0.3, 0.4)])
CASES += case(column_wise, [(CUBE, 2.0 * CUBE)])
CASES += case(np.append, [ROW, 0.5]) + case(np.append, [MATRIX, POSITIVE], axis=[None, 0, 1])
for primitive in (np.split, np.array_split):
    CASES += case(primitive, [MATRIX, 2], axis=[1, -1]) + case(primitive, [MATRIX, [1, 2]], axis=[0])
CASES += case(np.array_split, [ROW, 3]) + case(np.hsplit, [MATRIX, 2]) + case(np.hsplit, [ROW, 2])
CASES += case(np.vsplit, [MATRIX, 3])
CASES += case(np.pad, [MATRIX, 1]) + case(np.pad, [MATRIX, ((1, 2), (0, 3))], mode=["constant"])
CASES += case(np.pad, [ROW, (2, 1)], constant_values=[1.5])
CASES += case(np.pad, [MATRIX, ((1, 2), (0, 7))], mode=["edge", "reflect", "symmetric", "wrap"])
CASES += case(np.pad, [CUBE, 1], mode=["edge", "wrap"])
if np.lib.NumpyVersion(np.__version__) >= "2.3.0":  # before, np.pad took no dict
    CASES += case(np.pad, [CUBE, {-1: (1, 2)}])
CASES += case(np.tile, [ROW, 3]) + case(np.tile, [MATRIX, (2, 3)]) + case(np.tile, [ROW, (2, 1, 3)])
CASES += case(np.tile, [CUBE, 2]) + case(np.tile, [1.5, 2])
CASES += case(np.repeat, [MATRIX, 2], axis=[None, 0, 1]) + case(np.repeat, [MATRIX, [1, 0, 3]], axis=[0])

for index in (0, -1, slice(None, None, 2), (1, 2), (slice(None), 1), (Ellipsis, None, 0), np.array([0, 0, 2]),
              (np.array([0, 0, 1]), np.array([1, 1, 3])), MATRIX > 0, [0, 0, 1], ([0, 0], slice(None))):
    CASES += case(operator.getitem, [MATRIX, index])
CASES += case(operator.getitem, [[0.3, MATRIX, 2], 1]) + case(operator.getitem, [(0.3, MATRIX), 0])
CASES += case(operator.getitem, [{"a": 0.3, "b": MATRIX}, "b"])
CASES += case(np.take, [MATRIX, [0, 2, 0]], axis=[None, 0, 1, -1]) + case(np.take, [MATRIX, -1], axis=[None, 0])
CASES += case(np.take, [MATRIX, [[0, 1], [2, 0]]], axis=[None, 1])
CASES += case(np.take_along_axis, [MATRIX, np.argsort(MATRIX, 1), 1])
CASES += case(np.take_along_axis, [MATRIX, np.zeros((2, 4), int), 0])
CASES += case(np.take_along_axis, [MATRIX, np.array([[1, 1]]), 1])
CASES += case(np.take_along_axis, [COLUMN, np.zeros((1, 4), int), 0])
CASES += case(np.sort, [CUBE], axis=[0, 1, -1, None])
CASES += case(np.diff, [CUBE], n=[1, 2], axis=[0, -1][1:]) + case(np.diff, [CUBE], axis=[0, 1])

for primitive in (np.array, np.asarray, np.asanyarray, np.ascontiguousarray):
    CASES += case(primitive, [MATRIX]) + case(primitive, [[0.3, 0.4]]) + case(primitive, [[[0.3, 2], [0.4, 0.5]]])
    CASES += case(primitive, [[ROW, 2.0 * ROW]])
CASES += case(np.array, [1.5]) + case(np.array, [(0.3, np.float64(0.4))], single=False)
CASES += case(np.full, [(2, 3), 1.5, float, "F"])
CASES += case(np.full, [(2, 3), 1.5]) + case(np.full, [(2, 4), ROW]) + case(np.full_like, [MATRIX, 1.5])
CASES += case(np.linspace, [0.3, 1.5], num=[1, 5], endpoint=[True, False]) + case(np.linspace, [ROW, 1.5, 4])
CASES += case(np.meshgrid, [ROW, ROW[:3]], indexing=["xy", "ij"]) + case(np.meshgrid, [ROW, ROW[:3], ROW[:2]])
CASES += case(np.logspace, [0.3, 1.5], num=[1, 5], endpoint=[True, False], base=[2.0]) + case(np.logspace, [0.3, ROW, 4])
CASES += case(np.logspace, [0.3, 1.5, 4, True, 3.5])
CASES += case(np.geomspace, [0.3, 1.5], num=[2, 5], endpoint=[True, False]) + case(np.geomspace, [-0.3, -1.5, 4])
for primitive in (np.asfortranarray, np.asarray_chkfinite, np.require):
    CASES += case(primitive, [MATRIX]) + case(primitive, [[0.3, 0.4]])
