"""Methods named like those of arrays, strings, lists or dicts (`x.mean()`, `d.get(k)`) are taken to change nothing when the
order of evaluation is decided. Here the kinds tell whether they are what they are called."""
from __future__ import annotations

from itertools import chain

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Array, Bool, Float, Inert, Int, Kind, Known, List, Scalar, Tuple, is_dict
from autodiff_src.analyze.mutability import has_state
from autodiff_src.analyze.outside_writes import Again
from autodiff_src.syntax import blocks, heads, walk


def note_methods(s: gast.stmt, env: Env, expressions: ExpressionKinds) -> None:
    """Raises Again where a method in a statement, but not in its blocks, was relied on to be one of a built-in type and may
    be that of another class."""
    unsettled = expressions.namespace.unsettled
    if not unsettled.relied_methods or isinstance(s, gast.FunctionDef):
        return
    for node in chain.from_iterable(map(walk, heads(s) if blocks(s) else [s])):
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in unsettled.relied_methods:
            if not _is_built_in(expressions.kind(node.func.value, env)):
                unsettled.methods.add(node.func.attr)
    if unsettled.methods & unsettled.relied_methods:
        unsettled.relied_methods.clear()
        raise Again


def _is_built_in(kind: Kind) -> bool:
    if isinstance(kind, Tuple):
        return kind.cls is None
    if isinstance(kind, Known):
        return isinstance(kind.value, (str, bytes))
    return (isinstance(kind, (Array, Scalar, Float, Int, Bool, List)) or is_dict(kind)
            or isinstance(kind, Inert) and (not has_state(kind) or kind.type == "set"))
