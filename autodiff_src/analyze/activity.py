"""Which variables are varied (depend on what is differentiated), useful (matter to the result), and so active, where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

import gast

from autodiff_src.analyze.calls import Called, ListMethod, Opaque
from autodiff_src.analyze.dataflow import Backward, Forward
from autodiff_src.analyze.name_sets import Names, NameSet
from autodiff_src.analyze.operands import Operands, written_in_place
from autodiff_src.syntax import base_name, heads, names_read, target_names, walk_statements

Writes = Callable[[gast.stmt], Iterable[str]]


@dataclass(frozen=True)
class Activity:
    """Facts by a statement's id: the variables active in front of and behind it, and at a loop's head and body."""

    active_before: dict[int, Set[str]]
    active_after: dict[int, Set[str]]
    varied_before: dict[int, Set[str]]
    active_head: dict[int, Set[str]]
    active_inside: dict[int, Set[str]]
    active_at_exit: Set[str]
    varied_at_exit: Set[str]

    def is_active(self, s: gast.stmt, variable: str) -> bool:
        return variable in self.active_before.get(id(s), ())


class _Varied(Forward[NameSet]):
    def __init__(self, operands: Operands, writes: Writes, always: NameSet, ever: NameSet):
        super().__init__()
        self.operands, self.writes, self.always, self.ever = operands, writes, always, ever

    def join(self, a: NameSet, b: NameSet) -> NameSet:
        return a | b

    def step(self, s: gast.stmt, state: NameSet) -> NameSet:
        reached = self.ever if isinstance(s, gast.FunctionDef) else state
        flows = any(n in reached for n in self.operands.of(s))
        if isinstance(s, gast.Return):
            return state
        changed = list(self.writes(s))
        written = written_in_place(s, self.operands.kinds)
        if written is not None:
            changed.append(written)
        targets = [] if written is not None else target_names(s)
        reached_now = [n for n in [*targets, *changed] if self.operands.carries(n)] if flows else []
        return state.changed(state.names.of(targets), self.always | reached_now)

    def bind(self, s: gast.For | gast.With, state: NameSet) -> NameSet:
        bound = target_names(s)
        held = isinstance(s, gast.With) and not state.isdisjoint(names_read(heads(s)))
        return state | bound if held else state - bound


class Useful(Backward[NameSet]):
    def __init__(self, operands: Operands, writes: Writes, at_exit: NameSet, always: NameSet):
        super().__init__(at_exit)
        self.operands, self.writes, self.always = operands, writes, always

    def join(self, a: NameSet, b: NameSet) -> NameSet:
        return a | b

    def nothing(self) -> NameSet:
        return self.always

    def step(self, s: gast.stmt, state: NameSet) -> NameSet:
        if isinstance(s, gast.Return):
            return state | self.read(s)
        written = written_in_place(s, self.operands.kinds)
        changed = [*self.writes(s), *([written] if written else [])]
        targets = [] if written is not None else target_names(s)
        # What a nested function reads is needed where it is called, and handed over there.
        needed = not isinstance(s, gast.FunctionDef) and any(n in state for n in [*targets, *changed])
        return state.changed(state.names.of(targets), self.always | (self.read(s) if needed else ()))

    def read(self, s: gast.stmt) -> Iterable[str]:
        """What matters where the result of the statement does."""
        return self.operands.of(s)

    def bind(self, s: gast.For | gast.With, state: NameSet) -> NameSet:
        return state - target_names(s)


def find_activity(
    body: list[gast.stmt],
    operands: Operands,
    writes: Writes,
    varied_at_entry: frozenset[str],
    useful_at_exit: frozenset[str],
    always: frozenset[str] = frozenset(),
) -> Activity:
    """`writes` gives the variables whose memory a statement's call writes into; those in `always` are active all along."""
    names = Names()
    none, kept, ever = names.of(), names.of(always), names.of()
    nested = any(isinstance(s, gast.FunctionDef) for s in walk_statements(body))
    while True:
        varied = _Varied(operands, writes, kept, ever)
        varied.run(body, kept | varied_at_entry)
        reached = names.of(varied_at_entry.union(*filter(None, varied.after.values()))) if nested else ever
        if reached <= ever:
            break
        ever = reached  # a nested function reads what its variables are when it is called
    useful = Useful(operands, writes, kept | useful_at_exit, kept)
    useful.run(body)

    def both(one: dict[int, NameSet | None], other: dict[int, NameSet | None]) -> dict[int, Set[str]]:
        return {key: (one.get(key) or none) & (other.get(key) or none) for key in {*one, *other}}

    exit_ = varied.exit or none
    return Activity(
        both(varied.before, useful.before),
        both(varied.after, useful.after),
        {k: v or none for k, v in varied.before.items()},
        {key: (state or none) & (varied.head.get(key) or none) for key, state in useful.head.items()},
        {key: (state or none) & (varied.head.get(key) or none) for key, state in useful.inside.items()},
        exit_ & (kept | useful_at_exit),
        exit_,
    )


def list_written(s: gast.stmt, calls: dict) -> list[str]:
    """Variables whose memory the call of a statement writes into."""
    info = calls.get(id(s))
    if isinstance(info, Opaque):
        return list(info.writes)
    if isinstance(info, ListMethod):
        receiver = s.value.func.value  # type: ignore[attr-defined]
        return [receiver.id] if isinstance(receiver, gast.Name) else []
    if isinstance(info, Called):
        callee = info.callee
        bases = [base_name(a) for p, a in zip(callee.parameters, info.arguments, strict=True) if p in callee.written]
        return [b for b in bases if b is not None]
    return []
