"""Keeps the values that the backward pass needs: pushes in the forward text, pops and restores in the backward text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.analyze.calls import Opaque, arguments_read
from autodiff_src.analyze.kinds import UNKNOWN, Array, Float, Int, Kind, List, Scalar, is_immutable_number
from autodiff_src.analyze.recording import Assigned, Pushes, Reads, Recording, primal_reads
from autodiff_src.differentiate.recompute import Recompute
from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime import values
from autodiff_src.syntax import (
    LOOPS,
    assign,
    augment,
    base_name,
    clone,
    clone_head,
    constant,
    expression,
    is_name,
    name,
    names_read,
    names_stored,
    statement,
    substitute,
    target_names,
    walk_statements,
)

if TYPE_CHECKING:
    from autodiff_src.differentiate.reverse_mode import _Reverser


_MOST_ROUNDS = 30


class Recorder:
    """Decides for one function what is kept and how, and writes the statements for it."""

    def __init__(self, reverser: _Reverser, raw: dict[int, list[gast.stmt]]):
        self.r, self.original = reverser, raw
        self.body, self.where, self.kinds = reverser.p.body, reverser.where, reverser.kinds
        self.variables = {n for s in walk_statements(self.body) for n in target_names(s)} | set(reverser.p.parameters)
        self.indices = {s.target.id for s in walk_statements(self.body) if isinstance(s, gast.For)}  # type: ignore[attr-defined]
        self.protected: dict[tuple[int, str], str] = {}
        self.not_recomputed: set[str] = set()
        self.kept_tests: dict[int, str] = {}
        self.counted: dict[int, str] = {}
        self.ranges_again: set[int] = set()
        self.tape_names: dict[tuple[str, str], str] = {}
        self.restored: set[str] = set()

    # -- deciding ----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        for _ in range(_MOST_ROUNDS):
            self.raw = {key: self._protect(key, list(block)) for key, block in self.original.items()}
            self.raw = self._recompute()
            self._touch()
            self.pushes = self._find_pushes(with_tests=False)
            self._choose_tests()
            self.pushes = self._find_pushes(with_tests=True)
            if not self._resolve_clashes():
                break
        else:
            place = self.r.p.program.place(self.r.p.program.function)
            raise UnsupportedError("what the backward pass needs of arrays written under several names cannot be kept", place,
                                   "copy the arrays that go by several names: `y = x.copy()`")
        self._assigned = Assigned()
        self._assigned.run(self.body, frozenset(self.r.p.parameters))
        self.restored = {v for _, v in self.pushes.contents}

    def _protect(self, key: int, block: list[gast.stmt]) -> list[gast.stmt]:
        holes = {v: name(saved) for (origin, v), saved in self.protected.items() if origin == key}
        return [substitute(t, holes) for t in block] if holes else block

    def _recompute(self) -> dict[int, list[gast.stmt]]:
        raw = self.raw
        for arithmetic in (False, True):
            needed = {n for block in raw.values() for t in block for n in names_read(t)}
            kept = {n for n in self.variables if n in needed or n in self.indices or self._stays(n)}
            kept |= {n for n in names_read(list(walk_statements(self.body))) if n not in self.variables}
            tool = Recompute(
                self.r._single_definitions(),
                self.kinds,
                self.where,
                self.r.p.memory,
                self._killed,
                self.r.arrays_written,
                self._worth_restoring(raw),
                kept,
                arithmetic,
                self.not_recomputed,
            )
            tool.run(self.body)
            raw = {id(s): tool.apply(s, raw[id(s)]) for s in walk_statements(self.body) if id(s) in raw}
            self.tool = tool
        return raw

    def _stays(self, variable: str) -> bool:
        """Is the variable bound once, and not in a loop?"""
        definitions = self.r._definitions_of(variable)
        if variable in self.r.p.parameters:
            return not definitions
        return len(definitions) == 1 and self.where.depth_of(definitions[0]) == 0

    def _worth_restoring(self, raw: dict[int, list[gast.stmt]]) -> set[str]:
        """Written arrays of which at least two elements are needed: restoring one costs less than keeping both."""
        counts: dict[str, set[str]] = {}
        needed = {n for block in raw.values() for t in block for n in names_read(t)}
        for t in needed:
            for base in self._element_bases(t):
                counts.setdefault(base, set()).add(t)
        return {
            w
            for w in self.r.arrays_written
            if w not in self.not_recomputed
            and self.restorable(w)
            and (len(counts.get(w, ())) >= 2 or w in needed or self._reads_twice(w, counts.get(w, set())))
        }

    def _element_bases(self, variable: str) -> set[str]:
        s = self.r._single_definitions().get(variable)
        if s is None or not isinstance(s.value, (gast.Subscript, gast.BinOp, gast.UnaryOp)):
            return set()
        if isinstance(s.value, gast.Subscript):
            return {s.value.value.id} if is_name(s.value.value) else set()
        return {b for n in names_read(s.value) for b in self._element_bases(n)}

    def _reads_twice(self, array: str, temporaries: set[str]) -> bool:
        return any(isinstance(self.kinds.get(t), Array) for t in temporaries)

    def _killed(self, s: gast.stmt) -> set[str]:
        changed = {x for w, sharers in self._overwrites(s) for x in {w, *sharers}}
        return changed | (set() if isinstance(s, gast.AugAssign) and not is_name(s.target) else set(target_names(s)))

    def _overwrites(self, s: gast.stmt) -> list[tuple[str, set[str]]]:
        return [(w, self.r.p.sharing.sharers(s, w)) for w in self.r._written(s)]

    def restorable(self, variable: str) -> bool:
        """May the backward pass write old contents into the array? Only into memory that nobody else can reach."""
        kind = self.kinds.get(variable, UNKNOWN)
        if not isinstance(kind, Array):
            return False
        definitions = self.r._definitions_of(variable)
        ever = self.r.p.sharing.ever.get(variable, set())
        if variable in self.r.p.parameters:
            return self.r.whole and all(isinstance(s, gast.AugAssign) for s in definitions)
        fresh = all(
            isinstance(s, gast.AugAssign)
            or isinstance(s, gast.Assign)
            and is_name(s.targets[0])
            and not self.r.p.memory.sources(s)
            for s in definitions
        )
        others = all(isinstance(self.kinds.get(n, UNKNOWN), Array) and n not in self.r.p.parameters for n in ever)
        opaque = any(
            isinstance(self.r.p.calls.get(id(s)), Opaque) and variable in names_read(s)
            for s in walk_statements(self.body)
        )
        return (
            fresh
            and others
            and not opaque
            and self.r.p.result not in {variable, *ever}
            and not (self._captured(variable))
        )

    def _captured(self, variable: str) -> bool:
        return any(isinstance(s, gast.FunctionDef) and variable in names_read(s) for s in walk_statements(self.body))

    def _touch(self) -> None:
        self.where.homes.clear()
        for s in walk_statements(self.body):
            own = {*target_names(s)}
            own |= (
                names_read(s.test)
                if isinstance(s, (gast.If, gast.While))
                else names_read(s.iter)
                if isinstance(s, gast.For)
                else names_read(s)
            )
            if isinstance(s, (gast.Assign, gast.AugAssign)):
                base = base_name(s.targets[0] if isinstance(s, gast.Assign) else s.target)
                own |= {base} if base else set()
            own |= arguments_read(s, self.r.p.calls)
            for t in self.raw.get(id(s), ()):
                own |= names_read(t)
            target = s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
            if isinstance(target, gast.Subscript) and base_name(target) is not None:
                own |= names_read(self._restore(s, base_name(target) or "", name("_")))
            for v in own:
                self.where.touch(v, s)
        for p in self.r.p.parameters:
            self.where.homes[p] = (id(self.body),)
        self.where.homes[self.r.p.result] = (id(self.body),)

    def _reads(self, with_tests: bool) -> dict[int, Reads]:
        saved = set(self.protected.values())
        variables = self.variables | saved | self._call_residuals()
        reads = {key: primal_reads(block, variables) for key, block in self.raw.items()}
        if with_tests:
            for s in walk_statements(self.body):
                head = self._head(s)
                kept = id(s) in self.kept_tests or id(s) in self.counted and id(s) not in self.ranges_again
                if head is not None and self._has_work(s) and not kept:
                    reads[id(s)] = primal_reads([gast.Expr(head)], variables)
        return reads

    def _call_residuals(self) -> set[str]:
        return {n for form in self.r.call_forms.values() for n in target_names(form)}

    def _head(self, s: gast.stmt) -> gast.expr | None:
        return s.test if isinstance(s, gast.If) else s.iter if isinstance(s, gast.For) else None

    def _has_work(self, s: gast.stmt) -> bool:
        inner = [t for b in (s.body, s.orelse) for t in walk_statements(b)]  # type: ignore[attr-defined]
        if any(self.raw.get(id(t)) for t in inner):
            return True
        return bool(self.r.activity.active_before.get(id(s), frozenset()))

    def _find_pushes(self, with_tests: bool) -> Pushes:
        contents: set[tuple[int, str]] = set()
        while True:
            pushes = self._pushes_for(self._with_indices(self._reads(with_tests), contents))
            if pushes.contents == contents:
                return pushes
            contents = pushes.contents

    def _with_indices(self, reads: dict[int, Reads], contents: set[tuple[int, str]]) -> dict[int, Reads]:
        """A restore reads the index of what it restores."""
        by_id = {id(s): s for s in walk_statements(self.body)}
        for key, array in contents:
            index = primal_reads([self._restore(by_id[key], array, name("_"))], self.variables)
            found = reads.setdefault(key, Reads())
            found.values |= index.values - {array}
        return reads

    def _pushes_for(self, reads: dict[int, Reads]) -> Pushes:
        by_result = {
            id(s)
            for s in walk_statements(self.body)
            if isinstance(s, gast.Assign) and is_name(s.targets[0]) and self._reads_own_result(s, s.targets[0].id)
        }
        flow = Recording(self.where, reads, by_result, self.kinds, self._overwrites, self.restorable, self.indices)
        flow.run(self.body, frozenset())
        return flow.pushes

    def _choose_tests(self) -> None:
        """Tests are made again where that keeps nothing more; else their outcome, or the number of trips, is kept."""
        for s in walk_statements(self.body):
            if not isinstance(s, (gast.If, *LOOPS)) or not self._has_work(s):
                continue
            known = self.kept_tests if isinstance(s, gast.If) else self.counted
            head = self._head(s)
            again = head is not None and id(s) not in known and self._can_evaluate_again(s, head)
            if again and isinstance(s, gast.For) and _breaks(s.body):
                self.ranges_again.add(id(s))
            elif again or id(s) in known:
                continue
            known[id(s)] = self.r.scope.fresh("branch" if isinstance(s, gast.If) else "trips")
        for known in (self.kept_tests, self.counted):
            for s in walk_statements(self.body):
                if id(s) in known:
                    self.where.touch(known[id(s)], s)
                    self.kinds[known[id(s)]] = Int()

    def _can_evaluate_again(self, s: gast.stmt, head: gast.expr) -> bool:
        inner = list(walk_statements(s.body)) + list(walk_statements(s.orelse))  # type: ignore[attr-defined]
        changed = {n for t in inner for n in self._killed(t)} | (
            set(target_names(s)) if isinstance(s, gast.For) else set()
        )
        reads = names_read(head)
        return not reads & changed and all(self._at_hand(n, s) for n in reads & self.variables)

    def _at_hand(self, variable: str, s: gast.stmt) -> bool:
        if variable in self.indices or self.where.depth_of(s) == 0:
            return True
        if (self.where.home(variable), variable) in self.pushes.at_end:
            return True
        around = self._statements_around(s)
        return all(
            (id(t), variable) in self.pushes.before or (id(t), variable) in self.pushes.contents
            for t in around
            if variable in self._killed(t)
        )

    def _statements_around(self, s: gast.stmt) -> list[gast.stmt]:
        """The statements of the outermost loop around `s`."""
        outermost = next((b for b in self.where.paths[id(s)] if self.where.depth[b]), None)
        return list(walk_statements(self.where.of[outermost])) if outermost else []

    def _resolve_clashes(self) -> bool:
        changed = False
        by_id = {id(s): s for s in walk_statements(self.body)}
        for origin, variable in sorted(self.pushes.clashes, key=lambda c: (by_id[c[0]].lineno or 0, c[1])):
            s = by_id[origin]
            if isinstance(s, gast.If):
                self.kept_tests[origin] = self.kept_tests.get(origin) or self.r.scope.fresh("branch")
            elif isinstance(s, LOOPS):
                self.counted[origin] = self.counted.get(origin) or self.r.scope.fresh("trips")
                self.ranges_again.discard(origin)
            elif any(variable in names_read(t) for t in self.original[origin]):
                saved = self.r.scope.fresh(f"{variable}_saved")
                self.kinds[saved] = self.kinds.get(variable, UNKNOWN)
                self.protected[origin, variable] = saved
            else:
                self.not_recomputed.add(variable)
            changed = True
        return changed

    # -- writing -----------------------------------------------------------------------------------------------------

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
        return [*lists, *(assign(v, start_value(self.kinds.get(v, UNKNOWN))) for v in sorted(self._maybe_unbound()))]

    def _maybe_unbound(self) -> set[str]:
        found = {v for key, v in self.pushes.before if v not in (self._assigned.before.get(key) or {v})}
        for block, v in self.pushes.at_end:
            if v in self.variables and self._last_definition(self.where.of[block], v) is not None:
                s = self._last_definition(self.where.of[block], v)
                if v not in (self._assigned.after.get(id(s)) or {v}):
                    found.add(v)
        return found

    def pushes_before(self, s: gast.stmt) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for (origin, v), saved in self.protected.items():
            if origin == id(s) and not self._reads_own_result(s, v):
                new.append(assign(saved, self._copied(v, True), s))
        for key, v in sorted(self.pushes.before):
            if key == id(s):
                new.append(self._push(v, "before", self._copied(v), s))
        for key, w in sorted(self.pushes.contents):
            if key == id(s):
                new.append(self._push(w, "contents", self._overwritten(s, w), s))
        return new

    def after(self, s: gast.stmt) -> list[gast.stmt]:
        return [
            assign(saved, self._copied(v, True), s)
            for (origin, v), saved in self.protected.items()
            if origin == id(s) and self._reads_own_result(s, v)
        ]

    def _reads_own_result(self, s: gast.stmt, variable: str) -> bool:
        return (
            isinstance(s, gast.Assign)
            and is_name(s.targets[0], variable)
            and variable not in (names_read(s.value) | arguments_read(s, self.r.p.calls))
            and (any(variable in names_read(t) for t in self.original.get(id(s), ())))
        )

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

    def _copied(self, variable: str, always: bool = False) -> gast.expr:
        """The variable's value as it may be kept: copied if its memory may be written afterwards."""
        kind = self.kinds.get(variable, UNKNOWN)
        written = self.r.written_or_moved()
        shared = self.r.p.sharing.ever.get(variable, set())
        parameters = set() if self.r.whole else set(self.r.p.parameters)
        outside = parameters & {variable, *shared}
        kept = not always and variable not in written and not shared & written and not outside
        if is_immutable_number(kind) or kept:
            return name(variable)
        if isinstance(kind, Array):
            return expression("x.copy()", x=variable)
        return expression("f(x)", f=self.r.scope.reference(values.kept, "kept"), x=variable)

    def _overwritten(self, s: Any, array: str) -> gast.expr:
        place = (
            s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else name(array)
        )
        if not isinstance(place, gast.Subscript):
            return expression("x.copy()", x=array)
        read = clone(place)
        read.ctx = gast.Load()
        if isinstance(self.r.shaper.kind(read), (Float, Scalar)):
            return read
        return expression("e.copy()", e=read) if self.r.p.memory.is_basic(place.slice) else read

    def forward_form(self, s: gast.stmt) -> gast.stmt:
        return self.r.call_forms.get(id(s), s)

    def backward(self, s: gast.stmt) -> list[gast.stmt]:
        raw = list(self.raw.get(id(s), ()))
        pops = [assign(v, self._popped(v, "before", s), s) for key, v in sorted(self.pushes.before) if key == id(s)]
        restores: list[gast.stmt] = []
        for key, w in sorted(self.pushes.contents):
            if key == id(s):
                restores.append(self._restore(s, w, self._popped(w, "contents", s)))
        if any(self._reads_own_result(s, v) for key, v in self.pushes.before if key == id(s)):
            return [*restores, *raw, *pops]
        return [*restores, *pops, *raw]

    def _restore(self, s: Any, array: str, value: gast.expr) -> gast.stmt:
        place = s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else None
        if not isinstance(place, gast.Subscript):
            place = gast.Subscript(name(array), constant(...), gast.Store())
        (restore,) = self.tool.apply(s, [assign(clone(place), value, s)], {array})
        return restore

    def close(self, block: list[gast.stmt], forward: list[gast.stmt]) -> tuple[list[gast.stmt], list[gast.stmt]]:
        """Adds the pushes of what lives in a block to its forward text; gives the pops that open its backward text."""
        kept = sorted(v for key, v in self.pushes.at_end if key == id(block))
        tests = [self.kept_tests[id(s)] for s in block if id(s) in self.kept_tests]
        tests += [self.counted[id(s)] for s in block if id(s) in self.counted]
        if not self.where.depth[id(block)]:
            tests = []
        pops = []
        for v in [*kept, *[t for t in tests if (t, "test") in self.tape_names]]:
            use = "test" if v in tests else "end"
            pops.append(assign(v, expression("t.pop()", t=self.tape(v, use))))
        for v in kept:
            push = statement("t.append(v)", t=self.tape(v, "end"), v=self._kept_at_end(v))
            forward = self._insert_push(block, forward, v, push)
        return forward, pops

    def _kept_at_end(self, variable: str) -> gast.expr:
        return name(variable) if self.restorable(variable) else self._copied(variable)

    def _last_definition(self, block: list[gast.stmt], variable: str) -> gast.stmt | None:
        def defines(s: gast.stmt) -> bool:
            form = self.r.call_forms.get(id(s))
            bound = set(target_names(s)) | set(self.r._written(s)) | (set(target_names(form)) if form else set())
            bound |= {saved for (origin, _), saved in self.protected.items() if origin == id(s)}
            return variable in bound or any(
                defines(t)
                for b in (getattr(s, "body", []), getattr(s, "orelse", []))
                for t in b
                if isinstance(s, (gast.If, *LOOPS))
            )

        found = [s for s in block if defines(s)]
        return found[-1] if found else None

    def _insert_push(
        self, block: list[gast.stmt], forward: list[gast.stmt], variable: str, push: gast.stmt
    ) -> list[gast.stmt]:
        positions = [
            i
            for i, t in enumerate(forward)
            if variable in names_stored([t]) | _written_bases(t)
            or variable in self.r.arrays_written
            and _calls_with(t, variable)
        ]
        if not positions:
            return [push, *forward]
        last = positions[-1]
        if isinstance(forward[last], gast.If) and _breaks([forward[last]]):
            return _at_path_ends(forward, push)
        return [*forward[: last + 1], push, *forward[last + 1 :]]

    def test(self, s: gast.If) -> tuple[list[gast.stmt], gast.expr]:
        """What keeps the outcome of a test, in front of the branch, and the test for both passes."""
        kept = self.kept_tests.get(id(s))
        if kept is None:
            return [], s.test
        keep = [assign(kept, s.test, s)]
        if self.where.depth_of(s):
            keep.append(statement("t.append(v)", s, t=self.tape(kept, "test"), v=kept))
        return keep, name(kept)

    def trips(
        self, s: Any, new: Any, back: list[gast.stmt]
    ) -> tuple[list[gast.stmt], list[gast.stmt], list[gast.stmt], gast.expr, str]:
        """For a loop: statements in front of it, at the top of its body and behind it; the iterator of the reversed loop
        and its target."""
        index = s.target.id if isinstance(s, gast.For) else None
        used = index is not None and index in names_read(back)
        target = str(index) if used else "_"
        if id(s) not in self.counted:
            return [], [], [], _reversed_range(s.iter.args) if used else clone(s.iter), target
        count = self.counted[id(s)]
        if isinstance(s, gast.For) and id(s) not in self.ranges_again:
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
                behind.append(statement("t.append(v)", s, t=self.tape(count, "test"), v=count))
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
        if _breaks(s.body):
            trips = self.r.scope.fresh("trips")
            before.append(assign(trips, constant(0), s))
            inside = [augment(trips, gast.Add(), constant(1), s)]
            behind.append(assign(steps, expression("r[:n]", r=steps, n=trips), s))
        if self.where.depth_of(s):
            behind.append(statement("t.append(v)", s, t=self.tape(steps, "test"), v=steps))
        return before, inside, behind, expression("r[::-1]", r=steps) if used else name(steps), target

    def _tape_of_each_trip(self, s: Any, new: Any) -> str | None:
        """A tape that is pushed once in each trip of an outermost loop, and nowhere else: its length counts the trips."""
        if self.where.depth_of(s):
            return None
        for t in new.body:
            if isinstance(t, gast.Expr) and isinstance(t.value, gast.Call) and isinstance(t.value.func, gast.Attribute):
                tape = t.value.func.value
                sites = [k for k, v in self.tape_names.items() if is_name(tape, v)]
                if t.value.func.attr == "append" and sites and self._sites(sites[0]) == 1:
                    return tape.id  # type: ignore[attr-defined]
        return None

    def _sites(self, key: tuple[str, str]) -> int:
        variable, use = key
        if use == "before":
            return sum(v == variable for _, v in self.pushes.before)
        return 1 if use in ("end", "test") else sum(v == variable for _, v in self.pushes.contents)


