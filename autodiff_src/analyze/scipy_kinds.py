"""The kinds of what functions of SciPy give, which are asked for when such a function is at hand, so that SciPy is."""
from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from autodiff_src.analyze.creation_kinds import KindFunction
from autodiff_src.analyze.kinds import Bool, Kind
from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.objects import module_of

_TABLES = {"scipy.special": "special_kinds", "scipy.linalg": "scipy_linalg_kinds", "scipy.fft": "scipy_fourier_kinds",
           "autodiff_src.runtime.densities": "distribution_kinds", "autodiff_src.runtime.matrices": "scipy_linalg_kinds",
           "autodiff_src.runtime.cosine_transforms": "scipy_fourier_kinds"}


def scipy_kinds(function: Any) -> KindFunction | None:
    """The kind function of a function of SciPy's, or of one that its rules call; None for all others."""
    home = module_of(function)
    table = next((table for module, table in _TABLES.items() if home.startswith(module)), None)
    return None if table is None else importlib.import_module(f"autodiff_src.analyze.{table}").KINDS.get(function)


def refuse_overwriting(function: Any, args: Sequence[Kind], kwargs: Mapping[str, Kind]) -> None:
    """Raises UnsupportedError if a call of NumPy's or of SciPy's writes over its arguments."""
    names = _parameters(function) if module_of(function).split(".")[0] in ("numpy", "scipy") else []
    for name, kind in [*zip(names, args), *kwargs.items()]:
        overwrites = name.startswith("overwrite_") and kind != Bool(False)
        if overwrites or name == "copy" and function is np.nan_to_num and kind != Bool(True):
            raise UnsupportedError(f"{function.__name__} with {name} writes over what it is given",
                                   fix=f"leave {name} out")


@cache
def _parameters(function: Any) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a ufunc, or compiled
        return []
