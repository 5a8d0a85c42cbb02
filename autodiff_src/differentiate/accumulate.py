"""Adjoints of variables: how contributions are added to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.activity import Activity
from autodiff_src.analyze.calls import Called, Info, Integrated, Solved
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Float,
    Kind,
    Scalar,
    carries_derivative,
)
from autodiff_src.analyze.mutability import holds_numbers
from autodiff_src.analyze.operands import Operands
from autodiff_src.analyze.sharing import Memory
from autodiff_src.differentiate.contributions import FULL, Shaper, added, is_fresh, relate
from autodiff_src.differentiate.inline import Contribution, Piece
from autodiff_src.differentiate.scope import Scope
from autodiff_src.differentiate.strong_zeros import StrongZeros
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.runtime import adjoints, shadows
from autodiff_src.syntax import (
    assign,
    augment,
    clone,
    constant,
    expression,
    name,
    statement,
)


@dataclass(eq=False)
class Context:
    """What is known of the function whose statements are reversed. `handed_back`: the result, if a caller may change it."""

    program: Program
    scope: Scope
    shaper: Shaper
    activity: Activity
    calls: dict[int, Info]
    memory: Memory
    operands: Operands
    in_place: set[str]
    same_block: Callable[[str, gast.stmt], bool]
    unique_arrays: set[str]
    reverse_call: Callable[[gast.stmt, Called | Solved | Integrated, str | None], list[gast.stmt]]
    shadowed: frozenset[str]
    mirrored: dict[int, list[gast.stmt]]
    lost: dict[int, Any]
    last: frozenset[int]
    refilled: set[str]
    handed_back: str | None
    strong_zeros: StrongZeros
    sharers: dict[str, set[str]]

    @property
    def env(self) -> dict[str, Kind]:
        return self.shaper.env



class Accumulator:
    def __init__(self, context: Context):
        self.c = context

    # -- facts -------------------------------------------------------------------------------------------------------

    def d(self, variable: str) -> gast.Name:
        return name(self.c.scope.adjoint(variable))

    def after(self, s: gast.stmt, variable: str) -> bool:
        return variable in self.c.activity.active_after.get(id(s), ())

    def varied(self, s: gast.stmt, variable: str) -> bool:
        return variable in (self.c.activity.varied_before.get(id(s)) or ()) and carries_derivative(
            self.c.env.get(variable, UNKNOWN)
        )

    def kind(self, variable: str) -> Kind:
        return self.c.env.get(variable, UNKNOWN)

    def refuse(self, s: gast.stmt, reason: str, fix: str) -> UnsupportedError:
        return UnsupportedError(reason, self.c.program.place(s), fix)

    # -- accumulation ------------------------------------------------------------------------------------------------

    def contribute(
        self, s: gast.stmt, pieces: list[Piece], killed: tuple[str, ...] = (), persists: bool = False
    ) -> list[gast.stmt]:
        """Statements for the pieces, the contributions to each variable together, those to `killed` ones last.

        `persists`: the adjoint that the values may alias lives on.
        """
        new: list[gast.stmt] = [p for p in pieces if not isinstance(p, Contribution)]
        values: dict[str, list[gast.expr]] = {}
        for p in pieces:
            if isinstance(p, Contribution):
                values.setdefault(p.variable, []).append(p.value)
        for variable in sorted(values, key=lambda v: v in killed):
            first = variable in killed or not self.after(s, variable)
            new += self.accumulate(s, variable, values[variable], first, persists)
        return new

    def accumulate(
        self, s: gast.stmt, variable: str, values: list[gast.expr], first: bool, persists: bool = False
    ) -> list[gast.stmt]:
        if variable in self.c.shadowed:
            return self._into_shadow(s, variable, values)
        kind = self.kind(variable)
        target = self.d(variable).id
        lower = first and variable not in self.c.in_place and self.c.same_block(variable, s)
        fitted = [self.c.shaper.fit(v, variable, lower or not first and isinstance(kind, Array)) for v in values]
        if isinstance(kind, (Array, Float, Scalar)):
            total = added(fitted)
            if first:
                return [self._first(s, variable, total, persists)]
            if isinstance(kind, Array) and variable not in self.c.in_place:
                value = added([name(target), *fitted])
                self.c.env[target] = self.c.shaper.kind(value)
                return [assign(target, value, s)]
            if len(fitted) == 1 and isinstance(total, gast.UnaryOp) and isinstance(total.op, gast.USub):
                return [augment(target, gast.Sub(), total.operand, s)]
            return [augment(target, gast.Add(), total, s)]
        add = self.c.scope.reference(adjoints.add, "add")
        total = fitted[0]
        for value in fitted[1:]:
            total = gast.Call(clone(add), [total, value], [])
        if first:
            return [self._first(s, variable, total, persists)]
        return [assign(target, gast.Call(add, [name(target), total], []), s)]

    def _into_shadow(self, s: gast.stmt, variable: str, values: list[gast.expr]) -> list[gast.stmt]:
        fitted = [self.c.shaper.fit(v, variable, True) for v in values]
        if not isinstance(self.kind(variable), Array):
            if variable in self.c.refilled and not holds_numbers(self.kind(variable)) and id(s) not in self.c.last:
                raise self.refuse(s, f"{variable}, whose items change, is read as a whole", "read its items one by one")
            add_into = self.c.scope.reference(shadows.add_into, "add_into")
            return [statement("f(d, e)", s, f=add_into, d=self.d(variable), e=e) for e in fitted]
        total, op = added(fitted), gast.Add()
        if isinstance(total, gast.UnaryOp) and isinstance(total.op, gast.USub):
            total, op = total.operand, gast.Sub()
        return [augment(self.memory(variable), op, total, s)]

    def memory(self, variable: str) -> gast.expr:
        """The adjoint of an array as the target of an update in place."""
        if variable not in self.c.shadowed:
            return name(self.d(variable).id, gast.Store())
        return gast.Subscript(self.d(variable), constant(...), gast.Store())

    def _first(self, s: gast.stmt, variable: str, value: gast.expr, persists: bool) -> gast.stmt:
        target = self.d(variable).id
        kind = self.kind(variable)
        if isinstance(kind, Array):
            self.c.env[target] = self.c.shaper.kind(value)
            if (variable in self.c.in_place or persists) and not is_fresh(value):
                value = self._own(value, kind)
        elif not isinstance(kind, (Float, Scalar)) and (variable in self.c.in_place or persists):
            zero = self.c.shaper.zeros(variable)
            if not isinstance(value, (gast.List, gast.Dict)):
                value = gast.Call(self.c.scope.reference(adjoints.add, "add"), [zero, value], [])
        return assign(target, value, s)

    def _own(self, value: gast.expr, kind: Array) -> gast.expr:
        """A copy that can be written into: NumPy's arithmetic makes numbers of arrays without axes."""
        if kind.shape:
            return expression("e.copy()", e=value)
        return expression("np.array(e)", np=self.c.scope.reference(np, "np"), e=value)

    def zero(self, variable: str, at: gast.AST) -> gast.stmt:
        target = self.d(variable).id
        self.c.env[target] = self.kind(variable)
        return assign(target, self.c.shaper.zeros(variable), at)

    def full(self, s: gast.stmt, variable: str) -> list[gast.stmt]:
        """The adjoint of a variable brought up to the variable's own shape."""
        target = self.d(variable)
        if (
            not self.c.shaper.is_lower(variable, target)
            or isinstance(self.c.env.get(target.id), Array)
            and (self.c.env[target.id] == self.kind(variable))
        ):
            return []
        if target.id not in self.c.env:
            return []
        have = self.c.env[target.id]
        if (
            isinstance(have, Array)
            and isinstance(self.kind(variable), Array)
            and have.shape is not None
            and relate(self.kind(variable).shape, have.shape) == FULL  # type: ignore[attr-defined]
        ):  # type: ignore[attr-defined,arg-type]
            return []
        value = self.c.shaper._up(clone(target), variable)
        self.c.env[target.id] = self.kind(variable)
        return [assign(target.id, value, s)]
