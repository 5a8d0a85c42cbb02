"""Loops of every form, nested and dependent, over integers, arrays, lists and pairs."""
import math

import numpy as np
from language_case import case, some, vector


def recurrence(x, n):
    s = x
    for _ in range(n):
        s = math.sin(s) * x + s
    return s


def powers(x, n):
    s = 1.0
    for _ in range(n):
        s = s * x
    return s


def index_used(x, n):
    s = 0.0
    for i in range(n):
        s = s + x**i * i
    return s


def range_with_start_and_step(x):
    s = x
    for i in range(7, 0, -2):
        s = s * x + i
    return s


def bounds_computed_inside(x, n):
    s = x
    for i in range(n):
        m = i + 1
        for _ in range(m * 2 - i):
            s = s * 0.9 + x * x * 0.1
    return s


def nested_triangle(x, n):
    s = 0.0
    for i in range(n):
        for j in range(i):
            for k in range(j, i + 1):
                s = s * x * 0.3 + math.sin(x * (i + j - k))
    return s


def nested_loops_both_carry(x, n):
    s, t = x, 1.0
    for _ in range(n):
        for _ in range(n):
            s = s * x
        t = t + s * t
    return t


def variable_set_before_and_read_after(x, n):
    kept = x * x
    s = 0.0
    for i in range(n):
        s = s + i * x
    return kept * s


def overwritten_in_loop_and_read_after(x, n):
    last = x
    for i in range(n):
        last = math.sin(x * i)
    return last * x


def bound_changed_in_the_loop(x, n):
    s = x
    for i in range(n):
        n = n + 1
        s = s * x + 0.1 * i
    return s * n


def loop_variable_after(x, n):
    i = 0
    for i in range(n):
        x = x * 1.1
    return x * i * x


def loop_variable_reassigned(x, n):
    s = 0.0
    for i in range(n):
        i = i * 2
        s = s + x**i
    return s + i


def branch_in_loop(x, n):
    s = x
    for i in range(n):
        if i % 2 == 0:
            s = s * x
        else:
            s = s + x
    return s


def branch_on_data_in_loop(x, n):
    s = x
    for _ in range(n):
        if s > 1.0:
            s = s * 0.5
        else:
            s = s * 1.7 + x
    return s


def loop_inside_branch(x, n):
    if x > 0.0:
        for _ in range(n):
            x = x * x
    return x * 3.0


def two_loops(x, n):
    s = x
    for _ in range(n):
        s = s * x
    for _ in range(n):
        s = s + s * s * 0.1
    return s


def swap_in_loop(x, y, n):
    for _ in range(n):
        x, y = y, x * y
    return x + 2.0 * y


def temporaries_in_loop(x, n):
    s = x
    for _ in range(n):
        t = math.exp(-s)
        u = t * s
        s = u + math.sqrt(t)
    return s


def result_of_function_overwritten(x, n):
    s = x
    for _ in range(n):
        s = math.tanh(s)
        s = math.exp(s) * 0.4
    return s


def over_array(a):
    s = 0.0
    for v in a:
        s = s * 0.5 + v * v
    return s


def over_rows(m):
    s = 0.0
    for row in m:
        s = s + np.sum(row) * row[0]
    return s


def over_slice(a):
    s = 1.0
    for v in a[1:]:
        s = s + v * s
    return s


def over_list(x):
    s = 0.0
    for v in [x, x * x, 3.0]:
        s = s * x + v
    return s


def over_tuple_of_strings(x):
    s = x
    for word in ("sin", "square", "sin"):
        if word == "sin":
            s = math.sin(s)
        else:
            s = s * s
    return s


def over_zip(a, b):
    s = 0.0
    for u, v in zip(a, b):
        s = s + u * v * s + u
    return s


def over_enumerate(a):
    s = 0.0
    for i, v in enumerate(a):
        s = s + (i + 1) * v * v
    return s


def over_enumerate_of_zip(a, b):
    s = 0.0
    for i, (u, v) in enumerate(zip(a, b)):
        s = s + i * u * v
    return s


def over_reversed(a):
    s = 1.0
    for v in reversed(a):
        s = s * 0.5 + v * s
    return s


def element_after_the_loop(a):
    for v in a:
        w = v * v
    return v * w


