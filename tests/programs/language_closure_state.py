"""Closures that keep state: several of one variable, decorators, optimizers, lists of one number."""
import functools
import math

import numpy as np
from language_case import case, some

import autodiff_src as ad


def list_of_one_number(x):
    count, total = [0], [x]

    def add(v):
        total[0] = total[0] * v + x
        count[0] += 1

    for k in range(3):
        add(x + k)
    return total[0] / count[0]


def list_of_one_number_handed_on(x):
    total = [x]

    def add(v):
        total[0] = total[0] * v

    add(x)
    more = total
    more[0] = more[0] * x
    add(x)
    return total[0] + sum(more)


def best_of(f, points):
    best = None
    for p in points:
        if best is None or f(p) > f(best):
            best = p
    return best


def calls_counted_in_tests_only(x):
    count = 0

    def f(t):
        nonlocal count
        count = count + 1
        return math.sin(t)

    return best_of(f, [x, 2.0 * x, 5.0 * x]) * count


def reader_and_writer(x):
    n = x

    def scale(v):
        nonlocal n
        n = n * v

    def get():
        return n

    return scale, get


def two_functions_share_a_variable(x):
    scale, get = reader_and_writer(x)
    y = get()
    scale(x)
    z = get() * y
    scale(3.0)
    return z + get()


def two_functions_in_a_dict(x):
    scale, get = reader_and_writer(x)
    table = {"scale": scale, "get": get}
    table["scale"](x)
    return table["get"]() * x


def counted(f):
    count = 0

    @functools.wraps(f)
    def wrapper(*args):
        nonlocal count
        count += 1
        return f(*args) * count

    return wrapper


def decorated_by_a_counter(x):
    @counted
    def g(t):
        return t * x

    return g(x) + g(2.0) + g(x)


def mapped_over_a_list(x):
    s = x

    def f(t):
        nonlocal s
        s = s * t
        return s + t

    return sum(map(f, [1.0, x, 2.0])) * s + sum([f(k) for k in range(1, 3)])


def argument_written_and_rebound(a):
    s = a

    def step():
        nonlocal s
        s[0] = s[1] * s[0]
        s = s * 2.0

    step()
    step()
    return np.sum(s) * a[0]


def early_returns(x):
    s = x

    def step(k):
        nonlocal s
        if k == 1:
            return s
        s = s * x
        if s > 3.0:
            s = s - 1.0
            return s * 2.0
        return s

    t = 0.0
    for k in range(5):
        t = t + step(k)
    return t * s


def number_becomes_an_array(a):
    total = 0.0

    def add(v):
        nonlocal total
        total = total + v * v

    for k in range(3):
        add(a * k)
    return np.sum(total)


def optimizer_steps(a):
    m, v, t = np.zeros(3), np.zeros(3), 0
    w = a * 1.0

    def step(g):
        nonlocal m, v, t, w
        t += 1
        m = 0.9 * m + 0.1 * g
        v = 0.99 * v + 0.01 * g * g
        w = w - 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.99**t)) + 1e-3)

    for _ in range(3):
        step(2.0 * (w - 1.5))
    return np.sum(w * w)


def asked_in_the_test_of_a_loop(x):
    s = x

    def more():
        nonlocal s
        s = s * 1.5 * x
        return s < 10.0

    n = 0
    while more():
        n += 1
    return s * n


def default_before_rebinding(x):
    s = x

    def f(v, k=s):
        nonlocal s
        s = s * v * k
        return s

    f(x)
    return f(2.0) + s


def steps_with_derivatives(x):
    w = x * 2.0

    def loss(t):
        return (t - x) ** 3 + w * t

    def step(rate):
        nonlocal w
        w = w - rate * ad.grad(loss)(x * w)

    for _ in range(3):
        step(0.1)
    return w


def called_while_its_variable_is_bound(x):
    s = x
    f = lambda t: s * t
    s, q = x * x, f(3.0)
    s, r = s + q, helped(f, x)
    return q * s * r


def helped(f, x):
    return f(x) * 0.5


def bound_twice_at_once(x):
    s, u = x, 1.0
    for _ in range(3):
        s, s = s * s, s * x + u
        u, s, u = s, s * 0.5, u * x
    return s * u


A = some(3)
PROGRAMS = [
    case(called_while_its_variable_is_bound, 0.8, smooth=True), case(bound_twice_at_once, 0.8, smooth=True),
    case(list_of_one_number, 0.8, smooth=True), case(list_of_one_number_handed_on, 0.8),
    case(calls_counted_in_tests_only, 0.8), case(two_functions_share_a_variable, 0.8, smooth=True),
    case(two_functions_in_a_dict, 0.8, smooth=True), case(decorated_by_a_counter, 0.8, smooth=True),
    case(mapped_over_a_list, 0.8), case(argument_written_and_rebound, A), case(early_returns, 1.3, smooth=True),
    case(number_becomes_an_array, A, smooth=True), case(optimizer_steps, A, smooth=True),
    case(asked_in_the_test_of_a_loop, 1.3), case(default_before_rebinding, 0.8, smooth=True),
    case(steps_with_derivatives, 0.8, smooth=True),
]
