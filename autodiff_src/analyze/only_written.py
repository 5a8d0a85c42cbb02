"""Lists and dicts held by objects that a function only writes into: logs, histories, caches. No derivative comes out of them.

    log = m.log
    log.append(loss)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import gast

from autodiff_src.analyze.calls import Info, ListMethod
from autodiff_src.analyze.container_changes import may_be
from autodiff_src.analyze.kinds import UNKNOWN, Kind, List, Maybe, Object, Tuple, Unknown, is_dict
from autodiff_src.analyze.mutability import held_kinds
from autodiff_src.syntax import COMPOUND, heads, is_name, names_read, walk, walk_statements

_STORING = frozenset(["append", "insert", "extend"])


class OnlyWritten:
    """Which they are; `kinds` by variable, `calls` by a statement's id; `shown`: what others read when the function has run."""

    def __init__(self, body: list[gast.stmt], kinds: dict[str, Kind], calls: dict[int, Info], shown: Collection[str]):
        self.kinds, self.shown = kinds, shown
        self.mentions: Counter[str] = Counter()
        self.parts: Counter[str] = Counter()  # mentions as what a part is taken or the length is asked of
        self.stores: Counter[str] = Counter()  # mentions that read nothing of a container
        self.items: dict[str, set[str]] = {}
        for s in walk_statements(body):
            self._note(s, calls.get(id(s)))
        self.logs = self._logs()

    def among(self, sharers: Mapping[str, Collection[str]]) -> set[str]:
        """Which variables of those that share memory are such ones; `sharers`: all that one may be, or be held by."""
        return {n for n, others in sharers.items() if n in self.logs and all(self._is_apart(m, n) for m in others)}

    def _note(self, s: Any, info: Info | None) -> None:
        nodes = [n for root in (heads(s) if isinstance(s, COMPOUND) else [s]) for n in walk(root)]
        self.mentions.update(n.id for n in nodes if isinstance(n, gast.Name))
        lengths = [n.args[0].id for n in nodes if isinstance(n, gast.Call) and is_name(n.func, "len") and is_name(n.args[0])]
        self.stores.update(lengths)
        self.parts.update(lengths)
        called = {id(n.func) for n in nodes if isinstance(n, gast.Call)}  # a method takes its object as a whole
        self.parts.update(n.value.id for n in nodes if isinstance(n, (gast.Attribute, gast.Subscript)) and is_name(n.value)
                          and id(n) not in called)
        target: Any = s.targets[0] if isinstance(s, gast.Assign) else None
        if isinstance(s, gast.Expr) and isinstance(info, ListMethod) and info.method in _STORING:
            self.stores.update(names_read(s.value.func))  # type: ignore[attr-defined]
        elif isinstance(target, gast.Subscript) and is_name(target.value):
            self.stores[target.value.id] += 1
        elif is_name(target) and isinstance(s.value, (gast.Attribute, gast.Subscript)) and is_name(s.value.value):
            self.parts[target.id] += 1
            self.stores[target.id] += 1
            if isinstance(s.value, gast.Subscript):
                self.stores[s.value.value.id] += 1
                self.items.setdefault(s.value.value.id, set()).add(target.id)

    def _logs(self) -> set[str]:
        """Lists and dicts of which nothing is read but items that are such lists and dicts themselves."""
        containers = {n for n, kind in self.kinds.items() if isinstance(kind, List) or is_dict(kind)}
        found = {n for n in containers - set(self.shown) if self.mentions[n] == self.stores[n]}
        while left := {n for n in found if not self.items.get(n, set()) <= found}:
            found -= left
        return found

    def _is_apart(self, variable: str, log: str) -> bool:
        """Is a variable no way to what the log holds?"""
        kind = self.kinds.get(variable, UNKNOWN)
        taken_apart = self.mentions[variable] == self.parts[variable] and variable not in self.shown
        return variable in self.logs or not _may_reach(kind, self.kinds[log], taken_apart)


def _may_reach(kind: Kind, log: Kind, taken_apart: bool) -> bool:
    """May a value be a container or hold it? Objects that are `taken_apart` are asked for their attributes only."""
    if isinstance(kind, Maybe):
        return False
    if isinstance(kind, (Unknown, Object)):
        return isinstance(kind, Unknown) or not taken_apart
    container = isinstance(kind, (List, Tuple)) or is_dict(kind)
    return container and (may_be(kind, log) or any(_may_reach(k, log, taken_apart) for k in held_kinds(kind)))
