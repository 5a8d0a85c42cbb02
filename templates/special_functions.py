"""Functions of `scipy.special`; this module is imported when a function of that module is first met."""
from __future__ import annotations

import numpy as np
from scipy import special

from autodiff_src.rules import adjoint, d, partials, tangent
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


@partials(special.gammaln)
def gammaln(y, x):
    return special.psi(x)


@partials(special.psi)
def psi(y, x):
    return special.polygamma(1, x)


@adjoint(special.polygamma)
def polygamma(y, n, x):
    d[x] += d[y] * special.polygamma(n + 1, x)
    d[n] += d[y] * adjoints.fixed(n, "special.polygamma")


@tangent(special.polygamma)
def polygamma_tangent(y, n, x):
    d[y] = d[x] * special.polygamma(n + 1, x) + d[n] * adjoints.fixed(n, "special.polygamma")


@partials(special.beta)
def beta(y, a, b):
    return y * (special.psi(a) - special.psi(a + b)), y * (special.psi(b) - special.psi(a + b))


@partials(special.betaln)
def betaln(y, a, b):
    return special.psi(a) - special.psi(a + b), special.psi(b) - special.psi(a + b)


@adjoint(special.gammainc)
def gammainc(y, a, x):
    d[x] += d[y] * np.exp((a - 1.0) * np.log(x) - x - special.gammaln(a))
    d[a] += d[y] * adjoints.fixed(a, "special.gammainc")


@tangent(special.gammainc)
def gammainc_tangent(y, a, x):
    d[y] = d[x] * np.exp((a - 1.0) * np.log(x) - x - special.gammaln(a)) + d[a] * adjoints.fixed(a, "special.gammainc")


@adjoint(special.gammaincc)
def gammaincc(y, a, x):
    d[x] += d[y] * -np.exp((a - 1.0) * np.log(x) - x - special.gammaln(a))
    d[a] += d[y] * adjoints.fixed(a, "special.gammaincc")


@tangent(special.gammaincc)
def gammaincc_tangent(y, a, x):
    d[y] = d[x] * -np.exp((a - 1.0) * np.log(x) - x - special.gammaln(a)) + d[a] * adjoints.fixed(a, "special.gammaincc")


@adjoint(special.betainc)
def betainc(y, a, b, x):
    d[x] += d[y] * np.exp((a - 1.0) * np.log(x) + (b - 1.0) * np.log1p(-x) - special.betaln(a, b))
    d[a] += d[y] * adjoints.fixed(a, "special.betainc")
    d[b] += d[y] * adjoints.fixed(b, "special.betainc")


@tangent(special.betainc)
def betainc_tangent(y, a, b, x):
    d[y] = (
        d[x] * np.exp((a - 1.0) * np.log(x) + (b - 1.0) * np.log1p(-x) - special.betaln(a, b))
        + d[a] * adjoints.fixed(a, "special.betainc") + d[b] * adjoints.fixed(b, "special.betainc")
    )


@partials(special.exp1)
def exp1(y, x):
    return -np.exp(-x) / x


@partials(special.expi)
def expi(y, x):
    return np.exp(x) / x


@adjoint(special.expn)
def expn(y, n, x):
    d[x] += d[y] * -special.expn(n - 1, x)
    d[n] += d[y] * adjoints.fixed(n, "special.expn")


@tangent(special.expn)
def expn_tangent(y, n, x):
    d[y] = d[x] * -special.expn(n - 1, x) + d[n] * adjoints.fixed(n, "special.expn")


@partials(special.j0)
def j0(y, x):
    return -special.j1(x)


@partials(special.j1)
def j1(y, x):
    return 0.5 * (special.j0(x) - special.jv(2, x))


@partials(special.y0)
def y0(y, x):
    return -special.y1(x)


@partials(special.y1)
def y1(y, x):
    return 0.5 * (special.y0(x) - special.yv(2, x))


@adjoint(special.jv)
def jv(y, v, x):
    d[x] += d[y] * 0.5 * (special.jv(v - 1, x) - special.jv(v + 1, x))
    d[v] += d[y] * adjoints.fixed(v, "special.jv")


@tangent(special.jv)
def jv_tangent(y, v, x):
    d[y] = d[x] * 0.5 * (special.jv(v - 1, x) - special.jv(v + 1, x)) + d[v] * adjoints.fixed(v, "special.jv")


