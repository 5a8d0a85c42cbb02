"""Globals that a function imports when it first runs.

    global quad
    if quad is None:
        from scipy.integrate import quad

Where a global is bound by such imports only, and stands for what they give already, nothing rebinds it.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.program import MISSING, FreshNames, Program
from autodiff_src.syntax import clone_head, names_read, names_stored, walk_statements, with_blocks


def with_settled_imports(program: Program) -> Program:
    """The function with imports that bind a variable of its own in place of such a global."""
    body = program.function.body
    declared = {n for s in walk_statements(body) if isinstance(s, gast.Global) for n in s.names}
    settled = {n for n in declared if _is_settled(n, program)}
    if not settled:
        return program
    fresh = FreshNames(names_read(body) | names_stored(body))
    function = clone_head(program.function)
    function.body = _changed(body, {n: fresh.fresh(n) for n in settled})
    return replace(program, function=function)


def _is_settled(n: str, program: Program) -> bool:
    body, held = program.function.body, program.namespace.lookup(n)
    imported = list(_imported(n, body))
    only_imported = n not in names_stored(_changed(body, {n: "_"}))
    return held is not MISSING and bool(imported) and all(value is held for value in imported) and only_imported


def _imported(n: str, block: list[gast.stmt]) -> Iterator[Any]:
    """What the imports in a block give that bind a name, of modules that are there already."""
    for s in walk_statements(block):
        for alias in s.names if isinstance(s, (gast.Import, gast.ImportFrom)) else ():
            if (alias.asname or alias.name) != n:
                continue
            if isinstance(s, gast.Import):
                yield sys.modules.get(alias.name)
            else:
                yield getattr(sys.modules.get(s.module or "") if not s.level else None, alias.name, MISSING)


def _changed(block: list[gast.stmt], new: dict[str, str]) -> list[gast.stmt]:
    return [t for t in (_statement(s, new) for s in block) if t is not None]


def _statement(s: gast.stmt, new: dict[str, str]) -> Any:
    """A statement that binds other names in its imports, and does not declare these; None where nothing is left."""
    if isinstance(s, gast.Global):
        left = [n for n in s.names if n not in new]
        return gast.copy_location(gast.Global(left), s) if left else None
    if isinstance(s, (gast.Import, gast.ImportFrom)):
        changed = clone_head(s)
        changed.names = [gast.alias(a.name, new.get(a.asname or a.name, a.asname)) for a in s.names]
        return changed
    return with_blocks(s, lambda block: _changed(block, new)) if hasattr(s, "body") and not isinstance(
        s, gast.FunctionDef) else s
