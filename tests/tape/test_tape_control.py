"""What a tape is told: to pause, to begin again, which variables it watches, what unconnected sources give."""
import threading

import numpy as np
import pytest
from tape_names import ad


def test_what_runs_while_recording_is_stopped_is_not_recorded():
    x = ad.constant(3.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = x * x
        with t.stop_recording():
            aside = x * x * x
            assert float(x) == 3.0
        z = y * x + aside
    assert t.gradient(z, x).numpy() == 27.0


def test_a_gradient_while_recording_is_stopped():
    x = ad.constant(3.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x * x
        with t.stop_recording():
            slope = t.gradient(y, x)
        recorded = len(t.records)
        z = y * slope
    assert recorded == 1 and t.gradient(z, x).numpy() == 36.0


def test_recording_goes_on_after_an_exception_in_a_pause():
    x = ad.constant(3.0)
    with ad.GradientTape() as t:
        t.watch(x)
        with pytest.raises(ZeroDivisionError), t.stop_recording():
            raise ZeroDivisionError
        y = x * x
    assert t.gradient(y, x).numpy() == 6.0


def test_a_pause_of_the_inner_tape_is_seen_by_the_outer_one():
    x = ad.constant(2.0)
    with ad.GradientTape() as outer:
        outer.watch(x)
        with ad.GradientTape() as inner:
            inner.watch(x)
            with inner.stop_recording():
                y = x * x * x
            z = y * x
        slope = inner.gradient(z, x)
    assert slope.numpy() == 8.0
    assert outer.gradient(slope, x).numpy() == 12.0


def test_reset_forgets():
    x, v = ad.constant(3.0), ad.Variable(2.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = x * x * v
        t.reset()
        assert t.watched_variables() == () and t.records == []
        t.watch(x)
        z = y + 2.0 * x
    assert t.gradient(z, [x, v])[0].numpy() == 2.0 and t.watched_variables() == ()


def test_outside_of_the_block_there_is_nothing_to_stop():
    for t in (ad.GradientTape(), ad.GradientTape(persistent=True)):
        for action in (lambda: t.reset(), lambda: t.stop_recording().__enter__()):
            with pytest.raises(ad.AutodiffError, match="not recording\n.*inside its `with` block"):
                action()
        with t:
            pass
        with pytest.raises(ad.AutodiffError, match="not recording"):
            t.reset()


def test_a_second_block_goes_on():
    x = ad.constant(3.0)
    t = ad.GradientTape()
    with t:
        t.watch(x)
        y = x * x
    aside = x * x
    with t:
        z = y * x + aside
    assert t.gradient(z, x).numpy() == 27.0
    with t:
        t.watch(x)
        y = x * x
    assert t.gradient(y, x).numpy() == 6.0


def test_watched_variables():
    v, w, unread, fixed = ad.Variable(2.0), ad.Variable(3.0), ad.Variable(1.0), ad.Variable(4.0, trainable=False)
    with ad.GradientTape() as t:
        y = v * w * v * fixed
        t.watch(ad.constant(1.0))
        assert [x is y for x, y in zip(t.watched_variables(), (v, w), strict=True)] == [True, True]
    t.gradient(y, v)
    assert [id(x) for x in t.watched_variables()] == [id(v), id(w)]
    with ad.GradientTape(watch_accessed_variables=False) as t:
        t.watch([w, fixed])
        y = v * w
    assert [id(x) for x in t.watched_variables()] == [id(w), id(fixed)]
    assert t.gradient(y, {"v": v, "w": w, "unread": unread}) == {"v": None, "w": 2.0, "unread": None}


def test_zeros_for_unconnected_sources():
    x, other = ad.constant(2.0), {"a": ad.constant(np.ones((2, 3), np.float32)), "b": (ad.Variable(1.0),)}
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        y = x * x
    found = t.gradient(y, [x, other], unconnected_gradients="zero")
    assert found[0].numpy() == 4.0 and found[1]["a"].shape == (2, 3) and found[1]["a"].dtype == np.float32
    assert not found[1]["a"].numpy().any() and found[1]["b"][0].numpy() == 0.0
    assert t.gradient(y, [x, other], unconnected_gradients="none")[1] == {"a": None, "b": (None,)}
    with pytest.raises(ad.ArgumentError, match="neither 'none' nor 'zero'"):
        t.gradient(y, x, unconnected_gradients="zeros")


def test_two_tapes_at_once():
    x, y = ad.constant(2.0), ad.constant(3.0)
    with ad.GradientTape() as one, ad.GradientTape() as two:
        one.watch(x)
        two.watch(y)
        z = x * x * y
    assert one.gradient(z, x).numpy() == 12.0 and two.gradient(z, y).numpy() == 4.0


def test_tapes_that_overlap():
    x = ad.constant(2.0)
    one, two = ad.GradientTape(), ad.GradientTape()
    one.__enter__()
    one.watch(x)
    y = x * x
    two.__enter__()
    two.watch(y)
    z = y * x
    one.__exit__(None, None, None)
    w = z * y
    two.__exit__(None, None, None)
    assert one.gradient(z, x).numpy() == 12.0 and two.gradient(w, y).numpy() == 16.0
    assert float(x) == 2.0


def test_a_tape_in_a_function_and_one_in_a_generator():
    def slope(x):
        with ad.GradientTape() as t:
            t.watch(x)
            y = x * x * x
        return t.gradient(y, x)

    def slopes(xs):
        for x in xs:
            with ad.GradientTape() as t:
                t.watch(x)
                yield t.gradient(slope(x), x)

    assert [d.numpy() for d in slopes([ad.constant(1.0), ad.constant(2.0)])] == [6.0, 12.0]


def test_a_tape_that_was_stopped_from_elsewhere_records_no_more():
    x = ad.constant(2.0)
    t = ad.GradientTape(persistent=True)
    t.__enter__()
    t.watch(x)
    thread = threading.Thread(target=t.__exit__, args=(None, None, None))
    thread.start()
    thread.join()
    y = x * x
    assert float(x) == 2.0 and t.records == [] and t.gradient(y, x) is None
