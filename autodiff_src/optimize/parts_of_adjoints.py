"""Adds to parts of adjoints out of place, in texts that are differentiated further: of something that may be an array or a
list the next derivative would have to ask who else has it."""
from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.kinds import Float, Scalar
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import Transformer, blocks, is_name, name, walk, walk_statements


def rebind_parts(facts: Facts) -> None:
    """Numbers that are parts of an adjoint of several values: the list that holds them does not tell their kinds.

    >>> from autodiff_src.optimize._example import show
    >>> show(rebind_parts, '''
    ... def f(s, x, d_parts):
    ...     d_s = d_parts[1]
    ...     d_s += x
    ...     d_x = 0.0
    ...     d_x += s
    ...     return d_s, d_x
    ... ''')
    def f(s, x, d_parts):
        d_s = d_parts[1]
        d_s = d_s + x
        d_x = 0.0
        d_x += s
        return d_s, d_x
    """
    body = facts.function.body
    parts = {s.targets[0].id for s in walk_statements(body) if isinstance(s, gast.Assign) and is_name(s.targets[0])
             and isinstance(s.value, gast.Subscript)}
    _block(body, {n for n in parts if isinstance(facts.kinds.get(n), (Float, Scalar))})


def _block(block: list[gast.stmt], parts: set[str]) -> None:
    for i, s in enumerate(block):
        for inner in blocks(s):
            _block(inner, parts)
        if isinstance(s, gast.AugAssign) and is_name(s.target) and s.target.id in parts:
            block[i] = _rebound(s)


def _rebound(s: Any) -> gast.stmt:
    value = gast.BinOp(name(s.target.id), s.op, s.value)
    return gast.copy_location(gast.Assign([name(s.target.id, gast.Store())], value, None), s)


def fill_displays(facts: Facts) -> None:
    """What is added to the items of an adjoint that has just been made is added where they are made.

    >>> from autodiff_src.optimize._example import show
    >>> show(fill_displays, '''
    ... def f(x, y, d_x):
    ...     d_parts = [0.0, [0.0, 0.0]]
    ...     d_parts[0] += x
    ...     d_parts[1] = add(d_parts[1], y)
    ...     d_x = d_parts
    ...     d_parts[0] += x
    ...     return d_parts, d_x
    ... ''')
    def f(x, y, d_x):
        d_parts = [0.0 + x, add([0.0, 0.0], y)]
        d_x = d_parts
        d_parts[0] += x
        return d_parts, d_x
    """
    _fill(facts.function.body)


def _fill(block: list[gast.stmt]) -> None:
    new: list[gast.stmt] = []
    for s in block:
        for inner in blocks(s):
            _fill(inner)
        if not new or not _filled(new[-1], s):
            new.append(s)
    block[:] = new


def _filled(made: Any, s: Any) -> bool:
    """Puts what `s` adds to an item into the display that `made` binds, if it is such a statement."""
    if not (isinstance(made, gast.Assign) and is_name(made.targets[0]) and isinstance(made.value, gast.List)):
        return False
    target = s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else None
    d, items = made.targets[0].id, made.value.elts
    if not (isinstance(target, gast.Subscript) and is_name(target.value, d) and _is_position(target.slice, len(items))):
        return False
    old = items[target.slice.value]
    value = gast.BinOp(target, s.op, s.value) if isinstance(s, gast.AugAssign) else s.value
    nodes = list(walk(value))
    places = [n.slice for n in nodes if isinstance(n, gast.Subscript) and is_name(n.value, d)]
    same = len(places) == 1 and isinstance(places[0], gast.Constant) and places[0].value == target.slice.value
    if not same or sum(is_name(n, d) for n in nodes) != 1 or any(_takes_off(n) for e in (value, *items) for n in walk(e)):
        return False
    items[target.slice.value] = _WithItem(d, old).visit(value)
    return True


def _is_position(index: gast.expr, length: int) -> bool:
    return isinstance(index, gast.Constant) and type(index.value) is int and 0 <= index.value < length


def _takes_off(node: Any) -> bool:
    return isinstance(node, gast.Attribute) and node.attr == "pop"


class _WithItem(Transformer):
    """The item of a display in place of `d[i]`."""

    def __init__(self, d: str, item: gast.expr):
        self.d, self.item = d, item

    def visit_Subscript(self, node: gast.Subscript) -> Any:
        return self.item if is_name(node.value, self.d) else self.generic_visit(node)
