"""Makes a failing program small while its outcome stays."""
from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy

from .generate import FuzzProgram
from .run import Outcome

BLOCKS = ("body", "orelse", "finalbody", "handlers")
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


def shrunk(program: FuzzProgram, outcome_of: Callable[[FuzzProgram], Outcome]) -> tuple[FuzzProgram, Outcome]:
    """The smallest program found whose outcome is of the same kind (and, refused, for the same reason)."""
    outcome = outcome_of(program)
    smaller = True
    while smaller:
        smaller = False
        for tree in _smaller(ast.parse(program.source)):
            source = _text(tree)
            if len(source) >= len(program.source) or not _compiles(source):
                continue
            candidate = program.with_source(source)
            found = outcome_of(candidate)
            if _same(outcome, found):
                program, outcome, smaller = candidate, found, True
                break
    return program, outcome


def _compiles(source: str) -> bool:
    """False where, say, a `break` lost its loop."""
    try:
        compile(source, "candidate", "exec")
    except SyntaxError:
        return False
    return True


def _same(first: Outcome, second: Outcome) -> bool:
    if first.kind in ("refused", "crashed"):
        return first.kind == second.kind and first.detail.splitlines()[-1:] == second.detail.splitlines()[-1:]
    return first.kind == second.kind


def _text(tree: ast.Module) -> str:
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _smaller(tree: ast.Module) -> Iterator[ast.Module]:
    """Copies of the tree with one statement gone or unwrapped, then with one expression simpler."""
    for number, node in enumerate(ast.walk(tree)):
        for block in BLOCKS:
            statements = getattr(node, block, None)
            for position in range(len(statements)) if isinstance(statements, list) else ():
                if _is_needed(statements[position]):
                    continue
                copy, owner = _copied(tree, number)
                owner_block = getattr(owner, block)
                removed = owner_block.pop(position)
                if not owner_block and block == "body":
                    owner_block.append(ast.Pass())
                yield copy
                if isinstance(removed, ast.stmt) and not isinstance(removed, DEFINITIONS) and getattr(removed, "body", None):
                    yield _unwrapped(tree, number, block, position)
    yield from _simpler_expressions(tree)


def _is_needed(statement: ast.stmt) -> bool:
    """Whether it is `f` itself, or a `while` would not end without the statement."""
    if isinstance(statement, ast.FunctionDef) and statement.name == "f":
        return True
    target = getattr(statement, "target", None)
    return isinstance(statement, ast.AugAssign) and isinstance(target, ast.Name) and target.id.startswith("k")


def _unwrapped(tree: ast.Module, number: int, block: str, position: int) -> ast.Module:
    copy, owner = _copied(tree, number)
    statements = getattr(owner, block)
    statements[position:position + 1] = statements[position].body
    return copy


def _simpler_expressions(tree: ast.Module) -> Iterator[ast.Module]:
    for number, node in enumerate(ast.walk(tree)):
        for name, value in ast.iter_fields(node):
            if not isinstance(value, ast.expr) or isinstance(value, (ast.Name, ast.Constant)):
                continue
            parts = [part for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr)]
            for part in [*parts, ast.Constant(1.0)]:
                copy, owner = _copied(tree, number)
                setattr(owner, name, deepcopy(part))
                yield copy


def _copied(tree: ast.Module, number: int) -> tuple[ast.Module, ast.AST]:
    """A copy of the tree and, in it, the node that `ast.walk` meets at that number."""
    copy = deepcopy(tree)
    return copy, list(ast.walk(copy))[number]
