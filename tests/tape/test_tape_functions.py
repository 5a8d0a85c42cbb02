"""Functions of NumPy, operators and methods through the tape, against differences; first and second derivatives."""
import numpy as np
import pytest
from checks import assert_close, gradient_by_differences
from tape_names import ad

_rng = np.random.default_rng(4)
A, B = _rng.uniform(0.2, 0.9, (3, 4)), _rng.uniform(0.3, 1.8, (3, 4))
ROW, SQUARE = _rng.uniform(0.2, 0.9, 4), _rng.normal(size=(3, 3)) + 3.0 * np.eye(3)
SPREAD = (_rng.permutation(12) / 9.0 + 0.01).reshape(3, 4)

# (function of one tensor or array, the point); the results are weighted, so that each element counts differently.
FIRST = {
    **{name: (getattr(np, name), A) for name in (
        "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "square", "reciprocal", "sin", "cos",
        "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arctanh", "degrees", "sinc", "abs",
        "sum", "mean", "prod", "var", "std", "cumsum", "cumprod", "ravel", "transpose", "flip", "fliplr", "copy",
        "atleast_1d", "nansum", "diff", "nan_to_num", "conjugate")},
    **{name: (getattr(np, name), SPREAD) for name in ("max", "min", "sort")},
    **{f"linalg.{name}": (getattr(np.linalg, name), SQUARE) for name in ("norm", "inv", "det")},
    "arccosh": (np.arccosh, 1.0 + B), "sum axis": (lambda x: np.sum(x, axis=0, keepdims=True), A),
    "max axis": (lambda x: np.max(x, axis=1), SPREAD), "mean axis": (lambda x: x.mean(axis=(0, 1)), A),
    "maximum": (lambda x: np.maximum(x, 0.5), SPREAD), "hypot": (lambda x: np.hypot(x, ROW), A),
    "logaddexp": (lambda x: np.logaddexp(x, 2.0 * x[:, :1]), A), "arctan2": (lambda x: np.arctan2(ROW, x), A),
    "where": (lambda x: np.where(x > 0.5, x * x, 2.0 * x), SPREAD), "clip": (lambda x: x.clip(0.27, 0.95), SPREAD),
    "dot": (lambda x: np.dot(x, x.T), A), "matmul": (lambda x: np.matmul(x, ROW), A), "@": (lambda x: x.T @ x, A),
    "reflected @": (lambda x: SQUARE @ x, A), "outer": (lambda x: np.outer(x, x[0]), A),
    "inner": (lambda x: np.inner(x, x), A), "tensordot": (lambda x: np.tensordot(x, B, ([0, 1], [0, 1])), A),
    "einsum": (lambda x: np.einsum("ij,kj,j->ik", x, x, ROW), A), "trace": (lambda x: x.trace(), SQUARE),
    "solve": (lambda x: np.linalg.solve(x, x[:, :2]), SQUARE), "kron": (lambda x: np.kron(x, x), A),
    "cholesky": (lambda x: np.linalg.cholesky(x @ x.T + np.eye(3)), SQUARE),
    "slogdet": (lambda x: np.linalg.slogdet(x)[1], SQUARE), "diag": (lambda x: np.diag(x) * ROW[:3], SQUARE),
    "reshape": (lambda x: np.reshape(x, (2, 6)) * x.reshape(2, -1), A), "squeeze": (lambda x: x[:1].squeeze(), A),
    "expand_dims": (lambda x: np.expand_dims(x, 1) * x, A), "swapaxes": (lambda x: x.swapaxes(0, 1), A),
    "concatenate": (lambda x: np.concatenate([x, B, x * x]), A), "stack": (lambda x: np.stack([x, 2.0 * x], axis=1), A),
    "vstack": (lambda x: np.vstack([x, x[0]]), A), "hstack": (lambda x: np.hstack((x, x[:, :1])), A),
    "split": (lambda x: np.split(x, 2, axis=1)[1], A), "append": (lambda x: np.append(x, x[0] * 2.0), A),
    "pad": (lambda x: np.pad(x, 1), A), "roll": (lambda x: np.roll(x, 1, axis=0) * x, A),
    "tile": (lambda x: np.tile(x, (2, 1)), A), "repeat": (lambda x: x.repeat(2, axis=1), A),
    "broadcast_to": (lambda x: np.broadcast_to(x[0], (3, 4)) * x, A), "take": (lambda x: x.take([0, 2, 0], axis=0), A),
    "row": (lambda x: x[1] * x[0], A), "strided": (lambda x: x[::2, 1:] ** 2, A),
    "mask": (lambda x: x[SPREAD > 0.5] ** 2, A),
    "picked twice": (lambda x: x[[0, 0, 2], [1, 1, 3]] ** 2, A), "new axis": (lambda x: x[:, None] - x, A),
    "iterated": (lambda x: sum(row * row[0] for row in x), A), "linspace": (lambda x: np.linspace(x[0], x[1], 5), A),
    "power": (lambda x: x ** 2.5 + 2.0 ** x + x ** x, A), "power of integers": (lambda x: x ** 3 + x ** 0 + x ** 1, A),
    "operators": (lambda x: -x + (1.0 - x) * 3.0 / x % 20.0 - (+x) / B + abs(x - 0.5), SPREAD + 0.31),
    "array on the left": (lambda x: B * x - ROW / x + np.float64(2.0) * x + 3 * x, A),
    "astype": (lambda x: x.astype(np.float64) * 2.0, A), "meshgrid": (lambda x: np.meshgrid(x[0], x[1])[1], A),
    "list operand": (lambda x: x[0, :2] * [1.5, 2.0] + [x[0, 0], x[1, 1]], A), "rot90": (np.rot90, A),
    "fft": (lambda x: np.abs(np.fft.fft2(x)) + np.fft.rfft(x, 6).real, A),
    **{f"order {p}": (lambda x, p=p: np.linalg.norm(x, p, axis=0), SPREAD) for p in (1, 3, np.inf)},
    "nuclear": (lambda x: np.linalg.norm(x, "nuc")[None], SQUARE), "svd": (lambda x: np.linalg.svd(x)[1], SQUARE),
    "qr": (lambda x: np.linalg.qr(x)[1], SQUARE), "eigvalsh": (lambda x: np.linalg.eigvalsh(x @ x.T), SQUARE),
    "median": (lambda x: np.median(x * x, axis=1), SPREAD), "trapezoid": (lambda x: np.trapezoid(x, x * x), A),
    "quantile": (lambda x: np.quantile(x * x, [0.3, 0.6], axis=1), SPREAD), "poly": (lambda x: np.poly(x[0]), A),
    "gradient": (lambda x: np.gradient(x[0], np.cumsum(x[0] * x[0])), A), "cov": (lambda x: np.cov(x * x), A),
    "roots": (lambda x: np.real(np.roots(x[0])), A), "unwrap": (lambda x: np.unwrap(9.0 * x * x), SPREAD),
    "polydiv": (lambda x: np.polydiv(x[0], x[1, :2])[0], A), "interp": (lambda x: np.interp(x[0], np.cumsum(x[1]), x[2]), A),
    "compress": (lambda x: x.compress([True, False, True], axis=0), A),
    "ifft": (lambda x: np.fft.irfft(x * (1.0 + 2.0j), 4) + np.fft.ifft(x).imag, A),
}
SECOND = ["exp", "sin", "tanh", "square", "prod", "std", "max axis", "where", "@", "einsum", "solve",
          "linalg.inv", "linalg.det", "linalg.norm", "concatenate", "hstack", "power", "operators", "picked twice",
          "strided", "mask", "new axis", "logaddexp", "array on the left", "tensordot", "slogdet", "pad", "tile",
          "expand_dims", "kron", "roll", "repeat", "take", "split", "stack", "list operand", "cholesky", "clip",
          "outer", "inner", "dot", "append", "linspace", "broadcast_to", "cumsum", "mean", "var", "arctan2", "hypot",
          "sum axis", "mean axis", "diag", "diff", "sort", "cumprod", "order 1", "order 3", "order inf", "nuclear", "svd", "qr",
          "eigvalsh", "median", "trapezoid", "quantile", "poly", "gradient", "cov", "roots", "unwrap", "polydiv", "interp"]


