"""Texts for arrays of other libraries: what is written in NumPy's terms calls the functions of the arrays' own library.

    d_x = np.full_like(x, d_s)          ->      d_x = xp.zeros_like(x) + d_s
    d_b = d_h.sum(axis=0)               ->      d_b = xp.sum(d_h, axis=0)
    d_x += d_b                          ->      d_x = d_x + d_b

Nothing reaches NumPy: a function that is not on the list is refused.
"""

from __future__ import annotations

import inspect
import math
from dataclasses import replace
from types import FunctionType, ModuleType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import is_library
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Array, Float, Int, Kind, Scalar, Unknown
from autodiff_src.analyze.library_targets import Target
from autodiff_src.differentiate.namespace_forms import FORMS, copied
from autodiff_src.differentiate.namespace_functions import CONSTANTS, METHODS, STANDARD
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import MISSING, Program
from autodiff_src.runtime import portable_indexing
from autodiff_src.runtime.objects import is_of_numpy
from autodiff_src.runtime.portable import PORTABLE
from autodiff_src.syntax import (
    Transformer,
    assign,
    clone,
    constant,
    expression,
    is_name,
    name,
    names_read,
    names_stored,
    parameter_names,
    target_names,
    walk_statements,
)

_ARITHMETIC = (gast.Add, gast.Sub, gast.Mult, gast.Div, gast.Pow, gast.MatMult)
_COMPARING = (max, min, sorted, sum, bool, int, complex)
_ARRAYS = (Array, Scalar)


def in_namespace(program: Program, kinds: dict[str, Kind], target: Target) -> Program:
    """The program with the functions of the target's namespace.

    Raises UnsupportedError for what the library has no function for.
    """
    change = InNamespace(program, kinds, target)
    function = change.visit(clone(program.function))
    return replace(program, function=function, namespace=replace(program.namespace, extra=change.extra))


