"""Generated gradients of the golden programs: as right, as short and as plain as those written by hand."""
import ast
import copy
import inspect
import math
import textwrap

import golden
import numpy as np
import pytest
import readability

import autodiff_src as ad

by_name = pytest.mark.parametrize("program", golden.PROGRAMS, ids=lambda program: program.primal.__name__)


def text_by_hand(program):
    return "\n\n".join(textwrap.dedent(inspect.getsource(f)) for f in (*program.halves, program.by_hand))


def generated_text(program):
    return ad.source(ad.grad(program.primal, wrt=program.wrt), *copy.deepcopy(program.points[-1]))


def as_tuple(gradient):
    return gradient if isinstance(gradient, tuple) else (gradient,)


def differences(f, x, h):
    """The gradient of f at x, a float or an array, by central differences of sixth order."""
    def along(e):
        slope = [(f(x + i * h * e) - f(x - i * h * e)) / (2 * i * h) for i in (1, 2, 3)]
        return 1.5 * slope[0] - 0.6 * slope[1] + 0.1 * slope[2]
    if isinstance(x, float):
        return along(1.0)
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[i] = 1.0
        gradient[i] = along(e)
    return gradient


def check_gradient(program, derived):
    """`derived` gives what differences give, with the effects of one call of the primal."""
    for point in program.points:
        def moved(value, i, point=point):
            args = copy.deepcopy(point)
            return program.primal(*args[:i], copy.deepcopy(value), *args[i + 1:])
        one, two = copy.deepcopy(point), copy.deepcopy(point)
        program.primal(*one)
        gradient = as_tuple(derived(*two))
        np.testing.assert_equal(two, one)
        for part, i in zip(gradient, program.positions, strict=True):
            wanted = differences(lambda value, i=i: moved(value, i), point[i], program.step)
            np.testing.assert_allclose(part, wanted, rtol=program.rtol, atol=1e-9)
            assert type(part) is type(point[i])


def check_readable(text):
    assert not readability.unread_tapes(text), text
    assert not readability.dead_stores(text), text


@by_name
def test_what_is_written_by_hand_is_right_and_readable(program):
    check_gradient(program, program.by_hand)
    check_readable(text_by_hand(program))


@by_name
def test_generated_gradient(program):
    derived = ad.grad(program.primal, wrt=program.wrt)
    check_gradient(program, derived)
    for point in program.points:
        wanted = as_tuple(program.by_hand(*copy.deepcopy(point)))
        for part, by_hand in zip(as_tuple(derived(*copy.deepcopy(point))), wanted, strict=True):
            np.testing.assert_allclose(part, by_hand, rtol=1e-10, atol=1e-13)


@by_name
def test_generated_text_is_readable(program):
    check_readable(generated_text(program))


@by_name
def test_generated_text_is_no_longer_by_a_quarter(program):
    text = generated_text(program)
    by_hand, generated = readability.statements(text_by_hand(program)), readability.statements(text)
    assert generated <= 1.25 * by_hand, f"{generated} statements, {by_hand} by hand:\n{text}"


@by_name
def test_generated_text_calls_no_helper_of_the_package(program):
    modules = [name for node in ast.walk(ast.parse(generated_text(program)))
               if isinstance(node, (ast.Import, ast.ImportFrom))
               for name in [getattr(node, "module", None) or node.names[0].name]]
    assert not [name for name in modules if name.startswith("autodiff_src")]
    assert "unbroadcast" not in generated_text(program)


@pytest.mark.slow
@pytest.mark.parametrize("program", [p for p in golden.PROGRAMS if p.compiled], ids=lambda p: p.primal.__name__)
@pytest.mark.parametrize("text_of", [generated_text, text_by_hand])
def test_text_compiles_under_numba_as_it_stands(program, text_of):
    numba = pytest.importorskip("numba", reason="Numba is an optional extra")
    text = text_of(program)
    definition, = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
    namespace = {"np": np, "math": math}
    exec(compile(text, f"<gradient of {program.primal.__name__}>", "exec"), namespace)
    compiled = numba.njit(namespace[definition.name])
    for point in program.points:
        wanted = as_tuple(program.by_hand(*copy.deepcopy(point)))
        for part, by_hand in zip(as_tuple(compiled(*copy.deepcopy(point))), wanted, strict=True):
            np.testing.assert_allclose(part, by_hand, rtol=1e-9, atol=1e-12)