def weighted(f):
    def loss(x):
        y = f(x)
        return np.sum(y * np.linspace(0.5, 1.5, int(np.prod(y.shape))).reshape(y.shape))
    return loss


def value(f):
    return lambda x: float(f(ad.constant(x)))


def gradient(f, x):
    x = ad.constant(x)
    with ad.GradientTape() as t:
        t.watch(x)
        y = f(x)
    return t.gradient(y, x)


def curvature(f, x, direction):
    """The gradient of the gradient's component along `direction`, by nested tapes."""
    x = ad.constant(x)
    with ad.GradientTape() as outer:
        outer.watch(x)
        with ad.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        slope = np.sum(inner.gradient(y, x) * direction)
    return outer.gradient(slope, x)


@pytest.mark.parametrize("name", FIRST)
def test_gradient(name):
    f, x = weighted(FIRST[name][0]), FIRST[name][1]
    found = gradient(f, x)
    assert found.shape == x.shape and found.dtype == x.dtype
    assert_close(found.numpy(), gradient_by_differences(value(f), x), 1e-6, 1e-8)


@pytest.mark.parametrize("name", SECOND)
def test_second_derivative(name):
    f, x = weighted(FIRST[name][0]), FIRST[name][1]
    direction = np.cos(np.arange(x.size)).reshape(x.shape)
    wanted = gradient_by_differences(lambda at: float(np.sum(gradient(f, at).numpy() * direction)), x)
    found = curvature(f, x, direction)
    assert_close(np.zeros(x.shape) if found is None else found.numpy(), wanted, 1e-5, 1e-7)


