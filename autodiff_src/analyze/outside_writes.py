"""Containers that stand outside the functions which are derived together, and are written into by these: caches, counters.

What is in them when a derivative is derived is not what will be in them, so nothing is known of it. And a value that carries
a derivative loses it there: whoever reads it again is refused.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.activity import list_written
from autodiff_src.analyze.attributes_by_name import names_in_texts
from autodiff_src.analyze.calls import Called, Info, Integrated, Solved
from autodiff_src.analyze.kinds import UNKNOWN, Kind, carries_derivative
from autodiff_src.analyze.mutability import STORING_METHODS, can_change, does_not_change
from autodiff_src.analyze.outside_memory import by_id, memory_of, overlaps, own
from autodiff_src.analyze.specialised import Specialised
from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import MISSING, Program
from autodiff_src.rules import CHANGING_METHODS
from autodiff_src.runtime.libraries import library_of
from autodiff_src.runtime.objects import is_plain_class
from autodiff_src.syntax import (
    base_name,
    children,
    heads,
    is_name,
    names_read,
    names_stored,
    parameter_names,
    walk,
    walk_statements,
)

ANY = "*"  # among attributes: code that is not known may bind any


class Again(Exception):
    """What a container holds was relied on before it was known that the functions write into it: derive anew."""


def note_writes(program: Program) -> None:
    """Notes in the namespace of a program which containers outside it writes into, and which attributes it binds. Raises
    Again."""
    unsettled = program.namespace.unsettled
    unsettled.read |= names_in_texts(program.function)
    for node in walk(program.function):
        if isinstance(node, gast.Attribute):
            (unsettled.read if isinstance(node.ctx, gast.Load) else unsettled.attributes).add(node.attr)
        elif isinstance(node, gast.Call) and is_name(node.func) and node.func.id in ("setattr", "delattr"):
            unsettled.attributes |= {a.value for a in node.args[1:2] if isinstance(a, gast.Constant)}
        elif isinstance(node, gast.Global):
            _note_rebound(node.names, program)
        elif isinstance(node, gast.Nonlocal):
            _note_rebound([n for n in node.names if n in program.namespace.cells], program)
        elif isinstance(node, gast.Subscript) and not isinstance(node.ctx, gast.Load) and isinstance(node.value, gast.Call):
            if is_name(node.value.func, "globals") and isinstance(node.slice, gast.Constant):
                _note_rebound([node.slice.value], program)
    for containers in containers_written(program):
        _note(containers, program)


def _note_rebound(names: Iterable[str], program: Program) -> None:
    unsettled, keys = program.namespace.unsettled, {program.namespace.key(n) for n in names}
    unsettled.rebound |= keys
    if keys & unsettled.relied_names:
        unsettled.relied_names.clear()
        raise Again


def note_names(names: Iterable[str], program: Program) -> None:
    """Notes that the containers outside which these names stand for, or those in them, are written into. Raises Again."""
    for n in sorted(names):
        _note(memory_of(program.namespace.lookup(n), program.namespace.unsettled), program)


def _note(containers: Mapping[int, Any], program: Program) -> None:
    unsettled = program.namespace.unsettled
    new = {key: container for key, container in containers.items() if key not in unsettled.written}
    unsettled.written.update(new)
    if any(overlaps(relied, new, unsettled) for relied in unsettled.relied_on.values()):
        raise Again


def containers_written(program: Program) -> Iterator[dict[int, Any]]:
    """The containers outside that the text of a function writes into under their own names, or as items of others."""
    local = local_names(program)
    for node in walk(program.function):
        if isinstance(node, gast.Subscript) and not isinstance(node.ctx, gast.Load):
            yield _reached(node.value, program, local)
        elif isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Subscript):
            yield _reached(node.target, program, local)
        elif isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in CHANGING_METHODS:
            yield _reached(node.func.value, program, local)


def unsettled_names(names: Iterable[str], program: Program) -> set[str]:
    """Those of the names that stand for containers or objects outside which the functions at hand may write into."""
    space = program.namespace
    values = {n: space.lookup(n) for n in names}
    return {n for n, value in values.items()
            if overlaps(value, space.unsettled.written, space.unsettled) or space.key(n) in space.unsettled.rebound
            or space.unsettled.attributes and is_plain_class(value if isinstance(value, type) else type(value))}


def refuse_lost(main: Specialised, others: Iterable[Specialised]) -> None:
    """Refuses what reads a container outside that another function, or another call, stores an active value in, where these
    cannot be written out. What the main function stores and reads itself is seen where it is reversed."""
    active, functions = _active(main), [main, *others]
    for holder in active:
        stored = _stored(holder)
        for reader in functions if stored else ():
            own_reader = reader.program.function is holder.program.function
            seen_by: dict[str | None, list[Any]] = {}
            for container, by in stored:
                seen = by if own_reader and (reader is main or isinstance(container, dict)) else None
                seen_by.setdefault(seen, []).append(container)
            for seen, containers in seen_by.items():
                s = _reading(reader.program, by_id(containers), seen)
                if s is not None:
                    write_out([f.program for f in (holder, reader) if f is not main], main.program)
                    raise lost(s, reader.program)


def refuse_lost_by_alias(main: Specialised, kinds: Mapping[str, Kind], others: Iterable[Specialised]) -> None:
    """The same for what the main function stores by local names, once `aliases` tells what these stand for."""
    stored = by_id(_stored_by_alias(main, kinds))
    for reader in others if stored else ():
        s = _reading(reader.program, stored)
        if s is not None:
            write_out([reader.program], main.program)
            raise lost(s, reader.program)


def _reading(program: Program, containers: Mapping[int, Any], but: str | None = None) -> gast.stmt | None:
    """The first statement of a function that reads what is in one of the containers, by another name than `but`."""
    local = local_names(program)
    return next((s for s in walk_statements(program.function.body) if reads(s, containers, program, local, but)), None)


def write_out(functions: list[Program], main: Program) -> None:
    """Raises Again so that the calls of these functions are written out, if they were not to be so far."""
    keys, unsettled = {function_place(f) for f in functions}, main.namespace.unsettled
    if not keys <= unsettled.written_out:
        unsettled.written_out |= keys
        raise Again


def function_place(program: Program) -> tuple[str, int, str]:
    """Where a function is defined, which names it in all derivations."""
    return program.file, program.function.lineno, program.name


def lost(s: gast.stmt, program: Program) -> UnsupportedError:
    return UnsupportedError("what is read here may have been stored by this very call, and its derivative is lost then",
                            program.place(s), "hand the value over as an argument or a result; switch a cache off")


def reads(s: gast.stmt, containers: Mapping[int, Any], program: Program, local: set[str], but: str | None = None) -> bool:
    """Does a statement in core form, without those in it, read what is in one of the containers, which are given by their
    ids, by another name than `but`? `local`: the program's names."""
    if not containers:
        return False
    parts: list[Any] = list(heads(s)) or [s]
    if isinstance(s, (gast.Assign, gast.AugAssign)):
        target = s.targets[0] if isinstance(s, gast.Assign) else s.target
        parts = [s.value, *([target.slice] if isinstance(target, gast.Subscript) else [])]
    while parts:
        node = parts.pop()
        if isinstance(node, gast.Compare) and all(isinstance(op, (gast.In, gast.NotIn)) for op in node.ops):
            parts.append(node.left)
        elif isinstance(node, gast.Call) and is_name(node.func, "len"):
            continue
        elif isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in STORING_METHODS:
            parts += [*node.args, *[k.value for k in node.keywords]]
        elif but is None and _is_item(node, containers, program) or base_name(node) != but and any(
                overlaps(found, containers, program.namespace.unsettled) for found in _outside(node, program, local)):
            return True
        else:
            parts += children(node)
    return False


