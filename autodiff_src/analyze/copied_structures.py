"""Copies of containers and objects become the statements that make them.

    m = copy.deepcopy(l)    ->    check_apart(l)
                                  m = []
                                  for k in range(len(l)):
                                      item = l[k]
                                      item2 = copy.deepcopy(item)
                                      m.append(item2)
    a, b = astuple(p)       ->    x = p.x; y = p.y
                                  a, b = copy.deepcopy(x), copy.deepcopy(y)
"""
from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import (
    Array,
    Dict,
    Inert,
    Kind,
    Known,
    List,
    Object,
    Scalar,
    Tuple,
    is_dict,
    is_immutable_number,
)
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import FreshNames
from autodiff_src.runtime.shared_memory import check_apart
from autodiff_src.syntax import assign, clone, constant, expression, is_name, located, name, statement

_FUNCTIONS = (copy.copy, copy.deepcopy, dataclasses.astuple, dataclasses.asdict)
_OWN_WAYS = ("__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__post_init__")


class CopiedStructures:
    """The copies of one function, each written out once."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames):
        self.expressions, self.names, self.outside = expressions, names, outside
        self.done: dict[tuple[int, Kind], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a copy of what is known; None for other statements."""
        call = s.value
        if not (isinstance(s, gast.Assign) and isinstance(call, gast.Call) and len(call.args) == 1 and not call.keywords
                and is_name(call.args[0])):
            return None
        function = self.expressions.function(call.func, env)
        if function not in _FUNCTIONS:
            return None
        kind = self.expressions.kind(call.args[0], env)
        if (id(s), kind) not in self.done:
            new = self._written(function, call.args[0].id, kind, s.targets[0])
            if new is None:
                return None
            self.done[id(s), kind] = [located(t, s) for t in new]
        return self.done[id(s), kind]

    def _written(self, function: Any, x: str, kind: Kind, target: gast.expr) -> list[gast.stmt] | None:
        if isinstance(kind, Array):
            return [assign(target, expression("x.copy()", x=x))]
        if _never_changes(kind):
            return [assign(target, name(x))]
        if isinstance(kind, Object):
            return self._of_object(function, x, kind, target)
        if function is copy.copy or (isinstance(kind, List) or is_dict(kind)) and all(map(_never_changes, _held(kind))):
            maker = list if isinstance(kind, List) else dict if is_dict(kind) else None
            return maker and [assign(target, gast.Call(self._name(maker), [name(x)], []))]
        if function is not copy.deepcopy:
            return None
        if isinstance(kind, List):
            return [self._check(name(x)), *self._of_list(x, target)]
        if isinstance(kind, Tuple) and kind.cls is None and kind.items is not None:
            reads = [gast.Subscript(name(x), constant(i), gast.Load()) for i in range(len(kind.items))]
            return self._of_items(reads, target, lambda items: gast.Tuple(items, gast.Load()), together=True)
        if isinstance(kind, Dict) and kind.items is not None:
            keys = [key for key, _ in kind.items]
            reads = [gast.Subscript(name(x), constant(key), gast.Load()) for key in keys]
            return self._of_items(reads, target, lambda items: gast.Dict(list(map(constant, keys)), items), together=True)
        return None

    def _of_list(self, x: str, target: gast.expr) -> list[gast.stmt]:
        k, item, copied = map(self.names.fresh, ("k", "item", "item"))
        own = isinstance(target, gast.Name) and target.id != x
        new = target.id if own else self.names.fresh("copied")  # type: ignore[attr-defined]
        body = [assign(item, expression("x[k]", x=x, k=k)), self._deep(copied, item), statement("x.append(v)", x=new, v=copied)]
        loop = gast.For(name(k, gast.Store()), expression("range(len(x))", x=x), body, [], None)
        return [assign(new, gast.List([], gast.Load())), loop, *([] if own else [assign(target, name(new))])]

    def _of_items(self, reads: list[gast.expr], target: gast.expr, display: Callable[[list[gast.expr]], gast.expr],
                  deep: bool = True, together: bool = False) -> list[gast.stmt]:
        """`together`: what is in two places of the original would be in two places of the copy."""
        held = [self.names.fresh("item") for _ in reads]
        body: list[gast.stmt] = list(map(assign, held, reads))
        if together:
            body.append(self._check(gast.Tuple(list(map(name, held)), gast.Load())))
        if deep:
            originals, held = held, [self.names.fresh("item") for _ in reads]
            body += map(self._deep, held, originals)
        return [*body, assign(target, display(list(map(name, held))))]

    def _of_object(self, function: Any, x: str, kind: Object, target: gast.expr) -> list[gast.stmt] | None:
        cls = kind.cls
        fields = [f.name for f in dataclasses.fields(cls)] if dataclasses.is_dataclass(cls) else []
        if not fields:
            return None
        self.expressions.attributes.update(fields)
        held = dict(kind.items or ())
        if function in (dataclasses.astuple, dataclasses.asdict) and not all(_is_plain(held.get(f)) for f in fields):
            return None
        reads: list[gast.expr] = [gast.Attribute(name(x), f, gast.Load()) for f in fields]
        if function is dataclasses.astuple:
            return self._of_items(reads, target, lambda items: gast.Tuple(items, gast.Load()))
        if function is dataclasses.asdict:
            return self._of_items(reads, target, lambda items: gast.Dict(list(map(constant, fields)), items))
        own = any(getattr(cls, way, None) is not getattr(object, way, None) for way in _OWN_WAYS)
        if own or not all(f.init for f in dataclasses.fields(cls)):
            return None
        made, deep = self._name(cls), function is copy.deepcopy
        return self._of_items(reads, target, lambda items: gast.Call(made, [], list(map(gast.keyword, fields, items))),
                              deep=deep, together=deep)

    def _check(self, x: gast.expr) -> gast.stmt:
        return gast.Expr(gast.Call(self._name(check_apart), [x], []))

    def _deep(self, target: str, x: str) -> gast.Assign:
        return assign(target, gast.Call(self._name(copy.deepcopy), [name(x)], []))

    def _name(self, function: Any) -> gast.Name:
        return clone(name(self.outside.name_for(function, function.__name__)))


def _held(kind: Kind) -> list[Kind]:
    return [kind.item] if isinstance(kind, List) else kind.held if isinstance(kind, Dict) else []


def _never_changes(kind: Kind) -> bool:
    if isinstance(kind, Tuple):
        return kind.items is not None and all(map(_never_changes, kind.items))
    return is_immutable_number(kind) or isinstance(kind, (Known, Scalar)) or kind == Inert("str")


def _is_plain(kind: Kind | None) -> bool:
    """An array or what never changes: no data class within, of which a tuple or a dict would be made, too."""
    return kind is None or isinstance(kind, Array) or _never_changes(kind)
