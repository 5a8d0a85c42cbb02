"""Elements that are computed and passed over, infinite or nan, or where the function is infinitely steep."""
import numpy as np
from language_case import case, vector


def root_of_positive(x):
    return np.sum(np.where(x > 0.1, np.sqrt(x), 0.0) * x)


def quotient_where_not_zero(a, b):
    return np.sum(np.where(np.abs(b) > 0.1, a / b, 0.0) * a)


def power_of_positive(x):
    return np.sum(np.where(x > 0.1, x ** 0.3, 0.1 * x))


def power_with_exponents(a, b):
    return np.sum(np.where(b > 0.1, b ** a, a * b))


def chain_under_where(a, b):
    return np.sum(np.where(b > 0.1, a * np.sqrt(b) + np.log(b) * a, a))


def branches_by_select(x):
    return np.sum(np.select([x > 0.1, x < -0.1], [np.log(x), np.sqrt(-x)], x))


def logarithm_over_argument(x):
    return np.log(x) / x


def helper_under_where(x):
    return np.sum(np.where(x > 0.1, logarithm_over_argument(x), x * 2.0))


def scaled(u, v):
    return u * v


def factor_of_a_helper_under_where(x):
    return np.sum(np.where(x > 0.1, scaled(np.log(x), x + 1.0), x))


def overflow_under_where(x):
    return np.sum(np.where(x < 1.0, x * np.exp(np.minimum(x, 0.5)), x) + np.where(x > 2.0, x, x * np.exp(500.0 * x) * 0.0))


def two_sided_sigmoid(x):
    e = np.exp(1000.0 * x)
    return np.sum(np.where(x >= 0.0, 1.0 / (1.0 + np.exp(-1000.0 * x)), e / (1.0 + e)) * x)


def ratio_without_nan(a, b):
    return np.sum(np.nan_to_num(a / b, nan=0.0, posinf=0.0, neginf=0.0) * a)


def sum_without_nan(a):
    return np.nansum(a * np.log(a))


def clipped_logarithm(x):
    return np.sum(np.clip(np.log(np.maximum(x, 0.0)), -5.0, 5.0))


def quotient_at_most(a, b):
    return np.sum(np.minimum((a + 0.5) / np.abs(b), 7.0))


def smallest_reciprocal(x):
    return np.min(np.abs(1.0 / x)) * x[0]


def infinities_replaced(a, b):
    ratio = a / b
    ratio[~np.isfinite(ratio)] = 1.0
    return np.sum(ratio ** 2)


def logarithm_replaced(x):
    y = np.log(x)
    y[x <= 0.1] = 0.0
    return np.sum(y * x)


def summed_in_place(x):
    y = np.zeros_like(x)
    y += np.log(x)
    y[1:] += np.sqrt(x[1:])
    return np.sum(np.where(x > 0.1, y, 0.0) * x)


def elements_compared(x):
    total = 0.0
    for k in range(3):
        total += max(np.log(np.abs(x[k])), -3.0) * x[0] + min(x[3] / np.abs(x[k]), 9.0)
    return total


def divided_in_place(a, b):
    c = a.copy()
    c /= b
    c[np.abs(b) < 0.1] = 0.0
    return np.sum(c * a)


def divided_under_a_mask(a, b):
    return np.sum(np.divide(a, b, out=np.zeros_like(a), where=np.abs(b) > 0.1))


def picked_by_a_mask(x):
    return np.sum(np.log(x)[x > 0.1] ** 2)


def picked_in_a_branch(x):
    roots, total = np.sqrt(x), 0.0
    for i in range(len(x)):
        if x[i] > 0.1:
            total += roots[i] * x[i]
    return total


def element_by_element(x):
    total = 0.0
    for v in x:
        total += np.where(v > 0.1, np.log(v), 0.0) * v
    return total


def largest_of_two(x):
    total = 0.0
    for v in x:
        total += max(np.log(np.abs(v)), -3.0) * x[0]
    return total


def sums_of_rows(x):
    rows = np.sum(np.outer(x, x) / x[:, None], axis=1)
    return np.sum(np.where(np.abs(x) > 0.1, rows, 0.0))


def sinc_by_hand(x):
    return np.sum(np.where(np.abs(x) < 0.01, 1.0, np.sin(x) / x) * x)


def pieces(x):
    return np.sum(np.piecewise(x, [x > 0.1], [lambda v: np.log(v), lambda v: v * 2.0]))


X, Y = vector(1.3, 0.0, -0.7, 2.2), vector(0.4, 0.0, 1.5, -0.3)
PROGRAMS = [
    *(case(f, X, smooth=True) for f in (
        root_of_positive, power_of_positive, branches_by_select, helper_under_where, factor_of_a_helper_under_where,
        overflow_under_where, clipped_logarithm,
        smallest_reciprocal, logarithm_replaced, picked_by_a_mask, picked_in_a_branch, element_by_element, sums_of_rows,
        sinc_by_hand, pieces, summed_in_place, elements_compared)),
    *(case(f, X, Y, smooth=True) for f in (
        quotient_where_not_zero, power_with_exponents, chain_under_where, quotient_at_most, divided_in_place,
        divided_under_a_mask)),
    *(case(f, X, Y, wrt=(0,), smooth=True) for f in (ratio_without_nan, infinities_replaced)),
    *(case(f, X[[0, 2, 3]], smooth=True) for f in (two_sided_sigmoid, sum_without_nan)),
    case(largest_of_two, vector(1.3, 0.0, 0.7, 2.2), smooth=True),
]
