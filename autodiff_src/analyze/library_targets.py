"""Whose arrays a derivation is for, and which namespace its texts call."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

import gast
import numpy as np

from autodiff_src.analyze.kinds import Array, Dict, Kind, LibraryArray, List, Scalar, Tuple
from autodiff_src.errors import ArgumentError
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import Program
from autodiff_src.runtime.libraries import Library
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import walk


class Target:
    """A library other than NumPy, and the one dtype of all floating arrays. `module` is the namespace that the functions at
    hand use: the library's own, that of array-api-compat, or NumPy's, where its functions give the library's arrays."""

    def __init__(self, library: Library, dtype: np.dtype):
        self.library, self.dtype = library, dtype
        self.found: dict[str, ModuleType] = {}
        self.by_compat = False

    @property
    def kind(self) -> LibraryArray:
        """What stands for the arguments of a call inside."""
        return LibraryArray(self.dtype, (), self.library)

    def note(self, program: Program) -> None:
        """Looks which namespaces the functions use."""
        for node in walk(program.function):
            value = static_value(node, program.namespace) if isinstance(node, (gast.Name, gast.Attribute)) else None
            if isinstance(value, ModuleType) and (value is np or value.__name__ in self.library.namespaces):
                self.found.setdefault(value.__name__, value)
            elif getattr(value, "__name__", "") == "array_namespace":
                self.by_compat |= module_of(value).startswith("array_api_compat.")

    @property
    def module(self) -> ModuleType:
        if self.by_compat and (compat := self.library.compat) is not None:
            return compat
        own = [module for module in self.found.values() if module is not np]
        if own:
            return own[0]
        return np if self.library.dispatches and "numpy" in self.found else self.library.namespace


def target_of(kinds: Iterable[Kind]) -> Target | None:
    """What the kinds of arguments and of what is outside tell; None where all arrays are NumPy's.

    Raises ArgumentError for arrays of two libraries and for two floating dtypes.
    """
    arrays = [array for kind in kinds for array in _arrays(kind)]
    libraries = list(dict.fromkeys(kind.library for kind in arrays if isinstance(kind, LibraryArray)))
    if not libraries:
        return None
    library, others = libraries[0], [other.name for other in libraries[1:]]
    if not library.dispatches or library.changes:
        others += ["NumPy" for kind in arrays if not isinstance(kind, LibraryArray)]
    if others:
        raise ArgumentError(f"arrays of {library.name} and of {others[0]} are used together",
                            fix="convert them to arrays of one library before the call, numbers with float(x)")
    dtypes = list(dict.fromkeys(kind.dtype for kind in arrays if kind.dtype is not None and kind.dtype.kind == "f"))
    if len(dtypes) > 1:
        raise ArgumentError(f"arrays of {library.name} of {dtypes[0]} and {dtypes[1]} are used together",
                            fix="convert them to one dtype before the call: libraries differ in what their sum is")
    return Target(library, dtypes[0] if dtypes else np.dtype(float))


def _arrays(kind: Kind) -> list[Array | Scalar]:
    if isinstance(kind, (Array, Scalar)):
        return [kind]
    held: Iterable[Kind] = ()
    if isinstance(kind, Dict):
        held = kind.held
    elif isinstance(kind, Tuple):
        held = kind.items or ()
    elif isinstance(kind, List):
        held = (kind.item,)
    return [array for inner in held for array in _arrays(inner)]
