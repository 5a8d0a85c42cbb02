"""Splits a `try` that may be left in the middle with something changed that is read afterwards into several.

    try:                               failed = 0
        y = f(y)                       try:
        y = y * g(y)                       y = f(y)
    except ValueError:      ->         except ValueError:
        y = y * 0.5                        failed = 1
                                       else:
                                           try:
                                               y = y * g(y)
                                           except ValueError:
                                               failed = 1
                                       if failed == 1:
                                           y = y * 0.5

Each of them runs to its end or changes nothing.
"""
from __future__ import annotations

from dataclasses import replace

import gast

from autodiff_src.analyze.whole_tries import Handlers, TriedBlock
from autodiff_src.program import FreshNames, Program
from autodiff_src.syntax import (
    COMPOUND,
    LOOPS,
    assign,
    blocks,
    clone,
    clone_head,
    constant,
    expression,
    has_break,
    is_atom,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    walk_statements,
)

_MOST_PARTS = 25  # one stands in the `else` of another


def with_split_tries(program: Program) -> Program:
    """The program in core form with such a `try` split, where nothing in a handler asks for the exception itself."""
    function = program.function
    if not any(isinstance(s, gast.Try) and s.handlers for s in walk_statements(function.body)):
        return program
    taken = names_read(function.body) | names_stored(function.body) | set(parameter_names(function.args))
    new = clone_head(function)
    new.body = _Splitting(function.body, FreshNames(taken)).block(function.body, False)
    return replace(program, function=new)


class _Splitting:
    def __init__(self, body: list[gast.stmt], names: FreshNames):
        self.handlers, self.names = Handlers(body), names

    def block(self, block: list[gast.stmt], in_loop: bool) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for s in block:
            for inner in blocks(s):  # in place: what is known of a statement goes by its identity
                inner[:] = self.block(inner, in_loop or isinstance(s, LOOPS))
            new += self._of_try(s, in_loop) if isinstance(s, gast.Try) and s.handlers else [s]
        return new

    def _of_try(self, s: gast.Try, in_loop: bool) -> list[gast.stmt]:
        tried = TriedBlock(s.body, self.handlers.read(s, in_loop), {})
        if tried.not_whole(s.body) is None or not all(map(_goes_on_alike, s.handlers)):
            return [s]
        failed, body, end = self.names.fresh("failed"), s.body, s.orelse
        if isinstance(body[-1], gast.Return) and len(body) > 1:
            body, end = body[:-1], body[-1:]
        leaves = has_break(end) or _has_return(end)
        split = _Split(s, tried, failed, self.names).chain(body, [] if leaves else end)
        if split is None or _has_return(split):
            return [s]
        after: list[gast.stmt] = end if leaves else [located(gast.Pass(), s)]  # exits stand at the end of their path
        for k, h in reversed([*enumerate(s.handlers, 1)]):
            after = [located(gast.If(expression(f"{failed} == {k}"), h.body, after), h)]
        return [assign(failed, constant(0), s), *split, *after]


class _Split:
    """Writes the block of one `try` as several, the handlers of which say in the variable `failed` which they are."""

    def __init__(self, s: gast.Try, tried: TriedBlock, failed: str, names: FreshNames):
        self.s, self.tried, self.failed, self.names, self.parts = s, tried, failed, names, 0

    def chain(self, block: list[gast.stmt], behind: list[gast.stmt]) -> list[gast.stmt] | None:
        """The block, and what runs behind it if none of it raises; None where it does not split."""
        if not block:
            return behind
        whole = self._whole(block)
        self.parts += 1
        rest = self.chain(block[whole or 1:], behind) if self.parts <= _MOST_PARTS else None
        if rest is None:
            return None
        if whole:
            return [self._attempt(block[:whole], rest)]
        apart = self._apart(block[0])
        if apart is None or not rest:
            return apart
        return [*apart, located(gast.If(expression(f"{self.failed} == 0"), rest, [gast.Pass()]), block[0])]

    def _whole(self, block: list[gast.stmt]) -> int:
        """How many statements at the beginning run to their end, or change nothing."""
        changed = False
        for n, s in enumerate(block):
            partly = isinstance(s, COMPOUND) and self.tried.not_whole([s]) is not None
            if partly or changed and self.tried.may_raise(s):
                return n
            changed = changed or self.tried.change(s) is not None
        return len(block)

    def _attempt(self, part: list[gast.stmt], behind: list[gast.stmt]) -> gast.stmt:
        return located(gast.Try(part, self._notes(), behind, []), self.s)

    def _notes(self) -> list[gast.ExceptHandler]:
        return [gast.ExceptHandler(clone(h.type), None, [assign(self.failed, constant(k), self.s)])
                for k, h in enumerate(self.s.handlers, 1)]

    def _apart(self, s: gast.stmt) -> list[gast.stmt] | None:
        """A branch, a loop that is not left early, or a `try` in this one, with its blocks split."""
        if isinstance(s, gast.Try):
            return self._inner(s)
        parts = [self.chain(b, []) for b in blocks(s)]
        if None in parts or not isinstance(s, (gast.If, gast.For)) or has_break(s.body):
            return None
        new = clone_head(s)
        new.body, new.orelse = parts
        if isinstance(s, gast.For):
            if any(not is_atom(bound) for bound in s.iter.args):  # type: ignore[attr-defined]
                return None
            new.body = [*new.body, located(gast.If(expression(f"{self.failed} != 0"), [gast.Break()], [gast.Pass()]), s)]
            return [new]
        if is_atom(s.test):
            return [new]
        test = self.names.fresh("chosen")
        new.test = name(test)
        return [self._attempt([assign(test, s.test, s)], [new])]

    def _inner(self, s: gast.Try) -> list[gast.stmt] | None:
        """What the inner `try` does not handle is for the outer one."""
        handled, behind = [self.chain(h.body, []) for h in s.handlers], self.chain(s.orelse, [])
        if not s.handlers or None in handled or behind is None or self.tried.not_whole(s.body) is not None:
            return None
        inner = [gast.ExceptHandler(h.type, h.name, b) for h, b in zip(s.handlers, handled, strict=True)]
        return [located(gast.Try(s.body, [*inner, *self._notes()], behind, []), s)]


def _has_return(block: list[gast.stmt]) -> bool:
    return any(isinstance(t, gast.Return) for t in walk_statements(block))


def _goes_on_alike(handler: gast.ExceptHandler) -> bool:
    """Does the block of a handler do the same outside the handler?"""
    held = {handler.name.id} if handler.name is not None else set()
    if names_read(handler.body) & (held | _OF_EXCEPTIONS) or handler.type is None:
        return False
    nodes = [n for s in handler.body for n in gast.walk(s)]
    return not any(isinstance(n, gast.Raise) or isinstance(n, gast.Attribute) and n.attr in _OF_EXCEPTIONS for n in nodes)


_OF_EXCEPTIONS = frozenset(["exc_info", "exception", "print_exc", "format_exc", "print_exception", "traceback"])
