"""Derived functions: one text per combination of argument kinds, made at the first call that needs it."""

from __future__ import annotations

import inspect
import linecache
import threading
from collections import OrderedDict, UserString
from collections.abc import Callable, Hashable
from types import CodeType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autodiff_src import pipeline
from autodiff_src.analyze.calls import DERIVED
from autodiff_src.analyze.kinds import UNKNOWN, Array, Bool, Int, Kind, Scalar, carries_derivative
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.selection import attributes_in, select_all
from autodiff_src.arguments import Checks, holds_object, quick_key
from autodiff_src.errors import ArgumentError, AutodiffError, UnsupportedError
from autodiff_src.parse.callables import BOUND
from autodiff_src.pipeline import Text, Wanted
from autodiff_src.runtime import importable
from autodiff_src.runtime.objects import EVERY_NAME
from autodiff_src.runtime.transforms import FUNCTIONS

_MOST_TEXTS = 32


class LazyText(UserString):
    """The general text of a derived function, made when it is first looked at."""

    def __init__(self, make: Callable[[], str]):
        self._make, self._text = make, ""

    @property
    def data(self) -> str:  # type: ignore[override]
        self._text = self._text or self._make()
        return self._text


class Specialisations:
    """The texts of one derived function, found by the kinds of its arguments."""

    def __init__(self, function: FunctionType, make: Callable[[dict[str, Kind], set[str]], Text], wanted: Wanted):
        self.function, self.make, self.wrt, self.paths = function, make, wanted.wrt, wanted.paths
        self.attributes = attributes_in(wanted.paths)
        self.signature = inspect.signature(function, follow_wrapped=False)
        self.parameters = list(self.signature.parameters)
        kinds = {p.kind for p in self.signature.parameters.values()}
        self.all_positional = kinds <= {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
        self.texts: OrderedDict[Hashable, tuple[Text, Checks]] = OrderedDict()
        self.lock = threading.RLock()
        self.changed: Callable[[Text], None] = lambda text: None
        self.entry: tuple[str, Any, Any, bool] | None = None

    def __reduce__(self) -> Any:
        """Another process makes texts of its own."""
        if self.entry is None:
            raise TypeError("the texts behind a pullback are not pickled")
        return _made_again, (_made_of(self.entry),)

    def find(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Text:
        """The text for these arguments; checks that it still holds, and that written arguments are apart."""
        plain = not kwargs and len(args) == len(self.parameters)
        values = args if plain and self.all_positional else tuple(self._bound(args, kwargs).values())
        entry = self.texts.get(self._key(values))
        if entry is None or not entry[1].hold():
            entry = self._derive(values)
        entry[1].apart(values)
        return entry[0]

    def _key(self, values: tuple[Any, ...]) -> Hashable:
        names = self.attributes
        try:
            return tuple([quick_key(v, names) for v in values]) if names else tuple(map(quick_key, values))
        except RecursionError:
            raise ArgumentError("an argument is a list or a dict that holds itself",
                                fix="pass what the function needs of it") from None

    def _bound(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return bound.arguments

    def _derive(self, values: tuple[Any, ...]) -> tuple[Text, Checks]:
        with self.lock:
            text = self._make(values)
            entry = (text, Checks(text, self.parameters, self.attributes))
            self.texts[self._key(values)] = entry
            while len(self.texts) > _MOST_TEXTS:
                self.texts.popitem(last=False)
            self.changed(text)
            return entry

    def _make(self, values: tuple[Any, ...]) -> Text:
        """The text for arguments of these kinds, made again where it names attributes that the kinds did not tell of."""
        while True:
            known, found = frozenset(self.attributes), set(self.attributes)
            kinds = {p: kind_of(v, p, known) for p, v in zip(self.parameters, values, strict=True)}
            self._check_arguments(kinds, values)
            error = None
            try:
                text = self.make(kinds, found)
            except AutodiffError as refused:
                error = refused
            if found == known or error is None and not any(map(holds_object, [*kinds.values(), *_global_kinds(text)])):
                if error is not None:
                    raise error
                return text
            self.attributes = found
            self.texts.clear()

    def _check_arguments(self, kinds: dict[str, Kind], values: tuple[Any, ...]) -> None:
        given = dict(zip(self.parameters, values, strict=True))
        for p, path in zip(self.wrt, self.paths, strict=True):
            v = given[p]
            kind = kind_of(v, p, EVERY_NAME) if holds_object(kinds[p]) else kinds[p]
            if not path and not carries_derivative(select_all(kind)):
                raise ArgumentError(*_refused(p, v, kinds[p]))

    def example(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Text:
        """The text for example arguments, without running anything."""
        values = tuple(self._bound(args, kwargs).values())
        entry = self.texts.get(self._key(values))
        return (entry if entry is not None and entry[1].hold() else self._derive(values))[0]

    def general(self) -> str:
        """The text for arguments of unknown kinds."""
        kinds: dict[str, Kind] = dict.fromkeys(self.parameters, UNKNOWN)
        try:
            return self.make(kinds, set()).source
        except (UnsupportedError, ArgumentError) as error:
            raise UnsupportedError(
                f"there is no text of {self.function.__name__} for arguments of unknown kinds: {error.reason}",
                error.place,
                "give example arguments: ad.source(df, *args)",
            ) from None


def _made_of(entry: tuple[str, Any, Any, bool]) -> tuple[Any, ...]:
    """What another process makes a derived function of; that of a derived function is made there first."""
    transform, function, wrt, has_aux = entry
    inner = DERIVED.get(function)
    return (transform, function, wrt, has_aux, *importable.sources(function)) if inner is None else (
        transform, _made_of(inner), wrt, has_aux, [], {})


def _derived_again(made_of: tuple[Any, ...]) -> Any:
    transform, function, wrt, has_aux, *sources = made_of
    importable.restore(*sources)
    return FUNCTIONS[transform](_derived_again(function) if isinstance(function, tuple) else function, wrt, has_aux)


def _made_again(made_of: tuple[Any, ...]) -> Specialisations:
    return FUNCTIONS["texts_of"](_derived_again(made_of))


def _global_kinds(text: Text) -> list[Kind]:
    return [kind for _, _, kind in text.derived.global_kinds]


def _refused(parameter: str, value: Any, kind: Kind) -> tuple[str, None, str]:
    whole = isinstance(kind, (Int, Bool)) or isinstance(kind, (Array, Scalar)) and kind.dtype.kind in "iub"  # type: ignore[union-attr]
    shown = f"{parameter}, an array of {value.dtype}" if isinstance(kind, Array) else f"{parameter}={value!r}"
    if whole:
        fix = (
            f"pass {parameter}.astype(float)"
            if isinstance(value, (np.ndarray, np.generic)) or isinstance(kind, Array)
            else (f"pass float({parameter}), here {float(value)!r}")
        )
        return (
            f"the argument {shown} is of an integer type: nothing can be differentiated with respect to it",
            None,
            fix,
        )
    what = "None" if value is None else f"a {type(value).__name__}"
    return (
        f"the argument {parameter!r} is {what}, which carries no derivative",
        None,
        "pass a float or an array of floats",
    )


def derived_function(
    function: Any,
    run: Callable[[Specialisations], Callable[..., Any]],
    texts: Specialisations,
    entry: tuple[str, Any, Any, bool],
    word: str,
) -> FunctionType:
    """A function with the name, doc, signature and annotations of `function` that runs derivative texts."""
    derived = run(texts)
    assert isinstance(derived, FunctionType)
    derived.__name__ = function.__name__
    derived.__qualname__ = function.__qualname__
    derived.__doc__ = function.__doc__
    derived.__module__ = function.__module__
    derived.__annotations__ = dict(function.__annotations__)
    derived.__signature__ = texts.signature  # type: ignore[attr-defined]
    derived.source = LazyText(texts.general)  # type: ignore[attr-defined]
    DERIVED[derived] = texts.entry = entry
    importable.name(derived, entry[0], function, *entry[2:])
    _show_general(derived, texts, f"{function.__name__}_{word}")
    texts.changed = lambda text: _show(derived, text)
    return derived


def _show_general(derived: FunctionType, texts: Specialisations, title: str) -> None:
    """Lets inspect.getsource find the general text, which is made when it is asked for."""
    file = f"<{title} {id(derived):x}>"
    linecache.cache[file] = (lambda: _main_text(texts.general(), title),)  # type: ignore[assignment]
    derived.__code__ = derived.__code__.replace(co_filename=file, co_firstlineno=1)


def _main_text(source: str, title: str) -> str:
    start = source.rfind(f"def {title}")
    return source[max(start, 0) :]


def _show(derived: FunctionType, text: Text) -> None:
    derived.source = text.source  # type: ignore[attr-defined]
    code = text.main.__code__
    derived.__code__ = derived.__code__.replace(co_filename=code.co_filename, co_firstlineno=code.co_firstlineno)


def bound_function(inner: FunctionType, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any],
                   texts: Specialisations) -> FunctionType:
    """The derived function `inner` with the arguments that a method or a partial object gives to its function."""

    def derived(*more: Any, **named: Any) -> Any:
        return inner(*args, *more, **{**kwargs, **named})

    assert isinstance(derived, FunctionType)
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__", "__annotations__", "source"):
        setattr(derived, attribute, getattr(inner, attribute))
    derived.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    derived.__code__ = derived.__code__.replace(
        co_filename=inner.__code__.co_filename, co_firstlineno=inner.__code__.co_firstlineno
    )
    BOUND[derived] = inner, args, kwargs
    show = texts.changed

    def changed(text: Text) -> None:
        show(text)
        _show(derived, text)  # type: ignore[arg-type]

    texts.changed = changed
    return derived


_CHECKED: WeakKeyDictionary[FunctionType, CodeType] = WeakKeyDictionary()


def checked(function: FunctionType) -> FunctionType:
    """The function if it can be differentiated; raises the AutodiffError that says what to pass instead."""
    if function in DERIVED:
        pipeline.check_differentiated(DERIVED[function][0])
    elif function not in _CHECKED or _CHECKED[function] is not function.__code__:
        pipeline.read(function)
        _CHECKED[function] = function.__code__
    return function
