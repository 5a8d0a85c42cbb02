"""Where containers have all the items that they will ever have: what is read of them there can be read again later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator

import gast

from autodiff_src.analyze.recording import Blocks
from autodiff_src.syntax import COMPOUND, blocks, heads, names_read, walk_statements

_NEVER = 1 << 60


class Lasting:
    """Answers for one function. `overwrites`: the names by which a statement changes the contents of something, each with all
    who share that then; `shared`: who ever does; `shadows`: names of shadows, of which no copies can be kept; `emptied`: those
    that the backward pass changes."""

    def __init__(
        self,
        body: list[gast.stmt],
        definitions: dict[str, gast.Assign],
        where: Blocks,
        overwrites: Callable[[gast.stmt], list[tuple[str, set[str]]]],
        shared: Callable[[str], Collection[str]],
        shadows: Collection[str],
        emptied: Collection[str],
    ):
        self.body, self.definitions, self.where = body, definitions, where
        self.shared, self.shadows, self.emptied = shared, shadows, emptied
        self.places = dict(_places(body, {}))
        self.complete: dict[str, bool] = {}
        self.changes, self.writes = defaultdict[str, list[gast.stmt]](list), defaultdict[str, list[gast.stmt]](list)
        for s in walk_statements(body):
            for written, sharers in overwrites(s):
                self.writes[written].append(s)
                for n in {written, *sharers}:
                    self.changes[n].append(s)

    def stays(self, container: str, s: gast.stmt) -> bool:
        """Has a container all its items when `s` runs, and is it kept at no cost? What is made once is, and a shadow."""
        made = self.definitions.get(container)
        if container in self.emptied:
            return False
        if made is not None and not self.where.depth_of(made):
            return self._last(self.changes[container], id(self.body)) < self.places[id(s)][id(self.body)]
        related = {container, *self.shared(container)} & self.writes.keys()
        return container in self.shadows and all(map(self._is_complete, related))

    def _last(self, changes: list[gast.stmt], block: int) -> int:
        """Where in a block the last of the changes is made."""
        return max((self.places[id(t)].get(block, _NEVER) for t in changes), default=-1)

    def _is_complete(self, container: str) -> bool:
        """Is a container made, and then changed in the same block before it is used in any other way?"""
        if container not in self.complete:
            made, changes = self.definitions.get(container), self.writes[container]
            self.complete[container] = made is not None and isinstance(made.value, (gast.List, gast.Dict, gast.BinOp)) and (
                self._is_filled_first(container, made, changes))
        return self.complete[container]

    def _is_filled_first(self, container: str, made: gast.stmt, changes: list[gast.stmt]) -> bool:
        *_, block = self.places[id(made)]
        last = self._last(changes, block)
        others = (s for s in _mentioning(container, self.body) if s is not made and not any(s is t for t in changes))
        return last < _NEVER and all(self.places[id(s)].get(block, _NEVER) > last for s in others)


def _mentioning(variable: str, body: list[gast.stmt]) -> Iterator[gast.stmt]:
    """The statements that read a variable, not those around them."""
    return (s for s in walk_statements(body) if variable in names_read(heads(s) if isinstance(s, COMPOUND) else s))


def _places(block: list[gast.stmt], around: dict[int, int]) -> Iterator[tuple[int, dict[int, int]]]:
    """By the id of a statement: by the ids of the blocks that it is in, where in them."""
    for i, s in enumerate(block):
        place = {**around, id(block): i}
        yield id(s), place
        for inner in blocks(s):
            yield from _places(inner, place)
