"""Forward mode: a prepared function -> one that computes its value and the tangent of it, with no tape.

    def f(x):                 def f_jvp(x, x_dot):
        y = np.sin(x)             y = np.sin(x)
        return y * x      ->      y_dot = x_dot * np.cos(x)
                                  return y * x, y_dot * x + y * x_dot
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from types import ModuleType
from typing import Any

import gast

from autodiff_src.analyze.activity import list_written
from autodiff_src.analyze.carriers import carriers
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, FunctionKind, Kind
from autodiff_src.analyze.operands import Operands
from autodiff_src.analyze.outside_writes import local_names, lost, lost_dicts, reads
from autodiff_src.analyze.sharing import Memory
from autodiff_src.differentiate.contributions import Shaper
from autodiff_src.differentiate.forward_statements import StatementsForward
from autodiff_src.differentiate.prepare import Prepared, check_result
from autodiff_src.differentiate.scope import Scope
from autodiff_src.differentiate.shadowed_names import clashes, refuse_outside
from autodiff_src.differentiate.tangent_values import Forward
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.program import Program
from autodiff_src.refusals import Stopped, raising, refused_in
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    clone_head,
    heads,
    name,
    names_read,
    names_stored,
    target_names,
    walk_statements,
    with_blocks,
)

CallOf = Callable[[Any, tuple[bool, ...]], str]


def forward(p: Prepared, active: frozenset[str], scope: Scope, call_of: CallOf, title: str,
            paired: bool) -> tuple[Program, dict[str, Kind], Collection[str]]:
    """The function `title(*parameters, *tangents of those in active)`, which returns the value, if `paired` with its tangent;
    the kinds of its variables, and which of them are tangents. `call_of` gives the names of the functions that it calls.
    Raises Stopped where a statement is refused."""
    return _Forward(p, active, scope, call_of).run(title, paired)


class _Forward:
    def __init__(self, p: Prepared, active: frozenset[str], scope: Scope, call_of: CallOf):
        kinds, calls = dict(p.kinds), dict(p.calls)  # statements are added below
        p = replace(p, kinds=kinds, calls=calls, memory=Memory(kinds, calls, outside=p.memory.outside))
        self.p, self.active, self.scope = p, active, scope
        operands = Operands(p.kinds, p.calls)
        outside = names_read(p.body) - names_stored(p.body)
        written = self._same_memory(p.written())
        sharers = {n: others for n, others in p.sharing.ever.items() if n in written}
        found, varied = carriers(p.body, operands, lambda s: list_written(s, p.calls), sharers, active,
                                 {p.result, *p.parameters, *outside})
        refuse_outside(p, [(s, clash) for s, clash in clashes(p, frozenset()) if clash & found])
        functions = {s.name for s in walk_statements(p.body) if isinstance(s, gast.FunctionDef)}
        functions |= {n for n, kind in kinds.items() if isinstance(kind, FunctionKind)}
        functions |= {n for n in outside if isinstance(p.program.namespace.lookup(n), ModuleType)}
        env = dict(p.kinds)
        env |= {scope.tangent(v): p.kinds.get(v, UNKNOWN) for v in sorted(found)}
        self.shaper = Shaper(scope, ExpressionKinds(scope.space(), real_powers=True), env, p.rebound())
        self.facts = Forward(p, scope, self.shaper, set(found) - functions, set(varied), functions & found, written,
                             self._same_memory({p.result, *p.parameters}), operands,
                             names_stored(p.body) | set(p.parameters), call_of)
        self.statements = StatementsForward(self.facts)
        self.lost = lost_dicts(p.body, p.program, {id(s): found for s in walk_statements(p.body)}, p.calls)
        self.outside = local_names(p.program)

    def _same_memory(self, names: set[str]) -> set[str]:
        """With all that may be the same memory at some time: after a swap a name stands for the other's memory."""
        near = {n: set(others) for n, others in self.p.sharing.ever.items()}
        for s in walk_statements(self.p.body):
            if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Tuple):
                for pair in zip(target_names(s), getattr(s.value, "elts", ()), strict=False):
                    for one, other in (pair, pair[::-1]):
                        near.setdefault(_id(one), set()).add(_id(other))
        found, stack = set(), list(names)
        while stack:
            n = stack.pop()
            if n not in found:
                found.add(n)
                stack += near.get(n, ())
        return found

    def run(self, title: str, paired: bool) -> tuple[Program, dict[str, Kind], Collection[str]]:
        body = [*self._at_entry(), *self._block(self.p.body), self._return(paired)]
        check_result(self.p)
        function = clone_head(self.p.program.function)
        names = [*self.p.parameters, *(self.scope.tangent(p) for p in self.p.parameters if p in self.active)]
        arguments = [gast.Name(n, gast.Param(), None, None) for n in names]
        function.name, function.decorator_list, function.returns = title, [], None
        function.args = gast.arguments(arguments, [], None, [], [], None, [])
        function.body = body
        program = replace(self.p.program, function=function, namespace=self.scope.space(), defaults=(), kwdefaults={},
                          original=None)
        return program, self.shaper.env, self.scope.tangents.values()

    def _at_entry(self) -> list[gast.stmt]:
        """Zeros for what gets a derivative on the way: parameters, and memory outside."""
        bound = {n for s in walk_statements(self.p.body) for n in target_names(s)}
        given = sorted(n for n in self.facts.carriers - self.active if n in self.p.parameters or n not in bound)
        for n in given:
            others = self.p.sharing.ever.get(n, set()) & set(given) - {n}
            if others and n in self.facts.written:
                shown = " and ".join(sorted({n, *others})[:3])
                raise Stopped(self.p.body[0], UnsupportedError(
                    f"{shown} may share memory that is written here", self.p.program.place(self.p.body[0]),
                    "copy one of them: `y = x.copy()`"))
        return [assign(self.scope.tangent(n), self.statements.zeros(name(n))) for n in given]

    def _block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        return [new for s in block for new in self._statement(s)]

    def _statement(self, s: gast.stmt) -> list[gast.stmt]:
        if reads(s, self.lost, self.p.program, self.outside):
            raise Stopped(s, lost(s, self.p.program))
        if isinstance(s, COMPOUND):
            if isinstance(s, gast.With) and self.facts.carriers & {*names_read(heads(s)), *target_names(s)}:
                raise Stopped(s, UnsupportedError("a context that holds what carries a derivative is not differentiated",
                                                  self.p.program.place(s), "use the value itself in the block"))
            return [with_blocks(s, self._block)]
        refused = refused_in(s)
        if refused is not None:
            return [raising(s, refused.error, self.p.program, self.scope.reference)]
        try:
            return self.statements.of(s)
        except AutodiffError as error:
            raise Stopped(s, error) from error

    def _return(self, paired: bool) -> gast.stmt:
        result = self.p.result
        if not paired:
            return gast.Return(name(result))
        tangent = name(self.scope.tangent(result)) if result in self.facts.carriers else self.statements.zeros(name(result))
        return gast.Return(gast.Tuple([name(result), tangent], gast.Load()))


def _id(node: gast.expr | str) -> str:
    return getattr(node, "id", "") if isinstance(node, gast.AST) else node
