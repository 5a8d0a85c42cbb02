"""Attributes of objects that come from outside, through which memory is reached that a function writes into.

What is written may carry a derivative afterwards, also in an object that nothing is differentiated with respect to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Dict, Kind, List, Object, Tuple, Unknown, carries_derivative
from autodiff_src.analyze.mutability import held_kinds
from autodiff_src.analyze.outside_writes import Again
from autodiff_src.analyze.selection import select_all
from autodiff_src.program import Unsettled
from autodiff_src.syntax import is_name, walk, walk_statements


def note_reached(body: list[gast.stmt], kinds: dict[str, Kind], written: set[str], unsettled: Unsettled) -> None:
    """Raises Again where an attribute turns out to lead to memory that is written into."""
    found = attributes_written(body, kinds, written)
    if not found <= unsettled.reached:
        unsettled.reached |= found
        raise Again


def attributes_written(body: list[gast.stmt], kinds: dict[str, Kind], written: set[str]) -> set[tuple[type, str]]:
    """The attributes, by class, from which variables in `written` are read, and those that are stored: where they are not
    selected yet and may hold what carries a derivative."""
    found: set[tuple[type, str]] = set()
    for s in walk_statements(body):
        reads = isinstance(s, gast.Assign) and is_name(s.targets[0]) and s.targets[0].id in written
        for n in walk(s):
            of = kinds.get(n.value.id, UNKNOWN) if isinstance(n, gast.Attribute) and is_name(n.value) else UNKNOWN
            if isinstance(of, Object) and n.attr not in of.selected and (reads or not isinstance(n.ctx, gast.Load)):
                if carries_derivative(select_all(dict(of.items or ()).get(n.attr, UNKNOWN))):
                    found.add((of.cls, n.attr))
    return found


def with_selected(kind: Kind, attributes: Iterable[tuple[type, str]]) -> Kind:
    """The kind with these attributes of the objects in it selected."""
    if isinstance(kind, Object) and kind.items is not None:
        here = {n for cls, n in attributes if cls is kind.cls} & {n for n, _ in kind.items}
        items = tuple((n, with_selected(k, attributes)) for n, k in kind.items)
        return replace(kind, items=items, selected=kind.selected | here)
    if isinstance(kind, Tuple) and kind.items is not None:
        return replace(kind, items=tuple(with_selected(k, attributes) for k in kind.items))
    if isinstance(kind, Dict) and kind.items is not None:
        return Dict(tuple((key, with_selected(k, attributes)) for key, k in kind.items))
    return replace(kind, item=with_selected(kind.item, attributes)) if isinstance(kind, List) else kind


def selected_in(kind: Kind) -> set[str] | None:
    """The names of all selected attributes of the objects in a value; None where they are not known."""
    if isinstance(kind, Unknown):
        return None
    found = [selected_in(k) for k in held_kinds(kind)]
    whole = isinstance(kind, List) or not isinstance(kind, (Tuple, Dict)) or kind.items is not None
    if None in found or not whole:
        return None
    return set(kind.selected if isinstance(kind, Object) else ()).union(*found)  # type: ignore[arg-type]
