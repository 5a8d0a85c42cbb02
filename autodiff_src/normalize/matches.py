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
        choices = case.pattern.patterns if _binds_in_choices(case.pattern) else [case.pattern]
        found = [self._pattern(p, name(subject)) for p in choices]
        guard = [case.guard] if case.guard is not None else []
        tests, bound = found[0]
        if len(found) > 1 or guard and bound:
            return [located(s, case.body[0]) for s in self._noted(found, guard, self.block(case.body), others)]
        body = [*(located(s, case.body[0]) for s in _assignments(bound)), *self.block(case.body)]
        return [located(gast.If(_all([*tests, *guard]), body, others), case.body[0])] if tests or guard else body

    def _noted(self, found: list[tuple[list[gast.expr], Bindings]], guard: list[gast.expr], body: list[gast.stmt],
               others: list[gast.stmt]) -> list[gast.stmt]:
        """A case of which the names are bound before it is known to be the one."""
        matched = self.names.fresh("matched")
        chain: list[gast.stmt] = []
        for tests, bound in reversed(found):
            binding = [*_assignments(bound), assign(matched, constant(True))]
            chain = [gast.If(_all(tests), binding, chain)] if tests else binding
        return [assign(matched, constant(False)), *chain, gast.If(_all([name(matched), *guard]), body, others)]

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
        if isinstance(pattern, gast.MatchMapping):
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
            choices.append(_all(tests))
        return gast.BoolOp(gast.Or(), choices)

    def _sequence(self, pattern: Any, value: gast.expr) -> tuple[list[gast.expr], Bindings]:
        star = next((i for i, inner in enumerate(pattern.patterns) if isinstance(inner, gast.MatchStar)), None)
        plain = [p for p in pattern.patterns if not isinstance(p, gast.MatchStar)]
        tests = [expression("isinstance(x, (list, tuple, range))", x=value),
                 expression("len(x) == n" if star is None else "len(x) >= n", x=value, n=constant(len(plain)))]
        places = [constant(i if star is None or i < star else i - len(plain)) for i in range(len(plain))]
        tests, bound = self._parts(tests, list(zip(places, plain, strict=True)), value)
        if star is not None and pattern.patterns[star].name is not None:
            rest = expression("list(x[i:len(x) - n])", x=value, i=constant(star), n=constant(len(plain) - star))
            bound.append((pattern.patterns[star].name, rest))
        return tests, bound

    def _mapping(self, pattern: Any, value: gast.expr) -> tuple[list[gast.expr], Bindings]:
        tests = [expression("isinstance(x, dict)", x=value),
                 *(expression("k in x", x=value, k=key) for key in pattern.keys)]
        tests, bound = self._parts(tests, list(zip(pattern.keys, pattern.patterns, strict=True)), value)
        if pattern.rest is not None:
            left = expression("{k: x[k] for k in x if k not in keys}", x=value, k=self.names.fresh("key"),
                              keys=gast.Tuple(pattern.keys, gast.Load()))
            bound.append((pattern.rest, left))
        return tests, bound

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


def _binds_in_choices(pattern: Any) -> bool:
    named = [node for node in gast.walk(pattern) if isinstance(node, (gast.MatchAs, gast.MatchStar)) and node.name is not None]
    return isinstance(pattern, gast.MatchOr) and bool(named)


def _assignments(bound: Bindings) -> list[gast.stmt]:
    return [assign(n, value) for n, value in bound]


def _all(tests: list[gast.expr]) -> gast.expr:
    return tests[0] if len(tests) == 1 else gast.BoolOp(gast.And(), tests)
