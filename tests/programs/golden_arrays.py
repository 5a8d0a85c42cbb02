"""Programs on arrays, each beside the gradient that a careful person writes by hand."""
import numpy as np


def mlp(W1, b1, W2, b2, x, y):
    """The loss of a network of two layers: softmax and cross-entropy of integer labels."""
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
    z_max = z.max(axis=1, keepdims=True)
    z2 = z - z_max
    e = np.exp(z2)
    e_sum = e.sum(axis=1, keepdims=True)

    # return -logp[np.arange(n), y].mean()
    d_logp = np.zeros_like(z2)
    d_logp[np.arange(n), y] = -1.0 / max(n, 1)
    # logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    e *= d_logp.sum(axis=1, keepdims=True) / e_sum
    d_z = d_logp
    d_z -= e
    # z = z - z.max(axis=1, keepdims=True)
    ties = z == z_max
    d_z -= ties * (d_z.sum(axis=1, keepdims=True) / ties.sum(axis=1, keepdims=True))
    # z = h @ W2 + b2
    d_b2 = d_z.sum(axis=0)
    d_W2 = h.T @ d_z
    d_h = d_z @ W2.T
    # h = np.tanh(x @ W1 + b1)
    d_h *= 1.0 - h * h
    d_b1 = d_h.sum(axis=0)
    d_W1 = x.T @ d_h
    return d_W1, d_b1, d_W2, d_b2


def diffusion(u, c, steps):
    """A linear stencil between two buffers that are swapped, then a write through a view: nothing needs a push."""
    a = u.copy()
    b = u.copy()
    for _ in range(steps):
        b[1:-1] = a[1:-1] + c * (a[2:] - 2.0 * a[1:-1] + a[:-2])
        a, b = b, a
    v = a[:-1]
    v *= 3.0
    return np.sum(a * a)


def diffusion_by_hand(u, c, steps):
    a = u.copy()
    b = u.copy()
    for _ in range(steps):
        b[1:-1] = a[1:-1] + c * (a[2:] - 2.0 * a[1:-1] + a[:-2])
        a, b = b, a
    v = a[:-1]
    v *= 3.0

    # return np.sum(a * a)
    d_a = 2.0 * a
    d_b = np.zeros_like(b)
    d_v = d_a[:-1]
    # v *= 3.0
    d_v *= 3.0
    for _ in range(steps):
        # a, b = b, a
        d_a, d_b = d_b, d_a
        # b[1:-1] = a[1:-1] + c * (a[2:] - 2.0 * a[1:-1] + a[:-2])
        d_r = d_b[1:-1]
        d_c = c * d_r
        d_a[1:-1] += d_r
        d_a[2:] += d_c
        d_a[1:-1] -= 2.0 * d_c
        d_a[:-2] += d_c
        d_r[:] = 0.0
    # a = u.copy(); b = u.copy()
    d_a += d_b
    return d_a


def advection(u, steps):
    """A stencil that is not linear and writes into the argument: the caller keeps what it wrote."""
    for _ in range(steps):
        u[1:-1] -= 0.2 * u[1:-1] * (u[1:-1] - u[:-2])
    return np.sum(u * u)


def advection_by_hand(u, steps):
    _u = np.empty((max(steps, 0), u[1:-1].size))
    for t in range(steps):
        _u[t] = u[1:-1]
        u[1:-1] -= 0.2 * u[1:-1] * (u[1:-1] - u[:-2])

    u = u.copy()
    # return np.sum(u * u)
    d_u = 2.0 * u
    for t in range(steps - 1, -1, -1):
        # u[1:-1] -= 0.2 * u[1:-1] * (u[1:-1] - u[:-2])
        u[1:-1] = _u[t]
        d_p = -0.2 * d_u[1:-1]
        d_q = d_p * u[1:-1]
        d_p *= u[1:-1] - u[:-2]
        d_u[1:-1] += d_p
        d_u[1:-1] += d_q
        d_u[:-2] -= d_q
    return d_u


