"""Core form and its checker.

    block     = statement*
    statement = name = operation | name, ... = name | name, ... = atom, ... | place = atom | place op= atom | name op= atom
              | operation | if whole: block else: block | for name in range(whole, ...): block | while whole: block
              | with name as name: block | with whole as name: block | try: block except whole as name: block else: block
              | try: block finally: block
              | break | return atom | raise whole | assert whole | pass | import | def
    operation = atom | atom op atom | op atom | name(argument, ...) | atom.method(argument, ...) | atom[whole] | atom.name
              | [atom, ...] | (atom, ...) | {whole: atom, ...} | inert whole
    place     = name[whole] | place[whole] | name.name
    argument  = atom | *atom | a display of arguments | inert whole

`whole` is any expression that may be evaluated again without anyone noticing. `break` and `return` stand at the end of
their path, `return` outside loops. Where the block of a `try` raises, it has changed nothing that is read afterwards.
"""

from __future__ import annotations

import gast

from autodiff_src.program import Program
from autodiff_src.syntax import LOOPS, blocks, has_break, is_atom

_SIMPLE = (
    gast.Assign,
    gast.AugAssign,
    gast.Expr,
    gast.Return,
    gast.Raise,
    gast.Assert,
    gast.Pass,
    gast.Break,
    gast.Import,
    gast.ImportFrom,
    gast.FunctionDef,
)


def check_core(function: gast.FunctionDef, program: Program) -> None:
    """Raises AssertionError, with the line, where the function is not in core form: a defect of the normalizer."""
    _check_block(function.body, program, in_loop=False)


def _check_block(block: list[gast.stmt], program: Program, in_loop: bool) -> None:
    for i, s in enumerate(block):
        where = program.place(s)
        last = i == len(block) - 1
        if isinstance(s, (gast.If, gast.With, gast.Try)):
            for inner in blocks(s):
                _check_block(inner, program, in_loop)
            if isinstance(s, gast.With):
                assert len(s.items) == 1, f"{where}: several contexts"
            elif isinstance(s, gast.Try):
                assert bool(s.handlers) != bool(s.finalbody), f"{where}: handlers with a `finally`"
                assert not in_loop or not has_break(s.body), f"{where}: a `break` out of a `try`"
        elif isinstance(s, LOOPS):
            assert not s.orelse, f"{where}: a loop with an else part"
            if isinstance(s, gast.For):
                assert isinstance(s.target, gast.Name) and isinstance(s.iter, gast.Call), f"{where}: a loop's head"
            _check_block(s.body, program, True)
        else:
            assert isinstance(s, _SIMPLE), f"{where}: {type(s).__name__}"
            if isinstance(s, (gast.Break, gast.Return)):
                assert last, f"{where}: an exit in the middle of its path"
                assert not (in_loop and isinstance(s, gast.Return)), f"{where}: a return inside a loop"
            if isinstance(s, gast.Return):
                assert is_atom(s.value), f"{where}: a return of an expression"
            if isinstance(s, gast.Assign):
                assert len(s.targets) == 1, f"{where}: several targets"
