"""Updates the arrays of adjoints in place."""
from __future__ import annotations

import gast

from autodiff_src.analyze.kinds import Array
from autodiff_src.differentiate.contributions import FULL, relate
from autodiff_src.optimize._effects import Facts
from autodiff_src.optimize._holders import OUTSIDE, AdjointKinds, Holders
from autodiff_src.syntax import blocks, is_name, walk_statements

_OPERATORS = (gast.Add, gast.Sub, gast.Mult, gast.Div)


def update_in_place(facts: Facts) -> None:
    """`d_x = d_x + e` becomes `d_x += e` where the array was made for `d_x` and nobody else reads it again.

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
    ...     d_y = d_y * x
    ...     return d_x, d_y
    ... ''', x=vector, y=vector, d_x=vector, d_y=vector)
    def f(x, y):
        d_x = x * y
        d_y = d_x
        d_x = d_x + y
        d_x *= x
        d_y *= x
        return d_x, d_y
    """
    body = facts.function.body
    wanted = [s for s in walk_statements(body) if _updated(s, facts) is not None]
    if not wanted or any(isinstance(s, (gast.Global, gast.Nonlocal)) for s in walk_statements(body)):
        return
    kinds = AdjointKinds(facts)
    kinds.run(body, {})
    holders = Holders(facts, kinds)
    holders.run(body, frozenset(frozenset((p, OUTSIDE)) for p in facts.parameters))
    live = facts.live()
    owned = set()
    for s in wanted:
        after = live.after.get(id(s))
        variable = s.targets[0].id
        if after is not None and kinds.before.get(id(s)) is not None and _keeps_kind(s, kinds) and not (
                holders.others(s, variable) & {OUTSIDE, *after}):
            owned.add(id(s))
    _block(body, owned, facts)


def _updated(s: gast.stmt, facts: Facts) -> gast.expr | None:
    """`e` of `d_x = d_x + e`, for an adjoint that is an array."""
    if not isinstance(s, gast.Assign) or not is_name(s.targets[0]) or not isinstance(s.value, gast.BinOp):
        return None
    target, e = s.targets[0].id, s.value
    if not isinstance(e.op, _OPERATORS) or not facts.is_adjoint(target) or not facts.is_pure(e):
        return None
    if is_name(e.left, target):
        return e.right
    return e.left if is_name(e.right, target) and isinstance(e.op, (gast.Add, gast.Mult)) else None


def _keeps_kind(s: gast.Assign, kinds: AdjointKinds) -> bool:
    """Are the old value and the new arrays of the same shape and dtype?"""
    old, new = kinds.at(s, s.targets[0]), kinds.at(s, s.value)
    if not isinstance(old, Array) or not isinstance(new, Array) or not old.shape or not new.shape:
        return False
    return old.dtype is not None and old.dtype == new.dtype and relate(old.shape, new.shape) == FULL


def _block(block: list[gast.stmt], owned: set[int], facts: Facts) -> None:
    for i, s in enumerate(block):
        for inner in blocks(s):
            _block(inner, owned, facts)
        if id(s) in owned:
            operand = _updated(s, facts)
            block[i] = gast.copy_location(gast.AugAssign(s.targets[0], s.value.op, operand), s)
