"""The kinds of what `scipy.linalg` gives; imported when one of its functions is first met."""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from autodiff_src.analyze.axis_lengths import Axis, Shape
from autodiff_src.analyze.creation_kinds import FALSE, NONE, KindFunction
from autodiff_src.analyze.kinds import Array, Bool, Kind, Tuple
from autodiff_src.analyze.linalg_kinds import EIGENVALUES, LINALG_KINDS, MATRIX, NUMBER, TRUE, like_first, norm_kind, shorter
from autodiff_src.analyze.product_kinds import shape_of
from autodiff_src.analyze.samples import Undecided, as_array, elementwise, is_none, literal, shaped_result
from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime import matrices


def solution(a: Kind, b: Kind) -> Kind:
    """The kind of what solves equations with one right side or several."""
    return LINALG_KINDS[np.linalg.solve](a, b)


def factored(a: Kind, second: Kind) -> Kind:
    return Tuple((MATRIX(a), second))


def cho_factor_kind(a: Kind, lower: Kind = FALSE, **options: Any) -> Kind:
    return factored(a, Bool(bool(literal(lower))))


def lu_factor_kind(a: Kind, **options: Any) -> Kind:
    return factored(a, Array(np.dtype(np.int32), shape_of(a)[:-1]))


def of_factors(factors: Kind, b: Kind, *options: Any, **named: Any) -> Kind:
    if not isinstance(factors, Tuple) or not factors.items:
        raise Undecided
    return solution(factors.items[0], b)


def eigh_kind(a: Kind, b: Any = None, *, eigvals_only: Kind = FALSE, **options: Any) -> Kind:
    _refuse(options, "subset_by_index", "subset_by_value", "type", "eigvals", "turbo")
    return EIGENVALUES(a) if literal(eigvals_only) else Tuple((EIGENVALUES(a), MATRIX(a)))


def eigvalsh_kind(a: Kind, b: Any = None, **options: Any) -> Kind:
    _refuse(options, "subset_by_index", "subset_by_value", "type", "eigvals", "turbo")
    return EIGENVALUES(a)


def _refuse(given: dict[str, Any], *names: str) -> None:
    """Options that the rules do not know are refused there; what they change of the result's shape is not told here."""
    if any(name in given for name in names):
        raise Undecided


def svd_kind(a: Kind, full_matrices: Kind = TRUE, compute_uv: Kind = TRUE, **options: Any) -> Kind:
    found = LINALG_KINDS[np.linalg.svd](a, full_matrices, compute_uv)
    return Tuple(found.items) if isinstance(found, Tuple) else found


def qr_kind(a: Kind, *, mode: Any = "full", pivoting: Kind = FALSE, **options: Any) -> Kind:
    """Raises UnsupportedError for modes of which the rule does not know what they give."""
    how = mode if isinstance(mode, str) else literal(mode)
    if how not in ("full", "economic") or literal(pivoting):
        raise UnsupportedError("this mode of linalg.qr is not differentiated", fix="use mode='economic' without pivoting")
    shape = shape_of(a)
    count: Axis = shape[-2] if how == "full" else shorter(shape)
    dtype = as_array(MATRIX(a)).dtype
    return Tuple((Array(dtype, (*shape[:-1], count)), Array(dtype, (*shape[:-2], count, shape[-1]))))


def matrix_kind(a: Kind, *options: Any, **named: Any) -> Kind:
    return MATRIX(a)


def real_or_complex_kind(A: Kind, *options: Any, **named: Any) -> Kind:  # noqa: N803
    return Array(None, shape_of(A))


def circulant_kind(c: Kind) -> Kind:
    return _vectors_kind(c, c)


def toeplitz_kind(c: Kind, r: Kind = NONE) -> Kind:
    return _vectors_kind(c, c if is_none(r) else r)


def _vectors_kind(c: Kind, r: Kind) -> Kind:
    rows, columns = shape_of(c), shape_of(r)
    if len(rows) != 1 or len(columns) != 1:
        raise Undecided
    return shaped_result(np.outer, (c, r), rows + columns)


def solve_banded_kind(l_and_u: Any, ab: Kind, b: Kind, **options: Any) -> Kind:
    if len(shape_of(ab)) != 2:
        raise Undecided
    return shaped_result(np.multiply, (ab, b), shape_of(b))


def lyapunov_kind(a: Kind, q: Kind) -> Kind:
    return shaped_result(np.multiply, (a, q), shape_of(q))


def expm_slope_kind(a: Kind, e: Kind) -> Kind:
    return elementwise(np.multiply, a, e)


def beside_kind(a: Kind, e: Kind) -> Kind:
    both = as_array(elementwise(np.multiply, a, e))
    shape: Shape = shape_of(both)
    return Array(both.dtype, (*shape[:-2], None, None))


KINDS: dict[Any, KindFunction] = {
    linalg.inv: matrix_kind, linalg.det: lambda a, **options: NUMBER(a), linalg.cholesky: matrix_kind,
    linalg.solve: lambda a, b, *options, **named: solution(a, b),
    linalg.solve_triangular: lambda a, b, *options, **named: solution(a, b),
    linalg.cho_factor: cho_factor_kind, linalg.lu_factor: lu_factor_kind, linalg.cho_solve: of_factors,
    linalg.lu_solve: of_factors, linalg.eigh: eigh_kind, linalg.eigvalsh: eigvalsh_kind, linalg.svd: svd_kind,
    linalg.svdvals: lambda a, **options: svd_kind(a, TRUE, FALSE), linalg.qr: qr_kind, linalg.expm: matrix_kind,
    linalg.logm: real_or_complex_kind, linalg.sqrtm: real_or_complex_kind,
    linalg.solve_sylvester: lambda a, b, q: shaped_result(linalg.solve_sylvester, (a, b, q), shape_of(q)),
    linalg.solve_continuous_lyapunov: lyapunov_kind, linalg.solve_discrete_lyapunov: lyapunov_kind,
    linalg.circulant: circulant_kind, linalg.toeplitz: toeplitz_kind,
    linalg.solve_banded: solve_banded_kind,
    linalg.norm: lambda a, ord=NONE, axis=NONE, keepdims=FALSE, check_finite=TRUE: norm_kind(a, ord, axis, keepdims),
    linalg.pinv: lambda a, **options: LINALG_KINDS[np.linalg.pinv](a),
    matrices.taken: matrix_kind, matrices.read: matrix_kind, matrices.expm_slope: expm_slope_kind,
    matrices.beside: beside_kind, matrices.exchanged: lambda e, pivots, back=FALSE: like_first(e),
    matrices.banded_transpose: lambda l_and_u, ab: like_first(ab),
    matrices.banded_product: solve_banded_kind}
