"""Updates, `x op= v`, that become other statements; what is left writes into an array or a set, or into elements.

    x += v          ->      x = x + v                           # x: a number, a string or a tuple
    x **= v         ->      old = x; new = old ** v; x = new
    x **= v         ->      old = x; new = old ** v; x[...] = new       # x: an array, which stays where it is
"""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.container_forms import ContainerForms
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Dict,
    Inert,
    Kind,
    Known,
    List,
    Scalar,
    Tuple,
    Unknown,
    is_dict,
    is_immutable_number,
)
from autodiff_src.analyze.library_updates import out_of_place
from autodiff_src.analyze.mutability import has_state
from autodiff_src.program import FreshNames
from autodiff_src.runtime.libraries import Library
from autodiff_src.syntax import assign, clone, constant, is_name, name

_IMMUTABLE = (Known, Inert, Tuple)
_IN_PLACE = (gast.Add, gast.Sub, gast.Mult, gast.Div)


class Updates:
    """The updates of one function, each written out once."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames, containers: ContainerForms, library: Library | None):
        self.expressions, self.names, self.containers, self.library = expressions, names, containers, library
        self.of_library: dict[str, gast.stmt] = {}  # by variables: updates that the library does in place
        self.done: dict[tuple[int, str], Any] = {}

    def rewritten(self, s: gast.AugAssign, following: gast.stmt | None, env: Env) -> list[gast.stmt] | None:
        """What stands for an update that `following` stands behind, or None."""
        held = self.expressions.kind(as_read(s.target), env)
        variable = is_name(s.target)
        if self._is_copied_back(s, following, env):
            return self.done.setdefault((id(s), "op"), [out_of_place(s)])
        if variable and self.library is not None and isinstance(held, (Array, Scalar, Unknown)):
            # NumPy's arrays may be among those of a library that its functions take, and lists among what is not known.
            if self.library.changes or self.library.dispatches or isinstance(held, Unknown):
                self.of_library[s.target.id] = s  # type: ignore[attr-defined]
            return self.done.setdefault((id(s), "op"), [out_of_place(s)])
        if not variable and self._changes_item(s.target, held, env):
            return self.containers.item_update(s, s.target)  # type: ignore[arg-type]
        if variable and has_state(held):
            return None
        if variable and is_dict(held) and isinstance(s.op, gast.BitOr):
            return self.containers.dict_update(s)
        if not isinstance(s.op, _IN_PLACE) or self._scales_by_index(s, env):
            check = self.containers.rebinding_check(s) if isinstance(held, Unknown) else []
            return [*check, *self._written_out(s, held)]
        if variable and isinstance(held, List):
            if isinstance(s.op, gast.Mult):
                return self.containers.repetition(s)
            return self.containers.extension(s, s.target.id, s.value, self.expressions.kind(s.value, env))  # type: ignore
        if variable and (is_immutable_number(held) or isinstance(held, _IMMUTABLE)):
            if (id(s), "op") not in self.done:
                self.done[id(s), "op"] = [out_of_place(s)]
            return self.done[id(s), "op"]
        return None

    def _is_copied_back(self, s: gast.AugAssign, following: gast.stmt | None, env: Env) -> bool:
        """`held = a[i]; held += v; a[i] = held`, as the normalizer writes `a[i] += v`: arrays take a copy."""
        if not getattr(s, "stored_next", False) or not isinstance(following, gast.Assign):
            return False
        place = following.targets[0]
        return isinstance(place, gast.Subscript) and is_name(following.value, s.target.id) and isinstance(  # type: ignore
            self.expressions.kind(place.value, env), Array)

    def _changes_item(self, target: Any, held: Kind, env: Env) -> bool:
        """Is what stands in a container changed where it is, not replaced?"""
        holder = self.expressions.kind(target.value, env)
        changed = isinstance(held, (List, Array)) or has_state(held) or is_dict(held)
        return changed and isinstance(holder, (List, Dict, Tuple)) and not isinstance(target.slice, gast.Slice)

    def _scales_by_index(self, s: gast.AugAssign, env: Env) -> bool:
        """`x[i] *= v` at what is or may be an integer array, which may name an element twice: the last product stays."""
        if not isinstance(s.target, gast.Subscript) or not isinstance(s.op, (gast.Mult, gast.Div)):
            return False
        holder, index = self.expressions.kind(s.target.value, env), self.expressions.kind(s.target.slice, env)
        parts = (index,) if not isinstance(index, Tuple) else (UNKNOWN,) if index.items is None else index.items
        return any(isinstance(k, List) or isinstance(k, Unknown) and isinstance(holder, Array)
                   or isinstance(k, Array) and k.dtype is not None and k.dtype.kind in "iu" for k in parts)

    def _written_out(self, s: gast.AugAssign, held: Kind) -> list[gast.stmt]:
        whole = is_name(s.target) and isinstance(held, Array)
        form = "written into" if whole else "written out"
        if (id(s), form) not in self.done:
            old, new = self.names.fresh("old"), self.names.fresh("new")
            place = gast.Subscript(name(s.target.id), constant(...), gast.Store()) if whole else s.target  # type: ignore
            self.done[id(s), form] = [
                assign(old, as_read(s.target), s), assign(new, gast.BinOp(name(old), s.op, s.value), s),
                assign(place, name(new), s)]
        return self.done[id(s), form]


def as_read(target: gast.expr) -> gast.expr:
    """The value at the target of an assignment."""
    read = clone(target)
    read.ctx = gast.Load()
    return read
