"""What a derivation gives."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from autodiff_src.analyze.kinds import Kind
from autodiff_src.parse.resolve import Guard
from autodiff_src.program import Program


@dataclass
class Derived:
    """Programs in the order in which they are printed, the main ones last; what it rests on, and which variables
    are written into; `silent`: running the text again shows nowhere; `told_apart`: attributes hold different containers;
    `carrying`: by a program's name the names of tangents or of adjoints in it, None where these outlive a call."""

    programs: list[Program]
    guards: list[Guard]
    global_kinds: list[tuple[Any, str, Kind]]
    disjoint: list[tuple[str, str]]
    written: set[str]
    silent: bool
    told_apart: bool
    carrying: dict[str, Collection[str] | None] = field(default_factory=dict)
