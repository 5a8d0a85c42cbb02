"""SciPy's solvers of differential equations inside differentiated functions: both modes and second derivatives against closed
forms and differences; and refusals."""
from __future__ import annotations

import numpy as np
import pytest
from two_numbers import check_gradient, check_tangent, differences

import autodiff_src as ad

integrate = pytest.importorskip("scipy.integrate")
optimize = pytest.importorskip("scipy.optimize")
odeint, solve_ivp = integrate.odeint, integrate.solve_ivp
TIMES = np.linspace(0.0, 2.0, 5)


def predator_and_prey(y, t, a, b):
    u, v = y
    return [a * u - b * u * v, b * u * v - v]


def populations(p, q):
    ys = odeint(predator_and_prey, [1.0, q], TIMES, args=(p, 0.5 * q), rtol=1e-11, atol=1e-12)
    return np.sum(ys[1:] ** 2)


def decay(p, q):
    ys = odeint(lambda t, y: -p * y * t, np.array([q, 2.0]), TIMES, tfirst=True, rtol=1e-11, atol=1e-12)
    return ys[-1, 0] + ys[2, 1] ** 2


def epidemic(p, q):
    """Susceptible, infected, recovered; the peak and the end."""
    def slopes(t, y):
        s, i, r = y
        return np.array([-3.0 * p * s * i, 3.0 * p * s * i - q * i, q * i])

    sol = solve_ivp(slopes, (0.0, 4.0), [0.99, 0.01, 0.0], t_eval=np.linspace(0.0, 4.0, 9), rtol=1e-11, atol=1e-12)
    if not sol.success:
        raise ValueError(sol.message)
    return np.max(sol.y[1]) + sol.y[2, -1] * q + np.trapezoid(sol.y[0], sol.t)


def stiff(p, q):
    sol = solve_ivp(lambda t, y, k: [-50.0 * k * (y[0] - np.cos(q * t))], (0.0, 1.0), [0.0], "Radau", [0.5, 1.0], args=(p,),
                    rtol=1e-10, atol=np.array([1e-11]))
    return sol.y[0, 1] * sol.y[0, 0]


def in_a_loop(p, q):
    y = np.array([p, 1.0])
    for k in range(3):
        rate = q * (k + 1)
        y = odeint(lambda y, t: [y[1], -rate * y[0]], y, [0.0, 0.3], rtol=1e-11, atol=1e-12)[-1] * p
    return y[0] * y[1]


def at_once(p, q):
    return solve_ivp(lambda t, y: p * y - q * y ** 2, (0, 1), [1], t_eval=[1], rtol=1e-11, atol=1e-12).y[0, -1]


def length_of_a_time(p, q):
    return p * solve_ivp(lambda t, y: -y, (0.0, 1.0), [1.0], t_eval=[0.0, 0.5 * q]).t[-1]


PROGRAMS = [populations, decay, epidemic, stiff, in_a_loop, at_once, length_of_a_time]
each_program = pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
POINT = (0.7, 1.3)


@pytest.mark.slow
@each_program
def test_gradient(f):
    check_gradient(f, POINT, 1e-3, 2e-6, 1e-8)


@pytest.mark.slow
@each_program
def test_tangent(f):
    check_tangent(f, POINT, 1e-3, 2e-6, 1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("f", [populations, decay, at_once], ids=lambda f: f.__name__)
def test_second_derivative(f):
    hessian = np.array(ad.hessian(f, wrt=(0, 1))(*POINT))
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-6, atol=1e-7)
    for i in range(2):
        np.testing.assert_allclose(hessian[i], differences(ad.grad(f, wrt=i), POINT, 1e-3), rtol=1e-5, atol=1e-6)


def test_accuracy_is_that_of_the_solution():
    """exp(-k t) with the solver's own tolerances."""
    def end(k):
        return solve_ivp(lambda t, y: -k * y, (0.0, 3.0), [1.0], t_eval=[3.0], rtol=1e-6, atol=1e-9).y[0, 0]

    error, error_of_derivative = end(0.5) - np.exp(-1.5), ad.grad(end)(0.5) + 3.0 * np.exp(-1.5)
    assert abs(error) < 1e-5 and abs(error_of_derivative) < 1e-5


