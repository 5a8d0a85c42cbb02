"""To-be-recorded analysis: which values the backward pass reads that are overwritten in between, and where they are kept.

A need is a variable that some backward statement reads, by value or for its shape only. Where a needed variable is
overwritten it is pushed in front of the overwriting statement; one that lives in a single trip of a loop is pushed at the
end of the block that it lives in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import gast

from autodiff_src.analyze.dataflow import Forward
from autodiff_src.analyze.kinds import UNKNOWN, Array, Kind
from autodiff_src.analyze.name_sets import Names, NameSet
from autodiff_src.syntax import LOOPS, SHAPE_ATTRIBUTES, blocks, children, is_name, names_read, target_names

# By a variable: whether its value is needed or its shape only, and the id of the statement whose backward text reads it.
Needs = dict[str, frozenset[tuple[bool, int]]]


@dataclass
class Reads:
    """What the backward text of one statement reads: variables by value, for their shape only; its own result or not."""

    values: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)


@dataclass
class Pushes:
    """Where values are kept. `before`: (statement's id, variable) pushed in front of it; `contents`: (statement's id,
    array) of which what the statement overwrites is pushed; `at_end`: (block's id, variable); `clashes`: (id of the
    needing statement, variable) whose memory is overwritten under another name or may not be restored."""

    before: set[tuple[int, str]] = field(default_factory=set)
    contents: set[tuple[int, str]] = field(default_factory=set)
    at_end: set[tuple[int, str]] = field(default_factory=set)
    clashes: set[tuple[int, str]] = field(default_factory=set)

    @cached_property
    def places(self) -> set[int]:
        """The ids of statements and blocks at which something is pushed, once all is found."""
        return {key for key, _ in (*self.before, *self.contents, *self.at_end)}


class Blocks:
    """Where statements and variables live. A block is known by its list's id; `loop` is the one around a statement."""

    def __init__(self, body: list[gast.stmt]):
        self.body = body
        self.paths: dict[int, tuple[int, ...]] = {}
        self.depth: dict[int, int] = {}
        self.of: dict[int, list[gast.stmt]] = {}
        self.loop: dict[int, gast.stmt | None] = {}
        self._walk(body, (), None, 0)
        self.homes: dict[str, tuple[int, ...]] = {}

    def _walk(self, block: list[gast.stmt], path: tuple[int, ...], loop: gast.stmt | None, depth: int) -> None:
        path = (*path, id(block))
        self.depth[id(block)] = depth
        self.of[id(block)] = block
        for s in block:
            self.paths[id(s)], self.loop[id(s)] = path, loop
            for inner in blocks(s):
                self._walk(inner, path, s if isinstance(s, LOOPS) else loop, depth + isinstance(s, LOOPS))

    def touch(self, variable: str, s: gast.stmt) -> None:
        """The variable is bound or read at `s`, forwards or backwards."""
        path = self.paths[id(s)]
        home = self.homes.get(variable, path)
        common = 0
        while common < min(len(home), len(path)) and home[common] == path[common]:
            common += 1
        self.homes[variable] = home[:common]

    def home(self, variable: str) -> int:
        path = self.homes.get(variable)
        return path[-1] if path else id(self.body)

    def depth_of(self, s: gast.stmt) -> int:
        return self.depth[self.paths[id(s)][-1]]


def primal_reads(statements: Iterable[gast.stmt], variables: set[str]) -> Reads:
    """What backward statements read of `variables`."""
    reads = Reads()
    for s in statements:
        _collect(s, variables, reads)
    reads.shapes -= reads.values
    return reads


def _collect(node: gast.AST, variables: set[str], reads: Reads) -> None:
    if isinstance(node, gast.Attribute) and node.attr in SHAPE_ATTRIBUTES and is_name(node.value):
        reads.shapes |= {node.value.id} & variables  # type: ignore[attr-defined]
        return
    if isinstance(node, gast.Call):
        word = node.func.attr if isinstance(node.func, gast.Attribute) else getattr(node.func, "id", "")
        if word in ("zeros_like", "full_like", "len", "size", "shape", "unbroadcast", "fromkeys") and node.args:
            exact = 1 if word == "unbroadcast" else 0
            for i, a in enumerate(node.args):
                if i == exact and is_name(a):
                    reads.shapes |= {a.id} & variables  # type: ignore[attr-defined]
                else:
                    _collect(a, variables, reads)
            _collect(node.func, variables, reads)
            return
    if isinstance(node, gast.Name):
        if isinstance(node.ctx, gast.Load):
            reads.values |= {node.id} & variables
        return
    for child in children(node):
        _collect(child, variables, reads)


