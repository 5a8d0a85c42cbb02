"""Leaves one comment for each group of statements, and no empty branches."""
from __future__ import annotations

import gast

from autodiff_src.emit.layout import blank, is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, negated, with_blocks


def tidy_blocks(facts: Facts) -> None:
    """Comments that repeat the last one go, and those that no statement follows; `pass` in a branch turns the test.

    >>> from autodiff_src.optimize._example import show
    >>> show(tidy_blocks, '''
    ... def f(x):
    ...     "#: y = x"
    ...     "#: s = 2.0 * x"
    ...     d_x = 2.0
    ...     "#: s = 2.0 * x"
    ...     if x > 0.0:
    ...         pass
    ...     else:
    ...         d_x = 3.0
    ...     return d_x
    ... ''')
    def f(x):
        # s = 2.0 * x
        d_x = 2.0
        if not x > 0.0:
            d_x = 3.0
        return d_x
    """
    facts.function.body = _tidied(facts.function.body) or [gast.Pass()]


def _tidied(block: list[gast.stmt]) -> list[gast.stmt]:
    kept: list[gast.stmt] = []
    said: str | None = None
    for s in block:
        if isinstance(s, gast.Pass):
            continue
        if blocks(s):
            s = with_blocks(s, _tidied)
            if isinstance(s, gast.If) and isinstance(s.body[0], gast.Pass) and s.orelse:
                s.test, s.body, s.orelse = negated(s.test), s.orelse, []
            elif isinstance(s, (gast.For, gast.While)):
                said = None
        if is_comment(s):
            if kept and is_comment(kept[-1]) and not _is_blank(kept[-1]):
                kept.pop()
                said = _last_said(kept)
            if s.value.value == said and not _is_blank(s) or _is_blank(s) and (not kept or _is_blank(kept[-1])):
                continue
            said = s.value.value
        kept.append(s)
    while kept and is_comment(kept[-1]):
        kept.pop()
    return kept


def _last_said(kept: list[gast.stmt]) -> str | None:
    """The comment that the next statement would stand under."""
    for s in reversed(kept):
        if is_comment(s):
            return s.value.value
        if isinstance(s, (gast.For, gast.While)):
            return None
    return None


def _is_blank(s: gast.stmt) -> bool:
    return is_comment(s) and s.value.value == blank().value.value
