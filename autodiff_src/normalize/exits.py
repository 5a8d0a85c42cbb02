"""Exits stand at the end of their path: what follows a branch that leaves belongs to the other branch.

    for k in range(n):              for k in range(n):
        if a: break                     if a:
        s += 1                              break
                                        else:
                                            s += 1

A `continue` then says nothing and goes. A `return` in a loop becomes a flag and a `break`; its value is computed after the
loop. Where a path falls through a branch that may also leave, a flag spares copying what follows. No exit leads out of a
`with` or a `try` in a loop: they set flags; and the handlers of a `try` that leave make an `else` of what follows it.
"""

from __future__ import annotations

import gast

from autodiff_src.program import FreshNames
from autodiff_src.syntax import (
    COMPOUND,
    LOOPS,
    assign,
    blocks,
    clone_head,
    constant,
    has_break,
    located,
    name,
    with_blocks,
)

_EXITS = (gast.Break, gast.Continue, gast.Return)
_BRANCHES = (gast.If, gast.With, gast.Try)


def structure_exits(body: list[gast.stmt], names: FreshNames) -> list[gast.stmt]:
    """The body of a function, with `break` at path ends in loops and `return` at path ends outside loops only."""
    return _place_exits(_lower_loops(body, names), names, in_loop=False)


def always_leaves(block: list[gast.stmt]) -> bool:
    if not block:
        return False
    last = block[-1]
    if isinstance(last, (*_EXITS, gast.Raise)):
        return True
    if isinstance(last, gast.Try):
        through = always_leaves(last.body) or always_leaves(last.orelse)
        return through and all(always_leaves(h.body) for h in last.handlers)
    if isinstance(last, gast.With):
        return always_leaves(last.body)
    return isinstance(last, gast.If) and always_leaves(last.body) and always_leaves(last.orelse)


def _lower_loops(block: list[gast.stmt], names: FreshNames) -> list[gast.stmt]:
    """No loop has a `return` inside or an `else` part any more."""
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, LOOPS):
            new += _lower_loop(s, names)
        elif isinstance(s, COMPOUND):
            new.append(with_blocks(s, lambda inner: _lower_loops(inner, names)))
        else:
            new.append(s)
    return new


def _lower_loop(s: gast.For | gast.While, names: FreshNames) -> list[gast.stmt]:
    loop = clone_head(s)
    returns: list[tuple[str, gast.stmt]] = []
    broke = names.fresh("broke") if s.orelse and has_break(s.body) else None

    def exit_(leaving: gast.stmt) -> list[gast.stmt]:
        if isinstance(leaving, gast.Return):
            flag = names.fresh("returned")
            returns.append((flag, leaving))
            return [assign(flag, constant(True), leaving), located(gast.Break(), leaving)]
        if isinstance(leaving, gast.Break) and broke:
            return [assign(broke, constant(True), leaving), leaving]
        return [leaving]

    loop.body = _map_exits(_lower_loops(s.body, names), exit_)
    loop.orelse = []
    flags = [flag for flag, _ in returns] + ([broke] if broke else [])
    after = [located(gast.If(name(flag), [leaving], []), leaving) for flag, leaving in returns]
    if s.orelse:
        unbroken = _lower_loops(s.orelse, names)
        after += [located(gast.If(gast.UnaryOp(gast.Not(), name(broke)), unbroken, []), s)] if broke else unbroken
    return [*(assign(flag, constant(False), s) for flag in flags), loop, *after]


def _map_exits(block: list[gast.stmt], change) -> list[gast.stmt]:
    """The block with each exit of its own loop replaced by what `change` returns."""
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, _EXITS):
            return new + change(s)
        new.append(with_blocks(s, lambda inner: _map_exits(inner, change)) if isinstance(s, _BRANCHES) else s)
    return new


def _leaves(s: gast.stmt) -> bool:
    return isinstance(s, _EXITS) or isinstance(s, _BRANCHES) and any(_leaves(t) for b in blocks(s) for t in b)


