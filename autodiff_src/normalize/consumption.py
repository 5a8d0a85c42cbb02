"""Iterables that a call consumes at once become lists, or loops.

    sum(v * v for v in a)       ->      sum([v * v for v in a])
    any(v > 1.0 for v in a)     ->      found = False
                                        for v in a:
                                            if v > 1.0:
                                                found = True
                                                break
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.normalize.iterators import ITERATORS
from autodiff_src.program import MISSING
from autodiff_src.runtime import adjoints, iteration
from autodiff_src.syntax import assign, constant, expression, located, name, names_stored

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions

_LAZY = (zip, enumerate, map, filter, reversed, itertools.product, *ITERATORS)
_VIEWS = ("items", "keys", "values")
_CONSUMERS = (sum, min, max, sorted, tuple, set, frozenset, math.prod, math.fsum)


class Consumption:
    """Rewrites the calls of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions

    def call(self, node: gast.Call, function: Any) -> gast.expr | None:
        """What stands for a call that consumes an iterable; None for other calls."""
        if isinstance(node.func, gast.Attribute) and node.func.attr == "join" and len(node.args) == 1 and (
                isinstance(node.args[0], gast.GeneratorExp)):
            return gast.Call(node.func, [self.as_list(node.args[0])], [])
        if function is functools.reduce:
            return self._reduced(node)
        if function is functools.partial:
            return self._partial(node)
        if function is dict:
            return self._dict(node)
        if isinstance(node.func, gast.Attribute) and node.func.attr == "fromkeys" and (
                self.expressions.static(node.func.value) is dict):
            return self._from_keys(node, *node.args)
        if function is divmod and len(node.args) == 2 and not node.keywords:
            x, y = [self.expressions.atom(a) for a in node.args]
            return located(expression("(x // y, x % y)", x=x, y=y), node)
        options = {k.arg: k.value for k in node.keywords}
        if function in (min, max, sorted) and not options.keys().isdisjoint(("key", "default")) and node.args:
            return self._ordered(node, function, options)
        if function is np.fromiter and isinstance(node.func, gast.Attribute) and not node.keywords:
            return gast.Call(gast.Attribute(node.func.value, "array", gast.Load()), [
                self.as_list(node.args[0]) if self.lazy(node.args[0]) else node.args[0], *node.args[1:]], [])
        if not node.args or not self.lazy(node.args[0]):
            return None
        keys = self._keys(node.args[0])
        if function is list:
            return keys or self.as_list(node.args[0])
        if function in (any, all):
            return self._searched(node, function is any)
        if function is next and len(node.args) == 2:
            return self._first(node)
        if function in _CONSUMERS:
            return gast.Call(node.func, [keys or self.as_list(node.args[0]), *node.args[1:]], node.keywords)
        return None

    def _keys(self, node: gast.expr) -> gast.expr | None:
        """A list of the keys for `d.keys()`."""
        if not isinstance(node, gast.Call) or not isinstance(node.func, gast.Attribute) or node.func.attr != "keys":
            return None
        return located(gast.Call(self.expressions.reference(iteration.keys), [node.func.value], []), node)

    def lazy(self, node: gast.expr) -> bool:
        """Does the expression give an iterator, or a view of a dict?"""
        if isinstance(node, gast.Call):
            view = isinstance(node.func, gast.Attribute) and node.func.attr in _VIEWS and not node.args
            return view or self.expressions.static(node.func) in _LAZY
        return isinstance(node, gast.GeneratorExp)

    def as_list(self, node: gast.expr) -> gast.expr:
        if isinstance(node, gast.GeneratorExp):
            return located(gast.ListComp(node.elt, node.generators), node)
        item = self.expressions.new("item")
        generator = gast.comprehension(name(item, gast.Store()), node, [], 0)
        return located(gast.ListComp(name(item), [generator]), node)

    def _generator(self, node: gast.expr) -> gast.GeneratorExp:
        whole = self.as_list(node)
        return gast.GeneratorExp(whole.elt, whole.generators)  # type: ignore[attr-defined]

    def _dict(self, node: gast.Call) -> gast.expr | None:
        if len(node.args) > 1:
            return None
        if node.keywords or not node.args:
            first = [gast.Call(node.func, node.args, [])] if node.args else []
            keys = [None if k.arg is None else constant(k.arg) for k in node.keywords]
            return gast.Dict([*(None for _ in first), *keys], [*first, *(k.value for k in node.keywords)])
        if not self.lazy(node.args[0]):
            return None
        source = self._generator(node.args[0])
        if isinstance(source.elt, gast.Tuple) and len(source.elt.elts) == 2:
            return gast.DictComp(*source.elt.elts, source.generators)
        key, value = self.expressions.new("key"), self.expressions.new("value")
        pair = gast.Tuple([name(key, gast.Store()), name(value, gast.Store())], gast.Store())
        return gast.DictComp(name(key), name(value), [gast.comprehension(pair, node.args[0], [], 0)])

    def _from_keys(self, node: gast.Call, keys: gast.expr, value: gast.expr | None = None) -> gast.expr:
        """`dict.fromkeys(keys, value)`: all items are one object."""
        item = self.now("value", value or constant(None))
        key = self.expressions.new("key")
        loop = gast.comprehension(name(key, gast.Store()), keys, [], 0)
        return located(gast.DictComp(name(key), item, [loop]), node)

    def _ordered(self, node: gast.Call, function: Any, options: dict[str | None, gast.expr]) -> gast.expr:
        """`min`, `max` and `sorted` with a key, or with what is given for no items."""
        given: gast.expr = gast.List(node.args, gast.Load())
        if len(node.args) == 1:
            given = self.as_list(node.args[0])
        items = self.expressions.atom(given, "items")
        key = options.get("key")
        chosen: gast.expr = gast.Call(node.func, [items], [])
        if key is not None and not (isinstance(key, gast.Constant) and key.value is None):
            item = self.expressions.new("item")
            each = gast.Call(self.held(key), [name(item)], [])
            of_items = gast.ListComp(each, [gast.comprehension(name(item, gast.Store()), items, [], 0)])
            keys = self.expressions.atom(located(of_items, node), "keys")
            if function is sorted:
                reverse = options.get("reverse", constant(False))
                order = gast.Call(self.expressions.reference(adjoints.order), [keys, reverse], [])
                picked = gast.Subscript(items, name(item), gast.Load())
                return located(gast.ListComp(picked, [gast.comprehension(name(item, gast.Store()), order, [], 0)]), node)
            position = adjoints.largest if function is max else adjoints.smallest
            chosen = gast.Subscript(items, gast.Call(self.expressions.reference(position), [keys], []), gast.Load())
        if "default" not in options:
            return located(chosen, node)
        default = self.expressions.atom(options["default"])
        return located(gast.IfExp(expression("len(x) > 0", x=items), chosen, default), node)

    def _searched(self, node: gast.Call, wanted: bool) -> gast.expr:
        """`any` and `all` stop at the first item that decides."""
        source = self._generator(node.args[0])
        test = source.elt if wanted else gast.UnaryOp(gast.Not(), source.elt)
        return self._stopped(node, source, "found" if wanted else "holds", constant(not wanted),
                             lambda found: [gast.If(test, [assign(found, constant(wanted)), gast.Break()], [])])

    def _first(self, node: gast.Call) -> gast.expr:
        source = self._generator(node.args[0])
        return self._stopped(node, source, "first", node.args[1],
                             lambda found: [assign(found, source.elt), gast.Break()])

    def _stopped(self, node: gast.Call, source: gast.GeneratorExp, word: str, start: gast.expr,
                 body: Callable[[str], list[gast.stmt]]) -> gast.expr:
        """A loop that leaves its result in a variable and may be left early."""
        if len(source.generators) > 1:
            raise UnsupportedError("a search in several nested loops is not differentiated",
                                   self.expressions.program.place(node), "write the loops out")
        found = self.expressions.new(word)
        self.expressions.out.append(assign(found, self.expressions.operation(start), node))
        self.expressions.out += self.expressions.lower_block(self.expressions.comprehensions.loops(source, node, body(found)))
        return name(found)

    def _reduced(self, node: gast.Call) -> gast.expr | None:
        """`reduce(f, items, start)` as a loop."""
        if len(node.args) not in (2, 3) or node.keywords:
            return None
        function = self.held(node.args[0])
        items = node.args[1] if len(node.args) == 3 else self.expressions.atom(node.args[1], "items")
        total, item = self.expressions.new("reduced"), self.expressions.new("item")
        start = node.args[2] if len(node.args) == 3 else expression("x[0]", x=items)
        rest = items if len(node.args) == 3 else expression("x[1:]", x=items)
        self.expressions.out.append(assign(total, self.expressions.operation(start), node))
        step = assign(total, gast.Call(function, [name(total), name(item)], []), node)
        loop = located(gast.For(name(item, gast.Store()), rest, [step], [], None), node)
        self.expressions.out += self.expressions.lower_block([loop])
        return name(total)

    def _partial(self, node: gast.Call) -> gast.expr | None:
        """`partial(f, x, k=v)` as `lambda *rest, **options: f(x, *rest, **{"k": v, **options})`."""
        if not node.args or any(isinstance(a, gast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
            return None
        rest, options = self.expressions.new("rest"), self.expressions.new("options")
        outside = self.expressions.static(node.args[0]) is not MISSING
        function = node.args[0] if outside else self.now("function", node.args[0])
        held = [self.now("argument", a) for a in node.args[1:]]
        given = {k.arg: self.now("argument", k.value) for k in node.keywords}
        both: gast.expr = name(options)
        if given:
            both = gast.Dict([*map(constant, given), None], [*given.values(), name(options)])
        called = gast.Call(function, [*held, gast.Starred(name(rest), gast.Load())], [gast.keyword(None, both)])
        parameters = gast.arguments([], [], name(rest, gast.Param()), [], [], name(options, gast.Param()), [])
        return located(gast.Lambda(parameters, called), node)

    def now(self, wanted: str, value: gast.expr) -> gast.expr:
        """What the expression is now, by a name that stays bound to it."""
        stays = isinstance(value, gast.Name) and self.expressions.static(value) is MISSING and (
            value.id not in names_stored(self.expressions.program.function.body))
        if isinstance(value, gast.Constant) or stays:
            return value
        held = self.expressions.new(wanted)
        self.expressions.out.append(assign(held, self.expressions.operation(value), value))
        return name(held)

    def held(self, function: gast.expr) -> gast.expr:
        """A function that is evaluated once and called in a loop."""
        return function if isinstance(function, (gast.Name, gast.Attribute)) else self.expressions.atom(function)
