"""Shadows: adjoint arrays that the forward pass makes next to their primals and that share memory the way these do.

    b = a * 2.0                        b = a * 2.0
                                       d_b = np.zeros_like(b)
    c = b if n > 0 else a.copy()  ->   c = b                    (in the branch)
                                       d_c = d_b
    c[0] = x                           c[0] = x

Where it is told only at run time which variables share memory, each of them has a shadow. The backward pass adds into
shadows and never binds them anew; what a name's shadow was at a statement is kept like any other value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.activity import Activity
from autodiff_src.analyze.calls import Info, ListMethod, Primitive
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Kind,
    List,
    Object,
    is_dict,
    is_immutable_number,
)
from autodiff_src.analyze.mutability import holds_numbers, number_items
from autodiff_src.analyze.operands import Operands
from autodiff_src.analyze.sharing import Memory, Sharing
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.restructured import restructured
from autodiff_src.differentiate.scope import Scope
from autodiff_src.differentiate.shadow_values import containers_in, displayed, number_items_at, zeros
from autodiff_src.differentiate.shadowed import Shadowed
from autodiff_src.differentiate.shadowed_names import Names, may_share, shadowed_names
from autodiff_src.refusals import Stopped
from autodiff_src.runtime import shadows as runtime
from autodiff_src.syntax import (
    COMPOUND,
    assign,
    base_name,
    constant,
    expression,
    is_name,
    name,
    names_read,
    statement,
    substitute,
    target_names,
    walk_statements,
    with_base,
    with_blocks,
)

_VIEWS = frozenset(map(id, [
    np.transpose, np.squeeze, np.expand_dims, np.swapaxes, np.moveaxis, np.rollaxis, np.flip, np.fliplr, np.flipud,
    np.rot90, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.asarray, np.asanyarray, np.ndarray.conj,
    np.ndarray.transpose, np.ndarray.squeeze, np.ndarray.swapaxes]))
# These give the array itself, if no dtype asks for another one.
_AS_IT_IS = frozenset((id(np.asarray), id(np.asanyarray)))
_VIEWS_OR_COPIES = frozenset(map(id, [np.reshape, np.ravel, np.ndarray.reshape, np.ndarray.ravel]))


def with_shadows(
    p: Prepared, activity_with: Callable[[Names], Activity], scope: Scope, with_roots: bool, shown: Names
) -> Shadowed:
    """The function with shadows for what shares memory in a way not told beforehand, if anything does.

    `activity_with` and `shown` are those of `shadowed_names`. Raises Stopped where a shadow cannot be made.
    """
    if not p.clashing:
        return Shadowed(p)
    p, names = shadowed_names(p, activity_with, shown)
    shadows = _Shadows(p, names, scope, with_roots)
    try:
        return shadows.run() if names else Shadowed(p)
    except Stopped as stopped:
        raise Stopped(shadows.done.written_as(stopped.statement), stopped.error) from None


def _is_chain(e: gast.expr) -> bool:
    """Is it a name, an item of it, an item of that ...?"""
    return is_name(e) or isinstance(e, gast.Subscript) and _is_chain(e.value)


def _makes_empty(info: Info | None) -> bool:
    """Is it `dict()` or `defaultdict(f)`?"""
    if not isinstance(info, Primitive) or info.keywords:
        return False
    return info.rule.primitive is dict and not info.arguments or (
        info.rule.primitive is defaultdict and len(info.arguments) < 2)


class _Shadows:
    """Writes the body with shadows."""

    def __init__(self, p: Prepared, names: Names, scope: Scope, with_roots: bool):
        self.p, self.names, self.scope = p, names, scope
        self.kinds, self.calls = dict(p.kinds), dict(p.calls)
        self.memory = Memory(self.kinds, self.calls, outside=p.memory.outside)
        self.done = Shadowed(p, names, roots=scope.fresh("_shadows") if with_roots else None)
        self.restructured = restructured(p)

    def run(self) -> Shadowed:
        body = [*self._at_entry(), *self._block(self.p.body)]
        sharing = Sharing(self.memory)
        sharing.run(body, self.memory.outside)
        self.done.prepared = replace(self.p, body=body, kinds=self.kinds, calls=self.calls, sharing=sharing,
                                     memory=self.memory, clashing=[])
        return self.done

    def _d(self, variable: str) -> gast.Name:
        adjoint = self.scope.adjoint(variable)
        self.kinds[adjoint] = self.kinds.get(variable, UNKNOWN)
        self.done.adjoints.add(adjoint)
        return name(adjoint)

    def _at_entry(self) -> list[gast.stmt]:
        """Shadows of parameters and of what comes from outside."""
        bound = {n for s in walk_statements(self.p.body) for n in target_names(s)}
        new: list[gast.stmt] = [] if self.done.roots is None else [assign(self.done.roots, gast.List([], gast.Load()))]
        for n in sorted(self.names - (bound - set(self.p.parameters))):
            d_n = self._d(n).id
            first = self.scope.fresh(f"{d_n}_in") if n in bound else d_n
            self.kinds[first] = self.kinds[d_n]
            self.done.adjoints.add(first)
            if n in self.p.parameters:
                self.done.entry[n] = first
            new += self._made(first, n, None)
            if first != d_n:
                new.append(assign(d_n, name(first)))
        return new

    def _made(self, shadow: str, variable: str, at: gast.stmt | None) -> list[gast.stmt]:
        """A new shadow for memory that nobody shared before."""
        kind = self.kinds.get(variable, UNKNOWN)
        value = zeros(variable, kind, at or self.p.body[0], self.scope, self._shadow_in_display)
        if is_dict(kind) and _makes_empty(self.calls.get(id(at))):
            value = gast.Dict([], [])
        return [assign(shadow, value, at), *self._noted(shadow, kind, at)]

    def _noted(self, shadow: str, kind: Kind, at: gast.stmt | None) -> list[gast.stmt]:
        """A new shadow goes into the list of all, if that is wanted."""
        if self.done.roots is None:
            return []
        alone = isinstance(kind, Array) or holds_numbers(kind)
        parts = self.scope.reference(runtime.parts, "parts")
        item: gast.expr = name(shadow) if alone else gast.Call(parts, [name(shadow)], [])
        noted = statement("r.append(d)" if alone else "r.extend(d)", at, r=self.done.roots, d=item)
        self.calls[id(noted)] = ListMethod("append" if alone else "extend", item)
        return [noted]

    def _shadow_in_display(self, e: gast.expr) -> gast.expr:
        return self._d(e.id) if is_name(e) and e.id in self.names else constant(None)  # type: ignore[attr-defined]

    def _block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for s in block:
            if isinstance(s, COMPOUND):
                new.append(with_blocks(s, self._block))
            else:
                new += self._statement(s)
        return new

    def _statement(self, s: gast.stmt) -> list[gast.stmt]:
        if isinstance(s, gast.Expr):
            return self._appended(s)
        if not isinstance(s, gast.Assign):
            return [s]
        target, info = s.targets[0], self.calls.get(id(s))
        if isinstance(info, ListMethod):
            receiver = s.value.func.value  # type: ignore[attr-defined]
            kind = self.kinds.get(getattr(receiver, "id", ""), UNKNOWN)
            if is_name(receiver) and receiver.id in self.names and True in number_items(kind):
                if is_dict(kind) and number_items_at(kind, s.value.args[0]) == {True}:  # type: ignore[attr-defined]
                    return [s]  # the shadow keeps the key
                return self._lengthened(s, receiver.id, info)
        if isinstance(target, gast.Subscript):
            return self._stored(s, target)
        if isinstance(target, gast.Attribute):
            return self._kept_by_object(s, target)
        if isinstance(target, gast.Tuple):
            return self._several(s, target)
        return self._defined(s, target.id) if target.id in self.names else [s]

    def _kept_by_object(self, s: gast.Assign, target: gast.Attribute) -> list[gast.stmt]:
        base = base_name(target)
        if base in self.names:
            return self._stored(s, gast.Subscript(target.value, constant(target.attr), gast.Store()))
        if names_read(s.value) & self.names:
            raise may_share(self.p, s, names_read(s) & self.names)
        return [s]

    def _mirror(self, s: gast.stmt, also: gast.stmt) -> list[gast.stmt]:
        self.done.mirrored[id(s)] = []
        return [s, also]

    def _defined(self, s: gast.Assign, target: str) -> list[gast.stmt]:
        value = self._moved(s, s.value)
        if value is not None:
            also = assign(self._d(target).id, value, s)
            if isinstance(info := self.calls.get(id(s)), ListMethod):
                self.calls[id(also)] = info
            return [*self._mirror(s, also), *self._checked(s, target)]
        if target in self.restructured and self._hands_on(s):
            return self._regrouped(s, target)
        if target in names_read(s.value):  # the old value's shadow is written as well as the new one's read
            first, second = self._in_two_steps(s, target, "new")
            return [*self._defined(first, first.targets[0].id), *self._defined(second, target)]
        made = self._made(self._d(target).id, target, s)
        self.done.text_of[id(made[0])] = s
        return [s, *made]

    def _hands_on(self, s: gast.Assign) -> bool:
        """Does the backward text hand a derivative on to what is in a new container? That of a display has to do with numbers
        only: the shadows of what else is in it are in the container's shadow."""
        shown = isinstance(s.value, (gast.List, gast.Tuple, gast.Dict)) or _makes_empty(self.calls.get(id(s)))
        return not shown and bool(Operands(self.kinds, self.calls).of(s))

    def _regrouped(self, s: gast.Assign, target: str) -> list[gast.stmt]:
        """A new container of memory whose items change: the backward text of what makes it wants the shadow with those that
        it has at first, so what follows gets the shadows of the items in another container."""
        kind = self.kinds.get(target, UNKNOWN)
        if any(len(number_items(k)) > 1 for k in containers_in(kind)):
            raise may_share(self.p, s, {target})
        first, second = self._in_two_steps(s, target, "made")
        made = first.targets[0].id
        regroup = self.scope.reference(runtime.regrouped, "regrouped")
        inner = {holds_numbers(k) for k in containers_in(kind)}
        empty = [] if inner <= {False} else [constant(inner == {True} or None)]
        also = assign(self._d(target).id, gast.Call(regroup, [self._d(made), *empty], []), s)
        new = [*self._defined(first, made), *self._mirror(second, also)]
        if True in number_items(kind):
            add_numbers = self.scope.reference(runtime.add_numbers, "add_numbers")
            self.done.mirrored[id(also)] = [statement("f(d, e)", s, f=add_numbers, d=self._d(made), e=self._d(target))]
            new += self._noted(self._d(target).id, kind, s)
        return new

    def _in_two_steps(self, s: gast.Assign, target: str, ending: str) -> tuple[Any, Any]:
        """`part = value; target = part`"""
        part = self.scope.fresh(f"{target}_{ending}")
        self.kinds[part] = self.kinds[target]
        first, second = assign(part, s.value, s), assign(target, name(part), s)
        if id(s) in self.calls:
            self.calls[id(first)] = self.calls[id(s)]
        self.done.stands_for |= {id(first): self.done.written_as(s), id(second): self.done.written_as(s)}
        self.names |= {part}
        self.done.names = self.names
        return first, second

    def _moved(self, s: gast.stmt, value: gast.expr) -> gast.expr | None:
        """The shadow of a value that is old memory; None for new memory."""
        sources = self.p.memory.sources(s)  # type: ignore[arg-type]
        shared = [n for n in sources if n in self.names]
        if isinstance(value, (gast.List, gast.Tuple, gast.Dict)):
            return self._moved_display(s, value)
        if not shared:
            return None
        if isinstance(value, gast.Name):
            return self._d(value.id)
        if isinstance(value, gast.Subscript) and _is_chain(value):
            return with_base(value, self._d(base_name(value)))  # type: ignore[arg-type]
        if isinstance(value, gast.Attribute) and is_name(value.value) and isinstance(self.kinds.get(value.value.id), Object):
            return gast.Subscript(self._d(value.value.id), constant(value.attr), gast.Load())
        if isinstance(value, gast.Attribute) and value.attr == "T" and is_name(value.value):
            return expression("d.T", d=self._d(value.value.id))
        if isinstance(value, gast.BinOp) and set(shared) == names_read(value) & self.p.kinds.keys() - self._numbers(value):
            return substitute(value, {n: self._d(n) for n in shared})
        info = self.calls.get(id(s))
        copies = isinstance(info, Primitive) and info.rule.primitive in (list, tuple, dict)
        if copies and shared == [info.arguments[0].id] and True not in number_items(self.kinds.get(shared[0], UNKNOWN)):  # type: ignore
            return substitute(value, {shared[0]: self._d(shared[0])})
        if isinstance(info, Primitive) and id(info.rule.primitive) in _VIEWS | _VIEWS_OR_COPIES:
            first, *others = info.arguments
            plain = id(info.rule.primitive) not in _AS_IT_IS or not (others or info.keywords)
            if plain and is_name(first) and shared == [first.id] and isinstance(self.kinds.get(first.id), Array):  # type: ignore[attr-defined]
                return substitute(value, {first.id: self._d(first.id)})  # type: ignore[attr-defined]
        if isinstance(info, ListMethod) and info.method == "pop":
            return substitute(value, {n: self._d(n) for n in shared})
        raise may_share(self.p, s, {*target_names(s), *shared})

    def _numbers(self, value: gast.expr) -> set[str]:
        return {n for n in names_read(value) if is_immutable_number(self.kinds.get(n, UNKNOWN))}

    def _checked(self, s: gast.Assign, target: str) -> list[gast.stmt]:
        """`reshape` may copy where its shadow's does not: the text looks."""
        info = self.calls.get(id(s))
        if not isinstance(info, Primitive) or id(info.rule.primitive) not in _VIEWS_OR_COPIES:
            return []
        base = info.arguments[0].id  # type: ignore[attr-defined]
        check = self.scope.reference(runtime.check_sharing, "check_sharing")
        where = constant(f"line {self.p.program.place(s).line}")
        return [statement("check(v, w, d_v, d_w, where)", s, check=check, v=target, w=base, d_v=self._d(target),
                          d_w=self._d(base), where=where)]

    def _moved_display(self, s: gast.stmt, value: gast.List | gast.Tuple | gast.Dict) -> gast.expr | None:
        """The shadow of a display of memory; None where there are numbers in it."""
        kind = self.kinds.get(s.targets[0].id, UNKNOWN) if isinstance(s, gast.Assign) else UNKNOWN  # type: ignore[attr-defined]
        if True in number_items(kind):
            return None
        items = value.values if isinstance(value, gast.Dict) else value.elts
        if not all(isinstance(e, gast.Constant) or is_name(e) for e in items):
            raise may_share(self.p, s, set(target_names(s)))
        return displayed(kind, value, self._shadow_in_display)

    def _stored(self, s: gast.Assign, target: gast.Subscript) -> list[gast.stmt]:
        base = base_name(target) or ""
        kind = self.kinds.get(base, UNKNOWN)
        if base not in self.names or isinstance(kind, Array) or number_items_at(kind, target.slice) <= {True}:
            if base in self.names and is_dict(kind) and kind.items is None and is_name(target.value):  # perhaps a new key
                return [s, assign(with_base(target, self._d(base)), constant(0.0), s)]
            return [s]
        shadow = self._of_item(s.value)
        if not is_name(target.value) or shadow is None:
            raise may_share(self.p, s, {base})
        return self._mirror(s, assign(with_base(target, self._d(base)), shadow, s))

    def _of_item(self, item: gast.expr) -> gast.expr | None:
        """The shadow of what goes into a container; a new one for what stays empty."""
        if not is_name(item):
            return None
        if item.id in self.names:  # type: ignore[attr-defined]
            return self._d(item.id)  # type: ignore[attr-defined]
        kind = self.kinds.get(item.id, UNKNOWN)  # type: ignore[attr-defined]
        if isinstance(kind, List) and kind.length == 0:
            return gast.List([], gast.Load())
        return gast.Dict([], []) if is_dict(kind) and kind.items == () else None

    def _several(self, s: gast.Assign, target: gast.Tuple) -> list[gast.stmt]:
        within = [(i, e.id) for i, e in enumerate(target.elts) if e.id in self.names]  # type: ignore[attr-defined]
        if not within:
            return [s]
        if isinstance(s.value, gast.Tuple):
            values = [s.value.elts[i] for i, _ in within]
            if not all(is_name(v) and v.id in self.names for v in values):
                raise may_share(self.p, s, {n for _, n in within})
            shadows: list[gast.expr] = [self._d(v.id) for v in values]  # type: ignore[attr-defined]
            if len(within) == len(target.elts):
                self.done.mirrored[id(s)] = []
        elif is_name(s.value) and s.value.id in self.names:  # type: ignore[attr-defined]
            base = s.value.id  # type: ignore[attr-defined]
            shadows = [gast.Subscript(self._d(base), constant(i), gast.Load()) for i, _ in within]
            if True not in number_items(self.kinds.get(base, UNKNOWN)):
                self.done.mirrored[id(s)] = []
        else:
            raise may_share(self.p, s, {n for _, n in within})
        if len(within) == 1:
            return [s, assign(self._d(within[0][1]).id, shadows[0], s)]
        targets = gast.Tuple([name(self._d(n).id, gast.Store()) for _, n in within], gast.Store())
        return [s, assign(targets, gast.Tuple(shadows, gast.Load()), s)]

    def _appended(self, s: gast.Expr) -> list[gast.stmt]:
        info = self.calls.get(id(s))
        if not isinstance(info, ListMethod):
            return [s]
        if not is_name(s.value.func.value):
            if names_read(s.value) & self.names:
                raise may_share(self.p, s, names_read(s.value) & self.names)
            return [s]
        receiver = s.value.func.value.id
        if receiver not in self.names:
            return [s]
        if True in number_items(self.kinds.get(receiver, UNKNOWN)):
            return self._lengthened(s, receiver, info)
        call = substitute(s.value, {n: self._d(n) for n in names_read(s.value) if n in self.names})
        if info.item is not None:
            call.args[-1] = self._of_item(info.item)
            if call.args[-1] is None:
                raise may_share(self.p, s, {receiver})
        also = statement("e", s, e=call)
        self.calls[id(also)] = replace(info, item=info.item and call.args[-1])
        return self._mirror(s, also)

    def _lengthened(self, s: gast.stmt, receiver: str, info: ListMethod) -> list[gast.stmt]:
        """A list of numbers gets longer or shorter, and its shadow with it; the backward text takes that back."""
        if not isinstance(self.kinds.get(receiver), List):
            raise may_share(self.p, s, {receiver})
        call = substitute(s.value, {receiver: self._d(receiver)})  # type: ignore[attr-defined]
        if info.item is not None:
            call.args[-1] = constant(0.0)
        also = statement("e", s, e=call)
        self.calls[id(also)] = replace(info, item=info.item and call.args[-1])
        return [s, also]
