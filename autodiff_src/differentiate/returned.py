"""What a derived function returns: the value, checked to be a number, and gradients in the structure of the arguments."""

from __future__ import annotations

from dataclasses import dataclass

import gast
import numpy as np

from autodiff_src.analyze.complex_kinds import holds_complex
from autodiff_src.analyze.kinds import UNKNOWN, Array, Bool, Dict, Float, Int, Known, List, Number, Object, Scalar, Tuple
from autodiff_src.analyze.selection import adjoint_at, value_at
from autodiff_src.differentiate.contributions import Shaper
from autodiff_src.differentiate.ownership import needs_copy
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.reverse_mode import Halves
from autodiff_src.errors import ArgumentError
from autodiff_src.runtime import results
from autodiff_src.runtime.adjoints import zeros_like
from autodiff_src.runtime.objects import Path
from autodiff_src.syntax import assign, clone, constant, expression, name


@dataclass(frozen=True)
class Wanted:
    """What a derived function is to return. `wrt`: names of parameters; `several`: a tuple of gradients is returned.
    `paths`: for each of `wrt` the way from it to what is meant, empty for all of it."""

    wrt: tuple[str, ...]
    several: bool
    value: bool
    has_aux: bool
    paths: tuple[Path, ...]


def scalar_result(
    prepared: Prepared, halves: Halves, shaper: Shaper, wanted: Wanted, body: list[gast.stmt]
) -> tuple[gast.expr, gast.expr | None]:
    """The value to differentiate and the auxiliary one; a check in the text where the kind does not tell its size."""
    kind = prepared.result_kind
    result: gast.expr = name(halves.result)
    extra = None
    where = prepared.program.place(prepared.program.function)
    if wanted.has_aux:
        if not isinstance(kind, Tuple) or kind.items is not None and len(kind.items) != 2:
            raise ArgumentError(
                f"{prepared.program.name} does not return a pair (value, aux)",
                where,
                "return `value, aux`, or leave out has_aux",
            )
        kind = kind.items[0] if kind.items else UNKNOWN
        extra = expression("r[1]", r=result)
        result = expression("r[0]", r=result)
    if isinstance(kind, (Known, Tuple, List, Dict)):
        found = repr(kind.value) if isinstance(kind, Known) else f"a {type(kind).__name__.lower()}"
        raise ArgumentError(
            f"{prepared.program.name} returns {found}, not a number",
            where,
            "use ad.vjp, or has_aux=True for a pair (value, aux)",
        )
    if holds_complex(kind):
        raise ArgumentError(f"{prepared.program.name} returns a complex number", where, "take its real part, or use ad.vjp")
    if isinstance(kind, Array) and kind.shape and any(_certainly_long(n) for n in kind.shape):
        raise ArgumentError(
            f"{prepared.program.name} returns an array with {len(kind.shape)} axes, not a number",
            where,
            "sum it up, or use ad.vjp",
        )
    if not isinstance(kind, (Float, Scalar, Int, Bool)) and not (
        isinstance(kind, Array) and kind.dtype is not None and kind.shape is not None and all(n == 1 for n in kind.shape)
    ):
        check = halves.scope.reference(results.check_scalar, "check_scalar")
        body.append(gast.Expr(gast.Call(check, [clone(result), constant(prepared.program.name)], [])))
    return result, extra


def _certainly_long(axis: object) -> bool:
    return axis != 1 and isinstance(axis, int)


def seed(
    prepared: Prepared, halves: Halves, shaper: Shaper, wanted: Wanted, extra: gast.expr | None
) -> list[gast.stmt]:
    assert halves.seed is not None
    kind = prepared.result_kind
    if wanted.has_aux:
        zeros = halves.scope.reference(results.seed_with_aux, "seed_with_aux")
        return [assign(halves.seed, gast.Call(zeros, [name(halves.result)], []))]
    if isinstance(kind, (Float, Scalar)):
        return [assign(halves.seed, constant(1.0))]
    if isinstance(kind, Array):
        return [
            assign(halves.seed, expression("np.ones_like(r)", np=halves.scope.reference(np, "np"), r=halves.result))
        ]
    return [
        assign(
            halves.seed, gast.Call(halves.scope.reference(results.ones_like, "ones_like"), [name(halves.result)], [])
        )
    ]


def gradient(
    parameter: str, prepared: Prepared, halves: Halves, shaper: Shaper, body: list[gast.stmt], wanted: Wanted
) -> gast.expr:
    """The expression that is returned for a parameter, in its structure and dtype, sharing memory with nothing."""
    kind = prepared.kinds.get(parameter, UNKNOWN)
    if isinstance(kind, Number):  # it may be bound to a number of another type
        kind = prepared.entry[parameter]
    adjoint = halves.gradients.get(parameter)
    if adjoint is None and not isinstance(kind, Object):
        return shaper.zeros(parameter)
    if adjoint is None:
        like = halves.scope.reference(results.gradient_like, "gradient_like")
        return gast.Call(like, [gast.Dict([], []), name(parameter)], [])
    if isinstance(kind, Float):
        numpy = any(isinstance(k, (Array, Scalar)) or k == UNKNOWN for k in prepared.kinds.values())
        return expression("float(d)", d=adjoint) if numpy else name(adjoint)
    if isinstance(kind, Scalar) and not isinstance(kind, Number):
        return gast.Call(halves.scope.reference(kind.dtype.type, kind.dtype.type.__name__), [name(adjoint)], [])
    if isinstance(kind, Array) and kind.dtype is not None and kind.shape:
        others = [d for p, d in halves.gradients.items() if p in wanted.wrt and d != adjoint]
        kept = [*prepared.parameters, *others, *([halves.result] if wanted.value or wanted.has_aux else [])]
        if needs_copy(body, adjoint, kept, shaper.env):
            return expression("d.copy()", d=adjoint)
        return name(adjoint)
    return gast.Call(
        halves.scope.reference(results.gradient_like, "gradient_like"), [name(adjoint), name(parameter)], []
    )


def gradient_at(parameter: str, path: Path, halves: Halves) -> gast.expr:
    adjoint, value = halves.gradients.get(parameter), value_at(parameter, path)
    like = halves.scope.reference(results.gradient_like, "gradient_like")
    if adjoint is None:
        zeros = gast.Call(halves.scope.reference(zeros_like, "zeros_like"), [value], [])
        return gast.Call(like, [zeros, clone(value)], [])
    return gast.Call(like, [adjoint_at(adjoint, path), value], [])
