"""Gives no name to results that nobody reads."""
from __future__ import annotations

import gast

from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, clone, is_name, located, name, target_names


def leave_unread_unnamed(facts: Facts) -> None:
    """A call that stands there for its effects, or because it may raise, is not assigned to what nobody reads.

    >>> from autodiff_src.optimize._example import show
    >>> show(leave_unread_unnamed, '''
    ... def f(x):
    ...     log = math.log(x)
    ...     return x
    ... ''')
    def f(x):
        math.log(x)
        return x
    """
    live = facts.live()

    def change(block: list[gast.stmt]) -> None:
        for i, s in enumerate(block):
            for inner in blocks(s):
                change(inner)
            after = live.after.get(id(s))
            if after is None or not isinstance(s, gast.Assign) or not isinstance(s.value, gast.Call):
                continue
            if is_name(s.targets[0]) and s.targets[0].id not in after and not facts.is_pop(s.value):
                block[i] = located(gast.Expr(s.value), s)
            elif isinstance(s.targets[0], gast.Tuple):
                unread = set(target_names(s)) - after - facts.given
                block[i] = s = clone(s)
                s.targets[0].elts = [name("_", gast.Store()) if is_name(e) and e.id in unread else e for e in s.targets[0].elts]

    change(facts.function.body)
