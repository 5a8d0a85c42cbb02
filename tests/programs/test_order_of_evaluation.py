"""What stands in front of a call that changes it is read before the call."""
import numpy as np
import pytest

import autodiff_src as ad

STATE: dict = {}
LOG: list = []
GAIN = 0.7


def tick():
    STATE["k"] += 1
    LOG.append(0.9)
    return STATE["k"]


def renew():
    global GAIN
    GAIN = GAIN + 1.0
    return 2.0


def product(a, b):
    return a * b


def global_in_a_product(x):
    return x * (GAIN * renew())


def global_as_an_argument(x):
    return x * product(GAIN, renew())


def global_in_an_array(x):
    return x * np.sum(np.array([GAIN, renew(), GAIN]))


def global_in_a_dict(x):
    return x * {"a": GAIN, "b": renew()}["a"]


def global_in_a_text(x):
    return x * float(f"{GAIN:.3f}{int(renew())}")


def items_swapped(x):
    a = np.array([x, x * x])
    a[0], a[1] = GAIN * x, a[0] * renew()
    return a[0] * 3.0 + a[1]


def item_in_a_test(x):
    return x * x if STATE["k"] == tick() - 1 else x


def item_in_the_second_test(x):
    return x * x if STATE["k"] > 5 or STATE["k"] + tick() > 3 else x


def length_beside_a_call(x):
    return x * x if len(LOG) + 2 == tick() + len(LOG) - 1 else x


def chain_that_ends_early(x):
    return x * x if 5 < STATE["k"] < tick() else x * STATE["k"] * len(LOG)


def chain_to_its_end(x):
    return x * x if STATE["k"] <= STATE["k"] < tick() else x * STATE["k"] * len(LOG)


def place_that_the_value_changes(x):
    a = np.array([x, x * x, x * x * x, 1.0])
    a[STATE["k"]] += tick()
    return np.sum(a * a)


def place_among_items(x):
    a = [x, x * x, x * x * x, 1.0]
    a[len(LOG) - 1] *= tick()
    return a[0] + a[1] * 2.0 + a[2] * 3.0


def number_added_to_a_set(x):
    seen = set()
    first = 1.0 if seen.add(2) is None and len(seen) == 1 else 2.0
    return x * x * first * len(seen)


def reset():
    global GAIN
    GAIN = 0.7
    STATE.clear()
    STATE["k"] = 1
    LOG[:] = [0.3, 0.4]


@pytest.mark.parametrize("f", [
    global_in_a_product, global_as_an_argument, global_in_an_array, global_in_a_dict, global_in_a_text, items_swapped,
    item_in_a_test, item_in_the_second_test, length_beside_a_call, chain_that_ends_early, chain_to_its_end,
    place_that_the_value_changes, place_among_items, number_added_to_a_set], ids=lambda f: f.__name__)
def test_operands_are_read_in_order(f):
    values = []
    for x in (1.5 + 1e-6, 1.5 - 1e-6):
        reset()
        values.append(f(x))
    left = dict(STATE), list(LOG), GAIN
    reset()
    assert ad.grad(f)(1.5) == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-8)
    assert left == (dict(STATE), list(LOG), GAIN)


def test_zip_strict_raises_what_zip_raises():
    def f(x, n):
        s = x
        for a, b in zip([x, x * x], [1.0] * n, strict=True):
            s = s + a * b
        return s

    def left_early(x):
        for a, b in zip([x, x * x], [1.0, 2.0, 3.0], strict=True):
            if b > 1.0:
                break
            x = x * a
        return x

    assert ad.grad(f)(0.7, 2) == pytest.approx(3.4)
    for n in (1, 3):
        with pytest.raises(ValueError, match="zip") as plain:
            f(0.7, n)
        with pytest.raises(ValueError, match="zip") as derived:
            ad.grad(f)(0.7, n)
        assert str(plain.value) == str(derived.value)
    with pytest.raises(ad.UnsupportedError, match="left early"):
        ad.grad(left_early)(0.7)
