"""Adjoints that begin at the top of a block: zeros in the structure of what a variable holds there.

    if y > 0.0:                 if y > 0.0:
        s = np.ones(n) * y          s_before = s            # where its shape may be another than that of the new array
                                    s = np.ones(n) * y
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.analyze.kinds import UNKNOWN, Array, Dict, Inert, Kind, List, Tuple, is_immutable_number
from autodiff_src.runtime import adjoints
from autodiff_src.syntax import assign, expression, name, names_read, statement, substitute

if TYPE_CHECKING:
    from autodiff_src.differentiate.record import Recorder
    from autodiff_src.differentiate.reverse_mode import _Reverser

Block = list[gast.stmt]


def zeros_at_top(r: _Reverser, variables: Set[str], s: Any, inside: Block, recorder: Recorder) -> tuple[Block, Block]:
    """What the forward text of a block of `s`, whose statements are `inside`, begins with, and its backward text ends with."""
    ahead: Block = []
    back: Block = []
    for v in sorted(variables - r.shadowed.names):
        kind, place = r.kinds.get(v, UNKNOWN), inside[0] if inside else s
        bound = v not in r.p.local or v in (recorder.kept.assigned.before.get(id(place)) or {v})
        if _stays(kind):
            back.append(_zero(r, v, s, bound, recorder, {}))
            continue
        value = name(v) if isinstance(kind, Array) or is_immutable_number(kind) else recorder.copied(v)
        held, keep, take = _holder(r, v, s, value, place, recorder)
        r.kinds[held] = r.shaper.env[held] = kind
        ahead.append(keep)
        zeros = r.shaper.zeros(held) if bound else _if_bound(r, v, held, recorder)
        back += [*take, assign(r.statements.d(v).id, zeros, s)]
    return ahead, back


def begun_behind(r: _Reverser, s: Any) -> list[gast.expr]:
    """The zeros behind a loop that depend on what is held there."""
    return [r.shaper.zeros(v) for v in _begun_in_loop(r, s) if not _stays(r.kinds.get(v, UNKNOWN))]


def _begun_in_loop(r: _Reverser, s: Any) -> list[str]:
    """What carries derivatives in a loop, at its top or inside, and not behind it."""
    head, inside, after = (states.get(id(s), frozenset()) for states in (
        r.activity.active_head, r.activity.active_inside, r.activity.active_after))
    return sorted((head | inside) - after - r.shadowed.names)


def zeros_behind(r: _Reverser, s: Any, recorder: Recorder) -> Block:
    """What the backward text of a loop begins with: zeros for what carries derivatives in it only."""
    bound, copies = recorder.kept.assigned.after.get(id(s)), recorder.protected.get(id(s), {})
    return [_zero(r, v, s, bound is None or v in bound, recorder, copies) for v in _begun_in_loop(r, s)]


def copies_behind(s: Any, recorder: Recorder) -> Block:
    """Copies of what those zeros read, where it is written under another name later."""
    return [assign(saved, recorder.copied(v), s) for v, saved in recorder.protected.get(id(s), {}).items()]


def _zero(r: _Reverser, v: str, s: Any, bound: bool, recorder: Recorder, copies: Mapping[str, str]) -> gast.stmt:
    zero = substitute(r.statements.zero(v, s), {n: name(saved) for n, saved in copies.items()})
    held = copies.get(v, v)
    if bound or v not in r.p.local or held not in names_read(zero):
        return zero
    return assign(r.statements.d(v).id, _if_bound(r, v, held, recorder), s)


def _if_bound(r: _Reverser, v: str, value: str, recorder: Recorder) -> gast.expr:
    """Zeros for a variable that starts as None: nothing is added to them where it was not bound."""
    recorder.unbound.add(v)
    return expression("f(x)", f=r.scope.reference(adjoints.zeros_like, "zeros_like"), x=value)


def _holder(r: _Reverser, v: str, s: Any, value: gast.expr, place: gast.stmt,
            recorder: Recorder) -> tuple[str, gast.stmt, Block]:
    held = r.scope.fresh(f"{v}_before")
    if r.where.depth_of(place) == 0:
        recorder.tape_names[f"{v} {id(s)} top", "once"] = held
        return held, assign(held, value, s), []
    tape = recorder.tape(v, f"top of {id(s)}")
    return held, statement("t.append(v)", s, t=tape, v=value), [assign(held, expression("t.pop()", t=tape), s)]


def _stays(kind: Kind) -> bool:
    """Have all values of this kind one structure?"""
    if isinstance(kind, Array):
        return kind.shape is not None and None not in kind.shape
    if isinstance(kind, Dict):
        return kind.items is not None and all(_stays(item) for _, item in kind.items)
    if isinstance(kind, Tuple):
        return kind.items is not None and all(map(_stays, kind.items))
    if isinstance(kind, List):
        return kind.length is not None and _stays(kind.item)
    return is_immutable_number(kind) or isinstance(kind, Inert)
