"""What a loop reads by index, once kinds tell what it iterates over.

    items = sequence(x)                     # x: a list
    for k in range(len(items)):     ->      for k in range(len(x)):
        v = items[k]                            v = x[k]
"""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.holders import Holders
from autodiff_src.analyze.kinds import Array, Dict, Inert, Kind, Known, List, Tuple, is_dict
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.runtime import iteration
from autodiff_src.syntax import assign, located, name, walk

_READ_BY_INDEX = (Array, List, Tuple, Inert)


class Iterables:
    """Resolves `sequence(x)` and `keys(x)` in one function, which is changed in place."""

    def __init__(self, program: Program, expressions: ExpressionKinds, outside: OutsideNames, holders: Holders):
        self.program, self.expressions, self.outside, self.holders = program, expressions, outside, holders
        self.resolved: dict[int, dict[type, gast.stmt | None]] = {}  # by a statement's id, by what is iterated over

    def of(self, s: gast.stmt, env: Env) -> gast.stmt | None:
        """The statement that stands for `s`; None if there is none. Raises UnsupportedError for what is a dict on one
        path only."""
        function = self._function(s)
        if function is not iteration.sequence and function is not iteration.keys:
            return s
        kind = self.expressions.kind(s.value.args[0], env)  # type: ignore[attr-defined]
        known = self.resolved.setdefault(id(s), {})
        if type(kind) not in known:
            if known and (is_dict(kind) or Dict in known):
                raise UnsupportedError(
                    "an iteration over what is a dict on one path is not differentiated",
                    self.program.place(s),
                    "iterate over each in a branch of its own",
                )
            known[type(kind)] = self._resolve(s, function, kind)
        return known[type(kind)]

    def _function(self, s: gast.stmt) -> Any:
        call = s.value if isinstance(s, gast.Assign) else None
        if not isinstance(call, gast.Call) or not isinstance(call.func, gast.Name):
            return None
        return self.expressions.namespace.extra.get(call.func.id)

    def _resolve(self, s: Any, function: Any, kind: Kind) -> gast.stmt | None:
        items, iterable = s.targets[0].id, s.value.args[0]
        if is_dict(kind):
            plain = self.expressions.static(name("list"), {}) is list
            return assign(items, located(gast.Call(name("list"), [iterable], []), s), s) if plain else s
        if function is iteration.keys or isinstance(kind, Inert) and kind.type not in ("range", "str"):
            return s
        indexed = isinstance(kind, _READ_BY_INDEX) or isinstance(kind, Known) and isinstance(kind.value, (str, bytes))
        reads = [n for n in walk(self.program.function) if isinstance(n, gast.Name) and n.id == items]
        if not reads:  # in a called function that is written out
            return assign(items, iterable, s) if indexed else s
        self.holders.rename(items, iterable.id)
        for node in reads:
            node.id = iterable.id
        if indexed:
            return None
        check = name(self.outside.name_for(iteration.check_sequence, "check_sequence"))
        return located(gast.Expr(gast.Call(check, [iterable], [])), s)
