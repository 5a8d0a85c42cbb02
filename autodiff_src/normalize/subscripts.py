"""`np.einsum(a, [0, 1], b, [1, 2], [0, 2])` as `np.einsum('AB,BC->AC', a, b)`."""
from __future__ import annotations

import string
from typing import Any

import gast

from autodiff_src.syntax import constant

_LETTERS = string.ascii_uppercase + string.ascii_lowercase  # in the order of their codes, as the numbers


def with_text(node: gast.Call) -> gast.Call | None:
    """The call with a text for the lists; None where there are none, or where they are no literals."""
    pairs = len(node.args) // 2
    terms = [_term(e) for e in node.args[1:2 * pairs:2]]
    output = _term(node.args[-1]) if len(node.args) % 2 else ""
    if not pairs or output is None or None in terms:
        return None
    text = ",".join(term or "" for term in terms) + ("->" + output if len(node.args) % 2 else "")
    return gast.Call(node.func, [constant(text), *node.args[:2 * pairs:2]], node.keywords)


def _term(e: gast.expr) -> str | None:
    if not isinstance(e, (gast.List, gast.Tuple)) or not all(isinstance(part, gast.Constant) for part in e.elts):
        return None
    letters: list[Any] = ["..." if part.value is ... else _letter(part.value) for part in e.elts]
    return None if None in letters else "".join(letters)


def _letter(number: Any) -> str | None:
    return _LETTERS[number] if type(number) is int and 0 <= number < len(_LETTERS) else None
