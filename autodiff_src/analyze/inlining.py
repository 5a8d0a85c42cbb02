"""Calls that are written out: the body of the called function stands in place of the call.

    def tail(b):
        return b[1:]            ->      t = b[1:]
    t = tail(b)
    t *= 2.0                            t *= 2.0

The halves of a called function hand over values. A call that gives back memory which is written into afterwards, that changes
a container, or that makes a function is therefore not made, if the called function does not call itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.activity import list_written
from autodiff_src.analyze.call_binding import CallBinding
from autodiff_src.analyze.calls import Called, Info, is_library
from autodiff_src.analyze.cells import Cells, held_in_cells
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.functions import Callee, DerivedFunction, LocalFunction, local_functions
from autodiff_src.analyze.kinds import UNKNOWN, Dict, Kind, Known, List
from autodiff_src.analyze.made_objects import holds_made
from autodiff_src.analyze.mutability import READING_METHODS
from autodiff_src.analyze.numpy_texts import may_be_read
from autodiff_src.analyze.object_memory import leads_to_container
from autodiff_src.analyze.operands import written_in_place
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.analyze.outside_writes import function_place
from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import resolve
from autodiff_src.program import MISSING, FreshNames, Program
from autodiff_src.refusals import refusals_of
from autodiff_src.renaming import renamed
from autodiff_src.rules import CHANGING_METHODS
from autodiff_src.runtime.objects import is_module
from autodiff_src.syntax import (
    COMPOUND,
    IMPORTS,
    assign,
    base_name,
    captured,
    is_name,
    name,
    names_read,
    names_stored,
    stored_by,
    target_names,
    walk,
    walk_statements,
    with_blocks,
)


class Inlining:
    """Writes calls of one function out. `shared`: also those whose result shares memory with their arguments."""

    def __init__(
        self,
        program: Program,
        expressions: ExpressionKinds,
        binding: CallBinding,
        names: FreshNames,
        local: set[str],
        outside: OutsideNames,
        shared: bool,
    ):
        self.program, self.expressions, self.binding = program, expressions, binding
        self.cells = Cells(program.function.body)
        self.names, self.local, self.outside, self.shared = names, local, outside, shared
        self.written_out: dict[tuple[int, int], tuple[list[gast.stmt], frozenset[str]]] = {}

    def block(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a statement whose call is written out; closures of an earlier call of it are unknown then."""
        info = self.binding.calls.get(id(s))
        if not isinstance(info, Called) or not self._is_written_out(info):
            return None
        if info.callee.recursive or info.callee.result is None:
            raise self._refusal(s, info.callee)
        key = (id(s), id(info.callee))
        if key not in self.written_out:
            self.written_out[key] = self._body(s, info, env)
        body, frame = self.written_out[key]
        for n, k in env.items():
            if any(frame & {here for _, here in f.captures} | frame & {g for g, _ in f.functions} for f in local_functions(k)):
                env[n] = UNKNOWN
        return body

    def _is_written_out(self, info: Called) -> bool:
        callee = info.callee
        if callee.result is not None and makes_function(callee.result):
            return True
        if holds_made(callee.result) or any(map(holds_made, callee.kinds)):
            return True
        if changed_container(callee) or _written_twice(info) or callee.specialised is not None and callee.specialised.handed_on:
            return True
        unsettled = self.program.namespace.unsettled
        if not callee.recursive and (any(base_name(a) in self.cells.found for a in info.arguments)
                                     or any(leads_to_container(kind, unsettled.reached) for kind in callee.kinds)
                                     or unsettled.written_out and _calls_one_of(callee, unsettled.written_out)):
            return True
        return self.shared and shares_result(callee)

    def _refusal(self, s: gast.stmt, callee: Callee) -> UnsupportedError:
        changed = changed_container(callee)
        handed_on = callee.specialised is not None and callee.specialised.handed_on
        what = f"changes the {changed} that is passed to it" if changed else (
            "hands on the function that is passed to it" if handed_on else "makes a function, or writes into one array twice")
        return UnsupportedError(
            f"{callee.program.name}, which calls itself, {what}", self.program.place(s), "return a new value instead"
        )

    def _body(self, s: Any, info: Called, env: Env) -> tuple[list[gast.stmt], frozenset[str]]:
        """The body with its variables renamed, and the variables that a call has for itself."""
        program, callee = info.callee.program, info.callee
        assert callee.core is not None
        core = callee.core.function
        imported = self._imported(core.body, callee.core.namespace.extra, s)
        stored = names_stored(core.body)
        own = stored - imported | set(callee.parameters)
        known = {n for t in walk_statements(core.body) if isinstance(t, gast.FunctionDef) for n in captured(t)}
        bound = stored | held_in_cells(core.body) | known
        new: dict[str, str] = {}
        start: list[gast.stmt] = []
        for p, a in zip(callee.parameters, info.arguments, strict=True):
            cell = base_name(a) in self.cells.found and p not in stored
            if is_name(a) and a.id in env and (p not in bound or cell):  # type: ignore[attr-defined]
                new[p] = a.id  # type: ignore[attr-defined]
            else:
                new[p] = self._fresh(p)
                start.append(assign(new[p], a, s))
        for n in sorted(own - set(callee.parameters)):
            new[n] = self._fresh(n)
        self.cells.note(core.body, new)
        frame = frozenset(new[n] for n in own if n in new) - {a.id for a in info.arguments if is_name(a)}  # type: ignore[attr-defined]
        for n, kind in callee.functions.items():
            new[n] = self._function(n, kind, new, s, env)
        found = {n: self._outside(n, callee.core, s) for n in sorted(names_read(core.body) - own - set(callee.functions))}
        body = renamed(_without_imports(core.body, imported), {n: m for n, m in {**new, **found}.items() if n != m})
        if program.file != self.program.file:
            _relocate(body, s)
        target = s.targets[0].id if isinstance(s, gast.Assign) else None
        return [*start, *_with_result(body, target)], frame

    def _imported(self, block: list[gast.stmt], found: Mapping[str, Any], at: gast.stmt) -> set[str]:
        """The names that imports in the block bind to what was found when it was derived."""
        imports: set[str] = set()
        others: set[str] = set()
        for s in walk_statements(block):
            (imports if isinstance(s, IMPORTS) else others).update(stored_by(s))
        both = sorted(imports & others & set(found))
        if both:
            raise UnsupportedError(f"{both[0]!r} is bound by an import and otherwise", self.program.place(at),
                                   "give one of them another name")
        return imports & set(found)

    def _fresh(self, variable: str) -> str:
        fresh = self.names.fresh(variable)
        self.local.add(fresh)
        return fresh

    def _function(self, variable: str, kind: Kind, new: dict[str, str], s: gast.stmt, env: Env) -> str:
        """The name at hand of a function that the called one knows by `variable`."""
        if isinstance(kind, Known):
            return self.outside.name_for(kind.value, variable)
        for n, k in env.items():
            if k == kind or isinstance(k, LocalFunction) and isinstance(kind, LocalFunction) and _same(k, kind, new):
                return n
        raise UnsupportedError(
            f"the function {variable!r} has no name here", self.program.place(s), "give it a name in this function"
        )

    def _outside(self, variable: str, program: Program, s: gast.stmt) -> str | gast.Attribute:
        """A name for what the called function finds outside."""
        space, own = program.namespace, self.program.namespace
        if variable in space.extra:
            return self.outside.name_for(space.extra[variable], variable)
        resolved = resolve(name(variable), space)
        if not resolved.guards:
            return variable
        here = variable not in self.local and variable not in own.extra
        if here and own.globals is space.globals and variable not in own.cells and variable not in space.cells:
            return variable
        if here and own.cells.get(variable, own) is space.cells.get(variable):
            return variable
        value = resolved.value
        held = isinstance(value, (list, dict, set, np.ndarray)) and space.key(variable) not in space.unsettled.rebound
        if not held and not isinstance(value, (type, FunctionType)) and not is_module(value) and not callable(value):
            module = sys.modules.get(space.globals.get("__name__", ""))
            if variable not in space.cells and module is not None and vars(module) is space.globals:
                where = self.outside.name_for(module, module.__name__.rpartition(".")[2])
                return gast.Attribute(name(where), variable, gast.Load())
            raise UnsupportedError(
                f"{program.name} reads {variable!r}, which is not visible here", self.program.place(s),
                f"pass {variable!r} as an argument",
            )
        for guard in resolved.guards:
            self.expressions.guards[id(guard.owner), guard.name] = guard
        return self.outside.name_for(value, variable)


