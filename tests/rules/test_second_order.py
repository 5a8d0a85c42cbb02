"""Second derivatives of one case of every function of NumPy with a rule, in turns by reverse over reverse and by forward over
reverse, against differences of the first: all operands move along a curve, so that mixed derivatives count."""
from __future__ import annotations

import linecache
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from checks import Case, central_differences
from test_rules import CASES

import autodiff_src as ad
from autodiff_src.rules import key_of
from autodiff_src.runtime.objects import module_of

# What these do at the points of their cases: no real number, steps, or a result that is no function of numbers alone.
NOT_SMOOTH = frozenset("nextafter spacing".split())


def one_of_each() -> Iterator[tuple[Case, bool]]:
    """A case, and whether it is to go by reverse over reverse."""
    seen = set()
    for tried in CASES:
        primitive = tried.primitive
        own = module_of(primitive).startswith(("numpy", "math")) or isinstance(primitive, np.ufunc)
        if own and key_of(primitive) not in seen and primitive.__name__ not in NOT_SMOOTH:
            seen.add(key_of(primitive))
            yield tried, len(seen) % 2 == 0


class Curve:
    """Writes `f(t)`: a number made of what the primitive gives for operands that move with `t`."""

    def __init__(self, tried: Case):
        self.rng = np.random.default_rng(zlib.crc32(tried.label.encode()))
        self.space: dict[str, Any] = {"np": np, "primitive": tried.primitive}
        arguments = [self._moving(arg) for arg in tried.args]
        arguments += [f"{key}={self._held(value)}" for key, value in tried.kwargs.items()]
        self.lines = ["def f(t):", f"    y = primitive({', '.join(arguments)})", "    total = 0.0"]
        self._summed("y", tried(tried.args))

    def function(self) -> Callable[[float], float] | None:
        """None where the primitive gives nothing that carries a derivative."""
        if len(self.lines) == 3:
            return None
        text = "\n".join([*self.lines, "    return total", ""])
        file = f"<curve {zlib.crc32(text.encode())} {id(self)}>"
        linecache.cache[file] = len(text), None, text.splitlines(True), file
        exec(compile(text, file, "exec"), self.space)
        return self.space["f"]

    def _held(self, value: Any) -> str:
        name = f"a{len(self.space)}"
        self.space[name] = value
        return name

    def _moving(self, x: Any) -> str:
        if isinstance(x, (list, tuple)):
            items = "".join(f"{self._moving(item)}, " for item in x)
            return f"[{items}]" if isinstance(x, list) else f"({items})"
        if isinstance(x, dict):
            return "{" + "".join(f"{key!r}: {self._moving(item)}, " for key, item in x.items()) + "}"
        if not (isinstance(x, float) or isinstance(x, np.ndarray) and x.dtype == np.float64):
            return self._held(x)
        first, second = (self._held(self._like(x) * 0.3) for _ in range(2))
        return f"{self._held(x)} + t * {first} + t * t * {second}"

    def _like(self, x: Any) -> Any:
        return self.rng.normal(size=np.shape(x)) if np.ndim(x) else float(self.rng.normal())

    def _summed(self, place: str, y: Any) -> None:
        if isinstance(y, (list, tuple)):
            for i, part in enumerate(y):
                self._summed(f"{place}[{i}]", part)
        elif np.asarray(y).dtype.kind == "f":
            weights = self._held(np.asarray(self.rng.normal(size=np.shape(y))))
            self.lines.append(f"    total = total + np.sum({weights} * np.sin({place}) + {weights} * {place})")


@pytest.mark.slow
@pytest.mark.parametrize("tried, reverse", list(one_of_each()), ids=lambda x: x if isinstance(x, bool) else x.label)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:.row_stack")
def test_second_derivative(tried, reverse):
    f = Curve(tried).function()
    if f is None or not np.isfinite(f(0.0)):
        pytest.skip("gives nothing that is finite and carries a derivative")
    slope = ad.grad(f)
    wanted, again = (central_differences(slope, 0.0, 1.0, h) for h in (1e-3, 3e-4))
    if not np.allclose(wanted, again, rtol=1e-5, atol=1e-6):
        pytest.skip("differences do not agree")
    try:
        found = ad.grad(slope)(0.0) if reverse else ad.hvp(f)(0.0, 1.0)
    except ad.UnsupportedError as error:
        assert not reverse and "may share memory" in error.reason  # of the vectors of a decomposition
        return
    assert found == pytest.approx(again, rel=2e-5, abs=3e-6)
