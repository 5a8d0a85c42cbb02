"""Which variables have a tangent beside them: those that may depend on what is differentiated and may matter to the result.

A variable is one of them all along or nowhere: memory that gets a varied element later has a tangent from the start. A nested
function is one where it reads one, for those who call it without being known to; it has no tangent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import gast

from autodiff_src.analyze.operands import Operands, written_in_place
from autodiff_src.syntax import heads, names_read, target_names, walk_statements

Flow = tuple[list[str], list[str]]


def carriers(
    body: list[gast.stmt],
    operands: Operands,
    writes: Callable[[gast.stmt], Iterable[str]],
    sharers: Mapping[str, Collection[str]],
    varied_at_entry: Iterable[str],
    useful_at_exit: Iterable[str],
) -> tuple[frozenset[str], frozenset[str]]:
    """Those variables, and all that may depend on what is differentiated.

    `writes` gives the variables whose memory a statement's call writes into, `sharers` those that may share memory with one
    that is written into."""
    flows = [*_flows(body, operands, writes)]
    varied = _reached(flows, varied_at_entry, sharers)
    useful = _reached([(targets, sources) for sources, targets in flows], useful_at_exit, sharers)
    return frozenset(n for n in varied & useful if operands.carries(n)), frozenset(filter(operands.carries, varied))


def _flows(body: list[gast.stmt], operands: Operands, writes: Callable[[gast.stmt], Iterable[str]]) -> Iterator[Flow]:
    """For each statement the variables that it computes with, and those that it binds or writes into."""
    for s in walk_statements(body):
        written = written_in_place(s, operands.kinds)
        targets = [*target_names(s), *writes(s), *([written] if written else [])]
        sources = [*names_read(heads(s))] if isinstance(s, gast.With) else operands.of(s)
        yield sources, [n for n in targets if operands.carries(n)]


def _reached(flows: list[Flow], start: Iterable[str], sharers: Mapping[str, Collection[str]]) -> set[str]:
    found = set(start)
    while True:
        before = len(found)
        for sources, targets in flows:
            if not found.isdisjoint(sources):
                found.update(targets)
        for n in [*found]:
            found.update(sharers.get(n, ()))
        if len(found) == before:
            return found
