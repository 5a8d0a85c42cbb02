"""What of the arguments of a call a rule knows."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.samples import Undecided, literal
from autodiff_src.rules import Rule, Template

_OF_UFUNCS: dict[str | None, Any] = {"out": None, "where": True, "casting": "same_kind", "order": "K", "dtype": None,
                                     "subok": True}


def unknown_to(rule: Rule, arguments: Sequence[gast.expr], keywords: Sequence[gast.keyword]) -> str:
    """Why a rule does not know what a call passes; nothing if it does."""
    template = _template(rule)
    try:
        if template is not None:
            template.call_signature.bind_partial(*arguments, **{k.arg: k.value for k in keywords if k.arg})
    except TypeError as error:
        return f"{getattr(rule.primitive, '__name__', rule.primitive)}: {error}"
    return ""


def beside_defaults(rule: Rule, keywords: Sequence[gast.keyword], kind: Callable[[gast.expr], Kind]) -> list[gast.keyword]:
    """The keywords without those that the rule does not know, and that say what the function does without them."""
    template = _template(rule)
    known = template.call_signature.parameters if template is not None else {}
    return [k for k in keywords if k.arg in known or k.arg is None or not _is_default(rule.primitive, k, kind)]


def _template(rule: Rule) -> Template | None:
    return rule.adjoint or rule.partials or rule.tangent


def _is_default(function: Any, keyword: gast.keyword, kind: Callable[[gast.expr], Kind]) -> bool:
    try:
        value = literal(kind(keyword.value))
        defaults = _OF_UFUNCS if isinstance(function, np.ufunc) else {
            n: p.default for n, p in inspect.signature(function).parameters.items()}
    except (Undecided, TypeError, ValueError):  # of what is compiled nothing is told
        return False
    default = defaults.get(keyword.arg, inspect.Parameter.empty)
    return type(default) is type(value) and default == value
