"""Names for objects outside a function that its specialised text refers to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from autodiff_src.analyze.calls import Called, Info
from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.functions import DerivedFunction
from autodiff_src.analyze.kinds import Kind, Known
from autodiff_src.program import FreshNames
from autodiff_src.syntax import heads, names_stored, walk, walk_statements


class OutsideNames:
    """Names of one function: those that its user has, or new ones in the namespace of `expressions`."""

    def __init__(self, expressions: ExpressionKinds, names: FreshNames, local: set[str]):
        self.expressions, self.names, self.local = expressions, names, local

    def name_for(self, value: Any, wanted: str) -> str:
        """A name that stands for `value`: `wanted` if it does, or if nothing has that name."""
        if wanted not in self.local and self.expressions.namespace.lookup(wanted) is value:
            return wanted
        return self.own_name(value, wanted)

    def own_name(self, value: Any, wanted: str) -> str:
        """A name that stands for `value` in the texts at hand only: none that the user has."""
        space = self.expressions.namespace
        chosen = next((n for n, known in space.extra.items() if known is value), None)
        if chosen is None:
            chosen = self.names.fresh(wanted)
            while chosen in space.globals or chosen in space.cells:
                chosen = self.names.fresh(wanted)
            self.expressions.namespace = replace(space, extra={**space.extra, chosen: value})
        return chosen

    def name_functions(self, body: list[gast.stmt], functions: dict[str, Kind], calls: dict[int, Info],
                       definitions: dict[tuple[int, str], Kind]) -> frozenset[str]:
        """Functions that are passed as arguments are not among the parameters of a text: where one is read other than by a
        call that is followed, its name is that of the function outside. Their derivatives are such functions, too. Returns
        those that have no such name."""
        functions = {n: kind for n, kind in functions.items() if n not in names_stored(body)}
        derived = {key: kind for key, kind in definitions.items() if isinstance(kind, DerivedFunction)} if functions else {}
        functions |= {n: kind for (_, n), kind in derived.items()}
        making, nameless = {i for i, _ in derived}, set[str]()
        for s in walk_statements(body) if functions else ():
            if isinstance(s, gast.FunctionDef) or isinstance(calls.get(id(s)), Called) or id(s) in making:
                continue
            for node in (n for part in heads(s) or [s] for n in walk(part)):
                kind = functions.get(node.id) if isinstance(node, gast.Name) else None
                if isinstance(kind, Known):
                    node.id = self.name_for(kind.value, node.id)
                elif kind is not None:
                    nameless.add(node.id)
        return frozenset(nameless)
