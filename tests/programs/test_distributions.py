"""SciPy's distributions in programs: functions of the point and of all parameters, in both modes and orders."""
from __future__ import annotations

import numpy as np
import pytest

import autodiff_src as ad

stats = pytest.importorskip("scipy.stats", reason="these functions are of SciPy")

DENSITIES = ("logpdf", "pdf")
# By name: the shapes, and points of the standard form within the support.
CONTINUOUS = {
    "norm": ((), (-0.7, 1.3)), "expon": ((), (0.4, 2.1)), "uniform": ((), (0.3, 0.8)), "gamma": ((2.3,), (0.6, 3.1)),
    "beta": ((2.2, 3.4), (0.2, 0.7)), "t": ((3.7,), (-0.8, 2.2)), "lognorm": ((0.8,), (0.5, 2.4)),
    "laplace": ((), (-0.9, 0.6)), "logistic": ((), (-1.2, 0.4)), "cauchy": ((), (-2.0, 0.7)), "chi2": ((3.3,), (0.9, 4.2)),
    "weibull_min": ((1.7,), (0.4, 1.6)), "gumbel_r": ((), (-0.5, 1.8)), "gumbel_l": ((), (-1.5, 0.3)),
    "rayleigh": ((), (0.5, 1.9)), "halfnorm": ((), (0.3, 1.4)), "invgamma": ((2.6,), (0.3, 1.1))}
DISCRETE = {"poisson": ((2.3,), (0, 1, 4)), "binom": ((6.0, 0.3), (0, 2, 6)), "bernoulli": ((0.3,), (0, 1)),
            "geom": ((0.3,), (1, 4)), "nbinom": ((3.0, 0.4), (0, 2, 5))}
norm, gamma = stats.norm, stats.gamma
STANDARD, LATE = stats.norm(0.3, 1.7), stats.gamma(2.5, scale=0.4)
COUNTS = stats.poisson(2.0)
DATA = np.array([0.2, 1.4, -0.7])
COVARIANCE = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.0]])


def checked(f, parameters, direction, order=2):
    """The gradient, the tangent and the gradient's along a direction against differences."""
    parameters = np.asarray(parameters)

    def differences(g, h=1e-3):
        return sum(w * (g(parameters + k * h * direction) - g(parameters - k * h * direction))
                   for k, w in ((1, 8 / 12), (2, -1 / 12))) / h

    gradient, slope = ad.grad(f), differences(f)
    assert gradient(parameters) @ direction == pytest.approx(slope, rel=1e-6, abs=1e-9)
    assert ad.jvp(f, (parameters,), (direction,))[1] == pytest.approx(slope, rel=1e-6, abs=1e-9)
    if order == 2:
        bend = differences(gradient)
        np.testing.assert_allclose(ad.hvp(f)(parameters, direction), bend, rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(ad.grad(lambda p: gradient(p) @ direction)(parameters), bend, rtol=1e-5, atol=1e-7)


def of_parameters(name, method, shapes):
    """A program of the method of the point, location, scale and, if asked for, the shapes."""
    distribution, count = getattr(stats, name), len(shapes)
    text = ", ".join(f"p[{i + 3}]" for i in range(count)) if method in DENSITIES else ", ".join(map(str, shapes))
    source = f"lambda p: stats.{name}.{method}(p[0], {text + ', ' if count else ''}loc=p[1], scale=p[2])"
    return source, distribution


def program(source):
    """The function of a text, which its derivatives are made of."""
    import linecache
    file = f"<program {source}>"
    linecache.cache[file] = (len(source), None, [source + "\n"], file)
    return eval(compile(source, file, "eval"), {"stats": stats, "np": np})


@pytest.mark.parametrize("method", ["logpdf", "cdf", "ppf", *(
    pytest.param(method, marks=pytest.mark.slow) for method in ("pdf", "sf", "logcdf", "logsf", "isf"))])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous(name, method):
    shapes, points = CONTINUOUS[name]
    source, distribution = of_parameters(name, method, shapes)
    f, loc, scale = program(source), 0.4, 1.3
    for z in points[:1] if method not in DENSITIES else points:
        point = getattr(distribution, "sf" if method == "isf" else "cdf")(z, *shapes) if method in ("ppf", "isf") else (
            loc + scale * z)
        parameters = [point, loc, scale, *(shapes if method in DENSITIES else ())]
        checked(f, parameters, np.array([0.03, -0.2, 0.1, 0.3, -0.25])[:len(parameters)], order=1)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["logpdf", "pdf", "cdf", "logsf", "ppf"])
@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_second_derivatives(name, method):
    shapes, points = CONTINUOUS[name]
    source, distribution = of_parameters(name, method, shapes)
    point = distribution.cdf(points[0], *shapes) if method == "ppf" else 0.4 + 1.3 * points[0]
    parameters = [point, 0.4, 1.3, *(shapes if method in DENSITIES else ())]
    checked(program(source), parameters, np.array([0.03, -0.2, 0.1, 0.3, -0.25])[:len(parameters)])


@pytest.mark.slow
@pytest.mark.parametrize("method", ["pmf", "logpmf"])
@pytest.mark.parametrize("name", DISCRETE)
def test_discrete(name, method):
    shapes, points = DISCRETE[name]
    text = ", ".join(f"p[{i}]" for i in range(len(shapes)) if name != "binom" or i)
    fixed = f"{int(shapes[0])}, " if name == "binom" else ""  # a number of trials that is whole
    f = program(f"lambda p: stats.{name}.{method}(np.array({list(points)}), {fixed}{text}) @ np.arange(1.0, {len(points) + 1})")
    checked(f, shapes, np.array([0.3, -0.2])[:len(shapes)])


