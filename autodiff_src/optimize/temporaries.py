"""Puts the expressions of temporaries back where they are read."""
from __future__ import annotations

from collections.abc import Iterator

import gast

from autodiff_src.emit.layout import is_comment
from autodiff_src.optimize._effects import Facts, mutable_reads, words, written_place
from autodiff_src.syntax import (
    Transformer,
    blocks,
    children,
    is_name,
    names_read,
    target_names,
    walk,
    with_value,
)

_FURTHEST = 12
_LARGEST = 60
_SHAPED = frozenset({"full_like", "zeros_like", "ones_like", "size", "shape"})


def fold_temporaries(facts: Facts) -> None:
    """A name of ours that is read once is replaced by its expression, where evaluation there gives and does the same.

    >>> from autodiff_src.optimize._example import show
    >>> show(fold_temporaries, '''
    ... def f(s, x):
    ...     product = 0.5 * s
    ...     product2 = product * s
    ...     result = product2 + x
    ...     return result
    ... ''')
    def f(s, x):
        return 0.5 * s * s + x
    """
    _Folding(facts, words(facts.program)).block(facts.function.body)


class _Folding:
    def __init__(self, facts: Facts, users: frozenset[str]):
        self.facts, self.live, self.users = facts, facts.live(), users
        self.kept = users | facts.tapes

    def block(self, block: list[gast.stmt]) -> None:
        """Folds within the block and the blocks in it, in place."""
        done: list[gast.stmt] = []
        count, bound = 0, dict[str, int]()  # statements that are done, comments aside; by a name, the last that binds it
        for s in block:
            for inner in blocks(s):
                self.block(inner)
            head = _head(s)
            wanted = set() if head is None else self._read_last(names_read(head) if blocks(s) else self.facts.reads(s), s)
            if any(count - bound[n] <= _FURTHEST for n in wanted if n in bound):
                count -= len(done)
                s = self._absorbing(s, wanted, done)
                count += len(done)
            done.append(s)
            count += not is_comment(s)
            if isinstance(s, gast.Assign) and is_name(s.targets[0]):
                bound[s.targets[0].id] = count
        block[:] = done

    def _absorbing(self, s: gast.stmt, wanted: set[str], done: list[gast.stmt]) -> gast.stmt:
        """The statement with temporaries from the end of `done` in it, at first those that are wanted."""
        between: list[gast.stmt] = []
        for i in range(len(done) - 1, -1, -1):
            t = done[i]
            assigns = isinstance(t, gast.Assign)
            if not assigns and is_comment(t):
                continue
            if not wanted or len(between) > _FURTHEST or not assigns and blocks(t):
                break
            if assigns and is_name(t.targets[0]) and t.targets[0].id in wanted and (
                    self._foldable(t, s) and self._moves(t, between, s)):
                s = self._put(s, t.targets[0].id, t.value)
                wanted |= self._read_last(self.facts.reads(t), s)
                del done[i]
            else:
                between.append(t)
        return s

    def _read_last(self, names: set[str], s: gast.stmt) -> set[str]:
        """The names of ours that nobody reads behind `s`."""
        after = self.live.none if isinstance(s, gast.Return) else self.live.after.get(id(s))
        if after is None or isinstance(s, gast.While):
            return set()
        bound = target_names(s) if isinstance(s, gast.Assign) else ()
        return {n for n in names if n not in self.kept and (n not in after or n in bound)}

    def _foldable(self, t: gast.Assign, s: gast.stmt) -> bool:
        target = t.targets[0].id
        if isinstance(t.value, (gast.List, gast.Dict, gast.Lambda)):
            return False
        if self.facts.is_adjoint(target) and target.split("_", 1)[1] in self.users and not is_name(t.value):
            return False
        if isinstance(s, gast.If):
            rest = self.live.before.get(id(s.body[0]), None) if s.body else None
            if rest is None or target in rest or target in names_read([*s.body, *s.orelse]):
                return False
        if isinstance(s, gast.For) and target in names_read(s.body):
            return False
        return sum(1 for _ in walk(t.value)) < _LARGEST and self.facts.is_pure(t.value, pops=True)

    def _moves(self, t: gast.Assign, between: list[gast.stmt], s: gast.stmt) -> bool:
        """May the value of `t` be computed where `s` reads it?"""
        target, value = t.targets[0].id, t.value
        raises, reads = not self.facts.is_adjoint(target) and self.facts.may_raise(value), names_read(value)
        if not all(self._passes(value, target, reads, raises, m) for m in between):
            return False
        head = _head(s)
        if head is None:
            return False
        earlier = _before(head, target, s)
        if earlier is None or sum(is_name(n, target) for n in walk(head)) != 1:
            return False
        if _shapes_only(head, target) and not is_name(value):
            return False
        if isinstance(s, gast.AugAssign) and is_name(s.target, target):
            return False
        if isinstance(s, (gast.Assign, gast.AugAssign)) and target in names_read(
                s.targets[0] if isinstance(s, gast.Assign) else s.target):
            return False
        pops = self.facts.popped(value)
        return not any(raises and self.facts.may_raise(e) or pops & names_read(e) or not self.facts.is_pure(e, True)
                       or self.facts.popped(e) & reads for e in earlier)

    def _passes(self, value: gast.expr, target: str, reads: set[str], raises: bool, m: gast.stmt) -> bool:
        """May evaluation of `value`, which reads `reads`, wait until after `m`?"""
        stored = self.facts.stores(m)
        if target in self.facts.reads(m) or not stored.isdisjoint(reads) or target in stored:
            return False
        if self.facts.popped(value) & self.facts.reads(m):
            return False
        if isinstance(m, gast.Expr) and isinstance(m.value, gast.Call) and isinstance(
                m.value.func, gast.Attribute) and m.value.func.attr == "append" and is_name(
                m.value.func.value) and m.value.func.value.id in self.facts.tapes:
            return m.value.func.value.id not in reads
        if not isinstance(m, (gast.Assign, gast.AugAssign)) or not self.facts.is_pure(m.value, pops=True):
            return False
        if self.facts.popped(m.value) & reads or raises and self.facts.may_raise(m.value):
            return False
        place = written_place(m)
        if place is None or self.facts.immutable(place):
            return not raises or is_name(m.targets[0] if isinstance(m, gast.Assign) else m.target) or isinstance(
                m.targets[0] if isinstance(m, gast.Assign) else m.target, gast.Tuple)
        return not raises and not mutable_reads(value, self.facts)

    def _put(self, s: gast.stmt, target: str, value: gast.expr) -> gast.stmt:
        """The statement with the value in place of the target in its head."""
        put = _Put(target, value)
        if isinstance(s, gast.If):
            s.test = put.visit(s.test)
            return s
        if isinstance(s, gast.For):
            s.iter = put.visit(s.iter)
            return s
        new = with_value(s, put.visit(s.value))
        self.live.after[id(new)] = self.live.after.get(id(s))
        return new


