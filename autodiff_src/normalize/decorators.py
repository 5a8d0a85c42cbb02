"""Heads of nested functions, without annotations. Of a decorated one: the plain function, then what its decorators make of it.

    @twice                      def h_plain(v):
    def h(v):           ->          return v * v
        return v * v            h = twice(h_plain)
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import gast
import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.syntax import assign, captured, clone_head, located, name

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions


def undecorated(s: gast.FunctionDef, expressions: Expressions) -> list[gast.stmt]:
    """`functools.wraps` changes names and documentation only, and is left out. Raises UnsupportedError for a function that
    calls itself: it would call what its decorators make of it."""
    decorators = [d for d in s.decorator_list if not _is_wraps(d, expressions)]
    plain = clone_head(s)
    plain.decorator_list = []
    if not decorators:
        return [plain]
    if s.name in captured(plain):
        raise UnsupportedError("a decorated nested function that calls itself is not differentiated",
                               expressions.program.place(s), "move it to the module, or drop the decorator")
    held = [expressions.atom(d, "decorator") if isinstance(d, gast.Call) and not _is_vectorize(d, expressions) else d
            for d in decorators]
    plain.name = expressions.names.fresh(f"{s.name}_plain")
    expressions.heads[plain.name] = plain.args
    made: gast.expr = name(plain.name)
    for decorator in reversed(held):
        made = gast.Call(decorator, [made], [])
    return [plain, assign(s.name, made, s)]


def _is_wraps(decorator: gast.expr, expressions: Expressions) -> bool:
    return isinstance(decorator, gast.Call) and expressions.static(decorator.func) is functools.wraps


def _is_vectorize(decorator: gast.Call, expressions: Expressions) -> bool:
    """`np.vectorize(otypes=[float])`, whose call with a function is rewritten."""
    return expressions.static(decorator.func) is np.vectorize


def without_annotations(function: gast.FunctionDef) -> gast.FunctionDef:
    """A copy of the head; annotations may name what only a type checker sees."""
    new, new.args = clone_head(function), clone_head(function.args)
    new.returns = None
    for field in ("posonlyargs", "args", "kwonlyargs"):
        setattr(new.args, field, [_unannotated(p) for p in getattr(new.args, field)])
    new.args.vararg, new.args.kwarg = map(_unannotated, (new.args.vararg, new.args.kwarg))
    return new


def _unannotated(parameter: gast.Name | None) -> gast.Name | None:
    return parameter and located(gast.Name(parameter.id, parameter.ctx, None, None), parameter)
