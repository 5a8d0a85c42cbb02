"""Functions of `scipy.special`: those of Bessel, Hankel, Airy, Kelvin and Struve."""
from __future__ import annotations

import numpy as np
from scipy import special

from autodiff_src.rules import adjoint, d, holds_for_complex, partials, tangent
from autodiff_src.runtime import adjoints


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


@partials(special.jv)
def jv(y, v, x):
    return adjoints.fixed(v, "v of special.jv"), 0.5 * (special.jv(v - 1, x) - special.jv(v + 1, x))


@partials(special.yv)
def yv(y, v, x):
    return adjoints.fixed(v, "v of special.yv"), 0.5 * (special.yv(v - 1, x) - special.yv(v + 1, x))


@partials(special.yn)
def yn(y, n, x):
    return adjoints.fixed(n, "n of special.yn"), 0.5 * (special.yv(n - 1, x) - special.yv(n + 1, x))


# Of real numbers these are the functions themselves.
@partials(special.jve)
def jve(y, v, x):
    return adjoints.fixed(v, "v of special.jve"), 0.5 * (special.jve(v - 1, x) - special.jve(v + 1, x))


@partials(special.yve)
def yve(y, v, x):
    return adjoints.fixed(v, "v of special.yve"), 0.5 * (special.yve(v - 1, x) - special.yve(v + 1, x))


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


@partials(special.iv)
def iv(y, v, x):
    return adjoints.fixed(v, "v of special.iv"), 0.5 * (special.iv(v - 1, x) + special.iv(v + 1, x))


@partials(special.kv)
def kv(y, v, x):
    return adjoints.fixed(v, "v of special.kv"), -0.5 * (special.kv(v - 1, x) + special.kv(v + 1, x))


@partials(special.kn)
def kn(y, n, x):
    return adjoints.fixed(n, "n of special.kn"), -0.5 * (special.kv(n - 1, x) + special.kv(n + 1, x))


@partials(special.i0e)
def i0e(y, x):
    return special.i1e(x) - np.sign(x) * y


@partials(special.i1e)
def i1e(y, x):
    return 0.5 * (special.i0e(x) + special.ive(2, x)) - np.sign(x) * y


@partials(special.k0e)
def k0e(y, x):
    return y - special.k1e(x)


@partials(special.k1e)
def k1e(y, x):
    return y * (1.0 - 1.0 / x) - special.k0e(x)


@partials(special.ive)
def ive(y, v, x):
    return (adjoints.fixed(v, "v of special.ive"),
            0.5 * (special.ive(v - 1, x) + special.ive(v + 1, x)) - np.sign(x) * y)


@partials(special.kve)
def kve(y, v, x):
    return adjoints.fixed(v, "v of special.kve"), y - 0.5 * (special.kve(v - 1, x) + special.kve(v + 1, x))


@partials(special.hankel1)
def hankel1(y, v, z):
    return adjoints.fixed(v, "v of special.hankel1"), 0.5 * (special.hankel1(v - 1, z) - special.hankel1(v + 1, z))


@partials(special.hankel2)
def hankel2(y, v, z):
    return adjoints.fixed(v, "v of special.hankel2"), 0.5 * (special.hankel2(v - 1, z) - special.hankel2(v + 1, z))


@partials(special.hankel1e)
def hankel1e(y, v, z):
    return (adjoints.fixed(v, "v of special.hankel1e"),
            0.5 * (special.hankel1e(v - 1, z) - special.hankel1e(v + 1, z)) - 1j * y)


@partials(special.hankel2e)
def hankel2e(y, v, z):
    return (adjoints.fixed(v, "v of special.hankel2e"),
            0.5 * (special.hankel2e(v - 1, z) - special.hankel2e(v + 1, z)) + 1j * y)


@partials(special.jvp)
def jvp(y, v, z, n=1):
    return adjoints.fixed(v, "v of special.jvp"), special.jvp(v, z, n + 1), None


@partials(special.yvp)
def yvp(y, v, z, n=1):
    return adjoints.fixed(v, "v of special.yvp"), special.yvp(v, z, n + 1), None


@partials(special.ivp)
def ivp(y, v, z, n=1):
    return adjoints.fixed(v, "v of special.ivp"), special.ivp(v, z, n + 1), None


@partials(special.kvp)
def kvp(y, v, z, n=1):
    return adjoints.fixed(v, "v of special.kvp"), special.kvp(v, z, n + 1), None


# The derivative of the derivative is what the differential equation says.
@partials(special.spherical_jn)
def spherical_jn(y, n, z, derivative=False):
    return None, ((n * (n + 1) / z ** 2 - 1.0) * special.spherical_jn(n, z) - 2.0 / z * y if derivative
                  else special.spherical_jn(n, z, True)), None


@partials(special.spherical_yn)
def spherical_yn(y, n, z, derivative=False):
    return None, ((n * (n + 1) / z ** 2 - 1.0) * special.spherical_yn(n, z) - 2.0 / z * y if derivative
                  else special.spherical_yn(n, z, True)), None


@partials(special.spherical_in)
def spherical_in(y, n, z, derivative=False):
    return None, ((n * (n + 1) / z ** 2 + 1.0) * special.spherical_in(n, z) - 2.0 / z * y if derivative
                  else special.spherical_in(n, z, True)), None


@partials(special.spherical_kn)
def spherical_kn(y, n, z, derivative=False):
    return None, ((n * (n + 1) / z ** 2 + 1.0) * special.spherical_kn(n, z) - 2.0 / z * y if derivative
                  else special.spherical_kn(n, z, True)), None


@adjoint(special.airy)
def airy(y, z):
    d[z] += d[y][0] * y[1] + d[y][1] * z * y[0] + d[y][2] * y[3] + d[y][3] * z * y[2]


@tangent(special.airy)
def airy_tangent(y, z):
    d[y] = (d[z] * y[1], d[z] * z * y[0], d[z] * y[3], d[z] * z * y[2])


@partials(special.ber)
def ber(y, x):
    return special.berp(x)


@partials(special.bei)
def bei(y, x):
    return special.beip(x)


@partials(special.ker)
def ker(y, x):
    return special.kerp(x)


@partials(special.kei)
def kei(y, x):
    return special.keip(x)


@partials(special.berp)
def berp(y, x):
    return -special.bei(x) - y / x


@partials(special.beip)
def beip(y, x):
    return special.ber(x) - y / x


@partials(special.kerp)
def kerp(y, x):
    return -special.kei(x) - y / x


@partials(special.keip)
def keip(y, x):
    return special.ker(x) - y / x


@partials(special.struve)
def struve(y, v, x):
    return (adjoints.fixed(v, "v of special.struve"), 0.5 * (special.struve(v - 1, x) - special.struve(v + 1, x)
            + (0.5 * x) ** v * special.rgamma(v + 1.5) / np.sqrt(np.pi)))


@partials(special.modstruve)
def modstruve(y, v, x):
    return (adjoints.fixed(v, "v of special.modstruve"), 0.5 * (special.modstruve(v - 1, x) + special.modstruve(v + 1, x)
            + (0.5 * x) ** v * special.rgamma(v + 1.5) / np.sqrt(np.pi)))


holds_for_complex(special.hankel1, special.hankel2, special.hankel1e, special.hankel2e)
