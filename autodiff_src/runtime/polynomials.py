"""What the rules of polynomials share out: coefficients with the highest power first."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError


def of_zeros_adjoint(e: Any, zeros: Any) -> np.ndarray:
    """The adjoint of `zeros` for the adjoint `e` of `np.poly(zeros)`."""
    return np.stack([-np.dot(e[1:], np.poly(np.delete(zeros, i))) for i in range(len(zeros))])


def of_zeros_tangent(dots: Any, zeros: Any) -> np.ndarray:
    terms = [-dots[i] * np.poly(np.delete(zeros, i)) for i in range(len(zeros))]
    return np.append(0.0, np.sum(np.stack(terms), axis=0))


def characteristic_adjoint(e: Any, y: Any, a: Any) -> np.ndarray:
    """The adjoint of a matrix `a` for the adjoint `e` of its characteristic polynomial `y`, `np.poly(a)`.

    `d y[k] = -trace(m[k] @ d_a)` with `m[1]` the identity and `m[k + 1] = a @ m[k] + y[k] * identity`.
    """
    eye = np.eye(len(a))
    m, total = eye, -e[1] * eye
    for k in range(1, len(a)):
        m = a @ m + y[k] * eye
        total = total - e[k + 1] * m.T
    return total


def characteristic_tangent(a_dot: Any, y: Any, a: Any) -> np.ndarray:
    eye = np.eye(len(a))
    m, y_dot = eye, np.zeros(len(y))
    y_dot[1] = -np.trace(a_dot)
    for k in range(1, len(a)):
        m = a @ m + y[k] * eye
        y_dot[k + 1] = -np.sum(m.T * a_dot)
    return y_dot


def divided(w: Any, v: Any, size: int) -> tuple[np.ndarray, np.ndarray]:
    """`np.polydiv(w, v)` as a linear function of `w`, with the last `size` coefficients of the remainder."""
    products = _products(v, len(w))
    count = products.shape[1]
    q = np.linalg.solve(products[:count], w[:count])
    return q, (w - products @ q)[len(w) - size:]


def divided_adjoint(d_q: Any, d_r: Any, u: Any, v: Any) -> np.ndarray:
    """The adjoint of `w` for those of what `divided(w, v, len(d_r))` gives, `w` being of the length of `u`.

    Raises NoRuleError where NumPy left out zeros in front.
    """
    products = _products(v, len(u))
    count = products.shape[1]
    if len(d_q) != count:
        raise NoRuleError("np.polydiv by a polynomial that is longer", fix="the quotient is 0: leave it out")
    rest = np.append(np.zeros(len(u) - len(d_r)), d_r)
    head = np.linalg.solve(products[:count].T, d_q - products.T @ rest)
    return rest + np.append(head, np.zeros(len(u) - count))


def _products(v: Any, n: int) -> np.ndarray:
    """The matrix that multiplies a polynomial by `v`, where the product has `n` coefficients."""
    if n < len(v):
        raise NoRuleError("np.polydiv by a polynomial that is longer", fix="the quotient is 0: leave it out")
    shifts = np.arange(n)[:, None] - np.arange(n - len(v) + 1)
    within = (shifts >= 0) & (shifts < len(v))
    return np.where(within, v[np.where(within, shifts, 0)], 0.0)
