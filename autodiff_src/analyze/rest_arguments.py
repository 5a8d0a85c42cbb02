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
    is_name,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
)


def with_own_parameters(program: Program, bound: dict[str, Any], whole: bool) -> tuple[Program, dict[str, Any]]:
    """The function and its arguments. What a function binds anew stays as it is; so does a dict, which may be changed, that is
    used otherwise than behind stars, and, unless `whole`, a tuple that is."""
    arguments, body = program.function.args, program.function.body
    fresh = FreshNames({*parameter_names(arguments), *names_read(body), *names_stored(body)}).fresh
    rests = {a.id: bound[a.id] for a in (arguments.vararg, arguments.kwarg) if a is not None and bound.get(a.id)}
    own = {p: {key: fresh(f"{p}_{key}") for key in (rest if isinstance(rest, dict) else range(len(rest)))}
           for p, rest in rests.items() if p not in names_stored(body)}
    used = names_read(_unstarred(body, own))
    own = {p: names for p, names in own.items() if p not in used or whole and isinstance(rests[p], list)}
    if not own:
        return program, bound
    function = clone_head(program.function)
    function.args = clone_head(arguments)
    function.body = _unstarred(body, own)
    function.body[:0] = [located(assign(p, _tuple(own[p])), function) for p in sorted(used & own.keys())]
    for kind in ("vararg", "kwarg"):
        if getattr(arguments, kind) is not None and getattr(arguments, kind).id in own:
            setattr(function.args, kind, None)
    given = {p: value for p, value in bound.items() if p not in own}
    given |= {n: rests[p][key] for p, names in own.items() for key, n in names.items()}
    return replace(program, function=function), given


def _tuple(names: dict[Any, str]) -> gast.expr:
    return gast.Tuple([name(n) for n in names.values()], gast.Load())


def _unstarred(body: list[gast.stmt], own: dict[str, dict[Any, str]]) -> list[gast.stmt]:
    return [_Unstarred(own).visit(s) for s in clone(body)]


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
