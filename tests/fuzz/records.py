"""Random statements about records: dicts or objects with a number and an array each, in lists that are read and changed."""
from __future__ import annotations

from collections.abc import Callable

from .expressions import Expressions
from .scope import Choices, Records, Scope, Shape, indent

CLASS = ["class Row:", "    def __init__(self, p, w):", "        self.p, self.w = p, w", "", "    def move(self, q):",
         "        self.p = self.p * 0.5 + q", "        self.w = self.w + q", "        return self.p", ""]


class RecordStatements:
    """More statements for `Statements`, which gives `block` and `shape`."""

    choices: Choices
    expressions: Expressions
    block: Callable[[Scope, int, int], list[str]]
    shape: Callable[[Scope], Shape]

    def record(self, scope: Scope, depth: int) -> list[str]:
        """A list of records is made, one of them gets a name, is replaced or swapped, or all of them are gone through."""
        if not scope.records or self.choices.chance(0.2):
            return self._make_records(scope)
        options = [self._name_record, self._name_record, self._swap_records, self._replace_record, self._move_record]
        options += [self._each_record] * 3 if depth > 0 else []
        return self.choices.pick(options)(scope, depth)

    def _made(self, scope: Scope, kind: str, shape: Shape) -> str:
        p, w = self.expressions.scalar(scope, 1), self.expressions.array(scope, shape)
        copied = w if self.choices.chance(0.3) else f"({w}).copy()"
        return f"Row({p}, {copied})" if kind == "object" else f"{{'p': {p}, 'w': {copied}}}"

    def _make_records(self, scope: Scope) -> list[str]:
        name, kind, shape = self.choices.fresh("rows"), self.choices.pick(["dict", "object"]), self.shape(scope)
        count, first, before = self.choices.number(2, 3), self._made(scope, kind, shape), []
        if self.choices.chance(0.3):
            row = self.choices.fresh("row")
            before, first = [f"{row} = {first}"], row
        last = first if before and self.choices.chance(0.5) else self._made(scope, kind, shape)
        items = [first, *(self._made(scope, kind, shape) for _ in range(count - 2)), last]
        scope.records[name] = Records(kind, count, shape)
        for i in range(count):
            self._know(scope, f"{name}[{i}]", scope.records[name])
        return [*before, f"{name} = [{', '.join(items)}]"]

    @staticmethod
    def _know(scope: Scope, record: str, records: Records) -> None:
        scope.floats.append(record + records.part("p"))
        scope.arrays[record + records.part("w")] = records.shape

    def _picked(self, scope: Scope) -> tuple[str, Records]:
        name = self.choices.pick(list(scope.records))
        return f"{name}[{self.expressions.index(scope, scope.records[name].count)}]", scope.records[name]

    def _name_record(self, scope: Scope, depth: int) -> list[str]:
        (place, records), row = self._picked(scope), self.choices.fresh("row")
        self._know(scope, row, records)
        return [f"{row} = {place}"]

    def _swap_records(self, scope: Scope, depth: int) -> list[str]:
        name = self.choices.pick(list(scope.records))
        one, other = (f"{name}[{self.expressions.index(scope, scope.records[name].count)}]" for _ in range(2))
        return [f"{one}, {other} = {other}, {one}"]

    def _replace_record(self, scope: Scope, depth: int) -> list[str]:
        place, records = self._picked(scope)
        return [f"{place} = {self._made(scope, records.kind, records.shape)}"]

    def _move_record(self, scope: Scope, depth: int) -> list[str]:
        (place, records), value = self._picked(scope), self.expressions.scalar(scope, 1)
        if records.kind == "object" and self.choices.chance(0.7):
            target = self.choices.fresh("s")
            scope.floats.append(target)
            return [f"{target} = {place}.move({value})"]
        return [f"{place}{records.part('p')} += {value}"]

    def _each_record(self, scope: Scope, depth: int) -> list[str]:
        name, row = self.choices.pick(list(scope.records)), self.choices.fresh("row")
        inner = scope.inner(in_loop=True)
        self._know(inner, row, scope.records[name])
        inner.floats += [row + scope.records[name].part("p")] * 3  # it is picked more often
        return [f"for {row} in {name}:", *indent(self.block(inner, self.choices.number(1, 3), depth - 1))]
