"""Core form -> core form for one combination of argument kinds: decided branches vanish, calls are bound.

def f(x, mode):                      # x: float, mode: "fast"
    if mode == "fast":                   x = x + 1.0
        x += 1.0                 ->      return x
    return x
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import gast

from autodiff_src.analyze.calls import TRANSFORMS, Called, Info, ListMethod, Opaque, called_function, classify
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds, without_value
from autodiff_src.analyze.functions import (
    Callee,
    Default,
    DerivedFunction,
    LocalFunction,
    bind,
    default_atom,
    is_function,
    local_function,
)
from autodiff_src.analyze.index_kinds import index_kind
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Inert,
    Int,
    Kind,
    Known,
    List,
    Tuple,
    Unknown,
    is_immutable_number,
    join,
)
from autodiff_src.analyze.operator_kinds import binary_kind, truth
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.parse.resolve import Guard
from autodiff_src.program import FreshNames, Program
from autodiff_src.syntax import (
    assign,
    clone,
    clone_head,
    constant,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
)

_IMMUTABLE = (Known, Inert, Tuple)
_IN_PLACE = (gast.Add, gast.Sub, gast.Mult, gast.Div)
BOTTOM: Kind = Known("the result of a recursive call, as yet unknown")


class Callees(Protocol):
    """Gives the summary of a user's function for kinds of arguments."""

    def program_of(self, function: Kind, kinds: dict[str, Kind] | None) -> Program: ...

    def callee(
        self, function: Kind, program: Program, parameters: list[str], kinds: list[Kind], functions: dict[str, Kind]
    ) -> tuple[Callee, Kind]: ...


@dataclass(eq=False)
class Specialised:
    """A function in core form for one combination of kinds. `calls` tells by a statement's id what its call is."""

    program: Program
    parameters: tuple[str, ...]
    kinds: dict[str, Kind]
    calls: dict[int, Info]
    result: Kind
    guards: list[Guard]
    global_kinds: dict[str, Kind]
    definitions: dict[tuple[int, str], Kind]


def specialise(program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], callees: Callees) -> Specialised:
    """The program in core form, specialised to parameters of these kinds; `functions` are parameters known by text."""
    return _Specialiser(program, callees).run(kinds, functions)


