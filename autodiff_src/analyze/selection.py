"""What is differentiated of an argument: all of it, or what a path such as `model.layers[0].w` leads to."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

import gast

from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Int,
    Kind,
    List,
    Object,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
    with_inner,
)
from autodiff_src.errors import ArgumentError
from autodiff_src.runtime.objects import Path
from autodiff_src.syntax import constant, expression


def parse_path(text: str) -> tuple[str, Path]:
    """The parameter that a dotted path starts with, and the steps behind it. Raises ArgumentError for other texts."""
    steps: list[tuple[str, str | int]] = []
    try:
        node = ast.parse(text, mode="eval").body
        while not isinstance(node, ast.Name):
            if isinstance(node, ast.Attribute):
                steps.append((".", node.attr))
            elif isinstance(node, ast.Subscript) and isinstance(key := ast.literal_eval(node.slice), (int, str)):
                steps.append(("[]", key))
            else:
                raise ValueError
            node = node.value
    except (SyntaxError, ValueError):
        raise ArgumentError(f"wrt={text!r} is no path", fix='write attributes and items, as in "model.layers[0].w"') from None
    return node.id, tuple(reversed(steps))


def attributes_in(paths: Sequence[Path]) -> set[str]:
    """The names of attributes on the way."""
    return {str(key) for path in paths for how, key in path if how == "."}


def shown(parameter: str, path: Path) -> str:
    return parameter + "".join(f".{key}" if how == "." else f"[{key!r}]" for how, key in path)


def value_at(parameter: str, path: Path) -> gast.expr:
    """The expression of what a path leads to."""
    return expression(shown(parameter, path))


def adjoint_at(adjoint: str, path: Path) -> gast.expr:
    """The place of its adjoint: that of an object is a dict."""
    node = expression(adjoint)
    for _, key in path:
        node = gast.Subscript(node, constant(key), gast.Load())
    return node


def kind_at(kind: Kind, path: Path) -> Kind:
    """The kind of what a path leads to."""
    for how, key in path:
        items = _items(kind, how)
        kind = UNKNOWN if items is None or key not in items else items[key]
    return kind


def selected(kinds: dict[str, Kind], wrt: Sequence[str], paths: Sequence[Path]) -> dict[str, Kind]:
    """The kinds of arguments, with the attributes of objects marked that derivatives are asked of.

    Raises ArgumentError for paths that lead nowhere, or to what carries no derivative.
    """
    new = dict(kinds)
    for p, path in zip(wrt, paths, strict=True):
        new[p] = _select(new[p], path, p, ())
    return new


def select_all(kind: Kind) -> Kind:
    """The kind with all attributes of objects in it selected."""
    if isinstance(kind, Object) and kind.items is not None:
        kind = replace(kind, selected=frozenset(dict(kind.items)))
    return with_inner(kind, select_all)


def _select(kind: Kind, path: Path, parameter: str, done: Path) -> Kind:
    if not path:
        whole = select_all(kind)
        if done and not carries_derivative(whole):
            raise _no_derivative(kind, shown(parameter, done))
        return whole
    if isinstance(kind, Unknown):
        return kind
    (how, key), rest = path[0], path[1:]
    items = _items(kind, how)
    if items is None or key not in items and not (isinstance(kind, Tuple) and isinstance(key, int)):
        what = f"no attribute {key!r} of its own" if how == "." else f"no item {key!r}"
        raise ArgumentError(f"wrt={shown(parameter, (*done, *path))!r}: {shown(parameter, done)} has {what}",
                            fix="name an attribute that the object holds, or an item of a list, tuple or dict")
    if key not in items:
        raise ArgumentError(f"wrt names item {key} of *{parameter}, and {len(items)} were given",
                            fix="pass more arguments, or change wrt")
    items[key] = _select(items[key], rest, parameter, (*done, path[0]))
    if isinstance(kind, Object):
        return replace(kind, items=tuple(items.items()), selected=kind.selected | {str(key)})
    if isinstance(kind, Dict):
        return replace(kind, items=tuple(items.items()))
    if isinstance(kind, Tuple):
        return replace(kind, items=tuple(items.values()))
    return replace(kind, item=items[key]) if isinstance(kind, List) else kind


def _items(kind: Kind, how: str) -> dict | None:
    """The kinds of what is held by its keys; None where a step of this sort leads nowhere."""
    if isinstance(kind, Object):
        return dict(kind.items or ()) if how == "." else None
    if how == ".":
        return None
    if isinstance(kind, Dict):
        return dict(kind.items or ())
    if isinstance(kind, Tuple):
        return dict(enumerate(kind.items or ()))
    return _Every(kind.item) if isinstance(kind, List) else None


class _Every(dict):
    """The items of a list, which are of one kind."""

    def __init__(self, item: Kind):
        self.item = item

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int)

    def __missing__(self, key: int) -> Kind:
        return self.item


def _no_derivative(kind: Kind, what: str) -> ArgumentError:
    whole = isinstance(kind, (Int, Bool)) or isinstance(kind, (Array, Scalar)) and kind.dtype is not None and (
        kind.dtype.kind in "iub")
    if whole:
        return ArgumentError(f"{what} is of an integer type: nothing can be differentiated with respect to it",
                             fix="make it a float, or an array of floats")
    return ArgumentError(f"{what} carries no derivative", fix="name a float, an array of floats, or what holds such")
