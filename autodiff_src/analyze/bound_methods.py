"""Methods that are taken from an object without being called, as functions that call them.

    rhs = self.rhs          ->      rhs_of = self
    rk4(rhs, y0)                    def rhs(t, y, *, receiver=rhs_of):
                                        return receiver.rhs(t, y)
                                    rk4(rhs, y0)
"""

from __future__ import annotations

from inspect import Parameter, signature
from types import FunctionType
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Known, Object
from autodiff_src.analyze.members import Method
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.program import FreshNames
from autodiff_src.syntax import assign, clone, constant, is_name, located, name

_PLAIN = (type(None), bool, int, float, complex, str)


class BoundMethods:
    """Those of one function, each written out once for a method."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames, local: set[str], outside: OutsideNames):
        self.expressions, self.names, self.local, self.outside = expressions, names, local, outside
        self.done: dict[tuple[int, Any], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a statement that binds a variable to a method of an object; None for others."""
        value = s.value.func if isinstance(s.value, gast.Call) else s.value
        if not isinstance(value, gast.Attribute) or not is_name(value.value) or not isinstance(
                self.expressions.kind(value.value, env), Object):
            return None
        found, here = self.expressions.member(value, env), value.value.id in env  # type: ignore[attr-defined]
        if isinstance(found, Known) and isinstance(found.value, FunctionType):
            return self._static(s, value, found.value)
        if not isinstance(s, gast.Assign) or not is_name(s.targets[0]) or value is not s.value:
            return None
        space = self.expressions.namespace
        if not isinstance(found, Method) or not here and space.key(value.value.id) in space.unsettled.rebound:
            return None
        key = id(s), found.function
        if key not in self.done:
            self.done[key] = [located(t, s) for t in self._function(s.targets[0].id, value, found.function, here)]
        return self.done[key]

    def _static(self, s: gast.Assign | gast.Expr, node: gast.Attribute, function: FunctionType) -> list[gast.stmt]:
        """A function that needs no object, by a name of its own."""
        if (id(s), function) not in self.done:
            new: Any = clone(s)
            own = name(self.outside.name_for(function, node.attr))
            if isinstance(new.value, gast.Call):
                new.value.func = own
            else:
                new.value = own
            self.done[id(s), function] = [new]
        return self.done[id(s), function]

    def _function(self, title: str, method: gast.Attribute, function: Any, here: bool) -> list[gast.stmt]:
        """`here`: the object is held by a local variable, which may stand for another one later."""
        parameters = list(signature(function).parameters.values())[1:]
        own = FreshNames({title, method.attr, *(p.name for p in parameters)}).fresh("receiver")
        of = name(own) if here else method.value
        call = gast.Call(gast.Attribute(of, method.attr, gast.Load()), *_handed_on(parameters))
        held = self.names.fresh(f"{method.attr}_of")
        arguments = self._arguments(parameters, {own: name(held)} if here else {})
        definition = gast.FunctionDef(title, arguments, [gast.Return(call)], [], None, None, [])
        if not here:
            return [definition]
        self.local.add(held)
        return [assign(held, method.value), definition]

    def _arguments(self, parameters: list[Parameter], held: dict[str, gast.expr]) -> gast.arguments:
        of_kind: dict[Any, list[Parameter]] = {}
        for p in parameters:
            of_kind.setdefault(p.kind, []).append(p)
        positional = [*of_kind.get(Parameter.POSITIONAL_ONLY, ()), *of_kind.get(Parameter.POSITIONAL_OR_KEYWORD, ())]
        only = of_kind.get(Parameter.KEYWORD_ONLY, [])
        star, stars = ([_parameter(p.name) for p in of_kind.get(kind, ())] for kind in (
            Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD))
        return gast.arguments(
            [_parameter(p.name) for p in of_kind.get(Parameter.POSITIONAL_OR_KEYWORD, ())],
            [_parameter(p.name) for p in of_kind.get(Parameter.POSITIONAL_ONLY, ())],
            star[0] if star else None, [*(_parameter(p.name) for p in only), *map(_parameter, held)],
            [*(self._default(p) for p in only), *held.values()], stars[0] if stars else None,
            [self._default(p) for p in positional if p.default is not Parameter.empty])

    def _default(self, p: Parameter) -> gast.expr | None:
        if p.default is Parameter.empty:
            return None
        return constant(p.default) if isinstance(p.default, _PLAIN) else name(self.outside.name_for(p.default, p.name))


def _parameter(title: str) -> gast.Name:
    return gast.Name(title, gast.Param(), None, None)


def _handed_on(parameters: list[Parameter]) -> tuple[list[gast.expr], list[gast.keyword]]:
    arguments: list[gast.expr] = []
    keywords: list[gast.keyword] = []
    for p in parameters:
        if p.kind is Parameter.VAR_POSITIONAL:
            arguments.append(gast.Starred(name(p.name), gast.Load()))
        elif p.kind is Parameter.VAR_KEYWORD:
            keywords.append(gast.keyword(None, name(p.name)))
        elif p.kind is Parameter.KEYWORD_ONLY:
            keywords.append(gast.keyword(p.name, name(p.name)))
        else:
            arguments.append(name(p.name))
    return arguments, keywords
