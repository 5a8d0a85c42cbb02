"""Calls of user functions: a forward half that returns its result and what its backward half needs, and that half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.analyze.calls import Called, Curve, Integrated, Solved
from autodiff_src.analyze.functions import Callee
from autodiff_src.analyze.kinds import UNKNOWN, Array
from autodiff_src.analyze.operands import name_or_base
from autodiff_src.differentiate.curves import reverse_curve
from autodiff_src.differentiate.inline import Contribution
from autodiff_src.differentiate.integrated import reverse_integrated
from autodiff_src.differentiate.solved import reverse_solved
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import MISSING
from autodiff_src.runtime.shared_memory import unshared
from autodiff_src.syntax import (
    assign,
    base_name,
    clone,
    constant,
    is_name,
    name,
    names_read,
    names_stored,
    walk_statements,
    with_base,
)

if TYPE_CHECKING:
    from autodiff_src.differentiate.prepare import Prepared
    from autodiff_src.differentiate.reverse_mode import _Reverser
    from autodiff_src.differentiate.scope import Scope


@dataclass(eq=False)
class Pair:
    """How the two halves of a function are called. Positions are those of the callee's parameters.

    forward(*arguments) -> result, or (result, residuals) if `residuals`;
    backward([residuals,] [d_result,] *[argument for each of reads], *[shadow for each of shadows]) -> the adjoints of the
    parameters in `returns`, a tuple if there are several. Shadows are updated in place.
    """

    forward: str
    backward: str
    residuals: bool
    seeded: bool
    reads: tuple[int, ...]
    shadows: tuple[int, ...]
    returns: tuple[int, ...]


def reverse_call(r: _Reverser, s: gast.stmt, info: Called | Solved | Integrated, target: str | None) -> list[gast.stmt]:
    """The backward statements of a call of a user's function, or of a solver that calls one."""
    if isinstance(info, Called):
        return _reverse_called(r, s, info, target)
    if target is None:
        return []
    if isinstance(info, Curve):
        return reverse_curve(r, s, info, target)
    return reverse_solved(r, s, info, target) if isinstance(info, Solved) else reverse_integrated(r, s, info, target)


def _reverse_called(r: _Reverser, s: gast.stmt, info: Called, target: str | None) -> list[gast.stmt]:
    """The backward statements of a call; its forward form is left in `r.call_forms`."""
    callee = info.callee
    active = tuple(_is_active(r, s, callee.parameters[i] in callee.written, a) for i, a in enumerate(info.arguments))
    if (
        not any(active)
        or target is None
        and not any(on and callee.parameters[i] in callee.written for i, on in enumerate(active))
    ):
        return []
    if {n for a in info.arguments for n in names_read(a)} & r.arrays_written:
        refuse_passed_twice(s, info, r.p)
    r.context.strong_zeros.note(callee, info.arguments, target)
    pair = r.pair_of(callee, active, target is not None)
    if target is not None and not pair.seeded and not pair.shadows:
        return []
    residuals = _forward_form(r, s, info, pair)
    return _backward(r, s, info, pair, target, residuals)


def call_without_names(r: _Reverser) -> None:
    """Nested functions that were passed as arguments have no name here: calls of theirs whose result carries no derivative
    go to a text of their own, too."""
    local = names_stored(r.p.body) | set(r.p.parameters)
    for s in walk_statements(r.p.body):
        info = r.p.calls.get(id(s))
        function: Any = getattr(getattr(s, "value", None), "func", None)
        if not isinstance(info, Called) or id(s) in r.call_forms:
            continue
        if is_name(function) and function.id not in local and r.p.program.namespace.lookup(function.id) is MISSING:
            pair = r.pair_of(info.callee, tuple(False for _ in info.arguments), False)
            _forward_form(r, s, info, pair)


def _is_active(r: _Reverser, s: gast.stmt, written: bool, argument: gast.expr) -> bool:
    base = name_or_base(argument)
    if not isinstance(base, gast.Name):
        return False
    return r.statements.varied(s, base.id) or written and r.statements.after(s, base.id)


def _forward_form(r: _Reverser, s: gast.stmt, info: Called, pair: Pair) -> str | None:
    """Replaces the call by that of the forward half; returns the variable of the residuals."""
    call = gast.Call(name(pair.forward), checked_arguments(s, info, r.p, r.scope), [])
    bound = s.targets[0] if isinstance(s, gast.Assign) else None
    if not pair.residuals:
        form: gast.stmt = gast.Assign([clone(bound)], call, None) if bound is not None else gast.Expr(call)
        r.call_forms[id(s)] = form
        return None
    residuals = r.scope.fresh(f"{info.callee.program.name}_residuals")
    r.kinds[residuals] = UNKNOWN
    result = clone(bound) if bound is not None else name("_", gast.Store())
    both = gast.Tuple([result, name(residuals, gast.Store())], gast.Store())
    r.call_forms[id(s)] = gast.Assign([both], call, None)
    return residuals


