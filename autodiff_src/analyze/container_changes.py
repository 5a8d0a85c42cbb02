"""What a change of a list or a dict does to what is known of containers, under whatever name they go."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import gast

from autodiff_src.analyze.calls import ListMethod
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.holders import OUTSIDE, Holders
from autodiff_src.analyze.index_kinds import wider
from autodiff_src.analyze.kinds import (
    MOST_NESTED,
    UNKNOWN,
    Array,
    Dict,
    Inert,
    Kind,
    Known,
    List,
    Object,
    Scalar,
    Unknown,
    is_dict,
    is_immutable_number,
    join,
    table,
    with_inner,
    without_value,
)
from autodiff_src.analyze.mutability import READING_METHODS, is_flat, is_plain, loosened
from autodiff_src.analyze.outside_writes import Again
from autodiff_src.analyze.own_containers import own_containers
from autodiff_src.analyze.same_containers import SameContainers
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.rules import CHANGING_METHODS
from autodiff_src.syntax import is_name, parameter_names, walk

Definitions = dict[tuple[int, str], Kind]


class Containers:
    """The containers of one function: `holders` tells which variables may be or hold the same one."""

    def __init__(self, program: Program, definitions: Definitions, holders: Holders):
        self.definitions, self.holders, self.unsettled = definitions, holders, program.namespace.unsettled
        self.own = own_containers(program.function.body, parameter_names(program.function.args))

    def change(self, variable: str, new: Kind, env: Env) -> None:
        """The container `variable` is of the kind `new` from now on, in place; so may be any that may be the same one."""
        old = env.get(variable, UNKNOWN)
        if not isinstance(old, List) and not is_dict(old):
            self.forget([variable], env)
            return
        before, env[variable] = dict(env), new
        reached = set() if variable in self.own else self._reached([variable], env)
        change = self._change(variable, old, new, reached)
        for n in reached.difference([variable]).intersection(before):
            env[n] = change.of_read(before[n], self.holders.same.of(n), self.holders.attributes_of(n))
        for (s, n), known in self.definitions.items():
            if n == variable:
                self.definitions[s, n] = wider(known, new) if is_dict(known) and is_dict(new) else join(known, new)
            elif n in reached:
                self.definitions[s, n] = change.of_read(known, self.holders.same.of(n), self.holders.attributes_of(n))
        self.unsettled.told_apart |= change.told_apart

    def _change(self, variable: str, old: Kind, new: Kind, reached: set[str]) -> _Change:
        attributes = None if OUTSIDE in reached or self.unsettled.linked else self.holders.attributes_of(variable)
        return _Change(old, new, attributes, self.holders.same, self.holders.same.of(variable))

    def by_method(self, variable: str, info: ListMethod, env: Env, expressions: ExpressionKinds) -> None:
        """A method that appends, inserts or takes out an item of a list was called."""
        held = env.get(variable, UNKNOWN)
        if not isinstance(held, List):
            self.forget([variable], env)
        elif info.item is not None:
            self.change(variable, grown(held, without_value(expressions.kind(info.item, env))), env)
        else:
            self.change(variable, List(held.item), env)

    def popped(self, s: gast.Assign | gast.Expr, env: Env, expressions: ExpressionKinds, calls: dict[int, Any]) -> bool:
        """Does a statement take an item out of a dict? What is known of that is changed then."""
        call, info = s.value, calls.get(id(s))
        if not (isinstance(info, ListMethod) and isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute)
                and is_name(call.func.value)):
            return False
        variable = call.func.value.id
        held = env.get(variable, UNKNOWN)
        if not is_dict(held):
            return False
        key = expressions.kind(call.args[0], env)
        taken = key.value if isinstance(key, Known) and type(key.value) is str else None
        if held.items is None or held.items and taken is None:
            self.change(variable, table(held.keys, held.held, held.factory), env)
        elif held.items:  # nothing is taken out of an empty dict
            self.change(variable, replace(held, items=tuple((k, kind) for k, kind in held.items if k != taken)), env)
        return True

    def forget(self, variables: Collection[str], env: Env) -> None:
        """The containers that these variables are or hold may have been changed by code that is not known."""
        reached = self._reached(variables, env)
        for n in reached.intersection(env):
            env[n] = loosened(env[n])
        for (s, n), known in self.definitions.items():
            if n in reached:
                self.definitions[s, n] = loosened(known)

    def forget_outside(self, env: Env) -> None:
        """Code ran that is not read: it may have changed what it can reach outside."""
        if self.holders.of(OUTSIDE):
            self.forget([OUTSIDE], env)

    def _reached(self, variables: Collection[str], env: Env) -> set[str]:
        """Variables that are not bound yet hold nothing: where a loop binds them, its body is seen once more."""
        holding = {n for (_, n), kind in self.definitions.items() if not is_plain(kind)} | {OUTSIDE}
        nested = {n for (_, n), kind in self.definitions.items() if not is_flat(kind)} | {OUTSIDE}

        def plain(n: str) -> bool:
            return n not in holding and (n not in env or is_plain(env[n]))

        def flat(n: str) -> bool:
            return n not in nested and (n not in env or is_flat(env[n]))

        return self.holders.reached(variables, plain, flat)


def note_slices(s: gast.stmt, env: Env, expressions: ExpressionKinds) -> None:
    """Raises Again where a variable that stands as an index of a list turns out to be a slice, perhaps."""
    unsettled = expressions.namespace.unsettled
    for node in [] if unsettled.slices or not isinstance(s, (gast.Assign, gast.AugAssign)) else walk(s):
        if isinstance(node, gast.Subscript) and is_name(node.slice) and not isinstance(
                expressions.kind(node.value, env), (Array, Dict, Scalar, Inert)):
            index = expressions.kind(node.slice, env)
            if isinstance(index, Unknown) or isinstance(index, Inert) and index.type in ("", "slice"):
                unsettled.slices = True
                raise Again


def grown(kind: List, value: Kind) -> List:
    """The kind of a list that has got an item."""
    return List(value if kind.length == 0 else join(kind.item, value), filled=True)


def refuse_kept_method(s: gast.Assign, env: Env, program: Program) -> None:
    """What is called later by another name would change a list, or an array, unseen."""
    value = s.value
    if not isinstance(value, gast.Attribute) or not is_name(value.value) or value.attr in READING_METHODS:
        return
    kind = env.get(value.value.id, UNKNOWN)
    array = isinstance(kind, Array) and value.attr in CHANGING_METHODS
    if isinstance(kind, List) or is_dict(kind) or array:
        of = "an array" if array else "a list or a dict"
        raise UnsupportedError(f"the method {value.attr!r} of {of} is kept, to be called later",
                               program.place(s), f"call it by its name: `{value.value.id}.{value.attr}(...)`")


@dataclass
class _Change:
    """A container of the kind `old` is of the kind `new` now; it is in the class `at` of `same`. If `attributes` are known, it
    was read from one of these, and is in no other attribute of an object that comes from outside. `told_apart`: that was
    relied on."""

    old: Kind
    new: Kind
    attributes: frozenset[str] | None
    same: SameContainers
    at: int
    told_apart: bool = False

    def of_read(self, kind: Kind, of: int, attributes: frozenset[str] | None) -> Kind:
        """The kind of what is read from these attributes, if they are known: it is not the container if that is in others."""
        found = self.of(kind, of)
        if self.attributes is None or attributes is None or not self.attributes.isdisjoint(attributes):
            return found
        apart = self.of(kind, of, False)
        self.told_apart |= apart != found
        return apart

    def of(self, kind: Kind, of: int, whole: bool = True) -> Kind:
        """The kind of what is in the class `of`: it may hold the container, or be it if `whole`."""
        within = self.same.inside(of)
        if isinstance(kind, Object):
            items = kind.items and tuple((n, self._of_attribute(n, k, within, kind.made)) for n, k in kind.items)
            held: Any = replace(kind, items=items)
        else:
            held = with_inner(kind, lambda k: self.of(k, within))
        same = whole and of == self.at and (isinstance(kind, List) or is_dict(kind)) and may_be(kind, self.old)
        return _shallow(join(held, self.new)) if same else held

    def _of_attribute(self, attribute: str, kind: Kind, of: int, made: bool) -> Kind:
        return self.of_read(kind, of, None if made else frozenset({attribute}))


def may_be(a: Kind, b: Kind) -> bool:
    """May one value be of both kinds, on different paths?"""
    if isinstance(a, Unknown) or isinstance(b, Unknown) or is_immutable_number(a) and is_immutable_number(b):
        return True
    if isinstance(a, List) and isinstance(b, List):
        if a.length is not None and b.length is not None and a.length != b.length:
            return False
        if a.length == 0 or b.length == 0:
            return not (a.has_items or b.has_items)
        return may_be(a.item, b.item)
    if is_dict(a) and is_dict(b) and a.items is not None and b.items is not None:
        return dict(a.items).keys() == dict(b.items).keys()
    return type(a) is type(b)


def _shallow(kind: Kind, depth: int = 0) -> Kind:
    """The kind as it is; of a list in a list in a list ..., which may hold itself, nothing is known."""
    if depth > MOST_NESTED and not is_plain(kind):
        return UNKNOWN
    return with_inner(kind, lambda k: _shallow(k, depth + 1))
