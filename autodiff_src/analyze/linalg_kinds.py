"""The kinds of what `np.linalg` gives."""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import Shape, broadcast_shapes, same
from autodiff_src.analyze.creation_kinds import FALSE, LAST, NONE, ZERO, KindFunction
from autodiff_src.analyze.kinds import Array, Axis, Bool, Int, Kind, Scalar, Tuple
from autodiff_src.analyze.layout_kinds import LAYOUT_KINDS, reduced
from autodiff_src.analyze.product_kinds import dot_kind, matmul_kind, outer_kind, shape_of, tensordot_kind
from autodiff_src.analyze.samples import Undecided, as_array, elementwise, is_none, literal, shaped_result
from autodiff_src.runtime import decompositions, norms

TWO, LAST_TWO, TRUE = Int(2), Tuple((Int(-2), Int(-1))), Bool(True)
LINALG = np.linalg
EIGH, EIG, SVD, QR, SLOGDET = (
    type(function(np.eye(1))) for function in (LINALG.eigh, LINALG.eig, LINALG.svd, LINALG.qr, LINALG.slogdet))


def norm_kind(x: Kind, ord: Any = None, axis: Kind = NONE, keepdims: Kind = FALSE) -> Kind:
    kept = literal(keepdims)
    return shaped_result(LINALG.norm, (x,), reduced(shape_of(x), axis, kept), axis=literal(axis), keepdims=kept)


def vector_norm_kind(x: Kind, *, axis: Kind = NONE, keepdims: Kind = FALSE, ord: Any = 2) -> Kind:
    return norm_kind(x, None, axis, keepdims)


def matrix_norm_kind(x: Kind, *, keepdims: Kind = FALSE, ord: Any = "fro") -> Kind:
    return norm_kind(x, None, LAST_TWO, keepdims)


def is_euclidean_kind(x: Kind, ord: Kind, axis: Kind) -> Kind:
    """Certain for literals, and where the order is left out."""
    if is_none(ord):
        return TRUE
    return Bool(norms.is_euclidean(np.ones((1,) * len(shape_of(x))), literal(ord), literal(axis)))


def like_first(first: Kind, *_: Kind) -> Kind:
    """The kind of a float array that is made out of one."""
    array = as_array(first)
    if array.dtype is None or array.dtype.kind != "f":
        raise Undecided
    return array


def matrix_function(function: Callable[..., Any], left: int) -> KindFunction:
    """The kind function of one square matrix, of which `left` axes are left."""
    def kind(a: Kind) -> Kind:
        shape = shape_of(a)
        return shaped_result(function, (a,), shape[:-2] + shape[len(shape) - 2:len(shape) - 2 + left])
    return kind


MATRIX, EIGENVALUES, NUMBER = (matrix_function(LINALG.inv, 2), matrix_function(LINALG.eigvalsh, 1),
                               matrix_function(LINALG.det, 0))


def cond_kind(x: Kind, p: Any = None) -> Kind:
    return shaped_result(LINALG.cond, (x,), shape_of(x)[:-2])


def slogdet_kind(a: Kind) -> Kind:
    return Tuple((NUMBER(a), NUMBER(a)), SLOGDET)


def eigh_kind(a: Kind, UPLO: Any = "L") -> Kind:  # noqa: N803
    return Tuple((EIGENVALUES(a), MATRIX(a)), EIGH)


# Of numbers that are real or complex as they turn out; from NumPy 2.5 on always complex.
_EIGVALS, _EIGENVECTORS = (matrix_function(function, 1 + k) if np.iscomplexobj(LINALG.eigvals(np.eye(1))) else None
                           for k, function in enumerate((LINALG.eigvals, lambda a: LINALG.eig(a)[1])))


def eigvals_kind(a: Kind) -> Kind:
    return Array(None, shape_of(a)[:-1]) if _EIGVALS is None else _EIGVALS(a)


def roots_kind(p: Kind) -> Kind:
    return Array(None if _EIGVALS is None else np.dtype(complex), (None,))


def eig_kind(a: Kind) -> Kind:
    vectors = Array(None, shape_of(a)) if _EIGENVECTORS is None else _EIGENVECTORS(a)
    return Tuple((eigvals_kind(a), vectors), EIG)


def pinv_kind(a: Kind) -> Kind:
    shape = shape_of(a)
    return shaped_result(LINALG.pinv, (a,), shape[:-2] + shape[:-3:-1])


def solve_kind(a: Kind, b: Kind) -> Kind:
    x, y = shape_of(a), shape_of(b)
    shape = broadcast_shapes([x[:-2], y[:-2]]) + (x[-2:-1] if len(y) == 1 else y[-2:])
    return shaped_result(LINALG.solve, (a, b), shape)


def shorter(shape: Shape) -> Axis:
    """The length of the shorter one of the last two axes, where it is certain which."""
    rows, columns = shape[-2:]
    if isinstance(rows, int) and isinstance(columns, int):
        return min(rows, columns)
    return rows if same(rows, columns) else None


