"""NumPy's functions that call what they are given, as the loops and stores that they stand for.

    y = np.piecewise(x, [x < 0.0, x > 1.0], [f, 2.0])      ->      holds = conditions(x, [x < 0.0, x > 1.0], 2)
                                                                   y = np.zeros_like(x)
                                                                   at, part = holds[0], x[holds[0]]
                                                                   if part.size > 0:
                                                                       y[at] = f(part)
                                                                   y[holds[1]] = 2.0

    np.multiply.at(y, at, v)                               ->      places = elements_at(y, at)
                                                                   values = np.broadcast_to(v, np.shape(y[at])).reshape(-1)
                                                                   for k in range(len(places)):
                                                                       y[places[k]] = np.multiply(y[places[k]], values[k])
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.normalize.subscripts import with_text
from autodiff_src.normalize.vectorized import Vectorization
from autodiff_src.program import MISSING
from autodiff_src.renaming import renamed
from autodiff_src.runtime import vectorization
from autodiff_src.syntax import constant, located, name, names_stored, statements, substitute

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions

_PIECES = """
array = asanyarray(x)
holds = conditions(array, given, {count})
result = zeros_like(array)
"""
_PIECE = """
at = holds[{i}]
if callable(f{i}):
    part = array[at]
    if part.size > 0:
        result[at] = call{i}
else:
    result[at] = f{i}
"""
_LINES = """
rows = moveaxis(asanyarray(x), axis, -1)
places = lines(rows.shape[:-1])
line = rows[places[0]]
first = asanyarray(call)
whole = zeros(rows.shape[:-1] + first.shape, first.dtype)
whole[places[0]] = first
for k in range(1, len(places)):
    line = rows[places[k]]
    whole[places[k]] = asanyarray(call)
result = transpose(whole, order_behind(axis, rows.ndim, first.ndim)) if first.ndim > 0 else whole
"""
_ELEMENTS = """
places = elements_at(x, index)
values = broadcast_to(v, shape(x[index])).reshape(-1)
for k in range(len(places)):
    x[places[k]] = f(x[places[k]], values[k])
