"""Refuses a `try` that may be left in the middle with something changed that is read afterwards.

The others are branches: either the block ran to its end, or nothing happened and a handler goes on from there.
"""

from __future__ import annotations

import gast

from autodiff_src.analyze.activity import list_written
from autodiff_src.analyze.calls import Info
from autodiff_src.analyze.mutability import WRITING_FUNCTIONS
from autodiff_src.analyze.sharing import Live
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.refusals import refused_statement
from autodiff_src.rules import CHANGING_METHODS
from autodiff_src.syntax import (
    COMPOUND,
    LOOPS,
    base_name,
    blocks,
    heads,
    is_atom,
    is_constant,
    is_name,
    target_names,
    walk_statements,
    with_blocks,
)


def refuse_partial_tries(body: list[gast.stmt], program: Program, calls: dict[int, Info]) -> list[gast.stmt]:
    """The body of a function in core form with a refusal in place of each such `try`; `calls` by a statement's id."""
    tries = any(isinstance(s, gast.Try) and s.handlers for s in walk_statements(body))
    return _Refusing(body, program, calls).block(body) if tries else body


class Handlers:
    """What is read where handlers, and what follows them, go on."""

    def __init__(self, body: list[gast.stmt]):
        self.body, self.live = body, _live(body)

    def read(self, s: gast.Try, in_loop: bool) -> set[str]:
        return set().union(*(self._read_from(h, s, in_loop) for h in s.handlers))

    def _read_from(self, handler: gast.ExceptHandler, s: gast.Try, in_loop: bool) -> frozenset[str]:
        """What is read from the top of a handler on. It may begin with a flag that says that it ran."""
        first = handler.body[0]
        live = self.live
        if isinstance(first, gast.Assign) and is_name(first.targets[0]) and is_constant(first.value) and not in_loop:
            order = list(walk_statements(self.body))
            within = {id(h.body[0]) for h in s.handlers}
            flag = first.targets[0].id
            others = [t for t in order if flag in target_names(t) and id(t) not in within]
            if not any(t is other for t in order[order.index(s):] for other in others):
                live = _live(_decided(self.body, flag, first.value.value))
        return live.before.get(id(first)) or frozenset()


class _Refusing:
    def __init__(self, body: list[gast.stmt], program: Program, calls: dict[int, Info]):
        self.program, self.calls, self.handlers = program, calls, Handlers(body)

    def block(self, block: list[gast.stmt], in_loop: bool = False) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for i, s in enumerate(block):
            if isinstance(s, gast.Try) and s.handlers:
                stopped = TriedBlock(s.body, self.handlers.read(s, in_loop), self.calls).not_whole(s.body)
                if stopped is not None:
                    error = UnsupportedError(
                        "what this changes is read after the `try` if a later line of its block raises",
                        self.program.place(stopped),
                        "compute in a function of its own that returns the value, and call it in the `try`",
                    )
                    return [*new, refused_statement(error, block[i:])]
            for inner in blocks(s):  # in place: what is known of a statement goes by its identity
                inner[:] = self.block(inner, in_loop or isinstance(s, LOOPS))
            new.append(s)
        return new


def _live(body: list[gast.stmt]) -> Live:
    live = Live(())
    live.stepwise = True
    live.run(body)
    return live


def _decided(block: list[gast.stmt], flag: str, value: object) -> list[gast.stmt]:
    """The block with the branches that are taken where a variable has this value."""
    new: list[gast.stmt] = []
    for s in block:
        way = _way(s.test, flag, value) if isinstance(s, gast.If) else None
        if way is not None:
            new += _decided(s.body if way else s.orelse, flag, value)  # type: ignore[attr-defined]
        else:
            new.append(with_blocks(s, lambda b: _decided(b, flag, value)) if isinstance(s, COMPOUND) else s)
    return new


def _way(test: gast.expr, flag: str, value: object) -> bool | None:
    if isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not):
        way = _way(test.operand, flag, value)
        return None if way is None else not way
    if isinstance(test, gast.Compare) and is_name(test.left, flag) and isinstance(test.ops[0], gast.Eq) and (
            len(test.ops) == 1 and is_constant(test.comparators[0])):
        return bool(test.comparators[0].value == value)
    return bool(value) if is_name(test, flag) else None


