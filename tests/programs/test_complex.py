"""Complex arguments and results: the adjoint of z = u + iv is dL/du - i dL/dv, and what is not certain is refused."""
from __future__ import annotations

import numpy as np
import pytest

import autodiff_src as ad

Z = np.array([1.0 + 2.0j, 0.5 - 1.0j, -0.3 + 0.2j])
HELD = np.array([1.0, 2.0j, 1.0 - 1.0j])


def by_differences(f, z, h=1e-5):
    """dL/du - i dL/dv by central differences in real and imaginary parts."""
    gradient = np.zeros(np.shape(z), complex)
    for i in np.ndindex(np.shape(z)):
        unit = np.zeros(np.shape(z))
        unit[i] = h
        gradient[i] = (f(z + unit) - f(z - unit) - 1j * (f(z + 1j * unit) - f(z - 1j * unit))) / (2.0 * h)
    return gradient


def squared_size(z):
    return np.sum(np.abs(z) ** 2)


def holomorphic(z):
    return np.sum(np.real(np.exp(z) * z / (z + 2.0)))


def with_a_branch_of_a_root(z):
    return np.sum(np.imag(np.sqrt(z) * np.log(z)))


def parts(z):
    return np.sum(z.real * z.imag ** 2) + z[0].real


def conjugated(z):
    return np.real(np.sum(z * z.conj() * z)) + np.abs(np.vdot(z, z * z))


def rotated(z):
    z = z.copy()
    for k in range(1, 3):
        z[k] = z[k - 1] * z[k] + 1j * np.abs(z[k])
    return np.sum(np.abs(z))


def spectrum(z):
    return np.sum(np.abs(np.fft.ifft(np.fft.fft(z) ** 2)) ** 3) + np.sum(np.fft.irfft(z) ** 2)


def angles(z):
    return np.sum(np.angle(z) * np.linalg.norm(z))


def solved(z):
    m = np.outer(z, z) + 3.0 * np.eye(3)
    return np.abs(np.sum(np.linalg.solve(m, z) + np.linalg.inv(m) @ z))


def powers(z):
    return np.abs(np.sum(z ** 3 + 2.0 ** z + z ** z))


@pytest.mark.parametrize("f", [squared_size, holomorphic, with_a_branch_of_a_root, parts, conjugated, rotated, spectrum, angles,
                               solved, powers])
def test_gradients_with_respect_to_complex_numbers(f):
    before = Z.copy()
    got, wanted = ad.grad(f)(Z), by_differences(f, Z)
    np.testing.assert_allclose(got, wanted, rtol=1e-7, atol=1e-8)
    assert got.dtype == complex
    np.testing.assert_array_equal(Z, before)
    direction = np.array([0.3 - 1.0j, 0.7j, -0.2])
    np.testing.assert_allclose(ad.jvp(f, (Z,), (direction,))[1], np.sum((wanted * direction).real), rtol=1e-7)
    one = lambda t: f(Z + t * direction)  # noqa: E731
    np.testing.assert_allclose(ad.grad(lambda t: f(Z + t * direction))(0.0), (one(1e-5) - one(-1e-5)) / 2e-5, rtol=1e-6)


def test_numbers_keep_their_class():
    assert ad.grad(lambda z: abs(z) ** 2)(1 + 2j) == pytest.approx(2 - 4j)
    assert type(ad.grad(lambda z: abs(z) ** 2)(1 + 2j)) is complex
    assert type(ad.grad(lambda z: abs(z) ** 2)(np.complex64(1 + 2j))) is np.complex64
    assert ad.grad(squared_size)(Z.astype(np.complex64)).dtype == np.complex64
    d_x, d_z = ad.grad(lambda x, z: abs(x * z), (0, 1))(2.0, 1j)
    assert (type(d_x), type(d_z)) == (float, complex) and (d_x, d_z) == (1.0, -2j)
    gradient = ad.grad(lambda held: abs(held["z"]) * held["x"])({"z": 3 + 4j, "x": 2.0})
    assert gradient == {"z": pytest.approx(1.2 - 1.6j), "x": 5.0}


def test_complex_results():
    y, pullback = ad.vjp(lambda x: x * np.exp(1j * x), 0.5)
    slope = (1.0 + 0.5j) * np.exp(0.5j)
    assert pullback(1.0)[0] == pytest.approx(slope.real) and pullback(1j)[0] == pytest.approx((1j * slope).real)
    assert ad.jvp(lambda x: x * np.exp(1j * x), (0.5,), (1.0,))[1] == pytest.approx(slope)
    assert ad.vjp(lambda z: z * z, 1 + 2j)[1](1j) == (pytest.approx((2 + 4j) * 1j),)
    np.testing.assert_allclose(ad.jacobian(lambda x: np.exp(1j * x), mode="forward")(np.zeros(1)),
                               [[1j]])


