"""What code that is called but not read for its derivatives writes outside itself: constructors, contexts, functions with
refused constructs, and the functions that these call."""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from types import FunctionType, MethodType
from typing import Any

import gast

from autodiff_src.errors import AutodiffError
from autodiff_src.parse.resolve import static_value
from autodiff_src.program import MISSING, Program
from autodiff_src.runtime.objects import STANDARD_MODULES, is_plain_class, module_of
from autodiff_src.syntax import names_stored, parameter_names, walk

_FOREIGN = STANDARD_MODULES.union(["numpy", "scipy", "autodiff_src"])


class UnreadCode:
    """Of one derivation. `source` gives the program of a function, or raises AutodiffError; `note` notes what that writes."""

    def __init__(self, source: Callable[[FunctionType], Program], note: Callable[[Program], Program]):
        self.source, self.noted = source, note
        self.seen: set[FunctionType] = set()

    def note(self, value: Any) -> None:
        """Notes what a function, the methods of a class, or those of an object write."""
        left = [value]
        while left:
            for function in _functions(left.pop()):
                if function not in self.seen and module_of(function).partition(".")[0] not in _FOREIGN:
                    self.seen.add(function)
                    left += self._called(function)

    def _called(self, function: FunctionType) -> list[Any]:
        try:
            program = self.noted(self.source(function))
        except AutodiffError:  # without source, nothing can be known
            return []
        local = names_stored(program.function.body) | set(parameter_names(program.function.args))
        values = [static_value(n.func, program.namespace, local) for n in walk(program.function) if isinstance(n, gast.Call)]
        return [value for value in values if value is not MISSING]


def _functions(value: Any) -> Iterator[FunctionType]:
    if isinstance(wrapped := getattr(value, "__wrapped__", None), FunctionType):
        yield wrapped
    if isinstance(value, FunctionType):
        yield value
    elif isinstance(value, MethodType):
        yield from _functions(value.__func__)
    elif isinstance(value, functools.partial):
        yield from _functions(value.func)
    elif isinstance(value, type):
        for held in (h for cls in value.__mro__ if is_plain_class(cls) for h in vars(cls).values()):
            held = getattr(held, "__func__", getattr(held, "fget", held))
            if isinstance(held, FunctionType):
                yield held
    elif is_plain_class(type(value)):
        yield from _functions(type(value))
