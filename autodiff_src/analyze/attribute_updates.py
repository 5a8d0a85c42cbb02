"""Updates in place of an array that an object holds: the array is stored where it stands already.

    self.w -= step      ->      w = self.w
                                w -= step
                                self.w = w              # left out
"""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.calls import Cut, Info, Primitive
from autodiff_src.analyze.kinds import Array, Kind, Object
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import MISSING
from autodiff_src.syntax import COMPOUND, is_name, target_names, walk, with_blocks


def without_stores_back(block: list[gast.stmt], kinds: dict[str, Kind], calls: dict[int, Info]) -> list[gast.stmt]:
    """The block without those stores."""
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, COMPOUND):
            new.append(with_blocks(s, lambda inner: without_stores_back(inner, kinds, calls)))
        elif not _stores_back(s, new, kinds, calls):
            new.append(s)
    return new


def _stores_back(s: Any, before: list[gast.stmt], kinds: dict[str, Kind], calls: dict[int, Info]) -> bool:
    if not isinstance(s, gast.Assign) or not isinstance(s.targets[0], gast.Attribute) or not is_name(s.value):
        return False
    target, held = s.targets[0], s.value.id  # type: ignore[attr-defined]
    of = kinds.get(target.value.id) if is_name(target.value) else None  # type: ignore[attr-defined]
    in_class = isinstance(of, Object) and class_attribute(of.cls, target.attr) is not MISSING  # then it gets one of its own
    if not isinstance(of, Object) or in_class or not isinstance(kinds.get(held), Array):
        return False
    for t in reversed(before):
        if isinstance(t, gast.Assign) and is_name(t.targets[0], held):
            return isinstance(t.value, gast.Attribute) and t.value.attr == target.attr and is_name(
                t.value.value, target.value.id)  # type: ignore[attr-defined]
        if not _keeps_attributes(t, target.value.id, calls):  # type: ignore[attr-defined]
            return False
    return False


def _keeps_attributes(s: gast.stmt, variable: str, calls: dict[int, Info]) -> bool:
    """Does a statement bind no attribute, and leave the object that the variable stands for?"""
    if isinstance(s, COMPOUND) or variable in target_names(s) or not isinstance(calls.get(id(s)), (Primitive, Cut, type(None))):
        return False
    return not any(isinstance(n, gast.Attribute) and not isinstance(n.ctx, gast.Load) for n in walk(s))
