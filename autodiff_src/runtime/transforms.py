"""The transforms by name, for the analysis of functions that call them; what a Jacobian inside a function rests on."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError

TRANSFORMS: dict[int, str] = {}
FUNCTIONS: dict[str, Any] = {}
RUNNING = frozenset(["jvp", "vjp", "column", "halves"])  # these call what they are given, the others make a function of it


def register_transform(function: Any, name: str) -> None:
    """Tells the analysis that calling `function` inside a function makes a derived one."""
    TRANSFORMS[id(function)], FUNCTIONS[name] = name, function


def check_argument(x: Any) -> None:
    """Raises UnsupportedError for arguments of which no Jacobian is made inside a differentiated function."""
    array = isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size
    if not array and not isinstance(x, (float, np.floating)):
        raise UnsupportedError("a Jacobian inside a differentiated function is with respect to a float or an array of floats",
                               fix="put the numbers into one array")


def check_column(column: Any) -> None:
    """Raises UnsupportedError for results of which no Jacobian is made inside a differentiated function."""
    if not isinstance(column, (int, float, np.number, np.ndarray)) or np.iscomplexobj(column):
        raise UnsupportedError("a Jacobian inside a differentiated function is that of a number or an array",
                               fix="put the results into one array")
