"""Functions that are called: what they are, how arguments meet parameters, and one summary per combination of kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FunctionType
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.analyze.kinds import (
    Array,
    Dict,
    Float,
    FunctionKind,
    Int,
    Kind,
    Known,
    Length,
    List,
    Object,
    Tuple,
    is_dict,
    with_inner,
)
from autodiff_src.errors import ArgumentError
from autodiff_src.program import FreshNames, Program
from autodiff_src.syntax import captured, clone_head, names_read, names_stored, parameter_names

if TYPE_CHECKING:
    from autodiff_src.analyze.specialise import Specialised


@dataclass(frozen=True, eq=False)
class LocalFunction(FunctionKind):
    """A nested function. `captures` are the variables it reads, as the scope at hand calls them; `functions` the
    functions it reads."""

    definition: gast.FunctionDef
    program: Program
    captures: tuple[tuple[str, str], ...]
    functions: tuple[tuple[str, Kind], ...]

    def same(self) -> tuple[Any, ...]:
        return id(self.definition), self.captures, self.functions

    def handed_over(self) -> list[tuple[str, str]]:
        """The captures that its body reads; defaults read the others."""
        defaults = names_read([*self.definition.args.defaults, *filter(None, self.definition.args.kw_defaults)])
        return [(own, here) for own, here in self.captures if own not in defaults]

    def key(self) -> tuple[Any, ...]:
        return (
            id(self.definition),
            tuple(n for n, _ in self.captures),
            tuple((n, function_key(k)) for n, k in self.functions),
        )


@dataclass(frozen=True, eq=False)
class DerivedFunction(FunctionKind):
    """What `ad.grad(g)` returns inside a function; `transform` and its options, and the function it is of."""

    transform: str
    of: Kind
    wrt: Any
    has_aux: bool

    def same(self) -> tuple[Any, ...]:
        return self.transform, self.of, repr(self.wrt), self.has_aux


@dataclass(frozen=True, eq=False)
class BoundMethod(FunctionKind):
    """A function of a class as it is called on the object that `receiver` stands for."""

    function: Known
    receiver: gast.expr

    def same(self) -> tuple[Any, ...]:
        return self.function, gast.dump(self.receiver)


def function_key(kind: Kind) -> Any:
    if isinstance(kind, LocalFunction):
        return kind.key()
    if isinstance(kind, DerivedFunction):
        return (kind.transform, function_key(kind.of), repr(kind.wrt), kind.has_aux)
    return kind


def is_function(kind: Kind) -> bool:
    return isinstance(kind, FunctionKind) or isinstance(kind, Known) and isinstance(kind.value, FunctionType)


def captures(kind: Kind) -> set[str]:
    """The variables at hand that a function, or the functions in a container, may read or write when they are called."""
    return {here for function in local_functions(kind) for _, here in function.captures}


def local_functions(kind: Kind) -> list[LocalFunction]:
    """The nested functions that a value of this kind may be, or hold."""
    if isinstance(kind, LocalFunction):
        return [kind]
    inner: list[Kind] = []
    if isinstance(kind, DerivedFunction):
        inner = [kind.of]
    elif isinstance(kind, List):
        inner = [kind.item]
    elif isinstance(kind, Tuple):
        inner = list(kind.items or ())
    elif isinstance(kind, Dict):
        inner = [item for _, item in kind.items or ()]
    return [function for k in inner for function in local_functions(k)]


@dataclass(eq=False)
class Callee:
    """A function as called with one combination of kinds.

    `parameters` are positional. `result` is None until known (recursion). `specialised` is its body. `recursive`: it calls
    itself, perhaps through others. `core`: the function in core form. `passed_over`: a caller may pass over the result, or
    elements of it; `unbounded`: parameters that may be infinite or nan; `used`: those that matter to the result
    whatever way is taken, once that was asked.
    """

    program: Program
    parameters: tuple[str, ...]
    kinds: tuple[Kind, ...]
    functions: dict[str, Kind]
    result: Kind | None = None
    specialised: Specialised | None = None
    written: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    recursive: bool = False
    core: Program | None = None
    passed_over: bool = False
    unbounded: frozenset[str] = frozenset()
    used: frozenset[str] | None = None


def lifted(function: LocalFunction) -> Program:
    """The nested function as one of its own, with a parameter more for each variable that it reads from outside."""
    definition = clone_head(function.definition)
    arguments = clone_head(definition.args)
    extra = [gast.Name(n, gast.Param(), None, None) for n, _ in function.handed_over()]
    arguments.kwonlyargs = [*arguments.kwonlyargs, *extra]
    arguments.kw_defaults = [*arguments.kw_defaults, *[None for _ in extra]]
    definition.args = arguments
    definition.decorator_list = []
    return replace(function.program, function=definition, defaults=(), kwdefaults={}, original=None)


def local_function(
    definition: gast.FunctionDef, program: Program, env: dict[str, Kind], local: set[str]
) -> LocalFunction:
    """The kind of a nested function defined where the variables are `env`, of those in `local`: the others come later."""
    found: dict[str, str] = {}
    functions: dict[str, Kind] = {}
    own = {*parameter_names(definition.args), *names_stored(definition.body)}
    fresh = FreshNames({*own, *names_read(definition.body)}).fresh
    for variable in sorted(captured(definition) - {definition.name}):
        kind = env.get(variable)
        if kind is not None and is_function(kind):
            read = {here for f in local_functions(kind) for _, here in f.captures if here != definition.name}
            inside = {here: fresh(f"{here}_outside") if here in own else here for here in sorted(read)}
            functions[variable] = _renamed(kind, inside)
            found |= {hidden: here for here, hidden in inside.items()}
        elif variable in local:
            found[variable] = variable
    return LocalFunction(definition, program, tuple(sorted(found.items())), tuple(functions.items()))


def _renamed(kind: Kind, names: dict[str, str]) -> Kind:
    """A function where the variables that it reads go by other names."""
    if isinstance(kind, LocalFunction):
        return replace(kind, captures=tuple((own, names.get(here, here)) for own, here in kind.captures))
    return replace(kind, of=_renamed(kind.of, names)) if isinstance(kind, DerivedFunction) else kind


def bind(program: Program, call: gast.Call, place: Callable[[], Any]) -> dict[str, Any]:
    """Parameter -> argument: an expression, a list of them for `*args`, a dict for `**kwargs`, or `Default`.

    Raises ArgumentError where Python would raise a TypeError at the call.
    """
    arguments = program.function.args
    positional = [a.id for a in [*arguments.posonlyargs, *arguments.args]]
    keyword_only = [a.id for a in arguments.kwonlyargs]
    bound: dict[str, Any] = {}
    rest: list[gast.expr] = []
    for i, value in enumerate(call.args):
        if i < len(positional):
            bound[positional[i]] = value
        else:
            rest.append(value)
    if rest and arguments.vararg is None:
        raise ArgumentError(
            f"{program.name}() takes {len(positional)} positional arguments, {len(call.args)} were given", place()
        )
    if arguments.vararg is not None:
        bound[arguments.vararg.id] = rest
    extra: dict[str, gast.expr] = {}
    for keyword in call.keywords:
        if keyword.arg in [a.id for a in arguments.args] + keyword_only and keyword.arg not in bound:
            bound[keyword.arg] = keyword.value
        elif arguments.kwarg is not None and keyword.arg not in bound:
            extra[keyword.arg] = keyword.value
        else:
            raise ArgumentError(f"{program.name}() got an unexpected or repeated argument {keyword.arg!r}", place())
    if arguments.kwarg is not None:
        bound[arguments.kwarg.id] = extra
    _bind_defaults(program, positional, keyword_only, bound, place)
    return bound


@dataclass(frozen=True)
class Default:
    """The default value of a parameter: an object, `function.<holder>[key]`, or an atom of a nested function's text."""

    value: Any = None
    holder: str = ""
    key: Any = None
    expression: gast.expr | None = None


