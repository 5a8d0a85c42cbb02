"""Templates as plain functions."""
from __future__ import annotations

import inspect
import math
import operator

import autodiff_src.templates  # noqa: F401  (registers the rules)
import numpy as np
import pytest

from autodiff_src.differentiate.expand import as_pullback, as_tangent
from autodiff_src.errors import NoRuleError
from autodiff_src.rules import Rule, rule_for


def test_the_text_can_be_read():
    text = inspect.getsource(as_pullback(rule_for(np.sum)))
    assert "e = d_y if axis is None or keepdims else np.expand_dims(d_y, axis)" in text
    assert "d_a = _accumulated(d_a, e if where is True else np.where(where, e, 0.0), a)" in text


def test_a_pullback_is_made_once():
    assert as_pullback(rule_for(np.tanh)) is as_pullback(rule_for(np.tanh))


def test_only_what_is_wanted_is_computed():
    text = inspect.getsource(as_pullback(rule_for(np.matmul), (1,)))
    assert "d_b" in text and "d_a" not in text and "@ b" not in text


def test_partials_are_multiplied_as_one_would_write_it():
    assert "0.5 * d_y / y" in inspect.getsource(as_pullback(rule_for(np.sqrt)))
    assert "_accumulated(d_x2, -d_y, x2)" in inspect.getsource(as_pullback(rule_for(operator.sub)))


def test_tangents_that_are_not_given_leave_no_trace():
    a, b = np.eye(2), np.ones((2, 2))
    np.testing.assert_equal(as_tangent(rule_for(np.matmul))(a @ b, (a, b), {}, (None, b)), b)
    np.testing.assert_equal(as_tangent(rule_for(np.subtract))(a - b, (a, b), {}, (None, b)), -b)


def test_gaps_in_the_tangent_of_a_list_are_zeros():
    parts = [np.ones(2), np.ones(1)]
    got = as_tangent(rule_for(np.concatenate))(np.ones(3), (parts,), {}, ([None, np.array([2.0])],))
    np.testing.assert_equal(got, [0.0, 0.0, 2.0])


def test_several_operands_give_a_tuple():
    d_coordinates, = as_pullback(rule_for(math.hypot))(1.0, 5.0, 3.0, 4.0)
    assert d_coordinates == (0.6, 0.8)


def test_a_missing_form_is_refused():
    with pytest.raises(NoRuleError, match="no reverse form"):
        as_pullback(Rule(math.gamma))
    with pytest.raises(NoRuleError, match="no forward form"):
        as_tangent(Rule(math.gamma))
