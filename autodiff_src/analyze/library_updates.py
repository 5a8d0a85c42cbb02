"""Updates of arrays of other libraries are written out of place, if nobody can tell.

    total += v      ->      total = total + v
"""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    clone,
    heads,
    is_name,
    located,
    names_read,
    names_stored,
    parameter_names,
    walk_statements,
)

_MAKING: frozenset[Any] = frozenset(getattr(np, n) for n in (
    "sum", "mean", "prod", "max", "min", "std", "var", "where", "dot", "concatenate", "stack", "zeros", "ones", "full",
    "zeros_like", "ones_like", "full_like", "tensordot"))


def out_of_place(s: gast.AugAssign) -> gast.Assign:
    """`x = x op v` for `x op= v`."""
    read = clone(s.target)
    read.ctx = gast.Load()
    return assign(s.target.id, located(gast.BinOp(read, s.op, s.value), s), s)


def refuse_shared(updates: dict[str, gast.stmt], program: Program, expressions: ExpressionKinds, local: set[str]) -> None:
    """Raises UnsupportedError where an array that is updated may be seen under another name. `updates`: by variables."""
    function = program.function
    for s in walk_statements(function.body) if updates else ():
        used = names_read(heads(s)) if isinstance(s, COMPOUND) else names_read(s) | names_stored([s])
        for variable in updates.keys() & used:
            if not _keeps_apart(s, expressions, local) or variable in parameter_names(function.args):
                reason = f"{variable!r} is an array that is updated in place, and may be seen under another name"
                raise UnsupportedError(reason, program.place(updates[variable]),
                                       "make a new array: `x = x + v` for `x += v`")


def _keeps_apart(s: gast.stmt, expressions: ExpressionKinds, local: set[str]) -> bool:
    """Is what the statement makes new memory, so that what it reads gets no other name?"""
    if isinstance(s, (gast.If, gast.While)):
        return True
    if isinstance(s, gast.Return):
        return is_name(s.value)
    if not isinstance(s, gast.Assign) or not is_name(s.targets[0]):
        return False
    if isinstance(s.value, gast.Call):
        function = expressions.static(s.value.func, local)
        return isinstance(function, np.ufunc) or function in _MAKING
    return isinstance(s.value, (gast.Constant, gast.BinOp, gast.UnaryOp, gast.Compare))
