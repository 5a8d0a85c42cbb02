"""Lists of arrays, or of lists, that get longer, shorter, are joined or put in another order while what they hold is
written by other names; made here or by a helper."""
import numpy as np
from language_case import case


def rows_of(x):
    return [np.ones(2) * x, np.array([1.0, 0.5]) * x * x]


def joined_and_written(x):
    rows = rows_of(x)
    more = rows + [np.ones(2)]
    rows[1] *= x
    return np.sum(more[1] * more[0])


def joined_to_itself(x):
    rows = rows_of(x)
    row = rows[-1]
    rows = rows + [x * row]
    row *= x
    return np.sum(rows[1]) * np.sum(rows[2])


def repeated_and_written(x):
    rows = rows_of(x)
    row = rows[1]
    more = rows * 2
    row *= x
    return np.sum(more[3] * more[0])


def lists_of_arrays_joined(x):
    rows = ([np.ones(2) * x], [np.ones(2) * x * x])
    row = rows[1]
    both = rows[0] + rows[1]
    row[0] *= x
    return np.sum(both[1]) * np.sum(both[0])


def tuples_of_arrays_joined(x):
    rows = (np.ones(2) * x, np.ones(2) * x * x)
    both = rows + (np.ones(2),)
    rows[0][0] *= x
    both[1][1] *= x
    return np.sum(both[1]) * np.sum(both[0]) * np.sum(rows[1])


def last_one_taken_off(x):
    rows = rows_of(x)
    row = rows[-1]
    last = rows.pop()
    row *= x
    return np.sum(last) * len(rows)


def first_one_taken_off(x):
    rows = rows_of(x)
    same = rows
    row = same[0]
    first = rows.pop(0)
    row *= x
    return np.sum(first) * np.sum(same[0])


def some_dropped(x):
    rows = [*rows_of(x), np.zeros(1)]
    row = rows[1]
    _ = rows.pop()
    _ = rows.pop(-2)
    row *= x
    return np.sum(rows[0]) * len(rows)


def taken_out_of_a_dict(x):
    held = {"a": np.ones(2) * x, "b": np.ones(2) * x * x}
    row = held["a"]
    taken = held.pop("a")
    held["a"] = held["b"]
    row *= x
    return np.sum(taken) * np.sum(held["a"])


def put_in_front(x):
    rows = rows_of(x)
    row = rows[0]
    rows.insert(0, np.ones(2) * x)
    row *= x
    return np.sum(rows[1]) * np.sum(rows[2])


def turned_round(x):
    rows = rows_of(x)
    row = rows[0]
    rows.reverse()
    row *= x
    return np.sum(row) * np.sum(rows[0]) + np.sum(rows[1])


def joined_in_a_loop(x):
    rows = rows_of(x)
    for _ in range(3):
        row = rows[0]
        rows = rows[1:] + [x * row]
        row *= x
        rows[0] += row
    return np.sum(row) * np.sum(rows[0]) + np.sum(rows[1])


def handed_round_in_a_loop(x):
    rows = rows_of(x)
    for _ in range(3):
        row = rows.pop(0)
        row *= x
        rows.append(row)
        rows[0] += row
    return np.sum(row) * np.sum(rows[0]) + np.sum(rows[1])


def extended_and_written(x):
    rows = rows_of(x)
    row = rows[1]
    rows += [np.ones(2) * x]
    rows.extend([row])
    row *= x
    rows[-1] += x
    return np.sum(row) * np.sum(rows[0]) + np.sum(rows[1])


def arrays_by_name(x):
    return {"a": np.ones(2) * x, "b": np.array([1.0, 0.5]) * x * x}


def item_replaced_in_a_dict(x):
    held = arrays_by_name(x)
    row = held["a"]
    held["a"] = held["b"]
    row *= x
    return np.sum(row) * np.sum(held["a"] ** 2) + np.sum(held["b"])


def made_anew_in_a_loop(x):
    rows = rows_of(x)
    for _ in range(3):
        rows = rows_of(np.sum(rows[0]) * 0.3)
        row = rows[0]
        rows.append(row * x)
        rows[0] = rows[1]
        row *= x
        _ = rows.pop(0)
    return np.sum(row) * np.sum(rows[0]) + np.sum(rows[1])


