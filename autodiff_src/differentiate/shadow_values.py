"""What shadows are made of: zeros in the structure of new memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import UNKNOWN, Array, Bool, Dict, Int, Kind, List, Object, Tuple, carries_derivative, is_dict
from autodiff_src.analyze.mutability import held_kinds, holds_numbers, is_varying_number, number_items
from autodiff_src.analyze.object_memory import selected_in
from autodiff_src.differentiate.scope import Scope
from autodiff_src.runtime import shadows as runtime
from autodiff_src.syntax import constant, expression

Shadow = Callable[[gast.expr], gast.expr]


def has_shadow(kind: Kind) -> bool:
    """Is the value an array, an object, or a container of nothing but such, of numbers and of what carries no derivative? Of an
    object those attributes count that are read, by themselves."""
    items = held_kinds(kind)
    return isinstance(kind, (Array, Object)) or bool(items) and all(
        is_varying_number(k) or not carries_derivative(k) or has_shadow(k) for k in items)


def number_items_at(kind: Kind, index: gast.expr) -> frozenset[bool]:
    """`number_items` of what stands at an index."""
    if isinstance(kind, Dict) and kind.items is not None and isinstance(index, gast.Constant):
        kind = Dict(tuple((key, item) for key, item in kind.items if key == index.value))
    return number_items(kind)


def is_container(kind: Kind) -> bool:
    return isinstance(kind, (List, Tuple)) or is_dict(kind)


def containers_in(kind: Kind) -> list[Kind]:
    """The kinds of the lists, dicts and tuples in it, at any depth."""
    inner = [k for k in held_kinds(kind) if is_container(k)]
    return inner + [k for part in inner for k in containers_in(part)]


def zeros(variable: str, kind: Kind, at: gast.stmt, scope: Scope, shadow: Shadow) -> gast.expr:
    """Zeros for the variable that the statement `at` binds to new memory; in a tuple or a dict of numbers and arrays the
    shadows of the arrays."""
    if isinstance(kind, Array):
        return expression("np.zeros_like(x)", np=scope.reference(np, "np"), x=variable)
    if isinstance(kind, List) and holds_numbers(kind):
        if isinstance(at, gast.Assign) and isinstance(at.value, gast.List):
            return gast.List([constant(0.0) for _ in at.value.elts], gast.Load())
        return expression("[0.0] * len(x)", x=variable)
    if is_dict(kind) and kind.items is not None and holds_numbers(kind):
        return gast.Dict([constant(key) for key, _ in kind.items],
                         [constant(0.0 if _is_number(item) else None) for _, item in kind.items])
    if isinstance(at, gast.Assign) and isinstance(at.value, (gast.Tuple, gast.Dict)):
        return displayed(kind, at.value, shadow)
    function, names = scope.reference(runtime.shadow_of, "shadow_of"), sorted(selected_in(kind) or ())
    if names:
        return expression("f(x, n)", f=function, x=variable, n=gast.Tuple([constant(n) for n in names], gast.Load()))
    return expression("f(x)", f=function, x=variable)


def displayed(kind: Kind, value: Any, shadow: Shadow) -> gast.expr:
    """The shadow of a list, a tuple or a dict that is displayed: the shadows of what it holds, zeros for numbers."""
    if isinstance(value, gast.Dict):
        held = dict(kind.items or ()) if is_dict(kind) else {}
        other = kind.item if is_dict(kind) else UNKNOWN
        kinds = [held.get(getattr(key, "value", ""), other) for key in value.keys]
        return gast.Dict(value.keys, _parts(value.values, kinds, shadow))
    kinds = held_kinds(kind) if isinstance(value, gast.Tuple) else [UNKNOWN] * len(value.elts)
    parts = _parts(value.elts, kinds, shadow)
    fixed = isinstance(value, gast.Tuple) and True not in number_items(kind) and not any(map(_is_number, kinds))
    return gast.Tuple(parts, gast.Load()) if fixed else gast.List(parts, gast.Load())


def _parts(values: list[gast.expr], kinds: list[Kind], shadow: Shadow) -> list[gast.expr]:
    return [constant(0.0) if _is_number(k) else shadow(e) for e, k in zip(values, kinds, strict=True)]


def _is_number(kind: Kind) -> bool:
    """Is there a place for an adjoint? Of ints, too, which may stand where others hold floats: `[{"p": x}, {"p": 1}]`."""
    return is_varying_number(kind) or isinstance(kind, (Int, Bool))