def _breaks(block: list[gast.stmt]) -> bool:
    return any(
        isinstance(s, gast.Break) or isinstance(s, gast.If) and (_breaks(s.body) or _breaks(s.orelse)) for s in block
    )


def _written_bases(s: gast.stmt) -> set[str]:
    found = set()
    for t in walk_statements([s]):
        if isinstance(t, (gast.Assign, gast.AugAssign)):
            for target in t.targets if isinstance(t, gast.Assign) else [t.target]:
                base = base_name(target)
                found |= {base} if base else set()
    return found


def _calls_with(s: gast.stmt, variable: str) -> bool:
    """Does a statement of the block call something that may change the variable's object?"""
    return any(
        isinstance(t, (gast.Expr, gast.Assign)) and isinstance(t.value, gast.Call) and variable in names_read(t.value)
        for t in walk_statements([s])
    )


def _at_path_ends(block: list[gast.stmt], push: gast.stmt) -> list[gast.stmt]:
    """The block with `push` at the end of each path, in front of a `break`."""
    last = block[-1] if block else None
    if isinstance(last, gast.If) and _breaks([last]):
        new = clone_head(last)
        new.body, new.orelse = _at_path_ends(last.body, push), _at_path_ends(last.orelse, push)
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


def _reversed_range(args: list[gast.expr]) -> gast.expr:
    if len(args) == 1:
        return _folded("range(n - 1, -1, -1)", n=args[0])
    if len(args) == 2:
        return _folded("range(b - 1, a - 1, -1)", a=args[0], b=args[1])
    return expression("range(a, b, c)[::-1]", a=args[0], b=args[1], c=args[2])


def _folded(text: str, **holes: gast.expr) -> gast.expr:
    from autodiff_src.differentiate.fold import fold_constants

    call = expression(text, **holes)
    call.args = [_offset(fold_constants(a)) for a in call.args]  # type: ignore[attr-defined]
    return call


def _offset(node: gast.expr) -> gast.expr:
    """`n - 1 - 1` becomes `n - 2`."""
    from autodiff_src.differentiate.fold import number

    if (
        isinstance(node, gast.BinOp)
        and isinstance(node.op, gast.Sub)
        and isinstance(node.left, gast.BinOp)
        and isinstance(node.left.op, (gast.Sub, gast.Add))
    ):
        outer, inner = number(node.right), number(node.left.right)
        if type(outer) is int and type(inner) is int:
            total = (inner if isinstance(node.left.op, gast.Add) else -inner) - outer
            if total == 0:
                return node.left.left
            return gast.BinOp(node.left.left, gast.Add() if total > 0 else gast.Sub(), constant(abs(total)))
    return node
