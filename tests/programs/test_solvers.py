"""SciPy's solvers inside differentiated functions: both modes and second derivatives against differences; and refusals."""
from __future__ import annotations

import math

import numpy as np
import pytest
from two_numbers import check_gradient, check_tangent, differences

import autodiff_src as ad

optimize = pytest.importorskip("scipy.optimize")
integrate = pytest.importorskip("scipy.integrate")
brentq, newton, quad = optimize.brentq, optimize.newton, integrate.quad


def cubic(x, p, q):
    return x ** 3 + p * x - q


def by_brentq(p, q):
    return brentq(cubic, -5.0, 5.0, args=(p, q), xtol=1e-14) ** 2 * p


def by_closure(p, q):
    root = optimize.brenth(lambda x: cubic(x, p, q), -5.0, 5.0, xtol=1e-14)
    return root * q


def by_newton(p, q):
    def residual(z, scale):
        return math.exp(z) * scale - q + z

    return newton(residual, 0.5, args=(p,), tol=1e-14) * q


def by_newton_with_slope(p, q):
    return newton(cubic, 1.0, fprime=lambda x, p, q: 3.0 * x * x + p, args=(p, q), tol=1e-14)


def by_others(p, q):
    args = (p, q)
    total = optimize.ridder(cubic, -5.0, 5.0, args=args, xtol=1e-13) + optimize.toms748(cubic, -5.0, 5.0, args, xtol=1e-13)
    return total * optimize.bisect(cubic, a=-5.0, b=5.0, args=args, xtol=1e-13)


def in_a_loop(p, q):
    total = 0.0
    for k in range(3):
        root = brentq(cubic, -5.0, 5.0, args=(p + k, q * total + 1.0), xtol=1e-14)
        total += root * p
    return total


def root_of_a_root(p, q):
    def outer(y, p):
        return y + brentq(cubic, -9.0, 9.0, args=(p, y), xtol=1e-14) - q

    return brentq(outer, -9.0, 9.0, args=(p,), xtol=1e-14)


def in_a_helper(p, q):
    def solve(p, q):
        return brentq(cubic, -5.0, 5.0, args=(p, q), xtol=1e-14)

    return solve(p, q) * solve(q, p)


def starts_matter_not(p, q):
    return brentq(cubic, -5.0 * p, 5.0 * q, args=(1.5, 0.3), xtol=1e-14) + p * q


def bell(x, p):
    return math.exp(-p * x * x) * p


def by_quad(p, q):
    return quad(bell, 0.2, 1.5, args=(p,))[0] * q


def between_bounds(p, q):
    value, error = quad(bell, q * q, b=p + q, args=(p,), epsabs=1e-12)
    return value * value + 0.0 * error


def integrals_in_a_loop(p, q):
    total = 0.0
    for k in range(2):
        total += quad(lambda t: math.sin(p * t + k) * t * q, 0.0, q, limit=80)[0] ** 2
    return total


def integral_to_infinity(p, q):
    return quad(lambda t: np.exp(-p * t) * t ** 2, q, np.inf)[0]


def integral_of_an_integral(p, q):
    return quad(lambda y: quad(lambda x: math.cos(p * x * y), 0.0, y)[0], 0.0, q)[0]


def root_of_an_integral(p, q):
    return brentq(lambda x: integrate.quad(bell, 0.0, x, args=(p,))[0] - 0.3 * q, 0.0, 5.0, xtol=1e-14)


def integral_of(f, *args):
    return quad(f, 0.0, 1.0, args)[0]


def handed_on(p, q):
    return integral_of(lambda t, k: math.sin(t * k), p) * q + integral_of(lambda t: t * p)


def parameters_in_an_array(p, q):
    v, total = np.array([p, q * 2.0, p * q]), 0.0
    for k in range(2):
        total += quad(lambda t: math.sin(t * v[k]) * v[-1], 0.0, v[1])[0]
    return total


def parameters_in_a_tuple_and_a_list(p, q):
    pair, items = (p, q * 2.0), [q, p]
    area = quad(lambda t: math.exp(-t * pair[0]) * items[1] + pair[1], 0.0, 1.0)[0]
    items[1] = q
    return area * items[1]


