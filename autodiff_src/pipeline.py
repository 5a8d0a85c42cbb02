"""The stages in order: a function and the kinds of its arguments -> a derived function and its text."""

from __future__ import annotations

import functools
import gc
import itertools
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import autodiff_src.templates  # noqa: F401  (registers the rules)
from autodiff_src.analyze.calls import DERIVED
from autodiff_src.analyze.derived import Derived
from autodiff_src.analyze.functions import DerivedFunction, LocalFunction, Symbols, in_numpy_terms
from autodiff_src.analyze.kinds import Kind, Known, carries_derivative
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.library_targets import target_of
from autodiff_src.analyze.outside_writes import Again
from autodiff_src.analyze.selection import attributes_in, parse_path, selected
from autodiff_src.derivation import Derivation
from autodiff_src.differentiate.batched_texts import is_batchable, with_batches
from autodiff_src.differentiate.calls import Pair
from autodiff_src.differentiate.inner_pullbacks import with_pullback
from autodiff_src.differentiate.returned import Wanted
from autodiff_src.differentiate.starting_values import ChangedContainer, Starts
from autodiff_src.emit.compile import build
from autodiff_src.emit.layout import render
from autodiff_src.errors import ArgumentError, UnsupportedError
from autodiff_src.parse import parse
from autodiff_src.parse.accept import accept
from autodiff_src.program import MISSING, Program, Unsettled
from autodiff_src.runtime import batches
from autodiff_src.runtime.libraries import library_of
from autodiff_src.runtime.objects import Path
from autodiff_src.syntax import names_read, names_stored, parameter_names

T = TypeVar("T")
P = ParamSpec("P")
_ORDERS: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
_lock = threading.RLock()


@contextmanager
def _deriving() -> Iterator[None]:
    """One derivation at a time, without looks for cycles, of which trees have none: they cost as much as a third of it."""
    with _lock:
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if collects:
                gc.enable()


@dataclass(eq=False)
class Text:
    """Generated functions and their text. `main` is the derivative, or the forward half of a pair; `kinds` are those of
    its parameters, with what is differentiated of objects; `starts`: by a parameter of the function the one behind all others
    that takes a copy of it, with respect to which a pair gives derivatives; `not_batched`: why the text takes one tangent
    or seed at a time."""

    source: str
    functions: dict[str, FunctionType]
    main: FunctionType
    derived: Derived
    backward: FunctionType | None = None
    pair: Pair | None = None
    parameters: tuple[str, ...] = field(default=())
    kinds: dict[str, Kind] = field(default_factory=dict)
    starts: dict[str, str] = field(default_factory=dict)
    not_batched: Exception | None = None

    @functools.cached_property
    def batched(self) -> FunctionType | None:
        """`main` of a forward text for batches as tangents, or `backward` for batches as adjoints (`runtime.batches`); None
        where it takes none."""
        programs, names = self.derived.programs, [self.derived.carrying.get(p.name) for p in self.derived.programs]
        if None in names or not all(map(is_batchable, programs)):
            return None
        programs = [with_batches(p, carrying or ()) for p, carrying in zip(programs, names, strict=True)]
        title = (self.backward or self.main).__name__
        return build(programs, render(programs, _header(programs)), f"{title}_of_batches")[title]

    def each(self, several: Iterable[Any], most: int, alone: Callable[[Any], T],
             together: Callable[[Callable[..., Any], Any], list[T]]) -> Iterator[T]:
        """What `alone` gives for each of several seeds or tangents. Up to `most` are one batch, for which `together` runs
        `batched`; where that takes none, they go one by one."""
        rest = iter(several)
        while part := list(itertools.islice(rest, most)):
            yield from self._at_once(part, together) or map(alone, part)

    def _at_once(self, part: list[Any], together: Callable[[Callable[..., Any], Any], list[T]]) -> list[T]:
        if len(part) < batches.FEWEST or self.batched is None:
            return []
        token = batches.width.set(len(part))
        try:
            return together(self.batched, batches.batch_of(part))
        except Exception as error:  # what takes no batch may raise anything; what else is wrong shows one by one
            self.batched, self.not_batched = None, error
            return []
        finally:
            batches.width.reset(token)