def pair_of_lists(x):
    return [np.ones(2) * x], [np.array([1.0, 0.5]) * x * x]


def item_handed_from_list_to_list(x):
    one, other = pair_of_lists(x)
    row = one[0]
    one[0] = other[0]
    row *= x
    return np.sum(row) * np.sum(one[0] ** 2) + np.sum(other[0])


def table_of(x):
    return [[x, 2.0, x * x], [1.0, x, 3.0], [x ** 3, 1.0, 1.0]]


def rows_exchanged_in_elimination(x):
    m = table_of(x)
    m[0], m[2] = m[2], m[0]
    for i in range(3):
        for j in range(i + 1, 3):
            factor = m[j][i] / m[i][i]
            for k in range(3):
                m[j][k] -= factor * m[i][k]
    return m[0][0] * m[1][1] * m[2][2]


def rows_of_numbers_changed(x):
    m = table_of(x)
    row = m[1]
    m.append([x])
    _ = m.pop(0)
    row[0] *= x
    row.append(x * x)
    m[-1][0] += row[-1]
    return sum(v * (i + 1) * (j + 2) for i, r in enumerate(m) for j, v in enumerate(r))


def ragged_rows(x):
    return [[], [x], [x, x * x]]


def ragged_rows_exchanged(x):
    m = ragged_rows(x)
    m[0].append(x * 3)
    m[0], m[2] = m[2], m[0]
    m[0][1] *= x
    m.insert(1, [x])
    return sum(v * (i + 1) * (j + 2) for i, r in enumerate(m) for j, v in enumerate(r))


def ragged_arrays(x):
    return [[], [np.ones(2) * x]]


def ragged_arrays_exchanged(x):
    m = ragged_arrays(x)
    m[0].append(x * np.ones(2))
    m[0], m[1] = m[1], m[0]
    m[0][0] *= x
    m[0].append(m[1][0])
    m[1][0] += x
    return sum(np.sum(v) * (i + 1) * (j + 2) for i, r in enumerate(m) for j, v in enumerate(r))


def array_of_numbers_in_a_dict_replaced(x):
    held = {"a": np.ones(2) * x, "b": np.array([x + x, x * x])}
    held["b"] = np.ones(2) * 0.5
    row = held["a"]
    row[0] += x * x
    return np.sum(row) * x


def named_rows_of(x):
    return {"a": np.array([x, 0.5]), "b": np.ones(2) * x}


def array_of_a_helper_replaced(x):
    held = named_rows_of(x * 0.6)
    held["a"] = np.array([0.7, x])
    return np.sum(held["b"]) * held["a"][1]


def replaced_by_another_name_in_a_loop(x):
    held = {"a": np.ones(2) * x, "b": np.ones(2) * x * x}
    box, total = [held], 0.0
    for i in range(3):
        same = box[-1]
        same["a"] = np.ones(2) * (x * (i + 1))
        row = same["a"]
        row[0] += x
        total += np.sum(same["a"]) ** 2
    return total


def exchanged_by_another_name_in_a_loop(x):
    rows = [np.ones(2) * x, np.ones(2) * x * x]
    box, total = {"s": rows}, 0.0
    for _ in range(3):
        same = box["s"]
        same[0], same[1] = same[1], same[0]
        row = same[0]
        row[0] += x
        total += np.sum(same[0]) ** 2
    return total


def matrix_in_a_dict_replaced(x):
    held = {"w": x + np.zeros((2, 3)), "p": x * x}
    s = 0.0
    for _ in range(2):
        s += np.sum(np.sum(held["w"], axis=0) * np.arange(3)) * held["p"]
        held["w"] = np.ones((2, 3)) * s
        held["p"] *= x
    return s


def matrix_in_a_list_replaced(x):
    rows = [x + np.zeros((2, 3))]
    s = 0.0
    for _ in range(2):
        s += np.sum(np.max(rows[0], axis=1) * x) + np.mean(rows[0])
        rows[0] = np.outer([1.0, 2.0], [x, s, x * x])
    return s


def arrays_and_a_number(x):
    return {"a": np.ones(2) * x, "b": np.array([1.0, 0.5]) * x * x, "p": x * x}


