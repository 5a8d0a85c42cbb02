"""Places that are written: what tells them counts as it was before the write."""

from __future__ import annotations

import gast

from autodiff_src.normalize.expressions import Expressions
from autodiff_src.syntax import reads_elements, walk


def held_index(expressions: Expressions, index: gast.expr, written: str | None) -> gast.expr:
    """The index of a write; what it reads of the elements that are written is computed before it."""
    if isinstance(index, gast.Tuple):
        return gast.Tuple([held_index(expressions, part, written) for part in index.elts], gast.Load())
    if isinstance(index, gast.Slice):
        bounds = (index.lower, index.upper, index.step)
        return gast.Slice(*[b and held_index(expressions, b, written) for b in bounds])
    if any(isinstance(n, gast.Compare) for n in walk(index)) or reads_elements(index, written):
        return expressions.atom(index, "where")
    return expressions.whole(index)