class _Specialiser:
    def __init__(self, program: Program, callees: Callees):
        self.program = replace(program, function=clone(program.function))
        self.callees = callees
        self.expressions = ExpressionKinds(program.namespace)
        self.expressions.call_hook = self._call_kind
        self.calls: dict[int, Info] = {}
        self.definitions: dict[tuple[int, str], Kind] = {}
        self.result: Kind | None = None
        self.rewritten: dict[tuple[int, str], Any] = {}
        self.breaks: list[Env] = []
        self.names = FreshNames(
            names_read(program.function.body)
            | names_stored(program.function.body)
            | set(parameter_names(program.function.args))
        )
        self.local_kinds: dict[int, LocalFunction] = {}

    def run(self, kinds: dict[str, Kind], functions: dict[str, Kind]) -> Specialised:
        function = self.program.function
        body, _ = self._block(function.body, {**kinds, **functions})
        new = clone_head(function)
        new.body = body or [located(gast.Pass(), function)]
        return Specialised(
            replace(self.program, function=new),
            tuple(kinds),
            dict(kinds),
            self.calls,
            self.result if self.result is not None else Known(None),
            list(self.expressions.guards.values()),
            self.expressions.global_kinds,
            self.definitions,
        )

    # -- blocks: each returns the new statements and the kinds behind them (None: never reached) -----------------------

    def _block(self, block: list[gast.stmt], env: Env | None) -> tuple[list[gast.stmt], Env | None]:
        new: list[gast.stmt] = []
        for s in block:
            if env is None:
                break
            method = getattr(self, "_" + type(s).__name__.lower())
            statements, env = method(s, dict(env))
            new += statements
        return new, env

    def _if(self, s: gast.If, env: Env) -> tuple[list[gast.stmt], Env | None]:
        test = truth(self.expressions.kind(s.test, env))
        if test is not None:
            return self._block(s.body if test else s.orelse, env)
        new = clone_head(s)
        new.body, after = self._block(s.body, env)
        new.orelse, other = self._block(s.orelse, env)
        new.body = new.body or [located(gast.Pass(), s)]
        return [new], _join_env(after, other)

    def _for(self, s: gast.For, env: Env) -> tuple[list[gast.stmt], Env | None]:
        self.expressions.kind(s.iter, env)
        target = s.target.id  # type: ignore[attr-defined]
        new, after = self._loop(s, env, lambda e: {**e, target: Int()})
        self.definitions[id(new), target] = Int()
        return [new], after

    def _while(self, s: gast.While, env: Env) -> tuple[list[gast.stmt], Env | None]:
        if truth(self.expressions.kind(s.test, env)) is False and isinstance(s.test, gast.Constant):
            return [], env
        new, after = self._loop(s, env, lambda e: e)
        endless = isinstance(s.test, gast.Constant) and bool(s.test.value)
        return [new], self.loop_breaks if endless else after

    def _loop(self, s: Any, env: Env, enter) -> tuple[Any, Env | None]:
        head: Env = {n: without_value(k) if n in names_stored(s.body) else k for n, k in env.items()}
        outer_breaks = self.breaks
        while True:
            self.breaks = []
            body, after = self._block(s.body, enter(head))
            wider = _join_env(head, after)
            if wider == head:
                break
            head = wider
        left = None
        for leaving in self.breaks:
            left = leaving if left is None else _join_env(left, leaving)
        self.breaks = outer_breaks
        self.loop_breaks = left
        if isinstance(s, gast.While):
            self.expressions.kind(s.test, head)
        key = (id(s), "loop")
        new = self.rewritten.setdefault(key, clone_head(s))
        new.body = body or [located(gast.Pass(), s)]
        fallen = _join_env(head, after)
        return new, fallen if left is None else _join_env(fallen, left)

    # -- statements --------------------------------------------------------------------------------------------------

    def _keep(self, s: gast.stmt, env: Env) -> tuple[list[gast.stmt], Env | None]:
        return [s], env

    _pass = _import = _importfrom = _keep

    def _break(self, s: gast.Break, env: Env) -> tuple[list[gast.stmt], Env | None]:
        self.breaks.append(env)
        return [s], None

    def _return(self, s: gast.Return, env: Env) -> tuple[list[gast.stmt], Env | None]:
        kind = self.expressions.kind(s.value, env)
        if is_function(kind):
            raise UnsupportedError(
                "returning a function is not differentiated", self.program.place(s), "return what it computes"
            )
        self.result = kind if self.result is None else join(self.result, kind)
        return [s], None

    def _raise(self, s: gast.Raise, env: Env) -> tuple[list[gast.stmt], Env | None]:
        return [s], None

    def _assert(self, s: gast.Assert, env: Env) -> tuple[list[gast.stmt], Env | None]:
        self.expressions.kind(s.test, env)
        return [s], env

    def _functiondef(self, s: gast.FunctionDef, env: Env) -> tuple[list[gast.stmt], Env | None]:
        if id(s) not in self.local_kinds:
            self.local_kinds[id(s)] = local_function(s, self.program, env)
        env[s.name] = self.local_kinds[id(s)]
        return [s], env

    def _assign(self, s: gast.Assign, env: Env) -> tuple[list[gast.stmt], Env | None]:
        target, value = s.targets[0], s.value
        if isinstance(target, gast.Subscript):
            return self._store(s, target, env)
        before, s = self._bound_call(s, env)
        kind = self._value_kind(s.value, env)
        if kind is BOTTOM:
            return [*before, s], None
        if isinstance(target, gast.Tuple):
            self._unpack(s, target, value, kind, env)
            return [*before, s], env
        assert isinstance(target, gast.Name)
        env[target.id] = kind
        if is_function(kind) and not isinstance(value, gast.Name) and isinstance(kind, DerivedFunction):
            return [], env
        self.definitions[id(s), target.id] = kind
        return [*before, s], env

    def _value_kind(self, value: gast.expr, env: Env) -> Kind:
        if isinstance(value, gast.Call):
            derived = self._derived(value, env)
            if derived is not None:
                return derived
        return self.expressions.kind(value, env)

    def _unpack(self, s: gast.Assign, target: gast.Tuple, value: gast.expr, kind: Kind, env: Env) -> None:
        names = [e.id for e in target.elts]  # type: ignore[attr-defined]
        for i, n in enumerate(names):
            item = index_kind(kind, constant(i), lambda e: self.expressions.kind(e, env))
            if isinstance(value, gast.Tuple):
                item = kind.items[i]  # type: ignore[attr-defined,index]
            self.definitions[id(s), n] = item
        env |= {n: self.definitions[id(s), n] for n in names}

    def _store(self, s: gast.Assign | gast.AugAssign, target: gast.Subscript, env: Env) -> tuple[list[gast.stmt], Env]:
        base = target.value
        kind = self.expressions.kind(base, env)
        value = self.expressions.kind(s.value, env)
        if (
            isinstance(kind, Array)
            and kind.dtype is not None
            and kind.dtype.kind != "f"
            and (not isinstance(value, (Int, Bool)) and isinstance(s, gast.AugAssign))
        ):
            value = UNKNOWN
        if isinstance(base, gast.Name) and isinstance(kind, List):
            self._grow_lists(kind, value, env)
        elif isinstance(base, gast.Name) and isinstance(kind, Dict):
            env[base.id] = _with_item(kind, target.slice, value)
            for key, known in self.definitions.items():
                if key[1] == base.id and isinstance(known, Dict):
                    self.definitions[key] = _wider(known, env[base.id])
        elif isinstance(kind, Tuple):
            raise UnsupportedError("a tuple is written into", self.program.place(s), "use a list")
        return [s], env

    def _grow_lists(self, kind: List, value: Kind, env: Env) -> None:
        """A list may go by several names: each list of this kind is taken to have got an element."""
        grown = List(value if kind.length == 0 else join(kind.item, value))
        for n, k in list(env.items()):
            if k == kind:
                env[n] = grown
                for key, known in self.definitions.items():
                    if key[1] == n and isinstance(known, List):
                        self.definitions[key] = join(known, grown)

    def _augassign(self, s: gast.AugAssign, env: Env) -> tuple[list[gast.stmt], Env | None]:
        if not isinstance(s.op, _IN_PLACE):
            return self._written_out(s, env)
        if isinstance(s.target, gast.Subscript):
            return self._store(s, s.target, env)
        target = s.target.id  # type: ignore[attr-defined]
        kind, value = env.get(target, UNKNOWN), self.expressions.kind(s.value, env)
        if is_immutable_number(kind) or isinstance(kind, _IMMUTABLE) or isinstance(kind, Array) and kind.shape == ():
            new = self.rewritten.setdefault(
                (id(s), "op"), assign(target, located(gast.BinOp(name(target), s.op, s.value), s), s)
            )
            return self._assign(new, env)
        if isinstance(kind, List):
            raise UnsupportedError("a list is extended in place", self.program.place(s), "append to it in a loop")
        if isinstance(kind, Unknown) and not isinstance(value, Unknown):
            kind = join(binary_kind(type(s.op), kind, value), UNKNOWN)
        env[target] = kind
        self.definitions[id(s), target] = kind
        return [s], env

    def _written_out(self, s: gast.AugAssign, env: Env) -> tuple[list[gast.stmt], Env | None]:
        """`x **= v` becomes `x = x ** v`, or `x[...] = x ** v` for an array, which stays where it is."""
        key = (id(s), "written out")
        if key not in self.rewritten:
            read = clone(s.target)
            read.ctx = gast.Load()
            old, new = self.names.fresh("old"), self.names.fresh("new")
            place = s.target
            if isinstance(place, gast.Name) and isinstance(env.get(place.id), Array) and env[place.id].shape != ():  # type: ignore[attr-defined]
                place = gast.Subscript(name(place.id), constant(...), gast.Store())
            self.rewritten[key] = [
                assign(old, read, s),
                assign(new, gast.BinOp(name(old), s.op, s.value), s),
                assign(place, name(new), s),
            ]
        statements = []
        for part in self.rewritten[key]:
            more, env = self._assign(part, env)  # type: ignore[assignment]
            statements += more
        return statements, env

    def _expr(self, s: gast.Expr, env: Env) -> tuple[list[gast.stmt], Env | None]:
        before, s = self._bound_call(s, env)
        if self.expressions.kind(s.value, env) is BOTTOM:
            return [*before, s], None
        info = self.calls.get(id(s))
        if isinstance(info, ListMethod) and isinstance(s.value.func.value, gast.Name):
            receiver = env.get(s.value.func.value.id, UNKNOWN)
            if isinstance(receiver, List) and info.method == "append":
                self._grow_lists(receiver, without_value(self.expressions.kind(s.value.args[0], env)), env)
        return [*before, s], env

    # -- calls -------------------------------------------------------------------------------------------------------

    def _bound_call(self, s: Any, env: Env) -> tuple[list[gast.stmt], Any]:
        """The statement with its call bound, and what has to run before it."""
        if not isinstance(s.value, gast.Call) or self._derived(s.value, env) is not None:
            return [], s
        function = called_function(s.value, env, self.expressions)
        if function is None:
            self.calls[id(s)] = classify(s.value, env, self.expressions, self.program)
            return [], s
        call_key = (id(s), "call")
        try:
            bound = self._bind(function, s.value, env)
        except AutodiffError as error:
            refusal = error if error.place is not None else type(error)(error.reason, self.program.place(s), error.fix)
            self.calls[id(s)] = Opaque(lambda: refusal)
            return [], s
        callee, before, arguments = bound
        new = self.rewritten.setdefault(call_key, s)
        self.calls[id(new)] = Called(callee, tuple(arguments))
        return before, new

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
            functions[function.definition.name] = function
        for parameter, value in bound.items():
            atom, kind, extra = self._argument(parameter, value, node, env)
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
        captures = []
        for own, here in kind.captures:
            hidden = f"{parameter}_{own}"
            captures.append((own, hidden))
            parameters.append(hidden)
            arguments.append(name(here))
            kinds.append(env.get(here, UNKNOWN))
        return replace(kind, captures=tuple(captures))

    def _argument(
        self, parameter: str, value: Any, node: gast.Call, env: Env
    ) -> tuple[gast.expr, Kind, list[gast.stmt]]:
        if isinstance(value, Default):
            atom = default_atom(value, node)
            if atom is None:
                raise UnsupportedError(
                    f"the default of {parameter!r} is not a literal",
                    self.program.place(node),
                    f"pass {parameter!r} in the call",
                )
            return atom, self.expressions.kind(atom, {}), []
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

    # -- transforms inside the function --------------------------------------------------------------------------------

    def _derived(self, node: gast.Call, env: Env) -> DerivedFunction | None:
        """`ad.grad(g)` as a kind."""
        function = self.expressions.function(node.func, env)
        transform = TRANSFORMS.get(id(function))
        if transform is None:
            return None
        if transform not in ("grad", "value_and_grad") or not node.args:
            raise UnsupportedError(
                f"ad.{transform} inside a differentiated function is not supported yet",
                self.program.place(node),
                "use ad.grad or ad.value_and_grad",
            )
        of = self.expressions.kind(node.args[0], env)
        if not is_function(of):
            raise UnsupportedError(
                f"the function given to ad.{transform} is not known here",
                self.program.place(node),
                "give a function by its own name",
            )
        options = dict(zip(("wrt", "has_aux"), node.args[1:], strict=False)) | {k.arg: k.value for k in node.keywords}
        try:
            values = {k: gast.literal_eval(v) for k, v in options.items()}
        except ValueError:
            raise UnsupportedError(
                f"the options of ad.{transform} are not literals here",
                self.program.place(node),
                "write wrt and has_aux as literals",
            ) from None
        return DerivedFunction(transform, of, values.get("wrt", 0), bool(values.get("has_aux", False)))

    def _derived_kinds(self, function: DerivedFunction, call: gast.Call, env: Env) -> dict[str, Kind]:
        inner: Kind = function
        while isinstance(inner, DerivedFunction):
            inner = inner.of
        program = self.callees.program_of(inner, None)
        bound = bind(program, _with_captures(call, function), lambda: self.program.place(call))
        return {p: self._argument(p, v, call, env)[1] for p, v in bound.items()}