class TriedBlock:
    """The block of a `try` of which the handlers, and what follows them, read the variables in `read`."""

    def __init__(self, body: list[gast.stmt], read: set[str], calls: dict[int, Info]):
        self.read, self.calls = read, calls
        self.bound = {n for s in walk_statements(body) for n in target_names(s)}
        old = {n for s in walk_statements(body) for n in target_names(s) if not _is_new(s)}
        self.own = self.bound - old - read

    def not_whole(self, block: list[gast.stmt]) -> gast.stmt | None:
        """A statement that changes something, behind which the block may raise."""
        changing: gast.stmt | None = None
        for s in block:
            if changing is not None and self.may_raise(s):
                return changing
            inner = self._within(s) if isinstance(s, COMPOUND) else None
            if inner is not None:
                return inner
            changing = self.change(s) or changing
        return None

    def _within(self, s: gast.stmt) -> gast.stmt | None:
        """The same for the blocks of a compound statement, and for the ways from one to another."""
        change = self.change(s)
        if isinstance(s, (gast.For, gast.While)) and change is not None:
            return change if any(self.may_raise(t) for t in s.body) or isinstance(s, gast.While) else None
        if isinstance(s, gast.With) and change is not None and is_name(s.items[0].context_expr):
            return change  # leaving it may raise
        if isinstance(s, gast.Try):
            return self._within_try(s)
        return next((found for b in blocks(s) if (found := self.not_whole(b)) is not None), None)

    def _within_try(self, s: gast.Try) -> gast.stmt | None:
        behind = next((c for t in s.finalbody if (c := self.change(t)) is not None), None)
        paths = [[*s.body, *s.orelse, *s.finalbody], *(h.body for h in s.handlers)]
        return behind or next((found for b in paths if (found := self.not_whole(b)) is not None), None)

    def change(self, s: gast.stmt) -> gast.stmt | None:
        """The statement, or one in it, that changes what is read after the `try`, or may do so."""
        return next((t for t in walk_statements([s]) if self._changes(t)), None)

    def _changes(self, s: gast.stmt) -> bool:
        if self.read.intersection(target_names(s)):
            return True
        target = s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
        if isinstance(target, (gast.Subscript, gast.Attribute)) or isinstance(s, gast.AugAssign):
            return base_name(target) not in self.own  # type: ignore[arg-type]
        call = getattr(s, "value", None)
        if not isinstance(call, gast.Call):
            return False
        word = call.func.attr if isinstance(call.func, gast.Attribute) else getattr(call.func, "id", "")
        if word in WRITING_FUNCTIONS or any(k.arg == "out" for k in call.keywords):
            return True
        if not self.read.isdisjoint(list_written(s, self.calls)):
            return True
        return isinstance(call.func, gast.Attribute) and word in CHANGING_METHODS and base_name(call.func.value) not in self.own

    def may_raise(self, s: gast.stmt) -> bool:
        if isinstance(s, COMPOUND):
            tests = any(not is_atom(head) for head in heads(s)) or isinstance(s, (gast.For, gast.With))
            return tests or any(self.may_raise(t) for b in blocks(s) for t in b)
        if isinstance(s, gast.Assign) and is_name(s.targets[0]):
            value = s.value
            known = is_name(value) and value.id in self.bound
            return not (is_constant(value) or known or isinstance(value, gast.List) and not value.elts)
        if isinstance(s, gast.Expr) and isinstance(s.value, gast.Call) and isinstance(s.value.func, gast.Attribute):
            return s.value.func.attr != "append" or not all(map(is_atom, s.value.args))
        return not isinstance(s, (gast.Pass, gast.Break, gast.FunctionDef)) and not (
            isinstance(s, gast.Return) and is_atom(s.value))


_FRESH = (gast.BinOp, gast.UnaryOp, gast.List, gast.Dict, gast.Constant, gast.Compare)


def _is_new(s: gast.stmt) -> bool:
    """Does the statement bind its target to a new object, or update it where it is?"""
    if isinstance(s, gast.AugAssign):
        return True
    return isinstance(s, gast.Assign) and isinstance(s.value, _FRESH)
