"""Views of arrays that are others.

    y = x.mT                        ->      y = x.T             # of a matrix
    y = x.mT                        ->      y = np.swapaxes(x, -1, -2)
    y = x.view(), x.view(np.ndarray)        ->      y = x[...]
"""
from __future__ import annotations

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Array, Known
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.analyze.samples import Undecided, literal
from autodiff_src.syntax import constant, expression, is_name, located, with_value


class ArrayViews:
    """Of one function."""

    def __init__(self, expressions: ExpressionKinds, outside: OutsideNames):
        self.expressions, self.outside = expressions, outside
        self.done: dict[tuple[int, bool], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for such a view; None for other statements, and where `x` is not known to be an array."""
        call = s.value if isinstance(s.value, gast.Call) else None
        e = s.value if call is None else call.func
        if not (isinstance(e, gast.Attribute) and is_name(e.value)):
            return None
        kind = env.get(e.value.id)
        if not isinstance(kind, Array):
            return None
        if call is not None:
            return self._whole(s, e, call, kind, env) if e.attr == "view" else None
        if e.attr != "mT" or kind.ndim is not None and kind.ndim < 2:
            return None
        matrix = kind.ndim == 2
        turned = expression("x.T", x=e.value) if matrix else expression(
            "f(x, -1, -2)", f=self.outside.name_for(np.swapaxes, "swapaxes"), x=e.value)
        return self._once(s, matrix, turned)

    def _whole(self, s: gast.Assign | gast.Expr, e: gast.Attribute, call: gast.Call, kind: Array,
               env: Env) -> list[gast.stmt] | None:
        """`x.view(...)` as neither another dtype nor a subclass."""
        given = [self.expressions.kind(a, env) for a in (*call.args, *(k.value for k in call.keywords))]
        if len(given) > 1 or any(k.arg not in ("dtype", "type") for k in call.keywords):
            return None
        if given and given[0] != Known(np.ndarray):
            try:
                if kind.dtype is None or np.dtype(literal(given[0])) != kind.dtype:
                    return None
            except (Undecided, TypeError):
                return None
        return self._once(s, True, gast.Subscript(e.value, constant(...), gast.Load()))

    def _once(self, s: gast.Assign | gast.Expr, form: bool, value: gast.expr) -> list[gast.stmt]:
        if (id(s), form) not in self.done:
            self.done[id(s), form] = [located(with_value(s, value), s)]  # type: ignore[list-item]
        return self.done[id(s), form]
