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

__all__ = [
    "builtin_functions", "creation", "cuts", "elementwise", "indexing", "joining", "linear_algebra", "linear_products",
    "operators", "reductions", "runtime_functions", "scalar_math", "selection", "sequences",
    "shapes",
]
