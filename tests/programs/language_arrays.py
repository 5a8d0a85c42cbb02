"""Arrays read and written: elements, slices, whole arrays, arguments that the caller sees written."""
import numpy as np
from language_case import case, some, vector


def elements_read(a):
    return a[0] * a[1] + a[-1] ** 2


def elements_of_matrix(m):
    return m[0, 1] * m[1, 0] + m[-1, -1]


def row_then_element(m):
    return m[1][0] * m[0][1]


def slices_read(a):
    return np.sum(a[1:] * a[:-1]) + np.sum(a[::2]) + np.sum(a[::-1] * a)


def matrix_slices_read(m):
    return np.sum(m[1:, :2] * m[:-1, 1:]) + np.sum(m[:, 0]) * m[0].sum()


def new_axis(a):
    return np.sum(a[:, None] * a[None, :] * np.arange(a.size))


def ellipsis_read(m):
    return np.sum(m[..., 0] ** 2)


def index_from_data(a, k):
    return a[k] * a[k + 1]


def integer_array_index(a):
    index = np.array([0, 2, 2])
    return np.sum(a[index] * vector(1.0, 2.0, 3.0))


def mask_read(a):
    return np.sum(a[a > 0.0] ** 2)


def whole_array_arithmetic(a, b, c):
    return np.sum((a * b - c / (b * b + 1.0)) ** 2 + -a)


def scalar_broadcast(x, a):
    return np.sum(x * a + a / x - x)


def matrix_with_vector_broadcast(m, a):
    return np.sum((m + a) * (m - a[0]))


def matrix_products(m, a):
    return (m @ a) @ (m @ a) + np.dot(a, a) + np.sum(m.T @ m)


def methods(m):
    return m.sum() + m.mean() * m.T.sum() + m.reshape(-1)[1] + m.ravel().dot(m.flatten())


def attributes(m):
    return np.sum(m) * m.shape[0] + m.ndim * m[0, 0] + m.size


def axis_sums(m):
    return np.sum(m.sum(axis=0) ** 2) + np.sum(np.sum(m, axis=1, keepdims=True) * m)


def array_of_active_values(x, y):
    v = np.array([x, y, x * y])
    return v @ v


def matrix_of_active_values(x, y):
    m = np.array([[x, y], [-y, x]])
    return np.sum(m @ m)


def where_clip_maximum(a):
    return np.sum(np.where(a > 0.0, a * a, -a)) + np.sum(np.clip(a, -0.5, 0.5)) + np.sum(np.maximum(a, 0.2))


def where_with_nan_branch(a):
    positive = np.where(a > 0.0, a, 1.0)
    return np.sum(np.where(a > 0.0, np.sqrt(positive), a))


def joined_and_stacked(a, b):
    return np.sum(np.concatenate([a, b]) ** 2) + np.sum(np.stack([a, b])[0] * b)


def copy_then_write(a):
    b = a.copy()
    b[0] = 2.0 * b[1]
    return np.sum(b * a)


def filled_in_loop(x, n):
    b = np.zeros(n)
    for i in range(n):
        b[i] = x**i
    return np.sum(b * b)


def recurrence_in_array(x, n):
    b = np.zeros(n + 1)
    b[0] = x
    for i in range(n):
        b[i + 1] = np.sin(b[i]) * x + b[i]
    return b[n] * b[1]


def element_augmented(a):
    b = np.zeros(3)
    for i in range(len(a)):
        b[i % 3] += a[i] * a[i]
    return b[0] * b[1] + b[2]


def element_scaled(a):
    b = a * 1.0
    b[1] *= b[0]
    b[1] *= b[1]
    b[0] /= b[1]
    return np.sum(b)


def read_then_write_of_one_element(a):
    b = a.copy()
    s = b[0]
    b[0] = b[0] * b[0]
    t = b[0]
    b[0] = 3.0
    return s * t * b[0]


def swap_of_elements(a):
    b = a.copy()
    b[0], b[1] = b[1], b[0]
    return b[0] * 2.0 + b[1] * b[0]


