"""The kinds of what functions of SciPy give, which are asked for when such a function is at hand, so that SciPy is."""
from __future__ import annotations

import importlib
from typing import Any

from autodiff_src.analyze.creation_kinds import KindFunction
from autodiff_src.runtime.objects import module_of

_TABLES = {"special": "special_kinds"}


def scipy_kinds(function: Any) -> KindFunction | None:
    """The kind function of a function of SciPy's; None for all others."""
    home = module_of(function).split(".")
    if home[0] != "scipy" or home[1] not in _TABLES:
        return None
    return importlib.import_module(f"autodiff_src.analyze.{_TABLES[home[1]]}").KINDS.get(function)
