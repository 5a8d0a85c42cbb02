"""A function object -> Program: its source as a tree, and the names it can see."""
from __future__ import annotations

from types import FunctionType
from typing import Any

from autodiff_src.parse.callables import check_function
from autodiff_src.parse.resolve import namespace_of
from autodiff_src.parse.source import find
from autodiff_src.program import Program

__all__ = ["parse", "source_of"]


def parse(function: Any) -> Program:
    """The program that runs when `function` is called.

    A lambda becomes a definition named `lambda_` with one `return`; decorators are dropped, for what is read is the
    function object that was passed. Line numbers are those of the file. The tree is shared: not to be written.

    Raises ArgumentError for what is not callable, NoRuleError for a function without Python code, UnsupportedError for
    other callables and for a function whose source cannot be found or has changed.
    """
    return source_of(check_function(function))


def source_of(function: FunctionType) -> Program:
    """The program of a function of any sort, generators too. Raises UnsupportedError where its source is not found."""
    found = find(function)
    return Program(
        function=found.definition,
        namespace=namespace_of(function),
        file=found.file,
        lines=found.lines,
        defaults=function.__defaults__ or (),
        kwdefaults=dict(function.__kwdefaults__ or {}),
        original=function,
    )
