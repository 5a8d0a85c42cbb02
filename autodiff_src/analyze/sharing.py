"""Which variables may share memory, where; and views that are written are written through what they are views of.

    v = a[1:]                   v = a[1:]
    v *= 2.0             ->     a[1:] *= 2.0
    return np.sum(a)            return np.sum(a)

Sharing is a relation between names at a point, not a grouping: after a swap of two buffers in a loop each name has held
both, and yet they share nothing. Where names share, one is written, and it is not told statically how they share, the
program is refused.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Called, Cut, Info, ListMethod, Opaque, Primitive, arguments_read
from autodiff_src.analyze.dataflow import Backward, Forward
from autodiff_src.analyze.kinds import UNKNOWN, Array, Dict, Int, Kind, List, Tuple, Unknown, is_immutable_number
from autodiff_src.analyze.operands import written_in_place
from autodiff_src.syntax import (
    assign,
    base_name,
    blocks,
    captured,
    clone,
    is_name,
    name,
    names_read,
    remembered,
    substitute,
    target_names,
    walk,
    walk_statements,
)

Pair = frozenset[str]
Pairs = frozenset[Pair]
Writes = Callable[[gast.stmt], Iterable[str]]
Facts = tuple[tuple[str, str, gast.expr], ...]

VIEWING = frozenset(map(id, [
    np.reshape, np.ravel, np.transpose, np.squeeze, np.expand_dims, np.swapaxes, np.moveaxis, np.asarray, np.asanyarray,
    np.ascontiguousarray, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.broadcast_to, np.split, np.array_split,
    np.flip, np.fliplr, np.flipud, np.diagonal, np.diag, np.real, np.ndarray.reshape, np.ndarray.transpose,
    np.ndarray.ravel, np.ndarray.squeeze, np.ndarray.swapaxes, np.ndarray.diagonal, np.ndarray.astype, np.array,
    np.ndarray.view, np.nan_to_num, np.rollaxis, np.hsplit, np.vsplit, np.broadcast_arrays, np.require]))
_COPYING = frozenset(map(id, [np.ndarray.astype, np.array, np.nan_to_num]))
_SHARING_ATTRIBUTES = frozenset({"T", "real", "imag", "flat", "base"})


class Memory:
    """What the operations of one function share; `kinds` by variable, `calls` by a statement's id."""

    def __init__(self, kinds: dict[str, Kind], calls: dict[int, Info]):
        self.kinds, self.calls = kinds, calls

    def mutable(self, variable: str) -> bool:
        return _mutable(self.kinds.get(variable, UNKNOWN))

    def sources(self, s: gast.stmt) -> list[str]:
        """Variables whose memory the value that an assignment binds may share."""
        value = s.value  # type: ignore[attr-defined]
        return [n for n in self._sources(s, value) if self.mutable(n)]

    def _sources(self, s: gast.stmt, value: gast.expr) -> Iterable[str]:
        if isinstance(value, (gast.Name, gast.Tuple, gast.List, gast.Dict)):
            return names_read(value)
        if isinstance(value, gast.Subscript):
            base = names_read(value.value)
            kinds = [self.kinds.get(b, UNKNOWN) for b in base]
            fresh = all(isinstance(k, Array) for k in kinds) and not self.is_basic(value.slice)
            return [] if fresh else base
        if isinstance(value, gast.Attribute):
            return names_read(value) if value.attr in _SHARING_ATTRIBUTES else []
        if isinstance(value, gast.BinOp):
            return [n for n in names_read(value) if isinstance(self.kinds.get(n, UNKNOWN), (List, Tuple))]
        if isinstance(value, gast.Call):
            return self._sources_of_call(s, value)
        return []

    def _sources_of_call(self, s: gast.stmt, call: gast.Call) -> Iterable[str]:
        info = self.calls.get(id(s))
        if isinstance(info, Primitive):
            function = info.rule.primitive
            copies = id(function) in _COPYING and not any(k.arg in ("copy", "subok", "order") for k in info.keywords)
            shares = not copies and (id(function) in VIEWING or not _is_numpy(function))
            return [n for a in info.arguments for n in names_read(a) if n in self.kinds] if shares else []
        if isinstance(info, Called):
            pairs = zip(info.callee.parameters, info.arguments, strict=True)
            return [n for p, a in pairs if p in info.callee.shared for n in names_read(a)]
        if isinstance(info, ListMethod) and info.method == "pop":
            return names_read(call.func)
        if isinstance(info, Opaque):
            return names_read(call)
        assert info is None or isinstance(info, (Cut, ListMethod))
        return []

    def changed_with(self, s: gast.stmt, written: str, sharers: set[str]) -> set[str]:
        """Of the variables that share memory with `written`, those whose value changes where `s` writes into it: a change
        of a container's own items leaves the arrays in it as they are."""
        target = s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else None
        items = isinstance(self.kinds.get(written, UNKNOWN), (List, Dict)) and (
            isinstance(self.calls.get(id(s)), ListMethod)
            or isinstance(target, gast.Subscript) and is_name(target.value)
        )
        return {n for n in sharers if not (items and isinstance(self.kinds.get(n, UNKNOWN), Array))}

    def is_basic(self, index: gast.expr) -> bool:
        """Does the index select a view (or one element), not a copy?"""
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        return all(self._is_basic_part(p) for p in parts)

    def _is_basic_part(self, part: gast.expr) -> bool:
        if isinstance(part, (gast.Slice, gast.Constant)):
            return True
        return self.index_kind(part) == "int"

    def index_kind(self, part: gast.expr) -> str:
        """'int' or 'other': what one part of an index is."""
        if isinstance(part, gast.Name):
            return "int" if isinstance(self.kinds.get(part.id, UNKNOWN), Int) else "other"
        if isinstance(part, gast.UnaryOp) and not isinstance(part.op, gast.Not):
            return self.index_kind(part.operand)
        if isinstance(part, gast.BinOp):
            both = {self.index_kind(part.left), self.index_kind(part.right)}
            return "int" if both == {"int"} else "other"
        if isinstance(part, gast.Constant):
            return "int" if type(part.value) is int else "other"
        if isinstance(part, gast.Call) and is_name(part.func) and part.func.id in ("len", "int"):
            return "int"
        if isinstance(part, gast.Subscript) and isinstance(part.value, gast.Attribute) and part.value.attr == "shape":
            return "int"
        return "int" if isinstance(part, gast.Attribute) and part.attr in ("size", "ndim") else "other"


