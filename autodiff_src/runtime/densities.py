"""Methods of SciPy's distributions as functions of all of their parameters; imported when `scipy.stats` is.

Each gets the `slopes` of the distribution (runtime/density_slopes.py), which its rule calls. `a` and `b` are the parameters
of its shape, as far as it has some.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scipy import stats

from autodiff_src.runtime import density_slopes

Slopes = Callable[..., Any]


def _shapes(a: Any, b: Any) -> list[Any]:
    return [shape for shape in (a, b) if shape is not None]


def _continuous(method: str) -> Callable[..., Any]:
    def of(dist: Any, slopes: Slopes, x: Any, loc: Any, scale: Any, a: Any = None, b: Any = None) -> Any:
        return getattr(dist, method)(x, *_shapes(a, b), loc, scale)
    of.__name__ = of.__qualname__ = f"{method}_of"
    return of


def _discrete(method: str) -> Callable[..., Any]:
    def of(dist: Any, slopes: Slopes, k: Any, loc: Any, a: Any, b: Any = None) -> Any:
        return getattr(dist, method)(k, *_shapes(a, b), loc)
    of.__name__ = of.__qualname__ = f"{method}_of"
    return of


pdf_of, logpdf_of, cdf_of, logcdf_of, sf_of, logsf_of, ppf_of, isf_of = map(
    _continuous, ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf"))
pmf_of, logpmf_of = map(_discrete, ("pmf", "logpmf"))


def normal_pdf_of(dist: Any, x: Any, mean: Any, cov: Any) -> Any:
    return dist.pdf(x, mean, cov)


def normal_logpdf_of(dist: Any, x: Any, mean: Any, cov: Any) -> Any:
    return dist.logpdf(x, mean, cov)


CONTINUOUS: dict[str, Callable[..., Any]] = {
    "pdf": pdf_of, "logpdf": logpdf_of, "cdf": cdf_of, "logcdf": logcdf_of, "sf": sf_of, "logsf": logsf_of, "ppf": ppf_of,
    "isf": isf_of}
DISCRETE: dict[str, Callable[..., Any]] = {"pmf": pmf_of, "logpmf": logpmf_of}
SEVERAL: dict[str, Callable[..., Any]] = {"pdf": normal_pdf_of, "logpdf": normal_logpdf_of}  # of a normal vector

# By class: a frozen distribution holds a distribution of its own.
SLOPES: dict[type, Slopes] = {
    type(getattr(stats, name)): getattr(density_slopes, name)
    for name in ("norm", "expon", "uniform", "gamma", "beta", "t", "lognorm", "laplace", "logistic", "cauchy", "chi2",
                 "weibull_min", "gumbel_r", "gumbel_l", "rayleigh", "halfnorm", "invgamma", "poisson", "binom", "bernoulli",
                 "geom", "nbinom")}
VECTOR = type(stats.multivariate_normal)


def parameters(frozen: Any) -> tuple[Any, ...]:
    """The distribution that is frozen, and its parameters in the order in which the functions above take them."""
    shapes, loc, scale = frozen.dist._parse_args(*frozen.args, **frozen.kwds)
    placed = (loc,) if isinstance(frozen.dist, stats.rv_discrete) else (loc, scale)
    return (frozen.dist, *placed, *shapes)