def _is_item(node: Any, containers: Mapping[int, Any], program: Program) -> bool:
    """Is it a global that is bound in a container, which is the module's names?"""
    space = program.namespace
    return id(space.globals) in containers and is_name(node) and space.key(node.id) in space.unsettled.rebound


def stored_in(
    s: gast.stmt, program: Program, local: set[str], info: Info | None
) -> tuple[list[Any], list[gast.expr], str | None]:
    """The containers outside of which a statement stores values in one, the values, and the name by which it does; `info`
    tells what its call does."""
    target = s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
    if isinstance(s, (gast.Assign, gast.AugAssign)) and isinstance(target, gast.Subscript):
        return list(_reached(target.value, program, local).values()), [s.value], base_name(target)
    call = getattr(s, "value", None)
    if not isinstance(call, gast.Call):
        return [], [], None
    given = [*call.args, *[k.value for k in call.keywords]]
    if isinstance(call.func, gast.Attribute) and call.func.attr in CHANGING_METHODS:
        return list(_reached(call.func.value, program, local).values()), given, base_name(call.func.value)
    given = list(info.arguments) if isinstance(info, Called) else given
    handed = [a for a in given if _reached(a, program, local) and not _only_read(a, program, local, info)]
    if not handed or does_not_change(static_value(call.func, program.namespace, local)):
        return [], given, None
    containers = {key: c for a in handed for key, c in _reached(a, program, local).items()}
    return list(containers.values()), given, base_name(handed[0]) if len(handed) == 1 else None


def _only_read(argument: gast.expr, program: Program, local: set[str], info: Info | None) -> bool:
    """Is an argument an array, a list or a dict that the function called, which is read, does not write into?"""
    if not isinstance(info, Called):
        return False
    pairs = zip(info.callee.parameters, info.arguments, strict=True)
    plain = all(isinstance(c, (np.ndarray, list, dict)) or library_of(c) is not None
                for c in _reached(argument, program, local).values())
    return plain and not any(a is argument and p in info.callee.written for p, a in pairs)


