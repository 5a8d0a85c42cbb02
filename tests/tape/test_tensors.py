"""Tensors and variables as values: conversions, printing, what is refused."""
import copy
import io
import json
import math
import pickle
import statistics
import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from checks import gradient_by_differences
from numpy.polynomial import chebyshev
from tape_names import ad


@pytest.fixture
def recorded():
    x = ad.constant(2.0)
    with ad.GradientTape() as t:
        t.watch(x)
        yield x


@pytest.mark.parametrize("value, dtype", [(3.0, "float64"), (3, "int64"), (np.float32(3.0), "float32"),
                                          ([1.0, 2.0], "float64"), (np.ones((2, 2), np.float32), "float32"),
                                          ([[1, 2]], "int64"), (True, "bool"), (np.array(2.0), "float64")])
def test_constants(value, dtype):
    x = ad.constant(value)
    assert x.dtype == dtype and x.shape == np.shape(value) and x.ndim == np.ndim(value) and x.size == np.size(value)
    np.testing.assert_array_equal(x.numpy(), value)
    assert ad.convert_to_tensor(x) is x
    assert ad.constant(value, dtype=np.float32).dtype == np.float32
    assert isinstance(x.numpy(), np.ndarray if np.ndim(value) else np.generic)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("value", ["text", None, object(), {"a": 1.0}, [[1.0], [1.0, 2.0]], np.array([None]),
                                   np.eye(1).view(np.matrix), np.ma.array([1.0])])
def test_what_no_tensor_is_made_of(value):
    with pytest.raises(ad.ArgumentError, match="tensor can be made of|tensor of"):
        ad.constant(value)


def test_lists_with_tensors_become_tensors():
    x = ad.constant(2.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = ad.convert_to_tensor([x, 3.0, x * x])
    np.testing.assert_array_equal(y, [2.0, 3.0, 4.0])
    assert t.gradient(y, x).numpy() == 5.0


@pytest.mark.parametrize("dtype", [np.float64, np.dtype(np.float64), "float64"])
def test_recorded_tensors_get_the_dtype_that_is_asked_for(dtype):
    x = ad.constant(np.ones(2, np.float32))
    with ad.GradientTape() as t:
        t.watch(x)
        y = ad.convert_to_tensor(x * 3, dtype)
    gradient = t.gradient(y, x)
    assert y.dtype == np.float64 and gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, [3.0, 3.0])


@pytest.mark.parametrize("convert", [float, int, complex, math.sin, math.sqrt, np.asarray, np.array, np.float64,
                                     lambda x: np.array([1.0, x]), lambda x: x.item(), lambda x: x.tolist(),
                                     lambda x: ad.constant(x), lambda x: math.hypot(x * 2.0, 1.0), range])
def test_conversions_raise_while_recorded(recorded, convert):
    for x in (recorded, recorded * 3.0):
        with pytest.raises(ad.AutodiffError, match=r"recording[\s\S]*\.numpy\(\)[\s\S]*ad\.stop_gradient"):
            convert(x)
    if convert is not range:
        convert(ad.stop_gradient(recorded))
        convert(ad.constant(2.0) * 3.0)
        convert(recorded.numpy())


def test_variables_count_as_recorded_when_they_are_converted():
    v, fixed = ad.Variable(2.0), ad.Variable(2.0, trainable=False)
    with ad.GradientTape():
        assert math.sqrt(fixed) == math.sqrt(2.0)
        with pytest.raises(ad.AutodiffError):
            float(v)
    assert float(v) == 2.0


def test_conversions_work_afterwards():
    x = ad.constant(2.0)
    with ad.GradientTape() as t:
        t.watch(x)
        y = x * x
    assert (float(y), int(y), math.sqrt(y), y.item(), complex(y)) == (4.0, 4, 2.0, 4.0, 4.0)
    np.testing.assert_array_equal(np.asarray([y, y]), [4.0, 4.0])
    with pytest.raises(ValueError, match="read-only"):
        np.asarray(ad.constant([1.0, 2.0]))[0] = 1.0
    assert list(range(ad.constant(3))) == [0, 1, 2] and [10, 20, 30][ad.constant(1)] == 20
    assert np.asarray(x, np.float32).dtype == np.float32
    with pytest.raises(ValueError, match="copy"):
        np.asarray(x, copy=False)


