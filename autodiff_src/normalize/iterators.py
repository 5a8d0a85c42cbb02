"""Loops over what `itertools` gives, by index.

    for v in chain(a, b):               ->      items = []; (append those of a, then those of b); for v in items:
    for a, b in combinations(x, 2):     ->      picks_ = picks(combinations, len(x), 2)
                                                for k in range(len(picks_)):
                                                    a, b = x[picks_[k][0]], x[picks_[k][1]]
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime import iteration
from autodiff_src.syntax import assign, clone, constant, expression, located, name, statement

if TYPE_CHECKING:
    from autodiff_src.normalize.iteration import Iteration

Element = Callable[[gast.expr], gast.expr]
Indexed = tuple[gast.expr, Element]
_PICKING = (itertools.combinations, itertools.permutations, itertools.combinations_with_replacement)
ITERATORS = (itertools.chain, itertools.accumulate, itertools.zip_longest, itertools.pairwise, itertools.islice, *_PICKING)


class Iterators:
    """Writes the heads of loops over iterators of one function."""

    def __init__(self, iteration: Iteration):
        self.iteration, self.expressions = iteration, iteration.expressions

    def sequence(self, node: gast.Call, s: gast.For) -> Indexed | None:
        """How many items the iterator gives, and the one at an index; None for other calls."""
        function = self.expressions.static(node.func)
        options = {k.arg: k.value for k in node.keywords}
        if function is itertools.chain and not options:
            return self.iteration.sequence(self._chained(node, s), s)
        if function is itertools.accumulate and options.keys() <= {"func", "initial"}:
            return self.iteration.sequence(self._accumulated(node, options, s), s)
        if function is itertools.zip_longest and options.keys() <= {"fillvalue"}:
            return self._longest(node, options.get("fillvalue", constant(None)), s)
        if function is itertools.pairwise:
            return self._pairs(node, s)
        if function is itertools.islice and 2 <= len(node.args) <= 4:
            return self._sliced(node, s)
        if function in _PICKING and len(node.args) == 2 and not options:
            return self._picked(node, s)
        if function in ITERATORS:
            raise UnsupportedError(f"this call of itertools.{function.__name__} is not differentiated",
                                   self.expressions.program.place(node), "write the loop out")
        return None

    def _appended(self, whole: str, item: str, part: gast.expr, s: gast.For, *first: gast.stmt) -> None:
        append = statement("x.append(v)", s, x=whole, v=item)
        loop = located(gast.For(name(item, gast.Store()), part, [*first, append], [], None), s)
        self.expressions.out += self.expressions.lower_block([loop])

    def _empty(self, s: gast.For) -> str:
        whole = self.expressions.new("items")
        self.expressions.out.append(assign(whole, gast.List([], gast.Load()), s))
        return whole

    def _chained(self, node: gast.Call, s: gast.For) -> gast.expr:
        parts = [self.expressions.atom(a, "part") for a in node.args]
        whole, item = self._empty(s), self.expressions.new("item")
        for part in parts:
            self._appended(whole, item, part, s)
        return name(whole)

    def _accumulated(self, node: gast.Call, options: dict, s: gast.For) -> gast.expr:
        """Each item, or `initial`, joined with what came before it."""
        given = [self.expressions.atom(a, "part") if i == 0 else self.expressions.consumption.held(a)
                 for i, a in enumerate([*node.args, *([options["func"]] if "func" in options else [])])]
        function = given[1] if len(given) > 1 and not isinstance(given[1], gast.Constant) else None
        whole, total, item = self._empty(s), self.expressions.new("total"), self.expressions.new("item")
        if "initial" in options:
            self.expressions.out.append(assign(total, self.expressions.operation(options["initial"]), s))
            self.expressions.out.append(statement("x.append(v)", s, x=whole, v=total))
        joined = gast.Call(function, [name(total), name(item)], []) if function else expression("a + b", a=total, b=item)
        step: gast.stmt = assign(total, joined, s)
        if "initial" not in options:
            step = located(gast.If(expression("len(x) > 0", x=whole), [step], [assign(total, name(item), s)]), s)
        loop = gast.For(name(item, gast.Store()), given[0], [step, statement("x.append(v)", s, x=whole, v=total)], [], None)
        self.expressions.out += self.expressions.lower_block([located(loop, s)])
        return name(whole)

    def _longest(self, node: gast.Call, fill: gast.expr, s: gast.For) -> Indexed:
        fill = self.expressions.atom(fill, "fill")
        parts = [self.iteration.sequence(a, s) for a in node.args]
        length = parts[0][0] if len(parts) == 1 else gast.Call(name("max"), [p[0] for p in parts], [])

        def element(k: gast.expr) -> gast.expr:
            return gast.Tuple([gast.IfExp(expression("k < n", k=clone(k), n=n), of(k), clone(fill)) for n, of in parts],
                              gast.Load())

        return length, element

    def _pairs(self, node: gast.Call, s: gast.For) -> Indexed:
        length, element = self.iteration.sequence(node.args[0], s)
        return expression("n - 1", n=length), lambda k: gast.Tuple(
            [element(k), element(expression("k + 1", k=clone(k)))], gast.Load())

    def _sliced(self, node: gast.Call, s: gast.For) -> Indexed:
        source = node.args[0]
        if self.expressions.consumption.lazy(source):
            source = self.expressions.consumption.as_list(source)
        items = self.expressions.atom(source, "items")
        bounds = [self.expressions.whole(a) for a in node.args[1:]]
        bounds = [constant(None), *bounds] if len(bounds) == 1 else bounds
        part = gast.Subscript(items, gast.Slice(*bounds, *[None] * (3 - len(bounds))), gast.Load())
        return self.iteration.sequence(located(part, s), s)

    def _picked(self, node: gast.Call, s: gast.For) -> Indexed:
        """Which items are picked carries no derivative."""
        length, element = self.iteration.sequence(node.args[0], s)
        picks, count = self.expressions.new("picks"), self.expressions.whole(node.args[1])
        chosen = gast.Call(self.expressions.reference(iteration.picks), [clone(node.func), length, count], [])
        self.expressions.out.append(assign(picks, located(chosen, s), s))

        def picked(k: gast.expr) -> gast.expr:
            if isinstance(count, gast.Constant):
                chosen = [expression("p[k][j]", p=picks, k=clone(k), j=constant(j)) for j in range(count.value)]
                return gast.Tuple([element(c) for c in chosen], gast.Load())
            j = self.expressions.new("j")
            each = gast.comprehension(name(j, gast.Store()), expression("p[k]", p=picks, k=clone(k)), [], 0)
            return gast.Call(name("tuple"), [gast.ListComp(element(name(j)), [each])], [])

        return expression("len(x)", x=picks), picked
