"""Random statements about more than numbers: containers that change, exceptions, contexts, objects, cells, printing."""
from __future__ import annotations

from collections.abc import Callable

from .expressions import Expressions
from .scope import Choices, Function, Scope, Store, indent
from .stores import KINDS


class Surroundings:
    """More statements for `Statements`, which gives `block`."""

    choices: Choices
    expressions: Expressions
    block: Callable[[Scope, int, int], list[str]]

    # containers that change

    def store(self, scope: Scope, depth: int) -> list[str]:
        """A container is made, gets another name, is put into another container, is changed, or a number is taken out."""
        if not scope.stores:
            return self._make_store(scope)
        local = "stores" in self.choices.features
        make = self.choices.weighted([
            (1.5 if local else 0, None, self._make_store), (1, "stores", self._rename_store),
            (1, "stores", self._hold_store), (6, None, self.change_store), (1, None, self._take)])
        return make(scope)

    def _number(self, scope: Scope, store: Store) -> Callable[[], str]:
        return lambda: self.expressions.scalar(scope, 1) if store.live else self.expressions.steady(scope)

    def _make_store(self, scope: Scope) -> list[str]:
        store = Store(self.choices.pick(KINDS), self.choices.chance(0.4))
        bound = [name for name, known in scope.stores.items() if known == store and name.isidentifier() and name.islower()]
        name = self.choices.pick(bound) if bound and self.choices.chance(0.2) else self.choices.fresh(store.kind)
        makers = [function for function in scope.functions if function.result == store]
        text = (self.expressions.call(scope, self.choices.pick(makers)) if makers and self.choices.chance(0.5)
                else self.expressions.stores.made(store.kind, self._number(scope, store)))
        scope.stores[name] = store
        return [f"{name} = {text}"]

    def _rename_store(self, scope: Scope) -> list[str]:
        """A second name, at times for one of two containers."""
        name, other = self.choices.pick(list(scope.stores)), self.choices.fresh("other")
        alike = [known for known, store in scope.stores.items() if store == scope.stores[name] and known != name]
        text = name
        if alike and self.choices.chance(0.3):
            text = f"{name} if {self.expressions.condition(scope)} else {self.choices.pick(alike)}"
        scope.stores[other] = scope.stores[name]
        return [f"{other} = {text}"]

    def _hold_store(self, scope: Scope) -> list[str]:
        """A list, tuple or dict around the container, which is reached through it from now on, too."""
        name, holder = self.choices.pick(list(scope.stores)), self.choices.fresh("held")
        constant = self.choices.constant()
        text, path = self.choices.pick([
            (f"[{name}, {constant}]", f"{holder}[0]"), (f"({constant}, {name})", f"{holder}[1]"),
            (f'{{"in": {name}}}', f'{holder}["in"]'), (f"[[{name}]]", f"{holder}[0][-1]")])
        scope.stores[path] = scope.stores[name]
        return [f"{holder} = {text}"]

    def change_store(self, scope: Scope) -> list[str]:
        name = self.choices.pick(list(scope.stores))
        store = scope.stores[name]
        return self.expressions.stores.change(store.kind, name, self._number(scope, store),
                                              lambda: self.expressions.integer(scope))

    def _take(self, scope: Scope) -> list[str]:
        name, target = self.choices.pick(list(scope.stores)), self.choices.fresh("s")
        text = self.expressions.stores.taken(scope.stores[name].kind, name)
        scope.floats.append(target)
        return [f"{target} = {text}"]

    # exceptions and contexts

    def attempt(self, scope: Scope, depth: int) -> list[str]:
        """A `try` around a call that may raise, with a handler, and at times an `else` and a `finally`."""
        risky = [function for function in scope.functions if function.result == "risky"]
        name = self.choices.fresh("s")
        call = self.expressions.call(scope, self.choices.pick(risky)) if risky else self.expressions.scalar(scope)
        returns = "exits" in self.choices.features and not scope.in_function
        done, caught = ("return" if returns and self.choices.chance(p) else f"{name} =" for p in (0.12, 0.2))
        body = [*self._some(scope, 0.25), f"{done} {call}", *(self._some(scope, 0.2) if done != "return" else [])]
        handler = [*self._some(scope, 0.4), f"{caught} {self.expressions.scalar(scope)}"]
        error = self.choices.pick(["ValueError", "ValueError as error", "(KeyError, ValueError)"])
        lines = ["try:", *indent(body), f"except {error}:", *indent(handler)]
        if self.choices.chance(0.25):
            lines += ["else:", *indent(self.block(scope.inner(), 1, 0))]
        if self.choices.chance(0.3):
            lines += ["finally:", *indent(self.change_store(scope) if scope.stores else self.say(scope, 0))]
        if done != "return" or caught != "return":
            scope.floats.append(name)
        return lines

    def _some(self, scope: Scope, probability: float) -> list[str]:
        return self.block(scope.inner(), 1, 0) if self.choices.chance(probability) else []

    def context(self, scope: Scope, depth: int) -> list[str]:
        """A `with` block of a context that counts."""
        contexts = [function for function in scope.functions if function.result == "context"]
        if not contexts:
            return self.say(scope, depth)
        made, span, inner = self.choices.pick(contexts), self.choices.fresh("span"), scope.inner(in_loop=False)
        inner.ints[f"({span}.n % 3)"] = (0, 2)
        body = indent(self.block(inner, self.choices.number(1, 3), depth - 1))
        if self.choices.chance(0.4):
            scope.ints[f"({span}.n % 3)"] = (0, 2)
            return [f"{span} = {made.name}()", f"with {span}:", *body]
        return [f"with {made.name}() as {span}:", *body]

    # objects, cells, printing

    def object(self, scope: Scope, depth: int) -> list[str]:
        """A new object: its attributes and methods are in reach from now on."""
        classes = [function for function in scope.functions if function.result == "object"]
        if not classes:
            return self.say(scope, depth)
        box, made = self.choices.fresh("box"), self.choices.pick(classes)
        text = self.expressions.call(scope, made)
        self.know_object(scope, box, live=True)
        scope.floats.append(f"{box}.p")
        return [f"{box} = {text}"]

    @staticmethod
    def know_object(scope: Scope, box: str, live: bool) -> None:
        scope.ints[f"({box}.k % 3)"] = (0, 2)
        scope.stores[f"{box}.log"] = Store("bag", live)
        scope.functions.append(Function(f"{box}.step", (("q", "float"),), "float", defaults=1))
        scope.functions.append(Function(f"{box}.note", (("k", "int"),), None))

    def cell(self, scope: Scope, depth: int) -> list[str]:
        """A nested function that binds a variable around it anew at each call."""
        name, held = self.choices.fresh("add"), self.choices.fresh("cell")
        if self.choices.chance(0.4):
            first, inner = f"{held} = 0", scope.inner(floats=[*scope.floats, "t"], in_loop=False)
            inner.ints[f"({held} % 3)"] = scope.ints[f"({held} % 3)"] = (0, 2)
            change = f"{held} += 1"
        else:
            first = f"{held} = {self.expressions.scalar(scope, 1)}"
            scope.floats.append(held)
            inner = scope.inner(floats=[*scope.floats, "t"], in_loop=False)
            change = f"{held} {self.choices.pick(['+=', '=', '*='])} math.sin({self.expressions.scalar(inner, 1)})"
        lines = [f"def {name}(t):", f"    nonlocal {held}", f"    {change}", f"    return {self.expressions.scalar(inner)}"]
        scope.functions.append(Function(name, (("t", "float"),), "float"))
        return [first, *lines]

    def say(self, scope: Scope, depth: int) -> list[str]:
        """A line that is printed."""
        texts = [f'print("at", {self.expressions.integer(scope)})']
        texts += [f'print(f"{{{self.choices.pick(scope.floats)}:.3f}}")'] if scope.floats else []
        return [self.choices.pick(texts)]