def _mutable(kind: Kind) -> bool:
    if isinstance(kind, Tuple):
        return kind.items is None or any(map(_mutable, kind.items))
    return isinstance(kind, (Array, List, Dict, Unknown)) and not is_immutable_number(kind)


def _is_numpy(function: object) -> bool:
    return isinstance(function, np.ufunc) or (getattr(function, "__module__", None) or "").split(".")[0] in (
        "numpy", "math", "operator", "_operator", "builtins") or getattr(function, "__objclass__", None) is np.ndarray


class Sharing(Forward[Pairs]):
    """`before[id(s)]`: pairs of variables that may share memory there. `ever`: whom a variable shares with anywhere."""

    def __init__(self, memory: Memory):
        super().__init__()
        self.memory = memory
        self.ever: dict[str, set[str]] = {}

    def join(self, a: Pairs, b: Pairs) -> Pairs:
        return a | b

    def sharers(self, s: gast.stmt, variable: str) -> set[str]:
        return {n for pair in self.before.get(id(s)) or () if variable in pair for n in pair if n != variable}

    def ever_written(self, body: list[gast.stmt], writes: Writes) -> set[str]:
        """Variables of which the memory is written into, under whatever name. `writes`: what a statement's call writes."""
        found: set[str] = set()
        for s in walk_statements(body):
            base = written_in_place(s, self.memory.kinds)
            for w in [*([base] if base else []), *writes(s)]:
                found |= {w, *self.memory.changed_with(s, w, self.ever.get(w, set()))}
        return found

    def step(self, s: gast.stmt, state: Pairs) -> Pairs:
        if isinstance(s, gast.Expr):
            info = self.memory.calls.get(id(s))
            if isinstance(info, ListMethod) and info.method == "append":
                receivers = names_read(s.value.func)
                kept = [n for a in s.value.args for n in names_read(a) if self.memory.mutable(n)]
                return self._add(state, [(r, k) for r in receivers for k in kept])
            return state
        if not isinstance(s, gast.Assign):
            return state
        target = s.targets[0]
        if isinstance(target, gast.Subscript):
            base = base_name(target)
            holds = base is not None and not isinstance(self.memory.kinds.get(base, UNKNOWN), Array)
            kept = [n for n in names_read(s.value) if self.memory.mutable(n)] if holds else []
            return self._add(state, [(base, k) for k in kept])  # type: ignore[misc]
        if isinstance(target, gast.Tuple) and isinstance(s.value, gast.Tuple):
            return self._move(state, {t.id: v for t, v in zip(target.elts, s.value.elts, strict=True)})
        sources = self.memory.sources(s)
        old = state
        for n in target_names(s):
            state = frozenset(p for p in state if n not in p)
        for n in target_names(s):
            if self.memory.mutable(n):
                near = {m for src in sources for m in [src, *_sharing_with(old, src)]} - set(target_names(s))
                state = self._add(state, [(n, m) for m in near])
        return state

    def _add(self, state: Pairs, pairs: Iterable[tuple[str, str]]) -> Pairs:
        """Pairs added, with what each side shares already."""
        near: dict[str, set[str]] = {}
        for n, m in state:
            near.setdefault(n, {n}).add(m)
            near.setdefault(m, {m}).add(n)
        added = {(x, y) for a, b in pairs for x in near.get(a, {a}) for y in near.get(b, {b}) if x != y}
        for x, y in added:
            self.ever.setdefault(x, set()).add(y)
            self.ever.setdefault(y, set()).add(x)
        return state.union(map(frozenset, added))

    def _move(self, state: Pairs, moves: dict[str, gast.expr]) -> Pairs:
        kept = frozenset(p for p in state if not p & set(moves))
        pairs = []
        for t, v in moves.items():
            if not isinstance(v, gast.Name) or not self.memory.mutable(t):
                continue
            pairs += [(t, m) for m in _sharing_with(state, v.id) if m not in moves]
            if v.id not in moves:
                pairs.append((t, v.id))
            for t2, v2 in moves.items():
                if t2 != t and isinstance(v2, gast.Name) and (v2.id == v.id or frozenset((v.id, v2.id)) in state):
                    pairs.append((t, t2))
        new = set(kept)
        for a, b in pairs:
            new.add(frozenset((a, b)))
            self.ever.setdefault(a, set()).add(b)
            self.ever.setdefault(b, set()).add(a)
        return frozenset(new)


