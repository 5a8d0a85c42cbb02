"""Every program of the language table: gradient, value, effects, pullback and second derivative; and every refusal."""
from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import language_promises as promises
import language_refused
import numpy as np
import pytest
from checks import in_turns
from language_case import Case
from language_table import ACCEPTED, PROGRAMS, REFUSED_TODAY, REFUSED_TWICE, SMOOTH

import autodiff_src as ad
from autodiff_src.runtime.objects import attributes, is_plain_class

STEP = 1e-6


def leaves(value: Any) -> list[np.ndarray]:
    """The numbers in a value of any structure, in order, as flat float arrays; what is no real number is left out."""
    if is_plain_class(type(value)):
        return leaves(attributes(value))
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, (list, tuple)):
        return [leaf for item in value for leaf in leaves(item)]
    real = isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")
    return [np.atleast_1d(np.asarray(value, dtype=float)).ravel()] if real else []


def flat(value: Any) -> np.ndarray:
    return np.concatenate([np.zeros(0), *leaves(value)])


def moved(value: Any, by: Iterator[float]) -> Any:
    """A copy of the value, each real number in it changed by the next of `by`."""
    if isinstance(value, dict):
        return {key: moved(item, by) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [moved(item, by) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, float):
        return value + next(by)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value + np.array([next(by) for _ in range(value.size)]).reshape(value.shape)
    return copy.deepcopy(value)


def central_differences(f: Callable[..., Any], args: tuple[Any, ...], position: int) -> np.ndarray:
    """The gradient of `f` with respect to the numbers in one argument, in a flat array."""
    def at(changes: np.ndarray) -> float:
        fresh = list(copy.deepcopy(args))
        fresh[position] = moved(fresh[position], iter(changes.tolist()))
        return float(f(*fresh))

    units = STEP * np.eye(flat(args[position]).size)
    return np.array([(at(unit) - at(-unit)) / (2 * STEP) for unit in units])


def need_scipy(program: Case) -> None:
    """The derivative of np.kaiser and np.i0 is a function of SciPy's."""
    if program.name == "window":
        pytest.importorskip("scipy")


def plain_call(program: Case, capsys: pytest.CaptureFixture[str]) -> tuple[Any, tuple[Any, ...], str]:
    """Value, arguments afterwards and output of a plain call."""
    need_scipy(program)
    args = copy.deepcopy(program.args)
    value = program.f(*args)
    return value, args, capsys.readouterr().out


def assert_same(found: Any, expected: Any) -> None:
    """Equal in structure and, to rounding, in numbers."""
    if is_plain_class(type(expected)):
        assert type(found) is type(expected)
        found, expected = attributes(found), attributes(expected)
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            assert_same(found[key], expected[key])
    elif isinstance(expected, (list, tuple)):
        assert type(found) is type(expected) and len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, (float, np.ndarray)):
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-13)
    else:
        assert found is expected or found == expected


def assert_structure(gradient: Any, argument: Any) -> None:
    """The gradient is built like the argument: the same classes, shapes and dtypes."""
    if isinstance(argument, dict):
        assert gradient.keys() == argument.keys()
        for key in argument:
            assert_structure(gradient[key], argument[key])
    elif isinstance(argument, (list, tuple)):
        assert type(gradient) is type(argument) and len(gradient) == len(argument)
        for part, of in zip(gradient, argument, strict=True):
            assert_structure(part, of)
    elif isinstance(argument, float):
        assert np.shape(gradient) == () and isinstance(gradient, (float, np.floating))
    elif isinstance(argument, np.ndarray):
        assert gradient.shape == argument.shape and gradient.dtype == argument.dtype


def assert_gradients(program: Case, gradients: Any, positions: tuple[int, ...]) -> None:
    """Central differences agree, for each position."""
    for position, gradient in zip(positions, gradients, strict=True):
        assert_structure(gradient, program.args[position])
        expected = central_differences(program.f, program.args, position)
        np.testing.assert_allclose(flat(gradient), expected, rtol=2e-6, atol=2e-7 * max(1.0, np.max(np.abs(expected))))


