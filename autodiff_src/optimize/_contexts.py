"""Tells what is bound and what is read in a tree that was put together."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from autodiff_src.syntax import LOAD, STORE, children

_PLACES = frozenset({gast.Name, gast.Attribute, gast.Subscript, gast.Starred, gast.Tuple, gast.List})
_BINDING = frozenset({gast.Assign, gast.AugAssign, gast.For, gast.comprehension, gast.withitem})


def with_contexts(function: gast.FunctionDef) -> gast.FunctionDef:
    """The function, in place, with the context of each name, element and attribute told by where it stands; nested
    functions stay as they are."""
    binding = []
    for node in _own_nodes(function):
        if node.__class__ in _PLACES and not isinstance(node.ctx, gast.Param):
            node.ctx = LOAD
        elif node.__class__ in _BINDING:
            binding.append(node)
    for node in binding:
        targets = node.targets if isinstance(node, gast.Assign) else [getattr(node, "target", None) or node.optional_vars]
        for target in filter(None, targets):
            _store(target)
    return function


def _own_nodes(function: gast.FunctionDef) -> Iterator[Any]:
    stack: list[Any] = [function]
    while stack:
        inner = stack.pop()
        yield inner
        stack += [c for c in children(inner) if not isinstance(c, (gast.FunctionDef, gast.Lambda))]


def _store(target: gast.expr) -> None:
    target.ctx = STORE
    for element in getattr(target, "elts", ()):
        _store(element)
