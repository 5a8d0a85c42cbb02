"""Kinds: what is known of a value before it exists.

An array's kind holds its dtype and the length of each axis as far as known: a number, a `Length` (a symbol that stands
for a length fixed at entry of the call, so that equal symbols mean equal lengths), or None.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, TypeGuard

import numpy as np


@dataclass(frozen=True)
class Length:
    """A length told by an expression over what is known at entry: as an axis' length `max(<source> + offset, 0)`, as
    the value of an `Int` plainly `<source> + offset`, which may be negative.

    `many` says that the length is known not to be 1, so that the axis does not broadcast.
    """
    source: str
    offset: int = 0
    many: bool = False


Axis = int | Length | None


@dataclass(frozen=True)
class Kind:
    """Base of the kinds; as such, a value of which nothing is known."""


@dataclass(frozen=True)
class Unknown(Kind):
    """Anything at all."""


@dataclass(frozen=True)
class Maybe(Unknown):
    """None, or a number of the kind `of`."""
    of: Kind


@dataclass(frozen=True)
class Inert(Kind):
    """A value that carries no derivative: a string, a slice, a range, a dtype, an RNG ... `type` names it if known."""
    type: str = ""


@dataclass(frozen=True)
class Known(Kind):
    """The value itself: None, a string, a type, a dtype, a module, a function."""
    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and type(self.value) is type(other.value) and (
            self.value is other.value or isinstance(self.value, (str, bytes)) and self.value == other.value)

    def __hash__(self) -> int:
        return hash(self.value) if isinstance(self.value, (str, bytes)) else id(self.value)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few functions that are known; `others`: or one that is not."""
    alternatives: tuple[Known, ...]
    others: bool = False


@dataclass(frozen=True, eq=False)
class FunctionKind(Kind):
    """A function that is known by more than its object; equal to another where a call does the same."""

    def same(self) -> tuple[Any, ...]:
        """What makes two of them equal."""
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FunctionKind) and self.same() == other.same()

    def __hash__(self) -> int:
        return hash(self.same())


@dataclass(frozen=True)
class Bool(Kind):
    value: bool | None = None


@dataclass(frozen=True)
class Int(Kind):
    """A Python int; its value if it is a literal of the text or told by a `Length`."""
    value: int | Length | None = None


@dataclass(frozen=True)
class Float(Kind):
    """A Python float; its value if it is a literal of the text."""
    value: float | None = None


@dataclass(frozen=True)
class Scalar(Kind):
    """A NumPy scalar (np.float64(1.0)): immutable, unlike a 0-d array."""
    dtype: np.dtype


def same_dtype(a: np.dtype | None, b: np.dtype | None) -> bool:
    """Whether two dtypes are known and equal, or both unknown: `np.dtype(float) == None` holds."""
    return a is b or a is not None and b is not None and a == b


@dataclass(frozen=True)
class Number(Scalar):
    """A Python float, a Python int or a np.float64, on different paths, or with dtype complex any of these or a complex;
    arithmetic treats it as the NumPy scalar."""


@dataclass(frozen=True)
class Array(Kind):
    """A NumPy array; `dtype` None or `shape` None: not known (shape: not even the number of axes)."""
    dtype: np.dtype | None = None
    shape: tuple[Axis, ...] | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Array) and self.shape == other.shape and same_dtype(self.dtype, other.dtype)

    def __hash__(self) -> int:
        return hash((self.dtype, self.shape))

    @property
    def ndim(self) -> int | None:
        return None if self.shape is None else len(self.shape)


@dataclass(frozen=True, eq=False)
class LibraryArray(Array):
    """At entry, an array of another library, told in NumPy's terms; what is computed of it has the kind of a NumPy array."""
    library: Any = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LibraryArray) and self.library is other.library and super().__eq__(other)

    def __hash__(self) -> int:
        return hash((self.dtype, self.shape, self.library.name))


@dataclass(frozen=True)
class Tuple(Kind):
    items: tuple[Kind, ...] | None = None
    cls: Any = None  # if it is known to be one with names


@dataclass(frozen=True)
class List(Kind):
    """A list whose elements all have kind `item`; `length` if known; `filled`: known not to be empty."""
    item: Kind = Unknown()
    length: int | None = None
    filled: bool = False

    @property
    def has_items(self) -> bool:
        return self.filled or bool(self.length)


@dataclass(frozen=True)
class Dict(Kind):
    """A dict with known string keys; or a table: `items` is None, all keys are of the kind `key`, all items of the kind `item`,
    as far as that is known. `factory`: the kind of what makes the items that are missing, of a defaultdict."""
    items: tuple[tuple[str, Kind], ...] | None = None
    key: Kind = field(default_factory=Unknown, kw_only=True)
    item: Kind = field(default_factory=Unknown, kw_only=True)
    factory: Kind = field(default_factory=lambda: NONE, kw_only=True)

    @property
    def held(self) -> list[Kind]:
        """The kinds of the items: one for all if keys are not known."""
        return [self.item] if self.items is None else [kind for _, kind in self.items]

    @property
    def keys(self) -> list[Kind]:
        """The kinds of the keys: one for all."""
        return [self.key] if self.items is None else [Inert("str")] if self.items else []


