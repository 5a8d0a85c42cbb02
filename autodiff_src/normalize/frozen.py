"""SciPy's distributions that are frozen within a function, with parameters that may carry a derivative.

    prior = norm(m, scale=s)        ->      prior = norm
    y = prior.logpdf(x)             ->      y = norm.logpdf(x, m, scale=s)

The parameters are evaluated where the distribution is frozen. One that is used otherwise is left as it is.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import clone, is_name, parameter_names, walk

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions

_OF_POINTS = frozenset(["pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "pmf", "logpmf"])


class FrozenDistributions:
    """Rewrites such distributions of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions
        self.held: dict[str, gast.Call] = {}

    def call(self, node: gast.Call, function: Any) -> gast.expr | None:
        """What stands for a method of a frozen distribution; None for other calls."""
        if not _is_of_point(node):
            return None
        receiver = node.func.value  # type: ignore[attr-defined]
        if self._freezes(receiver):
            return _with_parameters(node, self._now(receiver))
        frozen = self.held.get(receiver.id) if is_name(receiver) else None
        return None if frozen is None else _with_parameters(node, frozen)

    def named(self, title: str, value: gast.expr) -> gast.expr:
        """What a variable is bound to: for a frozen distribution that is only asked for values, the distribution itself."""
        if title not in self.tracked:
            return value
        self.held[title] = self._now(value)
        return clone(self.held[title].func)

    @cached_property
    def tracked(self) -> set[str]:
        """Variables that stand for one frozen distribution, of which only such methods are called, here."""
        function = self.expressions.program.function
        nodes = [n for s in function.body for n in walk(s)]
        bound = [s.targets[0].id for s in nodes if isinstance(s, gast.Assign) and len(s.targets) == 1
                 and is_name(s.targets[0]) and self._freezes(s.value)]
        inside = {n.id for s in nodes if isinstance(s, (gast.FunctionDef, gast.Lambda)) for n in walk(s) if is_name(n)}
        asked = [n.func.value.id for n in nodes if _is_of_point(n) and is_name(n.func.value)]
        uses = [n.id for n in nodes if is_name(n)]
        return {t for t in bound if t not in inside and t not in parameter_names(function.args)
                and uses.count(t) == 1 + asked.count(t)}

    def _freezes(self, node: Any) -> bool:
        """Is it a call of a distribution?"""
        if not isinstance(node, gast.Call) or any(isinstance(a, gast.Starred) for a in node.args) or any(
                k.arg is None for k in node.keywords):
            return False
        made = self.expressions.static(node.func)
        return module_of(type(made)).startswith("scipy.stats.") and callable(made) and (
            hasattr(made, "logpdf") or hasattr(made, "logpmf"))

    def _now(self, call: Any) -> gast.Call:
        now = self.expressions.consumption.now
        return gast.Call(call.func, [now("parameter", a) for a in call.args],
                         [gast.keyword(k.arg, now(k.arg, k.value)) for k in call.keywords])


def _is_of_point(node: Any) -> bool:
    """Is it a call such as `frozen.logpdf(x)`?"""
    return (isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in _OF_POINTS
            and len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], gast.Starred))


def _with_parameters(node: Any, frozen: gast.Call) -> gast.Call:
    method = gast.Attribute(clone(frozen.func), node.func.attr, gast.Load())
    return gast.Call(method, [*node.args, *clone(frozen.args)], clone(frozen.keywords))
