"""What a change of a list or a dict does to what is known of containers, under whatever name they go."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.analyze.calls import READING_METHODS
from autodiff_src.analyze.expression_kinds import Env
from autodiff_src.analyze.index_kinds import wider
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Dict,
    Inert,
    Kind,
    Known,
    List,
    Object,
    Tuple,
    is_dict,
    is_immutable_number,
    join,
)
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import MISSING, Program
from autodiff_src.syntax import blocks, captured, is_name, names_read, names_stored, walk_statements

_COPYING = frozenset(map(id, [list, dict, tuple, set, frozenset, sorted, len, sum, min, max, float, int, bool, str, range]))


class Neighbours:
    """By a variable of core form: those that a statement names with it, through which its container may go by another name.
    `static`: the object outside that a name stands for, or MISSING. Of a call that makes a new container only those in it
    may be shared."""

    def __init__(self, body: list[gast.stmt], static: Callable[[gast.expr], Any]):
        self.near: dict[str, set[str]] = {}
        self.copied: dict[str, set[str]] = {}
        for s in walk_statements(body):
            nested = captured(s) | {s.name} if isinstance(s, gast.FunctionDef) else set()
            together = nested or (set() if blocks(s) else names_read(s) | names_stored(s))
            new = isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, gast.Call) and (
                _makes_new(s.value, static))
            for n in together:
                (self.copied if new else self.near).setdefault(n, set()).update(together)
                self.near.setdefault(n, set())

    def of(self, variable: str, flat: Callable[[str], bool]) -> set[str]:
        copied = self.copied.get(variable, set())
        return self.near.get(variable, set()) | (set() if flat(variable) else {n for n in copied if not flat(n)})


def _makes_new(call: gast.Call, static: Callable[[gast.expr], Any]) -> bool:
    """Is what a call gives certainly no container that it is given, nor holds one?"""
    function = static(call.func)
    if function is MISSING:
        return isinstance(call.func, gast.Attribute) and call.func.attr == "copy"
    module = getattr(function, "__module__", None) or ""
    return id(function) in _COPYING or module.startswith(("numpy", "autodiff_src.runtime"))


def change_container(
    variable: str, new: Kind, env: Env, definitions: dict[tuple[int, str], Kind], own: Collection[str],
    neighbours: Neighbours,
) -> None:
    """The container `variable` is of the kind `new` from now on, in place; so may be any that may be the same one. `own`:
    variables whose containers go by no other name; `neighbours`: through which they may."""
    before = dict(env)
    old, env[variable] = env[variable], new
    reached = _reached(variable, neighbours, env, definitions)
    for n, kind in before.items():
        apart = variable in neighbours.near and n in neighbours.near and n not in reached
        if n != variable and variable not in own and not apart:
            env[n] = _renewed(kind, old, new, n not in own)
    changed = {n for n, kind in env.items() if kind != before[n]}
    for (s, n), known in definitions.items():
        if n == variable:
            definitions[s, n] = wider(known, new) if is_dict(known) and is_dict(new) else join(known, new)
        elif n in changed:
            definitions[s, n] = _renewed(known, old, new)


def _reached(variable: str, neighbours: Neighbours, env: Env, definitions: dict[tuple[int, str], Kind]) -> set[str]:
    """The variables that may be or hold the container: from neighbour to neighbour, but not over numbers and arrays."""
    holding = {n for (_, n), kind in definitions.items() if not _is_plain(kind)}
    nested = {n for (_, n), kind in definitions.items() if not _is_flat(kind)}
    known = {n for _, n in definitions}

    def flat(n: str) -> bool:
        return n in known and n not in nested and (n not in env or _is_flat(env[n]))

    found, new = {variable}, [variable]
    while new:
        for n in neighbours.of(new.pop(), flat):
            plain = n in known and n not in holding and (n not in env or _is_plain(env[n]))
            if n not in found and not plain:
                found.add(n)
                new.append(n)
    return found


def _is_plain(kind: Kind) -> bool:
    """Can a value of the kind hold no list and no dict?"""
    return is_immutable_number(kind) or isinstance(kind, (Array, Inert, Known))


def _is_flat(kind: Kind) -> bool:
    """Does a container of the kind hold no other one?"""
    if isinstance(kind, List):
        return _is_plain(kind.item)
    return is_dict(kind) and kind.items is not None and all(_is_plain(item) for _, item in kind.items) or _is_plain(kind)


def grown(kind: List, value: Kind) -> List:
    """The kind of a list that has got an item."""
    return List(value if kind.length == 0 else join(kind.item, value))


def refuse_kept_method(s: gast.Assign, env: Env, program: Program) -> None:
    """What is called later by another name would change a list unseen."""
    value = s.value
    if not isinstance(value, gast.Attribute) or not is_name(value.value) or value.attr in READING_METHODS:
        return
    kind = env.get(value.value.id, UNKNOWN)
    if isinstance(kind, List) or is_dict(kind):
        raise UnsupportedError(f"the method {value.attr!r} of a list or a dict is kept, to be called later",
                               program.place(s), f"call it by its name: `{value.value.id}.{value.attr}(...)`")


def forget_containers(
    variables: Collection[str], env: Env, definitions: dict[tuple[int, str], Kind]
) -> None:
    """The containers that these variables are or hold may have been changed by code that is not known."""
    for old in {container for v in variables for container in _containers(env.get(v, UNKNOWN))}:
        new = Dict() if is_dict(old) else List(UNKNOWN)
        for n, kind in env.items():
            env[n] = _renewed(kind, old, new)
        for key, known in definitions.items():
            definitions[key] = _renewed(known, old, new)


def _containers(kind: Kind) -> Iterator[Kind]:
    """The lists and dicts that a value of the kind is or holds."""
    if isinstance(kind, List) or is_dict(kind):
        yield kind
    if isinstance(kind, List):
        yield from _containers(kind.item)
    if isinstance(kind, Tuple):
        for item in kind.items or ():
            yield from _containers(item)
    if isinstance(kind, Dict):
        for _, item in kind.items or ():
            yield from _containers(item)


def _renewed(kind: Kind, old: Kind, new: Kind, whole: bool = True) -> Kind:
    """The kind of what may be, or hold, a container of the kind `old` that is of the kind `new` now."""
    if whole and type(kind) is type(old) and join(kind, old) == kind:
        kind = join(kind, new)
    if isinstance(kind, Tuple) and kind.items is not None:
        return Tuple(tuple(_renewed(k, old, new) for k in kind.items))
    if isinstance(kind, List):
        return List(_renewed(kind.item, old, new), kind.length)
    if isinstance(kind, Object) and kind.items is not None:
        return replace(kind, items=tuple((n, _renewed(k, old, new)) for n, k in kind.items))
    if is_dict(kind) and kind.items is not None:
        return Dict(tuple((key, _renewed(k, old, new)) for key, k in kind.items))
    return kind
