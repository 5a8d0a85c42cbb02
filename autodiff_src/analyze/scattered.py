"""Objects that were made and are used by their attributes only, as variables.

    vector = new_object(Vector)
    vector.x = a                ->      p_x = a
    p = vector                          return p_x * p_x
    return p.x * p.x
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.analyze.cells import all_blocks, without, without_unread
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import MISSING, FreshNames, Program
from autodiff_src.refusals import names_kept
from autodiff_src.renaming import renamed
from autodiff_src.runtime.objects import new_object
from autodiff_src.syntax import (
    COMPOUND,
    Transformer,
    assign,
    blocks,
    clone,
    clone_head,
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


def scattered(program: Program) -> Program | None:
    """The function with variables for the attributes of those objects of which this is certain; None where there is none.

    An object may go by several names if nothing is stored in it after it was made; else it must go by one.
    """
    makers = {n for n, value in program.namespace.extra.items() if value is new_object}
    if not makers:
        return None
    body = _in_turn(without_unread(without_supers(program)), makers)
    body = _without_renaming(body, makers)
    parameters = set(parameter_names(program.function.args))
    kept = names_kept(body) | parameters
    groups = [g for g in _groups(body, makers, program) if g.names.isdisjoint(kept) and g.is_certain(body)]
    if not groups:
        return None
    taken = FreshNames(names_read(body) | names_stored(body) | parameters | set(program.namespace.extra))
    function = clone_head(program.function)
    body = clone(body)
    for group in groups:
        body = _Attributes(group, taken).block(body)
    function.body = body
    return replace(program, function=function)


def classes_made(program: Program) -> set[type]:
    """The classes of objects that are made in the text."""
    makers = {n for n, value in program.namespace.extra.items() if value is new_object}
    return {program.namespace.lookup(s.value.args[0].id) for s in walk_statements(program.function.body)  # type: ignore
            if makes(s, makers)}


def without_supers(program: Program) -> list[gast.stmt]:
    """The body without those calls of `super` of which the methods have been written out, and without `p = p`."""
    body, named = program.function.body, Counter(_mentions(program.function.body))
    supers = {id(s) for s in walk_statements(body) if isinstance(s, gast.Assign) and isinstance(s.value, gast.Call)
              and is_name(s.value.func, "super") and is_name(s.targets[0]) and named[s.targets[0].id] == 1
              and program.namespace.lookup("super") is super}
    same = {id(s) for s in walk_statements(body) if copies(s) and s.value.id == s.targets[0].id}  # type: ignore
    return without(body, supers | same)


def makes(s: gast.stmt, makers: set[str]) -> bool:
    return isinstance(s, gast.Assign) and isinstance(s.value, gast.Call) and is_name(s.value.func) and s.value.func.id in makers


def copies(s: gast.stmt) -> bool:
    return isinstance(s, gast.Assign) and is_name(s.targets[0]) and is_name(s.value)


class _Group:
    """Variables among which objects that were made are handed on."""

    def __init__(self, names: set[str], body: list[gast.stmt], makers: set[str], program: Program):
        self.names, self.makers = names, makers
        statements = list(walk_statements(body))
        self.making = [s for s in statements if makes(s, makers) and s.targets[0].id in names]  # type: ignore[attr-defined]
        self.copies = [s for s in statements if copies(s) and s.value.id in names]  # type: ignore[attr-defined]
        self.stores = [s for s in statements if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Attribute)
                       and is_name(s.targets[0].value) and s.targets[0].value.id in names]
        self.classes = {s.value.args[0].id for s in self.making}  # type: ignore[attr-defined]
        self.stored = {s.targets[0].attr for s in self.stores}  # type: ignore[attr-defined]
        self.stored |= {k.arg for s in self.making for k in s.value.keywords}  # type: ignore[attr-defined]
        self.cls = program.namespace.lookup(next(iter(self.classes)))

    def is_certain(self, body: list[gast.stmt]) -> bool:
        """Is all that happens to the objects known: nothing but stores and reads of attributes that they have?"""
        bound = {s.targets[0].id for s in [*self.making, *self.copies]}  # type: ignore[attr-defined]
        if len(self.classes) > 1 or bound != self.names or not self._names_are_known(body):
            return False
        regions = [region(body, s) for s in self.making]
        begun = [stored_certainly(r, s) for r, s in zip(regions, self.making, strict=True)]
        certain = set.intersection(*begun)
        if not self.attributes_read(body) - of_class(self.cls, self.stored) <= certain:
            return False
        if not self.copies:
            return True
        early = {id(t) for r in regions for t in walk_statements(r)}
        return self.stored <= certain and all(id(s) in early for s in self.stores)

    def _names_are_known(self, body: list[gast.stmt]) -> bool:
        """Is each mention of the variables one that has a form for attributes?"""
        nodes = [n for s in body for n in walk(s)]
        named = Counter(n.id for n in nodes if isinstance(n, gast.Name) and n.id in self.names)
        known = Counter(n.value.id for n in nodes if isinstance(n, gast.Attribute) and is_name(n.value))
        known.update(s.targets[0].id for s in [*self.making, *self.copies])  # type: ignore[attr-defined]
        known.update(s.value.id for s in self.copies)  # type: ignore[attr-defined]
        return all(named[n] == known[n] for n in self.names)

    def attributes_read(self, body: list[gast.stmt]) -> set[str]:
        return {n.attr for s in body for n in walk(s) if isinstance(n, gast.Attribute) and is_name(n.value)
                and n.value.id in self.names and isinstance(n.ctx, gast.Load)}


def of_class(cls: type, stored: set[str]) -> set[str]:
    """Attributes that only the class has, and that it gives as they are."""
    held = {n: class_attribute(cls, n) for base in cls.__mro__ for n in base.__dict__}
    return {n for n, value in held.items() if n not in stored and value is not MISSING and not hasattr(type(value), "__get__")}


def _groups(body: list[gast.stmt], makers: set[str], program: Program) -> list[_Group]:
    handed = [s for s in walk_statements(body) if copies(s)]
    made = {s.targets[0].id for s in walk_statements(body) if makes(s, makers)}  # type: ignore[attr-defined]
    found: list[_Group] = []
    while made:
        names = {min(made)}
        while more := {n for s in handed for n in (s.targets[0].id, s.value.id)  # type: ignore[attr-defined]
                       if s.value.id in names or s.targets[0].id in names} - names:  # type: ignore[attr-defined]
            names |= more
        made -= names
        found.append(_Group(names, body, makers, program))
    return found


def region(body: list[gast.stmt], made: gast.stmt) -> list[gast.stmt]:
    """What follows in the block until the object may go by another name, or the name stands for another object."""
    variable: str = made.targets[0].id  # type: ignore[attr-defined]
    block = next(b for b in all_blocks(body) if any(s is made for s in b))
    start = next(i for i, s in enumerate(block) if s is made) + 1
    end = start
    while end < len(block) and not _hands_on(block[end], variable):
        end += 1
    return block[start:end]


def _hands_on(s: gast.stmt, variable: str) -> bool:
    """Is a variable named other than for an attribute?"""
    nodes = list(walk(s))
    attributes = sum(isinstance(n, gast.Attribute) and is_name(n.value, variable) for n in nodes)
    return sum(is_name(n, variable) for n in nodes) > attributes


def stored_certainly(block: list[gast.stmt], made: Any) -> set[str]:
    """The attributes that an object has behind a block, whatever way it takes."""
    variable, found = made.targets[0].id, {k.arg for k in made.value.keywords}
    for s in block:
        if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Attribute) and is_name(s.targets[0].value, variable):
            found.add(s.targets[0].attr)
        elif isinstance(s, gast.If):
            ends = [stored_certainly(b, made) for b in (s.body, s.orelse) if not b or not isinstance(b[-1], gast.Raise)]
            found |= set.intersection(*ends) if ends else set()
        elif isinstance(s, gast.With):
            found |= stored_certainly(s.body, made)
    return found


# -- one name for an object that is handed on at once ---------------------------------------------------------------


def _without_renaming(body: list[gast.stmt], makers: set[str]) -> list[gast.stmt]:
    """`p = vector` goes where `vector` is named nowhere behind it, and `p` nowhere between: it is `p` from the start."""
    body = _with_own_names(body, makers)
    while True:
        made = _made_names(body, makers)
        found = next(_renamings(body, made, Counter(_mentions(body))), None)
        if found is None:
            return body
        block, start, copy = found
        i = next(i for i, s in enumerate(block) if s is copy)
        old, new = copy.value.id, copy.targets[0].id  # type: ignore[attr-defined]
        changed = renamed(block[start:i], {old: new})
        body = _with_block(body, block, [*block[:start], *changed, *block[i + 1:]])


def _in_turn(body: list[gast.stmt], makers: set[str]) -> list[gast.stmt]:
    """`p, q = q, p` as copies one after the other; so `pair = p, q` and `a, b = pair`."""
    made, all_ = _made_names(body, makers), Counter(_mentions(body))
    names = FreshNames(all_)

    def of_block(block: list[gast.stmt]) -> list[gast.stmt]:
        block = _without_pairs(block, made, all_)
        split = [[with_blocks(s, of_block)] if isinstance(s, COMPOUND) else _one_by_one(s, made, names) for s in block]
        return [t for statements in split for t in statements]

    return of_block(body)


def _without_pairs(block: list[gast.stmt], made: set[str], all_: Counter[str]) -> list[gast.stmt]:
    """The block without tuples of objects that are unpacked in it, before the names in them stand for others."""
    for i, s in enumerate(block):
        made_here = isinstance(s, gast.Assign) and isinstance(s.value, gast.Tuple) and made & names_read(s.value)
        if made_here and is_name(s.targets[0]):  # type: ignore[attr-defined]
            variable: str = s.targets[0].id  # type: ignore[attr-defined]
            k = next((k for k, t in enumerate(block[i + 1:], i + 1) if variable in _mentions([t])), i)
            t = block[k]
            unpacked = isinstance(t, gast.Assign) and isinstance(t.targets[0], gast.Tuple) and is_name(t.value, variable)
            if k > i and unpacked and all_[variable] == 2 and not names_read(s.value) & names_stored(block[i + 1:k]):
                new = located(gast.Assign(t.targets, s.value, None), t)  # type: ignore[attr-defined]
                return [*block[:i], *_without_pairs([*block[i + 1:k], new, *block[k + 1:]], made, all_)]
    return block


def _one_by_one(s: Any, made: set[str], names: FreshNames) -> list[gast.stmt]:
    if not isinstance(s, gast.Assign) or not isinstance(s.targets[0], gast.Tuple) or not isinstance(s.value, gast.Tuple):
        return [s]
    if not made & {*names_read(s.value), *names_stored(s.targets)}:
        return [s]
    held = [names.fresh(f"{t.id}_next") for t in s.targets[0].elts]  # type: ignore[attr-defined]
    pairs = zip(s.targets[0].elts, held, strict=True)
    return [*(assign(h, v, s) for h, v in zip(held, s.value.elts, strict=True)), *(assign(t, name(h), s) for t, h in pairs)]


def _with_own_names(body: list[gast.stmt], makers: set[str]) -> list[gast.stmt]:
    """`p = vector` gets a name of its own where `p` was a number before: what is named in one block only is split there."""
    names = FreshNames(_mentions(body))
    made = _made_names(body, makers)
    all_ = Counter(_mentions(body))
    for block in list(all_blocks(body)):
        for i, s in enumerate(block):
            if not copies(s) or s.value.id not in made:  # type: ignore[attr-defined]
                continue
            variable = s.targets[0].id  # type: ignore[attr-defined]
            before = [t for t in block[:i] if variable in _mentions([t])]
            if sum(_mentions([t]).count(variable) for t in block) == all_[variable] and before and (
                    _binds(before[0], variable) and variable not in names_read(before[0])):
                new = names.fresh(variable)
                block[i:] = [*renamed([assign(name(variable, gast.Store()), s.value, s)], {variable: new}),  # type: ignore
                             *renamed(block[i + 1:], {variable: new})]
                all_ = Counter(_mentions(body))
    return body


def _made_names(body: list[gast.stmt], makers: set[str]) -> set[str]:
    """The variables that objects which were made go by."""
    made = {s.targets[0].id for s in walk_statements(body) if makes(s, makers)}  # type: ignore[attr-defined]
    handed = [(s.targets[0].id, s.value.id) for s in walk_statements(body) if copies(s)]  # type: ignore[attr-defined]
    handed += [(t.id, v.id) for s in walk_statements(body) if isinstance(s, gast.Assign)  # type: ignore[attr-defined]
               and isinstance(s.targets[0], gast.Tuple) and isinstance(s.value, gast.Tuple)
               for t, v in zip(s.targets[0].elts, s.value.elts, strict=True) if is_name(v)]
    while more := {t for t, v in handed if v in made} - made:
        made |= more
    return made


def _mentions(block: list[gast.stmt]) -> list[str]:
    return [n.id for s in block for n in walk(s) if isinstance(n, gast.Name)]


def _renamings(
    block: list[gast.stmt], made: set[str], all_: Counter[str]
) -> Iterator[tuple[list[gast.stmt], int, gast.Assign]]:
    for i, s in enumerate(block):
        if isinstance(s, gast.Assign) and copies(s) and s.value.id in made:  # type: ignore[attr-defined]
            old, new = s.value.id, s.targets[0].id  # type: ignore[attr-defined]
            counts = [Counter(_mentions([t])) for t in block[:i]]
            start = next((k for k, c in enumerate(counts) if c[old]), i)
            alone = sum(c[old] for c in counts) + 1 == all_[old] and not any(c[new] for c in counts[start:])
            if old != new and alone and any(_binds(t, old) for t in block[start:i]):
                yield block, start, s
        elif isinstance(s, COMPOUND) and not isinstance(s, gast.Try):
            for inner in blocks(s):
                yield from _renamings(inner, made, all_)


def _binds(s: gast.stmt, variable: str) -> bool:
    if isinstance(s, gast.If):
        return all(any(_binds(t, variable) or isinstance(t, gast.Raise) for t in b) for b in (s.body, s.orelse))
    return isinstance(s, gast.Assign) and is_name(s.targets[0], variable)


def _with_block(body: list[gast.stmt], old: list[gast.stmt], new: list[gast.stmt]) -> list[gast.stmt]:
    if body is old:
        return new
    return [with_blocks(s, lambda inner: _with_block(inner, old, new)) if isinstance(s, COMPOUND) else s for s in body]


def with_parts(s: Any, block: Callable[[list[gast.stmt]], list[gast.stmt]], visit: Callable[[Any], Any]) -> Any:
    """A compound statement with its blocks changed, and what it evaluates outside them."""
    new = with_blocks(s, block)
    for field in ("test", "iter", "items"):
        if hasattr(new, field):
            part = getattr(new, field)
            setattr(new, field, [visit(p) for p in part] if isinstance(part, list) else visit(part))
    return new


class _Attributes(Transformer):
    """Writes variables for the attributes of a group."""

    def __init__(self, group: _Group, taken: FreshNames):
        self.group = group
        wanted = [(n, a) for n in sorted(group.names) for a in sorted(group.stored)]
        self.new = {pair: taken.fresh("_".join(pair)) for pair in wanted}

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        return [t for s in block for t in self._statement(s)]

    def _statement(self, s: Any) -> list[gast.stmt]:
        group = self.group
        if isinstance(s, COMPOUND):
            return [with_parts(s, self.block, self.visit)]
        if makes(s, group.makers) and s.targets[0].id in group.names:
            return [assign(self.new[s.targets[0].id, k.arg], k.value, s) for k in s.value.keywords]
        if copies(s) and s.value.id in group.names:
            return [assign(self.new[s.targets[0].id, a], name(self.new[s.value.id, a]), s) for a in sorted(group.stored)]
        return [self.visit(s)]

    def visit_Attribute(self, node: gast.Attribute) -> Any:
        if not is_name(node.value) or node.value.id not in self.group.names:  # type: ignore[attr-defined]
            return self.generic_visit(node)
        if node.attr not in self.group.stored:
            return located(gast.Attribute(name(next(iter(self.group.classes))), node.attr, node.ctx), node)
        return located(name(self.new[node.value.id, node.attr], node.ctx), node)  # type: ignore[attr-defined]