def _place_exits(block: list[gast.stmt], names: FreshNames, in_loop: bool) -> list[gast.stmt]:
    new: list[gast.stmt] = []
    for i, s in enumerate(block):
        rest = block[i + 1 :]
        if isinstance(s, gast.If):
            if rest and _leaves(s):
                return new + _leaving_if(s, rest, names, in_loop)
            new.append(_if(s, _place_exits(s.body, names, in_loop), _place_exits(s.orelse, names, in_loop)))
        elif isinstance(s, _BRANCHES):
            if _leaves(s):
                return new + _leaving_guard(s, rest, names, in_loop)
            new.append(with_blocks(s, lambda inner: _place_exits(inner, names, in_loop)))
        elif isinstance(s, LOOPS):
            loop = clone_head(s)
            loop.body = _place_exits(s.body, names, True) or [located(gast.Pass(), s)]
            new.append(loop)
        elif isinstance(s, gast.Continue):
            return new
        else:
            new.append(s)
        if always_leaves([s]):
            break
    return new


def _leaving_if(s: gast.If, rest: list[gast.stmt], names: FreshNames, in_loop: bool) -> list[gast.stmt]:
    if always_leaves(s.body):
        return [_if(s, _place_exits(s.body, names, in_loop), _place_exits(s.orelse + rest, names, in_loop))]
    if always_leaves(s.orelse):
        return [_if(s, _place_exits(s.body + rest, names, in_loop), _place_exits(s.orelse, names, in_loop))]
    return _with_flags(s, rest, names, in_loop)


def _leaving_guard(s: gast.With | gast.Try, rest: list[gast.stmt], names: FreshNames, in_loop: bool) -> list[gast.stmt]:
    """A `with` or a `try` that leaves somewhere inside, and what follows it."""
    inside_leaves = any(map(_leaves, s.body))
    if isinstance(s, gast.Try) and not inside_leaves and all(always_leaves(h.body) for h in s.handlers) and not s.finalbody:
        new = clone_head(s)
        new.orelse = s.orelse + rest
        return [with_blocks(new, lambda inner: _place_exits(inner, names, in_loop))]
    if not in_loop and always_leaves([s]) and not (inside_leaves and getattr(s, "orelse", None)):
        return [with_blocks(s, lambda inner: _place_exits(inner, names, in_loop))]
    return _with_flags(s, rest, names, in_loop)


def _with_flags(s: gast.stmt, rest: list[gast.stmt], names: FreshNames, in_loop: bool) -> list[gast.stmt]:
    flags: list[tuple[str, gast.stmt]] = []
    inner = _flag_exits(s, flags, names)
    tail = rest
    for flag, leaving in reversed(flags):
        tail = [located(gast.If(name(flag), [leaving], tail), leaving)]
    start: list[gast.stmt] = [assign(flag, constant(False), s) for flag, _ in flags]
    return start + _place_exits([inner, *tail], names, in_loop)


def _flag_exits(s: gast.stmt, flags: list[tuple[str, gast.stmt]], names: FreshNames) -> gast.stmt:
    """`s` with each exit replaced by a flag; what follows an exit in its branch runs only where no flag was set."""

    def block(body: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for i, t in enumerate(body):
            if isinstance(t, _EXITS):
                flag = names.fresh("left")
                flags.append((flag, t))
                return [*new, assign(flag, constant(True), t)]
            if not _leaves(t):
                new.append(t)
                continue
            first = len(flags)
            new.append(_flag_exits(t, flags, names))
            rest = body[i + 1 :]
            if rest:
                new.append(_unless(flags[first:], block(rest), t))
            return new
        return new

    if not isinstance(s, gast.Try) or not s.orelse or not any(map(_leaves, s.body)):
        return with_blocks(s, block)
    first = len(flags)
    new = clone_head(s)
    new.body = block(s.body)
    new.orelse = [_unless(flags[first:], s.orelse, s)]
    leaving = with_blocks(new, lambda inner: inner if inner is new.body else block(inner))
    return leaving


def _unless(flags: list[tuple[str, gast.stmt]], block: list[gast.stmt], at: gast.stmt) -> gast.stmt:
    left: list[gast.expr] = [name(flag) for flag, _ in flags]
    test = left[0] if len(left) == 1 else gast.BoolOp(gast.Or(), left)
    return located(gast.If(gast.UnaryOp(gast.Not(), test), block, []), at)


def _if(s: gast.If, body: list[gast.stmt], orelse: list[gast.stmt]) -> gast.If:
    new = clone_head(s)
    new.body, new.orelse = body or [located(gast.Pass(), s)], orelse
    return new
