"""What a called function does to memory."""

from __future__ import annotations

import gast

from autodiff_src.analyze.activity import list_written
from autodiff_src.analyze.calls import Called, Opaque
from autodiff_src.analyze.functions import Callee
from autodiff_src.analyze.kinds import Kind, is_immutable_number
from autodiff_src.analyze.outside_memory import sharers_outside
from autodiff_src.analyze.sharing import Memory, Sharing
from autodiff_src.analyze.specialised import Specialised
from autodiff_src.refusals import refusals_of
from autodiff_src.syntax import names_read, names_stored, walk_statements


def memory_summary(
    specialised: Specialised, kinds: dict[str, Kind]
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Parameters that a function writes into, those that its result may share memory with, and names from outside that
    stand for what it writes into."""
    kinds = {**specialised.global_kinds, **kinds}
    body = specialised.program.function.body
    memory = Memory(kinds, specialised.calls, body, specialised.parameters, sharers_outside(body, specialised.program))
    sharing = Sharing(memory)
    sharing.run(body, memory.outside)
    written = sharing.ever_written(body, lambda s: list_written(s, specialised.calls))
    specialised.aliases = sharing.aliases(names_stored(body) | set(specialised.parameters))
    outside = written - names_stored(body) - set(specialised.parameters)
    shared: set[str] = set()
    for s in walk_statements(body):
        if isinstance(s, gast.Return):
            for n in names_read(s.value):
                if memory.mutable(n):
                    shared |= {n, *sharing.ever.get(n, set())}
    for refused in refusals_of(body):
        reached = {r for n in refused.names for r in {n, *sharing.ever.get(n, set())} if memory.mutable(r)}
        written |= reached
        shared |= reached
    parameters = {p for p in specialised.parameters if not is_immutable_number(specialised.kinds[p])}
    return frozenset(written & parameters), frozenset(shared & parameters), frozenset(outside)


def is_quiet(callee: Callee) -> bool:
    """Does calling the function change nothing that anyone could see? Of one that calls itself it is not known."""
    if callee.specialised is None or callee.written or callee.recursive:
        return False
    infos = callee.specialised.calls
    return all(
        not isinstance(s, gast.Expr)
        and not isinstance(info := infos.get(id(s)), Opaque)
        and (not isinstance(info, Called) or is_quiet(info.callee))
        for s in walk_statements(callee.specialised.program.function.body)
    )
