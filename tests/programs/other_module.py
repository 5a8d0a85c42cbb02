"""A function of another module, which reads numbers that are globals there."""

import numpy as np

RATE = 1.5
WEIGHTS = np.array([1.0, 2.0, 4.0])


def scaled_tail(a):
    a[0] *= RATE
    a[1:] *= WEIGHTS
    return a[1:]
