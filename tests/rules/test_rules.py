"""Every rule against differences, by the tables of cases; then the points at which derivatives were decided."""
from __future__ import annotations

import builtins
import copy
import functools
import math
import operator

import array_cases
import autodiff_src.templates  # noqa: F401  (registers the rules)
import decomposition_cases
import elementwise_cases
import fourier_cases
import gast
import keyword_cases
import layout_cases
import linear_cases
import numpy as np
import pytest
import runtime_cases
import scipy_fourier_cases
import scipy_linalg_cases
import signal_cases
import special_cases
import statistics_cases
import test_complex_rules
import ufunc_cases
from checks import Case, assert_close, central_differences, check_rule, in_turns, inner, random_like

from autodiff_src.analyze import sharing
from autodiff_src.differentiate.expand import as_pullback, as_tangent
from autodiff_src.errors import NoRuleError
from autodiff_src.rules import all_rules, check_template, is_cut, key_of, method_primitive, rule_for
from autodiff_src.runtime import contraction, markers, norms, polynomials, products, sampling
from autodiff_src.runtime.objects import module_of

TABLES = (elementwise_cases, array_cases, keyword_cases, layout_cases, signal_cases, statistics_cases, ufunc_cases,
          linear_cases, decomposition_cases, runtime_cases, special_cases, scipy_linalg_cases,
          scipy_fourier_cases)
CASES: list[Case] = [tried for table in TABLES for tried in table.CASES]
rule_for(special_cases)  # registers the rules of what the cases have imported
# Functions of a point, of an object or of a right-hand side; what they have besides is data, which the checks here would vary
# or cannot compare: see programs/test_splines.py, test_distributions.py, test_random_draws.py and test_sampled.py.
OF_DATA = ("scipy.interpolate", "autodiff_src.runtime.splines", "autodiff_src.runtime.spline_values", "numpy.random",
           "autodiff_src.runtime.densities", "scipy.sparse", "autodiff_src.runtime.sparse_systems")
# Before any test registers a rule of its own; of `map_gradient` the two modes differ, as they are meant to.
RULES = [rule for rule in all_rules() if rule.primitive is not markers.map_gradient]


def pullback(primitive, *args, d_y=1.0, **kwargs):
    return as_pullback(rule_for(primitive))(d_y, primitive(*args, **kwargs), *args, **kwargs)


@pytest.mark.parametrize("tried", in_turns(CASES, 3), ids=lambda tried: tried.label)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:.row_stack")
def test_rule(tried):
    check_rule(tried)


def memory(x):
    """The arrays, lists and dicts that a value is or holds."""
    if isinstance(x, (np.ndarray, list, dict)):
        yield x
    for item in x.values() if isinstance(x, dict) else x if isinstance(x, (list, tuple)) else ():
        yield from memory(item)


def share(x, y):
    if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
        return np.may_share_memory(x, y)
    return x is y


KNOWN_TO_SHARE = sharing.VIEWING | sharing.PICKING | sharing.JOINING | {id(np.einsum)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: getattr(rule.primitive, "__name__", str(rule.primitive)))
@pytest.mark.filterwarnings("ignore")
def test_results_that_share_memory_with_operands_are_known_to(rule):
    tables = [[np.ones(3)], [np.ones((2, 2))], [np.ones((2, 2)), 1], [[[1.0], [2.0]]], [[[1.0], [2.0]], 1],
              [[[1.0]], [[2.0]]]]
    if module_of(rule.primitive).startswith(("scipy.linalg", "scipy.fft", *OF_DATA)):  # these raise errors of their own
        tables = []
    tables += [one.args for one in CASES if one.primitive is rule.primitive and not one.kwargs]
    for args in copy.deepcopy(tables):
        try:
            result = rule.primitive(*args)
        except (TypeError, ValueError, IndexError, AttributeError, ArithmeticError, NoRuleError):  # not a function of these
            continue
        if any(share(x, y) for x in memory(args) for y in memory(result)):
            own = (getattr(rule.primitive, "__module__", None) or "").startswith("autodiff_src")
            operator_of_lists = getattr(rule.primitive, "__objclass__", None) in (list, tuple)
            assert own or operator_of_lists or id(rule.primitive) in KNOWN_TO_SHARE


def test_every_rule_has_a_case():
    of_complex = [*fourier_cases.CASES, *special_cases.COMPLEX, *scipy_fourier_cases.COMPLEX, *test_complex_rules.OWN]
    tried = {key_of(one.primitive) for one in [*CASES, *of_complex]}
    tried |= {id(np.float32), id(np.float16), id(np.complex64)}
    without = [rule.primitive for rule in RULES if key_of(rule.primitive) not in tried and rule.primitive.__name__ != "lstsq"
               and not module_of(rule.primitive).startswith(OF_DATA)]
    assert not without


