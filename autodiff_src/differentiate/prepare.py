"""A specialised function made ready for reversal: one exit, one name per web, written memory under one name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import gast

from autodiff_src.analyze.activity import list_written
from autodiff_src.analyze.attribute_updates import without_stores_back
from autodiff_src.analyze.calls import Info
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.holders import Holders
from autodiff_src.analyze.kinds import UNKNOWN, Array, Kind, Known, is_immutable_number, join
from autodiff_src.analyze.operands import written_in_place
from autodiff_src.analyze.outside_memory import overlaps, sharers_outside
from autodiff_src.analyze.perhaps_integers import perhaps_integers
from autodiff_src.analyze.sharing import Live, Memory, Sharing, Uses, conflicts
from autodiff_src.analyze.specialise import Specialised
from autodiff_src.analyze.webs import separate_webs
from autodiff_src.analyze.written_views import WrittenViews
from autodiff_src.differentiate.expand import partial_expressions
from autodiff_src.errors import ArgumentError, UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.refusals import refusals_of
from autodiff_src.rules import Rule
from autodiff_src.syntax import (
    assign,
    attributes_stored,
    blocks,
    children,
    name,
    names_read,
    names_stored,
    target_names,
    walk_statements,
    with_blocks,
)


@dataclass(eq=False)
class Prepared:
    """`body` ends by assigning `result`, the value returned. `kinds` by variable, `calls` by a statement's id.
    `clashing`: statements that write memory known by other names which are read later; `seen`: read after the end;
    `exposed`: what code that is not read may change; `entry`: the kinds of parameters when the function is called;
    `passed_over`: elements of the result may have no influence; `unbounded`: parameters that may be infinite or nan."""

    program: Program
    body: list[gast.stmt]
    result: str
    kinds: dict[str, Kind]
    calls: dict[int, Info]
    sharing: Sharing
    memory: Memory
    clashing: list[tuple[gast.stmt, set[str]]]
    parameters: tuple[str, ...]
    result_kind: Kind
    local: frozenset[str]
    seen: frozenset[str]
    exposed: frozenset[str]
    entry: dict[str, Kind]
    perhaps_integers: frozenset[str]
    passed_over: bool = False
    unbounded: frozenset[str] = frozenset()

    def written_at(self, s: gast.stmt) -> list[str]:
        """Variables into whose memory a statement writes."""
        written = written_in_place(s, self.kinds)
        return [*([written] if written else []), *list_written(s, self.calls)]

    def written(self) -> set[str]:
        """Variables whose memory is written into."""
        return self.sharing.ever_written(self.body, lambda s: list_written(s, self.calls))

    def written_arguments(self) -> set[str]:
        """Parameters of which the caller's memory may be written into; a number that comes in has none."""
        return {p for p in self.written() & {*self.parameters} if not is_immutable_number(self.entry.get(p, UNKNOWN))}

    @cached_property
    def refilled(self) -> set[str]:
        """Lists and dicts of which the items change, under whatever name."""
        writes = [(s, w) for s in walk_statements(self.body) for w in self.written_at(s)]
        return {n for s, w in writes if not isinstance(self.kinds.get(w, UNKNOWN), Array)
                for n in (w, *self.memory.changed_with(s, w, self.sharing.ever.get(w, set())))}

    def rebound(self) -> frozenset[str]:
        """Names of attributes that the function binds."""
        return frozenset(attributes_stored(self.body))

    @cached_property
    def reachable(self) -> set[str]:
        """Variables whose memory others may write into after the call: parameters, and what is not bound here."""
        return {*self.parameters, *names_read(self.body) - names_stored(self.body)}

    @cached_property
    def last(self) -> frozenset[int]:
        """The ids of the statements after which none runs."""
        return frozenset(map(id, _last(self.body)))

    def with_body(self, body: list[gast.stmt]) -> Prepared:
        """The function with another body of which every path is one of this body's."""
        sharing, live = _share(body, self.memory, self.seen)
        clashing = conflicts(body, self.memory, lambda s: list_written(s, self.calls), sharing, live)
        return replace(self, body=body, sharing=sharing, clashing=clashing)


