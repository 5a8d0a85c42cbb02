"""`x.mT` of arrays: `x.T` of a matrix, `np.swapaxes(x, -1, -2)` of a stack of them."""
from __future__ import annotations

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Array
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.syntax import expression, is_name, located, with_value


class MatrixTransposes:
    """Of one function."""

    def __init__(self, expressions: ExpressionKinds, outside: OutsideNames):
        self.expressions, self.outside = expressions, outside
        self.done: dict[tuple[int, bool], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for `y = x.mT`; None for other statements, and where `x` is not known to be an array."""
        e = s.value
        if not (isinstance(e, gast.Attribute) and e.attr == "mT" and is_name(e.value)):
            return None
        kind = env.get(e.value.id)
        if not isinstance(kind, Array) or kind.ndim is not None and kind.ndim < 2:
            return None
        matrix = kind.ndim == 2
        if (id(s), matrix) not in self.done:
            turned = expression("x.T", x=e.value) if matrix else expression(
                "f(x, -1, -2)", f=self.outside.name_for(np.swapaxes, "swapaxes"), x=e.value)
            self.done[id(s), matrix] = [located(with_value(s, turned), s)]  # type: ignore[list-item]
        return self.done[id(s), matrix]
