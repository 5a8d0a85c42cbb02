"""Linear algebra: decompositions, norms, equations."""
import numpy as np
from language_case import case, some


def principal_directions(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.sum(u[:, 0] ** 3) * s[1] + vt[0, 1] ** 2


def singular_values_alone(a):
    u, s, vt = np.linalg.svd(a)
    return np.sum(s ** 3)


def singular_values_by_name(a):
    return np.sum(np.linalg.svd(a).S ** 3) + np.sum(np.linalg.svd(a, compute_uv=False) ** 2)


def low_rank(a):
    u, s, vt = np.linalg.svd(a, full_matrices=False)
    return np.sum(((u[:, :2] * s[:2]) @ vt[:2]) ** 3)


def triangular_factor(a):
    q, r = np.linalg.qr(a)
    return q[0, 1] * r[0, 2] + np.sum(np.linalg.qr(a, "r")[1] ** 2)


def regression(a, b):
    return np.sum(np.linalg.lstsq(a, b, rcond=None)[0] ** 2)


def residual_sum(a, b):
    solution, residuals, rank, values = np.linalg.lstsq(a, b)
    return residuals[0] * solution[0] * rank


def lowest_mode(a):
    values, vectors = np.linalg.eigh(a.T @ a)
    return values[0] * vectors[0, 1] ** 2


def lowest_mode_by_name(a):
    modes = np.linalg.eigh(a.T @ a)
    return modes.eigenvalues[0] * modes.eigenvectors[0, 1] ** 2


def log_determinant_by_name(a):
    return np.linalg.slogdet(a.T @ a).logabsdet


def kinds_of_norms(a):
    return (np.linalg.norm(a, 2) * np.linalg.norm(a, "nuc") + np.linalg.norm(a[0], 3) + np.linalg.norm(a, 1)
            + np.linalg.norm(a, np.inf) * np.linalg.cond(a) + np.linalg.matrix_norm(a) * np.linalg.vector_norm(a, ord=4))


def norms_along_an_axis(a):
    return np.sum(np.linalg.norm(a, axis=1)) * np.linalg.norm(a) + np.linalg.norm(a, ord=np.inf, axis=0)[1]


def norm_of_an_order(a, order):
    return np.linalg.norm(a[0], order) ** 2


def powers_in_a_loop(a):
    m = a.T @ a
    total = 0.0
    for n in range(-1, 3):
        total = total + np.trace(np.linalg.matrix_power(m, n) @ m)
    return total


def chain(a):
    return np.sum(np.linalg.multi_dot([a, a.T, a]) ** 2) * np.linalg.matrix_rank(a)


def spectral_radius(a):
    return np.max(np.abs(np.linalg.eigvals(a[:3])))


def real_parts_of_eigenvalues(a):
    values = np.linalg.eigvals(a[:3])
    return np.sum(np.real(values) ** 2 * np.abs(values)) + np.sum(values.imag ** 2)


def roots_of_a_cubic(a):
    volumes = np.roots([1.0, -6.0 + a[0, 0], 11.0, -6.0 * a[1, 1]])
    return np.max(np.real(volumes)) ** 2


def roots_that_are_complex(a):
    zeros = np.roots(np.append(1.0, a[0]))
    return np.sum(np.abs(zeros) ** 2) + np.sum(zeros.real ** 3)


def polynomials_divided(a):
    quotient, rest = np.polydiv(a[0] * a[1], np.array([1.0, a[0, 1]]))
    return np.sum(quotient ** 2) * rest[0] + np.poly(a[:3])[2]


def slopes_over_places_that_vary(a):
    places = np.cumsum(1.0 + a[0] ** 2)
    return np.sum(np.gradient(a[1] * places, places, edge_order=2) ** 2) * np.sum(np.gradient(a, a[0, 0] + 2.0, axis=1))


def general_eigenvectors(a):
    values, vectors = np.linalg.eig(np.diag(np.arange(1.0, 4.0)) + 0.1 * a[:3])
    return np.sum(values.real ** 3) + np.abs(vectors[0, 1])


def eigenvalues_with_vectors_unused(a):
    values, _ = np.linalg.eig(a[:3])
    return np.sum(np.abs(values) ** 3)


A = some(4, 3) + np.eye(4, 3)
TURNING = np.array([[0.3, -2.0, 0.1], [1.5, 0.2, 0.4], [0.3, 0.1, 0.7]])  # two eigenvalues are complex

def fitted_polynomial(x):
    return np.linalg.lstsq(np.vander(x, 3), x ** 2 + np.sin(x), rcond=None)[0].sum()


def matrix_transposes(a):
    """`.mT` of a matrix and of a stack of matrices."""
    stack = a[:2] * np.ones((3, 1, 1))
    return np.sum((stack.mT @ a[:2]) * np.cos(a[:2].mT @ stack) * np.arange(3.0)[:, None, None])


PROGRAMS = [
    case(matrix_transposes, np.arange(6.0).reshape(2, 3) / 5.0, smooth=True),
    case(fitted_polynomial, np.array([0.3, -0.7, 1.2, 0.4])),
    case(principal_directions, A, smooth=True), case(singular_values_alone, A, smooth=True),
    case(singular_values_by_name, A, smooth=True), case(low_rank, A, smooth=True), case(triangular_factor, A, smooth=True),
    case(regression, A, some(4), smooth=True), case(residual_sum, A, some(4), smooth=True),
    case(lowest_mode, A, smooth=True), case(lowest_mode_by_name, A), case(log_determinant_by_name, A, smooth=True),
    case(kinds_of_norms, A, smooth=True), case(norms_along_an_axis, A, smooth=True), case(norm_of_an_order, A, 3),
    case(norm_of_an_order, A, np.inf, wrt=(0,)), case(norm_of_an_order, A, 1), case(norm_of_an_order, A, None),
    case(roots_of_a_cubic, 0.1 * A), case(roots_that_are_complex, A), case(polynomials_divided, A, smooth=True),
    case(slopes_over_places_that_vary, A, smooth=True),
    case(spectral_radius, A), case(spectral_radius, TURNING), case(real_parts_of_eigenvalues, A),
    case(real_parts_of_eigenvalues, TURNING), case(general_eigenvectors, A), case(eigenvalues_with_vectors_unused, TURNING),
    case(powers_in_a_loop, A, smooth=True), case(chain, A, smooth=True),
]
