"""Two names for one array: aliases, views, swapped buffers, rows, arrays in containers."""
import numpy as np
from language_case import case, some, vector


def alias_written(a):
    y = a * 1.0
    z = y
    y += a
    return np.sum(z)


def alias_read_after_write(a):
    b = a * a
    c = b
    c[0] = 3.0 * a[1]
    return np.sum(b * a)


def alias_in_one_branch(a, n):
    b = a * 2.0
    c = b if n > 0 else a * 3.0
    c[0] = a[1] * a[2]
    return np.sum(b * c)


def alias_of_argument(a):
    b = a
    b[0] = b[1] * b[1]
    return np.sum(a * a)


def rebound_is_no_alias(a):
    b = a.copy()
    c = b
    b = b * 2.0
    c[0] = 7.0
    return np.sum(b * c)


def same_adjoint_for_two_names(a):
    b = a * a
    c = b
    d = c + b
    d[0] *= 2.0
    return np.sum(d * b + c)


def view_written(a):
    b = a * 1.0
    v = b[1:]
    v *= b[:-1]
    return np.sum(b * b)


def view_of_view(a):
    b = a.copy()
    v = b[1:]
    w = v[::-1]
    w[0] = a[0] * a[1]
    v += 1.0
    return np.sum(b**2)


def view_read_after_base_written(a):
    b = a.copy()
    v = b[1:3]
    b *= a
    return np.sum(v * v)


def view_made_before_loop(a, n):
    b = a.copy()
    left, right = b[:-1], b[1:]
    for _ in range(n):
        right += 0.3 * np.sin(left)
    return np.sum(b * b)


def view_in_the_loop_with_exit(a, n):
    b = a.copy()
    for i in range(n):
        v = b[i:]
        v *= 1.0 + b[i]
        if v[0] > 2.0:
            break
        v[0] += a[i]
    return np.sum(b * a)


def row_view_written(m):
    w = m.copy()
    for i in range(len(w)):
        row = w[i]
        row *= row[0]
    return np.sum(w)


def rows_written_while_iterated(m):
    w = m * 1.0
    for row in w:
        row += row[0] * m[0]
    return np.sum(w * w)


def elements_written_while_iterated(a):
    b = a.copy()
    s = 0.0
    for i, v in enumerate(b):
        s += v * v
        b[-1] = s
    return s * b[-1]


def transpose_written(m):
    w = m.copy()
    t = w.T
    t[0] *= 2.0
    t += m
    return np.sum(w * w)


def reshaped_written(m):
    w = m.copy()
    flat = w.reshape(-1)
    flat[1:] += flat[:-1]
    return np.sum(w**2)


def ravel_of_argument_written(m):
    flat = m.ravel()
    flat *= flat
    return np.sum(m)


def asarray_shares(a):
    b = np.asarray(a)
    b[0] = a[1] * 2.0
    return np.sum(a * a)


def swapped_buffers(a, n):
    old, new = a.copy(), np.zeros_like(a)
    for _ in range(n):
        new[:] = np.sin(old) + old * old
        old, new = new, old
    return np.sum(old) + np.sum(new * a)


def three_buffers(a, n):
    p, q, r = a.copy(), a * 0.5, np.zeros_like(a)
    for _ in range(n):
        r[:] = 1.9 * q - p + 0.1 * q * q
        p, q, r = q, r, p
    return np.sum(q * q)


def buffer_kept_across_iterations(a, n):
    kept = a * 1.0
    for i in range(n):
        b = a * (i + 1.0)
        if i == 1:
            kept = b
        b *= a
    return np.sum(kept * kept)


def alias_of_previous_iteration(a, n):
    last = a.copy()
    total = 0.0
    for _ in range(n):
        b = last
        b = b * a
        last[0] = 2.0 * a[1]
        total = total + np.sum(last)
        last = b
    return total + np.sum(last)


def arrays_in_list(a):
    rows = [a * 1.0, a * a]
    first = rows[0]
    first *= 3.0
    rows[1][0] = a[1]
    return np.sum(rows[0] * rows[1])


def same_array_twice_in_list(a):
    b = a * a
    rows = [b, b]
    rows[0][0] = a[1]
    return np.sum(rows[1] * rows[0])


def array_in_dict(a):
    state = {"u": a * 1.0, "v": a * 2.0}
    u = state["u"]
    u += state["v"]
    return np.sum(state["u"] * state["v"])


def list_is_shared(x):
    first = [x, x * x]
    second = first
    second[0] = first[1] * x
    second.append(x)
    return first[0] * first[2]


def loop_variable_view_kept(m):
    last = m[0]
    for row in m:
        last = row
    last[0] = m[0, 1] ** 2
    return np.sum(m * m)


def helper_returns_its_argument(a):
    def same(b):
        return b

    c = same(a)
    c[0] = c[1] * c[2]
    return np.sum(a * a)


def helper_returns_view(a):
    def tail(b):
        return b[1:]

    b = a.copy()
    tail(b)[0] = a[0] ** 2
    t = tail(b)
    t *= a[0]
    return np.sum(b)


def scalar_read_is_no_view(a):
    b = a.copy()
    s = b[0]
    b[0] = 10.0 * b[1]
    return s * b[0]


def fancy_index_copies(a):
    b = a.copy()
    c = b[[0, 1]]
    c *= 5.0
    b[0] = a[2] ** 2
    return np.sum(b) + np.sum(c)


