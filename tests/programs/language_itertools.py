"""What `itertools` gives, `divmod`, decorated nested functions, and lists that are rearranged."""
import functools
import itertools
import math

import numpy as np
from language_case import case, some


def quotients_and_remainders(x, n):
    q, r = divmod(x * 3.0, 1.5)
    s = r * x + q
    for k in range(n):
        q, r = divmod(k, 3)
        s = s * x + q * x + r
    return s


def longest_of_two(x):
    s = sum(a * b for a, b in itertools.zip_longest([x, x], [x], fillvalue=2.0))
    for a, b in itertools.zip_longest([x, x * x], [2.0, x, x]):
        s = s * x + (a if a is not None else 0.5) * b
    return s


def accumulated_sums(x):
    s = 0.0
    for v in itertools.accumulate([x, x * x], initial=x ** 3):
        s = s * x + v
    return s * sum(itertools.accumulate([x, x * x, x])) + sum(itertools.accumulate([]))


def accumulated_by_a_function(x):
    items = list(itertools.accumulate([x, x * x, x], lambda a, b: a * b + x))
    return items[0] + items[1] * items[2] + len(items)


def combinations_of_values(x):
    items = [x, x * x, 2.0 * x]
    pairs = sum(a * b for a, b in itertools.combinations(items, 2))
    return pairs + sum(a * b * b for a, b in itertools.combinations_with_replacement((x, x * x), 2))


def combinations_of_indices(x):
    a = np.array([x, x * x, 2.0 * x])
    s = 0.0
    for i, j in itertools.combinations(range(3), 2):
        s += (a[i] - a[j]) ** 2
    return s


def combinations_of_a_number(x, n):
    items = [x, x * x, 2.0 * x, 1.0]
    s = 0.0
    for picked in itertools.combinations(list(range(4)), n - 1):
        part = 1.0
        for i in picked:
            part = part * items[i]
        s += part
    return s + sum(sum(values) for values in itertools.combinations(items, n))


def permutations_of_values(x):
    s = 0.0
    for p in itertools.permutations([x, 2.0, x * x], 3):
        s += p[0] * p[1] - p[2] * p[0] ** 2
    return s


def neighbours_by_pairs(x):
    s = sum((b - a) ** 2 for a, b in itertools.pairwise([x, x * x, x ** 3]))
    for a, b in itertools.pairwise([x]):
        s += a * b
    for a, b in itertools.pairwise(np.linspace(x, 2.0, 4)):
        s += math.sin(a) * (b - a)
    return s


def parts_of_iterables(x):
    items = [x, x * x, x ** 3, 2.0]
    first = sum(itertools.islice(items, 2)) * sum(itertools.islice(items, 1, 3))
    return first + sum(v for v in itertools.islice(items, 0, 4, 2)) + sum(itertools.islice((v * x for v in items), 2))


def list_sorted_and_turned(x):
    items = [x * x, x, 0.5]
    items.sort()
    s = items[0] * items[2] + items[1]
    items.reverse()
    return s * items[0] + items[2]


def list_cleared(x):
    items = [x, x * x]
    s = items[0] * items[1]
    items.clear()
    items.append(s)
    return items[0] * len(items) * x


def values_removed_and_found(x):
    items = [x, x * x, 2.0]
    last = items[items.index(2.0) - 1] * items.count(2.0)
    items.remove(2.0)
    return items[0] * items[-1] * len(items) * last


def decorated_by_a_closure(x):
    def twice(f):
        @functools.wraps(f)
        def called(*args, **options):
            return f(*args, **options) + f(*args, **options)
        return called

    @twice
    def power(v, p=2):
        return v ** p

    return power(x, p=3)


def scaled(k):
    def decorator(f):
        def called(v):
            return k * f(v)
        return called
    return decorator


def plus(f):
    @functools.wraps(f)
    def called(v):
        return f(v) + v
    return called


def decorated_twice(x):
    @scaled(x)
    @plus
    def square(v):
        return v * v

    return square(x)


@scaled(3.0)
@plus
def cube(v):
    return v ** 3


def decorated_outside(x):
    return cube(x) * cube(2.0)


def rows_zipped(x):
    rows = [[x, x * x, 2.0], [3.0, x, x]]
    s = 0.0
    for k, (a, b) in enumerate(zip(*rows)):
        s = s * x + k * a * b ** 2
    columns = [list(column) for column in zip(*rows)]
    return s + columns[1][0] * columns[2][1] + len(list(zip(*[]))) + sum(len(c) for c in zip(*[[x], [x, x]]))


def rows_of_an_array_zipped(a):
    return sum(sum(v ** 2 for v in column) * column[0] for column in zip(*a))


PROGRAMS = [
    case(rows_zipped, 1.3),
    case(rows_of_an_array_zipped, some(3, 2)),
    case(quotients_and_remainders, 1.3, 7),
    case(longest_of_two, 1.3, smooth=True),
    case(accumulated_sums, 1.3),
    case(accumulated_by_a_function, 1.3),
    case(combinations_of_values, 1.3),
    case(combinations_of_indices, 1.3),
    case(combinations_of_a_number, 1.3, 3),
    case(permutations_of_values, 1.3),
    case(neighbours_by_pairs, 1.3),
    case(parts_of_iterables, 1.3),
    case(list_sorted_and_turned, 1.3),
    case(list_cleared, 1.3),
    case(values_removed_and_found, 1.3),
    case(decorated_by_a_closure, 1.3, smooth=True),
    case(decorated_twice, 1.3, smooth=True),
    case(decorated_outside, 1.3, smooth=True),
]