def _bind_defaults(
    program: Program, positional: list[str], keyword_only: list[str], bound: dict[str, Any], place: Callable[[], Any]
) -> None:
    arguments = program.function.args
    texts: dict[str, gast.expr] = (
        dict(zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True))
        if arguments.defaults
        else {}
    )
    texts |= {n: e for n, e in zip(keyword_only, arguments.kw_defaults, strict=True) if e is not None}
    first = len(positional) - len(program.defaults)
    values = {p: Default(v, "__defaults__", i) for i, (p, v) in enumerate(zip(positional[first:], program.defaults))}
    values |= {p: Default(v, "__kwdefaults__", p) for p, v in program.kwdefaults.items()}
    for parameter in positional + keyword_only:
        if parameter in bound:
            continue
        if parameter in values:
            bound[parameter] = values[parameter]
        elif parameter in texts:
            bound[parameter] = Default(expression=texts[parameter])
        else:
            raise ArgumentError(f"{program.name}() misses the argument {parameter!r}", place())


def with_plain_parameters(program: Program, parameters: list[str]) -> Program:
    """The function with `parameters` as its parameters, all positional and without defaults."""
    function = clone_head(program.function)
    function.args = gast.arguments(
        [gast.Name(p, gast.Param(), None, None) for p in parameters], [], None, [], [], None, []
    )
    return replace(program, function=function, defaults=(), kwdefaults={})


