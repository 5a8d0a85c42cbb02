"""Calls of NumPy's with the keyword arguments that fewer people use."""
import numpy as np
from language_case import case, vector


def columns_first(a):
    m = np.asfortranarray(np.outer(a, a * a))
    flat = np.ravel(m, order="K") + m.T.reshape(-1, order="A")
    return np.sum(flat * np.reshape(m, -1, order="F")) + m.flatten("F")[1] * m.ravel("A")[2]


def stable_order(a):
    y = np.sort(a * a, kind="stable")
    y.sort(kind="mergesort")
    return np.sum(y * np.arange(4.0)) + np.partition(a, 1, kind="introselect")[1]


def differences_from_a_start(a, x):
    steps = np.diff(a, prepend=x, append=a[:1] * 2.0)
    return np.sum(steps ** 3) + np.sum(np.diff(np.outer(a, a), n=2, axis=0, prepend=0.0) ** 2)


def moments_of_some(a):
    some = np.array([True, False, True, True])
    mean = np.mean(a, where=some)
    return np.var(a, where=some) * np.std(a, mean=np.mean(a, keepdims=True), correction=1) + a.var(where=some) * mean


def weighted_moments(a, b):
    w = b * b + 0.5
    line = np.polyfit(np.arange(4.0), a, 1, w=w)
    return line[0] * line[1] + np.sum(np.cov(np.stack([a, b]), aweights=np.array([1.0, 2.0, 0.5, 1.5])) ** 2)


def weighted_histogram(a):
    counts, _ = np.histogram([0.2, 1.7, 0.4, 2.0], bins=[0, 1, 2], weights=a * a)
    return counts[0] * counts[1]


def rolled_indices(a):
    return np.sum(np.take(a, [0, 5, -6], mode="wrap") ** 2) + a.take([9, 1], mode="clip")[0] * a[0]


def spaced_along_an_axis(a, b):
    points, step = np.linspace(a, b, 3, axis=1, retstep=True)
    return np.sum(points ** 2 * step[:, None]) + np.sum(np.geomspace(a * a + 1.0, b * b + 2.0, 3, axis=-1))


def turned_products(a, b):
    m = np.cross(np.outer(a[:3], b), np.outer(b[:3], b), axis=0)
    return np.trace(np.outer(a, b).reshape(2, 2, 4), 1, 0, 2) @ b[:2] + np.sum(m * m)


def interpolated_in_a_circle(a):
    angles = np.array([0.5, 2.0, 4.0, 5.5])
    inside = np.interp(a * 5.0, angles, a * a, period=2.0 * np.pi)
    return np.sum(inside ** 2) + np.sum(np.interp([0.0, 3.0, 9.0], angles, a, left=a[1], right=a[2] ** 2))


def replaced_infinities(a):
    y = np.array([np.nan, np.inf, -np.inf, 1.0]) * np.abs(a)
    return np.sum(np.nan_to_num(y, nan=a[0], posinf=a[1] ** 2, neginf=-a[2]) * a)


def limits_by_name(a):
    return np.sum(np.clip(a, min=-0.5, max=a[3]) ** 2) + np.sum(np.unwrap(a * 9.0, period=4.0) * a)


def grid_of_lines(a, b):
    x, y = np.meshgrid(a, b, sparse=True, indexing="ij")
    return np.sum(x * y * y) + np.sum(np.unique(np.outer(a, b), axis=0) ** 2)


def window(x):
    return np.sum(np.kaiser(5, x) ** 2) + np.i0(x)


A, B = vector(1.2, -0.7, 0.5, 2.0), vector(0.3, 0.9, -1.1, 0.4)
PROGRAMS = [
    *(case(f, A, smooth=True) for f in (
        columns_first, stable_order, moments_of_some, weighted_histogram, rolled_indices, interpolated_in_a_circle,
        limits_by_name)),
    *(case(f, A, B, smooth=True) for f in (weighted_moments, spaced_along_an_axis, turned_products, grid_of_lines)),
    case(differences_from_a_start, A, 0.7, smooth=True), case(replaced_infinities, A), case(window, 1.7, smooth=True),
]
