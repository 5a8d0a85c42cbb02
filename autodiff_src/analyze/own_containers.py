"""Lists and dicts that certainly go by one name each, like the tapes in generated texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import gast

from autodiff_src.syntax import captured, is_name, names_stored, walk_statements

_METHODS = frozenset(["append", "pop", "insert", "get", "keys", "values", "items", "copy"])


def own_containers(
    body: list[gast.stmt], parameters: Iterable[str], copies: Callable[[gast.stmt], bool] = lambda s: False
) -> frozenset[str]:
    """Variables bound to new lists or dicts only, of which nothing but methods, `len` and elements is used. `copies`: does a
    statement make something new of what it reads?"""
    makers = [s for s in walk_statements(body) if isinstance(s, gast.Assign) and is_name(s.targets[0])
              and isinstance(s.value, (gast.List, gast.Dict))]
    if not makers:
        return frozenset()
    others, making = set(parameters), set(map(id, makers))
    for s in walk_statements(body):
        if id(s) in making:
            continue
        if isinstance(s, (gast.Assign, gast.AugAssign, gast.FunctionDef)):
            others |= names_stored(s)
        elif isinstance(s, gast.For):
            others |= names_stored(s.target)
    made = {s.targets[0].id for s in makers} - others
    if not made:
        return frozenset()
    return frozenset(made.difference(n for s in walk_statements(body) if not copies(s) for n in _handed_on(s)))


def _handed_on(tree: gast.AST) -> Iterator[str]:
    """Names of which the value itself is read, other than by the statements in a statement."""
    if isinstance(tree, (gast.FunctionDef, gast.Lambda)):
        yield from captured(tree)
        return
    for child in gast.iter_child_nodes(tree):
        if isinstance(child, (gast.stmt, gast.ExceptHandler)):
            continue
        if is_name(child) and isinstance(child.ctx, gast.Load):
            element = isinstance(tree, gast.Subscript) and child is tree.value
            method = isinstance(tree, gast.Attribute) and tree.attr in _METHODS
            length = isinstance(tree, gast.Call) and is_name(tree.func, "len") and child is not tree.func
            if not element and not method and not length:
                yield child.id
        else:
            yield from _handed_on(child)
