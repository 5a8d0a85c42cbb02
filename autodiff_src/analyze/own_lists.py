"""Lists that certainly go by one name each, like the tapes in generated texts."""

from __future__ import annotations

from collections.abc import Iterator

import gast

from autodiff_src.syntax import is_name, names_stored, parameter_names, walk_statements


def own_lists(function: gast.FunctionDef) -> frozenset[str]:
    """Variables bound to new lists only, of which nothing but `append`, `pop`, `len` and elements is used."""
    made: set[str] = set()
    others = set(parameter_names(function.args))
    for s in walk_statements(function.body):
        if isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, gast.List):
            made.add(s.targets[0].id)
        elif isinstance(s, (gast.Assign, gast.AugAssign, gast.FunctionDef)):
            others |= names_stored(s)
        elif isinstance(s, gast.For):
            others |= names_stored(s.target)
    made -= others
    return frozenset(made.difference(_handed_on(function)) if made else made)


def _handed_on(tree: gast.AST) -> Iterator[str]:
    """Names of which the value itself is read."""
    for child in gast.iter_child_nodes(tree):
        if is_name(child) and isinstance(child.ctx, gast.Load):
            element = isinstance(tree, gast.Subscript) and child is tree.value
            method = isinstance(tree, gast.Attribute) and tree.attr in ("append", "pop")
            length = isinstance(tree, gast.Call) and is_name(tree.func, "len") and child is not tree.func
            if not element and not method and not length:
                yield child.id
        else:
            yield from _handed_on(child)
