"""The errors of the package. Messages say what, where, why, and what to do."""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autodiff_src.program import Place


class AutodiffError(Exception):
    """Base of every error that this package raises on its own account.

    `place` is where in the user's code the trouble stands, or None; `reason` is the message without the place,
    `fix` the way out.
    """

    def __init__(self, reason: str, place: Place | None = None, fix: str | None = None):
        self.reason, self.place, self.fix = reason, place, fix
        super().__init__(_worded(reason, place, fix))


class UnsupportedError(AutodiffError):
    """A construct of the language that is not differentiated."""


class NoRuleError(AutodiffError):
    """A function that has neither a rule nor a source to differentiate, or a form of call that its rule refuses."""


class ArgumentError(AutodiffError, TypeError, ValueError):
    """A bad argument of a transform or of a derived function."""


def _worded(reason: str, place: Place | None, fix: str | None) -> str:
    lines = []
    if place is not None:
        lines.append(f"{place.file}:{place.line}: {reason}")
        if place.text:
            lines.append(f"    {place.text.strip()}")
    else:
        lines.append(reason)
    if fix:
        lines.append(f"Fix: {fix}")
    return "\n".join(lines)
