"""Variables: tensors whose value is assigned anew, as parameters are in training."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, UnsupportedError
from autodiff_src.runtime import libraries, recording
from autodiff_src.runtime.recording import recorders
from autodiff_src.runtime.tensor import Tensor, constant, detached, plain


class Variable(Tensor):
    """A tensor with a value that `assign`, `assign_add` and `assign_sub` replace; shape and dtype stay.

    Reading it under a tape with `watch_accessed_variables` watches it, if it is `trainable`. What was recorded keeps
    the value that was read. Assigning is not recorded, as in TensorFlow. Errors as for `constant`.
    """

    __slots__ = ("name", "_trainable", "_read")
    _is_variable = True

    def __init__(self, initial_value: Any, trainable: bool = True, name: str | None = None, dtype: Any = None):
        libraries.refuse("a variable", initial_value)
        made = constant(detached(initial_value), dtype)
        super().__init__(made._value)
        self._read: Tensor | None = None
        self.name = "Variable" if name is None else name
        self._trainable = bool(trainable) and made.dtype.kind in "fc"

    @property
    def trainable(self) -> bool:
        """Whether reading the variable watches it; never for integers."""
        return self._trainable

    def value(self) -> Tensor:
        """The present value as a tensor: it stays when the variable is assigned, and gradients reach the variable."""
        recording.accessed(self, recorders.get())
        return self._now()

    read_value = value

    def assign(self, value: Any) -> Variable:
        """Replaces the value. Raises ArgumentError for another shape, or a dtype that does not fit."""
        new = np.asarray(plain(value))
        if new.shape != self.shape:
            raise ArgumentError(f"a value of shape {new.shape} assigned to the variable {self.name!r} of shape "
                                f"{self.shape}")
        if not np.can_cast(new.dtype, self.dtype, "same_kind"):
            raise ArgumentError(f"a value of dtype {new.dtype} assigned to the variable {self.name!r} of dtype "
                                f"{self.dtype}", fix="cast it with astype")
        self._value, self._read = constant(new, self.dtype)._value, None
        return self

    def assign_add(self, delta: Any) -> Variable:
        """Adds `delta` to the value; errors as for `assign`."""
        return self.assign(self._value + plain(delta))

    def assign_sub(self, delta: Any) -> Variable:
        """Subtracts `delta` from the value; errors as for `assign`."""
        return self.assign(self._value - plain(delta))

    def _now(self) -> Tensor:
        if self._read is None:
            self._read = Tensor(self._value)
            self._read._serial = self._serial
        return self._read

    def __iadd__(self, other: Any) -> Any:
        raise _rebound("+=", "assign_add")

    def __isub__(self, other: Any) -> Any:
        raise _rebound("-=", "assign_sub")

    def __setitem__(self, index: Any, value: Any) -> None:
        raise UnsupportedError("v[...] = x writes into a part of a variable",
                               fix="assign a whole value: `a = v.numpy(); a[...] = x; v.assign(a)`")

    def __repr__(self) -> str:
        return f"<Variable {self.name!r} {super().__repr__()}>"

    def __reduce__(self) -> Any:
        return Variable, (self.numpy(), self._trainable, self.name)

    def __copy__(self) -> Variable:
        return Variable(self.numpy(), self._trainable, self.name)

    def __deepcopy__(self, memo: dict) -> Variable:
        return self.__copy__()


def _rebound(operation: str, method: str) -> UnsupportedError:
    return UnsupportedError(f"v {operation} x makes the name v a plain tensor and leaves the variable as it was",
                            fix=f"v.{method}(x)")
