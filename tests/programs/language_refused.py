"""Programs that are refused: (function, arguments, words of the reason)."""
import copy
import operator

import language_array_lists
import language_bound_methods
import language_derivatives
import language_grouped
import language_nested_containers
import language_object_records
import language_records
import language_refused_tries
import language_refused_writes
import numpy as np


class Model:
    """Something with an attribute and a method."""

    def __init__(self, w):
        self.w = w

    def predict(self, x):
        return self.w * x


def generator(x):
    yield x
    yield x * x


def generator_delegates(x):
    yield from [x, x * x]


def defines_class(x):
    class Local:
        scale = 2.0
    return x * Local.scale


def grid_up_to_a_value(x):
    return np.sum(np.mgrid[0:x:3j] ** 2)


def joined_items_of_a_tuple(x):
    parts = (x * np.ones(2), np.arange(2.0))
    return np.r_[parts][0] * 2.0


def joined_as_a_text_says(x):
    return np.sum(np.r_["0,2", [x], [2.0]])


def greater_list_written(x):
    rows = [[x, 1.0], [0.3, x]]
    best = max(rows)
    best[1] = x * x
    return rows[0][1] * rows[1][1]


def item_by_a_function_written(x):
    rows = [[x, 1.0], [0.3, x]]
    row = operator.getitem(rows, 1)
    row[1] = x * x
    return rows[0][0] * rows[1][1]


def turned_view_written(x):
    a = np.ones((2, 2)) * x
    b = np.rot90(a)
    b[0, 0] = x ** 3
    return a.sum() * a[0, 1]


def view_by_einsum_written(x):
    a = np.ones((2, 2)) * x
    b = np.einsum("ij->ji", a)
    b[0, 1] = x ** 3
    return a.sum() * a[1, 0]


def counting():
    n = 1.0

    def count(x):
        nonlocal n
        n = n * x
        return n

    def counted(x):
        def twice():
            nonlocal n
            n = n * x

        twice()
        return n * x

    return count, counted


rebinds_a_cell, holds_what_rebinds_a_cell = counting()


def rebound_before_it_is_bound(x):
    def start():
        nonlocal s
        s = x

    start()
    s = s * x  # noqa: F821
    return s


def deleted_and_rebound(x):
    s = x

    def change():
        nonlocal s
        s = s * x

    change()
    y = s * x
    del s
    return y


def calls_itself_and_rebinds(x):
    total = 0.0

    def visit(k):
        nonlocal total
        total = total * x + k
        if k > 0:
            visit(k - 1)

    visit(3)
    return total


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __mul__(self, k):
        return Point(self.x * k, self.y * k)


def object_printed(x):
    p = Point(x, 1.0)
    print(p)
    return p.x * x


def object_copied(x):
    p = Point(x, 1.0)
    q = copy.copy(p)
    q.x = q.x * 2.0
    return p.x * q.x


def object_without_the_attribute(x):
    p = Point(x, 1.0)
    try:
        return p.z
    except AttributeError:
        return p.x


def object_of_a_recursion(x):
    def scaled(p, n):
        return p if n == 0 else scaled(p * x, n - 1)

    return scaled(Point(x, 1.0), 3).x


def object_returned(x):
    return Point(x, x)


def set_comprehension(x):
    return sum({x * k for k in (1, 2)})


def list_and_array_added(x):
    items = [2.0, x]
    items += np.array([x, 3.0])
    return sum(items)


def read_after_del(x):
    y = x * x
    if x > 0.0:
        del y
    return y * x


def generator_kept(x):
    items = (x * k for k in (1, 2))
    return sum(items)


def read_before_walrus(x):
    y = x
    return y + (y := x * x)


def sum_of_a_set(x):
    return sum({x, x * x})


def sum_of_a_frozenset(x):
    return sum(frozenset([x, x * x]))


def edges_from_the_data(x):
    return np.histogram(np.array([1.0, 2.0, 3.0]) * x)[1][0]


def place_without_values(x):
    a = np.array([1.0, 2.0, 3.0]) * x
    np.place(a, a > 5.0, [])
    return np.sum(a)


async def coroutine(x):
    return x * x


