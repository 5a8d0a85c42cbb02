"""The errors of the package. Messages say what, where, why, and what to do."""
from __future__ import annotations

from autodiff_src.program import Place


class AutodiffError(Exception):
    """Base of every error that this package raises on its own account.

    `place` is where in the user's code the trouble stands, or None; `reason` is the message without the place,
    `fix` the way out.
    """

    def __init__(self, reason: str, place: Place | None = None, fix: str | None = None, note: str | None = None):
        self.reason, self.place, self.fix = reason, place, fix
        super().__init__(_worded(reason, place, fix) + (f"\n{note}" if note else ""))


class UnsupportedError(AutodiffError):
    """A construct of the language that is not differentiated."""


class NoRuleError(AutodiffError):
    """A function that has neither a rule nor a source to differentiate, or a form of call that its rule refuses."""


class ArgumentError(AutodiffError, TypeError, ValueError):
    """A bad argument of a transform or of a derived function."""


def refusal(
    reason: str, fix: str | None, file: str, line: int, text: str, error: type[AutodiffError] = UnsupportedError
) -> AutodiffError:
    """What a derivative raises where it comes to a line that cannot be differentiated."""
    note = "Nothing is returned. What the function did before this line has happened."
    return error(reason, Place(file, line, 0, text), fix, note)


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
