"""Which variables may share memory, where.

Sharing is a relation between names at a point, not a grouping: after a swap of two buffers in a loop each name has held
both, and yet they share nothing.
"""
from __future__ import annotations

import operator
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Called, Cut, Info, Integrated, ListMethod, Opaque, Primitive, Solved, arguments_read
from autodiff_src.analyze.dataflow import Backward, Forward
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Inert,
    Kind,
    Known,
    List,
    Object,
    Tuple,
    Unknown,
    carries_derivative,
    is_integer,
)
from autodiff_src.analyze.mutability import is_mutable
from autodiff_src.analyze.name_sets import Names, NameSet
from autodiff_src.analyze.operands import written_in_place
from autodiff_src.analyze.own_containers import own_containers
from autodiff_src.analyze.relation import Relation, either, related, with_related, without
from autodiff_src.runtime import adjoints, complex_numbers, vectorization
from autodiff_src.runtime.objects import module_of, named
from autodiff_src.runtime.strong_zeros import strong_zero
from autodiff_src.runtime.values import kept
from autodiff_src.syntax import (
    base_name,
    captured,
    children,
    heads,
    is_name,
    names_read,
    remembered,
    target_names,
    walk_statements,
)

Writes = Callable[[gast.stmt], Iterable[str]]

VIEWING = frozenset(map(id, [
    np.reshape, np.ravel, np.transpose, np.squeeze, np.expand_dims, np.swapaxes, np.moveaxis, np.asarray, np.asanyarray,
    np.ascontiguousarray, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.broadcast_to, np.split, np.array_split,
    np.flip, np.fliplr, np.flipud, np.diagonal, np.diag, np.real, np.imag, np.ndarray.reshape, np.ndarray.transpose,
    np.ndarray.ravel, np.ndarray.squeeze, np.ndarray.swapaxes, np.ndarray.diagonal, np.ndarray.astype, np.array,
    np.ndarray.view, np.nan_to_num, np.rollaxis, np.hsplit, np.vsplit, np.broadcast_arrays, np.require, np.rot90,
    np.linalg.diagonal, np.linalg.matrix_transpose, np.linalg.matrix_power, np.lib.stride_tricks.sliding_window_view,
    np.ndarray.conj, np.matrix_transpose, np.dsplit, np.asfortranarray,
    np.asarray_chkfinite, np.imag, *(getattr(np, name) for name in ("unstack", "astype") if hasattr(np, name)),
    np.float64, np.float32, np.float16, list, tuple, named, dict, OrderedDict, defaultdict, sorted]))
# These give one of their arguments, or an item of the first; and these a new sequence with the items of others.
PICKING = frozenset(map(id, [max, min, operator.getitem]))
JOINING = frozenset(map(id, [operator.add, operator.concat, operator.mul, sum]))
_INTO_SEQUENCES = frozenset(map(id, [list, tuple, named, dict, OrderedDict, defaultdict, sorted]))
_OF_ONE_ARRAY = VIEWING - _INTO_SEQUENCES - {id(np.broadcast_arrays)}  # of a list or a tuple they make a new array
_COPYING = frozenset(map(id, [np.ndarray.astype, np.array, np.nan_to_num]))
_OF_THE_FIRST = frozenset(map(id, [adjoints.unbroadcast, adjoints.to_each, strong_zero]))  # the second is looked at only
_SHARING_ATTRIBUTES = frozenset({"T", "real", "imag", "flat", "base"})


