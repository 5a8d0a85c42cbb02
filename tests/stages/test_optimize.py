"""Each pass leaves alone what it must not touch; what it does is shown in its docstring."""
import numpy as np
import pytest

from autodiff_src.analyze.kinds import Array, Length, List
from autodiff_src.optimize import PASSES
from autodiff_src.optimize._example import changed
from autodiff_src.optimize.augmented import augment
from autodiff_src.optimize.copies import read_originals
from autodiff_src.optimize.dead_code import remove_dead_code
from autodiff_src.optimize.like_terms import merge_like_terms
from autodiff_src.optimize.local_copies import drop_local_copies
from autodiff_src.optimize.temporaries import fold_temporaries

VECTOR = Array(np.dtype(float), (Length("a.shape[0]", 0, True),))

UNCHANGED = [
    (fold_temporaries, "a write to what it reads", ["part = a[0]", "a[0] = x", "return part + x"]),
    (fold_temporaries, "another value of the name", ["product = x * x", "x = y", "return product + x * x"]),
    (fold_temporaries, "a loop", ["product = x * x", "for k in range(3):", "    x += product", "return x"]),
    (fold_temporaries, "a branch of an expression", ["log = np.log(a)", "return log if x else a"]),
    (fold_temporaries, "two pops of a tape",
     ["first = _s.pop()", "second = _s.pop()", "return second - first * second"]),
    (fold_temporaries, "what raises first", ["quotient = x / y", "root = 1.0 / x", "return root * root + quotient"]),
    (fold_temporaries, "a call of unknown effect", ["product = x * x", "note(a)", "return product"]),
    (remove_dead_code, "what may raise", ["t = x / y", "return x"]),
    (remove_dead_code, "an index read", ["t = a[3]", "return x"]),
    (remove_dead_code, "a call of unknown effect", ["t = note(x)", "return x"]),
    (remove_dead_code, "a write through a view",
     ["d_a = np.zeros_like(a)", "d_part = d_a[1:]", "d_part[0] += x", "return d_a"]),
    (read_originals, "an array's product with 1.0", ["d_y = 1.0 * a", "return d_y"]),
    (merge_like_terms, "whole numbers", ["d_x = len(a) * x + len(a) * x", "return d_x"]),
    (augment, "arrays", ["d_a = a", "d_a = d_a + a", "return d_a"]),
    (drop_local_copies, "a copy read after the change",
     ["d_t = x * y", "d_u = d_t", "d_t = x", "d_v = d_u + d_t", "return d_v"]),
]


def text(lines):
    return "\n    ".join(["def f(a, x, y):", *lines])


@pytest.mark.parametrize(("change", "what", "lines"), UNCHANGED, ids=[f"{c.__name__}: {w}" for c, w, _ in UNCHANGED])
def test_unchanged(change, what, lines):
    body = ["_s = []", *lines] if "_s" in lines[0] else lines
    assert changed(change, text(body), a=VECTOR, _s=List()) == text(body)


def test_all_passes_keep_the_gradient():
    lines = ["_s = []", "s = x", "for k in range(3):", "    product = s * s", "    _s.append(s)", "    s = product + x",
             "d_result = 1.0", "d_s = d_result", "d_x = 0.0", "for _ in range(3):", "    d_product = d_s",
             "    d_x += d_s", "    s = _s.pop()", "    d_s = d_product * s + d_product * s", "d_x += d_s",
             "return d_x"]
    after = text(lines)
    for change in PASSES:
        after = changed(change, after, a=VECTOR, _s=List())
    spaces = [{}, {}]
    for source, space in zip([text(lines), after], spaces, strict=True):
        exec(source, space)
    assert spaces[0]["f"](0, 0.3, 0) == pytest.approx(spaces[1]["f"](0, 0.3, 0))
    assert len(after.splitlines()) < len(lines)
