"""A power that may be complex is made by a function that refuses complex results.

    y = x ** p    ->    y = real_power(x, p)
"""

from __future__ import annotations

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.operator_kinds import may_be_complex
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.runtime.values import real_power
from autodiff_src.syntax import assign, located, name


class RealPowers:
    """Rewrites the powers of one function."""

    def __init__(self, expressions: ExpressionKinds, outside: OutsideNames):
        self.expressions, self.outside = expressions, outside
        self.rewritten: dict[int, gast.Assign] = {}

    def rewrite(self, s: gast.Assign, env: Env) -> gast.Assign:
        """The statement, or what stands for it if its value is a power that may be complex."""
        value = s.value
        if not isinstance(value, gast.BinOp) or not isinstance(value.op, gast.Pow):
            return s
        if not may_be_complex(self.expressions.kind(value.left, env), self.expressions.kind(value.right, env)):
            return s
        if id(s) not in self.rewritten:
            call = gast.Call(name(self.outside.name_for(real_power, "real_power")), [value.left, value.right], [])
            self.rewritten[id(s)] = assign(s.targets[0], located(call, s), s)
        return self.rewritten[id(s)]
