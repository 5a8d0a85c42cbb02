"""Comprehensions and generator expressions, searches, assignment expressions, `del`, stars and `match`."""
import bisect
import functools
import itertools
import math

import numpy as np
from language_case import case, some


def sum_of_a_generator(a, x):
    return sum(v * x for v in a if v > 0.0) + max(v * v for v in a) + min((v for v in a), default=0.0)


def generator_in_a_call(a):
    rows = tuple(v * v for v in a)
    weights = np.fromiter((v * v for v in a), float)
    return rows[0] * sum(sorted(k for k in (3, 1, 2))) + weights[1] * math.prod(1.0 + v for v in a)


def loop_over_a_generator(a):
    s = 1.0
    for v in (u * s for u in a if u > -5.0):
        s = s + v
    return s


def any_and_all(a, x):
    if any(v > 0.5 for v in a):
        x = x * x
    if all(v > -100.0 for v in a) and not any(v > 100.0 for v in a):
        x = x * a[0]
    return x


def any_stops_early(x):
    seen = []

    def test(k):
        print(k)
        return k > 1

    if any(test(k) for k in range(5)):
        seen.append(x * x)
    return sum(seen) + next((x * k for k in range(9) if k * x > 2.0), 0.0)


def next_of_nothing(x):
    return next((x * k for k in range(3) if k > 5), x * x)


def dict_comprehension(x):
    powers = {k: x**k for k in range(1, 4)}
    named = {name: value for name, value in zip(("u", "v"), (x, x * x))}
    return powers[1] * powers[3] + sum(v * k for k, v in powers.items()) + named["v"]


def dict_of_pairs(x):
    table = dict(zip(["u", "v"], [x, x * x]))
    other = dict(u=x, w=2.0)
    return table["u"] * table["v"] + other["u"] * other["w"] + len(dict())


def sets_of_constants(x, n):
    odd = {k for k in range(n) if k % 2}
    for k in range(n):
        if k in odd or k in {0, 4}:
            x = x * 1.5 + k
    for _ in set([1, 2, 1]):
        x = x * x
    return x


def walrus(x):
    y = (z := x * x) * z
    if (w := y + z) > 0.1:
        y = y * w
    return y + [t * t for k in range(3) if (t := x * k) > 0.5][-1] + t


def walrus_in_a_loop(x):
    s = 0.0
    while (step := x * 0.5) > 0.1:
        s = s + step * step
        x = step
    return s * step


def while_true(x):
    k = 0
    while True:
        x = math.sin(x) + x
        k = k + 1
        if k == 4:
            break
        if k == 2:
            continue
        x = x * x * 0.3
    return x


def deleted(x):
    y = x * x
    z = y * x
    del y
    for k in range(2):
        t = z * k
        z = z + t
        del t
    y = z * z
    return y


def list_item_deleted(x):
    items = [x, x * x, x**3]
    del items[1]
    return items[0] * items[1]


def starred_targets(x):
    first, *rest = [x, x * x, 2.0 * x]
    *front, last = rest
    head, (inner, *others), tail = x, (last, first, x), 2.0
    return first * rest[0] + front[0] * last + head * inner * others[1] * tail


def starred_target_of_an_array(a):
    first, *middle, last = a
    return first * middle[0] + last * sum(middle)


def starred_displays(x, y):
    one, two = [x, y], (x * y, 2.0)
    items = [*one, x * x, *two]
    pair = (*two, y)
    merged = {**{"u": x, "v": y}, "v": x * y, **{"w": x}}
    return sum(items) * pair[0] + pair[2] + merged["u"] * merged["v"] + merged["w"]


def starred_arguments(x):
    def three(u, v, w):
        return u * v + w

    return three(*[k * x for k in (1, 2)], x) if False else three(*(x, x * x), x)


def matched(x, order):
    match order:
        case 1:
            return x * x
        case 2 | 3:
            return x**3
        case "sine":
            return math.sin(x)
        case (u, (v, _)):
            return u * v * x
        case {"rate": rate, "kind": "fast"}:
            return rate * x * x
        case [0 | 1, other]:
            return x + other
        case None:
            return x
        case float() | int() if x > 100.0:
            return x * 5.0
        case other:
            return x * other


def searched_by_bisection(a, t):
    knots = sorted([0.1, 0.3, 0.6, 0.9])
    k = bisect.bisect_right(knots, t) - 1
    weight = (t - knots[k]) / (knots[k + 1] - knots[k])
    return a[k] * (1.0 - weight) + a[k + 1] * weight + bisect.bisect(knots, 0.5) * a[0]


def mapped_over_a_display(x, y):
    x, y = map(np.asarray, [x, y])
    y, z = [v * x for v in (x, y)]
    (u, v), w = (np.sin(t) for t in ([x, y], z))
    return float(u * v + w)


class Term:
    __match_args__ = ("factor", "power")

    def __init__(self, factor, power):
        self.factor, self.power = factor, power


def value_of(term, names):
    match term:
        case ("+", a, b):
            return value_of(a, names) + value_of(b, names)
        case ("*", a, b):
            return value_of(a, names) * value_of(b, names)
        case str(name):
            return names[name]
        case int() | float():
            return term


def matched_recursively(x, y):
    return value_of(("+", ("*", "x", ("*", "y", "x")), ("*", 2.5, "y")), {"x": x, "y": y})


