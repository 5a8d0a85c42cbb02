"""Integrals: their derivatives are integrals of derivatives, and values at the bounds (Leibniz's rule).

    # t = quad(f, a, b, args=(p,))
    d_p += d_t[0] * quad(lambda x: f_backward(1.0, x, p), a, b)[0]
    d_b += d_t[0] * f_forward(b, p)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.analyze.calls import Integrated
from autodiff_src.analyze.kinds import UNKNOWN, Float, is_immutable_number
from autodiff_src.differentiate.contributions import added
from autodiff_src.differentiate.inline import Contribution
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Place
from autodiff_src.syntax import assign, base_name, clone, constant, expression, is_name, name

if TYPE_CHECKING:
    from autodiff_src.differentiate.forward_statements import StatementsForward
    from autodiff_src.differentiate.reverse_mode import _Reverser


def reverse_integrated(r: _Reverser, s: Any, info: Integrated, target: str) -> list[gast.stmt]:
    """The backward statements of a call that integrates."""
    new: list[gast.stmt] = []
    pieces = []

    def part(word: str, value: gast.expr) -> gast.Name:
        """A name for a number."""
        title = r.scope.fresh(word)
        r.shaper.env[title] = Float()
        new.append(assign(title, value, s))
        return name(title)

    seed = gast.Subscript(r.statements.d(target), constant(0), gast.Load())
    for i, a in enumerate(info.arguments):
        if not is_name(a) or not r.statements.varied(s, a.id):
            continue
        if not is_immutable_number(r.kinds.get(a.id, UNKNOWN)):
            raise _of_array(a, r.p.program.place(s))
        pair = r.pair_of(info.callee, tuple(k == i + 1 for k in range(len(info.arguments) + 1)), True)
        if pair.returns:
            x = r.scope.fresh("x")
            arguments = [name(x), *info.arguments]
            kept = [gast.Subscript(_call(pair.forward, arguments), constant(1), gast.Load())] if pair.residuals else []
            slope = _call(pair.backward, [*kept, constant(1.0), *(arguments[k] for k in pair.reads)])
            change = part(f"{a.id}_change", _integral(s, info, x, slope))
            pieces.append(Contribution(a.id, gast.BinOp(clone(seed), gast.Mult(), change)))
    for bound, sign in zip(info.bounds, (gast.USub(), None), strict=True):
        if is_name(bound) and r.statements.varied(s, bound.id):
            pair = r.pair_of(info.callee, tuple(False for _ in range(len(info.arguments) + 1)), False)
            value: gast.expr = _call(pair.forward, [bound, *info.arguments])
            value = gast.Subscript(value, constant(0), gast.Load()) if pair.residuals else value
            product: gast.expr = gast.BinOp(clone(seed), gast.Mult(), part(f"at_{bound.id}", value))
            pieces.append(Contribution(bound.id, gast.UnaryOp(sign, product) if sign else product))
    return new + r.statements.contribute(s, list(pieces), killed=(target,))


def forward_integrated(f: StatementsForward, s: Any, info: Integrated, target: str) -> list[gast.stmt]:
    """The call with the tangents of the integral and of its error, which has none, behind it."""
    tangents = [f.tangent_of(a) for a in info.arguments]
    for a, dot in zip(info.arguments, tangents, strict=True):
        if dot is not None and not (is_name(a) and is_immutable_number(f.kind(a.id))):  # type: ignore[attr-defined]
            raise _of_array(a, f.f.p.program.place(s))
    along, terms = tuple(t is not None for t in tangents), list[gast.expr]()
    if any(along):
        x = f.f.scope.fresh("x")
        change = _call(f.f.call_of(info.callee, (False, *along)),
                       [name(x), *info.arguments, *(t for t in tangents if t is not None)])
        terms.append(_integral(s, info, x, gast.Subscript(change, constant(1), gast.Load())))
    for bound, sign in zip(info.bounds, (gast.USub(), None), strict=True):
        dot = f.tangent_of(bound)
        if dot is not None:
            value = _call(f.f.call_of(info.callee, (False, *(False for _ in along))), [bound, *info.arguments])
            term: gast.expr = gast.BinOp(dot, gast.Mult(), gast.Subscript(value, constant(0), gast.Load()))
            terms.append(gast.UnaryOp(sign, term) if sign else term)
    tangent = expression("(e, 0.0)", e=added(terms) if terms else constant(0.0))
    return [s, assign(f.f.scope.tangent(target), tangent, s)]


def _of_array(argument: gast.expr, place: Place) -> UnsupportedError:
    return UnsupportedError(f"{base_name(argument)!r}, which may be an array, is a parameter of an integral", place,
                            "pass its elements one by one, as numbers")


def _integral(s: Any, info: Integrated, x: str, value: gast.expr) -> gast.expr:
    """`quad(lambda x: value, a, b)[0]`"""
    parameters = gast.arguments([gast.Name(x, gast.Param(), None, None)], [], None, [], [], None, [])
    call = gast.Call(clone(s.value.func), [gast.Lambda(parameters, value), *map(clone, info.bounds)],
                     [gast.keyword(k.arg, clone(k.value)) for k in info.options])
    return gast.Subscript(call, constant(0), gast.Load())


def _call(title: str, arguments: list[gast.expr]) -> gast.Call:
    return gast.Call(name(title), [clone(a) for a in arguments], [])
