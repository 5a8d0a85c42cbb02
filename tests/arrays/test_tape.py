"""`GradientTape` on tensors of other libraries' arrays: the same gradients, on the arrays' own library."""
import pickle

import numpy as np
import pytest
from arrays.libraries import DASK, LIBRARIES, STRICT, assert_close, made, mapped, to_numpy
from arrays.programs import MATRIX, PROGRAMS, VECTOR, array_namespace, elementwise, softmax

import autodiff_src as ad

CASES = [pytest.param(*case, id=case[0].__name__) for case in PROGRAMS]


@pytest.fixture(params=LIBRARIES, ids=lambda library: library.module)
def library(request):
    if request.param.missing:
        pytest.skip(request.param.missing)
    return request.param


@pytest.fixture
def strict():
    if STRICT.missing:
        pytest.skip(STRICT.missing)
    return STRICT


def tensors(library, x):
    return mapped(lambda a: ad.constant(a) if hasattr(a, "shape") else a, made(library, x))


def arrays(x):
    return to_numpy(mapped(lambda tensor: tensor.array(), x))


@pytest.mark.slow
@pytest.mark.parametrize("f, args, wrt", CASES)
def test_gradient(library, f, args, wrt):
    args = list(args)
    given, wrt = tensors(library, args), wrt if isinstance(wrt, tuple) else (wrt,)
    with ad.GradientTape() as tape:
        for x in given:
            tape.watch(x)
        y = f(*given)
    found = tape.gradient(y, [given[i] for i in wrt])
    assert_close(arrays(found), list(ad.grad(f, wrt)(*args)))


def test_weights_and_several_targets(strict):
    x = tensors(strict, VECTOR)
    with ad.GradientTape() as tape:
        tape.watch(x)
        y, z = x * x, x ** 3
    found = tape.gradient([y, z], x, output_gradients=[strict.make(VECTOR), None])
    assert_close(arrays(found), 2.0 * VECTOR * VECTOR + 3.0 * VECTOR ** 2)


def test_a_tape_within_a_tape(strict):
    x = tensors(strict, VECTOR)
    with ad.GradientTape() as outer:
        outer.watch(x)
        with ad.GradientTape() as inner:
            inner.watch(x)
            y = elementwise(x)
        d_x = inner.gradient(y, x)
        total = array_namespace(x).sum(d_x * strict.make(np.cos(VECTOR)))
    assert_close(arrays(outer.gradient(total, x)), ad.hvp(elementwise)(VECTOR, np.cos(VECTOR)), rtol=1e-8)



def test_functions_that_are_one_operation(strict):
    x, y = tensors(strict, MATRIX), strict.make(np.abs(MATRIX))
    with ad.GradientTape() as tape:
        tape.watch(x)
        value = ad.function(softmax)(x, y)
    assert len(tape.records) == 1
    assert_close(arrays(tape.gradient(value, x)), ad.grad(softmax)(MATRIX, np.abs(MATRIX)))


def test_what_does_not_depend_is_none_or_zeros(strict):
    x, z = tensors(strict, VECTOR), tensors(strict, VECTOR)
    with ad.GradientTape(persistent=True) as tape:
        tape.watch([x, z])
        y = x * x
    assert tape.gradient(y, z) is None
    assert_close(arrays(tape.gradient(y, z, unconnected_gradients="zero")), 0.0 * VECTOR)


def test_float32_stays(library):
    x = tensors(library, VECTOR.astype(np.float32))
    with ad.GradientTape() as tape:
        tape.watch(x)
        y = elementwise(x)
    assert arrays(tape.gradient(y, x)).dtype == np.float32


def test_questions_carry_no_derivative(strict):
    x = tensors(strict, VECTOR)
    xp = array_namespace(x)
    with ad.GradientTape() as tape:
        tape.watch(x)
        positive, largest = x > 0.0, xp.argmax(x)
        y = xp.sum(xp.where(positive, x * x, -x))
    assert int(largest.array()) == int(np.argmax(VECTOR))
    assert_close(arrays(tape.gradient(y, x)), np.where(VECTOR > 0.0, 2.0 * VECTOR, -1.0))


def test_numpys_functions_on_dask():
    if DASK.missing:
        pytest.skip(DASK.missing)
    import dask
    x = tensors(DASK, MATRIX)

    def never(*args, **kwargs):
        raise AssertionError("a value was computed")
    with dask.config.set(scheduler=never), ad.GradientTape() as tape:
        tape.watch(x)
        y = np.sum(np.exp(-x) * np.tanh(x @ x.T).sum(axis=0)[0])
        d_x = tape.gradient(y, x)

    def f(x):
        return np.sum(np.exp(-x) * np.tanh(x @ x.T).sum(axis=0)[0])

    assert_close(arrays(d_x), ad.grad(f)(MATRIX))


def test_the_tensor_is_a_copy(strict):
    a = strict.make(VECTOR.copy())
    x = ad.constant(a)
    a += 1.0
    x.array()[...] = 0.0
    assert_close(x.numpy(), VECTOR)
    assert_close(pickle.loads(pickle.dumps(x)).numpy(), VECTOR)


@pytest.mark.parametrize("use", [
    lambda x: np.sin(x), lambda x: np.sum(x), lambda x: np.asarray(x), lambda x: float(array_namespace(x).sum(x)),
    lambda x: x * ad.constant(VECTOR), lambda x: ad.constant(VECTOR) * x, lambda x: x * VECTOR, lambda x: VECTOR * x,
    lambda x: np.stack([x, x]), lambda x: ad.convert_to_tensor([x, x]), lambda x: array_namespace(x).unique_values(x)])
def test_refused(strict, use):
    x = tensors(strict, VECTOR)
    with ad.GradientTape() as tape:
        tape.watch(x)
        with pytest.raises(ad.AutodiffError) as refusal:
            use(x)
    assert refusal.value.fix


def test_variables_jacobians_and_programs_are_numpys(strict):
    with pytest.raises(ad.ArgumentError, match="a variable of arrays of array_api_strict"):
        ad.Variable(strict.make(VECTOR))
    x = tensors(strict, VECTOR)
    with ad.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
    for ask in (tape.jacobian, tape.why, tape.source):
        with pytest.raises(ad.ArgumentError, match="of tensors of NumPy's arrays"):
            ask(y, x)
    with pytest.raises(ad.ArgumentError, match="used together"):
        tape.gradient(y, x, output_gradients=VECTOR)
