"""Lists, tuples and dicts: built, indexed, written, passed and returned."""
import math

import numpy as np
from language_case import case, some


def list_built_and_indexed(x):
    items = [x, x * x, 3.0]
    return items[0] * items[1] + items[-1] * items[2]


def list_appended_after_its_loop(x, n):
    items = []
    y = x
    for _ in range(n):
        for item in items:
            y = y * item + x
    items.append(y * y)
    return y + sum(items)


def list_appended(x, n):
    items = []
    for i in range(n):
        items.append(x**i)
    s = 0.0
    for item in items:
        s = s + item * item
    return s


def list_read_back(x, n):
    items = [x]
    for i in range(n):
        items.append(math.sin(items[i]) + items[-1] * x)
    return items[n] * items[0]


def list_item_written(x):
    items = [x, x * x]
    items[0] = items[1] * x
    items[1] += items[0]
    return items[0] * items[1]


def list_items_swapped(x, y):
    items = [x, y]
    items[0], items[1] = items[1], items[0] * x
    return items[0] ** 2 * items[1]


def list_slices(x):
    items = [x, 2.0 * x, x * x, 1.0]
    return sum(items[1:3]) * items[:2][1]


def list_concatenated(x):
    items = [x] + [x * x, x**3]
    items += [1.0 + x]
    return sum(items) * len(items)


def list_repeated(x):
    items = [x * x] * 3
    items[1] = x
    return sum(items)


def list_popped(x):
    items = [x, x * x, x**3]
    last = items.pop()
    first = items.pop(0)
    return last * first + items[0]


def list_of_lists(x):
    grid = [[x, 1.0], [x * x, x]]
    grid[0][1] = grid[1][0] * x
    return grid[0][0] * grid[0][1] * grid[1][1]


def list_of_arrays(a, n):
    history = [a]
    for _ in range(n):
        history.append(np.sin(history[-1]) * a)
    return np.sum(history[-1] * history[1])


def list_of_pairs(a):
    pairs = []
    for v in a:
        pairs.append((v * v, v))
    return pairs[0][1] * pairs[1][0]


def list_of_arrays_stacked(a, n):
    rows = []
    for i in range(n):
        rows.append(a * (i + 1.0))
    return np.sum(np.array(rows) ** 2)


def list_of_lists_to_array(x, y):
    m = np.array([[x, y], [x * y, 1.0]])
    return np.linalg.det(m)


def nested_comprehension(a):
    m = np.array([[u * v for v in a] for u in a])
    return np.sum(m[0]) * m[1, 0]


def tuple_built_and_indexed(x):
    pair = (x * x, x)
    return pair[0] * pair[1]


def tuple_rebuilt_in_loop(x, n):
    state = (x, 1.0)
    for _ in range(n):
        state = (state[1] * x, state[0] + state[1])
    return state[0] * state[1]


def tuple_unpacked_in_loop(x):
    s = 0.0
    for u, v in [(x, 2.0), (x * x, x)]:
        s = s + u * v
    return s


def tuples_zipped(x, y):
    s = 1.0
    for u, k in zip((x, y), (2, 3)):
        s = s * u**k
    return s


def starred_indices(a):
    position = (1, 0)
    return a[position] * a[0, 1]


def dict_built_and_indexed(x):
    parts = {"u": x, "v": x * x}
    return parts["u"] * parts["v"]


def dict_written(x, n):
    parts = {"s": x}
    parts["t"] = x * x
    for _ in range(n):
        parts["s"] = parts["s"] * parts["t"]
        parts["t"] += parts["s"]
    return parts["s"] + parts["t"]


def item_of_another_shape(x):
    items = [x * x]
    s = items[0] * 2.0
    items[0] = np.array([x, 2.0 * x, x * x])
    return s + np.sum(items[0] * items[0])


def key_of_another_shape(x):
    table = {"k": x * x}
    s = table["k"] * 2.0
    table["k"] = np.array([x, 2.0 * x, x * x])
    table["l"] = table["k"] * x
    return s + np.sum(table["k"] * table["l"])


def dict_with_integer_keys(x, n):
    memory = {0: x, 1: x * x}
    for i in range(2, n):
        memory[i] = memory[i - 1] * 0.5 + memory[i - 2] * x
    return memory[n - 1]