def _backward(
    r: _Reverser, s: gast.stmt, info: Called, pair: Pair, target: str | None, residuals: str | None
) -> list[gast.stmt]:
    new: list[gast.stmt] = []
    arguments: list[gast.expr] = [name(residuals)] if residuals is not None else []
    if pair.seeded:
        if target is not None:
            new += r.statements.full(s, target)
        arguments.append(r.statements.d(target) if target is not None else constant(0.0))
    if target is not None and target in [base_name(info.arguments[i]) for i in pair.shadows]:
        new += _held(r, s, target, arguments)
    arguments += [clone(info.arguments[i]) for i in pair.reads]
    for i in pair.shadows:
        variable = base_name(info.arguments[i])
        assert variable is not None
        if not r.statements.after(s, variable) and variable != target:
            new.append(r.statements.zero(variable, s))
        arguments.append(with_base(info.arguments[i], r.statements.d(variable)))
    call = gast.Call(name(pair.backward), arguments, [])
    returned = [info.arguments[i].id for i in pair.returns]  # type: ignore[attr-defined]
    if not returned:
        return [*new, gast.Expr(call)]
    parts = [r.scope.fresh(f"{r.scope.adjoint(v)}_part") for v in returned]
    for part, v in zip(parts, returned, strict=True):
        r.shaper.env[part] = r.kinds.get(v, UNKNOWN)
    stores = [name(p, gast.Store()) for p in parts]
    new.append(gast.Assign([stores[0] if len(stores) == 1 else gast.Tuple(stores, gast.Store())], call, None))
    pieces = [Contribution(v, name(p)) for v, p in zip(returned, parts, strict=True) if r.statements.varied(s, v)]
    return new + r.statements.contribute(s, list(pieces), killed=(target,) if target else ())


def _held(r: _Reverser, s: gast.stmt, target: str, arguments: list[gast.expr]) -> list[gast.stmt]:
    """`x = f(x)`, where f writes into x: the adjoint of the result goes by another name than that of the array."""
    d = r.statements.d(target)
    held = r.scope.fresh(f"{d.id}_result")
    r.shaper.env[held] = r.shaper.env.get(d.id, UNKNOWN)
    arguments[:] = [name(held) if isinstance(a, gast.Name) and a.id == d.id else a for a in arguments]
    return [assign(held, d, s), r.statements.zero(target, s)]


def refuse_passed_twice(s: gast.stmt, info: Called, p: Prepared) -> None:
    """Raises UnsupportedError where memory that the callee writes into comes in under two names, and not only perhaps."""
    names = [base for a in info.arguments if (base := base_name(a)) is not None]
    for i, others in _may_be_shared(s, info, p).items():
        written = base_name(info.arguments[i]) or ""
        arrays = all(isinstance(p.kinds.get(n, UNKNOWN), Array) for n in [written, *others])
        if names.count(written) > 1 or others and not arrays:
            raise UnsupportedError("an array that the called function writes into is passed twice", p.program.place(s),
                                   "pass a copy")


def checked_arguments(s: gast.stmt, info: Called, p: Prepared, scope: Scope) -> list[gast.expr]:
    """The arguments of a call; arrays that it writes into are checked to share memory with no other."""
    arguments = [clone(a) for a in info.arguments]
    for i, others in _may_be_shared(s, info, p).items():
        if others:
            check = scope.reference(unshared, "unshared")
            arguments[i] = gast.Call(check, [arguments[i], *map(name, sorted(others))], [])
    return arguments


def _may_be_shared(s: gast.stmt, info: Called, p: Prepared) -> dict[int, set[str]]:
    """By the position of an argument that the callee writes into, the other arguments that may share memory with it."""
    names = {base for a in info.arguments if (base := base_name(a)) is not None}
    return {i: p.sharing.sharers(s, base) & names for i, a in enumerate(info.arguments)
            if info.callee.parameters[i] in info.callee.written and (base := base_name(a)) is not None}


def widest_pair(callee: Callee, active: tuple[bool, ...], seeded: bool, titles: tuple[str, ...]) -> Pair:
    """The widest interface; a function that does not call itself may narrow it once its text is known."""
    written = [p in callee.written for p in callee.parameters]
    shadows = tuple(i for i, on in enumerate(active) if on and written[i])
    forward, backward = titles
    return Pair(
        forward,
        backward,
        True,
        seeded,
        tuple(i for i, w in enumerate(written) if not w),
        shadows,
        tuple(i for i, on in enumerate(active) if on and not written[i]),
    )
