"""What is not differentiated with arrays of other libraries is refused; nothing is computed on a copy that NumPy made."""
import math

import numpy as np
import pytest
from numpy import sin

import autodiff_src as ad

strict = pytest.importorskip("array_api_strict", reason="array-api-strict is not installed")
X = strict.asarray([[0.3, 0.5], [0.9, 2.0]])
CONSTANT = np.ones((2, 2))
OTHER = strict.asarray([[1.0, 2.0], [3.0, 4.0]])


def numpys_function(x):
    return strict.sum(np.sin(x))


def numpys_function_by_its_name(x):
    return strict.sum(sin(x))


def python_number(x):
    return x[0, 0] * float(x[0, 1])


def math_function(x):
    return math.sin(x[0, 0])


def method(x):
    return x.sum()


def asked_for_its_class(x):
    return strict.sum(x) if isinstance(x, np.ndarray) else strict.sum(x * x)


def stored_elements(x):
    y = x * 2.0
    y[0, 0] = 1.0
    return strict.sum(y)


def updated_under_two_names(x):
    total = strict.sum(x)
    before = total
    total += strict.sum(x * x)
    return before * total


def updated_view(x):
    first = x[0, 0]
    first += 1.0
    return first * strict.sum(x)


def array_of_numpy_around(x):
    return strict.sum(x * CONSTANT)


def function_of_its_own(x):
    return strict.sum(strict.unique_values(x))


def without_counterpart(x):
    return strict.sum(strict.fft.irfft(strict.fft.rfft(x)) ** 2)


@pytest.mark.parametrize("f, reason", [
    (numpys_function, "np.sin is called beside arrays of array_api_strict"),
    (numpys_function_by_its_name, "np.sin is called beside"), (python_number, "float makes a Python number"),
    (math_function, "sin makes a Python number"), (method, "the attribute .sum of arrays"),
    (asked_for_its_class, "np.ndarray|isinstance tells arrays"), (stored_elements, "elements of an array .* are stored"),
    (updated_under_two_names, "may be seen under another name"), (updated_view, "may be seen under another name"),
    (array_of_numpy_around, "arrays of array_api_strict and of NumPy"), (function_of_its_own, "unique_values"),
    (without_counterpart, "NumPy's arrays only")])
@pytest.mark.parametrize("forward", [False, True])
def test_refused(f, reason, forward):
    with pytest.raises(ad.AutodiffError, match=reason) as refusal:
        if forward and f is not without_counterpart:  # which has a tangent
            ad.jvp(f, (X,), (X,))
        else:
            ad.grad(f)(X)
    assert refusal.value.fix


def test_arrays_of_two_libraries():
    with pytest.raises(ad.ArgumentError, match="arrays of array_api_strict and of NumPy are used together"):
        ad.grad(lambda x, y: x)(X, np.ones(2))


def test_an_array_outside_beside_numpys_arguments():
    with pytest.raises(ad.ArgumentError, match="arrays of array_api_strict and of NumPy are used together"):
        ad.grad(lambda x: strict.sum(x * OTHER))(np.ones((2, 2)))


def test_functions_of_another_library():
    with pytest.raises(ad.AutodiffError, match="beside arrays that are not array_api_strict's"):
        ad.grad(lambda x: strict.sum(strict.sin(x)))(np.ones(2))
    with pytest.raises(ad.AutodiffError, match="beside arrays that are not array_api_strict's"):
        ad.grad(lambda x, xp: xp.sum(x * x))(np.ones(2), strict)


def lists_updated_under_two_names(p):
    items = p["parts"]
    others = items
    items += [p["x"]]
    return strict.sum(others[-1] ** 2)


def test_lists_that_are_updated():
    with pytest.raises(ad.AutodiffError):
        ad.grad(lists_updated_under_two_names)({"parts": [X], "x": X})


def test_adjoints_in_lists_are_told_apart():
    def f(parts):
        total = strict.sum(parts[0]) * strict.sum(parts[1])
        for part in parts:
            total = total + strict.sum(part * part) + strict.sum(part)
        return total

    a, b = strict.asarray(0.5), strict.asarray(2.0)
    first, second = ad.grad(f)([a, b])
    assert float(first) == 2.0 + 2.0 * 0.5 + 1.0 and float(second) == 0.5 + 2.0 * 2.0 + 1.0


def test_two_dtypes():
    with pytest.raises(ad.ArgumentError, match="float64 and float32"):
        ad.grad(lambda x, y: strict.sum(x * y))(X, strict.asarray([1.0, 2.0], dtype=strict.float32))


def test_an_integer_array():
    with pytest.raises(ad.ArgumentError, match="integer"):
        ad.grad(lambda x: strict.sum(x))(strict.asarray([1, 2]))


def test_a_complex_array():
    with pytest.raises(ad.ArgumentError, match="complex array of array_api_strict"):
        ad.grad(lambda x: strict.sum(x))(strict.asarray([1j]))


@pytest.mark.parametrize("transform", [ad.jacobian, ad.hessian])
def test_jacobians(transform):
    with pytest.raises(ad.ArgumentError, match="of arrays of array_api_strict"):
        transform(lambda x: strict.sum(x * x))(X)


def test_check_grad():
    with pytest.raises(ad.ArgumentError, match="of arrays of array_api_strict"):
        ad.check_grad(lambda x: strict.sum(x * x), X)


def test_tangent_of_another_shape():
    with pytest.raises(ad.ArgumentError, match="not an array of array_api_strict of shape"):
        ad.jvp(lambda x: strict.sum(x * x), (X,), (X[0, :],))
    with pytest.raises(ad.ArgumentError, match="not an array of array_api_strict of shape"):
        ad.jvp(lambda x: strict.sum(x * x), (X,), (np.ones((2, 2)),))


def test_cotangent_of_another_shape():
    _, pullback = ad.vjp(lambda x: x * 2.0, X)
    with pytest.raises(ad.ArgumentError, match="the cotangent is an array of shape"):
        pullback(X[0, :])
    with pytest.raises(ad.ArgumentError, match="the cotangent is"):
        pullback(np.ones((2, 2)))
