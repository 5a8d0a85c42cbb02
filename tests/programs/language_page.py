"""`python tests/programs/language_page.py` writes docs/language.md from the language table."""
from __future__ import annotations

import copy
import pathlib
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import language_refused
from language_case import Case
from language_table import REFUSED_TODAY, REFUSED_TWICE, THEMES

import autodiff_src as ad

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "language.md"
_TOP = """\
# The language, program by program

Written by `python tests/programs/language_page.py` from the programs of the tests; a test compares the two. Each program is
differentiated there with `grad`, `value_and_grad` and `vjp`, its numbers are checked against central differences, and its
side effects are compared with those of the plain call. *Second* says how `grad(grad(f))` of it does, where it is smooth.

"""


def page() -> str:
    """The text of docs/language.md."""
    return _TOP + "\n".join([*_counts(), *(line for theme in THEMES for line in _theme(theme)), *_never()]) + "\n"


def _counts() -> list[str]:
    names = {program.name for theme in THEMES for program in theme.PROGRAMS}
    return [f"{len(names)} programs, of which {len(REFUSED_TODAY & names)} are refused today; and "
            f"{len(language_refused.REFUSED)} that are refused on purpose.", ""]


def _theme(theme: ModuleType) -> Iterator[str]:
    title, _, rest = (theme.__doc__ or "").strip().partition(": ")
    yield f"## {title.rstrip('.')}"
    yield from ["", rest[:1].upper() + rest[1:], ""] if rest else [""]
    yield f"[{theme.__name__}.py](../tests/programs/{theme.__name__}.py)"
    yield from ["", "| program | gradient | second |", "|---|---|---|"]
    yield from dict.fromkeys(map(_row, theme.PROGRAMS))
    yield ""


def _row(program: Case) -> str:
    first = "works" if program.name not in REFUSED_TODAY else _refusal(program.f, program.args, program.wrt)
    second = "" if not program.smooth or first != "works" else "refused" if program.name in REFUSED_TWICE else "works"
    return f"| {_words(program.f)} | {first} | {second} |"


def _never() -> Iterator[str]:
    yield from ["## Refused on purpose", "", "| program | what the error says |", "|---|---|"]
    for f, args, _ in language_refused.REFUSED:
        yield f"| {_words(f)} | {_refusal(f, args, len(args) - 1)} |"


def _words(f: Callable[..., Any]) -> str:
    return f.__name__.replace("_", " ")


def _refusal(f: Callable[..., Any], args: tuple[Any, ...], wrt: Any) -> str:
    try:
        ad.grad(f, wrt=wrt)(*copy.deepcopy(args))
    except ad.AutodiffError as error:
        return f"refused: {error.reason}. {error.fix[:1].upper()}{error.fix[1:]}".replace("|", "\\|").replace("\n", " ")
    raise AssertionError(f"{f.__name__} is not refused")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
