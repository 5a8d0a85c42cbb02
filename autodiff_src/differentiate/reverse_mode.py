"""Reverse mode: a prepared function -> the statements of its forward pass and of its backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import gast
import numpy as np

from autodiff_src.analyze.activity import Activity, find_activity, list_written
from autodiff_src.analyze.calls import Called, Integrated, Solved
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Array, Kind
from autodiff_src.analyze.operands import Operands
from autodiff_src.analyze.outside_writes import lost_dicts
from autodiff_src.analyze.recording import Blocks
from autodiff_src.differentiate.accumulate import Context
from autodiff_src.differentiate.block_tops import copies_behind, zeros_at_top, zeros_behind
from autodiff_src.differentiate.calls import Pair, call_without_names, reverse_call
from autodiff_src.differentiate.contributions import Shaper
from autodiff_src.differentiate.guards import assemble_try, assemble_with, reverse_try, reverse_with
from autodiff_src.differentiate.paths import Paths, always_raises, has_work, ways_of
from autodiff_src.differentiate.prepare import Prepared, check_result
from autodiff_src.differentiate.record import Recorder
from autodiff_src.differentiate.reverse_statements import StatementReverser
from autodiff_src.differentiate.scope import Scope
from autodiff_src.differentiate.shadowed import Shadowed
from autodiff_src.differentiate.shadows import with_shadows
from autodiff_src.differentiate.strong_zeros import StrongZeros
from autodiff_src.emit.layout import comment
from autodiff_src.errors import AutodiffError
from autodiff_src.refusals import Stopped, raising, refused_in
from autodiff_src.syntax import (
    LOOPS,
    blocks,
    clone,
    clone_head,
    is_name,
    located,
    name,
    negated,
    target_names,
    walk_statements,
)

TextsOf = tuple[Callable[..., Pair], Callable[..., str]]  # a pair, and what computes a tangent


@dataclass
class Halves:
    """`backward` expects the adjoint of `result` in `seed`, unless nothing is active; it leaves adjoints of parameters
    in `gradients` (those that the result does not depend on are missing)."""

    forward: list[gast.stmt]
    backward: list[gast.stmt]
    result: str
    seed: str | None
    gradients: dict[str, str]
    scope: Scope
    kinds: dict[str, Kind]
    shadowed: Shadowed
    restored_arguments: set[str] = field(default_factory=set)
    tapes: list[str] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)


def reverse(
    prepared: Prepared,
    active: frozenset[str],
    scope: Scope,
    texts: TextsOf,
    whole: bool,
    seeded: bool,
    repeatable: bool = False,
) -> Halves:
    """The halves for derivatives with respect to the parameters in `active`. `whole`: both go into one function;
    `seeded`: an adjoint of the result comes in; `repeatable`: the backward half may run many times."""

    def activity_with(names: frozenset[str]) -> Activity:
        return _activity(prepared, active, whole, seeded, names)

    shadowed = with_shadows(prepared, activity_with, scope, repeatable, frozenset() if whole else active)
    return _Reverser(shadowed, active, scope, texts, whole, seeded, repeatable).run()


def _activity(p: Prepared, active: frozenset[str], whole: bool, seeded: bool, always: frozenset[str]) -> Activity:
    exits = {p.result} if seeded else set()
    if not whole:
        exits |= p.written_arguments() & active
    operands = Operands(p.kinds, p.calls)
    return find_activity(p.body, operands, lambda s: list_written(s, p.calls), active, frozenset(exits), always)


class _Reverser:
    def __init__(
        self,
        shadowed: Shadowed,
        active: frozenset[str],
        scope: Scope,
        texts: TextsOf,
        whole: bool,
        seeded: bool,
        repeatable: bool,
    ):
        prepared = shadowed.prepared
        self.shadowed, self.p, self.active, self.scope = shadowed, prepared, active, scope
        self.whole, self.repeatable, (self.pair_of, self.forward_of) = whole, repeatable, texts
        self.kinds = prepared.kinds
        self.operands = Operands(self.kinds, prepared.calls)
        self.where = Blocks(prepared.body)
        self.arrays_written = {w for s in walk_statements(prepared.body) for w in prepared.written_at(s)}
        self.activity = _activity(prepared, active, whole, seeded, shadowed.names)
        self.shaper = Shaper(scope, ExpressionKinds(scope.space(), real_powers=True), dict(self.kinds), prepared.rebound())
        self.shaper.like = self._like  # type: ignore[method-assign]
        self.context = Context(
            prepared.program,
            scope,
            self.shaper,
            self.activity,
            prepared.calls,
            prepared.memory,
            self.operands,
            self._in_place(),
            self._same_block,
            self._unique_arrays(),
            self._reverse_call,
            shadowed.names, shadowed.mirrored,
            lost_dicts(prepared.body, prepared.program, self.activity.varied_before, prepared.calls),
            prepared.last,
            prepared.refilled,
            None if whole else prepared.result,
            StrongZeros(prepared, scope, shadowed.names),
            prepared.sharing.ever,
        )
        self.statements = StatementReverser(self.context)
        self.call_forms: dict[int, gast.stmt] = {}
        self._define_adjoint_kinds()

    # -- facts -------------------------------------------------------------------------------------------------------

    def _written(self, s: gast.stmt) -> list[str]:
        return self.p.written_at(s)

    @cached_property
    def written_or_moved(self) -> set[str]:
        """Variables whose memory may be written, under this name or under one that it moves to."""
        return self._with_moves(set(self.arrays_written))

    def _in_place(self) -> set[str]:
        """Variables whose adjoints are updated in place: elements are read or written, or the caller's array is at hand."""
        found = set(self.arrays_written) | (set() if self.whole else self.p.written_arguments())
        for s in walk_statements(self.p.body):
            value = getattr(s, "value", None)
            if isinstance(value, gast.Subscript) and is_name(value.value):
                found.add(value.value.id)
            if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Tuple) and is_name(s.value):
                found.add(s.value.id)
        return self._with_moves(found)

    def _with_moves(self, found: set[str]) -> set[str]:
        moves = [
            (t.id, v.id)
            for s in walk_statements(self.p.body)
            if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Tuple) and isinstance(s.value, gast.Tuple)
            for t, v in zip(s.targets[0].elts, s.value.elts, strict=True)
            if is_name(v)
        ]
        moved = True
        while moved:
            new = {v for t, v in moves if t in found} | {t for t, v in moves if v in found}
            moved = not new <= found
            found |= new
        return found

    def _unique_arrays(self) -> set[str]:
        return {
            n
            for n, found in self._definitions.items()
            if len(found) == 1
            and isinstance(found[0], gast.Assign)
            and isinstance(found[0].value, gast.Call)
            and self.shaper_static(found[0].value.func) is np.arange
        }

    def shaper_static(self, node: gast.expr) -> object:
        return ExpressionKinds(self.p.program.namespace).static(node, {})

    def _same_block(self, variable: str, s: gast.stmt) -> bool:
        found = self._single_definitions().get(variable)
        return found is not None and self.where.paths[id(found)] == self.where.paths[id(s)]

    def _single_definitions(self) -> dict[str, gast.Assign]:
        return self._singles

    @cached_property
    def _singles(self) -> dict[str, gast.Assign]:
        return {
            n: found[0]
            for n, found in self._definitions.items()
            if len(found) == 1
            and isinstance(found[0], gast.Assign)
            and is_name(found[0].targets[0])
            and n not in self.p.parameters
        }

    def _like(self, variable: str) -> str:
        """A parameter that has the shape and dtype of an array for certain, if there is one: parameters stay."""
        kind = self.kinds.get(variable, UNKNOWN)
        if variable in self.p.parameters or not isinstance(kind, Array) or kind.shape is None or None in kind.shape:
            return variable
        stays = [p for p in self.p.parameters if self.kinds.get(p) == kind and len(self._definitions_of(p)) == 0]
        return stays[0] if stays else variable

    def _definitions_of(self, variable: str) -> list[gast.stmt]:
        return self._definitions.get(variable, [])

    @cached_property
    def _definitions(self) -> dict[str, list[gast.stmt]]:
        """The statements that bind each variable."""
        found: dict[str, list[gast.stmt]] = {}
        for s in walk_statements(self.p.body):
            for n in target_names(s):
                found.setdefault(n, []).append(s)
        return found

    def _define_adjoint_kinds(self) -> None:
        for variable, kind in self.kinds.items():
            self.shaper.env.setdefault(self.scope.adjoint(variable), kind)

    def _is_active_statement(self, s: gast.stmt) -> bool:
        return any(n in self.activity.active_before.get(id(s), ()) for n in self.operands.of(s))

    # -- the two halves ----------------------------------------------------------------------------------------------

    def run(self) -> Halves:
        raw: dict[int, list[gast.stmt]] = {}
        self.reverse_block(self.p.body, raw)
        call_without_names(self)
        recorder = Recorder(self, raw)
        self.paths = Paths(recorder)
        forward, backward = self.assemble(self.p.body, recorder)
        check_result(self.p)
        forward = [*recorder.start(), *forward]
        active_at_entry = self.begin(self.p.body)
        gradients = {
            p: self.shadowed.entry.get(p) or self.scope.adjoint(p)
            for p in self.p.parameters
            if p in active_at_entry and p in self.active
        }
        active_result = self.p.result in self.activity.active_at_exit
        seed = self.scope.adjoint(self.p.result) if active_result else None
        return Halves(
            forward,
            backward,
            self.p.result,
            seed,
            gradients,
            self.scope,
            self.shaper.env,
            self.shadowed,
            recorder.restored & set(self.p.parameters),
            recorder.tapes(),
            self.p.written_arguments() & {*self.activity.active_at_exit},
        )

    def reverse_block(self, block: list[gast.stmt], raw: dict[int, list[gast.stmt]]) -> None:
        """Backward text of each simple statement, last statement first, as the kinds of adjoints become known."""
        for s in reversed(block):
            if isinstance(s, gast.If):
                for inner in blocks(s):
                    with self.kinds_of_adjoints_kept():
                        self.reverse_block(inner, raw)
            elif isinstance(s, LOOPS):
                self.reverse_block(s.body, raw)
            elif isinstance(s, gast.With):
                reverse_with(self, s, raw)
            elif isinstance(s, gast.Try):
                reverse_try(self, s, raw)
            elif s not in self.shadowed.text_of.values():
                first = self.shadowed.text_of.get(id(s), s)
                try:
                    reversed_ = self.statements.reverse(first)
                except AutodiffError as error:
                    raise Stopped(self.shadowed.written_as(first), error) from error
                raw[id(s)] = [t for t in reversed_ if not _says_nothing(t)]

    @contextmanager
    def kinds_of_adjoints_kept(self) -> Iterator[None]:
        adjoints = self.scope.adjoints.values()
        kept = {d: self.shaper.env[d] for d in adjoints if d in self.shaper.env}
        yield
        self.shaper.env.update(kept)

    def begin(self, block: list[gast.stmt], after: Set[str] = frozenset()) -> Set[str]:
        """What is active at the top of a block."""
        return self.activity.active_before.get(id(block[0]), frozenset()) if block else after

    def assemble(self, block: list[gast.stmt], recorder: Recorder) -> tuple[list[gast.stmt], list[gast.stmt]]:
        forward: list[gast.stmt] = []
        pieces: list[list[gast.stmt]] = []
        for s in block:
            if isinstance(s, gast.If):
                ahead, back = self._assemble_if(s, recorder)
            elif isinstance(s, LOOPS):
                ahead, back = self._assemble_loop(s, recorder)
            elif isinstance(s, gast.With):
                ahead, back = assemble_with(self, s, recorder)
            elif isinstance(s, gast.Try):
                ahead, back = assemble_try(self, s, recorder)
            elif (refused := refused_in(s)) is not None:
                ahead, back = [raising(s, refused.error, self.p.program, self.scope.reference)], []
            else:
                ahead = [*recorder.pushes_before(s), recorder.forward_form(s), *recorder.after(s)]
                back = recorder.backward(s)
                if back and (text := self._source(s)):
                    back = [comment(text), *back]
            forward += ahead
            pieces.append(back)
        backward = [t for back in reversed(pieces) for t in back]
        forward, restores = recorder.close(block, forward)
        return forward, [*restores, *backward]

    def _source(self, s: gast.stmt) -> str:
        line, last = getattr(s, "lineno", None), getattr(s, "end_lineno", None)
        if line is None:
            return ""
        return " ".join(t.strip() for t in self.p.program.lines[line - 1 : (last or line)])

    def _assemble_if(self, s: gast.If, recorder: Recorder) -> tuple[list[gast.stmt], list[gast.stmt]]:
        new = clone_head(s)
        new.body, back = self.assemble(s.body, recorder)
        new.orelse, other = self.assemble(s.orelse, recorder)
        for block, missing in ((s.body, self.missing(s, s.body)), (s.orelse, self.missing(s, s.orelse))):
            start, end = zeros_at_top(self, missing, s, block, recorder)
            forward, backward = (new.body, back) if block is s.body else (new.orelse, other)
            forward[:0] = start
            backward += end
        ahead, pops = recorder.pushes_before(s), recorder.pops(s)
        if not has_work(back) and not has_work(other):
            return [*ahead, new], pops
        if always_raises(s.body) or always_raises(s.orelse):
            return [*ahead, new], [*pops, *(other if always_raises(s.body) else back)]
        keep, test = self.paths.test(s)
        if keep:
            new.test = clone(test)
        if not has_work(back):
            reverse = gast.If(negated(test), other, [])
        else:
            reverse = gast.If(test, back, other if has_work(other) else [])
        return [*ahead, *keep, new], [*pops, located(reverse, s)]

    def missing(self, s: gast.If | gast.Try, block: list[gast.stmt]) -> Set[str]:
        """What is active in front of a branch and not at its top; on a path that leaves a loop, what was made zero in front
        of the reversed loop still is."""
        after = self.activity.active_after.get(id(s), frozenset())
        missing = self.activity.active_before.get(id(s), frozenset()) - self.begin(block, after)
        if block and isinstance(block[-1], gast.Break):
            loop = id(self.where.loop[id(s)])
            around = self.activity.active_head.get(loop, frozenset()) | self.activity.active_inside.get(loop, frozenset())
            missing -= around - self.activity.active_after.get(loop, frozenset())
        return missing

    def zeroed(self, s: gast.stmt) -> Set[str]:
        """Variables whose adjoints are made zero on some way through the statement."""
        if not isinstance(s, LOOPS):
            return frozenset().union(*(self.missing(s, block) for block in ways_of(s)))
        return self.activity.active_head.get(id(s), frozenset()) - self.activity.active_inside.get(id(s), frozenset())

    def _assemble_loop(self, s: gast.For | gast.While, recorder: Recorder) -> tuple[list[gast.stmt], list[gast.stmt]]:
        new = clone_head(s)
        new.body, back = self.assemble(s.body, recorder)
        head = self.activity.active_head.get(id(s), frozenset())
        inside = self.activity.active_inside.get(id(s), frozenset())
        at_top, zeros = zeros_at_top(self, head - inside, s, s.body, recorder)
        back += zeros
        if not has_work(back):
            return [new], []
        new.body = [*at_top, *new.body]
        start = zeros_behind(self, s, recorder)
        ahead, counting, behind, iterator, target = self.paths.trips(s, new, back)
        new.body = [*counting, *new.body]
        reverse = gast.For(name(target, gast.Store()), iterator, back, [], None)
        return [*ahead, new, *behind, *copies_behind(s, recorder)], [*start, located(reverse, s)]

    # -- calls -------------------------------------------------------------------------------------------------------

    def _reverse_call(self, s: gast.stmt, info: Called | Solved | Integrated, target: str | None) -> list[gast.stmt]:
        return reverse_call(self, s, info, target)


def _says_nothing(s: gast.stmt) -> bool:
    """`d_s = d_s`: an adjoint that goes over to what bears the same name."""
    return isinstance(s, gast.Assign) and is_name(s.targets[0]) and is_name(s.value, s.targets[0].id)
