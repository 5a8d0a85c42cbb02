"""What a text rests on, looked at in each call: the kinds of arguments, names outside, and memory that is not shared."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from typing import Any

import numpy as np

from autodiff_src.analyze.kinds import MOST_NESTED, Dict, Kind, List, Object, Tuple, carries_derivative, is_dict
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.errors import ArgumentError
from autodiff_src.pipeline import Text
from autodiff_src.runtime.objects import attributes, is_named_tuple, is_plain_class
from autodiff_src.runtime.shared_memory import overlap, shares_memory


class Checks:
    """What a text rests on: names that still stand for the same, and arguments that share no memory."""

    def __init__(self, text: Text, parameters: list[str], attributes: set[str]):
        derived, self.attributes = text.derived, attributes
        unique = {(id(g.owner), g.name): g for g in derived.guards}
        self.guards = list(unique.values())
        self.globals = [(space, n, quick_key(space.lookup(n), attributes)) for space, n, _ in derived.global_kinds]
        self.pairs = [(parameters.index(a), parameters.index(b)) for a, b in derived.disjoint]
        self.written = [i for i, p in enumerate(parameters) if p in derived.written] if self.globals else []
        self.told_apart = derived.told_apart
        self.differentiated = [(i, text.kinds[p]) for i, p in enumerate(parameters) if _holds_selected(text.kinds[p])]

    def hold(self) -> bool:
        for guard in self.guards:
            if not guard.holds():
                return False
        return all(quick_key(space.lookup(n), self.attributes) == key for space, n, key in self.globals)

    def apart(self, values: tuple[Any, ...]) -> None:
        """Raises ArgumentError for arguments that share what must not be shared."""
        if self.differentiated:
            self._objects_apart(values)
        if self.told_apart:
            self._attributes_apart(values)
        for i in self.written:
            for space, n, _ in self.globals:
                if _may_share(values[i], space.lookup(n), self.attributes):
                    raise ArgumentError(
                        f"the argument at position {i} is written into and shares memory with {n!r}, which is read, too",
                        fix="pass a copy of it: x.copy()",
                    )
        for i, j in self.pairs:
            if i == j and overlap(x for x in _leaves(values[i], self.attributes) if isinstance(x, np.ndarray)):
                raise ArgumentError(f"the argument at position {i} holds two arrays that share memory, and is written into",
                                    fix="pass a copy of one of them: x.copy()")
            if i != j and _may_share(values[i], values[j], self.attributes):
                raise ArgumentError(
                    f"the arguments at positions {i} and {j} share memory, and one is written into",
                    fix="pass a copy of one of them: x.copy()",
                )


    def _attributes_apart(self, values: tuple[Any, ...]) -> None:
        """A list or a dict is in one attribute only."""
        where: dict[int, str] = {}
        for attribute, container in (found for value in values for found in _containers(value, self.attributes, "")):
            if where.setdefault(id(container), attribute) != attribute:
                raise ArgumentError(
                    f"one {type(container).__name__} is held by the attributes {where[id(container)]!r} and {attribute!r}, and "
                    "one of them is written into", fix="give each a copy of its own")

    def _objects_apart(self, values: tuple[Any, ...]) -> None:
        """An attribute that is differentiated must go by one name."""
        seen: set[int] = set()
        for i, kind in self.differentiated:
            for found in _selected_objects(kind, values[i]):
                if id(found) in seen:
                    raise _twice(found)
                seen.add(id(found))
        positions = [i for i, _ in self.differentiated]
        others = [v for i, v in enumerate(values) if i not in positions]
        for value in [*others, *(space.lookup(n) for space, n, _ in self.globals)]:
            for found in _objects(value, self.attributes):
                if id(found) in seen:
                    raise _twice(found)


def _twice(found: Any) -> ArgumentError:
    return ArgumentError(
        f"an object of class {type(found).__name__} that is differentiated is reached in two ways",
        fix="pass it once, or a copy of it: copy.copy(x)",
    )


def _holds_selected(kind: Kind) -> bool:
    return holds_object(kind) and carries_derivative(kind)


def _selected_objects(kind: Kind, value: Any) -> Iterator[Any]:
    """The objects in a value through which derivatives flow."""
    if isinstance(kind, Object) and carries_derivative(kind):
        yield value
        held = attributes(value)
        for n, inner in kind.items or ():
            yield from _selected_objects(inner, held.get(n))
    elif isinstance(kind, Tuple):
        for inner, item in zip(kind.items or (), value, strict=False):
            yield from _selected_objects(inner, item)
    elif isinstance(kind, List):
        for item in value if _holds_selected(kind.item) else ():
            yield from _selected_objects(kind.item, item)
    elif is_dict(kind):
        for key, inner in kind.items or ():
            yield from _selected_objects(inner, value[key])


def _objects(value: Any, names: Collection[str], depth: int = 0) -> Iterator[Any]:
    """The objects in a value, as far as attributes in `names` lead."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _objects(item, names, depth)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _objects(item, names, depth)
    elif is_plain_class(type(value)) and depth < MOST_NESTED:
        yield value
        for n, held in attributes(value).items():
            if n in names:
                yield from _objects(held, names, depth + 1)


