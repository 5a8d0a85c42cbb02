"""Dicts whose keys are told at run time: numbered, made in loops, pairs of indices, memory of earlier results."""
import numpy as np
from language_case import case


def numbers_by_number(x, n):
    powers = {}
    for i in range(n):
        powers[i] = powers[i - 1] * x if i else x
    return sum(powers[i] ** 2 for i in range(n)) + len(powers)


def arrays_by_number(x, n):
    rows = {}
    for i in range(n):
        rows[i] = np.array([x, x * i])
    first = rows[1]
    first[0] = x * x
    return np.sum(rows[1] * rows[n - 1]) + rows[0][0]


def sums_by_letter(x, n):
    total = {}
    for i in range(n):
        letter = "abc"[i % 3]
        total[letter] = total.get(letter, 0.0) + x * i
    result = 0.0
    for letter, value in total.items():
        result = result + value ** 2 * (2.0 if letter == "b" else 1.0)
    return result


def grid_by_pairs(x, n):
    grid = {}
    for i in range(n):
        for j in range(n):
            grid[i, j] = x * (i + 1) if j == 0 else grid[i, j - 1] * x
    return grid[n - 1, n - 1] + grid[0, 1]


def comprehension_by_number(x, n):
    powers = {i: x ** i for i in range(n)}
    powers[1] += powers[2] * powers[0]
    return powers[1] * max(powers.values())


def chosen_items(x, n):
    powers = {i: x ** i for i in range(n)}
    late = {i: v * 2.0 for i, v in powers.items() if i > 1}
    return late[2] * late[n - 1]


def two_names_for_a_growing_dict(x, n):
    steps = {}
    same = steps
    for i in range(n):
        same[i] = x * i
        if i:
            steps[i] = steps[i] * same[i - 1] + x
    return steps[n - 1] + same[1]


def chosen_dict(x, n):
    a, b = {0: x}, {0: 2.0 * x}
    c = a if n > 2 else b
    c[0] = c[0] * x
    c[1] = x
    return a[0] + b[0] + len(a)


def arrays_under_two_names(x, n):
    rows = {}
    same = rows
    for i in range(n):
        same[i] = np.array([x, x * i])
        rows[i][0] *= 2.0
    row = same[1] if n > 2 else same[0]
    row += x
    return np.sum(rows[n - 1] * same[1])


def replaced_array_kept(x, n):
    rows = {}
    for i in range(n):
        rows[i] = np.ones(2) * x
        if i > 0:
            rows[i][1] = rows[i - 1][0] * x
    old = rows[1]
    rows[1] = old * 2.0
    old[0] = 5.0
    return np.sum(rows[1] * rows[2]) + old[0] + np.sum(old)


def copies_are_apart(x, n):
    d = {i: x * i for i in range(n)}
    changed = dict(d)
    changed[1] = x * x
    longer = d.copy()
    longer[n] = x
    return d[1] + 2.0 * changed[1] + 3.0 * longer[n] + len(longer)


def whole_numbers_become_numbers(x, n):
    d = {0: 1, 1: 2, 5: 0}
    for i in range(n):
        d[i % 2] = d[i % 2] * x + i
        d[5] += d[0]
    return d[1] + d[0] * d[5]


def whole_number_in_one_branch(x, n):
    d = {}
    for i in range(n):
        d[i] = x * i if i else 1
    return d[0] * d[2] + d[1]


def known_keys_of_one_branch(x, n):
    d = {"a": 1, "b": x}
    if n > 2:
        d["a"] = x * x
    return d["a"] * d["b"]


def same_start_for_all_keys(x, n):
    d = dict.fromkeys(range(3), 0.0)
    for i in range(n):
        d[i % 3] += x ** i
    e = dict.fromkeys("uv", x)
    e["u"] = e["u"] * x
    return d[0] * d[1] * d[2] + e["u"] * e["v"]


