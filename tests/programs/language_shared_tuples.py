"""Tuples of numbers in containers that go by several names."""
import numpy as np
from language_case import case, some


def tuple_replaced_by_another_name(a):
    b, c = [(a[0] * 1.0, a[1])], [(a[1] * 2.0, a[0])]
    chosen = b if a[0] > 0.0 else c
    chosen[0] = (3.0 * a[2], a[1])
    return b[0][0] * c[0][0] + a[3]


def tuples_held_and_appended(a):
    b, c = [(a[0] * 1.0, a[1])], [(a[1] * 2.0, a[0])]
    chosen = b if a[0] < 0.0 else c
    held = chosen[0]
    chosen.append(held)
    chosen.append((held[1], held[0]))
    u, v = chosen.pop()
    chosen[0] = (3.0 * a[2] * v, u)
    return b[0][0] * c[0][0] + sum(p * q for p, q in chosen) + held[0]


def pairs_in_a_table_by_two_names(a):
    state = {i: (a[i], a[i] * a[0]) for i in range(3)}
    same = state
    same[1] = (state[0][1], state[2][0] * a[4])
    return sum(u * v for u, v in state.values())


def pairs_in_the_chosen_row(a):
    rows = [[(a[0], a[1])], [(a[2], a[3])]]
    row = rows[0] if a[0] > 0.0 else rows[1]
    row.append((a[4], row[0][0] * row[0][1]))
    total = 0.0
    for each in rows:
        for p, q in each:
            total += p * q * q
    return total


def pairs_of_a_pair_and_a_number(a):
    rows = [[((a[0], a[1]), a[2])], []]
    row = rows[1] if a[0] > 0.0 else rows[0]
    row.append(((a[4], a[0]), 1.0))
    (p, q), w = rows[0][0]
    (p2, q2), w2 = rows[1][0]
    return p * q * w + p2 * q2 * w2


def pairs_sorted_by_a_key(a):
    pairs = [(i, a[i] * a[0]) for i in range(4)]
    same = pairs
    same.append((4, a[4]))
    return sum(v * (k + 1) for k, (_, v) in enumerate(sorted(pairs, key=lambda p: -p[0]))) * same[1][1]


def whole_numbers_where_others_are_real(a):
    rows = [{"p": a[0] * a[1], "w": a * 2.0}, {"p": 3, "w": a + 1.0}]
    if rows[0]["p"] > -9.0:
        rows[0]["w"][0] = a[1]
    return rows[0]["p"] * np.cos(rows[1]["p"]) + np.sum(rows[0]["w"] * rows[1]["w"])


def whole_numbers_in_tuples(a):
    rows = [(a[0] * a[1], a * 2.0), (3, a + 1.0)]
    for row in rows:
        row[1][0] *= a[2]
    return rows[0][0] * rows[1][0] * rows[1][1][0]


def whole_number_replaced(a):
    d = {"a": a[0], "b": 1, "c": a * 1.0}
    e = d
    e["b"] = a[1] * a[1]
    d["c"][0] = d["b"]
    return e["b"] * d["c"][0] * d["a"]


A = some(5) + 1.5
PROGRAMS = [
    case(tuple_replaced_by_another_name, A, smooth=True), case(tuples_held_and_appended, A, smooth=True),
    case(pairs_in_a_table_by_two_names, A, smooth=True), case(pairs_in_the_chosen_row, A, smooth=True),
    case(pairs_of_a_pair_and_a_number, A), case(pairs_sorted_by_a_key, A), case(whole_numbers_where_others_are_real, A),
    case(whole_numbers_in_tuples, A), case(whole_number_replaced, A),
]
