"""A function object -> Program: its source as a tree, and the names it can see."""
from __future__ import annotations

from typing import Any

import gast

from autodiff_src.parse.callables import check_function
from autodiff_src.parse.resolve import namespace_of
from autodiff_src.parse.source import find
from autodiff_src.program import Program

__all__ = ["parse"]


def parse(function: Any) -> Program:
    """The program that runs when `function` is called.

    A lambda becomes a definition named `lambda_` with one `return`; decorators are dropped, for what is read is the
    function object that was passed. Line numbers are those of the file. The tree is new in every call.

    Raises ArgumentError for what is not callable, NoRuleError for a function without Python code, UnsupportedError for
    other callables and for a function whose source cannot be found or has changed.
    """
    function = check_function(function)
    found = find(function)
    tree = gast.ast_to_gast(found.definition)
    if found.owner is not None:
        _mangle(tree, f"_{found.owner.lstrip('_')}")
    return Program(
        function=tree,
        namespace=namespace_of(function),
        file=found.file,
        lines=found.lines,
        defaults=function.__defaults__ or (),
        kwdefaults=dict(function.__kwdefaults__ or {}),
        original=function,
    )


def _mangle(tree: gast.AST, prefix: str) -> None:
    """Private names of a class as the compiler changes them: `self.__w` in class `Net` is `self._Net__w`."""
    for node in gast.walk(tree):
        field = {gast.Attribute: "attr", gast.Name: "id"}.get(type(node))
        if field is not None and getattr(node, field).startswith("__") and not getattr(node, field).endswith("__"):
            setattr(node, field, prefix + getattr(node, field))
