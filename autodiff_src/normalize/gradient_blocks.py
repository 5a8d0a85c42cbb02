"""Blocks that run in the backward pass, as functions that are handed to `map_gradient`.

    with ad.insert_grad_of(x) as d_x:        def grad_of_x(d_x):
        d_x = np.clip(d_x, -1, 1)      ->        d_x = np.clip(d_x, -1, 1)
                                                 return d_x
                                             x = map_gradient(x, grad_of_x)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime.markers import insert_grad_of, map_gradient
from autodiff_src.syntax import (
    STORE,
    assign,
    clone,
    is_name,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    walk,
    with_blocks,
)


def with_gradient_functions(program: Program) -> Program:
    """The program with these blocks as functions."""
    if not any(isinstance(node, gast.With) for node in walk(program.function)):
        return program
    return _Blocks(program).run()


class _Blocks:
    def __init__(self, program: Program):
        self.program, self.space = program, program.namespace
        function = program.function
        self.local = names_stored(function.body) | set(parameter_names(function.args))
        taken = {*names_read(function.body), *self.local, *self.space.globals, *self.space.cells, *self.space.extra}
        self.names = FreshNames(taken)
        self.mapped = self.names.fresh("map_gradient")
        self.found = False

    def run(self) -> Program:
        function = clone(self.program.function)
        function.body = self._block(function.body)
        if not self.found:
            return self.program
        return replace(self.program, function=function,
                       namespace=replace(self.space, extra={**self.space.extra, self.mapped: map_gradient}))

    def _block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        return [new for s in block for new in self._statement(s)]

    def _statement(self, s: gast.stmt) -> list[gast.stmt]:
        if isinstance(s, gast.With) and any(self._inserts(item.context_expr) for item in s.items):
            return self._function(s)
        if isinstance(s, gast.FunctionDef):
            s.body = self._block(s.body)
        return [with_blocks(s, self._block) if hasattr(s, "body") and not isinstance(s, gast.FunctionDef) else s]

    def _inserts(self, context: gast.expr) -> bool:
        return isinstance(context, gast.Call) and static_value(context.func, self.space, self.local) is insert_grad_of

    def _function(self, s: Any) -> list[gast.stmt]:
        call, bound = s.items[0].context_expr, s.items[0].optional_vars
        if len(s.items) > 1 or len(call.args) != 1 or call.keywords or not is_name(call.args[0]) or not is_name(bound):
            raise UnsupportedError("insert_grad_of is used in another way than `with ad.insert_grad_of(x) as d_x:`",
                                   self.program.place(s), "give it a variable, alone, and a name for its adjoint")
        self.found = True
        title, x = self.names.fresh(f"grad_of_{call.args[0].id}"), call.args[0].id
        parameters = gast.arguments([gast.Name(bound.id, gast.Param(), None, None)], [], None, [], [], None, [])
        body = [*self._block(s.body), gast.Return(name(bound.id))]
        made = gast.FunctionDef(title, parameters, body, [], None, None, [])
        mapped = assign(name(x, STORE), gast.Call(name(self.mapped), [name(x), name(title)], []))
        return [located(made, s), located(mapped, s)]
