"""Removes what nobody reads."""
from __future__ import annotations

from collections.abc import Set

import gast
import numpy as np

from autodiff_src.analyze.kinds import Int, List, Tuple, Unknown
from autodiff_src.analyze.name_sets import NameSet
from autodiff_src.analyze.sharing import Live
from autodiff_src.differentiate.contributions import is_fresh
from autodiff_src.emit.layout import is_comment
from autodiff_src.optimize._effects import Facts
from autodiff_src.syntax import (
    COMPOUND,
    base_name,
    blocks,
    heads,
    is_atom,
    is_name,
    names_read,
    remembered,
    target_names,
    walk_statements,
)


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
    dead = _DeadCode(facts)
    while dead.sweep():
        pass


class _DeadCode:
    def __init__(self, facts: Facts):
        self.facts = facts
        self.removable = remembered(self._removable)
        self.uses = remembered(self._uses)
        self.live = _Wanted(self)
        self.useless: set[str] = set()
        self.written_through = set(filter(None, map(_written_through, walk_statements(facts.function.body))))
        # Where `np.errstate` may be entered, or its errors caught, each operation of NumPy may raise.
        self.guarded = {id(s) for guard in walk_statements(facts.function.body) if isinstance(guard, (gast.With, gast.Try))
                        for s in walk_statements([guard])}

    def sweep(self) -> bool:
        """Removes what is dead; says whether a test, a loop or a function went, whose operands may be dead now."""
        body = self.facts.function.body
        while True:
            self.live.run(body)
            unread = self._unread(body)
            if unread <= self.useless:
                return self._sweep(body)
            self.useless.update(unread)

    def _unread(self, body: list[gast.stmt]) -> NameSet:
        """Tapes of which nothing is used, and new arrays for adjoints that are only written in place."""
        unread = self.facts.uses.names.of({n for n in map(_written, walk_statements(body)) if n and self._may_go(n)})
        for s in walk_statements(body) if unread else ():
            if not isinstance(s, COMPOUND):
                reads, targets = self.facts.uses.of(s)
                if unread.isdisjoint(reads | targets):
                    continue
            unused = isinstance(s, gast.Assign) and self._is_unused(s)
            if not (unused and (self.facts.is_pop(s.value) or self.removable(s))):  # type: ignore[attr-defined]
                unread = unread - self.uses(s)
        return unread

    def _may_go(self, variable: str) -> bool:
        facts = self.facts
        return variable in facts.tapes or facts.is_adjoint(variable) or variable in facts.local and facts.immutable(variable)

    def _uses(self, s: gast.stmt) -> set[str]:
        """The variables for whose value or memory there may be a use, other than to be changed by the statement."""
        read: set[str] = set()
        if isinstance(s, gast.Assign) and not self._is_new(s.value) and not self._lists_numbers(s.value):
            read |= set(target_names(s))  # what is written by this name may be read by another
        for n in target_names(s):
            if not isinstance(s, (gast.Assign, gast.AugAssign)) or not self.facts.is_adjoint(n) and (
                    self.facts.may_raise(s.value)) or not self.facts.is_pure(s.value):
                read.add(n)
        writing = _written(s)
        if writing is not None:
            shared = writing in self.written_through and not self._lists_numbers(gast.List([_operands(s)[-1]], gast.Load()))
            stays = set() if self.removable(s) and not shared else {writing}
            return read | names_read(_operands(s)) | stays
        return read | (names_read(heads(s)) if isinstance(s, COMPOUND) else self.facts.reads(s))

    def _is_new(self, e: gast.expr) -> bool:
        """Does the value certainly neither share memory nor hold any, as the sum of two lists holds their items?"""
        return is_fresh(e) and not self._may_join(e)

    def _may_join(self, e: gast.expr) -> bool:
        if isinstance(e, gast.IfExp):
            return self._may_join(e.body) or self._may_join(e.orelse)
        return isinstance(e, gast.BinOp) and self._may_be_list(e)

    def _may_be_list(self, e: gast.expr) -> bool:
        if isinstance(e, gast.BinOp):
            both = self._may_be_list(e.left), self._may_be_list(e.right)
            return all(both) if isinstance(e.op, gast.Add) else any(both) and isinstance(e.op, gast.Mult)
        return isinstance(self.facts.kind(e), (List, Tuple, Unknown))

    def _lists_numbers(self, e: gast.expr) -> bool:
        return isinstance(e, gast.List) and all(
            isinstance(item, gast.Constant) or is_name(item) and self.facts.immutable(item.id) for item in e.elts)

    def is_dead(self, s: gast.stmt, after: Set[str]) -> bool:
        """May a simple statement go, behind which these variables are live?"""
        if isinstance(s, gast.FunctionDef):
            return s.name not in after and all(map(is_atom, [*s.args.defaults, *filter(None, s.args.kw_defaults)]))
        changed = _written(s)
        if changed is not None:
            unread = isinstance(s, gast.AugAssign) and is_name(s.target) and changed not in after
            return (changed in self.useless or unread and self.facts.immutable(changed)) and self.removable(s)
        if not isinstance(s, gast.Assign) or not is_name(s.targets[0]):
            return False
        if s.targets[0].id in after and s.targets[0].id not in self.useless:
            return False
        if self.facts.is_pop(s.value):
            return s.value.func.value.id in self.useless
        return self.removable(s)

    def _removable(self, s: gast.stmt) -> bool:
        """Does a statement nothing but give a value, or change an adjoint or a tape?"""
        values = _operands(s) if _written(s) is not None else [s.value]  # type: ignore[attr-defined]
        changed = _written(s) or target_names(s)[0]
        return all(map(self.facts.is_pure, values)) and (self.facts.is_adjoint(changed) or not (
            any(map(self.facts.may_raise, values)) or id(s) in self.guarded and not all(map(self.facts.is_python, values))))

    def _is_unused(self, s: gast.Assign) -> bool:
        after = self.live.after.get(id(s))
        return after is not None and is_name(s.targets[0]) and s.targets[0].id not in after

    def _sweep(self, block: list[gast.stmt]) -> bool:
        kept: list[gast.stmt] = []
        again = False
        for s in block:
            if isinstance(s, COMPOUND):
                for inner in filter(None, blocks(s)):
                    again |= self._sweep(inner)
                if _is_empty(getattr(s, "orelse", [])):
                    s.orelse = []
                if self._is_idle(s):
                    again = True
                elif isinstance(s, gast.Try) and not s.handlers and _is_empty(s.finalbody):
                    kept += s.body
                else:
                    kept.append(s)
            else:
                after = self.live.after.get(id(s))
                if after is None or not self.is_dead(s, after):
                    kept.append(s)
                else:
                    again |= isinstance(s, gast.FunctionDef)
        block[:] = kept or [gast.Pass()]
        return again

    def _is_idle(self, s: gast.stmt) -> bool:
        """Does a branch or a loop do nothing?"""
        if isinstance(s, gast.If):
            return _is_empty(s.body) and _is_empty(s.orelse) and self.facts.is_pure(s.test) and (
                not self.facts.may_raise(s.test))
        if isinstance(s, gast.With):
            context = s.items[0].context_expr
            return _is_empty(s.body) and isinstance(context, gast.Call) and self.facts.called(context) is np.errstate
        if isinstance(s, gast.Try):
            return _is_empty(s.body) and all(map(_is_empty, [s.orelse, s.finalbody]))
        return isinstance(s, gast.For) and _is_empty(s.body) and not s.orelse and is_name(s.target, "_") and (
            self.facts.is_pure(s.iter) and self.live.after.get(id(s)) is not None
            and _is_plain_range(s.iter, self.facts))


