"""Lists and tuples that a function of NumPy or SciPy makes arrays of become arrays first, as rules compute with arrays.

    y = np.dot(items, w)        ->      array = np.array(items)
                                        y = np.dot(array, w)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import List, Tuple
from autodiff_src.analyze.operands import differentiable_parameters
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import MISSING, FreshNames
from autodiff_src.rules import Rule, rule_for, takes_sequences
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import assign, clone, expression, located, name

_OF_ARRAYS = ("numpy", "scipy.special", "scipy.linalg", "scipy.fft", "autodiff_src.runtime.densities")


class ArrayArguments:
    """The calls of one function."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames):
        self.expressions, self.names, self.outside = expressions, names, outside
        self.rewritten: dict[tuple[int, tuple[int, ...]], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a statement whose call gets lists for arrays; None for other statements."""
        if not isinstance(s.value, gast.Call) or any(isinstance(a, gast.Starred) for a in s.value.args):
            return None
        rule = self._rule(s.value, env)
        if rule is None:
            return None
        places = tuple(i for i in _array_places(rule, len(s.value.args))
                       if isinstance(self.expressions.kind(s.value.args[i], env), (List, Tuple)))
        if places and (id(s), places) not in self.rewritten:
            self.rewritten[id(s), places] = self._with_arrays(s, places)
        return self.rewritten[id(s), places] if places else None

    def _rule(self, call: gast.Call, env: Env) -> Rule | None:
        function = self.expressions.function(call.func, env)
        of_ufunc = isinstance(getattr(function, "__self__", function), np.ufunc)
        own = of_ufunc or module_of(function).startswith(_OF_ARRAYS)
        return rule_for(function) if function is not MISSING and own and not takes_sequences(function) else None

    def _with_arrays(self, s: Any, places: tuple[int, ...]) -> list[gast.stmt]:
        new = clone(s)
        before: list[gast.stmt] = []
        for i in places:
            array = self.names.fresh("array")
            made = expression("np.array(x)", np=name(self.outside.name_for(np, "np")), x=s.value.args[i])
            before.append(assign(array, located(made, s), s))
            new.value.args[i] = name(array)
        return [*before, new]


def _array_places(rule: Rule, given: int) -> Iterator[int]:
    """The positional arguments that the rule gives a derivative for."""
    template = rule.adjoint or rule.partials
    if template is None:
        return
    active = differentiable_parameters(rule)
    arguments = template.function.args
    for i, parameter in enumerate([a.id for a in arguments.args][1:][:given]):
        if parameter in active:
            yield i
    if arguments.vararg is not None and arguments.vararg.id in active:
        yield from range(len(arguments.args) - 1, given)
