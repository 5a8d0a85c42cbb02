"""Sequences: slices, sums and repeats of lists and tuples, lists that grow and shrink, loops over dicts."""
import math

import numpy as np
from language_case import case, some

TABLE = {1: 2.0, 0: 3.0}


def slices_of_a_list(x):
    items = [x, x * x, math.sin(x), 2.0, x]
    return sum(items[::2]) * items[-2:][0] + items[3:0:-1][1] * items[:][1]


def slice_of_a_list_in_a_loop(x, n):
    items = [x, 1.0, 0.5]
    for _ in range(n):
        items = items[1:] + [items[0] * x + items[1]]
    return items[-1] * items[0]


def slice_of_a_list_written(x):
    items = [x, 2.0, 3.0, x * x]
    items[1:3] = [x * items[3], items[0] * items[0]]
    items[:2] = items[2:]
    return items[0] * items[1] + items[2] * 3.0


def slices_of_other_lengths(x):
    items = [x, x * x, 2.0, 3.0 * x]
    items[1:2] = [x ** 3, 1.0, x]
    items[:1] = ()
    items[len(items):] = [x * 2.0]
    items[2:0] = (x, x * x)
    return sum(v * (i + 1) for i, v in enumerate(items))


def lists_as_targets(x):
    [a, b], [c] = [x, x * x], [math.sin(x)]
    for [d, *[e]] in [(a, b), [c, x]]:
        a = a + d * e
    return a * sum(u * v for [u, v] in zip([a, b], [c, x]))


def last_ones_kept(x, n):
    kept = [x, x * x]
    for i in range(n):
        kept.append(x * kept[0] + i)
        kept[:] = kept[-2:]
    return kept[0] * kept[1] + len(kept)


def empty_list_filled_by_slices(x, n):
    kept, s = [], 0.0
    for i in range(n):
        s += sum(kept) * x
        kept[:1] = [x * i, x]
    kept[:] = [s]
    return kept[0] * len(kept)


def slice_replaced_by_the_list(x):
    items = [x, x * x, 2.0]
    same = items
    items[1:2] = [x ** 3, 1.0, x]
    same[-1:] = items
    return sum(v * (i + 1) for i, v in enumerate(items))


def slice_of_a_held_list(x):
    held = {"h": [1.0, x]}
    for i in range(3):
        held["h"][:1] = [x * i, x * held["h"][0]]
    return sum(v * (i + 1) for i, v in enumerate(held["h"]))


def stepped_slices_written(x, n):
    items = [x, x * x, 2.0, 3.0 * x]
    items[::n] = [x ** 3, 1.0]
    items[::1] = [x ** 2, 1.0, items[0]]
    return sum(v * (i + 1) for i, v in enumerate(items))


def tuples_joined(x, y):
    pair = (x, y) + (x * y,)
    twice = pair[1:] * 2
    return twice[0] * twice[3] + pair[0]


def list_repeated_to_the_left(x, n):
    items = n * [x, 1.0]
    return sum(items) * x


def list_repeated_not_at_all(x, n):
    items = [x, x * x] * n
    return sum(items) + x


def list_extended(x, n):
    items = [x]
    for i in range(n):
        items.extend([x * i, items[-1] * 0.5])
    items += (x, x * x)
    items.extend(items)
    return sum(items) * items[-1]


def list_extended_by_an_array(a):
    items = [2.0]
    items.extend(a * a)
    return sum(items) * items[1]


def list_copied(x):
    items = [x, x * x]
    other = list(items)
    other[0] = other[1] * x
    return items[0] * other[0] + sum(tuple(items))


def list_of_an_array(a):
    items = list(a * a)
    items[0] = items[1] * 2.0
    return sum(items) * items[0]


def rows_of_an_array_written(a):
    b = a * 2.0
    rows = list(b)
    rows[0][1] = rows[1][0] * 3.0
    return np.sum(b * b) + rows[0][0]


def list_of_pairs(a):
    pairs = []
    for v in a:
        pairs.append((v * v, v))
    pairs.insert(1, [a[1], a[0] * 2.0])
    return pairs[0][1] * pairs[1][0] + sum(u * v for u, v in pairs)