@pytest.mark.parametrize("program", in_turns(ACCEPTED, 12), ids=lambda program: program.name)
def test_gradient(program: Case, capsys: pytest.CaptureFixture[str]) -> None:
    _, plain_args, plain_out = plain_call(program, capsys)
    args = copy.deepcopy(program.args)
    derived = ad.grad(program.f, wrt=program.wrt)
    gradients = derived(*args)
    assert capsys.readouterr().out == plain_out
    assert_same(args, plain_args)
    assert_gradients(program, gradients, program.wrt)
    again = derived(*copy.deepcopy(program.args))
    np.testing.assert_array_equal(flat(again), flat(gradients))
    arrays = [array for array in (*gradients, *again, *args) if isinstance(array, np.ndarray)]
    assert not any(np.shares_memory(array, other) for k, array in enumerate(arrays) for other in arrays[:k])


@pytest.mark.slow
@pytest.mark.parametrize("program", [one for one in ACCEPTED if len(one.wrt) > 1], ids=lambda program: program.name)
def test_gradient_of_each_argument_alone(program: Case) -> None:
    """What is written into memory that others share then carries a derivative while they carry none, or the other way."""
    need_scipy(program)
    for position in program.wrt:
        alone = ad.grad(program.f, wrt=position)(*copy.deepcopy(program.args))
        assert_gradients(program, (alone,), (position,))


@pytest.mark.slow
@pytest.mark.parametrize("program", ACCEPTED[::8], ids=lambda program: program.name)
def test_value_and_gradient(program: Case, capsys: pytest.CaptureFixture[str]) -> None:
    plain_value, plain_args, plain_out = plain_call(program, capsys)
    args = copy.deepcopy(program.args)
    value, gradients = ad.value_and_grad(program.f, wrt=program.wrt)(*args)
    assert capsys.readouterr().out == plain_out
    assert_same(args, plain_args)
    np.testing.assert_allclose(value, plain_value, rtol=1e-13, atol=1e-13)
    assert_gradients(program, gradients, program.wrt)