def check_result(p: Prepared) -> None:
    """Raises AutodiffError where no way through the function returns a value."""
    if p.result not in {n for s in walk_statements(p.body) for n in target_names(s)}:
        for refused in refusals_of(p.body):  # every way to a result leads through one
            raise refused.error
        raise ArgumentError(f"{p.program.name} returns nothing", p.program.place(p.program.function),
                            "return the value to differentiate")


def _last(block: list[gast.stmt]) -> list[gast.stmt]:
    if block and isinstance(block[-1], gast.If):
        return [*_last(block[-1].body), *_last(block[-1].orelse)]
    return block[-1:]


def prepare(specialised: Specialised, visible: bool, splits: Callable[[gast.Assign, Info | None], bool]) -> Prepared:
    """`visible`: what the function writes into its parameters is differentiated by the caller, too;
    `splits` says of a statement that overwrites its
    own operand whether its backward text needs its result, too."""
    function = specialised.program.function
    names = FreshNames(names_read(function.body) | names_stored(function.body) | set(specialised.parameters))
    result = names.fresh("result")
    end = gast.Return(name(result))
    function.body = [*_own_names(specialised), *_single_exit(function.body, result, specialised), end]
    kinds = separate_webs(specialised)
    assert function.body.pop() is end
    result = end.value.id
    local = set(kinds)
    kinds = {**specialised.global_kinds, **kinds}
    function.body = without_stores_back(function.body, kinds, specialised.calls)
    body = _split_own_operands(function.body, kinds, specialised.calls, names, splits)
    for n in specialised.handed_on:
        raise UnsupportedError(f"the function {n!r}, which is passed here, is used other than by calling it",
                               specialised.program.place(specialised.program.function), "define it at module level")
    memory = Memory(kinds, specialised.calls, body, specialised.parameters, sharers_outside(body, specialised.program))

    def writes(s: gast.stmt) -> list[str]:
        return list_written(s, specialised.calls)

    def new_name(wanted: str, kind: Kind) -> str:
        fresh = names.fresh(wanted)
        kinds[fresh] = kind
        return fresh

    def kind_of_view(view: gast.expr) -> Kind:
        return ExpressionKinds(specialised.program.namespace).kind(view, kinds)

    seen = {result, *(specialised.parameters if visible else ())}
    sharing, live = _share(body, memory, seen)
    rewritten = WrittenViews(memory, writes, new_name, kind_of_view).rewrite(body, sharing, live, seen)
    if rewritten is not body:
        body = rewritten
        sharing, live = _share(body, memory, seen)
    specialised.aliases = sharing.aliases(local | set(specialised.parameters))
    return Prepared(
        specialised.program,
        body,
        result,
        kinds,
        specialised.calls,
        sharing,
        memory,
        conflicts(body, memory, writes, sharing, live),
        specialised.parameters,
        specialised.result,
        frozenset(local | set(specialised.parameters)),
        frozenset(seen),
        _exposed(body, kinds, local, specialised, sharing),
        specialised.kinds,
        perhaps_integers(body, kinds, sharing.ever_written(body, writes)),
    )


def _exposed(body: list[gast.stmt], kinds: dict[str, Kind], local: set[str], specialised: Specialised,
             sharing: Sharing) -> frozenset[str]:
    space = specialised.program.namespace
    holders = Holders(body, local | set(specialised.parameters), space,
                      counts=lambda v: overlaps(v, space.unsettled.written, space.unsettled))
    found = holders.exposed(kinds)
    return found.union(*(sharing.ever.get(n, ()) for n in found))


