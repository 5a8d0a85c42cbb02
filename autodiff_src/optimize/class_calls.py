"""Makes named tuples the way one would write it."""
from __future__ import annotations

import gast

from autodiff_src.analyze.named_tuples import MAKE
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import Transformer


def call_classes(facts: Facts) -> None:
    """A named tuple is made by calling its class.

    >>> from autodiff_src.optimize._example import show
    >>> show(call_classes, '''
    ... def f(x):
    ...     p = named(Point, (x, 0))
    ...     return p[0]
    ... ''')
    def f(x):
        p = Point(x, 0)
        return p[0]
    """
    change = _Calls(facts)
    facts.function.body[:] = [change.visit(s) for s in facts.function.body]


class _Calls(Transformer):
    def __init__(self, facts: Facts):
        self.facts = facts

    def visit_Call(self, node: gast.Call) -> gast.Call:
        self.generic_visit(node)
        items = node.args[1] if len(node.args) == 2 and self.facts.called(node) is MAKE else None
        return gast.Call(node.args[0], items.elts, []) if isinstance(items, gast.Tuple) else node