def relaxation(u, b, sweeps):
    """Gauss-Seidel sweeps: element writes in a double loop, linear."""
    w = u.copy()
    n, m = w.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                w[i, j] = 0.25 * (w[i - 1, j] + w[i + 1, j] + w[i, j - 1] + w[i, j + 1] - b[i, j])
    return np.sum(w * w)


def relaxation_by_hand(u, b, sweeps):
    w = u.copy()
    n, m = w.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                w[i, j] = 0.25 * (w[i - 1, j] + w[i + 1, j] + w[i, j - 1] + w[i, j + 1] - b[i, j])

    # return np.sum(w * w)
    d_w = 2.0 * w
    d_b = np.zeros_like(b)
    for _ in range(sweeps):
        for i in range(n - 2, 0, -1):
            for j in range(m - 2, 0, -1):
                # w[i, j] = 0.25 * (w[i - 1, j] + w[i + 1, j] + w[i, j - 1] + w[i, j + 1] - b[i, j])
                d_r = 0.25 * d_w[i, j]
                d_w[i, j] = 0.0
                d_w[i - 1, j] += d_r
                d_w[i + 1, j] += d_r
                d_w[i, j - 1] += d_r
                d_w[i, j + 1] += d_r
                d_b[i, j] -= d_r
    # w = u.copy()
    return d_w, d_b


def smoothing(u, sweeps):
    """Element writes in a double loop that read what they overwrite, and not linearly."""
    w = u.copy()
    n, m = w.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                w[i, j] += 0.1 * w[i, j] * (w[i, j + 1] - w[i, j - 1])
    return np.sum(w * w)


def smoothing_by_hand(u, sweeps):
    _w = []
    w = u.copy()
    n, m = w.shape
    for _ in range(sweeps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                _w.append(w[i, j])
                w[i, j] += 0.1 * w[i, j] * (w[i, j + 1] - w[i, j - 1])

    # return np.sum(w * w)
    d_w = 2.0 * w
    for _ in range(sweeps):
        for i in range(n - 2, 0, -1):
            for j in range(m - 2, 0, -1):
                # w[i, j] += 0.1 * w[i, j] * (w[i, j + 1] - w[i, j - 1])
                w[i, j] = _w.pop()
                d_p = 0.1 * d_w[i, j]
                d_q = d_p * w[i, j]
                d_w[i, j] += d_p * (w[i, j + 1] - w[i, j - 1])
                d_w[i, j + 1] += d_q
                d_w[i, j - 1] -= d_q
    # w = u.copy()
    return d_w


def drag(v, k):
    r = 2.0 + v * v
    return -k * v / r


def motion(v0, k, n):
    """A helper without a rule, called in a loop."""
    v = v0.copy()
    for _ in range(n):
        v += 0.1 * drag(v, k)
    return np.sum(v * v)


def drag_forward(v, k):
    r = 2.0 + v * v
    result = -k * v / r
    return result, (r, result)


def drag_backward(residuals, d_result, v, k):
    r, result = residuals
    # return -k * v / r
    d_p = d_result / r
    d_k = -np.sum(d_p * v)
    d_v = -k * d_p
    # r = 2.0 + v * v
    d_p *= result
    d_p *= 2.0 * v
    d_v -= d_p
    return d_v, d_k


def motion_by_hand(v0, k, n):
    _v = []
    _drag = []
    v = v0.copy()
    for _ in range(n):
        result, residuals = drag_forward(v, k)
        _drag.append(residuals)
        _v.append(v)
        v = v + 0.1 * result

    # return np.sum(v * v)
    d_v = 2.0 * v
    d_k = 0.0
    for _ in range(n):
        # v += 0.1 * drag(v, k)
        v = _v.pop()
        d_v1, d_k1 = drag_backward(_drag.pop(), 0.1 * d_v, v, k)
        d_v += d_v1
        d_k += d_k1
    # v = v0.copy()
    return d_v, float(d_k)
