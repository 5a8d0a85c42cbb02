"""Whether two values are one counts as it was in the forward pass: the backward pass may have copies of them."""
import numpy as np
import pytest

import autodiff_src as ad


class Holder:
    pass


def same_object(x, o):
    pair = [o, o]
    first = pair[0]
    return x * 2.0 if first is pair[1] else x


def same_array(x, a):
    pair = [a, a * 2.0]
    first = pair[0]
    if first is not pair[0] or first is pair[1]:
        return x
    return x * x


def same_in_a_loop(x, o):
    held = [o, Holder(), o]
    s = x
    for k in range(3):
        if held[k] is o:
            s = s * x
    return s


def same_as_a_value(x, o):
    pair = [o, o]
    same = pair[0] is pair[1]
    return x * x * (2.0 if same else 1.0) * same


@pytest.mark.parametrize(("f", "argument"), [
    (same_object, Holder()), (same_array, np.ones(2)), (same_in_a_loop, Holder()), (same_as_a_value, Holder())])
def test_identity_is_asked_once(f, argument):
    expected = (f(1.5 + 1e-6, argument) - f(1.5 - 1e-6, argument)) / 2e-6
    assert ad.grad(f)(1.5, argument) == pytest.approx(expected, rel=1e-7)
    value, pullback = ad.vjp(f, 1.5, argument, wrt=0)
    assert value == f(1.5, argument)
    assert [pullback(2.0)[0], pullback(1.0)[0]] == pytest.approx([2.0 * expected, expected], rel=1e-7)