def dicts_zipped(x):
    return sum(a * b for a, b in zip(*[{0: x}, {0: 2.0}]))


def dict_and_rows_zipped(x):
    return sum(a * b for a, b in zip([x, x], *[[x, 2.0]]))


def constant_scaled(x, kept):
    from math import pi
    pi = pi * x
    kept.append(pi)
    return pi


def import_bound_anew_where_it_is_written_out(x):
    kept = []
    return constant_scaled(x, kept) * kept[0]


def capture_not_bound(full, x):
    if full:
        found = {}

    def inner(v, n):
        if v > 1.0:
            found["v"] = v
        return v * x if n == 0 else inner(v * x, n - 1)

    return inner(2.0 * x, 2)


def flat_of_a_turned_array(x):
    total = 0.0
    for v in (np.array([[x, 2.0], [x * x, 1.0]]).T).flat:
        total = total * 0.5 + v
    return total


def part_of_flat(x):
    part = (np.array([x, 2.0, x * x]) * x).flat[:2]
    return part[0] * part[1]


REFUSED = [
    (grid_up_to_a_value, (2.5,), "an index that carries a derivative"),
    (flat_of_a_turned_array, (1.3,), "not contiguous"), (part_of_flat, (1.3,), "'flat'"),
    (joined_as_a_text_says, (1.3,), "joins in another way"),
    (joined_items_of_a_tuple, (1.3,), "an index that carries a derivative"),
    *language_derivatives.REFUSED, *language_refused_tries.REFUSED, *language_nested_containers.REFUSED,
    *language_records.REFUSED, *language_object_records.REFUSED, *language_bound_methods.REFUSED,
    *language_array_lists.REFUSED, *language_grouped.REFUSED, *language_refused_writes.REFUSED,
    *language_refused_writes.COPIES,
    (generator, (1.0,), "generator"), (generator_delegates, (1.0,), "generator"), (defines_class, (1.0,), "class"),
    (rebinds_a_cell, (1.0,), "nonlocal"), (holds_what_rebinds_a_cell, (1.0,), "nonlocal"),
    (rebound_before_it_is_bound, (1.0,), "may not be bound"), (deleted_and_rebound, (1.0,), "other than by an assignment"),
    (calls_itself_and_rebinds, (1.0,), "calls itself"), (greater_list_written, (1.3,), "share memory"),
    (item_by_a_function_written, (1.3,), "share memory"), (turned_view_written, (1.3,), "share memory"),
    (view_by_einsum_written, (1.3,), "share memory"), (object_printed, (1.3,), "attribute 'x'"),
    (object_copied, (1.3,), "object"), (object_without_the_attribute, (1.3,), "attribute 'z'"),
    (object_of_a_recursion, (1.3,), "object|attribute|rule"), (object_returned, (1.3,), "rule"),
    (set_comprehension, (1.0,), "add"),
    (read_after_del, (1.0,), "after `del y`"), (generator_kept, (1.0,), "not consumed at once"),
    (read_before_walrus, (1.0,), "read before"), (sum_of_a_set, (1.0,), "set"), (sum_of_a_frozenset, (1.0,), "frozenset"),
    (list_and_array_added, (1.0,), "extended"),
    (dicts_zipped, (1.3,), "`zip` of the items of a dict"), (dict_and_rows_zipped, (1.3,), "follows `\\*`"),
    (import_bound_anew_where_it_is_written_out, (1.3,), "'pi' is bound by an import"),
    (capture_not_bound, (False, 1.3), "'found' may be read where it is not bound"),
    (edges_from_the_data, (1.5,), "edges that follow"),
    (place_without_values, (1.5,), "without values"),
    (coroutine, (1.0,), "coroutine"),
]

# Bad uses of a transform: (function, arguments, wrt, words of the reason).
MISUSED = [
    (lambda x: x * x, (3,), 0, "float"), (lambda x: np.array([x, x]), (1.0,), 0, "scalar|vjp|jacobian"),
    (lambda x: x * x, (1.0,), 3, "wrt"), (abs, (1.0,), 0, ""), (Model, (1.0,), 0, ""), (np.frombuffer, (1.0,), 0, ""),
]