def likelihood(p):
    return np.sum(norm.logpdf(DATA, loc=p[0], scale=np.exp(p[1]))) - gamma.logpdf(np.exp(p[2]), 2.0, scale=0.5)


def mixture(p):
    return np.sum(np.log(p[0] * norm.pdf(DATA, p[1]) + (1.0 - p[0]) * norm.pdf(DATA, p[2], 0.6)))


def censored(p):
    z = (DATA - p[0]) / p[1]
    return np.sum(np.where(DATA > 1.0, norm.logsf(z), norm.logpdf(z) - np.log(p[1]))) + norm.ppf(p[2])


@pytest.mark.slow
@pytest.mark.parametrize("f, p", [
    (likelihood, [0.1, 0.2, -0.3]), (mixture, [0.3, -0.5, 1.0]), (censored, [0.2, 1.3, 0.4]),
    (lambda x: np.sum(STANDARD.logpdf(x) * STANDARD.cdf(x)) + np.sum(LATE.pdf(x * x)), [0.3, -0.4, 1.2]),
    (lambda x: np.sum(stats.multivariate_normal.logpdf(x, 0.5 * x * x, COVARIANCE)), [0.3, -0.4, 1.2]),
    (lambda x: stats.multivariate_normal.pdf(x, mean=DATA, cov=COVARIANCE + np.diag(x * x)), [0.3, -0.4, 1.2]),
    (lambda x: np.sum(stats.multivariate_normal.logpdf(np.outer(DATA, x), x, COVARIANCE + np.outer(x, x))), [0.3, -0.4, 1.2])])
def test_programs(f, p):
    checked(f, p, np.array([0.03, -0.2, 0.1]))


def test_frozen_outside_of_counts():
    assert ad.grad(lambda s: s * np.sum(COUNTS.logpmf(np.arange(3))))(2.0) == pytest.approx(np.sum(COUNTS.logpmf(np.arange(3))))


def test_outside_of_the_support_and_at_its_end():
    assert ad.grad(lambda x: np.sum(stats.expon.pdf(x)))(np.array([-1.0, 0.5])) == pytest.approx([0.0, -np.exp(-0.5)])
    assert ad.grad(lambda x: np.sum(stats.gamma.logpdf(np.array([-1.0, 2.0]), x)))(1.5) == pytest.approx(
        np.log(2.0) - 0.03648997397857652)
    assert ad.grad(lambda x: stats.norm.logcdf(x))(-30.0) == pytest.approx(30.0332, rel=1e-5)
    assert ad.grad(lambda x: stats.expon.logsf(x))(5.0) == pytest.approx(-1.0)
    assert ad.grad(lambda x: stats.expon.logcdf(x))(-1.0) == 0.0


@pytest.mark.parametrize("f, reason", [
    (lambda x: np.sum(stats.nakagami.logpdf(x, 1.3)), "this call of logpdf has no derivative rule"),
    (lambda x: np.sum(stats.gamma.cdf(2.0, x)), "with respect to a shape of a distribution function is not known"),
    (lambda x: np.sum(stats.poisson.logpmf(x, 2.0)), "with respect to k of a discrete distribution is not known"),
    (lambda x: stats.multivariate_normal.logpdf(x), "this call of logpdf has no derivative rule"),
    (lambda x: np.sum(stats.multivariate_normal.logpdf(x, np.zeros(3), 2.0)), "a covariance that is no matrix")])
def test_what_is_refused(f, reason):
    for derivative in (lambda: ad.grad(f)(np.array([0.4, 1.3, 0.9])), lambda: ad.jvp(f, (np.ones(3),), (np.ones(3),))):
        with pytest.raises(ad.AutodiffError, match=reason):
            derivative()


def frozen_and_asked_at_once(p):
    return np.sum(stats.norm(p[0], np.exp(p[1])).logpdf(DATA)) + gamma(2.0 + p[0] ** 2, scale=1.3).logpdf(p[2] ** 2)


def frozen_before_its_parameters_change(p):
    d = norm(p[0], scale=1.0 + p[1] ** 2)
    p = p * 2.0
    return d.logpdf(p[2]) + d.cdf(p[1]) * d.ppf(0.3)


def frozen_in_a_loop(p):
    total = 0.0
    for i in range(3):
        d = norm(loc=p[i] * 2.0, scale=1.0 + i)
        of = stats.poisson(np.exp(p[i]))
        total += d.sf(0.2) * d.logpdf(p[0]) + of.logpmf(i)
    return total


def frozen_normal_vector(p):
    around = stats.multivariate_normal(p, COVARIANCE)
    return around.logpdf(DATA) + around.pdf(2.0 * DATA)


FROZEN = [frozen_and_asked_at_once, frozen_before_its_parameters_change, frozen_in_a_loop, frozen_normal_vector]


@pytest.mark.parametrize("f", FROZEN)
def test_frozen_inside(f):
    checked(f, [0.4, -0.3, 0.8], np.array([0.5, 1.0, -0.7]))


def test_frozen_otherwise_is_refused():
    def chosen(p):
        d = norm(p[0], 1.0) if p[1] > 0.0 else norm(p[2], 2.0)
        return d.logpdf(0.1)

    def in_a_function(p):
        d = norm(p[0], 1.0)
        return (lambda t: d.pdf(t))(p[1])

    for f in (chosen, in_a_function):
        with pytest.raises(ad.NoRuleError, match="this call of (logpdf|pdf) has no derivative rule"):
            ad.grad(f)(np.array([0.4, -0.3, 0.8]))
