"""Source-to-source automatic differentiation for plain NumPy Python."""
from autodiff_src.api import grad, source, stop_gradient, value_and_grad, vjp
from autodiff_src.errors import ArgumentError, AutodiffError, NoRuleError, UnsupportedError
from autodiff_src.rules import adjoint, d, non_differentiable, partials, tangent

non_differentiable(stop_gradient)

__all__ = ["ArgumentError", "AutodiffError", "NoRuleError", "UnsupportedError", "adjoint", "d", "grad",
           "non_differentiable", "partials", "source", "stop_gradient", "tangent", "value_and_grad", "vjp"]
__version__ = "0.1.0"
