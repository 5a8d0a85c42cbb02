"""Variables, attributes and items that are None at first and numbers or arrays later."""
import math

import numpy as np
from language_case import case


class Controller:
    """A PID controller."""

    def __init__(self, kp=1.2, ki=0.5, kd=0.1):
        self.kp, self.ki, self.kd = kp, ki, kd
        self.integral, self.last, self.log = 0.0, None, []

    def step(self, error, dt):
        self.integral += error * dt
        d = 0.0 if self.last is None else (error - self.last) / dt
        self.last = error
        u = self.kp * error + self.ki * self.integral + self.kd * d
        self.log.append(u)
        return u


def last_error_of_a_controller(c, y):
    cost = 0.0
    for _ in range(12):
        y = y + 0.1 * (c.step(1.0 - y, 0.1) - y)
        cost = cost + (1.0 - y) ** 2
    return cost + c.log[3]


class Watch:
    def __init__(self):
        self.best = self.mean = self.largest = None
        self.n, self.log, self.w = 0, [], np.zeros(2)

    def see(self, v):
        self.log.append(v)
        if self.best is None or v < self.best:
            self.best = v
            self.n += 1
        return self.best

    def smooth(self, v):
        if self.mean is None:
            self.mean = v
        else:
            self.mean += 0.3 * (v - self.mean)
        self.log.append(self.mean)
        return self.mean

    def functions(self, v):
        self.largest = max(self.largest, v) if self.largest is not None else v
        return math.sin(self.largest) + np.exp(self.largest) + abs(self.largest) - float(self.largest) ** 2

    def into_an_array(self, v):
        if self.mean is not None:
            self.w[0] += v * self.mean
            self.w[1] = self.mean
        self.mean = v * 2.0
        self.log.append(v)
        return self.w.sum()

    def forget(self, v):
        y = self.mean
        if y is None:
            y = v
        self.mean = None if len(self.log) == 2 else y * v
        self.log.append(y)
        return y


def best_so_far(w, x):
    total = 0.0
    for k in range(5):
        total = total + w.see((x - 0.3 * k) ** 2) * k
    return total + w.best * w.n + len(w.log)


def running_mean(w, x):
    total = 0.0
    for k in range(4):
        total = total * x + w.smooth(x ** k)
    return total + w.mean


def functions_of_it(w, x):
    return w.functions(x) + w.functions(x * x) * w.functions(2.0 * x)


def beside_an_array(w, x):
    total = 0.0
    for k in range(4):
        total += w.into_an_array(x + k) * x
    return total + w.log[0] + w.mean


def none_again(w, x):
    total = 0.0
    for k in range(5):
        total += w.forget(x + 0.1 * k) * x
    return total


def made_here(x):
    w, c = Watch(), Controller(kp=x)
    return none_again(w, x) + best_so_far(w, x) + last_error_of_a_controller(c, x * x)


def best_and_where(x, n):
    best = where = None
    for k in range(n):
        v = (x - 0.3 * k) ** 2 + k
        if best is None or v < best:
            best, where = v, k
    return best * (where + 1)


def previous_or_zero(x, n):
    previous, out = None, []
    for k in range(n):
        if previous is not None:
            out.append(previous * x + k)
        previous = x * k
    return sum(out) + (previous or 0.0)


def item_of_a_dict(x, n):
    d = {"a": None, "b": x}
    for k in range(n):
        d["a"] = d["b"] * k if d["a"] is None else d["a"] * x + k
    return d["a"] * d["b"]


def items_of_a_list(x, n):
    items = [None, None]
    for k in range(n):
        items[k % 2] = x * k if items[k % 2] is None else items[k % 2] * x
    return items[0] + items[1]


def array_that_was_none(x, n):
    a = None
    for k in range(n):
        a = np.array([x, x * k]) if a is None else a * x + np.array([k, x])
        a[0] += x
    return a.sum()


PROGRAMS = [
    case(last_error_of_a_controller, Controller(), 0.3, wrt=(1,)),
    *(case(f, Watch(), 0.71, wrt=(1,)) for f in (
        best_so_far, running_mean, functions_of_it, beside_an_array, none_again)),
    case(made_here, 0.71),
    *(case(f, 0.71, 4) for f in (best_and_where, previous_or_zero, item_of_a_dict, items_of_a_list, array_that_was_none)),
]
