"""Views that are written are written through what they are views of.

    v = a[1:]                   v = a[1:]
    v *= 2.0             ->     a[1:] *= 2.0
    return np.sum(a)            return np.sum(a)
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import gast

from autodiff_src.analyze.calls import Called, Opaque
from autodiff_src.analyze.dataflow import Forward
from autodiff_src.analyze.kinds import Array, Kind
from autodiff_src.analyze.sharing import Live, Memory, Sharing, Writes, conflicts
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    base_name,
    clone,
    is_name,
    name,
    names_read,
    reads_elements,
    substitute,
    target_names,
    walk,
    walk_statements,
    with_blocks,
)


class Fact(NamedTuple):
    """`variable` is a view, with the text of its expression and the names that this reads."""
    variable: str
    text: str
    view: gast.expr
    reads: set[str]


Facts = tuple[Fact, ...]


class _Views(Forward[Facts]):
    """What each variable is certainly a view of: `v` is `a[1:]`."""

    def __init__(self, memory: Memory):
        super().__init__()
        self.memory = memory

    def join(self, a: Facts, b: Facts) -> Facts:
        other = {f[:2] for f in b}
        return tuple(f for f in a if f[:2] in other)

    def meet(self, a: Facts | None, b: Facts | None) -> Facts | None:
        if a is None or b is None:
            return b if a is None else a
        return a if [f[:2] for f in a] == [f[:2] for f in b] else self.join(a, b)

    def bind(self, s: gast.For | gast.With, state: Facts) -> Facts:
        return _without(state, target_names(s))

    def step(self, s: gast.stmt, state: Facts) -> Facts:
        if not isinstance(s, gast.Assign) or isinstance(s.targets[0], gast.Subscript):
            return state
        target = s.targets[0]
        if isinstance(target, gast.Tuple) and isinstance(s.value, gast.Tuple):
            return self._moved(state, {t.id: v for t, v in zip(target.elts, s.value.elts, strict=True)})
        new = _without(state, target_names(s))
        view = self._view(s.value)
        if isinstance(target, gast.Name) and view is not None and target.id not in names_read(view) and isinstance(
                self.memory.kinds.get(target.id), Array):
            new += (_fact(target.id, view),)
        return new

    def _view(self, value: gast.expr) -> gast.expr | None:
        base = base_name(value)
        if base is None or not isinstance(self.memory.kinds.get(base), Array):
            return None
        if isinstance(value, gast.Name):
            return value
        if isinstance(value, gast.Attribute):
            return value if value.attr == "T" else None
        if not isinstance(value, gast.Subscript) or not self.memory.is_basic(value.slice):
            return None
        changing = [n for n in names_read(value.slice) if self.memory.mutable(n) and reads_elements(value.slice, n)]
        return None if changing else value

    def _moved(self, state: Facts, moves: dict[str, gast.expr]) -> Facts:
        now = {v.id: name(t) for t, v in moves.items() if isinstance(v, gast.Name)}
        lost = set(moves) - set(now)
        new = []
        for n, _, view, reads in state:
            if n in moves and n not in now or reads & lost:
                continue
            view = substitute(view, {r: now[r] for r in reads if r in now})
            new.append(_fact(now[n].id if n in now else n, view))
        return tuple(new)


def _fact(variable: str, view: gast.expr) -> Fact:
    return Fact(variable, gast.dump(view), view, names_read(view))


def _without(state: Facts, names: list[str]) -> Facts:
    return tuple(f for f in state if f.variable not in names and f.reads.isdisjoint(names)) if names else state


class WrittenViews:
    """Rewrites a body so that memory is written, and read afterwards, through one name."""

    def __init__(self, memory: Memory, writes: Writes, new_name: Callable[[str, Kind], str],
                 kind_of_view: Callable[[gast.expr], Kind]):
        self.memory, self.writes, self.new_name, self.kind_of_view = memory, writes, new_name, kind_of_view

    def rewrite(self, body: list[gast.stmt], sharing: Sharing, live: Live, kept: set[str]) -> list[gast.stmt]:
        """`kept` are names that the outside reads."""
        self.names = {n for _, names in conflicts(body, self.memory, self.writes, sharing, live) for n in names}
        if not self.names:
            return body
        self.views = _Views(self.memory)
        self.views.run(body, ())
        body = self._block(body)
        while True:
            updated = {s.target.id for s in walk_statements(body) if isinstance(s, gast.AugAssign) and is_name(s.target)}
            read = names_read(list(body)) | updated | kept
            left = self._without_unread(body, read)
            if sum(1 for _ in walk_statements(left)) == sum(1 for _ in walk_statements(body)):
                return left
            body = left

    def _without_unread(self, block: list[gast.stmt], read: set[str]) -> list[gast.stmt]:
        """The block without definitions of views by whose name nobody reads any more."""
        new = []
        for s in block:
            if isinstance(s, COMPOUND):
                s = with_blocks(s, lambda inner: self._without_unread(inner, read))
            elif isinstance(s, gast.Assign) and self._defines_view(s) and s.targets[0].id not in read:
                continue
            new.append(s)
        return new

    def _block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for s in block:
            if isinstance(s, COMPOUND):
                self._head(s)
                new.append(with_blocks(s, self._block))
            else:
                new += self._statement(s)
        return new

    def _head(self, s: gast.stmt) -> None:
        """Reads in a test or in a loop's head."""
        if isinstance(s, gast.For):
            s.iter = substitute(s.iter, self._known(s))
        elif isinstance(s, gast.While):
            s.test = substitute(s.test, self._resolved(self.views.head.get(id(s)) or ()))
        elif isinstance(s, gast.If):
            s.test = substitute(s.test, self._known(s))

    def _known(self, s: gast.stmt) -> dict[str, gast.expr]:
        return self._resolved(self.views.before.get(id(s)) or ())

    def _resolved(self, known: Facts) -> dict[str, gast.expr]:
        facts = {f.variable: f.view for f in known if f.variable in self.names}
        for _ in facts:
            facts = {n: substitute(v, {m: facts[m] for m in names_read(v) if m in facts}) for n, v in facts.items()}
        return facts

    def _statement(self, s: gast.stmt) -> list[gast.stmt]:
        facts = self._known(s)
        if isinstance(s, gast.AugAssign) and is_name(s.target) and s.target.id in facts:
            s.target = _as_target(facts[s.target.id])
        elif isinstance(s, (gast.Assign, gast.AugAssign)):
            target = s.targets[0] if isinstance(s, gast.Assign) else s.target
            base = base_name(target)
            if isinstance(target, gast.Subscript) and base in facts:
                changed = substitute(target, {base: facts[base]})
                if isinstance(s, gast.Assign):
                    s.targets = [changed]
                else:
                    s.target = changed
        if isinstance(s, gast.Assign) and not isinstance(s.targets[0], gast.Subscript) and (
                isinstance(s.value, gast.Tuple) or self._defines_view(s)):
            return [s]
        self._pass_views(s, facts)
        return self._with_reads(s, facts)

    def _defines_view(self, s: gast.Assign) -> bool:
        """Is this where a rewritten view gets its name? Nobody reads it by that name afterwards."""
        return is_name(s.targets[0]) and s.targets[0].id in self.names and self.views._view(s.value) is not None

    def _read_now(self, wanted: str, view: gast.expr, s: gast.stmt, before: list[gast.stmt]) -> gast.expr:
        """A temporary for a view, and one for each view that it is a view of."""
        step = clone(view)
        if not is_name(step.value):
            step.value = self._read_now(wanted, step.value, s, before)
        part = self.new_name(wanted, self.kind_of_view(step))
        before.append(assign(part, step, s))
        return name(part)

    def _pass_views(self, s: gast.stmt, facts: dict[str, gast.expr]) -> None:
        """A view passed to a function that writes into it is passed as what it is a view of; what a function that is not known
        may write into is that, too."""
        info = self.memory.calls.get(id(s))
        if isinstance(info, Opaque):
            writes = (base_name(facts[w]) if w in facts else w for w in info.writes)
            self.memory.calls[id(s)] = replace(info, writes=tuple(w for w in writes if w is not None))
        if not isinstance(info, Called):
            return
        written = {a.id for p, a in zip(info.callee.parameters, info.arguments, strict=True)
                   if p in info.callee.written and isinstance(a, gast.Name) and a.id in facts}
        if written:
            holes = {n: facts[n] for n in written}
            arguments = tuple(substitute(a, holes) for a in info.arguments)
            self.memory.calls[id(s)] = Called(info.callee, arguments)
            s.value = substitute(s.value, holes)  # type: ignore[attr-defined]

    def _with_reads(self, s: gast.stmt, facts: dict[str, gast.expr]) -> list[gast.stmt]:
        """Reads of a view become reads of what it is a view of, through a temporary."""
        before: list[gast.stmt] = []
        value = getattr(s, "value", None)
        if value is None:
            return [s]
        used = [n for n in names_read(value) if n in facts]
        for n in used:
            view = facts[n]
            if is_name(view):
                replaced: gast.expr = clone(view)
            else:
                replaced = self._read_now(f"{n}_now", view, s, before)
            for node in walk(value):
                if is_name(node, n):
                    node.id = replaced.id  # type: ignore[attr-defined]
        return [*before, s]


def _as_target(view: gast.expr) -> gast.expr:
    new = clone(view)
    if isinstance(new, gast.Attribute):
        new = gast.Subscript(new, gast.Constant(..., None), gast.Store())
    new.ctx = gast.Store()
    return new
