"""Arguments that are changed and differentiated: lists, dicts and tuples of arrays and numbers, to any depth."""
import numpy as np
from language_case import case, some


def tuple_of_arrays_written(parts):
    x, y = parts
    x *= y
    return np.sum(x * y)


def stars_written(*parts):
    first = parts[0]
    first[0] = first[0] ** 2
    return np.sum(first * parts[1])


def array_in_a_list_written(parts):
    parts[0][0] = parts[1][1] * parts[0][0]
    return np.sum(parts[0] * parts[1])


def arrays_in_a_dict_written(parts):
    parts["a"][0] = parts["b"][1] * parts["a"][0]
    for v in parts.values():
        v *= v[0]
    return np.sum(parts["a"] * parts["b"])


def nested_tuple_written(parts):
    (x, y), z = parts
    x[1] = y[0] * z
    y *= x
    return np.sum(x * y) * z


def items_replaced_and_swapped(parts):
    parts[0], parts[1] = parts[1], parts[0] * parts[1]
    parts[0][0] = 3.0 * parts[1][1]
    return np.sum(parts[0] * parts[1])


def list_of_numbers_grown(numbers, x):
    for i in range(2):
        numbers[i] = numbers[i] ** 2 * x
        numbers.append(numbers[0] * numbers[i])
    return sum(numbers) * numbers[-1]


def items_popped_and_put_back(parts):
    last = parts.pop()
    parts.append(last * last)
    parts.insert(0, last)
    return np.sum(parts[0] * parts[1] * parts[2])


def key_taken_out(parts, x):
    taken = parts.pop("a")
    parts["c"] = taken * parts["b"]
    del parts["b"]
    return np.sum(parts["c"] ** 2) * x


def state_of_a_simulation(state, n):
    for _ in range(n):
        state["v"] += -0.1 * state["p"] * state["k"]
        state["p"] += 0.1 * state["v"]
        state["energy"].append(np.sum(state["v"] ** 2) + state["k"] * np.sum(state["p"] ** 2))
    return sum(state["energy"])


def table_of_numbers_scaled(table, x):
    for k in table:
        table[k] = table[k] * x + k
    return sum(v * v for v in table.values())


def layers_updated(layers, x):
    for layer in layers:
        layer["w"] -= 0.1 * layer["w"] ** 3
        layer["b"] = layer["b"] * 2.0
        x = np.tanh(layer["w"] @ x + layer["b"])
    return np.sum(x)


def written_by_a_helper(x, factors):
    return _scaled(*(x, factors)) + np.sum(x ** 2)


def _scaled(x, factors):
    x *= factors
    return np.sum(x)


def items_of_a_list_handed_over(x, y):
    parts = [x * 1.0, y * 1.0]
    return _scaled(parts[0], parts[1]) * np.sum(parts[0])


A, B = some(3), some(3) * 0.5 + 0.2
PROGRAMS = [
    *(case(f, args, wrt=(0,)) for f, args in [
        (tuple_of_arrays_written, (A, B)), (array_in_a_list_written, [A, B]), (arrays_in_a_dict_written, {"a": A, "b": B}),
        (nested_tuple_written, ((A, B), 0.7)), (items_replaced_and_swapped, [A, B]), (items_popped_and_put_back, [A, B])]),
    case(stars_written, A, B), case(stars_written, A, B, wrt=(0,)), case(written_by_a_helper, A, B),
    case(list_of_numbers_grown, [0.7, 1.2], 0.6, wrt=(0, 1)), case(key_taken_out, {"a": A, "b": B}, 0.7, wrt=(0, 1)),
    case(state_of_a_simulation, {"p": A, "v": B, "k": 0.7, "energy": []}, 3, wrt=(0,)),
    case(table_of_numbers_scaled, {1: 0.6, 2: 0.8}, 0.7, wrt=(0, 1)),
    case(layers_updated, [{"w": some(2, 2), "b": some(2)}, {"w": some(2, 2) * 0.5, "b": some(2) * 2.0}], some(2), wrt=(0, 1)),
    case(items_of_a_list_handed_over, A, B, smooth=True),
]
