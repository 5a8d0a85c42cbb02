"""One name per web: definitions that meet at a use keep one name, others get one of their own.

    z = h @ w                  z = h @ w
    z = z - z.max()     ->     z2 = z - z.max()
    return z.sum()             return z2.sum()

A loop's variable that is read elsewhere, or assigned in the body, becomes an ordinary variable next to a fresh index.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from autodiff_src.analyze.dataflow import Forward
from autodiff_src.analyze.kinds import Int, Kind, join
from autodiff_src.analyze.specialise import Specialised
from autodiff_src.program import FreshNames
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    blocks,
    captured,
    heads,
    is_name,
    name,
    names_read,
    names_stored,
    target_names,
    walk,
    walk_statements,
)

Definition = tuple[int, str]
Reaching = dict[str, frozenset[Definition]]


class _Reaching(Forward[Reaching]):
    """Which definitions of each variable reach a point."""

    stepwise = True  # a `finally` block reads what was bound last, wherever an exception was raised

    def join(self, a: Reaching, b: Reaching) -> Reaching:
        met = {n: found if (other := b.get(n, found)) is found else found | other for n, found in a.items()}
        return {**met, **{n: found for n, found in b.items() if n not in met}}

    def at(self, s: gast.stmt) -> Reaching:
        """What reaches the operands of a statement; a `while` test is reached from the end of the body, too."""
        state = self.before.get(id(s)) or {}
        return self.join(state, self.after.get(id(s.body[-1])) or {}) if isinstance(s, gast.While) else state

    def step(self, s: gast.stmt, state: Reaching) -> Reaching:
        return self._define(s, state)

    def bind(self, s: gast.For | gast.With, state: Reaching) -> Reaching:
        return self._define(s, state)

    def _define(self, s: gast.stmt, state: Reaching) -> Reaching:
        defined = target_names(s)
        return {**state, **{n: frozenset({(id(s), n)}) for n in defined}} if defined else state


def separate_webs(specialised: Specialised) -> dict[str, Kind]:
    """Renames the variables of the program in place, one name per web; returns the kind of each."""
    body = specialised.program.function.body
    names = FreshNames(names_read(body) | names_stored(body) | set(specialised.parameters))
    _separate_loop_variables(body, names, specialised)
    reaching = _Reaching()
    reaching.run(body, {p: frozenset({(0, p)}) for p in specialised.parameters})
    union = _union(body, reaching, specialised.parameters)
    return _rename(body, specialised, reaching, union, names)


class _Union:
    def __init__(self) -> None:
        self.parent: dict[Definition, Definition] = {}

    def find(self, d: Definition) -> Definition:
        root = self.parent.setdefault(d, d)
        while self.parent[root] != root:
            root = self.parent[root]
        self.parent[d] = root
        return root

    def unite(self, definitions: list[Definition]) -> None:
        roots = [self.find(d) for d in definitions]
        for r in roots[1:]:
            self.parent[r] = roots[0]


def _own_reads(s: gast.stmt) -> set[str]:
    """What a statement itself reads, not what it contains; in-place updates of a name read it."""
    if isinstance(s, COMPOUND):
        return names_read(heads(s))
    reads = names_read(s)
    if isinstance(s, gast.AugAssign) and isinstance(s.target, gast.Name):
        reads.add(s.target.id)
    return reads


def _union(body: list[gast.stmt], reaching: _Reaching, parameters: tuple[str, ...]) -> _Union:
    """The webs; a variable that a nested function reads is one, whatever of it is read outside."""
    union = _Union()
    nested = {n for s in walk_statements(body) if isinstance(s, gast.FunctionDef) for n in captured(s)}
    by_name: dict[str, list[Definition]] = {p: [(0, p)] for p in parameters if p in nested}
    for s in walk_statements(body):
        for n in target_names(s):
            if n in nested or isinstance(s, gast.AugAssign):
                by_name.setdefault(n, []).append((id(s), n))
        if reaching.before.get(id(s)) is None:
            continue
        state = reaching.at(s)
        for n in _own_reads(s):
            reached = [*state.get(n, ())]
            if reached:
                union.unite(reached)
            if n in nested:
                by_name.setdefault(n, []).extend(reached)
        if isinstance(s, gast.AugAssign) and isinstance(s.target, gast.Name):
            union.unite([*state.get(s.target.id, ()), (id(s), s.target.id)])
    for n in nested:
        union.unite(by_name.get(n, []))
    return union


def _rename(body: list[gast.stmt], specialised: Specialised, reaching: _Reaching, union: _Union,
            names: FreshNames) -> dict[str, Kind]:
    chosen: dict[Definition, str] = {}
    used: set[str] = set()
    kinds: dict[str, Kind] = {}
    for p in specialised.parameters:
        chosen[union.find((0, p))] = p
        used.add(p)
        kinds[p] = specialised.kinds[p]

    def new_name(d: Definition) -> str:
        root = union.find(d)
        if root not in chosen:
            chosen[root] = d[1] if d[1] not in used else names.fresh(d[1].rstrip("0123456789") or d[1])
            used.add(chosen[root])
        return chosen[root]

    for s in walk_statements(body):
        for n in target_names(s):
            new = new_name((id(s), n))
            kind = specialised.definitions.get((id(s), n))
            if kind is not None:
                kinds[new] = kind if new not in kinds else join(kinds[new], kind)
    for s in walk_statements(body):
        for n in target_names(s):
            kind = specialised.definitions.get((id(s), n))
            if kind is not None:
                specialised.definitions[id(s), new_name((id(s), n))] = kind
        _rename_statement(s, reaching, chosen, union)
    return kinds


def _rename_statement(s: gast.stmt, reaching: _Reaching, chosen: dict[Definition, str], union: _Union) -> None:
    state = reaching.at(s)
    for node in _own_names(s):
        found = state.get(node.id, ()) if isinstance(node.ctx, gast.Load) else [(id(s), node.id)]
        for root in {union.find(d) for d in found} & chosen.keys():
            node.id = chosen[root]


def _own_names(s: gast.stmt) -> Iterator[gast.Name]:
    """The name nodes of a statement, without those of the statements in it and of nested functions."""
    parts: list[Any] = [s]
    if blocks(s):
        parts = [*heads(s), *([s.target] if isinstance(s, gast.For) else getattr(s, "items", ()))]
    elif isinstance(s, gast.FunctionDef):
        return
    for part in parts:
        for node in walk(part):
            if isinstance(node, gast.Name):
                yield node


def _separate_loop_variables(block: list[gast.stmt], names: FreshNames, specialised: Specialised) -> None:
    """Loop targets used anywhere but in their own body, or bound there, are assigned from a fresh index."""
    loops = [s for s in walk_statements(block) if isinstance(s, gast.For)]
    for s in loops:
        target = s.target.id  # type: ignore[attr-defined]
        if target not in names_stored(s.body) and not _read_outside(block, s, target):
            continue
        index = names.fresh("k")
        first = assign(target, name(index), s)
        specialised.definitions[id(first), target] = Int()
        specialised.definitions[id(s), index] = Int()
        s.target = name(index, gast.Store())
        s.body.insert(0, first)


def _read_outside(block: list[gast.stmt], loop: gast.For, target: str) -> bool:
    """Is `target` read where no loop of that name is around? Then a value may come from this loop, or another."""
    for s in block:
        if s is loop:
            continue
        if isinstance(s, gast.For) and is_name(s.target, target):
            if target in names_read(s.iter):
                return True
            continue
        if isinstance(s, gast.FunctionDef) and target in captured(s):
            return True
        inner = blocks(s)
        if inner and any(_read_outside(b, loop, target) for b in inner):
            return True
        if target in _own_reads(s) or target in target_names(s) and isinstance(s, gast.AugAssign):
            return True
    return False


