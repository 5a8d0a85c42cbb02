"""Calls of user functions: forms of arguments, depth, recursion, effects; globals and defaults."""
import math

import numpy as np
from language_case import case, some

SCALE = 1.5
WEIGHTS = np.array([0.5, -1.0, 2.0, 0.3])
CALLS = []


def square(x):
    return x * x


def scaled(x, factor=2.0, *, shift=0.0):
    return x * factor + shift


def polar(r, angle):
    return r * math.cos(angle), r * math.sin(angle)


def clipped(x, low, high):
    if x < low:
        return low
    if x > high:
        return high
    return x


def fill(b, x):
    for i in range(len(b)):
        b[i] = b[i] * x + i


def normalised(a):
    return a / np.sqrt(np.sum(a * a))


def nothing(x):
    x = x * 2.0


def total(*values, start=0.0):
    s = start
    for v in values:
        s = s + v * v
    return s


def forwarded(*args, **kwargs):
    return scaled(*args, **kwargs)


def factorial_like(x, n):
    if n <= 0:
        return 1.0
    return x * n * factorial_like(x, n - 1)


def fibonacci(x, n):
    if n < 2:
        return x
    return fibonacci(x, n - 1) + 0.5 * fibonacci(x * x, n - 2)


def is_even(x, n):
    return x if n == 0 else is_odd(x * 1.5, n - 1)


def is_odd(x, n):
    return x * x if n == 0 else is_even(math.sin(x), n - 1)


def tree_sum(a, low, high):
    if high - low == 1:
        return a[low] ** 2
    middle = (low + high) // 2
    return tree_sum(a, low, middle) * 0.5 + tree_sum(a, middle, high)


def noted(x):
    CALLS.append(1)
    return x * len("note")


def calls_once(x):
    return square(x) * x


def calls_deep(x):
    return square(square(x) + scaled(square(x)))


def positional_keyword_default(x, y):
    return scaled(x) + scaled(x, y) * scaled(x, factor=y) + scaled(factor=x, x=y, shift=x)


def tuple_result(r, angle):
    u, v = polar(r, angle)
    return u * u + 3.0 * v


def tuple_result_indexed(r, angle):
    point = polar(r, angle)
    return point[0] * point[1] + polar(angle, r)[1]


def one_result_unused(r, angle):
    u, _ = polar(r, angle)
    return u


def early_returns_inside(x):
    return clipped(x, -1.0, 1.0) * clipped(3.0 * x, -1.0, 1.0) + clipped(0.1 * x, -1.0, 1.0) * x


def call_in_loop(x, n):
    s = x
    for i in range(n):
        s = scaled(square(s), 0.5) + clipped(x * i, 0.0, 1.0)
    return s


def call_in_condition(x):
    if square(x) > 1.0 and scaled(x) < 5.0:
        return square(x) * x
    return x


def call_in_while_condition(x):
    while square(x) < 20.0:
        x = x * 1.7
    return x * x


def helper_writes_argument(a, x):
    b = a.copy()
    fill(b, x)
    fill(b, 0.5 * x)
    return np.sum(b * a)


def helper_writes_callers_array(a, x):
    fill(a, x)
    return np.sum(a * a)


def helper_writes_view(a, x):
    b = a * 1.0
    fill(b[1:], x)
    return np.sum(b * b)


def helper_of_arrays(a):
    return np.sum(normalised(a) * WEIGHTS) + normalised(a * a)[0]


def helper_returns_none(x):
    nothing(x)
    return x * x


def star_arguments(x, y):
    return total(x, y, x * y) + total(x, start=y) + total()


def star_call(x, y):
    args = (x, y)
    return total(*args) * scaled(*args)


def passed_through(x, y):
    return forwarded(x, factor=y, shift=x) + forwarded(y, x)


def recursion(x, n):
    return factorial_like(x, n) + x


def recursion_twice(x, n):
    return fibonacci(x, n)


def mutual_recursion(x, n):
    return is_even(x, n)


def recursion_over_array(a):
    return tree_sum(a, 0, len(a))


def same_helper_float_and_array(x, a):
    return square(x) + np.sum(square(a)) + np.sum(scaled(a, x))


