"""Many tangents or adjoints at once: texts that compute one compute them all, on arrays with an axis more.

A `Batch` stands where one array or number would, and has its shape; of shape () it is a number, which never changes (arrays of
that shape take no batches). NumPy's functions find it by NEP 13 and NEP 18. What is
done often has a rule here, every other function of NumPy runs once for each member and is put together. What would lose
members, such as a conversion to an array or a number, raises `NotBatched`: the caller then goes one by one.
"""
from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autodiff_src.errors import AutodiffError
from autodiff_src.runtime import adjoints
from autodiff_src.runtime.structures import leaves

width: ContextVar[int] = ContextVar("width")
FEWEST, _MOST = 8, 64  # members for which a batch pays
_CACHED, _LARGEST = 2 ** 18, 2 ** 23  # numbers beyond which memory counts for more than what Python costs, and for too much


class NotBatched(AutodiffError):
    """What a text does cannot be done with many tangents at once. No handler of generated text catches it."""


def _refused(*_: Any, **__: Any) -> Any:
    raise NotBatched("this text takes one tangent at a time")


def _beside(batch: Any, other: Any) -> Any:
    """What goes with the data of `batch` as it stands, axes in line; NotImplemented where axes have to be put in."""
    kind = type(other)
    if kind is float or kind is int or kind is np.float64:
        return other
    if kind is Batch and other.data.ndim == batch.data.ndim:
        return other.data
    return other if kind is np.ndarray and other.ndim < batch.data.ndim else NotImplemented


def _swapped(function: Callable[[Any, Any], Any], x: Any, y: Any) -> Any:
    return function(y, x)


def _operator(function: Callable[[Any, Any], Any], general: Callable[..., Any]) -> Callable[..., Any]:
    def applied(self: Any, other: Any) -> Any:
        beside = _beside(self, other)
        return general(self, other) if beside is NotImplemented else Batch(function(self.data, beside))
    return applied


def _in_place(function: Callable[[Any, Any], Any], applied: Callable[..., Any], general: Callable[..., Any]) -> Any:
    """The operator that changes arrays; of a number it makes another."""
    def changed(self: Any, other: Any) -> Any:
        if self.data.ndim == 1:
            return applied(self, other)
        beside = _beside(self, other)
        if beside is NotImplemented:
            return general(self, other)
        function(self.data, beside)
        return self
    return changed