def swap_of_elements_in_argument(a):
    a[0], a[1] = a[1], a[0]
    return a[0] * 2.0 + a[1] * a[0]


def swap_of_rows_by_copy(m):
    row = m[0].copy()
    m[0] = m[1]
    m[1] = row
    return np.sum(m[0] * row * 2.0)


def overlapping_write(a):
    b = a.copy()
    b[1:] = b[:-1]
    return np.sum(b * np.arange(b.size))


def overlapping_augmented(a):
    b = a.copy()
    b[1:] += b[:-1]
    b[:-1] *= b[1:]
    return np.sum(b)


def repeated_index_write(a):
    b = np.zeros(3)
    b[[0, 0]] = a[:2] * 2.0
    return np.sum(b * b)


def repeated_index_augmented(a):
    b = np.zeros(3)
    index = np.array([0, 0, 1])
    b[index] += a[:3] ** 2
    return np.sum(b * vector(1.0, 2.0, 3.0))


def add_at(a):
    b = np.zeros(3)
    np.add.at(b, np.array([0, 0, 1]), a[:3] ** 2)
    return np.sum(b * vector(1.0, 2.0, 3.0))


def mask_write(a):
    b = a * 2.0
    b[b < 0.0] = 0.0
    return np.sum(b * a)


def diagonal_augmented_under_branch(m, a):
    s = m.copy()
    for i in range(len(a)):
        if a[i] > 0.0:
            s[i, i] += a[i]
    return np.sum(s * s)


def slice_writes(a, x):
    b = np.zeros(5)
    b[1:4] = a[:3]
    b[:2] += x
    b[3:] *= x
    b[::2] = b[::2] * 2.0
    return np.sum(b * b)


def scalar_into_slice(x):
    b = np.ones(4)
    b[1:3] = x
    return np.sum(b**2)


def row_into_matrix(a):
    m = np.zeros((2, a.size))
    m[0] = a
    m[:] = a * a
    m[1, 1:] = a[0]
    return np.sum(m**2)


def column_writes(m):
    w = m.copy()
    for j in range(m.shape[1]):
        w[:, j] = w[:, j - 1] * w[:, j]
    return np.sum(w)


def whole_array_overwritten(a):
    b = a * a
    b[:] = 1.0
    return np.sum(b * a)


def augmented_array(a, b):
    c = a * b
    c += a
    c *= c
    c -= b * c
    c /= 1.0 + b**2
    return np.sum(c)


def power_augmented(a):
    c = a * a + 1.0
    c **= 2
    return np.sum(c)


def argument_written(a, x):
    for i in range(1, len(a)):
        a[i] = a[i] * x + a[i - 1]
    return np.sum(a * a)


def argument_augmented(a):
    a += a * a
    a *= 0.5
    return np.sum(a**2)


def argument_written_after_use(a):
    s = np.sum(a * a)
    a[:] = 0.0
    return s


def argument_rebound_then_written(a):
    a = a * 2.0
    a[0] = 5.0
    return np.sum(a * a)


def argument_partly_overwritten(a, b):
    a[0] = b[1]
    b[1] = a[1] * a[0]
    return np.sum(a) * b[1]


def write_under_branch(a):
    b = np.zeros_like(a)
    for i in range(len(a)):
        if a[i] > 0.0:
            b[i] = a[i] ** 2
        else:
            b[i - 1] = -a[i]
    return np.sum(b * a)


def stencil(u, c, steps):
    a, b = u.copy(), u.copy()
    for _ in range(steps):
        b[1:-1] = a[1:-1] + c * (a[2:] - 2.0 * a[1:-1] + a[:-2])
        a, b = b, a
    v = a[1:]
    v *= 2.0
    return np.sum(a * a)


def nonlinear_stencil_in_argument(u, steps):
    for _ in range(steps):
        u[1:-1] -= 0.1 * u[1:-1] * (u[2:] - u[:-2])
    return np.sum(u * u)


def gauss_seidel(m, b, n):
    x = np.zeros(len(b))
    for _ in range(n):
        for i in range(len(b)):
            s = b[i]
            for j in range(len(b)):
                if j != i:
                    s = s - m[i, j] * x[j]
            x[i] = s / (m[i, i] + 4.0)
    return np.sum(x * x)