def _own_names(specialised: Specialised) -> list[gast.stmt]:
    """`p = p` for parameters that a loop or a branch binds to other arrays, if arrays are written into, or to values of
    another structure: the parameter becomes a variable of its own, which is never bound to anything else."""
    body = specialised.program.function.body
    writes = any(written_in_place(s, {}) or list_written(s, specialised.calls) for s in walk_statements(body))
    inner = [s for outer in body for block in blocks(outer) for s in walk_statements(block)]
    bound: dict[str, list[Kind]] = {}
    for s in inner:
        for n in target_names(s) if isinstance(s, gast.Assign) else ():
            bound.setdefault(n, []).append(specialised.definitions.get((id(s), n), UNKNOWN))
    new: list[gast.stmt] = []
    for p in specialised.parameters:
        kind = specialised.kinds[p]
        others = [k for k in bound.get(p, ()) if not (is_immutable_number(k) and is_immutable_number(kind))]
        if others and (writes or kind == UNKNOWN or any(join(kind, k) != kind for k in others)):
            own = assign(p, name(p))
            specialised.definitions[id(own), p] = specialised.kinds[p]
            new.append(own)
    return new


def _share(body: list[gast.stmt], memory: Memory, seen: Collection[str]) -> tuple[Sharing, Live]:
    sharing = Sharing(memory)
    sharing.run(body, memory.outside)
    live = Live(seen, Uses(memory.calls))
    live.run(body)
    return sharing, live


def _single_exit(block: list[gast.stmt], result: str, specialised: Specialised) -> list[gast.stmt]:
    """Each `return v` becomes an assignment to `result`, which is the value of the function."""
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, gast.Return):
            value = assign(result, s.value, s)
            specialised.definitions[id(value), result] = specialised.result
            new.append(value)
        elif isinstance(s, (gast.If, gast.With, gast.Try)):
            new.append(with_blocks(s, lambda inner: _single_exit(inner, result, specialised)))
        else:
            new.append(s)
    return new


def _split_own_operands(
    block: list[gast.stmt],
    kinds: dict[str, Kind],
    calls: dict[int, Info],
    names: FreshNames,
    splits: Callable[[gast.Assign, Info | None], bool],
) -> list[gast.stmt]:
    """`y = exp(y)` becomes `t = exp(y); y = t` where the backward text needs both the old y and the new."""
    new: list[gast.stmt] = []
    for s in block:
        for inner in blocks(s):
            inner[:] = _split_own_operands(inner, kinds, calls, names, splits)
        own = (
            isinstance(s, gast.Assign)
            and isinstance(s.targets[0], gast.Name)
            and (s.targets[0].id in names_read(s.value))
        )
        if own and splits(s, calls.get(id(s))):  # type: ignore[arg-type]
            target = s.targets[0].id  # type: ignore[attr-defined]
            part = names.fresh(f"{target}_new")
            kinds[part] = kinds.get(target, Known(None))
            first = assign(part, s.value, s)  # type: ignore[attr-defined]
            if id(s) in calls:
                calls[id(first)] = calls[id(s)]
            new += [first, assign(target, name(part), s)]
        else:
            new.append(s)
    return new


def reads_result(rule: Rule, given: int) -> bool:
    """Does the reverse rule read the primitive's result, where the first `given` arguments are passed?"""
    template = rule.adjoint or rule.partials
    if template is None:
        return False
    parts: list[gast.AST] = list(template.function.body)
    if rule.adjoint is None:
        parts = parts[:-1] + [e for e in partial_expressions(template)[:given] if e is not None]
    return template.result in {n.id for part in parts for n in outside_d(part)}


def outside_d(node: gast.AST) -> Iterator[gast.Name]:
    """The names in a template but for those in `d[...]`."""
    if isinstance(node, gast.Subscript) and isinstance(node.value, gast.Name) and node.value.id == "d":
        return
    if isinstance(node, gast.Name):
        yield node
    for child in children(node):
        yield from outside_d(child)
