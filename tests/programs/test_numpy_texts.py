"""NumPy's functions that are read, as they have no rule, or none for the arguments of a call."""
import numpy as np
import pytest
from checks import central_differences
from numpy.polynomial import chebyshev, hermite, laguerre, legendre, polynomial
from numpy.polynomial import hermite_e as hermite_of_statistics

import autodiff_src as ad

X, V = np.array([0.7, 1.4, -0.4, 2.1, 0.9, 1.8]), np.array([0.6, 1.3, -0.7, 0.2, 1.1, -0.5])
M = np.array([[1.0, 0.5, 2.0], [0.3, 1.7, 0.8]])


def m(x):
    return x.reshape(2, 3)


PADS = {
    "odd reflection": lambda x: np.pad(x, (2, 3), mode="reflect", reflect_type="odd"),
    "odd symmetry": lambda x: np.pad(m(x), ((1, 2), (0, 3)), "symmetric", reflect_type="odd"),
    "even reflection": lambda x: np.pad(m(x), ((1, 0), (2, 1)), "reflect", reflect_type="even"),
    "mean": lambda x: np.pad(m(x), 2, mode="mean"),
    "mean of some": lambda x: np.pad(m(x), ((1, 2), (2, 1)), mode="mean", stat_length=((1, 2), (2, 5))),
    "maximum": lambda x: np.pad(m(x), 1, "maximum"), "minimum": lambda x: np.pad(x, (1, 0), "minimum", stat_length=3),
    "median": lambda x: np.pad(x, (2, 1), mode="median", stat_length=(3, 4)),
    "ramp": lambda x: np.pad(m(x), (1, 3), mode="linear_ramp"),
    "ramps to values": lambda x: np.pad(m(x), 2, mode="linear_ramp", end_values=((x[0], 2.0), (x[1], x[2]))),
    "by axis": lambda x: np.pad(m(x), ((0, 0), (1, 2)), mode="mean", stat_length=None),
}
METHODS = {
    "differences": lambda x: np.subtract.reduce(m(x)), "quotients": lambda x: np.divide.reduce(m(x), axis=1),
    "length": lambda x: np.hypot.reduce(x), "rows kept": lambda x: np.hypot.reduce(m(x), axis=-1, keepdims=True),
    "greatest": lambda x: np.fmax.reduce(m(x), axis=1), "powers": lambda x: np.power.reduce(np.abs(m(x)) + 0.5),
    "differences so far": lambda x: np.subtract.accumulate(x),
    "sums of powers": lambda x: np.logaddexp.accumulate(m(x), axis=1),
    "quotients so far": lambda x: np.divide.accumulate(m(x) + 3.0), "products of parts": lambda x: np.multiply.reduceat(
        x, [0, 3, 1, 5]),
    "greatest of parts": lambda x: np.maximum.reduceat(m(x), [0, 2], axis=1),
    "angles": lambda x: np.arctan2.outer(x[:2], m(x) + 3.0), "lengths": lambda x: np.hypot.outer(m(x), 2.0),
    "lengths of numbers": lambda x: np.hypot.outer(x[0], x[1]), "no array": lambda x: np.copysign.outer(x, -1.0),
}
READ = {
    "weights of a covariance": lambda x: np.cov(M, aweights=m(x)[0] ** 2, fweights=np.array([1, 3, 2])),
    "weights of one variable": lambda x: np.cov(m(x)[0], aweights=m(x)[1] ** 2, ddof=0),
    "residual of a fit": lambda x: np.polyfit(np.arange(6.0), x, 2, full=True)[1],
    "fit in full": lambda x: np.polyfit(np.arange(6.0) + 0.1 * x, x, 1, full=True)[0],
    "covariance of a fit": lambda x: np.polyfit(np.arange(6.0), x, 2, cov=True)[1],
    "unscaled": lambda x: np.polyfit(x, np.arange(6.0), 1, cov="unscaled")[1],
    "median over its input": lambda x: np.median(m(x), axis=1, overwrite_input=False, out=None),
    "sums over axes": lambda x: np.apply_over_axes(np.sum, m(x), [0, 1]),
    "real numbers": lambda x: np.real_if_close(x * (1.0 + 0.0j)), "all of two": lambda x: np.union1d(x, x[:2] * 5.0),
    "root of what is positive": lambda x: np.emath.sqrt(x * x), "logarithm": lambda x: np.emath.log(x * x + 1.0),
    "domain": lambda x: np.polynomial.polyutils.mapdomain(x, [0.0, x[0]], [x[1], 3.0]),
    "at zeros": lambda x: polynomial.polyvalfromroots(x[0], x[1:]),
    "companion": lambda x: chebyshev.chebcompanion(x), "on a grid": lambda x: legendre.leggrid2d(x[:2], x[2:4], m(x)),
    "integral of a series": lambda x: chebyshev.chebint(x),
    "integral twice": lambda x: legendre.legint(x, 2), "product": lambda x: polynomial.polymul(x[:3], x[3:]),
    "product of series": lambda x: chebyshev.chebmul(x[:3], x[3:]),
    "sum of series": lambda x: hermite.hermadd(x, x[:3] ** 2), "power": lambda x: polynomial.polypow(x[:3], 2),
    "in another dtype": lambda x: np.exp(np.multiply(x, 2, dtype=float), dtype="float64"),
    "windows": lambda x: np.lib.stride_tricks.sliding_window_view(x, 3),
    "quantile": lambda x: np.quantile(M, x[:2] / 9.0 + 0.3),
    "constants": lambda x: legendre.leggauss(6)[1] * x,
}
VALUES = (polynomial.polyval, chebyshev.chebval, hermite.hermval, hermite_of_statistics.hermeval, laguerre.lagval,
          legendre.legval)
