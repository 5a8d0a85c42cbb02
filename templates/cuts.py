"""Functions of NumPy whose results carry no derivative."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import method, non_differentiable

non_differentiable(
    np.floor, np.ceil, np.rint, np.trunc, np.fix, np.round, np.around, np.heaviside, np.signbit, np.spacing,
)
non_differentiable(
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal, np.logical_and, np.logical_or,
    np.logical_not, np.logical_xor, np.isnan, np.isinf, np.isfinite, np.isneginf, np.isposinf, np.isclose, np.allclose,
    np.array_equal, np.array_equiv, np.isscalar, np.iscomplexobj, np.isrealobj, np.isin, np.any, np.all,
    np.issubdtype, np.iterable, np.can_cast, np.common_type,
    np.shares_memory, np.may_share_memory, np.isreal, np.iscomplex, np.isfortran, np.isnat, np.isdtype,
    np.min_scalar_type, np.mintypecode, np.promote_types, np.typename,
)
non_differentiable(
    np.zeros, np.ones, np.empty, np.eye, np.identity, np.arange, np.zeros_like, np.ones_like, np.empty_like, np.tri,
    np.indices, np.tril_indices, np.triu_indices, np.diag_indices, np.ix_, np.unravel_index, np.ravel_multi_index,
    np.tril_indices_from, np.triu_indices_from, np.diag_indices_from, np.bartlett, np.blackman, np.hamming, np.hanning,
)
non_differentiable(
    np.shape, np.size, np.ndim, np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort, np.argwhere,
    np.argpartition, np.searchsorted, np.nonzero, np.flatnonzero, np.count_nonzero, np.digitize, np.lexsort,
    np.broadcast_shapes, np.result_type, np.dtype, np.finfo, np.iinfo, np.bitwise_and, np.bitwise_or, np.bitwise_xor,
    np.invert, np.left_shift, np.right_shift, np.gcd, np.lcm, np.bool_, np.int8, np.int16, np.int32, np.int64,
    np.uint8, np.uint16, np.uint32, np.uint64, np.errstate, np.bitwise_count, np.packbits, np.unpackbits,
    np.einsum_path, np.array2string, np.array_repr, np.array_str, np.base_repr, np.binary_repr,
    np.format_float_positional, np.format_float_scientific, np.lib.array_utils.normalize_axis_index,
)
non_differentiable(
    np.ndarray.argmax, np.ndarray.argmin, np.ndarray.argsort, np.ndarray.any, np.ndarray.all, np.ndarray.nonzero,
    np.ndarray.searchsorted, np.ndarray.round, np.ndarray.tobytes, np.ndarray.argpartition,
)

for name in ("argmax", "argmin", "argsort", "any", "all", "nonzero", "searchsorted", "round", "tobytes",
             "argpartition"):
    method(name, getattr(np.ndarray, name))
