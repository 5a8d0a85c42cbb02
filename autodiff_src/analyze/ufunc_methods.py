"""Methods of ufuncs that have no rule, as calls of functions that are read.

    y = np.hypot.reduce(x, axis=1)      ->      y = reduced(np.hypot, x, axis=1)
"""
from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import BuiltinFunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import carries_derivative
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import MISSING
from autodiff_src.rules import rule_for
from autodiff_src.runtime.libraries import Library
from autodiff_src.runtime.ufunc_loops import METHODS
from autodiff_src.syntax import located, name, with_value

_OPTIONS = ("axis", "keepdims", "array", "indices")


def read_for(method: Any) -> Callable[..., Any] | None:
    """The function that is read for a method of a differentiable ufunc, with the ufunc in front; None for all others."""
    ufunc = method.__self__ if isinstance(method, BuiltinFunctionType) else None
    if not isinstance(ufunc, np.ufunc) or (ufunc.nin, ufunc.nout) != (2, 1) or rule_for(ufunc) is None:
        return None
    read = METHODS.get(method.__name__) if rule_for(method) is None else None
    return None if read is None else partial(read, ufunc)


class UfuncMethods:
    """Of one function."""

    def __init__(self, expressions: ExpressionKinds, outside: OutsideNames, library: Library | None):
        self.expressions, self.outside, self.library = expressions, outside, library
        self.done: dict[int, list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a call of such a method; None for other statements, and where nothing can carry a derivative."""
        call = s.value
        if not isinstance(call, gast.Call) or self.library is not None or any(k.arg not in _OPTIONS for k in call.keywords):
            return None
        function = self.expressions.function(call.func, env)
        read: Any = None if function is MISSING else read_for(function)
        if read is None or not any(carries_derivative(self.expressions.kind(a, env)) for a in call.args):
            return None
        if id(s) not in self.done:
            ufunc = name(self.outside.name_for(read.args[0], read.args[0].__name__))
            of = call.func.value if isinstance(call.func, gast.Attribute) else ufunc
            text = name(self.outside.name_for(read.func, read.func.__name__))
            self.done[id(s)] = [located(with_value(s, gast.Call(text, [of, *call.args], call.keywords)), s)]
        return self.done[id(s)]