READ |= {f"values by {values.__name__}": lambda x, f=values: f(x[:2], x[2:]) for values in VALUES} | {
    "derivatives": lambda x: polynomial.polyder(x, 2), "derivatives of series": lambda x: laguerre.lagder(x, 2),
    "matrix": lambda x: hermite.hermvander(x, 3), "fit": lambda x: legendre.legfit(np.arange(6.0), x, 2),
    "fit in a domain": lambda x: chebyshev.chebfit(x, np.arange(6.0), 1)}


def weighted(f):
    def total(x):
        y = f(x)
        return np.sum(np.sin(np.arange(1.0, np.size(y) + 1.0)) * np.ravel(y * y))

    return total


@pytest.mark.parametrize("name", [*PADS, *METHODS, *READ])
def test_derivatives(name):
    f = {**PADS, **METHODS, **READ}[name]
    total = weighted(f)
    value, gradient = ad.value_and_grad(total)(X)
    assert value == total(X)
    wanted = central_differences(total, X, V)
    assert gradient @ V == pytest.approx(wanted, rel=1e-6)
    assert ad.jvp(total, (X,), (V,))[1] == pytest.approx(wanted, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("name", [
    "odd reflection", "odd symmetry", "differences", "quotients", "length", "powers", "angles", "lengths",
    "weights of a covariance", "residual of a fit", "covariance of a fit", "quantile", "windows", "values by chebval"])
def test_second_derivatives(name):
    total = weighted({**PADS, **METHODS, **READ}[name])
    wanted = central_differences(ad.grad(total), X, V)
    np.testing.assert_allclose(ad.hvp(total)(X, V), wanted, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(ad.grad(lambda x: np.sum(ad.grad(total)(x) * V))(X), wanted, rtol=1e-5, atol=1e-7)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mean", "ramp", "differences so far", "products of parts"])
def test_second_derivatives_right_or_refused(name):
    """In one of the two ways, at least, adjoints of views are written that a text of NumPy's holds under several names."""
    total = weighted({**PADS, **METHODS}[name])
    wanted, refused = central_differences(ad.grad(total), X, V), 0
    for way in (lambda: ad.hvp(total)(X, V), lambda: ad.grad(lambda x: np.sum(ad.grad(total)(x) * V))(X)):
        try:
            np.testing.assert_allclose(way(), wanted, rtol=1e-5, atol=1e-7)
        except ad.UnsupportedError as error:
            assert "may share memory" in error.reason
            refused += 1
    assert refused


@pytest.mark.parametrize("f, reason", [
    (lambda x: np.trim_zeros(x), "may share memory"),
    (lambda x: np.pad(x, 9, "reflect", reflect_type="odd"), "beyond the array"),
    (lambda x: np.lib.stride_tricks.as_strided(x, (2, 2), (8, 8)), "as_strided has no derivative rule"),
    (lambda x: np.ma.masked_array(x, mask=x < 0.0), "MaskedArray has no derivative rule"),
    (lambda x: np.quantile(x, 0.5, method="inverted_cdf", weights=V * V), "integer indices"),
])
def test_refused(f, reason):
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.grad(lambda x: np.sum(f(x)))(X)
