"""What generated code does with values of which little is known when it is written."""
from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.libraries import library_of, own
from autodiff_src.runtime.objects import attributes, bare, is_named_tuple, is_plain_class, named
from autodiff_src.runtime.shared_memory import check_apart


def kept_sum(x: Any) -> Any:
    """A copy of the tangent of `a + b` or `a * b`. Raises UnsupportedError for a list or a tuple: it holds the arrays of
    others, and somebody writes into these."""
    if isinstance(x, (list, tuple)):
        raise UnsupportedError("arrays in a sum of lists are written, and that these are lists was not known beforehand",
                               fix="join them otherwise: `[*a, *b]`")
    return kept(x)


def kept(x: Any, names: Collection[str] | None = None, made: dict[int, Any] | None = None) -> Any:
    """`x` as it is now: arrays, containers and objects copied, to any depth, everything else as it is.

    Of an object the attributes in `names` are copied, or all, the others are the same; nothing of its class runs.
    """
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, (list, tuple)) and type(x) in (list, tuple):
        return type(x)([kept(item, names, made) for item in x])
    if is_named_tuple(type(x)):
        return named(type(x), tuple([kept(item, names, made) for item in x]))
    if type(x) is dict:
        return {key: kept(item, names, made) for key, item in x.items()}
    if isinstance(x, (set, deque, dict)) and not is_plain_class(type(x)):
        check_flat(x)
        return x.copy()
    if not is_plain_class(type(x)):
        return x if library_of(x) is None else own(x)
    made = {} if made is None else made
    if id(x) not in made:
        made[id(x)] = new = bare(type(x))
        for n, held in attributes(x).items():
            object.__setattr__(new, n, kept(held, names, made) if names is None or n in names else held)
    return made[id(x)]


def start_of(x: Any) -> Any:
    """A copy of the argument `x`, a container that is changed, for derivatives with respect to what it holds now.

    Raises UnsupportedError where an array or a container is in two places of it.
    """
    check_apart(x, "an argument that is changed and differentiated")
    return kept(x)


def check_floats(x: Any) -> None:
    """Raises UnsupportedError for an array of integers, in which what carries a derivative would be cut to one."""
    if isinstance(x, np.ndarray) and x.dtype.kind in "iub":
        raise UnsupportedError(f"what carries a derivative is put into an array of {x.dtype}, which was not known before",
                               fix="make the array of floats, or the values whole numbers first: np.floor(v)")


def check_flat(x: Any) -> None:
    """Raises UnsupportedError for a container of another class than list and dict that holds arrays or containers."""
    for item in x.values() if isinstance(x, dict) else x:
        if isinstance(item, (np.ndarray, list, dict)):
            raise UnsupportedError(f"a {type(x).__name__} that holds a {type(item).__name__} is needed later as it is now",
                                   fix="use a list or a dict")


def check_rebound(value: Any, holder: Any = None) -> None:
    """Raises UnsupportedError where `x **= v`, or another update of what nothing is known of, changes an array, a set or a
    list in place, under whatever other names it goes. `holder`: what the value is an item of."""
    immutable = isinstance(value, np.generic) or not (hasattr(value, "__ior__") or hasattr(value, "__iadd__"))
    if not immutable and not isinstance(holder, np.ndarray):
        raise UnsupportedError(f"a {type(value).__name__} of which nothing is known is updated in place by an operator",
                               fix="write `x[...] = x ** v` for an array, or call a method that updates it")


def check_keywords(given: dict[Any, Any], known: tuple[str, ...], required: tuple[str, ...], title: str) -> None:
    """Raises TypeError, as a call does, where `title(**given)` names an argument that is not left to it, or lacks one."""
    for key in given:
        if key not in known:
            raise TypeError(f"{title}() got an unexpected keyword argument {key!r}, or one that has a value")
    missing = [n for n in required if n not in given]
    if missing:
        raise TypeError(f"{title}() missing required arguments: {', '.join(missing)}")


def real_power(x: float, y: float) -> float:
    """`x ** y` of Python numbers, of which the result is real.

    Raises UnsupportedError for a negative `x` and a fraction `y`, where Python gives a complex number.
    """
    power = x ** y
    if type(power) is complex:
        raise UnsupportedError(f"({x!r}) ** {y!r} is complex: complex is not differentiated yet",
                               fix="take the power of a positive number, as in `abs(x) ** y`")
    return power