def test_questions_always_work(recorded):
    x = recorded * np.array([1.0, 2.0])
    assert recorded and recorded > 1.0 and not recorded == 3.0 and recorded != None  # noqa: E711
    assert len(x) == 2 and 4.0 in x and x.shape == (2,)
    assert f"{recorded:.3f}" == "2.000" and str(recorded) == "2.0" and f"{x}" == "[2. 4.]"
    assert repr(recorded) == "tensor(2., float64)" and repr(x) == "tensor([2., 4.], float64)"
    np.testing.assert_array_equal(x > 3.0, [False, True])
    np.testing.assert_array_equal(np.sign(x), [1.0, 1.0])
    assert np.argmax(x) == 1 and x.argmax() == 1 and np.shape(x) == (2,) and round(recorded) == 2.0
    assert [max(recorded, 5.0), max(recorded, 1.0)] == [5.0, recorded]
    with pytest.raises(TypeError):
        iter(recorded)
    with pytest.raises(TypeError):
        len(recorded)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        recorded.nothing  # noqa: B018


def test_results_are_tensors():
    x = ad.constant([1.0, 2.0])
    for y in (x + 1, 1 + x, np.ones(2) * x, np.float64(2.0) * x, np.float32(2.0) - x, 2 ** x, x ** 2, x / 2, -x, abs(x),
              +x, x @ np.ones(2), np.ones(2) @ x, x % 2, [1.0, 2.0] + x, np.sin(x), np.sum(x), x.sum(), x.T, x[0],
              x[None], x.reshape(2, 1), x.mean(axis=0), x.astype(np.float32), x.copy(), next(iter(x)), sum(x),
              np.linalg.norm(x), x.real, np.cumsum(x), x.dot(x), x.clip(0.0, 1.0), x[x > 1.0], np.median(x)):
        assert type(y) is type(x), y
    assert all(type(part) is type(x) for part in np.split(x, 2))
    assert type(np.linalg.slogdet(ad.constant(np.eye(2))).logabsdet) is type(x)
    assert x[0][()].numpy() == 1.0 and x[0][None].shape == (1,) and x[0][..., None, None].shape == (1, 1)


@pytest.mark.parametrize("write", [lambda x: x.__setitem__(0, 1.0), lambda x: x.fill(0.0), lambda x: x.sort(),
                                   lambda x: np.add(x, 1.0, out=x), lambda x: np.add(np.ones(2), 1.0, out=x)])
def test_writes_are_refused(write):
    x = ad.constant([1.0, 2.0])
    with pytest.raises(ad.UnsupportedError, match="never change\n.*np.where"):
        write(x)


@pytest.mark.parametrize("write", [lambda x: np.copyto(x, 1.0), lambda x: np.fill_diagonal(x, 1.0),
                                   lambda x: np.nan_to_num(x, copy=False), lambda x: np.add.at(x, 0, 1.0),
                                   lambda x: np.put(x, [0], 1.0)])
def test_functions_that_write_fail(write):
    x = ad.constant(np.eye(2) * np.nan)
    with pytest.raises((ValueError, ad.AutodiffError)):
        write(x)
    np.testing.assert_array_equal(x, np.eye(2) * np.nan)


def test_augmented_assignment_makes_a_new_tensor():
    x = y = ad.constant([1.0, 2.0])
    with ad.GradientTape() as t:
        t.watch(x)
        y += x * x
        z = np.sum(y)
    np.testing.assert_array_equal(x, [1.0, 2.0])
    np.testing.assert_array_equal(t.gradient(z, x), [3.0, 5.0])


def test_arrays_take_in_tensors_that_are_not_recorded():
    x, total = ad.constant([1.0, 2.0]), np.zeros(2)
    total += x
    total[0] = x[1]
    np.testing.assert_array_equal(total, [2.0, 2.0])
    assert np.multiply(x, 2.0, out=total) is total


