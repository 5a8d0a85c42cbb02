"""Finds the definition of a function object in its file."""
from __future__ import annotations

import ast
import linecache
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.fit import Definition, fits
from autodiff_src.program import Place

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_PLACED = (ast.stmt, ast.expr)


@dataclass(frozen=True)
class Found:
    """The definition of a function, without its decorators, and the lines of its file. Shared: not to be written."""
    definition: gast.FunctionDef
    file: str
    lines: tuple[str, ...]


_found: dict[int, tuple[weakref.ref[CodeType], Found]] = {}


def find(function: FunctionType) -> Found:
    """The definition whose compiled form `function` runs. Cached by the identity of its code object.

    Raises UnsupportedError where there is no source, or where the source is not the one that was compiled.
    """
    code = function.__code__
    key = id(code)
    if key in _found:
        return _found[key][1]
    found = _search(function)
    _found[key] = weakref.ref(code, lambda _: _found.pop(key, None)), found
    return found


def _search(function: FunctionType) -> Found:
    code = function.__code__
    file = code.co_filename
    linecache.checkcache(file)
    lines = linecache.getlines(file, function.__globals__)
    if not lines:
        raise UnsupportedError(f"the source of {function.__qualname__!r} cannot be found ({file})",
                               fix="define the function in a file; text run by exec needs an entry in linecache.cache")
    tree, imported = _module("".join(lines))
    for node, owner in _starting_at(tree, code.co_firstlineno, None):
        if fits(node, owner, imported, code):
            definition = _TupleTargets().visit(gast.ast_to_gast(_as_definition(node)))
            return Found(_mangled(definition, owner), file, tuple(lines))
    line = code.co_firstlineno
    place = Place(file, line, 0, lines[line - 1] if line <= len(lines) else "")
    raise UnsupportedError(f"the source found for {function.__qualname__!r} is not what was compiled: the file changed "
                           "since it was imported, or an import hook rewrote the function", place,
                           "import the module again, or take the hook off")


@lru_cache(maxsize=2)
def _module(text: str) -> tuple[ast.Module, frozenset[str]]:
    """The tree of a whole file, and the names that its top level imports; an empty tree for what does not parse.

    The whole file, for extracting one function's lines goes wrong with odd indentation and with strings.
    """
    try:
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree = compile(text, "<source>", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        tree = ast.Module([], [])
    return tree, frozenset(_imports(tree))


def _imports(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in child.names if alias.name != "*")
        elif isinstance(child, (ast.stmt, ast.ExceptHandler)) and not isinstance(child, _SCOPES):
            yield from _imports(child)


def _starting_at(node: ast.AST, line: int, owner: str | None) -> Iterator[tuple[Definition, str | None]]:
    """The functions and lambdas below `node` that start at `line`, each with the class that owns it."""
    if isinstance(node, (ast.FunctionDef, ast.Lambda)) and _first_line(node) == line:
        yield node, owner
    if isinstance(node, ast.ClassDef):
        owner = node.name
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _PLACED) or _first_line(child) <= line <= (child.end_lineno or 0):
            yield from _starting_at(child, line, owner)


def _first_line(node: ast.stmt | ast.expr) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])


class _TupleTargets(gast.NodeTransformer):
    """`[a, b] = t` as `a, b = t`, which is the same."""

    def visit_List(self, node: gast.List) -> gast.expr:
        self.generic_visit(node)
        return node if isinstance(node.ctx, gast.Load) else gast.copy_location(gast.Tuple(node.elts, node.ctx), node)


def _mangled(tree: gast.FunctionDef, owner: str | None) -> gast.FunctionDef:
    """With private names as the compiler changes them: `self.__w` in class `Net` is `self._Net__w`."""
    prefix = f"_{(owner or '').lstrip('_')}"
    for node in gast.walk(tree) if owner is not None else ():
        field = {gast.Attribute: "attr", gast.Name: "id"}.get(type(node))
        if field is not None and getattr(node, field).startswith("__") and not getattr(node, field).endswith("__"):
            setattr(node, field, prefix + getattr(node, field))
    return tree


def _as_definition(node: Definition) -> ast.FunctionDef:
    definition: Any
    if isinstance(node, ast.Lambda):
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)]
        definition = ast.FunctionDef("lambda_", node.args, body, [], None, None)
    else:
        definition = ast.FunctionDef(node.name, node.args, node.body, [], node.returns, None)
    if "type_params" in ast.FunctionDef._fields:
        definition.type_params = getattr(node, "type_params", [])
    return ast.copy_location(definition, node)
