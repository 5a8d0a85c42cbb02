"""Functions of `scipy.special`: errors, normal distribution, gamma and beta, integrals, information. This module and its
neighbours are imported when a function of that module is first met."""
from __future__ import annotations

import numpy as np
from scipy import special

from autodiff_src.rules import adjoint, d, holds_for_complex, non_differentiable, partials, tangent
from autodiff_src.runtime import adjoints


@partials(special.erf)
def erf(y, x):
    return 2.0 / np.sqrt(np.pi) * np.exp(-x * x)


@partials(special.erfc)
def erfc(y, x):
    return -2.0 / np.sqrt(np.pi) * np.exp(-x * x)


@partials(special.erfcx)
def erfcx(y, x):
    return 2.0 * x * y - 2.0 / np.sqrt(np.pi)


@partials(special.erfi)
def erfi(y, x):
    return 2.0 / np.sqrt(np.pi) * np.exp(x * x)


@partials(special.dawsn)
def dawsn(y, x):
    return 1.0 - 2.0 * x * y


@partials(special.wofz)
def wofz(y, z):
    return 2j / np.sqrt(np.pi) - 2.0 * z * y


# The real part of `wofz(z)`, but for its scale.
@partials(special.voigt_profile)
def voigt_profile(y, x, sigma, gamma):
    width = np.sqrt(2.0) * sigma
    z = (x + 1j * gamma) / width
    slope = (2j / np.sqrt(np.pi) - 2.0 * z * special.wofz(z)) / (np.sqrt(np.pi) * width * width)
    return np.real(slope), -y / sigma - np.real(slope * z) * np.sqrt(2.0), -np.imag(slope)


@partials(special.erfinv)
def erfinv(y, x):
    return 0.5 * np.sqrt(np.pi) * np.exp(y * y)


@partials(special.erfcinv)
def erfcinv(y, x):
    return -0.5 * np.sqrt(np.pi) * np.exp(y * y)


@partials(special.ndtr)
def ndtr(y, x):
    return np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi)


@partials(special.ndtri)
def ndtri(y, p):
    return np.sqrt(2.0 * np.pi) * np.exp(0.5 * y * y)


# Each branch is finite where it does not hold, too.
@partials(special.log_ndtr)
def log_ndtr(y, x):
    return np.where(x < 0.0, np.sqrt(2.0 / np.pi) / special.erfcx(np.abs(x) / np.sqrt(2.0)),
                    np.exp(-0.5 * x * x - y) / np.sqrt(2.0 * np.pi))


@partials(special.ndtri_exp)
def ndtri_exp(x, y):
    return np.where(x < 0.0, np.sqrt(np.pi / 2.0) * special.erfcx(np.abs(x) / np.sqrt(2.0)),
                    np.sqrt(2.0 * np.pi) * np.exp(0.5 * x * x + y))


@partials(special.owens_t)
def owens_t(y, h, a):
    return (-np.exp(-0.5 * h * h) * special.erf(a * h / np.sqrt(2.0)) / np.sqrt(8.0 * np.pi),
            np.exp(-0.5 * h * h * (1.0 + a * a)) / (2.0 * np.pi * (1.0 + a * a)))


@partials(special.expit)
def expit(y, x):
    return y * (1.0 - y)


@partials(special.logit)
def logit(y, p):
    return 1.0 / (p * (1.0 - p))


@partials(special.log_expit)
def log_expit(y, x):
    return special.expit(-x)


@partials(special.gamma)
def gamma(y, x):
    return y * special.psi(x)


@partials(special.rgamma)
def rgamma(y, x):
    return -y * special.psi(x)


@partials(special.gammaln, special.loggamma)
def gammaln(y, x):
    return special.psi(x)


# The parameter of `multigammaln` is called `d`, as nothing in a template can be.
@adjoint(special.multigammaln)
def multigammaln(y, a, dimension):
    d[a] += d[y] * np.sum(special.psi(np.expand_dims(a, -1) - 0.5 * np.arange(dimension)), -1)


@tangent(special.multigammaln)
def multigammaln_tangent(y, a, dimension):
    d[y] = d[a] * np.sum(special.psi(np.expand_dims(a, -1) - 0.5 * np.arange(dimension)), -1)


@partials(special.psi)
def psi(y, x):
    return special.polygamma(1, x)


@partials(special.polygamma)
def polygamma(y, n, x):
    return adjoints.fixed(n, "n of special.polygamma"), special.polygamma(n + 1, x)


@adjoint(special.zeta)
def zeta(y, x, q=None):
    d[x] += d[y] * adjoints.fixed(x, "x of special.zeta")
    d[q] += d[y] * -x * special.zeta(x + 1, q)


@tangent(special.zeta)
def zeta_tangent(y, x, q=None):
    d[y] = d[x] * adjoints.fixed(x, "x of special.zeta") + d[q] * -x * special.zeta(x + 1, q)


