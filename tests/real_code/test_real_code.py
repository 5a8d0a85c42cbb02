"""The harness itself, and a part of one package; `python -m tests.real_code` runs them all."""
from __future__ import annotations

import sys
from types import ModuleType

import pytest

from .judge import judge
from .packages import PACKAGES, Target, installed
from .pool import judged


def _module_with(text: str, monkeypatch: pytest.MonkeyPatch, tmp_path) -> ModuleType:
    (tmp_path / "made_for_harness.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "made_for_harness", raising=False)
    import made_for_harness
    return made_for_harness


TEXT = '''
import math
import numpy as np

def right(x, n=2):
    """
    >>> y = 1.5
    >>> right(y, n=3) + 1
    """
    return x ** n

def kinked(x):
    """
    >>> kinked(0.0)
    """
    return abs(x)

def jumping(x):
    """
    >>> jumping(0.5)
    """
    return float(round(x * 1e7) % 7)

def of_whole_numbers(x, n):
    """
    >>> of_whole_numbers(3, 2)
    """
    return sum([x * k for k in range(n)]) / 2

def rounded(x):
    """
    >>> rounded(0.7)
    """
    return math.log(x * 1.0000000000000004 - x)

def limit(x):
    """
    >>> limit(1.0)
    """
    if x == 1.0:
        x -= 1e-9
    return (1.0 + (x - 1.0) / 3.0) ** (3.0 / (x - 1.0))

def slightly_kinked(x):
    """
    >>> slightly_kinked(1.0)
    """
    return 0.5 * x + 0.003 * abs(x - 1.0)

def half(x):
    """
    >>> half(np.array([0.5, 1.0]))
    """
    return (3.0 * x).astype(np.float16)

def unknown_last(x):
    """
    >>> unknown_last(np.array([0.5, np.nan]))
    """
    return x[0] ** 2 + x[0] if np.isnan(x[1]) else x[0] * x[1]

def inside(x):
    """
    >>> inside(np.array([0.0, 1.0]))
    """
    return np.where(x == 0.0, 0.0, x * x / x)

def infinite(x, y):
    """
    >>> infinite(np.array([0.0]), 2.0)
    """
    return 1.0 / np.sqrt(y / x)

def special(x):
    """
    >>> special(1.0)
    """
    if x == 1.0:
        return 1.0
    return math.sin(x - 1.0) / (x - 1.0) + x - 1.0

def refused(x):
    """
    >>> refused(0.5)
    """
    import cmath
    return cmath.phase(complex(x, 1.0))

def nothing(x):
    """Says nothing."""
'''


@pytest.mark.parametrize("name, kind, reason", [
    ("right", "right", ""), ("kinked", "dropped", "differences do not agree"),
    ("jumping", "dropped", "differences do not agree"), ("of_whole_numbers", "right", ""),
    ("rounded", "dropped", "its result, or its derivative, is that of rounding errors"),
    ("slightly_kinked", "dropped", "differences do not agree"),
    ("limit", "dropped", "differences do not agree"), ("half", "dropped", "differences do not agree"),
    ("unknown_last", "right", ""), ("inside", "at a point", "along x the derivative is"),
    ("infinite", "at a point", "along y the derivative is nan, differences give 0.0"),
    ("special", "at a point", "along x the derivative is 0.0, differences give 1.0"),
    ("refused", "refused", "phase has no derivative rule"), ("nothing", "dropped", "no example that calls it")])
def test_the_harness_judges(name, kind, reason, monkeypatch, tmp_path):
    function = getattr(_module_with(TEXT, monkeypatch, tmp_path), name)
    outcome = judge(Target(f"made_for_harness.{name}", function))
    assert outcome.kind == kind and outcome.reason.startswith(reason[:35])


def test_the_harness_finds_wrong_derivatives(monkeypatch, tmp_path):
    import autodiff_src as ad

    module = _module_with(TEXT, monkeypatch, tmp_path)
    monkeypatch.setattr(ad, "value_and_grad", lambda f, wrt: lambda *args, **kwargs: (f(*args, **kwargs), (1.0,)))
    assert judge(Target("made_for_harness.right", module.right)).kind == "wrong"


@pytest.mark.slow
@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_functions_of_installed_packages(package):
    """None is wrong, none raises what it does not raise by itself."""
    if package not in installed():
        pytest.skip(f"{package.project} is not installed: pip install autodiff_src[real-code]")
    outcomes = [outcome for _, outcome in judged([package], lambda name: True, 1)]
    defects = [outcome for outcome in outcomes if outcome.kind in ("wrong", "crashed")]
    assert outcomes and not defects
