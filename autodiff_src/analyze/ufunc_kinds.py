"""The kinds of what methods of ufuncs give: reduce, accumulate, outer."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import Shape
from autodiff_src.analyze.creation_kinds import FALSE, NONE, ZERO, KindFunction
from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.product_kinds import shape_of
from autodiff_src.analyze.samples import is_none, literal, shaped_result

_REDUCING = (np.add, np.multiply, np.maximum, np.minimum, np.logaddexp)
_OUTER = (np.add, np.subtract, np.multiply, np.divide, np.power)


def ufunc_kinds(reduced: Callable[[Shape, Kind, bool], Shape]) -> dict[Any, KindFunction]:
    """By method; `reduced` tells the shape that a reduction leaves."""
    def reduce_kind(method: Any) -> KindFunction:
        def kind(array: Kind, axis: Kind = ZERO, dtype: Kind = NONE, *, keepdims: Kind = FALSE, initial: Any = None,
                 where: Any = None) -> Kind:
            kept = bool(literal(keepdims))
            shape = reduced(shape_of(array), axis, kept)
            return shaped_result(method, (array,), shape, axis=literal(axis), keepdims=kept, **_given(dtype))
        return kind
    return {**{ufunc.reduce: reduce_kind(ufunc.reduce) for ufunc in _REDUCING},
            **{ufunc.accumulate: _accumulate_kind(ufunc.accumulate) for ufunc in _REDUCING},
            **{ufunc.outer: _outer_kind(ufunc.outer) for ufunc in _OUTER}}


def _accumulate_kind(method: Any) -> KindFunction:
    def kind(array: Kind, axis: Kind = ZERO, dtype: Kind = NONE) -> Kind:
        return shaped_result(method, (array,), shape_of(array), axis=literal(axis), **_given(dtype))
    return kind


def _outer_kind(method: Any) -> KindFunction:
    def kind(A: Kind, B: Kind) -> Kind:  # noqa: N803
        return shaped_result(method, (A, B), shape_of(A) + shape_of(B))
    return kind


def _given(dtype: Kind) -> dict[str, Any]:
    return {} if is_none(dtype) else {"dtype": literal(dtype)}
