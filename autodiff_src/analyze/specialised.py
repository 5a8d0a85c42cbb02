"""What specialisation gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autodiff_src.analyze.calls import Info
from autodiff_src.analyze.kinds import Kind, Known
from autodiff_src.parse.resolve import Guard
from autodiff_src.program import Program

BOTTOM: Kind = Known("no value: a recursive call of which nothing is known yet, or an error")


@dataclass(eq=False)
class Specialised:
    """A function in core form for one combination of kinds. `calls` tells by a statement's id what its call is; `aliases`
    by a variable the names from outside that share memory with it, once that is known; `handed_on`: parameters that are
    functions and go on to what is not followed: only where the call is written out do they have a name."""

    program: Program
    parameters: tuple[str, ...]
    kinds: dict[str, Kind]
    calls: dict[int, Info]
    result: Kind
    guards: list[Guard]
    global_kinds: dict[str, Kind]
    definitions: dict[tuple[int, str], Kind]
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    handed_on: frozenset[str] = frozenset()
