"""Random expressions as text: scalars, arrays of a given shape, indices and conditions."""
from __future__ import annotations

from dataclasses import replace

from .scope import Choices, Function, Scope, Shape, Store
from .stores import Stores


class Expressions:
    """Makes expressions whose values stay moderate and whose derivatives exist almost everywhere."""

    def __init__(self, choices: Choices):
        self.choices, self.stores = choices, Stores(choices)

    # scalars

    def scalar(self, scope: Scope, depth: int = 2) -> str:
        """Text of a scalar expression with at most `depth` levels of operations, in brackets where it needs them."""
        if depth <= 0:
            return self._leaf(scope)
        make = self.choices.weighted([
            (5, None, self._arithmetic), (2, None, self._smooth), (1, None, self._quotient), (0.5, None, self._negated),
            (2, None, self._element), (2, None, self._reduction), (1, "branches", self._ternary),
            (1, "kinks", self._kink), (1, None, self._with_integer), (1, "containers", self._contained),
            (2, "helpers", self._call_scalar), (1, None, self._leaf_at), (0.5, None, self._power),
            (2 if scope.stores else 0, None, self._stored), (1, "inside", self._slope)])
        return make(scope, depth - 1)

    def _leaf(self, scope: Scope) -> str:
        if scope.floats and self.choices.chance(0.8):
            return self.choices.pick(scope.floats)
        if scope.constants and self.choices.chance(0.8):
            return self.choices.pick(scope.constants)
        return self.choices.constant()

    def _leaf_at(self, scope: Scope, depth: int) -> str:
        return self._leaf(scope)

    def _arithmetic(self, scope: Scope, depth: int) -> str:
        operator = self.choices.pick(["+", "-", "*", "*"])
        return f"({self.scalar(scope, depth)} {operator} {self.scalar(scope, depth)})"

    def _smooth(self, scope: Scope, depth: int) -> str:
        inner = self.scalar(scope, depth)
        form = self.choices.pick(["math.sin({})", "math.tanh({})", "np.sin({})", "np.tanh({})", "math.cos({})",
                                  "math.exp(math.sin({}))", "np.exp(np.cos({}))", "math.sqrt(1.0 + {} ** 2)",
                                  "math.log(2.0 + math.sin({}))", "float({})"])
        return form.format(inner)

    def _quotient(self, scope: Scope, depth: int) -> str:
        form = self.choices.pick(["({} / (1.5 + math.sin({})))", "({} / (1.0 + {} ** 2))"])
        return form.format(self.scalar(scope, depth), self.scalar(scope, depth))

    def _negated(self, scope: Scope, depth: int) -> str:
        return f"(-{self.scalar(scope, depth)})"

    def _power(self, scope: Scope, depth: int) -> str:
        form = self.choices.pick(["(math.sin({}) ** 2)", "((1.5 + math.cos({})) ** 1.5)", "pow(math.tanh({}), 3)"])
        return form.format(self.scalar(scope, depth))

    def _kink(self, scope: Scope, depth: int) -> str:
        left, right = self.scalar(scope, depth), self.scalar(scope, depth)
        offset = self.choices.constant()
        return self.choices.pick([f"abs({left} + {offset})", f"max({left}, {right} + {offset})",
                                  f"min({left} + {offset}, {right})"])

    def _ternary(self, scope: Scope, depth: int) -> str:
        return f"({self.scalar(scope, depth)} if {self.condition(scope)} else {self.scalar(scope, depth)})"

    def _with_integer(self, scope: Scope, depth: int) -> str:
        if not scope.ints:
            return self._leaf(scope)
        name = self.choices.pick(list(scope.ints))
        return self.choices.pick(["({} * 0.3 + {})", "(0.2 * {} * {})"]).format(name, self.scalar(scope, depth))

    def _element(self, scope: Scope, depth: int) -> str:
        return self.place(scope, self.choices.pick(list(scope.arrays)) if scope.arrays else None) or self._leaf(scope)

    def place(self, scope: Scope, name: str | None) -> str | None:
        """`name[i]` or `name[i, j]`, or None where the array has no element or there is no array."""
        if name is None:
            return None
        indices = [self.index(scope, length) for length in scope.arrays[name]]
        if None in indices:
            return None
        return f"{name}[{', '.join(str(index) for index in indices)}]"

    def _reduction(self, scope: Scope, depth: int) -> str:
        if not scope.arrays:
            return self._leaf(scope)
        shape = scope.arrays[self.choices.pick(list(scope.arrays))]
        first = self.array(scope, shape, min(depth, 1))
        forms = ["np.sum({0})", "{0}.sum()", "(0.5 * np.sum({0} * {0}))"]
        if 0 not in shape:
            forms += ["np.mean({0})", "{0}.mean()"]
            if "kinks" in self.choices.features:
                spread = f"np.linspace(0.1, {self.choices.constant()}, {shape[-1]})"
                forms += [f"np.max({{0}} + {spread})", f"({{0}} - {spread}).min()"]
        if len(shape) == 1:
            forms += ["np.dot({0}, {1})", "({0} @ {1})"]
        return self.choices.pick(forms).format(first, self.array(scope, shape, 0))

    def _contained(self, scope: Scope, depth: int) -> str:
        options = [f"{name}[{self.index(scope, length)}]" for name, length in scope.lists.items() if length]
        options += [f"sum({name})" for name in scope.lists]
        options += [f"(0.1 * len({name}))" for name in scope.lists]
        options += [f'{name}["{self.choices.pick(keys)}"]' for name, keys in scope.dicts.items()]
        options.append(f"({self.scalar(scope, depth)}, {self._leaf(scope)})[{self.choices.number(0, 1)}]")
        options.append(self._comprehension(scope))
        return self.choices.pick(options)

    def _comprehension(self, scope: Scope) -> str:
        """The sum of a list comprehension over a list, a vector or a range."""
        sources = [*scope.lists, *scope.arrays_with(1), *(f"range({name})" for name in scope.ints), "range(3)",
                   *(f"list({name})" for name in self.stores_of(scope, "bag", "recent"))]
        item, source = self.choices.fresh("c"), self.choices.pick(sources)
        inner = scope.inner()
        inner.floats.append(item)
        test = f" if {self.condition(inner)}" if self.choices.chance(0.3) else ""
        return f"sum([{self.scalar(inner, 1)} for {item} in {source}{test}])"

    def _stored(self, scope: Scope, depth: int) -> str:
        name = self.choices.pick(list(scope.stores))
        return self.stores.read(scope.stores[name].kind, name, lambda: self.integer(scope))

    @staticmethod
    def stores_of(scope: Scope, *kinds: str) -> list[str]:
        return [name for name, store in scope.stores.items() if store.kind in kinds]

    def steady(self, scope: Scope) -> str:
        """Text of a number that carries no derivative."""
        held = [name for name, store in scope.stores.items() if not store.live]
        if held and self.choices.chance(0.3):
            name = self.choices.pick(held)
            return self.stores.read(scope.stores[name].kind, name, lambda: self.integer(scope))
        if scope.ints and self.choices.chance(0.4):
            return f"({self.integer(scope)} * 0.3 + {self.choices.constant()})"
        return self.choices.pick([*scope.constants, self.choices.constant()])

    def integer(self, scope: Scope) -> str:
        return self.choices.pick([*scope.ints, str(self.choices.number(0, 3))])

    def _slope(self, scope: Scope, depth: int) -> str:
        """The derivative, taken here, of a function in reach: a curve or a closure."""
        functions = [function for function in scope.functions if function.name.startswith(("h", "curve"))]
        if not functions:
            return self._leaf(scope)
        function = self.choices.pick(functions)
        return self.call(scope, replace(function, name=f"ad.grad({function.name})"), depth)

    def _call_scalar(self, scope: Scope, depth: int) -> str:
        functions = [function for function in scope.functions if function.result == "float"]
        return self.call(scope, self.choices.pick(functions), depth) if functions else self._leaf(scope)

    def call(self, scope: Scope, function: Function, depth: int = 1) -> str:
        """Text of a call, the last arguments given by keyword or left to their defaults at random."""
        given = len(function.parameters) - (self.choices.number(0, function.defaults) if function.defaults else 0)
        keyword_from = self.choices.number(1, given) if given > 1 and self.choices.chance(0.4) else given
        texts = []
        for position, (name, kind) in enumerate(function.parameters[:given]):
            text = self._argument(scope, kind, depth)
            texts.append(text if position < keyword_from else f"{name}={text}")
        return f"{function.name}({', '.join(texts)})"

    def _argument(self, scope: Scope, kind: str | Shape | Store, depth: int) -> str:
        if isinstance(kind, Store):
            fit = [name for name, store in scope.stores.items() if store == kind or store == Store(kind.kind, True)]
            return self.choices.pick(fit) if fit else self.stores.made(kind.kind, self.choices.constant)
        if kind == "float":
            return self.scalar(scope, min(depth, 1))
        if kind == "int":
            return str(self.choices.number(0, 3))
        names = scope.arrays_of(kind)
        return self.choices.pick(names) if names else self.array(scope, kind, 1)

    # arrays

    def array(self, scope: Scope, shape: Shape, depth: int = 1) -> str:
        """Text of an expression of an array of that shape, in brackets where it needs them."""
        names = scope.arrays_of(shape)
        if depth <= 0:
            return self.choices.pick(names) if names and self.choices.chance(0.8) else self._made(scope, shape)
        make = self.choices.weighted([
            (3, None, self._array_arithmetic), (1.5, None, self._array_smooth), (1, None, self._scaled),
            (1, None, self._made_at), (1, "kinks", self._array_kink), (2, None, self._cut),
            (1, "matrix", self._from_matrix)])
        return make(scope, shape, depth - 1)

    def _made_at(self, scope: Scope, shape: Shape, depth: int) -> str:
        return self._made(scope, shape)

    def _made(self, scope: Scope, shape: Shape) -> str:
        size = str(shape[0]) if len(shape) == 1 else str(shape)
        forms = [f"np.zeros({size})", f"np.ones({size})", f"np.full({size}, {self._leaf(scope)})"]
        forms += [f"np.zeros_like({name})" for name in scope.arrays_of(shape)[:1]]
        if len(shape) == 1 and shape[0]:
            forms.append(f"np.linspace(0.1, 1.0, {size})")
            forms.append(f"np.array({self.items(scope, shape[0], self.choices.chance(0.3))})")
        return self.choices.pick(forms)

    def items(self, scope: Scope, count: int, whole: bool = False) -> str:
        """Text of a list of numbers; `whole`: all but the first may be whole ones."""
        numbers = [self._leaf(scope), *(str(self.choices.number(0, 2)) if whole and self.choices.chance(0.5) else
                                        self._leaf(scope) for _ in range(count - 1))]
        return f"[{', '.join(numbers)}]"

    def _array_arithmetic(self, scope: Scope, shape: Shape, depth: int) -> str:
        operator = self.choices.pick(["+", "-", "*"])
        return f"({self.array(scope, shape, depth)} {operator} {self.array(scope, shape, depth)})"

    def _scaled(self, scope: Scope, shape: Shape, depth: int) -> str:
        inner, factor = self.array(scope, shape, depth), self.scalar(scope, depth)
        if len(shape) == 1 and shape[0] and self.choices.chance(0.2):
            form = self.choices.pick(["({0} * {1})", "({1} + {0})", "({0} - tuple({1}))"])
            return form.format(inner, self.items(scope, shape[0], True))
        return self.choices.pick(["({0} * {1})", "({1} * {0})", "({0} + {1})", "({1} - {0})",
                                  "({0} / (1.5 + math.sin({1})))"]).format(inner, factor)

    def _array_smooth(self, scope: Scope, shape: Shape, depth: int) -> str:
        form = self.choices.pick(["np.sin({})", "np.tanh({})", "np.exp(np.sin({}))", "np.sqrt(1.0 + {} ** 2)", "(-{})",
                                  "{}.copy()", "np.cos({})", "np.asarray({})", "{}.astype(float)"])
        return form.format(self.array(scope, shape, depth))

    def _array_kink(self, scope: Scope, shape: Shape, depth: int) -> str:
        first, second = self.array(scope, shape, depth), self.array(scope, shape, 0)
        offset = self.choices.constant()
        return self.choices.pick([f"np.abs({first} + {offset})", f"np.maximum({first}, {self._leaf(scope)} - {offset})",
                                  f"np.where({first} > {offset}, {second}, {first})"])

    def _cut(self, scope: Scope, shape: Shape, depth: int) -> str:
        """A slice of a longer array, or the array backwards."""
        views = self.views(scope, shape)
        return self.choices.pick(views) if views else self._scaled(scope, shape, depth)

    def views(self, scope: Scope, shape: Shape) -> list[str]:
        """Texts of basic slices and rows of the arrays in reach that have the shape."""
        found = []
        for name, known in scope.arrays.items():
            if len(known) == len(shape) == 1:
                extra = known[0] - shape[0]
                if extra == 0:
                    found += [f"{name}[::-1]", f"{name}[:]"]
                elif extra > 0 and shape[0]:
                    found += [f"{name}[{extra}:]", f"{name}[:-{extra}]"]
                    found += [f"{name}[1:-1]"] if extra == 2 else []
            elif len(known) == 2 and shape == known[::-1]:
                found.append(f"{name}.T")
            elif len(known) == 2 and len(shape) == 1:
                found += [f"{name}[{self.index(scope, known[0])}]"] if shape[0] == known[1] else []
                found += [f"{name}[:, {self.index(scope, known[1])}]"] if shape[0] == known[0] else []
        return found

    def _from_matrix(self, scope: Scope, shape: Shape, depth: int) -> str:
        found = []
        for name in scope.arrays_with(2):
            rows, columns = scope.arrays[name]
            if shape == (rows,):
                found += [f"({name} @ {self.array(scope, (columns,), 0)})", f"{name}.sum(axis=1)"]
            elif shape == (columns,):
                found += [f"np.dot({self.array(scope, (rows,), 0)}, {name})", f"np.sum({name}, axis=0)"]
            elif shape == (rows, columns):
                found += [f"({name} * {self.array(scope, (columns,), 0)})",
                          f"({self.array(scope, (rows,), 0)}[:, None] * {name})",
                          f"np.outer({self.array(scope, (rows,), 0)}, {self.array(scope, (columns,), 0)})"]
        return self.choices.pick(found) if found else self._scaled(scope, shape, depth)

    # integers and conditions

    def index(self, scope: Scope, length: int) -> str | None:
        """Text of a valid index into that many elements, or None where there are none."""
        if length <= 0:
            return None
        safe = [name for name, (low, high) in scope.ints.items() if 0 <= low and high < length]
        if safe and self.choices.chance(0.6):
            return self.choices.pick(safe)
        if scope.ints and self.choices.chance(0.4):
            return f"({self.choices.pick(list(scope.ints))} + {self.choices.number(1, 2)}) % {length}"
        return str(self.choices.pick([-1, *range(length)]))

    def condition(self, scope: Scope) -> str:
        """Text of a test, on data or on integers, at times of two tests."""
        text = self._test(scope)
        if self.choices.chance(0.2):
            return f"({text} {self.choices.pick(['and', 'or'])} {self._test(scope)})"
        return f"not ({text})" if self.choices.chance(0.1) else text

    def _test(self, scope: Scope) -> str:
        if scope.ints and self.choices.chance(0.35):
            name = self.choices.pick(list(scope.ints))
            return self.choices.pick(["{0} % 2 == {1}", "{0} > {1}", "{0} != {1}", "{0} <= {1}"]).format(
                name, self.choices.number(0, 1))
        if scope.stores and self.choices.chance(0.4):
            name = self.choices.pick(list(scope.stores))
            return self.stores.test(scope.stores[name].kind, name, lambda: self.integer(scope))
        if scope.floats and self.choices.chance(0.15):
            return f"-{self.choices.constant()} < {self.choices.pick(scope.floats)} < {self.choices.constant()}"
        bound = f"{self.choices.pick(['', '-'])}{self.choices.constant()}"
        if self.choices.chance(0.3):
            bound = f"{self._leaf(scope)} - {self.choices.constant()}"
        return f"{self.scalar(scope, 1)} {self.choices.pick(['<', '>', '<=', '>='])} {bound}"
