"""Functions as values: closures, lambdas, nested functions, callbacks, defaults, derivatives inside functions."""
import math

import numpy as np
from language_case import case, some

import autodiff_src as ad


def adder(x):
    return lambda y: x + y


def times(factor):
    def multiply(y):
        return y * factor * y
    return multiply


DOUBLE = times(2.0)
MATRIX = some(2, 2)


def simpson(g, low, high, n):
    h = (high - low) / n
    s = g(low) + g(high)
    for i in range(1, n):
        s = s + (4.0 if i % 2 else 2.0) * g(low + i * h)
    return s * h / 3.0


def lambda_called(x):
    g = lambda t: t * t + x  # noqa: E731
    return g(x) * g(2.0)


def lambda_in_call(x):
    return (lambda t, k=3.0: t**2 * k)(x) + adder(x)(2.0 * x)


def nested_function(x, y):
    def inner(t):
        s = t * y
        return s * s

    return inner(x) + inner(y)


def nested_two_deep(x):
    def outer(t):
        def inner(u):
            return u * t * x
        return inner(t) + inner(x)

    return outer(x * x)


def capture_read_live(x):
    scale = x

    def scaled(t):
        return t * scale

    first = scaled(2.0)
    scale = x * x
    return first * scaled(3.0)


def capture_of_loop_variable(x, n):
    s = x
    for i in range(n):
        g = lambda t: t * x + i  # noqa: B023, E731
        s = g(s)
    return s


def capture_of_array(a):
    b = a * 2.0

    def read(i):
        return b[i] * a[i]

    s = read(0)
    b[1] = a[0] ** 2
    return s + read(1)


def closure_writes_captured_array(a):
    b = np.zeros_like(a)

    def put(i, v):
        b[i] = v * v

    for i in range(len(a)):
        put(i, a[i])
    return np.sum(b * a)


def closure_appends_to_list(x, n):
    items = []

    def note(v):
        items.append(v * x)

    for i in range(n):
        note(x + i)
    return sum(items)


def nested_with_default(x):
    def g(t, scale=x):
        return t * scale

    x = x * x
    return g(x)


def default_made_in_loop(x, n):
    s = x
    for i in range(n):
        def g(t, k=i, y=s):
            return t * y + k
        s = g(x)
    return s


def default_of_an_older_instance(x):
    s = x
    for i in range(3):
        def g(t, k=s):
            return t * k
        if i == 0:
            h = g
        s = s * x
    return h(x)


def default_is_a_function(x):
    def g(t, op=math.sin):
        return op(t) * x
    return g(x)


def default_of_argument_function(x):
    def g(t, scale=x):
        return t * scale

    x = x * x
    return applied(g, x) + ad.grad(g)(x)


def applied(g, t):
    return g(t) * t


def default_with_effects(a):
    b = a * 2.0

    def doubled():
        b[0] = b[0] * b[0]
        return b[0]

    def g(t, u=doubled()):  # noqa: B008
        return t * u

    return g(b[0]) + np.sum(b)


def weighted(a, w=MATRIX[0], *, c=np.float64(2.0), t=(1.0, 2.0)):  # noqa: B008
    return np.sum(a * w) * c * t[1]


def live_defaults(a):
    return weighted(a) * a[0] + weighted(a, c=3.0)


def capture_defined_later(x):
    def k():
        return y * x

    y = x * x
    return k()


def nested_mutual_recursion(x, n):
    def even(s, k):
        return s if k == 0 else odd(s * x, k - 1)

    def odd(s, k):
        return s * 2.0 if k == 0 else even(s + x, k - 1)

    return even(x, n)


def called_function_rebound(x):
    g = lambda t: t * x  # noqa: E731

    def k(t):
        return g(t)

    g = lambda t: t * t * x  # noqa: E731
    return k(x)


def nested_recursion(x, n):
    def again(s, k):
        if k == 0:
            return s
        return again(s * x + 0.1, k - 1)

    return again(x, n)


def nested_with_early_return(x):
    def soft(t):
        if t > 1.0:
            return t
        return t * t

    return soft(x) * soft(2.0 * x)


def function_chosen_by_branch(x, n):
    g = square if n > 0 else cube
    return g(x) * x


def square(t):
    return t * t


def cube(t):
    return t**3


def closure_chosen_by_branch(x, n):
    if n > 0:
        g = lambda: x * x  # noqa: E731
    else:
        g = lambda: x**3  # noqa: E731
    return g() * x


def closure_returned_by_closure(x):
    def maker():
        return lambda: x * x

    made = maker()
    return made() * x


