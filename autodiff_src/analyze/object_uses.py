"""How a function uses the objects of a class: in ways in which a dict could be used in their place, or in others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Kind, List, Object, is_dict
from autodiff_src.analyze.mutability import held_kinds
from autodiff_src.program import Program
from autodiff_src.syntax import COMPOUND, base_name, children, heads, is_name, walk

_METHODS = frozenset(["append", "insert", "extend", "pop"])
_FUNCTIONS = (len, list, tuple)


class Uses:
    """The uses of objects of one class; `kinds`: of the definitions of each variable."""

    def __init__(self, cls: type, kinds: Mapping[str, list[Kind]], program: Program):
        self.cls, self.kinds, self.program = cls, kinds, program
        self.names = {n for n, found in kinds.items() if any(map(self._holds, found))}

    def are_known(self, s: gast.stmt) -> bool:
        """Does a statement itself use the objects, and what holds them, only as it could use dicts?"""
        if isinstance(s, gast.Assign):
            targets = s.targets[0].elts if isinstance(s.targets[0], gast.Tuple) else s.targets
            handed_on = self._is_plain(s.value) or all(base_name(t) in self.names for t in targets) and self._hands_on(s.value)
            return handed_on and all(is_name(t) or self._is_part(t) for t in targets)
        if isinstance(s, gast.Expr) and self._is_list_method(s.value):
            call: Any = s.value
            return all(map(self._is_plain, call.args)) or (
                base_name(call.func) in self.names and all(map(self._hands_on, call.args)))
        if isinstance(s, gast.AugAssign):
            return all(is_name(e) or self._is_plain(e) for e in (s.target, s.value))
        if isinstance(s, (*COMPOUND, gast.Expr)):
            return all(map(self._is_plain, [s.value] if isinstance(s, gast.Expr) else heads(s)))
        return not any(isinstance(n, gast.Name) and n.id in self.names for n in walk(s))

    def is_object(self, e: gast.expr) -> bool:
        """Is a value certainly an object of the class?"""
        found = self._found(e)
        return bool(found) and all(isinstance(k, Object) and k.cls is self.cls for k in found)

    def _holds(self, kind: Kind) -> bool:
        """Is or holds a value an object of the class?"""
        if isinstance(kind, Object):
            return kind.cls is self.cls or any(self._holds(item) for _, item in kind.items or ())
        return any(map(self._holds, held_kinds(kind)))

    def _found(self, e: gast.expr) -> list[Kind]:
        """The kinds that a variable, an attribute or an item may have."""
        if isinstance(e, gast.Name):
            return self.kinds.get(e.id, [UNKNOWN])
        if isinstance(e, gast.Attribute):
            of = self._found(e.value)
            return [dict(k.items or ()).get(e.attr, UNKNOWN) if isinstance(k, Object) else UNKNOWN for k in of]
        if isinstance(e, gast.Subscript):
            found = self._found(e.value)
            if isinstance(e.slice, gast.Slice):
                return found
            at = e.slice.value if isinstance(e.slice, gast.Constant) else None
            return [k for of in found if not (isinstance(of, List) and of.length == 0) for k in _items_at(of, at)]
        return [UNKNOWN]

    def _is_plain(self, e: gast.expr) -> bool:
        """Is a value nothing of the objects, and computed of them by their attributes only?"""
        if isinstance(e, (gast.Name, gast.Attribute, gast.Subscript)):
            return not any(map(self._holds, self._found(e))) and (is_name(e) or self._is_part(e))
        if isinstance(e, gast.Compare) and all(isinstance(op, (gast.Is, gast.IsNot)) for op in e.ops):
            return all(map(self._is_reference, [e.left, *e.comparators]))
        if isinstance(e, gast.Call) and is_name(e.func) and self.program.namespace.lookup(e.func.id) is len:  # type: ignore
            return all(not self.is_object(a) and self._is_reference(a) for a in e.args)
        return all(map(self._is_plain, children(e)))

    def _is_reference(self, e: gast.expr) -> bool:
        return isinstance(e, gast.Name) or (
            self._is_part(e) if isinstance(e, (gast.Attribute, gast.Subscript)) else self._is_plain(e))

    def _is_part(self, e: Any) -> bool:
        """Is it an attribute of an object or an item of a container, by what a dict has, too?"""
        found = self._found(e.value)
        right = not any(map(self._holds, found)) or {isinstance(k, Object) for k in found} == {isinstance(e, gast.Attribute)}
        return right and self._is_reference(e.value) and all(map(self._is_plain, children(e)[1:]))

    def _hands_on(self, e: gast.expr) -> bool:
        """Is a value of the objects themselves, or a container of them?"""
        if isinstance(e, (gast.List, gast.Tuple)):
            return all(map(self._hands_on, e.elts))
        if isinstance(e, gast.Dict):
            return all(map(self._hands_on, e.values)) and all(k and self._is_plain(k) for k in e.keys)
        if isinstance(e, gast.BinOp):
            lists = isinstance(e.op, (gast.Add, gast.Mult)) and not (self.is_object(e.left) or self.is_object(e.right))
            return lists and self._is_reference(e.left) and self._is_reference(e.right)
        if isinstance(e, gast.Call) and not e.keywords:
            if self._is_list_method(e):
                return all(map(self._is_plain, e.args))
            plain = is_name(e.func) and self.program.namespace.lookup(e.func.id) in _FUNCTIONS  # type: ignore[attr-defined]
            return plain and all(not self.is_object(a) and self._is_reference(a) for a in e.args)
        return self._is_reference(e)

    def _is_list_method(self, e: gast.expr) -> bool:
        method = isinstance(e, gast.Call) and not e.keywords and isinstance(e.func, gast.Attribute) and e.func.attr in _METHODS
        if not method:
            return False
        of = e.func.value  # type: ignore[attr-defined]
        return all(isinstance(k, List) for k in self._found(of)) and self._is_reference(of)


def _items_at(kind: Kind, at: Any) -> list[Kind]:
    if is_dict(kind) and isinstance(at, str):
        return [dict(kind.items or ()).get(at, UNKNOWN)]
    items = held_kinds(kind)
    if not isinstance(kind, List) and isinstance(at, int) and -len(items) <= at < len(items):
        return [items[at]]
    return items or [UNKNOWN]
