"""Tells what is bound and what is read in a tree that was put together."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from autodiff_src.syntax import children


def with_contexts(function: gast.FunctionDef) -> gast.FunctionDef:
    """The function, in place, with the context of each name, element and attribute told by where it stands; nested
    functions stay as they are."""
    own = list(_own_nodes(function))
    for node in own:
        if hasattr(node, "ctx") and not isinstance(node.ctx, gast.Param):
            node.ctx = gast.Load()
    for node in own:
        for target in _targets(node):
            _store(target)
    return function


def _targets(node: Any) -> list[gast.expr]:
    if isinstance(node, gast.Assign):
        return node.targets
    if isinstance(node, gast.withitem):
        return [node.optional_vars] if node.optional_vars is not None else []
    return [node.target] if isinstance(node, (gast.AugAssign, gast.For, gast.comprehension)) else []


def _own_nodes(function: gast.FunctionDef) -> Iterator[Any]:
    stack: list[Any] = [function]
    while stack:
        inner = stack.pop()
        yield inner
        stack += [c for c in children(inner) if not isinstance(c, (gast.FunctionDef, gast.Lambda))]


def _store(target: gast.expr) -> None:
    target.ctx = gast.Store()
    for element in getattr(target, "elts", ()):
        _store(element)
