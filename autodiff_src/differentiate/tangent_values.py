"""Tangents of values: by their names, in displays, and zeros in the structure of a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Float,
    Int,
    Kind,
    List,
    Object,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
)
from autodiff_src.analyze.object_memory import selected_in
from autodiff_src.analyze.operands import Operands
from autodiff_src.differentiate.contributions import Shaper
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.scope import Scope
from autodiff_src.runtime import tangents
from autodiff_src.runtime.values import kept
from autodiff_src.syntax import base_name, clone, constant, expression, name


@dataclass(eq=False)
class Forward:
    """What is known of one function: `carriers` have a tangent, `varied` may depend on what is differentiated,
    `functions` read variables that do; `written`: variables of which the memory is written into, `seen`: those of which
    others may write into the memory afterwards; `operands`: what statements compute with; `local`: its own names; `call_of`
    gives the name of a called function's forward text for the parameters that carry."""

    p: Prepared
    scope: Scope
    shaper: Shaper
    carriers: set[str]
    varied: set[str]
    functions: set[str]
    written: set[str]
    seen: set[str]
    operands: Operands
    local: set[str]
    call_of: Callable[[Any, tuple[bool, ...]], str]


class TangentValues:
    """Expressions of one function's tangents. A sequence's tangent is a sequence of the same class; an object's is a dict
    of those of its attributes; numbers that carry no derivative have 0.0, everything else has None."""

    def __init__(self, forward: Forward):
        self.f = forward

    def kind(self, variable: str | None) -> Kind:
        return self.f.shaper.env.get(variable or "", UNKNOWN)

    def dot_name(self, variable: str) -> gast.Name:
        return name(self.f.scope.tangent(variable))

    def tangent_of(self, e: gast.expr) -> gast.expr | None:
        """The tangent of an operand; None where it has none."""
        if isinstance(e, gast.Name):
            return self.dot_name(e.id) if e.id in self.f.carriers else None
        if isinstance(e, (gast.Tuple, gast.List)):
            return self._display(e) if any(self.tangent_of(item) is not None for item in e.elts) else None
        if isinstance(e, gast.Dict):
            return self._display(e) if any(self.tangent_of(item) is not None for item in e.values) else None
        if isinstance(e, (gast.Subscript, gast.Attribute)) and base_name(e) in self.f.carriers:
            return self.mirrored(e)
        return None

    def _display(self, e: Any) -> gast.expr:
        if isinstance(e, gast.Dict):
            return gast.Dict([None if k is None else clone(k) for k in e.keys], [self.leaf(item) for item in e.values])
        return type(e)([self.leaf(item) for item in e.elts], gast.Load())

    def leaf(self, e: gast.expr) -> gast.expr:
        """The tangent of a value that is put into a container: zeros where it has none."""
        return self.tangent_of(e) or self.of_display(e) or self.zeros(e)

    def of_display(self, e: gast.expr) -> gast.expr | None:
        return self._display(e) if isinstance(e, (gast.Tuple, gast.List, gast.Dict)) else None

    def zeros(self, e: gast.expr) -> gast.expr:
        kind = self.f.shaper.kind(e)
        if isinstance(kind, (Float, Scalar, Int, Bool)):
            return constant(0.0)
        if isinstance(kind, Array) and kind.dtype is not None and kind.dtype.kind in "fc":
            return expression("np.zeros_like(x)", np=self.f.scope.reference(np, "np"), x=e)
        if isinstance(kind, List) and kind.length == 0:
            return gast.List([], gast.Load())
        if isinstance(kind, List) and isinstance(kind.item, (Float, Scalar)):
            return expression("[0.0] * len(x)", x=e)
        if not carries_derivative(kind) and not isinstance(kind, (Unknown, Array, List, Tuple)):
            return constant(None)
        function = self.f.scope.reference(tangents.zero_tangent, "zero_tangent")
        names = sorted(selected_in(kind) or ())
        if names:
            return expression("f(x, n)", f=function, x=e, n=gast.Tuple([constant(n) for n in names], gast.Load()))
        return expression("f(x)", f=function, x=e)

    def mirrored(self, e: gast.expr) -> gast.expr:
        """A chain of subscripts and attributes on the tangent of what it starts from."""
        if isinstance(e, gast.Name):
            return self.dot_name(e.id)
        if isinstance(e, gast.Subscript):
            return gast.Subscript(self.mirrored(e.value), clone(e.slice), gast.Load())
        assert isinstance(e, gast.Attribute)
        if isinstance(self.f.shaper.kind(e.value), Object):
            return gast.Subscript(self.mirrored(e.value), constant(e.attr), gast.Load())
        return gast.Attribute(self.mirrored(e.value), e.attr, gast.Load())

    def imaginary(self, e: gast.Attribute) -> gast.expr | None:
        """The tangent of an imaginary part; that of a tangent that is not complex is zero."""
        d_of = self.tangent_of(e.value)
        return None if d_of is None else expression("np.imag(d)", np=self.f.scope.reference(np, "np"), d=d_of)

    def place(self, target: gast.expr) -> Any:
        """Where the tangent of what is stored in `target` goes."""
        load = clone(target)
        load.ctx = gast.Load()
        new: Any = self.mirrored(load)
        new.ctx = gast.Store()
        return new

    def copied(self, variable: str, value: gast.expr) -> gast.expr:
        if isinstance(self.kind(variable), Array):
            return expression("e.copy()", e=value)
        return expression("f(e)", f=self.f.scope.reference(kept, "kept"), e=value)
