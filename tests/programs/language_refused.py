"""Programs that are refused: (function, arguments, words of the reason)."""
import contextlib

import numpy as np

COUNTER = 0


class Model:
    """Something with an attribute and a method."""

    def __init__(self, w):
        self.w = w

    def predict(self, x):
        return self.w * x


def generator(x):
    yield x
    yield x * x


def generator_delegates(x):
    yield from [x, x * x]


def uses_try(x):
    try:
        return x * x
    except ValueError:
        return x


def uses_with(x):
    with contextlib.suppress(ValueError):
        x = x * x
    return x


def defines_class(x):
    class Local:
        scale = 2.0
    return x * Local.scale


def deletes(x):
    y = x * x
    z = y * x
    del y
    return z


def uses_global(x):
    global COUNTER
    COUNTER = COUNTER + 1
    return x * COUNTER


def uses_nonlocal(x):
    s = x

    def change():
        nonlocal s
        s = s * x

    change()
    return s


def uses_walrus(x):
    return (y := x * x) * y


def set_comprehension(x):
    return sum({x * k for k in (1, 2)})


def dict_comprehension(x):
    return {k: x * k for k in (1, 2)}[2]


def generator_expression(x):
    return sum(x * k for k in (1, 2))


def stores_attribute(x):
    model = Model(1.0)
    model.w = x * x
    return model.w


def writes_attribute_of_argument(model, x):
    model.w = x
    return x * x


def starred_target(x):
    first, *rest = [x, x * x, 2.0]
    return first * rest[0]


async def coroutine(x):
    return x * x




REFUSED = [
    (generator, (1.0,), "generator"), (generator_delegates, (1.0,), "generator"), (uses_try, (1.0,), "`try`"),
    (uses_with, (1.0,), "`with`"), (defines_class, (1.0,), "class"), (deletes, (1.0,), "`del`"),
    (uses_global, (1.0,), "global"), (uses_nonlocal, (1.0,), "nonlocal"), (uses_walrus, (1.0,), ":="),
    (set_comprehension, (1.0,), "set comprehension"), (dict_comprehension, (1.0,), "dict comprehension"),
    (generator_expression, (1.0,), "generator expression"), (stores_attribute, (1.0,), "attribute"),
    (writes_attribute_of_argument, (Model(1.0), 1.0), "attribute"), (starred_target, (1.0,), r"\*"),
    (coroutine, (1.0,), "coroutine"),
]

# Bad uses of a transform: (function, arguments, wrt, words of the reason).
MISUSED = [
    (lambda x: x * x, (3,), 0, "float"), (lambda x: np.array([x, x]), (1.0,), 0, "scalar|vjp|jacobian"),
    (lambda x: x * x, (1.0,), 3, "wrt"), (abs, (1.0,), 0, ""), (Model, (1.0,), 0, ""), (np.frombuffer, (1.0,), 0, ""),
]
