"""Arithmetic of containers that is other functions' work.

    y = a @ [x, 2.0]        ->      items = [x, 2.0]            # a: an array; the same for tuples, on either side
                                    y = a @ np.array(items)
    f = d | e               ->      whole = dict(d)             # d, e: dicts
                                    whole.update(e)
                                    f = whole
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Array, List, Tuple, is_dict
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import FreshNames
from autodiff_src.syntax import assign, clone, located, name, with_value

_OPERATORS = (gast.Add, gast.Sub, gast.Mult, gast.Div, gast.Pow, gast.MatMult, gast.FloorDiv, gast.Mod)


class SequenceOperands:
    """Of one function."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames):
        self.expressions, self.names, self.outside = expressions, names, outside
        self.done: dict[tuple[int, str], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for an operation of an array and a list or a tuple, or of two dicts; None for other statements."""
        e = s.value
        if not isinstance(e, gast.BinOp):
            return None
        left, right = (self.expressions.kind(operand, env) for operand in (e.left, e.right))
        if isinstance(e.op, gast.BitOr) and is_dict(left) and is_dict(right):
            return self._once(s, "union", self._union)
        if not isinstance(e.op, _OPERATORS):
            return None
        if isinstance(left, (List, Tuple)) and isinstance(right, Array):
            return self._once(s, "left", self._with_array)
        if isinstance(left, Array) and isinstance(right, (List, Tuple)):
            return self._once(s, "right", self._with_array)
        return None

    def _once(self, s: Any, form: str, write: Callable[[Any, str], list[gast.stmt]]) -> list[gast.stmt]:
        if (id(s), form) not in self.done:
            self.done[id(s), form] = [located(t, s) for t in write(s, form)]
        return self.done[id(s), form]

    def _with_array(self, s: Any, side: str) -> list[gast.stmt]:
        made, value = self.names.fresh("operand"), clone(s.value)
        items = getattr(value, side)
        setattr(value, side, name(made))
        array = gast.Call(name(self.outside.name_for(np.array, "array")), [items], [])
        return [assign(made, array), with_value(s, value)]

    def _union(self, s: Any, whole: str) -> list[gast.stmt]:
        made = name(self.names.fresh(whole))
        copied = gast.Call(name(self.outside.name_for(dict, "dict")), [s.value.left], [])
        added = gast.Call(gast.Attribute(made, "update", gast.Load()), [s.value.right], [])
        return [assign(made.id, copied), gast.Expr(added), with_value(s, clone(made))]
