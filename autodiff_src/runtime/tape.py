"""`GradientTape`: records the operations on tensors and differentiates them afterwards, as TensorFlow's does."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, AutodiffError
from autodiff_src.runtime.adjoints import zeros_like
from autodiff_src.runtime.backward import backward, dependents
from autodiff_src.runtime.libraries import dtype_of
from autodiff_src.runtime.portable import ones_like
from autodiff_src.runtime.reasons import reason
from autodiff_src.runtime.recorded_program import program
from autodiff_src.runtime.recording import Record, Recorded, flat, mixed, rebuilt, recorders
from autodiff_src.runtime.tensor import Tensor, convert_to_tensor


class GradientTape:
    """Records the operations on watched tensors, and on variables, that run inside its `with` block.

    `gradient` may be called once, or any number of times if `persistent`. Variables are watched when they are read if
    `watch_accessed_variables`. Tapes nest: what an inner tape computes inside an outer one's block is recorded there.
    A second `with` on a tape goes on with its recording.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True):
        self._watches_variables = watch_accessed_variables
        self._persistent = persistent
        self._state = "new"
        self._clear()

    def _clear(self) -> None:
        self.records: list[Record] = []
        self._serials: set[int] = set()
        self.known = self._serials  # nothing, once the tape has stopped
        self._roots: set[int] = set()
        self._variables: dict[int, Recorded] = {}
        self._ends: dict[int, dict[str, None]] = {}

    def __enter__(self) -> GradientTape:
        if self._state in ("recording", "paused"):
            raise AutodiffError("the tape is still recording: it is entered a second time inside its own block",
                                fix="make another GradientTape for the inner block")
        if self._state == "used":
            self._clear()
        self._start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        if self._state in ("recording", "paused"):
            self._stop("stopped")

    def watch(self, tensor: Any) -> None:
        """Records from now on what is computed from `tensor`, or from the tensors in a list, tuple or dict.

        Raises ArgumentError for anything but tensors of floating-point numbers, AutodiffError outside of the block.
        """
        self._check_recording("watch")
        for leaf in flat(tensor):
            _check_source(leaf, "watch")
            self._begin(leaf)

    def read(self, x: Recorded) -> None:
        """What happens when the variable `x` is read."""
        if self._watches_variables and x._trainable and self._state == "recording":
            self._begin(x)

    def computed(self, serial: int) -> bool:
        """Whether a recorded operation made the tensor, which the tape can do without."""
        return serial in self.known and serial not in self._roots

    def ends(self, serial: int, name: str) -> None:
        """What happens when the history of a tensor ends in the function `name`."""
        if serial in self.known:
            self._ends.setdefault(serial, {})[name] = None

    def _begin(self, x: Recorded) -> None:
        self.known.add(x._serial)
        self._roots.add(x._serial)
        if x._is_variable:
            self._variables.setdefault(x._serial, x)

    def watched_variables(self) -> tuple[Any, ...]:
        """The variables that the tape watches or, when it has been used, watched, in the order of their first use."""
        return tuple(self._variables.values())

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """`with tape.stop_recording():` inside the tape's block: what runs in it is not recorded.

        Raises AutodiffError outside of the tape's block.
        """
        self._check_recording("stop_recording")
        self._stop("paused")
        try:
            yield
        finally:
            if self._state == "paused":
                self._start()

    def reset(self) -> None:
        """Forgets what was recorded and watched, as if the block began here. AutodiffError outside of the block."""
        self._check_recording("reset")
        self._clear()

    def gradient(self, target: Any, sources: Any, output_gradients: Any = None,
                 unconnected_gradients: str = "none") -> Any:
        """The gradient of the sum of the elements of `target` with respect to `sources`, in the structure of these.

        `target` is a tensor or a list, tuple or dict of tensors, which add up; `output_gradients` of the same
        structure weight its elements. A source that the target does not depend on gives None (`why` tells the reason),
        with `unconnected_gradients="zero"` zeros. Gradients have the shape and dtype of their source. Raises
        AutodiffError on the second call for a tape that is not persistent, and ArgumentError for targets, sources and
        weights that are no tensors of floating-point numbers or do not fit.
        """
        self._check_ready()
        zero = _wants_zeros(unconnected_gradients)
        targets, wanted = _targets(target), _sources(sources)
        run = _BackwardPasses(self, wanted, bool(_recording()))
        found = run.gradients(_seeds(targets, output_gradients), last=True)
        return _structured(sources, iter([_or_zeros(d, leaf) if zero else d for d, leaf in zip(found, wanted)]))

    def jacobian(self, target: Any, sources: Any, unconnected_gradients: str = "none") -> Any:
        """The Jacobian of the tensor `target` with respect to `sources`, in the structure of these: for each source an
        array of the shape of the target followed by that of the source.

        It takes a backward pass for each element of the target. Unconnected sources and errors as for `gradient`.
        """
        self._check_ready()
        zero, target, wanted = _wants_zeros(unconnected_gradients), _one_target(target), _sources(sources)
        rows = _BackwardPasses(self, wanted, bool(_recording())).rows(target, _units(target.shape))
        found = [_joined(column, target.shape, leaf, zero) for column, leaf in zip(zip(*rows), wanted)] if rows else [
            _or_zeros(None, leaf, target.shape) for leaf in wanted]
        return _structured(sources, iter(found))

    def batch_jacobian(self, target: Any, source: Any, unconnected_gradients: str = "none") -> Any:
        """The Jacobians of `target[i]` with respect to `source[i]`, stacked: an array of shape
        `(n, *target.shape[1:], *source.shape[1:])` for a target and a source of `n` rows.

        `target[i]` is to depend on `source[i]` and on no other row, as for the samples in a batch: this is not checked.
        It takes a backward pass for each element of a row. Unconnected sources and errors as for `gradient`.
        """
        self._check_ready()
        zero, target, wanted = _wants_zeros(unconnected_gradients), _one_target(target), _sources(source)
        if not isinstance(source, Tensor) or not target.ndim or not source.ndim or target.shape[0] != source.shape[0]:
            raise ArgumentError("batch_jacobian takes a target and one source with the same number of rows",
                                fix="use jacobian for others")
        units = _units(target.shape[1:])
        rows = _BackwardPasses(self, wanted, bool(_recording())).rows(
            target, (np.broadcast_to(unit, target.shape) for unit in units))
        if not rows:
            return _or_zeros(None, source, target.shape)
        stacked = _joined([row for row, in rows], target.shape[1:], source, zero)
        return None if stacked is None else np.moveaxis(stacked, target.ndim - 1, 0)  # type: ignore

    def why(self, target: Any, source: Any) -> str:
        """In words, why the gradient of `target` with respect to `source` is None, or by what operations it is not.

        Takes two tensors, and leaves the tape as it is. Errors as for `gradient`.
        """
        self._check_ready()
        target = _one_target(target)
        _check_source(source, "why")
        return reason(self.records, self._serials, self._ends, self._watches_variables, target, source)

    def source(self, target: Any, sources: Any) -> str:
        """The text of a Python program that computes what was recorded and its gradient, in straight lines, from the values
        that there were; it needs NumPy, and this package for a few functions.

        It ends in `value, (d_x, ...) = ...`: the sum of the elements of `target`, a tensor or a structure of tensors, and its
        gradients with respect to `sources`. Leaves the tape as it is. Errors as for `gradient`; UnsupportedError for
        functions that cannot be named in a program.
        """
        self._check_ready()
        return program(self.records, [_one_target(t) for t in flat(target)], _sources(sources))

    def _check_recording(self, action: str) -> None:
        if self._state != "recording":
            raise AutodiffError("the tape is not recording", fix=f"call {action} inside its `with` block")

    def _check_ready(self) -> None:
        if self._state == "new":
            raise AutodiffError("gradient of a tape that has recorded nothing",
                                fix="run the computation inside `with tape:`")
        if self._state == "used":
            raise AutodiffError("a non-persistent GradientTape can only be used to compute one set of gradients",
                                fix="GradientTape(persistent=True)")

    def _start(self) -> None:
        self._state = "recording"
        self.known = self._serials
        recorders.set((*_recording(), self))

    def _stop(self, state: str) -> None:
        self._state = state
        self.known = set()
        recorders.set(_recording())

    def _taken(self) -> tuple[list[Record], set[int], set[int]]:
        """What is recorded, what is known and what was watched: for the passes of one gradient or Jacobian."""
        if self._persistent:
            return list(self.records), self._serials, self._roots
        taken, variables = (self.records, self._serials, self._roots), self._variables
        self._stop("used")
        self._clear()
        self._variables = variables
        return taken