def result_of_where_is_fresh(a):
    b = np.where(a > 0.0, a, 0.5 * a)
    c = b
    b[1] = a[0] * a[0]
    return np.sum(c * a)


def augmented_rebinding_through_names(a):
    b = a * 1.0
    c = b
    b = b + a
    b += a
    c -= a * a
    return np.sum(b * c)


def results_that_are_written_in_the_next_trip(x, a, n):
    for _ in range(3):
        a[n] = x * a[0]
        b = np.tanh(x * a)
        b, a = a, b
    a[:2] = a[1:]
    return np.sum(a * a) + a[n]


def buffers_swapped_and_reversed_at_the_end(x, a, n):
    b = a.copy()
    for _ in range(3):
        a[n] = x * b[0]
        c = np.tanh(x * b)
        c, a = a, c
    a[0:] = a[::-1]
    return np.sum(b * b) + np.sum(a * a) + a[n]


def result_kept_under_another_name(x, a):
    s = 0.0
    for k in range(3):
        b = np.exp(x * a)
        if k > 0:
            c[0] *= x  # noqa: F821
            s = s + np.sum(c * b)  # noqa: F821
        c = b
    c *= s
    return np.sum(c)


A, M = some(4), some(3, 2)
def conjugate_of_reals_written(x):
    a = np.ones(2) * x
    b = a.conj()
    b[0] = 3.0 * x
    return a[0] * a[1]


def written_in_a_branch_not_taken(a, x):
    s = x * x
    if s >= 1.0:
        w = a
        b = np.exp(np.sin(w[::1]))
        for e in b:
            b -= s
            v = w
            v += e
    return s + np.sum(a * a)


def item_scaled_by_another_name(x):
    rows = [np.zeros(3), np.zeros(3)]
    rows[0][0] += x[0]
    rows[1][1] += x[1]
    total = 0.0
    for k in range(4, -1, -1):
        a, b = rows[k % 2], rows[k % 2]
        b *= 1.5
        total += 2.0 * a[k % 3] * x[k]
    return total


def arrays_taken_from_two_stacks(x):
    rows, some_stack, other_stack = {}, [], []
    for k in range(len(x)):
        if k % 2 not in rows:
            rows[k % 2] = np.zeros(3)
        some_stack.append(rows[k % 2])
        other_stack.append(rows[k % 2])
    rows[0][0] += x[0]
    rows[1][1] += x[1]
    sums = np.zeros_like(x)
    for k in range(len(x) - 1, -1, -1):
        a, b = some_stack.pop(), other_stack.pop()
        b *= 1.5
        sums[k] += 2.0 * a[k % 3] * x[k]
    return np.sum(sums * np.arange(1.0, 6.0))


def whole_views(a):
    b = a * 1.0
    c, d = b.view(), b.view(np.ndarray)
    c[0] = b[1] * a[2]
    d.view(float)[1:] *= a[:-1]
    return np.sum(b ** 3) + np.sum(a.view() * c)


def slices_in_a_list(a, axis):
    low, high = [slice(None)] * a.ndim, [slice(None)] * a.ndim
    low[axis], high[axis] = slice(None, -1), slice(1, None)
    b = a * 1.0
    b[tuple(low)] *= a[tuple(high)]
    b[tuple(high)] = b[tuple(low)] ** 2
    return np.sum(b * a)


PROGRAMS = [
    case(item_scaled_by_another_name, some(5)), case(arrays_taken_from_two_stacks, some(5)),
    case(conjugate_of_reals_written, 1.3),
    case(results_that_are_written_in_the_next_trip, 1.467, vector(1.025, -0.944, -1.355), 1),
    case(buffers_swapped_and_reversed_at_the_end, 1.467, vector(1.025, -0.944, -1.355), 1),
    case(result_kept_under_another_name, 0.3, vector(1.025, -0.944, -1.355)),
    case(alias_written, A), case(alias_read_after_write, A), case(alias_in_one_branch, A, 1),
    case(alias_in_one_branch, A, 0), case(alias_of_argument, A), case(rebound_is_no_alias, A),
    case(same_adjoint_for_two_names, A), case(view_written, A, smooth=True), case(view_of_view, A),
    case(view_read_after_base_written, A), case(view_made_before_loop, A, 3, smooth=True),
    case(view_in_the_loop_with_exit, A, 4), case(row_view_written, M), case(rows_written_while_iterated, M),
    case(elements_written_while_iterated, A), case(transpose_written, some(3, 3)), case(reshaped_written, M),
    case(ravel_of_argument_written, M), case(asarray_shares, A), case(swapped_buffers, 0.5 * A, 3, smooth=True),
    case(swapped_buffers, A, 0), case(three_buffers, A, 4, smooth=True), case(buffer_kept_across_iterations, A, 3),
    case(alias_of_previous_iteration, A, 3), case(arrays_in_list, A), case(same_array_twice_in_list, A),
    case(array_in_dict, A), case(list_is_shared, 0.8), case(loop_variable_view_kept, M),
    case(helper_returns_its_argument, A), case(helper_returns_view, A), case(scalar_read_is_no_view, A),
    case(fancy_index_copies, A), case(result_of_where_is_fresh, A), case(augmented_rebinding_through_names, A),
    case(written_in_a_branch_not_taken, A, 0.5), case(written_in_a_branch_not_taken, A, 1.5),
    case(whole_views, A, smooth=True), case(slices_in_a_list, M, 1, smooth=True),
]
