"""The functions behind Python's operators: they have the rules."""

from __future__ import annotations

import operator

import gast

from autodiff_src.rules import Rule, rule_for

_FUNCTIONS = {
    gast.Add: operator.add,
    gast.Sub: operator.sub,
    gast.Mult: operator.mul,
    gast.Div: operator.truediv,
    gast.Pow: operator.pow,
    gast.MatMult: operator.matmul,
    gast.Mod: operator.mod,
    gast.FloorDiv: operator.floordiv,
    gast.USub: operator.neg,
    gast.UAdd: operator.pos,
}


def rule_of_operator(op: gast.AST | None) -> Rule | None:
    function = _FUNCTIONS.get(type(op))
    return None if function is None else rule_for(function)
