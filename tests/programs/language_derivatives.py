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


def rotated(u, angle):
    return np.array([u[0] * np.cos(angle) - u[1] * u[1], u[0] * u[1] * angle])


def pullback_called_twice(a, x):
    y, pullback = ad.vjp(rotated, a, x)
    of_a, of_x = pullback(y * y)
    of_a = of_a + pullback(of_a * of_x)[0]
    return np.sum(of_a) * of_x


def pullback_after_changes(a, x):
    factor, b = 2.0 * x, a.copy()
    y, pullback = ad.vjp(lambda u: u * u * factor * b, b)
    factor = factor * x
    b[0] = 3.0
    return np.sum(pullback(y)[0]) * factor


def pullback_of_a_loop(a, x):
    def swept(u):
        v = u.copy()
        for k in range(1, len(v)):
            v[k] = np.sin(v[k - 1]) * x + u[k]
        return v

    y, pullback = ad.vjp(swept, a)
    return np.sum(pullback(y)[0] * a)


def pullback_for_some_arguments(a, x):
    y, pullback = ad.vjp(rotated, a, x, wrt=1)
    y2, pullback2 = ad.vjp(rotated, a, 2.0 * x, wrt=("angle", "u"))
    return pullback(y2)[0] * np.sum(pullback2(y)[1])


def pullback_of_whole_numbers(x):
    y, pullback = ad.vjp(lambda u, n: u ** n, x, 3)
    of_x, of_n = pullback(y)
    return of_x if of_n is None else 0.0


def pullback_of_several_results(a, x):
    y, pullback = ad.vjp(lambda u: {"product": u * x, "sum": np.sum(u * u)}, a)
    return np.sum(pullback({"product": y["product"], "sum": x})[0])


def pullback_at_once(a, x):
    return x * np.sum(ad.vjp(rotated, a, x)[1](a)[0])


def pullback_handed_on(a, x):
    def applied(pull, d_y):
        return np.sum(pull(d_y)[0])

    y, pullback = ad.vjp(rotated, a, x)
    return applied(pullback, y) if x > 0.0 else x


def pullback_at_constants(a, x):
    y, pullback = ad.vjp(rotated, np.array([0.5, 0.3]), 2.0)
    return np.sum(pullback(a * x)[0] * y)


def pullback_of_the_identity(a):
    y, pullback = ad.vjp(lambda u: u, a)
    y[0] = 5.0
    cotangent = a * a
    d_a = pullback(cotangent)[0]
    d_a[1] = 7.0
    return np.sum(cotangent * d_a) + np.sum(y * a)


def pullback_of_a_gradient(a, x):
    y, pullback = ad.vjp(ad.grad(lambda u: np.sum(u ** 3) * x), a)
    return np.sum(pullback(y)[0])


def refused_pullback_of_what_writes(x):
    def doubled(u):
        u *= 2.0
        return u * x

    y, pullback = ad.vjp(doubled, np.array([1.0, x]))
    return np.sum(pullback(y)[0])


def refused_pullback_of_an_earlier_trip(x):
    y, pullback = ad.vjp(potential, x)
    total = 0.0
    for _ in range(2):
        before = pullback
        y, pullback = ad.vjp(potential, y)
        total = total + before(y)[0]
    return total


def refused_pullback_in_a_comprehension(x):
    return sum([ad.vjp(potential, x)[1](1.0)[0] for _ in range(2)])


def refused_pullback_of_a_parameter(x, f=math.sin):
    return ad.vjp(f, x)[1](1.0)[0]


def refused_pullback_of_what_carries_nothing(x):
    y, pullback = ad.vjp(lambda n: 2 * n, 3)
    return x * pullback(1)[0]


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


def jacobians_of_two_arguments_inside(x):
    def scaled(k, u, c):
        return np.outer(u, u) * k + np.sin(c * u[0])

    by_k, by_c = ad.jacobian(scaled, wrt=(0, 2))(x, np.array([x, 2.0]), x * x)
    return np.sum(by_k * by_c)


def hessians_of_two_arguments_inside(x):
    def energy(u, k):
        return np.sum(u ** 3) * k * k + u[0] * u[1] * k

    (by_u, mixed), (_, by_k) = ad.hessian(energy, (0, 1))(np.array([x, 2.0]), x * x)
    return np.sum(by_u * mixed) + by_k * x


def product_for_two_arguments_inside(x):
    def energy(u, c, k):
        return np.sum(u ** 3) * k * k + u[0] * u[1] * k * c

    u_part, k_part = ad.hvp(energy, wrt=(0, 2))(np.array([x, 2.0]), (np.array([1.0, x]), x * x), 0.5, x)
    return np.sum(u_part) * k_part


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


MATRIX, PAIR = some(2, 2), some(2)
REFUSED = [(refused_pullback_of_what_writes, (0.8,), "writes into its arguments"),
           (refused_pullback_in_a_comprehension, (0.8,), "ad.vjp inside a differentiated function"),
           (refused_pullback_of_an_earlier_trip, (0.8,), "not known when the gradient is derived"),
           (refused_pullback_of_a_parameter, (0.8,), "the function given to ad.vjp is not known here"),
           (refused_pullback_of_what_carries_nothing, (0.8,), "what carries no derivative"),
           (refused_jacobian_of_what_prints, (0.8,), "once for each column"), (refused_jacobian_of_a_pair, (0.8,), "")]
PROGRAMS = [
    case(derivative_inside, 0.8, smooth=True), case(derivative_with_captured_value, 0.8),
    case(derivative_with_captured_product, 0.8, smooth=True), case(derivative_inside_loop, 0.8, 3),
    case(second_derivative_inside, 0.8), case(gradient_descent_inside, MATRIX, some(3)[1:]),
    case(value_and_gradient_inside, 0.8), case(pullback_inside, 0.8, smooth=True), case(momentum, 0.8, 3),
    case(pullback_of_whole_numbers, 0.8), case(pullback_of_the_identity, PAIR),
    *(case(f, PAIR, 0.8) for f in (pullback_after_changes, pullback_of_several_results, pullback_at_constants,
                                   pullback_handed_on, pullback_of_a_loop)),
    *(case(f, PAIR, 0.8, smooth=True) for f in (pullback_called_twice, pullback_for_some_arguments,
                                                pullback_at_once, pullback_of_a_gradient)),
    case(tangent_inside, 0.8, smooth=True), case(tangent_of_gradient_inside, 0.8, smooth=True),
    case(tangents_in_a_loop, 0.8, 3, smooth=True), case(tangent_of_arrays_inside, some(4), 0.3),
    case(tangent_given_as_a_tuple, 0.8, smooth=True), case(tangent_at_a_constant, 0.8),
    case(gradient_of_tangent_inside, 0.8, smooth=True),
    *(case(f, 0.8) for f in (jacobian_inside, jacobian_of_the_second_argument_inside, newton_with_jacobians, hessian_inside,
                             newton_step_inside, jacobians_of_two_arguments_inside, hessians_of_two_arguments_inside,
                             product_for_two_arguments_inside)),
    *(case(f, 0.8, smooth=True) for f in (jacobian_of_a_number_inside, product_with_a_hessian_inside,
                                          product_for_the_second_argument_inside)),
    case(derivative_at_a_constant, 0.8), case(derivative_that_is_not_read, 0.8),
    case(gradient_inside_a_try, 0.8, smooth=True),
]
