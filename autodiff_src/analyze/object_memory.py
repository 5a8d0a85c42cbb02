"""Attributes of objects that come from outside, through which memory is reached that a function writes into.

What is written may carry a derivative afterwards, also in an object that nothing is differentiated with respect to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import gast
import numpy as np

from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Dict,
    Kind,
    List,
    Maybe,
    Object,
    Tuple,
    Unknown,
    carries_derivative,
    is_immutable_number,
    with_inner,
)
from autodiff_src.analyze.mutability import held_kinds
from autodiff_src.analyze.outside_writes import Again
from autodiff_src.analyze.selection import select_all
from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import Program
from autodiff_src.syntax import is_name, walk, walk_statements


def note_reached(program: Program, body: list[gast.stmt], kinds: dict[str, Kind], written: set[str],
                 entry: Iterable[Kind]) -> None:
    """Raises Again where an attribute turns out to lead to memory that is written into. Raises UnsupportedError where that is
    memory of a class, which all its objects share."""
    unsettled, found, held = program.namespace.unsettled, attributes_written(body, kinds, written), _held(entry)
    for s in walk_statements(body):
        of = _read_and_written(s, kinds, written)
        if of is not None and isinstance(class_attribute(of[0].cls, of[1]), (list, dict, np.ndarray)) and not all(
                of[1] in names for names in held.get(of[0].cls, [set()])):
            raise UnsupportedError(f"the attribute {of[1]!r}, which the class holds and not the object, is written into",
                                   program.place(s), "give each object one of its own, in `__init__`")
    if not found <= unsettled.reached:
        unsettled.reached |= found
        raise Again


def _held(kinds: Iterable[Kind]) -> dict[type, list[set[str]]]:
    """By a class, the names of the attributes that objects of it hold, of each kind of them."""
    found: dict[type, list[set[str]]] = {}
    left = list(kinds)
    while left:
        kind = left.pop()
        if isinstance(kind, Object):
            found.setdefault(kind.cls, []).append({n for n, _ in kind.items or ()})
            left += [k for _, k in kind.items or ()]
        else:
            left += held_kinds(kind)
    return found


def _read_and_written(s: gast.stmt, kinds: dict[str, Kind], written: set[str]) -> tuple[Object, str] | None:
    """The object and the attribute that a statement reads into a variable in `written`."""
    if not isinstance(s, gast.Assign) or not is_name(s.targets[0]) or s.targets[0].id not in written:
        return None
    value = s.value
    of = kinds.get(value.value.id) if isinstance(value, gast.Attribute) and is_name(value.value) else None
    return (of, value.attr) if isinstance(of, Object) else None


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
        kind = replace(kind, selected=kind.selected | here)
    return with_inner(kind, lambda k: with_selected(k, attributes))


def leads_to_container(kind: Kind, attributes: Collection[tuple[type, str]]) -> bool:
    """Do these attributes of the objects in a value lead to lists or dicts?"""
    if isinstance(kind, Object):
        return any((kind.cls, n) in attributes and not isinstance(k, Array) and not is_immutable_number(k)
                   or leads_to_container(k, attributes) for n, k in kind.items or ())
    return any(leads_to_container(k, attributes) for k in held_kinds(kind))


def selected_in(kind: Kind) -> set[str] | None:
    """The names of all selected attributes of the objects in a value; None where they are not known."""
    if isinstance(kind, Unknown):
        return set() if isinstance(kind, Maybe) else None
    found = [selected_in(k) for k in held_kinds(kind)]
    whole = isinstance(kind, List) or not isinstance(kind, (Tuple, Dict)) or kind.items is not None
    if None in found or not whole:
        return None
    return set(kind.selected if isinstance(kind, Object) else ()).union(*found)  # type: ignore[arg-type]