late_quad = None


def late_integral(f, b):
    global late_quad
    if late_quad is None:
        from scipy.integrate import quad as late_quad
    return late_quad(f, 0.0, b)[0]


late_integral(math.sin, 1.0)


def imported_late(p, q):
    return late_integral(lambda t: math.exp(t * p), q)


PROGRAMS = [handed_on, imported_late, parameters_in_an_array, parameters_in_a_tuple_and_a_list, by_quad, between_bounds,
            integrals_in_a_loop, integral_to_infinity, integral_of_an_integral, root_of_an_integral, by_brentq, by_closure,
            by_newton, by_newton_with_slope, by_others, in_a_loop, root_of_a_root, in_a_helper, starts_matter_not]
each_program = pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
POINT = (1.3, 0.8)


@each_program
def test_gradient(f):
    check_gradient(f, POINT, 1e-4, 1e-7, 1e-9)


@each_program
def test_tangent(f):
    check_tangent(f, POINT, 1e-4, 1e-7, 1e-8)


@pytest.mark.slow
@each_program
def test_second_derivative(f):
    hessian = np.array(ad.hessian(f, wrt=(0, 1))(*POINT))
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-9, atol=1e-9)
    for i in range(2):
        along = ad.grad(f, wrt=i)
        np.testing.assert_allclose(hessian[i], differences(along, POINT, 1e-4), rtol=1e-6, atol=1e-7)
        if f not in (root_of_a_root, root_of_an_integral, integral_of_an_integral):
            np.testing.assert_allclose([ad.grad(along, wrt=k)(*POINT) for k in (0, 1)], hessian[i], rtol=1e-9, atol=1e-10)


def weighted(x, w):
    return x ** 3 + np.sum(w) * x - w[0]


def test_parameters_in_arrays():
    w = np.array([0.5, 1.5])
    gradient = ad.grad(lambda w: brentq(weighted, -5.0, 5.0, args=(w,), xtol=1e-14))(w)
    root = brentq(weighted, -5.0, 5.0, args=(w,), xtol=1e-14)
    slope = 3.0 * root ** 2 + np.sum(w)
    np.testing.assert_allclose(gradient, [-(root - 1.0) / slope, -root / slope], rtol=1e-9)


def loud(x, p):
    print("at", x)
    return x - p


def no_source_of_it(x, p):
    return x - eval("p")


@pytest.mark.parametrize(("f", "words"), [
    (lambda p: brentq(cubic, -5.0, 5.0, args=(p, 0.3), full_output=True)[0], "asked for more than the root"),
    (lambda p: newton(cubic, np.ones(2), args=(p, 0.3))[0], "may be an array"),
    (lambda p: brentq(loud, -5.0, 5.0, args=(p,)), "does more than compute"),
    (lambda p: quad(bell, 0.0, 1.0, args=(p,), full_output=1)[0], "more than the integral"),
    (lambda p: quad(bell, 0.0, 1.0, args=(p,), weight="cos", wvar=1.0)[0], "more than the integral"),
    (lambda p: quad(loud, 0.0, 1.0, args=(p,))[0], "does more than compute"),
    (lambda p: quad(lambda x, w: w[0] * x, 0.0, 1.0, args=(np.array([p, 1.0]),))[0], "may be an array"),
    (lambda p: brentq(lambda x: np.array([x - p]), -5.0, 5.0), "something else than a number"),
])
def test_refused(f, words):
    for derive in (lambda: ad.grad(f)(1.3), lambda: ad.jvp(f, (1.3,), (1.0,))):
        with pytest.raises(ad.UnsupportedError, match=words) as raised:
            derive()
        assert "Fix: " in str(raised.value)


def test_a_root_of_constants_is_a_constant(capsys):
    def f(x):
        return x * brentq(loud, -5.0, 5.0, args=(0.5,)) + x * brentq(no_source_of_it, -5.0, 5.0, args=(0.5,))

    f(2.0)
    printed = capsys.readouterr().out
    assert ad.grad(f)(2.0) == pytest.approx(1.0)
    assert capsys.readouterr().out == printed
