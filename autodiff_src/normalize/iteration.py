"""What a loop iterates over becomes a length and an element at an index.

    for u, v in zip(a, b):          for k in range(min(len(a), len(b))):
        s += u * v          ->          u = a[k]
                                        v = b[k]
                                        s += u * v

Whether something can be read by index is told by its kind: `items = sequence(x)` in front of the loop waits for it.
"""

from __future__ import annotations

import builtins
import itertools
from collections.abc import Callable

import gast
import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.normalize.expressions import Expressions
from autodiff_src.normalize.iterators import Iterators
from autodiff_src.program import MISSING
from autodiff_src.rules import CHANGING_METHODS
from autodiff_src.runtime import iteration
from autodiff_src.syntax import (
    assign,
    base_name,
    clone,
    expression,
    has_break,
    is_atom,
    is_name,
    located,
    name,
    names_stored,
    walk,
)

Element = Callable[[gast.expr], gast.expr]

_KEEPING_LENGTH = frozenset(["sort", "reverse", "rotate", "fill", "put", "partition", "itemset", "byteswap", "setflags"])
_VIEWS = ("items", "keys", "values")
_DISPLAYS = (gast.List, gast.Tuple, gast.ListComp, gast.Constant)


class Iteration:
    """Writes the heads of the loops of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions
        self.iterators = Iterators(self)
        self.checks: list[gast.stmt] = []  # behind the loop at hand

    def checked(self, node: gast.expr, s: gast.For) -> tuple[gast.expr, Element, list[gast.stmt]]:
        """`sequence`, and what is checked behind the loop."""
        around, self.checks = self.checks, []
        length, element = self.sequence(node, s)
        checks, self.checks = self.checks, around
        return length, element, checks

    def sequence(self, node: gast.expr, s: gast.For) -> tuple[gast.expr, Element]:
        """How long the iterable of a loop is, and its element at an index."""
        if isinstance(node, gast.Call):
            if self.is_builtin(node, "enumerate") and node.args:
                return self._enumerated(node, s)
            if self.is_builtin(node, "zip") and node.args and {k.arg for k in node.keywords} <= {"strict"}:
                return self._zipped(node, s)
            if self.is_builtin(node, "reversed") and len(node.args) == 1:
                length, element = self.sequence(node.args[0], s)
                return length, lambda k: element(expression("n - 1 - k", n=length, k=k))
            if self.is_builtin(node, "range"):
                return self._ranged(node)
            if self.expressions.static(node.func) in (np.ndindex, np.ndenumerate) and not node.keywords:
                return self._indices(node, s)
            if isinstance(node.func, gast.Attribute) and node.func.attr in _VIEWS and not node.args:
                return self._view(node.func, s)
            found = self.iterators.sequence(node, s)
            if found is not None:
                return found
        if self._is_strange(node):
            raise UnsupportedError("an iterator of this form is not differentiated", self.expressions.program.place(node),
                                   "make a list of it first: `list(...)`")
        node = self._listed(node)
        source = self._held(node, s)
        self._refuse_growing(source, s)
        if not isinstance(node, _DISPLAYS):
            source = self._made("items", iteration.sequence, source, s)
        return expression("len(x)", x=source), lambda k: gast.Subscript(clone(source), k, gast.Load())

    def generator(self, node: gast.expr) -> gast.GeneratorExp | None:
        """A generator expression, `map`, `filter` or `itertools.product` as a generator expression."""
        if isinstance(node, gast.GeneratorExp):
            return node
        function = self.expressions.static(node.func) if isinstance(node, gast.Call) and not node.keywords else MISSING
        if function in (map, filter) and len(node.args) > 1:  # type: ignore[attr-defined]
            called, *iterables = node.args  # type: ignore[attr-defined]
            called = self.expressions.consumption.held(called)
            items = [self.expressions.new("item") for _ in iterables]
            reads: list[gast.expr] = [name(i) for i in items]
            target: gast.expr = gast.Tuple([name(i, gast.Store()) for i in items], gast.Store())
            source = gast.Call(name("zip"), iterables, [])
            if len(items) == 1:
                target, source = name(items[0], gast.Store()), iterables[0]
            if function is map:
                return gast.GeneratorExp(gast.Call(called, reads, []), [gast.comprehension(target, source, [], 0)])
            test = reads[0] if isinstance(called, gast.Constant) else gast.Call(called, reads, [])
            return gast.GeneratorExp(reads[0], [gast.comprehension(target, source, [test], 0)])
        if function is itertools.product and node.args:  # type: ignore[attr-defined]
            items = [self.expressions.new("item") for _ in node.args]  # type: ignore[attr-defined]
            pools = [self.expressions.atom(a, "pool") for a in node.args]  # type: ignore[attr-defined]
            generators = [gast.comprehension(name(i, gast.Store()), p, [], 0) for i, p in zip(items, pools, strict=True)]
            return gast.GeneratorExp(gast.Tuple([name(i) for i in items], gast.Load()), generators)
        return None

    def indexed(self, node: gast.expr, s: gast.stmt) -> gast.expr:
        """A name for what gives by index what an iteration over `node` gives."""
        return self._made("items", iteration.sequence, self.expressions.atom(node, "items"), s)

    def is_builtin(self, node: gast.expr, function: str) -> bool:
        return isinstance(node, gast.Call) and self.expressions.static(node.func) is getattr(builtins, function)

    def _listed(self, node: gast.expr) -> gast.expr:
        return self.expressions.consumption.as_list(node) if self.expressions.consumption.lazy(node) else node

    def _is_strange(self, node: gast.expr) -> bool:
        """Is it a call that gives an iterator, of a form that is not read?"""
        if not isinstance(node, gast.Call) or not self.expressions.consumption.lazy(node):
            return False
        return bool(node.keywords) or self.expressions.static(node.func) not in (map, filter, itertools.product)

    def _held(self, node: gast.expr, s: gast.For) -> gast.expr:
        """The iterable by a name that stands for it throughout the loop."""
        source = self.expressions.atom(node, "items")
        outside = self.expressions.static(source) is not MISSING
        if outside or is_name(source) and source.id in names_stored(s.body) | names_stored(s.target):  # type: ignore[attr-defined]
            held = self.expressions.new("items")
            self.expressions.out.append(assign(held, source, s))
            source = name(held)
        return source

    def _made(self, wanted: str, function: Callable, source: gast.expr, s: gast.stmt) -> gast.expr:
        made = self.expressions.new(wanted)
        call = gast.Call(self.expressions.reference(function), [source], [])
        self.expressions.out.append(assign(made, located(call, s), s))
        return name(made)

    def _view(self, method: gast.Attribute, s: gast.For) -> tuple[gast.expr, Element]:
        """The keys of a dict are taken in front of the loop, its values when their turn comes."""
        items = self._held(method.value, s)
        keys = self._made("keys", iteration.keys, items, s)

        def key(k: gast.expr) -> gast.expr:
            return gast.Subscript(clone(keys), clone(k), gast.Load())

        def value(k: gast.expr) -> gast.expr:
            return gast.Subscript(clone(items), key(k), gast.Load())

        def both(k: gast.expr) -> gast.expr:
            return gast.Tuple([key(k), value(k)], gast.Load())

        return expression("len(x)", x=keys), {"keys": key, "values": value, "items": both}[method.attr]

    def _indices(self, node: gast.Call, s: gast.For) -> tuple[gast.expr, Element]:
        """All indices of an array, with its elements for `ndenumerate`."""
        everything = self.expressions.static(node.func) is np.ndenumerate
        array = self._held(node.args[0], s) if everything else None
        if array is not None:
            shape = [expression("x.shape", x=array)]
        elif len(node.args) == 1 and isinstance(node.args[0], gast.Starred):
            shape = [self.expressions.whole(gast.Call(name("tuple"), [node.args[0].value], []))]
        else:
            shape = [self.expressions.whole(a) for a in node.args]
        made = self.expressions.new("indices")
        call = gast.Call(self.expressions.reference(iteration.indices), shape, [])
        self.expressions.out.append(assign(made, located(call, s), s))

        def index(k: gast.expr) -> gast.expr:
            return gast.Subscript(name(made), clone(k), gast.Load())

        def both(k: gast.expr) -> gast.expr:
            return gast.Tuple([index(k), gast.Subscript(clone(array), index(k), gast.Load())], gast.Load())

        return expression("len(x)", x=made), both if everything else index

    def _zipped(self, node: gast.Call, s: gast.For) -> tuple[gast.expr, Element]:
        if len(node.args) == 1 and isinstance(node.args[0], gast.Starred):
            return self._columns(self._listed(node.args[0].value), s)
        if any(isinstance(a, gast.Starred) for a in node.args):
            raise UnsupportedError("`zip` of some iterables and of what follows `*` is not differentiated",
                                   self.expressions.program.place(node), "zip them one by one")
        parts = [self.sequence(a, s) for a in node.args]
        lengths = [p[0] for p in parts]
        if node.keywords:
            self._note_strict(node, lengths, s)
        length = lengths[0] if len(lengths) == 1 else gast.Call(name("min"), lengths, [])
        return length, lambda k: gast.Tuple([part[1](k) for part in parts], gast.Load())

    def _note_strict(self, node: gast.Call, lengths: list[gast.expr], s: gast.For) -> None:
        strict = node.keywords[0].value
        if not isinstance(strict, gast.Constant) or strict.value and has_break(s.body):
            reason = "`zip(..., strict=...)` is not differentiated in a loop that may be left early, or told at run time"
            raise UnsupportedError(reason, self.expressions.program.place(node), "leave `strict` out")
        if strict.value:
            check = self.expressions.reference(iteration.check_zipped)
            self.checks.append(gast.Expr(gast.Call(check, [clone(n) for n in lengths], [])))

    def _columns(self, rows: gast.expr, s: gast.For) -> tuple[gast.expr, Element]:
        """`zip(*rows)`: at an index, the items there of all rows."""
        source = self.indexed(rows, s)
        count = self._made("count", iteration.columns, source, s)

        def column(k: gast.expr) -> gast.expr:
            row = self.expressions.new("row")
            each = gast.comprehension(name(row, gast.Store()), clone(source), [], 0)
            items = gast.ListComp(expression("r[k]", r=row, k=clone(k)), [each])
            return located(gast.Call(name("tuple"), [items], []), s)

        return count, column

    def _ranged(self, node: gast.Call) -> tuple[gast.expr, Element]:
        held = self.expressions.new("steps")
        self.expressions.out.append(assign(held, self.expressions.whole(node), node))
        return expression("len(x)", x=held), lambda k: gast.Subscript(name(held), k, gast.Load())

    def _enumerated(self, node: gast.Call, s: gast.For) -> tuple[gast.expr, Element]:
        length, element = self.sequence(node.args[0], s)
        start = node.args[1] if len(node.args) > 1 else node.keywords[0].value if node.keywords else None

        def indexed(k: gast.expr) -> gast.expr:
            index = clone(k) if start is None else expression("k + start", k=k, start=start)
            return gast.Tuple([index, element(k)], gast.Load())

        return length, indexed

    def _refuse_growing(self, source: gast.expr, s: gast.For) -> None:
        for inner in (n for t in s.body for n in walk(t)):
            if (
                isinstance(inner, gast.Call)
                and isinstance(inner.func, gast.Attribute)
                and inner.func.attr in CHANGING_METHODS - _KEEPING_LENGTH
                and is_atom(source)
                and base_name(inner.func.value) == getattr(source, "id", "")
            ):
                raise UnsupportedError(
                    "a list that changes its length while it is iterated over is not differentiated",
                    self.expressions.program.place(inner),
                    "iterate over a copy: `for v in list(x)`",
                )