class Recording(Forward[Needs]):
    """Finds the pushes. `reads` by a statement's id: what its backward text reads; `result_reads`: ids of statements whose
    text reads their own result; `overwrites(s)`: arrays whose contents a statement changes, each with all who share;
    `at_entry`: by a branch's id, variables that are pushed in front of it; `references`: variables of which not the
    contents matter but which object they are; `behind` by a loop's id: what is read as it is behind the loop."""

    def __init__(
        self,
        where: Blocks,
        reads: dict[int, Reads],
        result_reads: set[int],
        kinds: dict[str, Kind],
        overwrites: Callable[[gast.stmt], list[tuple[str, set[str]]]],
        restorable: Callable[[str], bool],
        free: set[str],
        at_entry: dict[int, set[str]],
        references: set[str],
        behind: dict[int, Reads],
    ):
        super().__init__()
        self.where, self.reads, self.result_reads, self.kinds = where, reads, result_reads, kinds
        self.overwrites, self.restorable, self.free, self.at_entry = overwrites, restorable, free, at_entry
        self.references, self.behind = references, behind
        self.pushes = Pushes()
        self.open: list[tuple[int, bool]] = []

    def join(self, a: Needs, b: Needs) -> Needs:
        return {**a, **{v: a.get(v, frozenset()) | needs for v, needs in b.items()}}

    def _new(self, s: gast.stmt) -> Needs:
        reads = self.reads.get(id(s))
        return {} if reads is None else self._needs(s, reads)

    def _needs(self, s: gast.stmt, reads: Reads) -> Needs:
        found = {v: frozenset({(True, id(s))}) for v in reads.values if v not in self.free}
        for v in reads.shapes - self.free:  # the length of a list changes with its contents
            by_value = not isinstance(self.kinds.get(v, UNKNOWN), Array)
            found[v] = found.get(v, frozenset()) | {(by_value, id(s))}
        return found

    def step(self, s: gast.stmt, state: Needs) -> Needs:
        targets = set(target_names(s)) if not isinstance(s, gast.AugAssign) else set()
        contents = self.overwrites(s)
        written = {v for w, sharers in contents for v in (w, *sharers)}
        needs = self._new(s)
        changed = written - targets if id(s) in self.result_reads else written | targets
        old = {v: found for v, found in needs.items() if v in changed}
        state = self.join(state, old) if old else state
        for array, sharers in contents:
            for variable in {array, *sharers} & state.keys() - self.references:
                origins = {origin for by_value, origin in state[variable] if by_value}
                if origins and variable == array and self.restorable(array):
                    self.pushes.contents.add((id(s), array))
                else:
                    self.pushes.clashes |= {(origin, variable) for origin in origins}
        for v in targets & state.keys():
            if any(by_value or not self._has_one_shape(v) for by_value, _ in state[v]):
                self.pushes.before.add((id(s), v))
        new = {v: found for v, found in needs.items() if v not in old or v in written}
        return self._met(state, targets, new)

    def _met(self, state: Needs, variables: Collection[str], new: Needs) -> Needs:
        """What is needed behind a statement that meets the needs of some variables and has new ones."""
        if not state.keys().isdisjoint(variables):
            state = {v: needs for v, needs in state.items() if v not in variables}
        return self.join(state, new) if new else state

    def _has_one_shape(self, variable: str) -> bool:
        """Have all values of the variable the same shape?"""
        kind = self.kinds.get(variable, UNKNOWN)
        return isinstance(kind, Array) and kind.shape is not None and None not in kind.shape

    def test(self, s: gast.stmt, state: Needs) -> Needs:
        pushed = self.at_entry.get(id(s), set())
        self.pushes.before |= {(id(s), v) for v in pushed}
        return self._met(state, pushed, self._new(s))

    def bind(self, s: gast.For | gast.With, state: Needs) -> Needs:
        return self._met(state, target_names(s), {})

    def block(self, block: list[gast.stmt], state: Needs | None) -> Needs | None:
        self.open.append((id(block), False))
        state = super().block(block, state)
        self.open.pop()
        return None if state is None else self._leave(state, {id(block)})

    def _leave(self, state: Needs, left: set[int]) -> Needs:
        gone = {v for v in state if self.where.home(v) in left and self.where.depth[self.where.home(v)]}
        self.pushes.at_end |= {(self.where.home(v), v) for v in gone}
        return self._met(state, gone, {})

    def statement(self, s: gast.stmt, state: Needs | None) -> Needs | None:
        if isinstance(s, gast.Break) and state is not None:
            state = self._leave(state, self._blocks_of_loop())
        if isinstance(s, LOOPS):
            self.open.append((0, True))
            state = super().statement(s, state)
            self.open.pop()
            behind = self.behind.get(id(s))
            return state if state is None or behind is None else self.join(state, self._needs(s, behind))
        return super().statement(s, state)

    def _blocks_of_loop(self) -> set[int]:
        left: set[int] = set()
        for block, is_loop in reversed(self.open):
            if is_loop:
                break
            left.add(block)
        return left


class Available(Forward[NameSet]):
    """Definitions `t = operation` that computed again would give the value of t; a variable's name stands for its
    definition. `killed(s)`: variables that a statement binds or whose contents it changes."""

    def __init__(self, definitions: dict[str, gast.Assign], killed: Callable[[gast.stmt], set[str]]):
        super().__init__()
        self.definitions = definitions
        self.killed = killed
        self.names = Names()
        self.readers: dict[str, set[str]] = {}
        for t, s in definitions.items():
            for n in names_read(s.value):
                self.readers.setdefault(n, set()).add(t)

    def join(self, a: NameSet, b: NameSet) -> NameSet:
        return a & b

    def _after(self, changed: Collection[str], state: NameSet) -> NameSet:
        return state - {*changed, *(t for n in changed for t in self.readers.get(n, ()))}

    def step(self, s: gast.stmt, state: NameSet) -> NameSet:
        state = self._after(self.killed(s), state)
        if isinstance(s, gast.Assign) and is_name(s.targets[0]) and self.definitions.get(s.targets[0].id) is s:
            if s.targets[0].id not in names_read(s.value):  # type: ignore[union-attr]
                state = state | [s.targets[0].id]  # type: ignore[union-attr]
        return state

    def bind(self, s: gast.For | gast.With, state: NameSet) -> NameSet:
        return self._after(target_names(s), state)


class Assigned(Forward[NameSet]):
    """Variables certainly bound."""

    def join(self, a: NameSet, b: NameSet) -> NameSet:
        return a & b

    def step(self, s: gast.stmt, state: NameSet) -> NameSet:
        return state | target_names(s)

    def bind(self, s: gast.For | gast.With, state: NameSet) -> NameSet:
        return state | target_names(s)
