"""Core form -> core form for one combination of argument kinds: decided branches vanish, calls are bound.

def f(x, mode):                      # x: float, mode: "fast"
    if mode == "fast":                   x = x + 1.0
        x += 1.0                 ->      return x
    return x
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from autodiff_src.analyze.call_binding import CallBinding, Callees
from autodiff_src.analyze.calls import ListMethod
from autodiff_src.analyze.container_changes import Containers, grown, note_slices, refuse_kept_method
from autodiff_src.analyze.container_forms import ContainerForms
from autodiff_src.analyze.decided import Decided, without_decided
from autodiff_src.analyze.default_items import DefaultItems
from autodiff_src.analyze.environments import UNBOUND, join_env, refuse_unbound
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.function_choice import FunctionChoices
from autodiff_src.analyze.functions import LocalFunction, is_function, local_function, local_functions
from autodiff_src.analyze.guards import Guards
from autodiff_src.analyze.hidden_calls import HiddenCalls
from autodiff_src.analyze.holders import Holders
from autodiff_src.analyze.index_kinds import index_kind, takes_from_empty, with_item
from autodiff_src.analyze.inlining import Inlining, may_be_written_out
from autodiff_src.analyze.iterables import Iterables
from autodiff_src.analyze.kinds import UNKNOWN, Dict, Int, Kind, Known, List, Object, Tuple, Unknown, join, without_value
from autodiff_src.analyze.known_names import trips
from autodiff_src.analyze.library_checks import LibraryChecks
from autodiff_src.analyze.library_updates import refuse_shared
from autodiff_src.analyze.made_objects import Classes, MadeObjects
from autodiff_src.analyze.module_names import ModuleNames
from autodiff_src.analyze.mutability import has_state
from autodiff_src.analyze.object_stores import store_attribute
from autodiff_src.analyze.opened_functions import OpenedFunctions
from autodiff_src.analyze.operator_kinds import binary_kind, truth, updated_kind
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.analyze.real_powers import RealPowers
from autodiff_src.analyze.specialised import BOTTOM, Specialised
from autodiff_src.analyze.updates import Updates, as_read
from autodiff_src.analyze.ways_of_rewriting import ways_of_rewriting
from autodiff_src.analyze.whole_tries import refuse_partial_tries
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.refusals import before_endings, refuse_certain, refused_in, refused_statement
from autodiff_src.runtime.iteration import Unbound
from autodiff_src.syntax import (
    clone,
    clone_head,
    constant,
    is_name,
    located,
    names_read,
    names_stored,
    parameter_names,
    target_names,
)


class Specialiser:
    def __init__(self, program: Program, callees: Callees, write_out: bool, classes: Classes | None = None):
        self.program = replace(program, function=clone(program.function))
        self.expressions = ExpressionKinds(program.namespace)
        self.expressions.attributes = callees.attributes
        self.definitions: dict[tuple[int, str], Kind] = {}
        self.result: Kind | None = None
        self.rewritten, self.breaks = dict[tuple[int, str], Any](), list[Env]()
        self.local = names_stored(program.function.body) | set(parameter_names(program.function.args))
        self.holders = Holders(self.program.function.body, self.local, program.namespace,
                               static := lambda e: self.expressions.static(e, self.local),
                               waits=lambda s: may_be_written_out(s, static))
        self.changes = Containers(self.program, self.definitions, self.holders)
        self.names = FreshNames(names_read(program.function.body) | self.local)
        self.outside = outside = OutsideNames(self.expressions, self.names, self.local)
        self.binding = CallBinding(self.program, self.expressions, outside, callees, self.changes)
        self.iterables = Iterables(self.program, self.expressions, outside, self.holders)
        self.containers = ContainerForms(self.program, self.expressions, self.names, outside)
        self.objects = MadeObjects(self.program, self.expressions, self.names, outside, classes or Classes())
        self.updates = Updates(self.expressions, self.names, self.containers, callees.library)
        self.choices = FunctionChoices(self.program, self.expressions, outside, self.local)
        self.inlining = Inlining(self.program, self.expressions, self.binding, self.names, self.local, outside, write_out)
        more = ways_of_rewriting(self.program, self.expressions, self.names, self.local, outside, self.binding.unstarred,
                                 callees.library)
        opened = OpenedFunctions(self.binding, self.inlining)
        self.ways = (self.choices.rewrite, self.containers.of_call, self.objects.rewrite, opened.rewrite, *more)
        self.powers = RealPowers(self.expressions, outside)
        self.modules = ModuleNames(self.program, self.expressions, outside, callees.library)
        self.checks = callees.library and LibraryChecks(self.program, self.expressions, callees.library)
        self.hidden_calls = HiddenCalls(self.program, self.expressions, callees.unread.source)
        self.guards = Guards(self.program, self.expressions, self.changes, self.binding.calls, self._block, callees.unread)
        self._with, self._try = self.guards.context, self.guards.tried
        self.decided, self.defaults = Decided(), DefaultItems(self.program, self.expressions, self.names, outside)
        self.unbound, self.local_kinds = False, dict[int, LocalFunction]()
        self.following: gast.stmt | None = None

    def run(self, kinds: dict[str, Kind], functions: dict[str, Kind]) -> Specialised:
        function = self.program.function
        self.definitions.update({(0, p): kind for p, kind in kinds.items()})
        self.binding.passed = functions
        self.unbound = UNBOUND in kinds.values()
        body, _ = self._block(function.body, {**kinds, **functions})
        handed_on = self.outside.name_functions(body, functions, self.binding.calls, self.definitions)
        body = before_endings(refuse_partial_tries(body, self.program, self.binding.calls))
        refuse_certain(body)
        new = clone_head(function)
        new.body = body or [located(gast.Pass(), function)]
        refuse_shared(self.updates.of_library, replace(self.program, function=new), self.expressions, self.local)
        return Specialised(
            replace(self.program, function=new, namespace=self.expressions.namespace),
            tuple(kinds),
            {p: self.definitions.pop((0, p)) for p in kinds},
            self.binding.calls,
            self.result if self.result is not None else Known(None),
            list(self.expressions.guards.values()),
            {n: kind for n, kind in self.expressions.global_kinds.items() if n not in self.local},
            self.definitions,
            handed_on=handed_on,
        )

    # -- blocks: each returns the new statements and the kinds behind them (None: never reached) -----------------------

    def _block(self, block: list[gast.stmt], env: Env | None) -> tuple[list[gast.stmt], Env | None]:
        new: list[gast.stmt] = []
        self.holders.note(block)
        for i, s in enumerate(block):
            if env is None:
                break
            method = getattr(self, "_" + type(s).__name__.lower())
            refused = refused_in(s)
            try:
                if refused is not None:
                    raise refused.error
                if self.checks:
                    self.checks.check(s, env)
                s = self.modules.of(s, env)
                self.hidden_calls.note(s, env)
                note_slices(s, env, self.expressions)
                if self.unbound or any(v is Unbound for v in self.expressions.namespace.extra.values()):
                    refuse_unbound(s, env, self.program)
                items = self.defaults.of(s, env)
                self.following = block[i + 1] if i + 1 < len(block) else None
                statements, after = method(s, dict(env)) if items is None else self._block(items, dict(env))
                if statements and not isinstance(s, gast.While):
                    self.hidden_calls.refuse(statements[-1], {**(after or {}), **env})
                env = after
            except AutodiffError as error:
                statements, env = [refused_statement(error, block[i:])], None
            new += statements
        return new, env

    def _if(self, s: gast.If, env: Env) -> tuple[list[gast.stmt], Env | None]:
        if (apart := self.objects.apart(s, env)) is not None:
            return self._block(apart, env)
        test = truth(self.expressions.kind(s.test, env))
        if test is not None:
            return self._block(s.body if test else s.orelse, env)
        new = clone_head(s)
        new.test = without_decided(s.test, env, self.expressions)
        new.body, after = self._block(s.body, env)
        new.orelse, other = self._block(s.orelse, env)
        new.body = new.body or [located(gast.Pass(), s)]
        return [new], join_env(after, other)

    def _for(self, s: gast.For, env: Env) -> tuple[list[gast.stmt], Env | None]:
        self.expressions.kind(s.iter, env)
        apart = trips(s, env, self.rewritten)
        if apart is not None:
            return self._block(apart, env)
        target = s.target.id  # type: ignore[attr-defined]
        new, after = self._loop(s, env, lambda e: {**e, target: Int()})
        self.definitions[id(new), target] = Int()
        return [new], after

    def _while(self, s: gast.While, env: Env) -> tuple[list[gast.stmt], Env | None]:
        s = self.objects.looped(s, env) or s
        if truth(self.expressions.kind(s.test, env)) is False and isinstance(s.test, gast.Constant):
            return [], env
        new, after = self._loop(s, env, lambda e: e)
        endless = isinstance(s.test, gast.Constant) and bool(s.test.value)
        return [new], self.loop_breaks if endless else after

    def _loop(self, s: Any, env: Env, enter) -> tuple[Any, Env | None]:
        stored = names_stored(s.body)
        head: Env = {n: without_value(k) if n in stored else k for n, k in env.items()}
        outer_breaks = self.breaks
        while True:
            self.breaks, noted = [], len(self.holders.noted)
            body, after = self._block(s.body, enter(head))
            wider = join_env(head, after)
            if wider == head and noted == len(self.holders.noted):
                break
            head = wider
        left = None
        for leaving in self.breaks:
            left = join_env(left, leaving)
        self.breaks = outer_breaks
        self.loop_breaks = left
        if isinstance(s, gast.While):
            self.expressions.kind(s.test, head)
            self.hidden_calls.note(s, head)
            self.hidden_calls.refuse(s, head)
        new = self.rewritten.setdefault((id(s), "loop"), clone_head(s))
        new.body = body or [located(gast.Pass(), s)]
        return new, join_env(join_env(head, after), left)

    # -- statements --------------------------------------------------------------------------------------------------

    def _keep(self, s: gast.stmt, env: Env) -> tuple[list[gast.stmt], Env | None]:
        return [s], env

    _pass = _keep

    def _import(self, s: gast.Import | gast.ImportFrom, env: Env) -> tuple[list[gast.stmt], Env | None]:
        found = self.program.namespace.extra
        return [s], {**env, **{n: UNKNOWN for n in target_names(s) if n not in found}}

    _importfrom = _import

    def _break(self, s: gast.Break, env: Env) -> tuple[list[gast.stmt], Env | None]:
        self.breaks.append(env)
        return [s], None

    def _return(self, s: gast.Return, env: Env) -> tuple[list[gast.stmt], Env | None]:
        kind = self.expressions.kind(s.value, env)
        self.result = kind if self.result is None else join(self.result, kind)
        return [s], None

    def _raise(self, s: gast.Raise, env: Env) -> tuple[list[gast.stmt], Env | None]:
        return [s], None

    def _assert(self, s: gast.Assert, env: Env) -> tuple[list[gast.stmt], Env | None]:
        self.expressions.kind(s.test, env)
        return [s], env

    def _functiondef(self, s: gast.FunctionDef, env: Env) -> tuple[list[gast.stmt], Env | None]:
        if id(s) not in self.local_kinds:
            program = replace(self.program, namespace=self.expressions.namespace)  # with the names met so far
            self.local_kinds[id(s)] = local_function(s, program, env, self.local)
        kind = self.local_kinds[id(s)]
        if len(kind.handed_over()) < len(kind.captures):
            for n, k in env.items():
                if n != s.name and any(f.definition is s for f in local_functions(k)):
                    env[n] = UNKNOWN  # it has the defaults of an earlier time
        self._bind_function(s.name, kind, env)
        return [s], env

    def _bind_function(self, variable: str, kind: Kind, env: Env) -> None:
        """Binds a variable that is or was a function: those that call it by its name call another one from now on."""
        if env.get(variable, kind) != kind:
            for n, k in env.items():
                if any(variable == called for f in local_functions(k) for called, _ in f.functions):
                    env[n] = UNKNOWN
        env[variable] = kind

    def _assign(self, s: gast.Assign, env: Env) -> tuple[list[gast.stmt], Env | None]:
        s = self.iterables.of(s, env)  # type: ignore[assignment]
        if not isinstance(s, gast.Assign):
            return self._expr(s, env) if s else ([], env)
        target, value = s.targets[0], s.value
        if isinstance(target, gast.Subscript):
            return self._store(s, target, env)
        if isinstance(target, gast.Attribute):
            return [s], store_attribute(s, env, self.expressions, self.program, self.definitions)
        replaced = self._replaced(s, env) or self.objects.apart(s, env)
        if replaced is not None:
            return self.choices.with_item(s, *self._block(replaced, env))
        s = self.powers.rewrite(s, env)
        before, s = self.binding.bound_call(s, env)
        self.holders.note(before)
        body = self.inlining.block(s, env)
        if body is not None:
            statements, after = self._block(body, env)
            return [*before, *statements], after
        self.holders.note_alone(s)
        refuse_kept_method(s, env, self.program)
        kind = self._value_kind(s.value, env)
        if isinstance(s.value, gast.Call):
            s = self.decided.of(s, kind, self.expressions.function(s.value.func, env))
        self.binding.forget_objects(s, env)
        self._changed_by_call(s, env)
        if kind is BOTTOM:
            return [*before, s], None
        if isinstance(target, gast.Tuple):
            self._unpack(s, target, value, kind, env)
            return [*before, s], env
        assert isinstance(target, gast.Name)
        if is_function(env.get(target.id, UNKNOWN)):
            self._bind_function(target.id, kind, env)
        env[target.id] = kind
        self.definitions[id(s), target.id] = kind
        return [*before, s], env

    def _replaced(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a call of one of a few functions, or for one that writes into an array."""
        return next(filter(None, (way(s, env) for way in self.ways)), None)

    def _value_kind(self, value: gast.expr, env: Env) -> Kind:
        if isinstance(value, gast.Call):
            derived = self.binding.derived(value, env)
            if derived is not None:
                return derived
        return BOTTOM if takes_from_empty(value, env) else self.expressions.kind(value, env)

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
        if isinstance(base, gast.Subscript) and isinstance(self.expressions.kind(base.value, env), (List, Dict, Tuple)):
            return self._store_in_item(s, target, base, env)
        kind = self.expressions.kind(base, env)
        value = self.expressions.kind(s.value, env)
        if isinstance(kind, Object):
            if isinstance(s, gast.Assign) and hasattr(kind.cls, "__setitem__") and is_name(base):
                return self._block(self.objects.item_store(s, target), env)  # type: ignore[return-value]
            raise UnsupportedError("an item of an object of a user's class is written", self.program.place(s),
                                   "call a method that does it")
        if isinstance(s, gast.AugAssign) and isinstance(kind, (List, Dict, Tuple)):
            value = binary_kind(type(s.op), self.expressions.kind(as_read(target), env), value)
        if isinstance(base, gast.Name) and isinstance(kind, List):
            if isinstance(target.slice, gast.Slice):
                written = self.containers.slice_store(s, target, env)
                if written is not None:
                    return self._block(written, env)  # type: ignore[return-value]
                value = index_kind(value, target.slice.lower or constant(0), lambda e: Int())
            self.changes.change(base.id, grown(kind, value), env)
        elif isinstance(base, gast.Name) and isinstance(kind, Dict):
            self.changes.change(base.id, with_item(kind, self.expressions.kind(target.slice, env), value), env)
        elif isinstance(kind, Tuple):
            raise UnsupportedError("a tuple is written into", self.program.place(s), "use a list")
        elif isinstance(kind, Unknown):
            self.changes.forget(names_read(base), env)
        return [s], env

    def _store_in_item(
        self, s: gast.Assign | gast.AugAssign, target: gast.Subscript, base: gast.Subscript, env: Env
    ) -> tuple[list[gast.stmt], Env]:
        read, store = self.containers.item_store(s, target, base)
        self.holders.note([read, store])
        before, inner = self._assign(read, env)
        if inner is None:
            return before, inner  # type: ignore[return-value]
        after, inner = self._store(store, store.targets[0] if isinstance(s, gast.Assign) else store.target, inner)
        return [*before, *after], inner

    def _augassign(self, s: gast.AugAssign, env: Env) -> tuple[list[gast.stmt], Env | None]:
        rewritten = self.updates.rewritten(s, self.following, env)
        if rewritten is not None:
            return self._block(rewritten, env)
        if isinstance(s.target, gast.Name) and isinstance(held := env.get(s.target.id), Object):
            return self._assign(self.objects.update(s, held), env)
        if isinstance(s.target, gast.Subscript):
            return self._store(s, s.target, env)
        target = s.target.id  # type: ignore[attr-defined]
        kind, value = env.get(target, UNKNOWN), self.expressions.kind(s.value, env)
        if has_state(kind):
            self.changes.forget([target], env)
        env[target] = self.definitions[id(s), target] = updated_kind(type(s.op), kind, value)
        return [s], env

    def _expr(self, s: gast.Expr, env: Env) -> tuple[list[gast.stmt], Env | None]:
        replaced = self._replaced(s, env)
        if replaced is not None:
            return self._block(replaced, env)
        before, s = self.binding.bound_call(s, env)
        self.holders.note(before)
        body = self.inlining.block(s, env)
        if body is not None:
            statements, after = self._block(body, env)
            return [*before, *statements], after
        self.holders.note_alone(s)
        if self.expressions.kind(s.value, env) is BOTTOM:
            return [*before, s], None
        self.binding.forget_objects(s, env)
        self._changed_by_call(s, env)
        return [*before, s], env

    def _changed_by_call(self, s: gast.Assign | gast.Expr, env: Env) -> None:
        """Lists that a method of theirs changes, and containers that go into code which is not known."""
        if self.changes.popped(s, env, self.expressions, self.binding.calls):
            return
        self.binding.forget_containers(s, env)
        info = self.binding.calls.get(id(s))
        if isinstance(info, ListMethod) and isinstance(s.value.func.value, gast.Name):
            self.changes.by_method(s.value.func.value.id, info, env, self.expressions)
