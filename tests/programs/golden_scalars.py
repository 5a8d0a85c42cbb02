"""Programs on scalars, each beside the gradient that a careful person writes by hand."""
import math

import numpy as np


def recurrence(x, n, top):
    """A branch, a `break`, a `return` before the loop and one in the middle of it."""
    if x <= 0.0:
        return 0.0
    s = 0.0
    y = x
    for k in range(n):
        if y > 1.5:
            y = math.log(y) + x
        else:
            y = x * y * y + 0.4
        if y > 2.5:
            return s * y
        s += y / (k + 2)
        if s > top:
            break
    return s + y


def recurrence_by_hand(x, n, top):
    if x <= 0.0:
        return 0.0
    _y = []
    returned = False
    s = 0.0
    y = x
    for k in range(n):
        _y.append(y)
        if y > 1.5:
            y = math.log(y) + x
        else:
            y = x * y * y + 0.4
        if y > 2.5:
            returned = True
            break
        s += y / (k + 2)
        if s > top:
            break

    if returned:
        # return s * y
        d_s = y
        d_y = s
    else:
        # return s + y
        d_s = 1.0
        d_y = 1.0
    d_x = 0.0
    last = len(_y) - 1
    for k in range(last, -1, -1):
        if not (returned and k == last):
            # s += y / (k + 2)
            d_y += d_s / (k + 2)
        y = _y.pop()
        if y > 1.5:
            # y = math.log(y) + x
            d_x += d_y
            d_y /= y
        else:
            # y = x * y * y + 0.4
            d_x += d_y * y * y
            d_y *= 2.0 * x * y
    # y = x
    d_x += d_y
    return d_x


def nested(x, n):
    """Recursion; the square root has no derivative at 0."""
    if n == 0:
        return x
    return math.sqrt(x) + x * nested(0.8 * x, n - 1)


def nested_forward(x, n):
    if n == 0:
        return x, ()
    s = math.sqrt(x)
    r, residuals = nested_forward(0.8 * x, n - 1)
    return s + x * r, (s, r, residuals)


def nested_backward(residuals, d_result, x, n):
    if n == 0:
        # return x
        return d_result
    s, r, residuals = residuals
    # return math.sqrt(x) + x * nested(0.8 * x, n - 1)
    d_x = 0.5 * d_result / s if s else d_result * math.inf
    d_x += d_result * r
    d_x += 0.8 * nested_backward(residuals, d_result * x, 0.8 * x, n - 1)
    return d_x


def nested_by_hand(x, n):
    _, residuals = nested_forward(x, n)
    return nested_backward(residuals, 1.0, x, n)


def newton(a, x, tol):
    """A root of a polynomial: `while True` until the step is small; elements are read one by one."""
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
    _p = []
    _q = []
    _x = []
    _q2 = []
    _step = []
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
        # step = p / q; x = x - step
        d_p = -d_x / _q2.pop()
        d_q = -d_p * _step.pop()
        for i in range(len(a) - 1, -1, -1):
            # p = p * x + a[i]
            p = _p.pop()
            d_x += d_p * p
            d_a[i] += d_p
            d_p *= x
            # q = q * x + p
            q = _q.pop()
            d_x += d_q * q
            d_p += d_q
            d_q *= x
    return d_a
