"""Dicts of lists and of dicts, filled by groups: setdefault, defaultdict, lists that grow where the dict holds them."""
from collections import OrderedDict, defaultdict
from functools import partial

import numpy as np
from language_case import case, some


def grouped_by_letter(x):
    groups = {}
    for k, v in zip("abaab", x):
        if k not in groups:
            groups[k] = []
        groups[k].append(v)
    total = 0.0
    for k in groups:
        for v in groups[k]:
            total += v * v * len(groups[k])
    return total


def grouped_by_setdefault(x):
    groups = {}
    for i, v in enumerate(x):
        groups.setdefault(i % 2, []).append(v ** 2)
    return sum(groups[0]) * groups[1][0]


def grouped_by_defaultdict(x):
    groups = defaultdict(list)
    for k, v in zip("abaab", x):
        groups[k].append(v)
    total = 0.0
    for vs in groups.values():
        mean = sum(vs) / len(vs)
        for v in vs:
            total += (v - mean) ** 2
    return total


def groups_as_arrays(x):
    groups = {}
    for k, v in zip("abaab", x):
        groups.setdefault(k, []).append(v)
    total = 0.0
    for k, vs in groups.items():
        total += np.var(np.array(vs)) * (2.0 if k == "b" else 1.0)
    return total + np.max(groups["a"])


def summed_by_letter_with_a_default(x):
    total = defaultdict(float)
    for k, v in zip("abaab", x):
        total[k] += v * v
    return total["a"] * total["b"] + total["c"] + len(total) * x[0]


def updated_in_a_dict_of_numbers(x):
    total = {}
    for k, v in zip("abaab", x):
        if k not in total:
            total[k] = 1.0
        total[k] *= v
        total[k] -= v * v
    return total["a"] * total["b"]


def two_levels_of_defaults(x):
    d = defaultdict(lambda: defaultdict(float))
    for i, v in enumerate(x):
        d[i % 2][i % 3] += v * v
    return d[0][0] * d[1][1] + sum(d[0].values())


def arrays_by_default(x):
    d = defaultdict(lambda: np.zeros(3))
    for i, v in enumerate(x):
        d[i % 2][i % 3] += v * v
        d[i % 2] *= 1.5
    return d[0][0] * d[1][1] + np.sum(d[5] * d[0]) + len(d)


def lists_by_default(x):
    d = defaultdict(lambda: [0.0, 1.0])
    for i, v in enumerate(x):
        d[i % 2][0] += v * v
        d[i % 2][1] *= v
    return sum(d[k][0] * d[k][1] * (k + 1) for k in sorted(d))


def counted_by_default(x):
    count = defaultdict(int)
    for i in range(len(x)):
        count[i % 3] += 1
    return sum(v * v / count[i % 3] for i, v in enumerate(x))


def setdefault_in_setdefault(x):
    d = {}
    for i, v in enumerate(x):
        d.setdefault(i % 2, {}).setdefault(i % 3, []).append(v * v)
    return sum(d[0][0]) * sum(d[1][1])


def tables_in_a_dict(x):
    rows = {"a": {}, "b": {}}
    for i, v in enumerate(x):
        rows["ab"[i % 2]][i] = v * v
    return sum(rows["a"].values()) * sum(rows["b"].values())


def neighbours_of_a_graph(x):
    edges, graph = [(0, 1), (1, 2), (0, 2), (2, 3), (3, 0)], defaultdict(list)
    for (u, v), w in zip(edges, x):
        graph[u].append((v, w))
        graph[v].append((u, w))
    level = [1.0, 0.0, 0.0, 0.0]
    for _ in range(2):
        new = [0.0] * 4
        for u in range(4):
            for v, w in graph[u]:
                new[v] += w * level[u]
        level = new
    return level[0] * level[3]


def grouped_by_a_helper(x):
    def put(groups, k, v):
        groups.setdefault(k, []).append(v)

    groups = {}
    for i, v in enumerate(x):
        put(groups, i % 2, v * x[0])
    return sum(groups[0]) * sum(groups[1])


def same_list_under_two_keys(x):
    d, shared = {}, [x[0]]
    for i in range(3):
        d[i] = shared if i < 2 else [x[1]]
    d[0].append(x[2] * x[2])
    d[2].append(x[3])
    shared[0] = shared[0] * x[4]
    return d[1][0] * d[1][1] + d[2][0] * d[2][1] + len(d[1])


def list_taken_out_and_put_back(x):
    d = {0: [x[0]], 1: [x[1], x[2]]}
    d[0].append(x[3])
    kept = d.pop(0)
    kept[0] *= x[4]
    d[7] = kept
    kept.append(x[0])
    return sum(d[7]) * d[1][0] + len(d)


def list_replaced_while_held(x):
    d = {i: [x[i]] for i in range(3)}
    old = d[1]
    d[1] = [v * 2.0 for v in old]
    old.append(x[4])
    d[1].append(old[0] * old[1])
    return sum(d[1]) * sum(old) + d[2][0]


def default_read_in_a_branch(x):
    d = defaultdict(float)
    if x[0] > 0.0:
        d["a"] += x[0] * x[1]
    return (d["a"] + x[2]) * (d["b"] + x[3]) + len(d)


