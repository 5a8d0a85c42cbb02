"""Globals that a function binds are items of its module's names.

    global count
    count = count + 1       ->      module_names["count"] = count + 1

The text says `globals()` for `module_names`; what is read of a global is read by its name, as it is then.
"""

from __future__ import annotations

import builtins
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.syntax import (
    assign,
    clone_head,
    constant,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    walk_statements,
)

_BINDING = (gast.For, gast.With, gast.Try, gast.FunctionDef, gast.Delete)


def with_module_names(program: Program) -> Program:
    """Raises UnsupportedError where a global is bound other than by an assignment."""
    function, space = program.function, program.namespace
    bound = {n for s in walk_statements(function.body) if isinstance(s, gast.Global) for n in s.names}
    local = names_stored(function.body) | set(parameter_names(function.args))
    calls = "globals" not in local and space.lookup("globals") is builtins.globals and "globals" in names_read(function.body)
    if not bound and not calls:
        return program
    names = FreshNames(names_read(function.body) | local | set(space.globals) | set(space.cells) | set(space.extra))
    module = names.fresh("module_names")
    space.unsettled.written[id(space.globals)] = space.globals
    change = _Change(program, bound, module, calls, names)
    new = clone_head(function)
    new.body = change.block(function.body)
    return replace(program, function=new, namespace=replace(space, extra={**space.extra, module: space.globals}))


class _Change:
    def __init__(self, program: Program, bound: set[str], module: str, calls: bool, names: FreshNames):
        self.program, self.bound, self.module, self.calls, self.names = program, bound, module, calls, names

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        kept = [t for s in block if not isinstance(s, gast.Global) for t in self._with_imports(s)]
        return [self.node(s) for s in kept] or [located(gast.Pass(), block[0])]

    def _with_imports(self, s: gast.stmt) -> list[gast.stmt]:
        """An import that binds a global binds a variable, which is assigned to it."""
        if not isinstance(s, (gast.Import, gast.ImportFrom)) or not self.bound & names_stored(s):
            return [s]
        new, stores = clone_head(s), []
        new.names = []
        for alias in s.names:
            bound = alias.asname or alias.name
            if bound in self.bound and "." not in bound:
                held = self.names.fresh(bound)
                stores.append(assign(bound, name(held), s))
                alias = gast.alias(alias.name, held)
            new.names.append(alias)
        return [new, *stores]

    def node(self, node: Any) -> Any:
        if isinstance(node, gast.Name) and node.id in self.bound and isinstance(node.ctx, gast.Store):
            return located(gast.Subscript(name(self.module), constant(node.id), gast.Store()), node)
        if self._gives_names(node):
            return located(name(self.module), node)
        if isinstance(node, (gast.FunctionDef, gast.Lambda)) or not isinstance(node, gast.AST):
            self._check(node)
            return node
        self._check(node)
        new = clone_head(node)
        for field, value in gast.iter_fields(node):
            if isinstance(value, list):
                statements = bool(value) and isinstance(value[0], gast.stmt)
                setattr(new, field, self.block(value) if statements else [self.node(v) for v in value])
            elif isinstance(value, gast.AST):
                setattr(new, field, self.node(value))
        return new

    def _gives_names(self, node: Any) -> bool:
        return isinstance(node, gast.Call) and self.calls and not node.args and getattr(node.func, "id", "") == "globals"

    def _check(self, node: Any) -> None:
        if isinstance(node, gast.Assign) and self._gives_names(node.value):
            raise UnsupportedError("`globals()` by a name of its own is not differentiated", self.program.place(node),
                                   "read and write globals by their names")
        if not isinstance(node, (*_BINDING, gast.NamedExpr)):
            return
        head = node.target if isinstance(node, (gast.For, gast.NamedExpr)) else node
        inner = [] if isinstance(node, (gast.With, gast.Try)) else [head]
        heads = [i.optional_vars for i in node.items if i.optional_vars] if isinstance(node, gast.With) else inner
        if isinstance(node, gast.Try):
            heads = [h.name for h in node.handlers if h.name is not None]
        if self.bound & names_stored(heads):
            raise UnsupportedError("a global that is bound other than by an assignment is not differentiated",
                                   self.program.place(node), "bind a local variable, and assign it to the global")
