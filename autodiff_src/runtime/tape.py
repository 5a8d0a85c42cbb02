"""`GradientTape`: records the operations on tensors and differentiates them afterwards, as TensorFlow's does."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, AutodiffError
from autodiff_src.runtime import adjoints, lifting
from autodiff_src.runtime.recording import Primitive, Record, leaves, rebuilt, recorders
from autodiff_src.runtime.tensor import Tensor, convert_to_tensor, plain

_makers: list[Callable[..., Callable[..., tuple]]] = []


def use_pullbacks(maker: Callable[..., Callable[..., tuple]]) -> None:
    """Names the function that makes pullbacks: `maker(rule, positions)` as `expand.as_pullback`."""
    _makers[:] = [maker]


class GradientTape:
    """Records the operations on watched tensors, and on variables, that run inside its `with` block.

    `gradient` may be called once, or any number of times if `persistent`. Variables are watched when they are read if
    `watch_accessed_variables`. Tapes nest: what an inner tape computes inside an outer one's block is recorded there.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True):
        self.records: list[Record] = []
        self.known: set[int] = set()
        self.watches_variables = watch_accessed_variables
        self._persistent = persistent
        self._state = "new"

    def __enter__(self) -> GradientTape:
        if self._state == "recording":
            raise AutodiffError("the tape is still recording: it is entered a second time inside its own block",
                                fix="make another GradientTape for the inner block")
        self._state = "recording"
        recorders.set((*_recording(), self))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        if self._state == "recording":
            self._stop("stopped")

    def watch(self, tensor: Any) -> None:
        """Records from now on what is computed from `tensor`, or from the tensors in a list, tuple or dict.

        Raises ArgumentError for anything but tensors of floating-point numbers, AutodiffError outside of the block.
        """
        if self._state != "recording":
            raise AutodiffError("the tape is not recording", fix="call watch inside its `with` block")
        for leaf in _flat(tensor):
            _check_source(leaf, "watch")
            self.known.add(leaf._serial)

    def gradient(self, target: Any, sources: Any, output_gradients: Any = None) -> Any:
        """The gradient of the sum of the elements of `target` with respect to `sources`, in the structure of these.

        `target` is a tensor or a list, tuple or dict of tensors, which add up; `output_gradients` of the same
        structure weight its elements. A source that the target does not depend on gives None. Gradients have the
        shape and dtype of their source. Raises AutodiffError on the second call for a tape that is not persistent,
        and ArgumentError for targets, sources and weights that are no tensors of floating-point numbers or do not fit.
        """
        self._check_ready()
        targets, wanted = _flat(target), _flat(sources)
        for leaf in targets:
            if not isinstance(leaf, Tensor):
                raise ArgumentError(f"the target is a {type(leaf).__name__}, which was not recorded",
                                    fix="compute it inside the tape's block from tensors, without .numpy()")
        for leaf in wanted:
            _check_source(leaf, "gradient")
        seeds = _seeds(targets, output_gradients)
        records, watched = list(self.records), self.known.intersection(leaf._serial for leaf in wanted)
        if not self._persistent:
            self._stop("used")
            self.records, self.known = [], set()
        d = _backward(records, seeds, watched, lift=bool(_recording()))
        return _structured(sources, iter([_as_tensor(d.get(leaf._serial)) for leaf in wanted]))

    def _check_ready(self) -> None:
        if self._state == "new":
            raise AutodiffError("gradient of a tape that has recorded nothing",
                                fix="run the computation inside `with tape:`")
        if self._state == "used":
            raise AutodiffError("a non-persistent GradientTape can only be used to compute one set of gradients",
                                fix="GradientTape(persistent=True)")

    def _stop(self, state: str) -> None:
        self._state = state
        recorders.set(_recording())


def _recording() -> tuple[GradientTape, ...]:
    """The tapes that are recording here. One may have been stopped from elsewhere: a block in a generator."""
    return tuple(tape for tape in recorders.get() if tape._state == "recording")


def _check_source(leaf: Any, action: str) -> None:
    if not isinstance(leaf, Tensor):
        raise ArgumentError(f"{action} takes tensors and variables, not a value of type {type(leaf).__name__}",
                            fix="x = ad.constant(x) before it is used, or ad.Variable(x)")
    if leaf.dtype.kind not in "fc":
        raise ArgumentError(f"{action} of a tensor of dtype {leaf.dtype}, which carries no derivative",
                            fix="make it of floats: ad.constant(x, dtype=float), or x.astype(float)")


def _flat(x: Any) -> list[Any]:
    """The leaves of a structure of lists, tuples and dicts."""
    if isinstance(x, (list, tuple)):
        return [leaf for item in x for leaf in _flat(item)]
    if isinstance(x, dict):
        return [leaf for item in x.values() for leaf in _flat(item)]
    return [x]


def _structured(like: Any, flat: Any) -> Any:
    """The structure `like` with the items of the iterator `flat` as its leaves."""
    if isinstance(like, (list, tuple)):
        return rebuilt(like, [_structured(item, flat) for item in like])
    if isinstance(like, dict):
        return {key: _structured(item, flat) for key, item in like.items()}
    return next(flat)


