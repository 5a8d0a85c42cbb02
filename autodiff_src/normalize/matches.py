"""`match` becomes a chain of branches.

    match order:                            if order == 1:
        case 1:                                 y = x
            y = x                   ->      elif isinstance(order, (list, tuple)) and len(order) == 2:
        case (a, b):                            a = order[0]
            y = a * b                           b = order[1]
                                                y = a * b
"""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import FreshNames, Program
from autodiff_src.refusals import refused_statement
from autodiff_src.syntax import assign, blocks, constant, expression, located, name, with_blocks

# Of these a pattern by position is matched against the value itself.
_WHOLE = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
Bindings = list[tuple[str, gast.expr]]


def lower_matches(block: list[gast.stmt], names: FreshNames, program: Program) -> list[gast.stmt]:
    """The block without `match`."""
    return _Matches(names, program).block(block)


class _Matches:
    def __init__(self, names: FreshNames, program: Program):
        self.names, self.program = names, program

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for s in block:
            if isinstance(s, gast.Match):
                new += self._match(s)
            elif blocks(s):
                new.append(with_blocks(s, self.block))
            else:
                new.append(s)
        return new

    def _match(self, s: Any) -> list[gast.stmt]:
        subject = self.names.fresh("subject")
        try:
            branches: list[gast.stmt] = []
            for case in reversed(s.cases):
                branches = self._case(case, subject, branches)
        except UnsupportedError as error:
            return [refused_statement(error, [s])]
        return [assign(subject, s.subject, s), *(located(b, s) for b in branches)]

    def _case(self, case: Any, subject: str, others: list[gast.stmt]) -> list[gast.stmt]:
        tests, bound = self._pattern(case.pattern, name(subject))
        if case.guard is not None and bound:
            raise self._refuse(case.guard, "a guard of a pattern that binds names")
        tests += [case.guard] if case.guard is not None else []
        body = [*(assign(n, value, case.body[0]) for n, value in bound), *self.block(case.body)]
        if not tests:
            return body
        test = tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)
        return [located(gast.If(test, body, others), case.body[0])]

    def _pattern(self, pattern: Any, value: gast.expr) -> tuple[list[gast.expr], Bindings]:
        """What is tested of a value, in order, and what is bound then."""
        if isinstance(pattern, gast.MatchValue):
            return [gast.Compare(value, [gast.Eq()], [pattern.value])], []
        if isinstance(pattern, gast.MatchSingleton):
            return [gast.Compare(value, [gast.Is()], [constant(pattern.value)])], []
        if isinstance(pattern, gast.MatchAs):
            tests, bound = self._pattern(pattern.pattern, value) if pattern.pattern is not None else ([], [])
            return tests, [*bound, *([(pattern.name, value)] if pattern.name is not None else [])]
        if isinstance(pattern, gast.MatchOr):
            return [self._either(pattern, value)], []
        if isinstance(pattern, gast.MatchSequence):
            return self._sequence(pattern, value)
        if isinstance(pattern, gast.MatchMapping) and pattern.rest is None:
            return self._mapping(pattern, value)
        if isinstance(pattern, gast.MatchClass):
            return self._class(pattern, value)
        raise self._refuse(pattern, "this pattern")

    def _either(self, pattern: Any, value: gast.expr) -> gast.expr:
        choices = []
        for inner in pattern.patterns:
            tests, bound = self._pattern(inner, value)
            if bound or not tests:
                raise self._refuse(inner, "a pattern that binds names, as one of several")
            choices.append(tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests))
        return gast.BoolOp(gast.Or(), choices)

    def _sequence(self, pattern: Any, value: gast.expr) -> tuple[list[gast.expr], Bindings]:
        if any(isinstance(inner, gast.MatchStar) for inner in pattern.patterns):
            raise self._refuse(pattern, "a pattern with `*`")
        tests = [expression("isinstance(x, (list, tuple, range))", x=value),
                 expression("len(x) == n", x=value, n=constant(len(pattern.patterns)))]
        return self._parts(tests, [(constant(i), p) for i, p in enumerate(pattern.patterns)], value)

    def _mapping(self, pattern: Any, value: gast.expr) -> tuple[list[gast.expr], Bindings]:
        tests = [expression("isinstance(x, dict)", x=value),
                 *(expression("k in x", x=value, k=key) for key in pattern.keys)]
        return self._parts(tests, list(zip(pattern.keys, pattern.patterns, strict=True)), value)

    def _parts(self, tests: list[gast.expr], parts: list[tuple[gast.expr, Any]],
               value: gast.expr) -> tuple[list[gast.expr], Bindings]:
        bound: Bindings = []
        for key, inner in parts:
            more, names = self._pattern(inner, gast.Subscript(value, key, gast.Load()))
            tests, bound = [*tests, *more], [*bound, *names]
        return tests, bound

    def _class(self, pattern: Any, value: gast.expr) -> tuple[list[gast.expr], Bindings]:
        tests: list[gast.expr] = [expression("isinstance(x, c)", x=value, c=pattern.cls)]
        bound: Bindings = []
        for attribute, inner in zip(self._match_args(pattern), pattern.patterns):
            part = value if attribute is None else gast.Attribute(value, attribute, gast.Load())
            more, names = self._pattern(inner, part)
            tests, bound = [*tests, *more], [*bound, *names]
        for attribute, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            more, names = self._pattern(inner, gast.Attribute(value, attribute, gast.Load()))
            tests += [expression("hasattr(x, a)", x=value, a=constant(attribute)), *more]
            bound += names
        return tests, bound

    def _match_args(self, pattern: Any) -> list[str | None]:
        """The attributes that patterns by position stand for; None for the value itself, as in `str(s)`."""
        cls = static_value(pattern.cls, self.program.namespace) if pattern.patterns else object
        named = getattr(cls, "__match_args__", None)
        found = [None] if cls in _WHOLE else list(named) if isinstance(cls, type) and isinstance(named, tuple) else []
        if len(found) < len(pattern.patterns):
            raise self._refuse(pattern, "a pattern by position of this class")
        return found

    def _refuse(self, node: Any, what: str) -> UnsupportedError:
        return UnsupportedError(f"{what} is not differentiated in `match`", self.program.place(node), "use if and elif")
