"""Drops divisions that only say what the next statement says, too."""
from __future__ import annotations

import gast

from autodiff_src.analyze.sharing import Live
from autodiff_src.emit.layout import is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, is_name


def drop_repeated_divisions(facts: Facts) -> bool:
    """A quotient that nobody reads is there because it raises for a divisor of zero; in front of a division by the same
    number it is not needed. Says whether it found any.

    >>> from autodiff_src.analyze.kinds import Int
    >>> from autodiff_src.optimize._example import show
    >>> show(drop_repeated_divisions, '''
    ... def f(x, n):
    ...     result = x / n
    ...     d_x = 1.0 / n
    ...     return d_x
    ... ''', n=Int())
    def f(x, n):
        d_x = 1.0 / n
        return d_x
    """
    return _block(facts.function.body, facts.live(), facts)


def _block(block: list[gast.stmt], live: Live, facts: Facts) -> bool:
    dropped, dropped_inside = set(), False
    for i, s in enumerate(block):
        for inner in blocks(s):
            dropped_inside |= _block(inner, live, facts)
        divisor = _divisor(s, facts)
        if divisor is not None and s.targets[0].id not in (live.after.get(id(s)) or {s.targets[0].id}):  # type: ignore[attr-defined]
            following = next((t for t in block[i + 1:] if not is_comment(t)), None)
            if following is not None and _divisor(following, facts) == divisor:
                dropped.add(id(s))
    block[:] = [s for s in block if id(s) not in dropped]
    return bool(dropped) or dropped_inside


def _divisor(s: gast.stmt, facts: Facts) -> str | None:
    """The name by which a statement divides a number, if it does nothing else."""
    if not isinstance(s, gast.Assign) or not is_name(s.targets[0]) or not isinstance(s.value, gast.BinOp):
        return None
    left, right = s.value.left, s.value.right
    plain = isinstance(s.value.op, gast.Div) and is_name(right) and not is_name(s.targets[0], right.id)
    return right.id if plain and facts.is_python_number(left) and facts.is_python_number(right) and not (
        facts.may_raise(left)) else None
