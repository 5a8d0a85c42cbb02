"""One operation per assignment: expressions become a sequence of assignments to temporaries.

What cannot carry a derivative (comparisons, shapes, indices, calls of non-differentiable functions) stays whole.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.normalize.comprehensions import Comprehensions, joined
from autodiff_src.normalize.consumption import Consumption
from autodiff_src.normalize.frozen import FrozenDistributions
from autodiff_src.normalize.index_joins import JOINING, holds_items, joining_call
from autodiff_src.normalize.order import Order
from autodiff_src.normalize.solutions import Solutions
from autodiff_src.normalize.splines import Splines
from autodiff_src.normalize.stepped_into import SteppedInto
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import MISSING, FreshNames, Program
from autodiff_src.refusals import refused_statement
from autodiff_src.rules import CHANGING_METHODS, is_cut, rule_for
from autodiff_src.runtime.objects import is_module, module_of
from autodiff_src.syntax import (
    SHAPE_ATTRIBUTES,
    assign,
    clone,
    is_atom,
    located,
    name,
    walk,
)

_RUN_APART = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp, gast.Lambda)
_OPERATOR_WORDS = {
    gast.Add: "total",
    gast.Sub: "diff",
    gast.Mult: "product",
    gast.Div: "ratio",
    gast.Pow: "power",
    gast.MatMult: "product",
    gast.USub: "minus",
}


_OPERATIONS = (gast.Attribute, gast.Subscript, gast.BinOp, gast.UnaryOp, gast.BoolOp, gast.Compare, gast.IfExp)
_BUILT_IN = (np.ndarray, float, str, bytes, list, tuple, dict, set, range)


class Expressions:
    """Lowers expressions; what has to run before them is appended to `out`."""

    def __init__(self, program: Program, names: FreshNames, local: set[str]):
        space = program.namespace
        self.references: dict[int, str] = {}
        self.extra = dict(space.extra)
        self.program = replace(program, namespace=replace(space, extra=self.extra))
        self.names, self.local = names, local
        self.out: list[gast.stmt] = []
        self.consumption, self.comprehensions = Consumption(self), Comprehensions(self)
        self.stepped_into, self.frozen = SteppedInto(self), FrozenDistributions(self)
        self.solutions, self.splines = Solutions(self), Splines(self)
        self.heads: dict[str, gast.arguments] = {}  # of nested functions by their names
        self.order = Order(self)
        self.lower_block: Callable[[list[gast.stmt]], list[gast.stmt]]

    # -- what an expression is ---------------------------------------------------------------------------------------

    def static(self, node: gast.expr) -> Any:
        """The object that a name or dotted name outside the function stands for, or MISSING."""
        if not isinstance(node, (gast.Name, gast.Attribute)):
            return MISSING
        return static_value(node, self.program.namespace, self.local)

    def pure(self, node: gast.AST) -> bool:
        """May the expression be evaluated again, or not at all, without anyone noticing?"""
        for inner in walk(node):
            if isinstance(inner, (*_RUN_APART, gast.NamedExpr, gast.Starred)):
                return False
            if isinstance(inner, gast.Call) and not self.pure_call(inner) or self.may_hide_call(inner):
                return False
        return True

    def may_hide_call(self, node: gast.AST) -> bool:
        """May it call a method, not by its name, that changes something?"""
        return (self.program.namespace.unsettled.hidden and isinstance(node, _OPERATIONS)
                and self.static(node) is MISSING)  # type: ignore[arg-type]

    def pure_call(self, call: gast.Call) -> bool:
        function = self.static(call.func)
        if function is MISSING:
            return (isinstance(call.func, gast.Attribute) and self.static(call.func.value) is MISSING
                    and self._built_in_method(call.func.attr))
        if function in (print, input, open, next, iter, setattr, getattr):
            return False
        return is_cut(function) and not _draws(function) or rule_for(function) is not None

    def _built_in_method(self, method: str) -> bool:
        """Is it a method of a built-in type that changes nothing? That it is no other's is relied on until kinds are known."""
        unsettled = self.program.namespace.unsettled
        if method in CHANGING_METHODS or not any(callable(getattr(cls, method, None)) for cls in _BUILT_IN):
            return False
        if method in unsettled.methods:
            return False
        unsettled.relied_methods.add(method)
        return True

    def inert(self, node: gast.expr) -> bool:
        """Can the value certainly not carry a derivative?"""
        if isinstance(node, (gast.Constant, gast.Compare, gast.JoinedStr, gast.Slice)):
            return not (isinstance(node, gast.Constant) and isinstance(node.value, float))
        if isinstance(node, gast.UnaryOp):
            return isinstance(node.op, gast.Not) or self.inert(node.operand)
        if isinstance(node, gast.BinOp):
            return self._inert_operand(node.left) and self._inert_operand(node.right)
        if isinstance(node, gast.BoolOp):
            return all(self.inert(v) for v in node.values)
        if isinstance(node, gast.Attribute):
            value = self.static(node)
            return node.attr in SHAPE_ATTRIBUTES or value is not MISSING and not callable(value)
        if isinstance(node, gast.Subscript):
            return isinstance(node.value, gast.Attribute) and self.inert(node.value) and holds_items(self.static(node.value))
        if isinstance(node, gast.Call):
            function = self.static(node.func)
            return function is not MISSING and is_cut(function)
        return False

    def _inert_operand(self, node: gast.expr) -> bool:
        return isinstance(node, gast.Constant) or self.inert(node)

    # -- lowering ----------------------------------------------------------------------------------------------------

    def whole(self, node: gast.expr) -> gast.expr:
        """The expression as it is, with only what is not pure computed before it."""
        if self.pure(node):
            return clone(node)
        node = self.order.kept(node)
        if isinstance(node, (gast.BoolOp, gast.IfExp, gast.NamedExpr, *_RUN_APART)):
            return self.atom(node)
        if isinstance(node, gast.Attribute) and self.may_hide_call(node) and not self.inert(node):
            return self.atom(node)
        if isinstance(node, gast.Call) and (not self.pure_call(node) or node.args and self.consumption.lazy(node.args[0])):
            return self.atom(node)
        new = node.__class__.__new__(node.__class__)
        for field, value in vars(node).items():
            if isinstance(value, list):
                value = [self._whole_part(v) for v in value]
            elif isinstance(value, gast.expr):
                value = self.whole(value)
            setattr(new, field, value)
        return new

    def _whole_part(self, part: Any) -> Any:
        if isinstance(part, gast.keyword):
            return gast.keyword(part.arg, self.whole(part.value))
        return self.whole(part) if isinstance(part, gast.expr) else part

    def atom(self, node: gast.expr, hint: str | None = None) -> gast.expr:
        """A name or a constant with the value of `node`."""
        if is_atom(node):
            return clone(node)
        value = self.operation(node)
        if is_atom(value):
            return value
        target = self.names.fresh(hint or self._hint(value))
        self.local.add(target)
        self.out.append(assign(target, value, node))
        return located(name(target), node)

    def operation(self, node: gast.expr) -> gast.expr:
        """`node` as one operation on atoms."""
        if is_atom(node):
            return clone(node)
        if (
            self.inert(node)
            and not isinstance(node, gast.Call)
            and (self.pure(node) or not isinstance(node, gast.BoolOp))
        ):
            return self.whole(node)
        node = self.order.kept(node)
        method = getattr(self, "_" + type(node).__name__.lower(), None)
        if method is None:
            raise UnsupportedError(f"{type(node).__name__} is not differentiated", self.program.place(node),
                                   "write it with plain operations")
        return located(method(node), node)

    def _binop(self, node: gast.BinOp) -> gast.expr:
        left = self.atom(node.left)
        return gast.BinOp(left, node.op, self.atom(node.right))

    def _unaryop(self, node: gast.UnaryOp) -> gast.expr:
        if isinstance(node.op, gast.USub) and isinstance(node.operand, gast.Constant):
            return clone(node)
        return gast.UnaryOp(node.op, self.atom(node.operand))

    def _compare(self, node: gast.Compare) -> gast.expr:
        return self.whole(node)

    _joinedstr = _slice = _compare  # type: ignore[assignment]

    def _attribute(self, node: gast.Attribute) -> gast.expr:
        if self.static(node) is not MISSING:
            return clone(node)
        solved = self.solutions.attribute(node)
        return solved if solved is not None else gast.Attribute(self.atom(node.value), node.attr, node.ctx)

    def _subscript(self, node: gast.Subscript) -> gast.expr:
        joining = JOINING.get(id(self.static(node.value)))
        call = joining_call(node, joining, self.reference) if joining is not None else None
        if call is not None:
            return self.operation(call)
        base = self.whole(node.value) if self.inert(node.value) else self.atom(node.value)
        return gast.Subscript(base, self.whole(node.slice), gast.Load())

    def _tuple(self, node: gast.Tuple) -> gast.expr:
        if any(isinstance(e, gast.Starred) for e in node.elts):
            return self.operation(joined(node))
        return node.__class__([self.atom(e) for e in node.elts], gast.Load())

    _list = _tuple  # type: ignore[assignment]

    def _dict(self, node: gast.Dict) -> gast.expr:
        if any(k is None for k in node.keys):
            return self.comprehensions.merged(node)
        return gast.Dict([self.whole(k) for k in node.keys], [self.atom(v) for v in node.values])

    def _set(self, node: gast.Set) -> gast.expr:
        return gast.Set([self.whole(e) if self.inert(e) else self.atom(e) for e in node.elts])

    def _namedexpr(self, node: gast.NamedExpr) -> gast.expr:
        target = node.target.id  # type: ignore[attr-defined]
        self.out.append(assign(target, self.operation(node.value), node))
        return name(target)

    def _generatorexp(self, node: gast.GeneratorExp) -> gast.expr:
        raise UnsupportedError(
            "a generator expression that is not consumed at once is not differentiated",
            self.program.place(node),
            "write a list comprehension: [...]",
        )

    def _listcomp(self, node: Any) -> gast.expr:
        return self.comprehensions.lowered(node)

    _setcomp = _dictcomp = _listcomp

    def _starred(self, node: gast.Starred) -> gast.expr:
        return gast.Starred(self.atom(node.value), gast.Load())

    def _call(self, node: gast.Call) -> gast.expr:
        function = self.static(node.func)
        for rewriting in (self.consumption, self.stepped_into, self.solutions, self.splines, self.frozen):
            new = rewriting.call(node, function)
            if new is not None:
                return self.operation(new)
        if function is super and not node.args:
            return gast.Call(clone(node.func), [name("__class__"), name(self._first_parameter())], [])
        if function is MISSING and isinstance(node.func, gast.Attribute) and self._is_object(node.func.value):
            receiver = node.func.value
            of_scipy = module_of(type(self.static(receiver))).startswith("scipy.")  # a distribution keeps its name
            func: gast.expr = gast.Attribute(clone(receiver) if of_scipy else self.atom(receiver), node.func.attr, gast.Load())
        elif function is MISSING:
            func = self.atom(node.func)
        else:
            func = clone(node.func)
        if function is not MISSING and is_cut(function):
            args = [self.whole(a) for a in node.args]
            return gast.Call(func, args, [gast.keyword(k.arg, self.whole(k.value)) for k in node.keywords])
        puts = isinstance(node.func, gast.Attribute) and node.func.attr in ("append", "insert")
        primitive = function is MISSING and not puts or rule_for(function) is not None or (
            module_of(function).startswith(("scipy.", "autodiff_src.")))
        argument = self._argument if primitive else self._plain_argument
        args = [argument(a) for a in node.args]
        return gast.Call(func, args, [gast.keyword(k.arg, argument(k.value)) for k in node.keywords])

    def _first_parameter(self) -> str:
        arguments = self.program.function.args
        return [*arguments.posonlyargs, *arguments.args][0].id

    def _is_object(self, node: gast.expr) -> bool:
        """Is what a method is called on a variable, or an object outside?"""
        return not (isinstance(value := self.static(node), type) or is_module(value))

    def _plain_argument(self, node: gast.expr) -> gast.expr:
        return self._starred(node) if isinstance(node, gast.Starred) else self.atom(node)

    def _argument(self, node: gast.expr) -> gast.expr:
        """An argument of a primitive: displays of atoms may stand in it, so that its rule sees their structure."""
        if isinstance(node, gast.Starred):
            return self._starred(node)
        if isinstance(node, (gast.Tuple, gast.List)) and not any(isinstance(e, gast.Starred) for e in node.elts):
            elements = self.order.kept(node).elts  # type: ignore[attr-defined]
            return located(node.__class__([self._argument(e) for e in elements], gast.Load()), node)
        if (
            self.inert(node)
            and not isinstance(node, gast.Call)
            or isinstance(node, gast.UnaryOp)
            and (isinstance(node.operand, gast.Constant))
        ):
            return self.whole(node)
        return self.atom(node)

    def _ifexp(self, node: gast.IfExp) -> gast.expr:
        target = self.new("chosen")
        branches = [
            self._branch(e, lambda e=e: self.out.append(assign(target, self.operation(e), e)))  # type: ignore[misc]
            for e in (node.body, node.orelse)
        ]
        self.out.append(located(gast.If(self.whole(node.test), *branches), node))
        return name(target)

    def _boolop(self, node: gast.BoolOp) -> gast.expr:
        target = self.new("chosen")
        self.out.append(assign(target, self.operation(node.values[0]), node))
        self._rest_of_boolop(node, target, node.values[1:])
        return name(target)

    def _rest_of_boolop(self, node: gast.BoolOp, target: str, values: list[gast.expr]) -> None:
        if not values:
            return

        def branch() -> None:
            self.out.append(assign(target, self.operation(values[0]), node))
            self._rest_of_boolop(node, target, values[1:])

        test: gast.expr = name(target)
        if isinstance(node.op, gast.Or):
            test = gast.UnaryOp(gast.Not(), test)
        self.out.append(located(gast.If(test, self._branch(values[0], branch), []), node))

    def _lambda(self, node: gast.Lambda) -> gast.expr:
        target = self.new("function")
        body = [located(gast.Return(node.body), node)]
        definition = gast.FunctionDef(target, node.args, body, [], None, None, [])
        self.out += self.lower_block([located(definition, node)])
        return name(target)

    def nested(self, fill: Callable[[], None]) -> list[gast.stmt]:
        """What `fill` emits, as a block of its own."""
        outer, self.out = self.out, []
        try:
            fill()
            return self.out
        finally:
            self.out = outer

    def _branch(self, node: gast.expr, fill: Callable[[], None]) -> list[gast.stmt]:
        """What `fill` emits for an expression that may not be evaluated: what is refused in it waits."""
        def waiting() -> None:
            try:
                fill()
            except AutodiffError as error:
                self.out.append(refused_statement(error, [node]))  # type: ignore[list-item]

        return self.nested(waiting)

    def new(self, wanted: str) -> str:
        target = self.names.fresh(wanted)
        self.local.add(target)
        return target

    def builtin(self, function: Any) -> gast.expr:
        plain = name(function.__name__)
        return plain if self.static(plain) is function else self.reference(function)

    def reference(self, value: Any) -> gast.expr:
        """A name for one of our own functions."""
        if id(value) not in self.references:
            self.references[id(value)] = self.names.fresh(value.__name__)
            self.extra[self.references[id(value)]] = value
        return name(self.references[id(value)])

    def _hint(self, node: gast.expr) -> str:
        if isinstance(node, gast.BinOp | gast.UnaryOp):
            return _OPERATOR_WORDS.get(type(node.op), "t")
        if isinstance(node, gast.Call):
            word = node.func.attr if isinstance(node.func, gast.Attribute) else getattr(node.func, "id", "t")
            receiver = node.func.value if isinstance(node.func, gast.Attribute) else None
            if isinstance(receiver, gast.Name) and self.static(receiver) is MISSING:
                return f"{receiver.id.rstrip('0123456789')}_{word}"
            return word + "_" if word in vars(builtins) or self.static(name(word)) is not MISSING else word
        if isinstance(node, gast.Attribute):
            return node.attr + "_" if self.static(name(node.attr)) is not MISSING else node.attr
        if isinstance(node, gast.Subscript) and isinstance(node.value, gast.Name):
            index = node.slice
            return f"{node.value.id}_{index.id}" if isinstance(index, gast.Name) else f"{node.value.id}_part"
        return "t"


def _draws(function: Any) -> bool:
    """Does calling the function twice differ from calling it once?"""
    return module_of(function).startswith(("numpy.random", "random")) or isinstance(
        getattr(function, "__self__", None), __import__("numpy").random.RandomState
    )
