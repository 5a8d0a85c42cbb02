"""Transforms inside a function: `ad.grad(g)` is a function whose kind is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.functions import DerivedFunction, defined, is_function
from autodiff_src.analyze.kinds import Kind, Known, carries_derivative
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.runtime.transforms import TRANSFORMS
from autodiff_src.syntax import located, name

if TYPE_CHECKING:
    from autodiff_src.analyze.call_binding import CallBinding


def derived_kind(
    node: gast.Call, env: Env, expressions: ExpressionKinds, program: Program
) -> DerivedFunction | None:
    """`ad.grad(g)` as a kind; None for other calls."""
    function = expressions.function(node.func, env)
    transform = TRANSFORMS.get(id(function))
    if transform in (None, "jvp", "column", "halves"):
        return None
    if transform not in ("grad", "value_and_grad") or not node.args:
        reason = f"ad.{transform} inside a differentiated function is not supported yet"
        if transform in ("jacobian", "hessian", "hvp"):
            raise UnsupportedError(f"{reason} like this", program.place(node),
                                   "call it in a statement, with a position as wrt and no other options, or use ad.jvp")
        raise UnsupportedError(f"{reason} like this", program.place(node),
                               "call it in a statement, `y, pullback = ad.vjp(f, x)`, or use ad.grad or ad.jvp")
    of = expressions.kind(node.args[0], env)
    if not is_function(of):
        raise UnsupportedError(
            f"the function given to ad.{transform} is not known here",
            program.place(node),
            "give a function by its own name",
        )
    options = dict(zip(("wrt", "has_aux"), node.args[1:], strict=False)) | {k.arg: k.value for k in node.keywords}
    try:
        values = {k: gast.literal_eval(v) for k, v in options.items()}
    except ValueError:
        raise UnsupportedError(
            f"the options of ad.{transform} are not literals here",
            program.place(node),
            "write wrt and has_aux as literals",
        ) from None
    return DerivedFunction(transform, of, values.get("wrt", 0), bool(values.get("has_aux", False)))


@dataclass(frozen=True)
class TangentCall:
    """`ad.jvp(g, primals, tangents)` as a call of the function that computes both, for parameters of these kinds; `before`:
    what has to run first."""

    function: DerivedFunction
    call: gast.Call
    kinds: dict[str, Kind]
    before: list[gast.stmt]


def tangent_call(node: gast.Call, env: Env, binding: CallBinding) -> TangentCall | None:
    """None for other calls."""
    transform = TRANSFORMS.get(id(binding.expressions.function(node.func, env)))
    if transform not in ("jvp", "column"):
        return None
    if len(node.args) != 3 or node.keywords:
        raise _refusal(node, binding, "ad.jvp is called with options here", "pass f, primals and tangents alone")
    key = (id(node), "tangent call")
    parts = binding.rewritten.setdefault((id(node), "tangent call parts"), [_spread(node, a) for a in node.args[1:]])
    (primals, before), (tangents, more) = (binding.unstarred(part, env) for part in parts)
    of, names, bound, extra = _bound_primals("jvp", node, primals, env, binding)
    if len(primals.args) != len(tangents.args):
        raise _refusal(node, binding, "ad.jvp is given other numbers of primals and tangents here",
                       "pass a primal and a tangent for each parameter")
    dots = {p: t for p, t in zip(names, tangents.args, strict=False) if binding.expressions.kind(t, env) != Known(None)}
    if not dots:
        raise _refusal(node, binding, "all tangents that ad.jvp is given are None", "call the function")
    before = [*before, *more, *extra]
    handed = [atom for atom, _, _ in bound.values()] + [dots[p] for p in bound if p in dots]
    call = binding.rewritten.setdefault(key, gast.Call(node.func, handed, []))
    kinds = {p: kind for p, (_, kind, _) in bound.items()}
    return TangentCall(DerivedFunction(transform, of, tuple(p for p in bound if p in dots), False), call, kinds, before)


def halves_call(node: gast.Call, env: Env, binding: CallBinding) -> tuple[gast.Call, list[gast.stmt]] | None:
    """`halves(g, *primals)` as the call of a function that stands for it, and what has to run first; None for other calls."""
    if TRANSFORMS.get(id(binding.expressions.function(node.func, env))) != "halves":
        return None
    key = (id(node), "primals")
    given = binding.rewritten.setdefault(key, gast.Call(node.func, node.args[1:], []))
    primals, before = binding.unstarred(given, env)
    of, names, bound, extra = _bound_primals("vjp", node, primals, env, binding)
    names = names[:len(primals.args)]
    kinds = {p: kind for p, (_, kind, _) in bound.items()}
    wrt = tuple(_wrt(node, names, binding) if node.keywords else names)
    carried = [carries_derivative(kinds[p]) for p in wrt]
    if not any(carried) or node.keywords and not all(carried):
        raise _refusal(node, binding, "ad.vjp is asked for the cotangent of what carries no derivative",
                       "pass floats or arrays of floats")
    key = (id(node), f"halves for {[*kinds.items(), wrt]}")
    if key not in binding.rewritten:
        made = binding.callees.derived_object(DerivedFunction("halves", of, wrt, False), kinds)
        call = gast.Call(name(binding.outside.name_for(made, made.__name__)), [atom for atom, _, _ in bound.values()], [])
        binding.rewritten[key] = located(call, node)
    return binding.rewritten[key], [*before, *extra]


def _wrt(node: gast.Call, names: list[str], binding: CallBinding) -> list[str]:
    """The parameters that the option of `ad.vjp` names."""
    try:
        wrt = gast.literal_eval(node.keywords[0].value)
        several = wrt if isinstance(wrt, (tuple, list)) else [wrt]
        return [w if isinstance(w, str) and w in names else names[w] for w in several]
    except (ValueError, TypeError, IndexError):
        raise _refusal(node, binding, "wrt of ad.vjp is no literal, or names no primal",
                       "write positions or names of parameters") from None


def _bound_primals(
    transform: str, node: gast.Call, primals: gast.Call, env: Env, binding: CallBinding
) -> tuple[Kind, list[str], dict[str, tuple[gast.expr, Kind, list[gast.stmt]]], list[gast.stmt]]:
    """The function that a transform is given, its parameters; by parameter of the function below all transforms what it is
    given, its kind and what has to run before, and all of that."""
    of = binding.expressions.kind(node.args[0], env)
    if not is_function(of):
        raise _refusal(node, binding, f"the function given to ad.{transform} is not known here",
                       "give a function by its own name")
    arguments = binding.callees.program_of(defined(of), None).function.args
    names = [a.id for a in [*arguments.posonlyargs, *arguments.args]]
    if len(primals.args) > len(names):
        raise _refusal(node, binding, f"ad.{transform} is given more primals than parameters here",
                       "pass a primal for each parameter")
    bound = binding.bound_arguments(DerivedFunction("jvp", of, (), False), primals, env)
    if any(is_function(kind) for _, kind, _ in bound.values()):
        raise _refusal(node, binding, f"a function is an argument of what ad.{transform} is given",
                       "let the function read it from around it")
    return of, names, bound, [s for _, _, extra in bound.values() for s in extra]


def _spread(node: gast.Call, argument: gast.expr) -> gast.Call:
    """A call with the items of a tuple as its arguments."""
    items = argument.elts if isinstance(argument, (gast.Tuple, gast.List)) else [gast.Starred(argument, gast.Load())]
    return gast.Call(node.func, list(items), [])


def _refusal(node: gast.Call, binding: CallBinding, reason: str, fix: str) -> UnsupportedError:
    return UnsupportedError(reason, binding.program.place(node), fix)
