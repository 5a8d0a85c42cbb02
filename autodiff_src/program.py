"""What the stages hand to each other: a function as a tree, with the names it can see."""
from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import CellType
from typing import Any

import gast

MISSING = object()


@dataclass(frozen=True)
class Place:
    """A line of the user's source."""
    file: str
    line: int
    column: int
    text: str


@dataclass
class Unsettled:
    """Containers outside, by id: those that the functions at hand write into, and those whose contents were relied on;
    names outside, by the id of their dict or cell: those that the functions rebind, and those whose values were relied on;
    the attributes that the functions bind, those that they `read`, and those, by class, through which they reach what they
    write into. `linked`: one
    container may get into two attributes; `told_apart`: it was relied on that none is in two. `memory`: by the id of a value
    outside, the value and the containers in it, which nothing changes while functions are derived. Methods by their names:
    those that were relied on to be those of a built-in type, and those that may be others. `hidden`: a method that is called
    without its name changes something; `slices`: variables that are slices stand as indices of lists. `written_out`: functions
    whose calls are to be, by where they are defined."""
    written: dict[int, Any] = field(default_factory=dict)
    relied_on: dict[int, Any] = field(default_factory=dict)
    rebound: set[tuple[int, str]] = field(default_factory=set)
    relied_names: set[tuple[int, str]] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    relied_methods: set[str] = field(default_factory=set)
    methods: set[str] = field(default_factory=set)
    hidden: bool = False
    slices: bool = False
    written_out: set[tuple[str, int, str]] = field(default_factory=set)
    reached: set[tuple[type, str]] = field(default_factory=set)
    linked: bool = False
    told_apart: bool = False
    memory: dict[int, tuple[Any, dict[int, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Namespace:
    """The names a function can see from outside itself. Read live: nothing is copied, nothing is written.

    `cells` are the closure cells by name; `extra` are values that generated code was given by name; `unsettled` is one for
    all functions that are derived together.
    """
    globals: dict[str, Any]
    cells: dict[str, CellType] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    unsettled: Unsettled = field(default_factory=Unsettled, compare=False)

    def key(self, name: str) -> tuple[int, str]:
        """What tells the variable that `name` stands for from all others."""
        return (id(self.cells[name]), "") if name in self.cells else (id(self.globals), name)

    def lookup(self, name: str) -> Any:
        """The value of `name` now, or MISSING."""
        if name in self.extra:
            return self.extra[name]
        if name in self.cells:
            try:
                return self.cells[name].cell_contents
            except ValueError:
                return MISSING
        if name in self.globals:
            return self.globals[name]
        return getattr(builtins, name, MISSING)


@dataclass(frozen=True)
class Program:
    """A function definition in gast form and what it can see. `lines` are the lines of `file`, for messages."""
    function: gast.FunctionDef
    namespace: Namespace
    file: str
    lines: tuple[str, ...]
    defaults: tuple[Any, ...] = ()
    kwdefaults: dict[str, Any] = field(default_factory=dict)
    original: Any = None

    @property
    def name(self) -> str:
        return self.function.name

    def place(self, node: gast.AST) -> Place:
        line: int = getattr(node, "lineno", 0) or getattr(self.function, "lineno", 1)
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return Place(self.file, line, getattr(node, "col_offset", 0) or 0, text)


class FreshNames:
    """Makes names that clash with none of those in use."""

    def __init__(self, taken: Iterable[str] = ()):
        self.taken = {*keyword.kwlist, *taken}
        self._last: dict[str, int] = {}

    def fresh(self, wanted: str) -> str:
        """`wanted`, or `wanted2`, `wanted3`, ... if it is taken."""
        name, count = wanted, self._last.get(wanted, 1)
        while name in self.taken:
            count += 1
            name = f"{wanted}{count}"
        self._last[wanted] = count
        self.taken.add(name)
        return name