@pytest.mark.parametrize("program", in_turns(ACCEPTED, 16), ids=lambda program: program.name)
def test_pullback(program: Case, capsys: pytest.CaptureFixture[str]) -> None:
    plain_value, plain_args, plain_out = plain_call(program, capsys)
    args = copy.deepcopy(program.args)
    value, pullback = ad.vjp(program.f, *args, wrt=program.wrt)
    np.testing.assert_allclose(value, plain_value, rtol=1e-13, atol=1e-13)
    assert_same(args, plain_args)
    first, second = pullback(1.0), pullback(2.0)
    assert capsys.readouterr().out == plain_out
    assert_gradients(program, first, program.wrt)
    np.testing.assert_allclose(flat(second), 2.0 * flat(first), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("program", [one for one in PROGRAMS if one.name in REFUSED_TODAY], ids=lambda one: one.name)
def test_refused_today(program: Case) -> None:
    with pytest.raises(ad.AutodiffError, match="Fix: "):
        ad.grad(program.f, wrt=program.wrt)(*copy.deepcopy(program.args))


@pytest.mark.slow
@pytest.mark.parametrize("program", [one for one in SMOOTH if one.name in REFUSED_TWICE], ids=lambda one: one.name)
def test_second_derivative_refused_today(program: Case) -> None:
    with pytest.raises(ad.AutodiffError, match="Fix: "):
        for position in program.wrt:
            once = ad.grad(program.f, wrt=position)
            weights = np.ones(flat(program.args[position]).size)
            along = _along(once, weights, len(program.args)) if isinstance(program.args[position], np.ndarray) else once
            ad.grad(along, wrt=position)(*copy.deepcopy(program.args))


@pytest.mark.parametrize("program", in_turns([one for one in SMOOTH if one.name not in REFUSED_TWICE], 25),
                         ids=lambda one: one.name)
def test_second_derivative(program: Case) -> None:
    need_scipy(program)
    for position in program.wrt:
        once = ad.grad(program.f, wrt=position)
        weights = 1.0 + np.cos(np.arange(flat(program.args[position]).size))
        along = _along(once, weights, len(program.args)) if isinstance(program.args[position], np.ndarray) else once
        found = ad.grad(along, wrt=position)(*copy.deepcopy(program.args))
        expected = central_differences(along, program.args, position)
        scale = max(1.0, np.max(np.abs(expected)))
        np.testing.assert_allclose(flat(found), expected, rtol=2e-6, atol=2e-7 * scale)


def _along(once: Callable[..., np.ndarray], weights: np.ndarray, count: int) -> Callable[..., float]:
    """A scalar function of `count` arguments to differentiate again: the gradient array in one direction."""
    return {1: lambda a: np.sum(once(a).ravel() * weights),
            2: lambda a, b: np.sum(once(a, b).ravel() * weights),
            3: lambda a, b, c: np.sum(once(a, b, c).ravel() * weights),
            4: lambda a, b, c, d: np.sum(once(a, b, c, d).ravel() * weights)}[count]


@pytest.mark.parametrize(("f", "args", "reason"), language_refused.REFUSED,
                         ids=[f.__name__ for f, _, _ in language_refused.REFUSED])
def test_refused(f: Callable[..., Any], args: tuple[Any, ...], reason: str) -> None:
    with pytest.raises(ad.AutodiffError, match=reason) as raised:
        ad.grad(f, wrt=len(args) - 1)(*args)
    assert "Fix: " in str(raised.value)


@pytest.mark.parametrize(("f", "args", "wrt", "reason"), language_refused.MISUSED)
def test_misused(f: Callable[..., Any], args: tuple[Any, ...], wrt: int, reason: str) -> None:
    with pytest.raises(ad.AutodiffError, match=reason):
        ad.grad(f, wrt=wrt)(*args)


def test_globals_helpers_and_cells_are_read_at_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    of_global, of_helper = ad.grad(promises.uses_global), ad.grad(promises.uses_helper)
    scaled, rescale = promises.counter()
    of_cell = ad.grad(scaled)
    assert (of_global(1.5), of_helper(1.5), of_cell(1.5)) == pytest.approx((6.0, 9.0, 3.0))
    monkeypatch.setattr(promises, "RATE", 10.0)
    monkeypatch.setattr(promises, "helper", lambda x: x**3)
    rescale(4.0)
    assert (of_global(1.5), of_helper(1.5), of_cell(1.5)) == pytest.approx((30.0, 20.25, 12.0))


def test_pullback_uses_the_values_of_the_call() -> None:
    a, x = np.array([1.0, 2.0]), 0.5
    _, pullback = ad.vjp(promises.cubed_sum, a, x)
    a[:] = 100.0
    for _ in range(2):
        d_a, d_x = pullback(1.0)
        np.testing.assert_allclose(d_a, [1.5, 6.0])
        assert d_x == pytest.approx(9.0)
        d_a[:] = 7.0


def test_pullback_of_a_function_that_writes_its_argument() -> None:
    a = np.array([1.0, 2.0])
    value, pullback = ad.vjp(promises.writes_its_argument, a)
    np.testing.assert_array_equal(a, [1.0, 4.0])
    a[:] = 50.0
    assert value == 17.0
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0)[0], [4.0, 32.0])


def test_exceptions_propagate_with_the_effects_up_to_them() -> None:
    a = np.array([1.0, 5.0, 2.0])
    with pytest.raises(ValueError, match=r"element 1 is 10\.0") as raised:
        ad.grad(promises.raises_midway)(a, 8.0)
    assert not isinstance(raised.value, ad.AutodiffError)
    np.testing.assert_array_equal(a, [2.0, 10.0, 2.0])
    with pytest.raises(IndexError):
        ad.grad(promises.index_error)(np.ones(2), 5)
    with pytest.raises(ValueError, match="math domain|positive"):
        ad.grad(promises.log_of)(-1.0)