@pytest.mark.parametrize("call", [
    lambda x: np.divmod.outer(x, x), lambda x: np.frompyfunc(abs, 1, 1)(x), lambda x: np.save(io.BytesIO(), x),
    lambda x: np.add(x, x, dtype=float), lambda x: np.sum(x, None, None, None), lambda x: x.getfield(float),
    lambda x: np.copyto(np.zeros(2), x),
    lambda x: np.add(x, 1.0, out=np.zeros(2)), lambda x: np.zeros(2).__iadd__(x), lambda x: x.var(mean=x)])
def test_functions_without_a_rule_are_refused_while_recorded(call):
    x = ad.constant([1.0, 2.0])
    with ad.GradientTape() as t:
        t.watch(x)
        with pytest.raises(ad.NoRuleError, match="Fix: "):
            call(x * 1.0)


@pytest.mark.parametrize("call", [
    lambda x: np.subtract.reduce(x), lambda x: np.divide.accumulate(x), lambda x: np.hypot.outer(x, x[:1]),
    lambda x: np.apply_over_axes(np.sum, np.outer(x, x), [0, 1]), lambda x: chebyshev.chebval(x, [0.5, 1.0, 0.3]),
    lambda x: np.union1d(x, 5.0 * x), lambda x: np.lib.stride_tricks.sliding_window_view(x, 2)])
def test_functions_without_a_rule_are_recorded_by_their_text(call):
    def total(x):
        return np.sum(call(x * x) ** 2)

    x = ad.constant([1.0, 1.7, 0.6])
    with ad.GradientTape() as t:
        t.watch(x)
        y = total(x)
    assert y.numpy() == total(x.numpy())
    np.testing.assert_allclose(t.gradient(y, x), gradient_by_differences(total, x.numpy()), rtol=1e-6)


def test_arrays_of_objects_are_refused_while_recorded(recorded):
    for f in (lambda x: x * np.array([1, 2], dtype=object), lambda x: np.add(np.array([0.5], dtype=object), x)):
        with pytest.raises(ad.NoRuleError, match="array of Python objects"):
            f(recorded * 2.0)


def test_functions_without_a_rule_work_otherwise():
    x = ad.constant([1.0, 3.0])
    with ad.GradientTape():
        assert np.median(x).numpy() == 2.0
        assert np.add.reduce(x).numpy() == 4.0
        np.testing.assert_array_equal(np.modf(x * 1.5)[0], [0.5, 0.5])
        assert np.sum(x, where=np.array([True, False])).numpy() == 1.0


def test_keywords():
    x = ad.constant([1.0, -2.0])
    with ad.GradientTape() as t:
        t.watch(x)
        y = np.sum(a=x, out=None) + np.sum(np.clip(a=np.zeros(2), a_min=x, a_max=5.0)) + np.sum(np.append(x, values=x))
    np.testing.assert_array_equal(t.gradient(y, x), [4.0, 3.0])


def test_variables():
    v = ad.Variable([1.0, 2.0], name="weights")
    assert v.name == "weights" and v.trainable and v.dtype == float and v.shape == (2,)
    assert v.assign([3.0, 4.0]) is v
    v.assign_add([1.0, 1.0]).assign_sub(ad.constant([0.5, 0.5]))
    np.testing.assert_array_equal(v.numpy(), [3.5, 4.5])
    assert repr(v) == "<Variable 'weights' tensor([3.5, 4.5], float64)>"
    before = v.value()
    v.assign([0.0, 0.0])
    np.testing.assert_array_equal(before, [3.5, 4.5])
    with pytest.raises(ad.ArgumentError, match=r"shape \(3,\) assigned to the variable 'weights'"):
        v.assign(np.ones(3))
    with pytest.raises(ad.ArgumentError, match="dtype complex128"):
        v.assign(np.ones(2) * 1j)
    with pytest.raises(ad.UnsupportedError, match=r"Fix: v\.assign_add"):
        v += 1.0
    with pytest.raises(ad.UnsupportedError, match=r"v\.assign"):
        v[0] = 1.0
    assert ad.Variable(1.0, dtype=np.float32).assign(2).dtype == np.float32
    assert not ad.Variable(3).trainable


