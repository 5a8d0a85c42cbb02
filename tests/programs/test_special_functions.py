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


@pytest.mark.parametrize("f", [lambda v: special.jv(v, 1.0), lambda v: special.jv(v, v), lambda v: special.gammainc(v, 2.0),
                               lambda v: special.hyp2f1(0.5, v, 1.5, 0.3)])
def test_a_derivative_with_respect_to_an_order_is_refused(f):
    with pytest.raises(ad.AutodiffError, match="is not known"):
        ad.grad(f)(1.5)


def test_scipy_is_not_imported():
    text = "import autodiff_src, sys; autodiff_src.rules.rule_for(open); sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 0
