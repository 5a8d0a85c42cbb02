"""Derivatives with respect to what a container held when it was passed, of functions that change it.

    def f(l): ...    ->    def f(l, *, l_start):               # differentiated with respect to `l_start`, a copy of `l`
                               for k in range(len(l)):
                                   item = l_start[k]
                                   l[k] = item
                               ...
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import gast

from autodiff_src.analyze.kinds import Array, Dict, Inert, Kind, Known, List, Object, Tuple, is_dict, is_immutable_number
from autodiff_src.differentiate.returned import Wanted
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime.values import start_of
from autodiff_src.syntax import (
    assign,
    clone,
    constant,
    expression,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
)


class ChangedContainer(UnsupportedError):
    """The argument `parameter` is a container that is changed, and is differentiated."""

    def __init__(self, parameter: str, program: Program):
        self.parameter = parameter
        super().__init__(f"the argument {parameter!r} is a container that is changed, and is differentiated",
                         program.place(program.function), f"work on a copy: `list({parameter})`")


class Starts:
    """A program that is to be differentiated, the kinds of its parameters and what is wanted; `names`: by a parameter the one
    that takes its copy."""

    def __init__(self, program: Program, kinds: dict[str, Kind], wanted: Wanted):
        self.program, self.kinds, self.wanted = program, kinds, wanted
        self.names: dict[str, str] = {}
        self.original = program

    def add(self, refusal: ChangedContainer) -> None:
        """Has the derivatives found with respect to a copy of a container; raises `refusal` where that is not known how."""
        p, function = refusal.parameter, clone(self.program.function)
        fresh = FreshNames(names_read(function.body) | names_stored(function.body) | set(parameter_names(function.args)))
        start = fresh.fresh(f"{p}_start")
        if p in self.names or not _is_refilled(self.kinds[p]):
            raise refusal
        body, value = _Refilled(fresh.fresh).of(name(p), name(start), self.kinds[p])
        body += [assign(p, value)] if isinstance(self.kinds[p], Tuple) else []
        function.args.kwonlyargs.append(gast.Name(start, gast.Param(), None, None))
        function.args.kw_defaults.append(None)
        function.body = [*(located(s, function) for s in body), *function.body]
        self.names[p] = start
        self.program = replace(self.program, function=function)
        self.kinds = {**self.kinds, start: self.kinds[p]}
        self.wanted = replace(self.wanted, wrt=tuple(start if w == p else w for w in self.wanted.wrt))

    def entry(self, title: str, inner: str) -> Program:
        """The function of the parameters of the original, which copies the containers and calls `inner`."""
        arguments, space = self.original.function.args, self.original.namespace
        fresh = FreshNames({inner, *space.globals, *space.cells, *parameter_names(arguments)})
        copy = fresh.fresh("start_of")
        keywords = [gast.keyword(a.id, name(a.id)) for a in arguments.kwonlyargs]
        keywords += [gast.keyword(start, gast.Call(name(copy), [name(p)], [])) for p, start in self.names.items()]
        given: list[gast.expr] = [name(a.id) for a in [*arguments.posonlyargs, *arguments.args]]
        if arguments.vararg is not None:
            given.append(gast.Starred(name(arguments.vararg.id), gast.Load()))
        if arguments.kwarg is not None:
            keywords.append(gast.keyword(None, name(arguments.kwarg.id)))
        call = gast.Call(name(inner), given, keywords)
        function = gast.FunctionDef(title, clone(arguments), [gast.Return(call)], [], None, None)
        return replace(self.original, function=located(function, self.original.function),
                       namespace=replace(space, extra={**space.extra, copy: start_of}))


def _is_refilled(kind: Kind) -> bool:
    if isinstance(kind, Object):
        return False
    if isinstance(kind, List):
        return kind.length == 0 or _is_refilled(kind.item)
    if isinstance(kind, Tuple):
        return kind.items is not None and kind.cls is None and all(map(_is_refilled, kind.items))
    if isinstance(kind, Dict):
        return all(map(_is_refilled, kind.held))
    return isinstance(kind, (Array, Known, Inert)) or is_immutable_number(kind)


class _Refilled:
    """Statements that fill a container with the values of its copy: arrays in place, numbers by items."""

    def __init__(self, fresh: Callable[[str], str]):
        self.fresh = fresh

    def of(self, old: gast.expr, start: gast.expr, kind: Kind) -> tuple[list[gast.stmt], gast.expr]:
        """What has to run, and what the value is then."""
        if isinstance(kind, Array) and (kind.dtype is None or kind.dtype.kind in "fc"):
            return [assign(gast.Subscript(clone(old), constant(...), gast.Store()), start)], old
        if isinstance(kind, Tuple):
            body, items = [], []
            for i, item in enumerate(kind.items or ()):
                more, value = self._item(old, start, constant(i), item)
                body += more
                items.append(value)
            return body, gast.Tuple(items, gast.Load())
        if isinstance(kind, List) and kind.length != 0:
            return [self._loop(expression("range(len(x))", x=old), old, start, kind.item)], old
        if is_dict(kind) and kind.items is None:
            return [self._loop(start, old, start, kind.item)], old
        if isinstance(kind, Dict):
            return [s for key, item in kind.items or () for s in self._stored(old, start, constant(key), item)], old
        return [], start if is_immutable_number(kind) else old

    def _item(self, old: gast.expr, start: gast.expr, key: gast.expr, kind: Kind) -> tuple[list[gast.stmt], gast.expr]:
        held, other = self.fresh("item"), self.fresh("item")
        body, value = self.of(name(held), name(other), kind)
        reads = [assign(n, gast.Subscript(clone(x), clone(key), gast.Load())) for n, x in ((held, old), (other, start))]
        return [*reads, *body], value

    def _stored(self, old: gast.expr, start: gast.expr, key: gast.expr, kind: Kind) -> list[gast.stmt]:
        body, value = self._item(old, start, key, kind)
        if isinstance(kind, (List, Known, Inert)) and len(body) == 2:
            return []  # the two reads
        if is_immutable_number(kind) or isinstance(kind, Tuple):
            body.append(assign(gast.Subscript(clone(old), clone(key), gast.Store()), value))
        return body

    def _loop(self, over: gast.expr, old: gast.expr, start: gast.expr, kind: Kind) -> gast.stmt:
        key = self.fresh("key")
        return gast.For(name(key, gast.Store()), clone(over), self._stored(old, start, name(key), kind), [], None)
