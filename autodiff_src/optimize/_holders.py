"""Who else may hold the memory of an array: what a pass asks before it writes into one."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.dataflow import Forward
from autodiff_src.analyze.expression_kinds import Env
from autodiff_src.analyze.kinds import UNKNOWN, Array, Bool, Float, Int, Kind, Scalar, join
from autodiff_src.analyze.relation import Relation, either, related, with_related, without
from autodiff_src.differentiate.contributions import FULL, relate
from autodiff_src.optimize._effects import Facts
from autodiff_src.program import MISSING
from autodiff_src.runtime.objects import is_module
from autodiff_src.syntax import base_name, heads, is_name, name, names_read, names_stored, target_names, walk

OUTSIDE = ""  # stands for whatever holds memory without being a variable of the function
_NUMBERS = (Float, Int, Bool, Scalar)
_ALLOCATING: frozenset[int] = frozenset(id(getattr(np, name)) for name in (
    "zeros_like", "ones_like", "full_like", "zeros", "ones", "full", "copy", "where", "dot", "outer", "sum", "mean",
    "cumsum", "concatenate", "stack", "tensordot"))
_ALLOCATING_METHODS = frozenset({"copy", "sum", "mean", "dot", "cumsum"})


class AdjointKinds(Forward[Env]):
    """The kinds of adjoints where they are bound: unlike other variables they may be of several kinds, one at a time."""

    stepwise = True

    def __init__(self, facts: Facts):
        super().__init__()
        self.facts = facts

    def join(self, a: Env, b: Env) -> Env:
        return {n: join(a[n], b[n]) if n in a and n in b else UNKNOWN for n in {**a, **b}}

    def kind(self, e: gast.expr, state: Env) -> Kind:
        names = {n.id for n in walk(e) if is_name(n)} & self.facts.env.keys()
        return self.facts.expressions.kind(e, {n: state[n] if n in state else self.facts.env[n] for n in names})

    def at(self, s: gast.stmt, e: gast.expr) -> Kind:
        """The kind of an expression in front of a statement."""
        return self.kind(e, self.before.get(id(s)) or {})

    def step(self, s: gast.stmt, state: Env) -> Env:
        if isinstance(s, gast.AugAssign) and is_name(s.target) and self.facts.is_adjoint(s.target.id):
            kind = self.kind(name(s.target.id), state)
            if isinstance(kind, Array) and kind.shape:
                return state
            return {**state, s.target.id: self.kind(gast.BinOp(s.target, s.op, s.value), state)}
        bound = [n for n in target_names(s) if self.facts.is_adjoint(n)]
        if not bound:
            return state
        if isinstance(s, gast.Assign) and is_name(s.targets[0]):
            return {**state, bound[0]: self.kind(s.value, state)}
        if isinstance(s, gast.Assign) and isinstance(s.value, gast.Tuple) and isinstance(s.targets[0], gast.Tuple):
            moved = {t.id: self.kind(v, state) for t, v in zip(s.targets[0].elts, s.value.elts, strict=True)}
            return {**state, **{n: moved[n] for n in bound}}
        return {**state, **dict.fromkeys(bound, UNKNOWN)}

    def bind(self, s: gast.For | gast.With, state: Env) -> Env:
        return {**state, **{n: UNKNOWN for n in target_names(s) if self.facts.is_adjoint(n)}}


class Holders(Forward[Relation]):
    """Relation of variables that may hold the same memory. A pair with OUTSIDE: the variable may hold memory that is known
    elsewhere, too, or a part of another array, or one that cannot be written into."""

    stepwise = True

    def __init__(self, facts: Facts, kinds: AdjointKinds):
        super().__init__()
        self.facts, self.kinds = facts, kinds

    def others(self, s: gast.stmt, variable: str) -> frozenset[str]:
        """Who may hold the memory of a variable in front of a statement."""
        return _sharing(self.before.get(id(s)) or {}, [variable]) - {variable}

    def join(self, a: Relation, b: Relation) -> Relation:
        return either(a, b)

    def test(self, s: gast.stmt, state: Relation) -> Relation:
        out = [n for head in heads(s) if not self.facts.is_pure(head, pops=True) for n in names_read(head)]
        return self._let_out(out, state) if out else state

    def bind(self, s: gast.For | gast.With, state: Relation) -> Relation:
        if isinstance(s, gast.With):
            return _bound(state, target_names(s), names_read(heads(s)) & self.facts.local | {OUTSIDE})
        number = isinstance(self.kinds.at(s, s.target), _NUMBERS)
        return _bound(state, target_names(s), set() if number else self._sources(s, s.iter) | {OUTSIDE})

    def step(self, s: gast.stmt, state: Relation) -> Relation:
        if isinstance(s, gast.Return):
            return state
        if not isinstance(s, (gast.Assign, gast.AugAssign, gast.Expr)):
            return self._let_out(names_read(s) | names_stored(s), state)
        impure = not self.facts.is_pure(s.value, pops=True)
        if impure:
            state = self._let_out(self.facts.reads(s), state)
        if isinstance(s, gast.Expr):
            return state
        target = s.targets[0] if isinstance(s, gast.Assign) else s.target
        if isinstance(s, gast.AugAssign) or isinstance(target, (gast.Subscript, gast.Attribute)):
            return state if self._copies_into(s, target) else self._let_out({*names_read(s.value), base_name(target)}, state)
        if isinstance(target, gast.Tuple) and isinstance(s.value, gast.Tuple):
            return self._move(s, target, s.value, state)
        sources = self._sources(s, s.value)
        return _bound(state, target_names(s), sources | {OUTSIDE} if impure else sources)

    def _copies_into(self, s: gast.stmt, target: gast.expr) -> bool:
        """Are numbers written, into an array or in place of a number?"""
        while isinstance(target, gast.Subscript):
            target = target.value
        return isinstance(self.kinds.at(s, target), (Array, *_NUMBERS))

    def _move(self, s: gast.stmt, targets: gast.Tuple, values: gast.Tuple, state: Relation) -> Relation:
        """All values are read before the first target is bound."""
        moved = frozenset(t.id for t in targets.elts)
        held = {t.id: _sharing(state, self._sources(s, v))
                for t, v in zip(targets.elts, values.elts, strict=True)}
        new = without(state, moved)
        for t, sharing in held.items():
            with_it = {u for u, other in held.items() if u != t and sharing & other}
            new = related(new, [t], (sharing - moved) | with_it)
        return new

    def _let_out(self, variables: Iterable[str | None], state: Relation) -> Relation:
        """The memory of these is known outside from now on."""
        known = _sharing(state, [n for n in variables if n in self.facts.local]) - {OUTSIDE}  # type: ignore[misc]
        return related(state, known, frozenset({OUTSIDE}))

    def _sources(self, s: gast.stmt, e: gast.expr) -> set[str]:
        """Whose memory the value of an expression may be."""
        if self._is_new(s, e):
            return set()
        found: set[str] = set() if is_name(e) else {OUTSIDE}
        for n in names_read(e):
            if n in self.facts.local:
                array = isinstance(self.kinds.at(s, name(n)), (Array, *_NUMBERS))
                found |= {n} if array else {n, OUTSIDE}
            else:
                value: Any = self.facts.program.namespace.lookup(n)
                found |= set() if is_module(value) or callable(value) else {OUTSIDE}
        return found

    def _is_new(self, s: gast.stmt, e: gast.expr) -> bool:
        """Is the value a number, or an array that was made for it?"""
        kind = self.kinds.at(s, e)
        if isinstance(kind, _NUMBERS):
            return True
        return isinstance(kind, Array) and kind.dtype is not None and self._allocates(s, e)

    def _allocates(self, s: gast.stmt, e: gast.expr) -> bool:
        if isinstance(e, (gast.BinOp, gast.UnaryOp)):
            return True
        if not isinstance(e, gast.Call) or not {k.arg for k in e.keywords} <= {"axis", "keepdims"}:
            return False
        function = self.facts.called(e)
        if function is MISSING:
            return isinstance(e.func, gast.Attribute) and e.func.attr in _ALLOCATING_METHODS and isinstance(
                self.kinds.at(s, e.func.value), Array) and len(e.args) <= 1
        if isinstance(function, np.ufunc):
            return len(e.args) <= function.nin
        return id(function) in _ALLOCATING


class Ownership:
    """Tells of the text as it is now which arrays may be written into."""

    def __init__(self, facts: Facts):
        self.kinds = AdjointKinds(facts)
        self.kinds.run(facts.function.body, {})
        self.holders = Holders(facts, self.kinds)
        self.holders.run(facts.function.body, dict.fromkeys(facts.parameters, frozenset({OUTSIDE})))
        self.live = facts.live()

    def may_write(self, s: gast.Assign, variable: str) -> bool:
        """May the value of an assignment be written into the array of a variable, which it replaces?"""
        after = self.live.after.get(id(s))
        target = s.targets[0].id
        if after is None or self.kinds.before.get(id(s)) is None or variable != target and variable in after:
            return False
        others = self.holders.others(s, variable) - {target}
        return OUTSIDE not in others and after.isdisjoint(others) and self._fits(s, variable)

    def _fits(self, s: gast.Assign, variable: str) -> bool:
        """Are the old array and the new of one shape and dtype?"""
        old, new = self.kinds.at(s, name(variable)), self.kinds.at(s, s.value)
        if not isinstance(old, Array) or not isinstance(new, Array) or not old.shape or not new.shape:
            return False
        return old.dtype is not None and old.dtype == new.dtype and relate(old.shape, new.shape) == FULL


def _sharing(state: Relation, variables: Iterable[str]) -> frozenset[str]:
    """The variables and those that may hold the same memory."""
    found = with_related(state, [n for n in variables if n != OUTSIDE])
    return found | {OUTSIDE} if OUTSIDE in variables else found


def _bound(state: Relation, targets: list[str], sources: set[str]) -> Relation:
    """Behind a statement that binds the targets to what may be the memory of the sources."""
    others = _sharing(state, sources).difference(targets)
    kept = without(state, frozenset(targets))
    return related(kept, targets, others.union(targets) if sources else others)
