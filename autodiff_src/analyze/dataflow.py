"""One solver for every analysis: states flow through structured code, forwards or backwards, to a fixpoint.

A state is any value with equality; None means that the point is not reached. `before` and `after` hold, by a statement's
id, the state in front of and behind it. A loop's `inside` is the state at the top of its body, where its variable is bound.
In core form a `try` whose body raises has changed nothing that its handlers see, so that it is a branch like any other;
`stepwise` analyses take texts in which each statement of the body may be the one that raises.
"""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import gast

from autodiff_src.syntax import LOOPS

S = TypeVar("S")
_SIMPLE = frozenset({gast.Assign, gast.AugAssign, gast.Expr})


class Flow(Generic[S]):
    """An analysis: override `step` (simple statements), `test` (a test is evaluated), `bind` (a loop or a `with` binds its
    target)."""

    stepwise = False

    def __init__(self) -> None:
        self.before: dict[int, Any] = {}
        self.after: dict[int, Any] = {}
        self._raised: list[Any] = []

    def step(self, s: gast.stmt, state: S) -> S:
        raise NotImplementedError

    def test(self, s: gast.stmt, state: S) -> S:
        """The head of `s` (a compound statement) is evaluated."""
        return state

    def bind(self, s: gast.For | gast.With, state: S) -> S:
        """A trip of `s` starts, or its block: its target is bound."""
        return state

    def join(self, a: S, b: S) -> S:
        raise NotImplementedError

    def meet(self, a: S | None, b: S | None) -> Any:
        if a is None or b is None:
            return b if a is None else a
        return a if a == b else self.join(a, b)


class Forward(Flow[S]):
    """States in the order of execution; `exits` collects the states at returns, the end included."""

    def __init__(self) -> None:
        super().__init__()
        self.exit: Any = None
        self.head: dict[int, Any] = {}
        self._breaks: list[Any] = []

    def run(self, block: list[gast.stmt], state: S) -> Any:
        end = self.block(block, state)
        self.exit = self.meet(self.exit, end)
        return self.exit

    def block(self, block: list[gast.stmt], state: S | None) -> S | None:
        for s in block:
            self.before[id(s)] = state
            self._may_raise_with(state)
            state = self.statement(s, state)
            self.after[id(s)] = state
        self._may_raise_with(state)
        return state

    def _may_raise_with(self, state: S | None) -> None:
        """The next statement may raise: the `try` around it goes on with what is known here."""
        if self.stepwise and self._raised:
            self._raised = [self.meet(known, state) for known in self._raised]

    def statement(self, s: gast.stmt, state: S | None) -> S | None:
        if s.__class__ in _SIMPLE:
            return None if state is None else self.step(s, state)
        if isinstance(s, gast.If):
            if state is not None:
                state = self.test(s, state)
            return self.meet(self.block(s.body, state), self.block(s.orelse, state))
        if isinstance(s, LOOPS):
            return self._loop(s, state)
        if isinstance(s, gast.With):
            return self.block(s.body, state if state is None else self.bind(s, self.test(s, state)))
        if isinstance(s, gast.Try):
            return self._try(s, state)
        if state is None:
            return None
        if isinstance(s, gast.Break):
            self._breaks[-1] = self.meet(self._breaks[-1], state)
            return None
        state = self.step(s, state)
        if isinstance(s, gast.Return):
            self.exit = self.meet(self.exit, state)
            return None
        return None if isinstance(s, gast.Raise) else state

    def _try(self, s: gast.Try, state: S | None) -> S | None:
        self._raised.append(state)
        end = self.block(s.body, state)
        caught = self._raised.pop()
        end = self.block(s.orelse, end)
        for handler in s.handlers:
            end = self.meet(end, self.block(handler.body, caught))
        left = self.block(s.finalbody, end)
        if self.stepwise:
            self.block(s.finalbody, self.meet(end, caught))  # on the way out with an exception
        return left

    def _loop(self, s: Any, state: S | None) -> S | None:
        head = state
        while True:
            self._breaks.append(None)
            tested = None if head is None else self.test(s, head)
            inside = tested if tested is None or not isinstance(s, gast.For) else self.bind(s, tested)
            end = self.block(s.body, inside)
            left = self._breaks.pop()
            wider = self.meet(head, end)
            if wider == head:
                break
            head = wider
        self.head[id(s)] = tested
        endless = isinstance(s, gast.While) and isinstance(s.test, gast.Constant) and s.test.value
        return self.meet(None if endless else tested, left)


class Backward(Flow[S]):
    """States against the order of execution; `inside` by a loop's id: the state at the top of its body."""

    def __init__(self, at_exit: S) -> None:
        super().__init__()
        self.at_exit = at_exit
        self.inside: dict[int, Any] = {}
        self.head: dict[int, Any] = {}
        self._after_loop: list[Any] = []

    def run(self, block: list[gast.stmt]) -> Any:
        return self.block(block, self.at_exit)

    def block(self, block: list[gast.stmt], state: S | None) -> S | None:
        for s in reversed(block):
            self.after[id(s)] = state
            state = self.statement(s, state)
            if self._raised:
                state = self.meet(state, self._raised[-1])  # it may raise
            self.before[id(s)] = state
        return state

    def statement(self, s: gast.stmt, state: S | None) -> S | None:
        if s.__class__ in _SIMPLE:
            return None if state is None else self.step(s, state)
        if isinstance(s, gast.If):
            state = self.meet(self.block(s.body, state), self.block(s.orelse, state))
            return None if state is None else self.test(s, state)
        if isinstance(s, LOOPS):
            return self._loop(s, state)
        if isinstance(s, gast.With):
            inside = self.block(s.body, state)
            return None if inside is None else self.test(s, self.bind(s, inside))
        if isinstance(s, gast.Try):
            return self._try(s, state)
        if isinstance(s, gast.Break):
            return self._after_loop[-1]
        if isinstance(s, gast.Return):
            return self.step(s, self.at_exit)
        if isinstance(s, gast.Raise):
            return self.step(s, self.nothing())
        return None if state is None else self.step(s, state)

    def nothing(self) -> Any:
        """The state behind a statement that raises."""
        return self.at_exit

    def _try(self, s: gast.Try, state: S | None) -> S | None:
        caught = (self._raised[-1] if self._raised else self.nothing()) if self.stepwise else None
        if s.finalbody:
            end = self.block(s.finalbody, self.meet(state, caught))
            caught = end if self.stepwise else None
        else:
            end = state
        self._raised.append(caught)
        inside = self.block(s.orelse, end)
        for handler in s.handlers:
            caught = self.meet(caught, self.block(handler.body, end))
        self._raised[-1] = caught if self.stepwise else None
        inside = self.block(s.body, inside)
        self._raised.pop()
        return self.meet(inside, caught)

    def _loop(self, s: Any, state: S | None) -> S | None:
        endless = isinstance(s, gast.While) and isinstance(s.test, gast.Constant) and s.test.value
        head = None if endless else state
        self._after_loop.append(state)
        while True:
            inside = self.block(s.body, self._tested(s, head))
            bound = inside if inside is None or not isinstance(s, gast.For) else self.bind(s, inside)
            wider = self.meet(head, bound)
            if wider == head:
                break
            head = wider
        self._after_loop.pop()
        self.inside[id(s)] = inside
        self.head[id(s)] = self._tested(s, head)
        return self.head[id(s)]

    def _tested(self, s: Any, state: S | None) -> Any:
        return state if state is None else self.test(s, state)
