"""NumPy's functions that call what they are given: they are stepped into."""
import math

import numpy as np
from language_case import case, some, vector


@np.vectorize
def tax(income, rate=0.3):
    """A tax in steps, in the words of a law: with branches."""
    if income < 1.0:
        return 0.0
    if income < 2.0:
        return rate * (income - 1.0) ** 2
    return rate * (income - 1.0) + 0.1 * income


sine = np.vectorize(math.sin)


def vectorized_with_branches(x):
    return np.sum(tax(x) * x)


def vectorized_with_a_keyword(x, rate):
    return np.sum(tax(x, rate=rate) * x)


def vectorized_by_position(x, rate):
    return np.sum(tax(x, rate) * x)


def vectorized_builtin(x):
    return np.sum(sine(x) ** 2)


def vectorized_ufunc(x):
    return np.sum(np.vectorize(np.sin)(x) * x)


def vectorized_lambda(x):
    return np.sum(np.vectorize(lambda v: v * v if v > 0 else math.exp(v))(x))


def vectorized_closure(x, p):
    def spring(u):
        return p * u ** 2 if u > 0.0 else -p * u

    force = np.vectorize(spring)
    return np.sum(force(x) * x) + float(force(p))


def vectorized_over_pairs(x):
    power = np.vectorize(lambda base, exponent: base ** exponent)
    return np.sum(power(x[:, None], x) * power(2.0, x))


def vectorized_decorated(x):
    @np.vectorize
    def cubed(v):
        return v * v * v

    return np.sum(cubed(x))


def vectorized_decorated_with_types(x):
    @np.vectorize(otypes=[float])
    def clipped(v):
        return 0 if v < 0.0 else v * v

    return np.sum(clipped(x))


def vectorized_with_types(x):
    return np.sum(np.vectorize(lambda v: 0 if v < 0.0 else v * v, otypes="d")(x))


def vectorized_to_whole_numbers(x):
    return np.sum(np.vectorize(lambda v: 0 if v < 0.0 else v * v)(x)) * x[0]


def vectorized_with_two_results(x):
    squares, cubes = np.vectorize(lambda v: (v * v, v ** 3))(x)
    return np.sum(squares * cubes)


def vectorized_with_two_types(x):
    squares, cubes = np.vectorize(lambda v: (v * v, v ** 3), otypes=[float, float])(x)
    return np.sum(squares * cubes)


def vectorized_with_an_excluded(x, coefficients):
    polynomial = np.vectorize(lambda v, p: sum([c * v ** k for k, c in enumerate(p)]), excluded={1})
    return np.sum(polynomial(x, coefficients))


def vectorized_with_an_excluded_keyword(x, coefficients):
    polynomial = np.vectorize(lambda v, p: sum([c * v ** k for k, c in enumerate(p)]), excluded=["p"])
    return np.sum(polynomial(x, p=coefficients))


def vectorized_in_fortran_order(a):
    def loud(v):
        print(round(v, 3))
        return v * v

    return np.sum(np.vectorize(loud)(a.T) * a.T)


def vectorized_with_a_log(x, p):
    log = []

    def noted(v):
        log.append(v * p)
        return v * v * p

    return np.sum(np.vectorize(noted)(x)) + sum(log)


def vectorized_argument(x):
    def total(f, x):
        return np.sum(np.vectorize(f)(x))

    return total(lambda v: v * v * x[0], x)


def vectorized_names_in_use(items, order):
    shape = np.vectorize(lambda items, values: items * values + order[0])
    return np.sum(shape(items, order))


def square(v):
    return v * v


def piecewise_functions(x):
    return np.sum(np.piecewise(x, [x < 0.0, x >= 1.0], [square, lambda v: np.sin(v)]))


def piecewise_otherwise(x):
    return np.sum(np.piecewise(x, [x < 0.0, x >= 1.0], [square, 3.0, np.exp]) * x)


