"""The transforms: functions of functions. They check their arguments and call the pipeline."""

from __future__ import annotations

import functools
import inspect
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autodiff_src import pipeline
from autodiff_src.analyze.calls import DERIVED
from autodiff_src.analyze.kinds import Kind, carries_derivative
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.numpy_texts import numpy_text
from autodiff_src.analyze.selection import select_all
from autodiff_src.analyze.ufunc_methods import read_for
from autodiff_src.dispatch import Specialisations, bound_function, checked, derived_function
from autodiff_src.errors import ArgumentError
from autodiff_src.parse import parse
from autodiff_src.parse.callables import BOUND, unbound
from autodiff_src.pipeline import Wanted
from autodiff_src.pullbacks import Pullback
from autodiff_src.runtime import batches, recorded_calls
from autodiff_src.runtime.objects import EVERY_NAME, Path, follow
from autodiff_src.runtime.recording import TensorsGiven, holds_tensors
from autodiff_src.runtime.tangents import entry_tangent, tangent_like, tangents_by_parameter, zero_tangent
from autodiff_src.runtime.tensor import detached
from autodiff_src.runtime.transforms import FUNCTIONS, register_transform
from autodiff_src.runtime.values import kept, start_of

_TEXTS: WeakKeyDictionary[Any, Specialisations] = WeakKeyDictionary()
MADE_OF: WeakKeyDictionary[Any, Callable[..., str]] = WeakKeyDictionary()  # the texts that a function runs, if not its own


def grad(f: Callable[..., Any], wrt: Any = 0, has_aux: bool = False, **options: Any) -> Callable[..., Any]:
    """A function with the signature of `f` that returns its gradient with respect to `wrt`.

    `wrt` is a position, a parameter's name, or a sequence of these (then a tuple of gradients is returned). `f` returns a
    number or an array of size 1; with `has_aux`, a pair `(value, aux)`, and the result is `(gradient, aux)`. A gradient has
    the shape, dtype and structure of its argument and shares memory with nothing.

    Raises ArgumentError for a bad `wrt` or, when called, a bad argument; UnsupportedError for a construct and NoRuleError
    for a function that cannot be differentiated.
    """
    return _gradient(f, wrt, has_aux, False, options)


def value_and_grad(f: Callable[..., Any], wrt: Any = 0, has_aux: bool = False, **options: Any) -> Callable[..., Any]:
    """Like `grad`, but the function returns `(value, gradient)`; with `has_aux`, `((value, aux), gradient)`."""
    return _gradient(f, wrt, has_aux, True, options)


def _gradient(f: Any, wrt: Any, has_aux: bool, value: bool, options: dict[str, Any]) -> Callable[..., Any]:
    _check_options(options)
    function, args, kwargs = unbound(f)
    if args or kwargs:
        inner = _gradient(function, _own_wrt(f, wrt, args, kwargs), has_aux, value, options)
        return bound_function(inner, f, args, kwargs, _TEXTS[inner])  # type: ignore[arg-type]
    checked(function)
    transform = "value_and_grad" if value else "grad"
    wanted = pipeline.wanted_of(_signature_program(function), wrt, value, has_aux)

    def make(kinds: dict[str, Kind], attributes: set[str]) -> pipeline.Text:
        return pipeline.gradient_text(function, kinds, wanted, attributes)

    texts = Specialisations(function, make, wanted)

    def run(texts: Specialisations) -> Callable[..., Any]:
        find = texts.find

        def derived(*args: Any, **kwargs: Any) -> Any:
            try:
                text = find(args, kwargs)
            except TensorsGiven:
                if not holds_tensors(args, kwargs):
                    raise
                return recorded_calls.call(derived, args, kwargs)
            return text.main(*args, **kwargs)

        return derived

    derived = derived_function(function, run, texts, (transform, function, wrt, has_aux), transform)
    _TEXTS[derived] = texts
    return derived


