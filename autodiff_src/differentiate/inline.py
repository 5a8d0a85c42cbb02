"""Templates filled in: the reverse rule of a primitive for one call, as expressions of generated code."""

from __future__ import annotations

import builtins
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, TypeAlias

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.operator_kinds import truth
from autodiff_src.differentiate.expand import partial_expressions, times
from autodiff_src.differentiate.fold import fold_constants
from autodiff_src.differentiate.scope import Scope
from autodiff_src.errors import NoRuleError
from autodiff_src.program import Place
from autodiff_src.rules import Rule, Template
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import Transformer, assign, clone, constant, name, names_read, names_stored, substitute


@dataclass(frozen=True)
class Contribution:
    """`value` is added to the adjoint of `variable`."""

    variable: str
    value: gast.expr


Piece: TypeAlias = Any  # a Contribution or a statement


def inline(
    rule: Rule,
    result: str,
    arguments: Sequence[gast.expr],
    keywords: Sequence[gast.keyword],
    active: set[str],
    scope: Scope,
    kinds: ExpressionKinds,
    env: Env,
    place: Place,
) -> list[Piece]:
    """What a call contributes to the adjoints of its `active` arguments. Raises NoRuleError for unknown arguments."""
    template = rule.adjoint or rule.partials
    title = getattr(rule.primitive, "__name__", repr(rule.primitive))
    if template is None:
        raise NoRuleError(f"{title} has a forward rule only", place, "register a reverse one with @ad.adjoint")
    values = bind(template, title, arguments, keywords, place)
    filler = Filler(template, name(result), values, active, scope, kinds, env)
    filler.d_result = name(scope.adjoint(result))
    if rule.adjoint is None:
        return filler.partials()
    return filler.block(template.function.body)


def bind(
    template: Template, title: str, arguments: Sequence[gast.expr], keywords: Sequence[gast.keyword], place: Place
) -> dict[str, Any]:
    if any(isinstance(a, gast.Starred) for a in arguments) or any(k.arg is None for k in keywords):
        raise NoRuleError(f"{title} is called with `*` or `**`", place, "pass the arguments one by one")
    signature = template.call_signature
    try:
        bound = signature.bind(*arguments, **{k.arg: k.value for k in keywords})
    except TypeError as error:
        raise NoRuleError(
            f"the rule of {title} does not know this form of call: {error}",
            place,
            "use the arguments that the rule lists, or cut the call",
        ) from None
    values: dict[str, Any] = {}
    for parameter in signature.parameters.values():
        if parameter.name in bound.arguments:
            value = bound.arguments[parameter.name]
            values[parameter.name] = gast.Tuple(list(value), gast.Load()) if isinstance(value, tuple) else value
        elif parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            values[parameter.name] = gast.Tuple([], gast.Load())
        else:
            values[parameter.name] = constant(parameter.default)
    return values


@cache
def _locals(template: Template) -> list[str]:
    return sorted(names_stored(template.function.body))