def test_templates_call_only_what_has_a_derivative():
    plain = {zip, enumerate, list, tuple, dict, range}
    third_order = {products.of_others_adjoint, products.cumprod_adjoint, products.cumprod_tangent,
                   contraction.einsum_adjoint_tangent, contraction.einsum_second_tangent, norms.curvature,
                   norms.vector_curvature}
    plain_code = {sampling.distances_adjoint, sampling.distances_tangent, sampling.adjoint_by_distances, polynomials.divided,
                  polynomials.divided_adjoint, polynomials.of_zeros_adjoint, polynomials.of_zeros_tangent,
                  polynomials.characteristic_adjoint, polynomials.characteristic_tangent}  # stepped into
    for rule in RULES:
        for template in filter(None, (rule.adjoint, rule.tangent, rule.partials)):
            for called in _called(template):  # a parameter that is called is read
                known = rule_for(called) or is_cut(called) or called in plain | third_order | plain_code
                assert known, f"{template.file}:{template.function.lineno}: {called}"


def _called(template):
    """The functions that the template calls by a name, as far as they are no methods of values."""
    for node in gast.walk(template.function):
        if isinstance(node, gast.Call):
            names = []
            function = node.func
            while isinstance(function, gast.Attribute):
                names.append(function.attr)
                function = function.value
            if isinstance(function, gast.Name) and function.id not in template.signature.parameters:
                value = template.globals.get(function.id, getattr(builtins, function.id, None))
                yield functools.reduce(getattr, reversed(names), value)


def test_templates_are_well_formed():
    for rule in RULES:
        for template in filter(None, (rule.adjoint, rule.tangent, rule.partials)):
            check_template(template)


def test_every_rule_has_both_forms():
    assert all(rule.partials or rule.adjoint and rule.tangent for rule in RULES)


def test_methods_have_rules_or_are_cuts():
    for name in ("sum", "mean", "reshape", "transpose", "T", "argmax", "clip", "astype", "copy", "dot"):
        primitive = method_primitive(name)
        assert name == "T" or rule_for(primitive) or is_cut(primitive), name


