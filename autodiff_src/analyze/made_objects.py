"""Objects that a function makes, and what operators do with objects.

    p = Vector(x, y)        ->      vector = new_object(Vector)
                                    vector.__init__(x, y)
                                    p = vector
    q = 2.0 * p                     q = p.__rmul__(2.0)
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType, SimpleNamespace
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Bool, Dict, Float, Inert, Int, Kind, Known, List, Object, Scalar, Tuple
from autodiff_src.analyze.members import Getter
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import ArgumentError, UnsupportedError
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime.objects import is_plain_class, is_scipy_class, new_object
from autodiff_src.syntax import assign, children, clone, clone_head, constant, expression, is_atom, is_name, located, name

BINARY = {gast.Add: "add", gast.Sub: "sub", gast.Mult: "mul", gast.Div: "truediv", gast.Pow: "pow", gast.MatMult: "matmul",
           gast.FloorDiv: "floordiv", gast.Mod: "mod"}
UNARY = {gast.USub: "__neg__", gast.UAdd: "__pos__"}
COMPARE = {gast.Eq: "__eq__", gast.NotEq: "__ne__", gast.Lt: "__lt__", gast.LtE: "__le__", gast.Gt: "__gt__",
            gast.GtE: "__ge__"}
_CALLS: dict[Any, str] = {abs: "__abs__", len: "__len__"}
_LIKE_ARRAYS = ("__len__", "__getitem__", "__iter__", "__array__", "__array_ufunc__", "__array_priority__",
                "__array_interface__")


@dataclasses.dataclass
class Classes:
    """Those whose `__init__` was written out, and those that are called as they are."""
    made: list[type] = dataclasses.field(default_factory=list)
    kept: set[type] = dataclasses.field(default_factory=set)


class MadeObjects:
    """The statements of one function, each written out once."""

    def __init__(self, program: Program, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames,
                 classes: Classes):
        self.program, self.expressions, self.names, self.outside = program, expressions, names, outside
        self.classes = classes
        self.done: dict[tuple[int, Any], list[gast.stmt]] = {}
        self.asked: dict[tuple[str, str, str], gast.Call] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a statement that makes an object, or has an operator of one; None for others."""
        value = s.value
        cls = self.expressions.function(value.func, env) if isinstance(value, gast.Call) else None
        if isinstance(s, gast.Assign) and is_made(cls) and cls not in self.classes.kept:
            self.classes.made.append(cls)  # type: ignore[arg-type]
            return self._once(s, cls, lambda: self._made(cls, s, value))
        if isinstance(cls, MethodType) and isinstance(cls.__self__, type):
            return self._once(s, cls.__func__, lambda: [self._class_called(s, value, cls)])
        if cls is dataclasses.replace and isinstance(s, gast.Assign) and is_name(value.args[0]):  # type: ignore[union-attr]
            kind = self.expressions.kind(value.args[0], env)  # type: ignore[union-attr]
            if isinstance(kind, Object) and dataclasses.is_dataclass(kind.cls):
                return self._once(s, kind.cls, lambda: self._replaced(s, value, kind.cls))
        found = self._operated(value, cls, env)
        if found is None:
            return None
        receiver, method, arguments = found
        return self._once(s, (method, getattr(receiver, "id", "")), lambda: self._called(s, receiver, method, arguments))

    def _once(self, s: gast.stmt, key: Any, write: Callable[[], list[Any]]) -> list[gast.stmt]:
        if (id(s), key) not in self.done:
            self.done[id(s), key] = [located(t, s) for t in write()]
        return self.done[id(s), key]

    def item_store(self, s: gast.Assign, target: gast.Subscript) -> list[gast.stmt]:
        """`p[i] = v`"""
        arguments = [target.slice, s.value]
        return self._once(s, "store", lambda: self._called(gast.Expr(s.value), target.value, "__setitem__", arguments))

    def apart(self, s: gast.If | gast.Assign, env: Env) -> list[gast.stmt] | None:
        """`if p < q:`, of which the operator is a method: what is computed of objects within an expression goes before it."""
        field = "test" if isinstance(s, gast.If) else "value"
        whole: gast.expr = getattr(s, field)
        inner = [n for n in _evaluated(whole) if (n is not whole or field == "test") and self._computes(n, env)]
        if not inner:
            return None

        def write() -> list[gast.stmt]:
            new, held = clone_head(s), {id(n): self.names.fresh("part") for n in inner[:1]}
            setattr(new, field, _with_names(whole, held))
            return [assign(held[id(inner[0])], inner[0], s), new]

        return self._once(s, ("apart", id(inner[0])), write)

    def looped(self, s: gast.While, env: Env) -> gast.While | None:
        """`while len(stack) > 0:` as a loop that is left."""
        if isinstance(s.test, gast.Constant) or not any(self._computes(n, env) for n in _evaluated(s.test)):
            return None
        if (id(s), "loop") not in self.done:
            new, leave = clone_head(s), gast.If(s.test, s.body, [located(gast.Break(), s)])
            new.test, new.body = constant(True), [located(leave, s)]
            self.done[id(s), "loop"] = [new]
        return self.done[id(s), "loop"][0]  # type: ignore[return-value]

    def _computes(self, node: gast.expr, env: Env) -> bool:
        if isinstance(node, gast.Attribute):
            kind = self.expressions.kind(node.value, env) if is_name(node.value) else None
            return isinstance(kind, Object) and kind.made and isinstance(self.expressions.member(node, env), Getter)
        function = self.expressions.function(node.func, env) if isinstance(node, gast.Call) else None
        return self._operated(node, function, env) is not None

    def update(self, s: gast.AugAssign, kind: Object) -> gast.Assign:
        """`p += v` as `p = p.__iadd__(v)` or `p = p + v`."""
        method = f"__i{BINARY.get(type(s.op), '')}__"
        held, value = name(s.target.id), gast.BinOp(name(s.target.id), s.op, s.value)  # type: ignore[attr-defined]
        if isinstance(self._method(kind, method), FunctionType):
            value = gast.Call(gast.Attribute(held, method, gast.Load()), [s.value], [])
        return self._once(s, method, lambda: [assign(held.id, value)])[0]  # type: ignore[return-value]

    def _class_called(self, s: Any, call: Any, method: MethodType) -> gast.stmt:
        """A class method is a function that takes the class."""
        function = name(self.outside.name_for(method.__func__, method.__name__))
        cls = name(self.outside.name_for(method.__self__, method.__self__.__name__))  # type: ignore[attr-defined]
        new = gast.Call(function, [cls, *call.args], call.keywords)
        return assign(s.targets[0], new) if isinstance(s, gast.Assign) else gast.Expr(new)

    def _replaced(self, s: Any, call: Any, cls: Any) -> list[gast.stmt]:
        """`dataclasses.replace(p, y=v)` makes a new object of the fields of `p`."""
        new = {k.arg: k.value for k in call.keywords}
        fields = [f.name for f in dataclasses.fields(cls) if f.init and f.name not in new]
        held = {f: self.names.fresh(f) for f in fields}
        before = [assign(n, gast.Attribute(clone(call.args[0]), f, gast.Load())) for f, n in held.items()]
        items = [gast.keyword(f, name(n)) for f, n in held.items()]
        made = gast.Call(name(self.outside.name_for(cls, cls.__name__)), [], [*items, *call.keywords])
        return [*before, assign(s.targets[0], made)]

    # -- objects -----------------------------------------------------------------------------------------------------

    def _made(self, cls: Any, s: gast.Assign, call: Any) -> list[gast.stmt]:
        init = class_attribute(cls, "__init__")
        for n in ("__init__", "__new__", "__setattr__"):
            self.expressions.found_in_class(cls, n, class_attribute(cls, n))
        new = name(self.outside.name_for(new_object, "new_object"))
        make = gast.Call(new, [name(self.outside.name_for(cls, cls.__name__))], [])
        made = self.names.fresh(cls.__name__.lower())
        held = assign(s.targets[0], name(made))
        if cls is SimpleNamespace:
            make.keywords = call.keywords
            return [assign(made, make), held]
        if init is class_attribute(object, "__init__"):
            return [assign(made, make), held]
        if _is_dataclass_init(cls):
            before, make.keywords, rest = self._fields(cls, s, call)
            after = [gast.Expr(gast.Call(gast.Attribute(name(made), "__post_init__", gast.Load()), rest, []))]
            return [*before, assign(made, make), *(after if hasattr(cls, "__post_init__") else []), held]
        start = gast.Call(gast.Attribute(name(made), "__init__", gast.Load()), call.args, call.keywords)
        return [assign(made, make), gast.Expr(start), held]

    def _fields(self, cls: Any, s: gast.Assign, call: Any) -> tuple[list[gast.stmt], list[gast.keyword], list[gast.expr]]:
        """What the `__init__` of a data class stores, and what it hands on to `__post_init__`."""
        if any(isinstance(a, gast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            raise UnsupportedError("a data class is called with stars", self.program.place(s), "pass the fields one by one")
        owner = next(b for b in cls.__mro__ if "__init__" in b.__dict__)
        fields = [f for f in owner.__dataclass_fields__.values() if f._field_type.name != "_FIELD_CLASSVAR"]
        given = dict(zip([f.name for f in fields if f.init and not f.kw_only], call.args))
        given |= {k.arg: k.value for k in call.keywords}
        if not given.keys() <= {f.name for f in fields if f.init} or len(given) < len(call.args) + len(call.keywords):
            raise ArgumentError(f"{cls.__name__}() does not take these arguments", self.program.place(s), "see its fields")
        before: list[gast.stmt] = []
        stored, rest = [], []
        for f in fields:
            if f.name not in given and f.default_factory is not dataclasses.MISSING:
                held = self.names.fresh(f.name)
                before.append(assign(held, self._from_factory(f.default_factory)))
                value: gast.expr = name(held)
            elif f.name in given or f.default is not dataclasses.MISSING and f.init:
                value = given[f.name] if f.name in given else self._default(cls, f, s)
            elif f.init:
                raise ArgumentError(f"{cls.__name__}() misses the argument {f.name!r}", self.program.place(s), "pass it")
            else:
                continue
            if f._field_type.name == "_FIELD_INITVAR":
                rest.append(value)
            else:
                stored.append(gast.keyword(f.name, value))
        return before, stored, rest

    def _from_factory(self, factory: Any) -> gast.expr:
        empty = {list: "[]", dict: "{}"}.get(factory)
        return expression(empty) if empty else gast.Call(name(self.outside.name_for(factory, "factory")), [], [])

    def _default(self, cls: type, field: Any, s: gast.stmt) -> gast.expr:
        parts = field.default if type(field.default) is tuple else (field.default,)
        if any(part is not None and type(part) not in (bool, int, float, str) for part in parts):
            raise UnsupportedError(f"the default of {field.name!r} is not a literal", self.program.place(s),
                                   f"pass {field.name!r}")
        return gast.Tuple(list(map(constant, parts)), gast.Load()) if parts is field.default else constant(field.default)

    # -- operators ---------------------------------------------------------------------------------------------------

    def _operated(self, value: gast.expr, function: Any, env: Env) -> tuple[gast.expr, str, list[gast.expr]] | None:
        """The object, the method and the arguments that an expression calls."""
        if isinstance(value, gast.BinOp):
            return self._binary(value, env)
        if isinstance(value, gast.Compare) and len(value.ops) == 1:
            operand, method, arguments = value.left, COMPARE.get(type(value.ops[0])), list(value.comparators)
        elif isinstance(value, gast.UnaryOp):
            operand, method, arguments = value.operand, UNARY.get(type(value.op)), []
        elif isinstance(value, gast.Subscript):
            operand, method, arguments = value.value, "__getitem__", [value.slice]
        elif isinstance(value, gast.Call) and len(value.args) == 1 and not value.keywords:
            method = _CALLS.get(function) if isinstance(function, BuiltinFunctionType) else None
            operand, arguments = value.args[0], []
        else:
            return None
        kind = self.expressions.kind(operand, env) if method and is_name(operand) else None
        if not isinstance(kind, Object) or not isinstance(self._method(kind, method or ""), FunctionType):
            return None
        if isinstance(value, gast.Compare) and self._declines(operand, method or "", value.comparators[0], env) is not False:
            return None
        return operand, method or "", arguments

    def _binary(self, value: gast.BinOp, env: Env) -> tuple[gast.expr, str, list[gast.expr]] | None:
        left, right = self.expressions.kind(value.left, env), self.expressions.kind(value.right, env)
        word = BINARY.get(type(value.op))
        if word is None or not (isinstance(left, Object) or isinstance(right, Object)):
            return None
        if isinstance(left, Object) and isinstance(right, Object) and left.cls is not right.cls:
            return None  # the class on the right may come first
        ways = [(left, value.left, f"__{word}__", value.right), (right, value.right, f"__r{word}__", value.left)]
        for kind, receiver, method, other in ways:
            if not isinstance(kind, Object) or not is_name(receiver):
                if kind is left and not _gives_way(left, right):
                    return None
                continue
            if isinstance(self._method(kind, method), FunctionType):
                declined = self._declines(receiver, method, other, env)
                if declined is None:
                    return None
                if not declined:
                    return receiver, method, [other]
        return None

    def _declines(self, receiver: gast.expr, method: str, other: gast.expr, env: Env) -> bool | None:
        """Does a method give NotImplemented? None: perhaps."""
        if not is_atom(other):
            return None
        key = (gast.dump(receiver), method, gast.dump(other))
        if key not in self.asked:  # what is found of a call is remembered by its node
            self.asked[key] = gast.Call(gast.Attribute(clone(receiver), method, gast.Load()), [clone(other)], [])
        kind = self.expressions.kind(self.asked[key], env)
        if kind in (Known(NotImplemented), Inert("NotImplementedType")):
            return True
        return False if isinstance(kind, (Object, Float, Int, Bool, Scalar, Tuple, List, Dict)) else None

    def _method(self, kind: Object, method: str) -> Any:
        found = class_attribute(kind.cls, method)
        self.expressions.found_in_class(kind.cls, method, found)
        return found

    def _called(self, s: Any, receiver: gast.expr, method: str, arguments: list[gast.expr]) -> list[gast.stmt]:
        before: list[gast.stmt] = []
        atoms: list[gast.expr] = []
        for a in arguments:
            atoms.append(clone(a) if is_atom(a) else name(self.names.fresh("item")))
            if not is_atom(a):
                before.append(assign(atoms[-1].id, clone(a)))  # type: ignore[attr-defined]
        call = gast.Call(gast.Attribute(clone(receiver), method, gast.Load()), atoms, [])
        return [*before, assign(s.targets[0], call) if isinstance(s, gast.Assign) else gast.Expr(call)]


def _evaluated(node: gast.expr) -> list[Any]:
    """The expressions that are evaluated wherever this one is, innermost first; not those of functions made in it."""
    if isinstance(node, (gast.Lambda, gast.IfExp)):
        return []
    inner = [node.values[0]] if isinstance(node, gast.BoolOp) else [c for c in children(node) if isinstance(c, gast.expr)]
    if isinstance(node, gast.Compare):
        inner = inner[:2]
    return [*(e for c in inner for e in _evaluated(c)), node]


def _with_names(node: Any, held: dict[int, str]) -> Any:
    """A copy with names for some of the expressions in it."""
    if isinstance(node, list):
        return [_with_names(item, held) for item in node]
    if id(node) in held:
        return located(name(held[id(node)]), node)
    if not isinstance(node, gast.AST):
        return node
    new = clone_head(node)  # type: ignore[arg-type]
    for field, inner in gast.iter_fields(node):
        setattr(new, field, _with_names(inner, held))
    return new


def is_made(cls: Any) -> bool:
    """Is it a class whose objects are made by storing attributes?"""
    if not isinstance(cls, type) or not is_plain_class(cls) or is_scipy_class(cls):
        return False
    if cls is SimpleNamespace:
        return True
    init = class_attribute(cls, "__init__")
    plain = type(cls) in (type, abc.ABCMeta) and cls.__new__ is object.__new__ and not hasattr(cls, "__del__")
    stores = cls.__setattr__ is object.__setattr__ or _is_dataclass_init(cls)  # type: ignore[comparison-overlap]
    return plain and stores and not getattr(cls, "__abstractmethods__", ()) and (
        isinstance(init, FunctionType) or init is class_attribute(object, "__init__"))


def holds_made(kind: Kind | None) -> bool:
    """Is a value, or what it holds, an object that was made by the functions at hand?"""
    if isinstance(kind, Object):
        return kind.made or any(holds_made(k) for _, k in kind.items or ())
    if isinstance(kind, Dict):
        return any(holds_made(k) for _, k in kind.items or ())
    if isinstance(kind, Tuple):
        return any(map(holds_made, kind.items or ()))
    return isinstance(kind, List) and holds_made(kind.item)


def _is_dataclass_init(cls: type) -> bool:
    """Was the `__init__` of the class written by `dataclass`?"""
    owner = next(b for b in cls.__mro__ if "__init__" in b.__dict__)
    code = getattr(owner.__dict__["__init__"], "__code__", None)
    return "__dataclass_fields__" in owner.__dict__ and getattr(code, "co_filename", "") == "<string>"


def _gives_way(left: Kind, right: Kind) -> bool:
    """Does an operator of a number leave the answer to the object on its right?"""
    if isinstance(left, Scalar):
        return isinstance(right, Object) and not any(hasattr(right.cls, n) for n in _LIKE_ARRAYS)
    return isinstance(left, (Float, Int, Bool))


