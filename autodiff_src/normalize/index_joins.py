"""`np.r_[x, 1.0, y]` and `np.c_[x, y]` as calls of functions of the tuple."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from autodiff_src.program import MISSING
from autodiff_src.runtime.index_joins import column_wise, row_wise
from autodiff_src.syntax import clone, constant

JOINING: dict[int, Any] = {id(np.r_): row_wise, id(np.c_): column_wise}


def joining_call(node: gast.Subscript, joining: Any, reference: Callable[[Any], gast.expr]) -> gast.expr | None:
    """The call that joins; slices, which stand for numbers, are arrays of these. None for a slice alone whose text does not
    tell which, and for what may be a tuple, of which the items are joined."""
    if not isinstance(node.slice, (gast.Tuple, gast.Slice)):
        return None

    def function(value: Any) -> gast.expr:
        of = node.value
        return gast.Attribute(of.value, value.__name__, gast.Load()) if isinstance(of, gast.Attribute) else reference(value)

    parts = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
    found = [_numbers(part, function) if isinstance(part, gast.Slice) else part for part in parts]
    if isinstance(node.slice, gast.Slice) and (found == [None] or joining is row_wise):
        return found[0]
    kept = [gast.Subscript(clone(node.value), part, gast.Load()) if new is None else new for part, new in zip(parts, found)]
    return gast.Call(reference(joining), [gast.Tuple(kept, gast.Load())], [])


def _numbers(of: gast.Slice, function: Callable[[Any], gast.expr]) -> gast.expr | None:
    """The numbers that a slice stands for, where that is known from its text; an imaginary step tells how many."""
    start, step = of.lower or constant(0), getattr(of.step, "value", None)
    if of.upper is None or not isinstance(of.step, (gast.Constant, type(None))):
        return None
    if isinstance(step, complex):
        return gast.Call(function(np.linspace), [start, of.upper, constant(int(abs(step)))], [])
    return gast.Call(function(np.arange), [start, of.upper, *([of.step] if of.step else [])], [])


def holds_items(value: Any) -> bool:
    """Does an index only choose among items of a value outside? Others compute with it, as `np.r_[x, y]` does."""
    return value is MISSING or isinstance(value, (tuple, list, dict, str, np.ndarray))
