"""What the names in a function stand for now, and guards that tell when this changes."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.program import MISSING, Namespace
from autodiff_src.runtime.objects import is_module

_STABLE = frozenset({"numpy", "math", "cmath", "scipy", "operator", "builtins"})


@dataclass(frozen=True, eq=False)
class Guard:
    """Records that `name`, looked up in a namespace, as an attribute of a module or function, or through the bases of a
    class, was `value`."""
    owner: Namespace | FunctionType | type | Any
    name: str
    value: Any

    def holds(self) -> bool:
        """True as long as the name still stands for the same object."""
        owner = self.owner
        if isinstance(owner, Namespace):
            return owner.lookup(self.name) is self.value
        if isinstance(owner, type):
            return class_attribute(owner, self.name) is self.value
        return getattr(owner, self.name, MISSING) is self.value


@dataclass(frozen=True, eq=False)
class Resolved:
    """The object that an expression stands for (or MISSING), and what this rests on."""
    value: Any
    guards: tuple[Guard, ...] = ()


def class_attribute(cls: type, name: str, after: type | None = None) -> Any:
    """What the class, or the first of its bases that has it, holds under `name`, or MISSING; as it is, without binding.

    `after`: only the bases behind this one are looked at, as `super()` does.
    """
    bases = cls.__mro__ if after is None else cls.__mro__[cls.__mro__.index(after) + 1:]
    return next((base.__dict__[name] for base in bases if name in base.__dict__), MISSING)


def namespace_of(function: FunctionType) -> Namespace:
    """The globals and closure cells of `function`, by reference."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    return Namespace(function.__globals__, cells)


def resolve(expression: gast.AST, namespace: Namespace, local_names: Collection[str] = ()) -> Resolved:
    """The object that a name, or a chain of attributes on modules (`np.linalg.norm`), stands for now.

    Names in `local_names`, attributes of anything but modules and ufuncs, and all other expressions resolve to MISSING.
    """
    if isinstance(expression, gast.Name):
        if expression.id in local_names:
            return Resolved(MISSING)
        value = namespace.lookup(expression.id)
        return Resolved(MISSING) if value is MISSING else Resolved(value, (Guard(namespace, expression.id, value),))
    if isinstance(expression, gast.Attribute):
        owner = resolve(expression.value, namespace, local_names)
        if is_module(owner.value):
            return _attribute(owner, expression.attr)
        if isinstance(owner.value, np.ufunc):  # np.add.at is made anew each time, and stays what it is
            value = getattr(owner.value, expression.attr, MISSING)
            return Resolved(value, owner.guards if value is not MISSING else ())
    return Resolved(MISSING)


def static_value(expression: gast.AST, namespace: Namespace, local_names: Collection[str] = ()) -> Any:
    """The value of `resolve`, without the guards."""
    return resolve(expression, namespace, local_names).value


def _attribute(owner: Resolved, name: str) -> Resolved:
    module = owner.value
    value = getattr(module, name, MISSING)
    if value is MISSING or getattr(module, "__name__", "").partition(".")[0] in _STABLE:
        return Resolved(value, owner.guards if value is not MISSING else ())
    if vars(module).get(name, MISSING) is not value and not (isinstance(value, (FunctionType, type)) or is_module(value)):
        return Resolved(MISSING)  # it may be made anew by the module's __getattr__
    return Resolved(value, (*owner.guards, Guard(module, name, value)))
