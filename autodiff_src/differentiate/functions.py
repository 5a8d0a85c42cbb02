"""Halves put together: a gradient function in one piece, or a forward and a backward function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

import gast

from autodiff_src.analyze.functions import Callee
from autodiff_src.analyze.kinds import UNKNOWN, Array, Int, Kind
from autodiff_src.analyze.name_sets import Names
from autodiff_src.analyze.recording import Assigned
from autodiff_src.analyze.sharing import Live
from autodiff_src.differentiate.calls import Pair
from autodiff_src.differentiate.contributions import Shaper
from autodiff_src.differentiate.indexed_tapes import with_indices
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.residuals import HandOver, starts
from autodiff_src.differentiate.returned import Wanted, gradient, gradient_at, scalar_result, seed
from autodiff_src.differentiate.reverse_mode import Halves
from autodiff_src.differentiate.scope import Scope
from autodiff_src.differentiate.shadowed import Shadowed
from autodiff_src.emit.layout import blank
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import MISSING, Program
from autodiff_src.runtime import shadows
from autodiff_src.runtime.objects import is_plain_class
from autodiff_src.runtime.values import kept as kept_value
from autodiff_src.syntax import (
    assign,
    base_name,
    clone,
    clone_head,
    expression,
    is_name,
    name,
    names_read,
    names_stored,
    statement,
    target_names,
    walk_statements,
)


def whole_function(prepared: Prepared, halves: Halves, shaper: Shaper, wanted: Wanted, title: str) -> Program:
    """The function that computes the value and the gradient with respect to `wanted.wrt`."""
    body = [*halves.forward, blank()]
    result, extra = scalar_result(prepared, halves, shaper, wanted, body)
    if halves.seed is not None and halves.gradients:
        for p in sorted(halves.restored_arguments):
            body.append(assign(p, expression("x.copy()", x=p)))
        body += seed(prepared, halves, shaper, wanted, extra)
        body += halves.backward
    else:
        halves = replace(halves, gradients={})
    gradients = [
        gradient_at(p, path, halves) if path else gradient(p, prepared, halves, shaper, body, wanted)
        for p, path in zip(wanted.wrt, wanted.paths, strict=True)
    ]
    value: gast.expr = gast.Tuple(gradients, gast.Load()) if wanted.several else gradients[0]
    if wanted.value:
        first = gast.Tuple([result, extra], gast.Load()) if extra is not None else result
        value = gast.Tuple([first, value], gast.Load())
    elif extra is not None:
        value = gast.Tuple([value, extra], gast.Load())
    body.append(gast.Return(value))
    return _program(
        prepared.program,
        title,
        prepared.program.function.args,
        body,
        halves,
        prepared.program.defaults,
        prepared.program.kwdefaults,
    )


def pair_functions(
    prepared: Prepared, halves: Halves, pair: Pair, active: Sequence[bool], seeded: bool, exact: bool, repeatable: bool,
    differentiated: bool
) -> tuple[Pair, Program, Program]:
    """The forward and the backward function of a pair. `exact`: the interface may be narrowed to what is needed."""
    parameters = prepared.parameters
    backward = list(halves.backward)
    if halves.seed is None and not halves.passed or not halves.gradients and not pair.shadows:
        backward = []
    incoming = {parameters[i]: _incoming(halves, parameters[i]) for i in pair.shadows}
    _refuse_rebound(prepared, halves, backward, incoming)
    if backward:
        backward = [*_begin(halves, incoming), *backward, *_end(halves, incoming)]
    live = Live([*halves.gradients.values(), *incoming.values()])
    reads = set(live.run(backward) or ())
    changed = {n for s in [*halves.forward] for n in _bound(s)}
    passed = [i for i, p in enumerate(parameters) if p not in changed and (i in pair.reads)]
    if exact:
        passed = [i for i in passed if parameters[i] in reads]
    outside = {halves.scope.adjoint(p) for p in parameters if p not in halves.shadowed.entry}
    given = {parameters[i] for i in passed} | outside | {halves.seed, *incoming.values()}
    local = changed | set(parameters)
    residuals = [n for n in _ordered(halves.forward, parameters) if n in reads and n not in given and n in local]
    made = list(residuals)
    if repeatable:
        residuals += sorted(n for n in reads - given - local if _is_data(prepared.program.namespace.lookup(n)))
    pair.residuals = bool(residuals) if exact else True
    pair.seeded = seeded
    pair.reads = tuple(passed) if exact else pair.reads
    if exact:
        pair.returns = tuple(i for i in pair.returns if parameters[i] in halves.gradients and backward)
    ends: dict[str, str] = {}
    if differentiated:
        backward, ends = with_indices(backward, [t for t in residuals if _is_list(halves, t)], halves.scope.fresh)
        halves.kinds |= {end: Int() for end in ends.values()}
    taken = changed | set(parameters) | set(residuals)
    held = "residuals" if "residuals" not in taken else halves.scope.fresh("residuals")
    hand_over = HandOver(
        residuals,
        lambda names: gast.Return(_forward_value(prepared, halves, names, pair)),
        lambda names: _unpacked(names, prepared, halves, held, backward, repeatable, ends),
        live.at_exit,
        ends,
    )
    forward_body, backward_body = hand_over.halves(halves.forward, backward)
    forward_body = [*starts(forward_body, frozenset(parameters), made, halves.kinds), *forward_body]
    arguments = prepared.program.function.args
    forward = _program(prepared.program, pair.forward, arguments, forward_body, halves)
    body = _backward_body(prepared, halves, pair, backward_body)
    names = [
        *([held] if pair.residuals else []),
        *([halves.seed or "d_result"] if seeded else []),
        *(parameters[i] for i in pair.reads),
        *incoming.values(),
    ]
    back = _program(prepared.program, pair.backward, _arguments(names), body, halves)
    return pair, forward, back


def _refuse_rebound(prepared: Prepared, halves: Halves, backward: list[gast.stmt], incoming: dict[str, str]) -> None:
    """The caller's adjoints are added to where they are: a name for another array would leave them as they were, and those
    of containers, which may change, are no array to be copied."""
    for p in incoming:
        if p in halves.shadowed.entry and not isinstance(prepared.kinds[p], Array):
            raise UnsupportedError(f"{p!r} is a container that goes by several names, and is written into",
                                   prepared.program.place(prepared.program.function), "return a new one")
    bound = {n for s in walk_statements(backward) if not isinstance(s, gast.AugAssign) for n in target_names(s)}
    for p, adjoint in incoming.items():
        if adjoint in bound:
            raise UnsupportedError(
                f"{p!r} is written into and bound to other values", prepared.program.place(prepared.program.function),
                "give the other values another name",
            )


def _incoming(halves: Halves, parameter: str) -> str:
    """The name under which the backward function is given the adjoint of an array that it updates."""
    adjoint = halves.scope.adjoint(parameter)
    return halves.scope.fresh(f"{adjoint}_out") if parameter in halves.shadowed.entry else adjoint


def _begin(halves: Halves, incoming: dict[str, str]) -> list[gast.stmt]:
    """Shadows start at what the caller has in those that it passes."""
    new: list[gast.stmt] = []
    if halves.shadowed.roots is not None:
        clear = halves.scope.reference(shadows.clear, "clear")
        new.append(statement("clear(d)", clear=clear, d=halves.shadowed.roots))
    made = halves.shadowed.entry
    return new + [statement("d[...] = e", d=made[p], e=given) for p, given in incoming.items() if p in made]


def _end(halves: Halves, incoming: dict[str, str]) -> list[gast.stmt]:
    made = halves.shadowed.entry
    return [statement("e[...] = d", d=made[p], e=given) for p, given in incoming.items() if p in made]


def own_pair(
    pairs: dict[tuple[int, tuple[bool, ...], bool, bool], Pair],
    callees: Iterable[Callee],
    program: Program,
    kinds: dict[str, Kind],
    wrt: Sequence[str],
) -> Pair | None:
    """The halves of a function that calls itself just as it is called from outside."""
    by_id = {id(callee): callee for callee in callees}
    for (key, active, seeded, _), pair in pairs.items():
        callee = by_id.get(key)
        if callee is None or program.original is None or callee.program.original is not program.original:
            continue
        same = list(zip(callee.parameters, callee.kinds, strict=True)) == list(kinds.items())
        if same and seeded and not pair.shadows and {p for p, on in zip(kinds, active) if on} == set(wrt):
            return pair
    return None


def called_halves(prepared: Prepared, pair: Pair, scope: Scope) -> Halves:
    """Halves that call those of a pair for the same function."""
    result, seed, residuals = scope.fresh("value"), scope.fresh(f"{scope.prefix}value"), scope.fresh("residuals")
    made = gast.Tuple([name(result, gast.Store()), name(residuals, gast.Store())], gast.Store())
    forward = gast.Call(name(pair.forward), [name(p) for p in prepared.parameters], [])
    given = [*([residuals] if pair.residuals else []), seed, *(prepared.parameters[i] for i in pair.reads)]
    gradients = {prepared.parameters[i]: scope.adjoint(prepared.parameters[i]) for i in pair.returns}
    stores: list[gast.expr] = [name(d, gast.Store()) for d in gradients.values()]
    target = stores[0] if len(stores) == 1 else gast.Tuple(stores, gast.Store())
    backward = gast.Call(name(pair.backward), [name(n) for n in given], [])
    kinds = {**prepared.kinds, seed: prepared.result_kind, result: prepared.result_kind}
    kinds |= {d: prepared.kinds.get(p, UNKNOWN) for p, d in gradients.items()}
    return Halves(
        [gast.Assign([made if pair.residuals else name(result, gast.Store())], forward, None)],
        [gast.Assign([target], backward, None)],
        result,
        seed if gradients else None,
        gradients,
        scope,
        kinds,
        Shadowed(prepared),
    )


def _is_data(value: Any) -> bool:
    """May a name outside stand for something else, or its value be another, when a pullback is called?"""
    return value is not MISSING and not isinstance(value, (ModuleType, str)) and (
        not callable(value) or is_plain_class(type(value)))


def _forward_value(prepared: Prepared, halves: Halves, residuals: list[str], pair: Pair) -> gast.expr:
    if not pair.residuals:
        return name(halves.result)
    values = [_kept(prepared, halves, n) for n in residuals]
    kept = values[0] if len(values) == 1 else gast.Tuple(values, gast.Load())
    return gast.Tuple([name(halves.result), kept], gast.Load())


def _kept(prepared: Prepared, halves: Halves, residual: str) -> gast.expr:
    """A residual, copied if the caller can reach its memory and may write into it afterwards."""
    reachable = {prepared.result, *prepared.reachable}
    kind = prepared.kinds.get(residual, UNKNOWN)
    shared = prepared.sharing.ever.get(residual, set()) | {residual}
    if residual in halves.tapes or not prepared.memory.mutable(residual) or not shared & reachable:
        return name(residual)
    if isinstance(kind, Array):
        return _copied(prepared, halves, residual)
    return expression("f(x)", f=halves.scope.reference(kept_value, "kept"), x=residual)


def _copied(prepared: Prepared, halves: Halves, residual: str) -> gast.expr:
    """A copy of a list or an array, which may be None where it is not bound on each path."""
    bound = Assigned().run(halves.forward, Names().of(prepared.parameters)) or ()
    none = any(isinstance(s, gast.Assign) and is_name(s.targets[0], residual) and isinstance(s.value, gast.Constant)
               and s.value.value is None for s in halves.forward)
    if residual not in names_stored(halves.forward) or residual in bound and not none:
        return expression("x.copy()", x=residual)
    return expression("f(x)", f=halves.scope.reference(kept_value, "kept"), x=residual)


def _unpacked(
    residuals: list[str], prepared: Prepared, halves: Halves, incoming: str, backward: list[gast.stmt], repeatable: bool,
    ends: dict[str, str]
) -> list[gast.stmt]:
    """Takes the residuals apart; where the backward half may be called again, it changes copies. `ends`: by a tape that is
    read by index the variable that counts what is left of it."""
    body: list[gast.stmt] = []
    if len(residuals) == 1:
        body.append(assign(residuals[0], name(incoming)))
    elif residuals:
        body.append(
            gast.Assign([gast.Tuple([name(n, gast.Store()) for n in residuals], gast.Store())], name(incoming), None)
        )
    if repeatable:
        popped = [t for t in halves.tapes if t in residuals and t not in ends]
        body += [
            assign(n, _copied(prepared, halves, n))
            for n in residuals
            if n in popped and _is_list(halves, n) or n not in halves.shadowed.adjoints and _is_restored(backward, n)
        ]
    return body + [assign(ends[n], expression("len(t)", t=n)) for n in residuals if n in ends]


def _backward_body(prepared: Prepared, halves: Halves, pair: Pair, backward: list[gast.stmt]) -> list[gast.stmt]:
    body = list(backward)
    returned = []
    for i in pair.returns:
        p = prepared.parameters[i]
        adjoint = halves.gradients.get(p)
        if adjoint is None or not backward:
            shaper = Shaper(halves.scope, None, prepared.kinds)  # type: ignore[arg-type]
            returned.append(shaper.zeros(p))
        else:
            returned.append(name(adjoint))
    if returned:
        body.append(gast.Return(returned[0] if len(returned) == 1 else gast.Tuple(returned, gast.Load())))
    return body or [gast.Pass()]


def _is_list(halves: Halves, tape: str) -> bool:
    return any(
        isinstance(s, gast.Assign) and isinstance(s.value, gast.List) and s.targets[0].id == tape
        for s in halves.forward
        if isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Name)
    )


def _is_restored(backward: list[gast.stmt], variable: str) -> bool:
    """Does the backward text write into an array of the forward pass?"""
    places = (n for s in backward for n in gast.walk(s) if isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store))
    return any(base_name(place) == variable for place in places)


def _bound(s: gast.stmt) -> set[str]:
    return names_stored([s])


def _ordered(forward: list[gast.stmt], parameters: Sequence[str]) -> list[str]:
    """Names in the order in which the forward text binds them."""
    found = dict.fromkeys(parameters)
    for s in forward:
        for node in gast.walk(s):
            if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
                found.setdefault(node.id)
            elif isinstance(node, gast.FunctionDef):
                found.setdefault(node.name)
    return list(found)


def _arguments(names: Sequence[str]) -> gast.arguments:
    return gast.arguments([gast.Name(n, gast.Param(), None, None) for n in names], [], None, [], [], None, [])


def _program(
    program: Program,
    title: str,
    arguments: gast.arguments,
    body: list[gast.stmt],
    halves: Halves,
    defaults: tuple = (),
    kwdefaults: dict | None = None,
) -> Program:
    function = clone_head(program.function)
    function.name, function.args, function.decorator_list = title, clone(arguments), []
    function.body, function.returns = body, None
    return Program(function, halves.scope.space(), program.file, program.lines, defaults, kwdefaults or {})


def called_programs(programs: Sequence[Program], mains: int) -> list[Program]:
    """The last `mains` programs, and of the others those that they call, directly or through one another."""
    reads = {p.name: names_read(p.function.body) for p in programs}
    called, left = set[str](), [p.name for p in programs[-mains:]]
    while left:
        title = left.pop()
        if title not in called:
            called.add(title)
            left += reads[title] & reads.keys()
    return [p for p in programs if p.name in called]
