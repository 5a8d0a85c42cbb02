"""The transforms by name, for the analysis of functions that call them; what a Jacobian inside a function rests on."""
from __future__ import annotations

import inspect
import itertools
import linecache
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from autodiff_src.errors import UnsupportedError

_serial = itertools.count(1)
_WRITTEN: WeakKeyDictionary[FunctionType, FunctionType] = WeakKeyDictionary()
TRANSFORMS: dict[int, str] = {}
FUNCTIONS: dict[str, Any] = {}
RUNNING = frozenset(["jvp", "vjp", "column", "halves"])  # these call what they are given, the others make a function of it


def register_transform(function: Any, name: str) -> None:
    """Tells the analysis that calling `function` inside a function makes a derived one."""
    TRANSFORMS[id(function)], FUNCTIONS[name] = name, function


def as_written(function: Any) -> Any:
    """The function with a text that stands for what a transform made; any other one itself."""
    return _WRITTEN.get(function, function) if isinstance(function, FunctionType) else function


def written_out(derived: Any, transform: str, f: Any, wrt: Any) -> FunctionType | None:
    """A function with a text that calls what the transform makes of `f`, for `derived`, which is that; None where `f` is not a
    function of positional parameters, or `wrt` is not positions."""
    positions = wrt if isinstance(wrt, (tuple, list)) else (wrt,)
    if not isinstance(f, FunctionType) or not positions or any(type(w) is not int or w < 0 for w in positions):
        return None
    parameters = list(inspect.signature(f).parameters.values())
    if any(p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
        return None
    names, defaults = [p.name for p in parameters], tuple(p.default for p in parameters if p.default is not p.empty)
    if transform == "hvp":
        names.insert(1, next(n for n in ("v", "v_", "v__") if n not in names))
    made, of = (next(n for n in (wanted, wanted + "_", wanted + "__") if n not in names) for wanted in (transform, "of"))
    title = f.__name__ if f.__name__.isidentifier() else "function"
    text = f"def {title}({', '.join(names)}):\n    return {made}({of}, {wrt})({', '.join(names)})\n"
    file = f"<{transform} of {title} {next(_serial)}>"
    linecache.cache[file] = len(text), None, text.splitlines(True), file
    space = {made: FUNCTIONS[transform], of: f, "__name__": f.__module__}
    exec(compile(text, file, "exec"), space)
    _WRITTEN[derived] = written = space[title]
    written.__defaults__ = defaults or None
    return written


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
