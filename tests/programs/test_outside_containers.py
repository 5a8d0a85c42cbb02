"""Queues, sets, counters and objects outside the function, and generators of random numbers: they count as they are when
they are read, and what is put into them is not forgotten."""
import collections
import random
import types

import numpy as np
import pytest
from checks import in_turns
from outside import Outside

STATE: dict = {}
LOG: list = []
QUEUE: collections.deque = collections.deque()
COUNTS: collections.Counter = collections.Counter()
SEEN: set = set()
HELD = types.SimpleNamespace(items=[])
PAIR: tuple = ([], {})
HEAT = np.zeros(3)
RNG = random.Random(3)
ARRAY_RNG = np.random.RandomState(3)


@pytest.fixture(autouse=True)
def reset():
    clear()


def clear():
    for container in (STATE, LOG, QUEUE, COUNTS, SEEN, *PAIR):
        container.clear()
    HELD.items = []
    HEAT[:] = 0.5
    RNG.seed(3)
    ARRAY_RNG.seed(3)


def left():
    return (dict(STATE), list(LOG), list(QUEUE), dict(COUNTS), set(SEEN), list(HELD.items), [list(held) for held in PAIR],
            RNG.random(), ARRAY_RNG.random(), HEAT.tolist())


def queue_grown(x):
    s = x
    for k in range(3):
        QUEUE.appendleft(k)
        s = s * x * len(QUEUE) * (1 + QUEUE[0])
    return s


def push(k):
    QUEUE.append(k)


def queue_grown_by_a_helper(x):
    s = x
    for k in range(3):
        push(k)
        s = s * x * len(QUEUE)
    return s


def counted_in_a_counter(x):
    s = x
    for k in [1, 2, 1]:
        COUNTS[k] += 1
        s = s * x * COUNTS[k]
    return s


def set_outside_grown(x):
    s = x
    for k in range(3):
        SEEN.add(k)
        s = s * x * len(SEEN)
    return s


def list_of_an_object_grown(x):
    s = x
    for k in [1, 2, 1]:
        HELD.items.append(k)
        s = s * x * len(HELD.items)
    return s


def dict_in_a_tuple(x):
    s = x
    for k in range(3):
        if "a" in PAIR[1]:
            s = s * x
        PAIR[1]["a"] = k
        PAIR[0].append(k)
        s = s + x * len(PAIR[0])
    return s


def list_put_outside(x):
    items = [1]
    STATE["k"] = items
    STATE["k"].append(2)
    return x * x if len(items) == 2 else x


def list_put_outside_by_a_helper(x):
    items = [1]
    register(items)
    grow_registered()
    return x * x if len(items) == 2 else x


def register(items):
    LOG.append(items)


def grow_registered():
    LOG[0].append(2)


def shuffled_by_a_generator(x):
    items = [1.0, 2.0, 3.0]
    s = x
    for _ in range(3):
        RNG.shuffle(items)
        s = s * x * items[0]
    return s


def array_shuffled_by_a_generator(x):
    items = np.array([1.0, 2.0, 3.0])
    s = x
    for _ in range(3):
        ARRAY_RNG.shuffle(items)
        s = s * x * items[0]
    return s


def append(v):
    LOG.append(v)


def last():
    return LOG[-1]


def appended_and_read(x):
    append(x * x)
    return last() * x


def add_to_element(x, i):
    HEAT[i] += x * i


def norm():
    return np.sum(HEAT ** 2)


def array_summed_by_a_helper(x):
    for i in range(3):
        add_to_element(x * x, i)
    return norm() * x


def list_read_by_a_helper(x):
    LOG.append(x * 2.0)
    LOG.append(x * x)
    return in_log() * x


def in_log():
    return LOG[-1] * LOG[-2]


def put_and_get(x):
    add_to_element(x, 1)
    return norm() * x


def through_two_helpers(x):
    return put_and_get(x * x) + norm()


def last_ones_popped(x):
    LOG.append(x.real > 1.0)
    a = LOG.pop() if LOG else 0.98
    b = LOG.pop() if LOG else 1.46
    return x * a * b


def element_chosen_before_the_index_changes(x):
    LOG.append(1)
    a = np.array([x, x * x, 3.0])
    chosen = a[LOG[0] % 3]
    LOG[0] = 0
    return chosen + np.sum(a)


def branches_while_a_list_shrinks(x):
    LOG.append(1.0)
    a, b = np.array([x, x * x]), np.array([2.0, x])
    for k in range(2):
        if LOG:
            LOG.pop()
        if LOG:
            b, a = a, b
            b[k] = x
    return np.sum(b * b) + np.sum(a)


def turned(queue):
    queue[0] = queue[-1]
    queue.rotate(1)


def array_chosen_by_a_queue(x):
    QUEUE.extend([1, 4])
    rows = [np.full(2, x), np.ones(3) * x]
    row, other = rows[1], rows[QUEUE[0] % 2]
    row[0] += x * x
    s = x * np.sum(other)
    turned(QUEUE)
    return s * row[0] * len(QUEUE)


def element_chosen_by_a_calculation(x):
    HELD.items.append(0)
    a = np.array([1.0, 2.0]) * x
    rows = [a, a * x]
    row = rows[1]
    row += x
    c = a[(HELD.items[0] % 3 + 1) % 2]
    a[0] = x * x
    HELD.items.append(2)
    return c * np.sum(row) * x + a[0]


PROGRAMS = [last_ones_popped, array_chosen_by_a_queue, element_chosen_by_a_calculation,
            element_chosen_before_the_index_changes, branches_while_a_list_shrinks,
            queue_grown, queue_grown_by_a_helper, counted_in_a_counter, set_outside_grown, list_of_an_object_grown,
            dict_in_a_tuple, list_put_outside, shuffled_by_a_generator, array_shuffled_by_a_generator, appended_and_read,
            list_put_outside_by_a_helper, array_summed_by_a_helper, list_read_by_a_helper, through_two_helpers]


OUTSIDE = Outside(clear, left)


@pytest.mark.parametrize("f", in_turns(PROGRAMS, 4))
def test_what_is_outside_counts_as_it_is_when_it_is_read(f):
    OUTSIDE.check(f, 1.5)