@dataclass(frozen=True)
class Object(Dict):
    """An object of a class written in Python; `items` are its attributes, those that the texts at hand name. Derivatives
    flow through the ones in `selected`. `made`: by the functions at hand. `uncertain`: attributes that it may lack."""
    cls: type = object
    selected: frozenset[str] = frozenset()
    made: bool = False
    uncertain: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Undifferentiated(Kind):
    """An attribute that must not be read: `reason` and `fix` say why and what to do."""
    reason: str
    fix: str


UNKNOWN: Kind = Unknown()
NONE: Kind = Known(None)
MOST_NESTED = 6


def join(a: Kind, b: Kind) -> Kind:
    """The least kind that both `a` and `b` conform to."""
    if a == b:
        return a
    if Known(None) in (a, b) or isinstance(a, Maybe) or isinstance(b, Maybe):
        return _join_with_none(a, b)
    if (type(a) is not type(b) or isinstance(a, Scalar)) and _is_number(a) and _is_number(b):
        complex_ = any(isinstance(kind, Scalar) and kind.dtype.kind == "c" for kind in (a, b))
        return Number(np.dtype(complex if complex_ else float))
    if isinstance(a, Array) and isinstance(b, Array):
        return Array(a.dtype if same_dtype(a.dtype, b.dtype) else None, _join_shapes(a.shape, b.shape))
    if isinstance(a, Int) and isinstance(b, Int):
        axis = None if isinstance(a.value, int) or isinstance(b.value, int) else join_axes(a.value, b.value)
        return Int(axis)
    if isinstance(a, (Bool, Float)) and type(a) is type(b):
        return type(a)()
    if isinstance(a, Tuple) and isinstance(b, Tuple):
        if a.items is None or b.items is None or len(a.items) != len(b.items):
            return Tuple()
        return Tuple(tuple(map(join, a.items, b.items)), a.cls if a.cls is b.cls else None)
    if isinstance(a, List) and isinstance(b, List):
        return List(_join_items(a, b), a.length if a.length == b.length else None, a.has_items and b.has_items)
    if isinstance(a, Object) or isinstance(b, Object):
        return _join_objects(a, b)
    if isinstance(a, Dict) and isinstance(b, Dict):
        return _join_dicts(a, b)
    return _join_functions(a, b) or _join_inert(a, b)


def _join_dicts(a: Dict, b: Dict) -> Kind:
    if a.factory != b.factory:
        return UNKNOWN
    if a.items is None or b.items is None or [k for k, _ in a.items] != [k for k, _ in b.items]:
        return table([*a.keys, *b.keys], [*a.held, *b.held], a.factory)
    return replace(a, items=tuple((key, join(x, y)) for (key, x), (_, y) in zip(a.items, b.items)))


def _join_with_none(a: Kind, b: Kind) -> Kind:
    numbers = [number_in(kind) for kind in (a, b) if kind != Known(None)]
    number = without_value(reduce(join, numbers))
    return Maybe(number) if isinstance(number, (Int, Float, Scalar)) else UNKNOWN


def number_in(kind: Kind) -> Kind:
    """The kind where it is known not to be None: what is done with the value would raise an error."""
    return kind.of if isinstance(kind, Maybe) else kind


_IN_TABLES = (Array, Scalar, Float, Int, Bool, List, Tuple, Inert)


def table(keys: list[Kind], items: list[Kind], factory: Kind = NONE) -> Dict:
    """A dict of keys and items of these kinds."""
    keys = [Inert("str") if isinstance(key, Known) and isinstance(key.value, str) else key for key in keys]
    key, item = (reduce(join, map(without_value, kinds)) if kinds else UNKNOWN for kinds in (keys, items))
    return Dict(key=UNKNOWN if carries_derivative(key) else key,
                item=item if isinstance(item, _IN_TABLES) or is_dict(item) else UNKNOWN,
                factory=factory)


def _join_objects(a: Kind, b: Kind) -> Kind:
    if not isinstance(a, Object) or not isinstance(b, Object) or a.cls is not b.cls:
        return UNKNOWN
    one, other = dict(a.items or ()), dict(b.items or ())
    both = {n: join(one.get(n, other.get(n)), other.get(n, one.get(n))) for n in sorted({*one, *other})}  # type: ignore
    return Object(None if a.items is None or b.items is None else tuple(both.items()), a.cls, a.selected | b.selected,
                  a.made or b.made, a.uncertain | b.uncertain | (one.keys() ^ other.keys()))


