"""`x.flat` where its elements are read at once, or one by one in a loop: `x.ravel()` gives the same then.

    r, g, b = x.flat        ->      values = x.ravel()
                                    r, g, b = values
"""
from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Array
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import Program
from autodiff_src.runtime import iteration, layouts
from autodiff_src.syntax import (
    COMPOUND,
    expression,
    heads,
    is_name,
    located,
    name,
    names_read,
    statement,
    walk_statements,
    with_value,
)

_AT_ONCE = frozenset(map(id, (sum, list, tuple, max, min, sorted)))


class FlatArrays:
    """Of one function."""

    def __init__(self, program: Program, expressions: ExpressionKinds, outside: OutsideNames):
        self.program, self.expressions, self.outside = program, expressions, outside
        self.done: dict[int, list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for `values = x.flat`; None for other statements, and where more may be done with it."""
        e = s.value
        if not isinstance(s, gast.Assign) or not isinstance(e, gast.Attribute) or e.attr != "flat" or not is_name(e.value):
            return None
        if not isinstance(env.get(e.value.id), Array) or not is_name(s.targets[0]):  # type: ignore[attr-defined]
            return None
        if id(s) not in self.done:
            self.done[id(s)] = self._written(s, e.value, s.targets[0].id)  # type: ignore[attr-defined]
        return self.done[id(s)] or None

    def _written(self, s: gast.Assign, array: Any, values: str) -> list[gast.stmt]:
        reading = (t for t in walk_statements(self.program.function.body)
                   if values in names_read(heads(t) if isinstance(t, COMPOUND) else t))
        uses = [self._use(t, values) for t in reading]
        if not uses or None in uses:
            return []
        raveled = located(with_value(s, expression("x.ravel()", x=array)), s)
        if "loop" not in uses:
            return [raveled]  # type: ignore[list-item]
        check = name(self.outside.name_for(layouts.check_contiguous, "check_contiguous"))
        return [statement("check(x)", s, check=check, x=array), raveled]  # type: ignore[list-item]

    def _use(self, s: gast.stmt, values: str) -> str | None:
        """"once" or "loop": when the elements are read; None where something else is done with `values`."""
        e = getattr(s, "value", None)
        if not isinstance(s, gast.Assign):
            return None
        if isinstance(s.targets[0], gast.Tuple):
            return "once" if is_name(e, values) else None
        if not is_name(s.targets[0]):
            return None
        if isinstance(e, gast.Subscript) and is_name(e.value, values):
            return None if isinstance(e.slice, (gast.Slice, gast.Tuple)) or values in names_read(e.slice) else "once"
        if isinstance(e, gast.Call) and len(e.args) == 1 and not e.keywords and is_name(e.args[0], values):
            function = self.expressions.static(e.func, set())
            return "loop" if function is iteration.sequence else "once" if id(function) in _AT_ONCE else None
        return None
