"""Contributions to adjoints, in the shape of what they are the adjoint of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import gast
import numpy as np

from autodiff_src.analyze.axis_lengths import same
from autodiff_src.analyze.calls import Primitive
from autodiff_src.analyze.complex_kinds import holds_complex
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Axis,
    Bool,
    Dict,
    Float,
    Int,
    Kind,
    Length,
    List,
    Object,
    Scalar,
    Tuple,
    attribute_carries,
    carries_derivative,
    is_dict,
    number_in,
)
from autodiff_src.differentiate.scope import Scope
from autodiff_src.rules import rule_for_complex
from autodiff_src.runtime import adjoints
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import clone, constant, expression, name

FULL, LOWER, UNSURE = "full", "lower", "unsure"


@dataclass
class Shaper:
    """Fits expressions to the adjoints that they are added to; `env` has the kinds of variables and of adjoints. `rebound`
    are names of attributes that may hold values of other shapes at other times."""

    scope: Scope
    kinds: ExpressionKinds
    env: dict[str, Kind]
    rebound: frozenset[str] = frozenset()

    def kind(self, e: gast.expr) -> Kind:
        return number_in(self.kinds.kind(e, self.env))

    def fit(self, e: gast.expr, variable: str, lower_allowed: bool) -> gast.expr:
        """`e` summed down to the shape of `variable` and in its dtype; broadcast up unless a lower shape is allowed."""
        want, have = number_in(self.env.get(variable, UNKNOWN)), self.kind(e)
        if isinstance(want, (List, Tuple, Dict)) and not isinstance(have, (Array, Scalar, Float)):
            return e
        if isinstance(want, (Float, Scalar)):
            return self._to_scalar(e, have, variable)
        if not isinstance(want, Array) or want.shape is None or not _dtypes_fit(want, have):
            return self._general(e, variable)
        if isinstance(have, (Float, Scalar)):
            return e if lower_allowed or not want.shape else self._up(e, variable)
        if not isinstance(have, Array) or have.shape is None:
            return self._general(e, variable)
        return self._to_array(e, want.shape, have.shape, variable, lower_allowed)

    def _to_scalar(self, e: gast.expr, have: Kind, variable: str) -> gast.expr:
        if holds_complex(have) and not holds_complex(self.env[variable]):
            return self._general(e, variable)
        if isinstance(have, (Float, Scalar, Int, Bool)) or isinstance(have, Array) and have.shape == ():
            return e
        if isinstance(have, Array) and have.shape is not None:
            return expression("np.sum(e)", np=self.scope.reference(np, "np"), e=e)
        return self._general(e, variable)

    def _to_array(
        self, e: gast.expr, want: tuple[Axis, ...], have: tuple[Axis, ...], variable: str, lower_allowed: bool
    ) -> gast.expr:
        relation = relate(want, have)
        if relation == FULL:
            return e
        if relation == LOWER:
            return e if lower_allowed else self._up(e, variable)
        lead = len(have) - len(want)
        narrow = [i for i, w in enumerate(want) if w == 1 and lead >= 0 and _is_many(have[lead + i])]
        rest = [(w, h) for i, (w, h) in enumerate(zip(want, have[max(lead, 0) :], strict=False)) if i not in narrow]
        if lead < 0 or not all(agree(w, h) for w, h in rest):
            return self._general(e, variable)
        if lead:
            axes = tuple(range(lead))
            e = expression("e.sum(axis=a)", e=e, a=_axes(axes))
        if narrow:
            e = expression("e.sum(axis=a, keepdims=True)", e=e, a=_axes(tuple(narrow)))
        return e

    def _up(self, e: gast.expr, variable: str) -> gast.expr:
        if isinstance(self.kind(e), (Float, Scalar)):
            return expression("np.full_like(x, e)", np=self.scope.reference(np, "np"), x=variable, e=e)
        return expression("np.broadcast_to(e, x.shape)", np=self.scope.reference(np, "np"), e=e, x=variable)

    def _general(self, e: gast.expr, variable: str) -> gast.expr:
        return expression("f(e, x)", f=self.scope.reference(adjoints.unbroadcast, "unbroadcast"), e=e, x=variable)

    def of_real(self, info: Primitive) -> Callable[[gast.expr], gast.expr]:
        """What writes a check around a derivative, where operands may be complex for which the rule does not hold."""
        unsure = [a for a in info.arguments if isinstance(a, gast.Name) and holds_complex(self.kind(a)) is None]
        if not unsure or rule_for_complex(info.rule) is info.rule or module_of(info.rule.primitive).startswith("autodiff_src."):
            return lambda e: e
        check = self.scope.reference(adjoints.of_real, "of_real")
        return lambda e: gast.Call(clone(check), [e, *map(clone, unsure)], [])

    def zeros(self, variable: str) -> gast.expr:
        """Zeros in the structure of a variable."""
        kind = number_in(self.env.get(variable, UNKNOWN))
        if isinstance(kind, Array) and kind.dtype is not None:
            return expression("np.zeros_like(x)", np=self.scope.reference(np, "np"), x=self.like(variable))
        if isinstance(kind, List) and kind.length == 0:
            return gast.List([], gast.Load())
        if isinstance(kind, List) and isinstance(kind.item, (Float, Scalar)):
            return expression("[0.0] * len(x)", x=variable)
        if is_dict(kind) and kind.held and all(isinstance(k, (Float, Scalar)) for k in kind.held):
            return expression("dict.fromkeys(x, 0.0)", dict=self.scope.reference(dict, "dict"), x=variable)
        return self._zeros_of(kind, name(variable))

    def _zeros_of(self, kind: Kind, value: gast.expr) -> gast.expr:
        """Zeros for a value: a list for a tuple, a dict for an object; items that carry no derivative have None."""
        kind = number_in(kind)
        if isinstance(kind, (Float, Scalar)):
            return constant(0.0)
        if isinstance(kind, Tuple) and kind.items is not None:
            zeros = [self._zeros_of(k, gast.Subscript(value, constant(i), gast.Load())) if carries_derivative(k)
                     else constant(None) for i, k in enumerate(kind.items)]
            return gast.List(zeros, gast.Load())
        if isinstance(kind, Object) and kind.items is not None:
            held = [(n, k) for n, k in kind.items if attribute_carries(kind, n)]
            parts = [constant(0.0) if n in self.rebound else self._zeros_of(k, gast.Attribute(value, n, gast.Load()))
                     for n, k in held]
            return gast.Dict([constant(n) for n, _ in held], parts)
        if isinstance(kind, List) and isinstance(kind.item, Object):
            item = self.scope.fresh("item")
            loop = gast.comprehension(name(item, gast.Store()), value, [], 0)
            return gast.ListComp(self._zeros_of(kind.item, name(item)), [loop])
        if isinstance(kind, Array) and kind.dtype is not None:
            return expression("np.zeros_like(x)", np=self.scope.reference(np, "np"), x=value)
        return expression("f(x)", f=self.scope.reference(adjoints.zeros_like, "zeros_like"), x=value)

    def like(self, variable: str) -> str:
        """A variable of the same shape and dtype, the variable itself if there is no better one."""
        return variable

    def is_lower(self, variable: str, e: gast.expr) -> bool:
        """Has the expression fewer elements than the variable, or may it have?"""
        want, have = self.env.get(variable, UNKNOWN), self.kind(e)
        if isinstance(want, Array) and want.shape:
            if isinstance(have, Array) and have.shape is not None:
                return relate(want.shape, have.shape) != FULL
            return True
        return False


def relate(want: tuple[Axis, ...], have: tuple[Axis, ...]) -> str:
    """Whether a value of shape `have` has the shape `want`, a lower one that broadcasts to it, or neither for certain."""
    if len(want) == len(have) and all(agree(w, h) for w, h in zip(want, have, strict=True)):
        return FULL
    if len(have) <= len(want):
        tail = want[len(want) - len(have) :]
        if all(h == 1 or agree(w, h) for w, h in zip(tail, have, strict=True)):
            return LOWER
    return UNSURE


def agree(want: Axis, have: Axis) -> bool:
    """Are two lengths of shapes that broadcast together the same for certain? Two that are not 1 must be."""
    return same(want, have) or _is_many(want) and _is_many(have)


def _is_many(axis: Axis) -> bool:
    return isinstance(axis, Length) and axis.many or isinstance(axis, int) and axis != 1


def _axes(axes: tuple[int, ...]) -> gast.expr:
    return constant(axes[0]) if len(axes) == 1 else gast.Tuple([constant(a) for a in axes], gast.Load())


def _dtypes_fit(want: Array, have: Kind) -> bool:
    if isinstance(have, (Array, Scalar)):
        return want.dtype is not None and have.dtype is not None and have.dtype == want.dtype
    return want.dtype is not None


def added(values: list[gast.expr]) -> gast.expr:
    """The sum of expressions, differences written as such."""
    total = values[0]
    for value in values[1:]:
        if isinstance(value, gast.UnaryOp) and isinstance(value.op, gast.USub):
            total = gast.BinOp(total, gast.Sub(), value.operand)
        else:
            total = gast.BinOp(total, gast.Add(), value)
    return total


_FRESH_METHODS = frozenset({"copy", "sum", "mean", "dot", "cumsum"})
_FRESH_FUNCTIONS = frozenset(
    [
        "zeros_like",
        "full_like",
        "zeros",
        "full",
        "empty",
        "outer",
        "dot",
        "matmul",
        "where",
        "sum",
        "expand_copy",
        "einsum",
        "add_at",
        "copy",
        "cos",
        "sin",
        "exp",
        "log",
        "sqrt",
        "tanh",
        "sign",
        "multiply",
        "maximum",
        "minimum",
        "tensordot",
    ]
)


def is_fresh(e: gast.expr) -> bool:
    """Is the value certainly new memory (or a number), shared with nothing?"""
    if isinstance(e, (gast.BinOp, gast.Constant)):
        return True
    if isinstance(e, gast.UnaryOp):
        return True
    if isinstance(e, gast.IfExp):
        return is_fresh(e.body) and is_fresh(e.orelse)
    if isinstance(e, gast.Call):
        if isinstance(e.func, gast.Attribute):
            return e.func.attr in (
                _FRESH_METHODS
                if not isinstance(e.func.value, gast.Name) or (e.func.value.id not in ("np", "numpy", "math"))
                else _FRESH_FUNCTIONS
            )
        return isinstance(e.func, gast.Name) and e.func.id in ("float", "zeros_like", "unpadded", "strong_zero")
    return False
