"""Every public function of NumPy and of `math` has a rule, is known to have no derivative, or is refused for a reason."""
from __future__ import annotations

import math
import types
from collections.abc import Callable, Iterator
from typing import Any

import autodiff_src.templates  # noqa: F401  (registers the rules)
import numpy as np
import pytest

from autodiff_src.rules import is_cut, rule_for

MODULES = (np, np.linalg, np.fft, math)
LATER = "not differentiated yet"
WRITES = "writes into an array: calls as statements become writes (analyze/writing_calls.py)"
CALLS = "calls a function that it is given: write the loop"
STEPS = "calls a function that it is given: stepped into (normalize/stepped_into.py)"
READ = "read as a user's function is (analyze/numpy_texts.py)"
SETTINGS = "settings and information, no computation"
FILES = "reads or writes files and bytes"
DATES = "dates carry no derivative, and neither does anything they are computed from"
BY_INDEX = "which elements it gives is known when it ran: take them by an index"
EDGES = "its edges follow from the data: give them to np.histogram"
MATRICES = "np.matrix is refused"

REFUSED: dict[str, str] = {
    **dict.fromkeys("copyto fill_diagonal place put put_along_axis putmask".split(), WRITES),
    **dict.fromkeys("frompyfunc fromiter mask_indices".split(), CALLS),
    **dict.fromkeys("apply_along_axis fromfunction piecewise".split(), STEPS),
    **dict.fromkeys("get_include get_printoptions getbufsize geterr geterrcall info printoptions set_printoptions setbufsize "
                    "seterr seterrcall show_config show_runtime test nested_iters linalg.test fft.test".split(), SETTINGS),
    **dict.fromkeys("from_dlpack frombuffer fromfile fromregex fromstring genfromtxt load loadtxt save savetxt savez "
                    "savez_compressed".split(), FILES),
    **dict.fromkeys("busday_count busday_offset datetime_as_string datetime_data is_busday".split(), DATES),
    **dict.fromkeys("intersect1d setdiff1d setxor1d trim_zeros unique_all unique_counts unique_inverse "
                    "unique_values".split(), BY_INDEX),
    **dict.fromkeys("histogram2d histogram_bin_edges histogramdd".split(), EDGES),
    **dict.fromkeys("asmatrix bmat".split(), MATRICES),
    **dict.fromkeys("apply_over_axes real_if_close union1d".split(), READ),
    "sort_complex": "gives complex numbers",
    **dict.fromkeys("math.sumprod math.fma".split(), LATER),  # since Python 3.12 and 3.13
    **dict.fromkeys("trapz in1d cumproduct product sometrue alltrue".split(), "gone from NumPy, or about to go"),
}


def public(module: types.ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """(name below `numpy`, function) of the functions that a module offers, classes aside."""
    prefix = "" if module is np else module.__name__.removeprefix("numpy.") + "."
    for name in sorted(dir(module)):
        function = getattr(module, name)
        if name[0] != "_" and callable(function) and not isinstance(function, (type, types.ModuleType)):
            yield prefix + name, function


FUNCTIONS = [pair for module in MODULES for pair in public(module)]


@pytest.mark.parametrize("name, function", FUNCTIONS, ids=[name for name, _ in FUNCTIONS])
def test_every_function_is_decided(name: str, function: Callable[..., Any]) -> None:
    decided = rule_for(function) is not None or is_cut(function)
    assert decided or name in REFUSED, f"{name} has neither a rule nor a reason"
    assert not (decided and name in REFUSED), f"{name} is covered: take it off the list"


def test_reasons_are_of_functions_that_have_been() -> None:
    gone = {"trapz", "in1d", "cumproduct", "product", "sometrue", "alltrue", "math.sumprod", "math.fma"}
    assert not REFUSED.keys() - {name for name, _ in FUNCTIONS} - gone
