"""Functions of `scipy.special` in programs: rules that are loaded when the module is, and orders that carry no derivative."""
import subprocess
import sys

import numpy as np
import pytest

import autodiff_src as ad

special = pytest.importorskip("scipy.special")


def passed_on(*args):
    return special.k0(*args)


def test_a_program_of_special_functions():
    def f(x):
        return passed_on(x) * special.erf(x) + special.jv(2, x) * special.ellipe(x / 3.0)

    expected = (f(1.3 + 1e-6) - f(1.3 - 1e-6)) / 2e-6
    assert ad.grad(f)(1.3) == pytest.approx(expected, rel=1e-8)
    a = np.array([0.5, 1.3])
    assert ad.grad(lambda a: np.sum(special.gammaln(a)))(a) == pytest.approx(special.psi(a))


def test_the_derivative_at_zero_of_elliptic_integrals():
    assert ad.grad(lambda m: special.ellipk(m))(0.0) == pytest.approx(np.pi / 8)
    assert ad.grad(lambda m: special.ellipe(m))(0.0) == pytest.approx(-np.pi / 8)


@pytest.mark.parametrize("f, which", [
    (lambda v: special.jv(v, 1.0), "v of special.jv"), (lambda v: special.jv(v, v), "v of special.jv"),
    (lambda v: special.gammainc(v, 2.0), "a of special.gammainc"), (lambda v: special.zeta(v), "x of special.zeta"),
    (lambda v: special.hyp2f1(0.5, v, 1.5, 0.3), "b of special.hyp2f1"),
    (lambda v: special.ellipkinc(0.3, v), "m of special.ellipkinc"), (lambda v: special.stdtr(v, 0.3), "df of special.stdtr")])
def test_a_derivative_with_respect_to_an_order_is_refused(f, which):
    with pytest.raises(ad.AutodiffError, match=f"with respect to {which} is not known"):
        ad.grad(f)(1.5)
    with pytest.raises(ad.AutodiffError, match=f"with respect to {which} is not known"):
        ad.jvp(f, (1.5,), (1.0,))


SMOOTH = [
    lambda x: special.jv(0.5, x) * special.kve(1.5, x), lambda x: special.hyp2f1(0.5, 0.5, 1.5, x),
    lambda x: special.gammainc(2.5, x) * special.gammaincinv(2.5, x), lambda x: special.betainc(2.5, 1.5, x),
    lambda x: special.ellipkinc(x, 0.3) * special.ellipeinc(x, 0.3), lambda x: special.eval_legendre(2.5, x),
    lambda x: special.ellipj(x, 0.3)[0] * special.ellipj(x, 0.3)[2], lambda x: special.zeta(2.5, x),
    lambda x: special.stdtr(3.5, x) + special.chdtr(2.5, x) + special.fdtr(2.5, 3.5, x), lambda x: special.log_ndtr(-20.0 * x),
    lambda x: special.log_ndtr(60.0 * x), lambda x: special.voigt_profile(x, 0.3, 0.2), lambda x: special.exprel(x - 0.4),
    lambda x: special.boxcox(x, 0.0) + special.boxcox(2.0, x - 0.4) + special.inv_boxcox(x, 0.5),
    lambda x: special.pseudo_huber(x, 0.7) + special.pseudo_huber(0.7, x), lambda x: special.owens_t(x, 0.5 * x),
    lambda x: special.logsumexp(np.array([x, x * x, 1.0])), lambda x: special.logsumexp([x, 2.0], b=[1.0, x]),
    lambda x: special.softmax(np.array([x, x * x, 1.0]))[1], lambda x: special.log_softmax(np.array([x, 1.0]))[1],
    lambda x: special.lambertw(x).real, lambda x: np.real(special.lambertw(-0.5 * x, -1)), lambda x: special.wrightomega(x),
    lambda x: special.airy(x)[0] * special.airy(x)[2], lambda x: special.spherical_jn(2, x) * special.spherical_yn(1, x),
    lambda x: special.fresnel(x)[0] + special.sici(x)[1] + special.shichi(x)[0], lambda x: special.multigammaln(x + 2.0, 3),
    lambda x: np.abs(special.hankel1(1, x)), lambda x: special.lpmv(1, 2, x), lambda x: special.struve(0.5, x)]


@pytest.mark.parametrize("f", SMOOTH)
def test_both_modes(f):
    x, h = 0.4, 1e-4
    slope = sum(w * (f(x + k * h) - f(x - k * h)) for k, w in ((1, 8 / 12), (2, -1 / 12))) / h
    assert ad.grad(f)(x) == pytest.approx(slope, rel=1e-7, abs=1e-9)
    assert ad.jvp(f, (x,), (1.0,))[1] == pytest.approx(slope, rel=1e-7, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("f", SMOOTH)
def test_second_derivatives(f):
    x, h = 0.4, 1e-3
    bend = (f(x + h) - 2 * f(x) + f(x - h)) / (h * h)
    assert ad.grad(ad.grad(f))(x) == pytest.approx(bend, rel=1e-4, abs=1e-4)
    assert ad.jvp(ad.grad(f), (x,), (1.0,))[1] == pytest.approx(bend, rel=1e-4, abs=1e-4)


def test_the_largest_of_infinite_terms():
    a = np.array([-np.inf, 0.0, 1.0])
    assert ad.grad(lambda a: special.logsumexp(a))(a) == pytest.approx([0.0, *special.softmax([0.0, 1.0])])
    assert ad.grad(lambda a: special.logsumexp(a))(np.array([1000.0, 0.0])) == pytest.approx([1.0, 0.0])
    assert ad.grad(lambda a: special.logsumexp(a))(np.array([-np.inf, -np.inf])) == pytest.approx([0.0, 0.0])


def test_forms_of_sums_of_exponentials_that_are_refused():
    with pytest.raises(ad.UnsupportedError, match="return_sign"):
        ad.grad(lambda a: special.logsumexp(a, return_sign=True)[0])(np.ones(2))


def test_the_lambert_function_at_zero_and_beside_its_branch_point():
    assert ad.grad(lambda x: special.lambertw(x).real)(0.0) == 1.0
    assert ad.grad(lambda x: special.lambertw(x).real)(-0.5) == pytest.approx(
        (special.lambertw(-0.5 + 1e-6).real - special.lambertw(-0.5 - 1e-6).real) / 2e-6)


def test_scipy_is_not_imported():
    text = "import autodiff_src, sys; autodiff_src.rules.rule_for(open); sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 0
