"""What functions write into containers outside: nothing is known of these, and a derivative that would be lost is refused."""
import heapq

import numpy as np
import pytest
from checks import in_turns
from outside import Outside

import autodiff_src as ad

STATE: dict = {}
CACHE: dict = {}
NUMBERS = [0.0, 0.0]
ARRAY = np.zeros(3)
LOG: list = []


class Counter:
    """State that a method changes."""

    def __init__(self):
        self.n = 0.0

    def count(self):
        self.n = self.n + 1.0


COUNTER = Counter()


def reset():
    STATE.clear()
    CACHE.clear()
    LOG.clear()
    NUMBERS[:] = [1.0, 0.0]
    ARRAY[:] = 0.0
    COUNTER.n = 0.0


@pytest.fixture(autouse=True)
def fresh():
    reset()


def first_trip_apart(x):
    s = 0.0
    for k in range(3):
        if "seen" in STATE:
            s = s + x * x * k
        else:
            s = s + x
        STATE["seen"] = k
    return s


def counted(x):
    STATE["calls"] = STATE.get("calls", 0) + 1
    return x * x * STATE["calls"]


def logged(x):
    s = x
    for k in range(3):
        if len(LOG) == 0:
            s = s * x
        else:
            s = s + x
        LOG.append(k)
    return s


def noted(x):
    note("trips", 2)
    return x * x if "trips" in STATE else x


def note(key, value):
    STATE[key] = value


def cached(x, key):
    if key in CACHE:
        return CACHE[key] * x
    y = x * x
    CACHE[key] = y
    return y * x


def cached_twice(x):
    return cached(x, "twice") + cached(x, "twice")


def stored_and_read(x):
    CACHE["now"] = x * x
    return CACHE["now"] * x


def store_element(x):
    ARRAY[0] = x * x


def store_item(x):
    NUMBERS[0] = x * x


def element():
    return ARRAY[0]


def item():
    return NUMBERS[0]


def element_handed_over(x):
    store_element(x)
    return element() * x


def item_handed_over(x):
    store_item(x)
    return item() * x


def array_summed(x):
    store_element(x)
    return np.sum(ARRAY) * x


def accumulated(x):
    ARRAY[1] += x
    return ARRAY[1] * x


def accumulated_twice(x):
    return accumulated(x) + accumulated(x)


def raise_element():
    ARRAY[0] += 1.0


def raise_item():
    NUMBERS[0] = NUMBERS[0] + 1.0


def factors_of_an_array(x):
    s = 0.0
    for _ in range(3):
        c = ARRAY[0]
        s += c * x * x
        raise_element()
    return s


def factors_of_a_list(x):
    s = 0.0
    for _ in range(3):
        c = NUMBERS[0]
        s += c * x * x
        raise_item()
    return s


def branches_on_an_array(x):
    s = x
    for _ in range(3):
        if ARRAY[0] > 1.0:
            s = s * x
        else:
            s = s + x
        raise_element()
    return s


def branches_on_an_object(x):
    s = 0.0
    for _ in range(3):
        if COUNTER.n > 1.0:
            s = s + x * x
        else:
            s = s + x
        COUNTER.count()
    return s


def factors_of_an_object(x):
    s = 0.0
    for _ in range(3):
        c = COUNTER.n
        s = s + x * x * c
        COUNTER.count()
    return s


def bounds_of_loops(x):
    s = 0.0
    for k in range(int(NUMBERS[0]), 4):
        s = s + x * x * k
        NUMBERS[0] = NUMBERS[0] + 1.0
    for k in range(int(NUMBERS[0])):
        s = s + x * x * k
    return s


def raise_first(a):
    a[0] += 1.0


def note_in(held, key):
    held[key] = 1


def branches_on_an_array_handed_over(x):
    s = x
    for _ in range(3):
        s = s * x if ARRAY[0] > 1.0 else s + x
        raise_first(ARRAY)
    return s


def key_noted_by_a_helper(x):
    note_in(STATE, "a")
    return x * x if "a" in STATE else x


def list_grown_by_another_name(x):
    s, log = x, LOG
    for k in range(3):
        s = s * x if len(LOG) > 1 else s + x
        log.append(k)
    return s


def key_by_another_name(x):
    s, state = x, STATE
    for k in range(3):
        s = s * x if "b" in STATE else s + x
        state["b"] = k
    return s


def array_written_by_out(x):
    s = 0.0
    for _ in range(3):
        c = ARRAY[0]
        s = s + c * x * x
        np.add(ARRAY, 1.0, out=ARRAY)
    return s


def list_grown_by_a_library(x):
    heapq.heappush(LOG, 1)
    return x * x if len(LOG) == 1 else x


