"""NumPy's functions that are read as users' are, where there is no rule, or none for the arguments of a call: those in Python,
and those for which there is a text of our own."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.rule_arguments import unknown_to
from autodiff_src.analyze.samples import Undecided, literal
from autodiff_src.rules import is_cut, rule_for
from autodiff_src.runtime import pad_modes
from autodiff_src.runtime.objects import module_of

_OWN: dict[Any, Any] = {np.pad: pad_modes.pad}
# Files, the random state, and arrays that are refused.
_UNREAD = ("numpy.ma", "numpy.matrixlib", "numpy.testing", "numpy.lib._npyio", "numpy.lib.npyio", "numpy.random",
           "numpy.ctypeslib", "numpy.f2py", "numpy.lib._index_tricks", "numpy.core", "numpy._core")


def numpy_text(function: Any) -> FunctionType | None:
    """What is read for a function of NumPy's."""
    text = inspect.unwrap(function) if isinstance(function, type(np.sum)) else function
    if not isinstance(text, FunctionType) or is_cut(function):
        return None
    module = module_of(text)
    return _OWN.get(function, text) if module.partition(".")[0] == "numpy" and not module.startswith(_UNREAD) else None


def may_be_read(function: Any, node: gast.Call) -> bool:
    """Is it a function of NumPy's that is read, for all that the text of the call tells?"""
    rule = rule_for(function)
    return numpy_text(function) is not None and (
        rule is None or function is np.pad or bool(unknown_to(rule, node.args, node.keywords)))


def is_beyond_rule(function: Any, node: gast.Call, kind: Callable[[gast.expr], Kind]) -> bool:
    """Is it np.pad in a mode that its rule does not know?"""
    mode = next((k.value for k in node.keywords if k.arg == "mode"), node.args[2] if len(node.args) > 2 else None)
    try:
        return function is np.pad and mode is not None and literal(kind(mode)) in pad_modes.MODES
    except Undecided:
        return False
