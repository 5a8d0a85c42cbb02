"""Lists of numbers that go by several names, or stand in other lists, and are written."""
import math

import numpy as np
from language_case import case


def list_chosen_by_a_branch(x):
    a = [x, 1.0, 2.0]
    b = a if x > 0 else [0.0]
    b[1] = x * x
    return a[0] * a[1] + a[2] * b[1]


def rows_filled(x):
    N = 3
    rows = [[0.0] * N for _ in range(N)]
    for i in range(N):
        row = rows[i]
        for j in range(N):
            row[j] = x ** (i + j) + i
    return sum(rows[i][j] * (i + 1) for i in range(N) for j in range(N))


def rows_updated(x):
    N = 3
    rows = [[x * (i + j) for j in range(N)] for i in range(N)]
    for i in range(N):
        row = rows[i]
        for j in range(N):
            row[j] *= x
            row[j] += rows[j][i] * 0.5
    return sum(rows[i][j] * (i + 1) for i in range(N) for j in range(N))


def rows_appended_to(x):
    rows = []
    for i in range(3):
        row = []
        rows.append(row)
        for j in range(i + 1):
            row.append(x * (i + 1) + j)
    return sum(v * v for r in rows for v in r)


def symmetric_table(x):
    N = 3
    m = [[0.0] * N for _ in range(N)]
    for i in range(N):
        mi = m[i]
        for j in range(i, N):
            v = math.sin(x * (i + 1)) * (j + 1)
            mi[j] = v
            m[j][i] = v * x
    s = 0.0
    for i in range(N):
        for j in range(N):
            s += m[i][j] * (i + 2 * j)
    return s


def lists_swapped(x):
    a, b = [x, 1.0], [2.0, x * x]
    for k in range(3):
        a[0] = a[0] * b[1]
        b[0] = a[1] + b[0] * x
        a, b = b, a
    return a[0] * b[1] + b[0] * 3


def popped_by_two_names(x):
    a = [x, x * x, 3.0]
    b = a if x > 0 else []
    y = b.pop()
    z = a.pop()
    a.append(y * z)
    return b[0] * b[1] * y


def inserted_by_another_name(x):
    a = [x, x * x]
    b = a if x > 0 else []
    b.insert(0, x ** 3)
    return a[0] * a[1] + b[2]


def read_as_a_whole(x):
    a = [x, x * x]
    b = a if x > 0 else [1.0]
    b[0] = x * 3
    s = sum(a) * np.dot(a, b)
    b[1] = s
    return a[1] * a[0]


def slice_written_by_another_name(x):
    a = [x, x * x, 1.0, 2.0]
    b = a if x > 0 else [1.0]
    b[1:3] = [x ** 3, a[0]]
    return a[1] * a[2] + b[0]


def copies_of_a_shared_list(x):
    a = [x, x * x]
    b = a if x > 0 else [1.0]
    c = list(b)
    b[0] = 5.0 * x
    d = a.copy()
    d[1] = x
    return c[0] * a[0] + d[1] * d[0] * c[1]


def deleted_by_another_name(x):
    a = [x, x * x, x ** 3]
    b = a if x > 0 else [1.0]
    del b[0]
    return a[0] * b[1]


def extended_by_another_name(x):
    a = [x]
    b = a if x > 0 else [1.0]
    b.extend([x * x, 2.0])
    b += [x]
    return a[1] * a[3] + a[2]


def rows_of_an_argument(x, rows):
    for i in range(len(rows)):
        row = rows[i]
        row[0] = row[0] * x
        row[1] += row[0]
    return sum(r[0] * r[1] for r in rows)


def one_row_twice(x):
    r = [x, x]
    rows = [r, r, [1.0, x]]
    rows[0][0] = x * x
    rows[2][1] = rows[1][0] * 2
    return rows[1][0] * rows[2][1] + rows[0][1]


def rows_that_are_one(x):
    rows = [[x, 1.0]] * 2
    rows[0][1] = x * x
    return rows[1][1] * rows[1][0]


def lists_in_a_dict(x):
    d = {"a": [x, 1.0], "b": [2.0, x]}
    for k in ("a", "b", "a"):
        items = d[k]
        items[0] = items[0] * x + items[1]
    return d["a"][0] * d["b"][0]


def fill(row, x):
    for j in range(len(row)):
        row[j] = row[j] + x * j


def rows_filled_by_a_helper(x):
    rows = [[x] * 3 for _ in range(2)]
    for r in rows:
        fill(r, x)
    return rows[0][2] * rows[1][1]


def getrow(rows, i):
    return rows[i]


def row_given_by_a_helper(x):
    rows = [[x] * 3 for _ in range(2)]
    r = getrow(rows, 1)
    r[0] = x ** 3
    return rows[1][0] * rows[0][0]


def whole_numbers_replaced(x):
    a = [0] * 3
    b = a if x > 0 else [1]
    b[1] = x * x
    return a[1] * x + a[0]


def written_until_large(x):
    a = [x, 1.0, 2.0]
    b = a if x > 0 else [0.0]
    for k in range(3):
        b[k] = a[0] * x
        if a[0] > 1.5:
            break
    return a[0] * a[1] + a[2]


def extrapolation_table(x):
    T = [[0.0] * 4 for _ in range(4)]
    for i in range(4):
        T[i][0] = x ** i
        for k in range(1, i + 1):
            T[i][k] = T[i][k - 1] + (T[i][k - 1] - T[i - 1][k - 1]) / (2 ** k - 1)
    return T[3][3]


