"""Calls of a function in the examples of docstrings."""
from __future__ import annotations

import ast
import contextlib
import copy
import doctest
import io
import linecache
import sys
from dataclasses import dataclass
from types import MethodType
from typing import Any

from .packages import Target, plain_function

MOST_CALLS = 3


@dataclass
class Call:
    """A call with its arguments as they were before it; `receiver` is the object whose method is called."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    receiver: Any = None

    def fresh(self) -> Call:
        return copy.deepcopy(self)


def calls(target: Target) -> list[Call]:
    """The first calls of the target in its examples, run as doctest runs them; errors end an example."""
    recorded: list[Call] = []
    for doc in target.docs():
        space = dict(vars(sys.modules[target.function.__module__]))
        space["recorded_call"] = _Recorder(target, recorded)
        for number, source in enumerate(_sources(doc), 1):
            file = f"<example {number} of {target.name}>"
            linecache.cache[file] = len(source), None, source.splitlines(True), file  # functions in it have a source
            try:
                code = compile(_Recording().visit(ast.parse(source)), file, "exec")
            except SyntaxError:
                continue
            with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception, SystemExit):
                exec(code, space)
            if len(recorded) >= MOST_CALLS:
                return recorded[:MOST_CALLS]
    return recorded


def _sources(doc: str) -> list[str]:
    try:
        return [example.source for example in doctest.DocTestParser().get_examples(doc)]
    except ValueError:
        return []


class _Recording(ast.NodeTransformer):
    """`f(x)` becomes `recorded_call(f, x)`."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        function = ast.copy_location(ast.Name("recorded_call", ast.Load()), node)
        return ast.copy_location(ast.Call(function, [node.func, *node.args], node.keywords), node)


class _Recorder:
    def __init__(self, target: Target, recorded: list[Call]):
        self.target, self.recorded = target, recorded

    def __call__(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        bound = isinstance(function, MethodType)
        if plain_function(function.__func__ if bound else function) is self.target.function:
            receiver = function.__self__ if bound else None
            with contextlib.suppress(Exception):  # what cannot be copied cannot be called twice
                self.recorded.append(copy.deepcopy(Call(args, kwargs, receiver)))
        return function(*args, **kwargs)
