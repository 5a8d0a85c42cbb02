"""Sets of names as bits of a number: what an analysis knows in front of each statement costs little to make and to keep."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Set


class Names:
    """The names that sets are made of. Sets that meet should be of the same names."""

    def __init__(self) -> None:
        self.bit: dict[str, int] = {}
        self.all: list[str] = []

    def of(self, names: Iterable[str] = ()) -> NameSet:
        return NameSet(self, self.bits(names))

    def bits(self, names: Iterable[str]) -> int:
        if names.__class__ is NameSet and names.names is self:  # type: ignore[attr-defined]
            return names.bits  # type: ignore[attr-defined, no-any-return]
        found = 0
        for n in names:
            bit = self.bit.get(n)
            if bit is None:
                bit = self.bit[n] = 1 << len(self.all)
                self.all.append(n)
            found |= bit
        return found


class NameSet(Set[str]):
    """A set of names that is never changed."""

    __slots__ = ("names", "bits")

    def __init__(self, names: Names, bits: int):
        self.names, self.bits = names, bits

    def __contains__(self, name: object) -> bool:
        return bool(self.bits & self.names.bit.get(name, 0))  # type: ignore[call-overload]

    def __iter__(self) -> Iterator[str]:
        left = self.bits
        while left:
            lowest = left & -left
            yield self.names.all[lowest.bit_length() - 1]
            left ^= lowest

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __bool__(self) -> bool:
        return self.bits != 0

    def __or__(self, other: Iterable[str]) -> NameSet:  # type: ignore[override]
        return NameSet(self.names, self.bits | self.names.bits(other))

    def __and__(self, other: Iterable[str]) -> NameSet:
        return NameSet(self.names, self.bits & self.names.bits(other))

    def __sub__(self, other: Iterable[str]) -> NameSet:
        return NameSet(self.names, self.bits & ~self.names.bits(other))

    def changed(self, gone: NameSet, new: NameSet) -> NameSet:
        """The set without some names, and with others."""
        return NameSet(self.names, self.bits & ~gone.bits | new.bits)

    def __eq__(self, other: object) -> bool:
        same = other.__class__ is NameSet and other.names is self.names  # type: ignore[attr-defined]
        return self.bits == other.bits if same else super().__eq__(other)  # type: ignore[attr-defined]

    def isdisjoint(self, other: Iterable[str]) -> bool:
        return not self.bits & self.names.bits(other)

    @classmethod
    def _from_iterable(cls, names: Iterable[str]) -> frozenset[str]:  # type: ignore[override]
        """What comes of an operation with another kind of set in front."""
        return frozenset(names)
