"""Lists and dicts that certainly go by one name each, like the tapes in generated texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import gast

from autodiff_src.syntax import LOOPS, blocks, captured, is_name, names_stored, walk_statements

_METHODS = frozenset(["append", "pop", "insert", "get", "keys", "values", "items", "copy"])


def own_containers(
    body: list[gast.stmt], parameters: Iterable[str], copies: Callable[[gast.stmt], bool] = lambda s: False
) -> frozenset[str]:
    """Variables bound to new lists or dicts only, of which nothing but methods, `len` and elements is used before a last
    statement outside loops. `copies`: does a statement make something new of what it reads?"""
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
    handed_on: set[str] = set()
    for s, in_loop in _in_order(body):
        uses = list(_uses(s))
        passed = set() if copies(s) else {n for n, whole in uses if whole}
        made -= {n for n, _ in uses if n in handed_on}
        made -= passed if in_loop else frozenset()
        handed_on |= passed
    return frozenset(made)


def _in_order(block: list[gast.stmt], in_loop: bool = False) -> Iterator[tuple[gast.stmt, bool]]:
    """Every statement, and whether it may run more than once."""
    for s in block:
        inside = in_loop or isinstance(s, (*LOOPS, gast.FunctionDef))
        yield s, inside
        for inner in blocks(s):
            yield from _in_order(inner, inside)


def _uses(tree: gast.AST) -> Iterator[tuple[str, bool]]:
    """Names that are read other than by the statements in a statement, and whether the value itself is."""
    if isinstance(tree, (gast.FunctionDef, gast.Lambda)):
        yield from ((n, True) for n in captured(tree))
        return
    for child in gast.iter_child_nodes(tree):
        if isinstance(child, (gast.stmt, gast.ExceptHandler)):
            continue
        if is_name(child) and isinstance(child.ctx, gast.Load):
            element = isinstance(tree, gast.Subscript) and child is tree.value
            method = isinstance(tree, gast.Attribute) and tree.attr in _METHODS
            length = isinstance(tree, gast.Call) and is_name(tree.func, "len") and child is not tree.func
            yield child.id, not (element or method or length)
        else:
            yield from _uses(child)