def _containers(value: Any, names: Collection[str], attribute: str, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The lists and dicts in a value, with the names of the attributes that hold them."""
    if isinstance(value, (list, tuple, dict)):
        if not isinstance(value, tuple):
            yield attribute, value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _containers(item, names, attribute, depth)
    elif is_plain_class(type(value)) and depth < MOST_NESTED:
        for n, held in attributes(value, names).items():
            yield from _containers(held, names, n, depth + 1)


def _may_share(a: Any, b: Any, names: Collection[str]) -> bool:
    return any(_are_same_memory(x, y) for x in _leaves(a, names) for y in _leaves(b, names))


def _are_same_memory(a: Any, b: Any) -> bool:
    return shares_memory(a, b) if isinstance(a, np.ndarray) and isinstance(b, np.ndarray) else a is b


def _leaves(value: Any, names: Collection[str], depth: int = 0) -> list[Any]:
    """What may be written into: arrays, lists, dicts and objects, and those in them."""
    if isinstance(value, (list, tuple)):
        own = [value] if isinstance(value, list) else []
        return own + [leaf for item in value for leaf in _leaves(item, names, depth)]
    if isinstance(value, dict):
        return [value, *(leaf for item in value.values() for leaf in _leaves(item, names, depth))]
    if is_plain_class(type(value)) and depth < MOST_NESTED:
        held = [item for n, item in attributes(value).items() if n in names]
        return [value, *(leaf for item in held for leaf in _leaves(item, names, depth + 1))]
    return [value] if isinstance(value, np.ndarray) else []


def quick_key(value: Any, names: Collection[str] = (), depth: int = 0) -> Hashable:
    """Equal for values of equal kinds; made without making the kind. Of objects the attributes in `names` count."""
    cls = type(value)
    if cls is float or cls is int:
        return (cls,)
    if cls is np.ndarray:
        return (value.dtype, tuple([n == 1 for n in value.shape]))
    if value is None or cls is bool or cls is str:
        return (cls, value)
    if isinstance(value, np.generic):
        return (cls,)
    if cls is tuple:
        return (cls, tuple([quick_key(item, names, depth) for item in value]))
    if cls is list:
        return (cls, not value, frozenset([quick_key(item, names, depth) for item in value]))
    if cls is dict:
        return (cls, tuple([(k, quick_key(v, names, depth)) for k, v in value.items()]))
    if is_named_tuple(cls):
        return (cls, tuple([quick_key(item, names, depth) for item in value]))
    if is_plain_class(cls):
        if depth == MOST_NESTED:
            return (cls,)
        held = attributes(value)
        return (cls, tuple([(n, quick_key(held[n], names, depth + 1)) for n in held if n in names]))
    return _other_key(value)


def _other_key(value: Any) -> Hashable:
    try:
        return kind_of(value, "x")
    except ArgumentError as error:
        return str(error)


def holds_object(kind: Kind) -> bool:
    if isinstance(kind, Object):
        return True
    if isinstance(kind, (Tuple, Dict)):
        items: Any = kind.items or ()
        return any(holds_object(item[1] if isinstance(kind, Dict) else item) for item in items)
    return isinstance(kind, List) and holds_object(kind.item)
