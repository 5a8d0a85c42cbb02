"""The general text, for arguments of unknown kinds: it gives the gradient, or is refused with the way to a special one."""
from __future__ import annotations

import copy
from typing import Any

import language_argument_objects
import language_array_lists
import language_bound_methods
import language_changed_arguments
import language_copied_structures
import language_grouped
import language_held_indices
import language_known_names
import language_layers
import language_nested_containers
import language_object_records
import language_object_stores
import language_objects
import language_one_argument
import language_records
import language_rows
import language_sequence_operands
import language_shared_lists
import language_shared_tuples
import language_sharing
import language_tries
import language_writing_calls
import numpy as np
import pytest
from language_case import Case
from test_language import ACCEPTED, assert_structure, central_differences, flat

import autodiff_src as ad
from autodiff_src import pipeline
from autodiff_src.analyze.kinds import UNKNOWN
from autodiff_src.differentiate.returned import Wanted


def general(f: Any, *parameters: str, wrt: tuple[str, ...]) -> Any:
    """The derivative of f for arguments of unknown kinds."""
    return pipeline.gradient_text(f, dict.fromkeys(parameters, UNKNOWN), Wanted(wrt, True, False, False, ((),) * len(wrt))).main


def general_of(program: Case) -> Any:
    parameters = program.f.__code__.co_varnames[: len(program.args)]
    return general(program.f, *parameters, wrt=tuple(parameters[k] for k in program.wrt))


@pytest.mark.slow
@pytest.mark.parametrize("program", ACCEPTED[::9], ids=lambda program: program.name)
def test_the_general_text_is_right_or_refused(program: Case) -> None:
    args = copy.deepcopy(program.args)
    try:
        gradients = general_of(program)(*args)
    except ad.AutodiffError as refused:
        assert "Fix: " in str(refused)
        return
    plain = copy.deepcopy(program.args)
    program.f(*plain)
    np.testing.assert_allclose(flat(args), flat(plain), rtol=1e-13, atol=1e-13)
    for position, gradient in zip(program.wrt, gradients, strict=True):
        assert_structure(gradient, program.args[position])
        expected = central_differences(program.f, program.args, position)
        np.testing.assert_allclose(flat(gradient), expected, rtol=2e-6, atol=2e-7 * max(1.0, np.max(np.abs(expected))))


@pytest.mark.slow
def test_most_programs_have_a_general_text() -> None:
    """Attributes, keys, memory that is shared and written, masks, `out=`, lists beside arrays and what a `try` binds anew are
    told by kinds: those programs aside, every third one."""
    themes = (language_objects, language_object_records, language_object_stores, language_argument_objects,
              language_one_argument, language_held_indices, language_writing_calls, language_known_names,
              language_nested_containers, language_records, language_sharing, language_shared_lists,
              language_changed_arguments, language_copied_structures, language_bound_methods, language_layers, language_grouped,
              language_shared_tuples, language_array_lists, language_rows, language_tries, language_sequence_operands)
    told_by_kinds = {program.name for theme in themes for program in theme.PROGRAMS}
    programs = [program for program in ACCEPTED if program.name not in told_by_kinds][::3]
    found = 0
    for program in programs:
        try:
            general_of(program)
            found += 1
        except ad.AutodiffError:
            pass
    assert found >= 0.88 * len(programs)


def test_the_source_of_a_derived_function_is_the_general_text_before_a_call() -> None:
    def f(x, n):
        total = 0.0
        for k in range(n):
            total = total + np.sin(x * k) if k % 2 else total * x
        return total

    derived = ad.grad(f)
    assert str(derived.source) == ad.source(derived)
    assert "unbroadcast" in ad.source(derived)
    assert general(f, "x", "n", wrt=("x",))(0.7, 5)[0] == pytest.approx(derived(0.7, 5), rel=1e-13)
    assert "unbroadcast" not in derived.source


def test_what_has_no_general_text_asks_for_example_arguments() -> None:
    def f(g, x):
        return g(x) * x

    derived = ad.grad(f, wrt=1)
    with pytest.raises(ad.UnsupportedError, match=r"unknown kinds: .*(?s:.)*Fix: .*ad\.source\(df, \*args\)"):
        ad.source(derived)
    assert ad.source(derived, np.sin, 1.0)


@pytest.mark.parametrize("f", [
    lambda x, y: (x + y)[0] * (x + y)[2], lambda x, y: (x * 2)[0] * (x * 2)[2] + y[0]])
def test_sequences_of_unknown_kinds_are_not_taken_for_numbers(f: Any) -> None:
    for args in (([1.0, 2.0], [3.0, 4.0]), ((1.0, 2.0), (3.0, 4.0))):
        with pytest.raises(ad.NoRuleError, match="arithmetic of lists"):
            general(f, "x", "y", wrt=("x", "y"))(*args)
    a, b = np.array([1.0, 2.0, 3.0]), np.array([3.0, 4.0, 5.0])
    for position, gradient in enumerate(general(f, "x", "y", wrt=("x", "y"))(a, b)):
        np.testing.assert_allclose(gradient, central_differences(f, (a, b), position), rtol=2e-6, atol=1e-9)


def test_what_is_kept_on_a_path_that_raises_has_a_tape() -> None:
    def f(s, x, n):
        for k in range(n):
            if k > 3:
                s, x = x, s
                raise ValueError(k)
            x = x * s
        return x * s

    derived = general(f, "s", "x", "n", wrt=("s", "x"))
    assert derived(1.5, 0.5, 3) == pytest.approx((4 * 1.5**3 * 0.5, 1.5**4))
    with pytest.raises(ValueError, match="4"):
        derived(1.5, 0.5, 6)
