"""The kind of an expression, given the kinds of the variables in it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from types import FunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.attribute_kinds import attribute_kind
from autodiff_src.analyze.call_kinds import call_kind, method_kind
from autodiff_src.analyze.functions import in_numpy_terms
from autodiff_src.analyze.index_kinds import index_kind
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Bool,
    Dict,
    Float,
    Inert,
    Int,
    Kind,
    Known,
    LibraryArray,
    List,
    Object,
    Tuple,
    carries_derivative,
    join,
    table,
    with_inner,
    without_value,
)
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.known_names import display
from autodiff_src.analyze.members import Getter, Method, Super, is_object, member
from autodiff_src.analyze.mutability import can_change, loosened
from autodiff_src.analyze.operator_kinds import binary_kind, compare_kind, may_be_complex, truth, unary_kind
from autodiff_src.analyze.outside_memory import overlaps
from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import Guard, class_attribute, resolve
from autodiff_src.program import MISSING, Namespace
from autodiff_src.runtime.objects import is_of_numpy, is_scipy_class
from autodiff_src.syntax import SHAPE_ATTRIBUTES, is_name

Env = dict[str, Kind]
CHANGED = "<objects outside may have changed>"  # a key of an environment


class ExpressionKinds:
    """Kinds of expressions in one namespace; what was assumed of globals is collected in `guards` and `global_kinds`.

    `real_powers`: powers of Python numbers are known to be real.
    """

    def __init__(self, namespace: Namespace, real_powers: bool = False):
        self.namespace, self.real_powers = namespace, real_powers
        self.attributes: set[str] = set()
        self.guards: dict[tuple[int, str], Guard] = {}
        self.global_kinds: dict[str, Kind] = {}
        self.getter_hook: Callable[[Getter, gast.Attribute, Env], Kind] = lambda getter, node, env: UNKNOWN
        self.item_hook: Callable[[gast.Subscript, Env], Kind] = self._adjoint_item
        self.call_hook: Callable[[gast.Call, Env], Kind | None] = lambda call, env: None

    def kind(self, node: gast.expr, env: Env) -> Kind:
        method = getattr(self, "_" + type(node).__name__.lower(), None)
        return method(node, env) if method else UNKNOWN

    def static(self, node: gast.expr, local: Collection[str]) -> Any:
        """The object that a dotted name outside the function stands for, or MISSING; guarded from now on."""
        if isinstance(node, gast.Name) and node.id not in local and self._is_rebound(node.id):
            return MISSING
        resolved = resolve(node, self.namespace, local)
        if resolved.value is not MISSING:
            for guard in resolved.guards:
                self.guards[id(guard.owner), guard.name] = guard
        return resolved.value

    def _is_rebound(self, variable: str) -> bool:
        """Do the functions at hand rebind a name outside? If not, its value is relied on from now on."""
        unsettled, key = self.namespace.unsettled, self.namespace.key(variable)
        if variable not in self.namespace.extra and key in unsettled.rebound:
            return True
        unsettled.relied_names.add(key)
        return False

    def rest_on(self, function: FunctionType, attribute: str) -> None:
        """What is derived holds as long as an attribute of a function is what it is now."""
        guard = Guard(function, attribute, getattr(function, attribute))
        self.guards[id(function), attribute] = guard

    def function(self, node: gast.expr, env: Env) -> Any:
        """The function object that is called, or MISSING."""
        if isinstance(node, gast.Name) and isinstance(env.get(node.id), Known):
            return env[node.id].value  # type: ignore[attr-defined]
        if isinstance(node, gast.Attribute):
            found = self.member(node, env)
            if found is not None:
                return found.value if isinstance(found, Known) and callable(found.value) else MISSING
        value = self.static(node, env)
        return value if value is not MISSING and callable(value) else MISSING

    def member(self, node: gast.Attribute, env: Env) -> Kind | None:
        """What an attribute of an object or a named tuple is, as `members` tells; None for attributes of anything else."""
        kind = self.kind(node.value, env)
        if not is_object(kind):
            return None
        return member(kind, node.attr, self.attributes, self.found_in_class)

    def found_in_class(self, cls: type, name: str, value: Any) -> None:
        self.guards[id(cls), name] = Guard(cls, name, value)

    def _name(self, node: gast.Name, env: Env) -> Kind:
        if node.id in env:
            return env[node.id]
        kind = self._global(node)
        return forgotten(kind) if CHANGED in env else _as_stored(kind, env)

    def _global(self, node: gast.Name | gast.Attribute) -> Kind:
        resolved = resolve(node, self.namespace, ())
        if resolved.value is MISSING or isinstance(node, gast.Name) and self._is_rebound(node.id):
            return UNKNOWN
        unsettled, held = self.namespace.unsettled, resolved.value
        written = overlaps(held, unsettled.written, unsettled)
        if isinstance(held, (list, dict, set, tuple)) and written:
            return UNKNOWN
        if can_change(held) and not isinstance(held, np.ndarray):
            unsettled.relied_on[id(held)] = held
        try:
            kind = kind_of(resolved.value, gast_text(node), self.attributes)
        except RecursionError:  # a container that holds itself
            return UNKNOWN
        kind = loosened(kind) if written else kind
        if isinstance(kind, LibraryArray) and isinstance(node, gast.Attribute):
            raise UnsupportedError(f"{gast_text(node)} is an array of {kind.library.name} that a module holds",
                                   fix="pass it as an argument")
        if isinstance(kind, Known) and not isinstance(kind.value, (str, type(None))):
            for guard in resolved.guards:
                self.guards[id(guard.owner), guard.name] = guard
        elif isinstance(node, gast.Name):
            self.global_kinds[node.id] = kind
            kind = in_numpy_terms(kind)
        elif isinstance(kind, Object):
            return UNKNOWN
        return kind

    def _constant(self, node: gast.Constant, env: Env) -> Kind:
        value = node.value
        if isinstance(value, bool):
            return Bool(value)
        if isinstance(value, int):
            return Int(value)
        if isinstance(value, float):
            return Float(value)
        return kind_of(value, None)

    def _binop(self, node: gast.BinOp, env: Env) -> Kind:
        left, right = self.kind(node.left, env), self.kind(node.right, env)
        if self.real_powers and isinstance(node.op, gast.Pow) and may_be_complex(left, right):
            return Float()
        return binary_kind(type(node.op), left, right)

    def _unaryop(self, node: gast.UnaryOp, env: Env) -> Kind:
        return unary_kind(type(node.op), self.kind(node.operand, env))

    def _compare(self, node: gast.Compare, env: Env) -> Kind:
        kinds = [self.kind(e, env) for e in [node.left, *node.comparators]]
        results = [compare_kind(type(op), a, b) for op, a, b in zip(node.ops, kinds, kinds[1:], strict=False)]
        return results[0] if len(results) == 1 else self._all(results)

    def _all(self, results: list[Kind]) -> Kind:
        truths = [truth(k) for k in results]
        return Bool(False) if False in truths else Bool(True) if all(truths) else Bool()

    def _boolop(self, node: gast.BoolOp, env: Env) -> Kind:
        stop = isinstance(node.op, gast.Or)
        reached: list[Kind] = []
        for value in node.values:
            kind = self.kind(value, env)
            decided = truth(kind)
            if decided is (not stop) and value is not node.values[-1]:
                continue
            reached.append(kind)
            if decided is stop:
                break
        result = reached[0]
        for kind in reached[1:]:
            result = join(result, kind)
        if len(reached) > 1 and truth(reached[-1]) is not None and all(isinstance(k, Bool) for k in reached):
            return Bool()
        return result

    def _ifexp(self, node: gast.IfExp, env: Env) -> Kind:
        test = truth(self.kind(node.test, env))
        if test is not None:
            return self.kind(node.body if test else node.orelse, env)
        return join(self.kind(node.body, env), self.kind(node.orelse, env))

    def _subscript(self, node: gast.Subscript, env: Env) -> Kind:
        base = self.kind(node.value, env)
        if isinstance(base, Object):
            return self.item_hook(node, env)
        return index_kind(base, node.slice, lambda e: self.kind(e, env))

    def _adjoint_item(self, node: gast.Subscript, env: Env) -> Kind:
        """In generated texts, the adjoint of an object is a dict."""
        return index_kind(self.kind(node.value, env), node.slice, lambda e: self.kind(e, env))

    def _attribute(self, node: gast.Attribute, env: Env) -> Kind:
        if self.static(node, env) is not MISSING:
            return self._global(node)
        found = self.member(node, env)
        if found is not None:
            value = self._member_value(found, node, env)
            if node.attr in SHAPE_ATTRIBUTES and carries_derivative(self.kind(node.value, env)) and carries_derivative(value):
                raise UnsupportedError(
                    f"the attribute {node.attr!r} bears the name of one of an array, and carries a derivative",
                    fix="give it another name",
                )
            return value
        kind = self.kind(node.value, env)
        if isinstance(kind, Known) and isinstance(kind.value, type):
            self.found_in_class(kind.value, node.attr, class_attribute(kind.value, node.attr))
        return attribute_kind(kind, node.attr)

    def _member_value(self, found: Kind, node: gast.Attribute, env: Env) -> Kind:
        if isinstance(found, Getter):
            return self.getter_hook(found, node, env)
        return UNKNOWN if isinstance(found, Method) else found

    def _tuple(self, node: gast.Tuple, env: Env) -> Kind:
        if any(isinstance(e, gast.Starred) for e in node.elts):
            return Tuple()
        return Tuple(tuple(self.kind(e, env) for e in node.elts))

    def _list(self, node: gast.List, env: Env) -> Kind:
        if not node.elts:
            return List(Inert(), 0)
        kinds = [self.kind(e, env) for e in node.elts]
        item = kinds[0]
        for kind in kinds[1:]:
            item = join(item, kind)
        return List(without_value(item), len(kinds))

    def _dict(self, node: gast.Dict, env: Env) -> Kind:
        keys = [k.value if isinstance(k, gast.Constant) else None for k in node.keys]
        if not all(isinstance(k, str) for k in keys):
            return table([UNKNOWN if k is None else self.kind(k, env) for k in node.keys],
                         [self.kind(v, env) for v in node.values])
        return Dict(tuple((k, without_value(self.kind(v, env))) for k, v in zip(keys, node.values, strict=True)))  # type: ignore[misc]

    def _set(self, node: gast.Set, env: Env) -> Kind:
        kinds = [self.kind(e, env) for e in node.elts]
        return display(kinds) or (UNKNOWN if any(map(carries_derivative, kinds)) else Inert("set"))

    def _joinedstr(self, node: gast.JoinedStr, env: Env) -> Kind:
        return Inert("str")

    def _slice(self, node: gast.Slice, env: Env) -> Kind:
        return Inert("slice")

    def _call(self, node: gast.Call, env: Env) -> Kind:
        hooked = self.call_hook(node, env)
        if hooked is not None:
            return hooked
        starred = any(isinstance(a, gast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
        function = self.function(node.func, env)
        if function is MISSING and isinstance(node.func, gast.Attribute):
            receiver = self.kind(node.func.value, env)
            if starred:
                return UNKNOWN
            return method_kind(receiver, node.func.attr, *self._arguments(node, env))
        if function is MISSING or starred:
            return UNKNOWN
        if function is super:
            return self._super(node, env)
        if function is len and isinstance(of := self.kind(node.args[0], env), Object) and hasattr(of.cls, "__iter__"):
            raise UnsupportedError("the items of an object of a user's class are not differentiated",
                                   fix="make a list or an array of them first")
        if is_scipy_class(function):
            return Object(None, cls=function)
        if is_of_numpy(function):
            args, kwargs = self._arguments(node, env)
            return call_kind(function, [self._array_like(a, k, env) for a, k in zip(node.args, args, strict=True)], kwargs)
        return call_kind(function, *self._arguments(node, env))

    def _array_like(self, node: gast.expr, kind: Kind, env: Env) -> Kind:
        """The kind of an argument of NumPy's, to which lists are what tuples are: of `[x, 1]` each item is known."""
        plain = isinstance(node, (gast.List, gast.Tuple)) and not any(isinstance(e, gast.Starred) for e in node.elts)
        if not plain or not node.elts:  # type: ignore[attr-defined]
            return kind
        return Tuple(tuple(self._array_like(e, self.kind(e, env), env) for e in node.elts))  # type: ignore[attr-defined]

    def _super(self, node: gast.Call, env: Env) -> Kind:
        """`super(cls, receiver)`, as the normalizer writes it."""
        cls, receiver = [self.kind(a, env) for a in node.args]
        known = isinstance(cls, Known) and isinstance(receiver, Object) and is_name(node.args[1])
        return Super(cls.value, node.args[1].id, receiver) if known else UNKNOWN  # type: ignore[attr-defined,arg-type]

    def _arguments(self, node: gast.Call, env: Env) -> tuple[list[Kind], dict[str, Kind]]:
        return (
            [self.kind(a, env) for a in node.args],
            {k.arg: self.kind(k.value, env) for k in node.keywords if k.arg is not None},
        )