@pytest.mark.parametrize("f, x, wanted", [
    (np.sin, 0.7, -np.sin(0.7)), (lambda x: x ** 3, 2.0, 12.0), (lambda x: 1.0 / x, 2.0, 0.25),
    (lambda x: np.sum(np.stack([x, x * x])), 2.0, 2.0), (lambda x: np.sqrt(x * x * x), 2.0, 0.75 / np.sqrt(2.0)),
    (lambda x: abs(x) * x, -2.0, -2.0), (lambda x: x ** x, 1.5, 1.5 ** 1.5 * ((np.log(1.5) + 1) ** 2 + 1 / 1.5)),
])
def test_second_derivative_of_scalars(f, x, wanted):
    np.testing.assert_allclose(curvature(f, x, 1.0), wanted, rtol=1e-13)


def test_a_third_derivative_without_a_rule_is_refused():
    x = ad.constant(ROW)
    with ad.GradientTape() as outer:
        outer.watch(x)
        with ad.GradientTape() as middle:
            middle.watch(x)
            with ad.GradientTape() as inner:
                inner.watch(x)
                y = np.prod(x)
            slope = np.sum(inner.gradient(y, x) * ROW)
        with pytest.raises(ad.AutodiffError, match="out of the recording"):
            middle.gradient(slope, x)


def test_variables_in_second_derivatives():
    w, b = ad.Variable(A), ad.Variable(ROW)
    with ad.GradientTape() as outer:
        with ad.GradientTape() as inner:
            y = np.sum(np.tanh(w * b) ** 2)
        d_w, d_b = inner.gradient(y, [w, b])
        penalty = np.sum(d_w ** 2) + np.sum(d_b ** 2)
    found = outer.gradient(penalty, {"w": w, "b": b})

    def by_hand(w, b):
        slope = 2.0 * np.tanh(w * b) * (1.0 - np.tanh(w * b) ** 2)
        return float(np.sum((slope * b) ** 2) + np.sum(np.sum(slope * w, axis=0) ** 2))

    assert_close(found["w"].numpy(), gradient_by_differences(lambda w: by_hand(w, ROW), A), 1e-6, 1e-8)
    assert_close(found["b"].numpy(), gradient_by_differences(lambda b: by_hand(A, b), ROW), 1e-6, 1e-8)


@pytest.mark.parametrize("f", [
    lambda x: np.where(x > 0.1, np.sqrt(x) * x, x), lambda x: np.where(np.abs(x) > 0.1, 1.0 / x, 0.0) * x,
    lambda x: np.log(x)[x > 0.1] ** 2, lambda x: np.maximum(np.log(np.abs(x)), -3.0) * np.array([1.0, 0.0, 2.0, 3.0]),
    lambda x: np.nan_to_num(np.log(x), nan=0.0, neginf=0.0) * (x > 0.1),
    lambda x: np.where(x > 0.1, x ** 0.3, np.where(x < -0.1, np.log(-x), x)),
])
def test_elements_that_are_passed_over(f):
    x = np.array([1.3, 0.0, -0.7, 2.2])
    with np.errstate(all="ignore"):
        def slope(at):
            return float(np.sum(gradient(lambda v: np.sum(f(v)), at).numpy() * [0.3, -0.5, 0.2, 0.4]))

        assert_close(gradient(lambda v: np.sum(f(v)), x).numpy(),
                     gradient_by_differences(value(lambda v: np.sum(f(v))), x), 1e-6, 1e-8)
        found = curvature(lambda v: np.sum(f(v)), x, np.array([0.3, -0.5, 0.2, 0.4]))
        assert_close(found.numpy(), gradient_by_differences(slope, x), 1e-5, 1e-7)
