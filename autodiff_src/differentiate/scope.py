"""Names in generated code: adjoints, temporaries, and what the text refers to outside itself."""

from __future__ import annotations

import builtins
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.program import FreshNames, Namespace
from autodiff_src.runtime.objects import is_module
from autodiff_src.syntax import name


class Scope:
    """The names of one generated function. `extra` are objects that the text reads by names of our own."""

    def __init__(self, namespace: Namespace, local: set[str], order: int = 1):
        self.namespace = namespace
        self.extra: dict[str, Any] = dict(namespace.extra)
        self.local = local
        self.names = FreshNames(local | set(namespace.cells) | set(self.extra))
        self.order = order
        self.prefix = "d_" if order == 1 else f"d{order}_"
        self.adjoints: dict[str, str] = {}
        self.tangents: dict[str, str] = {}
        self.references: dict[int, str] = {}

    def adjoint(self, variable: str) -> str:
        """The name of the adjoint of a variable."""
        if variable not in self.adjoints:
            self.adjoints[variable] = self.fresh(self.prefix + variable)
        return self.adjoints[variable]

    def tangent(self, variable: str) -> str:
        """The name of the tangent of a variable."""
        if variable not in self.tangents:
            self.tangents[variable] = self.fresh(f"{variable}_dot")
        return self.tangents[variable]

    def fresh(self, wanted: str) -> str:
        """A name that nothing in sight has."""
        while True:
            found = self.names.fresh(wanted)
            if found not in self.namespace.globals and not hasattr(builtins, found):
                self.local.add(found)
                return found

    def reference(self, value: Any, wanted: str) -> gast.expr:
        """An expression for an object outside the function: by a name that the user's code has for it, if there is one."""
        if getattr(builtins, wanted, None) is value and not self._hidden(wanted):
            return name(wanted)
        if id(value) not in self.references:
            self.references[id(value)] = self._name_for(value, wanted)
        return name(self.references[id(value)])

    def _hidden(self, identifier: str) -> bool:
        return identifier in self.local or identifier in self.namespace.globals or identifier in self.namespace.cells

    def _name_for(self, value: Any, wanted: str) -> str:
        for candidate in (
            [*self.namespace.cells, *self.namespace.globals] if is_module(value) else [wanted]
        ):
            if candidate not in self.local and self.namespace.lookup(candidate) is value:
                return candidate
        chosen = wanted
        while self._hidden(chosen) or self.extra.get(chosen, value) is not value:
            chosen += "_"
        self.extra[chosen] = value
        self.names.taken.add(chosen)
        return chosen

    def space(self) -> Namespace:
        return replace(self.namespace, extra=self.extra)
