"""Methods of SciPy's distributions become functions of all of their parameters.

    y = norm.logpdf(x, scale=s)     ->      y = logpdf_of(norm, norm_slopes, x, 0.0, s)
    y = standard.pdf(x)             ->      held = parameters(standard)             # standard: frozen, outside the function
                                            y = pdf_of(held[0], norm_slopes, x, held[1], held[2])
"""
from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import assign, clone, constant, located, name

_PLACES = {"loc": constant(0.0), "scale": constant(1.0)}


class DistributionCalls:
    """The calls of one function."""

    def __init__(self, program: Program, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames):
        self.program, self.expressions, self.names, self.outside = program, expressions, names, outside
        self.rewritten: dict[int, list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a statement that calls a method of a distribution; None for other statements."""
        if not isinstance(s.value, gast.Call) or not isinstance(s.value.func, gast.Attribute) or not isinstance(s, gast.Assign):
            return None
        dist = self.expressions.static(s.value.func.value, env)
        if not module_of(type(dist)).startswith("scipy.stats."):
            return None
        if id(s) not in self.rewritten:
            new = self._lowered(s, s.value, dist)
            if new is None:
                return None
            self.rewritten[id(s)] = [located(statement, s) for statement in new]
        return self.rewritten[id(s)]

    def _lowered(self, s: gast.Assign, call: gast.Call, dist: Any) -> list[gast.stmt] | None:
        densities = importlib.import_module("autodiff_src.runtime.densities")
        method, receiver = call.func.attr, call.func.value  # type: ignore[attr-defined]
        if isinstance(dist, densities.VECTOR) and method in densities.SEVERAL:
            given = self._bound(call, ("x", "mean", "cov"), {})
            return given and self._called(s, densities.SEVERAL[method], [receiver, *given])
        frozen = hasattr(dist, "dist")
        whole = dist.dist if frozen else dist
        slopes = densities.SLOPES.get(type(whole))
        discrete = method in densities.DISCRETE
        function = (densities.DISCRETE if discrete else densities.CONTINUOUS).get(method)
        if slopes is None or function is None or hasattr(whole, "pmf") is not discrete:
            return None
        shapes = whole.shapes.split(", ") if whole.shapes else []
        places = ("loc",) if discrete else ("loc", "scale")
        point = "k" if discrete else "q" if method in ("ppf", "isf") else "x"
        slope = name(self.outside.name_for(slopes, f"{whole.name}_slopes"))
        if not frozen:
            given = self._bound(call, (point, *shapes, *places), _PLACES)
            order = [0, *range(len(shapes) + 1, len(shapes) + 1 + len(places)), *range(1, len(shapes) + 1)]
            return given and self._called(s, function, [receiver, slope, *(given[i] for i in order)])
        given = self._bound(call, (point,), {})
        held = self.names.fresh("held")
        reader = name(self.outside.name_for(densities.parameters, "parameters"))
        parts = [gast.Subscript(name(held), constant(i), gast.Load()) for i in range(1 + len(places) + len(shapes))]
        return given and [assign(held, gast.Call(reader, [clone(receiver)], []), s),
                          *self._called(s, function, [parts[0], slope, *given, *parts[1:]])]

    def _bound(self, call: gast.Call, names: Sequence[str], defaults: dict[str, gast.expr]) -> list[gast.expr] | None:
        """The arguments in the order of the names; None where they are not known, or others are given."""
        if any(isinstance(a, gast.Starred) for a in call.args) or len(call.args) > len(names):
            return None
        given = {**defaults, **dict(zip(names, call.args)), **{k.arg: k.value for k in call.keywords}}
        return [clone(given[n]) for n in names] if set(given) <= {*names, *defaults} and set(names) <= set(given) else None

    def _called(self, s: gast.Assign, function: Callable[..., Any], arguments: list[gast.expr]) -> list[gast.stmt]:
        new = clone(s)
        wanted = name(self.outside.name_for(function, function.__name__))
        new.value = gast.Call(wanted, arguments, [])
        return [new]
