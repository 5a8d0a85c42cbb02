"""`**d` of a dict whose keys are told at run time, in the call of a function whose parameters are known.

    y = f(x, **d)    ->    check_keywords(d, ("w",), (), "f")
                           if "w" in d: w = d["w"]
                           else: w = 2.0                        # the default of `def f(x, w=2.0)`
                           y = f(x, w=w)
"""
from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, is_dict
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import FreshNames
from autodiff_src.runtime.values import check_keywords
from autodiff_src.syntax import assign, clone, constant, expression, is_name, located, name

_LITERALS = (bool, int, float, str, type(None))


class LooseKeywords:
    """Of one function."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames):
        self.expressions, self.names, self.outside = expressions, names, outside
        self.done: dict[tuple[int, Any], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for the call; None where it hands over no such dict, or the function is not known."""
        call = s.value
        starred = [k for k in call.keywords if k.arg is None] if isinstance(call, gast.Call) else []
        if len(starred) != 1 or any(isinstance(a, gast.Starred) for a in call.args) or not is_name(starred[0].value):
            return None
        kind, function = env.get(starred[0].value.id, UNKNOWN), self.expressions.function(call.func, env)
        if not is_dict(kind) or kind.items is not None or not isinstance(function, FunctionType):
            return None
        left = _left(function, len(call.args), [k.arg for k in call.keywords])
        if left is None:
            return None
        key = (id(s), function)
        if key not in self.done:
            self.done[key] = [located(t, s) for t in self._written(s, starred[0], left, function.__name__)]
        return self.done[key]

    def _written(self, s: Any, starred: gast.keyword, left: dict[str, Any], title: str) -> list[gast.stmt]:
        d, given = starred.value, {p: self.names.fresh(p) for p in left}
        required = tuple(p for p, default in left.items() if default is inspect.Parameter.empty)
        check = gast.Call(name(self.outside.name_for(check_keywords, "check_keywords")),
                          [clone(d), *(constant(v) for v in (tuple(left), required, title))], [])
        body: list[gast.stmt] = [gast.Expr(check)]
        for parameter, default in left.items():
            read = assign(given[parameter], expression("d[k]", d=d, k=constant(parameter)))
            if parameter not in required:
                other = assign(given[parameter], constant(default))
                read = gast.If(expression("k in d", d=d, k=constant(parameter)), [read], [other])
            body.append(read)
        new = clone(s)
        plain = [k for k in new.value.keywords if k.arg is not None]
        new.value.keywords = [*plain, *(gast.keyword(p, name(n)) for p, n in given.items())]
        return [*body, new]


def _left(function: FunctionType, positional: int, named: list[str | None]) -> dict[str, Any] | None:
    """The parameters that a call leaves to a dict, with their defaults; None where that cannot be told or written."""
    parameters = list(inspect.signature(function, follow_wrapped=False).parameters.values())
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        return None
    left = [p for p in parameters[positional:] if p.name not in named]
    literal = all(p.default is p.empty or isinstance(p.default, _LITERALS) for p in left)
    return {p.name: p.default for p in left} if literal and all(p.kind != p.POSITIONAL_ONLY for p in left) else None
