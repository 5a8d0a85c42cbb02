"""Lists of one item that nested functions know, as plain variables again: once no call hands the list to a function.

    total_cell = [total]                        total = total + x
    total_cell[0] = total_cell[0] + x    ->     return total
    return total_cell[0]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import gast

from autodiff_src.analyze.functions import is_function
from autodiff_src.analyze.kinds import Kind
from autodiff_src.program import Program
from autodiff_src.refusals import names_kept, refusals_of
from autodiff_src.scopes import FUNCTIONS, own_names
from autodiff_src.syntax import (
    COMPOUND,
    LOOPS,
    Transformer,
    assign,
    blocks,
    captured,
    clone,
    clone_head,
    heads,
    is_name,
    located,
    name,
    names_read,
    names_stored,
    target_names,
    walk,
    walk_statements,
    with_blocks,
)


class Cells:
    """Of one function, the lists that are made once in it and used by their item only. Calls that hand one over are written
    out."""

    def __init__(self, body: list[gast.stmt]):
        self.found = set(_shared_cells(body))

    def note(self, body: list[gast.stmt], new: Mapping[str, str]) -> None:
        """Takes in those of a function that is written out: `body` is what it is under its own names."""
        self.found |= {new[c] for c in _shared_cells(body) if c in new}

    def as_variables(self, program: Program) -> Program | None:
        """The function with variables for those lists that no function in it knows any more; None where there is none."""
        if not self.found:
            return None
        body = without_unread(program.function.body)
        kept = names_kept(body)
        made = {c: s for c, s in _cells(body, walk_statements(body)).items() if c in self.found - kept}
        new = {c: first.id if _replaces(first, s, body, kept) else c  # type: ignore[union-attr]
               for c, s in made.items() for first in [s.value.elts[0]]}  # type: ignore[attr-defined]
        if not new:
            return None
        function = clone_head(program.function)
        function.body = _as_variables(body, new)
        return replace(program, function=function)


def held_in_cells(body: list[gast.stmt]) -> set[str]:
    """The variables whose values such lists are made with."""
    return names_read([s.value for s in _shared_cells(body).values()])


def _shared_cells(body: list[gast.stmt]) -> dict[str, gast.Assign]:
    """Those that nested functions know."""
    known = {n for s in walk_statements(body) if isinstance(s, gast.FunctionDef) for n in captured(s)}
    return {c: s for c, s in _cells(body, _outside_loops(body)).items() if c in known} if known else {}


def _cells(body: list[gast.stmt], statements: Iterable[gast.stmt]) -> dict[str, gast.Assign]:
    """List -> the one among `statements` that makes it."""
    made = {s.targets[0].id: s for s in statements if _makes_cell(s)}  # type: ignore[attr-defined]
    if not made:
        return {}
    nodes = [n for s in body for n in walk(s)]
    named = Counter(n.id for n in nodes if isinstance(n, gast.Name))
    items = Counter(n.value.id for n in nodes if _is_item(n))
    own = {n for f in nodes if isinstance(f, FUNCTIONS) for n in own_names(f)}
    return {c: s for c, s in made.items() if named[c] == items[c] + 1 and c not in own}  # type: ignore[misc]


def _makes_cell(s: gast.stmt) -> bool:
    one = isinstance(s, gast.Assign) and isinstance(s.value, gast.List) and len(s.value.elts) == 1
    return one and is_name(s.targets[0])  # type: ignore[attr-defined]


def _is_item(node: gast.AST) -> bool:
    item = isinstance(node, gast.Subscript) and is_name(node.value) and isinstance(node.slice, gast.Constant)
    return item and type(node.slice.value) is int and node.slice.value == 0  # type: ignore[attr-defined]


def _outside_loops(block: list[gast.stmt]) -> Iterator[gast.stmt]:
    for s in block:
        yield s
        if not isinstance(s, LOOPS):
            for inner in blocks(s):
                yield from _outside_loops(inner)


def without_unread_functions(program: Program, definitions: Mapping[tuple[int, str], Kind]) -> Program | None:
    """The function without nested functions that are not read, and what only holds such; None where there is none."""
    functions = {s for (s, _), kind in definitions.items() if is_function(kind)}
    items = {id(s) for s in walk_statements(program.function.body) if id(s) in functions and isinstance(s, gast.Assign)
             and isinstance(s.value, gast.Subscript)}
    body = without_unread(program.function.body, items)
    nested = [sum(isinstance(s, gast.FunctionDef) for s in walk_statements(b)) for b in (body, program.function.body)]
    if nested[0] == nested[1]:
        return None
    function = clone_head(program.function)
    function.body = body or [located(gast.Pass(), program.function)]
    return replace(program, function=function)


def without_unread(body: list[gast.stmt], items: Collection[int] = ()) -> list[gast.stmt]:
    """The body without functions, other names for values, and tuples, lists and dicts made here that are not read; `items`:
    the ids of statements that take functions out of these."""
    making = [s for s in walk_statements(body) if isinstance(s, gast.FunctionDef) or isinstance(s, gast.Assign) and (
        is_name(s.targets[0]) and (id(s) in items or isinstance(s.value, (gast.Name, gast.Tuple, gast.List, gast.Dict))))]
    apart = set(map(id, making))
    read = names_read([part for s in walk_statements(body) if id(s) not in apart for part in heads(s) or [s]])
    read |= {n for s in walk_statements(body) if isinstance(s, gast.AugAssign) for n in target_names(s)}
    read |= {n for refused in refusals_of(body) for n in refused.names}
    while more := {n for s in making if read & names_stored(s) for n in names_read(s)} - read:
        read |= more
    return without(body, {id(s) for s in making if not read & names_stored(s)})


def without(block: list[gast.stmt], gone: set[int]) -> list[gast.stmt]:
    return [with_blocks(s, lambda inner: without(inner, gone)) if isinstance(s, COMPOUND) else s
            for s in block if id(s) not in gone]


def _replaces(first: gast.expr, made: gast.stmt, body: list[gast.stmt], kept: set[str]) -> bool:
    """Is the variable that a list is made with not named behind that, so that it can stand for the item?"""
    if not is_name(first) or first.id in kept:  # type: ignore[attr-defined]
        return False
    variable: str = first.id  # type: ignore[attr-defined]
    naming = [s for s in walk_statements(body) if any(is_name(n, variable) for part in heads(s) or [s] for n in walk(part))
              or isinstance(s, gast.For) and is_name(s.target, variable)]
    if naming[-1] is not made:
        return False
    if any(s is made for s in _outside_loops(body)):
        return True
    block = next(b for b in all_blocks(body) if any(s is made for s in b))
    begin = naming[0]
    return any(s is begin for s in block) and isinstance(begin, gast.Assign) and variable not in names_read(begin.value)


def _as_variables(body: list[gast.stmt], new: dict[str, str]) -> list[gast.stmt]:
    change = _Variables(new)
    body = [change.visit(s) for s in clone(body)]
    same = {id(s) for s in walk_statements(body) if isinstance(s, gast.Assign) and is_name(s.value)
            and is_name(s.targets[0], s.value.id)}  # type: ignore[attr-defined]
    return without(body, same)


class _Variables(Transformer):
    """Writes `new[c]` for `c[0]`, and for the list where it is made."""

    def __init__(self, new: dict[str, str]):
        self.new = new

    def visit_Assign(self, s: gast.Assign) -> gast.Assign:
        made = _makes_cell(s) and self.new.get(s.targets[0].id)  # type: ignore[attr-defined]
        return assign(made, s.value.elts[0], s) if made else self.generic_visit(s)  # type: ignore[attr-defined]

    def visit_Subscript(self, node: gast.Subscript) -> gast.expr:
        if _is_item(node) and node.value.id in self.new:  # type: ignore[attr-defined]
            return located(name(self.new[node.value.id], node.ctx), node)  # type: ignore[attr-defined]
        return self.generic_visit(node)


def all_blocks(block: list[gast.stmt]) -> Iterator[list[gast.stmt]]:
    """A block and all those in it, nested functions aside."""
    yield block
    for statement_ in block:
        for inner in blocks(statement_):
            yield from all_blocks(inner)
