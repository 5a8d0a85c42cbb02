"""Fits a mixture of Gaussians in the plane by maximum likelihood, with Newton steps, and tells how sure it is.

The likelihood is written out, with a log-sum-exp over the components. Its gradient comes from `ad.value_and_grad`; its Hessian
times a vector, which `scipy.optimize.minimize(method="trust-ncg")` asks for, from `ad.hvp`; the standard errors from
`ad.hessian`. Run it with `python examples/gaussian_mixture.py`.
"""
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

import autodiff_src as ad

TRUE_WEIGHTS = np.array([0.5, 0.3, 0.2])
TRUE_MEANS = np.array([[0.0, 0.0], [4.0, 1.0], [1.0, 5.0]])
TRUE_SPREADS = np.array([[[1.0, 0.0], [0.6, 0.8]], [[0.7, 0.0], [0.0, 1.2]], [[1.3, 0.0], [-0.5, 0.6]]])
COMPONENTS = len(TRUE_WEIGHTS)


@dataclass
class Mixture:
    """`scores` are the logarithms of the weights, up to a constant; `factors` the Cholesky factors of the precisions as
    (logarithm of the first diagonal element, element below it, logarithm of the second)."""

    scores: np.ndarray
    means: np.ndarray
    factors: np.ndarray


def packed(mixture):
    """The mixture as SciPy's vector. Only differences of scores matter, so the first is left out."""
    return np.concatenate((mixture.scores[1:] - mixture.scores[0], mixture.means.ravel(), mixture.factors.ravel()))


def unpacked(x):
    k = COMPONENTS
    scores = np.concatenate((np.zeros(1), x[:k - 1]))
    return Mixture(scores, x[k - 1:3 * k - 1].reshape(k, 2), x[3 * k - 1:].reshape(k, 3))


def log_sum_exp(a):
    """log(sum(exp(a))) along the last axis, without overflow."""
    largest = np.max(a, axis=-1, keepdims=True)
    return largest[..., 0] + np.log(np.sum(np.exp(a - largest), axis=-1))


def log_densities(mixture, points):
    """The logarithm of weight times density, of shape (points, components)."""
    from_mean = points[:, None, :] - mixture.means
    log_a, c, log_b = mixture.factors[:, 0], mixture.factors[:, 1], mixture.factors[:, 2]
    u = np.exp(log_a) * from_mean[..., 0] + c * from_mean[..., 1]
    v = np.exp(log_b) * from_mean[..., 1]
    log_weights = mixture.scores - log_sum_exp(mixture.scores)
    return log_weights + log_a + log_b - 0.5 * (u * u + v * v) - np.log(2.0 * np.pi)


def misfit(x, points):
    """Minus the mean log-likelihood of `points`, at the parameters in the vector `x`."""
    mixture = unpacked(x)
    return -np.mean(log_sum_exp(log_densities(mixture, points)))


def drawn_points(number=1500, seed=0):
    rng = np.random.default_rng(seed)
    component = rng.choice(COMPONENTS, size=number, p=TRUE_WEIGHTS)
    return TRUE_MEANS[component] + np.einsum("nij,nj->ni", TRUE_SPREADS[component], rng.normal(size=(number, 2)))


def guess(points, seed=0):
    """Means at points far from one another, each the farthest from those before; unit spreads, equal weights."""
    means = [np.mean(points, axis=0)]
    for _ in range(COMPONENTS):
        distance = np.min([np.sum((points - mean) ** 2, axis=1) for mean in means], axis=0)
        means.append(points[np.argmax(distance)])
    return Mixture(np.zeros(COMPONENTS), np.array(means[1:]), np.zeros((COMPONENTS, 3)))


def fit(points):
    """The parameters that make `points` most likely, as scipy's result."""
    return minimize(ad.value_and_grad(misfit), packed(guess(points)), args=(points,), jac=True, hessp=ad.hvp(misfit),
                    method="trust-ncg", options={"gtol": 1e-8})


def standard_errors(x, points):
    """Of each parameter, from the curvature of the likelihood at its maximum."""
    return np.sqrt(np.diag(np.linalg.inv(len(points) * ad.hessian(misfit)(x, points))))


def main():
    points = drawn_points()
    result = fit(points)
    mixture = unpacked(result.x)
    weights = np.exp(mixture.scores - log_sum_exp(mixture.scores))
    errors = standard_errors(result.x, points)[COMPONENTS - 1:3 * COMPONENTS - 1].reshape(COMPONENTS, 2)
    print(f"minus mean log-likelihood {result.fun:.4f} after {result.nit} steps with {result.nhev} products with the Hessian")
    order = [int(np.argmin(np.sum((mixture.means - mean) ** 2, axis=1))) for mean in TRUE_MEANS]
    for k, true, true_weight in zip(order, TRUE_MEANS, TRUE_WEIGHTS):
        coordinates = ", ".join(f"{m:6.3f} +- {e:.3f}" for m, e in zip(mixture.means[k], errors[k]))
        print(f"weight {weights[k]:.3f} ({true_weight})   mean {coordinates}   ({true[0]}, {true[1]})")
    return weights[order], mixture.means[order], errors[order]


def test_the_mixture_is_found():
    weights, means, errors = main()
    np.testing.assert_allclose(weights, TRUE_WEIGHTS, atol=0.05)
    np.testing.assert_allclose(means, TRUE_MEANS, atol=0.2)
    assert np.all(np.abs(means - TRUE_MEANS) < 3.5 * errors) and np.all(errors < 0.1)


def test_derivatives_against_central_differences():
    points = drawn_points(30)
    x = packed(guess(points)) + 0.1 * np.random.default_rng(1).normal(size=6 * COMPONENTS - 1)
    gradient, product, hessian = ad.grad(misfit), ad.hvp(misfit), ad.hessian(misfit)(x, points)
    for i, e in enumerate(1e-6 * np.eye(len(x))):
        slope = (misfit(x + e, points) - misfit(x - e, points)) / 2e-6
        np.testing.assert_allclose(gradient(x, points)[i], slope, rtol=1e-5, atol=1e-8)
        column = (gradient(x + e, points) - gradient(x - e, points)) / 2e-6
        np.testing.assert_allclose(hessian[:, i], column, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(product(x, 1e6 * e, points), hessian[:, i], rtol=1e-12, atol=1e-14)


if __name__ == "__main__":
    main()
