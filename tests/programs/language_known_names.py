"""Keys and parameters that are known: options sorted out before they are passed on; functions that are partly called."""
import copy
import functools
import inspect
import math

import numpy as np
from language_case import case, vector


def scaled(x, k=1.0):
    return x * k


def squared(x, m=2.0):
    return x * x * m


METHODS = {"scaled": scaled, "squared": squared}


def sorted_out(function, **options):
    options = copy.copy(options)
    try:
        names = list(inspect.signature(function).parameters.keys())
    except ValueError:
        return {}
    for key in set(options.keys()) - set(names):
        options.pop(key)
    return options


def options_sorted_out(x, method, **options):
    function = METHODS[method]
    return function(x, **sorted_out(function, **options)) * x


def options_passed_that_do_not_fit(x, method):
    return options_sorted_out(x, method, k=3.0, m=4.0)


def options_of_values(x, method):
    settings = {"k": 2.0, "n": 3}
    settings.update({})
    function = METHODS[method]
    return function(x, **sorted_out(function, **settings))


def items_taken_out(x):
    d = {"a": 1.0, "b": 2, "c": 3.0}
    for key in {"a", "c"} & set(d) - {"c"}:
        d.pop(key)
    return x ** len(d) * sum(d[k] for k in d) * ("a" in d or x)


def loop_over_a_set_of_keys(x):
    d = {"a": x, "b": x * x}
    s = 0.0
    for key in set(d):
        if key == "a":
            continue
        d[key] = d[key] * x
        s = s + d[key]
    return s * d["a"]


def item_taken_out_by_another_name(x):
    d = {"a": 1.0, "b": 2.0}
    other = d
    v = d.pop("a") + other.pop("c", 3.0)
    return x * v * len(other) + sum(other.values()) * x ** 2 + (x if "a" in other else 0.0)


def partly_called(x):
    k = 3.0
    f = functools.partial(scaled, k=k)
    g = functools.partial(squared, x * x, m=x)
    k = 7.0
    return f(x) * g() + functools.partial(scaled, k=2.0)(x, k=x * k) + applied(functools.partial(f, x))


def applied(function):
    return function() ** 2


def partly_called_with_an_array(a):
    b = a * 2.0
    weighted = functools.partial(weighted_sum, b)
    b[0] = a[1]
    return weighted(a) * weighted(b)


def weighted_sum(weights, v):
    return np.sum(weights * v)


def copies_made(a, x):
    b = copy.copy(a)
    b[0] = x
    numbers = copy.copy([x, x * x])
    numbers.append(2.0)
    named = copy.deepcopy({"x": x, "n": 2})
    named["x"] = named["x"] * x
    return np.sum(b * copy.deepcopy(a)) * sum(numbers) + math.sin(named["x"]) * copy.copy(x) + copy.copy(None is None)


def module_read_before_calls(a, b):
    return np.linalg.norm(as_array(a) - as_array(b), axis=-1)


def as_array(a):
    return np.asarray(a)


A = vector(1.2, -0.7, 0.5)
squared.kept = True


def versions_asked_for(x):
    y = np.square(x) if hasattr(np, "square") else x
    y = y * 2.0 if hasattr(math, "no_such_function") else y + x
    y = y * x if hasattr(squared, "kept") and not hasattr(scaled, "kept") else y
    y = y + x ** 3 if hasattr(np.ndarray, "sum") and hasattr(np.random, "default_rng") else y
    return getattr(np, "no_such_function", np.sin)(y) if getattr(math, "sqrt", None) is not None else y


PROGRAMS = [
    case(versions_asked_for, 1.3, smooth=True),
    *(case(f, 1.3, method) for f in (options_sorted_out, options_passed_that_do_not_fit, options_of_values)
      for method in METHODS),
    case(loop_over_a_set_of_keys, 1.3), case(item_taken_out_by_another_name, 1.3),
    case(items_taken_out, 1.3), case(partly_called, 1.3), case(partly_called_with_an_array, A),
    case(copies_made, A, 0.7), case(module_read_before_calls, A, A * 2.0 + 1.0, smooth=True),
]
