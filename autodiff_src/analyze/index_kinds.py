"""The kind of `container[index]`."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce

import gast
import numpy as np

from autodiff_src.analyze.axis_lengths import Axis, Shape, bound_of, broadcast_shapes, sliced
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Inert,
    Int,
    Kind,
    Known,
    List,
    Scalar,
    Tuple,
    Unknown,
    is_dict,
    is_integer,
    join,
    table,
    without_value,
)
from autodiff_src.analyze.known_names import Names
from autodiff_src.analyze.samples import Undecided, as_array, literal

KindOf = Callable[[gast.AST], Kind]


@dataclass(frozen=True)
class Slice:
    """The bounds of a slice, as kinds; None where it is left out. `known` False: a slice object, of any bounds."""
    lower: Kind | None = None
    upper: Kind | None = None
    step: Kind | None = None
    known: bool = True

    def of(self, axis: Axis) -> Axis:
        return sliced(axis, *map(bound_of, (self.lower, self.upper, self.step))) if self.known else None


Part = Slice | Kind


def index_kind(container: Kind, index: gast.AST, kind_of_expr: KindOf) -> Kind:
    """The kind of `container[index]`; `kind_of_expr` tells the kinds of expressions within the index."""
    try:
        if isinstance(container, Scalar):
            container = Array(container.dtype, ())
        if isinstance(container, Array):
            return _array_item(container, _parts(index, kind_of_expr))
        part = _part(index, kind_of_expr)
        if isinstance(part, Unknown) and isinstance(index, (gast.BinOp, gast.UnaryOp)) and isinstance(container, (Tuple, List)):
            part = Int()  # operators give no slices
        if isinstance(container, Tuple):
            return _tuple_item(container, part)
        if isinstance(container, List):
            return _list_item(container, part)
        if is_dict(container):
            return container.item if container.items is None else _dict_item(container.items, part)
        if isinstance(container, Known) and isinstance(container.value, str):
            return Inert("str")
        if container == Inert("range"):
            return container if isinstance(part, Slice) else Int()
    except (Undecided, KeyError):
        pass
    return UNKNOWN


def _dict_item(items: tuple[tuple[str, Kind], ...], part: Part) -> Kind:
    try:
        return dict(items)[literal(part)]  # type: ignore[arg-type]
    except Undecided:
        return reduce(join, (kind for _, kind in items)) if items else UNKNOWN


def _part(node: gast.AST, kind_of_expr: KindOf) -> Part:
    if isinstance(node, gast.Starred):
        raise Undecided
    if isinstance(node, gast.Slice):
        lower, upper, step = (bound and kind_of_expr(bound) for bound in (node.lower, node.upper, node.step))
        return Slice(lower, upper, step)
    kind = kind_of_expr(node)
    return Slice(known=False) if kind == Inert("slice") else kind


def _parts(index: gast.AST, kind_of_expr: KindOf) -> list[Part]:
    if isinstance(index, gast.Tuple):
        return [_part(node, kind_of_expr) for node in index.elts]
    part = _part(index, kind_of_expr)
    if isinstance(part, Tuple):
        if part.items is None:
            raise Undecided
        return [Slice(known=False) if item == Inert("slice") else item for item in part.items]
    return [part]


def _tuple_item(container: Tuple, part: Part) -> Kind:
    if container.items is None:
        raise Undecided
    if isinstance(part, Slice):
        return Tuple(container.items[_literal_slice(part)])
    if isinstance(part, Int) and not isinstance(part.value, int) and container.items:
        return reduce(join, container.items)
    position = literal(part)
    if not isinstance(position, int) or not -len(container.items) <= position < len(container.items):
        raise Undecided
    return container.items[position]


def _list_item(container: List, part: Part) -> Kind:
    if isinstance(part, Slice):
        length = part.of(container.length)
        return List(container.item, length if isinstance(length, int) else None)
    if isinstance(container, Names) and isinstance(part, Int) and isinstance(part.value, int):
        return Known(container.names[part.value])
    if isinstance(part, Bool) or not isinstance(part, Slice) and is_integer(part):
        return container.item
    raise Undecided


def _literal_slice(part: Slice) -> slice:
    if not part.known:
        raise Undecided
    return slice(*(bound and literal(bound) for bound in (part.lower, part.upper, part.step)))


def _array_item(array: Array, parts: list[Part]) -> Kind:
    parts = [_as_index(part) for part in parts]
    if array.shape is None:
        return _item_of_any_rank(array, parts)
    shape, picked = _selected(array.shape, _without_ellipsis(parts, len(array.shape)))
    if picked:
        return Array(array.dtype, shape)
    if shape or Known(...) in parts:
        return Array(array.dtype, shape)
    if array.dtype is None:
        raise Undecided
    return Scalar(array.dtype)


def _item_of_any_rank(array: Array, parts: list[Part]) -> Kind:
    """An index with anything but ints in it gives an array."""
    if all(isinstance(part, Int) for part in parts):
        raise Undecided
    return Array(array.dtype)


def _as_index(part: Part) -> Part:
    """A slice, None, Ellipsis, an int or an index array of known rank; raises Undecided for others."""
    if isinstance(part, Slice) or part in (Known(None), Known(...)) or isinstance(part, Int):
        return part
    if isinstance(part, Bool):
        raise Undecided
    array = as_array(part)
    if array.dtype is None or array.shape is None or array.dtype.kind not in "iub":
        raise Undecided
    if array.shape:
        return array
    if array.dtype.kind == "b" or isinstance(part, Array):
        raise Undecided
    return Int()


def _axes_taken(part: Part) -> int:
    if isinstance(part, Array) and part.dtype == np.bool_:
        return len(part.shape)  # type: ignore[arg-type]
    return 0 if part in (Known(None), Known(...)) else 1


def _without_ellipsis(parts: list[Part], ndim: int) -> list[Part]:
    """The parts with the ellipsis, or the end, filled up to one part for each axis."""
    missing = ndim - sum(map(_axes_taken, parts))
    if missing < 0:
        raise Undecided
    at = parts.index(Known(...)) if Known(...) in parts else len(parts)
    return parts[:at] + [Slice()] * missing + parts[at + 1:]


def _selected(axes: Shape, parts: list[Part]) -> tuple[Shape, bool]:
    """The shape that the parts select, and whether an index array picks elements.

    The axes of index arrays, and of ints beside them, stand where the first of them stood, or in front if a slice or
    None stands between them.
    """
    kept: list[Axis] = []
    arrays: list[Shape] = []
    positions: list[int] = []
    insert, axis = 0, 0
    picked = any(isinstance(part, Array) for part in parts)
    for position, part in enumerate(parts):
        if isinstance(part, (Array, Int)):
            if not positions:
                insert = len(kept)
            positions.append(position)
            if isinstance(part, Array):
                arrays.append((None,) if part.dtype == np.bool_ else part.shape)  # type: ignore[arg-type]
        elif isinstance(part, Slice):
            kept.append(part.of(axes[axis]))
        else:
            kept.append(1)
        axis += _axes_taken(part)
    if picked:
        if positions[-1] - positions[0] + 1 != len(positions):
            insert = 0
        kept[insert:insert] = broadcast_shapes(arrays)
    return tuple(kept), picked


def with_item(kind: Dict, key: Kind, value: Kind) -> Kind:
    if kind.items is None or not (isinstance(key, Known) and isinstance(key.value, str)):
        return table([*kind.keys, key], [*kind.held, value], kind.factory)
    items = dict(kind.items)
    items[key.value] = without_value(value)
    return replace(kind, items=tuple(items.items()))


def wider(known: Dict, now: Kind) -> Kind:
    """A dict that gets new keys: what is known of it at any time."""
    assert isinstance(now, Dict)
    if known.items is None or now.items is None:
        return table([*known.keys, *now.keys], [*known.held, *now.held], known.factory)
    items = dict(known.items)
    return replace(known, items=tuple({**items, **{key: join(items.get(key, k), k) for key, k in now.items}}.items()))


def takes_from_empty(e: gast.expr, env: dict[str, Kind]) -> bool:
    """Is it an item of a list or a dict that is empty, or taken off such a list? That raises."""
    taken = isinstance(e, gast.Call) and isinstance(e.func, gast.Attribute) and e.func.attr == "pop"
    holder = e.func.value if taken else e.value if isinstance(e, gast.Subscript) else None  # type: ignore[attr-defined]
    kind = env.get(holder.id) if isinstance(holder, gast.Name) else None
    if isinstance(kind, List):
        return kind.length == 0 and (taken or not isinstance(e.slice, gast.Slice))  # type: ignore[attr-defined]
    return kind == Dict(()) and not taken
