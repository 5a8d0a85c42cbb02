"""What `tape.source` writes runs on its own and gives the gradient of the tape."""
import subprocess
import sys

import numpy as np
import pytest
from checks import assert_close
from tape_names import ad
from test_tape_functions import FIRST, A, weighted

import autodiff_src


def run(text):
    namespace = {}
    exec(compile(text, "<written>", "exec"), namespace)
    return namespace


def recorded(f, *xs):
    xs = [ad.constant(x) for x in xs]
    with ad.GradientTape(persistent=True) as t:
        t.watch(xs)
        y = f(*xs)
    return t, y, xs


@pytest.mark.parametrize("name", FIRST)
def test_what_is_written_gives_the_gradient(name):
    t, y, (x,) = recorded(weighted(FIRST[name][0]), FIRST[name][1])
    made = run(t.source(y, x))
    assert_close([made["value"], made["d_x1"]], [y.numpy(), t.gradient(y, x).numpy()], 1e-12, 1e-13)


def test_the_text():
    w, x, s = ad.Variable([[0.5, -1.0], [2.0, 0.25]], name="w"), ad.constant(np.float32([1.0, 2.0])), ad.constant(3.0)
    with ad.GradientTape(persistent=True) as t:
        t.watch([x, s])
        y = np.tanh(x @ w + np.array([0.0, np.inf])) * s
        unused = np.exp(y)
    text = t.source(y, [w, x, s])
    assert unused is not None and "np.exp" not in text
    for line in ("w = np.array([[0.5, -1.0], [2.0, 0.25]])", "x2 = np.array([1.0, 2.0], dtype=np.float32)",
                 "x3 = np.float64(3.0)", "c4 = np.array([0.0, np.inf])", "    v1 = x2 @ w", "    # v1 = x2 @ w",
                 "value, (d_w, d_x2, d_x3,) = recorded_value_and_grad(w, x2, x3)"):
        assert line in text.splitlines()
    made = run(text)
    for name, found in zip(("d_w", "d_x2", "d_x3"), t.gradient(y, [w, x, s])):
        assert_close(made[name], found.numpy(), 1e-6)
        assert made[name].dtype == found.dtype


def test_it_runs_on_its_own(tmp_path):
    t, y, (x,) = recorded(lambda x: np.sum(np.sin(x) * x), A)
    path = tmp_path / "written.py"
    path.write_text(t.source(y, x) + "print(repr(float(value)), repr(float(d_x1.sum())))\n")
    printed = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert_close([float(word) for word in printed.split()], [y.numpy(), t.gradient(y, x).numpy().sum()], 1e-12)


def test_targets_and_sources_in_structures():
    t, (y, z), (a, b) = recorded(lambda a, b: (a * b, [np.sum(a) ** 2]), 2.0, A)
    made = run(t.source({"y": y, "z": z}, (a, [b])))
    d_a, (d_b,) = t.gradient([y, z], (a, [b]))
    assert_close([made["d_x1"], made["d_x2"]], [d_a.numpy(), d_b.numpy()], 1e-12)
    middle = np.sum(y)
    with ad.GradientTape() as t:
        t.watch(y)
        middle = np.sum(y * y)
    assert_close(run(t.source(middle, y))["d_x1"], 2.0 * y.numpy())
    assert_close(run(t.source(middle, [y, a]))["d_x2"], 0.0)


def smooth(x):
    return np.sum(np.sin(x) * np.roll(x, 1) ** 2)


def test_functions_that_are_recorded_as_one():
    t, y, (x,) = recorded(lambda x: autodiff_src.function(smooth)(2.0 * x), A[0])
    assert_close(run(t.source(y, x))["d_x1"], t.gradient(y, x).numpy(), 1e-12)
    t, y, (x,) = recorded(lambda x: autodiff_src.function(lambda x: np.sum(x * x))(x), A)
    with pytest.raises(ad.UnsupportedError, match="cannot be named in a program"):
        t.source(y, x)


def test_errors():
    t, y, (x,) = recorded(lambda x: x * x, A)
    with pytest.raises(ad.ArgumentError, match="not recorded"):
        t.source(y.numpy(), x)
    with pytest.raises(ad.ArgumentError, match=r"ad\.constant"):
        t.source(y, A)
    with pytest.raises(ad.AutodiffError, match="recorded nothing"):
        ad.GradientTape().source(y, x)
