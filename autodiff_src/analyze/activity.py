"""Which variables are varied (depend on what is differentiated), useful (matter to the result), and so active, where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import gast

from autodiff_src.analyze.calls import Called, ListMethod, Opaque
from autodiff_src.analyze.dataflow import Backward, Forward
from autodiff_src.analyze.operands import Operands, written_in_place
from autodiff_src.syntax import base_name, heads, names_read, target_names

Names = frozenset[str]
Writes = Callable[[gast.stmt], Iterable[str]]


@dataclass(frozen=True)
class Activity:
    """Facts by a statement's id: the variables active in front of and behind it, and at a loop's head and body."""

    active_before: dict[int, Names]
    active_after: dict[int, Names]
    varied_before: dict[int, Names]
    active_head: dict[int, Names]
    active_inside: dict[int, Names]
    active_at_exit: Names
    varied_at_exit: Names

    def is_active(self, s: gast.stmt, variable: str) -> bool:
        return variable in self.active_before.get(id(s), ())


class _Varied(Forward[Names]):
    def __init__(self, operands: Operands, writes: Writes, always: Names):
        super().__init__()
        self.operands, self.writes, self.always = operands, writes, always
        self.ever: Names = frozenset()

    def join(self, a: Names, b: Names) -> Names:
        return a | b

    def step(self, s: gast.stmt, state: Names) -> Names:
        reached = self.ever if isinstance(s, gast.FunctionDef) else state
        flows = bool(reached.intersection(self.operands.of(s)))
        if isinstance(s, gast.Return):
            return state
        changed = list(self.writes(s))
        written = written_in_place(s, self.operands.kinds)
        if written is not None:
            changed.append(written)
        targets = [] if written is not None else target_names(s)
        state = state - frozenset(targets)
        if flows:
            state = state | {n for n in [*targets, *changed] if self.operands.carries(n)}
        return state | self.always

    def bind(self, s: gast.For | gast.With, state: Names) -> Names:
        bound = frozenset(target_names(s))
        held = isinstance(s, gast.With) and not state.isdisjoint(names_read(heads(s)))
        return state | bound if held else state - bound


class _Useful(Backward[Names]):
    def __init__(self, operands: Operands, writes: Writes, at_exit: Names, always: Names):
        super().__init__(at_exit | always)
        self.operands, self.writes, self.always = operands, writes, always

    def join(self, a: Names, b: Names) -> Names:
        return a | b

    def nothing(self) -> Names:
        return self.always

    def step(self, s: gast.stmt, state: Names) -> Names:
        if isinstance(s, gast.Return):
            return state | frozenset(self.operands.of(s))
        written = written_in_place(s, self.operands.kinds)
        changed = [*self.writes(s), *([written] if written else [])]
        targets = [] if written is not None else target_names(s)
        needed = any(n in state for n in [*targets, *changed])
        state = (state - frozenset(targets)) | self.always
        return state | frozenset(self.operands.of(s)) if needed else state

    def bind(self, s: gast.For | gast.With, state: Names) -> Names:
        return state - frozenset(target_names(s))


def find_activity(
    body: list[gast.stmt],
    operands: Operands,
    writes: Writes,
    varied_at_entry: Names,
    useful_at_exit: Names,
    always: Names = frozenset(),
) -> Activity:
    """`writes` gives the variables whose memory a statement's call writes into; those in `always` are active all along."""
    varied = _Varied(operands, writes, always)
    varied.run(body, varied_at_entry | always)
    while not (ever := varied_at_entry.union(*filter(None, varied.after.values()))) <= varied.ever:
        varied = _Varied(operands, writes, always)  # a nested function reads what its variables are when it is called
        varied.ever = ever
        varied.run(body, varied_at_entry | always)
    useful = _Useful(operands, writes, useful_at_exit, always)
    useful.run(body)

    def both(one: dict[int, Names | None], other: dict[int, Names | None]) -> dict[int, Names]:
        return {key: (one.get(key) or frozenset()) & (other.get(key) or frozenset()) for key in {*one, *other}}

    heads = {key: (state or frozenset()) & (varied.head.get(key) or frozenset()) for key, state in useful.head.items()}
    inside = {
        key: (state or frozenset()) & (varied.head.get(key) or frozenset()) for key, state in useful.inside.items()
    }
    exit_ = varied.exit or frozenset()
    return Activity(
        both(varied.before, useful.before),
        both(varied.after, useful.after),
        {k: v or frozenset() for k, v in varied.before.items()},
        heads,
        inside,
        exit_ & (useful_at_exit | always),
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
