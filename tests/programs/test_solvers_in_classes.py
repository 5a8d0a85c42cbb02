"""Solvers that methods call, with methods or closures that read the object: it is an argument, or it is made here."""
import numpy as np
import pytest
from checks import in_turns

import autodiff_src as ad

pytest.importorskip("scipy")
from scipy.integrate import odeint, quad, solve_ivp  # noqa: E402
from scipy.optimize import brentq, fsolve, newton, root  # noqa: E402


class Model:
    offset = 2.0

    def __init__(self, rate, weights):
        self.rate, self.weights = rate, weights

    def flow(self, y):
        return -self.rate * y * np.sum(self.weights)

    def slope(self, y, t):
        return self.flow(y)

    def slopes(self, t, y):
        return np.array([self.flow(y[0])])

    def excess(self, v, offset=2.0):
        return v ** 3 + self.rate * v - offset

    def steep(self, v):
        return 2.0 * (v - self.rate) + 4.0 * v ** 3

    def residual(self, v):
        return np.array([self.excess(v[0], self.offset), v[1] - self.weights[0] * v[0]])

    def shifted(self, v, c):
        return np.array([self.excess(v[0]) - c, v[1] - self.rate * v[0]])

    def root_of_a_method(self):
        return brentq(self.excess, 0.0, 2.0)

    def root_of_a_closure(self):
        return brentq(lambda v: self.excess(v, self.weights[1]) + v, 0.0, 2.0) * self.rate

    def newton_root(self):
        return newton(self.steep, 1.0)

    def area(self):
        return quad(self.excess, 0.0, self.rate, args=(1.0,))[0] + quad(lambda v: v * self.rate, 0.0, 1.0)[0]

    def curve(self):
        return odeint(self.slope, 1.0, [0.0, 0.5, 1.0], rtol=1e-10, atol=1e-10)[-1, 0]

    def curve_with_options(self):
        return solve_ivp(self.slopes, (0.0, 1.0), [1.0], t_eval=[0.5, 1.0], rtol=1e-9, atol=1e-10).y[0, -1]

    def several_roots(self):
        return fsolve(self.residual, [1.0, 1.0])[1]

    def result_of_root(self):
        found = root(self.shifted, [1.0, 1.0], args=(self.rate,))
        return found.x[0] * found.x[1]

METHODS = ["root_of_a_method", "root_of_a_closure", "newton_root", "area", "curve", "curve_with_options", "several_roots",
           "result_of_root"]

@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_an_object_that_is_made(method):
    def f(x):
        return getattr(Model(x, np.array([x * x, 1.2])), method)()

    step = 1e-6
    expected = (f(0.8 + step) - f(0.8 - step)) / (2.0 * step)
    assert ad.grad(f)(0.8) == pytest.approx(expected, rel=1e-6)
    assert ad.jvp(f, (0.8,), (2.0,))[1] == pytest.approx(2.0 * expected, rel=1e-6)

@pytest.mark.parametrize("method", in_turns(METHODS, 4))
def test_an_object_that_is_an_argument(method):
    def f(model):
        return getattr(model, method)()

    step, weights = 1e-6, np.array([0.7, 1.2])
    expected = (f(Model(0.8 + step, weights)) - f(Model(0.8 - step, weights))) / (2.0 * step)
    assert ad.grad(f, wrt="model.rate")(Model(0.8, weights)) == pytest.approx(expected, rel=1e-6)

def test_the_object_as_it_is_when_the_solver_is_called():
    def f(x):
        model = Model(x, np.array([x, 1.2]))
        excess = model.excess
        model.rate = model.rate * x
        return brentq(excess, 0.0, 2.0)

    step = 1e-6
    expected = (f(0.8 + step) - f(0.8 - step)) / (2.0 * step)
    assert ad.grad(f)(0.8) == pytest.approx(expected, rel=1e-6)

class Counting(Model):
    def excess(self, v, offset=2.0):
        self.calls = self.calls + 1
        return v ** 3 + self.rate * v - offset

def test_a_method_that_stores_is_refused():
    def f(x):
        model = Counting(x, np.array([x, 1.2]))
        model.calls = 0
        return brentq(model.excess, 0.0, 2.0) + model.calls

    with pytest.raises(ad.AutodiffError, match="excess|Counting|more than compute"):
        ad.grad(f)(0.8)