_MOST_FUNCTIONS = 8


def _join_functions(a: Kind, b: Kind) -> Kind | None:
    one, other = _functions(a), _functions(b)
    both = tuple(dict.fromkeys(one + other))
    if not one or not other or len(both) > _MOST_FUNCTIONS:
        return None
    others = getattr(a, "others", False) or getattr(b, "others", False)
    return a if both == one and others == getattr(a, "others", False) else OneOf(both, others)


def _functions(kind: Kind) -> tuple[Known, ...]:
    if isinstance(kind, OneOf):
        return kind.alternatives
    if isinstance(kind, Known) and callable(kind.value) and not isinstance(kind.value, type):
        return (kind,)
    return ()


def _is_number(kind: Kind) -> bool:
    return isinstance(kind, (Int, Float)) or isinstance(kind, Scalar) and kind.dtype in (np.dtype(float), np.dtype(complex))


def join_axes(a: Axis, b: Axis) -> Axis:
    """The length that two joining axes have in common, or None. Equal symbols share what is known of them."""
    if isinstance(a, Length) and isinstance(b, Length) and (a.source, a.offset) == (b.source, b.offset):
        return Length(a.source, a.offset, a.many or b.many)
    return a if a == b else None


def _join_shapes(a: tuple[Axis, ...] | None, b: tuple[Axis, ...] | None) -> tuple[Axis, ...] | None:
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(map(join_axes, a, b))


def _join_items(a: List, b: List) -> Kind:
    if a.length == 0:
        return b.item
    return a.item if b.length == 0 else join(a.item, b.item)


def _join_inert(a: Kind, b: Kind) -> Kind:
    """Two values without a derivative, of which None is kept apart: it is tested for."""
    types = [kind.type if isinstance(kind, Inert) else type(kind.value).__name__ if isinstance(kind, Known) else None
             for kind in (a, b)]
    if None in types or "NoneType" in types:
        return UNKNOWN
    return Inert(types[0] or "" if types[0] == types[1] else "")


def carries_derivative(kind: Kind) -> bool:
    """Whether a value of this kind may carry a derivative."""
    kind = number_in(kind)
    if isinstance(kind, (Float, FunctionKind, Unknown)):
        return True
    if isinstance(kind, Scalar):
        return kind.dtype.kind in "fc"
    if isinstance(kind, Array):
        return kind.dtype is None or kind.dtype.kind in "fc"
    if isinstance(kind, Tuple):
        return kind.items is None or any(map(carries_derivative, kind.items))
    if isinstance(kind, List):
        return kind.length != 0 and carries_derivative(kind.item)
    if isinstance(kind, Object):
        return kind.items is None or any(n in kind.selected and carries_derivative(item) for n, item in kind.items)
    if isinstance(kind, Dict):
        return any(map(carries_derivative, kind.held))
    return False


def attribute_carries(kind: Object, attribute: str) -> bool:
    """Do derivatives flow through an attribute of an object? What is computed when it is read may carry any."""
    held = dict(kind.items or ()).get(attribute)
    if held is not None:
        return attribute in kind.selected and carries_derivative(held)
    found = next((base.__dict__[attribute] for base in kind.cls.__mro__ if attribute in base.__dict__), None)
    return carries_derivative(kind) and (kind.items is None or found is None or hasattr(type(found), "__get__"))


def is_dict(kind: Kind) -> TypeGuard[Dict]:
    """A dict, not an object with attributes?"""
    return isinstance(kind, Dict) and not isinstance(kind, Object)


def is_integer(kind: Kind) -> bool:
    """A Python int or an integer scalar of NumPy?"""
    return isinstance(kind, Int) or isinstance(kind, Scalar) and kind.dtype.kind in "iu"


def is_immutable_number(kind: Kind) -> bool:
    """Whether the value is a number that nobody can write into: a Python one or a NumPy scalar, not a 0-d array; or None."""
    return isinstance(kind, (Bool, Int, Float, Scalar, Maybe))


def with_inner(kind: Kind, change: Callable[[Kind], Kind]) -> Any:
    """The kind with those of what a value holds changed, as far as they are known."""
    if isinstance(kind, Tuple):
        return replace(kind, items=kind.items and tuple(map(change, kind.items)))
    if isinstance(kind, Dict):
        return replace(kind, items=kind.items and tuple((n, change(k)) for n, k in kind.items), item=change(kind.item))
    return replace(kind, item=change(kind.item)) if isinstance(kind, List) else kind


def without_value(kind: Kind) -> Kind:
    """A number's kind without the number: it will be overwritten."""
    if isinstance(kind, Float):
        return Float()
    if isinstance(kind, Int):
        return kind if not isinstance(kind.value, int) else Int()
    return kind