def test_parameters_in_arrays():
    def end(w, y0):
        return odeint(lambda y, t: w @ y, y0, [0.0, 1.0], rtol=1e-11, atol=1e-12)[-1] @ np.array([1.0, -2.0])

    w, y0 = np.array([[-0.5, 0.3], [0.2, -0.8]]), np.array([1.0, 2.0])
    d_w, d_y0 = ad.grad(end, wrt=(0, 1))(w, y0)
    for gradient, i in ((d_w, 0), (d_y0, 1)):
        for at in np.ndindex(gradient.shape):
            moved = [[w.copy(), y0.copy()] for _ in range(2)]
            moved[0][i][at] += 1e-4
            moved[1][i][at] -= 1e-4
            assert gradient[at] == pytest.approx((end(*moved[0]) - end(*moved[1])) / 2e-4, abs=1e-6)


def test_a_fit():
    """The rates of a reaction from measurements, by least squares with our Jacobian."""
    def measured(rates):
        def slopes(y, t):
            return [-rates[0] * y[0], rates[0] * y[0] - rates[1] * y[1]]

        return odeint(slopes, [1.0, 0.0], TIMES, rtol=1e-11, atol=1e-12)[1:].ravel()

    data = measured(np.array([1.2, 0.4]))

    def residuals(rates):
        return measured(rates) - data

    fit = optimize.least_squares(residuals, [0.5, 1.0], jac=ad.jacobian(residuals), xtol=1e-12)
    np.testing.assert_allclose(fit.x, [1.2, 0.4], rtol=1e-8)


def of_its_own_steps(p):
    return solve_ivp(lambda t, y: -p * y, (0.0, 1.0), [1.0]).y[0, -1]


def with_dense_output(p):
    sol = solve_ivp(lambda t, y: -p * y, (0.0, 1.0), [1.0], t_eval=[1.0], dense_output=True)
    return sol.sol(0.5)[0]


def with_events(p):
    return solve_ivp(lambda t, y: -p * y, (0.0, 1.0), [1.0], t_eval=[1.0], events=lambda t, y: y[0] - 0.5).y[0, -1]


def parameter_in_a_dict(p):
    return odeint(lambda y, t, w: [-w["k"] * y[0]], [1.0], TIMES, args=({"k": p},))[-1, 0]


def initial_time(p):
    return solve_ivp(lambda t, y: -y * t, (p, 2.0), [1.0], t_eval=[2.0]).y[0, -1]


def loud(y, t, p):
    print(t)
    return -p * y


OTHERWISE = "used like this|of a value that carries|no derivative rule"


@pytest.mark.parametrize(("f", "words"), [
    (of_its_own_steps, OTHERWISE), (with_dense_output, OTHERWISE), (with_events, OTHERWISE),
    (initial_time, "with respect to times"),
    (lambda p: odeint(lambda y, t: -y, [1.0], [0.0, p])[-1, 0], "with respect to times"),
    (lambda p: odeint(loud, [1.0], TIMES, args=(p,))[-1, 0], "does more than compute"),
    (lambda p: odeint(lambda y, t: -p * y, [1.0], TIMES, full_output=True)[0][-1, 0], OTHERWISE),
])
def test_refused(f, words):
    for derive in (lambda: ad.grad(f)(1.3), lambda: ad.jvp(f, (1.3,), (1.0,))):
        with pytest.raises(ad.AutodiffError, match=words) as raised:
            derive()
        assert "Fix: " in str(raised.value)


def test_parameters_in_containers_are_for_forward_mode():
    with pytest.raises(ad.UnsupportedError, match="no number or array"):
        ad.grad(parameter_in_a_dict)(1.3)
    assert ad.jvp(parameter_in_a_dict, (1.3,), (1.0,))[1] == pytest.approx(-2.0 * np.exp(-2.6), rel=1e-5)
