"""What goes behind `*args` and `**kwargs`, handed on; functions that are imported late."""
import numpy as np
from language_case import case, vector

functions = tanh = None


def added(*args, **kwargs):
    return np.add(*args, **kwargs) * 2.0


def ufunc_handed_on(x):
    return added(x[0], x[1]) * x[2]


def interpolated(*args, **kwargs):
    return np.interp(*args, **kwargs)


def constants_beside_what_varies(x):
    points, values = [0.0, 1.0, 2.0], [1.0, 3.0, 2.0]
    return interpolated(x[0], points, values) * interpolated(x[1], points, values)


def total(*args, scale=1.0, **others):
    return sum(args) * scale + others.get("offset", 0.0)


def summed_and_scaled(x):
    return total(x[0], x[1], x[2], scale=x[1]) + total(x[0], offset=x[1] ** 2)


def composed(f, *args):
    return f(*args)


def functions_beside_their_arguments(x):
    return composed(lambda a, b: a * b, x[0], x[1]) + composed(np.sin, x[2])


def made_of_the_rest(f, *args, **options):
    def again(t):
        return f(t, *args, **options)
    return again(2.0) + again(args[0])


def rest_in_a_closure(x):
    return made_of_the_rest(lambda t, a, b=1.0: t * a * b, x[0], b=x[1])


def rebound(*args):
    args = args + (1.0,)
    return np.hypot(*args)


def rest_rebound(x):
    return rebound(x[0]) * x[1]


def deeper(n, *args):
    return deeper(n - 1, *args) * args[0] if n else args[1]


def rest_in_a_recursion(x):
    return deeper(3, x[0], x[1])


def product(a, b=1.0, c=1.0):
    return a * b * c


def item_changed(*args, **options):
    options["b"] = options["b"] * 2.0
    return product(*args, **options)


def default_set(*args, **options):
    options.setdefault("c", 3.0)
    return product(*args, **options)


def option_taken_out(*args, **options):
    twice = options.pop("twice")
    return product(*args, **options) * twice


def changed_by_another_name(*args, **options):
    same = options
    same["b"] = same["b"] * args[0]
    return product(*args, **options)


def changed_by_a_closure(**options):
    def again(t):
        options["b"] = options["b"] * t
        return product(t, **options)
    return again(2.0) + again(3.0)


def options_changed(x):
    return item_changed(x[0], b=x[1]) + default_set(x[0], b=x[1]) * x[2] + option_taken_out(x[0], b=x[2], twice=x[1])


def options_changed_unseen(x):
    return changed_by_another_name(x[0], b=x[1]) * x[2] + changed_by_a_closure(b=x[1], c=x[0])


def array_changed(*args):
    args[0][0] = 5.0
    return np.sum(np.multiply(*args))


def array_among_the_rest_changed(x):
    return array_changed(x * 1.0, x)


def late(x):
    global functions, tanh
    if functions is None:
        import math as functions
    if tanh is None:
        from math import tanh
    return functions.sin(x) * tanh(x)


late(1.0)


def imported_late(x):
    return late(x[0] * x[1]) * x[2]


X = vector(0.3, 0.7, 1.1)
PROGRAMS = [case(f, X, smooth=True) for f in (
    ufunc_handed_on, summed_and_scaled, functions_beside_their_arguments, rest_rebound, imported_late,
    options_changed)]
PROGRAMS += [case(f, X) for f in (
    constants_beside_what_varies, rest_in_a_closure, rest_in_a_recursion, options_changed_unseen,
    array_among_the_rest_changed)]
