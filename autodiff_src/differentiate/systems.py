"""What a solver found in front, by the implicit-function theorem: where f(x, p) = 0, dx/dp = -(df/dx)^-1 (df/dp).

    # x = root_of(vector(found_), residual, (p,))
    residual_value, residual_residuals = residual_forward(x, p)
    jacobian = np.array([residual_backward2(residual_forward2(x, p)[1], unit, x, p) for unit in np.eye(x.size)])
    d_residual = root_adjoint(x, residual_value, jacobian, d_x)
    d_p += residual_backward(residual_residuals, d_residual, x, p)

Of one number the Jacobian is its slope.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Solved
from autodiff_src.analyze.kinds import UNKNOWN, Array
from autodiff_src.analyze.operands import name_or_base
from autodiff_src.differentiate.inline import Contribution
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Place
from autodiff_src.runtime import adjoints, solutions
from autodiff_src.syntax import assign, clone, constant, expression, name

if TYPE_CHECKING:
    from autodiff_src.differentiate.calls import Pair
    from autodiff_src.differentiate.forward_statements import StatementsForward
    from autodiff_src.differentiate.reverse_mode import _Reverser
    from autodiff_src.differentiate.scope import Scope

_MATRIX = Array(np.dtype(float), (None, None))


def reverse_stated(r: _Reverser, s: gast.stmt, info: Solved, target: str, active: list[bool]) -> list[gast.stmt]:
    """The backward statements of what states that `target` is a root; `active`: the arguments that a derivative goes to."""
    arguments, place = [name(target), *info.arguments], r.p.program.place(s)
    whole = _pair(r, info, (False, *active), place)
    of_x = _pair(r, info, (True, *(False for _ in active)), place)
    title = info.callee.program.name
    value, residuals, jacobian, seed = (
        r.scope.fresh(word) for word in (f"{title}_value", f"{title}_residuals", "jacobian", f"{r.scope.adjoint(title)}"))
    of_x_kind = r.kinds.get(target, UNKNOWN)
    is_vector = isinstance(of_x_kind, Array)
    r.shaper.env |= {value: of_x_kind, residuals: UNKNOWN, jacobian: _MATRIX if is_vector else of_x_kind, seed: of_x_kind}
    stores: list[gast.expr] = [name(n, gast.Store()) for n in (value, residuals)]
    called = _call(whole.forward, arguments)
    new: list[gast.stmt] = [assign(gast.Tuple(stores, gast.Store()) if whole.residuals else stores[0], called, s)]
    kept = [gast.Subscript(_call(of_x.forward, arguments), constant(1), gast.Load())] if of_x.residuals else []

    def row(unit: gast.expr) -> gast.expr:
        return _call(of_x.backward, [*kept, unit, *(arguments[i] for i in of_x.reads)])

    rows = _each(r.scope, target, row, "np.array([e for unit in np.eye(x.size)])") if is_vector else row(constant(1.0))
    d_x = r.statements.d(target)
    solved = gast.Call(r.scope.reference(solutions.root_adjoint, "root_adjoint"),
                       [name(target), name(value), name(jacobian), d_x], [])
    given = [*([name(residuals)] if whole.residuals else []), name(seed), *(arguments[i] for i in whole.reads)]
    variables = [name_or_base(arguments[i]).id for i in whole.returns]  # type: ignore[attr-defined]
    parts = [r.scope.fresh(f"{r.scope.adjoint(v)}_part") for v in variables]
    r.shaper.env |= {part: r.kinds.get(v, UNKNOWN) for part, v in zip(parts, variables, strict=True)}
    targets: list[gast.expr] = [name(part, gast.Store()) for part in parts]
    new += [assign(jacobian, rows, s), assign(seed, solved, s),
            assign(gast.Tuple(targets, gast.Store()) if len(parts) > 1 else targets[0], _call(whole.backward, given), s)]
    pieces = [Contribution(v, name(part)) for v, part in zip(variables, parts, strict=True) if r.statements.varied(s, v)]
    return new + r.statements.contribute(s, list(pieces), killed=(target,))


def _pair(r: _Reverser, info: Solved, active: tuple[bool, ...], place: Place) -> Pair:
    pair = r.pair_of(info.callee, active, True)
    if not pair.returns or pair.shadows:
        raise UnsupportedError("the function whose root is found does not depend on its first argument, or writes", place,
                               "give a function of the numbers that are looked for")
    return pair


def forward_stated(f: StatementsForward, s: gast.Assign, info: Solved, target: str, dots: list[Any]) -> list[gast.stmt]:
    """The statement that `target` is a root with its tangent behind it; `dots`: those of the arguments, or None."""
    scope, kind, arguments = f.f.scope, f.kind(target), [name(target), *info.arguments]
    is_vector = isinstance(kind, Array)
    if all(dot is None for dot in dots):
        zeros = gast.Call(scope.reference(adjoints.zeros_like, "zeros_like"), [name(target)], [])
        return [s, assign(scope.tangent(target), zeros, s)]
    value, change, jacobian = (scope.fresh(word) for word in ("residual_value", "change", "jacobian"))
    f.f.shaper.env |= {value: kind, change: kind, jacobian: _MATRIX if is_vector else kind}
    along = f.f.call_of(info.callee, (False, *(dot is not None for dot in dots)))
    of_x = f.f.call_of(info.callee, (True, *(False for _ in dots)))
    both = gast.Tuple([name(value, gast.Store()), name(change, gast.Store())], gast.Store())

    def column(unit: gast.expr) -> gast.expr:
        return gast.Subscript(_call(of_x, [*arguments, unit]), constant(1), gast.Load())

    columns = _each(scope, target, column, "np.array([e for unit in np.eye(x.size)]).T") if is_vector else column(constant(1.0))
    tangent = gast.Call(scope.reference(solutions.root_tangent, "root_tangent"),
                        [name(target), name(value), name(jacobian), name(change)], [])
    return [s, assign(both, _call(along, [*arguments, *(dot for dot in dots if dot is not None)]), s),
            assign(jacobian, columns, s), assign(scope.tangent(target), tangent, s)]


def _each(scope: Scope, x: str, of: Callable[[gast.expr], gast.expr], text: str) -> gast.expr:
    """The array of what `of` gives for each unit vector, in the words of `text`."""
    unit = scope.fresh("unit")
    return expression(text, np=scope.reference(np, "np"), e=of(name(unit)), unit=unit, x=x)


def _call(title: str, arguments: list[gast.expr]) -> gast.Call:
    return gast.Call(name(title), [clone(a) for a in arguments], [])
