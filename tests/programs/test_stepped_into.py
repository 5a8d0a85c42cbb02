"""What NumPy's functions that call others give and do, exactly: values, dtypes, shapes, calls in order; and refusals."""
from __future__ import annotations

import math
from copy import deepcopy
from pathlib import Path

import language_stepped_into
import numpy as np
import pytest
from checks import in_turns

import autodiff_src as ad

X = np.array([[0.4, -1.5, 2.5], [0.7, 3.0, -0.2]])


def noted(v):
    print(type(v), v)
    return v * v


def noted_line(line, factor=1.0):
    print(type(line), line)
    return line[:2] * factor


def in_place(line):
    line *= 2.0
    return line.sum()


@np.vectorize
def scaled(v, by=2.0, more=0.0):
    print(type(by), type(more))
    return v * by + more


FUNCTIONS = [
    lambda x: scaled(x.astype(np.float32)), lambda x: scaled(x.astype(np.float32), 3.0), lambda x: scaled(x, more=x),
    lambda x: scaled(x.astype(np.float32), more=x[0, 0], by=1), lambda x: scaled(more=x, v=1.0),
    lambda x: np.vectorize(noted)(x), lambda x: np.vectorize(noted)(x.T), lambda x: np.vectorize(noted, otypes=[float])(x),
    lambda x: np.vectorize(noted)(x[::-1, ::2]), lambda x: np.vectorize(noted)(x[0, 0]), lambda x: np.vectorize(noted)(2.0) * x,
    lambda x: np.vectorize(lambda u, w: noted(u) + w)(x.T, np.arange(3)[:, None]),
    lambda x: np.vectorize(noted)([1, 2]) * x[0, 0],
    lambda x: np.vectorize(lambda v: 0 if v < 1.0 else v)(x), lambda x: np.vectorize(lambda v: 0 if v < 1.0 else v, "f")(x),
    lambda x: np.vectorize(lambda v: v > 1.0)(x), lambda x: np.vectorize(lambda v: "a" if v > 1.0 else "none")(x),
    lambda x: np.vectorize(noted)(x.astype(np.float32)), lambda x: np.vectorize(math.floor)(x),
    lambda x: np.vectorize(lambda v: (v, 2))(x)[1], lambda x: np.vectorize(noted, [float])(x[:0]),
    lambda x: np.vectorize(noted, doc="doc")(v=x), lambda x: np.vectorize(str)(np.arange(3)),
    lambda x: np.piecewise(x, [x < 0.0, x > 1.0], [noted, lambda v: noted(v) + 1.0]),
    lambda x: np.piecewise(x, [x < -9.0], [noted]), lambda x: np.piecewise(x.astype(int), [x > 0.0], [lambda v: v / 2, 7.9]),
    lambda x: np.piecewise(x[0], [[True, False, False]], [2.0, -1.0]) * x[0],
    lambda x: np.apply_along_axis(noted_line, 0, x), lambda x: np.apply_along_axis(noted_line, 1, x),
    lambda x: np.apply_along_axis(noted_line, -1, x, factor=x[0, 0]), lambda x: np.apply_along_axis(np.sum, 0, x[0]),
    lambda x: np.apply_along_axis(in_place, 0, 1.0 * x), lambda x: np.apply_along_axis(np.diag, 1, x),
    lambda x: np.apply_along_axis(np.diag, 0, x.reshape(1, 2, 3)), lambda x: np.apply_along_axis(np.cumsum, 0, x.tolist()),
    lambda x: np.fromfunction(lambda i, j: i * x[0, 0] + j, (2, 3)),
    lambda x: np.fromfunction(np.add, (2, 2), dtype=int) * x[0, 0],
]


@pytest.mark.parametrize("f", in_turns(FUNCTIONS, 4))
def test_values_and_calls_are_those_of_numpy(f, capsys):
    expected = f(X.copy())
    calls = capsys.readouterr().out
    for given in (lambda: ad.vjp(f, X.copy())[0], lambda: ad.jvp(f, (X.copy(),), (np.ones(X.shape),))[0]):
        found = given()
        assert capsys.readouterr().out == calls
        assert type(found) is type(expected) and found.dtype == expected.dtype and found.shape == expected.shape
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("f", "error"), [
    (lambda x: np.vectorize(noted)(x[:0]), ValueError), (lambda x: np.vectorize(lambda u, w: u + w)(x, x[:, :2]), ValueError),
    (lambda x: np.apply_along_axis(np.sum, 1, x[:0]), ValueError), (lambda x: np.apply_along_axis(np.sum, 3, x), IndexError),
    (lambda x: np.piecewise(x, [x < 0.0], [1.0, 2.0, noted]), ValueError),
])
def test_errors_are_those_of_numpy(f, error):
    for call in (lambda: f(X), lambda: ad.vjp(f, X)):
        with pytest.raises(error) as raised:
            call()
        assert not isinstance(raised.value, ad.AutodiffError)


@pytest.mark.parametrize("f", [
    lambda x: np.vectorize(noted, cache=True)(x), lambda x: np.vectorize(np.sum, signature="(n)->()")(x),
    lambda x: np.frompyfunc(noted, 1, 1)(x),
])
def test_refused(f):
    with pytest.raises(ad.AutodiffError, match="Fix: "):
        ad.vjp(f, X)


def test_a_call_of_constants_is_left_to_numpy():
    total = np.vectorize(np.sum, signature="(n)->()")
    assert ad.grad(lambda x: x * float(total(X)[0]))(2.0) == pytest.approx(X[0].sum())


@pytest.mark.parametrize("program", language_stepped_into.PROGRAMS, ids=lambda program: program.name)
def test_comments_are_lines_of_the_users_functions(program):
    functions = Path(language_stepped_into.__file__).read_text().partition("\ndef ")[2]
    written = " ".join(line.strip() for line in functions.splitlines())
    text = ad.source(ad.grad(program.f, wrt=program.wrt), *deepcopy(program.args))
    comments = [line.strip()[2:] for line in text.splitlines() if line.strip().startswith("# ")]
    assert comments and [c for c in comments if c not in written] == []
