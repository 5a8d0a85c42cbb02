"""Writes how the backward pass goes the way of the forward pass: tests made again or kept, loops reversed."""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.kinds import UNKNOWN, is_immutable_number
from autodiff_src.differentiate.fold import fold_constants, fold_offset
from autodiff_src.differentiate.record import Recorder
from autodiff_src.syntax import (
    assign,
    augment,
    blocks,
    clone,
    constant,
    expression,
    has_break,
    is_name,
    name,
    names_read,
    statement,
)


class Paths:
    """Branches and loops of one function, with what `recorder` keeps."""

    def __init__(self, recorder: Recorder):
        self.recorder, self.kept, self.where = recorder, recorder.kept, recorder.where

    def test(self, s: gast.If) -> tuple[list[gast.stmt], gast.expr]:
        """What keeps the outcome of a test, in front of the branch, and the test for both passes."""
        kept = self.kept.heads.recorded.get(id(s))
        if kept is None:
            return [], s.test
        keep = [assign(kept, self._outcome(s.test), s)]
        if self.where.depth_of(s):
            keep.append(statement("t.append(v)", s, t=self.recorder.tape(kept, "test"), v=kept))
        return keep, name(kept)

    def _outcome(self, test: gast.expr) -> gast.expr:
        """The outcome of a test, which stays: a list or an array that is tested may change afterwards."""
        if _is_truth(test) or is_name(test) and is_immutable_number(self.kept.kinds.get(test.id, UNKNOWN)):
            return test
        return gast.Call(self.recorder.r.scope.reference(bool, "bool"), [test], [])

    def trips(
        self, s: Any, new: Any, back: list[gast.stmt]
    ) -> tuple[list[gast.stmt], list[gast.stmt], list[gast.stmt], gast.expr, str]:
        """For a loop: statements in front of it, at the top of its body and behind it; the iterator of the reversed loop
        and its target."""
        index = s.target.id if isinstance(s, gast.For) else None
        used = index is not None and index in names_read(back)
        target = str(index) if used else "_"
        if id(s) not in self.kept.heads.counted:
            return [], [], [], reversed_range(s.iter.args) if used else clone(s.iter), target
        count = self.kept.heads.counted[id(s)]
        if isinstance(s, gast.For) and id(s) not in self.kept.heads.ranges_again:
            return self._kept_range(s, new, count, used, target)
        tape = self._tape_of_each_trip(s, new)
        if tape is not None:
            length: gast.expr = expression("len(t)", t=tape)
            before, inside, behind = [], [], []  # type: ignore[var-annotated]
        else:
            length = name(count)
            before, inside = [assign(count, constant(0), s)], [augment(count, gast.Add(), constant(1), s)]
            behind = []
            if self.where.depth_of(s):
                behind.append(statement("t.append(v)", s, t=self.recorder.tape(count, "test"), v=count))
        if not used:
            iterator = expression("range(n)", n=length)
        elif len(s.iter.args) == 1:
            iterator = expression("range(n - 1, -1, -1)", n=length)
        else:
            iterator = expression("r[:n][::-1]", r=s.iter, n=length)
        return before, inside, behind, iterator, target

    def _kept_range(
        self, s: gast.For, new: Any, steps: str, used: bool, target: str
    ) -> tuple[list[gast.stmt], list[gast.stmt], list[gast.stmt], gast.expr, str]:
        """The same where the range cannot be told again: it is kept, cut to the trips that were made."""
        before: list[gast.stmt] = [assign(steps, s.iter, s)]
        new.iter = name(steps)
        inside: list[gast.stmt] = []
        behind: list[gast.stmt] = []
        if has_break(s.body):
            trips = self.recorder.r.scope.fresh("trips")
            before.append(assign(trips, constant(0), s))
            inside = [augment(trips, gast.Add(), constant(1), s)]
            behind.append(assign(steps, expression("r[:n]", r=steps, n=trips), s))
        if self.where.depth_of(s):
            behind.append(statement("t.append(v)", s, t=self.recorder.tape(steps, "test"), v=steps))
        return before, inside, behind, expression("r[::-1]", r=steps) if used else name(steps), target

    def _tape_of_each_trip(self, s: Any, new: Any) -> str | None:
        """A tape that is pushed once in each trip of an outermost loop, and nowhere else: its length counts the trips."""
        if self.where.depth_of(s):
            return None
        for t in new.body:
            if isinstance(t, gast.Expr) and isinstance(t.value, gast.Call) and isinstance(t.value.func, gast.Attribute):
                tape = t.value.func.value
                sites = [k for k, v in self.recorder.tape_names.items() if is_name(tape, v)]
                if t.value.func.attr == "append" and sites and self.recorder.sites(sites[0]) == 1:
                    return tape.id  # type: ignore[attr-defined]
        return None


def reversed_range(args: list[gast.expr]) -> gast.expr:
    if len(args) == 1:
        return _folded("range(n - 1, -1, -1)", n=args[0])
    if len(args) == 2:
        return _folded("range(b - 1, a - 1, -1)", a=args[0], b=args[1])
    return expression("range(a, b, c)[::-1]", a=args[0], b=args[1], c=args[2])


def _folded(text: str, **holes: gast.expr) -> gast.expr:
    call = expression(text, **holes)
    call.args = [fold_offset(fold_constants(a)) for a in call.args]  # type: ignore[attr-defined]
    return call


def ways_of(s: gast.stmt) -> list[list[gast.stmt]]:
    """The blocks that the ways through a branch, or through a `try`, begin with."""
    return [s.body, *(h.body for h in s.handlers)] if isinstance(s, gast.Try) else blocks(s)


def has_work(block: list[gast.stmt]) -> bool:
    return any(not (isinstance(s, gast.Expr) and isinstance(s.value, gast.Constant)) for s in block)


def always_raises(block: list[gast.stmt]) -> bool:
    last = block[-1] if block else None
    if isinstance(last, gast.Try):
        return all(always_raises(h.body) for h in last.handlers) and (always_raises(last.body) or always_raises(last.orelse))
    if isinstance(last, gast.With):
        return always_raises(last.body)
    return isinstance(last, gast.Raise) or isinstance(last, gast.If) and all(map(always_raises, blocks(last)))


def _is_truth(test: gast.expr) -> bool:
    """Is the value a truth of its own, not a thing that is tested?"""
    if isinstance(test, gast.BoolOp):
        return all(map(_is_truth, test.values))
    return isinstance(test, gast.Compare) or isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not)
