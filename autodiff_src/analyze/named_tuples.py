"""Named tuples: made of a tuple, and read by position.

    p = Point(x, y=2.0)     ->      items = (x, 2.0)
                                    p = named(Point, items)
    v = p.y                         v = p[1]
    q = p._replace(y=v)             x2 = p[0]
                                    items2 = (x2, v)
                                    q = named(Point, items2)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Kind, Tuple
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import ArgumentError, UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime.objects import is_named_tuple, named
from autodiff_src.syntax import assign, clone, constant, is_name, located, name

MAKE = named
Unstarred = Callable[[gast.Call, Env], tuple[gast.Call, list[gast.stmt]]]


class NamedTuples:
    """The statements of one function, each written out once for a class. `unstarred` writes out stars in calls."""

    def __init__(self, program: Program, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames,
                 unstarred: Unstarred):
        self.program, self.expressions, self.names, self.outside = program, expressions, names, outside
        self.unstarred = unstarred
        self.done: dict[tuple[int, type], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a statement that makes a named tuple or reads one by a name; None for others."""
        value = s.value
        if not isinstance(s, gast.Assign) or not isinstance(value, (gast.Attribute, gast.Call)):
            return None
        cls, write = self._attribute(value, env) if isinstance(value, gast.Attribute) else self._call(value, env)
        if cls is None:
            return None
        if (id(s), cls) not in self.done:
            self.done[id(s), cls] = [located(t, s) for t in write(cls, s, value, env)]
        return self.done[id(s), cls]

    def _class(self, node: gast.expr, env: Env) -> Any:
        kind: Kind | None = self.expressions.kind(node, env) if is_name(node) else None
        return kind.cls if isinstance(kind, Tuple) else None

    def _attribute(self, node: gast.Attribute, env: Env) -> tuple[Any, Any]:
        cls = self._class(node.value, env)
        return (cls, self._item) if cls is not None and node.attr in (*cls._fields, "_fields") else (None, None)

    def _call(self, call: gast.Call, env: Env) -> tuple[type | None, Any]:
        function = self.expressions.function(call.func, env)
        if isinstance(function, type) and is_named_tuple(function):
            return function, self._made
        if not isinstance(call.func, gast.Attribute):
            return None, None
        write = {"_replace": self._replaced, "_asdict": self._as_dict}.get(call.func.attr)
        return (self._class(call.func.value, env), write) if write else (None, None)

    def _item(self, cls: Any, s: gast.Assign, node: gast.Attribute, env: Env) -> list[gast.stmt]:
        if node.attr == "_fields":
            return [assign(s.targets[0], gast.Tuple([constant(f) for f in cls._fields], gast.Load()))]
        return [assign(s.targets[0], _read(node.value, cls._fields.index(node.attr)))]

    def _made(self, cls: Any, s: gast.Assign, call: gast.Call, env: Env) -> list[gast.stmt]:
        call, before = self.unstarred(call, env)
        given = dict(zip(cls._fields, call.args))
        repeated = {k.arg for k in call.keywords} & set(given)
        given |= {k.arg: k.value for k in call.keywords}
        if repeated or len(call.args) > len(cls._fields) or not given.keys() <= set(cls._fields):
            raise ArgumentError(f"{cls.__name__}() does not take these arguments", self.program.place(s), "see its fields")
        for field in cls._fields:
            if field not in given:
                given[field] = self._default(cls, field, s)
        return [*before, *self._of([given[f] for f in cls._fields], cls, s)]

    def _default(self, cls: Any, field: str, s: gast.Assign) -> gast.expr:
        if field not in cls._field_defaults:
            raise ArgumentError(f"{cls.__name__}() misses the argument {field!r}", self.program.place(s), "pass it")
        value = cls._field_defaults[field]
        if value is not None and type(value) not in (bool, int, float, str):
            raise UnsupportedError(f"the default of {field!r} is not a literal", self.program.place(s), f"pass {field!r}")
        return constant(value)

    def _replaced(self, cls: Any, s: gast.Assign, call: Any, env: Env) -> list[gast.stmt]:
        new = {k.arg: k.value for k in call.keywords}
        if not new.keys() <= set(cls._fields):
            raise ArgumentError(f"{cls.__name__} has no field {min(new.keys() - set(cls._fields), key=str)!r}",
                                self.program.place(s), "see its fields")
        before, old = self._items(cls, call.func.value)
        return [*before, *self._of([new.get(f, old[f]) for f in cls._fields], cls, s)]

    def _as_dict(self, cls: Any, s: gast.Assign, call: Any, env: Env) -> list[gast.stmt]:
        before, items = self._items(cls, call.func.value)
        return [*before, assign(s.targets[0], gast.Dict([constant(f) for f in items], list(items.values())))]

    def _items(self, cls: Any, of: gast.expr) -> tuple[list[gast.stmt], dict[str, gast.expr]]:
        held = {f: self.names.fresh(f) for f in cls._fields}
        return ([assign(n, _read(of, i)) for i, n in enumerate(held.values())], {f: name(n) for f, n in held.items()})

    def _of(self, items: list[gast.expr], cls: type, s: gast.Assign) -> list[gast.stmt]:
        held = self.names.fresh("items")
        return [assign(held, gast.Tuple([clone(i) for i in items], gast.Load())), self._named(held, cls, s)]

    def _named(self, items: str, cls: type, s: gast.Assign) -> gast.Assign:
        make = name(self.outside.name_for(MAKE, "named"))
        return assign(s.targets[0], gast.Call(make, [name(self.outside.name_for(cls, cls.__name__)), name(items)], []))


def _read(of: gast.expr, position: int) -> gast.Subscript:
    return gast.Subscript(clone(of), constant(position), gast.Load())