class InNamespace(Transformer):
    def __init__(self, program: Program, kinds: dict[str, Kind], target: Target):
        self.program, self.library, self.module, self.dtype = program, target.library, target.module, target.dtype
        self.standard = self.module.__name__.startswith(("array_api_strict", "array_api_compat"))
        self.local = names_stored(program.function.body) | set(parameter_names(program.function.args))
        self.bound = [n for s in walk_statements(program.function.body) for n in target_names(s)]
        self.expressions = ExpressionKinds(program.namespace, real_powers=True)
        self.env = {**dict.fromkeys(self.local, UNKNOWN), **kinds}
        self.extra = dict(program.namespace.extra)
        self.statement: gast.AST = program.function
        self.zeros, self.now_zeros = "", ""  # what the statement before, and this one, fills with zeros
        self.floating: set[int] = set()  # the ids of expressions that have become floating

    # -- what the text names --------------------------------------------------------------------------------------------

    def outside(self, value: Any, wanted: str) -> gast.expr:
        """A name for an object outside: the one that the user has for a module, or `wanted`."""
        taken = self.local | names_read(self.program.function.body)
        space = self.program.namespace
        if isinstance(value, ModuleType):
            for known in (*space.cells, *space.globals):
                if known not in self.local and space.lookup(known) is value:
                    return name(known)
        while self.extra.get(wanted, None) is not value and (wanted in taken or space.lookup(wanted) is not MISSING):
            wanted += "_"
        self.extra[wanted] = value
        return name(wanted)

    def of_module(self, path: str) -> gast.expr:
        """A function of the namespace; raises UnsupportedError if it has none by that name."""
        node, owner = self.outside(self.module, _SHORT.get(self.module.__name__, "xp")), self.module
        theirs: Any = self.library.namespace  # what NumPy's functions call for arrays of the library
        for part in path.split("."):
            theirs = getattr(theirs, part, None)
            if not hasattr(owner, part) or self.module is np and theirs is None:
                raise self.refused(f"{self.library.name} has no function {path}")
            owner, node = getattr(owner, part), gast.Attribute(node, part, gast.Load())
        return node

    def refused(self, reason: str) -> UnsupportedError:
        return UnsupportedError(f"{reason}: the derivative needs it", self.program.place(self.statement),
                                "write it with other functions of the library, or convert the arrays to NumPy's outside")

    def kind(self, node: gast.expr) -> Kind:
        return self.expressions.kind(node, self.env)

    def _is_array(self, node: gast.expr) -> bool:
        return isinstance(self.kind(node), _ARRAYS)

    # -- statements -----------------------------------------------------------------------------------------------------

    def visit(self, node: Any) -> Any:
        if isinstance(node, gast.stmt):
            if not (isinstance(node, gast.Expr) and isinstance(node.value, gast.Constant)):
                self.zeros, self.now_zeros = self.now_zeros, self._of_zeros(node)
            self.statement = node if hasattr(node, "lineno") else self.statement
        return super().visit(node)

    def visit_FunctionDef(self, node: gast.FunctionDef) -> gast.stmt:
        if node is not self.program.function and node.name != self.program.function.name:
            raise self.refused("a function within the function")
        node.body = [self.visit(s) for s in node.body]
        return node

    def visit_If(self, node: Any) -> gast.stmt:
        if self.library.lazy and isinstance(self.kind(node.test), (*_ARRAYS, Unknown)):
            raise self.refused(f"the value of an array of {self.library.name} in a test")
        return self.generic_visit(node)

    visit_While = visit_Assert = visit_IfExp = visit_If

    def visit_AugAssign(self, node: gast.AugAssign) -> gast.stmt:
        target = node.target
        if isinstance(target, gast.Subscript) and not isinstance(self.kind(target.value), _ARRAYS):
            item = clone(target)
            item.ctx = gast.Load()
            return self.visit_Assign(assign(target, gast.BinOp(item, node.op, node.value), node))
        if isinstance(target, gast.Subscript):
            if isinstance(node.op, gast.Add) and is_name(target.value) and self.library.stores and (
                    not self._can_store(target.slice)):
                return self._added(target.value.id, target.slice, node.value)
            self._check_index(target)
            if self.library.stores:
                return self.generic_visit(node)
            return self._updated(target, "add", node.op, self.visit(node.value))
        if is_name(target) and isinstance(self.kind(target), (*_ARRAYS, Unknown)):
            return self.visit_Assign(assign(target.id, gast.BinOp(name(target.id), node.op, node.value), node))
        return self.generic_visit(node)

    def visit_Assign(self, node: gast.Assign) -> gast.stmt:
        (target,) = node.targets
        if isinstance(target, gast.Subscript) and self._holds_elements(target.value):
            if self.library.stores and not self._can_store(target.slice) and is_name(target.value, self.zeros):
                return self._added(target.value.id, target.slice, node.value)  # type: ignore[attr-defined]
            self._check_index(target)
            if not self.library.stores:
                return self._updated(target, "set", None, self.visit(node.value))
        if is_name(target) and self.env[target.id] == UNKNOWN and self.bound.count(target.id) == 1:
            self.env[target.id] = self.kind(node.value)
        return self.generic_visit(node)

    def visit_Expr(self, node: gast.Expr) -> gast.stmt:
        call = node.value
        if isinstance(call, gast.Call) and self._called(call.func) == np.add.at:
            place, index, value = call.args
            if not self.library.stores and is_name(place):
                return self._updated(gast.Subscript(place, index, gast.Load()), "add", None, self.visit(value))
            if not (self.library.changes and self.library.dispatches):
                return self._added(place.id, index, value)
            call.func = self.of_module("add.at")
            call.args = [place, self.visit(index), self.visit(value)]
            return node
        return self.generic_visit(node)

    def _updated(self, target: gast.Subscript, method: str, op: Any, value: gast.expr) -> gast.stmt:
        """`x = x.at[i].add(v)`, for arrays that never change."""
        if not is_name(target.value) or op is not None and not isinstance(op, gast.Add):
            raise self.refused(f"elements of an array are stored, which {self.library.name} cannot")
        index = self.visit(clone(target.slice))
        new = expression(f"x.at[i].{method}(v)", x=target.value.id, v=value)
        new.func.value.slice = index  # type: ignore[attr-defined]
        return assign(target.value.id, new, self.statement)

    def _of_zeros(self, s: gast.stmt) -> str:
        makes = isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, gast.Call)
        return s.targets[0].id if makes and self._called(s.value.func) is np.zeros_like else ""  # type: ignore[attr-defined]

    def _added(self, array: str, index: gast.expr, value: gast.expr) -> gast.stmt:
        """`x = x + placed(v, i, x)`, for indices at which the library stores nothing."""
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        if self.library.lazy and any(map(self._is_mask, parts)):
            raise self.refused(f"elements that a mask picks are stored in an array of {self.library.name}")
        parts = [self.visit(self._as_call(part)) for part in parts]
        given = gast.Tuple(parts, gast.Load()) if isinstance(index, gast.Tuple) else parts[0]
        placed = gast.Call(self.outside(portable_indexing.placed, "placed"), [self.visit(value), given, name(array)], [])
        return assign(array, gast.BinOp(name(array), gast.Add(), placed), self.statement)

    def _as_call(self, part: gast.expr) -> gast.expr:
        if not isinstance(part, gast.Slice):
            return part
        bounds = [constant(None) if bound is None else bound for bound in (part.lower, part.upper, part.step)]
        if part.step is None:
            bounds = bounds[1:2] if part.lower is None else bounds[:2]
        own = "slice" in self.local or self.program.namespace.lookup("slice") is not slice
        return gast.Call(self.outside(slice, "slice") if own else name("slice"), bounds, [])

    def _holds_elements(self, base: gast.expr) -> bool:
        return isinstance(self.kind(base), (*_ARRAYS, Unknown))

    def _check_index(self, target: gast.Subscript) -> None:
        if self.library.stores and not self._can_store(target.slice):
            raise self.refused(f"elements at indices of this kind are stored in an array of {self.library.name}")

    def _can_store(self, index: gast.expr) -> bool:
        """Does the library store at such an index: whole numbers and slices, or a mask?"""
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        return all(map(self._is_basic, parts)) or len(parts) == 1 and self._is_mask(index) and not self.library.lazy

    def _is_basic(self, part: gast.expr) -> bool:
        kind = self.kind(part)
        if isinstance(part, gast.Constant):
            return part.value is not None
        return isinstance(part, gast.Slice) or isinstance(kind, (Int, Scalar)) or getattr(kind, "type", "") == "slice"

    def _is_mask(self, part: gast.expr) -> bool:
        kind = self.kind(part)
        return isinstance(kind, Array) and kind.dtype == np.dtype(bool)

    # -- expressions ----------------------------------------------------------------------------------------------------

    def visit_BinOp(self, node: gast.BinOp) -> gast.expr:
        left, right = self.kind(node.left), self.kind(node.right)
        self.generic_visit(node)
        if isinstance(node.op, _ARITHMETIC):
            node.left = self._as_float(node.left, left, right)
            node.right = self._as_float(node.right, right, left)
        return node

    def _as_float(self, node: gast.expr, kind: Kind, other: Kind) -> gast.expr:
        """An operand of a floating operation; masks and counts become floating."""
        if isinstance(node, gast.Compare) and any(map(self._is_array, (node.left, *node.comparators))):
            return self._floating(node)
        if not isinstance(kind, Array) or kind.dtype is None or id(node) in self.floating:
            return node
        whole = kind.dtype.kind == "b" or kind.dtype.kind in "iu" and isinstance(other, _ARRAYS) and (
            other.dtype is not None and other.dtype.kind == "f")
        return self._floating(node) if whole else node

    def _floating(self, node: gast.expr) -> gast.expr:
        dtype = self.of_module(self.dtype.name)
        if self.standard:
            return gast.Call(self.of_module("astype"), [node, dtype], [])
        return gast.Call(gast.Attribute(node, "astype", gast.Load()), [dtype], [])

    def visit_Attribute(self, node: gast.Attribute) -> gast.expr:
        value = self._called(node)
        if value is MISSING:
            if node.attr == "size" and self.library.size_is_method and isinstance(self.kind(node.value), (*_ARRAYS, Unknown)):
                return gast.Call(gast.Attribute(self.outside(math, "math"), "prod", gast.Load()),
                                 [gast.Attribute(self.visit(node.value), "shape", gast.Load())], [])
            return self.generic_visit(node)
        if getattr(math, node.attr, MISSING) is value:
            return node
        if node.attr in CONSTANTS:
            return self.of_module(node.attr)
        if is_of_numpy(value):
            return self.of_module(self.name_of(value, node.attr))
        return node

    def visit_Name(self, node: gast.Name) -> gast.expr:
        if node.id in self.local or not isinstance(node.ctx, gast.Load):
            return node
        value = self.program.namespace.lookup(node.id)
        if value is np:
            return self.outside(self.module, _SHORT.get(self.module.__name__, "xp"))
        portable = PORTABLE.get(value) if isinstance(value, FunctionType) else None
        if portable is not None:
            self.extra[node.id] = portable
            return node
        if isinstance(value, FunctionType) and value.__module__.startswith("autodiff_src.") and node.id in self.extra:
            raise self.refused(f"{value.__name__}, which takes NumPy's arrays only")
        if isinstance(value, type) and issubclass(value, np.generic):
            return self.of_module(value.__name__)
        return node

    def visit_Call(self, node: gast.Call) -> gast.expr:
        function = self._called(node.func)
        if function is MISSING:
            return self._method(node) if isinstance(node.func, gast.Attribute) else self.generic_visit(node)
        if is_of_numpy(function):
            return self._numpy_call(function, node)
        given = any(map(self._is_array, node.args))
        if given and function is len:  # which the standard's arrays do not have
            return expression("x.shape[0]", x=self.visit(node.args[0]))
        if given and any(function is f for f in _COMPARING) or function is float and self.library.lazy:
            raise self.refused(f"{function.__name__} of an array of {self.library.name}, which takes it to the host")
        if given and is_library(function) and function is not float and function not in _OF_ANY:
            raise self.refused(f"{getattr(function, '__name__', function)} of an array of {self.library.name}")
        return self.generic_visit(node)

    def _called(self, node: gast.expr) -> Any:
        return self.expressions.static(node, self.local)

    def _numpy_call(self, function: Any, node: gast.Call) -> gast.expr:
        written = FORMS.get(function)
        if written is not None:
            return written(self, node)
        return self.plain_call(function, node)

    def plain_call(self, function: Any, node: gast.Call) -> gast.expr:
        """The call of the library's function that goes by another name at most."""
        path = self.name_of(function, node.func.attr)  # type: ignore[attr-defined]
        kinds = [self.kind(a) for a in node.args]
        args = [self.visit(a) for a in node.args]
        if function in _FLOATING or function is np.where:
            first = function is np.where
            masks = [isinstance(k, Array) and k.dtype == np.dtype(bool) and i >= first for i, k in enumerate(kinds)]
            args = [self._floating(a) if mask else a for a, mask in zip(args, masks)]
        if self.standard and function is np.where and all(isinstance(k, (Float, Int)) for k in kinds[1:]):
            args[1] = gast.Call(self.of_module("asarray"), [args[1]], [gast.keyword("dtype", self.of_module(self.dtype.name))])
        keywords = [gast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        call = self._with_keywords(gast.Call(self.of_module(path), args, keywords), function, path)
        if function in _FLOATING:
            self.floating.add(id(call))
        return call

    def _with_keywords(self, call: gast.Call, function: Any, path: str) -> gast.expr:
        """The standard has many arguments by keyword only."""
        if not self.standard or len(call.args) < 2 or isinstance(function, np.ufunc):
            return call
        given: Any = self.module
        for part in path.split("."):
            given = getattr(given, part)
        try:
            own, theirs = (list(inspect.signature(f).parameters.values()) for f in (given, function))
        except (TypeError, ValueError):
            return call
        if any(p.kind is p.VAR_POSITIONAL for p in own):
            return call
        positional = [p for p in own if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        more = [gast.keyword(p.name, a) for p, a in zip(theirs[len(positional):], call.args[len(positional):])]
        if any(k.arg not in {p.name for p in own} for k in more):
            raise self.refused(f"this form of call of {path}")
        return gast.Call(call.func, call.args[:len(positional)], [*more, *call.keywords])

    def name_of(self, function: Any, attr: str) -> str:
        """The path in the namespace to the function that NumPy calls `attr`."""
        path = STANDARD.get(id(function))
        if path is None:
            raise self.refused(f"np.{attr} is not called with arrays of {self.library.name}")
        return path if self.standard or getattr(np, attr, None) is not function else attr

    def _method(self, node: gast.Call) -> gast.expr:
        receiver, method = node.func.value, node.func.attr  # type: ignore[attr-defined]
        kind = self.kind(receiver)
        unknown = isinstance(kind, Unknown) and method in ("sum", "mean", "reshape", "astype")
        if not isinstance(kind, _ARRAYS) and not unknown:
            return self.generic_visit(node)
        if method not in METHODS:
            raise self.refused(f"the method .{method}")
        if method == "copy":
            return copied(self, receiver)
        if not self.standard and method != "sum":
            return self.generic_visit(node)
        args = node.args
        if method == "reshape" and len(args) != 1:
            args = [gast.Tuple(list(args), gast.Load())]
        keywords = [k for k in node.keywords if k.arg != "copy"]
        function = METHODS[method]
        call = gast.Call(gast.Attribute(name("np"), function.__name__, gast.Load()), [receiver, *args], keywords)
        return self._numpy_call(function, call)


_FLOATING = (np.sum, np.mean, np.prod)
_OF_ANY = (abs, isinstance, tuple, list, range, print)
_SHORT = {"jax.numpy": "jnp", "dask.array": "da", "cupy": "cp", "numpy": "np"}
