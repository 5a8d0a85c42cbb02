"""Functions that solvers are given and that read objects, as functions that read numbers and arrays: no derivative is taken
with respect to an object as a whole, and objects that are made here become variables.

    y = brentq(lambda v: self.excess(v), a, b)      ->      k = self.k
                                                            def opened(v):
                                                                product = k * v
                                                                return product - 2.0
                                                            y = brentq(opened, a, b)

What an integrand reads of arrays, lists and tuples are numbers in the same way: `quad(lambda v: v * p[0], a, b)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.analyze.call_binding import CallBinding
from autodiff_src.analyze.expression_kinds import Env
from autodiff_src.analyze.functions import LocalFunction, local_functions
from autodiff_src.analyze.inlining import Inlining
from autodiff_src.analyze.kinds import UNKNOWN, Array, Dict, Kind, List, Object, Tuple
from autodiff_src.analyze.solvers import kind_of_solution
from autodiff_src.errors import AutodiffError
from autodiff_src.program import MISSING, Program
from autodiff_src.refusals import refusals_of
from autodiff_src.renaming import renamed
from autodiff_src.runtime.solutions import curve_of, found, root_of
from autodiff_src.syntax import (
    Transformer,
    assign,
    base_name,
    blocks,
    clone,
    clone_head,
    is_name,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    rename,
    walk,
)


class OpenedFunctions:
    """Those of one function's calls, each written out once."""

    def __init__(self, binding: CallBinding, inlining: Inlining):
        self.binding, self.inlining, self.expressions = binding, inlining, binding.expressions
        self.done: dict[tuple[int, Any], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a call of a solver that is given a function which reads objects; None for others."""
        call: Any = s.value
        function = self.expressions.function(call.func, env) if isinstance(call, gast.Call) else MISSING
        if function is not found and kind_of_solution(function, lambda: [UNKNOWN]) is None:
            return None
        place = int(function in (found, root_of, curve_of))
        of = env.get(base_name(call.args[place]) or "") if len(call.args) > place else None
        read = (Object, Array, List, Tuple) if getattr(function, "__name__", "") == "quad" else (Object,)
        if not isinstance(of, LocalFunction) or not any(isinstance(env.get(n), read) for n in _captured(of)):
            return None
        key = id(s), of.key()
        if key not in self.done:
            rest = self.expressions.kind(call.args[2], env) if function is root_of else UNKNOWN
            opened = self._opened(s, of, env, rest)
            new: Any = clone(s)
            if opened:
                new.value.args[place] = name(opened[-1].name)
            self.done[key] = [*(located(t, s) for t in opened), new]
        return self.done[key] if len(self.done[key]) > 1 else None

    def _opened(self, s: gast.stmt, of: LocalFunction, env: Env, rest: Kind) -> list[Any]:
        """The function, and in front of it the variables that it reads; nothing where it uses an object otherwise. `rest`: the
        kind of what its starred parameter gets."""
        arguments, held = _without_held(of)
        handed = {**dict(of.handed_over()), **held}
        starred = getattr(arguments.vararg, "id", None)
        given: dict[str, Kind] = {p: rest if p == starred else UNKNOWN for p in parameter_names(arguments)}
        objects = {own: self.expressions.kind(name(here), env) for own, here in handed.items()}
        program = self._written_out(of, given | {own: _as_made(kind) for own, kind in objects.items()})
        body = clone(program.function.body) if program is not None else []
        self.inlining.names.taken |= names_stored(body)
        reads: dict[str, tuple[str, Any]] = {}
        for node, certain in ((n, not blocks(t)) for t in body for n in walk(t)):
            if _is_part(node, handed) and (isinstance(node, gast.Attribute) or certain and not isinstance(
                    objects[node.value.id], Dict)):  # type: ignore[attr-defined]
                title = node.attr if isinstance(node, gast.Attribute) else f"{node.value.id}_part"
                reads[gast.dump(node)] = reads.get(gast.dump(node)) or (self.inlining._fresh(title), node)
        body = [_Read(reads).visit(t) for t in body]
        outside = names_read(body) - names_stored(body) - set(given) - {variable for variable, _ in reads.values()}
        if program is None or not reads or not outside.isdisjoint(n for n, _ in of.functions) or any(
                isinstance(objects.get(n), Object) for n in outside):
            return []
        new = {n: self.inlining._fresh(n) if n in handed else self.inlining._outside(n, program, s) for n in sorted(outside)}
        held_now = [assign(new[n], name(handed[n])) for n in new if n in handed]
        held_now += [assign(variable, rename(part, handed)) for variable, part in reads.values()]
        definition = clone_head(of.definition)
        definition.args, definition.decorator_list = arguments, []
        definition.name = self.inlining._fresh(of.definition.name)
        definition.body = renamed(body, {n: m for n, m in new.items() if n != m})
        return [*held_now, definition]

    def _written_out(self, of: LocalFunction, kinds: dict[str, Kind]) -> Program | None:
        """The function in core form, with what it does with objects written out; None where it does more than read them."""
        callees = self.binding.callees
        try:
            callee, _ = callees.callee(of, callees.program_of(of, None), [*kinds], [*kinds.values()], dict(of.functions))
        except AutodiffError:
            return None
        if callee.specialised is None or callee.recursive:
            return None
        body = callee.specialised.program.function.body
        stores = any(isinstance(n, (gast.Attribute, gast.Subscript)) and not isinstance(n.ctx, gast.Load) for t in body
                     for n in walk(t))
        return None if stores or any(refusals_of(body)) else callee.specialised.program


def _is_part(node: Any, handed: dict[str, str]) -> bool:
    """Is it an attribute of one of these variables, or an item of one at an index that is told by others of them?"""
    index = node.slice if isinstance(node, gast.Subscript) else None
    return isinstance(node, (gast.Attribute, gast.Subscript)) and is_name(node.value) and node.value.id in handed and (
        index is None or names_read(index) <= handed.keys() and not any(isinstance(n, gast.Call) for n in walk(index)))


class _Read(Transformer):
    """Variables in place of attributes and items."""

    def __init__(self, reads: dict[str, tuple[str, Any]]):
        self.reads = reads

    def visit_Attribute(self, node: gast.Attribute | gast.Subscript) -> Any:
        part = self.reads.get(gast.dump(node))
        return self.generic_visit(node) if part is None else name(part[0])

    visit_Subscript = visit_Attribute


def _without_held(of: LocalFunction) -> tuple[gast.arguments, dict[str, str]]:
    """The parameters without those that only hold a variable at hand, as `receiver=self` behind `*` does, and these."""
    arguments, here = clone(of.definition.args), dict(of.captures)
    pairs = list(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    held = {p.id: here[e.id] for p, e in pairs if is_name(e) and e.id in here}
    arguments.kwonlyargs = [p for p, _ in pairs if p.id not in held]
    arguments.kw_defaults = [e for p, e in pairs if p.id not in held]
    return arguments, held


def _captured(of: LocalFunction) -> Iterator[str]:
    """The variables at hand that a function, or those that it calls, reads."""
    return (here for f in local_functions(of) for _, here in f.captures)


def _as_made(kind: Kind) -> Kind:
    """What is done with the object is written out, as with one that is made here."""
    return replace(kind, made=True) if isinstance(kind, Object) else kind
