"""Strings that are known: the keys of a dict, the parameters of a function, sets of these, and loops over such sets.

    for key in set(options) - {"a"}:        # options: a dict with the keys "a" and "b"
        options.pop(key)                ->      options.pop("b")
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import gast

from autodiff_src.analyze.functions import local_functions
from autodiff_src.analyze.kinds import UNKNOWN, Dict, Inert, Kind, Known, List, Tuple, is_dict
from autodiff_src.syntax import assign, clone, constant, has_break, is_name, names_read

_MOST_TRIPS = 8
BY_NAME = ("getattr", "setattr", "hasattr")  # what takes the name of an attribute


@dataclass(frozen=True)
class Names(List):
    """A list of known strings; `of_set`: it holds those of a set."""

    names: tuple[str, ...] = ()
    of_set: bool = False


@dataclass(frozen=True)
class NameSet(Inert):
    """A set of known strings, `value`, in the order in which this process iterates over it."""

    value: set[str] = field(default_factory=set, compare=False)
    names: tuple[str, ...] = ()


def names_of(kind: Kind) -> Kind | None:
    """The kind of a list of what an iteration over a value gives, where these are known strings."""
    if isinstance(kind, NameSet):
        return Names(Inert("str"), len(kind.names), names=kind.names, of_set=True)
    keys: Any = None
    if is_dict(kind) and kind.items is not None:
        keys = [key for key, _ in kind.items]
    elif isinstance(kind, Known) and isinstance(kind.value, Mapping):
        keys = list(kind.value)
    known = keys is not None and all(type(key) is str for key in keys)
    return Names(Inert("str"), len(keys), names=tuple(keys)) if known else None


def set_of(kind: Kind) -> Kind | None:
    """The kind of a set of known strings; `kind` is that of a list or a dict of them."""
    names = kind if isinstance(kind, Names) else names_of(kind) if isinstance(kind, Dict) else None
    return None if names is None else _set(set(names.names))  # type: ignore[attr-defined]


def display(items: list[Kind]) -> Kind | None:
    """The kind of `{items}`, a set of known strings."""
    names = [item.value for item in items if isinstance(item, Known) and type(item.value) is str]
    return _set(set(names)) if len(names) == len(items) else None


def combined(op: Any, a: Kind, b: Kind) -> Kind | None:
    """The kind of `a op b` for two sets of known strings."""
    if isinstance(a, NameSet) and isinstance(b, NameSet):
        return _set(op(a.value, b.value))
    return None


def _set(value: set[str]) -> NameSet:
    return NameSet("set", value, tuple(value))


@lru_cache(maxsize=256)
def signature(function: Any) -> Known:
    """The kind of a function's signature, the same one each time."""
    return Known(inspect.signature(function))


def trips(s: gast.For, env: Mapping[str, Kind], done: dict[tuple[int, str], Any]) -> list[gast.stmt] | None:
    """What stands for a loop over the strings of a set, over functions, or over what has names of attributes in it, one trip
    after the other; None for other loops."""
    count = _count(env.get(_iterated(s), UNKNOWN), s)
    if not count or count > _MOST_TRIPS or has_break(s.body):
        return None
    if (id(s), "trips") not in done:
        index = s.target.id  # type: ignore[attr-defined]
        done[id(s), "trips"] = [t for i in range(count) for t in [assign(index, constant(i), s), *clone(s.body)]]
    return done[id(s), "trips"]


def _count(kind: Kind, s: gast.For) -> int:
    """The trips of a loop in which each item is another thing to know; 0 for other loops."""
    if isinstance(kind, Names):
        return len(kind.names) if kind.of_set else 0
    items = kind.items or () if isinstance(kind, Tuple) else ()
    apart = any(map(local_functions, items)) or any(map(_holds_text, items)) and not names_read(s.body).isdisjoint(BY_NAME)
    return len(items) if apart else 0


def _holds_text(kind: Kind) -> bool:
    if isinstance(kind, Tuple):
        return any(map(_holds_text, kind.items or ()))
    return isinstance(kind, Known) and type(kind.value) is str


def is_evaluated(kind: Kind) -> bool:
    """Was the value made when its kind was found, so that making it raises nothing?"""
    return isinstance(kind, (Names, NameSet))


def _iterated(s: gast.For) -> str:
    """`x` in `for k in range(len(x))`."""
    inner = s.iter.args[0] if isinstance(s.iter, gast.Call) and len(s.iter.args) == 1 else None
    if isinstance(inner, gast.Call) and is_name(inner.func, "len") and is_name(inner.args[0]):
        return inner.args[0].id  # type: ignore[attr-defined]
    return ""
