"""The argument that names the array which a function or a method of NumPy's writes its result into."""
from __future__ import annotations

import functools
import inspect
from types import BuiltinFunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.program import MISSING
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import with_value

_OF_UFUNCS = {
    "reduce": ["array", "axis", "dtype", "out", "keepdims", "initial", "where"],
    "accumulate": ["array", "axis", "dtype", "out"],
    "reduceat": ["array", "indices", "axis", "dtype", "out"],
}


def with_named_out(s: Any, function: Any) -> Any:
    """The statement; where its call is given `out` by position, one that names it. `function` is MISSING for a method."""
    call = s.value
    if any(isinstance(a, gast.Starred) for a in call.args):
        return s
    if isinstance(function, np.ufunc):
        given = call.args[function.nin:]
        named = [("out", given[0] if len(given) == 1 else gast.Tuple(given, gast.Load()))] if given else []
        kept = call.args[:function.nin]
    else:
        names = _positional(function, getattr(call.func, "attr", ""))
        place = names.index("out") if "out" in names else len(call.args)
        kept, named = call.args[:place], list(zip(names[place:], call.args[place:]))
    if not named:
        return s
    more = [gast.keyword(n, a) for n, a in named if n != "out" or not _is_none(a)]
    return with_value(s, gast.Call(call.func, kept, [*more, *call.keywords]))


def _is_none(node: gast.expr) -> bool:
    return isinstance(node, gast.Constant) and node.value is None


def _positional(function: Any, method: str) -> list[str]:
    """The parameters that take an argument by position. Methods of arrays take those of the function, `a` aside."""
    if function is MISSING:
        return _names(getattr(np, method))[1:] if hasattr(np.ndarray, method) and hasattr(np, method) else []
    if isinstance(function, BuiltinFunctionType) and isinstance(function.__self__, np.ufunc):
        return _OF_UFUNCS.get(function.__name__, [])
    return _names(function) if module_of(function).split(".")[0] == "numpy" else []


@functools.cache
def _names(function: Any) -> list[str]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return []
    return [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
