"""Values that a function computes and passes over: in `np.where(x > 0, np.log(x), 0)` the logarithm of 0, in front of
`if x == 0: return 0` too.

Their adjoints are 0, and a slope that is infinite or nan there would make nan of these. A product that may come out so is
checked where the function is elementwise.
"""
from __future__ import annotations

from collections.abc import Set
from functools import cache
from math import isfinite
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Called, Primitive
from autodiff_src.analyze.certain_uses import perhaps_unused
from autodiff_src.analyze.functions import Callee
from autodiff_src.analyze.kinds import UNKNOWN, Array, Int, Scalar, Unknown
from autodiff_src.analyze.operands import Operands
from autodiff_src.differentiate.contributions import Shaper
from autodiff_src.differentiate.expand import partial_expressions
from autodiff_src.differentiate.operators import rule_of_operator
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.scope import Scope
from autodiff_src.rules import Rule, Template, passes_over
from autodiff_src.runtime.strong_zeros import strong_zero
from autodiff_src.syntax import base_name, blocks, is_name, names_read, target_names, walk, walk_statements

# Their slopes are finite everywhere, though templates divide or call functions.
_GENTLE = frozenset(["tanh", "arctan", "arcsinh", "expit", "erf"])
_OF_MASKS = (gast.Invert, gast.BitAnd, gast.BitOr, gast.BitXor)
_GENTLE_CALLS = frozenset(["sin", "cos", "sign", "where", "trunc", "isinstance"])


class StrongZeros:
    """`passed_over`: names of values that may have no influence, or elements of them."""

    def __init__(self, prepared: Prepared, scope: Scope, always: Set[str]):
        self.kinds, self.calls, self.scope = prepared.kinds, prepared.calls, scope
        assigned = [s for s in walk_statements(prepared.body) if isinstance(s, (gast.Assign, gast.AugAssign))]
        branches = [s for s in walk_statements(prepared.body) if isinstance(s, gast.If)]
        self.in_branches = {id(s) for branch in branches for block in blocks(branch) for s in walk_statements(block)}
        start = {n for s in assigned for n in self._passed_over_by(s)}
        operands, at_exit = Operands(self.kinds, self.calls), {*prepared.parameters, prepared.result}
        start |= perhaps_unused(prepared.body, operands, prepared.written_at, at_exit, always)
        if prepared.passed_over:
            start.add(prepared.result)
        puts = [s for s in walk_statements(prepared.body) if isinstance(s, gast.Expr) and isinstance(s.value, gast.Call)]
        flows = [(_targets(s), {*operands.of(s)}, s) for s in [*assigned, *puts]]
        self.passed_over = _closed(start, [(targets, read) for targets, read, _ in reversed(flows)])
        steep = {n for targets, _, s in flows if self.passed_over and self._is_steep(s) for n in targets}
        steep |= prepared.unbounded
        if scope.order > 1:  # what it is handed may be anything
            steep |= set(prepared.parameters) | {n for targets, _, _ in flows if len(targets) > 1 for n in targets}
        self.unbounded = _closed(steep, [(read, targets) for targets, read, _ in flows])

    def _passed_over_by(self, s: gast.Assign | gast.AugAssign) -> set[str]:
        if isinstance(s, gast.AugAssign):
            return set()
        target, value, info = s.targets[0], s.value, self.calls.get(id(s))
        if isinstance(target, gast.Subscript):
            return {base_name(target) or ""}
        if isinstance(value, gast.Subscript) and (id(s) in self.in_branches or self._is_mask(value.slice)):
            return names_read(value.value)
        return names_read(value) if isinstance(info, Primitive) and passes_over(info.rule) else set()

    def _is_mask(self, index: gast.expr) -> bool:
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        kinds = [self.kinds.get(p.id, UNKNOWN) for p in parts if isinstance(p, gast.Name)]
        return any(isinstance(p, gast.Compare) or isinstance(getattr(p, "op", None), _OF_MASKS) for p in parts) or any(
            isinstance(k, Unknown) or isinstance(k, Array) and (k.dtype is None or k.dtype == np.bool_) for k in kinds)

    def _is_steep(self, s: Any) -> bool:
        """May the result be infinite or nan where the operands are neither?"""
        if isinstance(s, gast.AugAssign) and isinstance(s.op, (gast.Div, gast.Pow)):
            return True
        info = self.calls.get(id(s))
        if isinstance(s, gast.Expr):
            return False
        if isinstance(info, Called) or any(_is_no_number(n) for n in walk(s.value)):
            return True
        rule = info.rule if isinstance(info, Primitive) else rule_of_operator(getattr(s.value, "op", None))
        if rule is None or rule.partials is None or _is_gentle(rule):
            return False
        if isinstance(s.value, gast.BinOp):
            return self._has_steep_part(s.value, frozenset())
        return any(_is_steep_part(e, rule.partials) for e in partial_expressions(rule.partials) if e is not None)

    def note(self, callee: Callee, arguments: tuple[gast.expr, ...], target: str | None) -> None:
        """Notes of what is called what becomes of its result, and what it is given."""
        callee.passed_over |= target in self.passed_over
        lost, given = self.unbounded & self.passed_over, zip(callee.parameters, arguments, strict=True)
        callee.unbounded |= {p for p, a in given if names_read(a) & lost}

    def of_rule(self, rule: Rule, target: str, factor: gast.expr, product: gast.expr, shaper: Shaper) -> gast.expr:
        """What a call with the result `target` contributes: `product`, of the adjoint `factor`."""
        if rule.partials is None or _is_gentle(rule):
            return product
        return self.guarded(target, factor, product, shaper)

    def guarded(self, target: str, factor: gast.expr, product: gast.expr, shaper: Shaper) -> gast.expr:
        """`product`, of the adjoint `factor` of `target` and a slope of it element by element; checked if it needs to be."""
        if target not in self.passed_over:
            return product
        slopes = self.unbounded - names_read(factor)
        if not isinstance(shaper.kind(product), (Array, Scalar, Unknown)) or not self._has_steep_part(product, slopes):
            return product
        return gast.Call(self.scope.reference(strong_zero, "strong_zero"), [product, factor], [])

    def _has_steep_part(self, e: gast.expr, unbounded: Any) -> bool:
        return any(_is_steep_node(n) and not self._is_whole(n) or isinstance(n, gast.Name) and n.id in unbounded
                   for n in walk(e))

    def _is_whole(self, node: gast.AST) -> bool:
        """Is it a division by a whole number?"""
        return isinstance(node, gast.BinOp) and isinstance(node.op, gast.Div) and isinstance(node.right, gast.Name) and (
            isinstance(self.kinds.get(node.right.id), Int))


