"""The independent answer: derivatives by complex step on the same text rendered for complex numbers.

Comparisons, `abs`, `max`, `min` and casts act on real parts, and arrays made in the program are complex. A program that
comes near a tie is no test, since its derivative does not exist there.
"""
from __future__ import annotations

import ast
import linecache
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from . import complex_step

TIES = {"abs": "absolute", "max": "greatest", "min": "least", "int": "integer", "float": "same"}
NUMPY = {"abs": "absolute", "maximum": "maximum", "minimum": "minimum", "max": "array_max", "min": "array_min"}
MADE = frozenset({"zeros", "ones", "full", "linspace", "eye", "array", "zeros_like", "ones_like"})
STEP = 1e-30


class Discarded(Exception):
    """The program is no test: it raises, comes near a tie, or its numbers are huge or not finite."""


class _ToComplex(ast.NodeTransformer):
    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if any(isinstance(operator, (ast.Is, ast.IsNot, ast.In, ast.NotIn)) for operator in node.ops):
            return node
        names = ast.Constant(" ".join(type(operator).__name__ for operator in node.ops))
        return _called("compare", [names, node.left, *node.comparators])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node.func:
            case ast.Name(id=name) if name in TIES:
                return _called(TIES[name], node.args)
            case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in NUMPY:
                return _called(NUMPY[name], node.args)
            case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in MADE:
                return _called("made", [node])
            case ast.Attribute(value=ast.Name(id="math")):
                node.func.value = ast.Name("np", ast.Load())
            case ast.Attribute(attr="astype"):
                node.args = [ast.Name("complex", ast.Load())]
            case ast.Attribute(value=value, attr="max" | "min" as name):
                return _called(NUMPY[name], [value, *node.args])
        return node


def _called(name: str, arguments: list[ast.expr]) -> ast.Call:
    function = ast.Attribute(ast.Name("complex_step", ast.Load()), name, ast.Load())
    return ast.Call(function, arguments, [])


def complex_source(source: str) -> str:
    """The text of the program for complex arguments; it uses the module `complex_step`."""
    return ast.unparse(ast.fix_missing_locations(_ToComplex().visit(ast.parse(source)))) + "\n"


def compiled(source: str, name: str) -> Callable[..., Any]:
    """The `f` that the text defines, with its lines known to `inspect`."""
    namespace: dict[str, Any] = {"__name__": "fuzz_program", "complex_step": complex_step}
    filename = f"<fuzz {name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)
    return namespace["f"]


def complex_gradients(f: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[float, np.ndarray]:
    """Derivatives of the rendered `f` with respect to `x` and every element of `a`. Raises Discarded."""
    x, a, n = arguments
    return (_derivative(f, x, 1.0, a, np.zeros_like(a), n),
            np.array([_derivative(f, x, 0.0, a, unit, n) for unit in _units(a)]).reshape(a.shape))


def _units(a: np.ndarray) -> list[np.ndarray]:
    return list(np.eye(a.size).reshape(a.size, *a.shape))


def _derivative(f: Callable[..., Any], x: float, x_dot: float, a: np.ndarray, a_dot: np.ndarray, n: int) -> float:
    result = evaluated(f, (complex(x, STEP * x_dot), a + 1j * STEP * a_dot, n))
    return float(np.imag(result)) / STEP


def central_difference(f: Callable[..., Any], arguments: tuple[Any, ...], x_dot: float, a_dot: np.ndarray) -> float:
    """Derivative of the plain `f` in one direction. Raises Discarded."""
    x, a, n = arguments
    h = 1e-6
    ahead = evaluated(f, (x + h * x_dot, a + h * a_dot, n))
    behind = evaluated(f, (x - h * x_dot, a - h * a_dot, n))
    return float(ahead - behind) / (2 * h)


def evaluated(f: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The value at copies of the arguments. Raises Discarded where it is no moderate number."""
    given = deepcopy(arguments)
    try:
        with np.errstate(all="ignore"):
            value = f(*given)
    except Exception as error:
        raise Discarded(f"{type(error).__name__}: {error}") from error
    if not isinstance(value, (int, float, complex, np.number)):
        raise Discarded("not a number")
    if not np.isfinite(value) or abs(value) > 1e6 or not np.all(np.isfinite(given[1])):
        raise Discarded("huge or not finite")
    return value


def reference(source: str, oracle_source: str, arguments: tuple[Any, ...]) -> tuple[float, np.ndarray]:
    """The gradients by complex step, where central differences agree in a random direction. Raises Discarded."""
    d_x, d_a = complex_gradients(compiled(oracle_source, "oracle"), arguments)
    largest = max(abs(d_x), np.max(np.abs(d_a)))
    if not np.isfinite(largest) or largest > 1e4:
        raise Discarded("gradient huge or not finite")
    directions = np.random.default_rng(0).uniform(-1.0, 1.0, d_a.size + 1)
    x_dot, a_dot = float(directions[0]), directions[1:].reshape(d_a.shape)
    expected = d_x * x_dot + np.sum(d_a * a_dot)
    found = central_difference(compiled(source, "plain"), arguments, x_dot, a_dot)
    if abs(expected - found) > 1e-4 * max(1.0, abs(found), largest):
        raise Discarded(f"complex step and central differences disagree: {expected} and {found}")
    return d_x, d_a
