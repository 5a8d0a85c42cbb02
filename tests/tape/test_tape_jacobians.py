"""Jacobians of recordings, against those of derived functions."""
import numpy as np
import pytest
from tape_names import ad

import autodiff_src

_rng = np.random.default_rng(7)
W, X = _rng.normal(size=(3, 4)), _rng.normal(size=(5, 4))


def layer(w, x):
    return np.tanh(x @ w.T)


def test_jacobian():
    w, x = ad.constant(W), ad.constant(X[0])
    with ad.GradientTape(persistent=True) as t:
        t.watch([w, x])
        y = layer(w, x)
    found = t.jacobian(y, {"w": w, "x": (x,)})
    wanted = autodiff_src.jacobian(layer, wrt=(0, 1))(W, X[0])
    assert found["w"].shape == (3, 3, 4) and found["x"][0].shape == (3, 4)
    np.testing.assert_allclose(found["w"], wanted[0], rtol=1e-12)
    np.testing.assert_allclose(found["x"][0], wanted[1], rtol=1e-12)


def test_jacobian_of_a_number_and_with_respect_to_one():
    x, y = ad.constant(2.0), ad.constant([1.0, 2.0])
    with ad.GradientTape(persistent=True) as t:
        t.watch([x, y])
        z, s = x * x * y, np.sum(x * y)
    np.testing.assert_array_equal(t.jacobian(z, x), [4.0, 8.0])
    np.testing.assert_array_equal(t.jacobian(s, y), [2.0, 2.0])
    assert t.jacobian(s, x).shape == () and t.jacobian(s, x).numpy() == 3.0


def test_jacobians_take_the_one_use_of_a_tape():
    x = ad.constant([1.0, 2.0])
    with ad.GradientTape() as t:
        t.watch(x)
        y = x * x
    np.testing.assert_array_equal(t.jacobian(y, x), [[2.0, 0.0], [0.0, 4.0]])
    for again in (t.jacobian, t.gradient, t.batch_jacobian):
        with pytest.raises(ad.AutodiffError, match="one set of gradients"):
            again(y, x)


@pytest.mark.parametrize("persistent", [False, True])
def test_a_jacobian_inside_the_block(persistent):
    x = ad.constant([1.0, 2.0])
    with ad.GradientTape(persistent=persistent) as t:
        t.watch(x)
        y = x ** 3
        found = t.jacobian(y, x)
    np.testing.assert_array_equal(found, [[3.0, 0.0], [0.0, 12.0]])


def test_hessian_by_nested_tapes():
    def f(x):
        return np.sum(np.sin(x) * x[0] * x)

    x = ad.constant(X[0])
    with ad.GradientTape() as outer:
        outer.watch(x)
        with ad.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        slope = inner.gradient(y, x)
    np.testing.assert_allclose(outer.jacobian(slope, x), autodiff_src.hessian(f)(X[0]), rtol=1e-12, atol=1e-14)


def test_the_derivative_of_a_jacobian():
    x = ad.constant([1.0, 2.0])
    with ad.GradientTape() as outer:
        outer.watch(x)
        with ad.GradientTape() as inner:
            inner.watch(x)
            y = x ** 3 + np.sum(x ** 2)
        found = np.sum(inner.jacobian(y, x) * np.array([[1.0, 10.0], [100.0, 1000.0]]))
    np.testing.assert_allclose(outer.gradient(found, x), [6.0 + 2.0 * 101.0, 12.0 * 1000.0 + 2.0 * 1010.0])


def test_unconnected_sources_of_jacobians():
    x, other = ad.constant([1.0, 2.0]), ad.constant(np.ones((3, 1)))
    with ad.GradientTape(persistent=True) as t:
        t.watch([x, other])
        y, empty = x * x, x[:0] * 2.0
    assert t.jacobian(y, [other]) == [None] and t.batch_jacobian(y, ad.constant(np.ones(2))) is None
    assert t.jacobian(y, other, unconnected_gradients="zero").shape == (2, 3, 1)
    assert t.batch_jacobian(y, ad.constant(np.ones((2, 4))), unconnected_gradients="zero").shape == (2, 4)
    assert t.jacobian(empty, x).shape == (0, 2)


def test_batch_jacobian():
    w, x = ad.constant(W), ad.constant(X)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = layer(w, x)
        cube = x[:, :, None] * np.ones(2)
    wanted = np.stack([autodiff_src.jacobian(layer, wrt=1)(W, row) for row in X])
    found = t.batch_jacobian(y, x)
    assert found.shape == (5, 3, 4)
    np.testing.assert_allclose(found, wanted, rtol=1e-12)
    np.testing.assert_array_equal(t.batch_jacobian(cube, x), np.tile(np.eye(4)[None, :, None], (5, 1, 2, 1)))
    with ad.GradientTape() as t:
        t.watch(x)
        y = np.sum(x * x, axis=1)
    np.testing.assert_allclose(t.batch_jacobian(y, x), 2.0 * X)


def test_what_jacobians_refuse():
    x = ad.constant([1.0, 2.0])
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y, s = x * x, np.sum(x)
    with pytest.raises(ad.ArgumentError, match="one tensor, not a list"):
        t.jacobian([y], x)
    for target, source in [(s, x), (y, s), (y[:1], x), (y, [x])]:
        with pytest.raises(ad.ArgumentError, match="same number of rows"):
            t.batch_jacobian(target, source)
    with pytest.raises(ad.ArgumentError, match="not recorded"):
        t.jacobian(y.numpy(), x)
    with pytest.raises(ad.ArgumentError, match="dtype int64"):
        t.jacobian(y, ad.constant([1, 2]))
