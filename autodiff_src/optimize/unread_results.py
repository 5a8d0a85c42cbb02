"""Gives no name to results that nobody reads."""
from __future__ import annotations

import gast

from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, is_name, located


def leave_unread_unnamed(facts: Facts) -> None:
    """A call that stands there because it may raise is not assigned to a variable that nobody reads.

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
            if isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, gast.Call):
                after = live.after.get(id(s))
                if after is not None and s.targets[0].id not in after and not facts.is_pop(s.value):
                    block[i] = located(gast.Expr(s.value), s)

    change(facts.function.body)
