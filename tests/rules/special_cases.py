"""Cases for `scipy.special`, where it is installed."""
from __future__ import annotations

import importlib.util

import numpy as np
from checks import Case, case

CASES: list[Case] = []
COMPLEX: list[Case] = []  # of complex results


def _cases() -> list[Case]:
    from scipy import integrate, special

    from autodiff_src.runtime import integrals

    rng = np.random.default_rng(9)
    any_sign, positive, fraction = rng.normal(size=(2, 3)), rng.uniform(0.4, 2.0, (2, 3)), rng.uniform(0.1, 0.9, (2, 3))
    found: list[Case] = []

    def each(x, *primitives, before=()):
        for primitive in primitives:
            for arg in (x, x[:0], np.array(x[0, 0]), np.float64(x[1, 1]), float(x[0, 2])):
                found.extend(case(primitive, [*before, arg], single=False))

    def pairs(x, y, *primitives):
        for one, other in ((x, y), (x[0], y), (float(x[0, 1]), y), (x, float(y[1, 0])), (float(x[0, 0]), float(y[0, 2]))):
            for primitive in primitives:
                found.extend(case(primitive, [one, other], single=False))
    knots = np.array([0.0, 0.4, 1.5])
    for options in ({}, {"dx": 0.3}, {"x": knots}, {"x": knots, "axis": 1}, {"axis": 0}):
        found.extend(case(integrate.trapezoid, [any_sign], **{k: [v] for k, v in options.items()}))
    for x, dx, axis, initial in ((None, 0.3, -1, None), (knots, 1.0, -1, None), (None, 1.0, 0, None), (knots, 1.0, 1, 0)):
        options = {"x": [x], "dx": [dx], "axis": [axis], "initial": [initial]}
        found.extend(case(integrate.cumulative_trapezoid, [any_sign], **options))
        whole = integrate.cumulative_trapezoid(any_sign, x, dx, axis, initial)
        found.extend(case(integrals.cumulative_adjoint, [whole], **options))

    each(any_sign, special.erf, special.erfc, special.erfcx, special.ndtr, special.expit, special.log_expit, special.j0,
         special.j1, special.i0, special.i1, special.i0e, special.i1e, special.erfi, special.dawsn, special.log_ndtr,
         special.rgamma, special.cbrt, special.exp2, special.exp10, special.expm1, special.cosm1, special.exprel,
         special.sindg, special.cosdg, special.tandg, special.cotdg, special.fresnel, special.airy, special.ber, special.bei,
         special.berp, special.beip, special.wrightomega)
    each(positive, special.gamma, special.gammaln, special.psi, special.exp1, special.expi, special.y0, special.y1,
         special.k0, special.k1, special.k0e, special.k1e, special.entr, special.loggamma, special.sici, special.shichi,
         special.spence, special.log1p, special.ker, special.kei, special.kerp, special.keip)
    each(fraction, special.erfinv, special.erfcinv, special.ndtri, special.logit, special.ellipk, special.ellipe,
         special.ellipkm1)
    each(-fraction - 0.05, special.gamma, special.psi, special.ellipk, special.ellipe, special.ndtri_exp)
    each(-5.0 * positive, special.log_ndtr, special.ndtri_exp)
    each(0.05 * any_sign - 0.1, special.ndtri_exp, special.exprel)
    for order in (0, 1, 3):
        each(positive, special.jv, special.yv, special.iv, special.kv, special.ive, special.kve, special.jve, special.yve,
             special.jvp, special.yvp, special.ivp, special.kvp, special.kn, special.yn, special.struve, special.modstruve,
             before=(order,))
        for derivative in (False, True):
            for one in (special.spherical_jn, special.spherical_yn, special.spherical_in, special.spherical_kn):
                found.extend(case(one, [order, positive], derivative=[derivative], single=False))
                found.extend(case(one, [order, 0.7, derivative], single=False))
        each(any_sign, special.eval_hermite, special.eval_hermitenorm, before=(order,))
        each(fraction, special.eval_legendre, special.eval_sh_legendre, special.eval_chebyt, special.eval_chebyu,
             special.eval_chebyc, special.eval_chebys, special.eval_sh_chebyt, special.eval_sh_chebyu, special.eval_laguerre,
             before=(order,))
        each(fraction, special.eval_gegenbauer, special.eval_genlaguerre, before=(order, 2))
        each(fraction, special.eval_jacobi, before=(order, 2, 1))
        each(fraction, special.lpmv, before=(1, order + 1))
    for primitive in (special.eval_legendre, special.eval_chebyu, special.eval_hermite):
        found.extend(case(primitive, [np.array([0, 1, 4]), fraction], single=False))
    found.extend(case(special.eval_legendre, [3, np.array([-1.0, 1.0])], single=False))
    found.extend(case(special.jvp, [1, positive], n=[0, 2], single=False) + case(special.jvp, [1, positive, 3], single=False))
    each(positive, special.polygamma, before=(2,))
    each(positive, special.expn, special.hyp0f1, before=(3,))
    each(positive, special.gammainc, special.gammaincc, special.chdtr, special.chdtrc, before=(2,))
    each(any_sign, special.stdtr, before=(4,))
    each(fraction, special.gammaincinv, special.gammainccinv, before=(2,))
    each(fraction, special.stdtrit, before=(4,))
    each(fraction, special.betainc, special.betaincinv, before=(2, 3))
    each(positive, special.fdtr, special.fdtrc, before=(4, 6))
    each(any_sign, special.hyp1f1, before=(1, 2))
    each(positive, special.hyperu, before=(1, 2))
    each(fraction, special.hyp2f1, before=(1, 2, 4))
    each(positive, special.pdtr, special.pdtrc, before=(2,))
    each(fraction, special.bdtr, special.bdtrc, before=(2, 5))
    for primitive in (special.pdtr, special.pdtrc):
        found.extend(case(primitive, [2.4, positive], single=False))
    for primitive in (special.gdtr, special.gdtrc):
        found.extend(case(primitive, [positive, 2, fraction], single=False))
    for primitive in (special.ellipkinc, special.ellipeinc):
        found.extend(case(primitive, [positive, 0], single=False) + case(primitive, [fraction, 1], single=False))
    found.extend(case(special.ellipj, [any_sign, 0], single=False) + case(special.ellipj, [0.4, 1], single=False))
    found.extend(case(special.zeta, [3, positive], single=False) + case(special.zeta, [3, 0.7], single=False))
    for a, dimension in ((positive + 2.0, 3), (1.4, 2)):
        found.extend(case(special.multigammaln, [a, dimension], single=False))
    found.extend(case(special.radian, [positive, fraction, 3.0], single=False))
    found.extend(case(special.voigt_profile, [any_sign, fraction, 0.4], single=False))
    found.extend(case(special.voigt_profile, [0.3, 0.7, fraction], single=False))
    pairs(positive, fraction, special.beta, special.betaln, special.xlogy, special.xlog1py, special.rel_entr, special.kl_div,
          special.poch, special.binom, special.boxcox, special.boxcox1p, special.powm1, special.huber, special.pseudo_huber)
    pairs(fraction, positive, special.huber, special.pseudo_huber, special.owens_t, special.inv_boxcox, special.inv_boxcox1p)
    pairs(positive, 1e-9 * any_sign, special.boxcox, special.boxcox1p)
    for one in (any_sign, 100.0 * any_sign):
        found.extend(case(special.logsumexp, [one], axis=[None, 0, -1, (0, 1)], keepdims=[False, True]))
        found.extend(case(special.softmax, [one], axis=[None, 0, -1, (0, 1)]))
        found.extend(case(special.log_softmax, [one], axis=[None, 0, -1, (0, 1)]))
    for weights in (positive, positive[0], positive[:, :1], 2.0):
        found.extend(case(special.logsumexp, [any_sign, 1, weights]) + case(special.logsumexp, [any_sign, None, weights]))
    found.extend(case(special.logsumexp, [any_sign[0], 0, positive]) + case(special.logsumexp, [0.7]))
    if hasattr(special, "softplus"):
        found.extend(case(special.softplus, [any_sign]))
    return found


def _of_complex() -> list[Case]:
    from scipy import special

    positive = np.random.default_rng(9).uniform(0.4, 2.0, (2, 3))
    hankel = (special.hankel1, special.hankel2, special.hankel1e, special.hankel2e)
    found = case(special.wofz, [positive]) + case(special.lambertw, [positive]) + case(special.lambertw, [0.0])
    found += case(special.lambertw, [-0.1 * positive], k=[-1, 0, 2])
    return found + [tried for one in hankel for order in (0, 1, 3) for tried in case(one, [order, positive])]


if importlib.util.find_spec("scipy") is not None:
    importlib.import_module("scipy.stats")  # its rules are looked at, too
    CASES += _cases()
    COMPLEX += _of_complex()