@adjoint(special.yv)
def yv(y, v, x):
    d[x] += d[y] * 0.5 * (special.yv(v - 1, x) - special.yv(v + 1, x))
    d[v] += d[y] * adjoints.fixed(v, "special.yv")


@tangent(special.yv)
def yv_tangent(y, v, x):
    d[y] = d[x] * 0.5 * (special.yv(v - 1, x) - special.yv(v + 1, x)) + d[v] * adjoints.fixed(v, "special.yv")


@partials(special.i0)
def i0(y, x):
    return special.i1(x)


@partials(special.i1)
def i1(y, x):
    return 0.5 * (special.i0(x) + special.iv(2, x))


@partials(special.k0)
def k0(y, x):
    return -special.k1(x)


@partials(special.k1)
def k1(y, x):
    return -0.5 * (special.k0(x) + special.kv(2, x))


@adjoint(special.iv)
def iv(y, v, x):
    d[x] += d[y] * 0.5 * (special.iv(v - 1, x) + special.iv(v + 1, x))
    d[v] += d[y] * adjoints.fixed(v, "special.iv")


@tangent(special.iv)
def iv_tangent(y, v, x):
    d[y] = d[x] * 0.5 * (special.iv(v - 1, x) + special.iv(v + 1, x)) + d[v] * adjoints.fixed(v, "special.iv")


@adjoint(special.kv)
def kv(y, v, x):
    d[x] += d[y] * -0.5 * (special.kv(v - 1, x) + special.kv(v + 1, x))
    d[v] += d[y] * adjoints.fixed(v, "special.kv")


@tangent(special.kv)
def kv_tangent(y, v, x):
    d[y] = d[x] * -0.5 * (special.kv(v - 1, x) + special.kv(v + 1, x)) + d[v] * adjoints.fixed(v, "special.kv")


@partials(special.i0e)
def i0e(y, x):
    return special.i1e(x) - np.sign(x) * y


@partials(special.k0e)
def k0e(y, x):
    return y - special.k1e(x)


@partials(special.k1e)
def k1e(y, x):
    return y * (1.0 - 1.0 / x) - special.k0e(x)


@partials(special.i1e)
def i1e(y, x):
    return 0.5 * (special.i0e(x) + special.ive(2, x)) - np.sign(x) * y


@adjoint(special.ive)
def ive(y, v, x):
    d[x] += d[y] * (0.5 * (special.ive(v - 1, x) + special.ive(v + 1, x)) - np.sign(x) * y)
    d[v] += d[y] * adjoints.fixed(v, "special.ive")


@tangent(special.ive)
def ive_tangent(y, v, x):
    d[y] = (
        d[x] * (0.5 * (special.ive(v - 1, x) + special.ive(v + 1, x)) - np.sign(x) * y)
        + d[v] * adjoints.fixed(v, "special.ive")
    )


@adjoint(special.hyp1f1)
def hyp1f1(y, a, b, x):
    d[x] += d[y] * a / b * special.hyp1f1(a + 1, b + 1, x)
    d[a] += d[y] * adjoints.fixed(a, "special.hyp1f1")
    d[b] += d[y] * adjoints.fixed(b, "special.hyp1f1")


@tangent(special.hyp1f1)
def hyp1f1_tangent(y, a, b, x):
    d[y] = (
        d[x] * a / b * special.hyp1f1(a + 1, b + 1, x)
        + d[a] * adjoints.fixed(a, "special.hyp1f1") + d[b] * adjoints.fixed(b, "special.hyp1f1")
    )


@adjoint(special.hyp2f1)
def hyp2f1(y, a, b, c, x):
    d[x] += d[y] * a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, x)
    d[a] += d[y] * adjoints.fixed(a, "special.hyp2f1")
    d[b] += d[y] * adjoints.fixed(b, "special.hyp2f1")
    d[c] += d[y] * adjoints.fixed(c, "special.hyp2f1")


@tangent(special.hyp2f1)
def hyp2f1_tangent(y, a, b, c, x):
    d[y] = (
        d[x] * a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, x)
        + d[a] * adjoints.fixed(a, "special.hyp2f1")
        + d[b] * adjoints.fixed(b, "special.hyp2f1")
        + d[c] * adjoints.fixed(c, "special.hyp2f1")
    )


@partials(special.ellipk)
def ellipk(y, m):
    return np.pi / 8.0 * special.hyp2f1(1.5, 1.5, 2.0, m)


@partials(special.ellipe)
def ellipe(y, m):
    return -np.pi / 8.0 * special.hyp2f1(0.5, 1.5, 2.0, m)


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
