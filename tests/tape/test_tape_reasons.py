"""What `tape.why` tells."""
import re

import numpy as np
import pytest
from tape_names import ad


def recorded(f, *xs, **options):
    """The tape, the target and the sources of `f(*xs)`."""
    xs = [x if isinstance(x, ad.Variable) else ad.constant(x) for x in xs]
    with ad.GradientTape(**options) as t:
        t.watch([x for x in xs if not isinstance(x, ad.Variable)])
        y = f(*xs)
    return t, y, xs


@pytest.mark.parametrize("f, ends", [
    (lambda x: 2.0 * x.numpy() * ad.Variable(1.0), r"x\.numpy\(\)"), (lambda x: ad.stop_gradient(np.sin(x)) * 2.0, "stop_gr"),
    (lambda x: np.sign(x * x) * ad.constant(1.0), "np.sign"), (lambda x: x.astype(int) * ad.constant(1.0), "astype"),
    (lambda x: ad.constant(1.0) * (x > 0.0), "gt"), (lambda x: ad.stop_gradient(x) * ad.Variable(3.0), "stop_gradient")])
def test_where_a_history_ends(f, ends):
    t, y, (x,) = recorded(f, 3.0)
    assert re.search(f"went into .*{ends}.*, which gives no derivative", t.why(y, x))


def test_sources_that_are_not_watched():
    x, v, fixed, unread = ad.constant(2.0), ad.Variable(1.0), ad.Variable(1.0, trainable=False), ad.Variable(1.0)
    with ad.GradientTape() as t:
        y = x * v * fixed
    assert "never watched: call tape.watch(x)" in t.why(y, x)
    assert "not trainable: call tape.watch(v)" in t.why(y, fixed)
    assert "not read inside" in t.why(y, unread)
    with ad.GradientTape(watch_accessed_variables=False) as t:
        y = x * v
    assert "watch_accessed_variables=False" in t.why(y, v)


def test_what_runs_outside_of_the_block():
    x, z = ad.constant(2.0), ad.constant(3.0)
    before = x * x
    with ad.GradientTape() as t:
        t.watch([x, z])
        y = z * before
    after = x * x
    assert "was not computed from what the tape watches" in t.why(after, x)
    assert "no recorded operation reads the source" in t.why(y, x)
    t, (y, _), (x, z) = recorded(lambda x, z: (z * 2.0, np.sin(x)), 2.0, 3.0)
    assert "read by np.sin, and no result of that leads to the target" in t.why(y, x)


def test_the_way_that_there_is():
    t, y, (x, z) = recorded(lambda x, z: np.sum(np.sin(x) * z), [1.0, 2.0], 3.0)
    assert t.why(y, x) == "connected: source -> np.sin -> operator.mul -> np.sum -> target"
    assert t.why(y, z) == "connected: source -> operator.mul -> np.sum -> target"
    assert t.why(x, x) == "the target is the source itself"
    assert t.gradient(y, x) is not None
    with pytest.raises(ad.AutodiffError, match="persistent=True"):
        t.why(y, x)


def test_what_is_no_tensor():
    t, y, (x,) = recorded(lambda x: x * x, 2.0)
    with pytest.raises(ad.ArgumentError, match="not recorded"):
        t.why(y.numpy(), x)
    with pytest.raises(ad.ArgumentError, match="int64"):
        t.why(y, ad.constant(2))
    with pytest.raises(ad.ArgumentError, match="one tensor"):
        t.why([y], x)
    with pytest.raises(ad.AutodiffError, match="recorded nothing"):
        ad.GradientTape().why(y, x)