def _sharing_with(state: Pairs, variable: str) -> list[str]:
    return [n for p in state if variable in p for n in p if n != variable]


class Live(Backward[frozenset]):
    """Variables read later, by a statement's id; what a nested function captures may be read by any call."""

    def __init__(self, at_exit: frozenset, calls: dict[int, Info] | None = None,
                 reads: Callable[[gast.stmt], set[str]] = names_read):
        super().__init__(at_exit)
        self.reads = remembered(lambda s: reads(s) | arguments_read(s, calls or {})) if calls else remembered(reads)
        self.targets = remembered(lambda s: frozenset(target_names(s)) - self.captured)
        self.captured: frozenset = frozenset()

    def run(self, block: list[gast.stmt]) -> Any:
        nested = [captured(s) for s in walk_statements(block) if isinstance(s, gast.FunctionDef)]
        self.captured = frozenset().union(*nested)
        self.at_exit |= self.captured
        return super().run(block)

    def join(self, a: frozenset, b: frozenset) -> frozenset:
        return a | b

    def nothing(self) -> frozenset:
        return frozenset()

    def test(self, s: gast.stmt, state: frozenset) -> frozenset:
        return state | names_read(s.iter if isinstance(s, gast.For) else s.test)  # type: ignore[attr-defined]

    def bind(self, s: gast.For, state: frozenset) -> frozenset:
        return state - self.targets(s)

    def step(self, s: gast.stmt, state: frozenset) -> frozenset:
        if isinstance(s, gast.AugAssign):
            return state | self.reads(s) | self.targets(s)
        return (state - self.targets(s)) | self.reads(s)


