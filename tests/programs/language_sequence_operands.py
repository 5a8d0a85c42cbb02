"""Arithmetic of arrays with lists and tuples, arrays of mixed displays, unions of dicts and sets, lists repeated in place."""
import numpy as np
from language_case import case

A = np.array([[1.0, 2.0], [3.0, 4.0]])


def array_times_a_list(x):
    return np.sum(A * [x, 2.0] @ (x, 1)) + np.sum([x, 3] - A / (1, x))


def list_added_to_an_array_in_place(x):
    v = np.array([x, x * x])
    v += [x, 1.0]
    v[:] *= (x, 2)
    return v[0] * v[1]


def powers_of_an_array_by_a_list(x):
    return np.sum((A * x) ** [2, 3]) + np.sum([x, x * x] * A)


def coordinates_moved_by_tuples(x, n):
    place = np.array([x, 0])
    for k in range(n):
        place = place * [k, x] + (1, x)
    return place[0] * place[1]


def arrays_of_numbers_and_ints(x):
    turned = np.array([[x, -1], [1, x]]) @ np.array((x, 2))
    return np.dot(turned, [1, x]) + np.linalg.norm([x, 3])


def union_of_dicts(x):
    first, second = {"a": x, "b": 2.0}, {"a": x * x, "c": x}
    both = first | second
    first |= {"b": x ** 3}
    return both["a"] * both["b"] * both["c"] * first["b"]


def dicts_with_keywords(x):
    options = {"b": x * x}
    return dict({"a": x}, c=x * x)["c"] * dict(a=x, **options)["b"] + dict(options, b=x)["b"]


def list_repeated_in_place(x, n):
    items = [x, x * x]
    same = items
    items *= n
    items[1] = 2.0 * x
    return sum(v * (k + 1) for k, v in enumerate(same))


def set_of_keys_grown_by_another_name(x):
    keys = set({"a": 1, "b": 2})
    other = keys
    other.add("c")
    for _ in keys - {"a"}:
        x = x * x
    return x


def list_of_keys_grown(x):
    keys = list({"a": 1, "b": 2}.keys())
    keys.append("c")
    for _ in set(keys) - {"a"}:
        x = x * x
    return x


PROGRAMS = [
    case(array_times_a_list, 0.8, smooth=True), case(list_added_to_an_array_in_place, 0.8, smooth=True),
    case(powers_of_an_array_by_a_list, 0.8, smooth=True), case(coordinates_moved_by_tuples, 0.8, 3, smooth=True),
    case(arrays_of_numbers_and_ints, 0.8, smooth=True), case(union_of_dicts, 0.8, smooth=True),
    case(dicts_with_keywords, 0.8, smooth=True), case(list_repeated_in_place, 0.8, 3, smooth=True),
    case(set_of_keys_grown_by_another_name, 1.3, smooth=True), case(list_of_keys_grown, 1.3, smooth=True),
]
