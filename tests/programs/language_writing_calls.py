"""Programs in which a call writes into an array."""

import numpy as np
from language_case import case, vector


def hist(a, n):
    h = np.ones(4)
    for i in range(n):
        np.add.at(h, (np.array([0, i, i]),), a[:3] * h[i])
    return np.sum(h * h)


def copies(a, b):
    c = np.empty(4)
    np.copyto(c, a * b)
    c *= c
    np.copyto(c, b, where=a > 0)
    np.copyto(a[1:], c[:-1])
    return np.sum(c * a)


def outs(a, b):
    c = np.zeros(4)
    np.multiply(a, b, out=c)
    d = np.add(c, a, out=c)
    d[0] *= 2.0
    np.exp(c, out=c)
    np.sin(a[1:], out=b[:-1])
    return np.sum(c * d * b)


def safe_divide(a, b):
    r = np.divide(a, b, out=np.zeros_like(a), where=b > 0)
    l = np.log(a, out=np.full(4, 2.0), where=a > 0)
    return np.sum(r * l)


def fills(a, x):
    b = a * 2.0
    b.fill(x)
    b[1] = a[0]
    c = a.copy()
    c.sort()
    m = np.outer(a, b)
    np.fill_diagonal(m, x * a[0])
    return np.sum(m * c) * b[0]


def scaled(a):
    b = np.ones(3)
    b[[0, 0]] *= a[:2]
    b[np.array([1, 2])] /= a[2]
    return np.sum(b * b)


def sort2(a):
    m = np.outer(a, a[::-1])
    m.sort(axis=0)
    m.T.sort()
    return np.sum(m[1] * a)


def put_into_vectors(a, x):
    b = np.zeros(4)
    np.put(b, [0, 2], [x, x * x])
    np.put(b[1:], 0, a[0])
    np.put(b, np.array([3, 3]), a[:2] * b[0])
    return np.sum(b * b) + b[3] * b[2]


def out_dot(a, b):
    m = np.outer(a, b)
    r = np.empty((4, 4))
    np.dot(m, m, out=r)
    np.matmul(r, m, out=m)
    s = np.empty(4)
    np.sum(m, axis=0, out=s)
    m.sum(axis=1, out=s[:])
    return np.sum(s * s) + r[0, 1]


def update_in_a_tuple(a):
    y = np.zeros(3)
    done = (np.add.at(y, [0, 0, 1], a[:3]), np.sum(y ** 2))
    return done[1] if done[0] is None else 0.0


def update_in_a_lambda(a):
    return (lambda y: (np.multiply(y, a, out=y), np.put_along_axis(y, np.array([1, 0]), a[:2], 0), np.sum(y * a))[-1])(a + 1.0)


def copied_in_a_test(a, b):
    y = a * 1.0
    return np.sum(y * a) if np.copyto(y, b * 2.0) is None else 0.0


def result_by_position(a, b):
    c, d, rows = a * 1.0, np.zeros((1, 4)), np.outer(a, b)
    np.multiply(a, b, c)
    rows.sum(0, None, d, True)
    np.cumsum(c, 0, None, c)
    np.add.reduce(rows, 1, None, b)
    return np.sum(c * d[0] * b)


def constants_by_position(a, b):
    c, d, e = a * b, a * 1.0, b * a
    np.floor(np.array([1.2, 2.5, -0.3, 0.7]), c[:])
    done = np.dot(np.ones(4), np.eye(4), d)
    rounded = np.array([1.2, 2.5, -0.3, 0.7]).round(0, e)
    return np.sum(a * c) + np.sum(d * b) + done[0] * a[1] + rounded[1] * e[2] * a[0]


def mask_by_position(a):
    m = np.zeros(4, bool)
    np.greater(a, 0.0, m)
    y = a * a * m
    np.less(a, 1.0, out=m)
    return np.sum(y) + np.sum(a ** 3 * m)


def whole_numbers_by_position(a):
    k = np.zeros(4, int)
    np.subtract([3, 3, 3, 3], [0, 1, 2, 3], k)
    y = a[k] * a
    np.add(k, [-3, 0, 0, 0], k)
    return np.sum(y * a[k])


def no_result_given(a):
    return np.sum(np.add(a, a, None) * np.sum(np.outer(a, a), 0, None, None))


def results_that_are_none(a):
    y, items = a * 2.0, [a[0], a[1]]
    first, second = y.put([0, 3], a[1:3]), y.sort()
    third = items.append(a[2])
    [items.insert(0, v * v) for v in y]
    more = (y.fill(a[1]) or 2.0) if items.append(y[0]) is None else 1.0
    return sum(items) * items[0] * items[-1] * more + np.sum(y) + (1.0 if first is second is third else a[2])


def put_and_ordered(a, b):
    y = a * b
    y.put([1, 0], b[:2] * a[2])
    y.put([2], [a[3] * a[2]])
    y.partition(1)
    return y[0] * a[1] + y[1] * y[3]


def replaced_in_place(a, b):
    y, z, w = np.log(a), np.sqrt(b), a / (b - b[0])
    np.nan_to_num(y, copy=False)
    r = np.nan_to_num(z, False, nan=0.5)
    w = np.nan_to_num(w, copy=False, posinf=2.0)
    return np.sum(y * z * r) + np.sum(w * w)


A, B = vector(1.2, -0.7, 0.5, 2.0), vector(0.3, 0.9, -1.1, 0.4)
PROGRAMS = [
    case(hist, A, 3),
    case(copies, A, B),
    case(outs, A, B),
    case(safe_divide, A, B),
    case(fills, A, 0.7),
    case(scaled, A),
    case(sort2, A),
    case(out_dot, A, B),
    case(put_into_vectors, A, 0.7),
    case(update_in_a_tuple, A),
    case(update_in_a_lambda, A),
    case(copied_in_a_test, A, B),
    case(result_by_position, A, B),
    case(constants_by_position, A, B),
    case(mask_by_position, A),
    case(whole_numbers_by_position, A),
    case(no_result_given, A),
    case(results_that_are_none, A),
    case(put_and_ordered, A, B),
    case(replaced_in_place, A, B),
]
