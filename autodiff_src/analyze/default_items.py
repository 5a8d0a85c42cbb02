"""Items that a defaultdict lacks, made in front of the statement that reads them.

                                        if k not in total:          # total: defaultdict(float)
    total[k] += v           ->              total[k] = 0.0
                                        total[k] += v
"""
from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.functions import LocalFunction
from autodiff_src.analyze.kinds import NONE, Dict, Kind, Known
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    children,
    clone,
    clone_head,
    constant,
    expression,
    heads,
    is_name,
    located,
    name,
    names_stored,
    parameter_names,
    rename,
)


class DefaultItems:
    """Of one function."""

    def __init__(self, program: Program, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames):
        self.program, self.expressions, self.names, self.outside = program, expressions, names, outside
        self.done: dict[int, list[gast.stmt]] = {}
        self.guarded: set[int] = set()

    def of(self, s: gast.stmt, env: Env) -> list[gast.stmt] | None:
        """The statement behind those that make the items it reads; None if it reads none."""
        if isinstance(s, gast.FunctionDef) or id(s) in self.guarded:
            return None
        if self._is_made(s, env) and not isinstance(self.expressions.kind(s.value, env), Dict):  # type: ignore[attr-defined]
            raise UnsupportedError("a dict is made of what is not known to be one", self.program.place(s),
                                   "start with an empty one, and set its items")
        read = [n for e in (heads(s) if isinstance(s, COMPOUND) else [s]) for n in self._read(e, env)]
        if not read:
            return None
        if id(s) not in self.done:
            self.done[id(s)] = [located(t, s) for t in self._written_out(s, read, env)]
        return self.done[id(s)]

    def _is_made(self, s: gast.stmt, env: Env) -> bool:
        called = isinstance(s, gast.Assign) and isinstance(s.value, gast.Call)
        return called and self.expressions.function(s.value.func, env) in (defaultdict, OrderedDict)  # type: ignore[attr-defined]

    def _read(self, node: Any, env: Env, of_update: bool = False) -> list[gast.Subscript]:
        """The items of such dicts that are read."""
        found = [n for child in children(node) for n in self._read(child, env, isinstance(node, gast.AugAssign))]
        item = isinstance(node, gast.Subscript) and (of_update or isinstance(node.ctx, gast.Load))
        return [*found, node] if item and self._factory(node.value, env) != NONE else found

    def _factory(self, holder: gast.expr, env: Env) -> Kind:
        kind = self.expressions.kind(holder, env)
        return kind.factory if isinstance(kind, Dict) else NONE

    def _written_out(self, s: Any, read: list[gast.Subscript], env: Env) -> list[gast.stmt]:
        target = s.target if isinstance(s, gast.AugAssign) else s.targets[0] if isinstance(s, gast.Assign) else None
        if isinstance(target, gast.Subscript) and any(n is target.value for n in read):
            item, store = self.names.fresh("item"), clone_head(s)
            place = gast.Subscript(name(item), target.slice, gast.Store())
            store.target, store.targets = place, [place]
            return [assign(item, clone(target.value)), store]
        certain = [self._certain(e) for e in heads(s)] if isinstance(s, COMPOUND) else [self._certain(s)]
        if isinstance(s, gast.While) or any(not is_name(n.value) or not any(n in found for found in certain) for n in read):
            raise self._refusal(s)
        guarded = clone_head(s)
        self.guarded.add(id(guarded))
        return [*(self._made(n, s, env) for n in read), guarded]

    def _certain(self, node: Any) -> list[Any]:
        """What is evaluated whenever a statement or an expression is."""
        inner = children(node)
        if isinstance(node, gast.BoolOp | gast.IfExp):
            inner = [node.test] if isinstance(node, gast.IfExp) else node.values[:1]
        elif isinstance(node, gast.Compare):
            inner = [node.left, node.comparators[0]]
        return [] if isinstance(node, gast.Lambda) else [node, *(n for child in inner for n in self._certain(child))]

    def _made(self, read: gast.Subscript, s: gast.stmt, env: Env) -> gast.If:
        item = self.names.fresh("item")
        place = gast.Subscript(clone(read.value), clone(read.slice), gast.Store())
        made = [*self._value(item, self._factory(read.value, env), s), assign(place, name(item))]
        return gast.If(expression("k not in d", k=read.slice, d=read.value), made, [])

    def _value(self, item: str, factory: Kind, s: gast.stmt) -> list[gast.stmt]:
        """Statements that bind what the factory gives."""
        definition = factory.definition if isinstance(factory, LocalFunction) and not factory.captures else None
        if definition and isinstance(definition.body[-1], gast.Return) and not parameter_names(definition.args):
            body = definition.body
            *before, last = rename(body, {n: self.names.fresh(n) for n in names_stored(body)})
            if not any(isinstance(t, COMPOUND) for t in before):
                return [*before, assign(item, last.value)]
        if isinstance(factory, Known) and factory.value in _EMPTY:
            return [assign(item, clone(_EMPTY[factory.value]))]
        if isinstance(factory, Known) and callable(factory.value):
            called = self.outside.name_for(factory.value, getattr(factory.value, "__name__", "factory"))
            return [assign(item, gast.Call(name(called), [], []))]
        raise self._refusal(s)

    def _refusal(self, s: gast.stmt) -> UnsupportedError:
        return UnsupportedError("an item that a defaultdict lacks may be made here, and how is not known",
                                self.program.place(s), "set it before it is read: `if k not in d: d[k] = ...`")


_EMPTY: dict[Any, gast.expr] = {
    list: gast.List([], gast.Load()), dict: gast.Dict([], []), float: constant(0.0), int: constant(0)}