def piecewise_with_arguments(x, p):
    return np.sum(np.piecewise(x, [x < 0.0, x >= 1.0], [lambda v, k: v * k, lambda v, k: p * k * v, p], p))


def piecewise_one_condition(x):
    return np.sum(np.piecewise(x, x < 0.0, [square, np.exp]))


def piecewise_of_a_number(x):
    return float(np.piecewise(x, [x < 0.0], [square, lambda v: np.sin(v)]))


def along_columns(a):
    return np.sum(np.apply_along_axis(lambda line: np.sum(line) * line[0], 0, a) ** 2)


def along_rows(a):
    return np.sum(np.apply_along_axis(lambda line: line / np.sum(line * line), -1, a)[0])


def along_one_axis(x):
    return np.apply_along_axis(lambda line: line[0] * line[1], 0, x) * 1.0


def along_an_axis_to_matrices(a):
    return np.sum(np.apply_along_axis(np.outer, 0, a, np.arange(2.0))[1] * a)


def along_an_axis_with_arguments(a, p):
    return np.sum(np.apply_along_axis(lambda line, k: line * k * p, 1, a, k=p) * a)


def from_a_function(x):
    grid = np.fromfunction(lambda i, j: x[0] * i + x[1] * j * j, (2, 3))
    return np.sum(grid ** 2)


def multiplied_at_indices(a, x):
    b = a * 1.0
    np.multiply.at(b, [0, 2, 2, -1], x * a[0])
    return np.sum(b ** 2)


def extremes_at_indices(m, x):
    b = m.copy()
    np.maximum.at(b, (slice(None), [0, 1, 0]), x * m[:, :1])
    np.minimum.at(b[0], np.array([1, 1]), np.array([x, 0.1]))
    np.maximum.at(b, 1, 0.2)
    return np.sum(b * m)


PROGRAMS = [
    case(multiplied_at_indices, some(3), 0.7, smooth=True), case(extremes_at_indices, some(2, 3), 0.7),
    case(vectorized_with_branches, vector(0.4, 1.5, 2.5)), case(vectorized_with_a_keyword, vector(0.4, 1.5, 2.5), 0.4),
    case(vectorized_by_position, vector(0.4, 1.5, 2.5), 0.4), case(vectorized_builtin, some(2, 2), smooth=True),
    case(vectorized_ufunc, some(3), smooth=True), case(vectorized_lambda, some(4)), case(vectorized_closure, some(3), 0.7),
    case(vectorized_over_pairs, vector(0.4, 1.5, 2.5), smooth=True), case(vectorized_decorated, some(3), smooth=True),
    case(vectorized_decorated_with_types, some(4)), case(vectorized_with_types, some(4)),
    case(vectorized_to_whole_numbers, vector(-0.5, 1.5, 1.2)), case(vectorized_with_two_results, some(3)),
    case(vectorized_with_two_types, some(3)), case(vectorized_with_an_excluded, some(3), some(2)),
    case(vectorized_with_an_excluded_keyword, some(3), some(2)), case(vectorized_in_fortran_order, some(2, 3)),
    case(vectorized_with_a_log, some(3), 0.7), case(vectorized_argument, some(3)),
    case(vectorized_names_in_use, some(3), some(3)),
    case(piecewise_functions, vector(-0.5, 0.3, 1.4)), case(piecewise_otherwise, vector(-0.5, 0.3, 1.4)),
    case(piecewise_with_arguments, vector(-0.5, 0.3, 1.4), 0.7), case(piecewise_one_condition, vector(-0.5, 0.3, 1.4)),
    case(piecewise_of_a_number, 0.7), case(along_columns, some(2, 3), smooth=True), case(along_rows, some(2, 3), smooth=True),
    case(along_one_axis, some(3), smooth=True), case(along_an_axis_to_matrices, some(2, 3), smooth=True),
    case(along_an_axis_with_arguments, some(2, 3), 0.7, smooth=True), case(from_a_function, some(2), smooth=True),
]
