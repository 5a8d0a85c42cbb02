"""Which variables may be one container: those that hold it are told apart from it.

    rows.append(row)        `row` is what `rows` holds, not `rows`
    first = rows[0]         `first` may be `row`

Each class of variables has one class of contents, merged with others where a statement may make them one (the analysis of
Steensgaard, Points-to Analysis in Almost Linear Time, 1996).
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

import gast

from autodiff_src.syntax import blocks, captured, is_atom, is_name, names_read, names_stored, parameter_names, walk_statements

OUTSIDE = "<outside>"
_PUTTING = ("append", "insert")


class SameContainers:
    """Of one function. `makes_new`: does a call give a new container of what it is given? `reaches_outside`: does a statement
    name a container outside? `slices`: a variable may be a slice."""

    def __init__(self, makes_new: Callable[[gast.Call], bool], reaches_outside: Callable[[gast.stmt], bool], slices: bool):
        self.makes_new, self.reaches_outside, self.slices = makes_new, reaches_outside, slices
        self.parent: list[int] = []
        self.content: list[int | None] = []
        self.nodes: dict[str, int] = {}
        self.functions: dict[str, list[gast.FunctionDef]] = {}

    def of(self, variable: str) -> int:
        """The class of a variable: two of one class may be one container."""
        return self._find(self._node(variable))

    def rename(self, old: str, new: str) -> None:
        self._merge(self._node(old), self._node(new))

    def collapse(self, variables: Iterable[str]) -> None:
        """Any of these may be, or hold, any other; a function, what it reads from around it, takes and returns."""
        found = set(variables)
        for n in (left := list(found)):
            for f in self.functions.get(n, ()):
                new = {*captured(f), *parameter_names(f.args), _result(f)} - found
                found |= new
                left += new
        nodes = [self._node(n) for n in found]
        for node in nodes:
            self._merge(nodes[0], node)
            self._merge(node, self.inside(node))

    def define(self, function: gast.FunctionDef) -> None:
        """A function may be called from now on; what its body merges is noted with it."""
        self.functions.setdefault(function.name, []).append(function)
        defaults = [d for d in [*function.args.defaults, *function.args.kw_defaults] if d is not None]
        if not all(isinstance(d, gast.Constant) for d in defaults):
            self.collapse([function.name, *names_read(defaults)])
        for s in walk_statements(function.body):
            if isinstance(s, gast.FunctionDef):
                self.define(s)
            elif not blocks(s) and self.reaches_outside(s):
                self.collapse(names_read(s) | names_stored(s) | {OUTSIDE, function.name})
            elif isinstance(s, gast.Return):
                if is_name(s.value):
                    self._merge(self._node(_result(function)), self._node(s.value.id))
            elif not blocks(s) and not self.is_told(s):
                self.collapse(names_read(s) | names_stored(s))

    # -- statements of which it is known what they do ------------------------------------------------------------------

    def is_told(self, s: Any) -> bool:
        """Merges what a statement, those in it aside, makes one, if it is one of these; no variable in it stands outside."""
        if isinstance(s, (gast.Return, gast.Assert, gast.Raise)):
            return True
        if isinstance(s, gast.Expr):
            return isinstance(s.value, gast.Constant) or self._is_put(s.value)
        if isinstance(s, gast.AugAssign) and is_atom(s.value):
            place = self._place(s.target)
            if place is not None and is_name(s.value):
                self._merge(self.inside(place), self.inside(self._node(s.value.id)))
            return place is not None
        if not isinstance(s, gast.Assign):
            return False
        target, value = s.targets[0], s.value
        if isinstance(target, gast.Subscript) and is_atom(value):
            holder = self._place(target.value)
            return holder is not None and self._is_item(holder, target.slice, value)
        return is_name(target) and self._is_bound(self._node(target.id), value)

    def _is_bound(self, x: int, value: Any) -> bool:
        if isinstance(value, gast.Constant):
            return True
        if is_name(value):
            self._merge(x, self._node(value.id))
        elif isinstance(value, (gast.List, gast.Tuple)) and all(map(is_atom, value.elts)):
            self._hold(x, value.elts)
        elif isinstance(value, gast.Dict) and all(map(is_atom, value.values)):
            self._hold(x, value.values)
        elif isinstance(value, gast.Subscript):
            holder = self._place(value.value)
            return holder is not None and self._is_item(holder, value.slice, x)
        elif isinstance(value, gast.Call) and is_name(value.func) and value.func.id in self.functions:
            return self._is_called(x, value)
        elif _is_method(value, ("pop",)):  # of a dict perhaps, which may give its second argument
            inside = self.inside(self._node(value.func.value.id))
            for item in [x, *(self._node(a.id) for a in value.args[1:] if is_name(a))]:
                self._merge(inside, item)
        elif isinstance(value, gast.Call) and self.makes_new(value) and all(
                map(is_atom, [*value.args, *(k.value for k in value.keywords)])):
            self._hold(x, [k.value for k in value.keywords])
            receiver = [value.func.value] if isinstance(value.func, gast.Attribute) and value.func.attr == "copy" else []
            for a in [*value.args, *receiver]:
                if is_name(a):
                    self._merge(self.inside(x), self.inside(self._node(a.id)))
        else:
            return False
        return True

    def _is_called(self, x: int, call: gast.Call) -> bool:
        definitions = self.functions[call.func.id]  # type: ignore[attr-defined]
        plain = all(map(is_atom, call.args)) and not call.keywords
        if not plain or any(len(parameter_names(f.args)) != len(call.args) for f in definitions):
            return False
        for f in definitions:
            self._merge(x, self._node(_result(f)))
            for a, p in zip(call.args, parameter_names(f.args), strict=True):
                if is_name(a):
                    self._merge(self._node(a.id), self._node(p))  # type: ignore[attr-defined]
        return True

    def _place(self, target: Any) -> int | None:
        """What stands at `x`, `x[i]`, `x[i][j]`; None for others."""
        if is_name(target):
            return self._node(target.id)
        if not isinstance(target, gast.Subscript) or is_name(target.slice) and self.slices:
            return None
        holder = self._place(target.value)
        return holder if holder is None or isinstance(target.slice, gast.Slice) else self.inside(holder)

    def _is_put(self, call: Any) -> bool:
        """`items.append(v)`"""
        told = _is_method(call, _PUTTING)
        if told:
            self._hold(self._node(call.func.value.id), call.args[-1:])
        return told

    def _is_item(self, base: int, index: gast.expr, item: int | gast.expr) -> bool:
        """Is `item` what stands at an index, or a part of a list? An index that may be a slice says neither."""
        if is_name(index) and self.slices:
            return False
        if not isinstance(item, int):
            if not is_name(item):
                return True
            item = self._node(item.id)  # type: ignore[attr-defined]
        self._merge(self.inside(base), self.inside(item) if isinstance(index, gast.Slice) else item)
        return True

    def _hold(self, holder: int, items: Iterable[gast.expr]) -> None:
        for item in items:
            if is_name(item):
                self._merge(self.inside(holder), self._node(item.id))  # type: ignore[attr-defined]

    # -- classes -------------------------------------------------------------------------------------------------------

    def _new(self) -> int:
        self.parent.append(len(self.parent))
        self.content.append(None)
        return len(self.parent) - 1

    def _node(self, variable: str) -> int:
        if variable not in self.nodes:
            self.nodes[variable] = self._new()
        return self.nodes[variable]

    def _find(self, node: int) -> int:
        while self.parent[node] != node:
            self.parent[node] = node = self.parent[self.parent[node]]
        return node

    def inside(self, node: int) -> int:
        """The class of what a class holds."""
        node = self._find(node)
        if self.content[node] is None:
            self.content[node] = self._new()
        return self._find(self.content[node])  # type: ignore[arg-type]

    def _merge(self, a: int, b: int) -> None:
        left = [(a, b)]
        while left:
            a, b = map(self._find, left.pop())
            if a == b:
                continue
            one, other = self.content[a], self.content[b]
            self.parent[b] = a
            if one is None:
                self.content[a] = other
            elif other is not None:
                left.append((one, other))


def _is_method(call: Any, names: Collection[str]) -> bool:
    """Is one of these methods of a variable called with atoms?"""
    return isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute) and is_name(call.func.value) and (
        call.func.attr in names and all(map(is_atom, call.args)) and not call.keywords)


def _result(function: gast.FunctionDef) -> str:
    """A name for what a function returns."""
    return f"{function.name}()"
