"""Random statements about what is filled by groups: dicts of lists, lists of pairs, lists of arrays of differing lengths."""
from __future__ import annotations

from .expressions import Expressions
from .scope import Choices, Scope, indent


class GroupStatements:
    """More statements for `Statements`."""

    choices: Choices
    expressions: Expressions

    def group(self, scope: Scope, depth: int) -> list[str]:
        """Such a container is made, changed under one of its names, or read."""
        ways = [(scope.groups, self._make_groups, [self._put_in_group] * 2 + [self._read_group], self._each_group),
                (scope.pairs, self._make_pairs, [self._put_pair] * 2 + [self._name_pairs], self._each_pair),
                (scope.shelves, self._make_shelf, [self._use_shelf], self._each_array)]
        known, make, change, each = self.choices.pick(ways)
        if not known or not scope.floats or self.choices.chance(0.2):
            return [*make(scope), *(self.choices.pick(change)(scope) if scope.floats else [])]
        return self.choices.pick([*change, *([each] * 2 if depth > 0 else [])])(scope)

    def _value(self, scope: Scope) -> str:
        return self.expressions.scalar(scope, 1)

    def _sum_into(self, scope: Scope, value: str) -> str:
        """A line that adds a value to a number in reach."""
        return f"{self.choices.pick(scope.floats)} += {self.choices.constant()} * {value}"

    # dicts of lists

    def _make_groups(self, scope: Scope) -> list[str]:
        name = self.choices.fresh("groups")
        scope.groups.append(name)
        value = self.choices.pick(["{}", "defaultdict(list)", f"{{0: [{self._value(scope)}]}}"])
        return [f"{name} = {value}"]

    def _put_in_group(self, scope: Scope) -> list[str]:
        name, key = self.choices.pick(scope.groups), self.expressions.index(scope, 3)
        place = f"{name}.setdefault({key}, [])"
        if self.choices.chance(0.3):
            held = self.choices.fresh("held")
            return [f"{held} = {place}", f"{held}.append({self._value(scope)})",
                    f"{held}[0] {self.choices.pick(['=', '+=', '*='])} {self._value(scope)}"]
        return [f"{place}.append({self._value(scope)})"]

    def _read_group(self, scope: Scope) -> list[str]:
        name, key, constant = self.choices.pick(scope.groups), self.expressions.index(scope, 3), self.choices.constant()
        value = self.choices.pick([f"sum({name}.get({key}, [{constant}]))", f"{name}.setdefault({key}, [{constant}])[-1]",
                                   f"(0.1 * len({name}))", f"({constant} if {key} in {name} else 0.4)"])
        return [self._sum_into(scope, value)]

    def _each_group(self, scope: Scope) -> list[str]:
        key, values, item = (self.choices.fresh(n) for n in ("key", "values", "e"))
        body = self.choices.pick([[f"for {item} in {values}:", *indent([self._sum_into(scope, item)])],
                                  [self._sum_into(scope, f"math.tanh(sum({values}))")],
                                  [self._sum_into(scope, f"(0.1 * {key} * len({values}))")]])
        return [f"for {key}, {values} in {self.choices.pick(scope.groups)}.items():", *indent(body)]

    # lists of pairs

    def _make_pairs(self, scope: Scope) -> list[str]:
        name = self.choices.fresh("pairs")
        scope.pairs.append(name)
        return [f"{name} = [(0, {self._value(scope)}), (1, {self._value(scope)})]"]

    def _name_pairs(self, scope: Scope) -> list[str]:
        name, known = self.choices.fresh("pairs"), self.choices.pick(scope.pairs)
        other = self.choices.pick(scope.pairs)
        chosen = f"{known} if {self.expressions.condition(scope)} else {other}"
        scope.pairs.append(name)
        return [f"{name} = {self.choices.pick([known, chosen])}"]

    def _put_pair(self, scope: Scope) -> list[str]:
        name, pair = self.choices.pick(scope.pairs), f"({self.choices.number(0, 3)}, {self._value(scope)})"
        return [self.choices.pick([f"{name}.append({pair})", f"{name}[0] = {pair}", f"{name}[-1] = {name}[0]",
                                   f"{name}[1] = ({name}[0][0], {name}[1][1] * {self._value(scope)})"])]

    def _each_pair(self, scope: Scope) -> list[str]:
        number, value = self.choices.fresh("i"), self.choices.fresh("e")
        line = self._sum_into(scope, self.choices.pick([value, f"{value} * {number}", f"math.sin({value})"]))
        return [f"for {number}, {value} in {self.choices.pick(scope.pairs)}:", *indent([line])]

    # lists of arrays

    def _make_shelf(self, scope: Scope) -> list[str]:
        name, known = self.choices.fresh("shelf"), scope.arrays_with(1)
        items = []
        for _ in range(self.choices.number(2, 3)):
            new = f"({self.expressions.array(scope, (self.choices.number(1, 4),))}) * 1.0"
            items.append(self.choices.pick(known) if known and self.choices.chance(0.4) else new)
        scope.shelves[name] = len(items)
        return [f"{name} = [{', '.join(items)}]"]

    def _use_shelf(self, scope: Scope) -> list[str]:
        """Two arrays get names, one of them is written, the other is read."""
        name = self.choices.pick(list(scope.shelves))
        one, other = self.choices.fresh("v"), self.choices.fresh("v")
        write = self.choices.pick([f"{one} *= {self._value(scope)}", f"{one}[0] += {self._value(scope)}",
                                   f"{one} += {self._value(scope)}", f"{one}[:] = {self._value(scope)}"])
        lines = [f"{v} = {name}[{self.expressions.index(scope, scope.shelves[name])}]" for v in (one, other)]
        return [*lines, write, self._sum_into(scope, self.choices.pick([f"{other}[0]", f"np.sum({other})", f"np.sum({one})"]))]

    def _each_array(self, scope: Scope) -> list[str]:
        name, row = self.choices.pick(list(scope.shelves)), self.choices.fresh("row")
        item, index = self.choices.fresh("e"), self.choices.fresh("i")
        made = self.choices.pick([[], [f"{row} = {row} * {self._value(scope)}"], [f"{row} *= {self.choices.constant()}"]])
        body = self.choices.pick([[f"for {item} in {row}:", *indent([self._sum_into(scope, item)])],
                                  [f"for {index} in range(len({row})):", *indent([self._sum_into(scope, f"{row}[{index}]")])]])
        return [f"for {row} in {name}:", *indent([*made, *body])]