result = None
"""
_NUMPY = {n: getattr(np, n) for n in ("asanyarray", "zeros", "zeros_like", "moveaxis", "transpose", "broadcast_to", "shape")}
_OWN = {n: getattr(vectorization, n) for n in ("conditions", "lines", "order_behind", "elements_at")}
_UPDATES = (np.multiply, np.maximum, np.minimum)
_PARAMETERS = {id(np.piecewise): ("x", "condlist", "funclist"), id(np.apply_along_axis): ("func1d", "axis", "arr"),
               id(np.fromfunction): ("function", "shape")}


class SteppedInto:
    """Rewrites such calls of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions, self.vectorization = expressions, Vectorization(expressions)

    def call(self, node: gast.Call, function: Any) -> gast.expr | None:
        """What stands for a call of such a function; None for other calls."""
        names = _PARAMETERS.get(id(function))
        if getattr(function, "__name__", "") == "at" and getattr(function, "__self__", None) in _UPDATES:
            return self._updates(function.__self__, node)
        if function is np.einsum:
            return with_text(node)
        if names is None:
            return self.vectorization.call(node, function)
        if any(isinstance(a, gast.Starred) for a in node.args[:len(names)]) or any(k.arg is None for k in node.keywords):
            return None
        options = {k.arg: k.value for k in node.keywords}
        given = dict(zip(names, node.args, strict=False)) | {n: options.pop(n) for n in names if n in options}
        if len(given) < len(names):
            return None
        more = node.args[len(names):], [gast.keyword(n, e) for n, e in options.items()]
        made: Any = {np.piecewise: self._pieces, np.apply_along_axis: self._lines, np.fromfunction: self._grid}[function]
        return made(*(given[n] for n in names), more, node)

    def _pieces(self, x: gast.expr, given: gast.expr, functions: gast.expr, more: Any, node: gast.Call) -> gast.expr | None:
        """A masked store for each function or number."""
        if not isinstance(functions, (gast.List, gast.Tuple)) or any(isinstance(f, gast.Starred) for f in functions.elts):
            return None
        x, given = self._now("x", x), self._now("given", given)
        of = {f"f{i}": self._now("function", f) for i, f in enumerate(functions.elts)}
        more = self._held(more)
        calls = {f"call{i}": gast.Call(f, [name("part"), *more[0]], more[1]) for i, f in enumerate(of.values())}
        count = len(of)
        text = _PIECES.format(count=count) + "".join(_PIECE.format(i=i) for i in range(count))
        return self._emitted(text, {"x": x, "given": given, **of}, calls, node)

    def _lines(self, f: gast.expr, axis: gast.expr, x: gast.expr, more: Any, node: gast.Call) -> gast.expr:
        """A loop over the lines along the axis."""
        f, axis, x, more = self._now("function", f), self._now("axis", axis), self._now("x", x), self._held(more)
        call = gast.Call(f, [name("line"), *more[0]], more[1])
        return self._emitted(_LINES, {"axis": axis, "x": x}, {"call": call}, node)

    def _updates(self, f: Any, node: gast.Call) -> gast.expr | None:
        """A loop over the elements that `np.multiply.at` and its like change, of which one may be changed several times."""
        if len(node.args) != 3 or node.keywords or any(isinstance(a, gast.Starred) for a in node.args):
            return None
        x, index, v = (self._now(wanted, e) for wanted, e in zip(("x", "index", "v"), node.args, strict=True))
        calls = {"f": self.expressions.reference(f)}
        return self._emitted(_ELEMENTS, {"x": x, "index": index, "v": v}, calls, node)

    def _grid(self, f: gast.expr, shape: gast.expr, more: Any, node: gast.Call) -> gast.expr | None:
        """A call with the indices of all elements."""
        if not isinstance(shape, (gast.Tuple, gast.List)) or more[0] or any(k.arg == "like" for k in more[1]):
            return None
        f = self._now("function", f)
        dtypes = [k.value for k in more[1] if k.arg == "dtype"] or [self.expressions.builtin(float)]
        indices = gast.Call(self.expressions.reference(np.indices), [shape], [gast.keyword("dtype", dtypes[0])])
        grid = self._now("grid", located(indices, node))
        axes: list[gast.expr] = [gast.Subscript(grid, constant(i), gast.Load()) for i in range(len(shape.elts))]
        return located(gast.Call(f, axes, [k for k in more[1] if k.arg != "dtype"]), node)

    def _now(self, wanted: str, value: gast.expr) -> gast.expr:
        """A function outside by its name, and what anything else is now."""
        outside = self.expressions.static(value) is not MISSING
        return value if outside else self.expressions.consumption.now(wanted, value)

    def _held(self, more: Any) -> tuple[list[gast.expr], list[gast.keyword]]:
        """Further arguments, evaluated once."""
        def held(e: gast.expr) -> gast.expr:
            inner = e.value if isinstance(e, gast.Starred) else e
            new = self._now("argument", inner)
            return gast.Starred(new, gast.Load()) if isinstance(e, gast.Starred) else new

        return [held(a) for a in more[0]], [gast.keyword(k.arg, held(k.value)) for k in more[1]]

    def _emitted(self, text: str, given: dict[str, gast.expr], calls: dict[str, gast.expr], node: gast.Call) -> gast.expr:
        """Emits the statements of `text`; returns the name of its result. What is `given`, and the calls, stand for names."""
        block = statements(text)
        known = {n: self.expressions.reference(f).id for n, f in {**_NUMPY, **_OWN}.items()}  # type: ignore[attr-defined]
        own = {n: self.expressions.new(n) for n in sorted(names_stored(block))}
        block = [substitute(s, given) for s in renamed([substitute(s, calls) for s in block], known | own)]
        self.expressions.out += self.expressions.lower_block([located(s, node) for s in block])
        return name(own["result"])
