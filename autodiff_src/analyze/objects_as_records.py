"""Objects that were made and are stored in when they go by several names, as dicts.

    tank = new_object(Tank)             tank_made = new_object(Tank)
    tank.level = a                      tank_made.level = a
    tanks.append(tank)          ->      level = tank_made.level
    first = tanks[0]                    tank = {"level": level}
    first.level = b                     tanks.append(tank)
                                        first = tanks[0]
                                        first["level"] = b
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import Any

import gast

from autodiff_src.analyze.kinds import Kind, Object
from autodiff_src.analyze.object_uses import Uses
from autodiff_src.analyze.scattered import makes, of_class, region, stored_certainly, with_parts, without_supers
from autodiff_src.program import FreshNames, Program
from autodiff_src.refusals import names_kept
from autodiff_src.runtime.objects import new_object
from autodiff_src.syntax import (
    COMPOUND,
    Transformer,
    assign,
    clone,
    clone_head,
    constant,
    is_name,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    walk,
    walk_statements,
)


def with_records(program: Program, definitions: dict[tuple[int, str], Kind]) -> Program | None:
    """The function with dicts for the objects of one class of which this is certain; None where there is none."""
    makers = {n for n, value in program.namespace.extra.items() if value is new_object}
    kinds: dict[str, list[Kind]] = {}
    for (_, n), kind in definitions.items():
        kinds.setdefault(n, []).append(kind)
    classes = {k.cls for of in kinds.values() for k in of if isinstance(k, Object) and k.made}
    for cls in sorted(classes if makers else (), key=lambda c: c.__name__):
        function = clone_head(program.function)
        function.body = clone(without_supers(program))
        records = _Records(replace(program, function=function), cls, kinds, makers)
        if records.are_certain():
            function.body = records.block(function.body)
            return replace(program, function=function)
    return None


class _Records(Transformer):
    """The objects of one class in a function, which is changed in place."""

    def __init__(self, program: Program, cls: type, kinds: dict[str, list[Kind]], makers: set[str]):
        self.program, self.cls, self.kinds, self.body = program, cls, kinds, program.function.body
        self.uses = Uses(cls, kinds, program)
        self.objects = {n for n, found in kinds.items() if any(isinstance(k, Object) and k.cls is cls for k in found)}
        self.making = [s for s in walk_statements(self.body) if makes(s, makers)
                       and program.namespace.lookup(s.value.args[0].id) is cls]  # type: ignore[attr-defined]
        self.stores = {id(s): list(takewhile(_goes_on, region(self.body, s))) for s in self.making}
        certain = [stored_certainly(self.stores[id(s)], s) for s in self.making]
        self.fields = sorted(set.intersection(*certain)) if certain else []
        self.names = FreshNames(names_read(self.body) | names_stored(self.body) | set(program.namespace.extra)
                                | set(parameter_names(program.function.args)))

    # -- what is certain ---------------------------------------------------------------------------------------------

    def are_certain(self) -> bool:
        """Are all objects of the class made here, and used in no way in which a dict is another thing?"""
        made_here = all(isinstance(k, Object) and k.cls is self.cls and k.made for n in self.objects for k in self.kinds[n])
        outside = names_kept(self.body) | set(parameter_names(self.program.function.args))
        if not self.making or not made_here or self.uses.names & outside or not self._attributes_are_known():
            return False
        making = set(map(id, self.making))
        return all(id(s) in making or self.uses.are_known(s) for s in walk_statements(self.body))

    def _attributes_are_known(self) -> bool:
        """Has each object all the attributes that are stored or read, from the start?"""
        attributes = [n for s in self.body for n in walk(s) if isinstance(n, gast.Attribute) and self.uses.is_object(n.value)]
        stored = {k.arg for s in self.making for k in s.value.keywords}  # type: ignore[attr-defined]
        stored |= {n.attr for n in attributes if not isinstance(n.ctx, gast.Load)}
        return stored == set(self.fields) and {n.attr for n in attributes} <= stored | of_class(self.cls, stored)

    # -- the text ----------------------------------------------------------------------------------------------------

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        rest = list(block)
        while rest:
            s = rest.pop(0)
            if id(s) in self.stores:
                count = len(self.stores[id(s)])
                new += self._record(s, rest[:count])
                del rest[:count]
            else:
                new.append(with_parts(s, self.block, self.visit) if isinstance(s, COMPOUND) else self.visit(s))
        return new

    def _record(self, made: Any, stores: list[gast.stmt]) -> list[gast.stmt]:
        """The object by a name of its own until its dict can be made."""
        variable = made.targets[0].id
        own, held = self.names.fresh(f"{variable}_made"), {f: self.names.fresh(f) for f in self.fields}
        for n in [n for s in (made, *stores) for n in walk(s) if is_name(n, variable)]:
            n.id = own
        reads = [assign(n, gast.Attribute(name(own), f, gast.Load())) for f, n in held.items()]
        record = assign(variable, gast.Dict([constant(f) for f in held], [name(n) for n in held.values()]))
        return [made, *self.block(stores), *(located(t, made) for t in [*reads, record])]

    def visit_Attribute(self, node: gast.Attribute) -> Any:
        record = self.uses.is_object(node.value)
        self.generic_visit(node)
        if not record:
            return node
        if node.attr not in self.fields:
            return located(gast.Attribute(name(self.making[0].value.args[0].id), node.attr, node.ctx), node)  # type: ignore
        return located(gast.Subscript(node.value, constant(node.attr), node.ctx), node)


def _goes_on(s: gast.stmt) -> bool:
    """Does what follows a statement run after it, if nothing is raised?"""
    return not any(isinstance(n, (gast.Break, gast.Continue, gast.Return)) for n in walk(s))
