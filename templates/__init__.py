"""Derivative rules of Python's operators and builtins, of `math` and of NumPy, registered by the import."""
from autodiff_src.templates import (
    builtin_functions,
    complex_numbers,
    creation,
    cuts,
    decompositions,
    elementwise,
    fourier,
    indexing,
    joining,
    linear_algebra,
    linear_products,
    missing_values,
    norms,
    operators,
    polynomials,
    reductions,
    runtime_functions,
    runtime_statistics,
    scalar_math,
    selection,
    sequences,
    shapes,
    signals,
    statistics,
    ufunc_methods,
    vector_products,
    vectorization,
)

from autodiff_src.rules import later

__all__ = [
    "builtin_functions", "complex_numbers", "creation", "cuts", "decompositions", "elementwise", "fourier", "indexing",
    "joining", "linear_algebra", "linear_products", "missing_values", "norms", "operators", "polynomials", "reductions",
    "runtime_functions", "runtime_statistics", "scalar_math", "selection", "sequences", "shapes", "signals", "statistics",
    "ufunc_methods", "vector_products", "vectorization",
]

later("scipy.special", "autodiff_src.templates.special_functions")
later("scipy.integrate", "autodiff_src.templates.integrals")
later("scipy.sparse.linalg", "autodiff_src.templates.sparse_systems")
later("scipy.interpolate", "autodiff_src.templates.splines")
