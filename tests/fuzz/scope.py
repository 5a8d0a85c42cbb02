"""What a random program knows at one point: the names in reach, what they hold, and the random choices."""
from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

T = TypeVar("T")
Shape = tuple[int, ...]

CALCULATION = frozenset({"loops", "while", "branches", "exits", "writes", "sharing", "helpers", "recursion", "closures",
                         "containers", "foreach", "matrix", "kinks", "records", "groups", "stacks"})
SURROUNDINGS = frozenset({"outside", "stores", "tries", "contexts", "objects", "cells", "inside", "prints"})
FEATURES = CALCULATION | SURROUNDINGS


@dataclass(frozen=True)
class Store:
    """A container that changes, of one of the kinds in `stores`; only a live one may hold what carries a derivative."""

    kind: str
    live: bool = False


@dataclass(frozen=True)
class Records:
    """A list of that many records with a number `p` and an array `w`: dicts or objects."""

    kind: str
    count: int
    shape: Shape

    def part(self, key: str) -> str:
        """What stands behind a record to name one of its parts."""
        return f".{key}" if self.kind == "object" else f"['{key}']"


@dataclass(frozen=True)
class Function:
    """A generated function: the kinds of its parameters ("float", "int", a shape or a store) and of its result."""

    name: str
    parameters: tuple[tuple[str, str | Shape | Store], ...]
    result: str | Shape | Store | None
    defaults: int = 0


@dataclass
class Scope:
    """The names that are certainly bound here. `ints` maps a name to its least and greatest value.

    `constants` are numbers that are only read, `shelves` lists of that many arrays, `stacks` what kind of stack it is,
    `boxes` what kind of stacks are in it and the key of one.
    Attributes and items stand beside names: a float may be `box1.p`, a store `held1[0]`.
    """

    floats: list[str] = field(default_factory=list)
    ints: dict[str, tuple[int, int]] = field(default_factory=dict)
    arrays: dict[str, Shape] = field(default_factory=dict)
    lists: dict[str, int] = field(default_factory=dict)
    dicts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stores: dict[str, Store] = field(default_factory=dict)
    records: dict[str, Records] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)
    pairs: list[str] = field(default_factory=list)
    shelves: dict[str, int] = field(default_factory=dict)
    stacks: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, tuple[str, str]] = field(default_factory=dict)
    constants: list[str] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    frozen: frozenset[str] = frozenset()
    in_loop: bool = False
    in_function: bool = False

    def inner(self, **changes: object) -> Scope:
        """The scope of a nested block: sees every name here, and keeps its own to itself."""
        copy = replace(self, floats=list(self.floats), ints=dict(self.ints), arrays=dict(self.arrays),
                       lists=dict(self.lists), dicts=dict(self.dicts), stores=dict(self.stores), records=dict(self.records),
                       groups=list(self.groups), pairs=list(self.pairs), shelves=dict(self.shelves), stacks=dict(self.stacks),
                       boxes=dict(self.boxes), constants=list(self.constants), functions=list(self.functions))
        return replace(copy, **changes)

    def arrays_of(self, shape: Shape) -> list[str]:
        return [name for name, known in self.arrays.items() if known == shape]

    def arrays_with(self, ndim: int) -> list[str]:
        return [name for name, shape in self.arrays.items() if len(shape) == ndim]


class Choices:
    """The seeded source of every decision, of new names, and of the features that may be used."""

    def __init__(self, seed: int, features: frozenset[str]):
        self.random = random.Random(seed)
        self.features = features
        self._used: dict[str, int] = {}

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, items: Sequence[T]) -> T:
        return self.random.choice(items)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def constant(self) -> str:
        """A positive literal, so that a sign never has to be put in brackets."""
        return repr(round(self.random.uniform(0.1, 1.9), 2))

    def weighted(self, options: Sequence[tuple[float, str | None, Callable[..., T]]]) -> Callable[..., T]:
        """One of the (weight, feature it needs, function) whose feature is on."""
        allowed = [(weight, make) for weight, feature, make in options if feature is None or feature in self.features]
        return self.random.choices([make for _, make in allowed], [weight for weight, _ in allowed])[0]

    def fresh(self, prefix: str) -> str:
        self._used[prefix] = self._used.get(prefix, 0) + 1
        return f"{prefix}{self._used[prefix]}"


def indent(lines: Sequence[str]) -> list[str]:
    return ["    " + line for line in lines]
