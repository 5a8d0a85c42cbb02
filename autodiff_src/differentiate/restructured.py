"""Which lists and dicts come to hold other memory than they did at first: their shadows do, too."""
from __future__ import annotations

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Array
from autodiff_src.analyze.mutability import holds_numbers, number_items
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.shadow_values import is_container, number_items_at
from autodiff_src.syntax import is_name, walk_statements


def restructured(p: Prepared) -> set[str]:
    """The variables that may be such a list or dict, under whatever name it changes."""
    writes = [(s, w) for s in walk_statements(p.body) for w in p.written_at(s)
              if not isinstance(p.kinds.get(w, UNKNOWN), Array) and not _changes_numbers(p, s, w)]
    changed = {n for s, w in writes for n in (w, *p.memory.changed_with(s, w, p.sharing.ever.get(w, set())))}
    return {n for n in changed if is_container(kind := p.kinds.get(n, UNKNOWN)) and False in number_items(kind)}


def _changes_numbers(p: Prepared, s: gast.stmt, variable: str) -> bool:
    """Is a number of a container written, or are all its items numbers?"""
    kind, target = p.kinds.get(variable, UNKNOWN), getattr(s, "targets", [getattr(s, "target", None)])[0]
    return holds_numbers(kind) or isinstance(target, gast.Subscript) and is_name(target.value, variable) and (
        number_items_at(kind, target.slice) == {True})
