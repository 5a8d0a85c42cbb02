"""The programs that are timed, each with its gradient by hand."""
import math

import numpy as np


def recurrence(s, x, n):
    for i in range(n):
        s = math.sin(s) * x[i] + s
    return s


def recurrence_by_hand(s, x, n):
    _s = []
    for i in range(n):
        _s.append(s)
        s = math.sin(s) * x[i] + s
    d_x = np.zeros_like(x)
    d_s = 1.0
    for i in range(n - 1, -1, -1):
        s = _s.pop()
        d_x[i] += d_s * math.sin(s)
        d_s += d_s * x[i] * math.cos(s)
    return d_x


def mlp(W1, b1, W2, b2, x, y):
    n = len(x)
    h = np.tanh(x @ W1 + b1)
    z = h @ W2 + b2
    z = z - z.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -logp[np.arange(n), y].mean()


def mlp_by_hand(W1, b1, W2, b2, x, y):
    n = len(x)
    h = np.tanh(x @ W1 + b1)
    z = h @ W2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    d_z = e / e.sum(axis=1, keepdims=True)
    d_z[np.arange(n), y] -= 1.0
    d_z /= n
    d_h = d_z @ W2.T
    d_h *= 1.0 - h * h
    return x.T @ d_h, d_h.sum(axis=0), h.T @ d_z, d_z.sum(axis=0)


def stencil(u, c, steps):
    a = u.copy()
    b = u.copy()
    for _ in range(steps):
        b[1:-1] = a[1:-1] + c * (a[2:] - 2.0 * a[1:-1] + a[:-2])
        a, b = b, a
    return np.sum(a * a)


def stencil_by_hand(u, c, steps):
    a = u.copy()
    b = u.copy()
    for _ in range(steps):
        b[1:-1] = a[1:-1] + c * (a[2:] - 2.0 * a[1:-1] + a[:-2])
        a, b = b, a
    d_a = 2.0 * a
    d_b = np.zeros_like(b)
    for _ in range(steps):
        d_a, d_b = d_b, d_a
        d_r = d_b[1:-1]
        d_c = c * d_r
        d_a[1:-1] += d_r
        d_a[2:] += d_c
        d_a[1:-1] -= 2.0 * d_c
        d_a[:-2] += d_c
        d_r[:] = 0.0
    d_a += d_b
    return d_a


def gauss_seidel(u, sweeps):
    w = u.copy()
    n, m = w.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                w[i, j] = 0.25 * (w[i - 1, j] + w[i + 1, j] + w[i, j - 1] + w[i, j + 1])
    return np.sum(w * w)


def gauss_seidel_by_hand(u, sweeps):
    w = u.copy()
    n, m = w.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                w[i, j] = 0.25 * (w[i - 1, j] + w[i + 1, j] + w[i, j - 1] + w[i, j + 1])
    d_w = 2.0 * w
    for _ in range(sweeps):
        for i in range(n - 2, 0, -1):
            for j in range(m - 2, 0, -1):
                d_r = 0.25 * d_w[i, j]
                d_w[i, j] = 0.0
                d_w[i - 1, j] += d_r
                d_w[i + 1, j] += d_r
                d_w[i, j - 1] += d_r
                d_w[i, j + 1] += d_r
    return d_w


def newton(a, x, tol):
    while True:
        p = 0.0
        q = 0.0
        for i in range(len(a)):
            q = q * x + p
            p = p * x + a[i]
        step = p / q
        x = x - step
        if abs(step) < tol:
            break
    return x


def newton_by_hand(a, x, tol):
    _p, _q, _x, _q2, _step = [], [], [], [], []
    while True:
        p = 0.0
        q = 0.0
        for i in range(len(a)):
            _q.append(q)
            q = q * x + p
            _p.append(p)
            p = p * x + a[i]
        step = p / q
        _q2.append(q)
        _step.append(step)
        _x.append(x)
        x = x - step
        if abs(step) < tol:
            break
    d_a = np.zeros_like(a)
    d_x = 1.0
    for _ in range(len(_x)):
        x = _x.pop()
        d_p = -d_x / _q2.pop()
        d_q = -d_p * _step.pop()
        for i in range(len(a) - 1, -1, -1):
            p = _p.pop()
            d_x += d_p * p
            d_a[i] += d_p
            d_p *= x
            q = _q.pop()
            d_x += d_q * q
            d_p += d_q
            d_q *= x
    return d_a


def elimination(rows, b):
    return sum(solved(rows, b))


def solved(rows, b):
    a, y = [list(row) for row in rows], list(b)
    n = len(y)
    for k in range(n):
        p = max(range(k, n), key=lambda i: abs(a[i][k]))
        a[k], a[p] = a[p], a[k]
        y[k], y[p] = y[p], y[k]
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            for j in range(k, n):
                a[i][j] -= f * a[k][j]
            y[i] -= f * y[k]
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            y[i] -= a[i][j] * y[j]
        y[i] /= a[i][i]
    return y


def elimination_by_hand(rows, b):
    y = solved(rows, b)
    d_b = solved([list(column) for column in zip(*rows, strict=True)], [1.0] * len(b))
    return [[-d * v for v in y] for d in d_b], d_b


def product_of_lists(a, b):
    n = len(a)
    c = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                c[i][j] += a[i][k] * b[k][j]
    return sum(sum(row) for row in c)


def product_of_lists_by_hand(a, b):
    n = len(a)
    d_a, d_b = [[0.0] * n for _ in range(n)], [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                d_a[i][k] += b[k][j]
                d_b[k][j] += a[i][k]
    return d_a, d_b


def mlp_arguments(rows=256, inputs=784, hidden=128, classes=10, seed=0):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(inputs, hidden)) / np.sqrt(inputs), np.zeros(hidden),
            rng.normal(size=(hidden, classes)) / np.sqrt(hidden), np.zeros(classes),
            rng.normal(size=(rows, inputs)), rng.integers(0, classes, rows))