def test_assigning_under_a_tape_is_not_recorded():
    v, x = ad.Variable(2.0), ad.constant(3.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        v.assign(x * v)
        y = v * 2.0
        w = ad.Variable(v)
    assert t.gradient(y, x) is None and t.gradient(y, v).numpy() == 2.0 and w.numpy() == 6.0


def test_copies():
    x, v = ad.constant([1.0, 2.0]), ad.Variable(3.0, name="v", trainable=False)
    assert copy.deepcopy(x) is x
    again, other = pickle.loads(pickle.dumps(x)), copy.deepcopy(v)
    np.testing.assert_array_equal(again, x)
    other.assign(4.0)
    assert v.numpy() == 3.0 and other.name == "v" and not other.trainable
    assert pickle.loads(pickle.dumps(v)).numpy() == 3.0


def standardized(x):
    """As code in the style of the array standard is written."""
    xp = x.__array_namespace__()
    rows = xp.asarray(x, dtype=xp.float64)
    shifted = rows - xp.max(rows, axis=-1, keepdims=True)
    shares = xp.exp(shifted) / xp.sum(xp.exp(shifted), axis=-1, keepdims=True)
    return xp.sum(xp.astype(xp.linalg.matrix_norm(shares.mT @ xp.asarray([[1.0], [2.0]])), xp.float64) ** 2)


def test_code_that_asks_for_the_namespace():
    x = ad.constant(np.array([[0.1, 0.7, 0.2], [1.0, -0.4, 0.3]]))
    with ad.GradientTape() as t:
        t.watch(x)
        y = standardized(x)
    wanted = gradient_by_differences(lambda x: float(standardized(ad.constant(x))), x.numpy())
    np.testing.assert_allclose(t.gradient(y, x), wanted, rtol=1e-6, atol=1e-8)
    assert x.device == "cpu" and x.nbytes == 48 and x.mT.shape == (3, 2)
    with pytest.raises(ValueError, match="ndim < 2"):
        ad.constant([1.0]).mT  # noqa: B018


def test_divmod():
    x = ad.constant(7.5)
    with ad.GradientTape(persistent=True) as t:
        t.watch(x)
        (whole, rest), (count, left) = divmod(x, 2.0), divmod(20.0, x)
    assert (whole, rest, count, left) == (3.0, 1.5, 2.0, 5.0)
    assert t.gradient(rest, x).numpy() == 1.0 and t.gradient(left, x).numpy() == -2.0


@pytest.mark.parametrize("write", [lambda a, x: a.__setitem__(0, x), lambda a, x: a.__setitem__(slice(None), x),
                                   lambda a, x: a.fill(x), lambda a, x: np.put(a, [0], x), lambda a, x: np.copyto(a, x),
                                   lambda a, x: a.__setitem__(a > 5.0, x), lambda a, x: np.add.at(a, 0, x),
                                   lambda a, x: np.place(a, a == 0.0, x), lambda a, x: a.flat.__setitem__(0, x)])
def test_arrays_take_in_nothing_that_is_recorded(recorded, write):
    a = np.zeros(3)
    with pytest.raises((ad.AutodiffError, ValueError), match="recording|array|rule"):  # NumPy words some of them anew
        write(a, recorded * 2.0)
    np.testing.assert_array_equal(a, np.zeros(3))


@pytest.mark.parametrize("leave", [bytes, memoryview, lambda x: struct.pack("d", x), lambda x: np.fromiter([x], float),
                                   lambda x: np.random.normal(x), lambda x: math.isclose(x, 1.0), pickle.dumps,
                                   lambda x: x.tobytes(), lambda x: np.frompyfunc(float, 1, 1)(x), Decimal, Fraction,
                                   lambda x: json.dumps(x), lambda x: np.vectorize(float)(x), lambda x: statistics.mean([x])])
def test_nothing_leaves_silently(recorded, leave):
    with pytest.raises((ad.AutodiffError, TypeError, ValueError, struct.error)):
        leave(recorded * 2.0)
