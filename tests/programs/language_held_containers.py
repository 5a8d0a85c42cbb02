"""Containers reached through what holds them: queues, sets, objects, contexts, calls; they change under every name."""
import collections
import contextlib
import itertools
import types

import numpy as np
from language_case import case


def set_grown(x):
    seen = set()
    s = 0.0
    for k in range(4):
        seen.add(k % 3)
        n = len(seen)
        s = s * x * n + x ** 2 * len(seen)
    return s


def set_in_a_list(x):
    seen = {1, 2}
    box = [seen]
    s = x
    for k in range(3):
        box[0].add(k + 5)
        s = s * x * len(seen)
    return s


def used_up(held, x):
    held.pop()
    return x * x * len(held)


def sets_handed_to_a_helper(x):
    s = used_up({1, 2}, x)
    return s * used_up(set([3, 4, 5]), x=used_up(set([1]) | {2, 7}, 0.5 * x))


def queues_handed_to_a_helper(x):
    return used_up(collections.deque([0.5, 1.5], maxlen=4), used_up(collections.deque([1.5, 2.5, 3.5]), x))


def set_updated_by_operators(x):
    seen = {1, 2}
    same = seen
    same |= {3}
    s = x * len(seen)
    same -= {1}
    s = s * x * len(seen)
    seen.update([8, 9])
    return s * x * len(same)


def set_in_a_list_updated(x):
    seen = {1}
    box = [seen]
    box[0] |= {2}
    return x * len(seen) * x


def queue_updated(x):
    queue = collections.deque([1])
    same = queue
    same += [2, 3]
    return x * len(queue) * x


def queue_as_an_argument(x, queue):
    s = x
    for k in range(3):
        queue.append(k)
        s = s * x * len(queue)
    return s


def set_as_an_argument(x, seen):
    s = x
    for k in range(3):
        seen.add(k)
        s = s * x * len(seen)
    return s


def list_in_a_queue(x):
    items = [1.0, 2.0]
    queue = collections.deque()
    queue.append(items)
    got = queue.pop()
    got.append(3.0)
    return x * x if len(items) == 3 else x


def dict_in_a_queue(x):
    d = {"a": 1.0}
    queue = collections.deque([d])
    queue[0]["b"] = 2.0
    return x * x if "b" in d else x


def dict_in_a_queue_changed_by_a_helper(x):
    d = {"a": 1.0}
    queue = collections.deque([d])
    put(queue[0])
    return x * x if "b" in d else x


def put(d):
    d["b"] = 2.0


def list_in_a_namespace(x):
    items = [1.0]
    held = types.SimpleNamespace(items=items)
    held.items.append(2.0)
    return x * x if len(items) == 2 else x


def list_in_a_starred_display(x):
    items = [1.0]
    rows = [*[items]]
    rows[0].append(2.0)
    return x * x if len(items) == 2 else x


def greater_list(x):
    a, b = [1.0], [2.0]
    greater = max(a, b)
    greater.append(3.0)
    return x * x if len(b) == 2 else x


@contextlib.contextmanager
def handing(value):
    yield value


def list_handed_on_by_a_context(x):
    items = [1.0]
    with handing(items) as got:
        got.append(2.0)
    return x * x if len(items) == 2 else x


def list_handed_on_by_a_known_context(x):
    items = [1.0]
    with contextlib.nullcontext(items) as got:
        got.append(2.0)
    return x * x if len(items) == 2 else x


class Changing:
    """A context that changes a list and an array."""

    def __init__(self, items, weights):
        self.items, self.weights = items, weights

    def __enter__(self):
        self.items.append(3.0)
        self.weights += 1.0
        return self

    def __exit__(self, *error):
        self.items.append(2.0)
        self.items[1] = 7.0
        self.weights -= 1.0
        return False


def changed_by_a_context(x):
    items, weights = [1.0], np.ones(3)
    with Changing(items, weights):
        s = x * len(items)
        t = x * items[-1] + np.sum(weights * x)
    return s * x * len(items) * t


def changed_by_the_context_that_it_is(x, context):
    with context:
        s = x * len(context.items)
        t = np.sum(context.weights * x)
    return s * t * len(context.items)


def chained(x):
    s = 0.0
    for v in itertools.chain([x, 2.0], [x * x], (3.0, x)):
        s = s * x + v
    return s


def chained_and_changed(x):
    items = [1.0]
    for held in itertools.chain([items], [items]):
        held.append(1.0)
    return x * x if len(items) == 3 else x


def chained_and_summed(x):
    return sum(v * v for v in itertools.chain([x], np.ones(2) * x, range(3)))


def power_of_a_held_array(x):
    a = np.ones(3) * x
    rows = [a]
    rows[0] **= 2
    return a.sum()


def remainder_under_another_name(x):
    a = np.ones(3) * x
    same = a
    same %= 0.5
    return (a * a).sum()


def mask_under_another_name(x):
    mask = np.array([True, False])
    same = mask
    same |= np.array([False, True])
    return np.array([x, x * x])[mask].sum()


def array_without_axes_under_another_name(x):
    a = np.zeros(())
    same = a
    same += x
    return x * a


def power_of_an_array_without_axes(x):
    a = np.asarray(2.0)
    same = a
    same **= 2
    return x * a


def array_without_axes_in_a_list(x):
    rows = [np.zeros(())]
    a = rows[0]
    rows[0] += x
    return x * a


def array_without_axes_as_an_argument(x, a):
    a *= x
    b = a[()]
    a += b
    return x * a


def context():
    return Changing([1.0], np.ones(3))


PROGRAMS = [
    case(set_grown, 1.3),
    case(set_in_a_list, 1.3),
    case(sets_handed_to_a_helper, 1.3),
    case(queues_handed_to_a_helper, 1.3),
    case(set_updated_by_operators, 1.3),
    case(set_in_a_list_updated, 1.3),
    case(queue_updated, 1.3),
    case(queue_as_an_argument, 1.3, collections.deque([1])),
    case(set_as_an_argument, 1.3, {7}),
    case(list_in_a_queue, 1.3),
    case(dict_in_a_queue, 1.3),
    case(dict_in_a_queue_changed_by_a_helper, 1.3),
    case(list_in_a_namespace, 1.3),
    case(list_in_a_starred_display, 1.3),
    case(greater_list, 1.3),
    case(list_handed_on_by_a_context, 1.3),
    case(list_handed_on_by_a_known_context, 1.3),
    case(changed_by_a_context, 1.3),
    case(changed_by_the_context_that_it_is, 1.3, context()),
    case(chained, 1.3),
    case(chained_and_changed, 1.3),
    case(chained_and_summed, 1.3),
    case(power_of_a_held_array, 1.3),
    case(remainder_under_another_name, 1.3),
    case(mask_under_another_name, 1.3),
    case(array_without_axes_under_another_name, 1.3),
    case(power_of_an_array_without_axes, 1.3),
    case(array_without_axes_in_a_list, 1.3),
    case(array_without_axes_as_an_argument, 1.3, np.array(2.0), wrt=(0,)),
]
