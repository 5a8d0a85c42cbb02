"""Nested functions that bind variables of the functions around them: counters, accumulators, state of callbacks."""
import math

import numpy as np
from language_case import case, some


def grown_by_calls(x):
    s = x

    def change():
        nonlocal s
        s = s * x

    change()
    change()
    return s


def sum_and_count(x, n):
    s, count = 0.0, 0

    def add(v):
        nonlocal s, count
        s += v * x
        count += 1

    for k in range(n):
        add(x + k)
        if k % 2:
            s *= x
    return s / count


def best_so_far(x):
    best = None

    def note(v):
        nonlocal best
        if best is None or v > best:
            best = v

    for k in range(4):
        note(x * math.cos(k))
    return best * x


def summed(f, n):
    total = 0.0
    for k in range(n):
        total = total + f(k)
    return total


def state_of_a_callback(x):
    s = x

    def f(k):
        nonlocal s
        s = s * (x + k)
        return s

    return summed(f, 3) * s


def accumulator(start):
    total = start

    def add(v):
        nonlocal total
        total = total + v * total
        return total

    return add


def accumulators(x):
    one, other = accumulator(x), accumulator(2.0)
    return one(x) * one(1.5) + other(x) * one(x)


def accumulators_in_a_loop(x, n):
    s = x
    for _ in range(n):
        add = accumulator(s)
        add(x)
        s = add(0.5)
    return s


def array_rebound(a):
    state = a

    def step():
        nonlocal state
        state = state * a + 1.0

    for _ in range(3):
        step()
    return np.sum(state)


def array_updated_in_place(a):
    s = a * 1.0
    kept = s

    def add(v):
        nonlocal s
        s += v

    add(a)
    add(a * a)
    s = s * 2.0
    add(a)
    return np.sum(s * kept)


def read_by_another_function(x):
    s = x

    def get():
        return s * x

    def change():
        nonlocal s
        s = s * get()
        return s

    y = s + change() * s
    return y + get()


def parameter_rebound(x):
    y = x

    def square():
        nonlocal x
        x = x * x

    square()
    return x * y


def bound_behind_the_function(x):
    def add(v):
        nonlocal total
        total += v * x

    total = 0.0
    for k in range(3):
        add(x * k)
        total *= x
    return total


def bound_in_both_branches(x, n):
    if n > 2:
        s = x
    else:
        s = x * x

    def change():
        nonlocal s
        s = s * x

    change()
    return s * s


def two_functions_deep(x):
    s = x

    def outer(k):
        t = s * k

        def inner():
            nonlocal s, t
            s = s * t
            t = t + s

        inner()
        inner()
        return t

    return outer(0.5) * s + outer(x)


def read_before_the_call(x):
    s = x

    def bump():
        nonlocal s
        s = s * x
        return s

    y = s * bump() + (s if bump() > 0.0 else 0.0)
    z = [s, bump(), s]
    s += bump()
    while s < bump() < 20.0 and s < 15.0:
        y = y + s
    return y + z[0] * z[2] + s


def defined_in_a_loop(x):
    total = 0.0
    for k in range(3):
        def add(v):
            nonlocal total
            total += v * k  # noqa: B023
        add(x)
        add(x * x)
    return total


def defined_in_a_branch(x, n):
    if n > 3:
        def change():
            nonlocal x
            x = x * x
        change()
    return x * x


def variable_of_a_loop(x):
    v = 1.0

    def scale():
        nonlocal v
        v = v * x

    t = 0.0
    for v in [x, 2.0, x * x]:
        scale()
        t += v
    return t


def evaluations_counted(x):
    evaluations = 0

    def f(t, y):
        nonlocal evaluations
        evaluations += 1
        return -x * y + math.sin(t)

    y, t, h = x, 0.0, 0.1
    for _ in range(4):
        k = f(t, y)
        y = y + h * f(t + h / 2, y + h / 2 * k)
        t += h
    return y * evaluations


def same_names_elsewhere(x):
    s = x

    def f(v):
        nonlocal s
        s = s + sum([s * v for s in (1.0, x)]) + (lambda s: s * x)(v)

    f(x)
    return s * s


def last_value_kept(x, n):
    last = None

    def step(k):
        nonlocal last
        last = x if last is None else last * x + k
        return last

    t = 0.0
    for k in range(n):
        t = t + step(k)
    return t * last


A = some(3)
PROGRAMS = [
    case(grown_by_calls, 0.8, smooth=True), case(sum_and_count, 0.8, 4, smooth=True), case(best_so_far, 0.8),
    case(state_of_a_callback, 0.8, smooth=True), case(accumulators, 0.8, smooth=True), case(accumulators_in_a_loop, 0.8, 3),
    case(array_rebound, A), case(array_updated_in_place, A), case(read_by_another_function, 0.8, smooth=True),
    case(parameter_rebound, 0.8, smooth=True), case(bound_behind_the_function, 0.8, smooth=True),
    case(bound_in_both_branches, 0.8, 3, smooth=True),
    case(bound_in_both_branches, 0.8, 1), case(two_functions_deep, 0.8, smooth=True),
    case(read_before_the_call, 1.3), case(defined_in_a_loop, 0.8, smooth=True), case(defined_in_a_branch, 0.8, 5),
    case(defined_in_a_branch, 0.8, 2), case(variable_of_a_loop, 0.8, smooth=True),
    case(evaluations_counted, 0.8, smooth=True), case(same_names_elsewhere, 0.8), case(last_value_kept, 0.8, 4),
]
