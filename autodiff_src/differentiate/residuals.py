"""What the forward half of a function hands to its backward half: on each path what that path needs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Kind
from autodiff_src.analyze.name_sets import Names
from autodiff_src.analyze.recording import Assigned
from autodiff_src.analyze.sharing import Live
from autodiff_src.differentiate.paths import has_work
from autodiff_src.differentiate.record import start_value
from autodiff_src.syntax import assign, clone_head, names_read, negated, walk_statements


@dataclass
class HandOver:
    """`names` in order; `pack` makes the `return` of the forward half, `unpack` the statements that take the names back;
    `after`: what is read behind the backward half; `ends`: the variables that `unpack` makes of tapes (`indexed_tapes`)."""

    names: list[str]
    pack: Callable[[list[str]], gast.stmt]
    unpack: Callable[[list[str]], list[gast.stmt]]
    after: Collection[str]
    ends: dict[str, str]

    def halves(self, forward: list[gast.stmt], backward: list[gast.stmt]) -> tuple[list[gast.stmt], list[gast.stmt]]:
        """The bodies of both halves. Where both end and begin with the same branch, each path has its own residuals."""
        return self._path(forward, backward, self.after)

    def _path(
        self, forward: list[gast.stmt], backward: list[gast.stmt], after: Collection[str]
    ) -> tuple[list[gast.stmt], list[gast.stmt]]:
        needed = self._needed(backward, after)
        ahead = backward[:1] if not has_work(backward[:1]) else []
        rest = backward[len(ahead) + 1 :]
        tail = forward[-1] if forward else None
        head = _turned(backward[len(ahead)], tail) if len(backward) > len(ahead) and isinstance(tail, gast.If) else None
        if head is None or not isinstance(tail, gast.If) or names_read(tail.test) & set(self.names):
            return [*forward, self.pack(needed)], [*self.unpack(needed), *backward]
        behind = Live(after).run(rest) or ()
        if all(self._needed(b, behind) == needed for b in (head.body, head.orelse)):
            return [*forward, self.pack(needed)], [*self.unpack(needed), *backward]
        new_tail, new_head = clone_head(tail), clone_head(head)
        new_tail.body, new_head.body = self._path(tail.body, head.body, behind)
        new_tail.orelse, new_head.orelse = self._path(tail.orelse, head.orelse, behind)
        new_head.body = new_head.body or [gast.Pass()]
        return [*forward[:-1], new_tail], [*ahead, new_head, *rest]

    def _needed(self, block: list[gast.stmt], after: Collection[str]) -> list[str]:
        reads = Live(after).run(block) or ()
        return [n for n in self.names if n in reads or self.ends.get(n) in reads]


def _turned(s: gast.stmt, like: gast.If) -> gast.If | None:
    """The branch `s` such that it tests what `like` tests, if it does or tests the contrary."""
    if not isinstance(s, gast.If):
        return None
    if gast.dump(s.test) == gast.dump(like.test):
        return s
    if gast.dump(negated(s.test)) == gast.dump(like.test):
        turned = clone_head(s)
        turned.test, turned.body, turned.orelse = like.test, s.orelse, s.body
        return turned
    return None


def starts(
    forward: list[gast.stmt], parameters: frozenset[str], names: list[str], kinds: dict[str, Kind]
) -> list[gast.stmt]:
    """Values for what a path may hand over before it is bound."""
    bound = Assigned()
    bound.run(forward, Names().of(parameters))
    missing: set[str] = set()
    for s in walk_statements(forward):
        if isinstance(s, gast.Return):
            missing |= names_read(s) & set(names) - (bound.before.get(id(s)) or set(names))
    return [assign(n, start_value(kinds.get(n, UNKNOWN))) for n in names if n in missing]