def _head(s: gast.stmt) -> gast.expr | None:
    """The expression of a statement that is evaluated once, before anything else of it."""
    if isinstance(s, (gast.Assign, gast.AugAssign, gast.Return, gast.Expr)):
        return s.value
    return s.test if isinstance(s, gast.If) else s.iter if isinstance(s, gast.For) else None


def _before(e: gast.expr, target: str, s: gast.stmt) -> list[gast.expr] | None:
    """What is evaluated before the read of `target` in `e`; None where it is not read once and always."""
    if is_name(e, target):
        place = s.target if isinstance(s, gast.AugAssign) else None
        return [place] if isinstance(place, gast.Subscript) else []
    if isinstance(e, (gast.Lambda, gast.ListComp, gast.GeneratorExp, gast.SetComp, gast.DictComp, gast.JoinedStr)):
        return None
    operands = list(_in_order(e))
    for i, operand in enumerate(operands):
        inner = _before(operand, target, s)
        if inner is not None:
            if i and isinstance(e, (gast.IfExp, gast.BoolOp)) or i > 1 and isinstance(e, gast.Compare):
                return None
            return [*operands[:i], *inner]
    return None


def _shapes_only(e: gast.expr, target: str) -> bool:
    """Is `target` read for its shape, as in `np.full_like(target, 1.0)`?"""
    return any(isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in _SHAPED
               and any(is_name(a, target) for a in node.args[:1]) for node in walk(e))


def _in_order(e: gast.expr) -> Iterator[gast.expr]:
    if isinstance(e, gast.IfExp):
        yield from (e.test, e.body, e.orelse)
        return
    for child in children(e):
        if isinstance(child, gast.expr):
            yield child
        elif isinstance(child, gast.keyword):
            yield child.value


class _Put(Transformer):
    def __init__(self, target: str, value: gast.expr):
        self.target, self.value = target, value

    def visit_Name(self, node: gast.Name) -> gast.expr:
        return self.value if node.id == self.target else node
