"""Arguments whose derivatives cannot be given back, and those that must not share memory."""

from __future__ import annotations

from collections.abc import Sequence

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Array, Dict, Kind, List, Object, Tuple, Unknown, is_immutable_number
from autodiff_src.analyze.mutability import number_items
from autodiff_src.analyze.selection import attributes_in, kind_at
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.starting_values import ChangedContainer
from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.objects import Path
from autodiff_src.syntax import attributes_stored, walk_statements


def refuse_unknown_shadows(prepared: Prepared, parameters: list[str]) -> None:
    """An adjoint that is added to where it is must be known to be one that can be."""
    for p in parameters:
        if isinstance(prepared.kinds[p], Unknown):
            raise UnsupportedError(
                f"{p!r} is written into, and whether it is an array is not known beforehand",
                prepared.program.place(prepared.program.function),
                "return a new array",
            )


def refuse_changed_containers(prepared: Prepared, wrt: Sequence[str], paths: Sequence[Path] = ()) -> None:
    """Raises ChangedContainer for containers that are changed and differentiated, but for what no change moves: numbers and
    arrays that paths lead to."""
    for p, path in zip(wrt, paths or [()] * len(wrt), strict=True):
        changed = p in prepared.written() and isinstance(prepared.kinds[p], (List, Dict, Tuple))
        if changed and not (path and _stays(prepared, p, path)):
            raise ChangedContainer(p, prepared.program)


def _stays(prepared: Prepared, p: str, path: Path) -> bool:
    """Does the adjoint of what a path leads to stay where it is? That of a number that is stored anew does."""
    kind, inside = kind_at(prepared.kinds[p], path), p in _written_inside(prepared)
    number, array = is_immutable_number(kind), isinstance(kind, Array)
    stored = attributes_stored(prepared.body)
    if stored & attributes_in([path[:-1]]) or stored & attributes_in([path]) and not (number or array and not inside):
        return False
    if not inside:
        return True
    if not (number or array):
        return False
    changed = (prepared.kinds.get(w, UNKNOWN) for s in walk_statements(prepared.body) for w in prepared.written_at(s))
    return all(how == "." for how, _ in path) or all(
        isinstance(k, (Array, Object)) or number_items(k) == {True} for k in changed)


def _written_inside(prepared: Prepared) -> set[str]:
    """Variables whose memory is written into other than by binding their attributes."""
    stores = [s for s in walk_statements(prepared.body) if isinstance(s, gast.Assign)
              and isinstance(s.targets[0], gast.Attribute)]
    others = [s for s in walk_statements(prepared.body) if s not in stores]
    return {x for s in others for w in prepared.written_at(s) for x in {w, *prepared.sharing.ever.get(w, set())}}


def disjoint(prepared: Prepared, kinds: dict[str, Kind]) -> list[tuple[str, str]]:
    """Pairs of parameters that must not share memory, since one of them is written into; a container with itself where an
    array is written that it may hold."""
    memory = prepared.memory
    written = prepared.written()
    shared = [p for p in prepared.parameters if memory.mutable(p)]
    arrays = {w for s in walk_statements(prepared.body) for w in prepared.written_at(s)
              if isinstance(prepared.kinds.get(w, UNKNOWN), (Array, Unknown))}
    near = arrays.union(*(prepared.sharing.ever.get(w, ()) for w in arrays))
    inside = [(p, p) for p in shared if p in near and not isinstance(kinds[p], Array)]
    return inside + [(w, p) for w in shared if w in written for p in shared if p != w and (p not in written or w < p)]
