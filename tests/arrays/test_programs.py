"""Derivatives on the arrays of each library are those on NumPy's, and stay there; NumPy's are those of differences."""
import numpy as np
import pytest
from arrays.libraries import JAX, LIBRARIES, STRICT, assert_close, made, mapped, to_numpy
from arrays.programs import PROGRAMS

import autodiff_src as ad

CASES = [pytest.param(*case, id=case[0].__name__) for case in PROGRAMS]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(params=LIBRARIES, ids=lambda library: library.module)
def library(request):
    if request.param.missing:
        pytest.skip(request.param.missing)
    return request.param


@pytest.mark.slow
@pytest.mark.parametrize("f, args, wrt", CASES)
def test_numpy_agrees_with_differences(f, args, wrt):
    assert ad.check_grad(f, *args)


@pytest.mark.slow
@pytest.mark.parametrize("f, args, wrt", CASES)
def test_gradient(library, f, args, wrt):
    value_and_gradient = ad.value_and_grad(f, wrt)(*made(library, args))
    assert_close(to_numpy(value_and_gradient), ad.value_and_grad(f, wrt)(*args))


@pytest.mark.slow
@pytest.mark.parametrize("f, args, wrt", CASES)
def test_tangent(library, f, args, wrt):
    assert_close(to_numpy(ad.jvp(f, made(library, args), made(library, args))), ad.jvp(f, args, args))


@pytest.mark.parametrize("f, args, wrt", [case for case in CASES if case.id in (
    "broadcast", "products", "softmax", "structure", "slices", "helper")])
def test_pullback_may_be_called_again(library, f, args, wrt):
    y, pullback = ad.vjp(f, *made(library, args))
    wanted = ad.vjp(f, *args)[1](1.0)
    assert_close(to_numpy(pullback(y * 0.0 + 1.0)), wanted)
    assert_close(to_numpy(pullback(y * 0.0 + 1.0)), wanted)


@pytest.mark.slow
@pytest.mark.parametrize("f, args, wrt", [case for case in CASES if case.id in (
    "elementwise", "broadcast", "softmax", "products", "logistic_regression", "newton", "helper", "loop", "choice")])
def test_forward_over_reverse(library, f, args, wrt):
    x, *rest = args
    product = ad.hvp(f)(*made(library, (x, x, *rest)))
    assert_close(to_numpy(product), ad.hvp(f)(x, x, *rest), rtol=1e-8)


@pytest.mark.parametrize("f, args, wrt", [case for case in CASES if case.id in (
    "two_operands", "choice", "reductions", "perceptron", "shapes", "joined", "slices")])
def test_float32_stays(library, f, args, wrt):
    single = mapped(lambda a: a.astype(np.float32), args)
    gradient = ad.grad(f, wrt)(*made(library, single))
    for found, x in zip(_leaves(to_numpy(gradient)), _leaves([args[i] for i in np.atleast_1d(wrt)])):
        assert found.dtype == np.float32 and found.shape == x.shape


def _leaves(x):
    if isinstance(x, (list, tuple, dict)):
        return [leaf for item in (x.values() if isinstance(x, dict) else x) for leaf in _leaves(item)]
    return [x]


def test_the_text_names_the_namespace_of_the_user():
    if STRICT.missing:
        pytest.skip(STRICT.missing)
    import array_api_strict as strict

    def f(x):
        return strict.mean(strict.maximum(x, 0.0) ** 2)

    text = ad.source(ad.grad(f), STRICT.make(np.ones(3)))
    assert "strict.where" in text and "numpy" not in text and "np." not in text


def test_jax_adds_at_indices_and_compiles():
    if JAX.missing:
        pytest.skip(JAX.missing)
    import jax

    def gathered(table):
        return jax.numpy.sum(jax.numpy.tanh(table[jax.numpy.asarray([0, 2, 0, 1])]) ** 2 * table[0])

    x = JAX.make(np.array([0.3, -0.5, 0.9]))
    assert_close(to_numpy(ad.grad(gathered)(x)), np.asarray(jax.grad(gathered)(x)))
    assert_close(to_numpy(jax.jit(ad.grad(gathered))(x)), np.asarray(jax.grad(gathered)(x)))
