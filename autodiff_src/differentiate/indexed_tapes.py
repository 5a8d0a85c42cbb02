"""Tapes that a backward half is handed, read by index where its text is differentiated further.

    y = _y.pop()        ->      _y_end -= 1
                                y = _y[_y_end]

`len(_y)` is `_y_end` then. A list that is taken apart is one that the next derivative would have to follow through the
residuals that it is a part of; one that is read is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

import gast

from autodiff_src.syntax import (
    COMPOUND,
    Transformer,
    blocks,
    clone,
    heads,
    is_name,
    located,
    name,
    statement,
    walk,
    walk_statements,
)


def with_indices(
    backward: list[gast.stmt], tapes: Collection[str], fresh: Callable[[str], str]
) -> tuple[list[gast.stmt], dict[str, str]]:
    """The statements, and by tape the variable that counts what is left of it. A tape that is used in another way than by
    taking items off it, one in a statement, and asking for its length stays as it is."""
    other = set[str]()
    for s in walk_statements(backward):
        compound = isinstance(s, COMPOUND)
        for part in heads(s) if compound else [s]:
            nodes = list(walk(part))
            popped, measured = (Counter(filter(None, map(tape_of, nodes))) for tape_of in (_popped, _measured))
            uses = Counter(n.id for n in nodes if is_name(n))
            asked = measured if isinstance(s, (gast.If, gast.For, gast.While)) or not compound else Counter[str]()
            other |= {t for t in uses if uses[t] > popped[t] + asked[t] or popped[t] and (compound or uses[t] > 1)}
    ends = {t: fresh(f"{t}_end") for t in tapes if t not in other}
    return _Indexed(ends).block(clone(backward)) if ends else backward, ends


def _popped(node: Any) -> str | None:
    """The list that `t.pop()` takes an item off."""
    if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr == "pop" and not node.args:
        return node.func.value.id if is_name(node.func.value) else None
    return None


def _measured(node: Any) -> str | None:
    """The list of which `len(t)` gives the length."""
    if isinstance(node, gast.Call) and is_name(node.func, "len") and len(node.args) == 1 and is_name(node.args[0]):
        return node.args[0].id
    return None


class _Indexed(Transformer):
    def __init__(self, ends: dict[str, str]):
        self.ends = ends
        self.taken: list[str] = []

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        """The statements of a block, each with the counts that it needs in front of it."""
        new: list[gast.stmt] = []
        for s in block:
            inside = blocks(s)
            for inner in inside:
                inner[:] = self.block(inner)
            self.taken = []
            s = self._with_lengths(s) if inside else self.visit(s)
            new += [*(statement("end -= 1", s, end=self.ends[t]) for t in self.taken), s]
        return new

    def _with_lengths(self, s: Any) -> gast.stmt:
        """A loop or a branch of which the head may ask for lengths."""
        for field in ("iter", "test"):
            if hasattr(s, field):
                setattr(s, field, self.visit(getattr(s, field)))
        return s

    def visit_Call(self, node: gast.Call) -> Any:
        self.generic_visit(node)
        popped, measured = _popped(node), _measured(node)
        if measured in self.ends:
            return located(name(self.ends[measured]), node)
        if popped not in self.ends:
            return node
        self.taken.append(popped)
        return located(gast.Subscript(name(popped), name(self.ends[popped]), gast.Load()), node)