def rows_of_an_argument_summed(x, rows):
    s = 0.0
    for row in rows:
        for j in range(len(row)):
            s += row[j] * x
            row[j] = s
    return s * rows[0][1]


def length_by_another_name(x):
    a = [1, 2]
    b = a if x > 0 else [0, 5, 6]
    b.append(3)
    if len(a) == 3:
        return x * x
    return x


def key_of_one_of_two_dicts(x):
    a = {"u": 1}
    b = a if x > 0 else {"w": 2}
    b["v"] = 3
    if "v" in a:
        return x * x
    return x


def kind_of_an_item(x):
    a = [1, 2]
    b = a if x > 0 else [0.5]
    b[0] = "s"
    if isinstance(a[0], str):
        return x * x
    return x


def one_of_two(a, b, k):
    return a if k % 2 else b


def other_list_from_the_second_trip_on(x):
    a, b = [x, x * x], [2.0 * x]
    c = a
    for k in range(4):
        c.append(x * k)
        c = one_of_two(b, a, k)
    return sum(a) * sum(b) * len(c)


def stored_by_a_helper(d, key, value):
    d[key] = value
    return d


def other_dict_from_the_second_trip_on(x):
    d, e = {"a": x}, {"a": x * x}
    current = d
    for k in range(3):
        current["a"] = current["a"] * (x + k)
        current = stored_by_a_helper(e if k == 0 else d, "b", x * k)
    return d["a"] * e["a"] + current["b"]


class TwoNames:
    def __init__(self):
        self.items = []
        self.same = self.items

    def add(self, value):
        self.items.append(value)

    def both(self):
        return sum(self.items) + 2.0 * sum(self.same)


def one_list_in_two_attributes(x):
    held = TwoNames()
    for k in range(3):
        held.add(x ** (k + 1))
    return held.both() * held.same[1]


def popped_and_dropped(x):
    items = [x, x * x, 3.0, x ** 3]
    items.pop(1)
    for _ in range(2):
        items.append(x * items[0])
        items.pop(0)
    same = items
    same.pop()
    return items[0] * items[-1] * len(items)


def second(a, b):
    return b


def array_in_a_list_updated_by_a_call(x):
    rows = [np.ones(2) * 0.3, np.ones(2) * 0.4]
    same, rows[1] = rows[1], rows[1]
    rows[1] += second(0.2, x)
    return np.sum(same) * np.sum(rows[1])


def raised(items, x):
    items[0] += second(0.2, x)


def items_and_rows_updated_by_a_helper(x):
    T, rows = np.ones((2, 2)) * x, [np.ones(2) * x]
    same = rows[0]
    raised(rows, x)
    raised(T, x)
    return np.sum(same) * np.sum(rows[0]) * np.sum(T)


def containers_in_a_dict_updated_by_calls(x):
    d = {"a": [1.0, x], "b": np.ones(2)}
    first, other = d["a"], d["b"]
    d["a"] += [second(0.2, x)]
    d["b"] *= second(0.2, x) + x
    return sum(first) * sum(d["a"]) * np.sum(other) * d["b"][0]


def appended_in_a_loop_under_another_name(x):
    """A list with a second name gets items in a loop; read by that name after it."""
    items = [x]
    other = items
    for k in range(3):
        items.append(x * x + k)
    return other[-1] * other[0]


def extended_in_a_loop_under_a_key(x):
    """A list that is in a dict gets the items of another in a loop, and is read by the key."""
    rows, total = [np.array([x, 1.0])], 0.0
    box = {"rows": rows}
    for k in range(2):
        found = box["rows"]
        rows += [np.array([x * k, np.tanh(x + total)])]
        total += np.sum(found[-1]) * found[0][0]
    return total


PROGRAMS = [
    case(appended_in_a_loop_under_another_name, 0.8), case(extended_in_a_loop_under_a_key, 0.8),
    case(popped_and_dropped, 0.8),
    case(list_chosen_by_a_branch, 1.3),
    case(rows_filled, 1.3),
    case(rows_updated, 1.3),
    case(rows_appended_to, 1.3),
    case(symmetric_table, 1.3),
    case(lists_swapped, 1.3),
    case(popped_by_two_names, 1.3),
    case(inserted_by_another_name, 1.3),
    case(read_as_a_whole, 1.3),
    case(slice_written_by_another_name, 1.3),
    case(copies_of_a_shared_list, 1.3),
    case(deleted_by_another_name, 1.3),
    case(extended_by_another_name, 1.3),
    case(rows_of_an_argument, 1.3, [[1.0, 2.0], [0.5, 3.0]], wrt=(0,)),
    case(one_row_twice, 1.3),
    case(rows_that_are_one, 1.3),
    case(lists_in_a_dict, 1.3),
    case(rows_filled_by_a_helper, 1.3),
    case(row_given_by_a_helper, 1.3),
    case(whole_numbers_replaced, 1.3),
    case(written_until_large, 1.3),
    case(extrapolation_table, 1.3),
    case(rows_of_an_argument_summed, 1.3, [[1.0, 2.0], [0.5, 3.0]], wrt=(0,)),
    case(length_by_another_name, 1.3),
    case(key_of_one_of_two_dicts, 1.3),
    case(kind_of_an_item, 1.3),
    case(other_list_from_the_second_trip_on, 0.8),
    case(other_dict_from_the_second_trip_on, 0.8),
    case(one_list_in_two_attributes, 0.8),
    case(array_in_a_list_updated_by_a_call, 0.7),
    case(items_and_rows_updated_by_a_helper, 0.7), case(containers_in_a_dict_updated_by_calls, 0.7),
]
