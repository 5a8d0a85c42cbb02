"""What is told of the way from a source to a target, or of why there is none."""
from __future__ import annotations

from autodiff_src.runtime.backward import dependents
from autodiff_src.runtime.recording import Record, leaves, outputs
from autodiff_src.runtime.tensor import Tensor


def reason(records: list[Record], known: set[int], ends: dict[int, dict[str, None]], watches_variables: bool,
           target: Tensor, source: Tensor) -> str:
    """By what operations `target` depends on `source`, or why it does not, in words."""
    if source._serial not in known:
        return _not_watched(source, watches_variables)
    if target._serial == source._serial:
        return "the target is the source itself"
    reached = dependents(records, {source._serial})
    if target._serial in reached:
        return f"connected: {' -> '.join(['source', *_way(records, reached, target._serial), 'target'])}"
    names = dict.fromkeys(name for serial in reached for name in ends.get(serial, ()))
    hint = f"; what is computed from the source went into {', '.join(names)}, which gives no derivative" if names else ""
    readers = dict.fromkeys(record[0].name for record in records if _reads(record, {source._serial}))
    if target._serial not in known:
        return ("the target was not computed from what the tape watches, but outside of the tape's block, before tape.watch, "
                f"or from constants{hint}")
    if not readers:
        return f"no recorded operation reads the source inside the tape's block, after tape.watch{hint}"
    return f"the source is read by {', '.join(readers)}, and no result of that leads to the target{hint}"


def _not_watched(source: Tensor, watches_variables: bool) -> str:
    if not source._is_variable:
        return "the source was never watched: call tape.watch(x) inside the block, before x is used"
    if not source._trainable:
        return "the source is a variable that is not trainable: call tape.watch(v) inside the block"
    if not watches_variables:
        return "the tape was made with watch_accessed_variables=False: call tape.watch(v) inside the block"
    return "the source is a variable that was not read inside the tape's block"


def _reads(record: Record, serials: set[int]) -> bool:
    return any(leaf._serial in serials for leaf in leaves([record[2], record[3] or {}]))


def _way(records: list[Record], reached: set[int], target: int) -> list[str]:
    """The names of the operations on one way to `target`."""
    names: list[str] = []
    for primitive, y, args, _ in reversed(records):
        if target in outputs(y):
            names.insert(0, primitive.name)
            target = next(leaf._serial for leaf in leaves(args) if leaf._serial in reached)
    return names
