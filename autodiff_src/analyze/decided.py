"""Questions that the kinds answer: `found = callable(f)` is `found = True`."""
from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Bool, Kind
from autodiff_src.analyze.operator_kinds import truth
from autodiff_src.syntax import assign, clone, constant, is_atom

_QUESTIONS = (callable, isinstance, hasattr)


class Decided:
    """The questions of one function, each answered by one statement."""

    def __init__(self) -> None:
        self.done: dict[tuple[int, bool], gast.Assign] = {}

    def of(self, s: gast.Assign, kind: Kind, function: Any) -> gast.Assign:
        """What stands for a statement that calls `function` and binds a value of the kind."""
        if not isinstance(kind, Bool) or kind.value is None or function not in _QUESTIONS:
            return s
        key = (id(s), kind.value)
        if key not in self.done:
            self.done[key] = assign(clone(s.targets[0]), constant(kind.value), s)
        return self.done[key]


def without_decided(test: gast.expr, env: Env, expressions: ExpressionKinds) -> gast.expr:
    """A test without those questions in `and` or `or` of which the answer changes nothing."""
    if not isinstance(test, gast.BoolOp):
        return test
    idle = isinstance(test.op, gast.And)

    def changes(e: gast.expr) -> bool:
        asked = isinstance(e, gast.Call) and all(map(is_atom, e.args)) and expressions.static(e.func, env) in _QUESTIONS
        return not asked or truth(expressions.kind(e, env)) is not idle

    left = [e for e in test.values if changes(e)] or test.values[-1:]
    return test if len(left) == len(test.values) else left[0] if len(left) == 1 else gast.BoolOp(test.op, left)
