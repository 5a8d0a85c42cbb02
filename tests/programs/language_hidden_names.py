"""Nested functions with parameters and variables that hide what other nested functions read from around them."""
import numpy as np
from language_case import case

import autodiff_src as ad


def parameter_that_hides_what_another_function_reads(x):
    def scaled(u):
        return u * x

    def doubled(x):
        return scaled(x) * 2.0

    return doubled(x * 3.0) + x


def recursion_that_hides_what_another_function_reads(x):
    def scaled(u):
        return np.sin(u * x)

    def halved(x, n):
        return scaled(x) * 2.0 if n == 0 else halved(x * 0.5, n - 1)

    return halved(x * 3.0, 2)


def lambda_that_hides_what_another_function_reads(x):
    def scaled(u):
        return u * x

    return sum(map(lambda x: scaled(x) * x, [x, 2.0]))


def functions_in_functions_that_hide(x):
    def scaled(u):
        return u * x

    def outer(x):
        def inner(x, k=2.0):
            y = x + k
            return scaled(y) * x + scaled(x)
        return inner(x + 1.0) * x

    return outer(x * x) + ad.grad(outer)(x)


PROGRAMS = [
    *(case(f, 0.8, smooth=True) for f in (
        parameter_that_hides_what_another_function_reads, recursion_that_hides_what_another_function_reads,
        functions_in_functions_that_hide)), case(lambda_that_hides_what_another_function_reads, 0.8),
]
