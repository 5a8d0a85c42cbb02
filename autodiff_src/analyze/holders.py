"""Through which variables a container may go by another name, or be held.

Two variables of core form are related where a statement names both. Code that is not read, and whatever stands outside the
function, goes by one name more, `OUTSIDE`.
"""
from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Kind, Object
from autodiff_src.analyze.mutability import can_hold, is_mutable, is_plain
from autodiff_src.analyze.same_containers import OUTSIDE, SameContainers
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import MISSING, Namespace
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import (
    SHAPE_ATTRIBUTES,
    blocks,
    captured,
    children,
    heads,
    is_atom,
    is_name,
    names_read,
    names_stored,
    target_names,
    walk_statements,
)

_NONE: frozenset[str] = frozenset()
_OF_SETS = (gast.BitOr, gast.BitAnd, gast.BitXor, gast.Sub)
_COPYING = frozenset(map(id, [list, dict, OrderedDict, defaultdict, tuple, set, frozenset, sorted, len, float, int, bool, str,
                              range]))


class Holders:
    """Of one function; `local` are its variables, `static` finds the object that is called, or MISSING; `counts` says of
    which objects outside account is taken; `waits`: is a call one that may be written out? It is noted where it is not."""

    def __init__(self, body: list[gast.stmt], local: Collection[str], namespace: Namespace,
                 static: Callable[[gast.expr], Any] = lambda e: MISSING, counts: Callable[[Any], bool] = can_hold,
                 waits: Callable[[gast.stmt], bool] = lambda s: False):
        self.local, self.namespace, self.static, self.counts, self.waits = set(local), namespace, static, counts, waits
        self.near: dict[str, set[str]] = {}
        self.copied: dict[str, set[str]] = {}
        self.noted: dict[int, gast.stmt] = {}
        self.read_from: dict[str, set[str | None]] = {}
        self.same = SameContainers(self._makes_new, self._reaches_outside, namespace.unsettled.slices)
        self.note(body)

    def note(self, block: Iterable[gast.stmt]) -> None:
        """Relates what the statements of a block, and of those in it, name."""
        new = [s for s in block if id(s) not in self.noted]
        self.local |= names_stored(new)
        for s in walk_statements(new):
            if not self.waits(s):
                self.note_alone(s)

    def note_alone(self, s: gast.stmt) -> None:
        """Relates what a statement itself names."""
        if id(s) not in self.noted:
            self.noted[id(s)] = s
            self._note(s)

    def attributes_of(self, variable: str) -> frozenset[str] | None:
        """The attributes from which a variable is read, if it is bound to nothing else."""
        found = self.read_from.get(variable, {None})
        return None if None in found else frozenset(found)  # type: ignore[arg-type]

    def _note(self, s: gast.stmt) -> None:
        attribute = s.value.attr if isinstance(s, gast.Assign) and isinstance(s.value, gast.Attribute) else None
        for n in target_names(s):
            self.read_from.setdefault(n, set()).add(attribute)
        new = isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, gast.Call) and (
            all(map(is_atom, s.value.args)) and not s.value.keywords and self._makes_new(s.value))
        named = self._named(s)
        self._relate(named, new)
        if isinstance(s, gast.FunctionDef):
            self.same.define(s)
        elif OUTSIDE in named or not self.same.is_told(s):
            self.same.collapse(named)

    def _named(self, s: gast.stmt) -> set[str]:
        """The variables of which a statement, those in it aside, may hand on what they are or hold."""
        named: set[str] = set()
        if isinstance(s, gast.FunctionDef):
            named = captured(s) | {s.name}
        elif isinstance(s, gast.With):
            named = names_read(heads(s)) | names_stored([i.optional_vars for i in s.items if i.optional_vars]) | {OUTSIDE}
        elif not blocks(s):
            named = set(_handed_on(s)) | names_stored(s) | ({OUTSIDE} if self._reaches_outside(s) else _NONE)
        return {n for n in named if n in self.local or n == OUTSIDE}

    def _relate(self, together: Collection[str], new: bool = False) -> None:
        """Any of these may be or hold what another is or holds; with `new`, not the same container."""
        for n in together:
            (self.copied if new else self.near).setdefault(n, set()).update(together)

    def rename(self, old: str, new: str) -> None:
        """`new` stands where `old` stood."""
        self.same.rename(old, new)
        for related in (self.near, self.copied):
            for n in related.get(old, set()) - {old}:
                related.setdefault(n, set()).add(new)
                related.setdefault(new, set()).add(n)

    def of(self, variable: str, flat: Callable[[str], bool] = lambda n: False) -> set[str]:
        copied = self.copied.get(variable, _NONE)
        return self.near.get(variable, set()) | (set() if flat(variable) else {n for n in copied if not flat(n)})

    def reached(self, variables: Collection[str], plain: Callable[[str], bool], flat: Callable[[str], bool]) -> set[str]:
        """The variables that may be or hold what one of these is or holds. `plain`: what holds nothing; `flat`: no container
        within another."""
        new = [n for n in variables if not plain(n)]
        found = set(new)
        while new:
            for n in self.of(new.pop(), flat):
                if n not in found and not plain(n):
                    found.add(n)
                    new.append(n)
        return found

    def exposed(self, kinds: Mapping[str, Kind]) -> frozenset[str]:
        """The variables whose contents code that is not read may change when it runs: what stands outside or is handed to
        a context holds them."""
        holding = self.reached([OUTSIDE], lambda n: n != OUTSIDE and is_plain(kinds.get(n, UNKNOWN)), lambda n: False)
        near = {n for holder in holding for n in self.of(holder) if n != OUTSIDE}
        return frozenset(n for n in near if is_mutable(kinds.get(n, UNKNOWN)) and not isinstance(kinds.get(n), Object))

    def _makes_new(self, call: gast.Call) -> bool:
        """Is what a call gives certainly no container that it is given? If it is one of the language or of NumPy."""
        function = self.static(call.func)
        if function is MISSING:
            return isinstance(call.func, gast.Attribute) and call.func.attr == "copy"
        module = module_of(function)
        return id(function) in _COPYING or module.startswith(("numpy", "autodiff_src.runtime"))

    def _reaches_outside(self, node: Any) -> bool:
        """Does a statement hand on an object outside that counts, or what that holds?"""
        if isinstance(node, gast.Name):
            return node.id not in self.local and self.counts(self.namespace.lookup(node.id))
        if isinstance(node, gast.Attribute):
            value = static_value(node, self.namespace, self.local)
            return self.counts(value) if value is not MISSING else self._reaches_outside(node.value)
        return any(map(self._reaches_outside, _handing_on(node)))


def _handed_on(node: Any) -> Iterator[str]:
    """Names of which a statement may hand the value, or what it holds, on."""
    if isinstance(node, gast.Name):
        if isinstance(node.ctx, gast.Load):
            yield node.id
    elif isinstance(node, gast.Lambda):
        yield from captured(node)
    else:
        for child in _handing_on(node):
            yield from _handed_on(child)


def _handing_on(node: Any) -> list[Any]:
    """The parts of a node that it may hand on: not keys, tests, lengths and shapes."""
    if isinstance(node, gast.Subscript):
        return [node.value]
    if isinstance(node, gast.Call) and is_name(node.func, "len") or isinstance(node, (gast.Compare, gast.JoinedStr)):
        return []
    if isinstance(node, gast.Attribute) and node.attr in SHAPE_ATTRIBUTES:
        return []
    if isinstance(node, gast.BinOp) and not isinstance(node.op, (gast.Add, gast.Mult, *_OF_SETS)):
        return []
    return children(node)
