"""SciPy's splines that are made within a function, of values that may carry a derivative.

    s = CubicSpline(x, y)       ->      points, values = np.array(x), np.array(y)
    z = s(t)                            made = fitted(CubicSpline, points, values)
                                        def spline(x, nu=0, made=made, points=points, values=values):
                                            return interpolated(made, points, values, x, nu)
                                        s = spline
                                        z = s(t)

They are linear in the values. Splines that are used otherwise than by calling them are left as they are.
"""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.runtime import spline_values
from autodiff_src.syntax import is_name, located, name, parameter_names, statements, walk

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions

# By the function that makes a spline: its options, and the values of these for which it is linear in the values.
MAKERS: dict[str, dict[str, tuple[Any, ...]]] = {
    "CubicSpline": {"bc_type": ("not-a-knot", "natural", "clamped"), "extrapolate": (None, True, False)},
    "make_interp_spline": {"k": (1, 2, 3, 4, 5)},
    "interp1d": {"kind": ("linear", "slinear", "quadratic", "cubic"), "fill_value": ("extrapolate",),
                 "assume_sorted": (True, False)},
}


class Splines:
    """Rewrites such splines of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions

    def call(self, node: gast.Call, function: Any) -> gast.expr | None:
        """What stands for `CubicSpline(x, y)(t)`; None for other calls."""
        if not self._makes(node.func):
            return None
        return gast.Call(self._function(node.func), node.args, node.keywords)

    def named(self, title: str, value: gast.expr) -> gast.expr:
        """What a variable is bound to: of a spline that is only called, the function that stands for it."""
        return self._function(value) if title in self.tracked and self._makes(value) else value

    @cached_property
    def tracked(self) -> set[str]:
        """Variables that stand for one spline, and are only called."""
        function = self.expressions.program.function
        nodes = [n for s in function.body for n in walk(s)]
        bound = [s.targets[0].id for s in nodes if isinstance(s, gast.Assign) and len(s.targets) == 1
                 and is_name(s.targets[0]) and self._makes(s.value)]
        uses = [n.id for n in nodes if is_name(n)]
        called = [n.func.id for n in nodes if isinstance(n, gast.Call) and is_name(n.func)]
        return {t for t in bound if t not in parameter_names(function.args) and uses.count(t) == 1 + called.count(t)}

    def _makes(self, node: Any) -> bool:
        """Is it a call that makes a spline of which the derivative is known?"""
        if not isinstance(node, gast.Call) or len(node.args) != 2 or any(isinstance(a, gast.Starred) for a in node.args):
            return False
        function = self.expressions.static(node.func)
        options = MAKERS.get(getattr(function, "__name__", ""))
        home = sys.modules.get("scipy.interpolate")
        if options is None or getattr(home, function.__name__, None) is not function:
            return False
        return all(k.arg in options and isinstance(k.value, gast.Constant) and k.value.value in options[k.arg]
                   for k in node.keywords)

    def _function(self, call: Any) -> gast.Name:
        """The name of the function that stands for a spline, which is defined where that is made."""
        of, now = self.expressions.reference, self.expressions.consumption.now
        points, values = (now(word, located(gast.Call(of(np.array), [e], []), call))
                          for word, e in zip(("points", "values"), call.args, strict=True))
        fitted = gast.Call(of(spline_values.fitted), [call.func, points, values], call.keywords)
        made, title = now("made", located(fitted, call)), self.expressions.new("spline")
        function = statements(
            f"def {title}(x, nu=0, made={made.id}, points={points.id}, values={values.id}): "  # type: ignore[attr-defined]
            f"return {of(spline_values.interpolated).id}(made, points, values, x, nu)")[0]  # type: ignore[attr-defined]
        self.expressions.out += self.expressions.lower_block([located(function, call)])
        return name(title)
