"""A call of one of a few functions becomes a branch for each.

    y = g(x)    ->    if g is square: y = square(x)
                      else: y = math.sin(x)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Kind, Known, OneOf
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.refusals import refused_statement
from autodiff_src.runtime.objects import is_module
from autodiff_src.syntax import assign, clone, located, name, names_stored

_MOST_HELD = 16


class FunctionChoices:
    """Writes the branches of one function; functions that its user has no name for are given one in the namespace."""

    def __init__(self, program: Program, expressions: ExpressionKinds, outside: OutsideNames, local: set[str]):
        self.program, self.expressions, self.outside, self.local = program, expressions, outside, local
        expressions.item_hook = lambda node, env: self.held_in(node.value, env)
        self.branches: dict[tuple[int, OneOf], gast.If] = {}
        self.reads: dict[int, list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for the statement if it calls one of a few functions."""
        func = s.value.func if isinstance(s.value, gast.Call) else None
        if isinstance(func, gast.Attribute) and isinstance(self.expressions.member(func, env), OneOf):
            return self._read_first(s, func)
        if not isinstance(func, gast.Name):
            return None
        kind = env.get(func.id)
        if not isinstance(kind, OneOf):
            return None
        if (id(s), kind) not in self.branches:
            self.branches[id(s), kind] = self._chain(s, list(kind.alternatives), kind.others)
        return [self.branches[id(s), kind]]

    def _read_first(self, s: Any, attribute: gast.Attribute) -> list[gast.stmt]:
        if id(s) not in self.reads:
            read, new = assign(self.outside.names.fresh(attribute.attr), attribute, s), clone(s)
            self.local |= names_stored(read)
            new.value.func = name(read.targets[0].id)
            self.reads[id(s)] = [read, new]
        return self.reads[id(s)]

    def _chain(self, s: Any, alternatives: list[Known], others: bool) -> Any:
        if not alternatives:
            return refused_statement(
                UnsupportedError("the function called here is not one of those that the mapping held when this was derived",
                                 self.program.place(s), "call a function by its own name"), [s])
        new = clone(s)
        new.value.func = function = self._name_of(alternatives[0].value)
        if len(alternatives) == 1 and not others:
            return located(new, s)
        test = gast.Compare(clone(s.value.func), [gast.Is()], [clone(function)])
        return located(gast.If(test, [new], [self._chain(s, alternatives[1:], others)]), s)

    def held_in(self, node: gast.expr, env: Env) -> Kind:
        """The kind of an item of a mapping outside, which is of a class of its own: one of the functions in it."""
        mapping = self.expressions.static(node, env)
        if not isinstance(mapping, Mapping):
            return UNKNOWN
        functions = tuple(dict.fromkeys(Known(value) for value in mapping.values() if isinstance(value, FunctionType)))
        return OneOf(functions, others=True) if 0 < len(functions) <= _MOST_HELD else UNKNOWN

    def with_item(self, s: gast.Assign, body: list[gast.stmt], after: Env | None) -> tuple[list[gast.stmt], Env | None]:
        """What stands for the statement, and the kinds after it: what a mapping's own method gives is an item of it, too."""
        target, value = s.targets[0], s.value
        if after and isinstance(value, gast.Subscript) and isinstance(target, gast.Name) and after.get(target.id) == UNKNOWN:
            after[target.id] = self.held_in(value.value, after)
        return body, after

    def _name_of(self, function: Any) -> gast.expr:
        space, own = self.expressions.namespace, getattr(function, "__name__", "function")
        if own not in self.local and space.lookup(own) is function:
            return name(own)
        for module, value in space.globals.items():
            if is_module(value) and module not in self.local and getattr(value, own, None) is function:
                return gast.Attribute(name(module), own, gast.Load())
        return name(self.outside.name_for(function, own))
