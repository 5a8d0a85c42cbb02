"""Lists and tuples of numbers where NumPy takes arrays."""
import numpy as np
from language_case import case, vector


def lesser_of_lists(x):
    items = [x, x * x, 0.3 * x]
    return np.sum(np.minimum(items, [0.3, 0.2, 0.1]) * np.maximum((x, 0.1, 0.2), 0.15))


def product_of_lists(x):
    items = [x, x * x]
    return np.dot(items, items) + np.inner([x, 1.0], (2.0, x)) + np.sum(np.matmul([[x, 1.0], [0.5, x]], items))


def length_of_a_list(x):
    return np.linalg.norm([x, x * x, 2.0]) * np.sum(np.square([x, 3.0]))


def powers_of_a_list(x):
    return np.sum(np.power([x, x * x], 2)) + np.sum(np.power(x, (1.0, 2.0, x)))


def sorted_list(x):
    return np.sum(np.sort([x * x, x, 0.2 * x]) * np.arange(3.0)) + np.cumprod([x, 2.0, x])[2]


def logarithms_of_a_tuple(x):
    return np.sum(np.log10((x, x + 1.0))) + np.sum(np.arctan([x, x * x]) * np.sinc([x, 0.3]))


def sum_along_an_axis_of_rows(x):
    return np.prod(np.sum([[x, 1.0], [2.0, x * x]], axis=0))


def as_number(a):
    return np.float64(a)


def written_where_a_mask_holds(x, y):
    x = np.asarray(x)
    power = np.zeros_like(x)
    power[x >= 0.0] = x[x >= 0.0] ** 2
    power[~(x >= 0.0)] = y * x[~(x >= 0.0)]
    return as_number(power)


def masked_scalar(a, low):
    s = a[0] * a[1]
    root = np.zeros(s.shape)
    root[s > low] = np.sqrt(np.abs(s[s > low]))
    return np.sum(root) * s[()] + s[...] * np.sum(s[None])


def scalar_replaced_by_what_a_mask_gives(a):
    s = a[0] * a[1]
    t = s * s
    s = s[s < 0.0]
    return np.sum(s * a) * t


PROGRAMS = [
    case(masked_scalar, vector(1.2, 0.7), 0.1), case(masked_scalar, vector(1.2, -0.7), 0.1, wrt=(0,)),
    case(scalar_replaced_by_what_a_mask_gives, vector(1.2, -0.7, 0.5)),
    case(written_where_a_mask_holds, 0.7, 1.2), case(written_where_a_mask_holds, -0.7, 1.2),
    case(lesser_of_lists, 0.4),
    case(product_of_lists, 0.4, smooth=True),
    case(length_of_a_list, 0.4, smooth=True),
    case(powers_of_a_list, 0.4, smooth=True),
    case(sorted_list, 0.4),
    case(logarithms_of_a_tuple, 0.4, smooth=True),
    case(sum_along_an_axis_of_rows, 0.4, smooth=True),
]
