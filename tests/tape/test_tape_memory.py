"""What a recording keeps: only what the backward pass reads."""
import gc
import weakref

import numpy as np
import pytest
from checks import assert_close, gradient_by_differences
from tape_names import ad

_rng = np.random.default_rng(3)
X, W, B = _rng.normal(size=(40, 30)), _rng.normal(size=(30, 50)) / 5.0, _rng.normal(size=50)


def layers(x, w, b, seen):
    """A network of which `seen` gets the values on the way."""
    product = x @ w
    shifted = product + b
    doubled = shifted + shifted
    activated = np.tanh(doubled - product)
    total = np.sum(np.exp(-activated) * activated)
    seen.extend([product, shifted, doubled, activated])
    return total


@pytest.fixture
def recording():
    """A tape, the target, sources, and which of the values on the way are still there: names by weak references."""
    x, w, b, seen = ad.constant(X), ad.Variable(W), ad.Variable(B), []
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = layers(x, w, b, seen)
    alive = [weakref.ref(value) for value in seen]
    gc.disable()
    seen.clear()
    yield t, y, (x, w, b), alive
    gc.enable()


def test_what_is_not_read_is_freed(recording):
    t, y, sources, alive = recording
    assert [value() is not None for value in alive] == [False, False, False, True]
    found = [d.numpy() for d in t.gradient(y, sources)]
    assert_close(found[2], gradient_by_differences(lambda b: float(layers(ad.constant(X), W, b, [])), B), 1e-6, 1e-8)
    assert_close(found[1][:1, :3], gradient_by_differences(
        lambda part: float(layers(ad.constant(X), np.vstack([np.hstack([part, W[:1, 3:]]), W[1:]]), B, [])), W[:1, :3]), 1e-6)
    assert_close([d.numpy() for d in t.gradient(y, sources)], found, 0.0)


def test_what_is_told_of_it(recording):
    t, y, (x, w, b), _ = recording
    assert t.why(y, b).startswith("connected: source -> operator.add -> ")
    namespace = {}
    exec(t.source(y, [x, w, b]), namespace)
    for name, d in zip(("d_x1", "d_x2", "d_x3"), t.gradient(y, [x, w, b])):
        assert_close(namespace[name], d.numpy(), 1e-10, 1e-12)


def test_second_derivatives_of_what_was_freed():
    def slope(b):
        b = ad.constant(b)
        with ad.GradientTape() as outer:
            outer.watch(b)
            with ad.GradientTape() as inner:
                inner.watch(b)
                y = layers(X, ad.constant(W), b, [])
            d_b = inner.gradient(y, b)
            curved = np.sum(d_b * B)
        return d_b.numpy(), outer.gradient(curved, b).numpy()

    wanted = gradient_by_differences(lambda b: float(np.sum(slope(b)[0] * B)), B)
    assert_close(slope(B)[1], wanted, 1e-5, 1e-7)


def test_gradients_with_respect_to_what_could_have_been_freed():
    x = ad.constant(X)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x * 2.0
        z = y + x
        total = np.sum(z + y)
    assert_close([d.numpy() for d in t.gradient(total, [y, z, x])], [0.0 * X + 2.0, 0.0 * X + 1.0, 0.0 * X + 5.0])
    assert_close(t.gradient(total, z).numpy(), 0.0 * X + 1.0)
