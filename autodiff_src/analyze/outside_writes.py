"""Containers that stand outside the functions which are derived together, and are written into by these: caches, counters.

What is in them when a derivative is derived is not what will be in them, so nothing is known of it. And a value that carries
a derivative loses it there: whoever reads it again is refused.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Called
from autodiff_src.analyze.kinds import UNKNOWN, Kind, carries_derivative
from autodiff_src.analyze.specialised import Specialised
from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import MISSING, Program
from autodiff_src.runtime.objects import is_plain_class
from autodiff_src.syntax import children, heads, is_name, names_read, names_stored, parameter_names, walk, walk_statements

ANY = "*"  # among attributes: code that is not known may bind any
_CONTAINERS = (list, dict, set, np.ndarray)
CHANGING = frozenset(["append", "pop", "extend", "insert", "remove", "sort", "reverse", "clear", "update", "setdefault",
                      "popitem", "add", "discard"])


class Again(Exception):
    """What a container holds was relied on before it was known that the functions write into it: derive anew."""


def note_writes(program: Program) -> None:
    """Notes in the namespace of a program which containers outside it writes into, and which attributes it binds. Raises
    Again."""
    unsettled = program.namespace.unsettled
    for node in gast.walk(program.function):
        if isinstance(node, gast.Attribute) and not isinstance(node.ctx, gast.Load):
            unsettled.attributes.add(node.attr)
        elif isinstance(node, gast.Call) and is_name(node.func) and node.func.id in ("setattr", "delattr"):
            unsettled.attributes |= {a.value for a in node.args[1:2] if isinstance(a, gast.Constant)}
        elif isinstance(node, (gast.Global, gast.Nonlocal)):
            keys = {program.namespace.key(n) for n in node.names}
            unsettled.rebound |= keys
            if keys & unsettled.relied_names:
                unsettled.relied_names.clear()
                raise Again
    for container in containers_written(program):
        _note(container, program)


def note_names(names: Iterable[str], program: Program) -> None:
    """Notes that the containers outside which these names stand for are written into. Raises Again."""
    for n in sorted(names):
        container = program.namespace.lookup(n)
        if isinstance(container, _CONTAINERS):
            _note(container, program)


def _note(container: Any, program: Program) -> None:
    unsettled = program.namespace.unsettled
    if id(container) not in unsettled.written:
        unsettled.written[id(container)] = container
        if id(container) in unsettled.relied_on:
            raise Again


def containers_written(program: Program) -> Iterator[Any]:
    """The containers outside that the text of a function writes into under their own names."""
    local = local_names(program)
    for node in walk(program.function):
        if isinstance(node, gast.Subscript) and not isinstance(node.ctx, gast.Load):
            yield from _outside(node.value, program, local)
        elif isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Subscript):
            yield from _outside(node.target.value, program, local)
        elif isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute) and node.func.attr in CHANGING:
            yield from _outside(node.func.value, program, local)


def unsettled_names(names: Iterable[str], program: Program) -> set[str]:
    """Those of the names that stand for containers or objects outside which the functions at hand may write into."""
    space = program.namespace
    values = {n: space.lookup(n) for n in names}
    return {n for n, value in values.items() if id(value) in space.unsettled.written or space.key(n) in space.unsettled.rebound
            or space.unsettled.attributes and is_plain_class(value if isinstance(value, type) else type(value))}


def refuse_lost(main: Specialised, others: Iterable[Specialised]) -> None:
    """Refuses what reads a container outside that another function, or another call, stores an active value in. What the
    main function stores and reads itself is seen where it is reversed."""
    active, functions = _active(main), [main, *others]
    for holder in active:
        for stored in _stored(holder):
            for reader in functions:
                own = reader.program.function is holder.program.function
                if own and (reader is main or isinstance(stored, dict)):
                    continue
                local = local_names(reader.program)
                for s in walk_statements(reader.program.function.body):
                    if reads(s, stored, reader.program, local):
                        raise lost(s, reader.program)


def lost(s: gast.stmt, program: Program) -> UnsupportedError:
    return UnsupportedError("what is read here may have been stored by this very call, and its derivative is lost then",
                            program.place(s), "hand the value over as an argument or a result; switch a cache off")


def reads(s: gast.stmt, container: Any, program: Program, local: set[str]) -> bool:
    """Does a statement in core form, without those in it, read what is in the container? `local`: the program's names."""
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
        elif any(found is container for found in _outside(node, program, local)):
            return True
        else:
            parts += children(node)
    return False


def _stores(body: list[gast.stmt], program: Program) -> Iterator[tuple[Any, gast.Assign | gast.AugAssign]]:
    """Containers outside, with the statements that store a value in them."""
    local = local_names(program)
    for s in walk_statements(body):
        if isinstance(s, (gast.Assign, gast.AugAssign)):
            target = s.targets[0] if isinstance(s, gast.Assign) else s.target
            if isinstance(target, gast.Subscript):
                yield from ((container, s) for container in _outside(target.value, program, local))


def lost_dicts(body: list[gast.stmt], program: Program, varied: Mapping[int, Collection[str]]) -> list[dict]:
    """The dicts outside in which a function stores what varies with what is differentiated."""
    return [container for container, s in _stores(body, program) if isinstance(container, dict)
            and not names_read(s.value).isdisjoint(varied.get(id(s)) or ())]


def _active(main: Specialised) -> list[Specialised]:
    """The functions that are handed values which may carry a derivative, the main one first."""
    found = [main]
    for holder in found:
        kinds = _kinds(holder)
        for info in holder.calls.values():
            callee = info.callee.specialised if isinstance(info, Called) else None
            if callee is None or any(callee is other for other in found):
                continue
            if any(_carries(a, kinds) for a in info.arguments):  # type: ignore[union-attr]
                found.append(callee)
    return found


def _carries(e: gast.expr, kinds: dict[str, Kind]) -> bool:
    """May the value of an expression in core form carry a derivative?"""
    if isinstance(e, gast.Name):
        return carries_derivative(kinds.get(e.id, UNKNOWN))
    return not isinstance(e, gast.Constant)


def _stored(holder: Specialised) -> list[Any]:
    """The containers outside in which a function stores values that may carry a derivative."""
    kinds = _kinds(holder)
    stores = _stores(holder.program.function.body, holder.program)
    return [container for container, s in stores if _carries(s.value, kinds)]


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


def _outside(node: Any, program: Program, local: set[str]) -> Iterator[Any]:
    while isinstance(node, gast.Subscript):
        node = node.value
    value = static_value(node, program.namespace, local) if isinstance(node, (gast.Name, gast.Attribute)) else MISSING
    if isinstance(value, _CONTAINERS):
        yield value
