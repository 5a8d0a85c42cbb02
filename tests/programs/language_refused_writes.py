"""Writes into arrays, lists, dicts and objects, and reads of variables, in ways that are refused: (function, arguments, words
of the reason)."""
import bisect
import contextlib
import functools
import heapq
import inspect
import operator
import random
import sys
import types

import numpy as np

V = np.array([0.3, -1.1, 0.7, 2.2])


def changed(change, by):
    """A function in which `change` of an array gives what is not used."""
    def f(a):
        b = a * 2.0
        unused = change(b, a)
        return np.sum(b * a) if unused is not a else 0.0
    f.__name__ = f"array_changed_by_{by}"
    return f


def list_changed(change, by):
    def f(a):
        items = [a[0], a[1]]
        unused = change(items, a)
        return sum(items) * items[0] if unused is not a else 0.0
    f.__name__ = f"list_changed_by_{by}"
    return f


def dict_changed(change, by):
    def f(a):
        d = {"p": a[0], "q": a[1]}
        unused = change(d, a)
        return sum(d.values()) * a[2] if unused is not a else 0.0
    f.__name__ = f"dict_changed_by_{by}"
    return f


def median_that_orders_its_input(a):
    b = a * 1.0
    scale = 2.0 if np.median(b, overwrite_input=True) > -9.0 else 1.0
    return np.sum(b * np.arange(4.0)) * scale


def replaced_in_place_or_not(flag, a):
    b = a * 1.0
    np.nan_to_num(b, copy=flag)
    return np.sum(b * b)


def rows_changed(a):
    m = np.outer(a, a)
    [row.__imul__(2.0) for row in m]
    return np.sum(m)


def copy_by_reshape_written(a):
    m = np.outer(a, a).T
    flat = m.reshape(-1)
    flat[1] = a[0]
    return np.sum(m * m) + flat[1] * flat[2]


def copy_of_columns_written(a):
    m = np.outer(a, a)[:, :3]
    flat = m.ravel()
    flat *= a[0]
    return np.sum(m) + flat[1] * flat[2]


def columns_first_written(a):
    m = np.outer(a, a)
    flat = m.reshape(-1, order="F")
    flat[1] = a[0]
    return np.sum(m * m) + flat[1] * flat[2]


def method_kept(a):
    b = a * 2.0
    g = b.fill
    g(a[1])
    return np.sum(b)


def method_in_a_partial(a):
    b = a * 2.0
    functools.partial(b.fill)(2.0)
    return np.sum(b)


class Holder:
    def __init__(self):
        self.values, self.number = np.ones(2), 1.0

    def hold(self, v):
        self.number = v


OUTSIDE, MODULE = Holder(), types.ModuleType("settings")
MODULE.values, MODULE.table = np.ones(2), {"k": 1.0}


def put_first(values, v):
    values[0] = v


def lists_of_unknown_kind_joined(x):
    held = [[np.ones(2) * x, np.ones(2)], 3.0]
    rows = held[0]
    more = rows + rows
    more[0] *= x
    return np.sum(rows[0]) * np.sum(more[2])


def list_of_unknown_kind_repeated(x, held):
    rows = held[0]
    more = rows * 2
    rows[0] *= x
    return np.sum(more[2])


def array_of_an_object_outside(x):
    OUTSIDE.values[0] = x
    return OUTSIDE.values[0] * x


def array_of_an_object_outside_by_a_name(x):
    values = OUTSIDE.values
    values[:] = x
    return np.sum(OUTSIDE.values) * x


def array_of_an_object_outside_by_a_helper(x):
    put_first(OUTSIDE.values, x)
    return OUTSIDE.values[0] * x


def array_of_a_module_outside(x):
    MODULE.values[0] = x
    return MODULE.values[0] * x


def dict_of_a_module_outside(x):
    MODULE.table["k"] = x
    return MODULE.table["k"] * x


def attribute_outside_by_setattr(x):
    setattr(OUTSIDE, "number", x)  # noqa: B010
    return OUTSIDE.number * x


def attribute_outside_by_a_method(x):
    OUTSIDE.hold(x)
    return OUTSIDE.number * x


def attribute_outside_by_another_name(x):
    other = OUTSIDE
    other.number = x
    return OUTSIDE.number * x