def _not_too_deep(work: Callable[P, T]) -> Callable[P, T]:
    """Trees are walked by functions that call themselves."""
    @functools.wraps(work)
    def clearly(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return work(*args, **kwargs)
        except RecursionError as error:
            fix = "split long expressions over several statements, or call sys.setrecursionlimit with a greater number"
            raise UnsupportedError("an expression, or the calls in it, are nested too deeply to be read", fix=fix) from error
    return clearly


@_not_too_deep
def read(function: Any) -> Program:
    """The program of a function, refused at once where no kind of argument can save it."""
    return accept(parse(function))


@_not_too_deep
def gradient_text(function: Any, kinds: dict[str, Kind], wanted: Wanted, attributes: set[str] | None = None) -> Text:
    """The function that returns gradients of `function` for arguments of these kinds. The names of attributes that were met
    are added to `attributes`; the kinds of objects must tell of them all."""
    with _deriving():
        attributes = set() if attributes is None else attributes
        program, order = _program(function, kinds, attributes)
        return _gradient_text(program, _plain(kinds), {}, wanted, order, attributes, _at_entry(program, kinds))


@_not_too_deep
def pullback_text(function: Any, kinds: dict[str, Kind], wanted: Wanted, attributes: set[str]) -> Text:
    """The forward and the backward half of `function`; `attributes` as for `gradient_text`."""
    with _deriving():
        program, order = _program(function, kinds, attributes)
        of = Starts(program, selected(_plain(kinds), wanted.wrt, wanted.paths), wanted)
        titles = (f"{program.name}_forward", f"{program.name}_backward")

        derived, (found, _) = _from_starts(of, lambda of: _derived(
            lambda d: d.pair(of.program, of.kinds, {}, tuple(dict.fromkeys(of.wanted.wrt)), titles), order, attributes,
            _at_entry(program, kinds)))
        text = _built(derived, of.program, titles[0], order)
        text.backward, text.pair, text.kinds = text.functions[titles[1]], found, of.kinds  # type: ignore[assignment]
        text.starts = of.names
        return text


def _plain(kinds: dict[str, Kind]) -> dict[str, Kind]:
    return {p: in_numpy_terms(kind) for p, kind in kinds.items()}


def _at_entry(program: Program, kinds: dict[str, Kind]) -> list[Kind]:
    """The kinds of the arguments, and of the arrays of other libraries that the function reads from around it."""
    outside = [program.namespace.lookup(n) for n in names_read(program.function.body) - kinds.keys()]
    return [*kinds.values(), *(kind_of(value, None) for value in outside if library_of(value) is not None)]


def _from_starts(of: Starts, derive: Callable[[Starts], tuple[Derived, T]]) -> tuple[Derived, T]:
    """What `derive` gives, with respect to copies of containers that turn out to be changed."""
    while True:
        try:
            derived, more = derive(of)
        except ChangedContainer as refusal:
            of.add(refusal)
        else:
            copies = set(of.names.values())
            derived.disjoint = [pair for pair in derived.disjoint if copies.isdisjoint(pair)]
            return derived, more


@_not_too_deep
def tangent_text(function: Any, kinds: dict[str, Kind], wanted: Wanted, attributes: set[str]) -> Text:
    """The function that returns the value of `function` and its tangent; `attributes` as for `gradient_text`. It takes all
    parameters by position, and behind them the tangents of those in `wanted`."""
    with _deriving():
        program, order = _program(function, kinds, attributes)
        return _tangent_text(program, _plain(kinds), {}, wanted, order, attributes, _at_entry(program, kinds))


def _tangent_text(
    program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], wanted: Wanted, order: int, attributes: set[str],
    entry: list[Kind], differentiated: bool = False
) -> Text:
    kinds = selected(kinds, wanted.wrt, wanted.paths)
    title, active = _title(program, "jvp"), frozenset(wanted.wrt)
    derived = _derived(lambda d: d.tangent(program, kinds, functions, active, title), order, attributes, entry, differentiated)
    text = _built(derived, program, title, order)
    text.kinds, text.parameters = kinds, tuple(kinds)
    return text


