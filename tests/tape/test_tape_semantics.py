"""What a tape watches, gives, refuses and frees."""
import gc
import threading
import weakref
from collections import namedtuple

import numpy as np
import pytest
from tape_names import ad

Point = namedtuple("Point", "x y")


def gradient(f, *xs, **options):
    with ad.GradientTape() as t:
        t.watch(xs)
        y = f(*xs)
    return t.gradient(y, xs[0] if len(xs) == 1 else list(xs), **options)


def test_sources_in_structures():
    a, b, c = ad.constant(2.0), ad.constant([1.0, 2.0]), ad.constant(5.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch([a, {"b": b}, c])
        y = a * np.sum(b * b)
    found = t.gradient(y, {"a": a, "rest": (b, [c])})
    assert found["a"].numpy() == 5.0 and found["rest"][1] == [None]
    np.testing.assert_array_equal(found["rest"][0], [4.0, 8.0])
    assert isinstance(found["rest"], tuple)
    point = t.gradient(y, Point(a, b))
    assert type(point) is Point and point.x.numpy() == 5.0
    assert t.gradient(y, []) == []
    same = t.gradient(y, [a, a])
    assert same[0].numpy() == same[1].numpy() == 5.0


def test_targets_in_structures_add_up():
    x = ad.constant(3.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y, z = x * x, [2.0 * x, {"w": x * x * x}]
    assert t.gradient([y, z], x).numpy() == 6.0 + 2.0 + 27.0
    assert t.gradient([y, y], x).numpy() == 12.0
    assert t.gradient([y, z], x, output_gradients=[10.0, [None, {"w": 2.0}]]).numpy() == 60.0 + 2.0 + 54.0
    assert t.gradient(x, x).numpy() == 1.0


def test_a_target_that_is_not_scalar_is_summed():
    x = ad.constant([1.0, 2.0])
    np.testing.assert_array_equal(gradient(lambda x: x * x, x), [2.0, 4.0])
    np.testing.assert_array_equal(gradient(lambda x: x * x, x, output_gradients=np.array([1.0, 10.0])), [2.0, 40.0])
    np.testing.assert_array_equal(gradient(lambda x: x * x, x, output_gradients=[1.0, 10.0][0] * x), [2.0, 8.0])


def test_output_gradients_are_checked():
    x = ad.constant([1.0, 2.0])
    for wrong in (1.0, np.ones(3), np.ones((2, 1))):
        with pytest.raises(ad.ArgumentError, match=r"of shape \(.*\) for a target of shape \(2,\)"):
            gradient(lambda x: x * x, x, output_gradients=wrong)


def test_unconnected_sources_give_none():
    x, other = ad.constant(1.0), ad.constant(2.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        before = other * 2.0
        t.watch(other)
        y = x * x + before
    assert t.gradient(y, other) is None
    assert t.gradient(y, [x, other])[1] is None
    assert t.gradient(other, x) is None
    assert t.gradient(ad.constant(1.0), x) is None
    unwatched = ad.constant(3.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x * unwatched
    assert t.gradient(y, unwatched) is None and t.gradient(unwatched, unwatched) is None
    assert gradient(lambda x: x.astype(int) * 1.0, x) is None
    assert gradient(lambda x: ad.stop_gradient(x) * 2.0, x) is None
    assert gradient(lambda x: ad.stop_gradient(x) * x, x).numpy() == 1.0


def test_what_is_refused_as_source_or_target():
    x = ad.constant(1.0)
    with ad.GradientTape(persistent=True) as t:
        for wrong in (1.0, np.ones(2), [x, 2.0], "x", None):
            with pytest.raises(ad.ArgumentError, match=r"ad\.constant"):
                t.watch(wrong)
        for wrong in (ad.constant(3), ad.constant([True]), ad.Variable(2)):
            with pytest.raises(ad.ArgumentError, match="carries no derivative\n.*float"):
                t.watch(wrong)
        t.watch(x)
        y = x * x
    with pytest.raises(ad.ArgumentError, match=r"ad\.constant"):
        t.gradient(y, 1.0)
    with pytest.raises(ad.ArgumentError, match="dtype int64"):
        t.gradient(y, ad.constant(1))
    with pytest.raises(ad.ArgumentError, match="not recorded"):
        t.gradient(y.numpy(), x)


def test_states_of_a_tape():
    x = ad.constant(1.0)
    t = ad.GradientTape()
    with pytest.raises(ad.AutodiffError, match="recorded nothing"):
        t.gradient(x, x)
    with pytest.raises(ad.AutodiffError, match="not recording"):
        t.watch(x)
    with t, pytest.raises(ad.AutodiffError, match="second time"):
        with t:
            pass
    with ad.GradientTape() as t:
        t.watch(x)
        y = x * x
        assert t.gradient(y, x).numpy() == 2.0
        assert float(x * x) == 1.0
    with pytest.raises(ad.AutodiffError, match="one set of gradients"):
        t.gradient(y, x)


def test_a_tape_ends_with_an_exception():
    x = ad.constant(2.0)
    with pytest.raises(ZeroDivisionError):
        with ad.GradientTape() as t:
            t.watch(x)
            y = x * x
            raise ZeroDivisionError
    assert float(x) == 2.0
    assert t.gradient(y, x).numpy() == 4.0


def test_variables_are_watched_when_they_are_read():
    v, still, fixed = ad.Variable(3.0), ad.Variable(5.0), ad.Variable(2.0, trainable=False)
    with ad.GradientTape(persistent=True) as t:
        y = v * v * fixed
    assert t.gradient(y, v).numpy() == 12.0
    assert t.gradient(y, fixed) is None and t.gradient(y, still) is None
    with ad.GradientTape(watch_accessed_variables=False, persistent=True) as t:
        t.watch(fixed)
        y = v * v * fixed
    assert t.gradient(y, fixed).numpy() == 9.0 and t.gradient(y, v) is None


def test_variables_in_structures_are_read():
    v, w = ad.Variable([1.0, 2.0]), ad.Variable([3.0])
    with ad.GradientTape() as t:
        y = np.sum(np.concatenate([v, w]) ** 2) + np.sum(np.clip(a=np.zeros(2), a_min=v, a_max=5.0))
    assert [d.numpy().tolist() for d in t.gradient(y, [v, w])] == [[3.0, 5.0], [6.0]]


def test_a_record_keeps_the_value_that_a_variable_had():
    v = ad.Variable([1.0, 2.0])
    with ad.GradientTape() as t:
        y = np.sum(v * v)
        v.assign([10.0, 20.0])
        z = y + np.sum(v * v * v)
    v.assign_add([5.0, 5.0])
    np.testing.assert_array_equal(t.gradient(z, v), [2.0 + 300.0, 4.0 + 1200.0])
    np.testing.assert_array_equal(v, [15.0, 25.0])


def test_a_record_keeps_the_arrays_as_they_were():
    x, weights, parts, index = ad.constant([1.0, 2.0]), np.array([3.0, 4.0]), [np.ones(2)], np.array([0, 0])
    with ad.GradientTape() as t:
        t.watch(x)
        y = x * weights + np.concatenate([x, *parts])[:2] + x[index]
        weights[:] = 0.0
        index[:] = 1
    np.testing.assert_array_equal(t.gradient(y, x), [6.0, 5.0])


def test_constants_are_copies():
    given = np.array([1.0, 2.0])
    x = ad.constant(given)
    given[0] = 9.0
    x.numpy()[1] = 9.0
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_gradients_are_fresh():
    x, weight = ad.constant([1.0, 2.0]), np.array([3.0, 4.0])
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x + 0.0
        z = y.reshape((2, 1))
    d_x, d_y = t.gradient(z, [x, y], output_gradients=weight.reshape(2, 1))
    d_x.numpy()[0] = 7.0
    weight[:] = 0.0
    np.testing.assert_array_equal(d_x, [3.0, 4.0])
    np.testing.assert_array_equal(d_y, [3.0, 4.0])
    assert not np.shares_memory(np.asarray(d_x), np.asarray(d_y))


@pytest.mark.parametrize("value", [np.float32(1.5), np.ones((2, 3), np.float32), np.ones(3), np.ones((2, 0))])
def test_gradients_have_dtype_and_shape_of_the_source(value):
    x = ad.constant(value)
    d_x = gradient(lambda x: np.sum(np.sin(x) * np.ones((4, 1, 1))) + np.sum(x) * 2.0, x)
    assert d_x.dtype == x.dtype and d_x.shape == x.shape
    x32, w64 = ad.constant(np.float32([1.0, 2.0])), ad.constant([3.0, 4.0])
    d = gradient(lambda x, w: x * w, x32, w64)
    assert d[0].dtype == np.float32 and d[1].dtype == np.float64


def test_threads_record_for_themselves():
    x, results, barrier = ad.constant(2.0), {}, threading.Barrier(4)

    def work(n):
        with ad.GradientTape() as t:
            t.watch(x)
            barrier.wait()
            y = x
            for _ in range(50):
                y = y * x if n else y + x
            barrier.wait()
        results[n] = t.gradient(y, x).numpy(), len(t.records)

    with ad.GradientTape() as t:
        t.watch(x)
        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert t.records == []
    assert results[0][0] == 51.0 and all(results[n][0] == 51.0 * 2.0 ** 50 for n in (1, 2, 3))


def test_a_block_in_a_generator_ends_with_it():
    x = ad.constant(2.0)

    def recorded():
        with ad.GradientTape() as t:
            t.watch(x)
            yield t

    generator = recorded()
    next(generator)
    with ad.GradientTape() as t:
        t.watch(x)
        generator.close()
        y = x * x
    assert t.gradient(y, x).numpy() == 4.0
    assert float(x) == 2.0


def test_memory_is_given_back():
    big = ad.constant(np.ones(1000))
    with ad.GradientTape() as t:
        t.watch(big)
        y = np.sum(big * 2.0)
    tape = weakref.ref(t)
    gc.disable()
    try:
        t.gradient(y, big)
        del t
        assert tape() is None
        alive = weakref.ref(big)
        del big
        assert alive() is None
    finally:
        gc.enable()


def test_only_what_leads_from_source_to_target_is_differentiated():
    x, m = ad.constant(2.0), ad.constant([1.0, 3.0])
    with ad.GradientTape() as t:
        t.watch([x, m])
        y = x * np.pad(m, 1, mode="mean")[0]
    assert t.gradient(y, x).numpy() == 2.0
    with pytest.raises(ad.NoRuleError, match="np.pad"):
        gradient(lambda m: np.pad(m, 1, mode="mean")[0], m)


def test_an_argument_without_a_derivative_is_refused():
    m, w = ad.constant([1.0, 3.0]), ad.constant([0.5, 0.7])
    with ad.GradientTape() as t:
        t.watch(w)
        with pytest.raises(ad.NoRuleError, match="that it gives no derivative for"):
            np.interp(m, [0.0, 4.0], [0.0, 1.0], period=w[0])


def test_long_recordings_take_no_recursion():
    x = ad.constant(1.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = x
        for _ in range(20_000):
            y = y + x
    assert t.gradient(y, x).numpy() == 20_001.0