def attribute_by_the_dict_of_an_object(x):
    holder = OUTSIDE
    holder.__dict__["number"] = x
    return holder.number * x


def handed_through_a_context(x):
    with contextlib.nullcontext(x) as y:
        return y * x


def evaluated_text(x):
    return eval("x * x") + x


def variables_as_a_dict(x):
    return locals()["x"] * x


def own_variables(x):
    return vars()["x"] * x


def frame_of_the_call(x):
    return sys._getframe().f_locals["x"] * x


def frame_by_inspect(x):
    return inspect.currentframe().f_locals["x"] * x


def globals_by_a_name(x):
    names = globals()
    names["OUTSIDE"].values[0] = x
    return OUTSIDE.values[0] * x


def class_made_of_a_value(x):
    return type("Made", (), {"v": x}).v * x


def records(x):
    a = np.zeros(1, dtype=[("p", float)])
    a["p"] = x
    return a["p"][0] * x


ARRAYS = {
    "__setitem__": lambda b, a: b.__setitem__(0, a[1]), "__iadd__": lambda b, a: b.__iadd__(a),
    "fill": lambda b, a: np.ndarray.fill(b, 2.0), "setitem": lambda b, a: operator.setitem(b, 0, a[1]),
    "iadd": lambda b, a: operator.iadd(b, a), "byteswap": lambda b, a: b.byteswap(True),
    "shuffle": lambda b, a: random.shuffle(b), "permutation": lambda b, a: np.random.shuffle(b),
    "setfield": lambda b, a: b.setfield(2.0, float), "resize": lambda b, a: b.resize((2, 2)),
    "modf": lambda b, a: np.modf(a, b, b),
}
LISTS = {
    "append": lambda l, a: list.append(l, a[2]), "__iadd__": lambda l, a: l.__iadd__([a[2]]),
    "reverse": lambda l, a: l.reverse(), "extend": lambda l, a: l.extend([a[2]]), "clear": lambda l, a: l.clear(),
    "heappush": lambda l, a: heapq.heappush(l, a[2]), "insort": lambda l, a: bisect.insort(l, a[2]),
    "delitem": lambda l, a: operator.delitem(l, 0),
}
DICTS = {
    "__setitem__": lambda d, a: d.__setitem__("p", a[1]), "update": lambda d, a: dict.update(d, p=a[1]),
    "popitem": lambda d, a: d.popitem(), "setitem": lambda d, a: operator.setitem(d, "p", a[1]),
}
COPIES = [
    (replaced_in_place_or_not, (False, V), "np.nan_to_num that copies or not"),
    *((f, (V,), "the reshaped array is a copy") for f in (
        copy_by_reshape_written, copy_of_columns_written, columns_first_written)),
]
REFUSED = [
    *((make(change, by), (V,), by if by != "permutation" else "shuffle")
      for make, changes in ((changed, ARRAYS), (list_changed, LISTS), (dict_changed, DICTS)) for by, change in changes.items()),
    (lists_of_unknown_kind_joined, (1.3,), "of lists"),
    (list_of_unknown_kind_repeated, (1.3, [[np.ones(2), np.ones(2)], 3.0]), "sum of lists|container that is changed"),
    (rows_changed, (V,), "__imul__|share memory"), (median_that_orders_its_input, (V,), "writes over what it is given"),
    *((f, (1.3,), "share memory") for f in (
        array_of_an_object_outside, array_of_an_object_outside_by_a_name, array_of_an_object_outside_by_a_helper,
        array_of_a_module_outside, dict_of_a_module_outside, attribute_outside_by_a_method,
        attribute_outside_by_another_name)),
    (attribute_by_the_dict_of_an_object, (1.3,), "by way of `__dict__`"),
    (attribute_outside_by_setattr, (1.3,), "stands outside"),
    (handed_through_a_context, (1.3,), "context|nullcontext"),
    *((f, (1.3,), "reads the variables of the function unseen") for f in (
        evaluated_text, variables_as_a_dict, own_variables, frame_of_the_call, frame_by_inspect)),
    (globals_by_a_name, (1.3,), "by a name of its own"),
    (class_made_of_a_value, (1.3,), "type"), (records, (1.3,), "an array of records"),
    (method_kept, (V,), "'fill' of an array is kept"),
    (method_in_a_partial, (V,), "'fill' of an array is kept"),
]
