"""Refuses what the language does not have, before any stage sees it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.refusals import refuse_certain, refused_expression, refused_statement
from autodiff_src.scopes import FUNCTIONS, rebound_outside
from autodiff_src.syntax import clone_head, walk

_LIST = "build a list with a list comprehension or a loop"
_PLAIN = "use a plain function that returns its values"
_ARGUMENT = "take the value as an argument and return the new one"

_REFUSED: dict[type[gast.AST], tuple[str, str]] = {
    gast.Yield: ("a generator", _LIST),
    gast.YieldFrom: ("a generator", _LIST),
    gast.Await: ("`await`", _PLAIN),
    gast.AsyncFor: ("`async for`", _PLAIN),
    gast.AsyncWith: ("`async with`", _PLAIN),
    gast.AsyncFunctionDef: ("a coroutine", _PLAIN),
    gast.TryStar: ("`except*`", "catch the exceptions around the differentiated function"),
    gast.ClassDef: ("a class definition inside a function", "define the class at module level"),
    gast.Nonlocal: ("`nonlocal` of a variable outside the function", _ARGUMENT),
    gast.TypeAlias: ("a `type` statement", "put it at module level"),
    gast.TemplateStr: ("a template string", "use an f-string"),
}


# Without any of these nothing is refused.
_SUSPECT = frozenset({*_REFUSED, gast.Try, gast.comprehension, gast.ImportFrom})


class Refusal(NamedTuple):
    """A node that is not accepted, and the error that says so."""
    node: gast.AST
    error: UnsupportedError


def accept(program: Program) -> Program:
    """The program with what the language does not have replaced by refusals, which are raised when they are reached.

    Raises UnsupportedError for the first construct where no path through the function avoids them all.
    """
    if not refusals(program):
        return program
    function = clone_head(program.function)
    function.body = _Waiting(program).block(function.body)
    refuse_certain(function.body)
    return replace(program, function=function)


def refusals(program: Program) -> list[Refusal]:
    """All refused constructs in the order of the text; what stands inside a refused one is not looked at, nor are the
    bodies of nested functions."""
    if _SUSPECT.isdisjoint({node.__class__ for node in walk(program.function)}):
        return []
    outside = rebound_outside(program.function)
    return [Refusal(node, _error(program, node, what, fix))
            for statement in program.function.body for node, what, fix in _walk(statement, outside)]


def _error(program: Program, node: gast.AST, what: str, fix: str) -> UnsupportedError:
    return UnsupportedError(f"{what} is not differentiated", program.place(node), fix)


def _walk(node: gast.AST, outside: set[str]) -> Iterator[tuple[gast.AST, str, str]]:
    refused = _refused(node, outside)
    if refused:
        yield node, *refused
        return
    for child in _children(node):
        yield from _walk(child, outside)


def _refused(node: gast.AST, outside: set[str]) -> tuple[str, str] | None:
    """`outside`: the variables outside the function that it, or a function in it, binds."""
    if isinstance(node, FUNCTIONS):
        if outside and rebound_outside(node) & outside:
            return _REFUSED[gast.Nonlocal]
        inner = next((n for n in gast.walk(node) if isinstance(n, (gast.Yield, gast.YieldFrom))), node)
        return _REFUSED.get(type(inner))
    return _REFUSED.get(type(node)) or _special(node)


def _children(node: gast.AST) -> list[gast.AST]:
    """Parts that are evaluated where the node stands."""
    if isinstance(node, (gast.FunctionDef, gast.Lambda)):
        return [node.args, *getattr(node, "decorator_list", ())]
    starred = [a for a in node.args if isinstance(a, gast.Starred)] if isinstance(node, gast.Call) else []
    return [child.value if child in starred else child for child in gast.iter_child_nodes(node)]


class _Stopped(Exception):
    """What is around a refused construct cannot be evaluated either."""

    def __init__(self, error: UnsupportedError):
        self.error = error


class _Waiting:
    """Puts refusals in place of refused constructs: of a statement, or of an expression that may not be evaluated."""

    def __init__(self, program: Program):
        self.program, self.outside = program, rebound_outside(program.function)

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for i, s in enumerate(block):
            try:
                new.append(self._rewritten(s))
            except _Stopped as stopped:
                return [*new, refused_statement(stopped.error, block[i:])]
        return new

    def _rewritten(self, node: gast.AST) -> Any:
        refused = _refused(node, self.outside)
        if refused:
            raise _Stopped(_error(self.program, node, *refused))
        if not any(True for child in _children(node) for _ in _walk(child, self.outside)):
            return node
        new: Any = clone_head(node)
        for field, value in gast.iter_fields(node):
            if isinstance(value, gast.AST):
                setattr(new, field, self._part(node, field, 0, value))
            elif isinstance(value, list) and value and isinstance(value[0], gast.stmt) and field != "finalbody":
                setattr(new, field, self.block(value))
            elif isinstance(value, list):
                setattr(new, field, [self._part(node, field, i, v) for i, v in enumerate(value)])
        return new

    def _part(self, node: gast.AST, field: str, number: int, part: Any) -> Any:
        if isinstance(node, gast.Call) and isinstance(part, gast.Starred):
            return gast.Starred(self._rewritten(part.value), part.ctx)
        if not isinstance(part, gast.AST):
            return part
        try:
            return self._rewritten(part)
        except _Stopped as stopped:
            if not _may_not_be_evaluated(node, field, number):
                raise
            return refused_expression(stopped.error, part)


def _may_not_be_evaluated(node: gast.AST, field: str, number: int) -> bool:
    if isinstance(node, gast.IfExp):
        return field != "test"
    return isinstance(node, gast.BoolOp) and number > 0 or isinstance(node, gast.ListComp) and field == "elt"


def _special(node: gast.AST) -> tuple[str, str] | None:
    """The refusals that depend on more than the class of the node."""
    if isinstance(node, gast.Try) and any(map(_leaves, node.finalbody)):
        return "an exit in a `finally`", "leave the function or the loop behind it"
    if isinstance(node, gast.comprehension) and node.is_async:
        return "an async comprehension", _PLAIN
    if isinstance(node, gast.ImportFrom) and any(alias.name == "*" for alias in node.names):
        return "a starred import inside a function", "import the names one by one"
    return None


def _leaves(node: gast.AST, in_loop: bool = False) -> bool:
    """Does a statement of a `finally` lead out of it?"""
    if isinstance(node, (gast.FunctionDef, gast.Lambda)):
        return False
    if isinstance(node, gast.Return) or isinstance(node, (gast.Break, gast.Continue)) and not in_loop:
        return True
    inside = in_loop or isinstance(node, (gast.For, gast.While))
    return any(_leaves(child, inside) for child in gast.iter_child_nodes(node))