class _Wanted(Live):
    """Variables that are read later by what is not dead itself."""

    def __init__(self, code: _DeadCode):
        super().__init__((), code.facts.uses)
        self.code, self.stepwise = code, True

    def step(self, s: gast.stmt, state: NameSet) -> NameSet:
        return state if self.code.is_dead(s, state) else super().step(s, state)


def _written(s: gast.stmt) -> str | None:
    """The variable that is only changed by a statement: by `_x.append(e)`, `d_x[i] += e` or `d_x += e`."""
    cls = s.__class__
    if cls is gast.Assign:
        return base_name(s.targets[0]) if isinstance(s.targets[0], gast.Subscript) else None
    if cls is gast.AugAssign:
        return base_name(s.target)
    if cls is gast.Expr and isinstance(s.value, gast.Call) and isinstance(
            s.value.func, gast.Attribute) and s.value.func.attr == "append" and is_name(s.value.func.value):
        return s.value.func.value.id
    return None


def _written_through(s: gast.stmt) -> str | None:
    """The variable into an item of which a statement writes."""
    target = s.target if isinstance(s, gast.AugAssign) else s.targets[0] if isinstance(s, gast.Assign) else None
    inner = target if isinstance(s, gast.AugAssign) else getattr(target, "value", None)
    return base_name(inner) if isinstance(inner, gast.Subscript) else None


def _operands(s: gast.stmt) -> list[gast.expr]:
    """What a statement that changes a variable reads besides it."""
    if isinstance(s, gast.Expr):
        return list(s.value.args)
    target = s.target if isinstance(s, gast.AugAssign) else s.targets[0]
    places: list[gast.expr] = []
    while isinstance(target, (gast.Subscript, gast.Attribute)):
        if isinstance(target, gast.Subscript):
            places.append(target.slice)
        target = target.value
    return [*places, s.value]


def _is_empty(block: list[gast.stmt]) -> bool:
    return all(is_comment(s) or isinstance(s, gast.Pass) for s in block)


def _is_plain_range(e: gast.expr, facts: Facts) -> bool:
    """Is it a `range` that cannot raise: over `len(...)` or a whole number?"""
    return isinstance(e, gast.Call) and is_name(e.func, "range") and len(e.args) == 1 and isinstance(
        facts.kind(e.args[0]), Int) and not facts.may_raise(e.args[0])