def _targets(s: Any) -> set[str]:
    """The variables that an assignment binds, or writes into; the list that `items.append(x)` changes."""
    place = s.target if isinstance(s, gast.AugAssign) else s.value.func if isinstance(s, gast.Expr) else s.targets[0]
    written = base_name(place)
    return {*target_names(s), *([written] if written else [])}


def _closed(names: set[str], steps: list[tuple[set[str], set[str]]]) -> frozenset[str]:
    """`names` with all that follow by the steps: the second of a pair where one of the first is among them. In their order
    they follow at the first look, loops aside."""
    found, grown = set(names), bool(names)
    while grown:
        size = len(found)
        for first, second in steps:
            if first & found:
                found |= second
        grown = len(found) > size
    return frozenset(found)


def _is_gentle(rule: Rule) -> bool:
    return getattr(rule.primitive, "__name__", "") in _GENTLE


@cache
def _is_steep_part(e: gast.expr, template: Template) -> bool:
    return any(_is_steep_node(n) or is_name(n, template.result) for n in walk(e))


def _is_no_number(node: gast.AST) -> bool:
    """`np.nan`, `math.inf` and their like."""
    if isinstance(node, gast.Constant):
        return isinstance(node.value, float) and not isfinite(node.value)
    return getattr(node, "attr", getattr(node, "id", "")) in ("nan", "inf")


def _is_steep_node(node: gast.AST) -> bool:
    """A division by what is no literal, a power with another exponent than a positive literal, a call."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Div):
        return not isinstance(node.right, gast.Constant)
    if isinstance(node, gast.BinOp) and isinstance(node.op, gast.Pow):
        return not (isinstance(node.right, gast.Constant) and node.right.value >= 0)
    if isinstance(node, gast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", "")) not in _GENTLE_CALLS
    return False