def _calls_one_of(callee: Callee, functions: set[tuple[str, int, str]]) -> bool:
    """Is it one of these functions, or does it call one, perhaps through others?"""
    if function_place(callee.program) in functions:
        return True
    calls = callee.specialised.calls.values() if callee.specialised is not None else ()
    return any(isinstance(info, Called) and not info.callee.recursive and _calls_one_of(info.callee, functions)
               for info in calls)


_OF_DICTS = {"get", "setdefault", "update"}  # of a dict they become other statements


def may_be_written_out(s: gast.stmt, static: Callable[[gast.expr], Any]) -> bool:
    """Is it a call of a function that is read, or one that becomes other statements, as far as its text tells? `static`: the
    object that is called, or MISSING."""
    named = isinstance(s, gast.Expr) or isinstance(s, gast.Assign) and isinstance(s.targets[0], (gast.Name, gast.Tuple))
    call = s.value if named else None  # type: ignore[attr-defined]
    if not isinstance(call, gast.Call) or isinstance(call.func, gast.Attribute) and (
            call.func.attr in (CHANGING_METHODS | READING_METHODS) - _OF_DICTS):
        return False
    function = static(call.func)
    read = isinstance(function, (type, FunctionType)) and not is_library(function)
    return function is MISSING or read or may_be_read(function, call)


