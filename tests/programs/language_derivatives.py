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


def jacobian_inside(x):
    def rotated(u):
        return np.array([u[0] * np.cos(x) - u[1] * u[1], u[0] * u[1] * x])

    j = ad.jacobian(rotated)(np.array([x, 2.0]))
    return np.sum(j * j) + j[0, 1] * j[1, 0]


def jacobian_of_the_second_argument_inside(x):
    def scaled(k, u, c):
        return np.outer(u, u) * k + c

    return np.sum(ad.jacobian(scaled, wrt=1)(x, np.array([x, 2.0]), 1.0) ** 2)


def jacobian_of_a_number_inside(x):
    slope = ad.jacobian(lambda u: np.array([u * u, np.sin(u) * x]))
    return np.sum(slope(x)) * x


def newton_with_jacobians(x):
    def residual(u):
        return np.array([u[0] ** 2 + u[1] - x, u[0] - u[1] ** 3 + 0.5])

    j, u = ad.jacobian(residual, mode="forward"), np.array([1.0, 1.0])
    for _ in range(4):
        u = u - np.linalg.solve(j(u), residual(u))
    return u[0] * u[1]


def hessian_inside(x):
    h = ad.hessian(lambda u: np.sum(u ** 3) * x + u[0] * u[1] ** 2)(np.array([x, 1.0]))
    return np.sum(h * h)


def newton_step_inside(x):
    def energy(u, k):
        return np.sum(np.cosh(u)) + k * u[0] * u[1]

    u = np.array([x, 0.5])
    for _ in range(2):
        u = u - np.linalg.solve(ad.hessian(energy)(u, x), ad.grad(energy)(u, x))
    return np.sum(u ** 2)


def product_with_a_hessian_inside(x):
    product = ad.hvp(lambda u: np.sum(u ** 3) * x)
    return np.sum(product(np.array([x, 1.0]), np.array([1.0, x])) ** 2)


def product_for_the_second_argument_inside(x):
    def energy(k, u):
        return k * np.sum(u ** 3)

    return np.sum(ad.hvp(energy, wrt=1)(x, np.array([1.0, x]), np.array([x, 1.0])))


def refused_jacobian_of_what_prints(x):
    def noisy(u):
        print("noisy")
        return u * x

    return np.sum(ad.jacobian(noisy)(np.array([x, 2.0])))


def refused_jacobian_of_a_pair(x):
    return ad.jacobian(lambda u: (u * x, u))(x)[0]


def gradient_inside_a_try(x):
    try:
        slope = ad.grad(lambda p: p * p - 2.0 * p)(x)
        y = np.log(x) * slope
    except (KeyError, ValueError):
        y = x
    return y * x


MATRIX = some(2, 2)
REFUSED = [(refused_jacobian_of_what_prints, (0.8,), "once for each column"), (refused_jacobian_of_a_pair, (0.8,), "")]
PROGRAMS = [
    case(derivative_inside, 0.8, smooth=True), case(derivative_with_captured_value, 0.8),
    case(derivative_with_captured_product, 0.8, smooth=True), case(derivative_inside_loop, 0.8, 3),
    case(second_derivative_inside, 0.8), case(gradient_descent_inside, MATRIX, some(3)[1:]),
    case(value_and_gradient_inside, 0.8), case(pullback_inside, 0.8), case(momentum, 0.8, 3),
    case(tangent_inside, 0.8, smooth=True), case(tangent_of_gradient_inside, 0.8, smooth=True),
    case(tangents_in_a_loop, 0.8, 3, smooth=True), case(tangent_of_arrays_inside, some(4), 0.3),
    case(tangent_given_as_a_tuple, 0.8, smooth=True), case(tangent_at_a_constant, 0.8),
    case(gradient_of_tangent_inside, 0.8, smooth=True),
    *(case(f, 0.8) for f in (jacobian_inside, jacobian_of_the_second_argument_inside, newton_with_jacobians, hessian_inside,
                             newton_step_inside)),
    *(case(f, 0.8, smooth=True) for f in (jacobian_of_a_number_inside, product_with_a_hessian_inside,
                                          product_for_the_second_argument_inside)),
    case(derivative_at_a_constant, 0.8), case(derivative_that_is_not_read, 0.8),
    case(gradient_inside_a_try, 0.8, smooth=True),
]