@pytest.mark.parametrize("primitive, args, wanted", [
    (operator.pow, (0.0, 0.5), [math.inf, 0.0]), (operator.pow, (0.0, 2.0), [0.0, 0.0]),
    (operator.pow, (0.0, 1.0), [1.0, 0.0]), (math.pow, (0.0, 0.5), [math.inf, 0.0]), (pow, (0.0, 0), [0.0, 0.0]),
    (operator.pow, (1e-200, -1.0), [-math.inf, None]),
    (math.sqrt, (0.0,), [math.inf]), (math.asin, (1.0,), [math.inf]), (math.acosh, (1.0,), [math.inf]),
    (math.hypot, (0.0, 0.0), [(0.0, 0.0)]), (abs, (0.0,), [0.0]), (math.fabs, (-0.0,), [0.0]),
    (max, (1.0, 1.0), [(1.0, 0.0)]), (min, (1.0, 1.0), [(1.0, 0.0)]), (math.atan2, (1e-200, 1e-200), [5e199, -5e199]),
])
def test_decided_points_of_floats(primitive, args, wanted):
    for got, expected in zip(pullback(primitive, *args), wanted):
        assert expected is None or got == pytest.approx(expected, rel=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_decided_points_of_arrays():
    zero = np.zeros(2)
    ones = np.ones(2)
    np.testing.assert_equal(pullback(np.abs, zero, d_y=ones)[0], zero)
    np.testing.assert_equal(pullback(np.sqrt, zero, d_y=ones)[0], [np.inf, np.inf])
    np.testing.assert_equal(pullback(np.maximum, ones, ones, d_y=ones), ([0.5, 0.5], [0.5, 0.5]))
    np.testing.assert_equal(pullback(np.max, ones)[0], [0.5, 0.5])
    np.testing.assert_equal(pullback(np.linalg.norm, zero)[0], zero)
    np.testing.assert_equal(pullback(np.std, ones)[0], zero)
    np.testing.assert_equal(pullback(np.hypot, zero, zero, d_y=ones), (zero, zero))
    np.testing.assert_equal(pullback(operator.pow, zero, 0.5, d_y=ones), ([np.inf, np.inf], 0.0))
    np.testing.assert_equal(pullback(operator.pow, zero, np.array([2.0, 0.0]), d_y=ones), (zero, zero))
    np.testing.assert_equal(pullback(np.tanh, np.array([1e3, -1e3]), d_y=ones)[0], zero)
    np.testing.assert_equal(pullback(np.mean, np.zeros(0))[0], np.zeros(0))


@pytest.mark.parametrize("primitive, args, kwargs", [
    (np.pad, (np.ones(2), 1), {"mode": "mean"}),
    (np.linalg.qr, (np.ones((3, 2)),), {"mode": "complete"}), (np.linalg.svd, (np.ones((3, 2)),), {}),
    (np.linalg.lstsq, (np.ones((3, 2)), np.ones(3)), {}), (np.linalg.lstsq, (np.eye(2), np.ones(2)), {}),
])
def test_refused_forms(primitive, args, kwargs):
    y = primitive(*args, **kwargs)
    with pytest.raises(NoRuleError):
        as_pullback(rule_for(primitive))(y, y, *args, **kwargs)


@pytest.mark.parametrize("a", [decomposition_cases.WIDE, decomposition_cases.WIDE.T, linear_cases.SQUARE])
@pytest.mark.parametrize("columns", [(), (2,)])
def test_least_squares(a, columns):
    """Of all results; what the adjoint of the singular values would be is refused."""
    rng = np.random.default_rng(1)
    args = [a, rng.normal(size=(a.shape[0], *columns))]
    y, dots = np.linalg.lstsq(*args), random_like(args, rng)
    y_dot = as_tangent(rule_for(np.linalg.lstsq))(y, tuple(args), {}, tuple(dots))
    assert_close(y_dot, central_differences(lambda both: np.linalg.lstsq(*both), args, dots), 1e-6, 1e-8)
    seed = [*random_like(y[:2], rng), 0, np.zeros_like(y[3])]
    adjoints = as_pullback(rule_for(np.linalg.lstsq))(seed, y, *args)
    np.testing.assert_allclose(inner(adjoints[:2], dots), inner(y_dot[:2], seed[:2]), rtol=1e-8)


def test_least_squares_of_scipy():
    linalg = pytest.importorskip("scipy.linalg", reason="the function is of SciPy")
    rng = np.random.default_rng(1)
    for b in (rng.normal(size=4), rng.normal(size=(4, 2))):
        args = [decomposition_cases.WIDE.T, b]
        y, dots = linalg.lstsq(*args), random_like(args, rng)
        y_dot = as_tangent(rule_for(linalg.lstsq))(y, tuple(args), {"check_finite": False}, tuple(dots))
        assert_close(y_dot, central_differences(lambda both: linalg.lstsq(*both), args, dots), 1e-6, 1e-8)
        seed = [*random_like(y[:2], rng), 0, np.zeros_like(y[3])]
        adjoints = as_pullback(rule_for(linalg.lstsq))(seed, y, *args, check_finite=False)
        np.testing.assert_allclose(inner(adjoints[:2], dots), inner(y_dot[:2], seed[:2]), rtol=1e-8)


def test_equal_values():
    """Vectors of equal eigenvalues have no derivative: a warning of NumPy's, and no number."""
    eye, seed = np.eye(2), np.array([[0.0, 1.0], [0.0, 0.0]])
    (d_a,) = as_pullback(rule_for(np.linalg.eigvalsh), (0,))(np.ones(2), np.ones(2), eye)[:1]
    np.testing.assert_allclose(d_a, eye)
    np.testing.assert_allclose(as_pullback(rule_for(np.linalg.eigh), (0,))(
        (np.ones(2), np.zeros((2, 2))), np.linalg.eigh(eye), eye)[0], eye)
    np.testing.assert_allclose(as_pullback(rule_for(np.linalg.svd), (0,))(
        (np.zeros((2, 2)), np.ones(2), np.zeros((2, 2))), np.linalg.svd(eye), eye)[0], eye)
    with pytest.warns(RuntimeWarning):
        d_a = as_pullback(rule_for(np.linalg.eigh), (0,))((np.zeros(2), seed), np.linalg.eigh(eye), eye)[0]
    assert not np.all(np.isfinite(d_a))
    with pytest.warns(RuntimeWarning):
        d_a = as_pullback(rule_for(np.linalg.svd), (0,))((seed, np.zeros(2), 0.0 * seed), np.linalg.svd(eye), eye)[0]
    assert not np.all(np.isfinite(d_a))


def test_norms_at_their_corners():
    zero, ones = np.zeros(2), np.ones(2)
    for ord, at_ones in ((1, [1.0, 1.0]), (np.inf, [0.5, 0.5]), (-np.inf, [0.5, 0.5]), (3, 2.0 ** (-2 / 3) * ones)):
        np.testing.assert_allclose(pullback(np.linalg.norm, zero, ord=ord)[0], zero)
        np.testing.assert_allclose(pullback(np.linalg.norm, ones, ord=ord)[0], at_ones)
    np.testing.assert_allclose(pullback(np.linalg.norm, np.array([0.0, 2.0]), ord=0.5)[0], [0.0, 1.0])
    np.testing.assert_allclose(pullback(np.linalg.norm, np.eye(2), ord=2)[0], 0.5 * np.eye(2), atol=1e-15)
    np.testing.assert_allclose(pullback(np.linalg.norm, np.eye(2), ord=1)[0], 0.5 * np.eye(2))


def test_unlisted_keyword_is_refused():
    with pytest.raises(TypeError):
        pullback(np.ptp, np.ones(2), out=np.zeros(()))


def test_tangent_of_constants_is_none():
    assert as_tangent(rule_for(np.sum))(2.0, (np.ones(2),), {}, (None,)) is None
