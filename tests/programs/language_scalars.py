"""Scalar code: assignments, operators, branches, builtins, casts."""
import math

import numpy as np
from language_case import case


def straight_line(x, y):
    s = x * y
    t = s + x
    return t / y


def every_operator(x, y):
    return +x - -y + x * y / (x + 3.0) ** 2 - y**3


def power_with_variable_exponent(x, y):
    return x**y + 2.0**x


def floor_division_and_modulo_of_integers(x, n):
    return x * (n // 2) + x * x * (n % 3)


def modulo_of_floats(x):
    return x * (x % 1.5)


def reassigned(x):
    x = x * x
    x = math.sin(x) + x
    x = x * x
    return x


def augmented(x, y):
    s = x
    s += y * x
    s -= 0.5 * y
    s *= s
    s /= 2.0 + y
    s **= 2
    return s


def chain_of_augmented(x, y):
    s = x * y
    s += s
    s += s * x
    s += s * s
    return s


def chained_assignment(x):
    s = t = x * 2.0
    s = s * t
    return s + t


def tuple_assignment(x, y):
    s, t = x * y, x + y
    return s * t


def swap(x, y):
    x, y = y, x
    x = x * x
    x, y = y, x
    return x * 3.0 + y


def rotation_of_three(x, y, z):
    for _ in range(4):
        x, y, z = y * z, z + x, x
    return x + 2.0 * y + 3.0 * z


def nested_unpacking(x, y):
    s, (t, u) = x, (y, x * y)
    return s * t * u


def fibonacci_pair(x, y):
    for _ in range(5):
        x, y = y, x + y * 0.5
    return x * y


def branch(x, y):
    if x > y:
        s = x * y
    else:
        s = x - y
    return s * s


def branch_without_else(x):
    s = x
    if x > 0.0:
        s = s * x
    if x < 0.0:
        s = s - 7.0
    return s * x


def elif_chain(x, n):
    if n == 0:
        s = x
    elif n == 1:
        s = x * x
    elif n == 2:
        s = math.sin(x)
    else:
        s = 1.0
    return s * x


def nested_branches(x, y):
    s = 1.0
    if x > 0.0:
        if y > 0.0:
            s = x * y
        else:
            s = x / y
        s = s * s
    return s + y


def condition_reassigned_inside(x):
    s = x
    if s > 0.5:
        s = s * s - 1.0
        x = 3.0 * x
    return s * x


def ternary(x, y):
    return (x * x if x > y else y * x) + (1.0 if y > 0.0 else x)


def boolean_operators(x, y):
    s = 0.0
    if x > 0.0 and y < 1.0:
        s += x * y
    if x > 5.0 or not y > 1.0:
        s += x - y * y
    return s


def boolean_operator_as_value(x, n):
    scale = n or 3
    return x * x * scale


def short_circuit_guards(x, y):
    if y != 0.0 and x / y > 1.0:
        return x / y
    return x * y


def chained_comparison(x):
    if 0.0 < x < 2.0:
        return x * x
    return x


def comparison_as_number(x):
    return x * (x > 0.3) + (x < 0.3) * 5.0


def string_comparison(x, mode):
    if mode == "square":
        return x * x
    if mode in ("cube", "third"):
        return x**3
    return x


def none_as_default(x, scale=None):
    if scale is None:
        scale = 2.0
    return x * scale * x


def none_then_number(x):
    best = None
    for k in range(3):
        value = x * k - x * x
        if best is None or value > best:
            best = value
    return best


def isinstance_test(x):
    if isinstance(x, float):
        return x * x
    return x * 0.0


def numpy_on_scalars(x, y):
    return np.sin(x) * np.exp(y) + np.tanh(x * y) + np.sqrt(np.abs(y))


def math_functions(x):
    return math.sin(x) + math.cos(x) * math.exp(x) - math.log(x) + math.sqrt(x) + math.tanh(x) + math.atan(x)


def math_hypot_and_pow(x, y):
    return math.hypot(x, y) + math.pow(x, 2.5) + math.atan2(y, x)


def builtin_abs_and_pow(x):
    return abs(x) * pow(x, 2)


def builtin_max_min(x, y):
    return max(x, y) * 2.0 + min(x, y, 0.3 * x) * y


def builtin_round_is_a_cut(x):
    return x * round(x)


def builtin_sum_of_list(x, y):
    return sum([x, y, x * y])


def float_and_int_casts(x):
    return float(x) * x * int(x)


def value_used_by_int(x):
    k = int(x * 10.0)
    return x * k


def constant_result(x):
    return 4.0


def identity(x):
    return x


def integer_argument_beside(x, n):
    return x * n


def unused_code(x):
    unused = math.exp(x)
    unused = unused * 2.0
    return x * x


def same_argument_twice(x):
    return x * x * x


def prints_once(x):
    print("value", x)
    s = x * x
    print(f"square {s:.3f}")
    return s


def asserts_and_docstring(x):
    """Squares its positive argument."""
    assert x > 0.0, "positive"
    return x * x


def f_string_kept(x, n):
    label = f"step {n}"
    return x * len(label)


def raises_in_the_other_branch(x):
    if x < 0.0:
        raise ValueError(f"negative: {x}")
    return math.sqrt(x)


def imports_inside(x):
    import math as m
    return m.sin(x) * x


def imports_numpy_inside(x):
    import numpy
    return numpy.sin(x) * x


def names_like_generated(d_x, _x, x):
    d_y = d_x * _x
    y = d_y * x
    return y * d_y


def annotated(x: float, scale: float = 2.0) -> float:
    y: float = x * scale
    return y * y


def names_beside_keywords(x):
    if x > 1.0:
        lambda1 = x * x
    else:
        lambda1 = x
    lambda2 = lambda1 * x
    lambda1 = lambda2 + 1.0
    for1 = lambda1 * lambda2
    for1 = for1 * for1
    return for1 * lambda1


def pass_statement(x):
    if x > 100.0:
        pass
    else:
        x = x * x
    return x


def square_less_multiples(x, y):
    return x * x - x + (y * y - y * 2.0) - (y - x * x)


PROGRAMS = [
    case(square_less_multiples, 1.3, 0.7, smooth=True),
    case(straight_line, 1.2, 0.7, smooth=True), case(every_operator, 1.2, 0.7, smooth=True),
    case(power_with_variable_exponent, 1.3, 2.2, smooth=True), case(floor_division_and_modulo_of_integers, 1.5, 5),
    case(modulo_of_floats, 4.1), case(reassigned, 0.6, smooth=True), case(augmented, 0.6, 0.8, smooth=True),
    case(chain_of_augmented, 0.6, 0.8, smooth=True), case(chained_assignment, 1.1), case(tuple_assignment, 1.1, 0.4),
    case(swap, 1.1, 0.4), case(rotation_of_three, 0.5, 0.6, 0.7, smooth=True), case(nested_unpacking, 0.5, 0.9),
    case(fibonacci_pair, 0.5, 0.9), case(branch, 1.2, 0.3), case(branch, 0.2, 0.3), case(branch_without_else, 1.4),
    case(branch_without_else, -1.4), case(elif_chain, 0.8, 0), case(elif_chain, 0.8, 1), case(elif_chain, 0.8, 2),
    case(elif_chain, 0.8, 3), case(nested_branches, 0.8, 1.5), case(nested_branches, 0.8, -1.5),
    case(nested_branches, -0.8, 1.5), case(condition_reassigned_inside, 0.8), case(ternary, 0.8, 0.2),
    case(ternary, 0.2, 0.8), case(boolean_operators, 0.8, 0.4), case(boolean_operators, -0.8, 1.4),
    case(boolean_operator_as_value, 0.8, 0), case(short_circuit_guards, 1.2, 0.0, wrt=(0,)),
    case(short_circuit_guards, 1.2, 0.5), case(chained_comparison, 1.2), case(chained_comparison, 3.2),
    case(comparison_as_number, 1.2), case(string_comparison, 1.2, "square"), case(string_comparison, 1.2, "third"),
    case(string_comparison, 1.2, "other"), case(none_as_default, 1.2), case(none_as_default, 1.2, None),
    case(none_as_default, 1.2, 3.5), case(none_then_number, 0.9), case(isinstance_test, 0.9),
    case(numpy_on_scalars, 0.9, 0.4, smooth=True), case(math_functions, 0.9, smooth=True),
    case(math_hypot_and_pow, 0.9, 0.4, smooth=True), case(builtin_abs_and_pow, -0.9), case(builtin_max_min, 0.9, 0.4),
    case(builtin_round_is_a_cut, 1.8), case(builtin_sum_of_list, 0.9, 0.4), case(float_and_int_casts, 2.7),
    case(value_used_by_int, 0.77), case(constant_result, 1.0), case(identity, 1.0),
    case(integer_argument_beside, 1.0, 3), case(unused_code, 1.0), case(same_argument_twice, 1.4, smooth=True),
    case(prints_once, 1.4), case(asserts_and_docstring, 1.4), case(f_string_kept, 1.4, 10),
    case(raises_in_the_other_branch, 1.4), case(imports_inside, 1.4), case(imports_numpy_inside, 1.4),
    case(names_like_generated, 1.4, 0.3, 0.8, smooth=True), case(annotated, 1.4), case(pass_statement, 1.4),
    case(names_beside_keywords, 1.4, smooth=True),
]
