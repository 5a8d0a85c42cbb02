"""Tensors: NumPy values whose operations active tapes record.

A tensor never changes: its array is read-only and nobody else writes it. What a tape knows of a tensor hangs on its
serial number, so that tensors hold no history and tapes can be freed on their own.
"""
from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, AutodiffError, NoRuleError
from autodiff_src.rules import is_cut, method_primitive
from autodiff_src.runtime import libraries, recording
from autodiff_src.runtime.objects import attributes, is_plain_class
from autodiff_src.runtime.recording import ATOMS, Recorded, holds_tensors, is_recorded, primitives, recorders
from autodiff_src.runtime.transforms import FUNCTIONS

_IN_PLACE = {"fill", "itemset", "partition", "put", "resize", "setfield", "setflags", "sort", "byteswap"}
_LEAVING = {"tobytes", "tofile", "dump", "dumps"}
_OTHER_METHODS = {"reduce": "np.sum, np.prod, np.max or np.min", "accumulate": "np.cumsum or np.cumprod",
                  "outer": "np.outer or broadcasting: x[:, None] + y", "at": "indexing: x[i] + v"}


class Tensor(Recorded):
    """A number or an array on which NumPy functions and operators work and are recorded by active tapes.

    `constant` and `convert_to_tensor` make tensors; results of operations on tensors are tensors. Questions without a
    derivative (comparisons, `np.argmax`, shapes, `np.sign`) are answered in plain NumPy. Tensors are not written into:
    `x[i] = v` raises UnsupportedError, `x += y` makes a new tensor.
    """

    __slots__ = ()

    def numpy(self) -> Any:
        """The value as a NumPy number, or as an array that shares memory with nothing."""
        recording.note_end("x.numpy()", self, recorders.get())
        return np.array(self._value) if isinstance(self._value, np.ndarray) else self._value

    @property
    def shape(self) -> tuple[int, ...]:
        return self._value.shape

    @property
    def ndim(self) -> int:
        return self._value.ndim

    @property
    def dtype(self) -> np.dtype:
        return self._value.dtype

    @property
    def size(self) -> int:
        return self._value.size

    @property
    def nbytes(self) -> int:
        return self._value.nbytes

    @property
    def device(self) -> str:
        return "cpu"

    @property
    def T(self) -> Tensor:
        return apply(np.transpose, (self,))

    @property
    def mT(self) -> Tensor:
        if self.ndim < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        return apply(np.swapaxes, (self, -1, -2))

    @property
    def real(self) -> Tensor:
        return apply(np.real, (self,))

    @property
    def imag(self) -> Tensor:
        return apply(np.imag, (self,))

    def item(self, *index: Any) -> Any:
        """The one element, or the one at `index`, as a Python number; refused while the tensor is recorded."""
        return self._unrecorded("x.item()").item(*index)

    def tolist(self) -> Any:
        """The elements in nested lists of Python numbers; refused while the tensor is recorded."""
        return self._unrecorded("x.tolist()").tolist()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not callable(getattr(np.ndarray, name, None)):
            raise AttributeError(f"a tensor has no attribute {name!r}")
        if name in _IN_PLACE:
            raise recording.written(f"x.{name}()")
        if name in _LEAVING:
            return getattr(self._unrecorded(f"x.{name}()"), name)
        return functools.partial(_call_method, name, self)

    def __getitem__(self, index: Any) -> Any:
        if self.ndim == 0:
            return apply(np.reshape, (self, np.asarray(self._value)[plain(index)].shape))
        return apply(operator.getitem, (self, index))

    def __setitem__(self, index: Any, value: Any) -> None:
        raise recording.written("x[...] = v")

    def __len__(self) -> int:
        return len(self._value)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        if self.ndim == 0:
            raise TypeError("iteration over a tensor of no dimensions")
        return (self[i] for i in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self._value)

    def __contains__(self, item: Any) -> bool:
        return plain(item) in np.asarray(self._value)

    def __repr__(self) -> str:
        return f"tensor({np.array2string(np.asarray(self._value), separator=', ', prefix='tensor(')}, {self.dtype})"

    def __str__(self) -> str:
        return str(self._value)

    def __format__(self, spec: str) -> str:
        return format(self._value, spec)

    def __reduce__(self) -> Any:
        return constant, (np.array(self._unrecorded("pickle.dumps(x)")),)

    def __copy__(self) -> Tensor:
        return self

    def __deepcopy__(self, memo: dict) -> Tensor:
        return self

    def __float__(self) -> float:
        return float(self._unrecorded("float(x), or a function of math,"))  # type: ignore[arg-type]

    def __int__(self) -> int:
        return int(self._unrecorded("int(x)"))  # type: ignore[call-overload]

    def __complex__(self) -> complex:
        return complex(self._unrecorded("complex(x)"))  # type: ignore[call-overload]

    def __index__(self) -> int:
        return operator.index(self._unrecorded("an index, or range(x),"))  # type: ignore[arg-type]

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> Any:
        return other // self, other % self

    def __round__(self, digits: int = 0) -> Any:
        return np.round(self._value, digits)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        value = self._unrecorded("np.asarray(x), or np.array of a list of tensors,")
        if isinstance(value, np.ndarray) and not copy and (dtype is None or dtype == value.dtype):
            return value.view()
        if copy is False:
            raise ValueError("this conversion of a tensor needs a copy")
        return np.array(value, dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **kwargs: Any) -> Any:
        if method == "__call__" and out is None:
            return apply(ufunc, inputs, kwargs or None)
        of_ufunc = getattr(ufunc, method)
        if out is None and (recording.primitive_of(of_ufunc) or FUNCTIONS["numpy_text"](of_ufunc)) is not None:
            return apply(of_ufunc, inputs, kwargs)
        if any(map(is_recorded, recording.leaves([inputs, list(kwargs.values())]))):
            name = ufunc.__name__
            if method == "__call__":
                raise NoRuleError(f"np.{name} writes a recorded tensor into an array, where its history ends",
                                  fix="make a new one: `a = a + x` for `a += x`")
            raise NoRuleError(f"np.{name}.{method} has no rule",
                              fix=f"use {_OTHER_METHODS.get(method, 'a plain call')}")
        if out is not None and any(isinstance(target, Tensor) for target in out):
            raise recording.written(f"np.{ufunc.__name__}(..., out=x)")
        result = of_ufunc(*plain(inputs), **plain(kwargs), **({} if out is None else {"out": out}))
        return result if out is not None else wrapped(result)

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """NumPy, of which `asarray` and `astype` take tensors, too."""
        return _NAMESPACE

    def __array_function__(self, function: Callable, types: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        return apply(function, args, kwargs)

    def _unrecorded(self, action: str) -> np.ndarray | np.generic:
        """The value; raises AutodiffError where a tape is recording it: `action` would end its history."""
        if is_recorded(self):
            raise AutodiffError(f"{action} takes a tensor that a GradientTape is recording out of the recording",
                                fix="use NumPy functions on it (np.stack for lists), put the lines into a function that "
                                    "ad.function wraps, or say that no derivative is wanted: `x.numpy()` or "
                                    "`ad.stop_gradient(x)`")
        return self._value


def apply(function: Callable[..., Any], args: tuple, kwargs: dict[str, Any] | None = None,
          compute: Callable[..., Any] | None = None) -> Any:
    """`function` of arguments among which are tensors; `compute` does it for plain values, if not `function` itself.

    Recorded if an active tape knows one of the tensors. Raises NoRuleError if `function` then has no rule for this
    form of call.
    """
    tapes, simple, variables, values = recorders.get(), not kwargs, False, []
    for arg in args:
        kind = type(arg)
        if kind is Tensor:
            values.append(arg._value)
        elif kind in ATOMS:
            values.append(arg)
        elif isinstance(arg, Recorded):
            if arg._is_library:
                raise recording.mixed()
            recording.accessed(arg, tapes)
            values.append(arg._value)
            variables = True
        else:
            simple = False
            values.append(plain(arg))
    primitive = primitives.get(id(function)) or recording.primitive_of(function)
    if primitive is None or primitive.cut_of_reals:
        if is_cut(function) or primitive is not None and not any(map(np.iscomplexobj, values)):
            if tapes:
                recording.note_end(recording.name_of(function), args, tapes)
            return (compute or function)(*values, **plain(kwargs or {}))
        if tapes and primitive is None and recording.has_recorded(args, kwargs):
            return recording.by_text(function, args, kwargs)
    value = (compute or function)(*values, **plain(kwargs)) if kwargs else (compute or function)(*values)
    y = wrapped(value)
    if tapes and primitive is not None:
        if variables:
            args = tuple([arg._now() if isinstance(arg, Recorded) else arg for arg in args])
        if simple and type(y) is Tensor and y._value.dtype is _DOUBLE and len(args) <= primitive.most and (
                primitive.any_numbers or not any(map(np.iscomplexobj, values))):
            recording.record_simple(primitive, y, args, tapes)
        else:
            recording.record(primitive, y, args, kwargs, tapes)
    return y


def plain(x: Any) -> Any:
    """A structure of lists, tuples and dicts with the values of tensors in their place."""
    if isinstance(x, Tensor):
        return x._value
    if isinstance(x, (list, tuple)):
        return recording.rebuilt(x, map(plain, x))
    if isinstance(x, dict):
        return {key: plain(item) for key, item in x.items()}
    return x


def wrapped(x: Any) -> Any:
    """A structure with tensors in place of floating-point numbers, NumPy numbers and arrays. The arrays are taken
    over: they become read-only."""
    if isinstance(x, np.ndarray):
        if not x.ndim:
            return Tensor(x[()])
        x.setflags(write=False)
        return Tensor(x)
    if isinstance(x, np.generic):
        return Tensor(x)
    if isinstance(x, (float, complex)):
        return Tensor(np.float64(x) if isinstance(x, float) else np.complex128(x))
    if isinstance(x, dict):
        return {key: wrapped(item) for key, item in x.items()}
    return recording.rebuilt(x, map(wrapped, x)) if isinstance(x, (list, tuple)) else x


def constant(value: Any, dtype: Any = None) -> Tensor:
    """A tensor of a copy of `value`: a number, an array, or nested lists of numbers.

    Raises ArgumentError for anything else, and AutodiffError for a tensor that is being recorded.
    """
    if libraries.library_of(value) is not None and dtype is None:
        return FUNCTIONS["library_tensor"](value)
    libraries.refuse("a tensor of another dtype, or of a list,", value)
    if isinstance(value, (np.matrix, np.ma.MaskedArray)):
        raise ArgumentError(f"a tensor of a {type(value).__name__}", fix="give np.asarray(value)")
    try:
        array = np.array(value, dtype)
    except (TypeError, ValueError) as error:
        if isinstance(error, AutodiffError):
            raise
        raise ArgumentError(f"no tensor can be made of {value!r}: {error}") from error
    if array.dtype.kind not in "fciub":
        raise ArgumentError(f"no tensor can be made of {value!r}, which NumPy makes an array of dtype {array.dtype}")
    return wrapped(array)


def convert_to_tensor(value: Any, dtype: Any = None) -> Tensor:
    """`value` as a tensor: a tensor as it is, a variable's value, anything else as `constant` makes it.

    In lists there may be tensors, whose history goes on. Errors as for `constant`.
    """
    if not holds_tensors(value):
        return constant(value, dtype)
    if isinstance(value, Tensor):
        recording.accessed(value, recorders.get())
        tensor = recording.frozen(value)
    else:
        if any(leaf._is_library for leaf in recording.leaves(value)):
            raise recording.mixed()
        tensor = apply(np.array, (value,))
    return tensor if dtype is None or dtype == tensor.dtype else tensor.astype(dtype)


class _Namespace:
    """NumPy for code that asks arrays for their namespace."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    def asarray(self, x: Any, /, *, dtype: Any = None, device: Any = None, copy: bool | None = None) -> Tensor:
        """`x` as a tensor, without a copy if it is one: tensors never change."""
        return convert_to_tensor(x, dtype)

    def astype(self, x: Tensor, dtype: Any, /, *, copy: bool = True) -> Tensor:
        """`x.astype(dtype)`."""
        return x.astype(dtype)


def detached(x: Any) -> Any:
    """`x` with tensors of the same values and no history in place of the tensors in it, in lists, tuples and dicts.

    Raises ArgumentError for an object that holds tensors.
    """
    if isinstance(x, Tensor):
        recording.note_end("ad.stop_gradient", x, recorders.get())
        return type(x)(x._value) if x._is_library else Tensor(x._value)
    if is_plain_class(type(x)) and holds_tensors(*attributes(x).values()):
        raise ArgumentError(f"ad.stop_gradient of an object of class {type(x).__name__} that holds tensors",
                            fix="stop the gradient of its attributes")
    if not holds_tensors(x):
        return x
    if isinstance(x, dict):
        return {key: detached(item) for key, item in x.items()}
    return recording.rebuilt(x, map(detached, x))


def _call_method(name: str, x: Tensor, *args: Any, **kwargs: Any) -> Any:
    function = method_primitive(name) or getattr(np.ndarray, name)
    return apply(function, (x, *args), kwargs, lambda value, *rest, **named: getattr(value, name)(*rest, **named))


def _binary(function: Callable[[Any, Any], Any], swapped: bool = False) -> Callable[[Tensor, Any], Any]:
    def general(self: Tensor, other: Any) -> Any:
        if type(other) not in _OPERANDS and not isinstance(other, (Tensor, np.generic)):
            return NotImplemented
        return apply(function, (other, self) if swapped else (self, other))

    def method(self: Tensor, other: Any) -> Any:
        """What `apply` does, for the operands that are met most."""
        kind, primitive = type(other), primitives.get(id(function))
        if type(self) is not Tensor or primitive is None:
            return general(self, other)
        if kind is Tensor:
            value = function(self._value, other._value)
        elif kind is float or kind is int:
            value = function(other, self._value) if swapped else function(self._value, other)
        else:
            return general(self, other)
        y = wrapped(value)
        tapes = recorders.get()
        if tapes:
            args = (other, self) if swapped else (self, other)
            if y._value.dtype is _DOUBLE:
                recording.record_simple(primitive, y, args, tapes)
            else:
                recording.record(primitive, y, args, None, tapes)
        return y
    return method


def _unary(function: Callable[[Any], Any]) -> Callable[[Tensor], Any]:
    return lambda self: apply(function, (self,))


def _install_operators() -> None:
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor"):
        function = getattr(operator, f"__{name}__")
        setattr(Tensor, f"__{name}__", _binary(function))
        setattr(Tensor, f"__r{name}__", _binary(function, swapped=True))
    for name in ("eq", "ne", "lt", "le", "gt", "ge"):
        setattr(Tensor, f"__{name}__", _binary(getattr(operator, name)))
    for name in ("neg", "pos", "abs", "invert"):
        setattr(Tensor, f"__{name}__", _unary(getattr(operator, name)))


_DOUBLE, _NAMESPACE = np.dtype(float), _Namespace()
_OPERANDS = {Tensor, float, int, bool, complex, np.ndarray, list, tuple}
_install_operators()
