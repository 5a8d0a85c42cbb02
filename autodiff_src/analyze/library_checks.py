"""What functions do with arrays of other libraries that has no derivative there, or another meaning than in NumPy."""

from __future__ import annotations

import inspect
import math

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Array, Scalar, Unknown
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import MISSING, Program
from autodiff_src.runtime.libraries import Library
from autodiff_src.runtime.objects import is_of_numpy
from autodiff_src.syntax import heads, is_name, walk

_OF_CLASSES = (isinstance, issubclass, type, hasattr, getattr, callable)
_OFF_DEVICE = (float, int, bool, complex, *(f for f in vars(math).values() if callable(f)))
_ATTRIBUTES = frozenset({"shape", "ndim", "size", "dtype", "T", "mT"})
_PASS_ON = "pass what differs as an argument of its own"


class LibraryChecks:
    """Looks at the statements of one function, as its author wrote them."""

    def __init__(self, program: Program, expressions: ExpressionKinds, library: Library):
        self.program, self.expressions, self.library = program, expressions, library

    def check(self, s: gast.stmt, env: Env) -> None:
        """Raises UnsupportedError for what is not differentiated with arrays of the library."""
        if isinstance(s, gast.FunctionDef):
            return
        for target in (*getattr(s, "targets", ()), getattr(s, "target", None)):
            if isinstance(target, gast.Subscript) and self._may_be_array(target.value, env):
                raise self._refused(s, f"elements of an array of {self.library.name} are stored",
                                    "make a new array: xp.where, xp.concat")
        if self.library.lazy and isinstance(s, (gast.If, gast.While, gast.Assert)) and self._may_be_array(s.test, env):
            raise self._refused(s, f"this test asks for the value of an array of {self.library.name}",
                                "choose with np.where, or call x.compute() outside")
        for node in (n for part in heads(s) or [s] for n in walk(part)):
            if isinstance(node, gast.Call):
                self._check_call(node, s, env)
            elif isinstance(node, gast.Attribute):
                self._check_attribute(node, s, env)

    def _check_call(self, node: gast.Call, s: gast.stmt, env: Env) -> None:
        function = self.expressions.function(node.func, env)
        if function is MISSING or not any(self._may_be_array(a, env) for a in node.args):
            return
        name = getattr(function, "__name__", "")
        given = is_name(node.func) and node.func.id in self.expressions.namespace.extra  # a name that the derivation gave
        if is_name(node.func) and not given and is_of_numpy(function) and not self.library.dispatches:
            raise self._numpy(s, name)
        if any(function is f for f in _OF_CLASSES):
            raise self._refused(s, f"{name} tells arrays of {self.library.name} and of NumPy apart", _PASS_ON)
        if any(function is f for f in _OFF_DEVICE):
            raise self._refused(s, f"{name} makes a Python number of an array of {self.library.name}",
                                "use the array itself, with functions of its library")

    def _check_attribute(self, node: gast.Attribute, s: gast.stmt, env: Env) -> None:
        value = self.expressions.static(node, env)
        if value is not MISSING:
            of_numpy = isinstance(value, np.ufunc) or inspect.isroutine(value) or isinstance(value, type)
            if of_numpy and is_of_numpy(value) and not self.library.dispatches and not self._renamed(node, env):
                raise self._numpy(s, node.attr)
            return
        held = self.expressions.kind(node.value, env)
        if not isinstance(held, (Array, Scalar)) or node.attr in _ATTRIBUTES or node.attr == "__array_namespace__":
            return
        if self.library.standard or self.library.lazy and node.attr in ("item", "compute", "persist", "tolist"):
            raise self._refused(s, f"the attribute .{node.attr} of arrays of {self.library.name} is not differentiated",
                                "use functions of the array API standard")
        if node.attr in ("item", "tolist", "block_until_ready", "get", "at"):
            raise self._refused(s, f"the attribute .{node.attr} of arrays of {self.library.name} is not differentiated",
                                "use functions of its namespace")

    def _renamed(self, node: gast.Attribute, env: Env) -> bool:
        """Does it go by a name that the derivation gave?"""
        base = node
        while isinstance(base, gast.Attribute):
            base = base.value
        return not is_name(base) or base.id in self.expressions.namespace.extra

    def _may_be_array(self, node: gast.expr, env: Env) -> bool:
        return isinstance(self.expressions.kind(node, env), (Array, Scalar, Unknown))

    def _numpy(self, s: gast.stmt, function: str) -> UnsupportedError:
        reason = f"np.{function} is called beside arrays of {self.library.name}, which it would take to the host"
        return self._refused(s, reason, "take functions from the library: xp = array_namespace(x)")

    def _refused(self, s: gast.stmt, reason: str, fix: str) -> UnsupportedError:
        return UnsupportedError(reason, self.program.place(s), fix)
