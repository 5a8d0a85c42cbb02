"""Random text around the functions: globals that hold numbers and containers, what changes them, classes, contexts, cells."""
from __future__ import annotations

from .functions import Functions
from .scope import Function, Scope, Store, indent
from .stores import KINDS

NAMES = {"bag": "LOG", "table": "STATE", "seen": "SEEN", "recent": "RECENT", "count": "COUNT", "vector": "TABLE"}


class Outside(Functions):
    """Adds what stands at the level of the module to `Functions`."""

    def module(self, scope: Scope) -> list[str]:
        """Text of what stands in front of the helpers, and its names in `scope`."""
        lines: list[str] = []
        for feature, make in (("outside", self._globals), ("objects", self._classes), ("contexts", self._contexts),
                              ("tries", self._risky), ("cells", self._counting), ("inside", self._curve),
                              ("stores", self._changing), ("outside", self._rebinding)):
            if feature in self.choices.features:
                lines += [*make(scope), "", ""]
        return lines

    def _globals(self, scope: Scope) -> list[str]:
        lines = []
        for kind in self.choices.random.sample(KINDS, self.choices.number(1, 4)):
            lines.append(f"{NAMES[kind]} = {self.expressions.stores.made(kind, self.choices.constant)}")
            scope.stores[NAMES[kind]] = Store(kind)
        if len(scope.stores) > 1 and self.choices.chance(0.2):
            name = self.choices.pick(list(scope.stores))
            lines.append(f'HELD = {{"in": {name}}}')
            scope.stores['HELD["in"]'] = scope.stores[name]
        if self.choices.chance(0.5):
            lines.append(f"GAIN = {self.choices.constant()}")
            scope.constants.append("GAIN")
        if "COUNT" in scope.stores:
            scope.ints["(COUNT[0] % 3)"] = (0, 2)
        return lines

    def _rebinding(self, scope: Scope) -> list[str]:
        """A function that binds a global anew."""
        names = [name for name in (*scope.constants, *scope.stores) if name.isidentifier()]
        target, name = self.choices.pick(names), self.choices.fresh("renew")
        if target in scope.stores:
            value = self.expressions.stores.made(scope.stores[target].kind, self.choices.constant)
        else:
            value = f"{target} * 0.5 + {self.expressions.steady(scope)}"
        scope.functions.append(Function(name, (("k", "int"),), None))
        test = self.choices.pick(["if k % 2 == 0:", "if k > 1:", "for _ in range(k):"])
        return [f"def {name}(k):", f"    global {target}", f"    {test}", f"        {target} = {value}"]

    def _classes(self, scope: Scope) -> list[str]:
        """A class for objects made in functions, or for one global object, whose methods then store no derivatives."""
        name, live = self.choices.fresh("Box"), self.choices.chance(0.7)
        own = Scope(floats=["self.p"] if live else [], constants=[] if live else ["self.p"], ints={"(self.k % 3)": (0, 2)},
                    stores={"self.log": Store("bag", live)})
        inside = own.inner(floats=["q", *own.floats])
        step = [*self.block(inside, 1, 1), f"return {self.expressions.scalar(inside)}"]
        note = self.change_store(own.inner(ints={**own.ints, "k": (0, 3)}))
        default = self.choices.constant()
        lines = [f"class {name}:", "    def __init__(self, p):",
                 *indent(indent(["self.p = p", "self.k = 0", "self.log = []"])),
                 "", f"    def step(self, q={default}):", *indent(indent(["self.k += 1", *step])),
                 "", "    def note(self, k):", *indent(indent([*note, "self.k = k"]))]
        if live:
            scope.functions.append(Function(name, (("p", "float"),), "object"))
            return lines
        self.know_object(scope, "BOX", live=False)
        scope.constants.append("BOX.p")
        return [*lines, "", "", f"BOX = {name}({default})"]

    def _contexts(self, scope: Scope) -> list[str]:
        name = self.choices.fresh("Span")
        outside = {known: store for known, store in scope.stores.items() if not store.live}
        own = Scope(ints={"self.n": (0, 2)}, stores=outside)
        entered, left = (self.change_store(own) if outside and self.choices.chance(0.5) else [] for _ in range(2))
        scope.functions.append(Function(name, (), "context"))
        return [f"class {name}:", "    def __init__(self):", "        self.n = 0",
                "", "    def __enter__(self):", *indent(indent(["self.n += 1", *entered, "return self"])),
                "", "    def __exit__(self, *error):", *indent(indent([*left, "self.n += 1", "return False"]))]

    def _risky(self, scope: Scope) -> list[str]:
        """A function that raises under a condition."""
        name, own = self.choices.fresh("risky"), scope.inner(floats=["p", "q"])
        before = self.change_store(own) if own.stores and self.choices.chance(0.3) else []
        function = Function(name, (("p", "float"), ("q", "float")), "risky", defaults=1)
        scope.functions.append(function)
        return [f"def {name}(p, q={self.choices.constant()}):", *indent(before), f"    if {self.expressions.condition(own)}:",
                '        raise ValueError("out of range")', f"    return {self.expressions.scalar(own)}"]

    def _counting(self, scope: Scope) -> list[str]:
        """A function that makes two functions with cells of their own, of which one binds and changes what the other reads."""
        name = self.choices.fresh("counting")
        own = Scope(floats=["p"], ints={"(n % 3)": (0, 2)}, stores={"kept": Store("bag")})
        lines = [f"def {name}(n):", "    kept = []", "",
                 "    def step(p):", f"        return {self.expressions.scalar(own, 3)}",
                 "", "    def tick(k):", *indent(indent(["nonlocal n", "n += k", *self.change_store(own)])),
                 "", "    return step, tick", "", "", f"STEP, TICK = {name}({self.choices.number(0, 2)})"]
        scope.functions += [Function("STEP", (("p", "float"),), "float"), Function("TICK", (("k", "int"),), None)]
        return lines

    def _curve(self, scope: Scope) -> list[str]:
        """A smooth function whose derivative is taken inside."""
        name, own = self.choices.fresh("curve"), Scope(floats=["p", "q"], constants=scope.constants)
        scope.functions.append(Function(name, (("p", "float"), ("q", "float")), "float", defaults=1))
        return [f"def {name}(p, q={self.choices.constant()}):", f"    return {self.expressions.scalar(own, 3)}"]

    def _changing(self, scope: Scope) -> list[str]:
        """A function that changes the container it is given, and may return it, another or nothing."""
        name, store = self.choices.fresh("change"), Store(self.choices.pick(KINDS), self.choices.chance(0.4))
        own = Scope(floats=["p"], stores={"held": store})
        lines = [*self.change_store(own), *(self.change_store(own) if self.choices.chance(0.3) else [])]
        test = [f"if {self.expressions.condition(own)}:", *indent(lines)] if self.choices.chance(0.3) else lines
        fresh = self.expressions.stores.made(store.kind, self.choices.constant)
        result, text = self.choices.pick([(None, ""), (store, "held"), (store, fresh), ("float", self.expressions.scalar(own))])
        scope.functions.append(Function(name, (("held", store), ("p", "float")), result))
        return [f"def {name}(held, p):", *indent(test), *([f"    return {text}"] if text else [])]