class Memory:
    """What the operations of one function share; `kinds` by variable, `calls` by a statement's id; `outside`: what names
    from outside share; `tuples`: those that carry a derivative are taken for memory, too."""

    def __init__(self, kinds: dict[str, Kind], calls: dict[int, Info], body: Iterable[gast.stmt] = (),
                 parameters: Iterable[str] = (), outside: Relation | None = None, tuples: bool = False):
        self.kinds, self.calls, self.outside, self.tuples = kinds, calls, outside or {}, tuples
        self.own = own_containers(list(body), parameters, lambda s: isinstance(calls.get(id(s)), Primitive))

    def mutable(self, variable: str) -> bool:
        return self._is_memory(self.kinds.get(variable, UNKNOWN))

    def _is_memory(self, kind: Kind) -> bool:
        return is_mutable(kind) or self.tuples and isinstance(kind, Tuple) and carries_derivative(kind)

    def sources(self, s: gast.stmt) -> list[str]:
        """Variables whose memory the value that an assignment binds may share."""
        value = s.value  # type: ignore[attr-defined]
        return [n for n in self._sources(s, value) if self.mutable(n)]

    def _sources(self, s: gast.stmt, value: gast.expr) -> Iterable[str]:
        if isinstance(value, (gast.Name, gast.Tuple, gast.List, gast.Dict)):
            return names_read(value)
        if isinstance(value, gast.Subscript):
            base = names_read(value.value)
            kinds = [self.kinds.get(b, UNKNOWN) for b in base]
            copying = self.is_copying(value.slice)
            fresh = all(isinstance(k, Array) and (copying or _selects_elements(k, value.slice)) for k in kinds)
            return [] if fresh else self.handing_on(base) if isinstance(value.slice, gast.Slice) else base
        if isinstance(value, gast.Attribute):
            if isinstance(self.calls.get(id(s)), Called):
                return self._sources_of_call(s, value)
            held = all(isinstance(self.kinds.get(n, UNKNOWN), (Object, Unknown)) for n in names_read(value))
            return names_read(value) if value.attr in _SHARING_ATTRIBUTES or held else []
        if isinstance(value, gast.BinOp):
            return self.handing_on(n for n in names_read(value) if isinstance(self.kinds.get(n, UNKNOWN), (List, Tuple)))
        if isinstance(value, gast.Call):
            return self._sources_of_call(s, value)
        return []

    def _sources_of_call(self, s: gast.stmt, call: Any) -> Iterable[str]:
        info = self.calls.get(id(s))
        if isinstance(info, Primitive):
            function = info.rule.primitive
            if id(function) in PICKING or id(function) in JOINING:
                return self._picked_or_joined(info)
            if function is np.einsum and len(info.arguments) == 2:  # of one operand it may be a view
                return names_read(info.arguments[1])
            copies = function is kept or id(function) in _COPYING and not any(
                k.arg in ("copy", "subok", "order") for k in info.keywords)
            shares = not copies and (id(function) in VIEWING or not _is_numpy(function))
            given = info.arguments[:1] if id(function) in _OF_THE_FIRST else info.arguments
            read = [n for a in given if not (id(function) in _OF_ONE_ARRAY and self._is_sequence(a))
                    for n in names_read(a) if n in self.kinds] if shares else []
            return self.handing_on(read) if id(function) in _INTO_SEQUENCES else read
        if isinstance(info, Called):
            pairs = zip(info.callee.parameters, info.arguments, strict=True)
            return [n for p, a in pairs if p in info.callee.shared for n in names_read(a)]
        if isinstance(info, ListMethod) and info.method == "pop":
            return names_read(call.func)
        if isinstance(info, Opaque):
            return self.handing_on(names_read(call.args)) if info.collects else names_read(call)
        assert info is None or isinstance(info, (Cut, Integrated, ListMethod, Solved))
        return []

    def _picked_or_joined(self, info: Primitive) -> list[str]:
        read = [n for a in info.arguments for n in names_read(a)]
        if id(info.rule.primitive) in JOINING:
            return self.handing_on(n for n in read if isinstance(self.kinds.get(n, UNKNOWN), (List, Tuple)))
        return read if len(info.arguments) > 1 else self.handing_on(read)

    def _is_sequence(self, argument: gast.expr) -> bool:
        return is_name(argument) and isinstance(self.kinds.get(argument.id), (List, Tuple))  # type: ignore[attr-defined]

    def handing_on(self, variables: Iterable[str]) -> list[str]:
        """Of variables whose items go into another sequence, those with items that are memory."""
        kinds = ((v, self.kinds.get(v, UNKNOWN)) for v in variables)
        return [v for v, k in kinds if any(map(self._is_memory, _items(k)))]

    def changed_with(self, s: gast.stmt, written: str, sharers: set[str]) -> set[str]:
        """Of the variables that share memory with `written`, those whose value changes where `s` writes into it: a change
        of a container's own items leaves the arrays in it as they are."""
        target = s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else None
        if isinstance(target, gast.Attribute):
            return {n for n in sharers if _may_hold_object(self.kinds.get(n, UNKNOWN), self.kinds.get(written, UNKNOWN))}
        if written in self.own and isinstance(self.calls.get(id(s)), ListMethod):
            return set()
        items = isinstance(self.kinds.get(written, UNKNOWN), (List, Dict)) and (
            isinstance(self.calls.get(id(s)), ListMethod)
            or isinstance(target, gast.Subscript) and is_name(target.value)
        )
        return {n for n in sharers if not (items and isinstance(self.kinds.get(n, UNKNOWN), Array))}

    def is_copying(self, index: gast.expr) -> bool:
        """Does the index certainly select a copy, being or holding an array, a list or a mask?"""
        if isinstance(index, gast.Name):
            return _makes_copies(self.kinds.get(index.id, UNKNOWN))
        if isinstance(index, gast.Constant):
            return type(index.value) is bool
        if isinstance(index, gast.List):
            return True
        operands = (gast.Tuple, gast.BinOp, gast.UnaryOp, gast.Compare, gast.BoolOp)
        return isinstance(index, operands) and any(self.is_copying(e) for e in children(index))

    def is_basic(self, index: gast.expr) -> bool:
        """Does the index certainly select a view (or one element), not a copy?"""
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        return all(self._is_basic_part(p) for p in parts)

    def _is_basic_part(self, part: gast.expr) -> bool:
        if isinstance(part, (gast.Slice, gast.Constant)):
            return type(getattr(part, "value", None)) is not bool
        new_axis = isinstance(part, gast.Attribute) and part.attr == "newaxis"
        held = isinstance(part, gast.Name) and _is_basic_kind(self.kinds.get(part.id, UNKNOWN))
        return new_axis or held or self.index_kind(part) == "int"

    def index_kind(self, part: gast.expr) -> str:
        """'int' or 'other': what one part of an index is."""
        if isinstance(part, gast.Name):
            return "int" if is_integer(self.kinds.get(part.id, UNKNOWN)) else "other"
        if isinstance(part, gast.UnaryOp) and not isinstance(part.op, gast.Not):
            return self.index_kind(part.operand)
        if isinstance(part, gast.BinOp):
            both = {self.index_kind(part.left), self.index_kind(part.right)}
            return "int" if both == {"int"} else "other"
        if isinstance(part, gast.Constant):
            return "int" if type(part.value) is int else "other"
        if isinstance(part, gast.Call) and is_name(part.func) and part.func.id in ("len", "int"):
            return "int"
        if isinstance(part, gast.Subscript) and isinstance(part.value, gast.Attribute) and part.value.attr == "shape":
            return "int"
        return "int" if isinstance(part, gast.Attribute) and part.attr in ("size", "ndim") else "other"


