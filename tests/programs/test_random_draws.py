"""Random draws follow the location and the scale that they are drawn for; each is drawn once, whatever is asked."""
import numpy as np
import pytest
from checks import central_differences

import autodiff_src as ad


def draws_of_all_kinds(x, rng):
    return np.sum(rng.normal(x, x * x) * rng.laplace(x, 2.0) + rng.logistic(0.3, x * x) + rng.gumbel(x) ** 2
                  + rng.uniform(x, x * x + 4.0) + rng.exponential(x * x) * rng.rayleigh(x * x + 1.0)
                  + rng.lognormal(x, 0.1 * x * x, 3))


def noisy_walk(x, rng):
    position, kept = x[0], np.zeros(4)
    for k in range(4):
        position = rng.normal(position, abs(x[1])) if position < 2.0 else position - x[2]
        kept[k] = position * position
    return np.sum(kept)


def draws_that_are_not_read(x, rng):
    rng.normal(x, 1.0)
    return np.sum(x * x * rng.uniform(size=3))


def made_within(x, _):
    rng = np.random.default_rng(3)
    scale = rng.uniform(1.0, 2.0)
    return np.sum(rng.normal(x, scale * x * x, size=3))


def of_the_module(x, _):
    np.random.seed(5)
    return np.sum(np.random.normal(x, x * x) + np.random.uniform(low=x, high=x + 2.0) ** 2)


class Sampler:
    def __init__(self, rng):
        self.rng = rng

    def draw(self, x):
        return self.rng.normal(loc=x, scale=0.5)


def of_an_object(x, rng):
    sampler = Sampler(rng)
    return np.sum(sampler.draw(x) * sampler.draw(x * x))


X, V = np.array([0.3, 1.2, -0.7]), np.array([0.7, -0.4, 1.1])
STATES = [lambda: np.random.default_rng(7), lambda: np.random.RandomState(7)]
both_states = pytest.mark.parametrize("state", STATES, ids=["Generator", "RandomState"])


@both_states
@pytest.mark.parametrize("f", [draws_of_all_kinds, noisy_walk, draws_that_are_not_read, made_within, of_the_module,
                               of_an_object])
def test_draws(f, state):
    wanted = central_differences(lambda x: f(x, state()), X, V)
    rng, plain = state(), state()
    value, gradient = ad.value_and_grad(f)(X, rng)
    assert value == f(X, plain)
    assert rng.uniform() == plain.uniform()
    assert gradient @ V == pytest.approx(wanted, rel=1e-7)
    rng = state()
    assert ad.jvp(f, (X, rng), (V, None)) == pytest.approx((value, wanted), rel=1e-7)
    plain = state()
    f(X, plain)
    assert rng.uniform() == plain.uniform()


@pytest.mark.slow
@both_states
@pytest.mark.parametrize("f", [draws_of_all_kinds, noisy_walk, made_within])
def test_second_derivatives(f, state):
    wanted = central_differences(lambda x: ad.grad(f)(x, state()), X, V)
    np.testing.assert_allclose(ad.hvp(f)(X, V, state()), wanted, rtol=1e-6)


@pytest.mark.parametrize("f", [lambda x, rng: rng.gamma(x), lambda x, rng: rng.beta(x, 2.0)])
def test_shapes_are_refused(f):
    with pytest.raises(ad.UnsupportedError, match="takes a value that carries a derivative"):
        ad.grad(f)(1.5, np.random.default_rng(0))