def _derived(derive: Callable[[Derivation], T], order: int, attributes: set[str], entry: list[Kind],
             differentiated: bool = False) -> T:
    """What `derive` makes of a derivation, begun again where it turns out what is written outside, or whose arrays are there.
    `entry`: the kinds of the arguments of the call."""
    def derived_object(kind: DerivedFunction, kinds: dict[str, Kind]) -> FunctionType:
        return _derived_object(kind, kinds, attributes, [] if target is None else [target.kind])

    unsettled, target = Unsettled(), target_of(entry)
    while True:
        derivation = Derivation(derived_object, order, differentiated, attributes, unsettled, target)
        try:
            result = derive(derivation)
        except Again:
            unsettled.relied_on.clear()
            continue
        found = target_of([*entry, *(kind for _, _, kind in derivation.global_kinds)])
        if target is not None or found is None:
            return result
        target = found


def _program(function: Any, kinds: dict[str, Kind], attributes: set[str]) -> tuple[Program, int]:
    """What is to be differentiated, and the how manieth derivative that will be."""
    made = DERIVED.get(function) if isinstance(function, FunctionType) else None
    if made is not None:
        transform, of, wrt, has_aux = made
        target = target_of(kinds.values())
        entry: list[Kind] = [] if target is None else [target.kind]
        function = _derived_object(DerivedFunction(transform, Known(of), wrt, has_aux), kinds, attributes, entry)
    return read(function), _ORDERS.get(function, 0) + 1


def _gradient_text(
    program: Program,
    kinds: dict[str, Kind],
    functions: dict[str, Kind],
    wanted: Wanted,
    order: int,
    attributes: set[str],
    entry: list[Kind],
    differentiated: bool = False,
) -> Text:
    title = _title(program, "value_and_grad" if wanted.value else "grad")
    attributes |= attributes_in(wanted.paths)
    kinds = selected(kinds, wanted.wrt, wanted.paths)
    of = Starts(program, kinds, wanted)

    def whole(d: Derivation) -> tuple[Derived, str]:
        own = f"{title}_from_start" if of.names else title
        return d.whole(of.program, of.kinds, functions, of.wanted, own), own

    derived, own = _from_starts(of, lambda of: _derived(whole, order, attributes, entry, differentiated))
    if of.names:
        derived.programs.append(of.entry(title, own))
    text = _built(derived, program, title, order)
    text.kinds = kinds
    return text


def _halves_text(
    program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], wanted: Wanted, order: int, attributes: set[str],
    entry: list[Kind]
) -> Text:
    """The function that stands for `ad.vjp` inside a function (see `differentiate.inner_pullbacks`)."""
    kinds, title = selected(kinds, wanted.wrt, wanted.paths), _title(program, "vjp")
    titles = (f"{title}_forward", f"{title}_backward")
    active = tuple(p for p in wanted.wrt if carries_derivative(kinds[p]))
    derived, (pair, prepared) = _derived(
        lambda d: d.pair(program, kinds, functions, active, titles), order, attributes, entry, True)
    derived.programs = with_pullback(derived.programs, pair, prepared, wanted.wrt, title)
    return _built(derived, program, title, order)


def _title(program: Program, word: str) -> str:
    title = f"{program.name}_{word}"
    while title in program.namespace.globals or title in program.namespace.cells:
        title += "_"
    return title


def _built(derived: Derived, program: Program, title: str, order: int) -> Text:
    source = render(derived.programs, _header(derived.programs))
    functions = build(derived.programs, source, title)
    for function in functions.values():
        _ORDERS[function] = order
    return Text(source, functions, functions[title], derived)


def _derived_object(kind: DerivedFunction, kinds: dict[str, Kind], attributes: set[str], entry: list[Kind]) -> FunctionType:
    """The generated function behind `ad.grad(g)` inside a function, for arguments of these kinds; `entry` as for `_derived`."""
    check_differentiated(kind.transform)
    symbols = Symbols()
    kinds = {p: symbols.enter(k, p) for p, k in kinds.items()}
    functions: dict[str, Kind] = {}
    if isinstance(kind.of, LocalFunction):
        from autodiff_src.analyze.functions import lifted

        program, order = accept(lifted(kind.of)), 1
        functions = {**dict(kind.of.functions), kind.of.definition.name: kind.of}
    elif isinstance(kind.of, DerivedFunction):
        inner = _derived_object(kind.of, kinds, attributes, entry)
        program, order = read(inner), _ORDERS[inner] + 1
    else:
        assert isinstance(kind.of, Known)
        program, order = _program(kind.of.value, kinds, attributes)
    wanted = wanted_of(program, kind.wrt, kind.transform == "value_and_grad", kind.has_aux)
    if kind.transform in ("jvp", "column"):
        text = _tangent_text(program, kinds, functions, wanted, order, attributes, entry, differentiated=True)
        if kind.transform == "column" and not text.derived.silent:
            reason = f"{program.name} prints, draws, writes or calls what may: it cannot run once for each column"
            raise UnsupportedError(reason, fix="use ad.jvp or ad.grad, which run it once")
        return text.main
    if kind.transform == "halves":
        return _halves_text(program, kinds, functions, wanted, order, attributes, entry).main
    return _gradient_text(program, kinds, functions, wanted, order, attributes, entry, differentiated=True).main