def cumulative(a):
    b = np.empty(len(a))
    total = 0.0
    for i, v in enumerate(a):
        total += v * v
        b[i] = total
    return np.sum(b * a)


def like_and_full(a, x):
    b = np.full(a.shape, x)
    c = np.ones_like(a) * b
    b[0] = 0.0
    return np.sum(b * c * a)


def astype_and_asarray(a, k):
    b = np.asarray(a).astype(float)
    return np.sum(b * b) + np.sum(k.astype(float) * a[:2])


def zero_length_loop_over_array(x, n):
    b = np.zeros(n)
    for i in range(n):
        b[i] = x
    return x * x + np.sum(b)


def array_in_range_argument(a):
    return sum([a[i] * i for i in range(a.shape[0])])


def grown_by_broadcasting(x, y):
    for _ in range(2):
        x = x * y
    return np.sum(x * x)


def softmax_cross_entropy(w, x, label):
    z = w @ x
    z = z - np.max(z)
    return np.log(np.sum(np.exp(z))) - z[label]


def perceptron(w, v, x):
    hidden = np.tanh(x @ w)
    return np.sum((hidden @ v) ** 2)


A, B, C, M = some(4), some(5)[1:], some(6)[2:], some(3, 3)
PROGRAMS = [
    case(elements_read, A, smooth=True), case(elements_of_matrix, M), case(row_then_element, M), case(slices_read, A),
    case(matrix_slices_read, M), case(new_axis, A), case(ellipsis_read, M), case(index_from_data, A, 1),
    case(integer_array_index, A), case(mask_read, A), case(whole_array_arithmetic, A, B, C, smooth=True),
    case(scalar_broadcast, 0.7, A, smooth=True), case(matrix_with_vector_broadcast, M, some(3)),
    case(matrix_products, M, some(3), smooth=True), case(methods, some(2, 3)), case(attributes, some(2, 3)),
    case(axis_sums, some(2, 3)), case(array_of_active_values, 0.7, 0.3), case(matrix_of_active_values, 0.7, 0.3),
    case(where_clip_maximum, A), case(where_with_nan_branch, vector(1.2, -0.7, 0.0, 2.0)[[0, 1, 3]]),
    case(joined_and_stacked, A, B), case(copy_then_write, A), case(filled_in_loop, 0.7, 4),
    case(recurrence_in_array, 0.7, 4, smooth=True), case(element_augmented, A), case(element_scaled, A, smooth=True),
    case(read_then_write_of_one_element, A), case(swap_of_elements, A), case(swap_of_elements_in_argument, A),
    case(swap_of_rows_by_copy, some(2, 3)), case(overlapping_write, A), case(overlapping_augmented, A, smooth=True),
    case(repeated_index_write, A), case(repeated_index_augmented, A), case(add_at, A), case(mask_write, A),
    case(diagonal_augmented_under_branch, M, some(3)), case(slice_writes, A, 0.7), case(scalar_into_slice, 0.7),
    case(row_into_matrix, A), case(column_writes, some(2, 3)), case(whole_array_overwritten, A),
    case(augmented_array, A, B, smooth=True), case(power_augmented, A), case(argument_written, A, 0.7, smooth=True),
    case(argument_augmented, A), case(argument_written_after_use, A), case(argument_rebound_then_written, A),
    case(argument_partly_overwritten, A, B), case(write_under_branch, A), case(stencil, some(6), 0.2, 3, smooth=True),
    case(nonlinear_stencil_in_argument, some(6), 3, smooth=True), case(gauss_seidel, M, some(3), 2),
    case(cumulative, A), case(like_and_full, A, 0.7), case(astype_and_asarray, A, np.array([1, 2])),
    case(grown_by_broadcasting, some(1), some(3), smooth=True),
    case(zero_length_loop_over_array, 0.7, 0), case(array_in_range_argument, A),
    case(softmax_cross_entropy, M, some(3), 1, smooth=True),
    case(perceptron, some(3, 2), some(2), some(4, 3), smooth=True),
]