def list_inserted_and_popped(x, n):
    items = [x, x * x, 1.0]
    for i in range(n):
        items.insert(0, items[i] * x)
        items.insert(-1, items[1] + i)
        items.insert(99, x)
        y = items.pop(1) * items.pop(-2)
        items[0] += y
    return sum(items)


def queue_rotated(x, n):
    items = [x, 1.0, x * x]
    for _ in range(n):
        first = items.pop(0)
        items.append(first * items[0] + x)
    return items[0] * items[2]


def arrays_shared_by_slices(a):
    parts = [a * 1.0, a * a, a + 1.0]
    rest = parts[1:]
    rest[0][0] = a[1] * 5.0
    parts[2] *= 2.0
    return np.sum(parts[1] * rest[1]) + np.sum(parts[0])


def arrays_shared_by_joined_lists(a, n):
    one, two = [a * 2.0], [np.sin(a)]
    both = one + two
    for i in range(n):
        both[i][0] = both[1 - i][1] * a[0]
    return np.sum(one[0] * two[0])


def item_replaced_in_a_copy(a):
    parts = [a * 2.0, a * a]
    copied = list(parts)
    copied[0] = np.exp(a)
    copied[1][0] = 3.0 * a[1]
    return np.sum(parts[0] * copied[0]) + np.sum(parts[1])


def dict_iterated(x):
    parts = {"u": x, "v": x * x}
    s = 0.0
    for key in parts:
        s = s + parts[key] * len(key)
    return s


def dict_with_integer_keys_iterated(x):
    parts = {2: x, 0: x * x, 1: 3.0}
    s = x
    for k in parts:
        s = s * parts[k] + k
    return s


def global_dict_iterated(x):
    s = 0.0
    for k in TABLE:
        s = s + x * k
    return s


def dict_written_while_iterated(x):
    parts = {"u": x, "v": x * x, "w": 1.0}
    s = 0.0
    for key, value in parts.items():
        s = s + value * (2.0 if key == "u" else 1.0)
        parts["w"] = parts["w"] * s
    for k, value in enumerate(parts.values()):
        s = s + value**k
    return s


def dict_keys_sorted(x):
    parts = {"v": x, "u": x * x}
    s = 1.0
    for key in sorted(parts.keys()):
        s = s * x + parts[key]
    return s


def dict_argument_iterated(parts):
    s = 0.0
    for value in parts.values():
        s = s + np.sum(value * value)
    return s


def zipped_with_a_dict(x):
    s = 0.0
    for (key, value), k in zip({"u": x, "v": x * x}.items(), range(1, 3)):
        s = s + value**k
    return s


def string_iterated(x):
    s = 1.0
    for letter in "aba":
        s = s * x if letter == "a" else s + x
    return s


A = some(3)
PROGRAMS = [
    case(slices_of_a_list, 0.8), case(slice_of_a_list_in_a_loop, 0.8, 4), case(slice_of_a_list_written, 0.8),
    case(slices_of_other_lengths, 0.8), case(last_ones_kept, 0.8, 3), case(empty_list_filled_by_slices, 0.8, 4),
    case(slice_replaced_by_the_list, 0.8),
    case(slice_of_a_held_list, 0.8), case(stepped_slices_written, 0.8, 2),
    case(tuples_joined, 0.8, 1.3), case(list_repeated_to_the_left, 0.8, 3), case(list_repeated_not_at_all, 0.8, 0),
    case(list_extended, 0.8, 3), case(list_extended_by_an_array, A), case(list_copied, 0.8, smooth=True),
    case(list_of_an_array, A), case(list_of_pairs, A), case(rows_of_an_array_written, some(3, 3)),
    case(list_inserted_and_popped, 0.8, 3, smooth=True),
    case(queue_rotated, 0.8, 5, smooth=True), case(arrays_shared_by_slices, A), case(arrays_shared_by_joined_lists, A, 2),
    case(item_replaced_in_a_copy, A), case(dict_iterated, 0.8), case(dict_with_integer_keys_iterated, 0.8),
    case(global_dict_iterated, 0.8), case(dict_written_while_iterated, 0.8), case(dict_keys_sorted, 0.8),
    case(dict_argument_iterated, {"u": 0.8, "w": A}, wrt=(0,)), case(zipped_with_a_dict, 0.8), case(string_iterated, 0.8),
    case(lists_as_targets, 0.8),
]
