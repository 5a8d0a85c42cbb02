"""Source-to-source automatic differentiation for plain NumPy Python."""
from autodiff_src.api import grad, jvp, source, stop_gradient, value_and_grad, vjp
from autodiff_src.checking import check_grad
from autodiff_src.differentiate.expand import as_pullback
from autodiff_src.errors import ArgumentError, AutodiffError, NoRuleError, UnsupportedError, refusal
from autodiff_src.jacobians import hessian, hvp, jacobian
from autodiff_src.recorded import custom_gradient, function, recompute_grad
from autodiff_src.rules import adjoint, d, non_differentiable, partials, tangent
from autodiff_src.runtime.markers import check_numerics, insert_grad_of, map_gradient
from autodiff_src.runtime.recording import use_pullbacks
from autodiff_src.runtime.tape import GradientTape
from autodiff_src.runtime.tensor import constant, convert_to_tensor
from autodiff_src.runtime.variable import Variable

non_differentiable(stop_gradient, refusal)
use_pullbacks(as_pullback)

__all__ = ["ArgumentError", "AutodiffError", "GradientTape", "NoRuleError", "UnsupportedError", "Variable", "adjoint",
           "check_grad", "check_numerics", "constant", "convert_to_tensor", "custom_gradient", "d", "function", "grad",
           "hessian", "hvp", "insert_grad_of", "jacobian", "jvp", "map_gradient", "non_differentiable", "partials",
           "recompute_grad", "source", "stop_gradient", "tangent", "value_and_grad", "vjp"]
__version__ = "0.1.0"
