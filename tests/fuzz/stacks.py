"""Random statements about what holds arrays or rows of numbers, and changes, while these are written by other names."""
from __future__ import annotations

from collections.abc import Callable

from .expressions import Expressions
from .scope import Choices, Scope, indent

MAKERS = {
    "rows": '''def rows_of(p):
    return [np.array([p, 0.5]), np.ones(2) * (p * 0.7), np.array([0.3, p * p])]
''',
    "table": '''def table_of(p):
    return [[p, 0.5], [p * 0.7, 0.9, p], [0.3, p * p]]
''',
    "named": '''def named_of(p):
    return {"a": np.array([p, 0.5]), "b": np.ones(2) * (p * 0.7)}
''',
}


class StackStatements:
    """More statements for `Statements`, which gives `_value`. A stack is a list of two arrays or rows at least, or a dict of
    two arrays."""

    choices: Choices
    expressions: Expressions
    _value: Callable[[Scope], str]

    def stack(self, scope: Scope, depth: int) -> list[str]:
        """Such a container is made, changed under one of its names, or read."""
        if not scope.stacks or not scope.floats or self.choices.chance(0.15):
            return self._make_stack(scope)
        ways = [self._change_stack] * 4 + [self._write_row] * 4 + [self._read_stack] * 3 + [self._name_stack]
        return self.choices.pick([*ways, *([self._each_row] * 2 + [self._again] * 3 if depth > 0 else [])])(scope)

    def _any_stack(self, scope: Scope) -> tuple[str, str]:
        names = list(scope.stacks)
        name = names[-1] if self.choices.chance(0.5) else self.choices.pick(names)
        return name, scope.stacks[name]

    def _key(self, scope: Scope, kind: str) -> str:
        return self.choices.pick(['"a"', '"b"']) if kind == "named" else self.expressions.index(scope, 2)

    def _new_row(self, scope: Scope, kind: str) -> str:
        values = f"[{self._value(scope)}, {self._value(scope)}]"
        return values if kind == "table" else self.choices.pick([f"np.array({values})", f"np.ones(2) * {self._value(scope)}"])

    def _make_stack(self, scope: Scope) -> list[str]:
        name, kind = self.choices.fresh("stack"), self.choices.pick(list(MAKERS))
        row = self._new_row(scope, kind)
        value = f"{kind}_of({self._value(scope)})"
        if self.choices.chance(0.5):
            value = {"named": f'{{"a": {row}, "b": {self._new_row(scope, kind)}}}',
                     "rows": self.choices.pick([f"[{row}, {self._new_row(scope, kind)}]", f"[{row} for _ in range(3)]"]),
                     "table": self.choices.pick([f"[{row}, {self._new_row(scope, kind)}]", f"[{row} for _ in range(2)]"])}[kind]
        scope.stacks[name] = kind
        return [f"{name} = {value}"]

    def _name_stack(self, scope: Scope) -> list[str]:
        """Another name, or another container with the same arrays or rows in it."""
        name, (known, kind) = self.choices.fresh("stack"), self._any_stack(scope)
        ways = [known] * 2 + [f"{known}.copy()"]
        if kind != "named":
            ways += [f"list({known})", f"{known}[:]", f"{known} + [{self._new_row(scope, kind)}]", f"{known} * 2",
                     f"{known}[1:] + [{known}[0]]"]
        scope.stacks[name] = kind
        return [f"{name} = {self.choices.pick([*ways, self._anew(kind, known)])}"]

    def _anew(self, kind: str, name: str) -> str:
        """A stack of new rows, made from those of another."""
        factor = self.choices.constant()
        return self.choices.pick({
            "rows": [f"[r * {factor} for r in {name}]", f"[r.copy() for r in {name}]"],
            "table": [f"[[v * {factor} for v in r] for r in {name}]", f"[r[:] for r in {name}]", f"[list(r) for r in {name}]"],
            "named": [f"{{k: v * {factor} for k, v in {name}.items()}}"]}[kind])

    def _box(self, scope: Scope) -> list[str]:
        """Stacks in a list or a dict of their own."""
        name, (one, kind), (other, _) = self.choices.fresh("box"), self._any_stack(scope), self._any_stack(scope)
        other = other if scope.stacks[other] == kind else one
        both = [('"s"', f'{{"s": {one}, "t": {other}}}'), ("-1", f"[{one}, {other}]"), ("0", f"[{one}]")]
        key, text = self.choices.pick(both)
        scope.boxes[name] = kind, key
        return [f"{name} = {text}"]

    def _from_box(self, scope: Scope) -> list[str]:
        box, (kind, key) = self.choices.pick(list(scope.boxes.items()))
        name = self.choices.fresh("stack")
        scope.stacks[name] = kind
        return [f"{name} = {box}[{key}]"]

    def _again(self, scope: Scope) -> list[str]:
        """Several times in a row what is done with such a container, mostly by a name that it gets there."""
        made = [] if scope.boxes else self._box(scope)
        inner, ways = scope.inner(in_loop=True), [self._change_stack, self._write_row, self._read_stack]
        first = self._from_box(inner) if self.choices.chance(0.8) else self._name_stack(inner)
        lines = [line for _ in range(self.choices.number(2, 4)) for line in self.choices.pick(ways)(inner)]
        loop = f"for {self.choices.fresh('i')} in range({self.choices.number(2, 3)}):"
        return [*made, loop, *indent([*first, *lines])]

    def _change_stack(self, scope: Scope) -> list[str]:
        name, kind = self._any_stack(scope)
        first, second = self._key(scope, kind), self._key(scope, kind)
        item = self.choices.pick([self._new_row(scope, kind), f"{name}[{second}]"])
        ways = [[f"{name}[{first}] = {item}"], [f"{name}[{first}], {name}[{second}] = {name}[{second}], {name}[{first}]"]]
        others = [n for n, k in scope.stacks.items() if k == kind and n != name and n not in scope.frozen]
        if name not in scope.frozen:
            ways.append([f"{name} = {self._anew(kind, self.choices.pick([name, *others]))}"])
            ways += [[f"{name}, {other} = {other}, {name}"] for other in others[:1]]
        if kind != "named":
            ways += [[f"{name}.append({item})"], [f"{name}.insert(0, {item})"], [f"{name}.append({name}.pop(0))"],
                     [f"{name}.reverse()"], [f"{name} += [{item}]"], [f"{name}.extend([{item}])"],
                     [f"if len({name}) > 2:", f"    {name}.pop()"], [f"if len({name}) > 2:", f"    del {name}[0]"],
                     [f"{name}[:] = {name}[::-1]"], [f"{name}[:1] = [{item}, {self._new_row(scope, kind)}]"]]
            if name not in scope.frozen:
                ways.append([f"{name} = {name}[1:] + [{item}]"])
        return self.choices.pick(ways)

    def _row_changes(self, scope: Scope, kind: str, row: str) -> str:
        value = self._value(scope)
        ways = [f"{row}[0] += {value}", f"{row}[-1] *= math.sin({value})", f"{row}[1] = {value}"]
        ways += [f"{row}.append({value})"] if kind == "table" else [f"{row} *= math.cos({value})", f"{row} += {value}"]
        return self.choices.pick(ways)

    def _write_row(self, scope: Scope) -> list[str]:
        """A row is written by a name of its own, and the stack changes before that, or in its place."""
        name, kind = self._any_stack(scope)
        row = self.choices.fresh("row")
        if self.choices.chance(0.3):
            return [self._row_changes(scope, kind, f"{name}[{self._key(scope, kind)}]")]
        between = self._change_stack(scope) if self.choices.chance(0.4) else []
        read = [self._sum(scope, kind, row)] if self.choices.chance(0.5) else []
        return [f"{row} = {name}[{self._key(scope, kind)}]", *between, self._row_changes(scope, kind, row), *read]

    def _sum(self, scope: Scope, kind: str, row: str) -> str:
        value = self.choices.pick([f"sum({row})" if kind == "table" else f"np.sum({row})", f"{row}[0] * {row}[1]"])
        return f"{self.choices.pick(scope.floats)} += {self.choices.constant()} * math.tanh({value})"

    def _read_stack(self, scope: Scope) -> list[str]:
        name, kind = self._any_stack(scope)
        return [self._sum(scope, kind, f"{name}[{self._key(scope, kind)}]")]

    def _each_row(self, scope: Scope) -> list[str]:
        name, kind = self._any_stack(scope)
        row = self.choices.fresh("row")
        rows = f"{name}.values()" if kind == "named" else name
        body = [self._sum(scope, kind, row)]
        if self.choices.chance(0.5):
            body.insert(self.choices.number(0, 1), self._row_changes(scope, kind, row))
        return [f"for {row} in {rows}:", *indent(body)]