class Filler:
    """Fills one template; `holes` are the names in it with what stands for them. `d_result` stands for each `d[...]`."""

    d_result: gast.expr

    def __init__(
        self,
        template: Template,
        result: gast.expr,
        values: Mapping[str, gast.expr],
        active: set[str],
        scope: Scope,
        kinds: ExpressionKinds,
        env: Env,
    ):
        self.template, self.values, self.active = template, values, active
        self.scope, self.kinds, self.env = scope, kinds, dict(env)
        self.holes: dict[str, gast.expr] = {**values, template.result: result}
        for local in _locals(template):
            self.holes[local] = name(scope.fresh(local))

    def partials(self) -> list[Piece]:
        pieces: list[Piece] = [self._local(s) for s in self.template.function.body[:-1] if isinstance(s, gast.Assign)]
        for parameter, partial in zip(self.template.parameters, partial_expressions(self.template), strict=False):
            value = self.values[parameter]
            if partial is not None and isinstance(value, gast.Name) and value.id in self.active:
                pieces.append(Contribution(value.id, fold_constants(times_choice(self.d_result, self.fill(partial)))))
        return without_unread(pieces)

    def block(self, body: list[gast.stmt]) -> list[Piece]:
        return without_unread(self._block(body))

    def _block(self, body: list[gast.stmt]) -> list[Piece]:
        pieces: list[Piece] = []
        for s in body:
            if isinstance(s, gast.If):
                test = self.fill(s.test)
                decided = truth(self.kinds.kind(test, self.env))
                if decided is None:
                    pieces += self._undecided(s, test)
                else:
                    pieces += self._block(s.body if decided else s.orelse)
            elif isinstance(s, gast.AugAssign):
                pieces += self._contribute(self.values[s.target.slice.id], self.fill(s.value))
            elif isinstance(s, gast.Assign):
                pieces.append(self._local(s))
        return pieces

    def _undecided(self, s: gast.If, test: gast.expr) -> list[Piece]:
        """Both branches contribute to the same parameters: the choice moves into the expressions."""
        either = [self._block(s.body), self._block(s.orelse)]
        found = [[p for p in pieces if isinstance(p, Contribution)] for pieces in either]
        variables = [[p.variable for p in pieces] for pieces in found]
        if variables[0] != variables[1] or any(not isinstance(p, Contribution) for pieces in either for p in pieces):
            raise NoRuleError(
                f"the form of this call of {self.template.function.name} is not known in advance",
                None,
                "give axis and keepdims as literals",
            )
        return [
            Contribution(one.variable, gast.IfExp(clone(test), one.value, other.value))
            for one, other in zip(*found, strict=True)
        ]

    def _local(self, s: gast.Assign) -> gast.stmt:
        target = s.targets[0]
        value = self.fill(s.value)
        new = assign(substitute(target, self.holes), value)
        if isinstance(target, gast.Name):
            self.env[self.holes[target.id].id] = self.kinds.kind(value, self.env)  # type: ignore[attr-defined]
        return new

    def _contribute(self, argument: gast.expr, value: gast.expr) -> list[Piece]:
        if isinstance(argument, gast.Name):
            return [Contribution(argument.id, value)] if argument.id in self.active else []
        if not isinstance(argument, (gast.Tuple, gast.List)) or not names_read(argument) & self.active:
            return []
        if isinstance(value, gast.List) and len(value.elts) == len(argument.elts):
            return [piece for e, part in zip(argument.elts, value.elts) for piece in self._contribute(e, part)]
        parts = self.scope.fresh("parts")
        return [assign(parts, value), *self._elements(argument, name(parts))]

    def _elements(self, display: gast.expr, adjoint: gast.expr) -> list[Piece]:
        pieces: list[Piece] = []
        for i, e in enumerate(display.elts):  # type: ignore[attr-defined]
            part = gast.Subscript(clone(adjoint), constant(i), gast.Load())
            if isinstance(e, gast.Name) and e.id in self.active:
                pieces.append(Contribution(e.id, part))
            elif isinstance(e, (gast.Tuple, gast.List)):
                pieces += self._elements(e, part)
        return pieces

    def fill(self, node: gast.expr) -> gast.expr:
        """The template's expression with everything in it named as generated code names it."""
        return fold_constants(_Fill(self).visit(clone(node)))


