"""Programs in which memory is shared, with respect to one argument: what is written in carries no derivative, or all does."""

import numpy as np
from language_case import case, vector


def array_in_list_written(a, x):
    l = [a]
    l[0][0] = x * 2.0
    return np.sum(a * a)


def array_in_dict_written(a, x):
    d = {"a": a}
    b = d["a"]
    b[1] = x * b[0]
    return np.sum(a * a)


def put(b, x):
    b[2] = x


def arrays_in_list_written_by_helper(a, x):
    l = [a, a * 2.0]
    for r in l:
        put(r, x)
    return np.sum(a * l[1])


def rows_scaled(a, x):
    r = a.reshape(2, 2)
    for row in r:
        row *= x
    return np.sum(a * a)


def buffers_swapped(a, x, n):
    u = a
    v = np.zeros(4)
    for i in range(n):
        v[i] = u[i] * x
        u, v = v, u
    return np.sum(a * a)


def alias_in_one_branch(a, x, n):
    b = a.copy()
    c = b
    if n > 2:
        c = a
    c[0] = x
    return a[0] * b[0] + x * 0.0


def closure_writes_argument(a, x):
    def g():
        a[1] = x * x

    g()
    return np.sum(a * a)


def transpose_written_by_out(a, x):
    b = a.T
    np.multiply(b, x, out=b)
    return np.sum(a)


def chosen_array_overwritten(a, x):
    c = a if x > 0 else a * 1.0
    c[...] = x
    d = np.asarray(a)
    return np.sum(d * d)


def halves_copied(a, x):
    rows = [a[:2], a[2:]]
    rows[1][0] = x
    rows[0][:] = rows[1]
    return np.sum(a * a)


def one_of_two_written(a, b, x):
    v = a[1:] if x > 0 else b[1:]
    v[0] = x * v[1]
    return np.sum(a * b)


A, B = vector(1.2, -0.7, 0.5, 2.0), vector(0.3, 0.9, -1.1, 0.4)
_SHARING = [
    (array_in_list_written, (A, 0.4)),
    (array_in_dict_written, (A, 0.4)),
    (arrays_in_list_written_by_helper, (A, 0.4)),
    (rows_scaled, (A, 0.4)),
    (buffers_swapped, (A, 0.4, 3)),
    (alias_in_one_branch, (A, 0.4, 3)),
    (alias_in_one_branch, (A, 0.4, 1)),
    (closure_writes_argument, (A, 0.4)),
    (transpose_written_by_out, (A, 0.4)),
    (chosen_array_overwritten, (A, 0.4)),
    (halves_copied, (A, 0.4)),
    (one_of_two_written, (A, B, 0.3)),
    (one_of_two_written, (A, B, -0.3)),
]
PROGRAMS = [
    case(f, *args, wrt=(i,)) for f, args in _SHARING for i, x in enumerate(args) if not isinstance(x, int)
]
