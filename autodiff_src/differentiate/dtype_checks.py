"""Dtypes that are decided when the text runs: it looks that what carries a derivative is not cut to an integer."""
from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Primitive
from autodiff_src.analyze.kinds import Array, Kind, Unknown
from autodiff_src.runtime.values import check_floats
from autodiff_src.syntax import is_name, located, name, names_read

_CONVERSIONS = frozenset(map(id, [np.array, np.asarray, np.asanyarray, np.ndarray.astype]))


def store_check(s: gast.stmt, kind_of: Callable[[str], Kind], carries: Callable[[str], bool],
                reference: Callable[..., gast.expr]) -> list[gast.stmt]:
    """What has to run in front of a store of what carries a derivative, into what may be an array of integers."""
    target: Any = s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else None
    if not isinstance(target, gast.Subscript) or not is_name(target.value):
        return []
    held = target.value.id
    if not (_may_hold_integers(kind_of(held)) and carries(held) and any(map(carries, names_read(s.value)))):  # type: ignore
        return []
    return [_check(s, held, reference)]


def conversion_check(s: gast.stmt, info: Any, kind_of: Callable[[str], Kind], carries: Callable[[str], bool],
                     reference: Callable[..., gast.expr], perhaps_integers: Collection[str]) -> list[gast.stmt]:
    """What has to run behind a conversion of what carries a derivative, and where an array is made of numbers that may be
    integers."""
    if isinstance(s, gast.Assign) and is_name(s.targets[0]) and s.targets[0].id in perhaps_integers:
        return [_check(s, s.targets[0].id, reference)]
    if not (isinstance(s, gast.Assign) and isinstance(info, Primitive) and id(info.rule.primitive) in _CONVERSIONS
            and len(info.arguments) + len(info.keywords) > 1):
        return []
    target = s.targets[0].id
    return [_check(s, target, reference)] if _may_hold_integers(kind_of(target)) and carries(target) else []


def _may_hold_integers(kind: Kind) -> bool:
    return isinstance(kind, Unknown) or isinstance(kind, Array) and kind.dtype is None


def _check(s: gast.stmt, variable: str, reference: Callable[..., gast.expr]) -> gast.stmt:
    return located(gast.Expr(gast.Call(reference(check_floats, "check_floats"), [name(variable)], [])), s)
