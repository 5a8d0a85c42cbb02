"""The order of evaluation: what stands in front of a call that may change it is read before it.

    x * (LOG[0] + tick())       t = LOG[0]
                          ->    t2 = tick()
                                x * (t + t2)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import gast

from autodiff_src.program import MISSING
from autodiff_src.runtime.objects import is_module
from autodiff_src.syntax import assign, clone, name, walk

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions

_REBUILT = (gast.Tuple, gast.List, gast.Slice, gast.Starred, gast.FormattedValue)


class Order:
    """Holds values in temporaries where evaluation in another order would be noticed."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions

    def kept(self, node: gast.expr) -> gast.expr:
        """The expression, its operands in front of the last one that may change something replaced by what they are now."""
        if isinstance(node, gast.Compare) and len(node.ops) > 1:
            return self._chain(node)
        operands = _operands(node)
        last = max((i for i, operand in enumerate(operands) if self._changes(operand)), default=0)
        return _replaced(node, {id(operand): self.held(operand) for operand in operands[:last]}) if last else node

    def held(self, node: gast.expr) -> gast.expr:
        """The value as it is now, whatever runs later."""
        if isinstance(node, gast.Constant) or isinstance(node, gast.Name) and not self._rebound(node.id):
            return clone(node)
        if isinstance(node, _REBUILT):
            return _replaced(node, {id(operand): self.held(operand) for operand in _operands(node)})
        value = self.expressions.static(node)
        if callable(value) or is_module(value):
            return clone(node)
        if not isinstance(node, gast.Name):
            return self.expressions.atom(node)
        target = self.expressions.new(f"{node.id}_now")
        self.expressions.out.append(assign(target, node, node))
        return name(target)

    def held_place(self, target: gast.Subscript) -> gast.Subscript:
        """The place of a write, as it is now."""
        base = self.held_place(target.value) if isinstance(target.value, gast.Subscript) else self.held(target.value)
        return gast.Subscript(base, self.held(target.slice), target.ctx)

    def _changes(self, node: gast.AST) -> bool:
        """May evaluation change what others read?"""
        return any(isinstance(inner, gast.NamedExpr) or isinstance(inner, gast.Call) and not self.expressions.pure_call(inner)
                   or self.expressions.may_hide_call(inner) for inner in walk(node))

    def _rebound(self, variable: str) -> bool:
        """Is it a variable outside that a function binds anew? It is relied on not to be where none is known to do so."""
        space = self.expressions.program.namespace
        if variable in self.expressions.local or variable in space.extra or space.lookup(variable) is MISSING:
            return False
        key, unsettled = space.key(variable), space.unsettled
        if key in unsettled.rebound:
            return True
        unsettled.relied_names.add(key)
        return False

    def _chain(self, node: gast.Compare) -> gast.expr:
        """`a < b < c`, of which `c` is not evaluated where `a < b` does not hold."""
        if not any(map(self._changes, node.comparators)):
            return node
        left = self.held(node.left)
        middle = self.held(node.comparators[0])
        return gast.BoolOp(gast.And(), [gast.Compare(left, node.ops[:1], [middle]),
                                        gast.Compare(clone(middle), node.ops[1:], node.comparators[1:])])


def _operands(node: gast.AST) -> list[gast.expr]:
    """What an expression evaluates, first to last, other than in branches and bodies of its own."""
    if isinstance(node, gast.Dict):
        return [e for pair in zip(node.keys, node.values, strict=True) for e in pair if e is not None]
    if isinstance(node, gast.Call):
        func = node.func.value if isinstance(node.func, gast.Attribute) else node.func
        return [func, *node.args, *(k.value for k in node.keywords)]
    if isinstance(node, gast.JoinedStr):
        return list(node.values)
    if isinstance(node, gast.Slice):
        return [bound for bound in (node.lower, node.upper, node.step) if bound is not None]
    if isinstance(node, gast.BinOp):
        return [node.left, node.right]
    if isinstance(node, gast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, gast.Subscript):
        return [node.value, node.slice]
    if isinstance(node, (gast.Starred, gast.FormattedValue)):
        return [node.value]
    return list(node.elts) if isinstance(node, (gast.Tuple, gast.List, gast.Set)) else []


def _replaced(node: gast.AST, new: dict[int, gast.expr]) -> gast.expr:
    """A copy of the expression with other operands."""
    copy = node.__class__.__new__(node.__class__)
    for field, value in vars(node).items():
        if isinstance(value, list):
            value = [_part(item, new) for item in value]
        elif isinstance(value, gast.AST):
            value = _part(value, new)
        setattr(copy, field, value)
    return copy


def _part(node: gast.AST, new: dict[int, gast.expr]) -> gast.AST:
    if id(node) in new:
        return new[id(node)]
    if isinstance(node, gast.keyword):
        return gast.keyword(node.arg, _part(node.value, new))
    if isinstance(node, gast.Attribute) and id(node.value) in new:
        return gast.Attribute(new[id(node.value)], node.attr, node.ctx)
    return node
