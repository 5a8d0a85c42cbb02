"""Reads the original instead of a copy of a name or a number."""
from __future__ import annotations

import gast

from autodiff_src.analyze.kinds import Array, Float, Scalar
from autodiff_src.differentiate.fold import literal, number
from autodiff_src.optimize._effects import Facts, words
from autodiff_src.syntax import (
    COMPOUND,
    Transformer,
    blocks,
    is_name,
    parameter_names,
    stored_by,
    substitute,
    target_names,
    walk,
    walk_statements,
    with_value,
)


def read_originals(facts: Facts) -> None:
    """Names that only repeat a number of ours or another name, which both never change, are replaced by it.

    >>> from autodiff_src.optimize._example import show
    >>> show(read_originals, '''
    ... def f(x):
    ...     d_result = 1.0
    ...     d_s = d_result
    ...     d_x = d_s * x
    ...     return d_x
    ... ''')
    def f(x):
        d_result = 1.0
        d_s = 1.0
        d_x = x
        return d_x
    """
    bound = _bindings(facts)
    _block(facts.function.body, {}, bound, facts)


def _bindings(facts: Facts) -> dict[str, int]:
    """How often each name is bound in the text, or changed by `d_x += e`."""
    found: dict[str, int] = {}
    for s in walk_statements(facts.function.body):
        for n in target_names(s) or sorted(stored_by(s)):
            found[n] = found.get(n, 0) + 1
    return found


def _block(block: list[gast.stmt], known: dict[str, gast.expr], bound: dict[str, int], facts: Facts) -> None:
    """Reads of what is `known` are replaced, in place; what a block makes known holds to its end."""
    known = dict(known)
    for i, s in enumerate(block):
        if isinstance(s, (gast.If, gast.While)):
            s.test = _replaced(s.test, known, facts)
        elif isinstance(s, gast.For):
            s.iter = _replaced(s.iter, known, facts)
        elif isinstance(s, (gast.Assign, gast.AugAssign, gast.Return, gast.Expr)) and s.value is not None and not (
                facts.reads(s).isdisjoint(known)):
            block[i] = s = with_value(s, _replaced(s.value, known, facts))
        if isinstance(s, COMPOUND):
            for inner in blocks(s):
                _block(inner, known, bound, facts)
        elif isinstance(s, gast.Assign) and is_name(s.targets[0]) and bound.get(s.targets[0].id) == 1:
            original = _original(s.targets[0].id, s.value, bound, facts)
            if original is not None:
                known[s.targets[0].id] = original


def _original(target: str, value: gast.expr, bound: dict[str, int], facts: Facts) -> gast.expr | None:
    if not facts.is_adjoint(target):
        return None
    if isinstance(value, gast.Constant) and type(value.value) is float:
        return value
    if is_name(value) and _stays(value.id, bound, facts) and facts.immutable(target) and facts.immutable(value.id):
        return value
    return None


def _stays(variable: str, bound: dict[str, int], facts: Facts) -> bool:
    """Is it an adjoint that is bound once, or one that came in and is never bound?"""
    if variable in parameter_names(facts.function.args):
        return variable not in bound and variable.startswith("d") and variable not in words(facts.program)
    return facts.is_adjoint(variable) and bound.get(variable) == 1


def _replaced(e: gast.expr, known: dict[str, gast.expr], facts: Facts) -> gast.expr:
    if not any(isinstance(n, gast.Name) and n.id in known for n in walk(e)):
        return e
    fitting = dict(known)
    for node in walk(e):
        if isinstance(node, (gast.Attribute, gast.Subscript)) and is_name(node.value):
            fitting.pop(node.value.id, None)
    return _OnesDropped(facts).visit(substitute(e, fitting))


class _OnesDropped(Transformer):
    """`0.5 * -1.0` becomes `-0.5`, and `1.0 * x` becomes `x` where x is a float that nobody can write into."""

    def __init__(self, facts: Facts):
        self.facts = facts

    def visit_BinOp(self, node: gast.BinOp) -> gast.expr:
        self.generic_visit(node)
        if isinstance(node.op, gast.Mult):
            left, right = number(node.left), number(node.right)
            if left is not None and right is not None:
                return literal(left * right)
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, gast.Constant) and one.value == 1.0 and self._stays(other):
                    return other
        return node

    def _stays(self, e: gast.expr) -> bool:
        kind = self.facts.kind(e)
        if isinstance(kind, Float):
            return True
        if isinstance(kind, Scalar):
            return kind.dtype == float
        return isinstance(kind, Array) and kind.dtype == float and bool(kind.shape) and isinstance(
            e, (gast.BinOp, gast.UnaryOp))
