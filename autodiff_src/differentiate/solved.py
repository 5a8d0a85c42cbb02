"""Roots by the implicit-function theorem: where f(x, p) = 0, dx/dp = -(df/dp) / (df/dx).

    # x = brentq(f, 0.0, 1.0, args=(p,))
    f_, f_residuals = f_forward(x, p)
    slope, d_p_part = f_backward(f_residuals, 1.0, x, p)
    d_p -= d_x / slope * d_p_part
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import gast

from autodiff_src.analyze.calls import Solved
from autodiff_src.analyze.kinds import UNKNOWN
from autodiff_src.analyze.operands import name_or_base
from autodiff_src.differentiate.inline import Contribution
from autodiff_src.differentiate.systems import forward_stated, reverse_stated
from autodiff_src.errors import UnsupportedError
from autodiff_src.syntax import assign, clone, constant, expression, is_name, name

if TYPE_CHECKING:
    from autodiff_src.differentiate.forward_statements import StatementsForward
    from autodiff_src.differentiate.reverse_mode import _Reverser


def reverse_solved(r: _Reverser, s: gast.stmt, info: Solved, target: str) -> list[gast.stmt]:
    """The backward statements of a call that finds a root."""
    callee, arguments = info.callee, [name(target), *info.arguments]
    active = [is_name(base := name_or_base(a)) and r.statements.varied(s, base.id) for a in info.arguments]
    if not any(active):
        return []
    if info.stated:
        return reverse_stated(r, s, info, target, active)
    pair = r.pair_of(callee, (True, *active), True)
    if 0 not in pair.returns or pair.shadows:
        raise UnsupportedError("the function whose root is found does not depend on its first argument, or writes",
                               r.p.program.place(s), "give a function of the number that is looked for")
    new: list[gast.stmt] = []
    given: list[gast.expr] = []
    if pair.residuals:
        value, residuals = (r.scope.fresh(f"{callee.program.name}_{word}") for word in ("value", "residuals"))
        r.shaper.env |= {value: callee.result or UNKNOWN, residuals: UNKNOWN}
        both = gast.Tuple([name(value, gast.Store()), name(residuals, gast.Store())], gast.Store())
        new.append(assign(both, gast.Call(name(pair.forward), [clone(a) for a in arguments], []), s))
        given.append(name(residuals))
    call = gast.Call(name(pair.backward), [*given, constant(1.0), *(clone(arguments[i]) for i in pair.reads)], [])
    variables = [name_or_base(arguments[i]).id for i in pair.returns]  # type: ignore[attr-defined]
    slope, *parts = [r.scope.fresh("slope" if i == 0 else f"{r.scope.adjoint(v)}_part")
                     for i, v in zip(pair.returns, variables, strict=True)]
    r.shaper.env |= {part: r.kinds.get(v, UNKNOWN) for part, v in zip([slope, *parts], variables, strict=True)}
    stores: list[gast.expr] = [name(part, gast.Store()) for part in (slope, *parts)]
    new.append(assign(gast.Tuple(stores, gast.Store()) if parts else stores[0], call, s))
    values = [expression("-(d / slope * part)", d=r.statements.d(target), slope=slope, part=part) for part in parts]
    pieces = [Contribution(v, e) for v, e in zip(variables[1:], values, strict=True) if r.statements.varied(s, v)]
    return new + r.statements.contribute(s, list(pieces), killed=(target,))


def forward_solved(f: StatementsForward, s: gast.Assign, info: Solved, target: str) -> list[gast.stmt]:
    """The call with the root's tangent behind it."""
    tangents = [f.tangent_of(a) for a in info.arguments]
    along = tuple(t is not None for t in tangents)
    if info.stated:
        return forward_stated(f, s, info, target, tangents)
    if not any(along):
        return [s, assign(f.f.scope.tangent(target), constant(0.0), s)]
    arguments = [name(target), *map(clone, info.arguments)]
    change, slope = (f.f.scope.fresh(f"{info.callee.program.name}_{word}") for word in ("change", "slope"))
    new: list[gast.stmt] = [s]
    for part, active, dots in ((change, (False, *along), [t for t in tangents if t is not None]),
                               (slope, (True, *(False for _ in along)), [constant(1.0)])):
        call = gast.Call(name(f.f.call_of(info.callee, active)), [*map(clone, arguments), *dots], [])
        both = gast.Tuple([name(f.f.scope.fresh("_"), gast.Store()), name(part, gast.Store())], gast.Store())
        f.f.shaper.env[part] = f.kind(target)
        new.append(assign(both, call, s))
    return [*new, assign(f.f.scope.tangent(target), expression("-(c / m)", c=change, m=slope), s)]
