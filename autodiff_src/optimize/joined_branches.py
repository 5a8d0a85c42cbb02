"""Makes one branch of two that ask the same."""
from __future__ import annotations

import gast

from autodiff_src.emit.layout import blank, is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, clone_head, has_break, is_atom, names_read, names_stored, negated, walk_statements


def join_branches(facts: Facts) -> None:
    """Two branches on the same numbers, one behind the other, become one: the forward pass and the backward pass of a path
    stand together.

    >>> from autodiff_src.optimize._example import show
    >>> show(join_branches, '''
    ... def f(x):
    ...     if x > 0.0:
    ...         y = x * x
    ...     else:
    ...         y = x
    ...     if not x > 0.0:
    ...         d_x = 1.0
    ...     else:
    ...         d_x = y
    ...     return d_x
    ... ''')
    def f(x):
        if x > 0.0:
            y = x * x
    <BLANKLINE>
            d_x = y
        else:
            y = x
    <BLANKLINE>
            d_x = 1.0
        return d_x
    """
    facts.function.body = _joined(facts.function.body, facts)


def _joined(block: list[gast.stmt], facts: Facts) -> list[gast.stmt]:
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, gast.If):
            first = next((t for t in reversed(new) if not is_comment(t)), None)
            second = _fitting(first, s, facts) if isinstance(first, gast.If) else None
            if second is not None:
                while new.pop() is not first:
                    pass
                s = clone_head(first)
                s.body, s.orelse = ([*a, blank(), *b] for a, b in zip(blocks(first), blocks(second), strict=True))  # type: ignore[arg-type]
        new.append(s)
    for s in new:
        for inner in blocks(s):
            inner[:] = _joined(inner, facts)
    return new


def _fitting(first: gast.If, second: gast.If, facts: Facts) -> gast.If | None:
    """`second`, turned so that it asks what `first` asks; None if that is something else or may have changed."""
    asked = names_read(first.test)
    if not _is_simple(first.test) or not asked <= facts.local or not all(map(facts.immutable, asked)):
        return None  # a name outside may be bound anew by what is called
    if asked & names_stored([*first.body, *first.orelse]) or any(
            has_break(b) or any(isinstance(s, gast.Return) for s in walk_statements(b)) for b in blocks(first)):
        return None
    if gast.dump(first.test) == gast.dump(second.test):
        return second
    if gast.dump(first.test) == gast.dump(negated(second.test)) or gast.dump(negated(first.test)) == gast.dump(second.test):
        turned = clone_head(second)
        turned.test, turned.body, turned.orelse = first.test, second.orelse, second.body
        return turned
    return None


def _is_simple(test: gast.expr) -> bool:
    """Does it compare names and numbers only?"""
    if isinstance(test, gast.UnaryOp):
        return _is_simple(test.operand)
    if isinstance(test, gast.BoolOp):
        return all(map(_is_simple, test.values))
    if isinstance(test, gast.Compare):
        return all(map(_is_simple, [test.left, *test.comparators]))
    return is_atom(test)
