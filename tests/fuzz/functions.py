"""Random helper functions: plain, recursive, writing into an array, returning a pair or an array; and closures."""
from __future__ import annotations

from .scope import Function, Scope, Shape, indent
from .statements import Statements


class Functions(Statements):
    """Adds functions to `Statements`."""

    def helpers(self, length: int, count: int, around: Scope) -> list[str]:
        """Text of `count` module-level functions for scalars and vectors of that length, which `around` then knows."""
        lines: list[str] = []
        for _ in range(count):
            make = self.choices.weighted([
                (3, None, self._scalar_helper), (1.5, "recursion", self._recursive_helper),
                (2, "writes", self._writing_helper), (1, None, self._pair_helper), (1.5, None, self._array_helper)])
            text, function = make(around, (length,))
            lines += [*text, "", ""]
            around.functions.append(function)
        return lines

    def _scalar_helper(self, around: Scope, shape: Shape) -> tuple[list[str], Function]:
        name = self.choices.fresh("g")
        scope = around.inner(floats=["p", "q"])
        body = self._with_exits(scope)
        function = Function(name, (("p", "float"), ("q", "float")), "float", defaults=1)
        return [f"def {name}(p, q={self.choices.constant()}):", *indent(body)], function

    def _with_exits(self, scope: Scope) -> list[str]:
        return [*self.block(scope, self.choices.number(0, 2), 1), f"return {self.expressions.scalar(scope)}"]

    def _recursive_helper(self, around: Scope, shape: Shape) -> tuple[list[str], Function]:
        name = self.choices.fresh("rec")
        scope = Scope(floats=["p"], ints={"k": (0, 3)})
        step, last = self.expressions.scalar(scope), self.expressions.scalar(scope)
        again = self.choices.pick([f"return {name}({step}, k - 1)", f"return 0.5 * {name}({step}, k - 1) + {last}",
                                   f"return {name}(math.sin(p), k - 1) * {name}({step}, k - 2)"])
        lines = [f"def {name}(p, k):", "    if k <= 0:", f"        return {last}", f"    {again}"]
        return lines, Function(name, (("p", "float"), ("k", "int")), "float")

    def _writing_helper(self, around: Scope, shape: Shape) -> tuple[list[str], Function]:
        name = self.choices.fresh("put")
        scope = around.inner(floats=["p"], arrays={"b": shape}, in_function=True)
        inner = scope.inner(ints={"j": (0, shape[0] - 1)}, in_loop=True)
        loop = ["for j in range(len(b)):", *indent(self.block(inner, self.choices.number(1, 2), 0)),
                f"    b[j] {self.choices.pick(['=', '+=', '*='])} {self.expressions.scalar(inner, 1)}"]
        whole = [f"b {self.choices.pick(['+=', '*='])} {self.expressions.scalar(scope, 1)}"]
        body = loop if self.choices.chance(0.7) else whole
        result = "float" if self.choices.chance(0.4) else None
        body += [f"return {self.expressions.scalar(scope, 1)}"] if result else []
        return [f"def {name}(b, p):", *indent(body)], Function(name, (("b", shape), ("p", "float")), result)

    def _pair_helper(self, around: Scope, shape: Shape) -> tuple[list[str], Function]:
        name = self.choices.fresh("two")
        scope = around.inner(floats=["p", "q"])
        values = f"{self.expressions.scalar(scope)}, {self.expressions.scalar(scope)}"
        return ([f"def {name}(p, q):", f"    return {values}"],
                Function(name, (("p", "float"), ("q", "float")), "pair"))

    def _array_helper(self, around: Scope, shape: Shape) -> tuple[list[str], Function]:
        name = self.choices.fresh("arr")
        scope = around.inner(floats=["p"], arrays={"b": shape}, in_function=True)
        body = self.block(scope, self.choices.number(0, 2), 1)
        same = "sharing" in self.choices.features and self.choices.chance(0.3)
        result = self.choices.pick(scope.arrays_of(shape)) if same else self.expressions.array(scope, shape, 2)
        return ([f"def {name}(b, p=0.5):", *indent([*body, f"return {result}"])],
                Function(name, (("b", shape), ("p", "float")), shape, defaults=1))

    def nested_function(self, scope: Scope) -> list[str]:
        """A lambda or a nested function that reads the names around it as they are when it is called."""
        name = self.choices.fresh("h")
        inner = scope.inner(floats=[*scope.floats, "t"], in_loop=False)
        function = Function(name, (("t", "float"),), "float")
        if self.choices.chance(0.2):
            value = self.expressions.scalar(scope)
            inner.floats.append("u")
            lines = [f"def {name}(t, u={value}):", f"    return {self.expressions.scalar(inner)}"]
            function = Function(name, (("t", "float"), ("u", "float")), "float", defaults=1)
        elif self.choices.chance(0.5):
            lines = [f"{name} = lambda t: {self.expressions.scalar(inner)}"]
        else:
            local = self.choices.fresh("s")
            first = f"{local} = {self.expressions.scalar(inner)}"
            inner.floats.append(local)
            lines = [f"def {name}(t):", f"    {first}", f"    return {self.expressions.scalar(inner)}"]
        scope.functions.append(function)
        return lines
