"""`with` and `try` in their plain forms: one context each, no handlers beside a `finally`, returned values named.

    with a as x, b:                     with a as x:
        return x.f()            ->          with b:
                                                value = x.f()
                                                return value
"""

from __future__ import annotations

import builtins
import contextlib
import warnings
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from autodiff_src.errors import AutodiffError
from autodiff_src.program import MISSING, FreshNames
from autodiff_src.refusals import refused_in
from autodiff_src.runtime.contexts import checked_context
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    clone_head,
    is_constant,
    is_name,
    located,
    name,
    names_stored,
    with_blocks,
)

Static = Callable[[gast.expr], Any]
_LETTING_OUT = frozenset(map(id, [np.errstate, np.printoptions, warnings.catch_warnings, open, checked_context]))


def plain_guards(body: list[gast.stmt], names: FreshNames, static: Static) -> list[gast.stmt]:
    """`static` finds the object that an expression stands for outside the function."""
    return _Plain(names, static).block(body, guarded=False)


class _Plain:
    def __init__(self, names: FreshNames, static: Static):
        self.names, self.static = names, static

    def block(self, body: list[gast.stmt], guarded: bool) -> list[gast.stmt]:
        return [new for s in body for new in self.statement(s, guarded)]

    def statement(self, s: gast.stmt, guarded: bool) -> list[gast.stmt]:
        if isinstance(s, gast.Return) and guarded and s.value is not None and not is_constant(s.value):
            held = self.names.fresh("value")
            return [assign(held, s.value, s), located(gast.Return(name(held)), s)]
        if not isinstance(s, COMPOUND):
            return [s]
        guards = isinstance(s, (gast.With, gast.Try))
        new = with_blocks(s, lambda inner: self.block(inner, guarded or guards))
        if isinstance(new, gast.With):
            return [self._contexts(new, new.items)]
        return self._try(new) if isinstance(new, gast.Try) else [new]

    def _contexts(self, s: gast.With, items: list[gast.withitem]) -> gast.stmt:
        first, *others = items
        body = [self._contexts(s, others)] if others else s.body
        call = first.context_expr
        if isinstance(call, gast.Call) and self.static(call.func) is contextlib.suppress and not (
                call.keywords or first.optional_vars):
            types = call.args[0] if len(call.args) == 1 else gast.Tuple(call.args, gast.Load())
            handler = gast.ExceptHandler(types, None, [located(gast.Pass(), s)])
            return located(gast.Try(body, [handler], [], []), s)
        new = clone_head(s)
        new.items, new.body = [first], body
        return new

    def _try(self, s: gast.Try) -> list[gast.stmt]:
        s.handlers = [h for h in s.handlers if not self._passes_refusals_on(h)]
        if all(self._is_there(t) for t in s.body):
            return [*s.body, *s.orelse, *s.finalbody]
        if not s.finalbody or not s.handlers:
            return [s] if s.handlers or s.finalbody else [*s.body, *s.orelse]
        inner, outer = clone_head(s), clone_head(s)
        inner.finalbody, outer.body, outer.handlers, outer.orelse = [], [inner], [], []
        return [outer]

    def _is_there(self, s: gast.stmt) -> bool:
        """Is it the import of something that was found when this was derived?"""
        return isinstance(s, (gast.Import, gast.ImportFrom)) and all(
            self.static(name(n)) is not MISSING for n in names_stored(s))

    def _passes_refusals_on(self, handler: gast.ExceptHandler) -> bool:
        """Is it the clause that each generated `try` begins with?"""
        again = isinstance(handler.body[0], gast.Raise) and handler.body[0].exc is None
        return again and handler.type is not None and self.static(handler.type) is AutodiffError


def lets_out(call: gast.expr, static: Static) -> bool:
    """Does the context that is made here let every exception out for certain?"""
    if not isinstance(call, gast.Call):
        return False
    function = static(call.func)
    plain = function is contextlib.nullcontext and not call.args and not call.keywords
    return plain or id(function) in _LETTING_OUT


_MESSAGES = frozenset({"str", "repr", "print", "isinstance", "type", "format"})


def reads_exception(node: Any, exception: str, static: Static) -> bool:
    """May what an exception carries be read, other than for messages, for its class and to raise it on?"""
    if isinstance(node, gast.Raise) and refused_in(node) is None or isinstance(node, gast.JoinedStr):
        return False
    if isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id in _MESSAGES and (
            static(node.func) is getattr(builtins, node.func.id)):
        return False
    if isinstance(node, gast.Expr) and isinstance(node.value, gast.Call) and isinstance(node.value.func, gast.Attribute):
        return any(reads_exception(a, exception, static) for a in node.value.args if not is_name(a, exception))
    return is_name(node, exception) or any(reads_exception(c, exception, static) for c in gast.iter_child_nodes(node))
