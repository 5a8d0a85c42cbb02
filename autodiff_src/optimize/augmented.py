"""Writes `s = s + e` as `s += e`."""
from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.kinds import Array, Float, Scalar
from autodiff_src.differentiate.fold import number
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, is_constant, is_name, name, names_read


def augment(facts: Facts) -> None:
    """Numbers that are changed are written with the operator in front; they are immutable, so nothing else changes.

    >>> from autodiff_src.optimize._example import show
    >>> show(augment, '''
    ... def f(s, x):
    ...     s = s + x
    ...     d_s = x
    ...     d_s = 2.0 * d_s
    ...     d_s += -x * 0.5
    ...     return d_s
    ... ''')
    def f(s, x):
        s += x
        d_s = x
        d_s *= 2.0
        d_s -= x * 0.5
        return d_s
    """
    _block(facts.function.body, facts)


def _block(block: list[gast.stmt], facts: Facts) -> None:
    for i, s in enumerate(block):
        for inner in blocks(s):
            _block(inner, facts)
        if isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, gast.BinOp):
            block[i] = s = _augmented(s, s.targets[0].id, s.value, facts)
        if isinstance(s, gast.AugAssign):
            s = block[i] = _whole(s, facts)
            if isinstance(s.op, gast.Add):
                block[i] = _subtracted(s)


def _augmented(s: gast.Assign, target: str, e: gast.BinOp, facts: Facts) -> gast.stmt:
    if not isinstance(facts.kinds.get(target), (Float, Scalar)) or not isinstance(facts.kind(e), (Float, Scalar)):
        return s
    if not isinstance(e.op, (gast.Add, gast.Sub, gast.Mult, gast.Div)):
        return s
    if is_name(e.left, target) and target not in names_read(e.right):
        return _located(gast.AugAssign(s.targets[0], e.op, e.right), s)
    commutes = isinstance(e.op, (gast.Add, gast.Mult)) and facts.is_adjoint(target)
    if commutes and is_name(e.right, target) and target not in names_read(e.left):
        return _located(gast.AugAssign(s.targets[0], e.op, e.left), s)
    return s


def _whole(s: gast.AugAssign, facts: Facts) -> gast.AugAssign:
    """`d_a += e` for `d_a[...] += e`, where `d_a` is an array with axes."""
    place = s.target
    if isinstance(place, gast.Subscript) and is_constant(place.slice) and place.slice.value is ... and is_name(place.value):
        kind = facts.kinds.get(place.value.id)
        if facts.is_adjoint(place.value.id) and isinstance(kind, Array) and kind.shape:
            return _located(gast.AugAssign(name(place.value.id, gast.Store()), s.op, s.value), s)
    return s


def _subtracted(s: gast.AugAssign) -> gast.stmt:
    """`a -= b` for `a += -b`."""
    positive = None if number(s.value) is not None else _negated(s.value)
    return s if positive is None else _located(gast.AugAssign(s.target, gast.Sub(), positive), s)


def _negated(e: gast.expr) -> gast.expr | None:
    """`b` for `-b`, `2.0 * b` for `2.0 * -b`."""
    if isinstance(e, gast.UnaryOp) and isinstance(e.op, gast.USub):
        return e.operand
    if not isinstance(e, gast.BinOp) or not isinstance(e.op, (gast.Mult, gast.Div)):
        return None
    left = _negated(e.left)
    if left is not None:
        return gast.BinOp(left, e.op, e.right)
    right = _negated(e.right)
    return None if right is None else gast.BinOp(e.left, e.op, right)


def _located(new: Any, old: gast.stmt) -> Any:
    return gast.copy_location(new, old)