def test_forms_of_call() -> None:
    assert ad.grad(promises.keywords, wrt=(0, "y", "z"))(2.0, y=3.0, z=4.0) == pytest.approx((12.0, 8.0, 6.0))
    assert ad.grad(promises.keywords, wrt="y")(2.0, 3.0) == pytest.approx(4.0)
    assert ad.grad(promises.defaults, wrt=-1)(2.0) == pytest.approx(2.0)
    assert ad.grad(promises.defaults, wrt=np.int64(0))(x=2.0, y=5.0) == pytest.approx(5.0)
    assert ad.grad(promises.defaults, wrt=[1])(2.0) == pytest.approx((2.0,))


def test_positions_in_variadic_arguments() -> None:
    args = (2.0, 3.0, np.array([1.0, 2.0]))
    d_x, d_y, d_a = ad.grad(promises.variadic, wrt=(0, 1, 2))(*args)
    assert (d_x, d_y) == (9.0, 6.0)
    np.testing.assert_array_equal(d_a, [6.0, 6.0])
    np.testing.assert_array_equal(ad.grad(promises.variadic, wrt=2)(*args), [6.0, 6.0])
    assert ad.grad(promises.unused_variadic, wrt=(1, 0))(2.0, 3.0) == (0.0, 4.0)
    assert ad.grad(lambda x: ad.grad(promises.variadic, wrt=1)(x, 2.0, args[2]) * x)(3.0) == 18.0
    value, pullback = ad.vjp(promises.variadic, *args)
    d_x, d_y, d_a = pullback(2.0)
    assert (value, d_x, d_y) == (18.0, 18.0, 12.0)
    np.testing.assert_array_equal(d_a, [12.0, 12.0])
    assert ad.vjp(promises.variadic, *args, wrt=(1, 0))[1](1.0) == (6.0, 9.0)
    assert ad.vjp(promises.unused_variadic, 2.0, 3)[1](1.0) == (4.0, None)
    with pytest.raises(ad.ArgumentError, match=r"item 1 of \*args, and 1 were given"):
        ad.grad(promises.unused_variadic, wrt=2)(2.0, 3.0)
    with pytest.raises(ad.ArgumentError, match=r"args\[0\] is of an integer type"):
        ad.grad(promises.unused_variadic, wrt=1)(2.0, 3)


def test_aux_beside_the_value() -> None:
    gradient, aux = ad.grad(promises.with_aux, has_aux=True)(2.0)
    assert gradient == pytest.approx(12.0)
    assert aux == {"square": 4.0, "name": "aux"}
    (value, aux), gradient = ad.value_and_grad(promises.with_aux, has_aux=True)(2.0)
    assert (value, aux["square"], gradient) == pytest.approx((8.0, 4.0, 12.0))


def test_results_of_one_element_and_of_no_dependence() -> None:
    np.testing.assert_allclose(ad.grad(promises.size_one)(np.array([2.0, 3.0, 4.0])), [3.0, 2.0, 0.0])
    d_x, d_a = ad.grad(promises.depends_on_nothing, wrt=(0, 1))(1.0, np.ones((2, 3)))
    assert d_x == 0.0
    np.testing.assert_array_equal(d_a, np.zeros((2, 3)))


def test_single_precision_stays() -> None:
    a = np.array([0.5, 1.5], dtype=np.float32)
    gradient = ad.grad(promises.mixed_precision)(a)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, np.sin(a) + a * np.cos(a), rtol=1e-6)


def test_decorated_functions_and_lambdas_of_one_line() -> None:
    assert ad.grad(promises.decorated)(2.0) == pytest.approx(24.0)
    assert ad.grad(promises.FIRST)(2.0) == pytest.approx(4.0)
    assert ad.grad(promises.SECOND)(2.0) == pytest.approx(12.0)


def test_derived_function_describes_itself() -> None:
    derived = ad.grad(promises.defaults)
    assert derived.__name__ == "defaults"
    assert derived.__doc__ == promises.defaults.__doc__
    assert inspect.signature(derived) == inspect.signature(promises.defaults)
    assert not hasattr(derived, "__wrapped__")
    derived(2.0)
    compile(derived.source, "derived", "exec")
    assert ad.source(derived, 2.0)
