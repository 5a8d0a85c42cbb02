"""Arrays in containers within containers, of which items are replaced under one name while another one is read."""
import numpy as np
from language_case import case


def item_of_an_item_replaced(x, b):
    held = {"rows": [x, b]}
    held["rows"][0] = held["rows"][0] * 2.0
    return np.prod(held["rows"][0])


def one_list_under_two_names(x, b):
    row = [x, b]
    rows = [row, row]
    rows[0][0] = rows[1][0] * 2.0
    return np.prod(rows[1][0] * row[1])


def dict_and_list_replaced(x, b):
    held = {"a": x, "rows": [x, b]}
    held["rows"][0] = held["rows"][0] * 2.0
    held["a"] = held["a"] * held["rows"][0]
    for row in held["rows"]:
        held["a"] = held["a"] + row * held["a"][::-1]
    return np.prod(held["a"])


def replaced_while_iterated_over(x, b):
    row, total = [x, b], 0.0
    for pair in [row, [b, x]]:
        for c in pair:
            total += np.sum(c * c * row[0])
        row[0] = pair[1] * 2.0 * row[0]
    p, q = row
    row[1] = p * q * row[1]
    return total + np.sum(p * row[0] * row[1] ** 2)


def dict_and_list_in_a_tuple(x, b):
    pair = ({"q": x}, [b, x])
    pair[0]["q"] = pair[0]["q"] * pair[1][0]
    pair[1][1] = pair[0]["q"] * pair[1][1]
    pair[1][0] = pair[1][1] * pair[1][0]
    return np.sum(pair[0]["q"] * pair[1][0] * pair[1][1])


def old_items_kept(x, b):
    row = [x, b * 1.0]
    rows = [row, row]
    first = row[0]
    row[0] = first * 2.0
    second = rows[1][0]
    rows[1][0] = second * first
    row[1][...] = row[1] * second
    return np.sum(row[0] * row[1] * first * second)


def swapped_by_a_function(x, b):
    def swapped(row):
        row[0], row[1] = row[1], row[0] * 1.5
        return np.sum(row[0] * row[1] ** 2)

    row = [x * 1.0, b * 1.0]
    rows, total = [row, [x * 2.0, b * 2.0]], 0.0
    for i in range(3):
        total += swapped(rows[i % 2])
        rows[0][1] = rows[1][0] * x
    return total


def layers_updated(x, b):
    layers, a = [{"w": x * 1.0, "b": b * 1.0}, {"w": x * 3.0, "b": b * 2.0}], x
    for layer in layers:
        a = np.tanh(layer["w"] * a + layer["b"])
    for layer in layers:
        layer["w"] = layer["w"] - 0.1 * a
        layer["b"] *= 0.9
    for layer in layers:
        a = np.tanh(layer["w"] * a + layer["b"])
    return np.sum(a ** 2)


def states_exchanged(x, b):
    states = [[x, b], [b, x]]
    for i in range(4):
        state = states[i % 2]
        old = state[0]
        state[0] = state[1] * old
        if old[0] > 0.5:
            state[1] = old * 0.5
        states[(i + 1) % 2] = [state[1], old]
    return np.sum(states[0][0] * states[1][1] * states[0][1])


def refused_summary_of_items_replaced_later(x, b):
    held = {"rows": [x, b]}
    total = np.sum(np.array(held["rows"]) ** 2)
    held["rows"][0] = held["rows"][0] * 2.0
    return total * np.sum(held["rows"][0])


def sum_of_perhaps_nothing(x, n):
    rows = [{"p": sum([np.tanh(2.0) for _ in range(n)]), "w": np.ones(2) * x}, {"p": x * x, "w": np.ones(2)}]
    return rows[0]["p"] + x + np.sum(rows[1]["w"]) * rows[1]["p"]


def list_at_a_new_key(x):
    groups, values = {0: [x + 0.6]}, [0.7, x]
    if 1 not in groups:
        groups[1] = values
    x += 1.1 * groups[1][-1]
    return x * groups[0][0] + groups[1][0]


def list_at_a_key_that_may_be_there(x):
    groups = {}
    for k in range(3):
        groups.setdefault(k % 2, [x] * (k + 1))[0] *= x
    return groups[0][0] * groups[1][1]


def extended_by_displays(x):
    rows = [[x, 0.5], [x * 0.7, 0.9, x]]
    rows.extend([[x * x, 1], [x, 2.0]])
    pairs = [(x, x)]
    pairs += [(x * x, 2.0), (1.0, x)]
    return rows[2][0] * rows[1][0] + sum(a * b for a, b in pairs)


X, B = np.array([0.3, -0.7, 1.1, 0.4]), np.array([0.9, 0.5, -1.2, 0.8])
PROGRAMS = [case(f, X, B) for f in (
    item_of_an_item_replaced, one_list_under_two_names, dict_and_list_replaced, replaced_while_iterated_over,
    dict_and_list_in_a_tuple, old_items_kept, swapped_by_a_function, layers_updated, states_exchanged)]
PROGRAMS += [case(sum_of_perhaps_nothing, 0.7, n) for n in (0, 2)]
PROGRAMS += [case(f, 0.7) for f in (list_at_a_new_key, list_at_a_key_that_may_be_there, extended_by_displays)]


def _rows_of(p):
    return [[p, 0.5], [p * 0.7, 0.9, p], [0.3, p * p]]


def refused_rows_built_anew_and_written_by_other_names(x):
    """What is iterated over is a list in one round of the analysis and unknown in the next."""
    for k in range(3):
        rows = _rows_of(0.1 * x)
        box = [rows]
        for _ in range(3):
            box[0]
            row = rows[k]
            rows = [[v * 0.82 for v in r] for r in rows]
            row[0] += x
            x += np.tanh(row[0] * row[1])
            rows[k][1] = x * x
    return x


REFUSED = [(refused_summary_of_items_replaced_later, (X, B), "read as a whole"),
           (refused_rows_built_anew_and_written_by_other_names, (0.7,), "may share memory")]
