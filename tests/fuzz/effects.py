"""What a call leaves behind: its arguments, what the globals of the program hold, and what it printed."""
from __future__ import annotations

import contextlib
import io
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Effects:
    """What is seen after a call."""

    argument: np.ndarray
    state: Any
    printed: str

    def differences(self, plain: Effects) -> str:
        """In words, what is not as the plain function left it; empty where all is."""
        if not _alike(self.argument, plain.argument):
            return f"after the call `a` holds {self.argument!r}, not {plain.argument!r}"
        if not _alike(self.state, plain.state):
            changed = [(name, found, wanted) for (name, found), (_, wanted) in zip(self.state, plain.state, strict=False)
                       if not _alike(found, wanted)]
            return f"after the call the globals are (name, found, wanted) {changed!r}"
        if self.printed != plain.printed:
            return f"{self.printed!r} was printed, not {plain.printed!r}"
        return ""


def watched(f: Callable[..., Any], call: Callable[[], Any], argument: np.ndarray) -> tuple[Any, Effects]:
    """What `call` returns, and its effects on the module of `f` and on the argument."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        result = call()
    return result, Effects(argument.copy(), _state(f), printed.getvalue())


def _state(f: Callable[..., Any]) -> Any:
    seen: dict[int, int] = {}
    return tuple((name, _frozen(value, seen)) for name, value in sorted(f.__globals__.items()) if not name.startswith("__"))


def _frozen(value: Any, seen: dict[int, int]) -> Any:
    """The value as tuples of its parts. A container that was met before is its number, so that sharing shows."""
    if isinstance(value, (ModuleType, type)) or (callable(value) and not isinstance(value, FunctionType)):
        return None
    if value is None or isinstance(value, (bool, int, float, str, complex, np.generic)):
        return value
    if id(value) in seen:
        return ("met", seen[id(value)])
    seen[id(value)] = len(seen)
    if isinstance(value, np.ndarray):
        return value.copy()
    return (type(value).__name__, *_parts(value, seen))


def _parts(value: Any, seen: dict[int, int]) -> Iterator[Any]:
    if isinstance(value, FunctionType):
        value = [cell.cell_contents for cell in value.__closure__ or ()]
    elif not isinstance(value, (dict, list, tuple, set, deque)):
        value = vars(value)
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, _frozen(item, seen)
    else:
        for item in sorted(value) if isinstance(value, set) else value:
            yield _frozen(item, seen)


def _alike(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, tuple):
        return isinstance(found, tuple) and len(found) == len(wanted) and all(map(_alike, found, wanted))
    if isinstance(wanted, np.ndarray):
        return isinstance(found, np.ndarray) and found.dtype == wanted.dtype and found.shape == wanted.shape and np.allclose(
            found, wanted, rtol=1e-12, atol=1e-12, equal_nan=True)
    if isinstance(wanted, (float, np.floating)) and isinstance(found, (float, np.floating)):
        return bool(np.isclose(found, wanted, rtol=1e-12, atol=1e-12, equal_nan=True))
    return type(found) is type(wanted) and found == wanted
