"""A function with shadows made in its body, as `shadows` writes it."""
from __future__ import annotations

from dataclasses import dataclass, field

import gast

from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.shadowed_names import Names


@dataclass
class Shadowed:
    """`prepared` with the shadows of `names` made in its body. `text_of`: by the id of a statement that makes a shadow,
    the statement in front of it, whose backward text belongs there; `mirrored`: by the ids of statements that only move
    references, reversed by what their shadows do, the rest of their backward text; `entry`: a parameter's shadow at entry;
    `roots`: the list of all shadows that were made, if they are wanted; `adjoints`: their names; `stands_for`: by the id of a
    part of a statement, that."""

    prepared: Prepared
    names: Names = frozenset()
    text_of: dict[int, gast.stmt] = field(default_factory=dict)
    mirrored: dict[int, list[gast.stmt]] = field(default_factory=dict)
    entry: dict[str, str] = field(default_factory=dict)
    roots: str | None = None
    adjoints: set[str] = field(default_factory=set)
    stands_for: dict[int, gast.stmt] = field(default_factory=dict)

    def written_as(self, s: gast.stmt) -> gast.stmt:
        """The statement of the function as it was that a statement of the body stands for."""
        return self.stands_for.get(id(s), s)
