"""Forms that installed packages have: relative imports, objects in the place of modules, functions that Numba compiles."""
import importlib
import sys
import types

import numpy as np
import pytest

import autodiff_src as ad

PACKAGE = {
    "__init__.py": "",
    "near.py": "def square(x):\n    return x * x\n",
    "formulas.py": """
def cubed(x):
    from . import near
    from .near import square as twice
    return near.square(x) * x + twice(x)


def absent(x):
    try:
        from . import missing
    except ImportError:
        missing = None
    return x * x if missing is None else missing.square(x)
""",
}


@pytest.fixture
def formulas(tmp_path, monkeypatch):
    """A module of a package on disk."""
    folder = tmp_path / "package_with_formulas"
    folder.mkdir()
    for name, text in PACKAGE.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("package_with_formulas.formulas")
    for name in [n for n in sys.modules if n.startswith("package_with_formulas")]:
        del sys.modules[name]


def test_relative_imports_inside_a_function(formulas):
    assert ad.grad(formulas.cubed)(1.5) == pytest.approx(3.0 * 1.5 ** 2 + 3.0)
    assert ad.grad(lambda x: formulas.cubed(x) * x)(1.5) == pytest.approx(4.0 * 1.5 ** 3 + 3.0 * 1.5 ** 2)


def test_relative_import_of_what_is_not_there(formulas):
    assert ad.grad(formulas.absent)(1.5) == 3.0


class StandIn:
    """What some packages put in their own place in `sys.modules`: names are looked up when they are asked for."""
    def __init__(self, module):
        self.module = module

    def __getattr__(self, name):
        return getattr(self.module, name)


def test_an_object_in_the_place_of_a_module(formulas, monkeypatch):
    package = StandIn(sys.modules["package_with_formulas"])
    monkeypatch.setitem(sys.modules, "package_with_formulas", package)

    def f(x):
        return package.formulas.cubed(x) * x
    derived = ad.grad(f)
    assert derived(1.5) == pytest.approx(4.0 * 1.5 ** 3 + 3.0 * 1.5 ** 2)
    monkeypatch.setattr(package.formulas, "cubed", lambda x: x * x)
    assert derived(1.5) == pytest.approx(3.0 * 1.5 ** 2)
    other = types.ModuleType("other")
    other.cubed = lambda x: 2.0 * x
    monkeypatch.setattr(package.module, "formulas", other)
    assert derived(1.5) == pytest.approx(4.0 * 1.5)


def test_an_object_that_is_no_module(formulas):
    wrapped = StandIn(formulas)
    with pytest.raises(ad.UnsupportedError, match="cubed"):
        ad.grad(lambda x: wrapped.cubed(x))(1.5)


def filtered(a, decay):
    level = 0.0
    for k in range(len(a)):
        level = decay * level + (1.0 - decay) * a[k]
        a[k] = level * level
    return level


def differences(f, a, decay, step=1e-6):
    return (f(a.copy(), decay + step) - f(a.copy(), decay - step)) / (2.0 * step)


def test_functions_compiled_by_numba():
    numba = pytest.importorskip("numba")
    compiled = numba.njit(filtered)

    def smoothed(a, decay):
        compiled(a, decay)
        return np.sum(a) * decay

    a = np.array([0.4, -1.2, 0.7])
    assert ad.grad(smoothed, wrt="decay")(a.copy(), 0.3) == pytest.approx(differences(smoothed, a, 0.3), rel=1e-7)
    value, pullback = ad.vjp(compiled, a.copy(), 0.3)
    assert value == compiled(a.copy(), 0.3)
    assert pullback(1.0)[1] == pytest.approx(differences(compiled, a, 0.3), rel=1e-7)


def of_options(x, weight=2.0):
    return weight * x


def with_options(x, key):
    options = {}
    for word in (key,):
        options[word] = 3.0
    return of_options(x, **options)


@pytest.mark.parametrize("key", ["depth", "x"])
def test_keywords_told_at_run_time_that_do_not_fit_raise_what_a_call_raises(key):
    with pytest.raises(TypeError, match=key):
        with_options(2.0, key)
    with pytest.raises(TypeError, match=rf"of_options\(\) got an unexpected keyword argument '{key}'"):
        ad.grad(with_options)(2.0, key)
    assert ad.grad(with_options)(2.0, "weight") == 3.0