def _is_basic_kind(kind: Kind) -> bool:
    """Is it a slice, an int, `None` or `...`, or a tuple of these?"""
    if isinstance(kind, Tuple):
        return kind.items is not None and all(map(_is_basic_kind, kind.items))
    known = isinstance(kind, Known) and (kind.value is None or kind.value is ... or isinstance(kind.value, slice))
    return known or kind == Inert("slice") or is_integer(kind)


def _selects_elements(array: Array, index: gast.expr) -> bool:
    """Does the index, being the result of an operator and so no slice, certainly select an element, or copies of some?"""
    calculated = isinstance(index, (gast.BinOp, gast.UnaryOp))
    return calculated and array.ndim == 1 and array.dtype is not None and array.dtype.kind in "biufc"


def _items(kind: Kind) -> list[Kind]:
    """The kinds of the items of a container, as far as known."""
    if isinstance(kind, List):
        return [kind.item]
    if isinstance(kind, Dict):
        return kind.held
    if isinstance(kind, Tuple) and kind.items is not None:
        return list(kind.items)
    return [UNKNOWN]


def _makes_copies(kind: Kind) -> bool:
    """Does an index of this kind select a copy?"""
    if isinstance(kind, Tuple):
        return any(map(_makes_copies, kind.items or ()))
    return isinstance(kind, (List, Bool)) or isinstance(kind, Array) and kind.shape != ()


