"""Programs whose calls are written out: they give back what they are given, change containers, or make functions."""
import math

import numpy as np
from language_case import case, vector
from other_module import scaled_by, scaled_tail

SCALE = 3.0


def tail(b):
    return b[1:]


def first_of(a, b):
    return a if a[0] > 0 else b


def push(items, v, scale=2.0):
    items.append(v * scale)
    return len(items)


def maker(k):
    def inner(t):
        return t * k * SCALE

    return inner


def compose(f, g):
    return lambda t: f(g(t))


def axpy(u, v, a):
    u += a * v
    return u


def until_large(items, x):
    for i in range(3):
        items.append(x * (i + 1))
        if x * i > 2.0:
            return items
    return items


def as_arrays(a, b):
    return np.asarray(a), np.asarray(b)


def filled(out, x):
    for i in range(len(out)):
        if i == 2:
            continue
        out[i] = out[i] * x + i
    return out


def tail_of_tail(a):
    t = tail(a)
    u = tail(t)
    u[0] = a[0] * a[1]
    t *= a[0]
    return np.sum(a * a)


def one_of_two_given_back(a):
    b = a * 2.0
    c = first_of(a, b)
    c[0] = b[1] * a[2]
    return np.sum(a * b) + np.sum(c * c)


def list_grown_by_calls(x):
    items = []
    k = 0
    while k < 5:
        k = push(items, x * k)
        if k == 3:
            push(items, items[0] + items[1] * x, scale=x)
    s = 0.0
    for v in items:
        s = s + v * v
    return s


def two_functions_made(x):
    f, g = maker(x), maker(x * x)
    return f(x) + g(f(2.0))


def functions_composed(x):
    h = compose(math.sin, lambda t: t * t)
    return h(x) * compose(h, h)(x)


def array_passed_twice(a, x):
    w = axpy(a, a, x)
    axpy(w, w[::-1], x)
    return np.sum(w**2)


def view_taken_in_each_trip(a, n):
    s = 0.0
    for i in range(n):
        r = tail(a)
        r[i] = r[i] * a[0]
        s = s + np.sum(r)
        if s > 3.0:
            return s
    return s


def list_given_back_early(x):
    items = until_large([x], x)
    more = until_large(items, x * 2.0)
    return more[1] * more[4] * items[2]


def arguments_normalized_then_written(a, b):
    p, q = as_arrays(a, b)
    p[0] = q[1] * q[0]
    q[2:] *= p[:2]
    return np.sum(p * q)


def known_options(options):
    try:
        options["scale"] = 2.0 * options["scale"]
    except KeyError:
        return {}
    return options


def quiet_options(options):
    with np.errstate(all="ignore"):
        options["scale"] = 2.0 * options["scale"]
        return options


def options_given_back_out_of_a_try(x):
    options = known_options({"scale": x * x})
    return options["scale"] * x


def options_given_back_by_a_handler(x):
    options = known_options({"size": x})
    return x * x + len(options)


def options_given_back_out_of_a_with(x):
    options = quiet_options({"scale": x * x})
    return options["scale"] * x


def filled_twice(a, x):
    o = filled(a.copy(), x)
    p = filled(o, x * x)
    return np.sum(o * p)


def globals_of_another_module(a, x):
    t = scaled_tail(a)
    t[0] = x * t[1]
    return np.sum(a * a)


def sine_kept(x, kept):
    import math as m
    from math import sin

    kept.append(sin(x))
    return m.cos(x) * m.pi


def imports_of_what_is_written_out(x):
    sin, m, pi = 3.0, x * x, 2.0
    kept = []
    y = sine_kept(x * sin, kept)
    return y * kept[0] * sin + m * pi


def annotated_function_made(a, x):
    return np.sum(scaled_by(x * x)(a) ** 2)


def capture_bound_on_another_path(x, full):
    if full:
        found = {}

    def inner(v, n):
        y = v * x
        if n > 0:
            y = inner(y, n - 1)
        if full:
            found["y"] = y
        return y

    return inner(2.0 * x, 2)


PROGRAMS = [
    case(capture_bound_on_another_path, 0.8, False),
    case(annotated_function_made, vector(1.2, -0.7), 0.7, smooth=True),
    case(imports_of_what_is_written_out, 0.7, smooth=True),
    case(options_given_back_out_of_a_try, 0.7, smooth=True), case(options_given_back_by_a_handler, 0.7, smooth=True),
    case(options_given_back_out_of_a_with, 0.7, smooth=True),
    case(globals_of_another_module, vector(1.2, -0.7, 0.5, 2.0), 0.3, smooth=True),
    case(tail_of_tail, vector(1.2, -0.7, 0.5, 2.0)),
    case(one_of_two_given_back, vector(1.2, -0.7, 0.5, 2.0)),
    case(one_of_two_given_back, vector(-1.2, -0.7, 0.5, 2.0)),
    case(list_grown_by_calls, 0.7, smooth=True),
    case(two_functions_made, 1.3, smooth=True),
    case(functions_composed, 0.8, smooth=True),
    case(array_passed_twice, vector(1.2, -0.7, 0.5, 2.0), 0.3),
    case(view_taken_in_each_trip, vector(1.2, -0.7, 0.5, 2.0), 3),
    case(list_given_back_early, 0.9, smooth=True),
    case(arguments_normalized_then_written, vector(1.2, -0.7, 0.5, 2.0), vector(2.0, 0.5, -0.7, 1.2)),
    case(filled_twice, vector(1.2, -0.7, 0.5, 2.0), 0.9),
]