def names_beside(program: Program, others: list[str]) -> FreshNames:
    """Names for further parameters of a function."""
    function = program.function
    return FreshNames({*parameter_names(function.args), *names_stored(function.body), *names_read(function.body), *others})


class Symbols:
    """Translates kinds between a caller and a callee: lengths are told by the callee's own parameters, and back."""

    def __init__(self) -> None:
        self.inward: dict[tuple[str, int], Length] = {}
        self.outward: dict[str, Length] = {}

    def enter(self, kind: Kind, source: str) -> Kind:
        if isinstance(kind, Array):
            shape = (
                None
                if kind.shape is None
                else tuple(self._symbol(axis, f"{source}.shape[{i}]") for i, axis in enumerate(kind.shape))
            )
            return Array(kind.dtype, shape)
        if isinstance(kind, Int):
            return Int(self._symbol(kind.value, source)) if isinstance(kind.value, Length) else Int(Length(source))
        if isinstance(kind, Float):
            return Float()
        if isinstance(kind, Tuple) and kind.items is not None:
            return replace(kind, items=tuple(self.enter(k, f"{source}[{i}]") for i, k in enumerate(kind.items)))
        if isinstance(kind, Object) and kind.items is not None:
            return replace(kind, items=tuple((n, self.enter(k, f"{source}.{n}")) for n, k in kind.items))
        if isinstance(kind, Dict) and kind.items is not None:
            return replace(kind, items=tuple((key, self.enter(k, f"{source}[{key!r}]")) for key, k in kind.items))
        if is_dict(kind):
            return strip_symbols(kind)
        if isinstance(kind, List):
            return List(strip_symbols(kind.item), 0 if kind.length == 0 else None, kind.has_items)
        return kind

    def _symbol(self, axis: Any, source: str) -> Any:
        if axis == 1:
            return 1
        if isinstance(axis, int):
            return Length(source, 0, True)
        if axis is None:
            return Length(source)
        key = (axis.source, axis.offset)
        if key not in self.inward:
            self.inward[key] = Length(source, 0, axis.many)
            self.outward[source] = axis
        return self.inward[key]

    def leave(self, kind: Kind) -> Kind:
        return _map_axes(kind, self._outer)

    def _outer(self, axis: Length) -> Length | None:
        outer = self.outward.get(axis.source)
        if outer is None or outer.offset and axis.offset:
            return None
        return Length(outer.source, outer.offset + axis.offset, outer.many and not axis.offset)


def strip_symbols(kind: Kind) -> Kind:
    """The kind without lengths: they mean something in one scope only."""
    return _map_axes(kind, lambda axis: None)


def in_numpy_terms(kind: Kind) -> Kind:
    """The kind with those of NumPy's arrays in place of those of other libraries' arrays."""
    return _map_axes(kind, lambda axis: axis)


def _map_axes(kind: Kind, change: Callable[[Length], Any]) -> Kind:
    if isinstance(kind, Array) and kind.shape is not None:
        return Array(kind.dtype, tuple(change(a) if isinstance(a, Length) else a for a in kind.shape))
    if isinstance(kind, Int) and isinstance(kind.value, Length):
        return Int(change(kind.value))
    if is_dict(kind):
        kind = replace(kind, key=_map_axes(kind.key, change))
    return with_inner(kind, lambda k: _map_axes(k, change))


def defined(function: Kind) -> Kind:
    """The function below all transforms."""
    while isinstance(function, DerivedFunction):
        function = function.of
    return function
