"""Random loops: over ranges with dependent bounds, over arrays, lists, `zip` and `enumerate`, and `while`."""
from __future__ import annotations

from collections.abc import Callable

from .expressions import Expressions
from .scope import Choices, Scope, indent


class Loops:
    """The loops of `Statements`, which gives `block`."""

    choices: Choices
    expressions: Expressions
    block: Callable[[Scope, int, int], list[str]]

    def _body(self, inner: Scope, depth: int) -> list[str]:
        return indent(self.block(inner, self.choices.number(1, 4), depth - 1))

    def _else(self, scope: Scope, depth: int) -> list[str]:
        if "exits" not in self.choices.features or not self.choices.chance(0.12):
            return []
        return ["else:", *indent(self.block(scope.inner(), 1, 0))]

    def for_range(self, scope: Scope, depth: int) -> list[str]:
        """A loop over a range whose bounds may depend on `n`, on outer indices and on the data."""
        text, low, high, certain = self._range(scope)
        name = self.choices.fresh("i")
        before = []
        if self.choices.chance(0.15):
            before, certain = [f"{name} = 0"], True
            low, high = min(low, 0), max(high, 0)
        ints = {**scope.ints, name: (low, high)}
        inner = scope.inner(ints=ints, in_loop=True)
        lines = [*before, f"for {name} in {text}:", *self._body(inner, depth), *self._else(scope, depth)]
        if certain:
            scope.ints[name] = (low, high)
        return lines

    def _range(self, scope: Scope) -> tuple[str, int, int, bool]:
        """Text, least and greatest value, and whether the loop runs at least once."""
        if self.choices.chance(0.15) and scope.floats and "kinks" in self.choices.features:
            return f"range(int(abs({self.choices.pick(scope.floats)}) * 2.0) % 4)", 0, 2, False
        if not scope.ints or self.choices.chance(0.2):
            count = self.choices.number(1, 4)
            return f"range({count})", 0, count - 1, True
        name = self.choices.pick(list(scope.ints))
        low, high = scope.ints[name]
        return self.choices.pick([
            (f"range({name})", 0, max(high - 1, 0), low > 0),
            (f"range({name}, 4)", max(low, 0), 3, high < 4),
            (f"range(1, {name} + 1)", 1, max(high, 1), low > 0),
            (f"range({name}, -1, -1)", 0, max(high, 0), low >= 0),
            (f"range({name} + 1)", 0, max(high, 0), low >= 0),
            (f"range(0, {name}, 2)", 0, max(high - 1, 0), low > 0)])

    def for_each(self, scope: Scope, depth: int) -> list[str]:
        """A loop over the elements or rows of an array or the items of a list, alone, numbered or in pairs."""
        ways = [self._over_array] if scope.arrays else []
        ways += [self._over_zip] if any(len(scope.arrays_of(shape)) > 1 for shape in scope.arrays.values()) else []
        ways += [self._over_list] if scope.lists else []
        return self.choices.pick(ways)(scope, depth) if ways else self.for_range(scope, depth)

    def _over_array(self, scope: Scope, depth: int) -> list[str]:
        name = self.choices.pick(list(scope.arrays))
        length, *rest = scope.arrays[name]
        inner = scope.inner(in_loop=True, frozen=scope.frozen | {name})
        item = self.choices.fresh("row" if rest else "e")
        if rest:
            inner.arrays[item] = tuple(rest)
        else:
            inner.floats.append(item)
        header = f"for {item} in {name}:"
        if self.choices.chance(0.4):
            index = self.choices.fresh("i")
            inner.ints[index] = (0, max(length - 1, 0))
            header = f"for {index}, {item} in enumerate({name}):"
        lines = [header, *self._body(inner, depth), *self._else(scope, depth)]
        if length and not rest and self.choices.chance(0.5):
            scope.floats.append(item)
        return lines

    def _over_zip(self, scope: Scope, depth: int) -> list[str]:
        shape = self.choices.pick([shape for shape in scope.arrays.values() if len(scope.arrays_of(shape)) > 1])
        first, second = self.choices.random.sample(scope.arrays_of(shape), 2)
        items = [self.choices.fresh("e"), self.choices.fresh("e")]
        inner = scope.inner(in_loop=True, frozen=scope.frozen | {first, second})
        for item in items:
            if len(shape) > 1:
                inner.arrays[item] = shape[1:]
            else:
                inner.floats.append(item)
        return [f"for {', '.join(items)} in zip({first}, {second}):", *self._body(inner, depth)]

    def _over_list(self, scope: Scope, depth: int) -> list[str]:
        name, item = self.choices.pick(list(scope.lists)), self.choices.fresh("e")
        inner = scope.inner(in_loop=True, frozen=scope.frozen | {name})
        inner.floats.append(item)
        return [f"for {item} in {name}:", *self._body(inner, depth), *self._else(scope, depth)]

    def while_loop(self, scope: Scope, depth: int) -> list[str]:
        """A `while` with a counter that is raised first, so that `continue` cannot make it endless."""
        counter, most = self.choices.fresh("k"), self.choices.number(0, 4)
        bound = str(most)
        if "n" in scope.ints and self.choices.chance(0.4):
            bound, most = "n", scope.ints["n"][1]
        test = f"{counter} < {bound}"
        if self.choices.chance(0.4):
            test = f"{test} and {self.expressions.condition(scope)}"
        inner = scope.inner(in_loop=True)
        inner.ints[counter] = (1, max(most, 1))
        lines = [f"{counter} = 0", f"while {test}:", f"    {counter} += 1", *self._body(inner, depth),
                 *self._else(scope, depth)]
        scope.ints[counter] = (0, most)
        return lines
