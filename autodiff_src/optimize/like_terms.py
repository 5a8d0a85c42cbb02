"""Adds up the contributions to an adjoint in one statement, equal products once."""
from __future__ import annotations

import gast

from autodiff_src.analyze.kinds import Array, Float, Scalar
from autodiff_src.differentiate.contributions import is_fresh
from autodiff_src.differentiate.fold import literal, number
from autodiff_src.emit.layout import is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import blocks, is_name, names_read, walk, with_value


def merge_like_terms(facts: Facts) -> bool:
    """`d_y = A` followed by `d_y += B` becomes `d_y = A + B`; equal products in a sum are added up. Says whether it found any.

    >>> from autodiff_src.optimize._example import show
    >>> show(merge_like_terms, '''
    ... def f(d, y):
    ...     d_y = d * (0.5 * y)
    ...     d_y += 0.5 * (d * y)
    ...     d_y += d * y + d * y
    ...     return d_y
    ... ''')
    def f(d, y):
        d_y = 3.0 * d * y
        return d_y
    """
    return _block(facts.function.body, facts)


def _block(block: list[gast.stmt], facts: Facts) -> bool:
    done: list[gast.stmt] = []
    changed = False
    for s in block:
        for inner in blocks(s):
            changed |= _block(inner, facts)
        if isinstance(s, (gast.Assign, gast.AugAssign)):
            last = next((i for i in range(len(done) - 1, -1, -1) if not is_comment(done[i])), None)
            if last is not None and _continues(done[last], s, facts):
                both = gast.BinOp(done[last].value, s.op, s.value)
                done[last] = _collected(with_value(done[last], both), facts)
                changed = True
                continue
            collected = _collected(s, facts)
            changed |= collected is not s
            s = collected
        done.append(s)
    block[:] = done
    return changed


def _continues(first: gast.stmt, second: gast.stmt, facts: Facts) -> bool:
    """Is it `d_y = A` and `d_y += B` or `d_y -= B`, of numbers or of arrays of equal kinds, `B` not reading `d_y`?"""
    if not (isinstance(first, gast.Assign) and isinstance(second, gast.AugAssign) and is_name(first.targets[0])
            and is_name(second.target, first.targets[0].id) and isinstance(second.op, (gast.Add, gast.Sub))):
        return False
    target = second.target.id
    if not facts.is_adjoint(target) or target in names_read(second.value) or not facts.is_pure(second.value, pops=True):
        return False
    if facts.popped(second.value):
        return False
    a, b = facts.kind(first.value), facts.kind(second.value)
    if isinstance(a, Array):
        return a == b and a.shape is not None and a.dtype is not None and is_fresh(
            first.value) and _is_short(first.value)
    return isinstance(a, (Float, Scalar)) and isinstance(b, (Float, Scalar)) and _is_short(first.value)


def _is_short(e: gast.expr) -> bool:
    return sum(1 for _ in walk(e)) < 30


def _collected(s: gast.Assign | gast.AugAssign, facts: Facts) -> gast.stmt:
    """The statement with equal products in the value of an adjoint added up; only where all are of floats."""
    target = s.target if isinstance(s, gast.AugAssign) else s.targets[0]
    while isinstance(target, gast.Subscript):
        target = target.value
    if not (isinstance(s.value, gast.BinOp) and isinstance(s.value.op, (gast.Add, gast.Sub))):
        return s
    if not (is_name(target) and facts.is_adjoint(target.id)) or not facts.is_pure(s.value) or facts.popped(s.value):
        return s
    terms = _terms(s.value, 1.0)
    products: dict[tuple[str, ...], list] = {}
    for sign, term in terms:
        factor, factors = _factors(term)
        if not all(_is_float(f, facts) for f in factors):
            return s
        key = tuple(sorted(gast.dump(f) for f in factors))
        products.setdefault(key, [0.0, factors, _signed(sign, term), 0])
        products[key][0] += sign * factor
        products[key][3] += 1
    if len(products) == len(terms) or any(p[0] == 0.0 for p in products.values()):
        return s
    total = _sum([_product(p[0], p[1]) if p[3] > 1 else p[2] for p in products.values()])
    return s if is_name(total) and isinstance(facts.kind(total), Array) else with_value(s, total)  # a sum is a new array


def _is_float(e: gast.expr, facts: Facts) -> bool:
    """A float, or an array of them that stays one if it is multiplied by 2.0."""
    kind = facts.kind(e)
    if isinstance(kind, Array):
        return kind.dtype is not None and kind.dtype.kind == "f" and bool(kind.shape)
    return isinstance(kind, Float) or isinstance(kind, Scalar) and kind.dtype == float


def _terms(e: gast.expr, sign: float) -> list[tuple[float, gast.expr]]:
    if isinstance(e, gast.BinOp) and isinstance(e.op, (gast.Add, gast.Sub)):
        return [*_terms(e.left, sign), *_terms(e.right, sign if isinstance(e.op, gast.Add) else -sign)]
    if isinstance(e, gast.UnaryOp) and isinstance(e.op, gast.USub) and number(e) is None:
        return _terms(e.operand, -sign)
    return [(sign, e)]


def _factors(e: gast.expr) -> tuple[float, list[gast.expr]]:
    """A product as a literal number and the other factors."""
    if isinstance(e, gast.BinOp) and isinstance(e.op, gast.Mult):
        (m, left), (n, right) = _factors(e.left), _factors(e.right)
        return m * n, left + right
    value = number(e)
    return (1.0, [e]) if value is None else (float(value), [])


def _signed(factor: float, term: gast.expr) -> gast.expr:
    return gast.UnaryOp(gast.USub(), term) if factor < 0 else term


def _product(factor: float, factors: list[gast.expr]) -> gast.expr:
    total = None if factor in (1.0, -1.0) and factors else literal(abs(factor))
    for f in factors:
        total = f if total is None else gast.BinOp(total, gast.Mult(), f)
    return _signed(factor, total)


def _sum(terms: list[gast.expr]) -> gast.expr:
    total = terms[0]
    for term in terms[1:]:
        if isinstance(term, gast.UnaryOp) and isinstance(term.op, gast.USub):
            total = gast.BinOp(total, gast.Sub(), term.operand)
        else:
            total = gast.BinOp(total, gast.Add(), term)
    return total
