"""Values that are computed and, on the way taken, not used, infinite or where the function is infinitely steep."""
import numpy as np
from language_case import case, vector


def logarithm_before_an_early_return(x):
    r = np.log(x)
    if x <= 0.1:
        return x * 0.5
    return r * x


def sum_before_an_early_return(x):
    logs = np.log(x)
    total = np.sum(logs)
    if np.min(x) <= 0.1:
        return np.sum(x * x * 0.5)
    return total * x[0]


def root_before_continue(x):
    total = 0.0
    for v in x:
        root = np.sqrt(v)
        if v < 0.1:
            continue
        total += root * v
    return total


def reciprocal_before_break(x):
    total = 0.0
    for v in x:
        q = 1.0 / v
        if v < 0.1:
            break
        total += q * x[0]
    return total + x[1] ** 2


def reciprocal_for_a_loop_without_trips(x, n):
    c = 1.0 / x
    y = x[0] ** 2
    for _ in range(n):
        y = y + np.sum(c)
    return y * 2.0


def used_or_not(r, x):
    if x <= 0.1:
        return x * x * 3.0
    return r * x


def handed_to_a_function_that_does_not_use_it(x):
    return used_or_not(np.log(x), x) + x


def product_or_not(r, x):
    t = r * x
    return t if x > 0.1 else x * x


def handed_to_a_product_that_is_not_used(x):
    return product_or_not(np.log(x), x) + x


def scaled_use(r, x, k):
    return used_or_not(r, x) * k


def handed_on_by_two_functions(x):
    return scaled_use(np.log(x), x, 2.0)


def added_later(x, r, n):
    if n == 0:
        return x * x
    return added_later(x * 1.1, r, n - 1) + r


def handed_down_a_recursion(x, n):
    return added_later(x, np.sqrt(x), n)


def root_before_a_handler(x):
    root = np.sqrt(x)
    try:
        if x < 0.1:
            raise ValueError("small")
        y = root * 2.0
    except ValueError:
        y = x * x * 3.0
    return y


def root_changed_in_a_loop_and_left(x):
    root, i = np.sqrt(x), 0
    while i < x + 0.5:
        root = root * 2.0
        i += 1
    return root if x > 0.5 else x * x * 4.0


def ratio_where_all_are_fit(a, b):
    ratio = a / b
    if np.all(np.abs(b) > 0.1):
        return np.sum(ratio)
    return np.sum(a * b)


def item_of_a_pair_not_used(x):
    parts = (np.log(x), x * x)
    return parts[0] * x if x > 0.1 else parts[1]


ZERO, X = np.float64(0.0), vector(1.3, 0.0, 0.7)
PROGRAMS = [
    *(case(f, ZERO, smooth=True) for f in (
        logarithm_before_an_early_return, handed_to_a_function_that_does_not_use_it,
        handed_to_a_product_that_is_not_used, handed_on_by_two_functions,
        root_before_a_handler, root_changed_in_a_loop_and_left, item_of_a_pair_not_used)),
    *(case(f, X, smooth=True) for f in (sum_before_an_early_return, root_before_continue, reciprocal_before_break)),
    case(reciprocal_for_a_loop_without_trips, X, 0, smooth=True),
    case(handed_down_a_recursion, ZERO, 0, smooth=True),
    case(ratio_where_all_are_fit, vector(0.4, 0.2, 1.5), X, smooth=True),
]
