"""What a called function gets behind `*args` and `**kwargs`, each as a parameter of its own.

    def f(x, *args):            def f(x, args_0, args_1):
        return g(x, *args)  ->      return g(x, args_0, args_1)
"""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from autodiff_src.program import FreshNames, Program
from autodiff_src.syntax import (
    Transformer,
    assign,
    clone,
    clone_head,
    constant,
    is_name,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
)


def with_own_parameters(program: Program, bound: dict[str, Any], whole: bool) -> tuple[Program, dict[str, Any]]:
    """The function and its arguments; both as they are where a function binds such a name anew, or, unless `whole`, uses it
    otherwise than behind stars."""
    arguments, body = program.function.args, program.function.body
    fresh = FreshNames({*parameter_names(arguments), *names_read(body), *names_stored(body)}).fresh
    rests = {p: bound[p] for a in (arguments.vararg, arguments.kwarg) if a is not None and bound.get(p := a.id)}
    if not rests or names_stored(body) & rests.keys():
        return program, bound
    own = {p: {key: fresh(f"{p}_{key}") for key in (rest if isinstance(rest, dict) else range(len(rest)))}
           for p, rest in rests.items()}
    function = clone_head(program.function)
    function.args = clone_head(arguments)
    function.body = [_Unstarred(own).visit(s) for s in clone(body)]
    kept = names_read(function.body) & own.keys()
    if kept and not whole:
        return program, bound
    function.body[:0] = [located(assign(p, _display(own[p])), function) for p in sorted(kept)]
    for kind in ("vararg", "kwarg"):
        if getattr(arguments, kind) is not None and getattr(arguments, kind).id in own:
            setattr(function.args, kind, None)
    given = {p: value for p, value in bound.items() if p not in own}
    given |= {n: rests[p][key] for p, names in own.items() for key, n in names.items()}
    return replace(program, function=function), given


def _display(names: dict[Any, str]) -> gast.expr:
    items: list[gast.expr] = [name(n) for n in names.values()]
    by_key = any(isinstance(key, str) for key in names)
    return gast.Dict([constant(key) for key in names], items) if by_key else gast.Tuple(items, gast.Load())


class _Unstarred(Transformer):
    """Calls with parameters in place of what is behind stars."""

    def __init__(self, own: dict[str, dict[Any, str]]):
        self.own = own

    def visit_Call(self, node: gast.Call) -> gast.Call:
        self.generic_visit(node)
        args: list[gast.expr] = []
        for a in node.args:
            rest = self.own.get(a.value.id) if isinstance(a, gast.Starred) and is_name(a.value) else None
            args += [a] if rest is None else [located(name(n), node) for n in rest.values()]
        keywords: list[gast.keyword] = []
        for k in node.keywords:
            rest = self.own.get(k.value.id) if k.arg is None and is_name(k.value) else None
            keywords += [k] if rest is None else [gast.keyword(key, located(name(n), node)) for key, n in rest.items()]
        node.args, node.keywords = args, keywords
        return node