class _Fill(Transformer):
    def __init__(self, filler: Filler):
        self.filler = filler

    def visit_Subscript(self, node: gast.Subscript) -> gast.expr:
        if isinstance(node.value, gast.Name) and node.value.id == "d":
            return clone(self.filler.d_result)
        new = self.generic_visit(node)
        items, index = getattr(new.value, "elts", ()), getattr(new.slice, "value", None)
        return items[index] if type(index) is int and 0 <= index < len(items) else new

    def visit_IfExp(self, node: gast.IfExp) -> gast.expr:
        test = fold_constants(self.visit(node.test))
        decided = truth(self.filler.kinds.kind(test, self.filler.env))
        if decided is not None:
            return self.visit(node.body if decided else node.orelse)
        return gast.IfExp(test, self.visit(node.body), self.visit(node.orelse))

    def visit_BoolOp(self, node: gast.BoolOp) -> gast.expr:
        """What is decided leaves the text: `0 is None or n == 2` is `n == 2`."""
        open_: list[gast.expr] = []
        for value in node.values:
            value = fold_constants(self.visit(value))
            decided = truth(self.filler.kinds.kind(value, self.filler.env))
            if decided is isinstance(node.op, gast.Or):
                return value if not open_ else gast.BoolOp(node.op, [*open_, value])
            if decided is None or not isinstance(value, gast.Compare):
                open_.append(value)
        return gast.BoolOp(node.op, open_) if len(open_) > 1 else open_[0] if open_ else value

    def visit_Call(self, node: gast.Call) -> gast.expr:
        defaults = _defaults(_function(node.func, self.filler.template.globals))
        self.generic_visit(node)
        node.keywords = [k for k in node.keywords if k.arg is None or not _is_default(k.value, k.arg, defaults)]
        names = list(defaults)
        while not node.keywords and len(node.args) <= len(names) and node.args and (
                _is_default(node.args[-1], names[len(node.args) - 1], defaults)):
            node.args.pop()
        return node

    def visit_Attribute(self, node: gast.Attribute) -> gast.expr:
        module = _module(node.value, self.filler.template.globals)
        if module is not None and node.attr in vars(module) and (module is builtins or "autodiff_src" in module.__name__):
            return self.filler.scope.reference(getattr(module, node.attr), node.attr)
        return self.generic_visit(node)

    def visit_Name(self, node: gast.Name) -> gast.expr:
        if node.id in self.filler.holes:
            return clone(self.filler.holes[node.id])
        if node.id in self.filler.template.globals:
            return self.filler.scope.reference(self.filler.template.globals[node.id], node.id)
        return self.filler.scope.reference(getattr(builtins, node.id), node.id)


def _function(node: gast.expr, globals_: dict[str, Any]) -> Any:
    if not isinstance(node, gast.Attribute):
        return None
    owner = _module(node.value, globals_) or _function(node.value, globals_)
    return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None


@cache
def _defaults(function: Any) -> dict[str, Any]:
    """The parameters of NumPy's and SciPy's functions with their defaults; `keepdims` of reductions has none to show."""
    if not inspect.isfunction(inspect.unwrap(function)) or not module_of(function).startswith(("numpy", "scipy")):
        return {}
    parameters = inspect.signature(function).parameters.values()
    return {p.name: False if p.name == "keepdims" else p.default for p in parameters}


def _is_default(value: gast.expr, parameter: str, defaults: dict[str, Any]) -> bool:
    return isinstance(value, gast.Constant) and parameter in defaults and value.value is defaults[parameter]


def _module(node: gast.expr, globals_: dict[str, Any]) -> ModuleType | None:
    value = globals_.get(node.id) if isinstance(node, gast.Name) else None
    return value if isinstance(value, ModuleType) else None


def times_choice(derivative: gast.expr, partial: gast.expr) -> gast.expr:
    """`derivative * partial`; a choice between partials becomes one between products."""
    if isinstance(partial, gast.IfExp):
        return gast.IfExp(
            partial.test, times_choice(derivative, partial.body), times_choice(derivative, partial.orelse)
        )
    return times(clone(derivative), partial)


def without_unread(pieces: list[Piece]) -> list[Piece]:
    """The pieces without locals that no later piece reads."""
    read: set[str] = set()
    kept: list[Piece] = []
    for piece in reversed(pieces):
        if isinstance(piece, Contribution):
            read |= names_read(piece.value)
        elif names_stored(piece) & read:
            read |= names_read(piece)
        else:
            continue
        kept.append(piece)
    return kept[::-1]
