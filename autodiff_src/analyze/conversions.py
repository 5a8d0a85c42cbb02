"""Conversions of arrays of which it is known whether they copy, and those that ufuncs are asked for.

    y = np.asarray(x, float)        ->      y = np.asarray(x)           # x: an array of that dtype, which y is then
    y = np.asarray(x, complex)      ->      y = x.astype(complex)       # x: an array of another dtype
    y = np.array(x, copy=True)      ->      y = np.array(x)
    y = np.add(x, 1.0, dtype=t)     ->      y = np.add(x.astype(t), 1.0)
"""
from __future__ import annotations

from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Array, Float, Int
from autodiff_src.analyze.samples import Undecided, literal
from autodiff_src.program import FreshNames
from autodiff_src.rules import rule_for
from autodiff_src.syntax import assign, clone, is_constant, is_name, located, name, with_value


class Conversions:
    """Of one function, each written once."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames):
        self.expressions, self.names = expressions, names
        self.done: dict[tuple[int, bool], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a conversion; None for other statements, and where it is not known what it does."""
        call = s.value
        if not isinstance(call, gast.Call) or not call.args:
            return None
        function = self.expressions.function(call.func, env)
        if function is np.array:
            return self._without_copy(s, call)
        if isinstance(function, np.ufunc):
            return self._of_operands(s, call, function, env)
        if function is not np.asarray and function is not np.asanyarray:
            return None
        kind, dtype = self.expressions.kind(call.args[0], env), _dtype_argument(call)
        if dtype is None or not isinstance(kind, Array) or kind.dtype is None:
            return None
        try:
            wanted = literal(self.expressions.kind(dtype, env))
            same = wanted is None or np.dtype(wanted) == kind.dtype
        except (Undecided, TypeError):
            return None
        if same:
            return self._once(s, True, gast.Call(call.func, call.args[:1], []))
        if not is_name(call.args[0]):
            return None
        return self._once(s, False, gast.Call(gast.Attribute(call.args[0], "astype", gast.Load()), [dtype], []))

    def _of_operands(self, s: Any, call: gast.Call, function: np.ufunc, env: Env) -> list[gast.stmt] | None:
        """The operands converted to the floating dtype that a ufunc is asked to compute in."""
        kinds = [self.expressions.kind(a, env) for a in call.args]
        arrays = [isinstance(k, Array) and k.dtype is not None and k.dtype.kind in "biuf" for k in kinds]
        plain = len(kinds) == function.nin and any(arrays) and all(
            array or isinstance(k, (Float, Int)) for array, k in zip(arrays, kinds, strict=True))
        if not plain or [k.arg for k in call.keywords] != ["dtype"] or rule_for(function) is None:
            return None
        dtype = call.keywords[0].value
        try:
            if np.dtype(literal(self.expressions.kind(dtype, env))).kind != "f":
                return None
        except (Undecided, TypeError):
            return None
        convert = [gast.Call(gast.Attribute(clone(a), "astype", gast.Load()), [clone(dtype)], []) for a in call.args]
        if (id(s), True) not in self.done:
            names = [self.names.fresh("operand") if array else None for array in arrays]
            before = [located(assign(n, c), s) for n, c in zip(names, convert, strict=True) if n]
            operands = [a if n is None else name(n) for n, a in zip(names, call.args, strict=True)]
            self.done[id(s), True] = [*before, located(with_value(s, gast.Call(call.func, operands, [])), s)]
        return self.done[id(s), True]

    def _without_copy(self, s: Any, call: gast.Call) -> list[gast.stmt] | None:
        left = [k for k in call.keywords if k.arg != "copy"]
        told = [k.value for k in call.keywords if k.arg == "copy"]
        if len(told) != 1 or not is_constant(told[0]) or told[0].value is not True:  # type: ignore[attr-defined]
            return None
        return self._once(s, True, gast.Call(call.func, call.args, left))

    def _once(self, s: Any, same: bool, value: gast.expr) -> list[gast.stmt]:
        if (id(s), same) not in self.done:
            self.done[id(s), same] = [located(with_value(s, clone(value)), s)]
        return self.done[id(s), same]


def _dtype_argument(call: gast.Call) -> gast.expr | None:
    """The dtype that is all that a call is given besides the array."""
    given = [*call.args[1:], *(k.value for k in call.keywords if k.arg == "dtype")]
    only = len(given) == len(call.args) - 1 + len(call.keywords) and len(given) == 1
    return given[0] if only and not isinstance(given[0], gast.Starred) else None
