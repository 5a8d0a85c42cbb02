"""Derivative rules of Python's operators and builtins, of `math` and of NumPy, registered by the import."""
from autodiff_src.templates import (
    builtin_functions,
    complex_math,
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
    random_draws,
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
    "builtin_functions", "complex_math", "complex_numbers", "creation", "cuts", "decompositions", "elementwise", "fourier",
    "indexing", "joining", "linear_algebra", "linear_products", "missing_values", "norms", "operators", "polynomials",
    "random_draws",
    "reductions",
    "runtime_functions", "runtime_statistics", "scalar_math", "selection", "sequences", "shapes", "signals", "statistics",
    "ufunc_methods", "vector_products", "vectorization",
]

later("scipy.special", "special_functions", "special_elementary", "special_bessel", "special_polynomials",
      "special_distributions")
later("scipy.linalg", "scipy_linalg", "scipy_matrices")
later("scipy.fft", "scipy_fourier")
later("scipy.stats", "distributions")
later("scipy.integrate", "integrals")
later("scipy.sparse.linalg", "sparse_systems")
later("scipy.interpolate", "splines")