def makes_function(kind: Kind) -> bool:
    """Is the value a function that was made, or does it hold one?"""
    return isinstance(kind, DerivedFunction) or bool(local_functions(kind))


def changed_container(callee: Callee) -> str:
    """What a call changes among lists and dicts that it is given, or nothing."""
    kinds = dict(zip(callee.parameters, callee.kinds, strict=True))
    changed = [type(kinds[p]).__name__.lower() for p in callee.written if isinstance(kinds[p], (List, Dict))]
    return changed[0] if changed else ""


def shares_result(callee: Callee) -> bool:
    """Is memory given back? A function with refusals is called as it is, where nothing active goes in."""
    specialised = callee.specialised
    waits = specialised is not None and any(refusals_of(specialised.program.function.body))
    return bool(callee.shared) and not callee.recursive and not waits


def writes_and_shares(body: list[gast.stmt], calls: dict[int, Info], definitions: dict[tuple[int, str], Kind]) -> bool:
    """Is memory written into where a call's result shares memory with what it is given?"""
    infos = [calls.get(id(s)) for s in walk_statements(body)]
    if not any(isinstance(i, Called) and shares_result(i.callee) for i in infos):
        return False
    kinds = {n: kind for (_, n), kind in definitions.items()}
    return any(written_in_place(s, kinds) or list_written(s, calls) for s in walk_statements(body))


def _written_twice(info: Called) -> bool:
    """Does an array that is written into come in under two names?"""
    bases = [base_name(a) for a in info.arguments]
    pairs = zip(info.callee.parameters, bases, strict=True)
    return any(p in info.callee.written and b is not None and bases.count(b) > 1 for p, b in pairs)


def _same(here: LocalFunction, inside: LocalFunction, new: dict[str, str]) -> bool:
    mapped = tuple((own, new.get(n, n)) for own, n in inside.captures)
    return here.definition is inside.definition and here.captures == mapped


def _with_result(block: list[gast.stmt], target: str | None) -> list[gast.stmt]:
    """The block with its `return`s, which stand at the ends of its paths, as assignments to `target`."""
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, gast.Return):
            if target is not None:
                new.append(assign(target, s.value, s))
        elif isinstance(s, (gast.If, gast.With, gast.Try)):
            new.append(with_blocks(s, lambda inner: _with_result(inner, target)))
        else:
            new.append(s)
    return new


def _without_imports(block: list[gast.stmt], found: set[str]) -> list[gast.stmt]:
    """The block without the imports of what was found when it was derived, which goes by a name of the text's own."""
    new: list[gast.stmt] = []
    for s in block:
        if isinstance(s, IMPORTS) and found >= set(target_names(s)):
            continue
        new.append(with_blocks(s, lambda inner: _without_imports(inner, found)) if isinstance(s, COMPOUND) else s)
    return new


def _relocate(body: list[gast.stmt], at: gast.stmt) -> None:
    """The lines of another file would say nothing."""
    for s in body:
        for node in walk(s):
            if isinstance(node, (gast.expr, gast.stmt)):
                node.lineno, node.end_lineno = at.lineno, at.end_lineno  # type: ignore[attr-defined]