def of_another_name(x, held):
    return np.max(np.abs(x * held["z"]))


def signs(x, held):
    return np.sum(np.real(np.sign(x * held["z"])))


@pytest.mark.parametrize("f", [of_another_name, signs])
def test_what_turns_out_to_be_complex_is_refused_where_the_rule_does_not_hold(f):
    args = (np.ones(3), {"z": HELD, 1: None})  # of a dict with other keys than strings nothing is known
    with pytest.raises(ad.UnsupportedError, match="complex"):
        ad.grad(f)(*args)
    with pytest.raises(ad.UnsupportedError, match="complex"):
        ad.jvp(f, args, (np.ones(3), None))
    assert np.all(np.isfinite(ad.grad(f)(np.ones(3), {"z": HELD.real, 1: None})))


@pytest.mark.parametrize("f, reason", [
    (lambda x: np.sum(x * 1j), "returns a complex number"),
    (lambda x: np.sum(np.maximum(x * 1j, x).real), "maximum of complex"),
    (lambda x: np.sum(np.sign(x * 1j).real), "sign of complex"), (lambda x: np.std(x * 1j), "std of complex"),
    (lambda x: np.linalg.norm(x * 1j, 1), "with an order"),
    (lambda x: np.linalg.det(np.outer(x, x) * 1j).imag, "det of complex"),
    (lambda x: np.sum(np.sort(x * 1j).imag), "sort of complex"),
])
def test_refused_forms(f, reason):
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.grad(f)(np.array([1.0, 2.0]))


@pytest.mark.parametrize("x, x_dot", [(2.0, 1j), (np.ones(2), 1j * np.ones(2))])
def test_tangents_of_real_numbers_are_real(x, x_dot):
    with pytest.raises(ad.ArgumentError, match="real number"):
        ad.jvp(lambda x: np.sum(x * x), (x,), (x_dot,))


@pytest.mark.filterwarnings("error")
def test_variables_that_become_complex():
    def element(a):
        z = a[1]
        for _ in range(2):
            z = z * z + 0.1j
        return z.real + z.imag

    def item(x):
        held = [x, x * x]
        z = held[1]
        for _ in range(2):
            z = z * (1.0 + 1.0j)
        return z.imag * held[0]

    def array(a):
        z = a
        for _ in range(2):
            z = z * 1j + a
        return np.sum(np.abs(z) ** 2)

    np.testing.assert_allclose(ad.grad(element)(np.array([1.0, 0.7])), [0.0, 4 * 0.7 ** 3 + 4 * 0.1 * 0.7], rtol=1e-9)
    assert ad.grad(item)(0.7) == pytest.approx(6.0 * 0.7 ** 2) == ad.jvp(item, (0.7,), (1.0,))[1]
    np.testing.assert_allclose(ad.grad(array)(np.array([1.0, 0.7])), [2.0, 1.4], rtol=1e-12)


def test_views_of_parts_are_not_written_through():
    def written(x):
        z = x * (1.0 + 1.0j)
        z.real[0] = x[1]
        return np.sum(np.abs(z) ** 2)

    with pytest.raises(ad.UnsupportedError, match="share memory"):
        ad.grad(written)(np.ones(2))


def test_jacobians_of_complex_numbers():
    transform = lambda x: np.fft.fft(x)  # noqa: E731
    with pytest.raises(ad.UnsupportedError, match="complex result"):
        ad.jacobian(transform, mode="reverse")(np.ones(2))
    with pytest.raises(ad.ArgumentError, match="with respect to complex"):
        ad.jacobian(lambda z: z * z)(Z)
    with pytest.raises(ad.ArgumentError, match="with respect to complex"):
        ad.jacobian(lambda z: np.real(z * z), mode="reverse")(Z)
    with pytest.raises(ad.ArgumentError, match="with respect to complex"):
        ad.hessian(squared_size)(Z)


def test_tape():
    x = ad.Variable(np.array([1.0, 2.0, 4.0]))
    with ad.GradientTape() as tape:
        y = np.abs(np.sum(np.exp(1j * x) * HELD))
    f = lambda x: np.abs(np.sum(np.exp(1j * x) * HELD))  # noqa: E731
    np.testing.assert_allclose(tape.gradient(y, x), ad.grad(f)(x.numpy()), rtol=1e-12)
    z = ad.Variable(Z)
    with ad.GradientTape(), pytest.raises(ad.NoRuleError, match="max of complex"):
        np.max(z)