def closure_mapped(x):
    def again(t):
        return t * x

    x = x * x
    return sum(list(map(again, [1.0, 2.0])))


def plain_closure_of_rebound_variable(x, n):
    scale = 2

    def scaled(k):
        return k * scale

    scale = 5
    return x * x * scaled(n)


def functions_in_list(x):
    s = x
    for g in [square, math.sin, cube]:
        s = g(s) + x
    return s


def functions_in_tuple(a):
    for g in (np.tanh, half, np.sin):
        a = g(a) * 1.5
    return np.sum(a)


def half(t):
    return 0.5 * t


ACTIVATIONS = [np.tanh, half]


def functions_in_global_list(a):
    for k, g in enumerate(ACTIVATIONS):
        a = a + k * g(a)
    return np.sum(a * a)


def functions_by_key(x, k):
    table = {"square": square, "cube": cube, "sin": math.sin}
    s = x
    for key in ["square", "cube", "sin"][k:]:
        s = table[key](s) + x
    return s


def chosen_function_passed_on(x, n):
    g = math.sin if n else cube
    return applied(g, x)


def function_changes_in_loop(x, n):
    g = square
    y = x
    for _ in range(n):
        y = g(y) + x
        g = cube
    return y


def functions_in_dict(x, name):
    table = {"square": square, "cube": cube}
    return table[name](x) * x


def callback(x):
    return simpson(lambda t: math.exp(-t * x), 0.0, x, 4)


def callback_named(x):
    def integrand(t):
        return t * t * x
    return simpson(integrand, 0.0, 2.0, 4)


def function_argument(g, x):
    return g(x) * x


def closure_of_module(x):
    return DOUBLE(x) * x


def made_in_loop(x, n):
    total = 0.0
    for i in range(n):
        g = times(x * i)
        total = total + g(x)
    return total


def bracketed(f, low, high, args=()):
    """The end at which a function is the greater; the function is asked for tests only."""
    if callable(f) and f(low, *args) > f(high, *args):
        return low * high
    return high * high


def with_class(v, k):
    class Inner:
        pass
    return v * k if Inner else v


def nested_function_in_tests_only(x):
    def g(v, k):
        return v * k - v * v
    return bracketed(g, 1.0, x, (x,))


def nested_function_in_a_tuple(x):
    def scaled(u, k=x * x):
        return u * k

    parts = (x * x, scaled)
    return parts[0] * x


def refused_function_in_tests_only(x):
    return bracketed(with_class, 1.0, x, (x,))


A = some(4)
PROGRAMS = [
    case(nested_function_in_a_tuple, 0.8, smooth=True), case(lambda_called, 0.8, smooth=True), case(lambda_in_call, 0.8),
    case(nested_function, 0.8, 1.3, smooth=True),
    case(nested_two_deep, 0.8), case(capture_read_live, 0.8), case(capture_of_loop_variable, 0.8, 3),
    case(capture_of_array, A), case(closure_writes_captured_array, A), case(closure_appends_to_list, 0.8, 3),
    case(nested_with_default, 0.8), case(nested_recursion, 0.8, 3), case(nested_with_early_return, 0.8),
    case(function_chosen_by_branch, 0.8, 1), case(function_chosen_by_branch, 0.8, 0), case(functions_in_list, 0.8),
    case(closure_chosen_by_branch, 0.8, 1), case(closure_chosen_by_branch, 0.8, 0),
    case(closure_returned_by_closure, 0.8), case(closure_mapped, 0.8),
    case(plain_closure_of_rebound_variable, 0.8, 3), case(default_made_in_loop, 0.8, 3),
    case(default_of_an_older_instance, 0.8), case(default_is_a_function, 0.8),
    case(default_of_argument_function, 0.8), case(default_with_effects, A), case(live_defaults, A[:2], smooth=True),
    case(capture_defined_later, 0.8, smooth=True), case(nested_mutual_recursion, 0.8, 4),
    case(called_function_rebound, 0.8), case(functions_in_tuple, A), case(functions_in_global_list, A),
    case(functions_by_key, 0.8, 1), case(chosen_function_passed_on, 0.8, 1), case(chosen_function_passed_on, 0.8, 0),
    case(function_changes_in_loop, 0.8, 3),
    case(functions_in_dict, 0.8, "cube"), case(callback, 0.8, smooth=True), case(callback_named, 0.8),
    case(function_argument, square, 0.8, wrt=(1,)), case(closure_of_module, 0.8), case(made_in_loop, 0.8, 3),
    case(nested_function_in_tests_only, 0.8, smooth=True), case(refused_function_in_tests_only, 0.8),
]
