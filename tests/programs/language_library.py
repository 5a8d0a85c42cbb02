"""Programs with the idioms of installed packages: validation, optional arguments, tables, indices of several kinds."""
import copy
import inspect
from collections.abc import MutableMapping

import numpy as np
from language_case import case, some
from numpy import newaxis


def columns_at_integers(a):
    picked = [0, 1, 0]
    return np.sum((a[:, picked] * a[picked, :].T) ** 2)


def columns_by_new_axis(a):
    z = np.diag(a).copy()
    return np.sum((a / z[:, np.newaxis]) ** 2 * a)


def columns_by_imported_new_axis(a):
    z = np.diag(a) ** 2
    return np.sum(a[1:] * z[1:, newaxis])


def stacked_in_a_helper(x, y):
    return np.sum(_stacked([x, y * y, x + 1.0]) ** 2)


def _stacked(a):
    return np.concatenate([item[..., np.newaxis] for item in np.asarray(a, float)], axis=-1)


def written_under_another_name(x):
    a, b = np.zeros(2), np.ones(2)
    y = a if x > 0.0 else b
    y[0] = x
    return a[0]


def table_of_lists(x):
    table = [[0.0] * 2 for _ in range(2)]
    for i in range(2):
        for j in range(2):
            table[i][j] = x * i + x ** j
    return table[1][0] * table[1][1]


M = some(3, 3) + 3.0 * np.eye(3)
class Folded(MutableMapping):
    """A mapping whose keys count in any case."""

    def __init__(self, held):
        self.held = dict(held)

    def __getitem__(self, key):
        return self.held[key.lower()]

    def __setitem__(self, key, value):
        self.held[key.lower()] = value

    def __delitem__(self, key):
        del self.held[key.lower()]

    def __iter__(self):
        return iter(self.held)

    def __len__(self):
        return len(self.held)


def linear_law(x, k):
    return k * x


def square_law(x, k):
    return k * x * x


LAWS = Folded({"linear": linear_law, "square": square_law})


def law_of_a_mapping(x, law, k):
    chosen = LAWS[law]
    return chosen(x, k) + LAWS["LINEAR"](x, x)


class Counted(Folded):
    """A mapping that counts how often it is asked."""

    asked = 0

    def __getitem__(self, key):
        self.asked += 1
        try:
            return self.held[key]
        except KeyError:
            pass
        return self[dict(zip(map(str.lower, self.keys()), self.keys(), strict=True))[key.lower()]]


def weighted_law(x, weight=2.0, power=1):
    return weight * x ** power


COUNTED = Counted({"linear": linear_law, "weighted": weighted_law})


def law_of_a_mapping_that_counts(x, law):
    before = COUNTED.asked
    chosen = COUNTED[law]
    return chosen(x, 2.0) * (COUNTED.asked - before)


def fitting(function, **keywords):
    keywords = copy.copy(keywords)
    try:
        taken = list(inspect.signature(function).parameters.keys())
    except ValueError:
        return {}
    for key in set(keywords.keys()) - set(taken):
        keywords.pop(key)
    return keywords


LAWS_OF_ONE = Folded({"weighted": weighted_law, "sine": lambda x: np.sin(x)})


def keywords_that_fit_the_function(x, law):
    chosen = LAWS_OF_ONE[law]
    return chosen(x, **fitting(chosen, weight=x * x, depth=1.0)) + chosen(x, **fitting(chosen))


def keywords_told_at_run_time(x, n):
    return weighted_law(x, **_options(x, n)) + weighted_law(x, power=2, **_options(x, min(n, 1)))


def _options(x, n):
    options = {}
    if n > 0:
        options["weight"] = x * x
    if n > 1:
        options["power"] = 3
    return options


def chosen_and_scaled(x):
    y = [x * 1.0, "none", 3][0]
    y *= x
    y /= np.sum(np.exp(y))
    return np.sum(y ** 2)


def number_scaled_to_an_array(x):
    y = [x[0] * 1.0, "none", x.size][0]
    z = [x[1] * 1.0, "none", x.size][0]
    for _ in range(2):
        y *= x
        y /= z + 3.0
        z *= x[2]
    return np.sum(y ** 2) * z


def written_after_a_conversion(x):
    x = np.asarray(x, float)
    x[0] = x[1] * 2.0
    y = np.asanyarray(x, dtype=np.float64)
    y += x[2]
    return np.sum(x ** 2) * y[0]


FLOAT = np.float64


def as_numbers(x, dtype=None):
    return np.asarray(x, FLOAT if dtype is None else dtype)


def written_after_a_conversion_in_a_helper(x):
    y = as_numbers(x)
    z = as_numbers(x, complex)
    z[0] = 5.0
    y[0] *= x[1]
    return np.sum(y ** 2) + np.sum(z.real * x)


def written_after_a_copy(x):
    y = np.array(x, copy=True)
    y[y > 0.5] = 2.0
    z = np.array(x, dtype=float, copy=True)
    z[0] = y[1]
    return np.sum(y * x) * np.sum(z)


PROGRAMS = [
    *(case(f, some(3), smooth=True) for f in (
        written_after_a_conversion, written_after_a_conversion_in_a_helper, written_after_a_copy)),
    case(chosen_and_scaled, some(3)), case(number_scaled_to_an_array, some(3)),
    case(law_of_a_mapping_that_counts, 0.7, "linear"), case(law_of_a_mapping_that_counts, 0.7, "WEIGHTED"),
    case(keywords_that_fit_the_function, 0.7, "weighted"), case(keywords_that_fit_the_function, 0.7, "sine"),
    *(case(keywords_told_at_run_time, 0.7, n) for n in range(3)),
    case(law_of_a_mapping, 0.7, "Square", 2.0, smooth=True), case(law_of_a_mapping, 0.7, "linear", 2.0, smooth=True),
    case(columns_at_integers, M, smooth=True), case(columns_by_new_axis, M, smooth=True),
    case(columns_by_imported_new_axis, M, smooth=True), case(stacked_in_a_helper, 0.7, 1.3),
    case(written_under_another_name, 0.7), case(table_of_lists, 0.7),
]