def matched_by_position(x, order):
    term = Term(x * x, order)
    match term:
        case Term(factor, 2):
            return factor * factor
        case Term(factor, power=3):
            return factor ** 3
        case Term(factor):
            return factor * x


def matched_in_a_loop(x):
    s = 1.0
    for step in (("add", 2.0), ("scale", x), ("stop", 0.0), ("add", 5.0)):
        match step:
            case ("add", value):
                s = s + value * x
            case ("scale", value):
                s = s * value
            case _:
                break
    return s


def mapped(a, x):
    squares = list(map(lambda v: v * v * x, a))
    large = [v for v in filter(lambda v: v > 0.0, a)]
    s = 0.0
    for u, v in zip(map(math.sin, a), reversed(squares)):
        s = s + u * v
    return s + sum(map(float, large)) + sum(u * v for u, v in itertools.product(squares, large))


def reduced(a, x):
    return functools.reduce(lambda s, v: s * x + v, a, 1.0) + functools.reduce(lambda s, v: s * v, [x, x, a[0]])


def enumerated_outside_a_loop(a):
    pairs = list(enumerate(a, 1))
    return pairs[0][1] * pairs[2][0] + sum(v * k for k, v in pairs)


def all_indices(m):
    s = 0.0
    for i, j in np.ndindex(m.shape):
        s = s + m[i, j] * (i + 2 * j)
    for index in np.ndindex(2, 2):
        s = s + m[index] ** 2
    for (i, j), v in np.ndenumerate(m):
        s = s + v * m[j % 2, i % 2]
    return s


def dict_methods(x, n):
    parts = {"u": x, "v": x * x}
    for k in range(n):
        parts[f"k{k}"] = parts.get(f"k{k - 1}", 1.0) * x
        parts.setdefault("z", x * k)
    return parts["u"] + parts["z"] + parts.get("none", 2.0) * parts[f"k{n - 1}"]


def dict_copied_and_updated(x):
    parts = {"u": x, "v": x * x}
    copied = parts.copy()
    copied["u"] = x * 3.0
    parts.update(copied, w=x**3)
    return parts["u"] * parts["w"] + parts.get("none", 2.0) * parts.get("v") + dict(copied)["v"]


def ordered(a, x):
    numbers = sorted(a, reverse=True)
    by_size = sorted([x, -2.0 * x, x * x], key=abs)
    largest = max(a, key=lambda v: v * v)
    none = min([v for v in a if v > 99.0], default=x * x)
    pairs = sorted(((v * v, v) for v in a), key=lambda pair: pair[0])
    return numbers[0] * numbers[1] + by_size[0] * by_size[2] + largest * none + pairs[0][1] * max(x, 0.1, key=abs)


def flat_elements(a):
    first, second, third, fourth = (a * a).flat
    total = first * second - third * fourth + a.flat[2] * a.flat[-1] + max(a.flat) * sum(a.T.flat)
    for k, v in enumerate(a.flat):
        total = total + v * v * k
    return total


def flat_while_written(a):
    y, total = a * 2.0, 0.0
    for k, v in enumerate(y.flat):
        y[1, 1] = total
        total = total + v * (k + 1)
    return total


A = some(3)


def zip_of_equal_lengths(x, a):
    total = 0.0
    for v, w in zip(a, [x, x * x, 1.0], strict=True):
        total += v * w
    pairs = list(zip((x, 2.0), a[:2], strict=True))
    return total * sum(p * q for p, q in zip([x, x], (2.0, 3.0), strict=False)) + pairs[0][0] * pairs[1][1]


PROGRAMS = [
    case(zip_of_equal_lengths, 0.7, some(3)), case(flat_elements, some(2, 2), smooth=True),
    case(flat_while_written, some(2, 2)),
    case(sum_of_a_generator, A, 0.8), case(generator_in_a_call, A), case(loop_over_a_generator, A), case(any_and_all, A, 0.8),
    case(any_stops_early, 0.8), case(next_of_nothing, 0.8), case(dict_comprehension, 0.8), case(dict_of_pairs, 0.8),
    case(sets_of_constants, 0.8, 4), case(walrus, 0.8), case(walrus_in_a_loop, 0.7, smooth=True),
    case(while_true, 0.8, smooth=True), case(deleted, 0.8, smooth=True), case(list_item_deleted, 0.8),
    case(starred_targets, 0.8), case(starred_target_of_an_array, some(4)), case(starred_displays, 0.8, 1.3),
    case(starred_arguments, 0.8), case(matched, 0.8, 1), case(matched, 0.8, 3), case(matched, 0.8, "sine"),
    case(matched, 0.8, (1.5, (2.0, 1))), case(matched, 0.8, {"rate": 2.5, "kind": "fast"}), case(matched, 0.8, [1, 4.0]),
    case(matched, 0.8, None), case(matched, 0.8, 7), case(matched_in_a_loop, 0.8),
    case(mapped_over_a_display, 0.8, 1.3, smooth=True),
    case(matched_recursively, 0.8, 1.3, smooth=True), case(matched_by_position, 0.8, 2), case(matched_by_position, 0.8, 3),
    case(matched_by_position, 0.8, 4), case(searched_by_bisection, A, 0.35), case(mapped, A, 0.8),
    case(reduced, A, 0.8),
    case(enumerated_outside_a_loop, A), case(all_indices, some(2, 3)), case(dict_methods, 0.8, 3),
    case(dict_copied_and_updated, 0.8), case(ordered, A, 0.8),
]
