"""Binds the calls of a specialised function: what is called, and which expression meets which parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import gast

from autodiff_src.analyze.calls import Called, Info, Opaque, called_function, classify, is_library
from autodiff_src.analyze.container_changes import Containers
from autodiff_src.analyze.expression_kinds import CHANGED, Env, ExpressionKinds, forgotten
from autodiff_src.analyze.functions import (
    BoundMethod,
    Callee,
    Default,
    DerivedFunction,
    LocalFunction,
    bind,
    captures,
    defined,
    is_function,
    names_beside,
    strip_symbols,
)
from autodiff_src.analyze.holders import OUTSIDE
from autodiff_src.analyze.inner_transforms import derived_kind, halves_call, tangent_call
from autodiff_src.analyze.kinds import UNKNOWN, Inert, Kind, Known, Object, Unknown
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.members import Getter
from autodiff_src.analyze.mutability import does_not_change, is_mutable, leaves_arguments, leaves_receiver, may_be_written
from autodiff_src.analyze.numpy_texts import numpy_text
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.analyze.outside_writes import ANY, note_names
from autodiff_src.analyze.rest_arguments import with_own_parameters
from autodiff_src.analyze.solvers import kind_of_solution, solver_call
from autodiff_src.analyze.stars import unstarred
from autodiff_src.analyze.summaries import is_quiet
from autodiff_src.analyze.unread_code import UnreadCode
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.program import MISSING, Program
from autodiff_src.rules import rule_for
from autodiff_src.runtime.iteration import Unbound
from autodiff_src.runtime.libraries import Library
from autodiff_src.runtime.objects import is_of_numpy
from autodiff_src.syntax import assign, clone, constant, is_name, located, name, names_read, with_value


class Callees(Protocol):
    """Gives the summary of a user's function for kinds of arguments; of objects, `attributes` are looked at. `library`: whose
    arrays the functions are called with, if not NumPy's."""

    attributes: set[str]
    library: Library | None
    forward_mode: bool
    unread: UnreadCode

    def derived_object(self, function: DerivedFunction, kinds: dict[str, Kind]) -> Any: ...

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
        outside: OutsideNames,
        callees: Callees,
        changes: Containers,
    ):
        self.program, self.expressions, self.definitions = program, expressions, changes.definitions
        self.names, self.outside, self.callees, self.changes = outside.names, outside, callees, changes
        self.calls: dict[int, Info] = {}
        self.passed: dict[str, Kind] = {}  # parameters that are functions
        self.rewritten: dict[tuple[int, str], Any] = {}
        expressions.call_hook, expressions.getter_hook = self._call_kind, self._getter_kind

    def derived(self, node: gast.Call, env: Env) -> DerivedFunction | None:
        """`ad.grad(g)` as a kind."""
        return derived_kind(node, env, self.expressions, self.program)

    def bound_call(self, s: Any, env: Env) -> tuple[list[gast.stmt], Any]:
        """The statement with its call bound, and what has to run before it; reading a property is a call, too."""
        if isinstance(s.value, gast.Attribute):
            found = self.expressions.member(s.value, env)
            if isinstance(found, Getter):
                return self._bound(s, Known(found.function), self._getter_call(s.value), env), s
            return [], s
        if not isinstance(s.value, gast.Call) or self.derived(s.value, env) is not None:
            return [], s
        halves = halves_call(s.value, env, self)
        if halves is not None:
            call, before = halves
            s = self.rewritten.setdefault((id(call), "statement"), with_value(s, call))
            return [*before, *self._bound(s, self.expressions.kind(call.func, env), call, env)], s
        inner = tangent_call(s.value, env, self)
        if inner is not None:
            return [*inner.before, *self._bound(s, inner.function, inner.call, env, inner.kinds)], s
        solver = solver_call(s, env, self)
        if solver is not None:
            self.calls[id(s)], before = solver
            self._refuse_hidden_writes(s, env)
            return before, s
        start, s = self._with_called_object(s, env)
        function = called_function(s.value, env, self.expressions, self.callees.forward_mode, self.callees.library)
        if function is None:
            before, s = self._with_plain_arguments(s, env)
            start = [*start, *before]
            self.calls[id(s)] = classify(s.value, env, self.expressions, self.program)
            self._refuse_hidden_writes(s, env)
            return start, s
        return [*start, *self._bound(s, function, s.value, env)], s

    def _bound(
        self, s: Any, function: Kind, call: gast.Call, env: Env, kinds: dict[str, Kind] | None = None
    ) -> list[gast.stmt]:
        """Notes what the statement calls; returns what has to run before it."""
        try:
            callee, before, arguments = self._bind(function, call, env, kinds)
        except AutodiffError as error:
            if isinstance(function, Known) and numpy_text(function.value) is not None:
                self.calls[id(s)] = classify(call, env, self.expressions, self.program)
                return []
            refusal = error if error.place is not None else type(error)(error.reason, self.program.place(s), error.fix)
            self.calls[id(s)] = Opaque(lambda: refusal)
            nameless = isinstance(function, LocalFunction) and is_name(call.func) and call.func.id in self.passed
            if captures(function) or nameless:
                raise refusal from error
            return []
        self.calls[id(s)] = Called(callee, tuple(arguments))
        return before

    def forget_objects(self, s: Any, env: Env) -> None:
        """Code that is not known may have rebound attributes of objects that it is given or can see."""
        if not isinstance(self.calls.get(id(s)), Opaque) or not isinstance(s.value, gast.Call):
            return
        call = s.value
        function = self.expressions.function(call.func, env)
        receiver = self.expressions.kind(call.func.value, env) if isinstance(call.func, gast.Attribute) else UNKNOWN
        foreign = is_library(function) if function is not MISSING else not isinstance(receiver, (Unknown, Object))
        given = [self.expressions.kind(name(n), env) for n in names_read([*call.args, *[k.value for k in call.keywords]])]
        if foreign and all(forgotten(kind) == kind for kind in given):
            return
        for n, kind in env.items():
            env[n] = forgotten(kind)
        env[CHANGED] = Inert()

    def forget_containers(self, s: Any, env: Env) -> None:
        """Code that is not known may have changed the arrays, lists and dicts that it is given; methods that read do not."""
        info = self.calls.get(id(s))
        if isinstance(info, Called) and self.changes.holders.of(OUTSIDE) and not is_quiet(info.callee):
            self.changes.forget_outside(env)
        if not isinstance(info, Opaque) or not isinstance(s.value, gast.Call):
            return
        call = s.value
        given = names_read([k.value for k in call.keywords if k.arg == "out"])
        function = self.expressions.function(call.func, env)
        plain = does_not_change(function)
        if function is MISSING and isinstance(call.func, gast.Attribute):
            receiver = self.expressions.kind(call.func.value, env)
            reading = leaves_receiver(receiver, call.func.attr)
            given |= set() if reading else names_read(call.func.value)
            plain = reading or leaves_arguments(receiver, call.func.attr)
        if not plain:
            self.program.namespace.unsettled.attributes.add(ANY)
            self.callees.unread.note(function if function is not MISSING else self._class_of(call.func, env))
            self.changes.forget_outside(env)
            given |= names_read([*call.args, *[k.value for k in call.keywords]])
            for n in given:
                self.callees.unread.note(self.expressions.function(name(n), env))
        here = [n for n in sorted(given & set(env)) if is_mutable(env[n])]
        self.calls[id(s)] = replace(info, writes=tuple(here))
        self.changes.forget(here, env)
        note_names(given - set(env), replace(self.program, namespace=self.expressions.namespace))

    def _class_of(self, method: gast.expr, env: Env) -> Any:
        """The class of the object that a method is called on, if it is known."""
        kind = self.expressions.kind(method.value, env) if isinstance(method, gast.Attribute) else UNKNOWN
        return kind.cls if isinstance(kind, Object) else None

    def _with_called_object(self, s: Any, env: Env) -> tuple[list[gast.stmt], Any]:
        """`y = net.layer(x)` as `layer = net.layer; y = layer(x)` where the attribute is an object that can be called."""
        func = s.value.func
        if not isinstance(func, gast.Attribute) or not isinstance(self.expressions.member(func, env), Object):
            return [], s
        key = (id(s), "called object")
        if key not in self.rewritten:
            read = assign(self.names.fresh(func.attr), func, s)
            new = clone(s)
            new.value.func = name(read.targets[0].id)
            self.rewritten[key] = read, new
        read, new = self.rewritten[key]
        self._define(read, self.expressions.kind(func, env), env)
        return [read], new

    def _with_plain_arguments(self, s: Any, env: Env) -> tuple[list[gast.stmt], Any]:
        """The call of a function with a rule, `*t` and `**d` written out where their lengths are known."""
        starred = any(isinstance(a, gast.Starred) for a in s.value.args) or any(k.arg is None for k in s.value.keywords)
        if not starred or rule_for(self.expressions.function(s.value.func, env)) is None:
            return [], s
        try:
            call, before = self.unstarred(s.value, env)
        except UnsupportedError:
            return [], s
        return before, self.rewritten.setdefault((id(s), "plain arguments"), with_value(s, call))

    def _define(self, s: gast.Assign, kind: Kind, env: Env) -> None:
        env[s.targets[0].id] = self.definitions[id(s), s.targets[0].id] = kind  # type: ignore[attr-defined]

    def _getter_call(self, node: gast.Attribute) -> gast.Call:
        return self.rewritten.setdefault((id(node), "getter"), located(gast.Call(node, [node.value], []), node))

    def _getter_kind(self, getter: Getter, node: gast.Attribute, env: Env) -> Kind:
        """The kind of a property's value. It is read wherever the text reads it, so it must do nothing else."""
        call = self._getter_call(node)
        try:
            callee, before, _ = self._bind(Known(getter.function), call, env)
        except AutodiffError:
            return UNKNOWN
        if before or not is_quiet(callee):
            raise UnsupportedError(
                f"the property {node.attr!r} does more than compute a value", self.program.place(node), "make it a method"
            )
        return self.rewritten[id(call), "result"]

    def _refuse_hidden_writes(self, s: Any, env: Env) -> None:
        """Code that is not known may call a nested function that is handed to it, which may write what it captures."""
        if not isinstance(self.calls[id(s)], Opaque):
            return
        for n in sorted(names_read(s.value) - self.passed.keys()):  # where these go on, the call is written out
            for variable in captures(env.get(n, UNKNOWN)):
                if may_be_written(env.get(variable, UNKNOWN)):
                    raise UnsupportedError(f"a nested function that reads {variable!r} is handed to code that is not known",
                                           self.program.place(s), f"pass {variable!r} as an argument")

    def _call_kind(self, node: gast.Call, env: Env) -> Kind | None:
        """The kind of a user's function's result; None for other calls."""
        function = self.expressions.function(node.func, env)
        solution = kind_of_solution(function, lambda: [self.expressions.kind(a, env) for a in node.args])
        if solution is not None:
            return solution
        halves = halves_call(node, env, self)
        node = node if halves is None else halves[0]
        inner = tangent_call(node, env, self)
        function = inner.function if inner is not None else called_function(
            node, env, self.expressions, self.callees.forward_mode, self.callees.library)
        if function is None:
            return None
        node = node if inner is None else inner.call
        try:
            self._bind(function, node, env, None if inner is None else inner.kinds)
        except AutodiffError:
            return None if isinstance(function, Known) and numpy_text(function.value) is not None else UNKNOWN
        return self.rewritten[id(node), "result"]

    def _bind(
        self, function: Kind, node: gast.Call, env: Env, own: dict[str, Kind] | None = None
    ) -> tuple[Callee, list[gast.stmt], list[gast.expr]]:
        """`own`: the kinds of a derived function's parameters, for a call that hands over what it captures, too."""
        call, before = self.unstarred(node, env)
        if isinstance(function, BoundMethod):
            call = gast.Call(call.func, [function.receiver, *call.args], call.keywords)
            function = function.function
        handed = call if own is not None else self._with_captures(call, function, env)
        if own is None and isinstance(function, DerivedFunction):
            own = {p: kind for p, (_, kind, _) in self.bound_arguments(function, call, env).items()}
        program = self.callees.program_of(function, own)
        bound = bind(program, handed, lambda: self.program.place(node))
        given = [*handed.args, *(k.value for k in handed.keywords)]
        whole = not any(is_function(self.expressions.kind(e, env)) for e in given)
        program, bound = with_own_parameters(program, bound, whole)
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
                functions[parameter] = self._passed(kind, parameter, program, (parameters, arguments, kinds), env)
            else:
                parameters.append(parameter)
                arguments.append(atom)
                kinds.append(kind)
        callee, result = self.callees.callee(function, program, parameters, kinds, functions)
        if callee.written and is_of_numpy(program.original) and not is_of_numpy(self.program.original):
            raise UnsupportedError(f"{program.name} writes over what it is given", self.program.place(node), "hand over a copy")
        self.rewritten[id(node), "result"] = result
        return callee, before, arguments

    def _passed(self, kind: Kind, parameter: str, program: Program,
                given: tuple[list[str], list[gast.expr], list[Kind]], env: Env) -> Kind:
        """A function passed as an argument: the variables that it reads are passed in its place."""
        if not isinstance(kind, LocalFunction):
            return kind
        parameters, arguments, kinds = given
        names, captured = names_beside(program, parameters), []
        for own, here in kind.captures:
            hidden = names.fresh(f"{parameter}_{own}")
            captured.append((own, hidden))
            parameters.append(hidden)
            arguments.append(self._captured(here, env))
            kinds.append(self.expressions.kind(arguments[-1], env))
        return replace(kind, captures=tuple(captured))

    def _argument(
        self, parameter: str, value: Any, function: Kind, node: gast.Call, env: Env
    ) -> tuple[gast.expr, Kind, list[gast.stmt]]:
        if isinstance(value, Default):
            return self._default(parameter, value, function, node, env)
        if isinstance(value, (list, dict, gast.Tuple, gast.List)):
            display: gast.expr = (
                gast.Tuple(list(value), gast.Load())
                if isinstance(value, list)
                else value
                if isinstance(value, gast.expr)
                else gast.Dict([constant(k) for k in value], list(value.values()))
            )
            pack = self.rewritten.get((id(node), parameter))
            if pack is None:
                pack = assign(self.names.fresh(parameter), located(display, node), node)
                self.rewritten[id(node), parameter] = pack
            kind = self.expressions.kind(pack.value, env)
            self._define(pack, kind, env)
            return name(pack.targets[0].id), kind, [pack]
        return value, self.expressions.kind(value, env), []

    def _default(
        self, parameter: str, default: Default, function: Kind, node: gast.Call, env: Env
    ) -> tuple[gast.expr, Kind, list[gast.stmt]]:
        atom = default.expression
        if isinstance(atom, gast.Name):
            inner = defined(function)
            assert isinstance(inner, LocalFunction)
            if atom.id in dict(inner.functions):
                return atom, dict(inner.functions)[atom.id], []
            atom = name(dict(inner.captures)[atom.id])
        elif atom is None and (default.value is None or type(default.value) in (bool, int, float, str)):
            atom = located(constant(default.value), node)
        elif callable(default.value) and isinstance(function, Known):
            self.expressions.rest_on(function.value, default.holder)
            atom = name(self.outside.name_for(default.value, getattr(default.value, "__name__", parameter)))
        if atom is not None:
            return atom, self.expressions.kind(atom, env), []
        read = self.rewritten.get((id(node), parameter))
        if read is None:
            if self.expressions.static(node.func, env) is not getattr(function, "value", MISSING):
                raise UnsupportedError(f"the default of {parameter!r} is not a literal", self.program.place(node),
                                       f"pass {parameter!r} in the call")
            holder = gast.Attribute(clone(node.func), default.holder, gast.Load())
            part = assign(self.names.fresh("defaults"), holder, node)
            item = gast.Subscript(name(part.targets[0].id), constant(default.key), gast.Load())
            read = self.rewritten[id(node), parameter] = [part, assign(self.names.fresh(parameter), item, node)]
        self.expressions.rest_on(function.value, default.holder)  # type: ignore[attr-defined]
        kind = strip_symbols(kind_of(default.value, None))
        for s, known in zip(read, (Inert(), kind), strict=True):
            env[s.targets[0].id] = self.definitions[id(s), s.targets[0].id] = known
        return name(read[1].targets[0].id), kind, list(read)

    def unstarred(self, node: gast.Call, env: Env) -> tuple[gast.Call, list[gast.stmt]]:
        """The call with `*t` and `**d` written out; their lengths must be known."""
        key = (id(node), "unstarred")
        if key not in self.rewritten:
            self.rewritten[key] = unstarred(node, env, self.expressions, self.names.fresh, self.program)
        call, before = self.rewritten[key]
        for s in before:
            env[s.targets[0].id] = self.definitions[id(s), s.targets[0].id] = self.expressions.kind(s.value, env)
        return call, list(before)

    def bound_arguments(
        self, function: DerivedFunction, call: gast.Call, env: Env
    ) -> dict[str, tuple[gast.expr, Kind, list[gast.stmt]]]:
        """By a parameter of the function below all transforms: what it is given, its kind, and what runs before."""
        inner = defined(function)
        program = self.callees.program_of(inner, None)
        bound = bind(program, self._with_captures(call, function, env), lambda: self.program.place(call))
        return {p: self._argument(p, v, inner, call, env) for p, v in bound.items()}

    def _with_captures(self, call: gast.Call, function: Kind, env: Env) -> gast.Call:
        """The call of a lifted function: the variables that it reads are handed over."""
        inner = defined(function)
        if not isinstance(inner, LocalFunction):
            return call
        extra = [gast.keyword(own, self._captured(here, env)) for own, here in inner.handed_over()]
        return gast.Call(call.func, call.args, [*call.keywords, *extra])

    def _captured(self, variable: str, env: Env) -> gast.expr:
        """A variable that a nested function reads, which no path to here may have bound."""
        return name(variable if variable in env else self.outside.name_for(Unbound, "Unbound"))