def _may_hold_object(kind: Kind, written: Kind) -> bool:
    """May a value be the object of the kind `written`, or hold it?"""
    if isinstance(kind, Unknown) or not isinstance(written, Object):
        return True
    if isinstance(kind, Object) and kind.cls is written.cls:
        return True
    if isinstance(kind, (Tuple, Dict)):
        items = kind.held if isinstance(kind, Dict) else [UNKNOWN] if kind.items is None else kind.items
        return any(_may_hold_object(item, written) for item in items)
    return isinstance(kind, List) and _may_hold_object(kind.item, written)


def _is_numpy(function: object) -> bool:
    known = module_of(function).split(".")[0] in ("numpy", "math", "operator", "_operator", "builtins")
    stands_in = module_of(function) in (complex_numbers.__name__, vectorization.__name__)
    return isinstance(function, np.ufunc) or known or stands_in or getattr(function, "__objclass__", None) is np.ndarray


class Sharing(Forward[Relation]):
    """`before[id(s)]`: which variables may share memory there. `ever`: by a variable, those that it may share with anywhere."""

    def __init__(self, memory: Memory):
        super().__init__()
        self.memory = memory
        self.ever: dict[str, set[str]] = {n: set(others) for n, others in memory.outside.items()}

    def join(self, a: Relation, b: Relation) -> Relation:
        return either(a, b)

    def sharers(self, s: gast.stmt, variable: str) -> set[str]:
        return {*with_related(self.before.get(id(s)) or {}, [variable])} - {variable}

    def aliases(self, local: Collection[str]) -> dict[str, frozenset[str]]:
        """By one of the variables `local`, the names from outside that share memory with it somewhere."""
        found = {n: frozenset(others.difference(local)) for n, others in self.ever.items() if n in local}
        return {n: others for n, others in found.items() if others}

    def ever_written(self, body: list[gast.stmt], writes: Writes) -> set[str]:
        """Variables of which the memory is written into, under whatever name. `writes`: what a statement's call writes."""
        found: set[str] = set()
        for s in walk_statements(body):
            base = written_in_place(s, self.memory.kinds)
            for w in [*([base] if base else []), *writes(s)]:
                found |= {w, *self.memory.changed_with(s, w, self.ever.get(w, set()))}
        return found

    def bind(self, s: gast.For | gast.With, state: Relation) -> Relation:
        """What a `with` binds may be its context, or a part of it."""
        if not isinstance(s, gast.With):
            return state
        bound = target_names(s)
        held = [n for n in names_read(heads(s)) if self.memory.mutable(n)]
        return self._add(without(state, frozenset(bound)), [n for n in bound if self.memory.mutable(n)], held)

    def step(self, s: gast.stmt, state: Relation) -> Relation:
        if isinstance(s, gast.Expr):
            info = self.memory.calls.get(id(s))
            if isinstance(info, ListMethod) and info.item is not None:
                receivers = names_read(s.value.func)
                kept = [n for n in names_read(info.item) if self.memory.mutable(n)]
                return self._add(state, receivers, kept)
            return state
        if not isinstance(s, gast.Assign):
            return state
        target = s.targets[0]
        if isinstance(target, (gast.Subscript, gast.Attribute)):
            base = base_name(target)
            holds = base is not None and not isinstance(self.memory.kinds.get(base, UNKNOWN), Array)
            kept = [n for n in names_read(s.value) if self.memory.mutable(n)] if holds else []
            kept = self.memory.handing_on(kept) if isinstance(getattr(target, "slice", None), gast.Slice) else kept
            return self._add(state, [base], kept)  # type: ignore[list-item]
        if isinstance(target, gast.Tuple) and isinstance(s.value, gast.Tuple):
            return self._move(state, {t.id: v for t, v in zip(target.elts, s.value.elts, strict=True)})
        bound = frozenset(target_names(s))
        near = with_related(state, self.memory.sources(s)) - bound
        state = without(state, bound)
        for n in filter(self.memory.mutable, target_names(s)) if near else ():
            state = self._add(state, [n], near)
        return state

    def _add(self, state: Relation, some: Iterable[str], others: Collection[str]) -> Relation:
        """Each of `some`, with what it shares already, shares with each of `others`, with what that shares."""
        return self._share(state, with_related(state, some), with_related(state, others)) if others else state

    def _share(self, state: Relation, some: frozenset[str], others: frozenset[str]) -> Relation:
        for here, there in ((some, others), (others, some)):
            for n in here:
                if found := there - {n}:
                    self.ever.setdefault(n, set()).update(found)
        return related(state, some, others)

    def _move(self, state: Relation, moves: dict[str, gast.expr]) -> Relation:
        new = without(state, frozenset(moves))
        for t, v in moves.items():
            if not isinstance(v, gast.Name) or not self.memory.mutable(t):
                continue
            near = with_related(state, [v.id])
            with_it = {t2 for t2, v2 in moves.items() if t2 != t and isinstance(v2, gast.Name) and v2.id in near}
            new = self._share(new, frozenset({t}), near.difference(moves) | with_it)
        return new


