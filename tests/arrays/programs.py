"""Functions in the style of the array API standard, which run on the arrays of any library: (function, arguments, wrt)."""
import numpy as np
import pytest

array_namespace = pytest.importorskip("array_api_compat", reason="array-api-compat is not installed").array_namespace
RANDOM = np.random.default_rng(5)
VECTOR = np.array([0.3, -0.5, 0.9, 1.4])
MATRIX = RANDOM.normal(size=(4, 3))
SQUARE = RANDOM.normal(size=(3, 3))
CUBE = RANDOM.normal(size=(2, 4, 3))
LABELS = np.array([1.0, 0.0, 1.0, 1.0])


def elementwise(x):
    xp = array_namespace(x)
    y = xp.exp(-x * x) + xp.sin(x) * xp.cos(x) - xp.tanh(x) / (1.0 + x * x)
    return xp.sum(y * xp.log1p(x * x) + xp.sqrt(1.0 + xp.abs(x)) + xp.atan(x) + xp.expm1(0.1 * x) + xp.square(x) ** 1.5)


def two_operands(x, y):
    xp = array_namespace(x)
    return xp.sum(xp.maximum(x, y) * xp.minimum(x, 0.5 * y) + xp.hypot(x, y) + xp.logaddexp(x, y) + xp.atan2(x, 2.0 + y * y))


def broadcast(x, row, number):
    xp = array_namespace(x)
    return xp.sum((x - row) ** 2 * number + row / number)


def choice(x):
    xp = array_namespace(x)
    return xp.sum(xp.where(x > 0.2, x ** 3, 2.0 * xp.sin(x))) + xp.sum(xp.where(x < 0.0, 0.0, x))


def passed_over(x):
    xp = array_namespace(x)
    return xp.sum(xp.where(x > 0.35, xp.log(x - 0.3) * xp.sqrt(x), x) * x)


def reductions(x):
    xp = array_namespace(x)
    return (xp.sum(xp.mean(x, axis=0) ** 2) + xp.sum(xp.max(x, axis=1)) * xp.min(x) + xp.mean(x)
            + xp.sum(xp.sum(x, axis=1, keepdims=True) * x) + xp.sum(xp.var(x, axis=0) * xp.std(x)))


def softmax(x, y):
    xp = array_namespace(x)
    e = xp.exp(x - xp.max(x, axis=-1, keepdims=True))
    return -xp.mean(y * xp.log(e / xp.sum(e, axis=-1, keepdims=True)))


def products(a, b):
    xp = array_namespace(a)
    c = a @ xp.matmul(b, b)
    return xp.sum(c * c) + xp.sum(xp.vecdot(a, a))


def stacks_of_matrices(a, b):
    xp = array_namespace(a)
    return xp.sum((a @ b) ** 2) + xp.sum((a @ b[:, 0]) ** 2)


def logistic_regression(w, b, features, labels):
    xp = array_namespace(features)
    p = 1.0 / (1.0 + xp.exp(-(features @ w + b)))
    return -xp.mean(labels * xp.log(p) + (1.0 - labels) * xp.log(1.0 - p)) + 0.01 * xp.sum(w * w)


def perceptron(layers, x):
    xp = array_namespace(x)
    for w, b in layers:
        x = xp.maximum(x @ w + b, 0.0) + 0.1 * xp.tanh(x @ w)
    return xp.mean(x ** 2)


def shapes(x):
    xp = array_namespace(x)
    y = xp.permute_dims(xp.reshape(x, (2, 2, 3)), (2, 0, 1))
    z = xp.squeeze(xp.expand_dims(xp.sum(y * y, axis=0), axis=0), axis=0)
    return xp.sum(xp.broadcast_to(z, (3, 2, 2)) * xp.flip(y, axis=0)) + xp.sum(xp.moveaxis(y, 0, -1)[0, :, 1])


def joined(x):
    xp = array_namespace(x)
    c = xp.concat([x, 2.0 * x], axis=1)
    s = xp.stack([x, xp.sin(x)])
    return xp.sum(c @ xp.permute_dims(c, (1, 0))) + xp.sum(s[0, ...] * s[1, ...] ** 2)


def slices(x):
    xp = array_namespace(x)
    return xp.sum(x[1:] * x[:-1]) + x[0] * x[-1] + xp.sum(x[::2] ** 2)


def loop(x):
    xp = array_namespace(x)
    total = 0.0
    for k in range(1, 4):
        total += xp.sum(x ** k) / k
        x = xp.sin(x)
    return total


def iterated(x):
    total = 0.0
    for item in x:
        total = total * item + item * item
    return total


def newton(x):
    y = x * 0.0 + 1.0
    for _ in range(6):
        y = y - (y * y * y - x) / (3.0 * y * y)
    return array_namespace(x).sum(y)


def norm(x, xp):
    return xp.sqrt(xp.sum(x * x))


def helper(x):
    xp = array_namespace(x)
    unit = x / norm(x, xp)
    return xp.sum(unit * unit * x)


def structure(model, x):
    xp = array_namespace(x)
    h = xp.tanh(x @ model["w"] + model["b"][0])
    return xp.sum(h * model["scale"])


def cumulative(x):
    xp = array_namespace(x)
    return xp.sum(xp.cumulative_sum(x * x) * x)


PROGRAMS = [
    (elementwise, (VECTOR,), 0), (two_operands, (MATRIX, 1.0 + MATRIX[::-1].copy()), (0, 1)),
    (broadcast, (MATRIX, np.array([0.5, 1.0, 2.0]), np.array(1.5)), (0, 1, 2)), (choice, (VECTOR,), 0),
    (passed_over, (VECTOR,), 0),
    (reductions, (MATRIX,), 0),
    (softmax, (MATRIX, np.abs(MATRIX)), 0), (products, (MATRIX, SQUARE), (0, 1)),
    (stacks_of_matrices, (CUBE, RANDOM.normal(size=(3, 2, 1))[:, :, 0]), (0, 1)),
    (logistic_regression, (np.array([0.1, -0.2, 0.3]), np.array(0.05), MATRIX, LABELS), (0, 1)),
    (perceptron, ([(SQUARE, np.ones(3)), (SQUARE[:, :2].copy(), np.zeros(2))], MATRIX), 0), (shapes, (MATRIX,), 0),
    (joined, (MATRIX,), 0), (slices, (VECTOR,), 0), (loop, (VECTOR,), 0),
    (iterated, (VECTOR,), 0), (newton, (np.abs(VECTOR),), 0),
    (helper, (VECTOR,), 0),
    (structure, ({"w": SQUARE[:, 0].copy(), "b": [np.array(0.5)], "scale": np.array(2.0)}, MATRIX), 0),
    (cumulative, (VECTOR,), 0)]
