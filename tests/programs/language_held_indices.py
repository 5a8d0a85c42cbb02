"""Writes at places that the written memory itself tells: the place counts as it was before the write."""

import math

import numpy as np
from language_case import case, some, vector


def negative_cut(a):
    b = a * 2.0
    b[b < 0] = 0.0
    return np.sum(b * a)


def negative_scaled(a, x):
    b = a / x
    b[b < 0] *= 2.0
    return np.sum(b * a)


def negative_turned(a, x):
    a[a < 0] = x * a[a < 0] ** 2
    return np.sum(a * a)


def places_of_where(a, x):
    b = a * x
    b[np.where(b < 0)] *= -x
    return np.sum(b * a)


def largest_scaled(a, x):
    b = a * x
    b[np.argmax(b)] *= -x
    return np.sum(b * b)


def two_bounds(a, x):
    b = a * x
    b[(b > -0.5) & (b < 1.0)] += x
    return np.sum(b * b * a)


def rows_by_column(m, x):
    m[m[:, 0] < 0.5] *= x
    return np.sum(m * m)


def part_of_masked(m, x):
    m[m[:, 0] > 0.5, 1:] *= x
    return np.sum(m * m)


def masks_in_a_loop(a, x):
    for k in range(3):
        a[a > 0] *= x
        a[a < 0] += k * x
        a[0] -= 1.0
    return np.sum(a * a)


def mask_with_exit(a, x):
    for k in range(4):
        a[a < k - 1.0] += x
        if np.sum(a) > 1.5:
            return np.sum(a) * x
    return a[0] * x


def view_that_moves(a, x):
    k = a * x
    t = k[int(k[0]):]
    k[0] = 3.0
    t *= x
    return np.sum(k * a)


def reshape_that_moves(a, x):
    k = a * x
    t = k.reshape(int(k[3]), -1)
    k[3] = 3.0 * x
    t[0] *= x
    return np.sum(k * a)


def item_that_moves(a, x):
    k = a * x
    items = [k, a * 2.0]
    t = items[int(k[0])]
    k[0] = 5.0 * x
    t[0] *= x
    return np.sum(k * a)


def place_of_the_shape(a, x):
    b = a * x
    b[len(b) - 1] *= x
    b[: b.shape[0] - 2] += x
    return np.sum(b * a)


def place_in_a_helper(b, x):
    b[b < x] = x * x


def masked_by_helper(a, x):
    b = a * 2.0
    place_in_a_helper(b, x)
    b[b > 1.1] *= a[0]
    return np.sum(b * a)


def element_tells_place(a, x):
    b = a * x
    b[int(b[0])] = x * b[1]
    b[int(b[0]) + 1] *= x
    return np.sum(b * a)


def tail_of(a):
    return a[1:]


def real_power_beside_an_inlined_call(a, x):
    t = tail_of(a)
    t[0] = x**0.5
    return np.sum(a * a) * x**1.5


def real_power_before_an_inlined_call(a, x):
    y = x**1.5
    t = tail_of(a)
    t[1] = y * t[0]
    return np.sum(a * a)


def finally_that_changes_nothing_read(a, x):
    s = 0.0
    for v in a:
        try:
            r = math.log(v * x)
        except ValueError:
            r = v * x
            continue
        finally:
            k = 1
        s += r * r * k
    return s * a[0]


A = vector(1.2, -0.7, 0.5, 2.0)
M = some(3, 3)
def number_masked(x):
    angle = np.array(x * 1.5)
    angle[angle < 1.0] += 6.0
    angle[np.isnan(angle)] = 0.0
    angle[angle > 5.0] *= x
    return np.sum(angle * angle)


def number_masked_twice(x):
    angle = np.array(x * 1.5)
    angle[angle < 1.0] = x
    angle[angle > 5.0] *= 2.0
    return np.sum(angle * angle * 3.0)


class Counter:
    k = 0


COUNTER, PLACES = Counter(), {"k": 1, "s": slice(0, 2)}


def row_at_an_attribute(a, x):
    a[COUNTER.k] = x * a[1]
    return np.sum(a * a)


def rows_at_items_in_a_loop(a, x):
    b = a * x
    for _ in range(2):
        old = b[PLACES["k"]]
        b[PLACES["k"]] = b[0] * x
        b[PLACES["s"]] = b[PLACES["s"]] * x + old
    return np.sum(b * b)


PROGRAMS = [
    case(row_at_an_attribute, M, 0.8, smooth=True), case(rows_at_items_in_a_loop, M, 0.8, smooth=True),
    case(number_masked, 0.3), case(number_masked, 0.9), case(number_masked_twice, 0.3), case(number_masked_twice, 9.0),
    case(negative_cut, A), case(negative_scaled, A, 0.8), case(negative_turned, A, 0.8, smooth=True),
    case(places_of_where, A, 0.8, smooth=True), case(largest_scaled, A, 0.8, smooth=True),
    case(two_bounds, A, 0.8, smooth=True), case(rows_by_column, M, 0.8), case(part_of_masked, M, 0.8),
    case(masks_in_a_loop, A, 1.1), case(mask_with_exit, A, 0.6), case(view_that_moves, A, 0.9),
    case(reshape_that_moves, A, 1.05), case(item_that_moves, A, 1.05),
    case(place_of_the_shape, A, 0.8, smooth=True), case(masked_by_helper, A, 0.8), case(element_tells_place, A, 1.4),
    case(real_power_beside_an_inlined_call, A, 0.8, smooth=True),
    case(real_power_before_an_inlined_call, A, 0.8, smooth=True), case(finally_that_changes_nothing_read, A, 0.8),
]
