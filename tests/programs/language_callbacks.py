"""Closures handed to functions that are read: which call them, close over them, and differentiate them."""
from language_case import case

import autodiff_src as ad


def closed_over(f, x):
    def again(t):
        return f(t) * x

    return again(x) * f(2.0)


def callback_in_a_closure(x):
    y = x * x
    return closed_over(lambda t: t * y, x)


def closed_over_beside_its_name(f, y):
    def again(t):
        y = 3.0
        return f(t) * y

    return again(y) * f(2.0)


def callback_beside_a_variable_of_its_name(x):
    y = x * x
    return closed_over_beside_its_name(lambda t: t * y, x)


def with_a_parameter_like_a_capture(f, f_y):
    return f(f_y) * f_y


def capture_named_like_a_parameter(x):
    y = x * x
    return with_a_parameter_like_a_capture(lambda t: t * y, x)


def closure_of_any_arguments(x):
    y = x * x

    def weighted(a, *rest, **named):
        return rest[0] * y + named["u"] * a

    return weighted(x, 2.0, u=x)


def derivative_in_a_closure(x):
    def loss(t):
        return (t - x) ** 3

    slope = ad.grad(loss)

    def step(w):
        return w - 0.1 * slope(w) * ad.grad(loss)(w * x)

    return step(x * 2.0)


def minimized(f, w, n):
    for _ in range(n):
        w = w - 0.1 * ad.grad(f)(w)
    return w


def callback_minimized(x):
    def loss(w):
        return (w - x) ** 2 * x

    return minimized(loss, x * 2.0, 3)


PROGRAMS = [
    case(callback_in_a_closure, 0.8, smooth=True), case(callback_beside_a_variable_of_its_name, 0.8, smooth=True),
    case(capture_named_like_a_parameter, 0.8, smooth=True), case(closure_of_any_arguments, 0.8, smooth=True),
    case(derivative_in_a_closure, 0.8, smooth=True), case(callback_minimized, 0.8, smooth=True),
]