def earlier_results_by_closure(x, n):
    made = {}

    def wave(k):
        if k not in made:
            made[k] = np.sin(x * k)
        return made[k]

    return wave(1) * wave(2) + wave(1) * wave(n)


def updated_with_a_table(x, n):
    d, e = {0: x}, {i: x * i for i in range(1, n)}
    d.update(e)
    d |= {n: x ** 3}
    d.update({0: d[1]})
    return sum(d.values()) * d[0]


def keys_deleted(x, n):
    d = {"a": x, "b": 2.0 * x}
    e = {i: x * i for i in range(n)}
    y = d["a"] * d["b"] + e[0] + e[1]
    del d["a"], e[1]
    e[1] = y
    return d["b"] * x + y * e[1] if "a" not in d else x


def items_popped(x, n):
    d = {}
    for i in range(n):
        d[i] = x * i
    total = x
    while d:
        total = total * x + d.pop(len(d) - 1)
    return total


def arrays_popped(x, n):
    d = {i: np.array([x, x * i]) for i in range(n)}
    v = d.pop(1)
    v[0] = v[1] * x
    d[7] = v
    d.pop(2)
    return sum(np.sum(a) for a in d.values())


def popped_or_not(x, n):
    d = {0: x, 1: x * x}
    e = d
    total = d.pop(5, x ** 3) + e.pop(1, 0.0)
    return total * d[0] if len(e) == 1 else x


def array_replaced_deleted_and_set_again(x, n):
    d = {i: np.array([x, x * i]) for i in range(n)}
    old = d[1]
    d[1] = old + 1.0
    old *= x
    del d[0]
    d[0] = old
    old[1] = x
    e = d.pop(2)
    d.update({5: e * d[0]})
    return sum(np.sum(v) * (k + 1) for k, v in d.items()) + np.sum(e)


def updated_with_a_growing_dict(x, n):
    new, d = {"a": x}, {"a": 1.0, "b": 2.0}
    for _ in range(n):
        d.update(new)
        new["b"] = x * x
    return d["a"] * d["b"]


def joined_with_a_growing_dict(x, n):
    new, d = {}, {"a": 1.0, "b": 2.0}
    for _ in range(n):
        d |= new
        new["a"] = x * x
    return d["a"] * d["b"]


def table_as_an_argument(d, x):
    d[1] = d[1] * x
    d[4] = d[2] * d[1]
    return d[4] + d[2] ** 2


def table_of_arrays_as_an_argument(d, x):
    for k in d:
        d[k] = d[k] * (k + x)
    for v in d.values():
        v *= x
    return sum(np.sum(v ** 2) for v in d.values())


def row_of_an_older_dict_updated(x):
    """An array of a dict whose successor is made in a loop; it is updated in place afterwards."""
    d = {"a": np.array([x, 0.5]), "b": np.ones(2) * x}
    d = {k: v * x for k, v in d.items()}
    row = d["a"]
    d = {k: v * v for k, v in d.items()}
    row *= x
    return np.sum(d["a"] * d["b"]) + np.sum(row)


PROGRAMS = [
    case(row_of_an_older_dict_updated, 0.7),
    *(case(f, 0.7, 4) for f in (
        numbers_by_number, arrays_by_number, sums_by_letter, grid_by_pairs, comprehension_by_number, chosen_items,
        two_names_for_a_growing_dict, chosen_dict, arrays_under_two_names, replaced_array_kept, copies_are_apart,
        whole_numbers_become_numbers, whole_number_in_one_branch, known_keys_of_one_branch, same_start_for_all_keys,
        earlier_results_by_closure, updated_with_a_table, keys_deleted, items_popped, arrays_popped, popped_or_not,
        array_replaced_deleted_and_set_again, updated_with_a_growing_dict, joined_with_a_growing_dict)),
    case(table_as_an_argument, {1: 0.6, 2: 0.8}, 0.7, wrt=(1,)),
    case(table_of_arrays_as_an_argument, {1: np.array([0.6, 0.2]), 3: np.array([0.8])}, 0.7, wrt=(1,)),
]