def array_beside_a_number_replaced(x):
    s = 0.0
    for k in range(3):
        held = arrays_and_a_number(x * (k + 1))
        row = held["a"]
        if k != 1:
            held["a"] = held["b"]
        held["p"] *= x
        row *= x
        s += np.sum(row) * np.sum(held["a"] ** 2) * held["p"]
    return s + np.sum(held["b"])


def table_times(m, x):
    return [[v * x for v in row] for row in m]


def table_of_the_table_exchanged(x):
    m = [[x, 2.0], [1.0, x * x]]
    m = table_times(m, x)
    m[0], m[1] = m[1], m[0]
    row = m[0]
    row[0] *= x
    return m[0][0] * m[1][1] + m[0][1] * m[1][0] ** 2


def taken_off_and_put_back(rows, x):
    row = rows.pop(0)
    rows.append(row * x)
    row *= x
    return np.sum(row)


def changed_by_a_helper_in_a_loop(x):
    rows = rows_of(x) + rows_of(x * x)
    row, s = rows[1], 0.0
    for _ in range(3):
        s += taken_off_and_put_back(rows, x) * np.sum(row)
        row = rows[0]
        row[0] += x
    return s + np.sum(rows[0]) * np.sum(rows[-1])


def array_of_a_helper_summed_and_replaced(x):
    held = arrays_by_name(x)
    s = 0.0
    for _ in range(2):
        s += np.sum(held["a"])
        held["a"] = np.ones(2) * np.exp(x)
    return s


def slice_of_arrays(x):
    rows = [np.array([x, 2.0]), np.array([x * x, 1.0])]
    rows[1:] = [rows[0] * x, rows[1], np.ones(2) * x]
    rows[2][0] = x * x
    return sum(np.sum(row) * (i + 1) for i, row in enumerate(rows))


def default_of_an_empty_dict(x):
    groups = {}
    s = x + sum(groups.get(x > 1, [0.25, 0.5]))
    rows = [np.zeros(3) * s, np.ones(2) + s]
    row, other = rows[1], rows[len(groups) - 1]
    row[0] += s * x
    return x * np.sum(other)


def rows_times(rows, x):
    return [row * x for row in rows]


def rows_of_the_rows_exchanged(x):
    rows = rows_of(x)
    for _ in range(2):
        rows = rows_times(rows, x)
        rows[0], rows[1] = rows[1], rows[0]
        row = rows[0]
        row *= x
    return np.sum(rows[0]) * np.sum(rows[1] ** 2)


REFUSED = [(rows_of_the_rows_exchanged, (0.7,), "read as a whole")]
PROGRAMS = [
    case(slice_of_arrays, 0.8), case(default_of_an_empty_dict, 1.3),
    case(joined_and_written, 0.7), case(joined_to_itself, 0.7), case(repeated_and_written, 0.7),
    case(lists_of_arrays_joined, 0.7), case(tuples_of_arrays_joined, 0.7), case(last_one_taken_off, 0.7),
    case(first_one_taken_off, 0.7), case(some_dropped, 0.7), case(taken_out_of_a_dict, 0.7), case(put_in_front, 0.7),
    case(turned_round, 0.7), case(joined_in_a_loop, 0.7), case(handed_round_in_a_loop, 0.7),
    case(array_of_a_helper_replaced, 0.7), case(replaced_by_another_name_in_a_loop, 0.7),
    case(exchanged_by_another_name_in_a_loop, 0.7), case(array_of_numbers_in_a_dict_replaced, 0.7),
    case(matrix_in_a_dict_replaced, 0.5), case(matrix_in_a_list_replaced, 0.5),
    case(array_of_a_helper_summed_and_replaced, 0.5), case(array_beside_a_number_replaced, 0.5),
    case(table_of_the_table_exchanged, 0.7), case(changed_by_a_helper_in_a_loop, 0.7),
    case(extended_and_written, 0.7), case(item_replaced_in_a_dict, 0.7), case(made_anew_in_a_loop, 0.7),
    case(item_handed_from_list_to_list, 0.7), case(rows_exchanged_in_elimination, 0.7),
    case(rows_of_numbers_changed, 0.7), case(ragged_rows_exchanged, 0.7), case(ragged_arrays_exchanged, 0.7),
]
