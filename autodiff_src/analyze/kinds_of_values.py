"""The kinds of values that are there: arguments, globals, defaults, constants."""
from __future__ import annotations

import inspect
from collections.abc import Collection
from enum import Enum
from functools import reduce
from typing import Any

import numpy as np

from autodiff_src.analyze.kinds import (
    MOST_NESTED,
    UNKNOWN,
    Array,
    Axis,
    Bool,
    Dict,
    Float,
    Inert,
    Int,
    Kind,
    Known,
    Length,
    LibraryArray,
    List,
    Number,
    Object,
    Scalar,
    Tuple,
    Undifferentiated,
    join,
    table,
)
from autodiff_src.errors import ArgumentError
from autodiff_src.runtime.libraries import Library, dtype_of, library_of
from autodiff_src.runtime.objects import attributes, is_module, is_named_tuple, is_plain_class
from autodiff_src.runtime.recording import Recorded, TensorsGiven


def kind_of(value: Any, source: str | None, names: Collection[str] = (), within: tuple[int, ...] = ()) -> Kind:
    """The kind of an argument at entry; `source` is the expression that stands for it, its parameter's name.

    Lengths become symbols, so that the kind does not depend on sizes, except that an axis of length 1 is told apart.
    With `source` None there are no symbols. Of an object the attributes in `names` are looked at; `within` are the ids of
    the objects around it. Raises ArgumentError for arrays and numbers that are not differentiated.
    """
    if value is None or value is ... or isinstance(value, (str, bytes, type, np.dtype)) or is_module(value):
        return Known(value)
    if isinstance(value, Enum) and not isinstance(value, (int, float)) and not hasattr(type(value), "__bool__"):
        return Known(value)
    if isinstance(value, np.ndarray):
        return _kind_of_array(value, source)
    if isinstance(value, np.generic):
        _check_dtype(value.dtype, source)
        return Scalar(value.dtype)
    cls = type(value)
    if cls is bool:
        return Bool(value)
    if cls is int:
        return Int(Length(source) if source else None)
    if cls is float:
        return Float()
    if cls is complex:
        return Number(np.dtype(complex))
    if cls is tuple or is_named_tuple(cls):
        items = enumerate(value)
        inner = tuple(kind_of(item, source and f"{source}[{i}]", names, within) for i, item in items)
        return Tuple(inner, None if cls is tuple else cls)
    if cls is list:
        kinds = list(dict.fromkeys(kind_of(item, None, names, within) for item in value))
        return List(reduce(join, kinds), filled=True) if kinds else List(length=0)
    if cls is dict:
        if not all(type(key) is str for key in value):
            return _kind_of_table(value)
        pairs = value.items()
        return Dict(tuple((key, kind_of(item, source and f"{source}[{key!r}]", names, within)) for key, item in pairs))
    if (library := library_of(value)) is not None:
        return _kind_of_library_array(value, library, source)
    if isinstance(value, Recorded):
        raise TensorsGiven(repr(source or "an item"))
    if inspect.isroutine(value) or isinstance(value, (np.ufunc, type(np.sum))):
        return Known(value)
    return _kind_of_object(value, source, names, within) if is_plain_class(cls) else Inert(cls.__name__)


def _kind_of_table(value: dict[Any, Any]) -> Dict:
    try:
        return table([kind_of(key, None) for key in value], [kind_of(v, None) for v in value.values()])
    except ArgumentError:
        return Dict()


def _kind_of_object(value: Any, source: str | None, names: Collection[str], within: tuple[int, ...]) -> Kind:
    """Nothing is known of objects that hold themselves."""
    if id(value) in within or len(within) == MOST_NESTED:
        return UNKNOWN
    items = {}
    for n, held in attributes(value).items():
        if n in names:
            try:
                items[n] = kind_of(held, source and f"{source}.{n}", names, (*within, id(value)))
            except ArgumentError as error:
                items[n] = Undifferentiated(error.reason, error.fix or "")
    return Object(tuple(sorted(items.items(), key=lambda item: item[0])), type(value))


def _kind_of_array(value: np.ndarray, source: str | None) -> Array:
    if type(value) not in (np.ndarray, np.memmap):
        raise ArgumentError(f"argument {source or 'item'!r} is a {type(value).__name__}",
                            fix="pass np.asarray(...) of it")
    _check_dtype(value.dtype, source)
    return Array(value.dtype, _axes(value.shape, source))


def _kind_of_library_array(value: Any, library: Library, source: str | None) -> LibraryArray:
    dtype = dtype_of(value)
    if dtype.kind == "c":
        raise ArgumentError(f"argument {source or 'item'!r} is a complex array of {library.name}",
                            fix="pass real and imaginary parts, or a NumPy array")
    if not all(isinstance(n, int) for n in value.shape):
        raise ArgumentError(f"argument {source or 'item'!r} is an array of {library.name} whose shape is not known",
                            fix="tell it: x.compute_chunk_sizes()")
    return LibraryArray(dtype, _axes(value.shape, source), library)


def _axes(shape: tuple[int, ...], source: str | None) -> tuple[Axis, ...]:
    return tuple(1 if n == 1 else Length(f"{source}.shape[{i}]", 0, True) if source else None for i, n in enumerate(shape))


def _check_dtype(dtype: np.dtype, source: str | None) -> None:
    name = f"argument {source or 'item'!r}"
    if dtype.kind == "O":
        raise ArgumentError(f"{name} holds Python objects", fix="pass an array of numbers: x.astype(float)")
    if dtype.kind == "V":
        raise ArgumentError(f"{name} is structured", fix="pass its fields as arrays")
