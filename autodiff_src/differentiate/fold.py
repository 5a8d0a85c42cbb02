"""Literal arithmetic folded, and products written as one would write them. User values are never cancelled."""
from __future__ import annotations

import operator
from typing import Any

import gast

from autodiff_src.syntax import Transformer, constant

_FOLDABLE = {gast.Add: operator.add, gast.Sub: operator.sub, gast.Mult: operator.mul, gast.Pow: operator.pow,
             gast.Div: operator.truediv}


def fold_constants(node: gast.expr) -> gast.expr:
    """`2 * x ** (2 - 1)` becomes `2 * x`; `1.0 * d` becomes `d`; `-(-d)` becomes `d`."""
    return _Fold().visit(node)


def number(node: Any) -> float | int | None:
    """The literal number that an expression is."""
    if isinstance(node, gast.Constant) and type(node.value) in (int, float):
        return node.value
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        inner = number(node.operand)
        return None if inner is None else -inner
    return None


def literal(value: float | int) -> gast.expr:
    return constant(value) if value >= 0 else gast.UnaryOp(gast.USub(), constant(-value))


class _Fold(Transformer):
    def visit_BinOp(self, node: gast.BinOp) -> gast.expr:
        self.generic_visit(node)
        left, right = number(node.left), number(node.right)
        if left is not None and right is not None and type(node.op) in _FOLDABLE and not (
                isinstance(node.op, gast.Div) and right == 0) and not (isinstance(node.op, gast.Pow) and left == 0):
            value = _FOLDABLE[type(node.op)](left, right)
            if type(value) in (int, float) and value == value and abs(value) < 1e300:
                return literal(value)
        return self._identity(node, left, right)

    def _identity(self, node: gast.BinOp, left: Any, right: Any) -> gast.expr:
        if isinstance(node.op, gast.Mult):
            if left == 1:
                return node.right
            if right == 1:
                return node.left
            if left == -1 and right is None:
                return self.visit_UnaryOp(gast.UnaryOp(gast.USub(), node.right))
            if right == -1 and left is None:
                return self.visit_UnaryOp(gast.UnaryOp(gast.USub(), node.left))
        elif isinstance(node.op, (gast.Pow, gast.Div)) and right == 1 or isinstance(node.op, gast.Sub) and right == 0:
            return node.left
        return node

    def visit_UnaryOp(self, node: gast.UnaryOp) -> gast.expr:
        self.generic_visit(node)
        if isinstance(node.op, gast.USub):
            inner = node.operand
            if isinstance(inner, gast.UnaryOp) and isinstance(inner.op, gast.USub):
                return inner.operand
            if isinstance(inner, gast.BinOp) and isinstance(inner.op, (gast.Mult, gast.Div)) and number(inner.left):
                return gast.BinOp(literal(-number(inner.left)), inner.op, inner.right)  # type: ignore[operator]
        return node


def fold_offset(node: gast.expr) -> gast.expr:
    """`n - 1 - 1` becomes `n - 2`."""
    if (
        isinstance(node, gast.BinOp)
        and isinstance(node.op, gast.Sub)
        and isinstance(node.left, gast.BinOp)
        and isinstance(node.left.op, (gast.Sub, gast.Add))
    ):
        outer, inner = number(node.right), number(node.left.right)
        if type(outer) is int and type(inner) is int:
            total = (inner if isinstance(node.left.op, gast.Add) else -inner) - outer
            if total == 0:
                return node.left.left
            return gast.BinOp(node.left.left, gast.Add() if total > 0 else gast.Sub(), constant(abs(total)))
    return node
