"""What is differentiated, as text: one line for each function, with the forms of call that its rule knows."""
from __future__ import annotations

import builtins
import importlib.util
import math
import operator
from typing import Any

import numpy as np

import autodiff_src.templates  # noqa: F401  (registers the rules)
from autodiff_src.rules import Rule, all_cuts, all_rules, rule_for

_PLACES = {"": builtins, "math": math, "operator": operator, "numpy": np, "numpy.linalg": np.linalg, "numpy.fft": np.fft,
           "numpy.ndarray": np.ndarray, "list": list, "tuple": tuple}
_OF_SCIPY = ("scipy.special", "scipy.linalg", "scipy.fft")


def rules_listed() -> list[str]:
    """The functions that have a rule, under each of their names, then those whose results carry no derivative."""
    names = _names()
    rule_for(len)  # registers the rules for what has been imported by now
    covered = [f"{name}{_forms(rule)}  {_modes(rule)}" for rule in all_rules() for name in names.get(id(rule.primitive), ())]
    cut = [name for function in all_cuts() for name in names.get(id(function), ())]
    return [*sorted(covered), "", f"without derivative: {', '.join(sorted(cut))}"]


def _names() -> dict[int, list[str]]:
    """The names, by id, of the functions that Python, NumPy and, where it is installed, SciPy offer."""
    names: dict[int, list[str]] = {}
    of_scipy = {name: importlib.import_module(name) for name in _OF_SCIPY if importlib.util.find_spec("scipy")}
    for place, holder in (_PLACES | of_scipy).items():
        for name in dir(holder):
            function = getattr(holder, name)
            if callable(function) and (name[0] != "_" or name == "__mul__"):
                names.setdefault(id(function), []).append(f"{place}.{name}" if place else name)
    return names


def _forms(rule: Rule) -> str:
    template: Any = rule.adjoint or rule.partials or rule.tangent
    return str(template.call_signature)


def _modes(rule: Rule) -> str:
    return ", ".join(mode for mode, forward in (("reverse", False), ("forward", True)) if rule.serves(forward))
