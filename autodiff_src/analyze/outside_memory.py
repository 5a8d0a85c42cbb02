"""What containers outside hold, and what goes by several names there: `HELD = {"log": LOG}`, `FIRST = TABLE[:2]`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import MOST_NESTED
from autodiff_src.analyze.mutability import can_change
from autodiff_src.program import Program, Unsettled
from autodiff_src.runtime.libraries import library_of
from autodiff_src.runtime.objects import attributes, is_plain_class
from autodiff_src.syntax import names_read, names_stored, parameter_names

_SEQUENCES = (list, tuple, set, frozenset, deque)
_PLAIN = (int, float, complex, str, bytes, type(None), np.generic)


def memory_of(value: Any, unsettled: Unsettled) -> dict[int, Any]:
    """By their ids, the containers that a value is or holds; objects as deep as their kinds tell of them."""
    if not _is_memory(value):
        return {}
    if id(value) not in unsettled.memory:
        unsettled.memory[id(value)] = value, _containers_in(value)
    return unsettled.memory[id(value)][1]


def _containers_in(value: Any) -> dict[int, Any]:
    found: dict[int, Any] = {}
    left = [(value, 0)]
    while left:
        value, depth = left.pop()
        value = own(value)
        if id(value) not in found and depth <= MOST_NESTED and _is_memory(value):
            found[id(value)] = value
            deeper = depth + is_plain_class(type(value))
            left += [(item, deeper) for item in _held(value)]
    return found


def own(value: Any) -> Any:
    """The value itself; of a view, the array that owns the memory."""
    while isinstance(value, np.ndarray) and isinstance(value.base, np.ndarray):
        value = value.base
    return value


def by_id(containers: Iterable[Any]) -> dict[int, Any]:
    """Containers by their ids; of views, the arrays that own the memory."""
    return {id(own(container)): own(container) for container in containers}


def overlaps(value: Any, containers: Mapping[int, Any], unsettled: Unsettled) -> bool:
    """Is a value one of the containers, or does it hold one?"""
    return bool(containers) and not containers.keys().isdisjoint(memory_of(value, unsettled).keys())


def sharers_outside(body: list[gast.stmt], program: Program) -> dict[str, frozenset[str]]:
    """By a name from outside, the others of which the containers are the same, or hold the same."""
    names = sorted(names_read(body) - names_stored(body) - set(parameter_names(program.function.args)))
    held = {n: memory_of(program.namespace.lookup(n), program.namespace.unsettled).keys() for n in names}
    held = {n: memory for n, memory in held.items() if memory}
    found = {n: frozenset(other for other in held if other != n and not held[n].isdisjoint(held[other])) for n in held}
    return {n: others for n, others in found.items() if others}


def _is_memory(value: Any) -> bool:
    return can_change(value) and isinstance(getattr(value, "__dict__", {}), dict)


def _held(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        items: Any = () if "__builtins__" in value else value.values()  # the names of a module are no container of theirs
    elif isinstance(value, _SEQUENCES):
        items = value
    elif library_of(value) is not None:
        items = ()
    elif is_plain_class(type(value)):
        items = attributes(value).values()
    else:
        items = getattr(value, "__dict__", {}).values()
    return (item for item in items if not isinstance(item, _PLAIN))