class _BackwardPasses:
    """Backward passes over one recording for the same sources."""

    def __init__(self, tape: GradientTape, sources: list[Tensor], lift: bool):
        self._records, known, roots = tape._taken()
        self._sources, self._lift = sources, lift
        self._wanted = known.intersection([leaf._serial for leaf in sources])
        self._reached = known if roots <= self._wanted else dependents(self._records, self._wanted)

    def gradients(self, seeds: list[tuple[int, Tensor]], last: bool) -> list[Tensor | None]:
        """The gradient for each source. After the `last` pass nothing is left of the recording."""
        records = self._records if last else list(self._records)
        d = backward(records, seeds, self._wanted, self._reached, self._lift)
        return [_as_tensor(d.get(leaf._serial)) for leaf in self._sources]

    def rows(self, target: Tensor, units: Any) -> list[list[Tensor | None]]:
        """The gradients for each source, for each of the weights `units` of the target."""
        return [self.gradients([(target._serial, Tensor(np.asarray(unit, target.dtype)[()]))], last=False)
                for unit in units]


def _recording() -> tuple[GradientTape, ...]:
    """The tapes that are recording here. One may have been stopped from elsewhere: a block in a generator."""
    return tuple(tape for tape in recorders.get() if tape._state == "recording")


def _check_source(leaf: Any, action: str) -> None:
    if not isinstance(leaf, Tensor):
        raise ArgumentError(f"{action} takes tensors and variables, not a value of type {type(leaf).__name__}",
                            fix="x = ad.constant(x) before it is used, or ad.Variable(x)")
    if dtype_of(leaf).kind not in "fc":
        raise ArgumentError(f"{action} of a tensor of dtype {leaf.dtype}, which carries no derivative",
                            fix="make it of floats: ad.constant(x, dtype=float), or x.astype(float)")