def changed_key(cls: type) -> str:
    """A key of an environment: objects of the class outside may have got other attributes, those in the dict of kinds that it
    stands for, if that is known."""
    return f"<{cls.__module__}.{cls.__qualname__} outside may have changed>"


def forgotten(kind: Kind) -> Kind:
    """The kind behind what may have rebound attributes of objects."""
    return replace(kind, items=None) if isinstance(kind, Object) else with_inner(kind, forgotten)


def _as_stored(kind: Kind, env: Env) -> Kind:
    """The kind of what comes from outside, behind stores to attributes of objects of some classes."""
    if not isinstance(kind, Object) or changed_key(kind.cls) not in env:
        return with_inner(kind, lambda item: _as_stored(item, env))
    stored = env[changed_key(kind.cls)]
    if kind.items is None or not isinstance(stored, Dict) or stored.items is None:
        return replace(kind, items=None)
    items = {n: _as_stored(item, env) for n, item in kind.items}
    items |= {n: join(items[n], value) if n in items else value for n, value in stored.items}
    return replace(kind, items=tuple(sorted(items.items())))


def gast_text(node: gast.expr) -> str:
    """A dotted name as text."""
    return node.id if isinstance(node, gast.Name) else f"{gast_text(node.value)}.{node.attr}"  # type: ignore[attr-defined]
