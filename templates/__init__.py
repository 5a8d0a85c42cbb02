"""Derivative rules of Python's operators and builtins, of `math` and of NumPy, registered by the import."""
from autodiff_src.templates import (
    builtin_functions,
    creation,
    cuts,
    elementwise,
    indexing,
    joining,
    linear_algebra,
    linear_products,
    operators,
    reductions,
    runtime_functions,
    scalar_math,
    selection,
    sequences,
    shapes,
)

from autodiff_src.rules import later

__all__ = [
    "builtin_functions", "creation", "cuts", "elementwise", "indexing", "joining", "linear_algebra", "linear_products",
    "operators", "reductions", "runtime_functions", "scalar_math", "selection", "sequences",
    "shapes",
]

later("scipy.special", "autodiff_src.templates.special_functions")
