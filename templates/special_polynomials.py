"""Functions of `scipy.special`: hypergeometric ones, elliptic integrals, orthogonal polynomials."""
from __future__ import annotations

import numpy as np
from scipy import special

from autodiff_src.rules import adjoint, d, partials, tangent
from autodiff_src.runtime import adjoints


@partials(special.hyp0f1)
def hyp0f1(y, v, z):
    return adjoints.fixed(v, "v of special.hyp0f1"), special.hyp0f1(v + 1, z) / v


@partials(special.hyp1f1)
def hyp1f1(y, a, b, x):
    return (adjoints.fixed(a, "a of special.hyp1f1"), adjoints.fixed(b, "b of special.hyp1f1"),
            a / b * special.hyp1f1(a + 1, b + 1, x))


@partials(special.hyp2f1)
def hyp2f1(y, a, b, c, x):
    return (adjoints.fixed(a, "a of special.hyp2f1"), adjoints.fixed(b, "b of special.hyp2f1"),
            adjoints.fixed(c, "c of special.hyp2f1"), a * b / c * special.hyp2f1(a + 1, b + 1, c + 1, x))


@partials(special.hyperu)
def hyperu(y, a, b, x):
    return (adjoints.fixed(a, "a of special.hyperu"), adjoints.fixed(b, "b of special.hyperu"),
            -a * special.hyperu(a + 1, b + 1, x))


@partials(special.ellipk)
def ellipk(y, m):
    return np.pi / 8.0 * special.hyp2f1(1.5, 1.5, 2.0, m)


@partials(special.ellipkm1)
def ellipkm1(y, p):
    return -np.pi / 8.0 * special.hyp2f1(1.5, 1.5, 2.0, 1.0 - p)


@partials(special.ellipe)
def ellipe(y, m):
    return -np.pi / 8.0 * special.hyp2f1(0.5, 1.5, 2.0, m)


@partials(special.ellipkinc)
def ellipkinc(y, phi, m):
    return 1.0 / np.sqrt(1.0 - m * np.sin(phi) ** 2), adjoints.fixed(m, "m of special.ellipkinc")


@partials(special.ellipeinc)
def ellipeinc(y, phi, m):
    return np.sqrt(1.0 - m * np.sin(phi) ** 2), adjoints.fixed(m, "m of special.ellipeinc")


@adjoint(special.ellipj)
def ellipj(y, u, m):
    d[u] += (d[y][0] * y[1] * y[2] - d[y][1] * y[0] * y[2] - d[y][2] * m * y[0] * y[1] + d[y][3] * y[2])
    d[m] += (d[y][0] + d[y][1] + d[y][2] + d[y][3]) * adjoints.fixed(m, "m of special.ellipj")


@tangent(special.ellipj)
def ellipj_tangent(y, u, m):
    d[y] = (d[u] * y[1] * y[2] + d[m] * adjoints.fixed(m, "m of special.ellipj"),
            -d[u] * y[0] * y[2] + d[m] * adjoints.fixed(m, "m of special.ellipj"),
            -m * d[u] * y[0] * y[1] + d[m] * adjoints.fixed(m, "m of special.ellipj"),
            d[u] * y[2] + d[m] * adjoints.fixed(m, "m of special.ellipj"))


@partials(special.lpmv)
def lpmv(y, m, v, x):
    return (adjoints.fixed(m, "m of special.lpmv"), adjoints.fixed(v, "v of special.lpmv"),
            (v * x * y - (v + m) * special.lpmv(m, v - 1, x)) / (x * x - 1.0))


# The degree of a slope is one less, but 0 for 0.
@partials(special.eval_jacobi)
def eval_jacobi(y, n, a, b, x):
    return (adjoints.fixed(n, "n of special.eval_jacobi"), adjoints.fixed(a, "alpha of special.eval_jacobi"),
            adjoints.fixed(b, "beta of special.eval_jacobi"),
            0.5 * (n + a + b + 1) * (n != 0) * special.eval_jacobi(n - (n != 0), a + 1, b + 1, x))


@partials(special.eval_legendre)
def eval_legendre(y, n, x):
    return (adjoints.fixed(n, "n of special.eval_legendre"),
            0.5 * (n + 1) * (n != 0) * special.eval_jacobi(n - (n != 0), 1, 1, x))


@partials(special.eval_sh_legendre)
def eval_sh_legendre(y, n, x):
    return (adjoints.fixed(n, "n of special.eval_sh_legendre"),
            (n + 1) * (n != 0) * special.eval_jacobi(n - (n != 0), 1, 1, 2.0 * x - 1.0))


@partials(special.eval_gegenbauer)
def eval_gegenbauer(y, n, alpha, x):
    return (adjoints.fixed(n, "n of special.eval_gegenbauer"), adjoints.fixed(alpha, "alpha of special.eval_gegenbauer"),
            2 * alpha * (n != 0) * special.eval_gegenbauer(n - (n != 0), alpha + 1, x))


@partials(special.eval_chebyt)
def eval_chebyt(y, n, x):
    return adjoints.fixed(n, "n of special.eval_chebyt"), n * special.eval_chebyu(n - (n != 0), x)


@partials(special.eval_chebyu)
def eval_chebyu(y, n, x):
    return (adjoints.fixed(n, "n of special.eval_chebyu"),
            2 * (n != 0) * special.eval_gegenbauer(n - (n != 0), 2, x))


@partials(special.eval_chebyc)
def eval_chebyc(y, n, x):
    return adjoints.fixed(n, "n of special.eval_chebyc"), n * special.eval_chebyu(n - (n != 0), 0.5 * x)


@partials(special.eval_chebys)
def eval_chebys(y, n, x):
    return (adjoints.fixed(n, "n of special.eval_chebys"),
            (n != 0) * special.eval_gegenbauer(n - (n != 0), 2, 0.5 * x))


@partials(special.eval_sh_chebyt)
def eval_sh_chebyt(y, n, x):
    return adjoints.fixed(n, "n of special.eval_sh_chebyt"), 2 * n * special.eval_chebyu(n - (n != 0), 2.0 * x - 1.0)


@partials(special.eval_sh_chebyu)
def eval_sh_chebyu(y, n, x):
    return (adjoints.fixed(n, "n of special.eval_sh_chebyu"),
            4 * (n != 0) * special.eval_gegenbauer(n - (n != 0), 2, 2.0 * x - 1.0))


@partials(special.eval_laguerre)
def eval_laguerre(y, n, x):
    return (adjoints.fixed(n, "n of special.eval_laguerre"),
            -(n != 0) * special.eval_genlaguerre(n - (n != 0), 1, x))


@partials(special.eval_genlaguerre)
def eval_genlaguerre(y, n, alpha, x):
    return (adjoints.fixed(n, "n of special.eval_genlaguerre"), adjoints.fixed(alpha, "alpha of special.eval_genlaguerre"),
            -(n != 0) * special.eval_genlaguerre(n - (n != 0), alpha + 1, x))


@partials(special.eval_hermite)
def eval_hermite(y, n, x):
    return adjoints.fixed(n, "n of special.eval_hermite"), 2 * n * special.eval_hermite(n - (n != 0), x)


@partials(special.eval_hermitenorm)
def eval_hermitenorm(y, n, x):
    return adjoints.fixed(n, "n of special.eval_hermitenorm"), n * special.eval_hermitenorm(n - (n != 0), x)