def _seeds(targets: list[Tensor], output_gradients: Any) -> list[tuple[int, Tensor]]:
    """(serial, adjoint) of each target."""
    given = [None] * len(targets) if output_gradients is None else _flat(output_gradients)
    if len(given) != len(targets):
        raise ArgumentError(f"{len(given)} output_gradients for {len(targets)} targets")
    seeds = []
    for target, weight in zip(targets, given):
        seed = Tensor(np.ones(target.shape, target.dtype)[()]) if weight is None else convert_to_tensor(weight)
        if seed.shape != target.shape:
            raise ArgumentError(f"output_gradients of shape {seed.shape} for a target of shape {target.shape}")
        seeds.append((target._serial, seed if seed.dtype == target.dtype else seed.astype(target.dtype)))
    return seeds


def _as_tensor(d_x: Any) -> Tensor | None:
    return None if d_x is None else convert_to_tensor(d_x)


def _backward(records: list[Record], seeds: list[tuple[int, Tensor]], sources: set[int],
              lift: bool) -> dict[int, Any]:
    """The adjoints of `sources` by serial. Takes the records from their end, so that memory is given back early.

    With `lift` the pullbacks run on tensors, so that the tapes that are recording see them.
    """
    total = _Adjoints(lift)
    reached = _dependents(records, sources)
    for serial, seed in seeds:
        if serial in reached:
            total.contribute(serial, seed if lift else seed._value)
    while records:
        record = records.pop()
        if not any(serial in total.by_serial for serial in record.outputs):
            continue
        positions = _positions(record, reached)
        if not positions:
            continue
        y, args, kwargs = record.y, record.args, record.kwargs
        if not lift:
            y, args, kwargs = plain(y), plain(args), plain(kwargs)
        d_y = _adjoint_of(record.y, total, sources)
        pullback = _pullback(record.primitive, positions)
        found = (lifting.lifted(pullback) if lift else pullback)(d_y, y, *args, **kwargs)
        _distribute(record, found, reached, total)
    return total.by_serial


def _dependents(records: list[Record], sources: set[int]) -> set[int]:
    """The serials of what was computed from `sources`, with these."""
    reached = set(sources)
    for record in records:
        if not reached.isdisjoint(record.inputs):
            reached.update(record.outputs)
    return reached


def _positions(record: Record, reached: set[int]) -> tuple[int, ...]:
    """The positions of the parameters whose arguments depend on a source."""
    position = record.primitive.position
    return tuple(sorted({position(i) for i, arg in enumerate(record.args) if _depends(arg, reached)}))


def _depends(arg: Any, reached: set[int]) -> bool:
    return arg._serial in reached if isinstance(arg, Tensor) else any(leaf._serial in reached for leaf in leaves(arg))


def _pullback(primitive: Primitive, positions: tuple[int, ...]) -> Callable[..., tuple]:
    if positions not in primitive.pullbacks:
        primitive.pullbacks[positions] = _makers[0](primitive.rule, positions)
    return primitive.pullbacks[positions]


class _Adjoints:
    """Adjoints by serial. An array is added into in place only once a sum made it; tensors never are."""

    def __init__(self, lift: bool):
        self.by_serial: dict[int, Any] = {}
        self._owned: set[int] = set()
        self._lift = lift

    def contribute(self, serial: int, e: Any) -> None:
        old = self.by_serial.get(serial)
        if old is None:
            self.by_serial[serial] = e
        elif serial in self._owned:
            old += e
        else:
            self.by_serial[serial] = made = old + e
            if isinstance(made, np.ndarray):
                self._owned.add(serial)


def _adjoint_of(y: Any, total: _Adjoints, sources: set[int]) -> Any:
    """The adjoint of the result `y`, with zeros for parts that nothing depends on. It is no longer kept, unless it is
    asked for."""
    if isinstance(y, Tensor):
        d_y = total.by_serial.get(y._serial) if y._serial in sources else total.by_serial.pop(y._serial, None)
        return np.zeros(y.shape, y.dtype)[()] if d_y is None else d_y
    if isinstance(y, (list, tuple)):
        return [_adjoint_of(item, total, sources) for item in y]
    return adjoints.zeros_like(y)


def _distribute(record: Record, found: Sequence[Any], reached: set[int], total: _Adjoints) -> None:
    star = record.primitive.star
    for i, arg in enumerate(record.args):
        if star is None or i < star:
            _contribute(arg, found[i], reached, total)
        elif found[star] is not None:
            _contribute(arg, found[star][i - star], reached, total)


def _contribute(arg: Any, e: Any, reached: set[int], total: _Adjoints) -> None:
    """Adds the adjoint `e` of an argument, in its structure, to those of the tensors in it."""
    if e is None:
        return
    if isinstance(arg, Tensor):
        if arg._serial in reached:
            total.contribute(arg._serial, e)
    elif isinstance(arg, (list, tuple)):
        for item, part in zip(arg, e):
            _contribute(item, part, reached, total)
    elif isinstance(arg, dict):
        for key, item in arg.items():
            _contribute(item, e[key], reached, total)
