"""Comprehensions become loops, and displays with stars become sums.

    rows = [u * v for v in a if v > 0.0]    ->      rows = []
                                                    for v in a:
                                                        if v > 0.0:
                                                            rows.append(u * v)
    [*a, x]                                 ->      list(a) + [x]
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.syntax import assign, clone, expression, located, name, names_stored, rename, substitute, walk

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions

_OWN_SCOPES = (gast.Lambda, gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp, gast.NamedExpr)

class Comprehensions:
    """Lowers the comprehensions of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions

    def lowered(self, node: Any) -> gast.expr:
        target = self.expressions.new("items")
        start: gast.expr = gast.List([], gast.Load())
        if isinstance(node, gast.SetComp):
            start = gast.Call(self.expressions.builtin(set), [], [])
        elif isinstance(node, gast.DictComp):
            start = gast.Dict([], [])
        self.expressions.out.append(assign(target, start, node))
        self.expressions.out += self.expressions.lower_block(self.loops(node, node, self._step(node, target)))
        return name(target)

    def displayed(self, node: Any) -> gast.Tuple | None:
        """`(f(a), f(b))` for `f(v) for v in (a, b)`; None for what is no iteration over a display."""
        first = node.generators[0] if isinstance(node, (gast.ListComp, gast.GeneratorExp)) else None
        if first is None or len(node.generators) > 1 or first.ifs or not isinstance(first.target, gast.Name) or not isinstance(
                first.iter, (gast.Tuple, gast.List)) or any(isinstance(e, gast.Starred) for e in first.iter.elts):
            return None
        if any(isinstance(n, _OWN_SCOPES) for n in walk(node.elt)):
            return None
        kept = self.expressions.order.kept(gast.Tuple(first.iter.elts, gast.Load()))
        atoms = [self.expressions.atom(e) for e in kept.elts]  # type: ignore[attr-defined]
        return gast.Tuple([substitute(node.elt, {first.target.id: a}) for a in atoms], gast.Load())

    def _step(self, node: Any, target: str) -> list[gast.stmt]:
        if isinstance(node, gast.DictComp):
            key = node.key if self.expressions.pure(node.key) else name(self.expressions.new("key"))
            first = [assign(key.id, node.key)] if key is not node.key else []
            return [*first, assign(gast.Subscript(name(target), key, gast.Store()), node.value)]
        put = "t.add(e)" if isinstance(node, gast.SetComp) else "t.append(e)"
        return [gast.Expr(expression(put, t=target, e=node.elt))]

    def loops(self, node: Any, at: gast.AST, body: list[gast.stmt]) -> list[gast.stmt]:
        """The loops of a comprehension around `body`, its variables renamed."""
        bound = set().union(*[names_stored(g.target) for g in node.generators])
        fresh = {old: self.expressions.new(old) for old in sorted(bound)}
        first = clone(node.generators[0].iter)
        generators, body = rename(node.generators, fresh), rename(body, fresh)
        generators[0].iter = first
        for generator in reversed(generators):
            for test in reversed(generator.ifs):
                body = [gast.If(test, body, [])]
            body = [gast.For(generator.target, generator.iter, body, [], None)]
        return [located(s, at) for s in body]

    def merged(self, node: gast.Dict) -> gast.expr:
        """`{**d, "k": v}`: a copy, or a dict of the first items, to which the others are added in order."""
        target = self.expressions.new("items")
        keys, values = list(node.keys), list(node.values)
        first = keys.index(None)
        start: gast.expr = gast.Dict(keys[:first], values[:first])
        if first == 0:
            first, start = 1, gast.Call(self.expressions.builtin(dict), values[:1], [])
        keys, values = keys[first:], values[first:]
        body: list[gast.stmt] = [assign(target, start)]
        for key, value in zip(keys, values, strict=True):
            if key is None:
                body.append(gast.Expr(expression("t.update(d)", t=target, d=value)))
            else:
                body.append(assign(gast.Subscript(name(target), key, gast.Store()), value))
        self.expressions.out += self.expressions.lower_block([located(s, node) for s in body])
        return name(target)


def joined(node: gast.Tuple | gast.List) -> gast.expr:
    """A display with stars as a sum."""
    cls: Any = node.__class__
    parts: list[gast.expr] = []
    for e in node.elts:
        if isinstance(e, gast.Starred):
            parts.append(gast.Call(name("tuple" if cls is gast.Tuple else "list"), [e.value], []))
        elif parts and isinstance(parts[-1], cls):
            parts[-1].elts.append(e)  # type: ignore[attr-defined]
        else:
            parts.append(cls([e], gast.Load()))
    return located(reduce(lambda a, b: gast.BinOp(a, gast.Add(), b), parts), node)
