"""Transforms inside a function: `ad.grad(g)` is a function whose kind is known."""

from __future__ import annotations

import gast

from autodiff_src.analyze.calls import TRANSFORMS
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.functions import DerivedFunction, is_function
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program


def derived_kind(
    node: gast.Call, env: Env, expressions: ExpressionKinds, program: Program
) -> DerivedFunction | None:
    """`ad.grad(g)` as a kind; None for other calls."""
    function = expressions.function(node.func, env)
    transform = TRANSFORMS.get(id(function))
    if transform is None:
        return None
    if transform not in ("grad", "value_and_grad") or not node.args:
        raise UnsupportedError(
            f"ad.{transform} inside a differentiated function is not supported yet",
            program.place(node),
            "use ad.grad or ad.value_and_grad",
        )
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
