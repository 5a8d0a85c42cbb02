"""Decides how the backward pass learns the way of the forward pass: which tests are made again and which trips counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Int, is_immutable_number
from autodiff_src.syntax import (
    COMPOUND,
    LOOPS,
    base_name,
    blocks,
    has_break,
    is_name,
    name,
    names_read,
    target_names,
    walk,
    walk_statements,
)

if TYPE_CHECKING:
    from autodiff_src.differentiate.kept import Kept


class Heads:
    """The heads of branches and loops. `recorded` and `counted`: variables for the outcome of a branch and for the trips of
    a loop that are not told again; `ranges_again`: loops of which only the number of trips is counted; `at_entry`: by a
    branch's id, variables pushed in front of it, so that it is tested again."""

    def __init__(self, kept: Kept):
        self.kept = kept
        self.recorded: dict[int, str] = {}
        self.counted: dict[int, str] = {}
        self.ranges_again: set[int] = set()
        self.at_entry: dict[int, set[str]] = {}

    def choose(self, judged: set[int]) -> bool:
        """Tests are made again where that keeps nothing more; else their outcome, or the number of trips, is kept.
        Says whether there are any besides those `judged`, which is added to."""
        new = [s for s in walk_statements(self.kept.body) if _has_ways(s) and id(s) not in judged]
        new = [s for s in new if self.has_work(s)]
        judged |= {id(s) for s in new}
        for s in new:
            known = self.counted if isinstance(s, LOOPS) else self.recorded
            head = head_of(s)
            again = head is not None and id(s) not in known and self._can_evaluate_again(s, head)
            if isinstance(s, gast.If) and not again and id(s) not in known and self._pushed_in_front(s):
                self.at_entry[id(s)] = names_read(s.test) & self._changed(s)
                continue
            if again and isinstance(s, gast.For) and has_break(s.body):
                self.ranges_again.add(id(s))
            elif again or id(s) in known:
                continue
            word = "trips" if isinstance(s, LOOPS) else "branch" if isinstance(s, gast.If) else "caught"
            known[id(s)] = self.kept.r.scope.fresh(word)
        for known in (self.recorded, self.counted):
            for s in walk_statements(self.kept.body):
                if id(s) in known:
                    self.kept.where.touch(known[id(s)], s)
                    self.kept.kinds[known[id(s)]] = Int()
        return bool(new)

    def _can_evaluate_again(self, s: gast.stmt, head: gast.expr) -> bool:
        reads = names_read(head)
        if reads & self._changed(s) or self.kept.unsettled(reads) or asks_identity(head):
            return False
        plain = is_name(head) and is_immutable_number(self.kept.kinds.get(head.id, UNKNOWN))
        return plain or all(self._at_hand(n, s) for n in reads & self.kept.variables)

    def _changed(self, s: gast.stmt) -> set[str]:
        """Variables that a compound statement binds or whose contents it changes."""
        inner = {n for b in blocks(s) for t in walk_statements(b) for n in self.kept.killed(t)}
        return inner | set(target_names(s)) if isinstance(s, gast.For) else inner

    def _pushed_in_front(self, s: gast.If) -> bool:
        """Is it no dearer to push, in front of a branch, what the test reads and the branch changes, than to record the
        outcome? Everything within the branch must need the value at its entry, then."""
        changed = names_read(s.test) & self._changed(s)
        inner = {id(t) for b in blocks(s) for t in walk_statements(b)}
        anyway = {v for key, v in self.kept.pushes.before if key in inner}
        dear = changed - anyway
        return (
            not self.kept.unsettled(names_read(s.test)) and not asks_identity(s.test)
            and len(dear) <= (self.kept.where.depth_of(s) > 0)
            and all(is_immutable_number(self.kept.kinds.get(v, UNKNOWN)) for v in changed)
            and all(self._at_hand(n, s) for n in (names_read(s.test) - changed) & self.kept.variables)
            and all(self._read_as_at_entry(v, s.body) and self._read_as_at_entry(v, s.orelse) for v in changed)
        )

    def _read_as_at_entry(self, variable: str, block: list[gast.stmt]) -> bool:
        """Does the backward text of a block read the value that the variable has at its top only?"""
        changed = False
        for s in block:
            if changed and self._backward_reads(variable, [s]):
                return False
            if isinstance(s, (gast.If, gast.With)):
                if not all(self._read_as_at_entry(variable, b) for b in blocks(s)):
                    return False
                changed |= variable in self._changed(s)
            elif isinstance(s, COMPOUND):
                changed |= variable in self._changed(s)
                if changed and self._backward_reads(variable, [s]):
                    return False
            elif variable in self.kept.killed(s):
                changed = True
                if self.kept.reads_own_result(s, variable):
                    return False
        return True

    def _backward_reads(self, variable: str, block: list[gast.stmt]) -> bool:
        for s in walk_statements(block):
            head = head_of(s)
            place = s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
            read = list(self.kept.raw.get(id(s), ()))
            if isinstance(place, gast.Subscript):
                read.append(self.kept.restore(s, base_name(place) or "", name("_")))
            if variable in names_read(read) or head is not None and variable in names_read(head):
                return True
        return False

    def _at_hand(self, variable: str, s: gast.stmt) -> bool:
        if variable in self.kept.indices or self.kept.where.depth_of(s) == 0:
            return True
        if (self.kept.where.home(variable), variable) in self.kept.pushes.at_end:
            return True
        changing = {id(t) for t in self._statements_around(s) if variable in self.kept.killed(t)}
        pushed = {t for t in changing if (t, variable) in self.kept.pushes.before or (t, variable) in self.kept.pushes.contents}
        return changing == pushed or changing - pushed <= {
            id(t) for branch in self._branches_with(variable) for b in blocks(branch) for t in walk_statements(b)
        }

    def _branches_with(self, variable: str) -> list[gast.stmt]:
        """The branches that the variable is pushed in front of."""
        return [s for s in walk_statements(self.kept.body) if variable in self.at_entry.get(id(s), ())]

    def _statements_around(self, s: gast.stmt) -> list[gast.stmt]:
        """The statements of the outermost loop around `s`."""
        outermost = next((b for b in self.kept.where.paths[id(s)] if self.kept.where.depth[b]), None)
        return list(walk_statements(self.kept.where.of[outermost])) if outermost else []

    def has_work(self, s: gast.stmt) -> bool:
        """Does the backward pass go through a compound statement?"""
        inner = {id(t) for b in blocks(s) for t in walk_statements(b)}
        closed = {id(b) for t in walk_statements([s]) for b in blocks(t)}
        return (
            any(self.kept.raw.get(t) for t in inner)
            or not self.kept.pushes.places.isdisjoint(inner | closed)
            or any(self.kept.r.zeroed(t) for t in walk_statements([s]) if _has_ways(t))
        )


def _has_ways(s: gast.stmt) -> bool:
    """Is there more than one way through a compound statement?"""
    return isinstance(s, (gast.If, *LOOPS)) or isinstance(s, gast.Try) and bool(s.handlers)


def asks_identity(head: gast.expr) -> bool:
    """Is it asked whether two values are one? What the backward pass has may be a copy of one of them."""
    compared = [(op, c) for n in walk(head) if isinstance(n, gast.Compare) for op, c in zip(n.ops, n.comparators, strict=True)]
    return any(isinstance(op, (gast.Is, gast.IsNot)) and not isinstance(c, gast.Constant) for op, c in compared)


def head_of(s: gast.stmt) -> gast.expr | None:
    """What a branch tests or a `for` goes through."""
    return s.test if isinstance(s, gast.If) else s.iter if isinstance(s, gast.For) else None
