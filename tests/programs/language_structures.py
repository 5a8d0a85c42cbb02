"""Programs that bind a name to values of another structure, or hand it to what writes into it and give it the result."""

import numpy as np
from language_case import case, some, vector


def parameter_becomes_a_number(a, n):
    for _ in range(n):
        a = 0.92
    return np.sum(a)


def parameter_becomes_another_number(a, x, n):
    for _ in range(n):
        a = x
    return np.sum(a * a)


def parameter_becomes_another_array(a, x, n):
    for _ in range(n):
        a = np.ones(3) * x
    return np.sum(a * a)


def parameter_becomes_a_number_in_a_branch(a, x):
    if x > 0.0:
        a = x
    return np.sum(a * a)


def parameter_reduced(a, x):
    while np.sum(a) > -4.0:
        a = np.sum(a) - x
    return a * a


def longer_array_in_a_loop(a, y, n):
    s = a * a
    t = s * 2.0
    for _ in range(n):
        s = np.ones(5) * y
    return np.sum(s * s) + np.sum(t)


def longer_array_in_a_branch(a, y):
    s = a * a
    t = s * 2.0
    if y > 1.0:
        s = np.ones(5) * y
    return np.sum(s * s) + np.sum(t)


def array_that_grows(a, y, n):
    s = a * a
    t = 0.0
    for k in range(n):
        t = t + np.sum(s * y)
        s = np.ones(k + 2) * y
    return np.sum(s * s) + t


def arrays_that_grow_in_a_branch_of_a_loop(a, y, n):
    s = a * a
    t = 0.0
    for k in range(n):
        t = t + np.sum(s * y) * t
        if k % 2 == 0:
            s = np.ones(k + 2) * y
        t = t + s[0]
    return np.sum(s * s) + t


def number_or_array(x, y, n):
    s = x * x
    t = s * 2.0
    for _ in range(n):
        s = np.ones(5) * y
    return np.sum(s * s) + t


def longer_list_in_a_loop(x, y, n):
    s = [x, x * x]
    t = s[0] * s[1]
    for _ in range(n):
        s = [y, y, y]
    return sum(s) * t


def reversed_in_place(b):
    b[2], b[3] = b[3], b[2]
    return 1.0 - b * b


def result_replaces_what_was_written(a, x):
    for _ in range(2):
        a = reversed_in_place(a)
        a[0] -= x
    return np.sum(a * a)


def result_replaces_a_local_that_was_written(a, x):
    b = a * x
    while b[0] > -20.0:
        b = reversed_in_place(b) * x - 2.0
        b = reversed_in_place(b)
    return np.sum(b * b)


def closure_over_a_parameter_bound_before(x, a):
    x = a[0] * 2.0

    def at_hand(t):
        return x

    for v in a:
        a = a + v * x
    return at_hand(a[1]) - a.min()


def view_that_one_way_out_needs(x, a):
    a[0] += x
    if x < 0.9:
        v = a[:-1]
        x = 1.5 * x
        if x < 0.6:
            x -= 2.0 * x
            return np.sum((v + v) * (v + v))
    else:
        x = x * x
    if x > 2.0:
        x = x * 3.0
    a *= x
    return x + np.sum(a * a)


def bound_in_the_loop_only(a, n):
    s = 0.0
    for k in range(n):
        if k > 0:
            s = s + np.sum(v * v)  # noqa: F821
        v = a[k:] * k
    if n > 3:
        s = s * np.sum(v)
    return s + a[0]


def bound_in_a_branch_and_again_in_a_loop(a, y, n):
    s = y
    if y > 0.0:
        v = a[n:] * y
    for k in range(n):
        if y > 0.0:
            s = s + np.sum(v * v)
        v = np.ones(k + 1) * y
        s = s * v[0]
    return s + a[0]


def parameter_replaced_and_written(a):
    for _ in range(3):
        a = a * a
        a[0] *= 2.0
    return np.sum(a)


def scaled_and_summed(a, x):
    return a * a * x, np.sum(a)


def parameter_replaced_by_a_call_and_written(a, x):
    s = 0.0
    for _ in range(3):
        a, t = scaled_and_summed(a, x)
        a[0] *= x
        s = s + t
    return np.sum(a) + s


def argument_moved_to_another_name(a):
    a[0] *= 2.0
    b = a * a
    a, b = b, a
    return np.sum(b) + np.sum(a * a)