def _with_captures(call: gast.Call, function: Kind) -> gast.Call:
    """The call of a lifted function: the variables that it reads are handed over."""
    while isinstance(function, DerivedFunction):
        function = function.of
    if not isinstance(function, LocalFunction):
        return call
    extra = [gast.keyword(own, name(here)) for own, here in function.captures]
    return gast.Call(call.func, call.args, [*call.keywords, *extra])


def _with_item(kind: Dict, key: gast.expr, value: Kind) -> Kind:
    if kind.items is None or not (isinstance(key, gast.Constant) and isinstance(key.value, str)):
        return Dict()
    items = dict(kind.items)
    items[key.value] = without_value(value)
    return Dict(tuple(items.items()))


def _wider(known: Dict, now: Kind) -> Kind:
    """A dict that gets new keys: what is known of it at any time."""
    assert isinstance(now, Dict)
    if known.items is None or now.items is None:
        return Dict()
    items = dict(known.items)
    return Dict(tuple({**items, **{key: join(items.get(key, k), k) for key, k in now.items}}.items()))


def _join_env(a: Env | None, b: Env | None) -> Any:
    """What is known where two paths meet; a variable bound on one path only keeps the kind it has there."""
    if a is None or b is None:
        return b if a is None else a
    return {n: join(a[n], b[n]) if n in a and n in b else a.get(n, b.get(n)) for n in {**a, **b}}
