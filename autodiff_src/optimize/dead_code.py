"""Removes what nobody reads."""
from __future__ import annotations

import gast

from autodiff_src.analyze.kinds import Int
from autodiff_src.analyze.sharing import Live
from autodiff_src.differentiate.contributions import is_fresh
from autodiff_src.emit.layout import is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import base_name, is_name, target_names, walk_statements


def remove_dead_code(facts: Facts) -> None:
    """Statements go whose values nobody reads, unless they may raise or have effects; so do tapes that nobody pops.

    >>> from autodiff_src.optimize._example import show
    >>> show(remove_dead_code, '''
    ... def f(x):
    ...     _s = []
    ...     s = x * x
    ...     _s.append(s)
    ...     t = 1.0 / x
    ...     d_s = 1.0
    ...     d_t = s / x
    ...     d_x = d_s * x
    ...     return d_x
    ... ''')
    def f(x):
        t = 1.0 / x
        d_s = 1.0
        d_x = d_s * x
        return d_x
    """
    changed = True
    while changed:
        live = Live(frozenset())
        live.run(facts.function.body)
        useless = _unread(facts, live)
        changed = _sweep(facts.function.body, live, useless, facts)


def _unread(facts: Facts, live: Live) -> set[str]:
    """Tapes of which nothing is used, and new arrays for adjoints that are only written in place."""
    stored: set[str] = set()
    read: set[str] = set()
    for s in walk_statements(facts.function.body):
        if isinstance(s, gast.Assign) and facts.is_pop(s.value) and _is_unused(s, live):
            continue
        if isinstance(s, gast.Assign) and not is_fresh(s.value) and not isinstance(s.value, gast.List):
            read |= set(target_names(s))
        writing = _written(s)
        if writing is not None:
            stored.add(writing)
        for n in target_names(s):
            if not isinstance(s, (gast.Assign, gast.AugAssign)) or not facts.is_adjoint(n) and (
                    facts.may_raise(s.value)) or not facts.is_pure(s.value):
                read.add(n)
        stack: list[gast.AST] = [s.test] if isinstance(s, (gast.If, gast.While)) else [s.iter] if isinstance(
            s, gast.For) else [s]
        while stack:
            node = stack.pop()
            if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load):
                read.add(node.id)
            if node is s and writing is not None:
                stack += _operands(s)
            else:
                stack += list(gast.iter_child_nodes(node))
    return {n for n in stored - read
            if n in facts.tapes or facts.is_adjoint(n) or n in facts.local and facts.immutable(n)}


def _is_unused(s: gast.stmt, live: Live) -> bool:
    after = live.after.get(id(s))
    return after is not None and bool(target_names(s)) and not after & set(target_names(s))


def _written(s: gast.stmt) -> str | None:
    """The variable that is only changed by a statement: by `_x.append(e)`, `d_x[i] += e` or `d_x += e`."""
    if isinstance(s, gast.Expr) and isinstance(s.value, gast.Call) and isinstance(
            s.value.func, gast.Attribute) and s.value.func.attr == "append" and is_name(s.value.func.value):
        return s.value.func.value.id
    if isinstance(s, gast.AugAssign):
        return base_name(s.target)
    if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Subscript):
        return base_name(s.targets[0])
    return None


def _operands(s: gast.stmt) -> list[gast.AST]:
    """What a statement that changes a variable reads besides it."""
    if isinstance(s, gast.Expr):
        return list(s.value.args)
    target = s.target if isinstance(s, gast.AugAssign) else s.targets[0]
    places: list[gast.AST] = []
    while isinstance(target, (gast.Subscript, gast.Attribute)):
        if isinstance(target, gast.Subscript):
            places.append(target.slice)
        target = target.value
    return [*places, s.value]


def _sweep(block: list[gast.stmt], live: Live, useless: set[str], facts: Facts) -> bool:
    """Removes from a block, in place; says whether anything went."""
    kept: list[gast.stmt] = []
    changed = False
    for s in block:
        if isinstance(s, (gast.If, gast.For, gast.While)):
            changed |= _sweep(s.body, live, useless, facts)
            if s.orelse:
                changed |= _sweep(s.orelse, live, useless, facts)
                s.orelse = [] if _is_empty(s.orelse) else s.orelse
        if _is_dead(s, live, useless, facts):
            changed = True
        else:
            kept.append(s)
    block[:] = kept or [gast.Pass()]
    return changed


def _is_dead(s: gast.stmt, live: Live, useless: set[str], facts: Facts) -> bool:
    after = live.after.get(id(s))
    if isinstance(s, gast.If):
        return _is_empty(s.body) and _is_empty(s.orelse) and facts.is_pure(s.test) and not facts.may_raise(s.test)
    if isinstance(s, gast.For):
        return (_is_empty(s.body) and is_name(s.target, "_") and facts.is_pure(s.iter) and not s.orelse
                and after is not None and _is_plain_range(s.iter, facts))
    changed = _written(s)
    if changed in useless or isinstance(s, gast.AugAssign) and is_name(s.target) and facts.immutable(
            s.target.id) and after is not None and s.target.id not in after:
        values = _operands(s)
        total = facts.is_adjoint(changed) or not any(facts.may_raise(v) for v in values)  # type: ignore[arg-type]
        return total and all(facts.is_pure(v) for v in values)
    if not isinstance(s, gast.Assign) or after is None or not is_name(s.targets[0]):
        return False
    target = target_names(s)[0]
    if target in after and target not in useless:
        return False
    if facts.is_pop(s.value):
        return s.value.func.value.id in useless
    return facts.is_pure(s.value) and (facts.is_adjoint(target) or not facts.may_raise(s.value))


def _is_empty(block: list[gast.stmt]) -> bool:
    return all(is_comment(s) or isinstance(s, gast.Pass) for s in block)


def _is_plain_range(e: gast.expr, facts: Facts) -> bool:
    """Is it a `range` that cannot raise: over `len(...)` or a whole number?"""
    return isinstance(e, gast.Call) and is_name(e.func, "range") and len(e.args) == 1 and isinstance(
        facts.kind(e.args[0]), Int) and not facts.may_raise(e.args[0])