def argument_written_through_a_view_and_moved(x, a):
    b = a * 2.0
    v = a[::-1]
    v *= np.cos(x)
    a, b = b, a
    return x + np.sum(v * v) + np.sum(a * a * b)


def rolled_back_in_a_loop(a, x):
    s = 0.0
    for k in range(3):
        b = a * (k + x)
        c = np.sum(b * b * b)
        b[0] = x
        s = s + np.sum(b * b) * c
    return s


def rolled_back_through_two_views(a, x):
    s = 0.0
    for k in range(3):
        b = a * (k + x)
        for _ in range(2):
            c = np.sum(b * b * b)
            b[::-1][:2] *= x
            s = s + np.sum(b * b) * c
    return s


def captured_and_bound_anew(x, a, n):
    a = a + x
    for _ in range(3):
        a = x - a
    b = x - np.asarray(a)
    least = lambda t: (t - a).min()  # noqa: E731
    a[:, n] = a[:, n] * x
    return np.sum(a * a) + np.sum(b * b) + least(1.0)


def rolled_back_where_it_may_not_be_bound(a, y, n):
    s = 0.0
    for k in range(n):
        if k > 0:
            c = np.sum(v * v * v)  # noqa: F821
            v[0] = y  # noqa: F821
            s = s + np.sum(v * v) * c  # noqa: F821
        if k != 2:
            v = a * (k + y)  # noqa: F841
    return s + a[0]


def carried_over_a_trip_and_rolled_back(a, y, n):
    s = 0.0
    for k in range(n):
        if k > 0:
            c = np.sum(v * v * v)  # noqa: F821
            for j in range(2):
                v[j] *= y  # noqa: F821
                s = s + np.sum(v * v) * c  # noqa: F821
        if k != 2:
            v = a * (k + y)  # noqa: F841
    return s + a[0]


A = vector(1.2, -0.7, 0.5, 2.0)
PROGRAMS = [
    case(carried_over_a_trip_and_rolled_back, A, 1.3, 4),
    case(rolled_back_where_it_may_not_be_bound, A, 1.3, 1), case(rolled_back_where_it_may_not_be_bound, A, 1.3, 4),
    case(rolled_back_in_a_loop, A, 1.1), case(rolled_back_through_two_views, A, 1.1),
    case(captured_and_bound_anew, 0.7, some(3, 2), 1),
    case(argument_moved_to_another_name, A), case(argument_written_through_a_view_and_moved, 0.7, A),
    case(parameter_replaced_and_written, A), case(parameter_replaced_by_a_call_and_written, A, 1.3),
    case(parameter_becomes_a_number, A, 2), case(parameter_becomes_a_number, A, 0),
    case(parameter_becomes_another_number, A, 1.3, 2), case(parameter_becomes_another_array, A[:3], 1.3, 2),
    case(parameter_becomes_another_array, some(5), 1.3, 2), case(parameter_becomes_another_array, 0.7, 1.3, 2),
    case(parameter_becomes_a_number_in_a_branch, A, 1.2), case(parameter_becomes_a_number_in_a_branch, A, -1.2),
    case(parameter_reduced, A, 0.66), case(longer_array_in_a_loop, vector(2.0), 1.3, 2),
    case(longer_array_in_a_loop, vector(2.0), 1.3, 0), case(longer_array_in_a_branch, vector(2.0), 1.3),
    case(longer_array_in_a_branch, vector(2.0), 0.3), case(array_that_grows, vector(2.0), 1.3, 3),
    case(arrays_that_grow_in_a_branch_of_a_loop, vector(2.0), 1.3, 4), case(number_or_array, 1.1, 1.3, 2),
    case(longer_list_in_a_loop, 1.1, 1.3, 2), case(result_replaces_what_was_written, A, 1.1),
    case(result_replaces_a_local_that_was_written, A, 1.1), case(closure_over_a_parameter_bound_before, 0.7, A),
    case(view_that_one_way_out_needs, 0.3, A), case(view_that_one_way_out_needs, 1.2, A),
    case(view_that_one_way_out_needs, 1.6, A), case(bound_in_the_loop_only, A, 0), case(bound_in_the_loop_only, A, 4),
    case(bound_in_a_branch_and_again_in_a_loop, A, 1.1, 2), case(bound_in_a_branch_and_again_in_a_loop, A, -1.1, 2),
]
