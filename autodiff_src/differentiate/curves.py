"""Solutions of differential equations: their derivatives solve the equations of variation, along with them.

    # ys = curve_of(curves(found_), slope, (p,), start, t, odeint)
    d_p += np.sum(d_ys * odeint(lambda z, t: np.concatenate(slope_jvp(z[:start.size], t, p, z[start.size:], 1.0)),
                                np.concatenate((start, np.zeros(start.size))), t)[:, start.size:])

In reverse mode the solver runs once for each number that the derivative is with respect to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Curve
from autodiff_src.analyze.kinds import Array, Float, Scalar
from autodiff_src.differentiate.inline import Contribution
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Place
from autodiff_src.syntax import assign, base_name, clone, constant, expression, is_name, name

if TYPE_CHECKING:
    from autodiff_src.differentiate.forward_statements import StatementsForward
    from autodiff_src.differentiate.reverse_mode import _Reverser
    from autodiff_src.differentiate.scope import Scope

ForwardOf = Callable[[Any, tuple[bool, ...]], str]


def reverse_curve(r: _Reverser, s: Any, info: Curve, target: str) -> list[gast.stmt]:
    """The backward statements of a solution of differential equations."""
    start, *times = info.bounds
    place, np_ = r.p.program.place(s), r.scope.reference(np, "np")
    if any(is_name(t) and r.statements.varied(s, t.id) for t in times):
        raise _of_times(place)
    pieces = []
    for i, a in enumerate((start, *info.arguments)):
        if not is_name(a) or not r.statements.varied(s, a.id):
            continue
        dots: list[gast.expr | None] = [None] * (1 + len(info.arguments))
        seed = r.statements.d(target)
        if isinstance(r.kinds.get(a.id), (Float, Scalar)):
            dots[i] = constant(1.0)
            value = expression("np.sum(d * c)", np=np_, d=seed, c=_along(r.scope, r.forward_of, info, dots))
        elif isinstance(r.kinds.get(a.id), Array):
            unit = r.scope.fresh("unit")
            dots[i] = name(unit)
            units = expression("np.eye(a.size).reshape((a.size, *a.shape))", np=np_, a=a)
            value = expression("np.array([np.sum(d * c) for unit in units]).reshape(a.shape)", np=np_, d=seed, a=a, unit=unit,
                               units=units, c=_along(r.scope, r.forward_of, info, dots))
        else:
            raise _of_container(a, place)
        pieces.append(Contribution(a.id, value))
    return r.statements.contribute(s, list(pieces), killed=(target,))


def forward_curve(f: StatementsForward, s: gast.Assign, info: Curve, target: str) -> list[gast.stmt]:
    """The solution with its tangent behind it."""
    start, *times = info.bounds
    if any(f.tangent_of(t) is not None for t in times):
        raise _of_times(f.f.p.program.place(s))
    dots = [f.tangent_of(a) for a in (start, *info.arguments)]
    value = _along(f.f.scope, f.f.call_of, info, dots)
    if all(dot is None for dot in dots):
        value = expression("np.zeros_like(y)", np=f.f.scope.reference(np, "np"), y=target)
    return [s, assign(f.f.scope.tangent(target), value, s)]


def _along(scope: Scope, forward_of: ForwardOf, info: Curve, dots: list[gast.expr | None]) -> gast.expr:
    """The tangent of the solution, given those of where it starts and of the arguments."""
    np_, n = scope.reference(np, "np"), expression("y.size", y=info.bounds[0])
    z, t = scope.fresh("z"), scope.fresh("t")
    slope = forward_of(info.callee, (True, False, *(dot is not None for dot in dots[1:])))
    given = [expression("z[:n]", z=z, n=n), name(t), *info.arguments, expression("z[n:]", z=z, n=n), *filter(None, dots[1:])]
    both = gast.Call(gast.Attribute(clone(np_), "concatenate", gast.Load()),
                     [gast.Call(name(slope), [clone(a) for a in given], [])], [])
    dot = dots[0] if dots[0] is not None else expression("np.zeros(n)", np=np_, n=n)
    start = expression("np.concatenate((y, d))", np=np_, y=info.bounds[0], d=dot)
    options = [gast.keyword(k.arg, _option(k, np_)) for k in info.options]
    _, times, *span = info.bounds
    if not span:
        solved: gast.expr = gast.Call(clone(info.solver), [_lambda([z, t], both), start, clone(times)], options)
        return expression("c[:, n:]", c=solved, n=n)
    options.append(gast.keyword("t_eval", clone(times)))
    solved = gast.Call(clone(info.solver), [_lambda([t, z], both), clone(span[0]), start], options)
    return expression("c.y[n:]", c=solved, n=n)


def _option(option: gast.keyword, np_: gast.expr) -> gast.expr:
    """An absolute error for each number becomes the least of them for all."""
    if option.arg != "atol" or isinstance(option.value, gast.Constant):
        return clone(option.value)
    return expression("np.min(e)", np=np_, e=option.value)


def _lambda(parameters: list[str], value: gast.expr) -> gast.Lambda:
    names = [gast.Name(p, gast.Param(), None, None) for p in parameters]
    return gast.Lambda(gast.arguments(names, [], None, [], [], None, []), value)


def _of_times(place: Place) -> UnsupportedError:
    return UnsupportedError("a solution of differential equations is not differentiated with respect to times", place,
                            "cut them with ad.stop_gradient, or scale time in the equations")


def _of_container(argument: gast.expr, place: Place) -> UnsupportedError:
    return UnsupportedError(f"{base_name(argument)!r}, a parameter of differential equations, is no number or array", place,
                            "pass its items one by one: args=(p, q)")
