"""Fits the parameters of an ODE model to noisy data, through the integrator that the user wrote.

The model is Lotka and Volterra's of predators and prey. It is integrated by a plain loop of Runge-Kutta steps; the
gradient of the misfit with respect to the four rates and the two initial populations comes from `ad.value_and_grad`,
and `scipy.optimize.minimize(jac=True)` does the rest. Run it with `python examples/ode_fit.py`.
"""
import numpy as np
from scipy.optimize import minimize

import autodiff_src as ad

TRUE_PARAMETERS = np.array([1.1, 0.4, 0.4, 0.1, 10.0, 5.0])
NAMES = ("birth of prey", "predation", "death of predators", "growth of predators", "prey at 0", "predators at 0")


def rhs(state, rates):
    """The rates of change of (prey, predators)."""
    prey, predators = state[0], state[1]
    return np.array([prey * (rates[0] - rates[1] * predators), predators * (rates[3] * prey - rates[2])])


def rk4(start, rates, dt, steps):
    """The states at 0, dt, 2 dt, ...: an array of shape (steps + 1, 2)."""
    states = np.zeros((steps + 1, len(start)))
    states[0] = start
    for k in range(steps):
        y = states[k]
        k1 = rhs(y, rates)
        k2 = rhs(y + 0.5 * dt * k1, rates)
        k3 = rhs(y + 0.5 * dt * k2, rates)
        k4 = rhs(y + dt * k3, rates)
        states[k + 1] = y + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return states


def misfit(parameters, data, dt):
    """Half the mean squared distance between the model and `data`, an array of shape (times, 2)."""
    states = rk4(parameters[4:], parameters[:4], dt, len(data) - 1)
    residual = states - data
    return 0.5 * np.mean(residual * residual)


def noisy_data(dt=0.05, steps=200, noise=0.2, seed=0):
    states = rk4(TRUE_PARAMETERS[4:], TRUE_PARAMETERS[:4], dt, steps)
    return states + noise * np.random.default_rng(seed).normal(size=states.shape)


def fit(data, dt, guess):
    """The parameters that fit `data` best, as scipy's result."""
    value_and_gradient = ad.value_and_grad(misfit)
    return minimize(lambda parameters: value_and_gradient(parameters, data, dt), guess, jac=True, method="BFGS")


def main():
    dt = 0.05
    guess = np.array([1.0, 0.3, 0.5, 0.12, 9.0, 6.0])
    result = fit(noisy_data(dt), dt, guess)
    print(f"misfit {result.fun:.4f} after {result.nfev} values and gradients")
    for name, true, fitted in zip(NAMES, TRUE_PARAMETERS, result.x):
        print(f"{name:>20}: {fitted:8.4f}   (data made with {true})")
    return result.x


def test_gradient_against_central_differences():
    data, point = noisy_data(steps=40), 0.95 * TRUE_PARAMETERS
    gradient = ad.grad(misfit)(point, data, 0.05)
    for i, e in enumerate(1e-6 * np.eye(len(point))):
        expected = (misfit(point + e, data, 0.05) - misfit(point - e, data, 0.05)) / 2e-6
        np.testing.assert_allclose(gradient[i], expected, rtol=1e-5, atol=1e-7)


def test_parameters_are_recovered():
    np.testing.assert_allclose(main(), TRUE_PARAMETERS, rtol=0.03)


if __name__ == "__main__":
    main()
