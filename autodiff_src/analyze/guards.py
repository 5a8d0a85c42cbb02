"""The kinds in `with` and `try`: each returns the new statements and the kinds behind them (None: never reached)."""

from __future__ import annotations

from collections.abc import Callable

import gast

from autodiff_src.analyze.calls import Info
from autodiff_src.analyze.container_changes import Containers
from autodiff_src.analyze.environments import join_env
from autodiff_src.analyze.expression_kinds import CHANGED, Env, ExpressionKinds, forgotten
from autodiff_src.analyze.kinds import UNKNOWN, Inert, Object
from autodiff_src.analyze.known_names import is_evaluated
from autodiff_src.analyze.partial_writes import refuse_written_in_part
from autodiff_src.analyze.unread_code import UnreadCode
from autodiff_src.program import Program
from autodiff_src.refusals import refusals_of
from autodiff_src.syntax import clone_head, located, target_names

Specialised = tuple[list[gast.stmt], Env | None]


class Guards:
    """The guards of one function; `block` specialises a block."""

    def __init__(
        self,
        program: Program,
        expressions: ExpressionKinds,
        changes: Containers,
        calls: dict[int, Info],
        block: Callable[[list[gast.stmt], Env | None], Specialised],
        unread: UnreadCode,
    ):
        self.program, self.expressions, self.changes, self.calls = program, expressions, changes, calls
        self.block, self.unread = block, unread

    def context(self, s: gast.With, env: Env) -> Specialised:
        new = clone_head(s)
        known = isinstance(s.items[0].context_expr, gast.Call)
        manager = self.expressions.kind(s.items[0].context_expr, env)
        self.unread.note(manager.cls if isinstance(manager, Object) else self.expressions.static(s.items[0].context_expr, env))
        self._enter_or_leave(known, env)
        for n in target_names(s):
            env[n] = self.changes.definitions[id(new), n] = manager if isinstance(manager, Inert) else UNKNOWN
        new.body, after = self.block(s.body, env)
        new.body = new.body or [located(gast.Pass(), s)]
        if after is not None:
            self._enter_or_leave(known, after)
        return [new], after

    def _enter_or_leave(self, known: bool, env: Env) -> None:
        """A context that is not known may rebind attributes of objects, and change containers, that it can see."""
        if not known:
            env |= {n: forgotten(kind) for n, kind in env.items()}
            env[CHANGED] = Inert()
            self.changes.forget_outside(env)

    def tried(self, s: gast.Try, env: Env) -> Specialised:
        """Handlers go on from what there was in front of the block, see `whole_tries`."""
        new = clone_head(s)
        new.body, after = self.block(s.body, dict(env))
        if after is not None and all(self._raises_nothing(t, after) for t in new.body):
            rest, after = self.block([*s.orelse, *s.finalbody], after)
            return [*new.body, *rest], after
        new.body = new.body or [located(gast.Pass(), s)]
        inside = {**env, **(after or {})}
        refuse_written_in_part(s, new.body, lambda e: self.expressions.kind(e, inside), self.calls, self.program,
                               lambda e: self.expressions.static(e, env))
        new.orelse, after = self.block(s.orelse, after)
        new.handlers = [clone_head(h) for h in s.handlers]
        for handler in new.handlers:
            caught = {handler.name.id: Inert()} if handler.name is not None else {}
            handler.body, end = self.block(handler.body, {**env, **caught})
            handler.body = handler.body or [located(gast.Pass(), s)]
            after = join_env(after, end)
        if s.finalbody:
            new.finalbody, after = self.block(s.finalbody, dict(env) if after is None else after)
        refused = next(refusals_of(new.finalbody), None)
        if refused is not None:
            raise refused.error  # it would be raised over an exception of the user's
        return [new], after

    def _raises_nothing(self, s: gast.stmt, env: Env) -> bool:
        plain = isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Name)
        return plain and is_evaluated(self.expressions.kind(s.value, env))  # type: ignore[attr-defined]
