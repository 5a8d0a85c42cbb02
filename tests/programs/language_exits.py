"""`break`, `continue`, `else` of loops and early `return`, alone and together."""
import math

import numpy as np
from language_case import case, some


def break_on_index(x, n):
    s = x
    for i in range(n):
        if i == 3:
            break
        s = s * x
    return s


def break_on_data(x, n):
    s = x
    for _ in range(n):
        s = s * 1.5 + x
        if s > 4.0:
            break
        s = s * s * 0.5
    return s


def break_first(x, n):
    s = x * x
    for _ in range(n):
        break
    return s


def continue_on_index(x, n):
    s = x
    for i in range(n):
        if i % 2 == 0:
            continue
        s = s * x + i
    return s


def continue_after_a_change(x, n):
    s = x
    for i in range(n):
        s = s * 1.1
        if s > 1.0:
            s = s - 0.3 * x
            continue
        s = s * s + i * 0.1
    return s


def break_and_continue(x, n):
    s = x
    for i in range(n):
        if i == 1:
            continue
        s = s * x
        if s > 3.0:
            break
        s = s + 0.5
    return s


def continue_in_while(x, n):
    s, k = x, 0
    while k < n:
        k += 1
        if k % 3 == 1:
            continue
        s = s * x
    return s


def break_out_of_while_true(x):
    s = x
    while True:
        s = s * s
        if s > 5.0:
            break
        s = s + 0.7
    return s


def loop_else_runs(x, n):
    s = x
    for i in range(n):
        if i > 10:
            break
        s = s * x
    else:
        s = s * 3.0 + x
    return s


def loop_else_skipped(x, n):
    s = x
    for i in range(n):
        s = s * x
        if i == 1:
            break
    else:
        s = s * 3.0
    return s + x


def while_else(x, n):
    k = 0
    while k < n:
        x = x * 1.3
        k += 1
        if x > 50.0:
            break
    else:
        x = x * x
    return x


def early_return(x):
    if x > 1.0:
        return x * x
    return math.sin(x)


def early_return_chain(x, n):
    if n == 0:
        return x
    y = x * x
    if n == 1:
        return y
    y = y * x
    if n == 2:
        return y + x
    return y * y


def return_in_loop(x, n):
    s = x
    for i in range(n):
        s = s * 1.5
        if s > 4.0:
            return s * x + i
    return s


def return_in_nested_loop(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            s = s * 1.2
            if s > 2.0 and j > 0:
                return s * (i + 1) * x
            s = s + 0.1 * x
        s = s * x
    return s


def return_in_while(x):
    s = x
    while True:
        s = s * 1.3 + 0.1
        if s > 6.0:
            return s * x


def return_first_element(a):
    for v in a:
        return v * v
    return 0.0


def return_from_else_of_loop(x, n):
    for _ in range(n):
        x = x * 1.5
        if x > 100.0:
            break
    else:
        return x * x
    return x


def return_in_both_branches_of_a_loop(x, n):
    for i in range(n):
        x = x * 1.1
        if i == 2:
            if x > 1.0:
                return x
            else:
                return x * x
    return 5.0 * x


def break_of_the_inner_loop(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            if j > i:
                break
            s = s * 0.8 + x
        s = s * s * 0.5
    return s


def continue_of_the_outer_loop(x, n):
    s = x
    for i in range(n):
        t = s
        for j in range(i):
            t = t * x
            if t < 0.1:
                break
        if i % 2:
            continue
        s = s + t
    return s


def search(a, bound):
    s = 0.0
    for i in range(len(a)):
        s = s + a[i] ** 2
        if s > bound:
            break
    return s * a[i]


def code_after_break_uses_last_value(x, n):
    s, last = x, x
    for _ in range(n):
        last = s
        s = s * s + 0.3
        if s > 3.0:
            break
    return s * last


def converges(a):
    x = np.zeros_like(a)
    for k in range(50):
        new = 0.5 * np.cos(x) + a
        if np.max(np.abs(new - x)) < 1e-13:
            break
        x = new
    return np.sum(x * x)


def writes_then_returns(a, n):
    for i in range(n):
        a[i] = a[i] * a[i]
        if a[i] > 1.0:
            return np.sum(a)
        a[i] += 1.0
    return 2.0 * np.sum(a)


def return_from_a_handler_in_a_loop(x, a, n):
    for i in range(n):
        try:
            s = _checked(x, a[(i + 2) % 4])
        except ValueError:
            return x
        a[i % 4] = 0.16
        for _ in range(i):
            x += x * x / (1.0 + s ** 2)
    return x + np.sum(a * a)


def _checked(x, limit):
    if limit > 0.5:
        raise ValueError(limit)
    return np.tanh(x)


PROGRAMS = [
    *(case(return_from_a_handler_in_a_loop, 0.7, np.array([0.1, 0.2, limit, 0.3]), 3) for limit in (0.1, 0.9)),
    case(break_on_index, 0.9, 6, smooth=True), case(break_on_index, 0.9, 2), case(break_on_data, 0.9, 6),
    case(break_on_data, 0.1, 2), case(break_first, 0.9, 3), case(continue_on_index, 0.9, 5),
    case(continue_after_a_change, 0.7, 6), case(break_and_continue, 1.4, 7), case(continue_in_while, 1.2, 7),
    case(break_out_of_while_true, 1.1, smooth=True), case(loop_else_runs, 1.1, 3), case(loop_else_runs, 1.1, 0),
    case(loop_else_skipped, 1.1, 4), case(loop_else_skipped, 1.1, 1), case(while_else, 1.1, 3),
    case(while_else, 30.0, 3), case(early_return, 1.5), case(early_return, 0.5), case(early_return_chain, 1.2, 0),
    case(early_return_chain, 1.2, 1), case(early_return_chain, 1.2, 2), case(early_return_chain, 1.2, 3),
    case(return_in_loop, 1.2, 6, smooth=True), case(return_in_loop, 1.2, 1),
    case(return_in_nested_loop, 0.9, 4, smooth=True), case(return_in_nested_loop, 0.1, 2),
    case(return_in_while, 0.9, smooth=True), case(return_first_element, some(3)),
    case(return_from_else_of_loop, 1.2, 3), case(return_from_else_of_loop, 60.0, 3),
    case(return_in_both_branches_of_a_loop, 1.2, 5), case(return_in_both_branches_of_a_loop, 0.2, 5),
    case(return_in_both_branches_of_a_loop, 1.2, 2), case(break_of_the_inner_loop, 0.7, 4),
    case(continue_of_the_outer_loop, 0.7, 5), case(search, some(5), 1.5, wrt=(0,)),
    case(code_after_break_uses_last_value, 0.9, 9), case(converges, 0.4 * some(3)),
    case(writes_then_returns, some(4), 4), case(writes_then_returns, 0.3 * some(4), 3),
]
