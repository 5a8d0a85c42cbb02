"""SciPy's solvers for several unknowns and for minima inside differentiated functions: both modes and second derivatives
against differences; and refusals."""
from __future__ import annotations

import math

import numpy as np
import pytest
from two_numbers import check_gradient, check_tangent

import autodiff_src as ad

optimize = pytest.importorskip("scipy.optimize")
special = pytest.importorskip("scipy.special")
fixed_point, fsolve, minimize, minimize_scalar = (
    optimize.fixed_point, optimize.fsolve, optimize.minimize, optimize.minimize_scalar)
root, root_scalar = optimize.root, optimize.root_scalar


def equations(v, p, q):
    a, b = v
    return [a * a + p * b - q, a * b - p]


def by_fsolve(p, q):
    x = fsolve(equations, [1.0, 1.0], args=(p, q), xtol=1e-13)
    return x[0] * x[1] + x[1]


def unpacked(p, q):
    a, b = fsolve(lambda v: np.array([v[0] ** 2 + p * v[1] - q, v[0] * v[1] - p]), np.ones(2), xtol=1e-13)
    return a * math.exp(b)


def steady_state(p, q):
    """A stirred tank with A -> B -> C and mass action."""
    def balances(c, inflow, rates):
        k1, k2 = rates
        return (inflow * (1.0 - c[0]) - k1 * c[0] ** 2, k1 * c[0] ** 2 - k2 * c[1] - inflow * c[1],
                k2 * c[1] - inflow * c[2])

    c = fsolve(balances, np.full(3, 0.3), args=(p, (q, 2.0 * q)), xtol=1e-13)
    return c[1] / (c[1] + c[2])


def by_root(p, q):
    sol = root(equations, [1.0, 1.0], args=(p, q), tol=1e-13)
    if not sol.success:
        raise ValueError(sol.message)
    return sol.x[0] * sol.x[1] + sol.x[1] * p


def by_root_at_once(p, q):
    return root(equations, x0=[1.0, 1.0], args=(p, q), method="lm", tol=1e-13).x[0] * q


def in_a_loop(p, q):
    x, total = np.array([1.0, 1.0]), 0.0
    for k in range(3):
        if k > 1:
            total += sol.x[1]  # noqa: F821  (the one of the trip before)
        sol = root(equations, x, args=(p, q + k), tol=1e-13)
        x = sol.x
        total += x[0] * p
    return total


def implied_volatility(p, q):
    def price(sigma, strike):
        d = (math.log(1.0 / strike) + 0.5 * sigma ** 2) / sigma
        return special.ndtr(d) - strike * special.ndtr(d - sigma)

    sol = root_scalar(lambda s: price(s, q) - 0.3 * p, bracket=(1e-3, 3.0), xtol=1e-14, rtol=1e-14)
    return sol.root if sol.converged else math.nan


def with_arguments_in_a_name(p, q):
    args = (p, q)
    sol = root_scalar(lambda x, a, b: x ** 3 + a * x - b, args=args, x0=0.3, x1=0.4, xtol=1e-14, rtol=1e-14)
    return sol.root * p


def by_fixed_point(p, q):
    x = fixed_point(lambda x: np.cos(p * x) * q + 0.1 * x[::-1], np.array([0.5, 0.6]), xtol=1e-13)
    return x[0] * x[1] ** 2


def cost(v, p, q):
    return (v[0] - p) ** 2 + (v[1] - q * v[0]) ** 2 + 0.1 * v[0] ** 4


def slope_of_cost(v, p, q):
    return np.array([2.0 * (v[0] - p) - 2.0 * q * (v[1] - q * v[0]) + 0.4 * v[0] ** 3, 2.0 * (v[1] - q * v[0])])


def by_minimize(p, q):
    res = minimize(cost, [0.5, 0.5], args=(p, q), jac=slope_of_cost, method="BFGS", options={"gtol": 1e-12})
    return res.x[0] * res.x[1] + res.fun


def by_newton(p, q):
    def hessian(v, p, q):
        return np.array([[2.0 + 2.0 * q * q + 1.2 * v[0] ** 2, -2.0 * q], [-2.0 * q, 2.0]])

    return minimize(cost, [0.5, 0.5], (p, q), "Newton-CG", slope_of_cost, hessian, options={"xtol": 1e-13}).x[1]


def by_minimize_scalar(p, q):
    sol = minimize_scalar(lambda x: (x - p) ** 2 * math.exp(0.3 * x) + q * x, bracket=(-2.0, 0.5, 2.0), tol=1e-15)
    return sol.x * p + sol.fun


def within_bounds(p, q):
    return minimize_scalar(lambda x, a: (x - a) ** 2 * (1.0 + 0.1 * x), bounds=(-5.0, 5.0), args=(p * q,), method="bounded",
                           options={"xatol": 1e-12}).x


def deeper(f, n):
    return fsolve(f, [0.5])[0] if n == 0 else deeper(f, n - 1)


def passed_on(p, q):
    def solved(f, start):
        return fsolve(f, start, xtol=1e-13)

    return solved(lambda v: [v[0] ** 3 + p * v[0] - q], [0.5])[0]


def starts_matter_not(p, q):
    return fsolve(lambda v: [v[0] ** 3 + v[0] - 0.4], [p])[0] + p * q


EXACT = [by_fsolve, unpacked, steady_state, by_root, by_root_at_once, in_a_loop, implied_volatility, with_arguments_in_a_name,
         by_fixed_point, by_minimize, by_newton, starts_matter_not, passed_on]
FOUND_ROUGHLY = [by_minimize_scalar, within_bounds]  # to the root of the precision
each_program = pytest.mark.parametrize("f", EXACT + FOUND_ROUGHLY, ids=lambda f: f.__name__)
POINT = (0.7, 1.3)