def while_counter(x, n):
    s, k = x, 0
    while k < n:
        s = s * x + k
        k += 1
    return s


def while_on_data(x):
    s = x
    while s < 10.0:
        s = s * s + 0.5
    return s


def while_jacobian_depends_on_value(x):
    s, k = x, 0
    while k < 4:
        s = math.sin(s * s) + x * s
        k = k + 1
    return s


def newton(c):
    x, change = c, 1.0
    while abs(change) > 1e-12:
        change = (x * x - c) / (2.0 * x)
        x = x - change
    return x


def while_with_two_tests(x, n):
    k = 0
    while k < n and x < 5.0:
        x = x * 1.5
        k += 1
    return x * k


def while_never_runs(x):
    while x < 0.0:
        x = x + 1.0
    return x * x


def while_inside_for(x, n):
    s = x
    for i in range(n):
        k = i
        while k > 0:
            s = s * 0.9 + x
            k -= 2
    return s * s


def loop_over_length(a):
    s = 0.0
    for i in range(len(a)):
        s = s + a[i] * a[-i - 1]
    return s


def loop_over_shape(m):
    s = 0.0
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            s = s + m[i, j] ** 2 * (i - j)
    return s


def neighbours(a):
    s = 0.0
    for i in range(1, a.size - 1):
        s = s + (a[i + 1] - a[i]) * a[i - 1]
    return s


def horner(coefficients, x):
    s = 0.0
    for c in coefficients:
        s = s * x + c
    return s


def list_comprehension(x):
    values = [x * k for k in range(4)]
    return values[1] * values[3]


def list_comprehension_with_test(a):
    return sum([v * v for v in a if v > 0.0])


def array_from_comprehension(a):
    return np.sum(np.array([v * v for v in a]) * a)


A, B = some(4), some(5)[1:]
PROGRAMS = [
    case(recurrence, 0.7, 6, smooth=True), case(recurrence, 0.7, 0), case(powers, 1.2, 5, smooth=True),
    case(powers, 1.2, 0), case(index_used, 1.2, 5), case(range_with_start_and_step, 0.7),
    case(bounds_computed_inside, 0.7, 4), case(nested_triangle, 0.7, 4, smooth=True), case(nested_triangle, 0.7, 0),
    case(nested_loops_both_carry, 0.8, 3, smooth=True), case(variable_set_before_and_read_after, 0.8, 3),
    case(overwritten_in_loop_and_read_after, 0.8, 3), case(overwritten_in_loop_and_read_after, 0.8, 0),
    case(bound_changed_in_the_loop, 0.8, 3), case(loop_variable_after, 0.8, 3), case(loop_variable_after, 0.8, 0),
    case(loop_variable_reassigned, 0.8, 3), case(branch_in_loop, 0.8, 5), case(branch_on_data_in_loop, 0.8, 6),
    case(loop_inside_branch, 1.1, 3), case(loop_inside_branch, -1.1, 3), case(two_loops, 0.6, 3, smooth=True),
    case(swap_in_loop, 0.6, 1.3, 5, smooth=True), case(temporaries_in_loop, 0.6, 4, smooth=True),
    case(result_of_function_overwritten, 0.6, 4), case(over_array, A, smooth=True), case(over_rows, some(3, 2)),
    case(over_slice, A), case(over_list, 0.6), case(over_tuple_of_strings, 0.6), case(over_zip, A, B),
    case(over_enumerate, A), case(over_enumerate_of_zip, A, B), case(over_reversed, A),
    case(element_after_the_loop, A), case(while_counter, 0.6, 4), case(while_on_data, 1.4, smooth=True),
    case(while_jacobian_depends_on_value, 0.8, smooth=True), case(newton, 2.0), case(while_with_two_tests, 1.1, 10),
    case(while_with_two_tests, 1.1, 2), case(while_never_runs, 1.1), case(while_inside_for, 0.6, 5),
    case(loop_over_length, A), case(loop_over_shape, some(2, 3)), case(neighbours, A),
    case(horner, vector(1.0, -2.0, 0.5), 1.3, smooth=True), case(list_comprehension, 1.3),
    case(list_comprehension_with_test, A), case(array_from_comprehension, A),
]
