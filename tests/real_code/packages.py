"""The packages whose functions are differentiated, chosen before any of them was tried."""
from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any


@dataclass(frozen=True)
class Package:
    """`modules` are imported; functions defined in these and in all that they load below `name` are taken."""

    name: str
    project: str
    reason: str
    modules: tuple[str, ...] = ()


PACKAGES = (
    Package("fluids", "fluids", "engineering formulas with branches, named methods and solvers, mostly on Python floats"),
    Package("ht", "ht", "heat transfer correlations: long formulas, tables, strings that choose among methods"),
    Package("chemicals", "chemicals", "properties of substances: lists of floats, dicts of constants, loops over components"),
    Package("colour", "colour-science", "NumPy array code: validation, keywords, conversions, matrices"),
    Package("filterpy", "filterpy", "filters written as classes that change their arrays in place",
            tuple(f"filterpy.{part}" for part in ("common", "discrete_bayes", "gh", "hinfinity", "kalman", "leastsq",
                                                  "memory", "monte_carlo", "stats"))),
    Package("transforms3d", "transforms3d", "geometry: matrices filled element by element, unpacked vectors, branches"),
    Package("numpy_financial", "numpy-financial", "finance: broadcasting, masks, iterations until convergence"),
    Package("antropy", "antropy", "signal complexity: numerical kernels with loops and in-place writes, compiled by Numba"),
    Package("quantecon", "quantecon", "economics: kernels with loops and in-place writes, classes, solvers"),
)


def installed() -> list[Package]:
    return [p for p in PACKAGES if importlib.util.find_spec(p.name) is not None]


@dataclass(frozen=True)
class Target:
    """A public function, or a method with the public class that owns it."""

    name: str
    function: FunctionType
    owner: type | None = None

    def docs(self) -> list[str]:
        """Where examples of it may stand."""
        return [doc for doc in (self.function.__doc__, self.owner and self.owner.__doc__) if doc]


def targets(package: Package) -> dict[str, Target]:
    """Every public function and method that the package defines, once, by the first public name that it has."""
    found: dict[int, Target] = {}
    for module in _modules(package):
        for title, value in sorted(vars(module).items()):
            if title.startswith("_") or not _is_of(package, value):
                continue
            if isinstance(value, type):
                for method, function in sorted(vars(value).items()):
                    if isinstance(function, FunctionType) and not method.startswith("_") and _is_of(package, function):
                        name = f"{module.__name__}.{title}.{method}"
                        found.setdefault(id(function), Target(name, function, value))
                continue
            function = plain_function(value)
            if function is not None and _is_of(package, function) and function.__name__ == title:
                found.setdefault(id(function), Target(f"{module.__name__}.{title}", function))
    return {target.name: target for target in found.values()}


def _is_of(package: Package, value: Any) -> bool:
    where = getattr(value, "__module__", None) or ""
    return where == package.name or where.startswith(package.name + ".")


def plain_function(value: Any) -> FunctionType | None:
    """The Python function, also below Numba's compiled one; None for anything else."""
    if type(value).__module__.startswith("numba."):
        value = inspect.getattr_static(value, "py_func", value) if isinstance(value, FunctionType) else getattr(
            value, "py_func", None)
    return value if isinstance(value, FunctionType) else None


def _modules(package: Package) -> Iterator[ModuleType]:
    for name in package.modules or (package.name,):
        importlib.import_module(name)
    for name, module in sorted(sys.modules.items()):
        inside = name == package.name or name.startswith(package.name + ".")
        if inside and module is not None and not any(part.startswith(("_", "test")) for part in name.split(".")):
            yield module