def svd_kind(a: Kind, full_matrices: Kind = TRUE, compute_uv: Kind = TRUE) -> Kind:
    shape = shape_of(a)
    count, full = shorter(shape), literal(full_matrices)
    values = shaped_result(LINALG.svdvals, (a,), (*shape[:-2], count))
    if not literal(compute_uv):
        return values
    left, right = (shape[-2:-1] + (shape[-2] if full else count,), (shape[-1] if full else count,) + shape[-1:])
    return Tuple((_with_shape(values, shape[:-2] + left), values, _with_shape(values, shape[:-2] + right)), SVD)


def _with_shape(kind: Kind, shape: Shape) -> Kind:
    return Array(as_array(kind).dtype, shape)


def qr_kind(a: Kind, mode: Any = "reduced") -> Kind:
    shape, how = shape_of(a), literal(mode)
    if how not in ("reduced", "r"):
        raise Undecided
    count = shorter(shape)
    right = shaped_result(LINALG.inv, (a,), (*shape[:-2], count, shape[-1]))
    return right if how == "r" else Tuple((_with_shape(right, (*shape[:-1], count)), right), QR)


def lstsq_kind(a: Kind, b: Kind, rcond: Any = None) -> Kind:
    x, y = shape_of(a), shape_of(b)
    solution = shaped_result(np.matmul, (a, b), x[1:] + y[1:])
    if as_array(solution).dtype != np.dtype(float):
        raise Undecided
    return Tuple((solution, _with_shape(solution, (None,)), Scalar(np.dtype(np.int32)),
                  _with_shape(solution, (shorter(x),))))


def matrix_rank_kind(A: Kind, *args: Any, **options: Any) -> Kind:  # noqa: N803
    if len(shape_of(A)) != 2:
        raise Undecided
    return Scalar(np.dtype(int))


def matrix_power_kind(a: Kind, n: Any) -> Kind:
    return like_first(a)


def multi_dot_kind(arrays: Kind) -> Kind:
    if not isinstance(arrays, Tuple) or not arrays.items:
        raise Undecided
    first, *others = arrays.items
    for other in others:
        first = dot_kind(np.dot, first, other)
    return first


def vecdot_kind(x1: Kind, x2: Kind, *, axis: Kind = LAST) -> Kind:
    both = elementwise(np.multiply, x1, x2)
    if literal(axis) >= 0:
        raise Undecided
    return shaped_result(np.vecdot, (x1, x2), reduced(shape_of(both), axis, False))


def trace_kind(x: Kind, *, offset: Any = 0) -> Kind:
    return shaped_result(LINALG.trace, (x,), shape_of(x)[:-2])


def diagonal_kind(x: Kind, *, offset: Kind = ZERO) -> Kind:
    return LAYOUT_KINDS[np.diagonal](x, offset, Int(-2), Int(-1))


def matrix_transpose_kind(x: Kind) -> Kind:
    return LAYOUT_KINDS[np.swapaxes](x, Int(-1), Int(-2))


LINALG_KINDS: dict[Any, KindFunction] = {
    LINALG.norm: norm_kind, LINALG.vector_norm: vector_norm_kind, LINALG.matrix_norm: matrix_norm_kind,
    norms.is_euclidean: is_euclidean_kind, norms.slope: like_first, norms.vector_slope: like_first,
    norms.curvature: lambda e, x, ord, axis: like_first(x), norms.vector_curvature: lambda e, x, ord, axis: like_first(x),
    LINALG.cond: cond_kind, LINALG.inv: MATRIX, LINALG.cholesky: matrix_function(LINALG.cholesky, 2), LINALG.det: NUMBER,
    LINALG.slogdet: slogdet_kind, LINALG.eigh: eigh_kind, LINALG.eigvals: eigvals_kind, np.roots: roots_kind,
    LINALG.eig: eig_kind, LINALG.eigvalsh: lambda a, UPLO="L": EIGENVALUES(a),
    LINALG.pinv: pinv_kind, LINALG.solve: solve_kind, LINALG.svd: svd_kind,
    LINALG.svdvals: lambda x: svd_kind(x, TRUE, FALSE), LINALG.qr: qr_kind, LINALG.lstsq: lstsq_kind,
    LINALG.matrix_power: matrix_power_kind, LINALG.multi_dot: multi_dot_kind, LINALG.matmul: matmul_kind,
    LINALG.outer: outer_kind, LINALG.tensordot: lambda a, b, *, axes=TWO: tensordot_kind(a, b, axes),
    LINALG.vecdot: vecdot_kind, np.vecdot: vecdot_kind, LINALG.trace: trace_kind, LINALG.diagonal: diagonal_kind,
    LINALG.matrix_transpose: matrix_transpose_kind, LINALG.matrix_rank: matrix_rank_kind,
    decompositions.divided: partial(elementwise, np.divide),
    decompositions.turned: partial(elementwise, np.divide), decompositions.filled_up: lambda e, x: x}