def check_differentiated(transform: str) -> None:
    """Raises UnsupportedError unless what the transform returns can be differentiated."""
    if transform not in ("grad", "value_and_grad", "jvp", "column", "halves"):
        raise UnsupportedError(f"what ad.{transform} returns is not differentiated yet",
                               fix="use ad.grad and ad.jvp: ad.jvp(ad.grad(f), (x,), (v,))[1] is the product of hvp")


def wanted_of(program: Program, wrt: Any, value: bool, has_aux: bool) -> Wanted:
    """What is to be returned, with the parameters in `wrt` by name. Raises ArgumentError for what names no parameter."""
    several = isinstance(wrt, (tuple, list))
    places = tuple(_parameter(program, w) for w in (wrt if several else [wrt]))
    if not places or len(set(places)) < len(places):
        raise ArgumentError(
            f"wrt={wrt!r} names {'no parameter' if not places else 'a parameter twice'}", fix="name each parameter once"
        )
    return Wanted(tuple(p for p, _ in places), several, value, has_aux, tuple(path for _, path in places))


def _parameter(program: Program, wrt: Any) -> tuple[str, Path]:
    """The name of a parameter, and the way from it to what is meant: an attribute, or an item of `*args`."""
    arguments = program.function.args
    positional = [a.id for a in [*arguments.posonlyargs, *arguments.args]]
    named = positional + [a.id for a in arguments.kwonlyargs]
    shown = ", ".join(named) or "none"
    if isinstance(wrt, str):
        parameter, path = parse_path(wrt)
        if parameter not in parameter_names(arguments):
            raise ArgumentError(f"wrt={wrt!r} is no parameter of {program.name}", fix=f"its parameters are: {shown}")
        return parameter, path
    try:
        index = wrt.__index__() if not isinstance(wrt, bool) else None
    except AttributeError:
        index = None
    if index is None:
        raise ArgumentError(
            f"wrt={wrt!r} is neither a position nor a name",
            fix="use a position, a parameter's name, or a tuple of these",
        )
    if arguments.vararg is not None and index >= len(positional):
        return arguments.vararg.id, (("[]", index - len(positional)),)
    if not -len(positional) <= index < len(positional):
        raise ArgumentError(
            f"wrt={wrt!r} is out of range: {program.name} has {len(positional)} positional parameters",
            fix=f"its parameters are: {shown}",
        )
    return positional[index], ()


def _header(programs: list[Program]) -> list[str]:
    """Import lines for what the text reads from outside itself."""
    own = {p.name for p in programs}
    lines: dict[str, None] = {}
    for program in programs:
        local = names_stored(program.function.body) | set(parameter_names(program.function.args))
        for n in sorted(names_read(program.function.body) - local):
            value = program.namespace.lookup(n)
            if n in own or value is MISSING or n not in program.namespace.extra and n not in program.namespace.globals:
                continue
            lines[_import_line(n, value, program)] = None
    return sorted((line for line in lines if line), key=lambda line: (line.startswith("from"), line))


def _import_line(n: str, value: Any, program: Program) -> str:
    if isinstance(value, ModuleType):
        return f"import {value.__name__}" if n == value.__name__ else f"import {value.__name__} as {n}"
    module, title = str(getattr(value, "__module__", None)), str(getattr(value, "__name__", None))
    public = n in program.namespace.extra or not any(part.startswith("_") for part in module.split("."))
    if public and getattr(sys.modules.get(module), title, MISSING) is value:
        return f"from {module} import {title}" + ("" if title == n else f" as {n}")
    if n in program.namespace.extra:
        return ""
    where = program.namespace.globals.get("__name__", "__main__")
    return f"from {where} import {n}"
