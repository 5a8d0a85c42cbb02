"""Queues, sets, counters and objects outside the function, and generators of random numbers: they count as they are when
they are read, and what is put into them is not forgotten."""
import collections
import random
import types

import numpy as np
import pytest
from outside import Outside

import autodiff_src as ad

STATE: dict = {}
LOG: list = []
QUEUE: collections.deque = collections.deque()
COUNTS: collections.Counter = collections.Counter()
SEEN: set = set()
HELD = types.SimpleNamespace(items=[])
PAIR: tuple = ([], {})
RNG = random.Random(3)
ARRAY_RNG = np.random.RandomState(3)


@pytest.fixture(autouse=True)
def reset():
    clear()


def clear():
    for container in (STATE, LOG, QUEUE, COUNTS, SEEN, *PAIR):
        container.clear()
    HELD.items = []
    RNG.seed(3)
    ARRAY_RNG.seed(3)


def left():
    return (dict(STATE), list(LOG), list(QUEUE), dict(COUNTS), set(SEEN), list(HELD.items), [list(held) for held in PAIR],
            RNG.random(), ARRAY_RNG.random())


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


PROGRAMS = [queue_grown, queue_grown_by_a_helper, counted_in_a_counter, set_outside_grown, list_of_an_object_grown,
            dict_in_a_tuple, list_put_outside, shuffled_by_a_generator, array_shuffled_by_a_generator]


OUTSIDE = Outside(clear, left)


@pytest.mark.parametrize("f", PROGRAMS)
def test_what_is_outside_counts_as_it_is_when_it_is_read(f):
    OUTSIDE.check(f, 1.5)


@pytest.mark.parametrize("f", [appended_and_read, list_put_outside_by_a_helper])
def test_a_value_that_comes_back_by_a_container_outside_is_refused(f):
    with pytest.raises(ad.AutodiffError, match="its derivative is lost"):
        ad.grad(f)(1.5)
    with pytest.raises(ad.AutodiffError, match="its derivative is lost"):
        ad.vjp(f, 1.5)[1](1.0)
