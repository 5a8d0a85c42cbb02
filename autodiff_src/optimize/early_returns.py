"""Returns at once where nothing else is to be done."""
from __future__ import annotations

import gast

from autodiff_src.emit.layout import is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import clone, clone_head, is_atom, is_name, names_read, negated, substitute


def return_early(facts: Facts) -> None:
    """A branch at the end of a function whose one path only returns does so there; the other path goes on outside it.

    >>> from autodiff_src.optimize._example import show
    >>> show(return_early, '''
    ... def f(x, n):
    ...     if x <= 0.0:
    ...         d_x = 0.0
    ...     else:
    ...         d_x = 1.0
    ...         for k in range(n):
    ...             d_x *= 2.0
    ...     return d_x
    ... ''')
    def f(x, n):
        if x <= 0.0:
            return 0.0
        d_x = 1.0
        for k in range(n):
            d_x *= 2.0
        return d_x
    """
    facts.function.body = _flat(facts.function.body)


def _flat(block: list[gast.stmt]) -> list[gast.stmt]:
    ends = isinstance(block[-1], gast.Return) and len(block) > 1
    s = block[-2] if ends else block[-1]
    if not isinstance(s, gast.If) or not s.orelse:
        return block
    tail = block[-1:] if ends else []
    one, other = [*s.body, *tail], [*s.orelse, *tail]
    if not all(b and isinstance(b[-1], gast.Return) for b in (one, other)):
        return block
    early = clone_head(s)
    if isinstance(s.test, gast.UnaryOp) and _count(_returned(one)) > 1:
        early.test, one, other = negated(s.test), other, one
    early.body, early.orelse = _returned(one), []
    if _count(early.body) > 1:
        return block
    start = block[:len(block) - 1 - len(tail)]
    return [*start, early, *_returned(_flat(_stripped(other)))]


def _count(block: list[gast.stmt]) -> int:
    return sum(not is_comment(s) for s in block)


def _stripped(block: list[gast.stmt]) -> list[gast.stmt]:
    return [s for s in block if not isinstance(s, gast.Pass)]


def _returned(block: list[gast.stmt]) -> list[gast.stmt]:
    """The path with names and numbers that are assigned only to be returned written into its `return`."""
    *rest, last = _stripped(block)
    last = clone(last)
    while rest and isinstance(rest[-1], gast.Assign) and is_name(rest[-1].targets[0]) and is_atom(rest[-1].value):
        target, value = rest[-1].targets[0].id, rest[-1].value
        if sum(is_name(n, target) for n in gast.walk(last)) != 1 or names_read(value) & {target}:
            break
        rest.pop()
        last.value = _Plain().visit(substitute(last.value, {target: value}))
    return [*rest, last]


class _Plain(gast.NodeTransformer):
    """`float(1.0)` becomes `1.0`."""

    def visit_Call(self, node: gast.Call) -> gast.expr:
        self.generic_visit(node)
        number = node.args[0] if len(node.args) == 1 and not node.keywords else None
        literal = isinstance(number, gast.Constant) and type(number.value) is float
        return number if literal and is_name(node.func, "float") else node  # type: ignore[return-value]
