"""Removes a second name for an adjoint that is about to be replaced."""
from __future__ import annotations

import functools
import operator

import gast

from autodiff_src.analyze.sharing import Live
from autodiff_src.emit.layout import is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, is_name, names_stored, rename, target_names


def drop_local_copies(facts: Facts) -> None:
    """A second name is not made where the first stays, or the statement that replaces a number can wait.

    >>> from autodiff_src.optimize._example import show
    >>> show(drop_local_copies, '''
    ... def f(s, x):
    ...     d_s = 2.0 * s
    ...     d_product = d_s
    ...     d_s = d_product * x
    ...     d_x = d_product * s
    ...     return d_x, d_s
    ... ''')
    def f(s, x):
        d_s = 2.0 * s
        d_x = d_s * s
        d_s = d_s * x
        return d_x, d_s
    """
    _block(facts.function.body, facts.live(), facts)


def _block(block: list[gast.stmt], live: Live, facts: Facts) -> None:
    for s in block:
        for inner in blocks(s):
            _block(inner, live, facts)
    i = 0
    while i < len(block):
        s = block[i]
        is_copy = isinstance(s, gast.Assign) and is_name(s.targets[0]) and is_name(s.value)
        if not (is_copy and _drop(block, i, live, facts)):
            i += 1


def _drop(block: list[gast.stmt], place: int, live: Live, facts: Facts) -> bool:
    """Reads the original instead of the target of the copy at `place`, if that is possible; says whether it is."""
    copy = block[place]
    target, original = copy.targets[0].id, copy.value.id
    if target == original:
        del block[place]
        return True
    if not facts.is_adjoint(target) or not facts.is_adjoint(original):
        return False
    readers = _readers(block, place, target, live)
    if not readers or any(blocks(s) or target in names_stored(s) for s in readers):
        return False
    changes = [i for i, s in enumerate(readers) if original in names_stored(s)]
    if changes and not (facts.immutable(target) and facts.immutable(original)):
        return False
    if len(changes) > 1 or changes and not _waits(readers[changes[0]], readers[changes[0] + 1:], original, facts):
        return False
    moved = [s for i, s in enumerate(readers) if i not in changes] + [readers[i] for i in changes]
    renamed = [rename(s, {target: original}) if target in facts.reads(s) else s for s in moved]
    block[place:place + 1 + len(readers)] = renamed
    end = live.after[id(readers[-1])]
    reached = functools.reduce(operator.or_, (live.after[id(s)] for s in readers)) | [original]
    live.after |= {id(s): reached for s in renamed} | {id(renamed[-1]): end}
    return True


def _readers(block: list[gast.stmt], place: int, target: str, live: Live) -> list[gast.stmt]:
    """The statements from a copy up to the one that reads it last; none where that one is in another block."""
    for last in range(place + 1, len(block)):
        after = live.after.get(id(block[last]))
        if after is None:
            return []
        if target not in after:
            return block[place + 1:last + 1]
    return []


def _waits(s: gast.stmt, others: list[gast.stmt], original: str, facts: Facts) -> bool:
    """May `s`, which replaces the original, be executed after `others`?"""
    if not (isinstance(s, gast.Assign) and is_name(s.targets[0])) or not facts.is_pure(s.value):
        return False
    for other in others:
        if is_comment(other):
            continue
        if not isinstance(other, (gast.Assign, gast.AugAssign)) or not facts.is_pure(other.value):
            return False
        if original in facts.reads(other) or facts.reads(s) & set(target_names(other)) or not target_names(other):
            return False
    return True
