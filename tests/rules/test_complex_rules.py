"""Rules that hold for complex operands, by the tables of cases: real operands, and the same made complex.

The adjoint g of z is such that a small change dz changes the result by the real part of g dz.
"""
from __future__ import annotations

import cmath
from typing import Any

import array_cases
import decomposition_cases
import elementwise_cases
import fourier_cases
import linear_cases
import numpy as np
import pytest
import runtime_cases
import scipy_fourier_cases
import signal_cases
import special_cases
from checks import Case, case

from autodiff_src.differentiate.expand import as_pullback, as_tangent, positional_parameters
from autodiff_src.errors import NoRuleError
from autodiff_src.rules import _for_complex, key_of, rule_for, rule_for_complex
from autodiff_src.runtime import adjoints as runtime_adjoints
from autodiff_src.runtime import complex_numbers
from autodiff_src.runtime.objects import named

Z = linear_cases.SQUARE + 1j * linear_cases.SQUARE.T
OWN = [
    *case(np.imag, [Z]), *case(np.real, [Z]), *case(np.angle, [Z], deg=[False, True]), *case(complex, [0.3, 0.4]),
    *case(complex, [0.3 + 0.4j]), *case(np.complex128, [0.3]), *case(np.complex128, [Z]), *case(abs, [Z]),
    *case(complex_numbers.absolute, [Z]), *case(complex_numbers.vdot, [Z, Z.T]), *case(np.vdot, [Z, Z.T]),
    *case(complex_numbers.vecdot, [Z, Z.T], axis=[-1, -2]), *case(complex_numbers.norm, [Z], axis=[None, 0]),
    *case(complex_numbers.norm, [Z], axis=[None, 0], keepdims=[True]),
    *case(np.linalg.norm, [Z], axis=[None, (0, 1)], ord=["fro", None]), *case(np.power, [Z, 2]), *case(np.power, [Z, Z.T]),
    *case(np.conjugate, [Z]), *case(np.ndarray.conj, [Z]), *case(np.cumsum, [Z]), *case(np.linalg.inv, [Z]),
    *case(runtime_adjoints.of_real_part, [0.3, 0.2 + 0.4j]),
]
for primitive in (cmath.sqrt, cmath.exp, cmath.log, cmath.log10, cmath.sin, cmath.cos, cmath.tan, cmath.asin, cmath.acos,
                  cmath.atan, cmath.sinh, cmath.cosh, cmath.tanh, cmath.asinh, cmath.acosh, cmath.atanh):
    OWN += [*case(primitive, [0.3]), *case(primitive, [1.7]), *case(primitive, [-0.4 + 0.3j])]
# In differences of single precision nothing is seen; the others hand on what they are given.
UNTRIED = set(map(id, (np.complex64, named, np.ndarray.squeeze, np.ndarray.swapaxes)))
TABLES = [*OWN, *elementwise_cases.CASES, *array_cases.CASES, *linear_cases.CASES, *decomposition_cases.CASES,
          *fourier_cases.CASES, *runtime_cases.CASES, *signal_cases.CASES, *special_cases.COMPLEX,
          *scipy_fourier_cases.COMPLEX]
rule_for(len)  # registers the rules of what the cases have imported
CASES = [one for one in TABLES if key_of(one.primitive) in _for_complex and rule_for_complex(rule_for(one.primitive))
         and one.primitive is not named]