class _Views(Forward[Facts]):
    """What each variable is certainly a view of: `v` is `a[1:]`."""

    def __init__(self, memory: Memory):
        super().__init__()
        self.memory = memory

    def join(self, a: Facts, b: Facts) -> Facts:
        other = {(n, text) for n, text, _ in b}
        return tuple(f for f in a if f[:2] in other)

    def meet(self, a: Facts | None, b: Facts | None) -> Facts | None:
        if a is None or b is None:
            return b if a is None else a
        return a if [f[:2] for f in a] == [f[:2] for f in b] else self.join(a, b)

    def bind(self, s: gast.For, state: Facts) -> Facts:
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
            new += ((target.id, _text(view), view),)
        return new

    def _view(self, value: gast.expr) -> gast.expr | None:
        base = base_name(value)
        if base is None or not isinstance(self.memory.kinds.get(base), Array):
            return None
        if isinstance(value, gast.Name):
            return value
        if isinstance(value, gast.Attribute):
            return value if value.attr == "T" else None
        return value if isinstance(value, gast.Subscript) and self.memory.is_basic(value.slice) else None

    def _moved(self, state: Facts, moves: dict[str, gast.expr]) -> Facts:
        now = {v.id: name(t) for t, v in moves.items() if isinstance(v, gast.Name)}
        lost = set(moves) - set(now)
        new = []
        for n, _, view in state:
            reads = names_read(view)
            if n in moves and n not in now or reads & lost:
                continue
            view = substitute(view, {r: now[r] for r in reads if r in now})
            new.append((now[n].id if n in now else n, _text(view), view))
        return tuple(new)


def _text(node: gast.AST) -> str:
    return gast.dump(node)


def _without(state: Facts, names: list[str]) -> Facts:
    return tuple(f for f in state if f[0] not in names and not names_read(f[2]) & set(names))


class WrittenViews:
    """Rewrites a body so that memory is written, and read afterwards, through one name."""

    def __init__(self, memory: Memory, writes: Writes, new_name: Callable[[str, Kind], str],
                 kind_of_view: Callable[[gast.expr], Kind]):
        self.memory, self.writes, self.new_name, self.kind_of_view = memory, writes, new_name, kind_of_view

    def rewrite(self, body: list[gast.stmt], sharing: Sharing, live: Live, kept: set[str]) -> list[gast.stmt]:
        """`kept` are names that the outside reads."""
        self.views = _Views(self.memory)
        self.views.run(body, ())
        self.names = {n for _, names in conflicts(body, self.memory, self.writes, sharing, live) for n in names}
        if not self.names:
            return body
        body = self._block(body)
        while True:
            read = names_read(list(body)) | kept
            left = self._without_unread(body, read)
            if sum(1 for _ in walk_statements(left)) == sum(1 for _ in walk_statements(body)):
                return left
            body = left

    def _without_unread(self, block: list[gast.stmt], read: set[str]) -> list[gast.stmt]:
        """The block without definitions of views by whose name nobody reads any more."""
        new = []
        for s in block:
            if blocks(s):
                s.body, s.orelse = self._without_unread(s.body, read), self._without_unread(s.orelse, read)  # type: ignore[attr-defined]
                s.body = s.body or [gast.Pass()]  # type: ignore[attr-defined]
            elif isinstance(s, gast.Assign) and self._defines_view(s) and s.targets[0].id not in read:
                continue
            new.append(s)
        return new

    def _block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for s in block:
            if blocks(s):
                self._head(s)
                s.body, s.orelse = self._block(s.body), self._block(s.orelse)  # type: ignore[attr-defined]
                new.append(s)
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
        facts = {n: view for n, _, view in known if n in self.names}
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
        """A view passed to a function that writes into it is passed as what it is a view of."""
        info = self.memory.calls.get(id(s))
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


def conflicts(body: list[gast.stmt], memory: Memory, writes: Writes, sharing: Sharing,
              live: Live) -> list[tuple[gast.stmt, set[str]]]:
    """Statements that write memory which goes by another name, read later, too; with all the names involved."""
    found = []
    for s in walk_statements(body):
        written = written_in_place(s, memory.kinds)
        for w in [*([written] if written else []), *writes(s)]:
            others = memory.changed_with(s, w, sharing.sharers(s, w))
            if others & (live.after.get(id(s)) or set()):
                found.append((s, {w, *others}))
    return found

