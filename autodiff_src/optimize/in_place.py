"""Updates the arrays of adjoints in place."""
from __future__ import annotations

from collections.abc import Iterator

import gast

from autodiff_src.optimize._effects import Facts
from autodiff_src.optimize._holders import Ownership
from autodiff_src.syntax import blocks, is_name, name, rename, walk, walk_statements

_Candidate = tuple[list[gast.stmt], gast.Assign, gast.Name]
_OPERATORS = (gast.Add, gast.Sub, gast.Mult, gast.Div)


def update_in_place(facts: Facts) -> None:
    """An array is changed in place of a new one made where it was made for this adjoint and nobody reads it again.

    >>> import numpy as np
    >>> from autodiff_src.analyze.kinds import Array, Length
    >>> from autodiff_src.optimize._example import show
    >>> vector = Array(np.dtype(float), (Length("x.shape[0]"),))
    >>> show(update_in_place, '''
    ... def f(x, y):
    ...     d_x = x * y
    ...     d_y = d_x
    ...     d_x = d_x + y
    ...     d_x = x * d_x
    ...     d_total = d_y * (1.0 - x)
    ...     return d_x, d_total
    ... ''', x=vector, y=vector, d_x=vector, d_y=vector, d_total=vector)
    def f(x, y):
        d_x = x * y
        d_y = d_x
        d_x = d_x + y
        d_x *= x
        d_y *= 1.0 - x
        return d_x, d_y
    """
    body = facts.function.body
    if any(isinstance(s, (gast.Global, gast.Nonlocal)) for s in walk_statements(body)):
        return
    changed = True
    while changed:
        found = list(_candidates(body, facts))
        changed = bool(found) and _update(found, Ownership(facts), facts)


def _update(found: list[_Candidate], ownership: Ownership, facts: Facts) -> bool:
    """Changes the statements that may be; says whether names changed, so that more may be told by another look."""
    renamed: set[str] = set()
    for block, s, operand in found:
        old, new = operand.id, s.targets[0].id
        at = next((i for i, t in enumerate(block) if t is s), None)
        if at is None or {old, new} & renamed or not ownership.may_write(s, old):
            continue
        if old != new and not _take_over(block, at, old, new, facts):
            continue
        renamed |= {new} - {old}
        other = s.value.right if operand is s.value.left else s.value.left
        block[at] = gast.copy_location(gast.AugAssign(name(old, gast.Store()), s.value.op, other), s)
    return bool(renamed)


def _candidates(block: list[gast.stmt], facts: Facts) -> Iterator[_Candidate]:
    """Statements `d_x = d_y + e`, with the block that they stand in and with the `d_y` that might be changed instead."""
    for s in list(block):
        for inner in blocks(s):
            yield from _candidates(inner, facts)
        if not isinstance(s, gast.Assign) or not is_name(s.targets[0]) or not isinstance(s.value, gast.BinOp):
            continue
        if not isinstance(s.value.op, _OPERATORS) or not facts.is_adjoint(s.targets[0].id):
            continue
        commutes = isinstance(s.value.op, (gast.Add, gast.Mult))
        for operand in [s.value.left, *([s.value.right] if commutes else [])]:
            if is_name(operand) and facts.is_adjoint(operand.id) and not facts.immutable(operand.id) and (
                    facts.is_pure(s.value)):
                yield block, s, operand


def _take_over(block: list[gast.stmt], at: int, old: str, new: str, facts: Facts) -> bool:
    """Renames what a statement binds to the name of what it reads, in place, if that is free until the last read.

    Says whether it is. The names that the user knows stay.
    """
    if new.split("_", 1)[1] in facts.given:
        return False
    everywhere = _names(facts.function, new)
    if len(everywhere) != len([n for t in block[at:] for n in _names(t, new)]) or sum(
            isinstance(n.ctx, gast.Store) for n in everywhere) != 1:
        return False
    last = max(i for i in range(at, len(block)) if _names(block[i], new))
    readers = block[at + 1:last + 1]
    if any(_names(t, old) or any(isinstance(n, (gast.FunctionDef, gast.Lambda)) for n in walk(t)) for t in readers):
        return False
    block[at + 1:last + 1] = [rename(t, {new: old}) for t in readers]
    return True


def _names(node: gast.AST, variable: str) -> list[gast.Name]:
    return [n for n in walk(node) if is_name(n, variable)]
