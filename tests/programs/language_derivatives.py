"""Derivatives asked for inside a differentiated function."""
import math

import numpy as np
from language_case import case, some

import autodiff_src as ad


def derivative_inside(x):
    inner = ad.grad(lambda y: y * y * x)
    return x * inner(x)


def derivative_with_captured_value(x):
    return x * ad.grad(lambda y: x + y)(1.0)


def derivative_with_captured_product(x):
    return ad.grad(lambda y: x * y * y)(x) * x


def derivative_inside_loop(x, n):
    for _ in range(n):
        x = x - 0.1 * ad.grad(potential)(x)
    return x * x


def potential(x):
    return math.cos(x) + x**4


def second_derivative_inside(x):
    return ad.grad(ad.grad(potential))(x) * x


def gradient_descent_inside(m, x):
    def loss(w):
        return np.sum((m @ w - x) ** 2)

    w = np.zeros(2)
    for _ in range(3):
        w = w - 0.1 * ad.grad(loss)(w)
    return np.sum(w * w)


def value_and_gradient_inside(x):
    value, slope = ad.value_and_grad(potential)(x)
    return value * slope


def pullback_inside(x):
    y, pullback = ad.vjp(potential, x)
    return y * pullback(2.0)[0]


def stopped(x, y):
    return x * ad.stop_gradient(y) + y


def momentum(x, n):
    def energy(q, p):
        return 0.5 * p * p + math.cos(q)

    q, p = x, 0.3
    for _ in range(n):
        p = p - 0.1 * ad.grad(energy, wrt=0)(q, p)
        q = q + 0.1 * ad.grad(energy, wrt=1)(q, p)
    return q * p


def derivative_at_a_constant(x):
    start = 0.3
    slope = ad.grad(potential)(start)
    return x * slope


def derivative_that_is_not_read(x):
    slope = ad.grad(lambda y: x * y * y)(x)
    slope = ad.grad(potential)(x) if x > 5.0 else 2.0
    return x * x * slope


def tangent_inside(x):
    y, slope = ad.jvp(lambda z: z * z * x, (x * x,), (x,))
    return y * slope


def tangent_of_gradient_inside(x):
    return ad.jvp(ad.grad(potential), (x,), (x * x,))[1] * x


def tangents_in_a_loop(x, n):
    for _ in range(n):
        value, slope = ad.jvp(potential, (x,), (1.0,))
        x = x - 0.1 * value * slope
    return x


def tangent_of_arrays_inside(a, x):
    def scaled(b, w, k):
        b = b.copy()
        for i in range(1, len(b)):
            b[i] += k * w * b[i - 1] ** 2
        return b

    _, along = ad.jvp(scaled, (a, x, 2), (np.ones(len(a)), None, None))
    return np.sum(along * a)


def tangent_given_as_a_tuple(x):
    primals = (x, 2.0 * x)
    return ad.jvp(lambda u, v: u * u * v, primals, (1.0, x))[1]


def tangent_at_a_constant(x):
    return x * ad.jvp(potential, (0.3,), (1.0,))[1]


def gradient_of_tangent_inside(x):
    def speed(q):
        return ad.jvp(potential, (q,), (q,))[1]

    return ad.grad(speed)(x) * x


MATRIX = some(2, 2)
PROGRAMS = [
    case(derivative_inside, 0.8, smooth=True), case(derivative_with_captured_value, 0.8),
    case(derivative_with_captured_product, 0.8, smooth=True), case(derivative_inside_loop, 0.8, 3),
    case(second_derivative_inside, 0.8), case(gradient_descent_inside, MATRIX, some(3)[1:]),
    case(value_and_gradient_inside, 0.8), case(pullback_inside, 0.8), case(momentum, 0.8, 3),
    case(tangent_inside, 0.8, smooth=True), case(tangent_of_gradient_inside, 0.8, smooth=True),
    case(tangents_in_a_loop, 0.8, 3, smooth=True), case(tangent_of_arrays_inside, some(4), 0.3),
    case(tangent_given_as_a_tuple, 0.8, smooth=True), case(tangent_at_a_constant, 0.8),
    case(gradient_of_tangent_inside, 0.8, smooth=True),
    case(derivative_at_a_constant, 0.8), case(derivative_that_is_not_read, 0.8),
]
