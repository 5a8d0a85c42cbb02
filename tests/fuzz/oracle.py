"""The independent answer: derivatives by complex step on the same text rendered for complex numbers.

Comparisons, `abs`, `max`, `min` and casts act on real parts, and arrays made in the program are complex. A program that
comes near a tie is no test, since its derivative does not exist there.
"""
from __future__ import annotations

import ast
import contextlib
import linecache
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from . import complex_step

TIES = {"abs": "absolute", "max": "greatest", "min": "least", "int": "integer", "float": "same", "sorted": "ordered"}
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
            case ast.Attribute(value=ast.Name(id="ad"), attr="grad"):
                return _called("slope", node.args)
            case ast.Attribute(value=value, attr="sort"):
                return _called("sort", [value])
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
    """The `f` that the text defines, in a new module, with its lines known to `inspect`. Raises Discarded."""
    namespace: dict[str, Any] = {"__name__": "fuzz_program", "complex_step": complex_step}
    filename = f"<fuzz {name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        exec(compile(source, filename, "exec"), namespace)
    except Exception as error:
        raise Discarded(f"{type(error).__name__}: {error}") from error
    return namespace["f"]


def complex_gradients(source: str, arguments: tuple[Any, ...], before: int = 0) -> tuple[float, np.ndarray]:
    """Derivatives of the rendered text with respect to `x` and every element of `a`, in a call after `before` others.

    Raises Discarded.
    """
    a = arguments[1]
    return (_derivative(source, arguments, 1.0, np.zeros_like(a), before),
            np.array([_derivative(source, arguments, 0.0, unit, before) for unit in _units(a)]).reshape(a.shape))


def _units(a: np.ndarray) -> list[np.ndarray]:
    return list(np.eye(a.size).reshape(a.size, *a.shape))


def _derivative(source: str, arguments: tuple[Any, ...], x_dot: float, a_dot: np.ndarray, before: int) -> float:
    x, a, n = arguments
    f = called(compiled(source, "oracle"), (complex(x), a + 0j, n), before)
    result = evaluated(f, (complex(x, STEP * x_dot), a + 1j * STEP * a_dot, n))
    return float(np.imag(result)) / STEP


def central_difference(source: str, arguments: tuple[Any, ...], x_dot: float, a_dot: np.ndarray, before: int = 0) -> float:
    """Derivative of the plain text in one direction, in a call after `before` others. Raises Discarded."""
    x, a, n = arguments
    h = 1e-6
    ahead, behind = (evaluated(called(compiled(source, "plain"), arguments, before),
                               (x + step * x_dot, a + step * a_dot, n)) for step in (h, -h))
    return float(ahead - behind) / (2 * h)


def called(f: Callable[..., Any], arguments: tuple[Any, ...], times: int) -> Callable[..., Any]:
    """The function, after it was called that many times."""
    for _ in range(times):
        evaluated(f, arguments)
    return f


def evaluated(f: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The value at copies of the arguments. Raises Discarded where it is no moderate number."""
    given = deepcopy(arguments)
    try:
        with np.errstate(all="ignore", over="raise"), contextlib.redirect_stdout(None):
            value = f(*given)
    except (Exception, complex_step.Tie) as error:
        raise Discarded(f"{type(error).__name__}: {error}") from error
    if not isinstance(value, (int, float, complex, np.number)):
        raise Discarded("not a number")
    if not np.isfinite(value) or abs(value) > 1e6 or not np.all(np.abs(given[1]) < 1e6):
        raise Discarded("huge or not finite")
    return value


def reference(source: str, oracle_source: str, arguments: tuple[Any, ...], before: int = 0) -> tuple[float, np.ndarray]:
    """The gradients by complex step, where central differences agree in a random direction. Raises Discarded.

    They are those of a call after `before` others, which may have changed what stands outside the function.
    """
    d_x, d_a = complex_gradients(oracle_source, arguments, before)
    largest = max(abs(d_x), np.max(np.abs(d_a)))
    if not np.isfinite(largest) or largest > 1e4:
        raise Discarded("gradient huge or not finite")
    directions = np.random.default_rng(0).uniform(-1.0, 1.0, d_a.size + 1)
    x_dot, a_dot = float(directions[0]), directions[1:].reshape(d_a.shape)
    expected = d_x * x_dot + np.sum(d_a * a_dot)
    found = central_difference(source, arguments, x_dot, a_dot, before)
    if abs(expected - found) > 1e-4 * max(1.0, abs(found), largest):
        raise Discarded(f"complex step and central differences disagree: {expected} and {found}")
    return d_x, d_a
