"""`with`, `try` and `raise`: contexts, handlers that take over, exits out of both, exceptions that helpers raise."""
import contextlib
import math
import threading
import warnings

import numpy as np
from language_case import case, some, vector

LOCK = threading.Lock()


class Timer:
    """Counts how often it is entered."""

    entered = 0

    def __enter__(self):
        Timer.entered += 1
        return self

    def __exit__(self, *exception):
        print("left")


def quiet_logarithm(a):
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.where(a > 0.0, np.log(a), a * a)
    return np.sum(y * a)


def returned_from_a_with(a):
    with np.errstate(all="ignore"):
        return np.sum(np.sqrt(np.abs(a)) * a)


def quiet_warnings(x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = np.exp(x) * x
    return y * y


def several_contexts(x):
    with LOCK, contextlib.nullcontext(), Timer() as timer:
        y = x * x
    print(timer is not None)
    return y * x


def context_in_a_loop(x, n):
    s = x
    for k in range(n):
        with LOCK:
            if k == 1:
                continue
            t = s * x
            if t > 20.0:
                break
        s = s + t * 0.5
    return s


def return_inside_a_with_in_a_loop(x, n):
    s = x
    for k in range(n):
        with Timer():
            s = s * x
            if s > 4.0:
                return s * s
    return s + k


def context_of_arrays(a):
    b = np.zeros(3)
    with np.errstate(all="ignore"):
        for i in range(3):
            b[i] = a[i] / (1.0 + a[i] * a[i])
            b *= 1.5
    return np.sum(b * a)


def logarithm_or(x):
    try:
        y = math.log(x) * x
    except ValueError:
        y = x * x * 3.0
    return y * y


def logarithm_or_not(x):
    return logarithm_or(-x)


def returned_from_a_try(x):
    try:
        return math.log(x)
    except ValueError:
        return x * x * 2.0


def returned_from_a_handler(x):
    return returned_from_a_try(-x)


def missing_module(x):
    try:
        import a_module_that_is_not_there as fast
    except ImportError:
        fast = None
    return x * x if fast is None else fast.square(x)


def module_that_is_there(x):
    try:
        import math as fast
    except ImportError:
        fast = None
    if fast is not None:
        return fast.sin(x)
    return x


def length_or_one(d, x):
    try:
        n = len(x)
    except TypeError:
        n = 3
    try:
        k = d["scale"]
    except KeyError:
        raise ValueError("no scale") from None
    return k * n * x * x


def continued_in_a_handler(x, n):
    s = x
    for i in range(n):
        try:
            t = math.log(s - i)
        except ValueError as error:
            print("no logarithm:", error)
            s = s * 0.9
            continue
        else:
            s = s + t
        s = s * 1.5
    return s


def broken_off_in_a_handler(x, n):
    s = x
    for i in range(n):
        try:
            s = math.sqrt(s - 0.7 * i)
        except (ValueError, ZeroDivisionError):
            s = s * s * x
            break
        finally:
            print("trip", i)
        s = s * x
    return s


def tried_until_it_works(x):
    y = x
    while True:
        try:
            z = math.log(y)
            break
        except ValueError:
            y = y + x * x
    return z * y


def positive(x):
    if x < 0.0:
        raise ArithmeticError(f"negative: {x < 0.0}")
    return x * math.sqrt(x)


def raised_in_a_helper(x):
    y = x * 2.0
    try:
        z = positive(y - 3.0)
        w = z * y
    except (KeyError, IndexError):
        w = y
    except ArithmeticError:
        w = y * y
    else:
        w = w * x
    return w * y


def not_raised_in_a_helper(x):
    return raised_in_a_helper(x + 1.5)


def written_in_a_try(a):
    out = np.zeros(3)
    for i in range(3):
        try:
            out[i] = math.log(a[i])
        except ValueError:
            out[i] = a[i] ** 3
    return np.sum(out * a)


def overwritten_in_a_try(a):
    b = a * a
    for i in range(3):
        try:
            b[i] = math.sqrt(b[i] - 0.5) * b[i - 1]
        except ValueError:
            continue
    return np.sum(b * b)


def suppressed(x):
    with contextlib.suppress(ValueError, KeyError):
        x = math.log(x)
    return x * x


def suppressed_and_raised(x):
    return suppressed(-x)


def added_up_where_possible(x, n):
    total = 0.0
    for i in range(n):
        try:
            total += math.log(x - i)
        except ValueError:
            pass
    return total * x


def sum_of_logarithms(xs):
    try:
        return sum([math.log(v) for v in xs])
    except ValueError:
        return xs[0] * xs[1]


def raised_again_and_caught(x):
    try:
        try:
            y = math.log(x - 2.0)
        except ValueError:
            print("once")
            raise
    except ValueError as error:
        print("twice", error)
        y = x * x * x
    return y * x


def raised_from(x):
    try:
        try:
            y = math.log(x - 2.0)
        except ValueError as error:
            raise KeyError(x > 0.0) from error
    except LookupError:
        y = x * x
    return y


def loop_in_a_try(x, n):
    try:
        s = x
        for i in range(n):
            s = s * x + math.sqrt(4.0 - i)
        y = s * x
    except ValueError:
        y = x * 3.0
    return y * y


def loop_in_a_try_that_raises(x):
    return loop_in_a_try(x, 6)


def tries_in_a_loop_of_tries(x, n):
    s = x
    for i in range(n):
        try:
            t = s * 0.5
            for j in range(i + 1):
                t = t * x + math.sqrt(3.0 - j - 0.1 * i)
        except ValueError:
            s = s * s * 0.1
        else:
            s = t
    return s


def put_right_at_the_end(x):
    old = np.seterr(all="ignore")
    try:
        y = np.log(np.float64(x)) * x
        if x > 1.0:
            return float(y * y)
    finally:
        np.seterr(**old)
        print("restored")
    return float(y)


def solved_or_scaled(a, b):
    try:
        x = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        x = b * 2.0
    return np.sum(x * b)


def not_solved(b):
    return solved_or_scaled(np.zeros((3, 3)), b)


def floating_point_errors(a):
    with np.errstate(divide="raise"):
        try:
            y = np.sum(1.0 / (a - a[0]))
        except FloatingPointError:
            y = np.sum(a * a)
    return y * a[1]


def flag_in_a_handler(x):
    failed = False
    try:
        y = math.log(x)
        z = y * x
    except ValueError:
        failed = True
    if failed:
        z = x * x
    return z * x


def rows_scaled_beside_a_try(m, factors):
    for row, factor in zip(m, factors):
        try:
            scale = half_of_positive(factor)
        except ValueError:
            scale = 0.5
        row *= scale
    return np.sum(m * m)


def half_of_positive(factor):
    if factor < 0.0:
        raise ValueError("negative")
    return 0.5 * factor


PROGRAMS = [
    case(quiet_logarithm, some(4)),
    case(returned_from_a_with, some(4), smooth=True),
    case(quiet_warnings, 0.7, smooth=True),
    case(several_contexts, 1.3, smooth=True),
    case(context_in_a_loop, 1.7, 5, smooth=True),
    case(return_inside_a_with_in_a_loop, 1.3, 8, smooth=True),
    case(context_of_arrays, some(3), smooth=True),
    case(logarithm_or, 1.5, smooth=True),
    case(logarithm_or_not, 1.5, smooth=True),
    case(returned_from_a_try, 1.5, smooth=True),
    case(returned_from_a_handler, 1.5, smooth=True),
    case(missing_module, 1.5, smooth=True),
    case(module_that_is_there, 1.5, smooth=True),
    case(length_or_one, {"scale": 2.0}, 1.5, wrt=(1,), smooth=True),
    case(continued_in_a_handler, 3.2, 6, smooth=True),
    case(broken_off_in_a_handler, 1.9, 6, smooth=True),
    case(tried_until_it_works, -0.4, smooth=True),
    case(raised_in_a_helper, 1.2, smooth=True),
    case(not_raised_in_a_helper, 1.2, smooth=True),
    case(written_in_a_try, vector(1.5, -2.0, 0.7), smooth=True),
    case(overwritten_in_a_try, vector(1.5, 0.2, 1.1), smooth=True),
    case(suppressed, 1.7, smooth=True),
    case(suppressed_and_raised, 1.7, smooth=True),
    case(added_up_where_possible, 3.5, 6, smooth=True),
    case(sum_of_logarithms, [1.5, 2.0, 0.7], wrt=(0,)),
    case(raised_again_and_caught, 1.5, smooth=True),
    case(raised_from, 1.5, smooth=True),
    case(loop_in_a_try, 1.2, 4, smooth=True),
    case(loop_in_a_try_that_raises, 1.2, smooth=True),
    case(tries_in_a_loop_of_tries, 1.2, 5, smooth=True),
    case(put_right_at_the_end, 1.5, smooth=True),
    case(solved_or_scaled, some(3, 3), some(3), smooth=True),
    case(not_solved, some(3), smooth=True),
    case(floating_point_errors, some(3), smooth=True),
    case(flag_in_a_handler, 1.5, smooth=True),
    case(rows_scaled_beside_a_try, some(3, 2), vector(2.5, -1.0, 1.5)),
]
