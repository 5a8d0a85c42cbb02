"""The backward pass over the records of a tape."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff_src.runtime import adjoints, integer_indices, lifting
from autodiff_src.runtime.recording import Record, Recorded, leaves, outputs
from autodiff_src.runtime.tensor import Tensor, plain


def backward(records: list[Record], seeds: list[tuple[int, Tensor]], sources: set[int], reached: set[int],
             lift: bool) -> dict[int, Any]:
    """The adjoints of `sources` by serial; `reached` are the serials of what depends on them.

    Takes the records from their end, so that memory is given back early. With `lift` the pullbacks run on tensors, so
    that the tapes that are recording see them.
    """
    total = Adjoints()
    d, add, passed = total.by_serial, total.add, total.passed_over
    for serial, seed in seeds:
        if serial in reached:
            add(serial, seed if lift else seed._value)
    while records:
        primitive, y, args, kwargs = records.pop()
        if kwargs is not None or primitive.star is not None:
            _general(primitive, y, args, kwargs or {}, total, sources, reached, lift)
            continue
        serial = y if type(y) is int else y._serial
        d_y = d.get(serial) if serial in sources else d.pop(serial, None)
        if d_y is None:
            continue
        wanted, values = [], []
        for i, arg in enumerate(args):
            if isinstance(arg, Recorded):
                values.append(d_y if arg._value is None else arg if lift else arg._value)
                if arg._serial in reached:
                    wanted.append(i)
            else:
                values.append(arg)
        positions = tuple(wanted)
        checked = primitive.passes_over or serial in passed
        if checked:
            passed.update(args[i]._serial for i in wanted)
        if not positions or primitive.reads_items and not lift and _added_in_place(args, d_y, total):
            continue
        pullback = primitive.checked(positions) if checked else (
            primitive.pullbacks.get(positions) or primitive.pullback(positions))
        found = (lifting.lifted(pullback) if lift else pullback)(
            d_y, y if lift or serial is y else y._value, *values)
        for i in wanted:
            serial = args[i]._serial
            if serial in d:
                add(serial, found[i])
            else:
                d[serial] = found[i]
    return d


class Adjoints:
    """Adjoints by serial. An array is added into in place only once a sum made it; tensors never are. `passed_over`: the
    serials of values of which elements may have no influence."""

    def __init__(self) -> None:
        self.by_serial: dict[int, Any] = {}
        self.passed_over: set[int] = set()
        self._owned: set[int] = set()

    def add(self, serial: int, e: Any) -> None:
        old = self.by_serial.get(serial)
        if old is None or e is None:
            self.by_serial[serial] = old if e is None else e
        elif serial in self._owned:
            old += e
        else:
            self.by_serial[serial] = made = old + e
            if type(made) is np.ndarray:
                self._owned.add(serial)

    def owned(self, x: Tensor) -> np.ndarray:
        """The adjoint of an array, to be added into."""
        serial = x._serial
        if serial not in self._owned:
            old = self.by_serial.get(serial)
            self.by_serial[serial] = np.zeros(x.shape, x.dtype) if old is None else np.array(old)
            self._owned.add(serial)
        return self.by_serial[serial]


def dependents(records: list[Record], sources: set[int]) -> set[int]:
    """The serials of what was computed from `sources`, with these."""
    reached = set(sources)
    for _, y, args, _ in records:
        if any(leaf._serial in reached for leaf in leaves(args)):
            reached.update(outputs(y))
    return reached


def _added_in_place(args: tuple, d_y: Any, total: Adjoints) -> bool:
    """Adds the adjoint of `x[index]` to that of `x`, in the time that what is read takes, not what `x` holds.

    False where only the rule can: where the index is itself recorded, or `x` is a number.
    """
    x, index = args[0], plain(args[1])
    if not isinstance(x, Tensor) or x.ndim == 0:
        return False
    if adjoints.names_none_twice(index):
        total.owned(x)[index] += d_y
    else:
        owned = total.owned(x)
        np.add.at(owned, index, integer_indices.in_full(d_y, owned, index))
    return True


def _general(primitive: Any, y: Any, args: tuple, kwargs: dict[str, Any], total: Adjoints, sources: set[int],
             reached: set[int], lift: bool) -> None:
    """The backward step of an operation with structures, arrays or keywords."""
    if all(total.by_serial.get(serial) is None for serial in outputs(y)):
        return
    wanted = {primitive.position(i) for i, arg in enumerate(args) if _depends(arg, reached)}
    if not wanted:
        return
    if type(y) is int:
        d_y = total.by_serial[y] if y in sources else total.by_serial.pop(y)
    else:
        d_y = _adjoint_of(y, total, sources)
    checked = primitive.passes_over or not total.passed_over.isdisjoint(outputs(y))
    if checked:
        total.passed_over.update(leaf._serial for leaf in leaves([args, kwargs]))
    if primitive.reads_items and not lift and _added_in_place(args, d_y, total):
        return
    pullback = (primitive.checked if checked else primitive.pullback)(tuple(sorted(wanted)))
    if lift:
        found = (lifting.lifted(pullback) if primitive.rule else pullback)(d_y, y, *args, **kwargs)
    else:
        found = pullback(d_y, plain(y), *plain(args), **plain(kwargs))
    _distribute(primitive, args, found, reached, total)


def _depends(arg: Any, reached: set[int]) -> bool:
    return any(leaf._serial in reached for leaf in leaves(arg))


def _adjoint_of(y: Any, total: Adjoints, sources: set[int]) -> Any:
    """The adjoint of the result `y`, with zeros for parts that nothing depends on. It is no longer kept, unless it is
    asked for."""
    if isinstance(y, Tensor):
        d_y = total.by_serial.get(y._serial) if y._serial in sources else total.by_serial.pop(y._serial, None)
        return adjoints.zeros_like(y._value) if d_y is None else d_y
    if isinstance(y, (list, tuple)):
        return [_adjoint_of(item, total, sources) for item in y]
    if isinstance(y, dict):
        return {key: _adjoint_of(item, total, sources) for key, item in y.items()}
    return adjoints.zeros_like(y)


def _distribute(primitive: Any, args: tuple, found: Sequence[Any], reached: set[int], total: Adjoints) -> None:
    star = primitive.star
    for i, arg in enumerate(args):
        if star is None or i < star:
            _contribute(arg, found[i], reached, total)
        elif found[star] is not None:
            _contribute(arg, found[star][i - star], reached, total)


def _contribute(arg: Any, e: Any, reached: set[int], total: Adjoints) -> None:
    """Adds the adjoint `e` of an argument, in its structure, to those of the tensors in it."""
    if e is None:
        return
    if isinstance(arg, Tensor):
        if arg._serial in reached:
            total.add(arg._serial, e)
    elif isinstance(arg, (list, tuple)):
        for item, part in zip(arg, e):
            _contribute(item, part, reached, total)
    elif isinstance(arg, dict):
        for key, item in arg.items():
            _contribute(item, e[key], reached, total)
