"""Refusals that wait: a statement that cannot be differentiated raises when it is reached, if it may not be.

    if n > 3:                               if n > 3:
        class Scale:                ->          raise refusal("a class definition ...", ..., 7, "class Scale:")
            ...                             return x * x
    return x * x

Between the stages the statement is `raise <Refused>`, and `<Refused>()` stands for an expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gast

from autodiff_src.errors import AutodiffError, UnsupportedError, refusal
from autodiff_src.program import Program
from autodiff_src.syntax import (
    COMPOUND,
    LOOPS,
    blocks,
    captured,
    constant,
    located,
    names_read,
    target_names,
    walk_statements,
    with_blocks,
)


@dataclass(frozen=True)
class Refused:
    """What is raised; `names` are read by what no longer stands in the text, `unbound` are bound by it."""

    error: AutodiffError
    names: frozenset[str]
    unbound: frozenset[str]


def refused_statement(error: AutodiffError, dropped: list[Any]) -> gast.Raise:
    """Stands for `dropped`: the statement that is refused and all that follows in its block."""
    return located(gast.Raise(constant(_refused(error, dropped)), None), dropped[0])


def refused_expression(error: AutodiffError, node: gast.expr) -> gast.Call:
    return located(gast.Call(constant(_refused(error, [node])), [], []), node)


def _refused(error: AutodiffError, dropped: list[Any]) -> Refused:
    constants = (n.value for tree in dropped for n in gast.walk(tree) if isinstance(n, gast.Constant))
    inner = [c for c in constants if isinstance(c, Refused)]
    bound = frozenset(n for s in walk_statements(dropped) if isinstance(s, gast.stmt) for n in target_names(s))
    return Refused(error, frozenset(names_read(dropped)).union(*[c.names for c in inner]),
                   bound.union(*[c.unbound for c in inner]))


def refused_in(s: gast.stmt) -> Refused | None:
    """The refusal that a simple statement in core form consists of."""
    node = s.exc if isinstance(s, gast.Raise) else getattr(s, "value", None)
    node = node.func if isinstance(node, gast.Call) else node
    return node.value if isinstance(node, gast.Constant) and isinstance(node.value, Refused) else None


def refusals_of(block: list[gast.stmt]) -> Iterator[Refused]:
    """The refusals in a block, in the order of the text."""
    return (refused for s in walk_statements(block) if (refused := refused_in(s)) is not None)


def names_kept(body: list[gast.stmt]) -> set[str]:
    """Variables that go by their names outside the text of `body`: in refusals and in nested functions."""
    refused = {n for found in refusals_of(body) for n in found.names}
    return refused.union(*(captured(s) for s in walk_statements(body) if isinstance(s, gast.FunctionDef)))


def raising(s: gast.stmt, error: AutodiffError, program: Program, reference: Callable[..., gast.expr]) -> gast.Raise:
    """The statement of the text; `reference` names what stands outside it."""
    place = error.place or program.place(s)
    given = [error.reason, error.fix, place.file, place.line, place.text.strip()]
    arguments: list[gast.expr] = [constant(g) for g in given]
    if type(error) is not UnsupportedError:
        arguments.append(reference(type(error), type(error).__name__))
    return located(gast.Raise(gast.Call(reference(refusal, "refusal"), arguments, []), None), s)


def stored_outside(program: Program, s: gast.stmt) -> UnsupportedError:
    return UnsupportedError("a store to an attribute of what stands outside the function is not differentiated",
                            program.place(s), "pass the object as an argument")


def refuse_certain(block: list[gast.stmt]) -> None:
    """Raises the first refusal in the body of a function where no path comes out without meeting one."""
    refused = next(refusals_of(block), None)
    if refused is not None and not ways_out(block):
        raise refused.error


def ways_out(block: list[gast.stmt]) -> set[str]:
    """How the paths through a block go on: "on" to what follows, "away" by an exit; those that raise do not count."""
    ways: set[str] = set()
    for s in block:
        here = _ways_through(s)
        ways |= here - {"on"}
        if "on" not in here:
            return ways
    return ways | {"on"}


def _ways_through(s: gast.stmt) -> set[str]:
    if isinstance(s, gast.Raise):
        return set()
    if isinstance(s, (gast.Return, gast.Break, gast.Continue)):
        return {"away"}
    if isinstance(s, gast.If):
        return ways_out(s.body) | ways_out(s.orelse)
    if isinstance(s, gast.With):
        return ways_out(s.body)
    if isinstance(s, gast.Try):
        return _ways_through_try(s)
    if isinstance(s, LOOPS):
        return ({"on"} if not certainly_runs(s) or ways_out(s.body) else set()) | ways_out(s.body)
    return {"on"}


def _ways_through_try(s: gast.Try) -> set[str]:
    """What stands in front of a refusal may raise, and the handlers go on from there."""
    ways = ways_out(s.body)
    if "on" in ways:
        ways = ways - {"on"} | ways_out(s.orelse)
    after = ways_out(s.finalbody)
    if refused_in(s.body[0]) is None:
        ways = ways.union(*(ways_out(h.body) for h in s.handlers))
    return ways if "on" in after else after - {"on"} if ways else set()


def certainly_runs(s: gast.For | gast.While) -> bool:
    if isinstance(s, gast.While):
        return isinstance(s.test, gast.Constant) and bool(s.test.value)
    bounds = s.iter.args if isinstance(s.iter, gast.Call) and getattr(s.iter.func, "id", None) == "range" else []
    values = [b.value for b in bounds if isinstance(b, gast.Constant) and type(b.value) is int]
    return bool(values) and len(values) == len(bounds) and len(range(*values)) > 0


def refuse_at(block: list[gast.stmt], stopped: gast.stmt, error: AutodiffError) -> list[gast.stmt]:
    """The block with the refusal in place of the statement `stopped` in it, and of what follows that."""
    new: list[gast.stmt] = []
    for i, s in enumerate(block):
        if s is stopped:
            return [*new, refused_statement(error, block[i:])]
        if isinstance(s, COMPOUND) and any(t is stopped for t in walk_statements([s])):
            if any(t is stopped for t in walk_statements(getattr(s, "finalbody", []))):
                return [*new, refused_statement(error, block[i:])]  # none may be raised over an exception of the user's
            s = with_blocks(s, lambda inner: refuse_at(inner, stopped, error))
        new.append(s)
    return new


def before_endings(block: list[gast.stmt]) -> list[gast.stmt]:
    """The block with a refusal in place of each `try` in it whose `finally` block reads what a refusal leaves unbound; inner
    blocks are changed in place, for what is known of a statement goes by its identity."""
    new: list[gast.stmt] = []
    for i, s in enumerate(block):
        for inner in blocks(s):
            inner[:] = before_endings(inner)
        if isinstance(s, gast.Try) and s.finalbody:
            read = names_read(s.finalbody)
            missing = next((refused for refused in refusals_of([s]) if refused.unbound & read), None)
            if missing is not None:
                return [*new, refused_statement(missing.error, block[i:])]
        new.append(s)
    return new


class Stopped(Exception):
    """`statement` cannot be reversed, as `error` says."""

    def __init__(self, statement: gast.stmt, error: AutodiffError):
        self.statement, self.error = statement, error
