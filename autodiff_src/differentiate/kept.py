"""Decides what the backward pass needs and how it is kept: computed again, pushed, restored, or tested again."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.analyze.calls import Opaque, arguments_read
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Array, Dict, Float, List, Scalar, Tuple, is_dict
from autodiff_src.analyze.mutability import number_items
from autodiff_src.analyze.name_sets import Names
from autodiff_src.analyze.outside_writes import unsettled_names
from autodiff_src.analyze.recording import Assigned, Pushes, Reads, Recording, primal_reads
from autodiff_src.differentiate.block_tops import begun_behind
from autodiff_src.differentiate.heads import Heads, head_of
from autodiff_src.differentiate.lasting import Lasting
from autodiff_src.differentiate.recompute import Recompute
from autodiff_src.errors import UnsupportedError
from autodiff_src.syntax import (
    COMPOUND,
    LOOPS,
    assign,
    base_name,
    blocks,
    clone,
    constant,
    heads,
    is_name,
    name,
    names_read,
    remembered,
    substitute,
    target_names,
    walk_statements,
)

if TYPE_CHECKING:
    from autodiff_src.differentiate.reverse_mode import _Reverser


_MOST_ROUNDS = 30


class Kept:
    """What is kept for one function. `raw`: backward text by a statement's id; `pushes`: what is pushed, and where;
    `protected`: copies made for statements whose operands are written under another name; `places`: by a copy of a part of
    its variable, that part; `computed_again`: (statement's id, variable) where a variable is read that the backward pass has
    computed again."""

    def __init__(self, reverser: _Reverser, raw: dict[int, list[gast.stmt]]):
        self.r, self.original = reverser, raw
        self.body, self.where, self.kinds = reverser.p.body, reverser.where, reverser.kinds
        self.variables = {n for s in walk_statements(self.body) for n in target_names(s)} | set(reverser.p.parameters)
        self.indices = {s.target.id for s in walk_statements(self.body) if isinstance(s, gast.For)}  # type: ignore[attr-defined]
        self.protected: dict[tuple[int, str], str] = {}
        self.places: dict[str, gast.Subscript] = {}
        self.not_recomputed: set[str] = set()
        self.killed, self.reads = remembered(self._killed), remembered(names_read)
        self._overwrites = remembered(self._overwritten)
        self.restorable = cache(self._restorable)
        self.bases: dict[str, set[str]] = {}
        self.heads = Heads(self)
        self._protect_outside()
        self._decide()

    def _decide(self) -> None:
        for _ in range(_MOST_ROUNDS):
            copies = self.protected_at()
            self.behind = self._behind_loops(copies)
            self.raw = {key: self._with_copies(block, copies.get(key, {})) for key, block in self.original.items()}
            self.raw = self._recompute()
            self._touch()
            self.heads.at_entry.clear()
            self.pushes = self._find_pushes(with_tests=False)
            judged: set[int] = set()
            while self.heads.choose(judged):
                self.pushes = self._find_pushes(with_tests=True)
            if not self._resolve_clashes():
                break
        else:
            place = self.r.p.program.place(self.r.p.program.function)
            raise UnsupportedError("what the backward pass needs of arrays written under several names cannot be kept", place,
                                   "copy the arrays that go by several names: `y = x.copy()`")
        self.assigned = Assigned()
        self.assigned.run(self.body, Names().of(self.r.p.parameters))
        self.restored = {v for _, v in self.pushes.contents}

    def _protect_outside(self) -> None:
        """What is read outside counts as it was when the forward pass read it, where it may have changed since."""
        targets = {id(s): s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
                   for s in walk_statements(self.body)}
        places = {key: names_read(t.slice) for key, t in targets.items() if isinstance(t, gast.Subscript)}
        for key, block in self.original.items():
            for n in sorted(self.unsettled(set().union(places.get(key, ()), *map(self.reads, block)))):
                self.protected[key, n] = self.r.scope.fresh(f"{n}_saved")
                self.kinds[self.protected[key, n]] = self.kinds.get(n, UNKNOWN)

    def _behind_loops(self, copies: dict[int, dict[str, str]]) -> dict[int, Reads]:
        """By a loop's id: what the zeros read that its backward text begins with."""
        found = {}
        for s in walk_statements(self.body):
            zeros = [gast.Expr(zero) for zero in begun_behind(self.r, s)] if isinstance(s, LOOPS) else []
            if zeros:
                own = copies.get(id(s), {})
                found[id(s)] = primal_reads(self._with_copies(zeros, own), self.variables | {*own.values()})
        return found

    def protected_at(self) -> dict[int, dict[str, str]]:
        """By a statement's id: the copies that are made for it, by what they are copies of."""
        found: dict[int, dict[str, str]] = {}
        for (key, v), saved in self.protected.items():
            found.setdefault(key, {})[v] = saved
        return found

    def _with_copies(self, block: list[gast.stmt], copies: dict[str, str]) -> list[gast.stmt]:
        for saved in copies.values():
            if saved in self.places:
                block = [_Replaced(self.places[saved], saved).visit(clone(t)) for t in block]
        holes = {v: name(saved) for v, saved in copies.items() if saved not in self.places}
        return [substitute(t, holes) for t in block] if holes else list(block)

    def _recompute(self) -> dict[int, list[gast.stmt]]:
        raw, outside = self.raw, names_read(self.body) - self.variables
        unsettled = self.unsettled(outside | self.variables)
        refilled = {n for n in self.r.p.refilled if n in self.r.shadowed.adjoints or is_dict(self.kinds.get(n, UNKNOWN))}
        for arithmetic in (False, True):
            reads = primal_reads((t for block in raw.values() for t in block), self.variables)
            needed = reads.values | {n for n in reads.shapes if not isinstance(self.kinds.get(n), (List, Dict))}
            kept = {n for n in self.variables if n in needed or n in self.indices or self._stays(n)}
            kept |= outside - unsettled
            tool = Recompute(
                self.r._single_definitions(),
                self.kinds,
                self.where,
                self.r.p.memory,
                self.killed,
                self.r.arrays_written | refilled | unsettled,
                self._lasting,
                self._worth_restoring(raw),
                kept,
                arithmetic,
                self.not_recomputed | unsettled,
                self._static,
                not self.r.whole,
                self.reads,
            )
            tool.run(self.body)
            raw, self.computed_again = tool.rewrite(self.body, raw)
            self.tool = tool
        return raw

    @cached_property
    def _lasting(self) -> Lasting:
        shadows = self.r.shadowed.adjoints
        emptied = {n for n in self.r.p.refilled & shadows if True in number_items(self.kinds.get(n, UNKNOWN))}
        return Lasting(self.body, self.r._single_definitions(), self.where, self._overwrites,
                       lambda n: self.r.p.sharing.ever.get(n, ()), shadows, emptied)

    def _static(self, node: gast.expr) -> object:
        return ExpressionKinds(self.r.p.program.namespace).static(node, self._local)

    @cached_property
    def _local(self) -> set[str]:
        return self.variables | self.kinds.keys()

    def unsettled(self, names: set[str]) -> set[str]:
        """What goes by these names and may be changed before the backward pass by code that is not read here."""
        return unsettled_names(names - self.variables, self.r.p.program) | names & self.r.p.exposed

    def _stays(self, variable: str) -> bool:
        """Is the variable bound once, and not in a loop?"""
        definitions = self.r._definitions_of(variable)
        if variable in self.r.p.parameters:
            return not definitions
        return len(definitions) == 1 and self.where.depth_of(definitions[0]) == 0

    def _worth_restoring(self, raw: dict[int, list[gast.stmt]]) -> set[str]:
        """Written arrays of which at least two elements are needed: restoring one costs less than keeping both."""
        counts: dict[str, set[str]] = {}
        needed = {n for block in raw.values() for t in block for n in self.reads(t)}
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
        """The arrays of whose elements arithmetic makes the variable."""
        if variable not in self.bases:
            self.bases[variable] = set()  # a variable that is made of itself adds nothing
            s = self.r._single_definitions().get(variable)
            if s is not None and isinstance(s.value, gast.Subscript):
                self.bases[variable] = {s.value.value.id} if is_name(s.value.value) else set()
            elif s is not None and isinstance(s.value, (gast.BinOp, gast.UnaryOp)):
                self.bases[variable] = {b for n in names_read(s.value) for b in self._element_bases(n)}
        return self.bases[variable]

    def _reads_twice(self, array: str, temporaries: set[str]) -> bool:
        return any(isinstance(self.kinds.get(t), Array) for t in temporaries)

    def _killed(self, s: gast.stmt) -> set[str]:
        """Variables that a statement binds or whose contents it changes."""
        changed = {x for w, sharers in self._overwrites(s) for x in {w, *sharers}}
        return changed | (set() if isinstance(s, gast.AugAssign) and not is_name(s.target) else set(target_names(s)))

    def _overwritten(self, s: gast.stmt) -> list[tuple[str, set[str]]]:
        """Arrays whose contents a statement changes, each with all who share them."""
        p = self.r.p
        return [(w, p.memory.changed_with(s, w, p.sharing.sharers(s, w))) for w in self.r._written(s)]

    def _restorable(self, variable: str) -> bool:
        """May the backward pass write old contents into the array? Only into memory that nobody else can reach."""
        kind = self.kinds.get(variable, UNKNOWN)
        if not isinstance(kind, Array):
            return False
        definitions = self.r._definitions_of(variable)
        ever = self.r.p.sharing.ever.get(variable, set())
        if ever and self.r.repeatable:
            return False  # the next run of the backward pass needs the others as they are
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
        return (
            fresh
            and others
            and self.r.p.result not in {variable, *ever}
            and variable not in self._held_elsewhere
        )

    @cached_property
    def _held_elsewhere(self) -> set[str]:
        """Variables that a nested function captures or that go into unknown code."""
        holders = [s for s in walk_statements(self.body)
                   if isinstance(s, gast.FunctionDef) or isinstance(self.r.p.calls.get(id(s)), Opaque)]
        return names_read(holders)

    def _touch(self) -> None:
        self.where.homes.clear()
        for s in walk_statements(self.body):
            own = {*target_names(s)}
            own |= names_read(heads(s) if isinstance(s, COMPOUND) else s)
            if isinstance(s, (gast.Assign, gast.AugAssign)):
                base = base_name(s.targets[0] if isinstance(s, gast.Assign) else s.target)
                own |= {base} if base else set()
            own |= arguments_read(s, self.r.p.calls)
            for t in self.raw.get(id(s), ()):
                own |= self.reads(t)
            behind = self.behind.get(id(s))
            own |= behind.values | behind.shapes if behind else set()
            target = s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
            if isinstance(target, gast.Subscript) and base_name(target) is not None:
                own |= names_read(self.restore(s, base_name(target) or "", name("_")))
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
                head = head_of(s)
                kept = id(s) in self.heads.recorded or id(s) in self.heads.counted and id(s) not in self.heads.ranges_again
                if head is not None and self.heads.has_work(s) and not kept:
                    reads[id(s)] = primal_reads([gast.Expr(head)], variables)
        return reads

    def _call_residuals(self) -> set[str]:
        return {n for form in self.r.call_forms.values() for n in target_names(form)}

    def _find_pushes(self, with_tests: bool) -> Pushes:
        read, contents = self._reads(with_tests), set[tuple[int, str]]()
        while True:
            reads = {key: Reads({*r.values}, {*r.shapes}) for key, r in read.items()}
            pushes = self._pushes_for(self._with_indices(reads, contents))
            if pushes.contents == contents:
                return pushes
            contents = pushes.contents

    def _with_indices(self, reads: dict[int, Reads], contents: set[tuple[int, str]]) -> dict[int, Reads]:
        """A restore reads the index of what it restores."""
        by_id = {id(s): s for s in walk_statements(self.body)}
        for key, array in contents:
            index = primal_reads([self.restore(by_id[key], array, name("_"))], self.variables | set(self.protected.values()))
            found = reads.setdefault(key, Reads())
            found.values |= index.values - {array}
        return reads

    def _pushes_for(self, reads: dict[int, Reads]) -> Pushes:
        by_result = {
            id(s)
            for s in walk_statements(self.body)
            if isinstance(s, gast.Assign) and is_name(s.targets[0]) and self.reads_own_result(s, s.targets[0].id)
        }
        for s in walk_statements(self.body):
            if id(s) in self.heads.at_entry:
                for key in (id(s), *(id(t) for b in blocks(s) for t in walk_statements(b))):
                    if key in reads:
                        reads[key].values -= self.heads.at_entry[id(s)]
        for key, v in self.computed_again:
            reads[key].values.discard(v)
            reads[key].shapes.discard(v)
        flow = Recording(
            self.where,
            reads,
            by_result,
            self.kinds,
            self._overwrites,
            self.restorable,
            self.indices,
            self.heads.at_entry,
            self.r.shadowed.adjoints,
            self.behind,
        )
        flow.run(self.body, {})
        return flow.pushes

    def _resolve_clashes(self) -> bool:
        changed = False
        by_id = {id(s): (i, s) for i, s in enumerate(walk_statements(self.body))}
        lines = {origin: (getattr(s, "lineno", 0), i) for origin, (i, s) in by_id.items()}
        for origin, variable in sorted(self.pushes.clashes, key=lambda c: (lines[c[0]][0], c[1], lines[c[0]][1])):
            s = by_id[origin][1]
            if isinstance(s, (gast.If, gast.Try)):
                self.heads.recorded[origin] = self.heads.recorded.get(origin) or self.r.scope.fresh("branch")
            elif isinstance(s, LOOPS) and (behind := self.behind.get(origin)) and variable in behind.values | behind.shapes:
                self._protect(s, variable)
            elif isinstance(s, LOOPS):
                self.heads.counted[origin] = self.heads.counted.get(origin) or self.r.scope.fresh("trips")
                self.heads.ranges_again.discard(origin)
            elif any(variable in names_read(t) for t in self.original[origin]):
                self._protect(s, variable)
            else:
                self.not_recomputed.add(variable)
            changed = True
        return changed

    def _protect(self, s: gast.stmt, variable: str) -> None:
        saved, place = self.r.scope.fresh(f"{variable}_saved"), self._updated(s, variable)
        self.kinds[saved] = self.kinds.get(variable, UNKNOWN) if place is None else self.r.shaper.kind(place)
        self.protected[id(s), variable] = saved
        if place is not None:
            self.places[saved] = place

    def _updated(self, s: gast.stmt, variable: str) -> gast.Subscript | None:
        """The part of a variable that `s` writes, if its backward text reads nothing else of it: a copy of that will do."""
        target = s.target if isinstance(s, gast.AugAssign) else s.targets[0] if isinstance(s, gast.Assign) else None
        if not isinstance(target, gast.Subscript) or not is_name(target.value, variable):
            return None
        place, copied = gast.Subscript(target.value, target.slice, gast.Load()), (Float, Scalar, List, Dict, Tuple)
        if not isinstance(self.kinds.get(variable), Array) and not isinstance(self.r.shaper.kind(place), copied):
            return None
        rest = [_Replaced(place, "_").visit(clone(t)) for t in self.original[id(s)]]
        return None if any(variable in names_read(t) for t in [place.slice, *rest]) else place

    def reads_own_result(self, s: gast.stmt, variable: str) -> bool:
        return (
            isinstance(s, gast.Assign)
            and is_name(s.targets[0], variable)
            and variable not in (names_read(s.value) | arguments_read(s, self.r.p.calls))
            and (any(variable in self.reads(t) for t in self.original.get(id(s), ())))
        )

    def restore(self, s: Any, array: str, value: gast.expr) -> gast.stmt:
        place = s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else None
        if not isinstance(place, gast.Subscript):
            place = gast.Subscript(name(array), constant(...), gast.Store())
        (restore,) = self.tool.apply(s, [assign(clone(place), value, s)], {array})
        holes = {v: name(saved) for (key, v), saved in self.protected.items() if key == id(s) and v != array}
        return substitute(restore, holes) if holes else restore


class _Replaced(gast.NodeTransformer):
    """Writes a variable for an element or a slice."""

    def __init__(self, place: gast.Subscript, variable: str):
        self.text, self.variable = gast.dump(place), variable

    def visit_Subscript(self, node: gast.Subscript) -> gast.expr:
        return name(self.variable) if gast.dump(node) == self.text else self.generic_visit(node)
