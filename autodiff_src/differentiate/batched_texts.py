"""Forward texts for many tangents at once: arrays of zeros get a member for each, and names that texts for arrays use stand for
what takes batches, too (`runtime/batches.py`). The statements stay as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import FunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.program import Program
from autodiff_src.rules import rule_for
from autodiff_src.runtime import adjoints, batched_functions, batches
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import (
    COMPOUND,
    base_name,
    clone_head,
    name,
    names_read,
    names_stored,
    parameter_names,
    walk_statements,
    with_blocks,
    with_value,
)


def is_batchable(program: Program) -> bool:
    """A handler might catch what a batch refuses."""
    return not any(isinstance(s, (gast.Try, gast.FunctionDef)) for s in walk_statements(program.function.body))


def with_batches(program: Program, tangents: Collection[str]) -> Program:
    """The program for batches as the tangents; `tangents` are the names of these."""
    function, space = program.function, program.namespace
    local = names_stored(function.body) | set(parameter_names(function.args))
    extra = dict(space.extra)
    for n in sorted(names_read(function.body) - local):
        value = space.lookup(n)
        if (other := _for_batches(value)) is not value:
            extra[n] = other
    title = "widened"
    while title in local or title in extra:
        title += "_"
    extra[title] = batches.widened

    def widen(block: list[gast.stmt]) -> list[gast.stmt]:
        return [with_blocks(s, widen) if isinstance(s, COMPOUND) else _widened(s, title, tangents) for s in block]

    function = clone_head(function)
    function.body = widen(function.body)
    return replace(program, function=function, namespace=replace(space, extra=extra))


def _widened(s: gast.stmt, title: str, tangents: Collection[str]) -> gast.stmt:
    """The statement; zeros that it gives to a tangent are many."""
    if not isinstance(s, gast.Assign) or isinstance(s.value, gast.Constant) or names_read(s.value) & set(tangents):
        return s
    targets = s.targets[0].elts if isinstance(s.targets[0], gast.Tuple) else s.targets
    if not all(base_name(target) in tangents for target in targets):
        return s
    return with_value(s, gast.Call(name(title), [s.value], []))


def _for_batches(value: Any) -> Any:
    if value is np:
        return batched_functions.NUMPY
    if any(value is function for function in batched_functions.OF_SEQUENCES):
        return getattr(batched_functions.NUMPY, value.__name__)
    if not isinstance(value, FunctionType) or not module_of(value).startswith("autodiff_src.runtime."):
        return value
    if value is adjoints.unbroadcast:
        return batches.unbroadcast
    computes = value is adjoints.zeros_like or rule_for(value) is not None
    return batches.by_member(value) if computes else batches.without_batches(value)
