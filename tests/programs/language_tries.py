"""A `try` that is left in the middle with something changed that is read afterwards."""
import collections
import math

import numpy as np
from language_case import case


def square(p, most=2.0):
    if p > most:
        raise ValueError("too large")
    return p * p


def read_in_the_handler(x):
    y = x
    try:
        y = y * x
        z = math.log(y - 5.0)
    except ValueError:
        z = x
    return y * z


def accumulated_in_a_try(x):
    total = 0.0
    try:
        for k in range(5):
            total = total + math.sqrt(x - k)
    except ValueError:
        pass
    return total


def set_grown_in_a_try(x):
    seen = set()
    m = len(seen)
    try:
        seen.add(1)
        y = math.log(x - 5.0)
    except ValueError:
        y = x * x * (m + 1)
    return y


def queue_emptied_in_a_try(x):
    s = x
    for _ in range(2):
        queue = collections.deque([1.0, 2.0])
        m = len(queue)
        try:
            queue.popleft()
            s = math.log(s - 50.0)
        except ValueError:
            s = s * x * m
    return s


def every_line_may_raise(x):
    y = x
    try:
        y = y * 2.0
        y = y + square(y)
        y = y * x
        y = y + square(y, 5.0)
    except ValueError:
        y = y * 0.25
    return y * y


def counted_in_a_loop(x, n):
    y, count = x, 0
    for _ in range(n):
        try:
            count += 1
            y = square(y) * 1.1
            y = y * square(y + 0.3)
        except ValueError:
            y = y * 0.5
        except (KeyError, TypeError):
            count = -1
        else:
            count += 2
        finally:
            print(y, count)
    return y * count


def elements_written(x):
    a = np.array([x, x * x, 1.0])
    try:
        a[0] = a[1] * 2.0
        a[1] = square(a[0])
        a[2] = square(a[1] * 3.0)
    except ValueError:
        a *= x
    return np.sum(a * a)


def lists_grown(x):
    items = [x]
    try:
        items.append(square(x))
        items.append(square(items[-1] * 2.0))
        items.append(square(items[-1] * 2.0))
    except ValueError:
        items.append(x * 3.0)
    return sum(v * v for v in items)


def stages(x):
    stage, z = 0, 0.0
    try:
        stage = 1
        u = square(x)
        stage = 2
        z = u * square(u * 1.5)
        stage = 3
    except ValueError:
        if stage == 1:
            z = x
        elif stage == 2:
            z = x * x * x
    print(stage)
    return z * x


def dicts_filled(x):
    d = {"v": x}
    try:
        d["v"] = d["v"] * 2.0
        d["w"] = square(d["v"])
        d["v"] = square(d["w"])
    except ValueError:
        d["w"] = d.get("w", x) * 0.5
    return d["v"] * d["w"]


def branch_in_a_try(x):
    y = x
    try:
        y = y * 2.0
        if square(y, 9.0) > 1.2:
            y = y * square(y)
        y = square(y)
    except ValueError:
        y = y + 1.0
    return y * x


def left_by_break_and_continue(x, n):
    y, t = x, 0
    while t < n:
        t += 1
        try:
            y = y * 1.2
            y = y + square(y) * 0.1
            if y > 1.5:
                break
            if y < 0.2:
                continue
            y = y + square(y * 1.1) * 0.1
        except ValueError:
            y = y * 0.3
            continue
        y = y + 0.01 * x
    return y


def one_in_another(x):
    y = x
    try:
        y = y * 2.0
        try:
            y = y + square(y)
            y = y + square(y * 2.0)
        except ValueError:
            y = y * 0.7
            y = square(y, 1.0)
    except ValueError:
        y = y * 3.0
    return y * x


def returned_from_a_try(x, n):
    y, k = x, 0
    while True:
        try:
            k += 1
            y = square(y * 1.3)
            if k > n:
                return y * k
        except ValueError:
            return y * x


def swapped_and_returned(x):
    y = x * 2.0
    try:
        y, x = x, y
        return square(x) * y
    except ValueError:
        return y


def returned_by_the_handler(a, x):
    b = a.copy()
    try:
        x = x + 0.3
        b[1] = np.sum(a * a)
        s = square(x)
        x = x * 1.5
    except ValueError:
        return np.mean(b * x)
    return s + x + np.sum(b * b)


def returned_behind_the_block(x):
    try:
        x = x * x
        y = square(x)
    except ValueError:
        y = x * 3.0
    else:
        return y * x
    return y + x


def left_behind_the_block(x, n):
    total = x
    for k in range(n):
        y = total
        try:
            y = y * 1.3
            total = total + square(y) * 0.2
            y = y * square(y * 1.1)
        except ValueError:
            total = total * 0.5 + y
            if k > 1:
                break
        else:
            total = total + y
            if total > 1.5:
                break
        total = total + 0.1 * x
    return total * x


class Filter:
    def __init__(self, w):
        self.w = w

    def step(self, v):
        try:
            self.w = self.w * v
            self.w = square(self.w)
        except ValueError:
            self.w = self.w * 0.1
        return self.w


def attributes_changed(x, n):
    f = Filter(x)
    for _ in range(n):
        f.step(1.3)
    return f.w * x


PROGRAMS = [
    case(read_in_the_handler, 1.3, smooth=True), case(accumulated_in_a_try, 1.5), case(set_grown_in_a_try, 1.3),
    case(queue_emptied_in_a_try, 1.3),
    *(case(f, x, smooth=True) for f, x in ((every_line_may_raise, 0.45), (elements_written, 0.9), (stages, 1.3),
                                           (swapped_and_returned, 1.6), (returned_behind_the_block, 0.6))),
    *(case(f, x) for f, x in ((lists_grown, 0.95), (dicts_filled, 0.65), (branch_in_a_try, 0.3), (one_in_another, 0.95))),
    case(returned_by_the_handler, np.array([0.4, -0.7, 1.2]), 0.6),
    *(case(f, 0.9, 3) for f in (counted_in_a_loop, left_behind_the_block, left_by_break_and_continue, returned_from_a_try,
                                attributes_changed)),
]
