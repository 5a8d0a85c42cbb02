"""Methods whose text stores nothing: no attribute, no item, no global, by themselves or by what they call."""
from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import is_library
from autodiff_src.errors import AutodiffError
from autodiff_src.parse.resolve import class_attribute, static_value
from autodiff_src.program import MISSING, Program
from autodiff_src.rules import CHANGING_METHODS
from autodiff_src.runtime.objects import STANDARD_MODULES, module_of
from autodiff_src.syntax import is_name, names_stored, parameter_names, walk

_BUILT_IN = (str, dict, list, tuple, set, float, np.ndarray)
_NOT_PLAIN = (setattr, delattr, next, open, input, exec, eval)


def stores_nothing(function: FunctionType, cls: type, read: Callable[[FunctionType], Program],
                   seen: frozenset[Any] = frozenset()) -> bool:
    """Does the text of a method of the class store nothing? `read` gives a function's program, or raises AutodiffError."""
    if function in seen:
        return True
    try:
        program = read(function)
    except AutodiffError:
        return False
    local = names_stored(program.function.body) | set(parameter_names(program.function.args))
    seen |= {function}

    def found(name: str) -> bool:
        """Do the functions of this name that the class and its bases have store nothing?"""
        held = [base.__dict__[name] for base in cls.__mro__ if name in base.__dict__]
        functions = [getattr(h, "fget", h) for h in held if isinstance(getattr(h, "fget", h), FunctionType)]
        return all(stores_nothing(f, cls, read, seen) for f in functions)

    def is_plain(node: Any) -> bool:
        if isinstance(node, (gast.Global, gast.Nonlocal)):
            return False
        if isinstance(node, (gast.Attribute, gast.Subscript)) and not isinstance(node.ctx, gast.Load):
            return False
        if isinstance(node, gast.Attribute) and class_attribute(cls, node.attr) is not MISSING:
            return found(node.attr)
        return not isinstance(node, gast.Call) or called(node.func)

    def called(func: Any) -> bool:
        value = static_value(func, program.namespace, local)
        standard = is_library(value) or module_of(value).partition(".")[0] in STANDARD_MODULES - {"random"}
        if isinstance(value, FunctionType) and not standard:
            return stores_nothing(value, cls, read, seen)
        if value is not MISSING:
            return value not in _NOT_PLAIN and (standard or isinstance(value, type))
        if not isinstance(func, gast.Attribute):
            return is_name(func, "super")
        known = class_attribute(cls, func.attr) is not MISSING  # looked at as an attribute
        return known or func.attr not in CHANGING_METHODS and any(hasattr(t, func.attr) for t in _BUILT_IN)

    return all(map(is_plain, walk(program.function)))
