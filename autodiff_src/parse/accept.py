"""Refuses what the language does not have, before any stage sees it."""
from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program

_LIST = "build a list with a list comprehension or a loop"
_PLAIN = "use a plain function that returns its values"
_ARGUMENT = "take the value as an argument and return the new one"
_BRANCHES = "use if and elif"

_REFUSED: dict[type[gast.AST], tuple[str, str]] = {
    gast.Yield: ("a generator", _LIST),
    gast.YieldFrom: ("a generator", _LIST),
    gast.Await: ("`await`", _PLAIN),
    gast.AsyncFor: ("`async for`", _PLAIN),
    gast.AsyncWith: ("`async with`", _PLAIN),
    gast.AsyncFunctionDef: ("a coroutine", _PLAIN),
    gast.Try: ("`try`", "test for the condition with `if`, or catch the exception around the differentiated function"),
    gast.TryStar: ("`except*`", "catch the exceptions around the differentiated function"),
    gast.With: ("`with`", "enter the context around the call of the differentiated function"),
    gast.ClassDef: ("a class definition inside a function", "define the class at module level"),
    gast.Global: ("`global`", _ARGUMENT),
    gast.Nonlocal: ("`nonlocal`", _ARGUMENT),
    gast.Delete: ("`del`", "leave the name; it goes when the function returns"),
    gast.Match: ("`match`", _BRANCHES),
    gast.NamedExpr: ("an assignment expression (`:=`)", "assign in a statement of its own"),
    gast.SetComp: ("a set comprehension", _LIST),
    gast.DictComp: ("a dict comprehension", "fill the dict in a loop"),
    gast.GeneratorExp: ("a generator expression", "write a list comprehension: [...]"),
    gast.Starred: ("`*` in an assignment or a display", "name the items one by one, or index with slices"),
    gast.TypeAlias: ("a `type` statement", "put it at module level"),
    gast.TemplateStr: ("a template string", "use an f-string"),
}


class Refusal(NamedTuple):
    """A node that is not accepted, and the error that says so."""
    node: gast.AST
    error: UnsupportedError


def accept(program: Program) -> None:
    """Raises UnsupportedError for the first construct of `program` that the language does not have."""
    for _, error in _refused(program):
        raise error


def refusals(program: Program) -> list[Refusal]:
    """All refused constructs in the order of the text; what stands inside a refused one is not looked at."""
    return list(_refused(program))


def _refused(program: Program) -> Iterator[Refusal]:
    for statement in program.function.body:
        for node, what, fix in _walk(statement):
            yield Refusal(node, UnsupportedError(f"{what} is not differentiated", program.place(node), fix))


def _walk(node: gast.AST) -> Iterator[tuple[gast.AST, str, str]]:
    refused = _REFUSED.get(type(node)) or _special(node)
    if refused:
        yield node, *refused
        return
    passed = _starred_arguments(node)
    for child in gast.iter_child_nodes(node):
        yield from _walk(child.value if child in passed else child)


def _starred_arguments(node: gast.AST) -> list[gast.Starred]:
    return [a for a in node.args if isinstance(a, gast.Starred)] if isinstance(node, gast.Call) else []


def _special(node: gast.AST) -> tuple[str, str] | None:
    """The refusals that depend on more than the class of the node."""
    if isinstance(node, gast.Attribute) and isinstance(node.ctx, gast.Store):
        return "a store to an attribute", "keep the value in a local variable and return it"
    if isinstance(node, gast.comprehension) and node.is_async:
        return "an async comprehension", _PLAIN
    if isinstance(node, gast.ImportFrom) and (node.level or any(alias.name == "*" for alias in node.names)):
        return "a relative or starred import inside a function", "import at module level"
    return None
