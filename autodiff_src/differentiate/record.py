"""Writes what is kept for the backward pass: pushes in the forward text, pops and restores in the backward text."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Array, Dict, Float, Int, Kind, List, Scalar, Tuple, is_immutable_number
from autodiff_src.analyze.mutability import is_varying_number
from autodiff_src.analyze.sharing import Live, Uses
from autodiff_src.differentiate.dtype_checks import conversion_check, store_check
from autodiff_src.differentiate.kept import Kept
from autodiff_src.runtime import values
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    base_name,
    clone,
    clone_head,
    constant,
    expression,
    has_break,
    name,
    names_read,
    names_stored,
    statement,
    target_names,
    walk_statements,
)

if TYPE_CHECKING:
    from autodiff_src.differentiate.reverse_mode import _Reverser


class Recorder:
    """Writes the pushes and pops of one function."""

    def __init__(self, reverser: _Reverser, raw: dict[int, list[gast.stmt]]):
        self.r = reverser
        self.kept = Kept(reverser, raw)
        self.where, self.kinds, self.pushes = reverser.where, reverser.kinds, self.kept.pushes
        self.restored = {v for _, v in self.pushes.contents}
        self.before, self.contents = _by_place(self.pushes.before), _by_place(self.pushes.contents)
        self.at_end, self.protected = _by_place(self.pushes.at_end), self.kept.protected_at()
        self._last_definitions = cache(self._definers)
        self.tape_names: dict[tuple[str, str], str] = {}
        # What their blocks push is pushed when nothing raises any more.
        self.tried = {id(s.body) for s in walk_statements(reverser.p.body) if isinstance(s, gast.Try) and s.handlers}
        self.unbound = self._maybe_unbound()

    def tape(self, variable: str, use: str) -> str:
        """The list of a push site."""
        key = (variable, use)
        if key not in self.tape_names:
            self.tape_names[key] = self.r.scope.fresh("_" + variable.lstrip("_"))
        return self.tape_names[key]

    def tapes(self) -> list[str]:
        return list(self.tape_names.values())

    def start(self) -> list[gast.stmt]:
        """Statements in front of the forward pass: empty tapes, and values for what may be pushed before it is bound."""
        lists = [assign(t, gast.List([], gast.Load())) for (_, use), t in self.tape_names.items() if use != "once"]
        return [*lists, *(assign(v, start_value(self.kinds.get(v, UNKNOWN))) for v in sorted(self.unbound))]

    def _maybe_unbound(self) -> set[str]:
        """What may not be bound where it is pushed."""
        found = {v for key, v in self.pushes.before if v not in (self.kept.assigned.before.get(key) or {v})}
        for block, v in self.pushes.at_end:
            s = self._last_definitions(block).get(v) if v in self.kept.variables else None
            if s is not None and not all(v in (bound or {v}) for bound in self._bound_at_ends(s)):
                found.add(v)
        return found

    def _bound_at_ends(self, s: gast.stmt) -> list[Any]:
        """What is bound behind a statement, and where a `break` in it leaves the block."""
        assigned = self.kept.assigned
        left = [assigned.before.get(id(t)) for t in walk_statements([s]) if isinstance(t, gast.Break)]
        return [assigned.after.get(id(s)), *left]

    def pushes_before(self, s: gast.stmt) -> list[gast.stmt]:
        r = self.r
        new = store_check(s, lambda n: self.kinds.get(n, UNKNOWN),
                          lambda n: r.statements.varied(s, n) or r.statements.after(s, n), r.scope.reference)
        for v, saved in self.protected.get(id(s), {}).items():
            if not self.kept.reads_own_result(s, v):
                new.append(assign(saved, self._overwritten(s, v) if saved in self.kept.places else self.copied(v), s))
        new += [self._push(v, "before", self._copied(v), s) for v in self.before.get(id(s), ())]
        new += [self._push(w, "contents", self._overwritten(s, w), s) for w in self.contents.get(id(s), ())]
        return new

    def after(self, s: gast.stmt) -> list[gast.stmt]:
        check = conversion_check(s, self.r.p.calls.get(id(s)), lambda n: self.kinds.get(n, UNKNOWN),
                                 lambda n: self.r.statements.after(s, n), self.r.scope.reference, self.r.p.perhaps_integers)
        return check + [
            assign(saved, self.copied(v), s)
            for v, saved in self.protected.get(id(s), {}).items()
            if self.kept.reads_own_result(s, v)
        ]

    def _push(self, variable: str, use: str, value: gast.expr, s: gast.stmt) -> gast.stmt:
        if self.where.depth_of(s) == 0:
            return assign(self._once(variable, s), value, s)
        return statement("t.append(v)", s, t=self.tape(variable, use), v=value)

    def _once(self, variable: str, s: gast.stmt) -> str:
        key = (f"{variable} {id(s)}", "once")
        if key not in self.tape_names:
            self.tape_names[key] = self.r.scope.fresh(f"{variable}_old")
        return self.tape_names[key]

    def _popped(self, variable: str, use: str, s: gast.stmt) -> gast.expr:
        if self.where.depth_of(s) == 0:
            return name(self._once(variable, s))
        return expression("t.pop()", t=self.tape(variable, use))

    def copied(self, variable: str) -> gast.expr:
        """The variable's value with memory of its own."""
        return self._copied(variable, True)

    def _copied(self, variable: str, always: bool = False) -> gast.expr:
        """The variable's value as it may be kept: copied if its memory may be written afterwards."""
        kind = self.kinds.get(variable, UNKNOWN)
        written = self.r.written_or_moved
        shared = self.r.p.sharing.ever.get(variable, set())
        outside = not self.r.whole and self.r.p.reachable & {variable, *shared}
        kept = not always and variable not in written and not shared & written and not outside
        if is_immutable_number(kind) or kept or variable in self.r.shadowed.adjoints:
            return name(variable)
        return self._copy_of(variable, name(variable))

    def _copy_of(self, variable: str, value: gast.expr) -> gast.expr:
        """A copy of a value of the variable, which is None where the variable was not bound."""
        if isinstance(self.kinds.get(variable), Array) and variable not in self.unbound:
            return expression("x.copy()", x=value)
        return expression("f(x)", f=self.r.scope.reference(values.kept, "kept"), x=value)

    def _overwritten(self, s: Any, array: str) -> gast.expr:
        place = (
            s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else name(array)
        )
        if not isinstance(place, gast.Subscript):
            return expression("x.copy()", x=array)
        read = clone(place)
        read.ctx = gast.Load()
        kind = self.r.shaper.kind(read)
        if isinstance(kind, (Float, Scalar)):
            return read
        holder = self.r.shaper.kind(read.value)
        if isinstance(s, gast.Assign) and isinstance(holder, Dict):  # the key may be a new one
            read = expression("d.get(k)", d=read.value, k=read.slice)
            return expression("f(x)", f=self.r.scope.reference(values.kept, "kept"), x=read)
        if isinstance(kind, (Tuple, Dict)) or isinstance(kind, List) and not is_varying_number(kind.item):
            return expression("f(x)", f=self.r.scope.reference(values.kept, "kept"), x=read)
        return read if self.r.p.memory.is_copying(place.slice) else expression("e.copy()", e=read)

    def forward_form(self, s: gast.stmt) -> gast.stmt:
        return self.r.call_forms.get(id(s), s)

    def pops(self, s: gast.stmt) -> list[gast.stmt]:
        """Takes back what was pushed in front of a statement."""
        return [assign(v, self._taken(v, self._popped(v, "before", s)), s) for v in self.before.get(id(s), ())]

    def _taken(self, variable: str, value: gast.expr) -> gast.expr:
        """What comes off a tape; a copy, if old contents are written into it and the backward pass may run again."""
        return self._copy_of(variable, value) if self.r.repeatable and variable in self.restored else value

    def backward(self, s: gast.stmt) -> list[gast.stmt]:
        raw, pops = list(self.kept.raw.get(id(s), ())), self.pops(s)
        restores = [self.kept.restore(s, w, self._popped(w, "contents", s)) for w in self.contents.get(id(s), ())]
        if any(self.kept.reads_own_result(s, v) for v in self.before.get(id(s), ())):
            return [*restores, *raw, *pops]
        return [*restores, *pops, *raw]

    def close(self, block: list[gast.stmt], forward: list[gast.stmt]) -> tuple[list[gast.stmt], list[gast.stmt]]:
        """Adds the pushes of what lives in a block to its forward text; gives the pops that open its backward text."""
        kept = self.at_end.get(id(block), [])
        tests = [self.kept.heads.recorded[id(s)] for s in block if id(s) in self.kept.heads.recorded]
        tests += [self.kept.heads.counted[id(s)] for s in block if id(s) in self.kept.heads.counted]
        if not self.where.depth[id(block)]:
            tests = []
        pops = []
        for v in [*kept, *[t for t in tests if (t, "test") in self.tape_names]]:
            use = "test" if v in tests else "end"
            pops.append(assign(v, self._taken(v, expression("t.pop()", t=self.tape(v, use)))))
        for v in kept:
            push = statement("t.append(v)", t=self.tape(v, "end"), v=self._kept_at_end(v, block))
            forward = self._insert_push(block, forward, v, push)
        return forward, pops

    def _kept_at_end(self, variable: str, block: list[gast.stmt]) -> gast.expr:
        """The value as it may be kept; not copied if it is only written where that is undone, and not in a later trip: if it
        has no other name, and the next trip does not begin with it."""
        ends = not self.r.p.sharing.ever.get(variable) and variable not in (self._live.before.get(id(block[0])) or ())
        return name(variable) if ends and self.kept.restorable(variable) else self._copied(variable)

    @cached_property
    def _live(self) -> Live:
        live = Live((), Uses(self.r.p.calls))
        live.run(self.r.p.body)
        return live

    def _definers(self, block: int) -> dict[str, gast.stmt]:
        """By a variable: the last statement of a block that binds it or writes into it, there or in a block of its own."""
        found: dict[str, gast.stmt] = {}
        for s in self.where.of[block]:
            for t in walk_statements([s]):
                form = self.r.call_forms.get(id(t))
                bound = [*target_names(t), *self.r._written(t), *(target_names(form) if form else ())]
                found |= dict.fromkeys([*bound, *self.protected.get(id(t), {}).values()], s)
        return found

    def _insert_push(
        self, block: list[gast.stmt], forward: list[gast.stmt], variable: str, push: gast.stmt
    ) -> list[gast.stmt]:
        same = {variable, *self.r.p.sharing.ever.get(variable, ())}  # a write by another name changes the value, too
        positions = [i for i, t in enumerate(forward) if variable in names_stored([t]) or not same.isdisjoint(_written_bases(t))
                     or _calls_with(t, same & self.r.arrays_written)]
        if not positions:
            return [push, *forward]
        if id(block) in self.tried:
            return [*forward, push]
        last = positions[-1]
        if isinstance(forward[last], COMPOUND) and has_break([forward[last]]):
            return _at_path_ends(forward, push)
        return [*forward[: last + 1], push, *forward[last + 1 :]]

    def sites(self, key: tuple[str, str]) -> int:
        """How many statements push onto a tape."""
        variable, use = key
        if use == "before":
            return sum(v == variable for _, v in self.pushes.before)
        return 1 if use in ("end", "test") else sum(v == variable for _, v in self.pushes.contents)


