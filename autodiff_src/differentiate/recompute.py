"""What is computed again instead of kept: index arithmetic, views, elements of arrays that stay or are restored, and a few
operations on numbers that are there anyway. What is plain is written where it is read, as often as it is read; the rest is
computed once in a block."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import gast

from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Float,
    Int,
    Kind,
    Known,
    List,
    Object,
    Scalar,
    Tuple,
    is_dict,
    is_immutable_number,
)
from autodiff_src.analyze.recording import Available, Blocks
from autodiff_src.analyze.sharing import Memory
from autodiff_src.differentiate.heads import asks_identity
from autodiff_src.differentiate.lasting import Lasting
from autodiff_src.syntax import (
    SHAPE_ATTRIBUTES,
    assign,
    blocks,
    children,
    is_name,
    name,
    names_read,
    substitute,
    walk,
    walk_statements,
)

_CHEAP_OPERATORS = (gast.Add, gast.Sub, gast.Mult, gast.USub, gast.UAdd)
_CHEAP_FUNCTIONS = frozenset(id(f) for f in vars(math).values() if callable(f))
_LONGEST = 4
_DEAREST = 3


@dataclass
class Recompute:
    """Answers for one function. `killed`: the variables that a statement binds or changes the contents of; `written`: arrays
    written in place, containers of which items change; `lasting`: which of these are changed no more; `restored`: arrays that
    the backward pass restores; `kept`: variables that are at hand in the backward pass anyway; `arithmetic`: beyond what is
    plain; `static`: what an expression stands for outside the function; `shallow`: outside loops, too; `reads`: what a
    statement reads."""

    definitions: dict[str, gast.Assign]
    kinds: dict[str, Kind]
    where: Blocks
    memory: Memory
    killed: Callable[[gast.stmt], set[str]]
    written: Collection[str]
    lasting: Lasting
    restored: Collection[str]
    kept: set[str]
    arithmetic: bool
    banned: Collection[str]
    static: Callable[[gast.expr], object]
    shallow: bool
    reads: Callable[[gast.stmt], set[str]]

    def run(self, body: list[gast.stmt]) -> None:
        self.available = Available(self.definitions, self.killed)
        self.available.run(body, self.available.names.of())

    def rewrite(
        self, body: list[gast.stmt], raw: dict[int, list[gast.stmt]]
    ) -> tuple[dict[int, list[gast.stmt]], set[tuple[int, str]]]:
        """The backward statements by a statement's id with what is computed again written out; and (statement's id, variable)
        where a variable is read that was computed again behind it."""
        values = {id(s): self._values(s, raw.get(id(s), [])) for s in walk_statements(body)}
        lacking = {n for found in values.values() for n, e in found.items() if e is None}
        new = dict(raw)
        at_hand: set[tuple[int, str]] = set()
        for block in [body, *(b for s in walk_statements(body) for b in blocks(s))]:
            readers: dict[str, list[gast.stmt]] = {}
            for s in block:
                for n in values[id(s)]:
                    readers.setdefault(n, []).append(s)
            for s in reversed([s for s in block if id(s) in raw]):
                holes = {}
                for n, e in values[id(s)].items():
                    short = e is not None and _is_plain(e) and _is_short(e)
                    if e is None or not short and (n in lacking or not self.arithmetic):
                        continue
                    if short or sum(_count(n, raw[id(t)]) for t in readers[n]) == 1:
                        holes[n] = e
                    else:
                        at_hand.add((id(s), n))
                        if s is readers[n][-1]:
                            new[id(s)] = [assign(n, e, s), *new[id(s)]]
                if holes:
                    new[id(s)] = [substitute(t, holes) for t in new[id(s)]]
        return new, at_hand

    def _values(self, s: gast.stmt, backward: list[gast.stmt]) -> dict[str, gast.expr | None]:
        """By a variable that the backward text of `s` reads: what to compute in place of it."""
        reads = {n for t in backward for n in self.reads(t)}
        return {n: self._at(s, n, reads) for n in sorted(reads)}

    def _at(self, s: gast.stmt, variable: str, reads: set[str]) -> gast.expr | None:
        """What to compute in place of a variable that the backward text of `s`, which reads `reads`, reads."""
        own = s.targets[0].id if isinstance(s, gast.Assign) and is_name(s.targets[0]) else None
        states = self.available.after if variable == own and self.where.depth_of(s) else self.available.before
        found = self.expression(variable, states.get(id(s)) or frozenset())
        new_value = own in reads and isinstance(s, gast.Assign) and own not in names_read(s.value)
        return None if new_value and found is not None and own in names_read(found) else found

    def apply(self, s: gast.stmt, statements: list[gast.stmt], kept: Collection[str] = ()) -> list[gast.stmt]:
        """Statements behind `s` with what is computed again written out; `kept` names stay."""
        reads = {n for t in statements for n in names_read(t)}
        known = self.available.before.get(id(s)) or frozenset()
        holes = {n: e for n in reads if n not in kept and (e := self.expression(n, known)) is not None}
        return [substitute(t, holes) for t in statements] if holes else statements

    def expression(self, variable: str, known: Collection[str], length: int = 0) -> gast.expr | None:
        """What to compute in place of a variable, or None to keep it."""
        s = self.definitions.get(variable)
        if s is None or variable not in known or length > _LONGEST or not self._is_cheap(variable, s):
            return None
        value = s.value
        if not names_read(value).isdisjoint(self.banned):
            return None
        arithmetic = not _is_plain(value) and not isinstance(self.kinds.get(variable), (Int, Bool))
        holes: dict[str, gast.expr] = {}
        for n in names_read(value):
            inner = self.expression(n, known, length + 1)
            if inner is not None:
                holes[n] = inner if self.arithmetic or _is_plain(inner) and _is_short(inner) else name(n)
            elif n not in self.kept and (arithmetic or self._costs_more(n, s)):
                return None
        found = substitute(value, holes)
        return found if not arithmetic or _cost(found) <= (_DEAREST if self.where.depth_of(s) else 1) else None

    def _costs_more(self, container: str, s: gast.Assign) -> bool:
        """Would a container be kept for the one number that `s` reads out of it, each time?"""
        made, kind = self.definitions.get(container), self.kinds.get(container, UNKNOWN)
        if isinstance(kind, Tuple) or is_immutable_number(kind):
            return False
        each_time = made is None or 0 < self.where.depth_of(s) == self.where.depth_of(made)
        return each_time and is_immutable_number(self.kinds.get(s.targets[0].id, UNKNOWN))

    def _is_cheap(self, variable: str, s: gast.Assign) -> bool:
        value, kind = s.value, self.kinds.get(variable, UNKNOWN)
        if isinstance(value, gast.Attribute) and isinstance(self.kinds.get(getattr(value.value, "id", "")), Object):
            return False
        if isinstance(kind, (Int, Bool)):
            return not asks_identity(value) and (not isinstance(value, gast.Call) or is_name(value.func, "len"))
        if isinstance(value, gast.Attribute):
            return value.attr in SHAPE_ATTRIBUTES or value.attr == "T"
        if _is_literal(value) or isinstance(value, gast.Name):
            return _is_literal(value) or isinstance(kind, (Array, Float, Scalar, Known))
        if isinstance(value, gast.Subscript):
            return self._is_cheap_read(s, value, kind)
        if not self.arithmetic or not self.where.depth_of(s) and not (self.shallow and isinstance(kind, Float)):
            return False
        if isinstance(value, (gast.BinOp, gast.UnaryOp)):
            cheap = isinstance(value.op, _CHEAP_OPERATORS) and isinstance(kind, (Float, Scalar, Array))
            return cheap or isinstance(kind, Float) and isinstance(value.op, (gast.Div, gast.Pow))
        return (
            isinstance(value, gast.Call)
            and isinstance(kind, Float)
            and id(self.static(value.func)) in _CHEAP_FUNCTIONS
            and all(is_immutable_number(self.kinds.get(a.id, UNKNOWN)) for a in value.args if isinstance(a, gast.Name))
        )

    def _is_cheap_read(self, s: gast.Assign, value: gast.Subscript, kind: Kind) -> bool:
        if isinstance(value.value, gast.Attribute):
            return True
        base = value.value.id if isinstance(value.value, gast.Name) else ""
        container = self.kinds.get(base, UNKNOWN)
        if isinstance(container, (Tuple, List)) or is_dict(container):
            return not isinstance(value.slice, gast.Slice) and (base not in self.written or self.lasting.stays(base, s))
        if not isinstance(container, Array) or not self.memory.is_basic(value.slice):
            return False
        return base not in self.written or base in self.restored


def _is_plain(e: gast.expr) -> bool:
    """Is it read, not computed: a name, a number, an element, a view or an attribute?"""
    if isinstance(e, gast.BinOp) and isinstance(e.op, (gast.Add, gast.Sub)) and isinstance(e.right, gast.Constant):
        return isinstance(e.left, gast.Name) and isinstance(e.right.value, int)
    return _is_literal(e) or not any(
        isinstance(n, (gast.BinOp, gast.UnaryOp, gast.Call, gast.Compare)) for n in _outside_indices(e))


def _is_short(e: gast.expr) -> bool:
    """Does it have indices that are read, not computed?"""
    indices = [i for n in walk(e) if isinstance(n, gast.Subscript) for i in getattr(n.slice, "elts", [n.slice])]
    return all(isinstance(i, gast.Slice) or _is_plain(i) for i in indices)


def _cost(e: gast.expr) -> int:
    """Roughly, in operations."""
    return sum(
        2 if isinstance(n, gast.Call) else isinstance(n, (gast.BinOp, gast.UnaryOp)) for n in _outside_indices(e)
    )


def _outside_indices(e: gast.AST) -> Iterator[gast.AST]:
    yield e
    for child in children(e):
        if not isinstance(e, gast.Subscript) or child is e.value:
            yield from _outside_indices(child)


def _count(variable: str, statements: list[gast.stmt]) -> int:
    return sum(is_name(n, variable) for t in statements for n in walk(t))


def _is_literal(e: gast.expr) -> bool:
    """A number as it is written, with or without a sign?"""
    return isinstance(e, gast.Constant) or isinstance(e, gast.UnaryOp) and isinstance(e.op, gast.USub) and isinstance(
        e.operand, gast.Constant)
