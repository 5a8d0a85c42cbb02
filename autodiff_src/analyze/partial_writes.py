"""Refuses statements in the block of a `try` that may raise when they have written a part of an array already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Called, Info
from autodiff_src.analyze.kinds import Array, Dict, Float, Int, Kind, List, Scalar, is_immutable_number
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.syntax import is_name, walk_statements

# What NumPy raises behind an operation that is done, as `np.errstate` and `warnings` tell it to.
_RAISED_AFTERWARDS = (FloatingPointError, RuntimeWarning)


def refuse_written_in_part(
    s: gast.Try,
    body: list[gast.stmt],
    kind: Callable[[gast.expr], Kind],
    calls: dict[int, Info],
    program: Program,
    static: Callable[[gast.expr], Any],
) -> None:
    """`body` is that of `s`, specialised. Raises UnsupportedError with the line."""
    if not s.handlers:
        return
    afterwards = any(_catches_afterwards(h, static) for h in s.handlers)
    for t in walk_statements(body):
        info = calls.get(id(t))
        if isinstance(info, Called) and info.callee.written:
            raise UnsupportedError(
                f"{info.callee.program.name} writes into its arguments, and may raise when it has written a part",
                program.place(t),
                "return new arrays, or call it outside the `try`",
            )
        if afterwards and _writes_array(t, kind):
            raise UnsupportedError(
                "an array is written in place, and NumPy may raise afterwards what is caught here",
                program.place(t),
                "compute the new value first, and write it behind the `try`; or catch ZeroDivisionError, ValueError ...",
            )


def _catches_afterwards(handler: gast.ExceptHandler, static: Callable[[gast.expr], Any]) -> bool:
    parts = handler.type.elts if isinstance(handler.type, gast.Tuple) else [handler.type]
    types = [BaseException if e is None else static(e) for e in parts]
    return any(not isinstance(t, type) or issubclass(raised, t) for t in types for raised in _RAISED_AFTERWARDS)


def _writes_array(s: gast.stmt, kind: Callable[[gast.expr], Kind]) -> bool:
    """Does a statement compute, or convert, into an array that is there already?"""
    if isinstance(s, gast.AugAssign):
        place = gast.Name(s.target.id, gast.Load(), None, None) if is_name(s.target) else s.target
        found = kind(place)
        return not is_immutable_number(found) and not isinstance(found, (List, Dict))
    if not isinstance(s, gast.Assign) or not isinstance(s.targets[0], gast.Subscript):
        return False
    base = kind(s.targets[0].value)
    if isinstance(base, (List, Dict)):
        return False
    doubles = isinstance(base, Array) and base.dtype == np.dtype(float)
    value = kind(s.value)
    same = isinstance(value, (Float, Int)) or isinstance(value, (Array, Scalar)) and value.dtype == np.dtype(float)
    return not (doubles and same)
