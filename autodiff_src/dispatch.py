"""Derived functions: one text per combination of argument kinds, made at the first call that needs it."""

from __future__ import annotations

import inspect
import linecache
import threading
from collections import OrderedDict, UserString
from collections.abc import Callable, Collection, Hashable
from types import FunctionType
from typing import Any

import numpy as np

from autodiff_src import pipeline
from autodiff_src.analyze.calls import DERIVED
from autodiff_src.analyze.kinds import (
    MOST_NESTED,
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Int,
    Kind,
    List,
    Object,
    Scalar,
    Tuple,
    carries_derivative,
    kind_of,
)
from autodiff_src.errors import ArgumentError, AutodiffError, UnsupportedError
from autodiff_src.parse.callables import check_function
from autodiff_src.pipeline import Text
from autodiff_src.runtime.objects import attributes, is_plain_class

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

    def __init__(self, function: FunctionType, make: Callable[[dict[str, Kind], set[str]], Text], wrt: tuple[str, ...]):
        self.function, self.make, self.wrt = function, make, wrt
        self.attributes: set[str] = set()
        self.signature = inspect.signature(function, follow_wrapped=False)
        self.parameters = list(self.signature.parameters)
        self.texts: OrderedDict[Hashable, tuple[Text, Checks]] = OrderedDict()
        self.lock = threading.RLock()
        self.changed: Callable[[Text], None] = lambda text: None

    def find(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Text:
        """The text for these arguments; checks that it still holds, and that written arguments are apart."""
        plain = not kwargs and len(args) == len(self.parameters)
        values = args if plain and self._all_positional else tuple(self._bound(args, kwargs).values())
        entry = self.texts.get(self._key(values))
        if entry is None or not entry[1].hold():
            entry = self._derive(values)
        entry[1].apart(values)
        return entry[0]

    def _key(self, values: tuple[Any, ...]) -> Hashable:
        names = self.attributes
        return tuple([quick_key(v, names) for v in values]) if names else tuple(map(quick_key, values))

    @property
    def _all_positional(self) -> bool:
        return all(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in self.signature.parameters.values())

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
            if found == known or error is None and not _objects(kinds, text):
                if error is not None:
                    raise error
                return text
            self.attributes = found
            self.texts.clear()

    def _check_arguments(self, kinds: dict[str, Kind], values: tuple[Any, ...]) -> None:
        for p, v in zip(self.parameters, values, strict=True):
            if p in self.wrt and not carries_derivative(kinds[p]):
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


def _refused(parameter: str, value: Any, kind: Kind) -> tuple[str, None, str]:
    whole = isinstance(kind, (Int, Bool)) or isinstance(kind, (Array, Scalar)) and kind.dtype.kind in "iub"  # type: ignore[union-attr]
    shown = f"{parameter}={value!r}" if not isinstance(value, np.ndarray) else f"{parameter}, an array of {value.dtype}"
    if whole:
        fix = (
            f"pass {parameter}.astype(float)"
            if isinstance(value, (np.ndarray, np.generic))
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


class Checks:
    """What a text rests on: names that still stand for the same, and arguments that share no memory."""

    def __init__(self, text: Text, parameters: list[str], attributes: set[str]):
        derived, self.attributes = text.derived, attributes
        unique = {(id(g.owner), g.name): g for g in derived.guards}
        self.guards = list(unique.values())
        self.globals = [(space, n, quick_key(space.lookup(n), attributes)) for space, n, _ in derived.global_kinds]
        self.pairs = [(parameters.index(a), parameters.index(b)) for a, b in derived.disjoint]

    def hold(self) -> bool:
        for guard in self.guards:
            if not guard.holds():
                return False
        return all(quick_key(space.lookup(n), self.attributes) == key for space, n, key in self.globals)

    def apart(self, values: tuple[Any, ...]) -> None:
        for i, j in self.pairs:
            if _may_share(values[i], values[j]):
                raise ArgumentError(
                    f"the arguments at positions {i} and {j} share memory, and one is written into",
                    fix="pass a copy of one of them: x.copy()",
                )


def _may_share(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if not np.may_share_memory(a, b):
            return False
        try:
            return bool(np.shares_memory(a, b, max_work=100_000))  # type: ignore[arg-type]
        except np.exceptions.TooHardError:
            return True
    inner = [x for x in (a, b) if isinstance(x, (list, tuple, dict))]
    return bool(inner) and _any_shared(_leaves(a), _leaves(b))


def _any_shared(a: list[Any], b: list[Any]) -> bool:
    return any(x is y if not isinstance(x, np.ndarray) else _may_share(x, y) for x in a for y in b)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        own = [value] if isinstance(value, list) else []
        return own + [leaf for item in value for leaf in _leaves(item)]
    if isinstance(value, dict):
        return [value, *(leaf for item in value.values() for leaf in _leaves(item))]
    return [value] if isinstance(value, np.ndarray) else []


def quick_key(value: Any, names: Collection[str] = (), depth: int = 0) -> Hashable:
    """Equal for values of equal kinds; made without making the kind. Of objects the attributes in `names` count."""
    cls = type(value)
    if cls is float or cls is int:
        return (cls,)
    if cls is np.ndarray:
        return (value.dtype, tuple([n == 1 for n in value.shape]))
    if value is None or cls is bool or cls is str:
        return (cls, value)
    if isinstance(value, np.generic):
        return (cls,)
    if cls is tuple:
        return (cls, tuple([quick_key(item, names, depth) for item in value]))
    if cls is list:
        return (cls, not value, frozenset([quick_key(item, names, depth) for item in value]))
    if cls is dict:
        return (cls, tuple([(k, quick_key(v, names, depth)) for k, v in value.items()]))
    if is_plain_class(cls):
        if depth == MOST_NESTED:
            return (cls,)
        held = attributes(value)
        return (cls, tuple([(n, quick_key(held[n], names, depth + 1)) for n in held if n in names]))
    return _other_key(value)


def _other_key(value: Any) -> Hashable:
    try:
        return kind_of(value, "x")
    except ArgumentError as error:
        return str(error)


def _objects(kinds: dict[str, Kind], text: Text) -> bool:
    """Is there an object among the arguments, or among the globals that a text reads?"""
    return any(map(_holds_object, [*kinds.values(), *(kind for _, _, kind in text.derived.global_kinds)]))


def _holds_object(kind: Kind) -> bool:
    if isinstance(kind, Object):
        return True
    if isinstance(kind, (Tuple, Dict)):
        items: Any = kind.items or ()
        return any(_holds_object(item[1] if isinstance(kind, Dict) else item) for item in items)
    return isinstance(kind, List) and _holds_object(kind.item)


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
    DERIVED[derived] = entry
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


def checked(function: Any) -> FunctionType:
    """The function if it can be differentiated; raises the AutodiffError that says what to pass instead."""
    function = check_function(function)
    if function not in DERIVED:
        pipeline.read(function)
    return function
