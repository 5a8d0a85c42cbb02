"""Templates filled in: the forward rule of a primitive for one call, as an expression of generated code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.operator_kinds import truth
from autodiff_src.differentiate.contributions import added
from autodiff_src.differentiate.expand import partial_expressions, tangent_statements
from autodiff_src.differentiate.fold import fold_constants
from autodiff_src.differentiate.inline import Contribution, Filler, bind, times_choice, without_unread
from autodiff_src.differentiate.scope import Scope
from autodiff_src.errors import NoRuleError
from autodiff_src.program import Place
from autodiff_src.rules import Rule
from autodiff_src.syntax import clone, constant, is_name

Dot = Callable[[gast.expr], gast.expr | None]


def inline_tangent(
    rule: Rule,
    result: gast.expr,
    arguments: Sequence[gast.expr],
    keywords: Sequence[gast.keyword],
    dot: Dot,
    scope: Scope,
    kinds: ExpressionKinds,
    env: Env,
    place: Place,
) -> tuple[list[gast.stmt], gast.expr | None]:
    """Statements, and the tangent of `result` after them; None for zero. `dot` gives the tangent of an argument, None for
    one that has none. Raises NoRuleError for unknown arguments."""
    template = rule.tangent or rule.partials
    title = getattr(rule.primitive, "__name__", repr(rule.primitive))
    if template is None:
        raise NoRuleError(f"{title} has a reverse rule only", place, "register a forward one with @ad.tangent")
    values = bind(template, title, arguments, keywords, place)
    dots = {p: d for p, value in values.items() if (d := dot(value)) is not None}
    filler = _TangentFiller(template, result, values, scope, kinds, env, dots)
    if rule.tangent is None:
        return filler.partial_tangent()
    return filler.tangent(tangent_statements(rule, frozenset(dots)))


class _TangentFiller(Filler):
    def __init__(self, template, result, values, scope, kinds, env, dots):  # type: ignore[no-untyped-def]
        super().__init__(template, result, values, set(), scope, kinds, env)
        self.dots = dots
        self.holes |= {f"{p}_dot": d for p, d in dots.items()}
        self.title = f"{template.result}_dot"
        self.before: list[gast.stmt] = []
        self.value: gast.expr | None = None

    def partial_tangent(self) -> tuple[list[gast.stmt], gast.expr | None]:
        """The sum of the tangents of the operands times the partial derivatives."""
        self.before = [self._local(s) for s in self.template.function.body[:-1] if isinstance(s, gast.Assign)]
        pairs = zip(self.template.parameters, partial_expressions(self.template), strict=False)
        terms = [fold_constants(times_choice(clone(self.dots[p]), self.fill(partial)))
                 for p, partial in pairs if partial is not None and p in self.dots]
        return self._read(added(terms) if terms else None)

    def tangent(self, body: list[gast.stmt]) -> tuple[list[gast.stmt], gast.expr | None]:
        self._run(body)
        return self._read(self.value)

    def _run(self, body: list[gast.stmt]) -> None:
        for s in body:
            if isinstance(s, gast.If):
                decided = truth(self.kinds.kind(self.fill(s.test), self.env))
                if decided is None:
                    raise NoRuleError(f"the form of this call of {self.template.function.name} is not known in advance",
                                      None, "give axis and keepdims as literals")
                self._run(s.body if decided else s.orelse)
            elif isinstance(s, gast.Assign) and is_name(s.targets[0], self.title):
                zero = isinstance(s.value, gast.Call) and is_name(s.value.func, "_zeros_like")
                self.value = None if zero else self.fill(s.value)
            elif isinstance(s, gast.Assign):
                self.before.append(self._local(s))

    def _read(self, value: gast.expr | None) -> tuple[list[gast.stmt], gast.expr | None]:
        """Without the locals that are not read."""
        read = Contribution("", value if value is not None else constant(None))
        return without_unread([*self.before, read])[:-1], value
