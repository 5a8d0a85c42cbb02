"""What is known of all variables at a point."""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env
from autodiff_src.analyze.kinds import Kind, Known, join
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.runtime.iteration import Unbound
from autodiff_src.syntax import COMPOUND, heads, names_read

UNBOUND = Known(Unbound)


def join_env(a: Env | None, b: Env | None) -> Any:
    """What is known where two paths meet; a variable bound on one path only keeps the kind it has there."""
    if a is None or b is None:
        return b if a is None else a
    met = {n: kind if (other := b.get(n, kind)) is kind else _join(kind, other) for n, kind in a.items()}
    return {**met, **{n: kind for n, kind in b.items() if n not in met}}


def _join(a: Kind, b: Kind) -> Kind:
    return UNBOUND if UNBOUND in (a, b) else join(a, b)


def refuse_unbound(s: gast.stmt, env: Env, program: Program) -> None:
    """Raises UnsupportedError where a statement, or the head of a loop or a branch, reads what is known not to be bound."""
    unbound = {n for n, kind in env.items() if kind.__class__ is Known and kind == UNBOUND}
    if not unbound:
        return
    gone = sorted(unbound & names_read(heads(s) if isinstance(s, COMPOUND) else s))
    if gone:
        raise UnsupportedError(f"{gone[0]!r} may be read where it is not bound, or after `del {gone[0]}`", program.place(s),
                               "leave the name bound")