@partials(special.poch)
def poch(y, z, m):
    return y * (special.psi(z + m) - special.psi(z)), y * special.psi(z + m)


@partials(special.binom)
def binom(y, n, k):
    rest = special.psi(n - k + 1.0)
    return y * (special.psi(n + 1.0) - rest), y * (rest - special.psi(k + 1.0))


@partials(special.beta)
def beta(y, a, b):
    return y * (special.psi(a) - special.psi(a + b)), y * (special.psi(b) - special.psi(a + b))


@partials(special.betaln)
def betaln(y, a, b):
    return special.psi(a) - special.psi(a + b), special.psi(b) - special.psi(a + b)


@partials(special.gammainc)
def gammainc(y, a, x):
    return (adjoints.fixed(a, "a of special.gammainc"),
            np.exp(special.xlogy(a - 1.0, x) - x - special.gammaln(a)))


@partials(special.gammaincc)
def gammaincc(y, a, x):
    return (adjoints.fixed(a, "a of special.gammaincc"),
            -np.exp(special.xlogy(a - 1.0, x) - x - special.gammaln(a)))


@partials(special.gammaincinv)
def gammaincinv(x, a, y):
    return (adjoints.fixed(a, "a of special.gammaincinv"),
            np.exp(special.gammaln(a) + x - special.xlogy(a - 1.0, x)))


@partials(special.gammainccinv)
def gammainccinv(x, a, y):
    return (adjoints.fixed(a, "a of special.gammainccinv"),
            -np.exp(special.gammaln(a) + x - special.xlogy(a - 1.0, x)))


@partials(special.betainc)
def betainc(y, a, b, x):
    return (adjoints.fixed(a, "a of special.betainc"), adjoints.fixed(b, "b of special.betainc"),
            np.exp(special.xlogy(a - 1.0, x) + special.xlog1py(b - 1.0, -x) - special.betaln(a, b)))


@partials(special.betaincinv)
def betaincinv(x, a, b, y):
    return (adjoints.fixed(a, "a of special.betaincinv"), adjoints.fixed(b, "b of special.betaincinv"),
            np.exp(special.betaln(a, b) - special.xlogy(a - 1.0, x) - special.xlog1py(b - 1.0, -x)))


@partials(special.exp1)
def exp1(y, x):
    return -np.exp(-x) / x


@partials(special.expi)
def expi(y, x):
    return np.exp(x) / x


@partials(special.expn)
def expn(y, n, x):
    return adjoints.fixed(n, "n of special.expn"), -special.expn(n - 1, x)


@adjoint(special.fresnel)
def fresnel(y, x):
    d[x] += d[y][0] * np.sin(0.5 * np.pi * x * x) + d[y][1] * np.cos(0.5 * np.pi * x * x)


@tangent(special.fresnel)
def fresnel_tangent(y, x):
    d[y] = (d[x] * np.sin(0.5 * np.pi * x * x), d[x] * np.cos(0.5 * np.pi * x * x))


@adjoint(special.sici)
def sici(y, x):
    d[x] += d[y][0] * np.sinc(x / np.pi) + d[y][1] * np.cos(x) / x


@tangent(special.sici)
def sici_tangent(y, x):
    d[y] = (d[x] * np.sinc(x / np.pi), d[x] * np.cos(x) / x)


@adjoint(special.shichi)
def shichi(y, x):
    d[x] += 0.5 * d[y][0] * (special.exprel(x) + special.exprel(-x)) + d[y][1] * np.cosh(x) / x


@tangent(special.shichi)
def shichi_tangent(y, x):
    d[y] = (0.5 * d[x] * (special.exprel(x) + special.exprel(-x)), d[x] * np.cosh(x) / x)


@partials(special.spence)
def spence(y, z):
    return -1.0 / special.exprel(np.log(z))


@partials(special.xlogy)
def xlogy(z, x, y):
    return np.log(y), x / y


@partials(special.xlog1py)
def xlog1py(z, x, y):
    return np.log1p(y), x / (1.0 + y)


@partials(special.entr)
def entr(y, x):
    return -np.log(x) - 1.0


@partials(special.rel_entr)
def rel_entr(z, x, y):
    return np.log(x / y) + 1.0, -x / y


@partials(special.kl_div)
def kl_div(z, x, y):
    return np.log(x / y), 1.0 - x / y


# w = exp(-w) z, for each branch; of real numbers the result is complex, too.
@adjoint(special.lambertw)
def lambertw(y, z, k=0, tol=1e-8):
    d[z] += d[y] * np.exp(-y) / (1.0 + y)


@tangent(special.lambertw)
def lambertw_tangent(y, z, k=0, tol=1e-8):
    d[y] = d[z] * np.exp(-y) / (1.0 + y)


@partials(special.wrightomega)
def wrightomega(y, z):
    return y / (1.0 + y)


holds_for_complex(special.wofz, special.lambertw)
non_differentiable(special.gammasgn)
