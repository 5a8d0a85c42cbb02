"""Wraps long lines of code where a person would: after a comma or before an operator, as far out as possible."""
from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Sequence
from typing import NamedTuple

WIDTH = 120
_OPERATORS = frozenset({"+", "-", "*", "/", "@", "and", "or"})
_VALUE = re.compile(r"(\s*(?:return|[^=()]+ [-+*/@%]?=) )([^=].*)")
_STRING_STARTS = {getattr(tokenize, name, None) for name in ("FSTRING_START", "TSTRING_START")}  # tokens since 3.12
_STRING_ENDS = {getattr(tokenize, name, None) for name in ("FSTRING_END", "TSTRING_END")}


class _Break(NamedTuple):
    column: int
    depth: int
    bracket: int  # column of the bracket that is open there


def joined(parts: Sequence[str]) -> str:
    """The text of the printer's `parts`, with long lines wrapped; parts of several lines are left as they are."""
    lines: list[str] = []
    line: list[str] = []
    for part in [*parts, "\n"]:
        if part.startswith("\n"):
            text = "".join(line)
            lines.append(text if len(text) <= WIDTH or "\n" in text else wrapped(text))
            lines.append(part)
            line = []
        else:
            line.append(part)
    return "".join(lines)


def wrapped(line: str) -> str:
    """`line` in as many lines as it takes, each aligned with the bracket that is open at the break.

    The value of an assignment or `return` that has no place to break gets parentheses.
    """
    indent = len(line) - len(line.lstrip())
    breaks = _breaks(line)
    value = _VALUE.fullmatch(line)
    if value and not any(b.column < WIDTH for b in breaks):
        enclosed = f"{value[1]}({value[2]})"
        if any(b.column < WIDTH for b in _breaks(enclosed)):
            line, breaks = enclosed, _breaks(enclosed)
    pieces: list[str] = []
    start, margin = 0, 0
    while margin + len(line) - start > WIDTH:
        within = [b for b in breaks if start < b.column <= start + WIDTH - margin]
        if not within:
            break
        best = max(within, key=lambda b: (-b.depth, b.column))
        pieces.append(" " * margin + line[start:best.column].rstrip())
        aligned = margin + best.bracket + 1 - start if best.bracket >= start else margin
        start, margin = best.column, aligned if aligned <= WIDTH // 2 else indent + 8
    return "\n".join([*pieces, " " * margin + line[start:]])


def _breaks(line: str) -> list[_Break]:
    """The places inside brackets where `line` may be broken."""
    found: list[_Break] = []
    opened: list[int] = []
    strings = 0
    indent = len(line) - len(line.lstrip())
    try:
        for token in tokenize.generate_tokens(io.StringIO(line.lstrip()).readline):
            start, end = indent + token.start[1], indent + token.end[1]
            strings += (token.type in _STRING_STARTS) - (token.type in _STRING_ENDS)
            if strings or token.type not in (tokenize.OP, tokenize.NAME):
                continue
            if token.string in ("(", "[", "{"):
                opened.append(start)
            elif token.string in (")", "]", "}"):
                opened.pop()
            elif opened and token.string == "," and line[end:end + 1] == " ":
                found.append(_Break(end + 1, len(opened), opened[-1]))
            elif opened and token.string in _OPERATORS and line[end:end + 1] == line[start - 1] == " ":
                found.append(_Break(start, len(opened), opened[-1]))
    except (tokenize.TokenError, IndentationError):
        pass  # a line that opens a block ends in the middle of a statement
    return found
