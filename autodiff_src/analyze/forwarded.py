"""Lists, dicts and objects that go by a second name for a time go by the first.

    values = h_values           ->      h_values.append(v)
    values.append(v)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import gast

from autodiff_src.analyze.kinds import Dict, Kind, List, Object, Tuple
from autodiff_src.analyze.made_objects import holds_made
from autodiff_src.analyze.mutability import has_state
from autodiff_src.program import Program
from autodiff_src.refusals import names_kept
from autodiff_src.renaming import renamed
from autodiff_src.syntax import COMPOUND, clone_head, is_name, names_stored, walk, with_blocks


def forwarded(program: Program, definitions: dict[tuple[int, str], Kind]) -> Program | None:
    """The function with second names replaced where they are named in the rest of their block only, in which the first
    name stands for the same; None where there is none."""
    kinds = {n: kind for (_, n), kind in definitions.items()}
    body = program.function.body
    kept = names_kept(body)
    changed = False
    while (new := _changed(body, body, kinds, kept)) is not None:
        body, changed = new, True
    if not changed:
        return None
    function = clone_head(program.function)
    function.body = body
    return replace(program, function=function)


def _changed(block: list[gast.stmt], body: list[gast.stmt], kinds: dict[str, Kind], kept: set[str]) -> list[gast.stmt] | None:
    """The block with one second name less, or None."""
    for i, s in enumerate(block):
        if isinstance(s, COMPOUND):
            found = False

            def inner(part: list[gast.stmt]) -> list[gast.stmt]:
                nonlocal found
                new = None if found else _changed(part, body, kinds, kept)
                found = found or new is not None
                return part if new is None else new

            changed = with_blocks(s, inner)
            if found:
                return [*block[:i], changed, *block[i + 1:]]
        elif isinstance(s, gast.Assign) and is_name(s.targets[0]) and is_name(s.value):
            second, first, rest = s.targets[0].id, s.value.id, block[i + 1:]  # type: ignore[attr-defined]
            if not _goes_by_names(kinds.get(second)) or second in kept or {first, second} & names_stored(rest):
                continue
            if sum(n == second for n in _mentions(body)) == sum(n == second for n in _mentions(rest)) + 1:
                return [*block[:i], *renamed(rest, {second: first})]
    return None


def _goes_by_names(kind: Kind | None) -> bool:
    if isinstance(kind, (Object, Tuple)):
        return holds_made(kind)
    return isinstance(kind, (List, Dict)) or kind is not None and has_state(kind)


def _mentions(block: list[gast.stmt]) -> Iterator[str]:
    return (n.id for s in block for n in walk(s) if isinstance(n, gast.Name))
