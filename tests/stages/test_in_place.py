"""Arrays are updated in place only where nobody else sees it: cases by hand, and random texts run before and after."""
import random

import numpy as np
import pytest

from autodiff_src.analyze.kinds import Array, Length, List
from autodiff_src.optimize._example import changed
from autodiff_src.optimize.in_place import update_in_place

VECTOR = Array(np.dtype(float), (Length("x.shape[0]", 0, True),))
ADJOINTS = ("d_a", "d_b", "d_c", "d_e")
KINDS = {**dict.fromkeys(("x", "y", *ADJOINTS), VECTOR), "_s": List(), "single": Array(np.dtype(np.float32), VECTOR.shape)}

UNCHANGED = {
    "a second name": ["d_a = x * y", "d_b = d_a", "d_a = d_a + x", "return d_a, d_b"],
    "a parameter": ["d_a = x", "d_a = d_a + y", "return d_a"],
    "a view of it": ["d_a = x * y", "d_b = d_a[::-1]", "d_a = d_a + x", "return d_a, d_b"],
    "a view": ["d_b = x * y", "d_a = d_b[::-1]", "d_a = d_a + x", "return d_a"],
    "a broadcast view": ["d_b = x * y", "d_a = np.broadcast_to(d_b, x.shape)", "d_a = d_a + x", "return d_a"],
    "what may be the same array": ["d_b = x * y", "d_a = np.reshape(d_b, x.shape)", "d_b = d_b + x", "return d_a, d_b"],
    "kept in a list": ["d_a = x * y", "_s.append(d_a)", "d_a = d_a + x", "return d_a, _s"],
    "from a list": ["_s.append(x * y)", "d_a = _s[0]", "d_a = d_a + x", "return d_a, _s"],
    "in a tuple": ["d_a = x * y", "pair = d_a, x", "d_a = d_a + x", "return d_a, pair"],
    "from a tuple": ["pair = x, y", "d_a, d_b = pair", "d_a = d_a + x", "return d_a, d_b"],
    "both from one call": ["d_a, d_b = both(x)", "d_a = d_a + x", "return d_a, d_b"],
    "seen by a function": ["d_a = x * y", "note(d_a)", "d_a = d_a + x", "return d_a"],
    "stored": ["d_a = x * y", "y.kept = d_a", "d_a = d_a + x", "return d_a"],
    "captured": ["d_b = x * y", "def g():", "    return d_b", "d_a = d_b", "d_a = d_a + x", "return d_a, g()"],
    "on one path": ["d_a = x * y", "d_b = y * y", "if n > 1:", "    d_b = d_a", "d_a = d_a + x", "return d_a, d_b"],
    "not made on one path": ["d_a = x", "if n > 1:", "    d_a = x * y", "d_a = d_a + x", "return d_a"],
    "the value of the last trip": ["d_a = x * y", "d_b = x", "for _ in range(n):", "    d_c = d_a + d_b",
                                   "    d_b = d_a", "    d_a = d_a + x", "return d_c, d_b"],
    "swapped": ["d_a = x * y", "d_b = x", "d_a, d_b = d_b, d_a", "d_a = d_a + x", "return d_a, d_b"],
    "broadcast up": ["d_a = x.sum(keepdims=True)", "d_a = d_a + x", "return d_a"],
    "another type": ["d_a = single + single", "d_a = d_a + x", "return d_a"],
    "a number": ["d_a = 1.0", "d_a = d_a + 2.0", "return d_a"],
    "not ours": ["a = x * y", "a = a + x", "return a"],
}


def text(lines):
    return "\n    ".join(["def f(x, y, n, _s):", *lines])


@pytest.mark.parametrize("what", UNCHANGED)
def test_unchanged(what):
    written = text(UNCHANGED[what])
    after = changed(update_in_place, written, **KINDS)
    assert [line for line in after.splitlines() if line] == written.splitlines()


class Writer:
    """Writes a random text that hands arrays from name to name."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.parts = []
        self.count = 0

    def program(self):
        start = [f"{d} = {self.fresh()}" for d in ADJOINTS]
        return [*start, *self.block(3, 7), f"return {', '.join(ADJOINTS)}, x, y, _s"]

    def fresh(self):
        return self.random.choice(["x * y", "np.zeros_like(x)", "-x", "x.copy()", "np.exp(y)"])

    def name(self):
        return self.random.choice([*ADJOINTS, *self.parts])

    def part(self):
        """A name that is bound once and read in its block only."""
        self.count += 1
        statement = f"d_part{self.count} = {self.name()} {self.random.choice('+-*')} {self.operand()}"
        self.parts.append(f"d_part{self.count}")
        return statement

    def operand(self):
        return self.random.choice([self.name(), "x", "0.5", f"{self.name()}[::-1]", f"(x - {self.name()} * y)"])

    def block(self, depth, length):
        outer = list(self.parts)
        lines = [line for _ in range(self.random.randint(1, length)) for line in self.statement(depth)]
        self.parts = outer
        return lines

    def statement(self, depth):
        a, b = self.random.sample(ADJOINTS, 2)
        simple = [f"{a} = {a} {self.random.choice('+-*')} {self.operand()}"] * 5 + [
            f"{a} = {self.operand()} * {a}", f"{a} = {self.name()}", f"{a} = {self.name()}[::-1]",
            f"{a} = np.reshape({b}, x.shape)", f"{a} = {self.fresh()}",
            f"{a}, {b} = {b}, {a}", f"{a}, {b} = {b}, {b}", f"{a}[1] += {b}[0]",
            f"_s.append({self.name()})", f"{a} = _s[-1]", f"{a} = {b} * {self.operand()}", f"{a} = x",
            f"{a} = np.where(x > 0.0, {a}, {b})"]
        if self.random.random() < 0.3:
            return [self.part()]
        kind = self.random.random()
        if depth and kind < 0.12:
            return ["for _ in range(2):", *self.indented(depth)]
        if depth and kind < 0.24:
            return [f"if {a}[0] > 0.0:", *self.indented(depth), "else:", *self.indented(depth)]
        return [self.random.choice(simple)]

    def indented(self, depth):
        return [f"    {line}" for line in self.block(depth - 1, 3)]


def run(source):
    space = {"np": np}
    exec(source, space)
    x, y = np.linspace(-0.4, 0.5, 3), np.linspace(0.7, 0.2, 3)
    *arrays, kept = space["f"](x, y, 3, [x.copy()])
    return np.array([*arrays, *kept])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_random_texts_give_the_same_before_and_after():
    updated = 0
    for seed in range(400):
        before = text(Writer(seed).program())
        after = changed(update_in_place, before, **KINDS)
        updated += after != before
        np.testing.assert_equal(run(after), run(before), err_msg=f"seed {seed}:\n{before}\n->\n{after}")
    assert updated > 200
