"""Binds the calls of a specialised function: what is called, and which expression meets which parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import gast

from autodiff_src.analyze.calls import Called, Info, Opaque, called_function, classify
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.functions import (
    Callee,
    Default,
    DerivedFunction,
    LocalFunction,
    bind,
    captures,
    is_function,
    strip_symbols,
)
from autodiff_src.analyze.inner_transforms import derived_kind
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Dict,
    FunctionKind,
    Inert,
    Kind,
    Known,
    List,
    Tuple,
    is_immutable_number,
    kind_of,
)
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.syntax import assign, clone, constant, located, name, names_read


class Callees(Protocol):
    """Gives the summary of a user's function for kinds of arguments."""

    def program_of(self, function: Kind, kinds: dict[str, Kind] | None) -> Program: ...

    def callee(
        self, function: Kind, program: Program, parameters: list[str], kinds: list[Kind], functions: dict[str, Kind]
    ) -> tuple[Callee, Kind]: ...


class CallBinding:
    """The calls of one function, `calls` by the id of their statements; bound again for each round of a loop's kinds."""

    def __init__(
        self,
        program: Program,
        expressions: ExpressionKinds,
        definitions: dict[tuple[int, str], Kind],
        names: FreshNames,
        callees: Callees,
    ):
        self.program, self.expressions, self.definitions = program, expressions, definitions
        self.names, self.callees = names, callees
        self.calls: dict[int, Info] = {}
        self.rewritten: dict[tuple[int, str], Any] = {}
        expressions.call_hook = self._call_kind

    def derived(self, node: gast.Call, env: Env) -> DerivedFunction | None:
        """`ad.grad(g)` as a kind."""
        return derived_kind(node, env, self.expressions, self.program)

    def bound_call(self, s: Any, env: Env) -> tuple[list[gast.stmt], Any]:
        """The statement with its call bound, and what has to run before it."""
        if not isinstance(s.value, gast.Call) or self.derived(s.value, env) is not None:
            return [], s
        function = called_function(s.value, env, self.expressions)
        if function is None:
            self.calls[id(s)] = classify(s.value, env, self.expressions, self.program)
            self._refuse_hidden_writes(s, env)
            return [], s
        try:
            bound = self._bind(function, s.value, env)
        except AutodiffError as error:
            refusal = error if error.place is not None else type(error)(error.reason, self.program.place(s), error.fix)
            self.calls[id(s)] = Opaque(lambda: refusal)
            if captures(function):
                raise refusal from error
            return [], s
        callee, before, arguments = bound
        self.calls[id(s)] = Called(callee, tuple(arguments))
        return before, s

    def _refuse_hidden_writes(self, s: Any, env: Env) -> None:
        """Code that is not known may call a nested function that is handed to it, which may write what it captures."""
        if not isinstance(self.calls[id(s)], Opaque):
            return
        for n in sorted(names_read(s.value)):
            for variable in captures(env.get(n, UNKNOWN)):
                if _may_be_written(env.get(variable, UNKNOWN)):
                    raise UnsupportedError(
                        f"a nested function that reads {variable!r} is handed to code that is not known",
                        self.program.place(s),
                        f"pass {variable!r} as an argument",
                    )

    def _call_kind(self, node: gast.Call, env: Env) -> Kind | None:
        """The kind of a user's function's result; None for other calls."""
        function = called_function(node, env, self.expressions)
        if function is None:
            return None
        try:
            self._bind(function, node, env)
        except AutodiffError:
            return UNKNOWN
        return self.rewritten[id(node), "result"]

    def _bind(self, function: Kind, node: gast.Call, env: Env) -> tuple[Callee, list[gast.stmt], list[gast.expr]]:
        call, before = self._without_stars(node, env)
        own = self._derived_kinds(function, call, env) if isinstance(function, DerivedFunction) else None
        program = self.callees.program_of(function, own)
        bound = bind(program, _with_captures(call, function), lambda: self.program.place(node))
        parameters: list[str] = []
        arguments: list[gast.expr] = []
        kinds: list[Kind] = []
        functions: dict[str, Kind] = dict(function.functions) if isinstance(function, LocalFunction) else {}
        if isinstance(function, LocalFunction):
            inside = tuple((own, own) for own, _ in function.captures)
            functions[function.definition.name] = replace(function, captures=inside)
        for parameter, value in bound.items():
            atom, kind, extra = self._argument(parameter, value, function, node, env)
            before += extra
            if is_function(kind):
                functions[parameter] = self._passed(kind, parameter, parameters, arguments, kinds, env)
            else:
                parameters.append(parameter)
                arguments.append(atom)
                kinds.append(kind)
        callee, result = self.callees.callee(function, program, parameters, kinds, functions)
        for parameter, kind in zip(parameters, kinds, strict=True):
            if parameter in callee.written and isinstance(kind, (List, Dict)):
                raise UnsupportedError(
                    f"{program.name} changes the {type(kind).__name__.lower()} that is passed to it",
                    self.program.place(node),
                    "return a new one",
                )
        self.rewritten[id(node), "result"] = result
        return callee, before, arguments

    def _passed(
        self, kind: Kind, parameter: str, parameters: list[str], arguments: list[gast.expr], kinds: list[Kind], env: Env
    ) -> Kind:
        """A function passed as an argument: the variables that it reads are passed in its place."""
        if not isinstance(kind, LocalFunction):
            return kind
        captured = []
        for own, here in kind.captures:
            hidden = f"{parameter}_{own}"
            captured.append((own, hidden))
            parameters.append(hidden)
            arguments.append(name(here))
            kinds.append(env.get(here, UNKNOWN))
        return replace(kind, captures=tuple(captured))

    def _argument(
        self, parameter: str, value: Any, function: Kind, node: gast.Call, env: Env
    ) -> tuple[gast.expr, Kind, list[gast.stmt]]:
        if isinstance(value, Default):
            return self._default(parameter, value, function, node, env)
        if isinstance(value, (list, dict)):
            display: gast.expr = (
                gast.Tuple(list(value), gast.Load())
                if isinstance(value, list)
                else gast.Dict([constant(k) for k in value], list(value.values()))
            )
            pack = self.rewritten.get((id(node), parameter))
            if pack is None:
                pack = assign(self.names.fresh(parameter), located(display, node), node)
                self.rewritten[id(node), parameter] = pack
            kind = self.expressions.kind(pack.value, env)
            env[pack.targets[0].id] = kind
            self.definitions[id(pack), pack.targets[0].id] = kind
            return name(pack.targets[0].id), kind, [pack]
        return value, self.expressions.kind(value, env), []

    def _default(
        self, parameter: str, default: Default, function: Kind, node: gast.Call, env: Env
    ) -> tuple[gast.expr, Kind, list[gast.stmt]]:
        atom = default.expression
        if isinstance(atom, gast.Name):
            defined = _defined(function)
            assert isinstance(defined, LocalFunction)
            if atom.id in dict(defined.functions):
                return atom, dict(defined.functions)[atom.id], []
            atom = name(dict(defined.captures)[atom.id])
        elif atom is None and (default.value is None or type(default.value) in (bool, int, float, str)):
            atom = located(constant(default.value), node)
        if atom is not None:
            return atom, self.expressions.kind(atom, env), []
        read = self.rewritten.get((id(node), parameter))
        if read is None:
            if self.expressions.static(node.func, env) is not getattr(function, "value", None):
                raise UnsupportedError(
                    f"the default of {parameter!r} is not a literal",
                    self.program.place(node),
                    f"pass {parameter!r} in the call",
                )
            holder = gast.Attribute(clone(node.func), default.holder, gast.Load())
            part = assign(self.names.fresh("defaults"), holder, node)
            item = gast.Subscript(name(part.targets[0].id), constant(default.key), gast.Load())
            read = self.rewritten[id(node), parameter] = [part, assign(self.names.fresh(parameter), item, node)]
        self.expressions.rest_on(function.value, default.holder)  # type: ignore[attr-defined]
        kind = strip_symbols(kind_of(default.value, None))
        for s, known in zip(read, (Inert(), kind), strict=True):
            env[s.targets[0].id] = self.definitions[id(s), s.targets[0].id] = known
        return name(read[1].targets[0].id), kind, list(read)

    def _without_stars(self, node: gast.Call, env: Env) -> tuple[gast.Call, list[gast.stmt]]:
        """The call with `*t` and `**d` written out; their lengths must be known."""
        key = (id(node), "unstarred")
        if key not in self.rewritten:
            self.rewritten[key] = self._unstarred(node, env)
        call, before = self.rewritten[key]
        for s in before:
            env[s.targets[0].id] = self.definitions[id(s), s.targets[0].id] = self.expressions.kind(s.value, env)
        return call, list(before)

    def _unstarred(self, node: gast.Call, env: Env) -> tuple[gast.Call, list[gast.stmt]]:
        args: list[gast.expr] = []
        keywords: list[gast.keyword] = []
        before: list[gast.stmt] = []

        def item(source: gast.expr, key: Any) -> gast.expr:
            part = assign(self.names.fresh("item"), gast.Subscript(clone(source), constant(key), gast.Load()), node)
            before.append(part)
            return name(part.targets[0].id)

        for a in node.args:
            if not isinstance(a, gast.Starred):
                args.append(a)
                continue
            kind = self.expressions.kind(a.value, env)
            length = (
                len(kind.items)
                if isinstance(kind, Tuple) and kind.items is not None
                else (kind.length if isinstance(kind, List) else None)
            )
            if length is None:
                raise UnsupportedError(
                    "the length of what follows `*` is not known", self.program.place(node), "pass the items one by one"
                )
            args += [item(a.value, i) for i in range(length)]
        for k in node.keywords:
            if k.arg is not None:
                keywords.append(k)
                continue
            kind = self.expressions.kind(k.value, env)
            if not isinstance(kind, Dict) or kind.items is None:
                raise UnsupportedError(
                    "the keys of what follows `**` are not known", self.program.place(node), "pass the items one by one"
                )
            keywords += [gast.keyword(key, item(k.value, key)) for key, _ in kind.items]
        return gast.Call(node.func, args, keywords), before

    def _derived_kinds(self, function: DerivedFunction, call: gast.Call, env: Env) -> dict[str, Kind]:
        inner = _defined(function)
        program = self.callees.program_of(inner, None)
        bound = bind(program, _with_captures(call, function), lambda: self.program.place(call))
        return {p: self._argument(p, v, inner, call, env)[1] for p, v in bound.items()}


def _may_be_written(kind: Kind) -> bool:
    return not is_immutable_number(kind) and not isinstance(kind, (Known, Inert, FunctionKind))


def _with_captures(call: gast.Call, function: Kind) -> gast.Call:
    """The call of a lifted function: the variables that it reads are handed over."""
    defined = _defined(function)
    if not isinstance(defined, LocalFunction):
        return call
    extra = [gast.keyword(own, name(here)) for own, here in defined.handed_over()]
    return gast.Call(call.func, call.args, [*call.keywords, *extra])


def _defined(function: Kind) -> Kind:
    """The function below all transforms."""
    while isinstance(function, DerivedFunction):
        function = function.of
    return function
