"""CuPy: what is generated for its arrays names `cp` only, and runs on a stand-in that refuses to leave its device."""
import sys
import types

import numpy as np
import pytest

import autodiff_src as ad


class ndarray:
    """Stands in for CuPy's array: NumPy's, of which nothing is told to the host."""

    __module__ = "cupy"
    __slots__ = ("_value",)

    def __init__(self, value):
        self._value = np.array(value)

    shape = property(lambda self: self._value.shape)
    ndim = property(lambda self: self._value.ndim)
    size = property(lambda self: self._value.size)
    dtype = property(lambda self: self._value.dtype)
    T = property(lambda self: ndarray(self._value.T))

    def get(self):
        """The values on the host, as CuPy gives them when it is asked."""
        return self._value.copy()

    def copy(self):
        return ndarray(self._value)

    def astype(self, dtype):
        return ndarray(self._value.astype(dtype))

    def __getitem__(self, index):
        return ndarray(self._value[_inner(index)])

    def __setitem__(self, index, value):
        self._value[_inner(index)] = _inner(value)

    def __array__(self, *args, **kwargs):
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()`")

    def __float__(self):
        raise AssertionError("a value was taken off the device")

    __bool__ = __int__ = __index__ = __float__

    def __array_ufunc__(self, ufunc, method, *inputs, out=None):
        return ndarray(getattr(ufunc, method)(*map(_on_device, inputs)))

    def __array_function__(self, function, kinds, args, kwargs):
        return ndarray(function(*_inner(args), **_inner(kwargs)))


def _on_device(x):
    assert isinstance(x, (ndarray, int, float)), "a host array meets one of the device"
    return _inner(x)


def _inner(x):
    if isinstance(x, (list, tuple)):
        return type(x)(map(_inner, x))
    if isinstance(x, dict):
        return {key: _inner(item) for key, item in x.items()}
    return x._value if isinstance(x, ndarray) else x


def _operator(function, swapped=False):
    def method(self, other):
        a, b = (_on_device(other), self._value) if swapped else (self._value, _on_device(other))
        return ndarray(function(a, b))
    return method


for name, function in {"add": np.add, "sub": np.subtract, "mul": np.multiply, "truediv": np.divide, "pow": np.power,
                       "matmul": np.matmul, "gt": np.greater, "lt": np.less, "ge": np.greater_equal, "eq": np.equal}.items():
    setattr(ndarray, f"__{name}__", _operator(function))
    setattr(ndarray, f"__r{name}__", _operator(function, swapped=True))
ndarray.__neg__ = lambda self: ndarray(-self._value)


class _Scatter:
    """`cp.add`, with its `at`."""

    def __call__(self, a, b):
        return ndarray(np.add(_inner(a), _inner(b)))

    @staticmethod
    def at(a, index, values):
        np.add.at(a._value, _inner(index), _inner(values))


class _Module(types.ModuleType):
    ndarray = ndarray
    add = _Scatter()
    float32, float64 = np.float32, np.float64

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        function = getattr(np, name)

        def call(*args, **kwargs):
            return ndarray(function(*_inner(args), **_inner(kwargs)))
        vars(self)[name] = call
        return call


@pytest.fixture
def device(monkeypatch):
    module = _Module("cupy")
    monkeypatch.setitem(sys.modules, "cupy", module)
    monkeypatch.setitem(globals(), "cp", module)
    return module


def perceptron(w, b, v, x):
    h = cp.maximum(x @ w + b, 0.0)
    return cp.mean(cp.tanh(h @ v) ** 2) + cp.sum(cp.where(w > 0.5, w * w, 0.1 * w))


def stencil(u):
    return cp.sum((u[2:] - 2.0 * u[1:-1] + u[:-2]) ** 2) + cp.max(u)


def gathered(table):
    return cp.sum(table[cp.asarray([0, 2, 0, 1])] ** 2)


def by_numpys_functions(w, x):
    return np.sum(np.exp(-(x @ w)) * np.tanh(x @ w))


RANDOM = np.random.default_rng(7)
cp = np  # the tests give it the stand-in, or CuPy
CASES = [(perceptron, (RANDOM.normal(size=(3, 4)), np.ones(4), RANDOM.normal(size=4), RANDOM.normal(size=(5, 3))), (0, 1, 2)),
         (stencil, (RANDOM.normal(size=8),), 0), (gathered, (RANDOM.normal(size=3),), 0),
         (by_numpys_functions, (RANDOM.normal(size=3), RANDOM.normal(size=(5, 3))), 0)]


@pytest.mark.parametrize("f, args, wrt", CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_the_stand_in(device, f, args, wrt, monkeypatch):
    value, gradient = ad.value_and_grad(f, wrt)(*map(ndarray, args))
    text = ad.source(ad.grad(f, wrt), *map(ndarray, args))
    monkeypatch.setitem(globals(), "cp", np)
    expected = ad.value_and_grad(f, wrt)(*args)
    np.testing.assert_allclose(value.get(), expected[0])
    for found, wanted in zip(*[(d if isinstance(d, tuple) else (d,)) for d in (gradient, expected[1])]):
        np.testing.assert_allclose(found.get(), wanted)
    assert "float(" not in text and "asarray(d_" not in text
    assert ("np." in text.replace("np.float", "")) is (f is by_numpys_functions), text


def test_arrays_of_the_host_and_of_the_device(device):
    with pytest.raises(ad.ArgumentError, match="arrays of CuPy and of NumPy are used together"):
        ad.grad(by_numpys_functions)(ndarray(np.ones(3)), np.ones((2, 3)))


@pytest.mark.gpu
@pytest.mark.parametrize("f, args, wrt", CASES, ids=lambda x: getattr(x, "__name__", ""))
def test_on_a_device(f, args, wrt, monkeypatch):
    cupy = pytest.importorskip("cupy", reason="CuPy is not installed")
    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        pytest.skip(f"there is no device that CuPy can use: {error}")
    monkeypatch.setitem(globals(), "cp", cupy)
    gradient = ad.grad(f, wrt)(*map(cupy.asarray, args))
    monkeypatch.setitem(globals(), "cp", np)
    expected = ad.grad(f, wrt)(*args)
    for found, wanted in zip(*[(d if isinstance(d, tuple) else (d,)) for d in (gradient, expected)]):
        assert isinstance(found, cupy.ndarray)
        np.testing.assert_allclose(found.get(), wanted)
