"""Copies of structures: `copy.copy`, `copy.deepcopy`, `dataclasses.astuple`, `asdict` and `replace`."""
import copy
from copy import deepcopy
from dataclasses import asdict, astuple, dataclass, field, replace

import numpy as np
from language_case import case, some


@dataclass
class State:
    position: np.ndarray
    velocity: np.ndarray
    mass: float = 2.0
    label: str = "ball"


@dataclass(frozen=True)
class Law:
    slope: float
    shift: float = 0.5
    bounds: tuple = (0.0, 1.0)


@dataclass
class Log:
    values: list = field(default_factory=list)
    total: float = 0.0


def list_of_arrays_copied_deeply(x):
    old = [x * 1.0, x * 2.0]
    new = copy.deepcopy(old)
    new[0][0] = 5.0
    new[1] *= x
    return np.sum(old[0] * new[0] + new[1] * old[1])


def dict_copied_deeply(x):
    old = {"a": x * x, "b": [x, 2.0 * x], "c": "name"}
    new = deepcopy(old)
    new["a"][0] = 7.0
    new["b"].append(x ** 3)
    return np.sum(new["a"] * old["a"]) + sum(np.sum(v) for v in new["b"]) * len(old["b"])


def rows_copied_deeply(x):
    grid = [[x, 2.0 * x], [x * x, 1.0]]
    new = deepcopy(grid)
    new[1][1] = x * x
    return sum(a * b for old_row, row in zip(grid, new, strict=True) for a, b in zip(old_row, row, strict=True))


def steps_from_a_deep_copy(x, n):
    start = {"p": x, "v": np.ones(3)}
    total = 0.0
    for i in range(n):
        state = deepcopy(start)
        state["v"] *= x
        state["p"] = state["p"] + (i + 1) * state["v"]
        total = total + np.sum(state["p"] ** 2)
    return total * np.sum(start["v"])


def tuple_copied_deeply(x):
    old = (x * x, [x, x + 1.0])
    new = deepcopy(old)
    return np.sum(old[0] * new[0]) + np.sum(new[1][0] * old[1][0] * new[1][1])


def list_copied_flat(x):
    old = [x * 1.0, x * 2.0]
    new = copy.copy(old)
    new[0][0] = 5.0
    new[1] = x
    return np.sum(old[0] * new[1] + old[1])


def data_class_copied(x):
    old = State(x * 1.0, x * x)
    new = copy.copy(old)
    new.velocity = x ** 3
    new.position[0] = 4.0
    return np.sum(old.position * old.velocity) + np.sum(new.position * new.velocity) * new.mass


def data_class_copied_deeply(x):
    old = State(x * 1.0, x * x)
    new = copy.deepcopy(old)
    new.position[0] = 4.0
    return np.sum(old.position * old.velocity) + np.sum(new.position * new.velocity) * len(new.label)


def data_class_with_a_list_copied_deeply(x):
    old = Log([x], x)
    new = deepcopy(old)
    new.values.append(x * x)
    new.total = new.total + x * x
    return sum(new.values) * new.total + sum(old.values) * old.total + len(old.values)


def fields_as_a_tuple(x):
    position, velocity, mass, _ = astuple(State(x * 1.0, x * x))
    position[0] = 3.0
    return np.sum(position * velocity) * mass


def fields_as_a_dict(x):
    state = State(x * 1.0, x * x)
    fields = asdict(state)
    fields["position"][1] = 2.0
    return np.sum(fields["position"] * state.position * fields["velocity"]) * fields["mass"]


def field_replaced(x):
    law = Law(x)
    other = replace(law, slope=law.slope * x)
    return other.slope * other.shift + law.slope * other.bounds[1]


def fields_of_an_argument(law, x):
    slope, shift, (low, high) = astuple(law)
    return (slope * x + shift) * high + low


def copy_of_an_argument(state, x):
    new = copy.deepcopy(state)
    new.position[0] = x[0]
    new.velocity *= x
    return np.sum(new.position * new.velocity * state.position) * new.mass


X = some(3)
PROGRAMS = [
    *(case(f, X, smooth=True) for f in (
        list_of_arrays_copied_deeply, dict_copied_deeply, tuple_copied_deeply, list_copied_flat, data_class_copied,
        data_class_copied_deeply, fields_as_a_tuple, fields_as_a_dict)),
    case(rows_copied_deeply, 0.7, smooth=True), case(steps_from_a_deep_copy, X, 3, smooth=True),
    case(data_class_with_a_list_copied_deeply, 0.7, smooth=True), case(field_replaced, 0.7, smooth=True),
    case(fields_of_an_argument, Law(0.4), 0.7), case(fields_of_an_argument, Law(0.4), 0.7, wrt=(1,)),
    case(copy_of_an_argument, State(some(3), some(3) * 0.5), X, wrt=(1,)),
]
