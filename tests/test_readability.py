"""The counters of readability see what they are for, and nothing else."""
import pytest
import readability


@pytest.mark.parametrize("body, found", [
    ("a = x\nreturn x", ["f:2: a"]),
    ("a = x\na = 2.0 * x\nreturn a", ["f:2: a"]),
    ("a = 0.0\nfor i in range(3):\n    x = a + x\n    a = x\nreturn x", []),
    ("for i in range(3):\n    a = x\n    x = 2.0 * a\n    a = x\nreturn x", ["f:5: a"]),
    ("a = 0.0\nwhile True:\n    a = x\n    if a > 1.0:\n        break\n    x = 2.0 * x\nreturn a", ["f:2: a"]),
    ("a = 0.0\nif x:\n    a = 1.0\nreturn a", []),
    ("_, a = x\nreturn a", []),
    ("v = x[1:]\nv *= 2.0\nx[0] = 1.0\nreturn x", []),
])
def test_dead_stores(body, found):
    text = "def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    assert readability.dead_stores(text) == found


def test_unread_tapes():
    text = """
def f(x, n):
    _a, _b = [], []
    _c = np.empty(n)
    _d = np.empty(n)
    for k in range(n):
        _a.append(x)
        _b.append(x)
        _c[k] = x
        _d[k] = x
    return _a.pop() + _d[0]
"""
    assert readability.unread_tapes(text) == ["f: _b", "f: _c"]


def test_statements():
    text = "import math\ndef f(x):\n    'doc'\n    if x:\n        x = 1\n    # why\n    return x"
    assert readability.statements(text) == 3
