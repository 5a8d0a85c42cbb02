"""Functions that tapes record as one operation: derived functions and those that `ad.function` wraps.

Their pullback is the derivative that the rest of the package generates. When a tape outside is to record the backward
pass, too, it is the gradient of the function, weighted with the adjoint of its result, which is recorded in its turn.
"""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, NoRuleError
from autodiff_src.runtime.libraries import dtype_of, library_of
from autodiff_src.runtime.library_tensor import LibraryTensor, tensor_of
from autodiff_src.runtime.recording import Call, frozen, holds_tensors, is_recorded, leaves, name_of, rebuilt, record, recorders
from autodiff_src.runtime.tensor import Tensor, plain, wrapped
from autodiff_src.runtime.transforms import FUNCTIONS


def call(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`f` of arguments among which are tensors: one operation for the tapes that know them.

    Raises ArgumentError and UnsupportedError where `f` cannot be differentiated, or returns what no tape can follow.
    """
    if not any(list(map(is_recorded, leaves([args, kwargs])))):
        return result_of(f(*plain(args), **plain(kwargs)), f)
    bound = _signature(f).bind(*args, **kwargs)
    if any(map(is_recorded, leaves(bound.kwargs))):
        raise NoRuleError(f"{name_of(f)} is given a recorded tensor by keyword only", fix="make it a positional parameter")
    args = bound.args
    positions = tuple(i for i, arg in enumerate(args) if any(map(is_recorded, leaves(arg))))
    g = functools.partial(f, **plain(bound.kwargs)) if bound.kwargs else f
    unchanging = [i for i, arg in enumerate(args) if isinstance(arg, Tensor)]
    value, pullback = FUNCTIONS["vjp_of_values"](g, plain(args), positions, unchanging)
    y = result_of(value, f)
    record(Call(f, _pull(g, positions, pullback)), y, args, None, recorders.get())
    return y


_signature = functools.lru_cache(maxsize=256)(inspect.signature)


def unrecorded(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], what: str) -> Any:
    """`f` of tensors that no tape records, which it takes by their values. Raises NoRuleError where one does."""
    if any(list(map(is_recorded, leaves([args, kwargs])))):
        raise NoRuleError(f"{what} of a tensor that a GradientTape is recording is not differentiated",
                          fix="put it into a function of arrays that ad.function wraps, or pass x.numpy()")
    return result_of(f(*plain(args), **plain(kwargs)), f)


def vjp(f: Callable[..., Any], primals: tuple[Any, ...], wrt: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """`ad.vjp` of primals among which are tensors; `wrt` is None or positions."""
    asked = tuple(range(len(primals))) if wrt is None else wrt if isinstance(wrt, (tuple, list)) else (wrt,)
    if any(isinstance(position, str) for position in asked):
        raise ArgumentError(f"wrt={wrt!r} names parameters, and the primals are tensors", fix="pass positions")
    active = tuple(i for i in asked if wrt is not None or _carries(primals[i]))
    y = call(f, primals, {})

    def pullback(d_y: Any) -> tuple[Any, ...]:
        check_fits(d_y, y, "the cotangent")
        found = dict(zip(active, _recorded_parts(f, active, d_y, y, primals)))
        return tuple(found.get(i) for i in asked)

    return y, pullback


def check_fits(d_x: Any, x: Any, what: str) -> None:
    """Raises ArgumentError for a derivative that has not the structure and shapes of `x`; None fits everything."""
    if isinstance(x, (list, tuple, dict)):
        same = isinstance(d_x, dict) == isinstance(x, dict) and hasattr(d_x, "__len__") and len(d_x) == len(x)
        if not same or isinstance(x, dict) and d_x.keys() != x.keys():
            raise ArgumentError(f"{what} has not the structure of what it is the derivative of")
        for key in x if isinstance(x, dict) else range(len(x)):
            check_fits(d_x[key], x[key], what)
    elif d_x is not None and np.shape(plain(d_x)) != np.shape(plain(x)):
        raise ArgumentError(f"{what} has shape {np.shape(plain(d_x))}, the value {np.shape(plain(x))}",
                            fix="return and pass derivatives of the shape of their values")


def _carries(x: Any) -> bool:
    if isinstance(x, (list, tuple)):
        return any(map(_carries, x))
    if isinstance(x, dict):
        return any(map(_carries, x.values()))
    return isinstance(x, (float, complex)) or hasattr(x, "dtype") and dtype_of(x).kind in "fc"


def _pull(f: Callable[..., Any], positions: tuple[int, ...], pullback: Callable[..., tuple]) -> Callable[..., list]:
    def pull(d_y: Any, y: Any, *args: Any) -> list[Any]:
        lift = holds_tensors(d_y, args)
        parts = _recorded_parts(f, positions, d_y, y, args) if lift else pullback(d_y)
        found = dict(zip(positions, parts))
        return [found.get(i) for i in range(len(args))]
    return pull


def _recorded_parts(f: Callable[..., Any], positions: tuple[int, ...], d_y: Any, y: Any, args: tuple[Any, ...]) -> Any:
    """The adjoints of the arguments at `positions`, as tapes outside record them."""
    if isinstance(y, Tensor) and y.ndim == 0:
        found = _times(_gradient(f, positions)(*args), d_y)
    else:
        form = "of structures" if not isinstance(y, Tensor) else "of a library" if y._is_library else "of arrays"
        found = _gradient(_weighted(f, form), tuple(i + 1 for i in positions))(d_y, *args)
    return found if len(positions) > 1 else (found,)


def _times(x: Any, factor: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return rebuilt(x, [_times(item, factor) for item in x])
    if isinstance(x, dict):
        return {key: _times(item, factor) for key, item in x.items()}
    return None if x is None else x * factor


@functools.lru_cache(maxsize=256)
def _gradient(f: Callable[..., Any], positions: tuple[int, ...]) -> Callable[..., Any]:
    """The gradient with respect to one position is no tuple: it can be differentiated in more cases."""
    return FUNCTIONS["grad"](f, wrt=positions if len(positions) > 1 else positions[0])


@functools.lru_cache(maxsize=256)
def _weighted(f: Callable[..., Any], form: str) -> Callable[..., Any]:
    """The sum of `d_y * f(*args)` as a function of `d_y, *args`; `form` tells what the result of `f` is."""
    def of_structures(d_y, *args):  # type: ignore[no-untyped-def]
        return inner(d_y, f(*args))

    def of_arrays(d_y, *args):  # type: ignore[no-untyped-def]
        return np.sum(d_y * f(*args))

    def of_library(d_y, *args):  # type: ignore[no-untyped-def]
        xp = d_y.__array_namespace__()
        return xp.sum(d_y * f(*args))

    return {"of structures": of_structures, "of arrays": of_arrays, "of a library": of_library}[form]


def inner(a, b):  # type: ignore[no-untyped-def]
    """The sum of the products of the numbers in two structures alike."""
    if isinstance(b, (list, tuple)):
        total = 0.0
        for left, right in zip(a, b):
            total = total + inner(left, right)
        return total
    return np.sum(a * b)


def result_of(value: Any, f: Callable[..., Any]) -> Any:
    """What `f` returned with tensors in place of its numbers. Raises NoRuleError for objects, whose history would end."""
    if isinstance(value, (list, tuple)):
        return rebuilt(value, [result_of(item, f) for item in value])
    if isinstance(value, dict):
        return {key: result_of(item, f) for key, item in value.items()}
    if isinstance(value, Tensor):
        return value
    if library_of(value) is not None:
        return LibraryTensor(value)
    if not isinstance(value, (int, float, complex, str, type(None), np.generic, np.ndarray)):
        raise NoRuleError(f"{name_of(f)} returns a {type(value).__name__}, which no tape can follow",
                          fix="return numbers and arrays, in lists, tuples or dicts, or call it with x.numpy()")
    return wrapped(frozen(value))


FUNCTIONS["recorded_call"], FUNCTIONS["library_tensor"] = call, tensor_of
