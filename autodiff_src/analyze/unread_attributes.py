"""Attributes of objects that are made here which nobody reads after all: what a method stores for later, and reads itself.

    layer.z = product                   y = np.tanh(product)
    z = layer.z                 ->
    y = np.tanh(z)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from autodiff_src.analyze.cells import all_blocks, without
from autodiff_src.analyze.kinds import Kind, Object
from autodiff_src.analyze.object_uses import Uses
from autodiff_src.analyze.scattered import makes, of_class
from autodiff_src.program import Program
from autodiff_src.refusals import names_kept
from autodiff_src.runtime.objects import new_object
from autodiff_src.syntax import (
    COMPOUND,
    Transformer,
    blocks,
    clone,
    clone_head,
    is_atom,
    is_name,
    located,
    names_stored,
    parameter_names,
    walk,
    walk_statements,
)


def without_unread_attributes(program: Program, definitions: dict[tuple[int, str], Kind]) -> Program | None:
    """The function without stores in attributes that are read only right behind them, where what was stored is at hand; None
    where there is none."""
    kinds: dict[str, list[Kind]] = {}
    for (_, n), kind in definitions.items():
        kinds.setdefault(n, []).append(kind)
    classes = {k.cls for of in kinds.values() for k in of if isinstance(k, Object) and k.made}
    for cls in sorted(classes, key=lambda c: c.__name__):
        body, uses = clone(program.function.body), Uses(cls, kinds, program)
        if not _are_known(body, uses, program):
            continue
        for block in all_blocks(body):
            _forward(block, uses)
        read = {n.attr for s in body for n in walk(s) if isinstance(n, gast.Attribute) and isinstance(n.ctx, gast.Load)}
        gone = {id(s) for s in walk_statements(body) if (store := _stored(s, uses)) is not None and store.attr not in read}
        if gone:
            function = clone_head(program.function)
            function.body = without(body, gone) or [located(gast.Pass(), program.function)]
            return replace(program, function=function)
    return None


def _are_known(body: list[gast.stmt], uses: Uses, program: Program) -> bool:
    """Are all objects of the class made here, and used by what they hold only?"""
    makers = {n for n, value in program.namespace.extra.items() if value is new_object}
    made = all(k.made for found in uses.kinds.values() for k in found if isinstance(k, Object) and k.cls is uses.cls)
    if not made or uses.names & (names_kept(body) | set(parameter_names(program.function.args))):
        return False
    attributes = [n for s in body for n in walk(s) if isinstance(n, gast.Attribute) and uses.is_object(n.value)]
    stored = {n.attr for n in attributes if not isinstance(n.ctx, gast.Load)}
    stored |= {k.arg for s in walk_statements(body) if makes(s, makers) for k in s.value.keywords}  # type: ignore[attr-defined]
    held = stored | of_class(uses.cls, stored)
    return {n.attr for n in attributes} <= held and all(makes(s, makers) or uses.are_known(s) for s in walk_statements(body))


def _stored(s: Any, uses: Uses) -> gast.Attribute | None:
    """The attribute of such an object that a statement stores an atom in."""
    target = s.targets[0] if isinstance(s, gast.Assign) else None
    return target if isinstance(target, gast.Attribute) and is_name(target.value) and uses.is_object(target.value) and (
        is_atom(s.value)) else None


def _forward(block: list[gast.stmt], uses: Uses) -> None:
    """What was stored in place of what is read, up to where another value may be there."""
    for i, s in enumerate(block):
        store = _stored(s, uses)
        if store is None:
            continue
        read = _Read(store, s.value)  # type: ignore[attr-defined]
        kept = {store.value.id, *([s.value.id] if is_name(s.value) else [])}  # type: ignore[attr-defined]
        for k in range(i + 1, len(block)):
            later = block[k]
            inner = [later, *(t for b in blocks(later) for t in walk_statements(b))]
            if any((other := _stored_in(t)) is not None and other.attr == store.attr for t in inner) or isinstance(
                    later, COMPOUND) and kept & names_stored(later):
                break
            block[k] = read.visit(later)
            if kept & names_stored(later):
                break


def _stored_in(s: Any) -> gast.Attribute | None:
    target = s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
    return target if isinstance(target, gast.Attribute) else None


class _Read(Transformer):
    def __init__(self, store: gast.Attribute, value: gast.expr):
        self.store, self.value = store, value

    def visit_Attribute(self, node: gast.Attribute) -> Any:
        same = isinstance(node.ctx, gast.Load) and node.attr == self.store.attr and is_name(node.value, self.store.value.id)
        return clone(self.value) if same else self.generic_visit(node)  # type: ignore[attr-defined]
