"""Writes into arrays, lists and dicts in ways that are refused: (function, arguments, words of the reason)."""
import bisect
import functools
import heapq
import operator
import random

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


def method_kept(a):
    b = a * 2.0
    g = b.fill
    g(a[1])
    return np.sum(b)


def method_in_a_partial(a):
    b = a * 2.0
    functools.partial(b.fill)(2.0)
    return np.sum(b)


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
REFUSED = [
    *((make(change, by), (V,), by if by != "permutation" else "shuffle")
      for make, changes in ((changed, ARRAYS), (list_changed, LISTS), (dict_changed, DICTS)) for by, change in changes.items()),
    (method_kept, (V,), "'fill' of an array is kept"),
    (method_in_a_partial, (V,), "'fill' of an array is kept"),
]
