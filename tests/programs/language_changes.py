"""Containers that change: keys, lengths and truth count as they were when they were asked for, under whatever name or by
whatever code the change was made."""
import collections
import heapq
import random

import numpy as np
from language_case import case


class Box:
    """Something that holds a number, a list and a dict."""

    def __init__(self):
        self.n, self.log, self.held = 0.0, [], {}

    def __bool__(self):
        return self.n > 0.0

    def count(self):
        self.n += 1.0


def key_of_a_held_dict(x, box):
    s = x
    for k in range(3):
        s = s * x if "a" in box.held else s + x
        box.held["a"] = k
    return s


def key_by_another_name(x, box):
    s = x
    for k in range(3):
        s = s * x if "a" in box.held else s + x
        held = box.held
        held["a"] = k
    return s


def truth_of_a_held_dict(x, box):
    s = x
    for k in range(3):
        if box.held:
            s = s * x
        else:
            s = s + x
        box.held["a"] = k
    return s


def length_of_a_held_dict(x, box):
    s = x
    for k in range(3):
        s = s * x if len(box.held) > 0 else s + x
        box.held.setdefault("a", k)
    return s


def length_of_a_held_list(x, box):
    s, log = x, box.log
    for k in range(3):
        s = s + x if len(box.log) == 0 else s * x
        log.append(k)
    return s


def truth_of_a_list(x, items):
    s = x
    for k in range(3):
        if items:
            s = s * x
        else:
            s = s + x
        items.append(k)
    return s


def truth_of_an_object(x, box):
    s = x
    for _ in range(3):
        if box:
            s = s * x
        else:
            s = s + x
        box.count()
    return s


def truth_of_an_array(x, n):
    c, s = np.zeros(1), x
    for _ in range(n):
        if c:
            s = s * x
        else:
            s = s + x
        c[0] = c[0] + 1.0
    return s


def truth_in_an_expression(x, n):
    c, s = np.zeros(1), x
    for _ in range(n):
        s = s * x if c else s + x
        c += 1.0
    return s


def key_of_a_dict_in_a_dict(x):
    inner = {}
    outer = {"in": inner}
    inner["a"] = 2
    return x * x if "a" in outer["in"] else x


def key_of_a_dict_of_two_names(x):
    first = {}
    second = first
    first["a"] = 2
    return x * x if "a" in second else x


def active_value_under_two_names(x):
    first = {}
    second = first
    first["a"] = x
    return x * x if "a" in second else x


def key_of_a_dict_in_a_list(x):
    first = {}
    items = [first]
    items[0]["a"] = 3
    return x * x if "a" in first else x


def key_written_by_a_closure(x):
    held = {}

    def put(key):
        held[key] = 1

    put("a")
    return x * x if "a" in held else x


def list_in_a_tuple(x):
    items = []
    pair = (items, 1)
    items.append(2)
    return x * x if len(pair[0]) == 1 else x


def list_in_a_tuple_by_its_place(x):
    pair = (1, [])
    pair[1].append(3)
    return x * x if pair[1] else x


def lists_that_are_one(x):
    rows = [[]] * 2
    rows[0].append(2)
    return x * x if len(rows[1]) == 1 else x


def list_emptied(x):
    items = [x]
    y = items.pop()
    return x if items else y * x


def list_emptied_by_another_name(x):
    items = [2]
    same = items
    same.pop()
    return x if items else x * x


def list_extended_by_another_name(x):
    items = [0]
    same = items
    same += [1]
    return x * x if len(items) == 2 else x


def key_deleted(x):
    held = {"a": 1}
    del held["a"]
    return x if "a" in held else x * x


def key_taken_out(x):
    held = {"a": 1, "b": 2}
    held.pop("a")
    return x if "a" in held else x * x


def list_changed_by_a_library(x):
    items = []
    heapq.heappush(items, 1)
    return x * x if len(items) == 1 else x


def list_changed_by_an_unbound_method(x):
    items = []
    list.append(items, 1)
    return x * x if items else x


def list_shuffled(x):
    items = [{"a": 1}, {"a": 2}]
    random.shuffle(items)
    return x * x if "a" in items[0] else x


def method_kept(x):
    items = []
    push = items.append
    push(1)
    return x * x if len(items) == 1 else x


def counted_by_out(x):
    c, s = np.zeros(1, int), x
    for _ in range(3):
        s = s * x if c[0] > 1 else s + x
        np.add(c, 1, out=c)
    return s


def element_put(x):
    c, s = np.arange(3), x
    for k in range(3):
        v = c[0]
        s = s * x + v * x
        np.put(c, [0], [k + 5])
    return s


def element_of_a_list_by_another_name(x):
    c, s = [0, 0], x
    same = c
    for k in range(3):
        v = c[0]
        s = s * x + v * x
        same[0] = k + 1
    return s


def item_of_a_dict_by_another_name(x):
    c, s = {"a": 0}, x
    same = c
    for k in range(3):
        v = c["a"]
        s = s * x + v * x
        same["a"] = k + 1
    return s


def element_of_a_shuffled_list(x):
    c, s = [3, 1, 2], x
    for k in range(3):
        v = c[0]
        s = s * x + v * x
        random.Random(k).shuffle(c)
    return s


def element_of_a_shuffled_array(x):
    generator = np.random.default_rng(3)
    c, s = np.arange(3.0), x
    for _ in range(3):
        v = c[0]
        s = s * x + v * x
        generator.shuffle(c)
    return s


def element_of_a_heap(x):
    c, s = [5, 7, 9], x
    for k in range(3):
        v = c[0]
        s = s * x + v * x
        heapq.heappush(c, 3 - k)
    return s


def element_of_a_rotated_queue(x):
    c, s = collections.deque([5, 7, 9]), x
    for _ in range(3):
        v = c[0]
        s = s * x + v * x
        c.rotate(1)
    return s


PROGRAMS = [
    *(case(f, 1.5) for f in (
        counted_by_out, element_put, element_of_a_list_by_another_name, item_of_a_dict_by_another_name,
        element_of_a_shuffled_list, element_of_a_shuffled_array, element_of_a_heap, element_of_a_rotated_queue)),
    *(case(f, 1.5, Box(), wrt=(0,)) for f in (key_of_a_held_dict, key_by_another_name, truth_of_a_held_dict,
                                              length_of_a_held_dict, length_of_a_held_list, truth_of_an_object)),
    case(truth_of_a_list, 1.5, [], wrt=(0,)), case(truth_of_an_array, 1.5, 3), case(truth_in_an_expression, 1.5, 3),
    *(case(f, 1.5) for f in (
        key_of_a_dict_in_a_dict, key_of_a_dict_of_two_names, active_value_under_two_names, key_of_a_dict_in_a_list,
        key_written_by_a_closure, list_in_a_tuple, list_in_a_tuple_by_its_place, lists_that_are_one, list_emptied,
        list_emptied_by_another_name, list_extended_by_another_name, key_deleted, key_taken_out, list_changed_by_a_library,
        list_changed_by_an_unbound_method, list_shuffled, method_kept)),
]
