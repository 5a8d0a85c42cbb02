"""Tensors of arrays of other libraries. Each operation is recorded as a call of a function of one line, whose pullback is the
derivative that the rest of the package generates for it.
"""
from __future__ import annotations

import itertools
import linecache
import math
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, NoRuleError
from autodiff_src.runtime import recording
from autodiff_src.runtime.libraries import Library, dtype_of, library_of, own
from autodiff_src.runtime.recording import Recorded, holds_tensors, recorders
from autodiff_src.runtime.strong_zeros import PASSED_OVER
from autodiff_src.runtime.tensor import Tensor
from autodiff_src.runtime.transforms import FUNCTIONS

_serial = itertools.count(1)
_operations: dict[tuple[str, str], FunctionType] = {}


class LibraryTensor(Tensor):
    """An array of another library on which operators and the functions of its namespace work and are recorded by active tapes.

    `x.__array_namespace__()`, or `array_namespace(x)` of array-api-compat, gives the functions. NumPy's take only tensors of
    Dask's and CuPy's arrays. `x.array()` is the array.
    """

    __slots__ = ()
    _is_library = True

    def array(self) -> Any:
        """The array, which shares memory with nothing."""
        recording.note_end("x.array()", self, recorders.get())
        return own(self._value)

    def numpy(self) -> np.ndarray:
        """The values as NumPy's array, on the host."""
        recording.note_end("x.numpy()", self, recorders.get())
        return np.array(self._value)

    @property
    def _library(self) -> Library:
        library = library_of(self._value)
        assert library is not None
        return library

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self._value.shape)

    @property
    def dtype(self) -> Any:
        return self._value.dtype

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def device(self) -> Any:
        return self._value.device

    @property
    def T(self) -> Any:
        return operate(self._library.namespace, "{}.T", [self])

    @property
    def mT(self) -> Any:
        return self.__array_namespace__().matrix_transpose(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or self._library.standard or not callable(getattr(type(self._value), name, None)):
            raise AttributeError(f"a tensor of an array of {self._library.name} has no attribute {name!r}; functions that "
                                 "take it are those of x.__array_namespace__()")
        return lambda *args, **kwargs: _call(self._library.namespace, f"{{}}.{name}", [self], args, kwargs)

    def to_dask_array(self, *args: Any, **kwargs: Any) -> Any:
        """What functions of Dask's own namespace ask for. Raises NoRuleError: nothing would record them."""
        raise NoRuleError(f"a function of Dask takes a tensor of an array of {self._library.name} as an array",
                          fix="use NumPy's functions, or those of x.__array_namespace__()")

    def __getitem__(self, index: Any) -> Any:
        operands: list[Any] = [self]
        parts = index if isinstance(index, tuple) else (index,)
        text = ", ".join(_index_text(part, operands) for part in parts) or "()"
        return operate(self._library.namespace, f"{{}}[{text}]", operands)

    def __len__(self) -> int:
        return self.shape[0]

    def __contains__(self, item: Any) -> bool:
        raise TypeError("`in` looks at the values of a tensor: use functions of its namespace")

    def __repr__(self) -> str:
        return f"tensor({self._value!r})"

    def __format__(self, spec: str) -> str:
        return repr(self) if not spec else format(self._value, spec)

    def __reduce__(self) -> Any:
        return tensor_of, (own(self._unrecorded("pickle.dumps(x)")),)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        raise NoRuleError(f"NumPy takes a tensor of an array of {self._library.name} to the host",
                          fix="use functions of its namespace, or take it there yourself: x.numpy()")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs.get("out") is not None:
            raise NoRuleError(f"np.{ufunc.__name__}.{method} has no rule", fix="use a plain call, without `out`")
        return self.__array_function__(ufunc, (), inputs, kwargs)

    def __array_function__(self, function: Callable, types: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        name = function.__name__
        if not self._library.dispatches or getattr(np, name, None) is not function:
            return self.__array__()
        return _call(np, f"xp.{name}", [], args, kwargs)

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        return _Namespace(self._library.compat or self._library.namespace)


class _Namespace:
    """The functions of a library's namespace, or of a part of it such as `linalg`, for tensors, too; what they make without
    any is a tensor that nobody has recorded."""

    def __init__(self, module: ModuleType, part: str = ""):
        self._module, self._part = module, part

    def __getattr__(self, name: str) -> Any:
        found = getattr(getattr(self._module, self._part) if self._part else self._module, name)
        if isinstance(found, ModuleType) and not self._part:
            return _Namespace(self._module, name)
        if not callable(found) or isinstance(found, type):
            return found
        path = f"xp.{self._part}.{name}" if self._part else f"xp.{name}"

        def function(*args: Any, **kwargs: Any) -> Any:
            if holds_tensors(args, kwargs):
                return _call(self._module, path, [], args, kwargs)
            made = found(*args, **kwargs)
            return LibraryTensor(made) if library_of(made) is not None else made
        return function


def tensor_of(value: Any) -> LibraryTensor:
    """A tensor of a copy of the array. Raises ArgumentError for dtypes that NumPy does not have."""
    dtype_of(value)
    return LibraryTensor(own(value))


def operate(module: ModuleType, expression: str, operands: list[Any]) -> Any:
    """The value of an expression over operands, for which `{}` stand in it; `xp` is the module."""
    library = next(x._library for x in operands if isinstance(x, LibraryTensor))
    for x in operands:
        if isinstance(x, Recorded) and not x._is_library or isinstance(x, (np.ndarray, np.generic)) and not library.dispatches:
            raise recording.mixed()
    names = [f"a{i}" for i in range(len(operands))]
    text = f"def operation({', '.join(names)}):\n    return {expression.format(*names)}\n"
    key = module.__name__, text
    if key not in _operations:
        file = f"<operation {next(_serial)}>"
        linecache.cache[file] = len(text), None, text.splitlines(True), file
        space = {"xp": module, "__name__": "operations"}
        exec(compile(text, file, "exec"), space)
        PASSED_OVER.add(_operations.setdefault(key, space["operation"]))  # type: ignore[arg-type]
    return FUNCTIONS["recorded_call"](_operations[key], tuple(operands), {})


def _call(module: ModuleType, function: str, operands: list[Any], args: tuple, kwargs: dict[str, Any]) -> Any:
    parts = [*(_text(a, operands) for a in args), *(f"{k}={_text(v, operands)}" for k, v in kwargs.items())]
    return operate(module, f"{function}({', '.join(parts)})", operands)


def _text(x: Any, operands: list[Any]) -> str:
    """An argument as text; tensors, arrays and numbers that are not whole are operands."""
    if isinstance(x, (Recorded, float, np.ndarray, np.generic)) or library_of(x) is not None:
        operands.append(x)
        return "{}"
    if isinstance(x, (list, tuple)):
        items = ", ".join(_text(item, operands) for item in x)
        return f"[{items}]" if isinstance(x, list) else f"({items}{',' * (len(x) == 1)})"
    if x is None or x is ... or isinstance(x, (bool, int, str)):
        return repr(x).replace("{", "{{").replace("}", "}}") if x is not ... else "..."
    try:
        return f"xp.{np.dtype(x if callable(x) else str(x).rpartition('.')[2]).name}"
    except TypeError:
        raise ArgumentError(f"a tensor is used with a {type(x).__name__}", fix="use numbers, arrays and dtypes") from None


def _index_text(x: Any, operands: list[Any]) -> str:
    if not isinstance(x, slice):
        return _text(x, operands)
    start, stop, step = ("" if part is None else _text(part, operands) for part in (x.start, x.stop, x.step))
    return f"{start}:{stop}" + (f":{step}" if step else "")


def _operator(symbol: str, swapped: bool) -> Callable[[LibraryTensor, Any], Any]:
    def method(self: LibraryTensor, other: Any) -> Any:
        if isinstance(other, (list, tuple, dict, str)):
            return NotImplemented
        return operate(self._library.namespace, f"{{}} {symbol} {{}}", [other, self] if swapped else [self, other])
    return method


def _install_operators() -> None:
    symbols = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@",
               "and": "&", "or": "|", "xor": "^"}
    for name, symbol in symbols.items():
        setattr(LibraryTensor, f"__{name}__", _operator(symbol, False))
        setattr(LibraryTensor, f"__r{name}__", _operator(symbol, True))
    for name, symbol in {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}.items():
        setattr(LibraryTensor, f"__{name}__", _operator(symbol, False))
    for name, text in {"neg": "-{}", "pos": "+{}", "invert": "~{}", "abs": "abs({})"}.items():
        setattr(LibraryTensor, f"__{name}__", lambda self, text=text: operate(self._library.namespace, text, [self]))


_install_operators()
