"""Numbers with a slope beside them, for derivatives that a program takes inside. NumPy's functions call their methods."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Dual:
    """A value (complex, or again dual) and its derivative."""

    value: Any
    slope: Any

    @property
    def real(self) -> float:
        return np.real(self.value)

    def __add__(self, other: Any) -> Dual:
        other = _dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Any) -> Dual:
        other = _dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: Any) -> Dual:
        return self * _dual(other) ** -1

    def __pow__(self, power: float) -> Dual:
        return Dual(self.value ** power, power * self.value ** (power - 1) * self.slope)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Any) -> Dual:
        return self + -_dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return _dual(other) - self

    def __rtruediv__(self, other: Any) -> Dual:
        return _dual(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def sin(self) -> Dual:
        return Dual(np.sin(self.value), np.cos(self.value) * self.slope)

    def cos(self) -> Dual:
        return Dual(np.cos(self.value), -np.sin(self.value) * self.slope)

    def tanh(self) -> Dual:
        value = np.tanh(self.value)
        return Dual(value, (1.0 - value * value) * self.slope)

    def exp(self) -> Dual:
        value = np.exp(self.value)
        return Dual(value, value * self.slope)

    def log(self) -> Dual:
        return Dual(np.log(self.value), self.slope / self.value)

    def sqrt(self) -> Dual:
        value = np.sqrt(self.value)
        return Dual(value, self.slope / (2.0 * value))


def _dual(value: Any) -> Dual:
    return value if isinstance(value, Dual) else Dual(value, 0.0)