def _by_place(pushes: set[tuple[int, str]]) -> dict[int, list[str]]:
    """The variables of pushes, by the id of the statement."""
    found: dict[int, list[str]] = {}
    for key, variable in sorted(pushes):
        found.setdefault(key, []).append(variable)
    return found


def _written_bases(s: gast.stmt) -> set[str]:
    found = set()
    for t in walk_statements([s]):
        if isinstance(t, (gast.Assign, gast.AugAssign)):
            for target in t.targets if isinstance(t, gast.Assign) else [t.target]:
                base = base_name(target)
                found |= {base} if base else set()
    return found


def _calls_with(s: gast.stmt, variables: set[str]) -> bool:
    """Does a statement of the block call something that may change the object of one of the variables?"""
    values = [t.value for t in walk_statements([s]) if isinstance(t, (gast.Expr, gast.Assign))]
    return any(isinstance(value, gast.Call) and not variables.isdisjoint(names_read(value)) for value in values)


def _at_path_ends(block: list[gast.stmt], push: gast.stmt) -> list[gast.stmt]:
    """The block with `push` at the end of each path, in front of a `break`."""
    last = block[-1] if block else None
    if isinstance(last, (gast.If, gast.With)) and has_break([last]):
        new = clone_head(last)
        new.body = _at_path_ends(last.body, push)
        if isinstance(last, gast.If):
            new.orelse = _at_path_ends(last.orelse, push)
        return [*block[:-1], new]
    if isinstance(last, gast.Try) and has_break([last]):
        new, new_handlers = clone_head(last), [clone_head(h) for h in last.handlers]
        for handler in new_handlers:
            handler.body = _at_path_ends(handler.body, push)
        new.handlers, new.orelse = new_handlers, _at_path_ends(last.orelse, push)
        return [*block[:-1], new]
    if isinstance(last, gast.Break):
        return [*block[:-1], clone(push), last]
    return [*block, clone(push)] if not isinstance(last, gast.Raise) else block


def start_value(kind: Kind) -> gast.expr:
    if isinstance(kind, (Float, Scalar)):
        return constant(0.0)
    return (
        constant(0)
        if isinstance(kind, Int)
        else gast.List([], gast.Load())
        if isinstance(kind, List)
        else constant(None)
    )
