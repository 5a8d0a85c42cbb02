"""Updates that are written out: `x **= v` becomes `x = x ** v`."""

from __future__ import annotations

from collections.abc import Callable

import gast

from autodiff_src.analyze.kinds import Array, Kind, List, Tuple
from autodiff_src.program import FreshNames
from autodiff_src.syntax import assign, clone, constant, name


def scales_by_index(s: gast.AugAssign, kind: Callable[[gast.expr], Kind]) -> bool:
    """`x[i] *= v` at an integer array, which may name an element twice: the last product stays."""
    if not isinstance(s.target, gast.Subscript) or not isinstance(s.op, (gast.Mult, gast.Div)):
        return False
    index = kind(s.target.slice)
    parts = index.items if isinstance(index, Tuple) else (index,)
    return any(isinstance(k, List) or isinstance(k, Array) and k.dtype is not None and k.dtype.kind in "iu"
               for k in parts or ())


def written_out(s: gast.AugAssign, kinds: dict[str, Kind], names: FreshNames) -> list[gast.stmt]:
    """The operation and the write; an array stays where it is: `x[...] = x ** v`."""
    read, place = clone(s.target), s.target
    read.ctx = gast.Load()
    old, new = names.fresh("old"), names.fresh("new")
    kind = kinds.get(place.id) if isinstance(place, gast.Name) else None
    if isinstance(kind, Array) and kind.shape != ():
        place = gast.Subscript(name(place.id), constant(...), gast.Store())  # type: ignore[attr-defined]
    return [assign(old, read, s), assign(new, gast.BinOp(name(old), s.op, s.value), s), assign(place, name(new), s)]
