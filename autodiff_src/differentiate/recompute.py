"""What is computed again instead of kept: index arithmetic, views, elements of arrays that stay or are restored, and a few
operations on numbers that are there anyway."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Array, Bool, Float, Int, Kind, Known, List, Scalar, Tuple
from autodiff_src.analyze.recording import Available, Blocks
from autodiff_src.analyze.sharing import Memory
from autodiff_src.syntax import SHAPE_ATTRIBUTES, is_name, names_read, substitute

_CHEAP_OPERATORS = (gast.Add, gast.Sub, gast.Mult, gast.USub, gast.UAdd)
_LONGEST = 4


@dataclass
class Recompute:
    """Answers for one function. `written`: arrays written in place; `restored`: of these, those that the backward pass
    restores; `kept`: variables that are at hand in the backward pass anyway."""

    definitions: dict[str, gast.Assign]
    kinds: dict[str, Kind]
    where: Blocks
    memory: Memory
    killed: Callable[[gast.stmt], set[str]]
    written: Collection[str]
    restored: Collection[str]
    kept: set[str]
    arithmetic: bool
    banned: Collection[str]

    def run(self, body: list[gast.stmt]) -> None:
        self.available = Available(self.definitions, self.killed)
        self.available.run(body, frozenset())

    def apply(self, s: gast.stmt, statements: list[gast.stmt], kept: Collection[str] = ()) -> list[gast.stmt]:
        """The backward statements of `s` with what is computed again written out; `kept` names stay."""
        own = s.targets[0].id if isinstance(s, gast.Assign) and is_name(s.targets[0]) else None
        reads = {n for t in statements for n in names_read(t)}
        known = self.available.before.get(id(s)) or frozenset()
        holes = {n: e for n in reads if n != own and n not in kept and (e := self.expression(n, known)) is not None}
        if own in reads and isinstance(s, gast.Assign) and own not in names_read(s.value):
            holes = {n: e for n, e in holes.items() if own not in names_read(e)}  # the text reads the new value
        return [substitute(t, holes) for t in statements] if holes else statements

    def expression(self, variable: str, known: Collection[str], length: int = 0) -> gast.expr | None:
        """What to compute in place of a variable, or None to keep it."""
        s = self.definitions.get(variable)
        if s is None or variable not in known or length > _LONGEST or not self._is_cheap(variable, s):
            return None
        value = s.value
        if names_read(value) & set(self.banned):
            return None
        arithmetic = isinstance(value, (gast.BinOp, gast.UnaryOp)) and not isinstance(self.kinds.get(variable), Int)
        holes: dict[str, gast.expr] = {}
        for n in names_read(value):
            inner = self.expression(n, known, length + 1)
            if inner is not None:
                holes[n] = inner
            elif arithmetic and n in self.definitions and n not in self.kept or arithmetic and n not in self.kept:
                return None
        return substitute(value, holes)

    def _is_cheap(self, variable: str, s: gast.Assign) -> bool:
        value, kind = s.value, self.kinds.get(variable, UNKNOWN)
        if isinstance(kind, (Int, Bool)):
            return not isinstance(value, gast.Call) or is_name(value.func, "len")
        if isinstance(value, gast.Attribute):
            return value.attr in SHAPE_ATTRIBUTES or value.attr == "T"
        if isinstance(value, (gast.Name, gast.Constant)):
            return isinstance(value, gast.Constant) or isinstance(kind, (Array, Float, Scalar, Known))
        if isinstance(value, gast.Subscript):
            return self._is_cheap_read(value, kind)
        if isinstance(value, (gast.BinOp, gast.UnaryOp)) and isinstance(value.op, _CHEAP_OPERATORS):
            return self.arithmetic and self.where.depth_of(s) > 0 and isinstance(kind, (Float, Scalar, Array))
        return False

    def _is_cheap_read(self, value: gast.Subscript, kind: Kind) -> bool:
        if isinstance(value.value, gast.Attribute):
            return True
        base = value.value.id if isinstance(value.value, gast.Name) else ""
        container = self.kinds.get(base, UNKNOWN)
        if isinstance(container, (Tuple, List)):
            return base not in self.written
        if not isinstance(container, Array) or not self.memory.is_basic(value.slice):
            return False
        return base not in self.written or base in self.restored