def dict_membership(x):
    cache = {}
    for k in (1, 2, 1):
        if k not in cache:
            cache[k] = x**k
        x = x + cache[k]
    return x


def dict_of_items(x):
    parts = {"u": x, "v": x * x}
    s = 1.0
    for name, value in parts.items():
        if name == "u":
            s = s * value
        s = s + value * x
    return s


def dict_values_and_get(x):
    parts = {"u": x, "v": x * x}
    return sum(parts.values()) * parts.get("u", 1.0) + parts.get("w", 2.0) * x


def dict_of_parameters(parameters, x):
    hidden = np.tanh(parameters["w"] @ x + parameters["b"])
    return np.sum(hidden**2) * parameters["scale"]


def list_of_layers(layers, x):
    for w, b in layers:
        x = np.tanh(w @ x + b)
    return np.sum(x * x)


def tuple_argument(pair):
    u, v = pair
    return u * v * v


def list_argument(items):
    s = 0.0
    for i in range(len(items)):
        s = s + items[i] ** (i + 1)
    return s


def list_argument_appended(items, x):
    items.append(x * items[0])
    return items[-1] * x


def dict_argument_written(parts, x):
    parts["u"] = parts["u"] * x
    return parts["u"] ** 2


def helper_returns_dict(x):
    def moments(v):
        return {"mean": v * 0.5, "square": v * v}

    m = moments(x)
    return m["mean"] * m["square"]


def helper_fills_list(x):
    def extend(items, v):
        items.append(v)
        items.append(v * v)

    items = []
    extend(items, x)
    extend(items, items[1])
    return items[3] * items[0]


def shape_unpacked(m):
    rows, columns = m.shape
    s = 0.0
    for i in range(rows):
        s = s + m[i, columns - 1] * rows
    return s


def runge_kutta(x, k, steps):
    def slope(state):
        return [state[1], -k * state[0]]

    state, h = [x, 0.0], 0.1
    for _ in range(steps):
        first = slope(state)
        half = [state[0] + 0.5 * h * first[0], state[1] + 0.5 * h * first[1]]
        second = slope(half)
        state = [state[0] + h * second[0], state[1] + h * second[1]]
    return state[0] ** 2 + state[1]


A = some(3)
PROGRAMS = [
    case(list_built_and_indexed, 0.8), case(list_appended, 0.8, 4, smooth=True), case(list_appended, 0.8, 0),
    case(list_appended_after_its_loop, 0.7, 2),
    case(list_read_back, 0.8, 3, smooth=True), case(list_item_written, 0.8), case(list_items_swapped, 0.8, 1.3),
    case(list_slices, 0.8), case(list_concatenated, 0.8), case(list_repeated, 0.8), case(list_popped, 0.8),
    case(list_of_lists, 0.8), case(list_of_arrays, A, 3), case(list_of_pairs, A), case(list_of_arrays_stacked, A, 3),
    case(list_of_lists_to_array, 0.8, 1.3), case(nested_comprehension, A), case(tuple_built_and_indexed, 0.8),
    case(tuple_rebuilt_in_loop, 0.8, 4), case(tuple_unpacked_in_loop, 0.8), case(tuples_zipped, 0.8, 1.3),
    case(starred_indices, some(2, 2)), case(dict_built_and_indexed, 0.8), case(dict_written, 0.8, 3, smooth=True),
    case(item_of_another_shape, 0.8), case(key_of_another_shape, 0.8),
    case(dict_with_integer_keys, 0.8, 5), case(dict_membership, 0.8), case(dict_of_items, 0.8),
    case(dict_values_and_get, 0.8),
    case(dict_of_parameters, {"w": some(2, 3), "b": some(2), "scale": 1.5}, A, wrt=(0, 1)),
    case(list_of_layers, [(some(2, 3), some(2)), (some(2, 2), some(3)[1:])], A, wrt=(0, 1)),
    case(tuple_argument, (0.8, 1.3), wrt=(0,)), case(list_argument, [0.8, 1.3, 0.6], wrt=(0,)),
    case(list_argument_appended, [0.8, 1.3], 0.6, wrt=(0, 1)),
    case(dict_argument_written, {"u": 0.8}, 0.6, wrt=(0, 1)), case(helper_returns_dict, 0.8),
    case(helper_fills_list, 0.8), case(shape_unpacked, some(2, 3)), case(runge_kutta, 0.8, 1.3, 5, smooth=True),
]
