"""Functions that tapes record as one operation with a backward step of the user's, or by running once more."""
from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, AutodiffError, NoRuleError
from autodiff_src.runtime.recorded_calls import check_fits, result_of
from autodiff_src.runtime.recording import (
    Call,
    Recorded,
    flat,
    frozen,
    is_recorded,
    leaves,
    name_of,
    next_serial,
    rebuilt,
    record,
    recorders,
)
from autodiff_src.runtime.tape import GradientTape
from autodiff_src.runtime.tensor import Tensor, convert_to_tensor, plain


class _Reads:
    """Stands among the tapes that record, records nothing, and notes what is read: variables, and tensors from before
    that `tapes` know."""

    _state = "recording"

    def __init__(self, tapes: tuple[Any, ...]):
        self.variables: dict[int, Recorded] = {}
        self.known, self._tapes, self._first = self, tapes, next_serial()
        self.captured: set[int] = set()

    def read(self, x: Recorded) -> None:
        self.variables.setdefault(x._serial, x)

    def computed(self, serial: int) -> bool:
        return True

    def ends(self, serial: int, name: str) -> None:
        """Where the history of a tensor ends, nothing is read of it that matters."""

    def __contains__(self, serial: int) -> bool:
        if serial < self._first and any(serial in tape.known for tape in self._tapes):
            self.captured.add(serial)
        return False

    def isdisjoint(self, serials: list[int]) -> bool:
        for serial in serials:
            self.__contains__(serial)
        return True


def with_gradient(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The first part of `f(*args, **kwargs)`, recorded with the second, a function, as its backward step."""
    tapes = recorders.get()
    outcome, variables = _run(f, args, kwargs, tapes, tapes)
    if not (isinstance(outcome, tuple) and len(outcome) == 2 and callable(outcome[1])):
        raise ArgumentError(f"{name_of(f)}, wrapped by ad.custom_gradient, returned no pair (value, gradient function)",
                            fix="return y, grad")
    if not tapes:
        return outcome[0]
    inputs = flat(args)

    def pull(d_y: Any, y: Any, *values: Any) -> list[Any]:
        named = {"variables": variables} if variables else {}
        given = outcome[1](*map(convert_to_tensor, flat(d_y)), **named)
        parts, rest = given if variables else (given, [])
        parts = list(parts) if isinstance(parts, (list, tuple)) else [parts]
        if (len(parts), len(rest)) != (len(inputs), len(variables)):
            raise ArgumentError(f"the gradient function of {name_of(f)} gave {len(parts)} gradients for {len(inputs)} "
                                f"arguments, and {len(rest)} for {len(variables)} variables")
        return [_fitting(d_x, x, f) for d_x, x in zip([*parts, *rest], values)]

    return _recorded(f, pull, outcome[0], [*inputs, *variables], tapes)


def run_again(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`f(*args, **kwargs)`, recorded as one operation that runs `f` once more in the backward pass."""
    tapes = recorders.get()
    if not tapes:
        return f(*args, **kwargs)
    draws = random.getstate(), np.random.get_state()
    outcome, variables = _run(f, args, kwargs, (), tapes)
    inputs, kept, named = list(leaves(args)), frozen(args), frozen(kwargs)

    def pull(d_y: Any, y: Any, *values: Any) -> list[Any]:
        xs = [convert_to_tensor(x) for x in values[:len(inputs)]]
        with _draws_from(*draws), GradientTape() as tape:
            tape.watch([x for x in [*xs, *variables] if x.dtype.kind in "fc"])
            again = result_of(f(*_replaced(kept, iter(xs)), **named), f)
        _check_same(again, y, f)
        sources = [x for x in [*xs, *variables] if x.dtype.kind in "fc"]
        found = iter(tape.gradient(again, sources, output_gradients=d_y))
        return [_fitting(next(found) if x.dtype.kind in "fc" else None, value, f)
                for x, value in zip([*xs, *variables], values)]

    return _recorded(f, pull, outcome, [*inputs, *variables], tapes)


def _run(f: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], recording: tuple[Any, ...],
         tapes: tuple[Any, ...]) -> tuple[Any, list[Any]]:
    """The outcome of `f`, of which the tapes `recording` see the operations, and the variables that it read besides its
    arguments. Raises NoRuleError where it takes what `tapes` record by other ways than positional arguments."""
    if any(map(is_recorded, leaves(kwargs))):
        raise NoRuleError(f"{name_of(f)} is given a recorded tensor by keyword", fix="pass it by position")
    noted = _Reads(tapes)
    recorders.set((*recording, noted))
    try:
        outcome = f(*args, **kwargs)
    finally:
        recorders.set(tapes)
    given = {leaf._serial for leaf in leaves(args)}
    variables = [v for serial, v in noted.variables.items() if serial not in given]
    if noted.captured - given - noted.variables.keys():
        raise NoRuleError(f"{name_of(f)} reads a recorded tensor that is none of its arguments",
                          fix="pass it as an argument, or read ad.stop_gradient(x)")
    return outcome, variables


def _recorded(f: Callable[..., Any], pull: Callable[..., list], outcome: Any, inputs: list[Any],
              tapes: tuple[Any, ...]) -> Any:
    y = _replaced(result_of(outcome, f), None)
    record(Call(f, pull), y, tuple(inputs), None, tapes)
    return y


def _replaced(x: Any, new: Iterator[Tensor] | None) -> Any:
    """The structure `x` with its tensors replaced by the next of `new`, or by tensors without history."""
    if isinstance(x, Recorded):
        return Tensor(x._value) if new is None else next(new)
    if isinstance(x, (list, tuple)):
        return rebuilt(x, [_replaced(item, new) for item in x])
    return {key: _replaced(item, new) for key, item in x.items()} if isinstance(x, dict) else x


def _fitting(d_x: Any, x: Any, f: Callable[..., Any]) -> Any:
    """The gradient `d_x` for the argument `x`, a tensor where this is one, in its dtype."""
    if d_x is None:
        return None
    check_fits(d_x, x, f"a gradient that {name_of(f)} gives")
    d_x = convert_to_tensor(d_x)
    dtype = getattr(x, "dtype", d_x.dtype)
    if d_x.dtype.kind == "c" and dtype.kind == "f":
        d_x = d_x.real
    d_x = d_x if d_x.dtype == dtype else d_x.astype(dtype)
    return d_x if isinstance(x, Tensor) else plain(d_x)


def _check_same(again: Any, y: Any, f: Callable[..., Any]) -> None:
    """Raises AutodiffError where a second run gave another value, of which the gradient would be."""
    for one, other in zip(flat(plain(again)), flat(plain(y))):
        near = np.sqrt(np.finfo(other.dtype).eps) if np.asarray(other).dtype.kind in "fc" else 0.0
        if np.shape(one) != np.shape(other) or not np.allclose(one, other, near, near, equal_nan=True):
            raise AutodiffError(f"{name_of(f)}, wrapped by ad.recompute_grad, gave another value when it ran once more",
                                fix="pass what changes between the runs as an argument: random numbers, state")


@contextmanager
def _draws_from(python: Any, numpy: Any) -> Iterator[None]:
    """Inside, `random` and `np.random` draw what they drew from these states on."""
    before = random.getstate(), np.random.get_state()
    random.setstate(python)
    np.random.set_state(numpy)
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])
