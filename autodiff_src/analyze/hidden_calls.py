"""Methods of users' classes that are called without their names: properties, operators, `len(p)`, `if p:`.

Those that a statement consists of are calls like others (`made_objects`, `call_binding`). What is left stands within an
expression, where it may run later, or twice: so it must do nothing but compute a value.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from types import FunctionType
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Dict, Kind, List, Object, Tuple
from autodiff_src.analyze.made_objects import BINARY, COMPARE, UNARY
from autodiff_src.analyze.members import Getter
from autodiff_src.analyze.outside_writes import Again
from autodiff_src.analyze.plain_methods import stores_nothing
from autodiff_src.analyze.relied_methods import note_methods
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import MISSING, Program
from autodiff_src.syntax import blocks, heads, name, names_read, walk

_TRUTH = ("__bool__", "__len__")
_SOUGHT = ("__contains__", "__iter__", "__getitem__", "__eq__")
_NUMBER = ("__float__", "__int__", "__index__", "__complex__", "__round__", "__abs__", *_TRUTH)
_ARRAY = ("__array__", "__array_ufunc__", "__array_function__", "__iter__", "__getitem__", "__len__")
_SCALARS = (bool, int, float, complex, abs, round, range)
_ONLY_LOOK = (isinstance, issubclass, type, id, callable, hasattr, print, str, repr, format, hash)


class HiddenCalls:
    """Of one function. `read` gives the program of a function, or raises AutodiffError."""

    def __init__(self, program: Program, expressions: ExpressionKinds, read: Callable[[FunctionType], Program]):
        self.program, self.expressions, self.read = program, expressions, read

    def quiet(self, method: FunctionType, receiver: gast.expr, env: Env) -> bool:
        """Does a method of the object that an expression gives change nothing? Its text tells: it may never be called."""
        kind = self.expressions.kind(receiver, env)
        return isinstance(kind, (Object, Tuple)) and stores_nothing(method, kind.cls or tuple, self.read)

    def note(self, s: gast.stmt, env: Env) -> None:
        """Raises Again where a statement calls a method that changes something, and that was not known so far."""
        note_methods(s, env, self.expressions)
        unsettled = self.program.namespace.unsettled
        if not unsettled.hidden and next(self._changing(s, env), None) is not None:
            unsettled.hidden = True
            raise Again

    def refuse(self, s: gast.stmt, env: Env) -> None:
        """Raises UnsupportedError where a statement calls such a method that changes something within an expression."""
        for node, method in self._changing(s, env):
            if node is not getattr(s, "value", None):
                is_property = isinstance(node, gast.Attribute) and node.attr == method
                fix = "make it a method" if is_property else f"call the method by its name: .{method}(...)"
                what = f"the property {method!r}" if is_property else f"{method}, which is called here without its name,"
                raise UnsupportedError(f"{what} does more than compute a value", self.program.place(node), fix)

    def _changing(self, s: gast.stmt, env: Env) -> Iterator[tuple[Any, str]]:
        """The expressions of a statement, its blocks aside, that call such a method which changes something."""
        if isinstance(s, gast.FunctionDef):
            return
        own = heads(s) if blocks(s) else [s]
        kinds = [self.expressions.kind(name(n), env) for n in names_read(own)]
        if not any(map(_holds_object, kinds)):
            return
        nodes = list(chain.from_iterable(map(walk, own)))
        tests = [(test, _TRUTH) for test in [getattr(s, "test", None), *(n.test for n in nodes if isinstance(n, gast.IfExp))]]
        for node in nodes:
            if isinstance(node, gast.Attribute) and isinstance(node.ctx, gast.Load):
                found = self.expressions.member(node, env)
                if isinstance(found, Getter) and not self.quiet(found.function, node.value, env):
                    yield node, node.attr
        for node, operand, methods in [*((t, t, m) for t, m in tests), *((n, *c) for n in nodes for c in self._called(n, env))]:
            kind = self._kind(operand, env)
            if not isinstance(kind, Object):
                continue
            for method in methods:
                function = class_attribute(kind.cls, method)
                if isinstance(function, FunctionType) and not self.quiet(function, operand, env):
                    yield node, method

    def _kind(self, operand: gast.expr | None, env: Env) -> Kind:
        try:
            return UNKNOWN if operand is None else self.expressions.kind(operand, env)
        except AutodiffError:  # raised where it is asked for its value
            return UNKNOWN

    def _called(self, node: Any, env: Env) -> Iterator[tuple[gast.expr, tuple[str, ...]]]:
        """Expressions, and the methods that are called if they give objects."""
        if isinstance(node, (gast.BinOp, gast.AugAssign)):
            word = BINARY.get(type(node.op), "")
            for operand in [node.left, node.right] if isinstance(node, gast.BinOp) else [node.value]:
                yield operand, (f"__{word}__", f"__r{word}__", *_ARRAY)
        elif isinstance(node, gast.UnaryOp):
            yield node.operand, _TRUTH if isinstance(node.op, gast.Not) else (UNARY.get(type(node.op), ""),)
        elif isinstance(node, gast.BoolOp):
            yield from ((value, _TRUTH) for value in node.values)
        elif isinstance(node, gast.Compare) and not all(isinstance(op, (gast.Is, gast.IsNot)) for op in node.ops):
            sought = any(isinstance(op, (gast.In, gast.NotIn)) for op in node.ops)
            for operand in [node.left, *node.comparators]:
                yield operand, _SOUGHT if sought else tuple(COMPARE.values())
        elif isinstance(node, gast.Subscript):
            yield node.value, ("__getitem__",) if isinstance(node.ctx, gast.Load) else ()
            yield node.slice, ("__index__",)
        elif isinstance(node, gast.Call):
            function = self.expressions.function(node.func, env)
            if function is not MISSING and not isinstance(function, (FunctionType, type)) and function not in _ONLY_LOOK:
                methods = ("__len__",) if function is len else _NUMBER if function in _SCALARS else _ARRAY
                yield from ((a, methods) for a in node.args)


def _holds_object(kind: Kind) -> bool:
    if isinstance(kind, Dict):
        return isinstance(kind, Object) or any(_holds_object(k) for _, k in kind.items or ())
    if isinstance(kind, Tuple):
        return any(map(_holds_object, kind.items or ()))
    return isinstance(kind, List) and kind.item is not None and _holds_object(kind.item)
