"""Adds to the items of adjoints where they stand."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import Array, Kind
from autodiff_src.optimize._effects import Facts
from autodiff_src.runtime import adjoints
from autodiff_src.syntax import (
    COMPOUND,
    base_name,
    blocks,
    heads,
    is_name,
    names_read,
    names_stored,
    stored_by,
    walk,
    walk_statements,
    with_base,
)


def add_to_items(facts: Facts) -> None:
    """A list made for what an item of an adjoint gets is not made: what is added to it is added to that item. The adjoint is
    new, and nothing is done with it in the function but to add to its items, so that nobody else has them.

    >>> from autodiff_src.optimize._example import show
    >>> show(add_to_items, '''
    ... def f(rows, x, n):
    ...     d_rows = zeros_like(rows)
    ...     for i in range(n):
    ...         d_row = [0.0] * len(rows[i])
    ...         for j in range(n):
    ...             d_row[j] += x
    ...         d_rows[i] = add(d_rows[i], d_row)
    ...     return d_rows
    ... ''')
    def f(rows, x, n):
        d_rows = zeros_like(rows)
        for i in range(n):
            for j in range(n):
                d_rows[i][j] += x
        return d_rows
    """
    body = facts.function.body
    while any(_joined(block, body, facts) for block in list(_all_blocks(body))):
        pass


def _all_blocks(block: list[gast.stmt]) -> Iterator[list[gast.stmt]]:
    yield block
    for s in block:
        for inner in blocks(s):
            yield from _all_blocks(inner)


def _joined(block: list[gast.stmt], body: list[gast.stmt], facts: Facts) -> bool:
    """Removes one list that is made in the block and added to an item there, if there is one."""
    for last, s in enumerate(block):
        part: Any = getattr(_added(s, facts), "id", None)
        first = next((i for i in range(last) if part is not None and _makes(block[i], part, facts)), None)
        if first is not None and _may_be_one(block[first: last + 1], part, body, facts):
            for t in walk_statements(block[first + 1: last]):
                _move(t, part, _as_read(s.targets[0]))  # type: ignore[attr-defined]
            del block[last], block[first]
            return True
    return False


def _move(s: Any, part: str, place: gast.expr) -> None:
    """Adds to an item of `place` what `s` adds to one of `part`."""
    target = _target(s)
    if target is None or base_name(target) != part:
        return
    if isinstance(s, gast.AugAssign):
        s.target = with_base(target, place)
    else:
        s.targets, s.value.args[0] = [with_base(target, place)], with_base(s.value.args[0], place)


def _may_be_one(span: list[Any], part: str, body: list[gast.stmt], facts: Facts) -> bool:
    """May the item to which the end of `span` adds `part`, which its start makes, take what `part` gets in between?"""
    place, between = span[-1].targets[0], list(walk_statements(span[1:-1]))
    whole = base_name(place)
    if whole is None or any(isinstance(s, (gast.Return, gast.Break, gast.Continue)) for s in between):
        return False
    plain = not any(isinstance(n, (gast.Call, gast.Attribute, gast.Slice)) for n in walk(place))
    if not plain or names_read(place) & names_stored(span[1:-1]):
        return False
    adds = [s for s in _mentioning(part, body) if s is not span[0] and s is not span[-1]]
    if not all(any(s is t for t in between) and _adds_to(s, part, facts) for s in adds):
        return False
    made = [s for s in _mentioning(whole, body) if not isinstance(s, gast.Return) and not _adds_to(s, whole, facts)]
    return whole not in facts.parameters and len(made) == 1 and _makes(made[0], whole, facts)


def _mentioning(variable: str, body: list[gast.stmt]) -> list[gast.stmt]:
    """The statements that read or bind a variable, outside their blocks."""
    return [s for s in walk_statements(body)
            if variable in names_read(heads(s) if isinstance(s, COMPOUND) else s) | stored_by(s)]


def _adds_to(s: Any, variable: str, facts: Facts) -> bool:
    """Does `s` only add something to an item of a variable, or to an item of an item?"""
    target = _target(s)
    if not isinstance(target, gast.Subscript) or base_name(target) != variable:
        return False
    value = s.value if isinstance(s, gast.AugAssign) and isinstance(s.op, (gast.Add, gast.Sub)) else _added(s, facts)
    return value is not None and variable not in names_read(value) and sum(is_name(n, variable) for n in walk(target)) == 1


def _added(s: Any, facts: Facts) -> gast.expr | None:
    """`e` in `d[i] = add(d[i], e)`."""
    target, call = _target(s), getattr(s, "value", None)
    if not isinstance(s, gast.Assign) or not isinstance(target, gast.Subscript) or not isinstance(call, gast.Call):
        return None
    if facts.called(call) is not adjoints.add or len(call.args) != 2:
        return None
    return call.args[1] if gast.dump(_as_read(target)) == gast.dump(call.args[0]) else None


def _makes(s: Any, variable: str, facts: Facts) -> bool:
    """Does `s` make new zeros?"""
    return isinstance(s, gast.Assign) and is_name(s.targets[0], variable) and _is_new(s.value, facts.kinds.get(variable), facts)


def _is_new(e: gast.expr, kind: Kind | None, facts: Facts) -> bool:
    if isinstance(e, gast.Call):
        floating = isinstance(kind, Array) and kind.dtype is not None and kind.dtype.kind in "fc"
        return facts.called(e) is adjoints.zeros_like or facts.called(e) is np.zeros_like and floating
    if isinstance(e, gast.BinOp):
        return isinstance(e.op, gast.Mult) and isinstance(e.left, gast.List) and all(map(_is_zero, e.left.elts))
    return isinstance(e, gast.List) and all(_is_zero(item) or _is_new(item, None, facts) for item in e.elts)


def _is_zero(e: gast.expr) -> bool:
    return isinstance(e, gast.Constant) and (e.value is None or e.value == 0)


def _as_read(place: gast.Subscript) -> gast.Subscript:
    return gast.Subscript(place.value, place.slice, gast.Load())


def _target(s: Any) -> Any:
    return s.target if isinstance(s, gast.AugAssign) else s.targets[0] if isinstance(s, gast.Assign) else None
