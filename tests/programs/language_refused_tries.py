"""Programs with `try` and `with` that are refused: (function, arguments, words of the reason)."""
import contextlib
import math

import numpy as np


def told_by_the_handler(x):
    y = x
    try:
        y = y * x
        z = math.log(y - 5.0)
    except ValueError as error:
        print(error)
        z = x
    return y * z


def changed_in_a_context(x):
    y = x
    try:
        with np.errstate(all="ignore"):
            y = y * x
            y = y + math.log(y - 5.0)
    except ValueError:
        y = y * x
    return y


def left_in_a_finally(x):
    try:
        x = x * x
    finally:
        return x  # noqa: B012


def carried_by_an_exception(x):
    try:
        raise ValueError(x * x)
    except ValueError as error:
        return error.args[0]


def fill(buffer, x):
    buffer[0] = x
    buffer[1] = math.log(x - 5.0)


def written_by_a_helper_that_raises(x):
    buffer = np.ones(2)
    try:
        fill(buffer, x)
    except ValueError:
        print("half")
    return buffer[0] * x


def written_before_numpy_raises(x):
    a = np.ones(3)
    try:
        a /= x
    except Exception:
        print("divided")
    return np.sum(a) * x


def value_of_a_context(x):
    with contextlib.nullcontext(x * x) as y:
        return y * x


class Holding:
    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return True


def held_back_by_a_context(x):
    y = x
    with Holding():
        y = y * math.log(x - 5.0)
    return y * x


REFUSED = [
    (told_by_the_handler, (1.0,), "read after the `try`"), (changed_in_a_context, (1.5,), "read after the `try`"),
    (left_in_a_finally, (1.0,), "exit in a `finally`"), (carried_by_an_exception, (1.0,), "what an exception carries"),
    (written_by_a_helper_that_raises, (1.0,), "writes into its arguments"),
    (written_before_numpy_raises, (1.5,), "NumPy may raise afterwards"),
    (value_of_a_context, (1.5,), "no derivative rule|context"), (held_back_by_a_context, (1.5,), "holds back"),
]
