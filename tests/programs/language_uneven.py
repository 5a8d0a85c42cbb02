"""Values whose length differs from trip to trip, of which the backward pass needs no more than that length; items of containers
that others of another length replace."""
import numpy as np
from language_case import case, some


def rows_of_three_lengths(x):
    rows, total = [x[:1], x[:3], x[1:3]], 0.0
    for k in range(3):
        row = rows[k] * 2.0
        for j in range(len(row)):
            total += row[j]
    return total * total


def shorter_arrays(x):
    total = 0.0
    for k in range(3):
        row = x[:3 - k] * 2.0
        if k < 5:
            for j in range(3 - k):
                total += row[j]
    return total * total


def longer_arrays_written(x):
    total = 0.0
    for k in range(3):
        row = np.zeros(k + 1)
        row += x[k]
        row[0] *= 2.0
        for j in range(k + 1):
            total += row[j]
    return total * total


def shorter_lists(x):
    total = 0.0
    for k in range(3):
        row, j = [x[k]] * (3 - k), 0
        while j < 3 - k:
            total += row[j]
            j += 1
    return total * total


def comprehensions_of_lists_popped(x):
    rows, sums = [[x[j] * (i + 1) for j in range(i + 1)] for i in range(3)], [0.0] * 5
    for _ in range(3):
        row = rows.pop()
        for j in range(len(row) - 1, -1, -1):
            sums[j] += row[j] * 2.0
    return sums[0] * sums[1] * sums[2]


def lists_of_sums_popped(x):
    rows, sums = [[x[j] * (i + 1) for j in range(i + 1)] for i in range(3)], [[0.0], [0.0, 0.0], [0.0, 0.0, 0.0]]
    left = [sums[0], sums[1], sums[2]]
    for _ in range(3):
        row, into = rows.pop(), left.pop()
        for j in range(len(row) - 1, -1, -1):
            into[j] += row[j] * 2.0
    return sums[0][0] * sums[1][1] * sums[2][2]


def grows_after_the_loop_that_reads_it(x):
    items, total = [x[0], x[1]], 0.0
    for k in range(3):
        for j in range(len(items)):
            total += items[j]
        items.append(x[k] * x[k])
    return total * total


def tables_of_differing_keys(x):
    total = 0.0
    for k in range(3):
        row = {j: x[j] * (k + 1) for j in range(3 - k)}
        for j in row:
            total += row[j]
    return total * total


def two_lengths_by_branch(x):
    total = 0.0
    for k in range(4):
        row = x[:2] * 1.0 if k % 2 else x[1:] * 2.0
        for v in row:
            total += v
        row = np.ones(1) * k
        total = total * row[0] + x[k]
    return total


def uneven_rows(x):
    return [[x, 0.5], [x * 0.7, 0.9, x], [0.3, x * x]]


def row_replaced_by_a_shorter_one(x):
    """A list in a list, with one of another length in its place."""
    rows = [[x[0], 0.5], [x[1] * 0.7, 0.9, x[2]], [0.3, x[0] * x[1]]]
    total = rows[1][2] * rows[1][0]
    rows[1] = rows[0]
    return total * rows[1][-1] + sum(rows[1]) * sum(rows[2])


def row_of_a_helper_replaced(x):
    rows = uneven_rows(x[0] * x[1])
    k = len(rows[0]) % 2
    total = rows[1][-1] * x[2]
    rows[1] = rows[k]
    return total + sum(rows[-1]) * sum(rows[1])


def points_replaced_in_a_loop(x):
    """Lists in a dict that get shorter, and change places."""
    d, total = {"points": [x[0], x[1] * x[1], x[2]], "weights": [1.0]}, 0.0
    for _ in range(3):
        total += sum(d["points"]) * d["weights"][-1]
        d["weights"] = d["points"]
        d["points"] = [p * x[0] for p in d["points"][1:]]
    return total


def arrays_of_other_lengths(x):
    table = [[x * 2.0, x[:2] * x[0]], [x[:1], x, x]]
    first = table[0][1][0]
    table[1] = table[0]
    table[0] = [x[:1] * x[1]]
    return first * np.sum(table[1][0]) * np.sum(table[0][0])


def tuple_of_another_length(x):
    pairs = [(x[0], x[0] * x[1]), (x[1], x[1], x[2])]
    total = pairs[0][1] * pairs[1][2]
    pairs[0] = (x[0] * x[3], 1.0, x[2])
    return total * pairs[0][2] * pairs[0][0]


PROGRAMS = [case(f, some(5) + 1.5, smooth=True) for f in (
    rows_of_three_lengths, shorter_arrays, longer_arrays_written, shorter_lists, comprehensions_of_lists_popped,
    lists_of_sums_popped, grows_after_the_loop_that_reads_it, tables_of_differing_keys, two_lengths_by_branch,
    row_replaced_by_a_shorter_one, row_of_a_helper_replaced, points_replaced_in_a_loop, arrays_of_other_lengths,
    tuple_of_another_length)]