def exactness(f):
    """The step of the differences, and the tolerances that it allows."""
    return (1e-3, 1e-6, 1e-7) if f in EXACT else (1e-2, 2e-5, 1e-5)


@pytest.mark.slow
@each_program
def test_gradient(f):
    check_gradient(f, POINT, *exactness(f))


@each_program
def test_tangent(f):
    check_tangent(f, POINT, *exactness(f))


@pytest.mark.slow
@pytest.mark.parametrize("f", [f for f in EXACT if f is not in_a_loop], ids=lambda f: f.__name__)
def test_second_derivative(f):
    hessian = np.array(ad.hessian(f, wrt=(0, 1))(*POINT))
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-7, atol=1e-7)
    for i in range(2):
        def slope(*args, i=i):
            return ad.grad(f, wrt=i)(*args)

        step = 1e-4
        moved = [[(slope(*(v + s * (j == k) * step for k, v in enumerate(POINT)))) for s in (1, -1)] for j in range(2)]
        np.testing.assert_allclose(hessian[i], [(up - down) / (2.0 * step) for up, down in moved], rtol=1e-5, atol=1e-5)


def test_parameters_in_arrays():
    """A linear system, of which the solution is known."""
    def solved(a, b):
        return np.sum(fsolve(lambda x: a @ x - b, np.zeros(3), xtol=1e-13) * np.arange(1.0, 4.0))

    a, b = np.array([[3.0, 1.0, 0.2], [0.5, 4.0, 1.0], [0.1, 0.2, 2.0]]), np.array([1.0, 2.0, 3.0])
    weights = np.linalg.solve(a.T, np.arange(1.0, 4.0))
    d_a, d_b = ad.grad(solved, wrt=(0, 1))(a, b)
    np.testing.assert_allclose(d_b, weights, rtol=1e-10)
    np.testing.assert_allclose(d_a, -np.outer(weights, np.linalg.solve(a, b)), rtol=1e-9)


def loud(x, p):
    print("at", x)
    return x - p


LOG = []


def logging(x, p):
    LOG.append(x * p)
    return x - p


def read_from_a_log(p):
    LOG.clear()
    fsolve(logging, np.ones(1), args=(p,))
    return LOG[-1][0]


def read_from_a_log_of_one(p):
    LOG.clear()
    found = optimize.brentq(logging, -5.0, 5.0, args=(p,))
    return LOG[-1] + 0.0 * found


def handed_out(p):
    sol = root(lambda x: x - p, np.ones(1))
    return dict(sol)["x"][0]


def read_by_a_nested_function(p):
    sol = root(lambda x: x - p, np.ones(1))

    def first():
        return sol.x[0]

    return first()


@pytest.mark.parametrize(("f", "words"), [
    (lambda p: deeper(lambda x: x * x - p, 2), "hands on the function"),
    (lambda p: optimize.least_squares(lambda x: x - p, np.ones(1)).x[0], "or its result is used like this"),
    (lambda p: fsolve(equations, [1.0, 1.0], args=(p, 0.3), full_output=True)[0][0], "or its result is used like this"),
    (handed_out, "or its result is used like this"),
    (read_by_a_nested_function, "of a value that carries|or its result is used like this"),
    (lambda p: root(lambda x: x - p, np.ones(1)).fun[0], "or its result is used like this"),
    (lambda p: minimize(lambda v: ((v - p) ** 2).sum(), np.ones(1), constraints=[{"type": "eq", "fun": np.sum}]).x[0],
     "of a value that carries|or its result is used like this"),
    (read_from_a_log, "does more than compute"), (read_from_a_log_of_one, "does more than compute"),
    (lambda p: fsolve(loud, np.ones(1), args=(p,))[0], "does more than compute"),
    (lambda p: fsolve(lambda x, q: x - q, np.ones(1), args=p)[0], "is no tuple"),
    (lambda p: root(lambda x: x - p, np.ones((2, 2)), method="krylov").x[0, 0], "no array of floats with one axis"),
    (lambda p: fixed_point(lambda x: 0.5 * x + p, 1.0), "no array of floats with one axis"),
    (lambda p: fsolve(lambda x: x * x + p, np.ones(1))[0], "does not solve the equations|singular"),
    (lambda p: root(lambda x: [x[0] - p, x[0] - 2.0 * p], [1.0], method="lm").x[0], "another number than unknowns"),
    (lambda p: fsolve(lambda x: (x - p) ** 2 * 0.0, np.ones(1))[0], "singular"),
    (lambda p: minimize_scalar(lambda x: x * p, bounds=(0.0, 1.0), method="bounded").x, "singular|does not solve"),
    (lambda p: minimize(lambda v: ((v - p) ** 2).sum(), np.ones(1), bounds=[(2.0, 3.0)]).x[0], "does not solve the equations"),
])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_refused(f, words):
    for derive in (lambda: ad.grad(f)(1.3), lambda: ad.jvp(f, (1.3,), (1.0,))):
        with pytest.raises(ad.AutodiffError, match=words) as raised:
            derive()
        assert "Fix: " in str(raised.value)


def test_a_solver_that_fails_is_not_asked_for_a_derivative():
    def f(p):
        sol = root(lambda x: x * x + p, np.ones(1))
        return sol.x[0] if sol.success else 2.0 * p

    assert ad.grad(f)(1.3) == 2.0


def test_a_solution_of_constants_is_a_constant(capsys):
    def f(x):
        return x * fsolve(loud, np.ones(1), args=(0.5,))[0]

    f(2.0)
    printed = capsys.readouterr().out
    assert ad.grad(f)(2.0) == pytest.approx(0.5)
    assert capsys.readouterr().out == printed
