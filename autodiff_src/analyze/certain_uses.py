"""Which variables matter to the result for certain, whatever ways are taken; others may have an adjoint that is zero."""
from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

import gast

from autodiff_src.analyze.activity import Useful, Writes, list_written
from autodiff_src.analyze.calls import Called
from autodiff_src.analyze.functions import Callee
from autodiff_src.analyze.name_sets import Names, NameSet
from autodiff_src.analyze.operands import Operands, name_or_base
from autodiff_src.refusals import certainly_runs
from autodiff_src.syntax import target_names, walk_statements


class _CertainUses(Useful):
    def join(self, a: NameSet, b: NameSet) -> NameSet:
        return a & b

    def read(self, s: gast.stmt) -> Iterable[str]:
        info = self.operands.calls.get(id(s))
        if not isinstance(info, Called):
            return self.operands.of(s)
        certain = used_parameters(info.callee)
        bases = [name_or_base(a) for p, a in zip(info.callee.parameters, info.arguments, strict=True) if p in certain]
        return {base.id for base in bases if isinstance(base, gast.Name)}

    def step(self, s: gast.stmt, state: NameSet) -> Any:
        return None if isinstance(s, gast.Raise) else super().step(s, state)  # what does not return asks for no derivative

    def _loop(self, s: Any, state: NameSet | None) -> Any:
        head = super()._loop(s, state)
        inside = self.inside[id(s)] if certainly_runs(s) else None
        return head if inside is None else self.bind(s, inside)


def used_parameters(callee: Callee) -> Set[str]:
    """Parameters that matter to the result of every call. Of functions that write into them, or call themselves, it is not
    known."""
    found = callee.specialised
    if found is None or callee.recursive or callee.written:
        return frozenset()
    if callee.used is None:
        none, operands = Names().of(), Operands(found.kinds, found.calls)
        uses = _CertainUses(operands, lambda s: list_written(s, found.calls), none, none)
        at_entry: NameSet | None = uses.run(found.program.function.body)
        callee.used = frozenset(callee.parameters if at_entry is None else at_entry)
    return callee.used


def perhaps_unused(
    body: list[gast.stmt], operands: Operands, writes: Writes, at_exit: Iterable[str], always: Iterable[str]
) -> set[str]:
    """Variables with a value that matters on some ways and on others not; those in `always` matter all along."""
    names = Names()
    uses = _CertainUses(operands, writes, names.of({*at_exit, *always}), names.of(always))
    uses.run(body)
    behind = [(target_names(s), uses.after.get(id(s))) for s in walk_statements(body)]
    return {n for bound, state in behind if state is not None for n in bound if n not in state and operands.carries(n)}
