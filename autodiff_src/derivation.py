"""One derivation: the functions that are derived together, callees first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import gast

from autodiff_src.analyze.attributes_by_name import attribute_names
from autodiff_src.analyze.calls import Info, Primitive
from autodiff_src.analyze.derived import Derived
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.functions import (
    Callee,
    DerivedFunction,
    LocalFunction,
    Symbols,
    function_key,
    is_function,
    lifted,
    with_plain_parameters,
)
from autodiff_src.analyze.inlining import makes_function
from autodiff_src.analyze.kinds import UNKNOWN, Kind, Known, carries_derivative, join
from autodiff_src.analyze.library_targets import Target
from autodiff_src.analyze.object_memory import note_reached, with_selected
from autodiff_src.analyze.outside_writes import called_functions, note_names, note_writes, refuse_lost, refuse_lost_by_alias
from autodiff_src.analyze.rounds import specialise
from autodiff_src.analyze.specialised import BOTTOM, Specialised
from autodiff_src.analyze.split_tries import with_split_tries
from autodiff_src.analyze.summaries import memory_summary
from autodiff_src.analyze.unread_code import UnreadCode
from autodiff_src.analyze.webs import separate_webs
from autodiff_src.differentiate.calls import Pair, widest_pair
from autodiff_src.differentiate.contributions import Shaper
from autodiff_src.differentiate.forward_mode import forward
from autodiff_src.differentiate.functions import called_halves, called_programs, own_pair, pair_functions, whole_function
from autodiff_src.differentiate.namespaces import in_namespace
from autodiff_src.differentiate.operators import rule_of_operator
from autodiff_src.differentiate.prepare import Prepared, prepare, reads_result
from autodiff_src.differentiate.refused_arguments import disjoint, refuse_changed_containers, refuse_unknown_shadows
from autodiff_src.differentiate.returned import Wanted
from autodiff_src.differentiate.reverse_mode import Halves, reverse
from autodiff_src.differentiate.scope import Scope
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.normalize import normalize
from autodiff_src.optimize import is_silent, optimize, silent_names
from autodiff_src.parse import parse, source_of
from autodiff_src.parse.accept import accept
from autodiff_src.parse.resolve import Guard
from autodiff_src.parse.settled_imports import with_settled_imports
from autodiff_src.program import Program, Unsettled
from autodiff_src.refusals import Stopped, before_endings, refusals_of, refuse_at, ways_out
from autodiff_src.runtime.strong_zeros import PASSED_OVER
from autodiff_src.syntax import names_read, names_stored, parameter_names, walk_statements

_DEEPEST = 200
T = TypeVar("T")


class Derivation:
    """Derives functions for one program; callees are derived once per combination of kinds and activity. The names of
    attributes in all texts are added to `attributes`."""

    def __init__(
        self,
        derived_object: Callable[[DerivedFunction, dict[str, Kind]], Any],
        order: int,
        differentiated: bool = False,
        attributes: set[str] | None = None,
        unsettled: Unsettled | None = None,
        target: Target | None = None,
    ):
        self.derived_object, self.order, self.differentiated = derived_object, order, differentiated
        self.attributes = set() if attributes is None else attributes
        self.unsettled = unsettled or Unsettled()
        self.target, self.library = target, None if target is None else target.library
        self.unread = UnreadCode(source_of, self._noted)
        self.programs: list[Program] = []
        self.text_kinds: dict[str, dict[str, Kind]] = {}
        self.carrying: dict[str, Collection[str] | None] = {}
        self.guards: list[Guard] = []
        self.global_kinds: list[tuple[Any, str, Kind]] = []
        self.parsed: dict[Any, Program] = {}
        self.callees: dict[Any, Callee] = {}
        self.open_callees: set[int] = set()
        self.pairs: dict[Any, Pair] = {}
        self.open_pairs: dict[int, bool] = {}
        self.forwards: dict[tuple[int, tuple[bool, ...]], str] = {}
        self.prepared: dict[int, Prepared] = {}
        self.titles: set[str] = set()
        self.read: set[str] = set()  # by any of the functions: they may stay in the text
        self.kept: list[Any] = []
        self.unknown_results = 0

    # -- what specialisation asks (analyze.specialise.Callees) --------------------------------------------------------

    def program_of(self, function: Kind, kinds: dict[str, Kind] | None) -> Program:
        key = (function_key(function), None if kinds is None else tuple(kinds.items()))
        if key not in self.parsed:
            self.parsed[key] = self._parse(function, kinds)
            self.attributes |= attribute_names(self.parsed[key].function)
            self.read |= names_read(self.parsed[key].function.body)
            self.kept.append(function)
        return self.parsed[key]

    def _noted(self, program: Program) -> Program:
        """The program, with what it writes outside itself noted for all functions of this derivation."""
        program = with_settled_imports(replace(program, namespace=replace(program.namespace, unsettled=self.unsettled)))
        note_writes(program)
        if self.target:
            self.target.note(program)
        return program

    def _parse(self, function: Kind, kinds: dict[str, Kind] | None) -> Program:
        if isinstance(function, LocalFunction):
            return accept(self._noted(lifted(function)))
        if isinstance(function, DerivedFunction):
            return self._noted(parse(self.derived_object(function, kinds or {})))
        assert isinstance(function, Known)
        return accept(self._noted(parse(function.value)))

    def callee(
        self, function: Kind, program: Program, parameters: list[str], kinds: list[Kind], functions: dict[str, Kind]
    ) -> tuple[Callee, Kind]:
        symbols = Symbols()
        inner = tuple(symbols.enter(k, p) for p, k in zip(parameters, kinds, strict=True))
        key = (
            function_key(function),
            tuple(parameters),
            inner,
            tuple((n, function_key(k)) for n, k in functions.items()),
        )
        callee = self.callees.get(key)
        if callee is None:
            if len(self.open_callees) > _DEEPEST:
                raise UnsupportedError(
                    "the calls are nested too deeply",
                    program.place(program.function),
                    "give the recursion arguments of the same kinds in each call",
                )
            callee = self.callees[key] = Callee(
                with_plain_parameters(program, parameters), tuple(parameters), inner, functions
            )
            self.kept.append(function)
            try:
                if not self._summarize(callee):
                    del self.callees[key]  # it rests on a function around it whose result is not known yet
            except AutodiffError:
                del self.callees[key]
                raise
            finally:
                self.open_callees.discard(id(callee))
        elif id(callee) in self.open_callees:
            callee.recursive = True
        self.unknown_results += callee.result is None
        return callee, BOTTOM if callee.result is None else symbols.leave(callee.result)

    def _summarize(self, callee: Callee) -> bool:
        """Finds the result and what is written and shared, of a recursive function until nothing changes. False where it rests
        on a result that is not known yet."""
        callee.core = core = with_split_tries(normalize(callee.program))
        self.open_callees.add(id(callee))
        while True:
            before = (callee.result, callee.written, callee.shared)
            unknown = self.unknown_results
            specialised = specialise(
                core, dict(zip(callee.parameters, callee.kinds, strict=True)), callee.functions, self, called=True
            )
            callee.specialised = specialised
            # Where nothing active goes in, the function itself is called, and may come back from where a refusal waits.
            result = UNKNOWN if any(refusals_of(specialised.program.function.body)) else specialised.result
            callee.result = result if callee.result is None else join(callee.result, result)
            callee.written, callee.shared, outside = memory_summary(specialised, separate_webs(specialised))
            note_names(outside, specialised.program)
            if not callee.recursive or before == (callee.result, callee.written, callee.shared):
                break
        self._collect(specialised)
        return self.unknown_results == unknown

    def _collect(self, specialised: Specialised) -> None:
        self.guards += specialised.guards
        space = specialised.program.namespace
        self.global_kinds += [(space, n, k) for n, k in specialised.global_kinds.items()]

    # -- derivatives -------------------------------------------------------------------------------------------------

    def whole(
        self, program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], wanted: Wanted, title: str
    ) -> Derived:
        """The function that returns gradients; `kinds` of all its parameters, `functions` it knows besides."""
        prepared = self._prepare_main(program, kinds, functions)
        refuse_changed_containers(prepared, wanted.wrt, wanted.paths)
        prepared, halves = self._reversed(prepared, frozenset(wanted.wrt), (title,), whole=True, seeded=True)
        own = own_pair(self.pairs, self.callees.values(), program, kinds, wanted.wrt)
        if own is not None:
            halves = called_halves(prepared, own, self._scope(prepared, title))
        shaper = Shaper(halves.scope, ExpressionKinds(halves.scope.space(), real_powers=True), halves.kinds)
        self._emit(halves, whole_function(prepared, halves, shaper, wanted, title))
        return self._derived(1, prepared, kinds)

    def pair(
        self, program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], wrt: Sequence[str], titles: tuple[str, str]
    ) -> tuple[Derived, tuple[Pair, Prepared]]:
        """A forward and a backward function, of which the second may be called again and again."""
        prepared = self._prepare_main(program, kinds, functions, visible=True)
        parameters = prepared.parameters
        if program.original in PASSED_OVER:
            prepared.passed_over, prepared.unbounded = True, frozenset(parameters)
        refuse_changed_containers(prepared, wrt)
        active = tuple(p in wrt for p in parameters)
        pair = Pair(
            *titles,
            residuals=True,
            seeded=True,
            reads=tuple(i for i, p in enumerate(parameters) if p not in prepared.written()),
            shadows=(),
            returns=tuple(i for i, on in enumerate(active) if on),
        )
        self.repeatable = True
        prepared, halves = self._reversed(prepared, frozenset(wrt), titles, whole=False, seeded=True)
        pair.shadows = tuple(i for i, p in enumerate(parameters) if p in halves.passed and active[i])
        refuse_unknown_shadows(prepared, [parameters[i] for i in pair.shadows])
        pair.returns = tuple(i for i in pair.returns if i not in pair.shadows)
        pair, forward, backward = pair_functions(prepared, halves, pair, active, halves.seed is not None, True, True,
                                                self.differentiated)
        forward.function.args = program.function.args
        forward = replace(forward, defaults=program.defaults, kwdefaults=program.kwdefaults)
        self._emit(halves, forward, backward)
        return self._derived(2, prepared, kinds), (pair, prepared)

    def tangent(
        self, program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], active: frozenset[str], title: str
    ) -> Derived:
        """The function that returns the value and its tangent, given the tangents of the parameters in `active`."""
        self.forward_mode = True
        prepared = self._prepare_main(program, kinds, functions, visible=True)
        prepared = self._forward(prepared, active, title, True)
        return self._derived(1, prepared, kinds)

    def _forward(self, prepared: Prepared, active: frozenset[str], title: str, paired: bool) -> Prepared:
        def made(prepared: Prepared, scope: Scope) -> tuple[Program, dict[str, Kind], Collection[str]]:
            return forward(prepared, active, scope, self._forward_of, title, paired)

        prepared, (program, kinds, tangents) = self._with_refusals(prepared, (title,), made)
        self._optimized(program, kinds, tangents, tangents)
        named = self.titles | silent_names(list(self.callees.values()), self.titles)
        self.silent &= not prepared.written() & prepared.reachable and is_silent(self.programs[-1], kinds, named)
        return prepared

    def _forward_of(self, callee: Callee, active: tuple[bool, ...]) -> str:
        """The name of the text that computes a called function's value and tangent."""
        key = (id(callee), active)
        if key not in self.forwards:
            undo = self._undo()
            title = self.forwards[key] = self._titles(callee.program, "jvp")[0]
            carried = frozenset(p for p, on in zip(callee.parameters, active, strict=True) if on)
            try:
                self._forward(self._prepared(callee), carried, title, carries_derivative(callee.result or UNKNOWN))
            except AutodiffError:
                undo()
                raise
        return self.forwards[key]

    def _derived(self, mains: int, prepared: Prepared, kinds: dict[str, Kind]) -> Derived:
        """What is printed: the last `mains` programs, and those that are called."""
        programs = called_programs(self.programs, mains)
        if self.target:
            programs = [in_namespace(p, self.text_kinds[p.name], self.target) for p in programs]
        return Derived(programs, self.guards, self.global_kinds, disjoint(prepared, kinds), prepared.written(),
                       self.silent, self.unsettled.told_apart, self.carrying)

    repeatable, forward_mode, silent = False, False, True

    def _prepare_main(
        self, program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], visible: bool = False
    ) -> Prepared:
        self.attributes |= attribute_names(program.function)
        self.read |= names_read(program.function.body)
        kinds = {p: with_selected(k, self.unsettled.reached) for p, k in kinds.items()}
        specialised = specialise(with_split_tries(normalize(self._noted(program))), kinds, functions, self)
        others = called_functions(specialised)
        refuse_lost(specialised, others)
        self._collect(specialised)
        if is_function(specialised.result) or makes_function(specialised.result):
            raise UnsupportedError(
                "returning a function is not differentiated", program.place(program.function), "return what it computes"
            )
        prepared = prepare(specialised, visible, self._splits)
        note_reached(prepared.program, prepared.body, prepared.kinds, prepared.written(), kinds.values())
        refuse_lost_by_alias(specialised, prepared.kinds, others)
        note_names(prepared.written() - prepared.local, prepared.program)
        return prepared

    def _splits(self, s: gast.Assign, info: Info | None) -> bool:
        if isinstance(info, Primitive):
            return reads_result(info.rule, len(info.arguments) + len(info.keywords))
        rule = rule_of_operator(getattr(s.value, "op", None))
        return rule is not None and reads_result(rule, 2)

    def _reversed(
        self, prepared: Prepared, wrt: frozenset[str], titles: tuple[str, ...], whole: bool, seeded: bool
    ) -> tuple[Prepared, Halves]:
        def halves(prepared: Prepared, scope: Scope) -> Halves:
            return reverse(prepared, wrt, scope, (self._pair_of, self._forward_of), whole, seeded, self.repeatable)

        return self._with_refusals(prepared, titles, halves)

    def _with_refusals(
        self, prepared: Prepared, titles: tuple[str, ...], make: Callable[[Prepared, Scope], T]
    ) -> tuple[Prepared, T]:
        """What `make` makes; a statement that it stops at raises when it is reached, where it may not be."""
        while True:
            scope, undo = self._scope(prepared, *titles), self._undo()
            try:
                return prepared, make(prepared, scope)
            except Stopped as stopped:
                undo()
                if not any(s is stopped.statement for s in walk_statements(prepared.body)):
                    raise stopped.error from None
                body = before_endings(refuse_at(prepared.body, stopped.statement, stopped.error))
                if not ways_out(body):
                    raise stopped.error from None
                prepared = prepared.with_body(body)

    def _undo(self) -> Callable[[], None]:
        """Takes back the pairs that are derived from now on."""
        count, titles, forwards = len(self.programs), set(self.titles), dict(self.forwards)
        pairs, open_pairs = dict(self.pairs), dict(self.open_pairs)

        def undo() -> None:
            del self.programs[count:]
            self.titles, self.pairs, self.open_pairs, self.forwards = titles, pairs, open_pairs, forwards

        return undo

    def _scope(self, prepared: Prepared, *titles: str) -> Scope:
        self.titles |= set(titles)
        function = prepared.program.function
        local = set(prepared.local) | names_stored(prepared.body) | set(parameter_names(function.args))
        scope = Scope(prepared.program.namespace, local, self.order)
        scope.names.taken |= self.titles | names_read(prepared.body) | set(prepared.kinds)
        return scope

    def _pair_of(self, callee: Callee, active: tuple[bool, ...], seeded: bool) -> Pair:
        key = (id(callee), active, seeded, (callee.passed_over, callee.unbounded))
        pair = self.pairs.get(key)
        if pair is not None:
            if id(pair) in self.open_pairs:
                self.open_pairs[id(pair)] = True
            return pair
        undo = self._undo()
        pair = self.pairs[key] = widest_pair(callee, active, seeded, self._titles(callee.program, "forward", "backward"))
        try:
            return self._derive_pair(pair, callee, active, seeded)
        except AutodiffError:
            undo()
            raise

    def _derive_pair(self, pair: Pair, callee: Callee, active: tuple[bool, ...], seeded: bool) -> Pair:
        self.open_pairs[id(pair)] = False
        prepared = replace(self._prepared(callee), passed_over=callee.passed_over, unbounded=callee.unbounded)
        wrt = frozenset(p for p, on in zip(callee.parameters, active, strict=True) if on)
        refuse_unknown_shadows(prepared, [callee.parameters[i] for i in pair.shadows])
        prepared, halves = self._reversed(prepared, wrt, (pair.forward, pair.backward), whole=False, seeded=seeded)
        exact = not self.open_pairs.pop(id(pair))
        pair, forward, backward = pair_functions(prepared, halves, pair, active, seeded, exact, self.repeatable,
                                                self.differentiated)
        self._emit(halves, forward, backward)
        return pair

    def _prepared(self, callee: Callee) -> Prepared:
        if id(callee) not in self.prepared:
            assert callee.specialised is not None
            self.prepared[id(callee)] = prepare(callee.specialised, True, self._splits)
        return self.prepared[id(callee)]

    def _titles(self, program: Program, *words: str) -> tuple[str, ...]:
        """Names for functions of a text, the words behind the program's name."""
        count = 1
        while True:
            number = "" if count == 1 else str(count)
            titles = tuple(f"{program.name}_{word}{number}" for word in words)
            if not (self.titles | self.read) & set(titles) and not any(t in program.namespace.globals for t in titles):
                self.titles |= set(titles)
                return titles
            count += 1

    def _emit(self, halves: Halves, *programs: Program) -> None:
        for program in programs:
            self._optimized(program, halves.kinds, None if halves.shadowed.names else halves.scope.adjoints.values())

    def _optimized(self, program: Program, kinds: dict[str, Kind], carrying: Any, tangents: Collection[str] = ()) -> None:
        self.programs.append(optimize(program, kinds, self.differentiated or self.target is not None, frozenset(tangents)))
        self.text_kinds[program.name], self.carrying[program.name] = kinds, carrying