def same_helper_int_and_float(x, n):
    return square(n) * square(x)


def module_global(x):
    return x * SCALE + np.sum(WEIGHTS * x)


def global_written_by_helper(x):
    CALLS.clear()
    return noted(x) * noted(x) * len(CALLS)


def shadowed_builtin(x):
    sum = x * x
    return sum + x


def argument_evaluated_once(x):
    CALLS.clear()
    s = square(noted(x))
    return s * len(CALLS)


def order_of_effects(a):
    b = a.copy()

    def bump(k):
        b[0] = b[0] * 2.0 + k
        return b[0]

    return bump(1.0) * 3.0 + bump(2.0) * b[0]


def nested_call_results_overwritten(x):
    s = square(x)
    s = square(s)
    s = scaled(s, s)
    return s


def whole_number_of(x):
    return sum([k for k in range(3) if x < 10.0])


def whole_number_on_one_path(x, n):
    s = whole_number_of(x) if n else x * 2.0
    try:
        t = whole_number_of(x * s)
    except KeyError:
        t = x
    return s * x + t * x


def number_bound_to_another_type(x, n):
    if n > -1:
        x = sum([x * k for k in range(n)])
    return x


A = some(4)
def nested_displays_for_a_nested_function(x):
    f = lambda t: t[0] * t[1][0] + t[1][1]  # noqa: E731
    return f([x, [x * x, x]]) + f((x * x, (x, 2.0 * x)))


def nested_displays_for_stars(x):
    def g(*a, **k):
        return a[0] * a[1][0] + k["b"][1]["c"]

    return g(x, [x * x, x], b=[x, {"c": x * x}])


class Combining:
    def combine(self, t, u=(1.0, (2.0,))):
        return t[0] * t[1][0] + t[1][1] * u[1][0]


def nested_displays_for_a_method(x, o):
    return o.combine([x, [x * x, x]], (x, (x * x * x,)))


def recursion_over_nested_lists(x):
    def total(t):
        return sum(total(i) for i in t) if isinstance(t, list) else t * x

    return total([x, [x * x, x, [2.0 * x]]])


PROGRAMS = [
    *(case(f, 0.7) for f in (
        nested_displays_for_a_nested_function, nested_displays_for_stars, recursion_over_nested_lists)),
    case(nested_displays_for_a_method, 0.7, Combining(), wrt=(0,)),
    case(calls_once, 0.8), case(calls_deep, 0.8, smooth=True),
    case(positional_keyword_default, 0.8, 1.3, smooth=True), case(tuple_result, 0.8, 1.3, smooth=True),
    case(tuple_result_indexed, 0.8, 1.3), case(one_result_unused, 0.8, 1.3), case(early_returns_inside, 0.6),
    case(early_returns_inside, 2.0), case(call_in_loop, 0.6, 4, smooth=True), case(call_in_condition, 1.6),
    case(call_in_condition, 0.6), case(call_in_while_condition, 0.6),
    case(helper_writes_argument, A, 0.7, smooth=True), case(helper_writes_callers_array, A, 0.7),
    case(helper_writes_view, A, 0.7), case(helper_of_arrays, A, smooth=True), case(helper_returns_none, 0.7),
    case(star_arguments, 0.7, 1.1), case(star_call, 0.7, 1.1), case(passed_through, 0.7, 1.1),
    case(recursion, 0.7, 4, smooth=True), case(recursion, 0.7, 0), case(recursion_twice, 0.7, 5, smooth=True),
    case(mutual_recursion, 0.7, 3), case(mutual_recursion, 0.7, 4), case(recursion_over_array, some(5)),
    case(same_helper_float_and_array, 0.7, A), case(same_helper_int_and_float, 0.7, 3), case(module_global, 0.7),
    case(global_written_by_helper, 0.7), case(shadowed_builtin, 0.7), case(argument_evaluated_once, 0.7),
    case(order_of_effects, A), case(nested_call_results_overwritten, 0.7, smooth=True),
    *(case(whole_number_on_one_path, 0.7, n) for n in (0, 1)), *(case(number_bound_to_another_type, 0.7, n) for n in (0, 3)),
]