def lost_dicts(
    body: list[gast.stmt], program: Program, varied: Mapping[int, Collection[str]], calls: Mapping[int, Info]
) -> dict[int, Any]:
    """By their ids, the dicts outside in which a function stores what varies with what is differentiated."""
    local = local_names(program)
    found = [(container, values, s) for s in walk_statements(body)
             for containers, values, _ in [stored_in(s, program, local, calls.get(id(s)))] for container in containers]
    return by_id(container for container, values, s in found if isinstance(container, dict)
                 and not names_read(values).isdisjoint(varied.get(id(s)) or ()))


def called_functions(main: Specialised) -> list[Specialised]:
    """The functions that are called, also by those that are."""
    return _called(main, lambda holder, info: True)[1:]


def _active(main: Specialised) -> list[Specialised]:
    """The functions that are handed values which may carry a derivative, the main one first."""
    kinds = functools.cache(_kinds)
    return _called(main, lambda holder, info: any(_carries(a, kinds(holder)) for a in info.arguments))


def _called(main: Specialised, counts: Callable[[Specialised, Called | Solved | Integrated], bool]) -> list[Specialised]:
    found = {id(main): main}
    for holder in (holders := [main]):
        for s in walk_statements(holder.program.function.body):
            info = holder.calls.get(id(s))
            callee = info.callee.specialised if isinstance(info, (Called, Solved, Integrated)) else None
            if callee is not None and id(callee) not in found and counts(holder, info):  # type: ignore[arg-type]
                found[id(callee)] = callee
                holders.append(callee)
    return holders


def _carries(e: gast.expr, kinds: Mapping[str, Kind]) -> bool:
    """May the value of an expression in core form carry a derivative?"""
    if isinstance(e, gast.Name):
        return carries_derivative(kinds.get(e.id, UNKNOWN))
    return not isinstance(e, gast.Constant)


def _stored(holder: Specialised) -> list[tuple[Any, str | None]]:
    """The containers outside in which a function stores values that may carry a derivative, each with the name it does by."""
    kinds, found, local = _kinds(holder), [], local_names(holder.program)
    for s in walk_statements(holder.program.function.body):
        containers, values, by = stored_in(s, holder.program, local, holder.calls.get(id(s)))
        if containers and any(_carries(v, kinds) for v in values):
            found += [(container, by) for container in containers]
    return [*found, *((container, None) for container in _stored_by_alias(holder, kinds))]


def _stored_by_alias(holder: Specialised, kinds: Mapping[str, Kind]) -> list[Any]:
    """The containers outside in which a function may store, by a local name, values that may carry a derivative."""
    found: list[Any] = []
    for s in walk_statements(holder.program.function.body):
        names = [n for w in _written_at(s, holder) for n in holder.aliases.get(w, ())]
        call = getattr(s, "value", None)
        values = [*call.args, *[k.value for k in call.keywords]] if isinstance(call, gast.Call) else [call]
        if names and any(_carries(v, kinds) for v in values):
            held = [holder.program.namespace.lookup(n) for n in names]
            plain = [value for value in held if not callable(value) or is_plain_class(type(value))]  # no function is written
            found += [c for value in plain for c in memory_of(value, holder.program.namespace.unsettled).values()]
    return found


def _written_at(s: gast.stmt, holder: Specialised) -> list[str]:
    """Variables into whose memory a statement writes, or into the attributes or the items of what they hold."""
    target = s.targets[0] if isinstance(s, gast.Assign) else getattr(s, "target", None)
    written = [base_name(target)] if isinstance(target, (gast.Subscript, gast.Attribute)) else []
    return [n for n in [*written, *list_written(s, holder.calls)] if n is not None]


def _kinds(holder: Specialised) -> dict[str, Kind]:
    """By a variable: a kind that carries a derivative if one of its does."""
    found: dict[str, Kind] = dict(holder.kinds)
    for (_, n), kind in holder.definitions.items():
        if n not in found or carries_derivative(kind):
            found[n] = kind
    return found


def local_names(program: Program) -> set[str]:
    """Variables of a function and its parameters."""
    return names_stored(program.function.body) | set(parameter_names(program.function.args))


def _reached(node: Any, program: Program, local: set[str]) -> dict[int, Any]:
    """By their ids, the containers outside that an expression may stand for."""
    value = static_value(node, program.namespace, local) if isinstance(node, (gast.Name, gast.Attribute)) else MISSING
    if can_change(value) and not isinstance(value, tuple):
        return {id(own(value)): own(value)}
    while isinstance(node, (gast.Subscript, gast.Attribute)):
        node = node.value
    held = static_value(node, program.namespace, local) if isinstance(node, gast.Name) else MISSING
    return memory_of(held, program.namespace.unsettled)


def _outside(node: Any, program: Program, local: set[str]) -> Iterator[Any]:
    while isinstance(node, (gast.Subscript, gast.Attribute)):
        value = static_value(node, program.namespace, local) if isinstance(node, gast.Attribute) else MISSING
        if value is not MISSING:
            break
        node = node.value
    else:
        value = static_value(node, program.namespace, local) if isinstance(node, gast.Name) else MISSING
    if can_change(value):
        yield value
