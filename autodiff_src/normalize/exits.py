"""Exits stand at the end of their path: what follows a branch that leaves belongs to the other branch.

    for k in range(n):              for k in range(n):
        if a: break                     if a:
        s += 1                              break
                                        else:
                                            s += 1

A `continue` then says nothing and goes. A `return` in a loop becomes a flag and a `break`; its value is computed after the
loop. Where a path falls through a branch that may also leave, a flag spares copying what follows.
"""

from __future__ import annotations

import gast

from autodiff_src.program import FreshNames
from autodiff_src.syntax import LOOPS, assign, clone_head, constant, has_break, located, name

_EXITS = (gast.Break, gast.Continue, gast.Return)


def structure_exits(body: list[gast.stmt], names: FreshNames) -> list[gast.stmt]:
    """The body of a function, with `break` at path ends in loops and `return` at path ends outside loops only."""
    return _place_exits(_lower_loops(body, names), names, in_loop=False)


def always_leaves(block: list[gast.stmt]) -> bool:
    if not block:
        return False
    last = block[-1]
    if isinstance(last, (*_EXITS, gast.Raise)):
        return True
    return isinstance(last, gast.If) and always_leaves(last.body) and always_leaves(last.orelse)


def _lower_loops(block: list[gast.stmt], names: FreshNames) -> list[gast.stmt]:
    """No loop has a `return` inside or an `else` part any more."""
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, gast.If):
            new.append(_if(s, _lower_loops(s.body, names), _lower_loops(s.orelse, names)))
        elif isinstance(s, LOOPS):
            new += _lower_loop(s, names)
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
        new.append(_if(s, _map_exits(s.body, change), _map_exits(s.orelse, change)) if isinstance(s, gast.If) else s)
    return new


def _leaves(s: gast.stmt) -> bool:
    return isinstance(s, _EXITS) or isinstance(s, gast.If) and any(map(_leaves, s.body + s.orelse))


def _place_exits(block: list[gast.stmt], names: FreshNames, in_loop: bool) -> list[gast.stmt]:
    new: list[gast.stmt] = []
    for i, s in enumerate(block):
        rest = block[i + 1 :]
        if isinstance(s, gast.If):
            if rest and _leaves(s):
                return new + _leaving_if(s, rest, names, in_loop)
            new.append(_if(s, _place_exits(s.body, names, in_loop), _place_exits(s.orelse, names, in_loop)))
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
    flags: list[tuple[str, gast.stmt]] = []
    inner = _flag_exits(s, flags, names)
    tail = rest
    for flag, leaving in reversed(flags):
        tail = [located(gast.If(name(flag), [leaving], tail), leaving)]
    start: list[gast.stmt] = [assign(flag, constant(False), s) for flag, _ in flags]
    return start + _place_exits([inner, *tail], names, in_loop)


def _flag_exits(s: gast.If, flags: list[tuple[str, gast.stmt]], names: FreshNames) -> gast.If:
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
                left = [name(flag) for flag, _ in flags[first:]]
                test = left[0] if len(left) == 1 else gast.BoolOp(gast.Or(), left)
                new.append(located(gast.If(gast.UnaryOp(gast.Not(), test), block(rest), []), t))
            return new
        return new

    return _if(s, block(s.body), block(s.orelse))


def _if(s: gast.If, body: list[gast.stmt], orelse: list[gast.stmt]) -> gast.If:
    new = clone_head(s)
    new.body, new.orelse = body or [located(gast.Pass(), s)], orelse
    return new
