"""Arrays that are taken to be of floats and may turn out to be of integers, as what is made of `total = 0` to which no float
was added: `np.full(3, total)`. What is written into such an array, or into its tangent, would be cut to integers."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import UNKNOWN, Array, Bool, Int, Kind, Known, List, Number, Scalar, Tuple, is_immutable_number
from autodiff_src.analyze.mutability import held_kinds
from autodiff_src.syntax import SHAPE_ATTRIBUTES, children, is_name, names_read, walk_statements


def perhaps_integers(body: list[gast.stmt], kinds: Mapping[str, Kind], written: Set[str]) -> frozenset[str]:
    """The variables that are bound to such arrays, of which, or of what is computed from which, something is in `written`."""
    bound = [s for s in walk_statements(body) if isinstance(s, gast.Assign) and is_name(s.targets[0])]
    made = {s.targets[0].id for s in bound if isinstance(kind := kinds.get(s.targets[0].id), Array)
            and kind.dtype == np.float64 and _may_be_of_integers(s.value, kinds)}
    flows = [(s.targets[0].id, names_read(s.value)) for s in bound
             if made and not is_immutable_number(kinds.get(s.targets[0].id, UNKNOWN))]
    return frozenset(n for n in made if not _reached(n, flows).isdisjoint(written))


def _reached(variable: str, flows: list[tuple[str, set[str]]]) -> set[str]:
    found = {variable}
    while new := {target for target, read in flows if not read.isdisjoint(found)} - found:
        found |= new
    return found


def _may_be_of_integers(value: gast.expr, kinds: Mapping[str, Kind]) -> bool:
    """Is it made of nothing but integers and numbers that may be such?"""
    operands = list(_operands(value))
    return all(_is_integral(e, kinds) for e in operands) and any(
        is_name(e) and _holds_numbers(kinds.get(e.id, UNKNOWN)) for e in operands)


def _operands(node: Any) -> Iterator[Any]:
    """The variables and constants of which the dtype may be that of the result; divisions and given dtypes."""
    if isinstance(node, (gast.Name, gast.Constant)) or isinstance(node, gast.BinOp) and isinstance(node.op, gast.Div):
        yield node
    elif isinstance(node, gast.keyword):
        yield from [node] if node.arg == "dtype" else _operands(node.value)
    elif not (isinstance(node, gast.Compare) or isinstance(node, gast.Call) and is_name(node.func, "len")
              or isinstance(node, gast.Attribute) and node.attr in SHAPE_ATTRIBUTES):
        for child in children(node):
            yield from _operands(child)


def _is_integral(e: Any, kinds: Mapping[str, Kind]) -> bool:
    if isinstance(e, gast.Constant):
        return not isinstance(e.value, (float, complex))
    return is_name(e) and (e.id not in kinds or _of_integers(kinds[e.id]))


def _of_integers(kind: Kind) -> bool:
    if isinstance(kind, (List, Tuple)):
        return all(map(_of_integers, held_kinds(kind)))
    dtype = kind.dtype if isinstance(kind, (Array, Scalar)) else None
    return isinstance(kind, (Int, Bool, Known)) or _holds_numbers(kind) or dtype is not None and dtype.kind in "iub"


def _holds_numbers(kind: Kind) -> bool:
    """Is it a Python float on some paths, and a Python int on others, or are there such in it?"""
    if isinstance(kind, (List, Tuple)):
        return any(map(_holds_numbers, held_kinds(kind)))
    return isinstance(kind, Number) and kind.dtype == np.float64
