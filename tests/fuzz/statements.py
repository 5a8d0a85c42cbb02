"""Random statements as lines of text. Each method takes the scope, which it extends, and the nesting still allowed."""
from __future__ import annotations

from .expressions import Expressions
from .groups import GroupStatements
from .loops import Loops
from .records import RecordStatements
from .scope import Choices, Scope, Shape, indent
from .stacks import StackStatements
from .surroundings import Surroundings


class Statements(Loops, Surroundings, RecordStatements, GroupStatements, StackStatements):
    """Makes blocks of statements; more of them are in the classes that it extends, nested functions come from `functions`."""

    def __init__(self, choices: Choices, expressions: Expressions):
        self.choices, self.expressions = choices, expressions

    def block(self, scope: Scope, count: int, depth: int) -> list[str]:
        """That many statements, a compound one only where `depth` allows."""
        lines: list[str] = []
        for _ in range(count):
            lines += self._statement(scope, depth)
        return lines or ["pass"]

    def _statement(self, scope: Scope, depth: int) -> list[str]:
        simple = [(3, None, self._assign), (3, None, self._augment), (2, None, self._bind_array),
                  (1, None, self._swap), (2, "writes", self._augment_array), (3, "writes", self._write_element),
                  (2, "writes", self._write_slice), (1, "writes", self._swap_elements), (2, "sharing", self._share),
                  (1, "sharing", self._swap_arrays), (1.5, "containers", self._contain), (1, "helpers", self._call),
                  (1, None, self._unpack), (1.5, "stores", self.store), (5 if scope.stores else 0, None, self.store),
                  (0.7, "prints", self.say), (1, "objects", self.object), (1.2, "records", self.record),
                  (1.5, "groups", self.group), (4 if scope.groups or scope.pairs or scope.shelves else 0, None, self.group),
                  (1.5, "stacks", self.stack), (5 if scope.stacks else 0, None, self.stack)]
        compound = [(4, "loops", self.for_range), (2, "foreach", self.for_each), (2, "while", self.while_loop),
                    (3, "branches", self._branch), (1.5, "exits", self._exit), (1, "closures", self._closure),
                    (2.5, "tries", self.attempt), (2, "contexts", self.context), (0.1, "cells", self.cell)]
        return self.choices.weighted(simple + compound if depth > 0 else simple)(scope, depth)

    # scalars

    def _target(self, scope: Scope) -> str:
        if scope.floats and self.choices.chance(0.6):
            return self.choices.pick(scope.floats)
        return self.choices.fresh("s")

    @staticmethod
    def _bound(scope: Scope, name: str) -> None:
        if name not in scope.floats:
            scope.floats.append(name)

    def _assign(self, scope: Scope, depth: int) -> list[str]:
        value, name = self.expressions.scalar(scope), self._target(scope)
        self._bound(scope, name)
        return [f"{name} = {value}"]

    def _augment(self, scope: Scope, depth: int) -> list[str]:
        if not scope.floats:
            return self._assign(scope, depth)
        name, value = self.choices.pick(scope.floats), self.expressions.scalar(scope)
        return [self.choices.pick([f"{name} += {value}", f"{name} -= {value}", f"{name} *= math.cos({value})",
                                   f"{name} /= 1.5 + math.sin({value})"])]

    def _unpack(self, scope: Scope, depth: int) -> list[str]:
        pairs = [function for function in scope.functions if function.result == "pair"]
        values = (self.expressions.call(scope, self.choices.pick(pairs)) if pairs and self.choices.chance(0.5)
                  else f"{self.expressions.scalar(scope, 1)}, {self.expressions.scalar(scope, 1)}")
        names = [self._target(scope), self.choices.fresh("q")]
        for name in names:
            self._bound(scope, name)
        targets = ", ".join(names)
        return [f"[{targets}] = {values}" if self.choices.chance(0.2) else f"{targets} = {values}"]

    def _swap(self, scope: Scope, depth: int) -> list[str]:
        if len(scope.floats) < 2:
            return self._assign(scope, depth)
        first, second = self.choices.random.sample(scope.floats, 2)
        return [f"{first}, {second} = {second}, {first}"]

    # arrays

    def shape(self, scope: Scope) -> Shape:
        """A shape for a new array: mostly one that is in use."""
        if scope.arrays and self.choices.chance(0.8):
            return scope.arrays[self.choices.pick(list(scope.arrays))]
        return (self.choices.number(2, 4),)

    def _bind_array(self, scope: Scope, depth: int) -> list[str]:
        shape = self.shape(scope)
        known = [name for name in scope.arrays_of(shape) if name not in scope.frozen]
        name = self.choices.pick(known) if known and self.choices.chance(0.3) else self.choices.fresh("b")
        makers = [function for function in scope.functions if function.result == shape]
        value = (self.expressions.call(scope, self.choices.pick(makers)) if makers and self.choices.chance(0.5)
                 else self.expressions.array(scope, shape, 2))
        scope.arrays[name] = shape
        return [f"{name} = {value}"]

    def _any_array(self, scope: Scope) -> str | None:
        names = list(scope.arrays)
        return self.choices.pick(names) if names else None

    def _augment_array(self, scope: Scope, depth: int) -> list[str]:
        name = self._any_array(scope)
        if name is None:
            return self._bind_array(scope, depth)
        array = self.expressions.array(scope, scope.arrays[name])
        scalar = self.expressions.scalar(scope, 1)
        if len(scope.arrays[name]) == 1 and scope.arrays[name][0] and self.choices.chance(0.15):
            return [f"{name} {self.choices.pick(['+=', '*='])} {self.expressions.items(scope, scope.arrays[name][0], True)}"]
        return [self.choices.pick([f"{name} += {array}", f"{name} -= {array}", f"{name} *= np.sin({array})",
                                   f"{name} *= math.cos({scalar})", f"{name} += {scalar}",
                                   f"{name} /= 1.5 + math.sin({scalar})"])]

    def _write_element(self, scope: Scope, depth: int) -> list[str]:
        place = self.expressions.place(scope, self._any_array(scope))
        if place is None:
            return self._bind_array(scope, depth)
        value = self.expressions.scalar(scope)
        operator = self.choices.pick(["=", "=", "+=", "-=", "*= math.sin"])
        return [f"{place} {operator}({value})" if "math" in operator else f"{place} {operator} {value}"]

    def _write_slice(self, scope: Scope, depth: int) -> list[str]:
        name = self._any_array(scope)
        if name is None:
            return self._bind_array(scope, depth)
        first, *rest = scope.arrays[name]
        cut = self.choices.number(0, max(first - 1, 0))
        place = self.choices.pick([f"{name}[{cut}:]", f"{name}[:{first - cut}]"])
        shape = (first - cut, *rest)
        if rest and first and self.choices.chance(0.6):
            by_column = self.choices.chance(0.5)
            place = (f"{name}[:, {self.expressions.index(scope, rest[0])}]" if by_column
                     else f"{name}[{self.expressions.index(scope, first)}]")
            shape = (first,) if by_column else (rest[0],)
        array, scalar = self.expressions.array(scope, shape), self.expressions.scalar(scope, 1)
        held = []
        if not rest and self.choices.chance(0.2):
            part = self.choices.fresh("part")
            held, place = [f"{part} = slice({cut}, None)"], f"{name}[{part}]"
        return [*held, self.choices.pick([f"{place} = {array}", f"{place} = {scalar}", f"{place} += {array}",
                                   f"{place} *= math.sin({scalar})", f"{place} -= 0.5 * {array}"])]

    def _swap_elements(self, scope: Scope, depth: int) -> list[str]:
        name = self._any_array(scope)
        places = [self.expressions.place(scope, name) for _ in range(2)]
        if None in places:
            return self._bind_array(scope, depth)
        return [f"{places[0]}, {places[1]} = {places[1]}, {places[0]}"]

    def _share(self, scope: Scope, depth: int) -> list[str]:
        """A second name or a view of an array, and at times a write through it at once."""
        shape = self.shape(scope)
        if len(shape) == 1 and shape[0] > 1 and self.choices.chance(0.4):
            shape = (shape[0] - 1,)
        sources = scope.arrays_of(shape) + 2 * self.expressions.views(scope, shape)
        if not sources:
            return self._bind_array(scope, depth)
        source, name = self.choices.pick(sources), self.choices.fresh("v")
        scope.arrays[name] = shape
        lines = [f"{name} = {source}"]
        if "writes" in self.choices.features and self.choices.chance(0.5):
            lines.append(f"{name} {self.choices.pick(['*=', '+='])} {self.expressions.scalar(scope, 1)}")
        return lines

    def _swap_arrays(self, scope: Scope, depth: int) -> list[str]:
        name = self._any_array(scope)
        others = [other for other in scope.arrays_of(scope.arrays[name]) if other != name] if name else []
        if not others or name in scope.frozen or others[0] in scope.frozen:
            return self._bind_array(scope, depth)
        return [f"{name}, {others[0]} = {others[0]}, {name}"]

    # containers, calls and branches

    def _contain(self, scope: Scope, depth: int) -> list[str]:
        options = [self._make_list, self._make_dict]
        options += [self._grow_list] * 3 if scope.lists else []
        options += [self._write_dict] if scope.dicts else []
        return self.choices.pick(options)(scope)

    def _make_list(self, scope: Scope) -> list[str]:
        name, count = self.choices.fresh("items"), self.choices.number(0, 3)
        values = [self.expressions.scalar(scope, 1) for _ in range(count)]
        scope.lists[name] = count
        return [f"{name} = [{', '.join(values)}]"]

    def _grow_list(self, scope: Scope) -> list[str]:
        name, value = self.choices.pick(list(scope.lists)), self.expressions.scalar(scope, 1)
        if scope.lists[name] and self.choices.chance(0.4):
            index = self.expressions.index(scope, scope.lists[name])
            return [f"{name}[{index}] {self.choices.pick(['=', '+=', '-='])} {value}"]
        if name in scope.frozen:
            return [f"{name} = {name} + [{value}]"]
        scope.lists[name] += 1
        return [f"{name}.append({value})"]

    def _make_dict(self, scope: Scope) -> list[str]:
        name, keys = self.choices.fresh("table"), ("u", "w")
        entries = [f'"{key}": {self.expressions.scalar(scope, 1)}' for key in keys]
        scope.dicts[name] = keys
        return [f"{name} = {{{', '.join(entries)}}}"]

    def _write_dict(self, scope: Scope) -> list[str]:
        name = self.choices.pick(list(scope.dicts))
        key = self.choices.pick(scope.dicts[name])
        return [f'{name}["{key}"] {self.choices.pick(["=", "+="])} {self.expressions.scalar(scope, 1)}']

    def _call(self, scope: Scope, depth: int) -> list[str]:
        writers = [function for function in scope.functions if function.result is None
                   and all(scope.arrays_of(kind) for _, kind in function.parameters if isinstance(kind, tuple))]
        if not writers:
            return self._assign(scope, depth)
        return [self.expressions.call(scope, self.choices.pick(writers))]

    def _branch(self, scope: Scope, depth: int) -> list[str]:
        inside = [indent(self.block(scope.inner(), self.choices.number(1, 3), depth - 1)) for _ in range(3)]
        lines = [f"if {self.expressions.condition(scope)}:", *inside[0]]
        if self.choices.chance(0.3):
            lines += [f"elif {self.expressions.condition(scope)}:", *inside[1]]
        if self.choices.chance(0.6):
            lines += ["else:", *inside[2]]
        return lines

    def _exit(self, scope: Scope, depth: int) -> list[str]:
        """A branch that leaves: the iteration, the loop, or the function."""
        exits = [f"return {self.expressions.scalar(scope)}"] if not scope.in_function else []
        exits += ["break", "continue"] * 2 if scope.in_loop else []
        if not exits:
            return self._assign(scope, depth)
        inner = scope.inner()
        before = self.block(inner, 1, 0) if self.choices.chance(0.5) else []
        return [f"if {self.expressions.condition(scope)}:", *indent([*before, self.choices.pick(exits)])]

    def _closure(self, scope: Scope, depth: int) -> list[str]:
        return self.nested_function(scope)

    def nested_function(self, scope: Scope) -> list[str]:
        """Set by the generator of functions, which in turn needs blocks."""
        raise NotImplementedError