class Uses:
    """What each statement reads and binds itself, found once: for a time in which the statements stay what they are."""

    def __init__(self, calls: dict[int, Info] | None = None):
        self.names = Names()
        self.reads = remembered(lambda s: names_read(s) | arguments_read(s, calls) if calls else names_read(s))
        self.of = remembered(lambda s: (self.names.of(self.reads(s)), self.names.of(target_names(s))))


class Live(Backward[NameSet]):
    """Variables read later, by a statement's id; what a nested function captures may be read by any call."""

    def __init__(self, at_exit: Iterable[str], uses: Uses | None = None):
        self.uses = uses or Uses()
        self.read_by_caller = self.uses.names.of(at_exit)
        super().__init__(self.read_by_caller)
        self.captured = self.none = self.uses.names.of()

    def run(self, block: list[gast.stmt]) -> Any:
        nested = [captured(s) for s in walk_statements(block) if isinstance(s, gast.FunctionDef)]
        self.captured = self.uses.names.of(set().union(*nested))
        self.at_exit = self.read_by_caller | self.captured
        return super().run(block)

    def join(self, a: NameSet, b: NameSet) -> NameSet:
        return a | b

    def nothing(self) -> NameSet:
        return self.none

    def test(self, s: gast.stmt, state: NameSet) -> NameSet:
        return state | names_read(heads(s))

    def bind(self, s: gast.For | gast.With, state: NameSet) -> NameSet:
        return state - (self.uses.names.of(target_names(s)) - self.captured)

    def step(self, s: gast.stmt, state: NameSet) -> NameSet:
        reads, targets = self.uses.of(s)
        if self.captured:
            targets = targets - self.captured
        if isinstance(s, gast.AugAssign):
            return state | reads | targets
        return state.changed(targets, reads)


def conflicts(body: list[gast.stmt], memory: Memory, writes: Writes, sharing: Sharing,
              live: Live) -> list[tuple[gast.stmt, set[str]]]:
    """Statements that write memory which goes by another name, read later, too; with all the names involved."""
    found = []
    for s in walk_statements(body):
        written = written_in_place(s, memory.kinds)
        for w in [*([written] if written else []), *writes(s)]:
            others = memory.changed_with(s, w, sharing.sharers(s, w))
            if not (live.after.get(id(s)) or live.none).isdisjoint(others):
                found.append((s, {w, *others}))
    return found
