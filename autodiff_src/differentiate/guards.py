"""`with` and `try` in both passes: the forward text keeps them, the backward text stands behind them.

Only `np.errstate` is entered again. A `try` keeps which way it went: through its block, or through one of its handlers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.differentiate.block_tops import zeros_at_top
from autodiff_src.differentiate.paths import always_raises, has_work
from autodiff_src.differentiate.record import Recorder
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.refusals import Stopped
from autodiff_src.runtime.contexts import checked_context
from autodiff_src.syntax import (
    assign,
    blocks,
    clone,
    clone_head,
    constant,
    expression,
    is_constant,
    is_name,
    located,
    name,
    names_stored,
    negated,
    statement,
    target_names,
    walk_statements,
)

if TYPE_CHECKING:
    from autodiff_src.differentiate.reverse_mode import _Reverser

Block = list[gast.stmt]


def reverse_with(r: _Reverser, s: gast.With, raw: dict[int, Block]) -> None:
    """The backward text of the statements in a `with`."""
    if not r.begin(s.body).isdisjoint(target_names(s)):
        raise Stopped(s, UnsupportedError("a context that holds what carries a derivative is not differentiated",
                                          r.p.program.place(s), "use the value itself in the block"))
    r.reverse_block(s.body, raw)


def reverse_try(r: _Reverser, s: gast.Try, raw: dict[int, Block]) -> None:
    """The same for a `try`: the kinds of adjoints are found along each way from what they are behind it."""
    for way in ([s.finalbody, s.orelse, s.body], *([h.body] for h in s.handlers)):
        with r.kinds_of_adjoints_kept():
            for block in way:
                r.reverse_block(block, raw)


def assemble_with(r: _Reverser, s: gast.With, recorder: Recorder) -> tuple[Block, Block]:
    """The forward and the backward text of a `with`."""
    new, item = clone_head(s), clone_head(s.items[0])
    new.items = [item]
    new.body, back = r.assemble(s.body, recorder)
    entered = item.context_expr
    if is_name(entered):
        item.context_expr = gast.Call(r.scope.reference(checked_context, "checked_context"), [entered], [])
    quiet = _entered_again(entered, r) if has_work(back) else None
    if quiet is not None:
        back = [located(gast.With([gast.withitem(quiet, None)], back, None), s)]
    return [new], back


def _entered_again(entered: gast.expr, r: _Reverser) -> gast.expr | None:
    """`np.errstate` for the backward text: what is to raise or to be reported concerns the forward pass alone."""
    if not isinstance(entered, gast.Call) or r.shaper_static(entered.func) is not np.errstate:
        return None
    kept = [k for k in entered.keywords if is_constant(k.value) and k.value.value in ("ignore", "warn")]
    return gast.Call(clone(entered.func), [], clone(kept)) if kept else None


def assemble_try(r: _Reverser, s: gast.Try, recorder: Recorder) -> tuple[Block, Block]:
    """The forward and the backward text of a `try`."""
    new = clone_head(s)
    new.body, back = r.assemble(s.body, recorder)
    new.orelse, behind = r.assemble(s.orelse, recorder)
    new.finalbody, last = r.assemble(s.finalbody, recorder)
    back = [*last, *behind, *back]
    if not s.handlers:
        return [new], back
    ways = [back + _zeros(r, s, s.body, recorder)]
    new.handlers = [clone_head(h) for h in s.handlers]
    for h, handler in zip(s.handlers, new.handlers, strict=True):
        handler.body, back = r.assemble(h.body, recorder)
        ways.append(back + _zeros(r, s, h.body, recorder))
    through = always_raises(s.body) or always_raises(s.orelse)
    going_on = [k for k in range(len(ways)) if not (always_raises(s.handlers[k - 1].body) if k else through)]
    ahead, back = [], []
    if len(going_on) == 1:
        back = ways[going_on[0]]
    elif any(has_work(ways[k]) for k in going_on):
        ahead = _keep_way(r, s, new, going_on, recorder)
        back = [located(_chosen(r, recorder.kept.heads.recorded[id(s)], ways, going_on), s)]
    _push_at_end(r, s, new, recorder)
    refusals = r.scope.reference(AutodiffError, "AutodiffError")
    new.handlers.insert(0, gast.ExceptHandler(refusals, None, [gast.Raise(None, None)]))
    return [*ahead, located(new, s)], back


def _zeros(r: _Reverser, s: gast.Try, block: Block, recorder: Recorder) -> Block:
    """Zeros for the adjoints that begin at the top of a block."""
    ahead, back = zeros_at_top(r, r.missing(s, block), s, block, recorder)
    if ahead:
        raise r.statements.refuse(s, "in this `try`, values of another shape may replace some that carry derivatives",
                                  "give the new values names of their own")
    return back


def _keep_way(r: _Reverser, s: gast.Try, new: Any, going_on: list[int], recorder: Recorder) -> Block:
    """Notes in the forward text which way it goes; gives what stands in front."""
    caught = recorder.kept.heads.recorded[id(s)]
    values = [constant(k if len(going_on) > 2 else bool(k)) for k in range(len(s.handlers) + 1)]
    deep = r.where.depth_of(s) > 0
    tape = recorder.tape(caught, "test") if deep else ""
    for k in going_on:
        note = statement("t.append(v)", s, t=tape, v=values[k]) if deep else assign(caught, values[k], s)
        if k:
            new.handlers[k - 1].body.insert(0, note)
        elif deep:
            new.body.append(note)
    return [] if deep else [assign(caught, values[0], s)]


def _chosen(r: _Reverser, caught: str, ways: list[Block], going_on: list[int]) -> gast.stmt:
    """The branch of the backward text."""
    first, *others = going_on
    if len(going_on) == 2:
        one, other = ways[others[0]], ways[first]
        if not has_work(one) or first:
            return gast.If(expression("caught == k", caught=caught, k=constant(first)) if first else negated(name(caught)),
                           other, one if has_work(one) else [])
        return gast.If(name(caught), one, other if has_work(other) else [])
    rest = ways[first]
    for k in reversed(others):
        rest = [gast.If(expression("caught == k", caught=caught, k=constant(k)), ways[k] or [gast.Pass()], rest)]
    return rest[0]


def _push_at_end(r: _Reverser, s: gast.Try, new: Any, recorder: Recorder) -> None:
    """What the block pushes on its way is pushed at its end, or taken off the tapes again where it raises."""
    going_on = [h for h, old in zip(new.handlers, s.handlers, strict=True) if not always_raises(old.body)]
    deep = {_pushed(t) for outer in new.body for block in blocks(outer) for t in walk_statements(block)}
    tapes = set(recorder.tapes())
    for tape in sorted(tapes.intersection(deep)) if going_on else []:
        length = r.scope.fresh(f"{tape.lstrip('_')}_kept")
        new.body.insert(0, assign(length, expression("len(t)", t=tape), s))
        for handler in going_on:
            handler.body.insert(0, statement("while len(t) > n: t.pop()", s, t=tape, n=length))
    body, late = [], []
    for i, t in enumerate(new.body):
        if _pushed(t) not in tapes or _pushed(t) in deep:
            body.append(t)
            continue
        (value,) = t.value.args
        if not is_name(value) or value.id in names_stored(new.body[i:]):
            held = r.scope.fresh(f"{_pushed(t).lstrip('_')}_old")  # type: ignore[union-attr]
            body.append(assign(held, value, s))
            value = name(held)
        late.append(statement("t.append(v)", s, t=_pushed(t), v=value))
    new.body = [*body, *late]


def _pushed(s: gast.stmt) -> str | None:
    """The tape, or the list, that a statement pushes onto."""
    if isinstance(s, gast.Expr) and isinstance(s.value, gast.Call) and isinstance(s.value.func, gast.Attribute):
        if s.value.func.attr == "append" and is_name(s.value.func.value):
            return s.value.func.value.id
    return None
