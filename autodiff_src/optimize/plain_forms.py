"""Writes reductions the way one would write them by hand."""
from __future__ import annotations

import gast
import numpy as np

from autodiff_src.analyze.kinds import Array
from autodiff_src.optimize._effects import Facts
from autodiff_src.program import MISSING
from autodiff_src.runtime.adjoints import unbroadcast
from autodiff_src.syntax import Transformer, blocks, is_name, walk, with_value


def write_plainly(facts: Facts) -> None:
    """A sum of a negated array is negated instead, which has fewer elements; sizes are read from the array; arithmetic takes
    adjoints themselves, not copies; what has a shape already is not brought to it again.

    >>> import numpy as np
    >>> from autodiff_src.analyze.kinds import Array, Length
    >>> from autodiff_src.optimize._example import show
    >>> show(write_plainly, '''
    ... def f(a):
    ...     d_s = (-a).sum(axis=0)
    ...     d_t = np.sum(-a) / np.size(a)
    ...     d_u = d_s.copy() * 2.0
    ...     return d_s, d_t, d_u
    ... ''', a=Array(np.dtype(float), (Length("a.shape[0]"), Length("a.shape[1]"))),
    ... d_s=Array(np.dtype(float), (Length("a.shape[1]"),)))
    def f(a):
        d_s = -a.sum(axis=0)
        d_t = -np.sum(a) / a.size
        d_u = d_s * 2.0
        return d_s, d_t, d_u
    """
    _block(facts.function.body, _Plain(facts))


def _block(block: list[gast.stmt], plain: _Plain) -> None:
    for i, s in enumerate(block):
        for inner in blocks(s):
            _block(inner, plain)
        if isinstance(s, (gast.Assign, gast.AugAssign, gast.Return)) and any(
                isinstance(node, gast.Call) for node in walk(s.value)):
            block[i] = with_value(s, plain.visit(s.value))


class _Plain(Transformer):
    def __init__(self, facts: Facts):
        self.facts = facts

    def visit_BinOp(self, node: gast.BinOp) -> gast.expr:
        self.generic_visit(node)
        node.left, node.right = self._original(node.left), self._original(node.right)
        return node

    def _original(self, node: gast.expr) -> gast.expr:
        """`d_x` for `d_x.copy()` of an array."""
        if not (isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr == "copy"
                and isinstance(node.func.value, gast.Name) and not node.args and not node.keywords):
            return node
        copied = node.func.value
        return copied if self.facts.is_adjoint(copied.id) and isinstance(self.facts.kinds.get(copied.id), Array) else node

    def visit_Call(self, node: gast.Call) -> gast.expr:
        self.generic_visit(node)
        function = self.facts.called(node)
        if function is np.size and len(node.args) == 1 and is_name(node.args[0]) and not self._may_vary(node.args[0].id):
            return gast.Attribute(node.args[0], "size", gast.Load())
        if function is unbroadcast and isinstance(inner := node.args[0], gast.Call) and (
                self.facts.called(inner) is unbroadcast and gast.dump(node.args[1]) == gast.dump(inner.args[1])):
            return inner
        if function is np.sum and node.args:
            negated = self._negated(node.args[0])
            if negated is not None:
                node.args[0] = negated
                return gast.UnaryOp(gast.USub(), node)
        if function is MISSING and isinstance(node.func, gast.Attribute) and node.func.attr == "sum":
            negated = self._negated(node.func.value)
            if negated is not None:
                node.func.value = negated
                return gast.UnaryOp(gast.USub(), node)
        return node

    def _may_vary(self, variable: str) -> bool:
        """Is the variable an adjoint, which may be a number for a time, or no array at all?"""
        return self.facts.is_adjoint(variable) or not isinstance(self.facts.kinds.get(variable), Array)

    def _negated(self, e: gast.expr) -> gast.expr | None:
        """The array of floats that `e` is the negative of."""
        if not isinstance(e, gast.UnaryOp) or not isinstance(e.op, gast.USub):
            return None
        kind = self.facts.kind(e.operand)
        floats = isinstance(kind, Array) and kind.dtype is not None and kind.dtype.kind in "fc"
        return e.operand if floats else None