def _own_wrt(f: Any, wrt: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`wrt`, of which positions count the parameters of a method or a partial object, as the function below counts."""
    if isinstance(wrt, (tuple, list)):
        return [_own_wrt(f, w, args, kwargs) for w in wrt]
    if isinstance(wrt, (str, bool)) or not hasattr(wrt, "__index__"):
        return wrt
    parameters = inspect.signature(f).parameters.values()
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if -len(names) <= wrt.__index__() < len(names):
        return names[wrt]
    if wrt.__index__() >= 0 and any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return wrt.__index__() + len(args)
    raise ArgumentError(
        f"wrt={wrt!r} is out of range: there are {len(names)} positional parameters",
        fix=f"they are: {', '.join(names) or 'none'}",
    )


def _signature_program(function: Any) -> Any:
    """The program whose parameters `wrt` counts: that of the function below all transforms."""
    while function in DERIVED:
        function = DERIVED[function][1]
    return parse(function)


def vjp(f: Callable[..., Any], *primals: Any, wrt: Any = None, **options: Any) -> tuple[Any, Callable[..., Any]]:
    """`(y, pullback)`: the value of `f(*primals)` and a function from a cotangent of `y` to cotangents of the primals.

    The pullback returns a tuple with one cotangent for each primal, or for each entry of `wrt` (positions or names); None
    for a primal that carries no derivative. It may be called many times, also after the caller has changed the primals.
    Errors as for `grad`.
    """
    _check_options(options)
    return recorded_calls.vjp(f, primals, wrt) if holds_tensors(primals) else vjp_of_values(f, primals, wrt)


def vjp_of_values(f: Callable[..., Any], primals: tuple[Any, ...], wrt: Any,
                  unchanging: Collection[int] = ()) -> tuple[Any, Pullback]:
    """`vjp` of primals without tensors. Those at the positions `unchanging` nobody writes into: they are not copied."""
    texts, places, args, kwargs = _pullback_texts(f, primals, wrt)
    first = len(args) - len(primals)
    primals, text, bound = args, texts.find(args, kwargs), texts._bound(args, kwargs)
    starts = {start: start_of(bound[p]) for p, start in text.starts.items()}

    def held(i: int, v: Any) -> Any:
        return v if i - first in unchanging and isinstance(v, np.ndarray) else kept(v, texts.attributes)

    given = [*bound.values(), *starts.values()]
    values = [held(i, v) if i in text.pair.reads else None for i, v in enumerate(given)]  # type: ignore
    outcome = text.main(*primals, **kwargs, **starts)
    assert text.pair is not None and text.backward is not None
    y, residuals = outcome if text.pair.residuals else (outcome, None)
    if isinstance(y, np.ndarray):
        y = y.copy() if any(y is p or isinstance(p, np.ndarray) and np.may_share_memory(y, p) for p in primals) else y
    return y, Pullback(texts, text, y, residuals, values, places, {**bound, **{p: starts[s] for p, s in text.starts.items()}})


def pullback_source(f: Callable[..., Any], primals: tuple[Any, ...], wrt: Any) -> str:
    """The text behind the pullback that `vjp` returns."""
    texts, _, primals, kwargs = _pullback_texts(f, primals, wrt)
    return texts.example(primals, kwargs).source


Places = list[tuple[str, Path]]


def _pullback_texts(
    f: Callable[..., Any], primals: tuple[Any, ...], wrt: Any
) -> tuple[Specialisations, Places, tuple[Any, ...], dict[str, Any]]:
    """The texts, what is asked for, and all arguments of the plain function below `f`."""
    function, args, kwargs = unbound(f)
    checked(function)
    asked = tuple(range(len(primals))) if wrt is None else wrt if isinstance(wrt, (tuple, list)) else (wrt,)
    own = _own_wrt(f, asked, args, kwargs) if args or kwargs else asked
    given = pipeline.wanted_of(_signature_program(function), tuple(own), True, False) if asked else None
    places = [] if given is None else list(zip(given.wrt, given.paths, strict=True))
    active = [place for place, x in zip(places, primals, strict=True) if _carries(x)] if wrt is None else places
    if not active:
        raise ArgumentError("none of the primals carries a derivative", fix="pass floats or arrays of floats")
    return _texts(_VJP, pipeline.pullback_text, function, tuple(active)), places, (*args, *primals), kwargs


def _carries(primal: Any) -> bool:
    return carries_derivative(select_all(kind_of(primal, None, EVERY_NAME)))


_Texts = WeakKeyDictionary[Any, dict[Any, Specialisations]]
_VJP: _Texts = WeakKeyDictionary()
_TANGENTS: _Texts = WeakKeyDictionary()


def _texts(
    known_by_function: _Texts, text: Callable[..., pipeline.Text], function: Any, places: tuple[tuple[str, Path], ...]
) -> Specialisations:
    """What `text` makes of a function for derivatives with respect to `places`, found once."""
    known = known_by_function.setdefault(function, {})
    if places not in known:
        wanted = Wanted(tuple(p for p, _ in places), True, True, False, tuple(path for _, path in places))

        def make(kinds: dict[str, Kind], attributes: set[str]) -> pipeline.Text:
            return text(function, kinds, wanted, attributes)

        known[places] = Specialisations(function, make, wanted)
    return known[places]


def jvp(f: Callable[..., Any], primals: Any, tangents: Any, **options: Any) -> tuple[Any, Any]:
    """`(y, y_dot)`: the value of `f(*primals)` and its derivative along `tangents`, in one pass through `f`.

    `primals` and `tangents` are sequences of the same length; a tangent has the structure and the shapes of its primal, and
    None, in place of it or in it, makes a constant. `y_dot` has the structure, shapes and dtypes of `y`; what carries no
    derivative in it is None. Errors as for `grad`; ArgumentError where a tangent does not fit its primal.
    """
    _check_options(options)
    if holds_tensors(primals, tangents):
        return recorded_calls.unrecorded(functools.partial(jvp, f), (primals, tangents), {}, "ad.jvp")
    primals, given = _paired(primals, tangents)
    if not given:
        checked(unbound(f)[0])
        y = f(*primals)
        return y, tangent_like(zero_tangent(y), y)
    return ForwardPass(f, primals, tuple(given)).along(list(given.values()))


class ForwardPass:
    """The text that computes `f(*primals)` and its tangent along tangents of what is in `wrt`, as for `grad`."""

    def __init__(self, f: Callable[..., Any], primals: tuple[Any, ...], wrt: tuple[Any, ...]):
        function, args, kwargs = unbound(f)
        checked(function)
        own = _own_wrt(f, wrt, args, kwargs) if args or kwargs else wrt
        wanted = pipeline.wanted_of(_signature_program(function), tuple(own), True, False)
        self.places = tuple(zip(wanted.wrt, wanted.paths, strict=True))
        texts = _texts(_TANGENTS, pipeline.tangent_text, function, self.places)
        self.text = texts.find((*args, *primals), kwargs)
        self.bound = texts._bound((*args, *primals), kwargs)

    @property
    def primals(self) -> list[Any]:
        """What the tangents are tangents of."""
        return [follow(self.bound[p], path) for p, path in self.places]

    def along(self, tangents: list[Any]) -> tuple[Any, Any]:
        """The value and its tangent. May be called again where the text is silent."""
        y, y_dot = self.text.main(*self._arguments(tangents))
        return y, tangent_like(y_dot, y)

    def _arguments(self, tangents: list[Any]) -> list[Any]:
        parts = tangents_by_parameter(self.places, tangents, self.bound)
        dots = [entry_tangent(self.bound[p], parts[p], f"the tangent of {p!r}") for p in self.text.parameters if p in parts]
        return [*(self.bound[p] for p in self.text.parameters), *dots]

    def along_all(self, several: Iterable[list[Any]]) -> Iterator[tuple[Any, Any]]:
        """The value and its tangent along each of several tangents, of a text that is silent: one by one, or many at once."""
        rest = iter(several)
        for first in itertools.islice(rest, 1):
            y, y_dot = self.along(first)
            yield y, y_dot
            yield from self.text.each(rest, batches.at_once([self.bound, y]), self.along, self._together)

    def _together(self, forward: Callable[..., Any], tangents: list[Any]) -> list[tuple[Any, Any]]:
        """What `along` gives for each member of a batch of tangents."""
        y, y_dot = forward(*self._arguments(tangents))
        return [(y, tangent_like(batches.member(y_dot, b), y)) for b in range(batches.width.get())]


def _paired(primals: Any, tangents: Any) -> tuple[tuple[Any, ...], dict[int, Any]]:
    """The primals, and by position the tangents that are not None."""
    for title, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, (tuple, list)):
            raise ArgumentError(f"{title} is {type(given).__name__}, not a tuple", fix=f"pass a tuple: ({title[:-1]},)")
    if len(primals) != len(tangents):
        raise ArgumentError(f"there are {len(primals)} primals and {len(tangents)} tangents", fix="pass None for constants")
    found = {i: t for i, t in enumerate(tangents) if t is not None}
    return tuple(primals), {i: t for i, t in found.items() if _carries(primals[i]) or not _is_zero(t)}


def _is_zero(tangent: Any) -> bool:
    return isinstance(tangent, (int, float, np.ndarray, np.generic)) and not np.any(tangent)


def source(df: Callable[..., Any], *example_args: Any, **example_kwargs: Any) -> str:
    """The text of a derived function: for the kinds of the example arguments, or for unknown ones. Runs nothing of it.

    Of what `jacobian`, `hessian` and `hvp` return it is the text that runs once for each column, row or call, and needs
    example arguments. Raises ArgumentError if `df` is not a derived function, or where these are missing.
    """
    if callable(df) and df in MADE_OF:
        if not example_args:
            raise ArgumentError("this text needs example arguments", fix="pass them: ad.source(df, *args)")
        return MADE_OF[df](*example_args, **example_kwargs)
    inner, args, kwargs = (BOUND[df] if callable(df) and df in BOUND else (df, (), {}))  # type: ignore[index]
    try:
        texts = _TEXTS[inner]
    except (KeyError, TypeError):
        raise ArgumentError(
            f"{getattr(df, '__name__', df)!r} is not a derived function",
            fix="pass what ad.grad or ad.value_and_grad returned",
        ) from None
    if not example_args and not example_kwargs and texts.parameters:
        return texts.general()
    return texts.example((*args, *example_args), {**kwargs, **example_kwargs}).source


def stop_gradient(x: Any) -> Any:
    """`x` itself, a tensor without its history; no derivative flows through it."""
    return detached(x)


def _check_options(options: dict[str, Any]) -> None:
    for option in options:
        raise ArgumentError(f"unknown option {option!r}", fix="the options are wrt and has_aux")


def halves(f: Callable[..., Any], *primals: Any, wrt: Any = None) -> tuple[Any, tuple[Callable[..., Any], Any]]:
    """`vjp` as functions that are differentiated call it: `y, (backward, kept)`, and `backward(kept, d_y)` is the pullback."""
    y, pullback = vjp(f, *primals, wrt=wrt)
    return y, (_pulled_back, pullback)


def _pulled_back(pullback: Callable[[Any], Any], d_y: Any) -> Any:
    return pullback(d_y)


FUNCTIONS["source"], FUNCTIONS["vjp_of_values"] = source, vjp_of_values
FUNCTIONS["numpy_text"] = lambda function: read_for(function) or numpy_text(function)
FUNCTIONS["texts_of"], FUNCTIONS["function_of"] = _TEXTS.__getitem__, lambda derived: DERIVED[derived][1]
for _transform in (grad, value_and_grad, vjp, jvp, halves):
    register_transform(_transform, _transform.__name__)
