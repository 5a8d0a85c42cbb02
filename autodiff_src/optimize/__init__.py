"""Program -> Program with the same results: the passes in order."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import FunctionType
from typing import Any

import gast

from autodiff_src.analyze.calls import is_library
from autodiff_src.analyze.functions import Callee
from autodiff_src.analyze.kinds import Kind, join
from autodiff_src.optimize._contexts import with_contexts
from autodiff_src.optimize._effects import Facts
from autodiff_src.optimize.augmented import augment
from autodiff_src.optimize.class_calls import call_classes
from autodiff_src.optimize.comments import tidy_blocks
from autodiff_src.optimize.copies import read_originals
from autodiff_src.optimize.dead_code import remove_dead_code
from autodiff_src.optimize.early_returns import return_early
from autodiff_src.optimize.in_place import update_in_place
from autodiff_src.optimize.items_of_adjoints import add_to_items
from autodiff_src.optimize.joined_branches import join_branches
from autodiff_src.optimize.like_terms import merge_like_terms
from autodiff_src.optimize.local_copies import drop_local_copies
from autodiff_src.optimize.parts_of_adjoints import fill_displays, rebind_parts
from autodiff_src.optimize.plain_forms import write_plainly
from autodiff_src.optimize.repeated_divisions import drop_repeated_divisions
from autodiff_src.optimize.temporaries import fold_temporaries
from autodiff_src.optimize.unread_results import leave_unread_unnamed
from autodiff_src.program import Program
from autodiff_src.rules import CHANGING_METHODS, rule_for
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import base_name, clone, is_name, names_stored, walk_statements


def _drop_repeated_divisions(facts: Facts) -> None:
    if drop_repeated_divisions(facts):
        remove_dead_code(facts)


def _merge_like_terms(facts: Facts) -> None:
    if merge_like_terms(facts):
        fold_temporaries(facts)


PASSES = (read_originals, remove_dead_code, _drop_repeated_divisions, join_branches, fold_temporaries, _merge_like_terms,
          drop_local_copies, write_plainly, add_to_items, update_in_place, augment, remove_dead_code, leave_unread_unnamed,
          return_early, fold_temporaries, call_classes, tidy_blocks)


def optimize(
    program: Program, kinds: dict[str, Kind], differentiated: bool, tangents: Collection[str] = frozenset()
) -> Program:
    """The program after all passes. What is `differentiated` further is easier to analyse without writes in place. Elements
    of `tangents` are there where those of the values are, which are read beside them."""
    facts = Facts(replace(program, function=with_contexts(clone(program.function))), kinds, frozenset(tangents))
    for change in PASSES:
        if not (differentiated and change in (add_to_items, update_in_place)):
            change(facts)
    if differentiated:
        rebind_parts(facts)
        fill_displays(facts)
    return facts.program


def is_silent(program: Program, kinds: dict[str, Kind], titles: set[str]) -> bool:
    """May the program run any number of times, with nobody to notice? It may write into what it made itself. `titles` are
    functions of which the same is asked elsewhere; users' functions with a rule only compute."""
    facts = Facts(program, kinds)
    contexts = [s for s in walk_statements(program.function.body) if isinstance(s, gast.With)]
    if not all(isinstance(item.context_expr, gast.Call) for s in contexts for item in s.items):
        return False
    calls = (node for s in program.function.body for node in gast.walk(s) if isinstance(node, gast.Call))
    return all(facts.is_pure_call(call) or is_name(call.func) and call.func.id in {*titles, "range"} or
               _changes_local(call, facts) or _only_computes(facts.called(call)) for call in calls)


def silent_names(callees: list[Callee], titles: set[str]) -> set[str]:
    """The names of functions which are called as they are, and are `silent`."""
    left = {callee.program.name: [c for c in callees if c.program.name == callee.program.name] for callee in callees}
    found: set[str] = set()
    while True:
        new = {n for n, same in left.items() if n not in found and all(_is_silent_callee(c, titles | found) for c in same)}
        if not new:
            return found
        found |= new


def _is_silent_callee(callee: Callee, titles: set[str]) -> bool:
    if callee.specialised is None or callee.written or callee.recursive:
        return False
    body = callee.specialised.program.function.body
    own = names_stored(body) - callee.specialised.aliases.keys()
    places = [t for s in walk_statements(body) for t in (*getattr(s, "targets", ()), getattr(s, "target", None))]
    if any(isinstance(t, (gast.Subscript, gast.Attribute)) and base_name(t) not in own for t in places):
        return False
    kinds: dict[str, Kind] = dict(zip(callee.parameters, callee.kinds, strict=True))
    for (_, n), kind in callee.specialised.definitions.items():
        kinds[n] = join(kinds[n], kind) if n in kinds else kind
    return is_silent(callee.specialised.program, kinds, titles)


def _only_computes(function: Any) -> bool:
    """Is it a user's function with a rule, or one of this package's that raise or do nothing?"""
    if not isinstance(function, FunctionType) or is_library(function):
        return False
    check = module_of(function).startswith("autodiff_src.runtime.") and function.__name__.startswith("check_")
    return check or rule_for(function) is not None


def _changes_local(call: gast.Call, facts: Facts) -> bool:
    """Is it `items.append(x)` or its like, for a container that a name of the function's own stands for?"""
    method = call.func.attr if isinstance(call.func, gast.Attribute) else ""
    return method in CHANGING_METHODS and is_name(call.func.value) and call.func.value.id in facts.local - set(facts.parameters)
