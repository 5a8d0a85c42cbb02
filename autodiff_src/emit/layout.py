"""Programs -> source text, with comments and blank lines."""
from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gast

from autodiff_src.emit.constants import WritableConstants, is_writable
from autodiff_src.emit.printer import printed
from autodiff_src.program import Program

_COMMENT = "#: "
_BLANK = "#-"
_EXPRESSIONS = frozenset({ast.Expr, gast.Expr})
_CONSTANTS = frozenset({ast.Constant, gast.Constant})
_BODIES = ("body", "orelse", "finalbody")
_MARK = re.compile(r"( *)__mark_(\d+)__")


def comment(text: str) -> gast.stmt:
    """A statement that is printed as a comment, one line for each line of `text`."""
    return gast.Expr(gast.Constant(_COMMENT + text, None))


def blank() -> gast.stmt:
    """A statement that is printed as a blank line."""
    return gast.Expr(gast.Constant(_BLANK, None))


def is_comment(statement: gast.AST) -> bool:
    """True for what `comment` and `blank` make."""
    return statement.__class__ is gast.Expr and statement.value.__class__ is gast.Constant and _note(statement) is not None


def render(programs: Sequence[Program], header: Sequence[str] = ()) -> str:
    """The text of the functions, two blank lines apart, below the lines of `header`.

    The text reads back as the trees it was made from, without the comments. Raises TypeError for a constant that has no
    literal.
    """
    top = "\n".join(header)
    blocks = [top] if top else []
    blocks += [_function(program, top) for program in programs]
    return "\n\n\n".join(blocks) + "\n"


def _note(statement: ast.AST | gast.AST) -> str | None:
    """The marked string of a comment or blank line, else None."""
    if statement.__class__ in _EXPRESSIONS and statement.value.__class__ in _CONSTANTS:  # type: ignore[union-attr]
        text = statement.value.value  # type: ignore[union-attr]
        if isinstance(text, str) and (text.startswith(_COMMENT) or text == _BLANK):
            return text
    return None


def _function(program: Program, header: str) -> str:
    tree = gast.gast_to_ast(program.function)
    if not is_writable(program):
        tree = WritableConstants(program, tree, header).visit(tree)
    marks = _Marks()
    marks.replace_notes(tree)
    ways: tuple[Callable[[ast.stmt], str], ...] = (printed, lambda t: printed(marks.printable(t)), ast.unparse)
    for way in ways:
        text = _attempt(way, tree)
        if text is not None:
            text = "\n".join(marks.filled(text))
            if _same(tree, _only_statement(text)):
                return text
    raise AssertionError(f"the text of {program.name!r} does not read back as its tree")


def _attempt(way: Callable[[ast.stmt], str], tree: ast.stmt) -> str | None:
    """The text of `tree`, or None where the printer does not know a node of it."""
    try:
        return way(tree)
    except (AttributeError, AssertionError, TypeError):
        return None


def _only_statement(text: str) -> ast.stmt | None:
    """The tree of `text`, which is one statement, or None."""
    try:
        module = ast.parse(text)
    except SyntaxError:
        return None
    return module.body[0] if len(module.body) == 1 else None


def _same(tree: Any, read: Any) -> bool:
    """True if `read` is `tree` without its marks."""
    if isinstance(tree, list):
        kept = [item for item in tree if not _is_mark(item)]
        return isinstance(read, list) and len(kept) == len(read) and all(map(_same, kept, read))
    if type(tree) is not type(read):
        return False
    if isinstance(tree, ast.Constant):
        return type(tree.value) is type(read.value) and repr(tree.value) == repr(read.value)
    if isinstance(tree, ast.AST):
        return all(_same(getattr(tree, field, None), getattr(read, field, None)) for field in tree._fields)
    return tree == read


def _is_mark(node: Any) -> bool:
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Name)
            and _MARK.fullmatch(node.value.id) is not None)


class _Marks:
    """Lines that a printer cannot print, held back while it prints a name in their place."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str]] = []

    def mark(self, kind: str, text: str) -> ast.stmt:
        self.notes.append((kind, text))
        name = ast.Name(f"__mark_{len(self.notes) - 1}__", ast.Load())
        return ast.fix_missing_locations(ast.Expr(name))

    def replace_notes(self, tree: ast.AST) -> None:
        """Puts marks in place of the comments and blank lines of `tree`, in place."""
        for body in _bodies(tree):
            notes = [_note(statement) for statement in body]
            if None not in notes:
                body.append(ast.Pass())
            for index, note in enumerate(notes):
                if note is not None:
                    body[index] = self.mark("note", note)
                else:
                    self.replace_notes(body[index])

    def printable(self, statement: ast.stmt) -> ast.stmt:
        """`statement` with marks in place of those inside it that astor does not print right."""
        copied = copy.copy(statement)
        probe = copy.copy(statement)
        for field in _BODIES:
            body = getattr(statement, field, None)
            if body:
                setattr(copied, field, [self.printable(inner) for inner in body])
                setattr(probe, field, [ast.Pass()])
        text = _attempt(printed, probe)
        if text is not None and _same(probe, _only_statement(text)):
            return copied
        return self.mark("text", ast.unparse(copied))

    def filled(self, text: str) -> Iterator[str]:
        """The lines of `text` with each mark replaced by what it stands for."""
        blank_before = False
        for line in text.split("\n"):
            match = _MARK.fullmatch(line)
            if match is None:
                yield line
                blank_before = not line
                continue
            indent, (kind, held) = match[1], self.notes[int(match[2])]
            if kind == "text":
                yield from (indent + inner for inner in self.filled(held))
            elif held != _BLANK:
                yield from (f"{indent}# {part}".rstrip() for part in held[len(_COMMENT):].split("\n"))
            elif not blank_before:
                yield ""
            blank_before = kind == "note" and held == _BLANK


def _bodies(node: ast.AST) -> list[list[ast.stmt]]:
    """The lists of statements that a statement holds."""
    parts = [*getattr(node, "handlers", ()), *getattr(node, "cases", ())]
    own = [body for body in (getattr(node, field, None) for field in _BODIES) if body]
    return own + [body for part in parts for body in _bodies(part)]