def plain_copy_of_a_defaultdict(x):
    d = defaultdict(float)
    d["a"] += x[0] * x[1]
    e = dict(d)
    e["a"] *= x[2]
    f = d.copy()
    f["c"] += x[3] + f["a"]
    return d["a"] * e["a"] + f["c"] * ("c" in d or 1.0)


def ordered_dict_filled(x):
    d = OrderedDict()
    for i, v in enumerate(x):
        d[i] = v * v
    return sum(d.values()) * d[0]


def looked_up_by_a_helper(x):
    d = defaultdict(float)
    d["a"] += x[0]
    return (item_doubled(d, "a") + item_doubled(d, "b") + x[1]) * len(d)


def item_doubled(d, k):
    return d[k] * 2.0


class Bag:
    """Values by groups."""

    def __init__(self):
        self.groups = defaultdict(list)

    def add(self, k, v):
        self.groups[k].append(v)

    def total(self):
        return sum(sum(vs) ** 2 for vs in self.groups.values())


def groups_in_an_object(x):
    bag = Bag()
    for i, v in enumerate(x):
        bag.add(i % 2, v)
    return bag.total()


def tables_by_default(x):
    d = defaultdict(dict)
    for i, v in enumerate(x):
        d[i % 2][i] = v * v
    return sum(sum(row.values()) ** 2 for row in d.values())


def shortest_paths(x):
    graph = {}
    for i in range(4):
        graph.setdefault(i, []).append(((i + 1) % 5, x[i]))
        graph.setdefault((i + 1) % 5, []).append((i, x[i]))
    distance = {i: float("inf") for i in range(5)}
    distance[0] = 0.0
    left = [0, 1, 2, 3, 4]
    while left:
        u = min(left, key=lambda n: distance[n])
        left.remove(u)
        for v, w in graph[u]:
            if distance[u] + w < distance[v]:
                distance[v] = distance[u] + w
    return distance[3] * distance[4]


def products_of_neighbours(x):
    d = defaultdict(lambda: [1.0])
    for i, v in enumerate(x):
        d[i % 2].append(d[i % 2][-1] * v)
    return sum(a * b for k in d for a, b in zip(d[k], d[k][1:]))


def queue_of_states(x):
    best, left = {0: x[0]}, [0]
    while left:
        i = left.pop(0)
        for j in (2 * i + 1, 2 * i + 2):
            if j < 5:
                best[j] = best[i] * x[j]
                left.append(j)
    return sum(best.values())


def read_on_one_side_of_a_test(x):
    d = defaultdict(float)
    d["a"] += x
    return x * 2.0 if x > 5.0 or d["b"] < 1.0 else x


def read_in_the_test_of_a_loop(x):
    d = defaultdict(float)
    while d["a"] < 3.0:
        d["a"] += x
    return d["a"]


def default_of_a_variable(x):
    y = x * x
    d = defaultdict(lambda: y)
    d["a"] += x
    return d["a"]


def default_of_a_partial(x):
    d = defaultdict(partial(np.zeros, 2))
    d["a"][0] += x
    return d["a"][0] * x


def made_of_pairs(x):
    d = defaultdict(float, [("a", x)])
    return d["a"] * x


def ordered_pairs(x):
    d = OrderedDict([("a", x), ("b", 2.0)])
    return d["a"] * d["b"]


def plain_dict_of_pairs(x):
    pairs = [("a", x), ("b", x * x)]
    return dict(pairs)["b"] * x


REFUSED = [
    (plain_dict_of_pairs, (1.3,), "a dict that is made of a list of pairs"),
    (read_on_one_side_of_a_test, (1.3,), "a defaultdict lacks"), (read_in_the_test_of_a_loop, (1.3,), "a defaultdict lacks"),
    (default_of_a_variable, (1.3,), "a defaultdict lacks"), (default_of_a_partial, (1.3,), "a defaultdict lacks"),
    (made_of_pairs, (1.3,), "a dict is made of"), (ordered_pairs, (1.3,), "a dict is made of"),
]


def damped_by_a_missing_group(p):
    for i in range(3):
        p *= 0.5
        groups = {}
        p += 0.3 * sum(groups.get(i, [0.59]))
    return np.cos(p)


def number_that_meets_a_group(x, n):
    return damped_by_a_missing_group(sum([x for _ in range(n)]))


PROGRAMS = [case(f, some(5) + 1.5, smooth=True) for f in (
    grouped_by_letter, grouped_by_setdefault, grouped_by_defaultdict, groups_as_arrays, summed_by_letter_with_a_default,
    updated_in_a_dict_of_numbers, two_levels_of_defaults, arrays_by_default, lists_by_default, counted_by_default,
    setdefault_in_setdefault, tables_in_a_dict, neighbours_of_a_graph, grouped_by_a_helper, same_list_under_two_keys,
    list_taken_out_and_put_back, list_replaced_while_held, default_read_in_a_branch, plain_copy_of_a_defaultdict,
    queue_of_states, ordered_dict_filled, looked_up_by_a_helper, groups_in_an_object, tables_by_default,
    shortest_paths, products_of_neighbours)] + [
    case(number_that_meets_a_group, 0.7, 2), case(number_that_meets_a_group, 0.7, 0)]
