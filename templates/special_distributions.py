"""Functions of `scipy.special`: distribution functions of probability theory, as functions of the point."""
from __future__ import annotations

import numpy as np
from scipy import special

from autodiff_src.rules import partials
from autodiff_src.runtime import adjoints


@partials(special.stdtr)
def stdtr(y, df, t):
    return (adjoints.fixed(df, "df of special.stdtr"),
            np.exp(-0.5 * (df + 1.0) * np.log1p(t * t / df) - special.betaln(0.5 * df, 0.5)) / np.sqrt(df))


@partials(special.stdtrit)
def stdtrit(t, df, p):
    return (adjoints.fixed(df, "df of special.stdtrit"),
            np.sqrt(df) * np.exp(0.5 * (df + 1.0) * np.log1p(t * t / df) + special.betaln(0.5 * df, 0.5)))


@partials(special.chdtr)
def chdtr(y, v, x):
    return (adjoints.fixed(v, "v of special.chdtr"),
            0.5 * np.exp(special.xlogy(0.5 * v - 1.0, 0.5 * x) - 0.5 * x - special.gammaln(0.5 * v)))


@partials(special.chdtrc)
def chdtrc(y, v, x):
    return (adjoints.fixed(v, "v of special.chdtrc"),
            -0.5 * np.exp(special.xlogy(0.5 * v - 1.0, 0.5 * x) - 0.5 * x - special.gammaln(0.5 * v)))


@partials(special.fdtr)
def fdtr(y, dfn, dfd, x):
    return (adjoints.fixed(dfn, "dfn of special.fdtr"), adjoints.fixed(dfd, "dfd of special.fdtr"),
            np.exp(special.xlogy(0.5 * dfn - 1.0, x) + 0.5 * dfn * np.log(dfn / dfd)
                   - 0.5 * (dfn + dfd) * np.log1p(dfn * x / dfd) - special.betaln(0.5 * dfn, 0.5 * dfd)))


@partials(special.fdtrc)
def fdtrc(y, dfn, dfd, x):
    return (adjoints.fixed(dfn, "dfn of special.fdtrc"), adjoints.fixed(dfd, "dfd of special.fdtrc"),
            -np.exp(special.xlogy(0.5 * dfn - 1.0, x) + 0.5 * dfn * np.log(dfn / dfd)
                    - 0.5 * (dfn + dfd) * np.log1p(dfn * x / dfd) - special.betaln(0.5 * dfn, 0.5 * dfd)))


@partials(special.gdtr)
def gdtr(y, a, b, x):
    density = np.exp(special.xlogy(b - 1.0, a * x) - a * x - special.gammaln(b))
    return x * density, adjoints.fixed(b, "b of special.gdtr"), a * density


@partials(special.gdtrc)
def gdtrc(y, a, b, x):
    density = np.exp(special.xlogy(b - 1.0, a * x) - a * x - special.gammaln(b))
    return -x * density, adjoints.fixed(b, "b of special.gdtrc"), -a * density


# Numbers of events are rounded down.
@partials(special.pdtr)
def pdtr(y, k, m):
    return None, -np.exp(special.xlogy(np.floor(k), m) - m - special.gammaln(np.floor(k) + 1.0))


@partials(special.pdtrc)
def pdtrc(y, k, m):
    return None, np.exp(special.xlogy(np.floor(k), m) - m - special.gammaln(np.floor(k) + 1.0))


@partials(special.bdtr)
def bdtr(y, k, n, p):
    rest = n - np.floor(k)
    return None, adjoints.fixed(n, "n of special.bdtr"), -np.exp(
        special.xlogy(np.floor(k), p) + special.xlog1py(rest - 1.0, -p) - special.betaln(np.floor(k) + 1.0, rest))


@partials(special.bdtrc)
def bdtrc(y, k, n, p):
    rest = n - np.floor(k)
    return None, adjoints.fixed(n, "n of special.bdtrc"), np.exp(
        special.xlogy(np.floor(k), p) + special.xlog1py(rest - 1.0, -p) - special.betaln(np.floor(k) + 1.0, rest))