def _sources(sources: Any) -> list[Tensor]:
    wanted = flat(sources)
    for leaf in wanted:
        _check_source(leaf, "gradient")
    return wanted


def _targets(target: Any) -> list[Tensor]:
    targets = flat(target)
    for leaf in targets:
        if not isinstance(leaf, Tensor):
            raise ArgumentError(f"the target is a {type(leaf).__name__}, which was not recorded",
                                fix="compute it inside the tape's block from tensors, without .numpy()")
    return targets


def _one_target(target: Any) -> Tensor:
    if isinstance(target, (list, tuple, dict)):
        raise ArgumentError(f"the target of a Jacobian is one tensor, not a {type(target).__name__}",
                            fix="ask for one after the other from a persistent tape")
    found = _targets(target)[0]
    if found._is_library:
        raise ArgumentError("Jacobians by tapes, and their words and programs, are those of tensors of NumPy's arrays",
                            fix="use tape.gradient, once for each element of the target")
    return found


def _wants_zeros(unconnected_gradients: str) -> bool:
    if unconnected_gradients not in ("none", "zero"):
        raise ArgumentError(f"unconnected_gradients={unconnected_gradients!r} is neither 'none' nor 'zero'")
    return unconnected_gradients == "zero"


def _structured(like: Any, flat: Any) -> Any:
    """The structure `like` with the items of the iterator `flat` as its leaves."""
    if isinstance(like, (list, tuple)):
        return rebuilt(like, [_structured(item, flat) for item in like])
    if isinstance(like, dict):
        return {key: _structured(item, flat) for key, item in like.items()}
    return next(flat)


def _seeds(targets: list[Tensor], output_gradients: Any) -> list[tuple[int, Tensor]]:
    """(serial, adjoint) of each target."""
    given = [None] * len(targets) if output_gradients is None else flat(output_gradients)
    if len(given) != len(targets):
        raise ArgumentError(f"{len(given)} output_gradients for {len(targets)} targets")
    seeds = []
    for target, weight in zip(targets, given):
        if weight is None and target._is_library:
            seed: Any = type(target)(ones_like(target._value))
        else:
            seed = Tensor(np.ones(target.shape, target.dtype)[()]) if weight is None else convert_to_tensor(weight)
        if seed._is_library != target._is_library:
            raise mixed()
        if seed.shape != target.shape:
            raise ArgumentError(f"output_gradients of shape {seed.shape} for a target of shape {target.shape}")
        seeds.append((target._serial, seed if seed.dtype == target.dtype else seed.astype(target.dtype)))
    return seeds


def _as_tensor(d_x: Any) -> Tensor | None:
    return None if d_x is None else convert_to_tensor(d_x)


def _or_zeros(d_x: Tensor | None, x: Tensor, lead: tuple[int, ...] = ()) -> Tensor:
    if d_x is None and x._is_library:
        return type(x)(zeros_like(x._value))
    return Tensor(np.zeros(lead + x.shape, x.dtype)[()]) if d_x is None else d_x


def _units(shape: tuple[int, ...]) -> Iterator[np.ndarray]:
    for index in np.ndindex(shape):
        unit = np.zeros(shape)
        unit[index] = 1.0
        yield unit


def _joined(rows: Any, shape: tuple[int, ...], x: Tensor, zero: bool) -> Tensor | None:
    """The derivatives for each element of `shape` with respect to `x` as one array; None where there are none."""
    if all(row is None for row in rows):
        return _or_zeros(None, x, shape) if zero else None
    return np.reshape(np.stack([_or_zeros(row, x) for row in rows]), shape + x.shape)  # type: ignore
