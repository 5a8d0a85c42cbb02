"""`map_gradient` and `insert_grad_of`: code of the user's in the backward pass."""
from __future__ import annotations

import numpy as np
import pytest

import autodiff_src as ad

SEEN: list[np.ndarray] = []


def clipped(g):
    return np.clip(g, -1.0, 1.0)


def by_function(x):
    y = x * x
    y = ad.map_gradient(y, clipped)
    return np.sum(5.0 * y)


def by_block(x):
    y = x * x
    with ad.insert_grad_of(y) as d_y:
        SEEN.append(d_y)
        d_y = np.clip(d_y, -1.0, 1.0)
    return np.sum(5.0 * y)


@pytest.mark.parametrize("f", [by_function, by_block])
def test_the_adjoint_is_replaced(f):
    x = np.array([0.1, 2.0])
    SEEN.clear()
    np.testing.assert_array_equal(ad.grad(f)(x), 2.0 * x)
    assert f is by_function or [list(seen) for seen in SEEN] == [[5.0, 5.0]]
    _, pullback = ad.vjp(f, x)
    np.testing.assert_array_equal(pullback(0.1)[0], 0.5 * 2.0 * x)
    assert ad.jvp(f, (x,), (np.ones(2),))[1] == 5.0 * np.sum(2.0 * x)


def in_a_loop(x, limit, n):
    for k in range(n):
        x = np.sin(x * 3.0)
        with ad.insert_grad_of(x) as d_x:
            norm = np.sqrt(np.sum(d_x * d_x))
            if norm > limit:
                d_x = d_x * (limit / norm)
    return np.sum(x)


def by_hand(x, limit, n):
    before = []
    for _ in range(n):
        before.append(x)
        x = np.sin(x * 3.0)
    d_x = np.ones_like(x)
    for old in reversed(before):
        norm = np.sqrt(np.sum(d_x * d_x))
        d_x = d_x * (limit / norm) if norm > limit else d_x
        d_x = d_x * np.cos(old * 3.0) * 3.0
    return d_x


def test_clipping_in_a_loop():
    x = np.array([0.3, -0.8, 1.1])
    np.testing.assert_allclose(ad.grad(in_a_loop)(x, 0.5, 4), by_hand(x, 0.5, 4), rtol=1e-13)
    assert "    with " not in ad.source(ad.grad(in_a_loop), x, 0.5, 4)


def in_a_helper(x, log):
    def layer(v):
        v = v * v
        with ad.insert_grad_of(v) as d_v:
            log.append(float(d_v))
            d_v = 2.0 * d_v
        return v

    return layer(layer(x))


def test_in_calls():
    log: list[float] = []
    assert ad.grad(in_a_helper)(1.5, log) == pytest.approx(4.0 * 4.0 * 1.5 ** 3)
    assert log == [1.0, 2.0 * 2.0 * 1.5 ** 2]


def test_plain_calls():
    x = np.array([0.1, 2.0])
    assert by_function(x) == np.sum(5.0 * x * x)
    with pytest.raises(ad.UnsupportedError, match=r"(?s)only where the function is differentiated.*Fix: use x = ad\.map_grad"):
        by_block(x)


def other_form(x):
    with ad.insert_grad_of(x * x) as d_y:
        d_y = d_y * 2.0
    return x


def test_other_forms_are_refused():
    with pytest.raises(ad.UnsupportedError, match="used in another way"):
        ad.grad(other_form)(1.0)
