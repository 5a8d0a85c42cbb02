"""What has no name or literal, as Python can write it: NumPy scalars, inf and nan, negative numbers, a module's names."""
from __future__ import annotations

import ast
import cmath
import functools
import math
from typing import Any

import gast
import numpy as np

from autodiff_src.program import Program
from autodiff_src.syntax import walk


def is_written_plainly(value: Any) -> bool:
    """Is the `repr` of a constant the literal for it?"""
    if type(value) is float:
        return 0.0 <= value < math.inf and math.copysign(1.0, value) > 0
    return type(value) is int and value >= 0 or value is None or value is Ellipsis or type(value) in (bool, str, bytes)


def is_writable(program: Program) -> bool:
    """Can the tree of a function be printed as it is?"""
    module = _module_names(program)
    return all(is_written_plainly(node.value) if isinstance(node, gast.Constant) else
               not (module and isinstance(node, gast.Name) and node.id in module) for node in walk(program.function))


def _module_names(program: Program) -> set[str]:
    return {n for n, value in program.namespace.extra.items() if value is program.namespace.globals}


class WritableConstants(ast.NodeTransformer):
    """Replaces, in place, the constants of a tree that have no literal: `np.float64(2)`, `inf`, `-1`, `(1, 2)`; and what
    stands for the names of the function's module, by `globals()`."""

    def __init__(self, program: Program, tree: ast.FunctionDef, header: str):
        self.module = _module_names(program)
        self.holder = functools.cache(lambda: _holder_of_inf(program, tree, header))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return node if is_written_plainly(node.value) else ast.copy_location(self.written(node.value), node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.module:
            return ast.copy_location(ast.Call(ast.Name("globals", ast.Load()), [], []), node)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.generic_visit(part)
        return node

    def written(self, value: Any) -> ast.expr:
        """The expression that gives `value`. Raises TypeError for a value that no text gives back."""
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, tuple):
            return ast.Tuple([self.written(item) for item in value], ast.Load())
        if isinstance(value, bool) or value is None or value is Ellipsis or isinstance(value, (str, bytes)):
            return ast.Constant(value)
        if type(value) in (int, float):
            return self._real(value)
        if type(value) is complex:
            return self._complex(value)
        raise TypeError(f"a constant of type {type(value).__name__} cannot be written in source text")

    def _real(self, value: int | float) -> ast.expr:
        if value != value:
            return self._named("nan")
        if value < 0 or isinstance(value, float) and math.copysign(1.0, value) < 0:
            return ast.UnaryOp(ast.USub(), self._real(-value))
        return self._named("inf") if value == math.inf else ast.Constant(value)

    def _complex(self, value: complex) -> ast.expr:
        positive = math.copysign(1.0, value.real) > 0 and math.copysign(1.0, value.imag) > 0
        if value.real == 0 and positive and cmath.isfinite(value):
            return ast.Constant(value)
        parts: list[ast.expr] = [self._real(value.real), self._real(value.imag)]
        return ast.Call(ast.Name("complex", ast.Load()), parts, [])

    def _named(self, name: str) -> ast.expr:
        holder = self.holder()
        if holder is None:
            return ast.Call(ast.Name("float", ast.Load()), [ast.Constant(name)], [])
        return ast.Attribute(ast.Name(holder, ast.Load()), name, ast.Load())


def _holder_of_inf(program: Program, tree: ast.FunctionDef, header: str) -> str | None:
    """The name under which the function sees `math` or NumPy, or None."""
    local = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    local |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    imported = {"math": "import math", "np": "import numpy as np", "numpy": "import numpy"}
    for name, line in imported.items():
        seen = program.namespace.lookup(name)
        if name not in local and (seen is math or seen is np or line in header.splitlines()):
            return name
    return None
