"""Does an adjoint in generated code share memory with anything?"""

from __future__ import annotations

from collections.abc import Iterable

import gast

from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.relation import with_related
from autodiff_src.analyze.sharing import Memory, Sharing
from autodiff_src.differentiate.contributions import is_fresh
from autodiff_src.syntax import is_name, names_read, names_stored, walk_statements


class _GeneratedMemory(Memory):
    """What statements of generated code share, told by their form: what is not known to be new may share everything."""

    def _sources(self, s: gast.stmt, value: gast.expr) -> Iterable[str]:
        return [] if is_fresh(value) else names_read(value)


def needs_copy(body: list[gast.stmt], variable: str, others: Iterable[str], kinds: dict[str, Kind]) -> bool:
    """Must `variable` be copied before it is returned? Yes, if it may share memory with `others` or be a broadcast view."""
    memory = _GeneratedMemory(kinds, {})
    shared = _connected(body, variable, memory)
    if not shared.isdisjoint(others):
        shared = set(with_related(Sharing(memory).run(body, {}) or {}, [variable]))
    return not shared.isdisjoint(others) or _may_be_view(body, variable, set())


def _connected(body: list[gast.stmt], variable: str, memory: Memory) -> set[str]:
    """All that may ever share memory with a variable, and more: statements are taken in any order."""
    near: dict[str, list[set[str]]] = {}
    for s in walk_statements(body):
        if isinstance(s, gast.With) or isinstance(s, gast.Assign) and not is_fresh(s.value):
            parts = s.items if isinstance(s, gast.With) else s
            together = set(filter(memory.mutable, names_read(parts) | names_stored(parts)))
            for n in together:
                near.setdefault(n, []).append(together)
    found, stack = {variable}, [variable]
    while stack:
        new = set().union(*near.pop(stack.pop(), ())) - found
        found |= new
        stack += new
    return found


def _may_be_view(body: list[gast.stmt], variable: str, seen: set[str]) -> bool:
    """Is the array made by anything but a new allocation, other variables followed?"""
    if variable in seen:
        return False
    seen.add(variable)
    for s in walk_statements(body):
        if not isinstance(s, gast.Assign):
            continue
        target = s.targets[0]
        if isinstance(target, gast.Tuple) and any(is_name(e, variable) for e in target.elts):
            if not isinstance(s.value, gast.Tuple):
                return True
            i = next(i for i, e in enumerate(target.elts) if is_name(e, variable))
            moved = s.value.elts[i]
            if not is_name(moved) or _may_be_view(body, moved.id, seen):
                return True
        elif is_name(target, variable) and not is_fresh(s.value):
            if not is_name(s.value) or _may_be_view(body, s.value.id, seen):
                return True
    return False
