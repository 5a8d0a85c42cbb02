"""Objects that were made and put into a list, as tuples in it: for objects in which nothing is stored later.

    points.append(p)            ->      x = p.x
                                        y = p.y
                                        points.append((x, y))
    q = points[k]                       held = points[k]
                                        q = new_object(Point, x=held[0], y=held[1])
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.analyze.kinds import Kind, List, Object
from autodiff_src.analyze.scattered import copies, makes, region, stored_certainly
from autodiff_src.program import FreshNames, Program
from autodiff_src.refusals import names_kept
from autodiff_src.runtime.objects import new_object
from autodiff_src.syntax import (
    COMPOUND,
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
    with_blocks,
)


def with_tuples(program: Program, definitions: dict[tuple[int, str], Kind]) -> Program | None:
    """The function with tuples in those lists of which this is certain; None where there is none."""
    makers = {n for n, value in program.namespace.extra.items() if value is new_object}
    kinds = {n: kind for (_, n), kind in definitions.items()}
    classes = {k.item.cls for k in kinds.values() if isinstance(k, List) and isinstance(k.item, Object) and k.item.made}
    for cls in sorted(classes if makers else (), key=lambda c: c.__name__):
        lists = _Lists(program, cls, kinds, makers)
        if lists.are_certain():
            function = clone_head(program.function)
            function.body = lists.block(program.function.body)
            return replace(program, function=function)
    return None


class _Lists:
    """The lists that hold objects of one class, and the objects in them."""

    def __init__(self, program: Program, cls: type, kinds: dict[str, Kind], makers: set[str]):
        self.program, self.cls, self.body = program, cls, program.function.body
        self.lists = {n for n, k in kinds.items() if isinstance(k, List) and isinstance(k.item, Object) and k.item.cls is cls}
        self.objects = {n for n, k in kinds.items() if isinstance(k, Object) and k.cls is cls}
        statements = list(walk_statements(self.body))
        self.lists &= {n.id for s in statements for n in walk(s) if isinstance(n, gast.Name)}
        self.making = [s for s in statements if makes(s, makers)
                       and program.namespace.lookup(s.value.args[0].id) is cls]  # type: ignore[attr-defined]
        self.makers = makers
        used = names_read(self.body) | names_stored(self.body) | set(program.namespace.extra)
        self.names = FreshNames(used | set(parameter_names(program.function.args)))

    def are_certain(self) -> bool:
        """Is nothing stored in the objects after they were made, are all of them made here, and are the lists only read by
        position and appended to?"""
        if not self.making or not self.lists:
            return False
        parameters = set(parameter_names(self.program.function.args))
        kept = names_kept(self.body)
        if (self.lists | self.objects) & parameters or self.lists & kept or not self._are_made_here():
            return False
        regions = [region(self.body, s) for s in self.making]
        certain = set.intersection(*(stored_certainly(r, s) for r, s in zip(regions, self.making, strict=True)))
        early = {id(t) for r in regions for t in walk_statements(r)}
        places = [(s, s.targets[0]) for s in walk_statements(self.body) if isinstance(s, gast.Assign)]
        stores = [s for s, t in places if isinstance(t, gast.Attribute) and is_name(t.value) and t.value.id in self.objects]
        stored = {s.targets[0].attr for s in stores} | {k.arg for s in self.making for k in s.value.keywords}  # type: ignore
        self.fields = sorted(certain)
        return stored <= certain and all(id(s) in early for s in stores) and self._lists_are_known()

    def _are_made_here(self) -> bool:
        """Is each variable of the class bound to what was made, is another name for it, or comes out of one of the lists?"""
        making = set(map(id, self.making))
        for s in walk_statements(self.body):
            for n in names_stored(s.targets) & self.objects if isinstance(s, gast.Assign) else ():
                other = copies(s) and s.value.id in self.objects
                if id(s) not in making and not other and not (self._reads(s) and is_name(s.targets[0], n)):
                    return False
        return True

    def _lists_are_known(self) -> bool:
        """Is each mention of the lists one that has a form for tuples?"""
        nodes = [n for s in self.body for n in walk(s)]
        named = Counter(n.id for n in nodes if isinstance(n, gast.Name) and n.id in self.lists)
        known: Counter[str] = Counter()
        for s in walk_statements(self.body):
            if self._begins(s) or self._reads(s):
                known[s.targets[0].id if self._begins(s) else s.value.value.id] += 1  # type: ignore[attr-defined]
            elif self._appends(s):
                known[s.value.func.value.id] += 1  # type: ignore[attr-defined]
        known.update(n.args[0].id for n in nodes if isinstance(n, gast.Call) and is_name(n.func, "len") and len(n.args) == 1
                     and is_name(n.args[0]) and n.args[0].id in self.lists)
        return named == known and self.program.namespace.lookup("len") is len

    def _begins(self, s: Any) -> bool:
        made = isinstance(s, gast.Assign) and is_name(s.targets[0]) and s.targets[0].id in self.lists
        return made and isinstance(s.value, gast.List) and all(is_name(e) and e.id in self.objects for e in s.value.elts)

    def _appends(self, s: Any) -> bool:
        call = s.value if isinstance(s, gast.Expr) else None
        if not isinstance(call, gast.Call) or not isinstance(call.func, gast.Attribute) or call.func.attr != "append":
            return False
        held = is_name(call.func.value) and call.func.value.id in self.lists  # type: ignore[attr-defined]
        return held and is_name(call.args[0]) and call.args[0].id in self.objects  # type: ignore[attr-defined]

    def _reads(self, s: Any) -> bool:
        item = isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, gast.Subscript)
        return item and is_name(s.value.value) and s.value.value.id in self.lists and not isinstance(s.value.slice, gast.Slice)

    # -- the text ----------------------------------------------------------------------------------------------------

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        return [t for s in block for t in ([with_blocks(s, self.block)] if isinstance(s, COMPOUND) else self._statement(s))]

    def _statement(self, s: Any) -> list[gast.stmt]:
        before: list[gast.stmt] = []
        new = s
        if self._begins(s):
            new = assign(s.targets[0], gast.List([self._tuple(e, before) for e in s.value.elts], gast.Load()))
        elif self._appends(s):
            new = gast.Expr(gast.Call(clone(s.value.func), [self._tuple(s.value.args[0], before)], []))
        elif self._reads(s):
            held = {f: self.names.fresh(f) for f in self.fields}
            item = self.names.fresh("item")
            before.append(assign(item, s.value))
            before += [assign(n, gast.Subscript(name(item), constant(i), gast.Load())) for i, n in enumerate(held.values())]
            cls, maker = self.making[0].value.args[0].id, min(self.makers)  # type: ignore[attr-defined]
            fields = [gast.keyword(f, name(n)) for f, n in held.items()]
            new = assign(s.targets[0], gast.Call(name(maker), [name(cls)], fields))
        return [located(t, s) for t in [*before, new]]

    def _tuple(self, of: gast.expr, before: list[gast.stmt]) -> gast.expr:
        held = [self.names.fresh(f) for f in self.fields]
        before += [assign(n, gast.Attribute(clone(of), f, gast.Load())) for n, f in zip(held, self.fields, strict=True)]
        item = self.names.fresh("item")
        before.append(assign(item, gast.Tuple([name(n) for n in held], gast.Load())))
        return name(item)
