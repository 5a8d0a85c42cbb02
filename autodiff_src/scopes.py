"""Which variables a nested function binds that are not its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gast

from autodiff_src.syntax import children, names_stored, parameter_names

FUNCTIONS = (gast.FunctionDef, gast.Lambda)


def scope_nodes(function: gast.FunctionDef | gast.Lambda) -> Iterator[Any]:
    """The nodes of a function's body, of those of nested functions only what is evaluated where they are defined."""
    stack: list[Any] = function.body if isinstance(function.body, list) else [function.body]
    stack = list(stack)
    while stack:
        node = stack.pop()
        yield node
        stack += [node.args, *getattr(node, "decorator_list", ())] if isinstance(node, FUNCTIONS) else children(node)


def own_names(function: gast.FunctionDef | gast.Lambda) -> set[str]:
    """The variables that are the function's own."""
    body = function.body if isinstance(function.body, list) else [function.body]
    return (set(parameter_names(function.args)) | names_stored(body)) - _declared(function)


def rebound_outside(function: gast.FunctionDef | gast.Lambda) -> set[str]:
    """The variables of functions around this one that it binds with `nonlocal`, or a function in it."""
    return _declared(function) | rebound_inside(function) - own_names(function)


def rebound_inside(function: gast.FunctionDef | gast.Lambda) -> set[str]:
    """What the functions in this one bind with `nonlocal`."""
    return {n for node in scope_nodes(function) if isinstance(node, FUNCTIONS) for n in rebound_outside(node)}


def _declared(function: gast.FunctionDef | gast.Lambda) -> set[str]:
    return {n for node in scope_nodes(function) if isinstance(node, gast.Nonlocal) for n in node.names}