def made_complex(x: Any) -> Any:
    """The structure with an imaginary part for each of its floats; what carries no derivative stays."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(made_complex, x))
    if isinstance(x, dict):
        return {key: made_complex(item) for key, item in x.items()}
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return x + 0.5j * (0.3 + np.sin(1.0 + 1.7 * np.arange(x.size)).reshape(x.shape))
    return x + 0.7j if isinstance(x, float) else x


def leaves(x: Any) -> list[Any]:
    if isinstance(x, (list, tuple)):
        return [leaf for item in x for leaf in leaves(item)]
    return leaves(list(x.values())) if isinstance(x, dict) else [x]


def mapped(f: Any, x: Any, *others: Any) -> Any:
    if isinstance(x, (list, tuple)):
        return type(x)(mapped(f, *items) for items in zip(x, *others))
    if isinstance(x, dict):
        return {key: mapped(f, x[key], *(other[key] for other in others)) for key in x}
    return f(x, *others)


def carries(x: Any) -> bool:
    return isinstance(x, (float, complex)) or isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind in "fc"


def drawn(x: Any, rng: np.random.Generator) -> Any:
    """A direction for `x`, complex where that is."""
    if not carries(x):
        return None
    draw = rng.normal(size=np.shape(x)) + (1j * rng.normal(size=np.shape(x)) if np.iscomplexobj(x) else 0.0)
    return draw if np.ndim(x) else draw.item() if isinstance(draw, np.ndarray) else draw


def paired(a: Any, b: Any) -> float:
    pairs = [(x, y) for x, y in zip(leaves(a), leaves(b)) if x is not None and y is not None]
    return sum(float(np.sum(np.real(np.multiply(x, y)))) for x, y in pairs)


@pytest.mark.parametrize("tried", CASES, ids=lambda tried: tried.label)
@pytest.mark.filterwarnings("ignore")
def test_complex_rule(tried: Case) -> None:
    rng, h = np.random.default_rng(3), 1e-3
    real = tried.primitive in (*fourier_cases.OF_REAL, *scipy_fourier_cases.OF_REAL)
    args = tried.args if real else [made_complex(arg) for arg in tried.args]
    try:
        y = tried(args)
    except (TypeError, ValueError) as error:
        pytest.skip(f"NumPy refuses complex operands: {error}")
    if not any(map(np.iscomplexobj, leaves([args, y]))):
        pytest.skip("nothing is complex here")
    rule = rule_for_complex(rule_for(tried.primitive))
    dots = mapped(lambda leaf: drawn(leaf, rng), args)
    seed = mapped(lambda leaf: drawn(leaf, rng), y)

    def at(t: float) -> Any:
        return tried(mapped(lambda x, dot: x if dot is None else x + t * dot, args, dots))

    weights = ((-2, 1 / 12), (-1, -8 / 12), (1, 8 / 12), (2, -1 / 12))
    wanted = mapped(lambda *parts: sum(w * part for (_, w), part in zip(weights, parts)) / h,
                    *(at(step * h) for step, _ in weights))
    try:
        y_dot = as_tangent(rule)(y, tuple(args), tried.kwargs, tuple(dots))
        contributed = as_pullback(rule)(seed, y, *args, **tried.kwargs)
    except NoRuleError as error:
        pytest.skip(f"refused: {error}")
    for got, expected in zip(leaves(y_dot), leaves(wanted), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-7)
    template = rule.adjoint or rule.partials
    star = template.signature.parameters[positional_parameters(template)[-1]].kind.name == "VAR_POSITIONAL"
    spread = [*contributed[:-1], *(contributed[-1] or ())] if star else contributed
    for adjoint, arg in zip(spread, args, strict=False):
        for d_x, x in zip(leaves(adjoint), leaves(arg)) if adjoint is not None else ():
            assert d_x is None or not carries(x) or np.iscomplexobj(x) or not np.iscomplexobj(d_x)
    total = sum(paired(d_x, dot) for d_x, dot in zip(spread, dots, strict=False) if d_x is not None)
    np.testing.assert_allclose(total, paired(y_dot, seed), rtol=1e-8, atol=1e-9)


def test_every_rule_that_holds_is_tried():
    tried = {id(rule_for_complex(rule_for(one.primitive)).primitive) for one in CASES} | UNTRIED
    without = [other for other in _for_complex.values() if id(other) not in tried]
    assert not without
