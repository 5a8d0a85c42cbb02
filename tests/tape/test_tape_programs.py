"""Whole programs in the style of TensorFlow's guide, as a user writes them."""
import weakref

import numpy as np
import pytest
from tape_names import ad


def test_gradient_of_a_product_of_sums():
    x = ad.constant(np.ones((2, 2)))
    with ad.GradientTape() as t:
        t.watch(x)
        y = np.sum(x)
        z = np.multiply(y, y)
    dz_dx = t.gradient(z, x)
    for i in [0, 1]:
        for j in [0, 1]:
            assert dz_dx[i][j].numpy() == 8.0
    np.testing.assert_allclose(dz_dx, np.full((2, 2), 8.0))
    assert isinstance(dz_dx, type(x)) and dz_dx.shape == (2, 2)


def test_gradient_with_respect_to_an_intermediate():
    x = ad.constant(np.ones((2, 2)))
    with ad.GradientTape() as t:
        t.watch(x)
        y = np.sum(x)
        z = np.multiply(y, y)
    dz_dy = t.gradient(z, y)
    assert dz_dy.numpy() == 8.0


def test_persistent_tape():
    x = ad.constant(3.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x * x
        z = y * y
    dz_dx = t.gradient(z, x)
    dy_dx = t.gradient(y, x)
    assert dz_dx.numpy() == 108.0
    assert dy_dx.numpy() == 6.0
    alive = weakref.ref(y)
    del y, z
    assert alive() is not None
    del t
    assert alive() is None


def test_second_use_raises_and_records_are_freed():
    x = ad.constant(3.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = x * x
        z = y * y
    alive = weakref.ref(y)
    del y
    assert alive() is not None
    assert t.gradient(z, x).numpy() == 108.0
    assert alive() is None
    with pytest.raises(ad.AutodiffError, match="non-persistent GradientTape can only be used to compute one set of "
                                               "gradients.*\n.*persistent=True"):
        t.gradient(z, x)


def test_control_flow_is_recorded_as_it_runs():
    def f(x, y):
        output = 1.0
        for i in range(y):
            if i > 1 and i < 5:
                output = np.multiply(output, x)
        return output

    def grad(x, y):
        with ad.GradientTape() as t:
            t.watch(x)
            out = f(x, y)
        return t.gradient(out, x)

    x = ad.convert_to_tensor(2.0)
    assert grad(x, 6).numpy() == 12.0
    assert grad(x, 5).numpy() == 12.0
    assert grad(x, 4).numpy() == 4.0


def test_higher_order():
    x = ad.Variable(1.0)
    with ad.GradientTape() as t:
        with ad.GradientTape() as t2:
            y = x * x * x
        dy_dx = t2.gradient(y, x)
    d2y_dx2 = t.gradient(dy_dx, x)
    assert dy_dx.numpy() == 3.0
    assert d2y_dx2.numpy() == 6.0
    assert f"{d2y_dx2:.3f}" == "6.000" and str(dy_dx) == "3.0"


def test_third_order():
    x = ad.Variable(0.4)
    with ad.GradientTape() as t3:
        with ad.GradientTape() as t2:
            with ad.GradientTape() as t1:
                y = np.sin(2.0 * x)
            d1 = t1.gradient(y, x)
        d2 = t2.gradient(d1, x)
    d3 = t3.gradient(d2, x)
    np.testing.assert_allclose([d1, d2, d3], [2 * np.cos(0.8), -4 * np.sin(0.8), -8 * np.cos(0.8)], rtol=1e-14)


def test_persistent_tape_of_its_own_gradient():
    x = ad.constant(1.5)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x ** 4
        dy = t.gradient(y, x)
    np.testing.assert_allclose([dy, t.gradient(dy, x), t.gradient(y, x)], [4 * 1.5 ** 3, 12 * 1.5 ** 2, 4 * 1.5 ** 3])


def test_levels_are_not_confused():
    x = ad.constant(1.0)
    with ad.GradientTape() as outer:
        outer.watch(x)
        y = ad.constant(1.0)
        with ad.GradientTape() as inner:
            inner.watch(y)
            z = x + y
        out = x * inner.gradient(z, y)
    assert outer.gradient(out, x).numpy() == 1.0

    with ad.GradientTape() as outer:
        outer.watch(x)
        y = ad.constant(2.0)
        with ad.GradientTape() as inner:
            inner.watch(y)
            z = x * y * y
        out = x * inner.gradient(z, y)
    assert outer.gradient(out, x).numpy() == 8.0


def test_a_stopped_inner_tape_is_not_seen_by_the_outer_one():
    x = ad.constant(3.0)
    with ad.GradientTape() as outer:
        outer.watch(x)
        with ad.GradientTape() as inner:
            inner.watch(x)
            y = x * x
        slope = ad.stop_gradient(inner.gradient(y, x))
        z = x * slope
    assert outer.gradient(z, x).numpy() == 6.0


def test_training_a_model():
    rng = np.random.default_rng(0)
    x, true = rng.normal(size=(50, 3)), np.array([1.0, -2.0, 0.5])
    w, b = ad.Variable(np.zeros(3)), ad.Variable(0.0, name="bias")
    for _ in range(200):
        with ad.GradientTape() as tape:
            loss = np.mean((x @ w + b - (x @ true + 0.7)) ** 2)
        d_w, d_b = tape.gradient(loss, [w, b])
        w.assign_sub(0.2 * d_w)
        b.assign_sub(0.2 * d_b)
    np.testing.assert_allclose(w, true, atol=1e-6)
    np.testing.assert_allclose(b, 0.7, atol=1e-6)
