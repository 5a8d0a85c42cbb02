"""Functions of NumPy beyond arithmetic: statistics, samples, polynomials, methods of ufuncs, parts of arrays."""
import math

import numpy as np
from language_case import case, some, vector

A, B = vector(1.2, -0.7, 0.5, 2.1), vector(0.3, 0.9, -1.1, 0.4)
M = some(3, 4)


def sums_of_a_part(a, start):
    total = np.sum(a, axis=1, where=a > 0.0, initial=start)
    top = np.max(a, axis=0, initial=start)
    return np.sum(total * total) + np.prod(top, initial=start)


def standardized(a):
    for _ in range(2):
        a = (a - np.average(a, axis=0, weights=np.abs(a) + 1.0)) / np.std(a, axis=0)
    return np.sum(a[0] * a[1])


def gaps_left_out(a):
    gappy = np.where(a > 0.9, np.nan, a)
    return np.nanmean(gappy) * np.nanmax(gappy) + np.nanstd(gappy) + np.sum(np.nansum(gappy, axis=0) ** 2)


def order_statistics(a):
    middle = np.median(a, axis=1)
    low, high = np.percentile(a, [20, 75])
    return np.sum(middle * middle) * (high - low) + np.quantile(a[0], 0.3)


def correlations(a):
    c = np.cov(a)
    return c[0, 1] * np.corrcoef(a[0], a[2] * a[1])[0, 1] + np.cov(a[1], a[2])[0, 0]


def integrals(y, x):
    steps = np.cumsum(x * x)
    return np.trapezoid(y, steps) * np.trapezoid(y * y, dx=x[0])


def _slopes(f, spacing):
    down, across = np.gradient(f, spacing, 2.0)
    return down * across


def gradients_in_a_helper(a):
    return np.sum(_slopes(a * a, 0.5)[1:] ** 2) + np.gradient(a[0], edge_order=2)[0]


def filtered(x, taps):
    for mode in ("same", "full"):
        x = np.convolve(x, taps, mode)
    return np.sum(np.correlate(x, taps) ** 2)


def polynomials(p, x):
    slope = np.polyder(p)
    return np.polyval(np.polymul(p, slope), x) + np.sum(np.vander(p, 3) ** 2)


def line_fitted(x, y):
    slope, height = np.polyfit(x, y, 1)
    return slope * slope + height


def reduced_by_ufuncs(a):
    total = np.add.reduce(a, axis=0)
    grown = np.multiply.accumulate(total)
    return np.sum(np.maximum.accumulate(grown) * np.logaddexp.reduce(a)) + np.multiply.reduce(a[0])


def table_of_differences(a):
    differences = np.subtract.outer(a, a * a)
    op = np.add.reduce
    return op(differences ** 2, axis=None) + np.sum(np.add.reduceat(a, [0, 2]) ** 2)


def blocks(a):
    whole = np.block([[a[:2, :2], a[:2, 2:] ** 2], [np.ones((1, 2)), a[2:, :2]]])
    return np.sum(whole @ whole.T)


def inserted_and_deleted(a, x):
    longer = np.insert(a, [0, 2], [x, x * x])
    shorter = np.delete(longer, 1)
    return np.sum(shorter[1:] * shorter[:-1]) + np.ediff1d(shorter, to_begin=x)[0]


def partitioned(a):
    ranked = np.partition(a * a, 1)
    return ranked[0] * ranked[1] + np.sum(np.unique(a)[:2])


def written_at_masks(a, x):
    b = a * a
    np.place(b, a > 0.8, [x, x * x])
    np.putmask(b, a < 0.0, a)
    return np.sum(b * b * a)


def written_along_an_axis(a):
    b = np.zeros_like(a)
    highest = np.argmax(a, axis=1)[:, None]
    np.put_along_axis(b, highest, np.take_along_axis(a, highest, 1) ** 2, 1)
    return np.sum(b * a)


def parts_of_numbers(x):
    mantissa, exponent = np.frexp(x)
    fraction, whole = np.modf(3.0 * x)
    quotient, rest = np.divmod(x, 0.37)
    return np.sum(np.ldexp(mantissa * x, exponent) + fraction * rest)


def gamma_functions(x):
    return math.gamma(x) * math.lgamma(x + 1.5) + math.lgamma(-x)


def weights_counted(a):
    return np.sum(np.bincount(np.array([0, 2, 0, 1]), weights=a * a) ** 2)


def joined_by_indices(a):
    row = np.r_[a, 1.0, 2.0 * a[0], 0:3]
    columns = np.c_[a, a * a][1:]
    return np.sum(row ** 2) * np.sum(np.c_[columns, columns[:, 0]] ** 2) + np.sum(np.r_[B, a, 0.5] ** 3) + len(np.r_[0:4])


def joined_slices(a):
    grid = np.r_[a, 0:3, a[0]:a[1]:4j, 0:2:0.5]
    columns = np.sum(np.c_[0:4, a] ** 2) + np.sum(np.c_[1:3] * a[0])
    return np.sum(grid ** 2) * np.sum(np.r_[0:a[2]:3j] ** 3) + columns + np.r_[a,][3]


def items_by_method(m):
    return m.item(1, 0) * m.item(-1) + m.item((0, 1)) ** 2 + m[:1, :1].item()


def einsum_of_lists(m):
    product = np.einsum(m, [0, 1], m, [2, 1], [0, 2], optimize=True)
    return np.sum(product ** 2) + np.sum(np.einsum(m, [..., 30], m[0], [30]) ** 3) + np.einsum(product, (1, 1))


def einsum_of_diagonals(m):
    square = m @ m.T
    return np.einsum("ii", square) + np.sum(np.einsum("ii->i", square) ** 2) + np.sum(np.einsum("i...->...i", m)[0] ** 2)


PROGRAMS = [
    case(einsum_of_lists, M, smooth=True), case(einsum_of_diagonals, M, smooth=True),
    case(joined_by_indices, A, smooth=True), case(joined_slices, A, smooth=True), case(items_by_method, M, smooth=True),
    case(sums_of_a_part, M, 0.3),
    case(standardized, M),
    case(gaps_left_out, M),
    case(order_statistics, M),
    case(correlations, M, smooth=True),
    case(integrals, A, B, smooth=True),
    case(gradients_in_a_helper, M, smooth=True),
    case(filtered, A, B[:3], smooth=True),
    case(polynomials, A, 0.7, smooth=True),
    case(line_fitted, A, B, smooth=True),
    case(reduced_by_ufuncs, M),
    case(table_of_differences, A, smooth=True),
    case(blocks, M, smooth=True),
    case(inserted_and_deleted, A, 0.7, smooth=True),
    case(partitioned, A),
    case(written_at_masks, A, 0.7),
    case(written_along_an_axis, M),
    case(parts_of_numbers, A),
    case(gamma_functions, 0.7, smooth=True),
    case(weights_counted, A, smooth=True),
]
