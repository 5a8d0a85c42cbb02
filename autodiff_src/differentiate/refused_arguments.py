"""Arguments whose derivatives cannot be given back, and those that must not share memory."""

from __future__ import annotations

from collections.abc import Sequence

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Array, Dict, Kind, List, Tuple, Unknown
from autodiff_src.analyze.selection import attributes_in
from autodiff_src.differentiate.prepare import Prepared
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
    stored = attributes_stored(prepared.body)
    stays = {p for p, path in zip(wrt, paths) if path and not stored & attributes_in(paths)}
    for p in sorted(prepared.written() & set(wrt)):
        if isinstance(prepared.kinds[p], (List, Dict, Tuple)) and not (p in stays and p not in _written_inside(prepared)):
            raise UnsupportedError(
                f"the argument {p!r} is a container that is changed, and is differentiated",
                prepared.program.place(prepared.program.function),
                f"work on a copy: `list({p})`",
            )


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
