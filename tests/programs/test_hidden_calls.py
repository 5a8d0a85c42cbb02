"""Methods of users' classes that look like those of built-in types, or are called without their names, may change things: what
stands in front of them is read before, and they run once."""
import itertools

import numpy as np
import pytest
from checks import in_turns

import autodiff_src as ad


class Meter:
    """Every look at it changes it."""

    def __init__(self, gain):
        self.gain, self.k = gain, 0

    def get(self, q=1.0):
        self.k += 1
        return self.gain * q

    def mean(self):
        self.k += 2
        return self.k

    @property
    def now(self):
        self.k += 1
        return self.gain

    @property
    def place(self):
        self.k += 1
        return self.k

    def __getitem__(self, i):
        self.k += 1
        return self.gain * i

    def __len__(self):
        self.k += 1
        return self.k

    def __bool__(self):
        self.k += 1
        return self.k < 5

    def __contains__(self, i):
        self.k += 1
        return i == self.k

    def __lt__(self, other):
        self.k += 1
        return self.gain < other


def method_behind_a_place(x, m):
    a = np.arange(4.0)
    a[m.k] += m.get(2.0) * x
    return np.sum(a * np.arange(1.0, 5.0))


def method_in_a_loop_test(x, m):
    y = x
    while m.get() < 2.0 * m.k and m.k < 4:
        y = y * x + m.k
    return y


def method_in_a_test(x, m):
    if m.get() > 1.0:
        return x * m.k
    return x


def method_in_a_place(x, m):
    a = np.zeros(5)
    a[m.mean()] = x * m.k
    return np.sum(a * a)


def method_of_a_number(x, m):
    return x * int(m.get()) + m.k * x ** 2


def method_in_a_dict(x, m):
    d = {m.k: m.get(x), 7: m.k * x}
    return d[0] + d[7]


def method_in_a_comprehension(x, m):
    y = [m.k * x for _ in range(3) if m.get() > 0]
    return y[0] + 2 * y[1] + 3 * y[2]


def method_in_a_key(x, m):
    return max([1.0, 2.0], key=lambda v: -m.get(v)) * x * m.k


def property_behind_a_place(x, m):
    a = np.zeros(5)
    a[m.k] += m.now * x
    return np.sum(a * np.arange(1.0, 6.0))


def property_in_a_test(x, m):
    if m.now > 1.0:
        return x * m.k
    return x


def property_in_a_place(x, m):
    a = np.zeros(5)
    a[m.place] = x * m.k
    return np.sum(a * a)


def property_in_a_dict(x, m):
    d = {m.k: m.now * x, 7: m.k * x}
    return d[0] + d[7]


def property_in_a_comprehension(x, m):
    y = [m.k * x for _ in range(3) if m.now > 0]
    return y[0] + 2 * y[1] + 3 * y[2]


def item_and_attribute(x, m):
    return m.k * x + x * m[2] + m.k * x ** 2


def item_in_a_test(x, m):
    return x * m.k if m[2] > 1 else x


def comparison_in_a_value(x, m):
    a = np.zeros(5)
    a[m.k] += x if m < 3.0 else 2 * x
    return np.sum(a * np.arange(1.0, 6.0))


def comparison_in_an_index(x, m):
    return (m.k * x, x)[0 if m < 3.0 else 1] + m.k * x


def length(x, m):
    return m.k * x + len(m) * x + m.k * x ** 2


ACCEPTED = [method_behind_a_place, method_in_a_loop_test, method_in_a_test, method_in_a_place, method_of_a_number,
            method_in_a_dict, method_in_a_comprehension, method_in_a_key, property_behind_a_place, property_in_a_test,
            property_in_a_place, property_in_a_dict, property_in_a_comprehension, item_and_attribute, item_in_a_test,
            comparison_in_a_value, comparison_in_an_index, length]


def truth(x, m):
    return x * m.k if m else x


def truth_in_a_loop(x, m):
    while m:
        x = x * m.k
    return x * m.k


def negated_truth(x, m):
    return m.k * x if not m else m.k * x * x


def membership(x, m):
    return x * m.k if 1 in m else x


def length_of_a_loop(x, m):
    for _ in range(len(m)):
        x = x * m.k
    return x


@pytest.mark.parametrize("f", in_turns(ACCEPTED, 4), ids=lambda f: f.__name__)
@pytest.mark.parametrize("made", [False, True])
def test_each_runs_once_and_in_order(f, made):
    made_here = {}

    def inside(x):
        m = Meter(1.5)
        y = f(x, m)
        made_here["k"] = m.k
        return y

    def state_after(run):
        m = Meter(1.5)
        value = run(inside, (1.3,)) if made else run(f, (1.3, m))
        return float(value), made_here["k"] if made else m.k

    def central(g, args):
        step = 1e-6
        ends = [f(args[0] + h, Meter(1.5)) for h in (step, -step)]
        return (ends[0] - ends[1]) / (2 * step)

    _, plain = state_after(lambda g, args: g(*args))
    wanted, _ = state_after(central)
    for derive in (lambda g, args: ad.grad(g)(*args), lambda g, args: ad.vjp(g, *args, wrt=0)[1](1.0)[0],
                   lambda g, args: ad.jacobian(g, mode="forward")(*args)):
        value, state = state_after(derive)
        assert value == pytest.approx(wanted, rel=1e-7) and state == plain


@pytest.mark.parametrize("f", [truth, truth_in_a_loop, negated_truth, membership, length_of_a_loop], ids=lambda f: f.__name__)
def test_what_changes_within_an_expression_is_refused(f):
    with pytest.raises(ad.UnsupportedError, match="does more than compute a value"):
        ad.grad(f, wrt="x")(1.3, Meter(1.5))


def test_values_of_dicts_are_objects_too():
    def f(x, meters):
        s = 0.0
        for m in meters.values():
            s = s + (m.k + m.mean()) * x
        return s

    meters = {1: Meter(1.5), 2: Meter(2.0)}
    assert ad.grad(f)(1.3, meters) == 4.0 and [m.k for m in meters.values()] == [2, 2]


def test_arrays_keep_their_short_text():
    def f(x, out):
        for i in range(3):
            out[i + 1] += x[i:].sum()
        return out.sum()

    assert "out[i + 1] += " in ad.source(ad.grad(f), np.ones(4), np.zeros(4))


def test_lengths_beside_a_property_that_counts():
    def f(x, m, a):
        if m.now > 1.0 and a.shape[0] > m.k:
            return x * a.size * m.k
        return x

    m = Meter(1.5)
    assert ad.grad(f, wrt="x")(1.3, m, np.ones(4)) == 4.0 and m.k == 1


def scaled(m):
    by = m.get()
    return lambda v: v * by


def test_what_an_unpacked_iteration_is_made_of_is_made_once():
    def mapped(x, m):
        u, v = map(scaled(m), [x, 2.0])
        return u * v

    def mapped_over_a_name(x, m):
        values = [x, 2.0]
        u, v = map(scaled(m), values)
        return u * v

    def products(x, m):
        (a, b), (c, d) = itertools.product([x * m.get(), 2.0], [3.0])
        return a * b + c * d

    for f in (mapped, mapped_over_a_name, products):
        plain, m = Meter(1.5), Meter(1.5)
        f(1.3, plain)
        slope = ad.grad(f)(1.3, m)
        assert slope == pytest.approx((f(1.3 + 1e-6, Meter(1.5)) - f(1.3 - 1e-6, Meter(1.5))) / 2e-6, rel=1e-7)
        assert m.k == plain.k