def products_with_an_array(x):
    s = 0.0
    for _ in range(3):
        s = s + np.dot(ARRAY, np.array([x, x * x, 1.0]))
        raise_element()
    return s


def array_filled(x):
    s = 0.0
    for _ in range(3):
        s = s + ARRAY[0] * x * x
        ARRAY.fill(2.0)
    return s


def filled(held, v):
    held.fill(1.5)
    return v * held[0]


def array_filled_by_a_helper(x):
    return sum([filled(ARRAY, x * x) for _ in range(3)])


def held_in_cells():
    cell = np.zeros(2)

    def put(x):
        cell[0] = x * x

    def get():
        return cell[0]

    def both(x):
        put(x)
        return get() * x

    return both


PROGRAMS = [first_trip_apart, counted, logged, noted, accumulated, factors_of_an_array, factors_of_a_list,
            branches_on_an_array, branches_on_an_array_handed_over, key_noted_by_a_helper, list_grown_by_another_name,
            key_by_another_name, array_written_by_out, list_grown_by_a_library, products_with_an_array,
            branches_on_an_object, factors_of_an_object, bounds_of_loops, array_filled,
            array_filled_by_a_helper, element_handed_over, item_handed_over, array_summed, accumulated_twice,
            held_in_cells()]


def left():
    return dict(STATE), list(LOG), list(NUMBERS), ARRAY.tolist(), COUNTER.n


OUTSIDE = Outside(reset, left)


@pytest.mark.parametrize("f", in_turns(PROGRAMS, 4))
def test_what_is_outside_counts_as_it_is_when_it_is_read(f):
    OUTSIDE.check(f, 1.5)


def test_a_cache_is_written_and_refused_where_it_answers():
    gradient = ad.grad(cached)
    assert gradient(1.5, "a") == pytest.approx(3.0 * 1.5 ** 2) and CACHE == {"a": 2.25}
    with pytest.raises(ad.AutodiffError, match="its derivative is lost"):
        gradient(1.5, "a")
    assert gradient(0.5, "b") == pytest.approx(0.75) and CACHE == {"a": 2.25, "b": 0.25}


@pytest.mark.parametrize("f", [cached_twice, stored_and_read])
def test_a_value_that_comes_back_by_a_container_outside_is_refused(f):
    with pytest.raises(ad.AutodiffError, match="its derivative is lost"):
        ad.grad(f)(1.5)
    with pytest.raises(ad.AutodiffError, match="its derivative is lost"):
        ad.vjp(f, 1.5)[1](1.0)


def test_a_table_filled_when_it_is_needed():
    def table(n):
        if n not in CACHE:
            CACHE[n] = np.arange(float(n))
        return CACHE[n]

    def f(x):
        return np.sum(table(3) * x ** 2) + np.sum(table(3)) * x

    for _ in range(2):
        assert ad.grad(f)(1.5) == pytest.approx(2.0 * 1.5 * 3.0 + 3.0)


OWN: dict = {"factor": 1.5}
OWN["self"] = OWN


def test_containers_that_hold_themselves():
    assert ad.grad(lambda x: OWN["factor"] * x)(2.0) == 1.5
    with pytest.raises(ad.AutodiffError, match="holds itself"):
        ad.grad(lambda own, x: own["factor"] * x, wrt=1)(OWN, 2.0)


def row_at_a_place_outside(m):
    STATE["k"] = STATE.get("k", 0) + 1
    row = m[STATE["k"] % 2]
    row *= 3.0
    return np.sum(m * m)


def row_read_before_it_is_written(m):
    STATE["k"] = STATE.get("k", 0) + 1
    row = m[STATE["k"] % 2]
    m[STATE["k"] % 2] = row * row
    return np.sum(row)


@pytest.mark.parametrize("f", [row_at_a_place_outside, row_read_before_it_is_written])
def test_an_index_of_unknown_kind_may_select_a_view(f):
    with pytest.raises(ad.AutodiffError, match="may share memory that is written here"):
        ad.grad(f)(np.array([[1.0, 2.0], [3.0, 4.0]]))


SCALES = {"inner": {"factor": 1.5}, "offsets": [0.5, ARRAY]}


def scaled_in_place(a):
    a *= 2.0
    return np.sum(a * a) * SCALES["inner"]["factor"] + SCALES["offsets"][0]


def test_an_array_that_is_written_while_a_dict_outside_is_read():
    a = np.array([1.0, -0.5])
    assert ad.grad(scaled_in_place)(a) == pytest.approx([12.0, -6.0]) and a.tolist() == [2.0, -1.0]
    with pytest.raises(ad.ArgumentError, match="shares memory with 'SCALES'"):
        ad.grad(scaled_in_place)(ARRAY[:2])
