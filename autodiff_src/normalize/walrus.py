"""Assignments inside expressions become statements in front, where nothing that is read before them is changed by that.

    while (step := f(x)) > tol:             while True:
        x = x - step                ->          step = f(x)
                                                if step > tol: x = x - step
                                                else: break
"""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.syntax import children, walk

_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)


def check_walrus(s: gast.stmt, program: Program) -> None:
    """Raises UnsupportedError where a name is read and bound afterwards in one expression: the read would be late."""
    for node in _expressions(s):
        if any(isinstance(n, gast.NamedExpr) for n in walk(node)):
            _Order(program).of(node, frozenset())


def _expressions(s: gast.stmt) -> list[Any]:
    if isinstance(s, (gast.If, gast.While)):
        return [s.test]
    if isinstance(s, gast.For):
        return [s.iter]
    if isinstance(s, gast.Assign):
        return [gast.Tuple([s.value, *s.targets], gast.Load())]
    return [n for n in children(s) if isinstance(n, gast.expr)]


class _Order:
    def __init__(self, program: Program):
        self.program = program

    def of(self, node: Any, read: frozenset[str]) -> frozenset[str]:
        """The names read when `node` has been evaluated and that are still to be used; `read` are those before."""
        if isinstance(node, gast.NamedExpr):
            self.of(node.value, read)
            target = node.target.id
            if target in read:
                raise UnsupportedError(f"{target!r} is read before it is assigned in the same expression",
                                       self.program.place(node), "assign in a statement of its own")
            return read | {target}
        if isinstance(node, (gast.BoolOp, gast.IfExp, *_COMPREHENSIONS)):  # their parts are statements of their own
            for part in children(node):
                self.of(part, read)
            return read
        if isinstance(node, gast.Name):
            return read | {node.id}
        if isinstance(node, gast.Lambda):
            return read
        for part in children(node):
            read = self.of(part, read)
        return read
