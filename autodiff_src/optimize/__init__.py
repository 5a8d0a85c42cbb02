"""Program -> Program with the same results: the passes in order."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from types import FunctionType
from typing import Any

import gast

from autodiff_src.analyze.calls import is_library
from autodiff_src.analyze.kinds import Kind
from autodiff_src.optimize._contexts import with_contexts
from autodiff_src.optimize._effects import Facts
from autodiff_src.optimize.augmented import augment
from autodiff_src.optimize.class_calls import call_classes
from autodiff_src.optimize.comments import tidy_blocks
from autodiff_src.optimize.copies import read_originals
from autodiff_src.optimize.dead_code import remove_dead_code
from autodiff_src.optimize.early_returns import return_early
from autodiff_src.optimize.in_place import update_in_place
from autodiff_src.optimize.joined_branches import join_branches
from autodiff_src.optimize.like_terms import merge_like_terms
from autodiff_src.optimize.local_copies import drop_local_copies
from autodiff_src.optimize.plain_forms import write_plainly
from autodiff_src.optimize.repeated_divisions import drop_repeated_divisions
from autodiff_src.optimize.temporaries import fold_temporaries
from autodiff_src.optimize.unread_results import leave_unread_unnamed
from autodiff_src.program import Program
from autodiff_src.rules import CHANGING_METHODS, rule_for
from autodiff_src.syntax import clone, is_name


def _drop_repeated_divisions(facts: Facts) -> None:
    if drop_repeated_divisions(facts):
        remove_dead_code(facts)


def _merge_like_terms(facts: Facts) -> None:
    if merge_like_terms(facts):
        fold_temporaries(facts)


PASSES = (read_originals, remove_dead_code, _drop_repeated_divisions, join_branches, fold_temporaries, _merge_like_terms,
          drop_local_copies, write_plainly, update_in_place, augment, remove_dead_code, leave_unread_unnamed, return_early,
          fold_temporaries, call_classes, tidy_blocks)


def optimize(
    program: Program, kinds: dict[str, Kind], differentiated: bool, tangents: Collection[str] = frozenset()
) -> Program:
    """The program after all passes. What is `differentiated` further is easier to analyse without writes in place. Elements
    of `tangents` are there where those of the values are, which are read beside them."""
    facts = Facts(replace(program, function=with_contexts(clone(program.function))), kinds, frozenset(tangents))
    for change in PASSES:
        if not (differentiated and change is update_in_place):
            change(facts)
    return facts.program


def is_silent(program: Program, kinds: dict[str, Kind], titles: set[str]) -> bool:
    """May the program run any number of times, with nobody to notice? It may write into what it made itself. `titles` are
    functions of which the same is asked elsewhere; users' functions with a rule only compute."""
    facts = Facts(program, kinds)
    calls = (node for s in program.function.body for node in gast.walk(s) if isinstance(node, gast.Call))
    return all(facts.is_pure_call(call) or is_name(call.func) and call.func.id in {*titles, "range"} or
               _changes_local(call, facts) or _has_own_rule(facts.called(call)) for call in calls)


def _has_own_rule(function: Any) -> bool:
    return isinstance(function, FunctionType) and not is_library(function) and rule_for(function) is not None


def _changes_local(call: gast.Call, facts: Facts) -> bool:
    """Is it `items.append(x)` or its like, for a container that a name of the function's own stands for?"""
    method = call.func.attr if isinstance(call.func, gast.Attribute) else ""
    return method in CHANGING_METHODS and is_name(call.func.value) and call.func.value.id in facts.local - set(facts.parameters)
