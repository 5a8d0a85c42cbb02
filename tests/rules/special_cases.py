"""Cases for `scipy.special`, where it is installed."""
from __future__ import annotations

import importlib.util

import numpy as np
from checks import Case, case

CASES: list[Case] = []


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

    knots = np.array([0.0, 0.4, 1.5])
    for options in ({}, {"dx": 0.3}, {"x": knots}, {"x": knots, "axis": 1}, {"axis": 0}):
        found.extend(case(integrate.trapezoid, [any_sign], **{k: [v] for k, v in options.items()}))
    for x, dx, axis, initial in ((None, 0.3, -1, None), (knots, 1.0, -1, None), (None, 1.0, 0, None), (knots, 1.0, 1, 0)):
        options = {"x": [x], "dx": [dx], "axis": [axis], "initial": [initial]}
        found.extend(case(integrate.cumulative_trapezoid, [any_sign], **options))
        whole = integrate.cumulative_trapezoid(any_sign, x, dx, axis, initial)
        found.extend(case(integrals.cumulative_adjoint, [whole], **options))

    each(any_sign, special.erf, special.erfc, special.erfcx, special.ndtr, special.expit, special.log_expit, special.j0,
         special.j1, special.i0, special.i1, special.i0e, special.i1e)
    each(positive, special.gamma, special.gammaln, special.psi, special.exp1, special.expi, special.y0, special.y1,
         special.k0, special.k1, special.k0e, special.k1e, special.entr)
    each(fraction, special.erfinv, special.erfcinv, special.ndtri, special.logit, special.ellipk, special.ellipe)
    each(-fraction - 0.05, special.gamma, special.psi, special.ellipk, special.ellipe)
    for order in (0, 1, 3):
        each(positive, special.jv, special.yv, special.iv, special.kv, special.ive, before=(order,))
    each(positive, special.polygamma, before=(2,))
    each(positive, special.expn, before=(3,))
    each(positive, special.gammainc, special.gammaincc, before=(2,))
    each(fraction, special.betainc, before=(2, 3))
    each(any_sign, special.hyp1f1, before=(1, 2))
    each(fraction, special.hyp2f1, before=(1, 2, 4))
    for x, y in ((positive, fraction), (positive[0], fraction), (0.7, fraction), (1.3, 0.6)):
        for primitive in (special.beta, special.betaln, special.xlogy, special.xlog1py, special.rel_entr):
            found.extend(case(primitive, [x, y], single=False))
    return found


if importlib.util.find_spec("scipy") is not None:
    CASES += _cases()