class Batch(NDArrayOperatorsMixin):
    """`data[b]` is what member `b` has: an array of shape `shape`, or a number."""

    __slots__ = ("data",)

    def __init__(self, data: np.ndarray):
        if data.size > _LARGEST:
            _refused()
        self.data = data

    shape = property(lambda self: self.data.shape[1:])
    ndim = property(lambda self: self.data.ndim - 1)
    dtype = property(lambda self: self.data.dtype)
    size = property(lambda self: int(np.prod(self.shape)))
    T = property(lambda self: self.transpose())
    real = property(lambda self: Batch(self.data.real))
    imag = property(lambda self: Batch(self.data.imag))

    __array__ = __bool__ = __float__ = __int__ = __index__ = __complex__ = _refused

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of a number")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        if _keeps_order(index):
            made = self.data[:, index] if type(index) in _SIMPLE else self.data[(slice(None), *_parts(index))]
            return Batch(made if made.ndim > 1 else made.copy())  # a number is no view
        return Batch(np.stack([member[index] for member in self.data]))

    def __setitem__(self, index: Any, value: Any) -> None:
        if not _keeps_order(index):
            for b, member in enumerate(self.data):
                member[index] = value.data[b] if isinstance(value, Batch) else value
            return
        where = (slice(None), *_parts(index))
        self.data[where] = aligned(value, self.data[where].ndim - 1) if isinstance(value, Batch) else value

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **kwargs: Any) -> Any:
        if out is not None and not all(isinstance(o, Batch) for o in out) or "where" in kwargs:
            _refused()
        if method == "at":
            return _at(ufunc, *inputs)
        if method != "__call__" or ufunc.signature is not None and ufunc is not np.matmul:
            return _filled(out, looped(getattr(ufunc, method), inputs, kwargs))
        if ufunc is np.matmul:
            return _filled(out, RULES[np.matmul](*inputs))
        ndim = max(map(np.ndim, inputs))
        made = ufunc(*(aligned(x, ndim) if isinstance(x, Batch) else x for x in inputs), **kwargs)
        return _filled(out, tuple(map(Batch, made)) if isinstance(made, tuple) else Batch(made))

    def __array_function__(self, func: Callable[..., Any], types: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        if func in _CHANGING and not isinstance(args[0], Batch) or kwargs.get("out") is not None:
            _refused()
        rule = RULES.get(func)
        made = NotImplemented if rule is None else rule(*args, **kwargs)
        return looped(func, args, kwargs) if made is NotImplemented else made

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in METHODS:
            return lambda *args, **kwargs: METHODS[name](self, *args, **kwargs)
        if name in ("item", "tolist", "fill", "sort", "partition", "resize", "put", "tobytes"):
            _refused()
        method = getattr(np.ndarray, name, None)
        return lambda *args, **kwargs: looped(method, (self, *args), kwargs) if callable(method) else _refused()


def at_once(values: Any) -> int:
    """How many members a batch is to have beside these values."""
    largest = max(map(np.size, leaves(values)), default=1)
    return min(_MOST, max(1, _CACHED // max(largest, 1)))


def looped(function: Callable[..., Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    """What `function` gives for each member, put together."""
    given = args, kwargs
    count = next(counts(given))
    return _joined([function(*one, **named) for one, named in (member(given, b) for b in range(count))])


def member(x: Any, b: int) -> Any:
    """Member `b` of the batches in a structure."""
    if isinstance(x, Batch):
        return x.data[b]
    if isinstance(x, (list, tuple)):
        items = [member(item, b) for item in x]
        return items if type(x) is list else type(x)(*items) if hasattr(x, "_fields") else tuple(items)
    return {key: member(item, b) for key, item in x.items()} if type(x) is dict else x


def batch_of(parts: list[Any]) -> Any:
    """One structure with batches in it of many alike, with numbers, arrays and None in them."""
    return _joined(parts)


def widened(x: Any) -> Any:
    """A batch of as many members as there are now for each array in `x`: they are zeros that are written into."""
    if isinstance(x, np.ndarray):
        return Batch(np.repeat(x[None], width.get(), axis=0)) if x.ndim else _refused()
    if type(x) in (list, tuple):
        return type(x)(map(widened, x))
    return {key: widened(item) for key, item in x.items()} if type(x) is dict else x


def holds_batches(x: Any) -> bool:
    return next(counts(x), None) is not None


def by_member(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of this package, for batches, too."""
    def call(*args: Any, **kwargs: Any) -> Any:
        return looped(function, args, kwargs) if holds_batches((args, kwargs)) else function(*args, **kwargs)
    return call


def without_batches(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that batches cannot go into."""
    def call(*args: Any, **kwargs: Any) -> Any:
        return _refused() if holds_batches((args, kwargs)) else function(*args, **kwargs)
    return call


def unbroadcast(e: Any, x: Any) -> Any:
    """`adjoints.unbroadcast`, for batches, too."""
    if not isinstance(e, Batch):
        return _plain_unbroadcast(e, x)
    shape = np.shape(x)
    lead = e.ndim - len(shape)
    if lead > 0:
        e = e.sum(axis=tuple(range(lead)))
    narrow = tuple(i for i, n in enumerate(shape[max(-lead, 0):]) if n == 1 and e.shape[i] != 1)
    if narrow:
        e = e.sum(axis=narrow, keepdims=True)
    if e.shape != shape:
        e = np.broadcast_to(e, shape)
    dtype = getattr(x, "dtype", None)
    if dtype is None or dtype.kind not in "fc" or dtype == e.dtype:
        return e if dtype is not None or not np.iscomplexobj(e.data) or isinstance(x, complex) else e.real
    return Batch((e.data.real if dtype.kind == "f" else e.data).astype(dtype))


_plain_unbroadcast = by_member(adjoints.unbroadcast)


def counts(x: Any) -> Iterator[int]:
    if isinstance(x, Batch):
        yield len(x.data)
    elif isinstance(x, (list, tuple)):
        for item in x:
            yield from counts(item)
    elif type(x) is dict:
        yield from counts(list(x.values()))


def _joined(parts: list[Any]) -> Any:
    first = parts[0]
    if isinstance(first, (list, tuple)):
        items = [_joined(list(same)) for same in zip(*parts, strict=True)]
        return items if type(first) is list else type(first)(*items) if hasattr(first, "_fields") else tuple(items)
    if isinstance(first, dict):
        return {key: _joined([part[key] for part in parts]) for key in first}
    if isinstance(first, (np.ndarray, np.inexact, float, complex)):
        return Batch(np.stack(parts))
    if any(part is not first and part != first for part in parts):
        _refused()
    return first


_SIMPLE = frozenset([int, slice, type(None), type(...)])


def _parts(index: Any) -> tuple[Any, ...]:
    return index if isinstance(index, tuple) else (index,)


def _keeps_order(index: Any) -> bool:
    """Does an axis in front change nothing of what an index picks, and of where it puts it?"""
    if type(index) in _SIMPLE or type(index) is tuple and _SIMPLE.issuperset(map(type, index)):
        return True
    parts = _parts(index)
    if holds_batches(parts):
        _refused()
    arrays = [i for i, part in enumerate(parts) if isinstance(part, (np.ndarray, list))]
    if not arrays:
        return True
    numbers = [i for i, part in enumerate(parts) if isinstance(part, (int, np.integer))]
    taking = sorted(arrays + numbers)
    return taking == list(range(taking[0], taking[-1] + 1))


def aligned(x: Batch, ndim: int) -> np.ndarray:
    """The data with axes of length 1 behind the first, so that it broadcasts as `ndim` axes without it would."""
    return x.data.reshape(len(x.data), *(1,) * (ndim - x.ndim), *x.shape) if x.ndim < ndim else x.data


def _filled(out: Any, made: Any) -> Any:
    if out is None:
        return made
    for target, value in zip(out, made if isinstance(made, tuple) else (made,), strict=True):
        target[...] = value
    return out[0] if len(out) == 1 else out


def _at(ufunc: np.ufunc, target: Any, index: Any, *values: Any) -> None:
    if not isinstance(target, Batch) or holds_batches(_parts(index)):
        _refused()
    for b, array in enumerate(target.data):
        ufunc.at(array, index, *member(values, b))


RULES: dict[Any, Callable[..., Any]] = {}  # by a function of NumPy, filled by `batched_functions`; NotImplemented: one by one
METHODS: dict[str, Callable[..., Any]] = {}
_CHANGING = frozenset([np.copyto, np.put, np.place, np.putmask, np.fill_diagonal, np.put_along_axis])
for _name in ("add", "sub", "mul", "truediv"):
    _own, _reflected = getattr(operator, _name), f"__r{_name}__"
    setattr(Batch, f"__{_name}__", _operator(_own, getattr(Batch, f"__{_name}__")))
    setattr(Batch, f"__i{_name}__", _in_place(getattr(operator, f"i{_name}"), getattr(Batch, f"__{_name}__"),
                                              getattr(Batch, f"__i{_name}__")))
    setattr(Batch, _reflected, _operator(functools.partial(_swapped, _own), getattr(Batch, _reflected)))
