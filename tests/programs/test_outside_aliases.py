"""Containers outside that go by several names: held by others or by objects, views of one array."""
import numpy as np
import pytest

import autodiff_src as ad

COUNT = [1]
TABLE = np.array([0.5, 1.5, 2.5])
FIRST = TABLE[:2]
HELD = {"in": COUNT, "rows": [TABLE]}
PAIR = (0.5, COUNT)


class Box:
    """Something that holds a list."""

    def __init__(self, log):
        self.log = log


BOX = Box(COUNT)


def put(items):
    items.append(1)


def index_beside_a_held_list(a):
    s = a[COUNT[0]] * a[0]
    HELD["in"][0] += 1
    return s


def branch_beside_a_held_list(a):
    s = 0.0
    for _ in range(2):
        s = s + a[1] * a[1] if COUNT[0] == 1 else s + a[2]
        HELD["in"][0] += 1
    return s


def branch_on_a_list_that_grows_elsewhere(a):
    s = 0.0
    for _ in range(2):
        s = s + a[1] * a[1] if len(COUNT) == 1 else s + a[2]
        put(HELD["in"])
    return s


def branch_on_a_held_list(a):
    s = 0.0
    for _ in range(2):
        s = s + a[1] * a[1] if len(HELD["in"]) == 1 else s + a[2]
        COUNT.append(1)
    return s


def branch_on_a_list_of_a_tuple(a):
    s = 0.0
    for _ in range(2):
        s = s + a[1] * a[1] if len(PAIR[1]) == 1 else s + a[2] * PAIR[0]
        COUNT.append(1)
    return s


def branch_beside_a_list_of_an_object(a):
    s = 0.0
    for _ in range(2):
        s = s + a[1] * a[1] if len(COUNT) == 1 else s + a[2]
        BOX.log.append(1)
    return s


def branch_on_a_list_of_an_object(a):
    s = 0.0
    for _ in range(2):
        s = s + a[1] * a[1] if len(BOX.log) == 1 else s + a[2]
        COUNT.append(1)
    return s


def held_list_extended(a):
    s = 0.0
    for _ in range(2):
        s = s + a[1] * a[1] if len(COUNT) == 1 else s + a[2]
        HELD["in"] += [1]
    return s


def array_beside_a_view(a):
    s = 0.0
    for _ in range(2):
        s = s + TABLE[0] * a[1] ** 2
        FIRST[0] += 1.0
    return s


def view_beside_its_array(a):
    s = 0.0
    for _ in range(2):
        s = s + FIRST[1] * a[1] ** 2
        TABLE[1] += 1.0
    return s


def array_held_twice(a):
    s = 0.0
    for _ in range(2):
        s = s + np.dot(TABLE, a * a)
        HELD["rows"][0][1] += 1.0
    return s


def each_of_the_held(a):
    s = 0.0
    for items in (HELD["in"], COUNT):
        s = s + COUNT[0] * a[1] ** 2
        items[0] += 1
    return s


def stored_under_another_name(x):
    HELD["in"][0] = x * x
    return fetched() * x


def stored_through_a_view(x):
    FIRST[0] = x * x
    return np.sum(TABLE) * x


def stored_by_a_local_name(x):
    items = HELD["in"]
    items[0] = x * x
    return COUNT[0] * x


def fetched():
    return COUNT[0]


def fetched_by_the_box():
    return BOX.log[0]


def level():
    return BOX.level


def put_first(items, v):
    items[0] = v
    return 1.0


def raise_level(box, v):
    box.level = v
    return 1.0


def stored_by_a_local_name_and_fetched(x):
    items = COUNT
    items[0] = x * x
    return fetched() * x


def stored_in_a_list_of_an_object(x):
    box = BOX
    box.log[0] = x * x
    return fetched() * x


def stored_in_an_object(x):
    box = BOX
    box.level = x * x
    return level() * x


def stored_by_a_call_in_an_object(x):
    return raise_level(BOX, x * x) * level()


def stored_by_a_call_in_a_list_of_an_object(x):
    return put_first(BOX.log, x * x) * fetched_by_the_box()


def stored_by_a_local_name_and_not_read(x):
    rows = TABLE
    rows[0] = x * x
    return np.sum(rows) * x


def weighted(weights, v):
    return weights[0] + v * (weights[1] + v * weights[2])


def table_read_by_calls(x):
    return weighted(TABLE, weighted(TABLE, x) * x) * weighted(COUNT * 3, x)


def reset():
    COUNT[:] = [1]
    TABLE[:] = [0.5, 1.5, 2.5]
    BOX.level = 1.0


@pytest.mark.parametrize("f", [
    index_beside_a_held_list, branch_beside_a_held_list, branch_on_a_list_that_grows_elsewhere, branch_on_a_held_list,
    branch_on_a_list_of_a_tuple, branch_beside_a_list_of_an_object, branch_on_a_list_of_an_object, held_list_extended,
    array_beside_a_view, view_beside_its_array, array_held_twice, each_of_the_held], ids=lambda f: f.__name__)
def test_a_change_counts_under_every_name(f):
    a = np.array([1.0, 2.0, 3.0])
    expected = []
    for unit in np.eye(3):
        values = []
        for step in (1e-6, -1e-6):
            reset()
            values.append(f(a + step * unit))
        expected.append((values[0] - values[1]) / 2e-6)
    left = list(COUNT), TABLE.tolist()
    reset()
    assert ad.grad(f)(a) == pytest.approx(expected, rel=1e-7, abs=1e-7)
    assert left == (list(COUNT), TABLE.tolist())
    reset()
    assert ad.vjp(f, a)[1](1.0)[0] == pytest.approx(expected, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("f", [stored_under_another_name, stored_through_a_view, stored_by_a_local_name,
                               stored_by_a_local_name_and_fetched, stored_in_a_list_of_an_object, stored_in_an_object,
                               stored_by_a_call_in_an_object, stored_by_a_call_in_a_list_of_an_object])
def test_a_derivative_that_comes_back_under_another_name_is_refused(f):
    reset()
    with pytest.raises(ad.AutodiffError, match="its derivative is lost|may share memory that is written here"):
        ad.grad(f)(1.5)


@pytest.mark.parametrize("f", [stored_by_a_local_name_and_not_read, table_read_by_calls])
def test_what_a_called_function_only_reads_is_not_stored_into(f):
    values = []
    for step in (1e-6, -1e-6):
        reset()
        values.append(f(1.5 + step))
    reset()
    assert ad.grad(f)(1.5) == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-7)
