"""Programs with the idioms of installed packages: validation, optional arguments, tables, indices of several kinds."""
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


M = some(3, 3) + 3.0 * np.eye(3)
PROGRAMS = [
    case(columns_at_integers, M, smooth=True), case(columns_by_new_axis, M, smooth=True),
    case(columns_by_imported_new_axis, M, smooth=True),
]
