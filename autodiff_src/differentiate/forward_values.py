"""The tangents of what statements compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gast

from autodiff_src.analyze.calls import Primitive
from autodiff_src.analyze.complex_kinds import holds_complex
from autodiff_src.analyze.kinds import Bool, Int, Kind, List, Object, Tuple
from autodiff_src.analyze.operands import operand_names, without_derivative
from autodiff_src.differentiate.inline_tangent import inline_tangent
from autodiff_src.differentiate.operators import rule_of_operator
from autodiff_src.differentiate.tangent_values import TangentValues
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.syntax import name

Block = list[gast.stmt]


class ValuesForward(TangentValues):
    def _refuse(self, s: gast.stmt, reason: str, fix: str) -> AutodiffError:
        return UnsupportedError(reason, self.f.p.program.place(s), fix)

    def _value(self, s: gast.Assign, target: str) -> tuple[Block, gast.expr | None]:
        """The tangent of what is assigned, and statements in front of it; None for zero."""
        value, info = s.value, self.f.p.calls.get(id(s))
        if isinstance(value, (gast.BinOp, gast.UnaryOp)):
            return self._operation(s, name(target), value)
        if isinstance(info, Primitive):
            if any(isinstance(self.kind(n), Object) for a in info.arguments for n in operand_names(a) if n in self.f.carriers):
                raise self._refuse(s, "an object that carries a derivative goes into a function with a rule",
                                   "pass its attributes")
            return self._inlined(s, name(target), info)
        if isinstance(value, gast.Subscript):
            self._check_index(s, value)
        if isinstance(value, gast.Attribute) and not isinstance(self.f.shaper.kind(value.value), Object):
            if value.attr not in ("T", "real", "flat"):
                if value.attr == "imag":
                    real = holds_complex(self.f.shaper.kind(value.value)) is False
                    return [], None if real else self.imaginary(value)
                raise self._refuse(s, f"the attribute {value.attr!r} of a value that carries a derivative is not "
                                      "differentiated yet", "pass what you need of it as an argument")
        if isinstance(value, gast.Set):
            raise self._refuse(s, "a set of values that carry a derivative is not differentiated", "use a list")
        return [], self.tangent_of(value)

    def _check_index(self, s: gast.stmt, value: gast.Subscript) -> None:
        if any(n in self.f.carriers for n in self.f.operands.in_index(value)):
            raise self._refuse(s, "an index that carries a derivative is not differentiated", "call a function of it")
        if isinstance(self.f.shaper.kind(value.value), Object):
            raise self._refuse(s, "an item of an object of a user's class is not differentiated", "call a method")

    def _operation(self, s: gast.stmt, result: gast.expr,
                   value: gast.BinOp | gast.UnaryOp) -> tuple[Block, gast.expr | None]:
        operands = [value.left, value.right] if isinstance(value, gast.BinOp) else [value.operand]
        if isinstance(value.op, (gast.FloorDiv, gast.Not)):
            return [], None
        kinds = [self.f.shaper.kind(o) for o in operands]
        if any(isinstance(k, Object) for k in kinds):
            raise self._refuse(s, "an operator of a user's class is not differentiated", "call a method that does the same")
        if any(isinstance(k, (List, Tuple)) for k in kinds):
            return [], self._sequences(s, value, operands, kinds)
        rule = rule_of_operator(value.op)
        if rule is None:
            raise self._refuse(s, f"the operator {type(value.op).__name__} has no derivative", "cut it with ad.stop_gradient")
        return self._inlined(s, result, Primitive(rule, tuple(operands), ()))

    def _sequences(self, s: gast.stmt, value: Any, operands: Sequence[gast.expr], kinds: Sequence[Kind]) -> gast.expr:
        """`x + y` and `x * n` of lists and tuples."""
        joins = isinstance(value.op, gast.Add) and all(isinstance(k, (List, Tuple)) for k in kinds)
        repeats = isinstance(value.op, gast.Mult) and any(isinstance(k, (Int, Bool)) for k in kinds)
        if not joins and not repeats:
            raise self._refuse(s, "arithmetic of lists with other values is not differentiated", "use np.array")
        parts = [o if isinstance(k, (Int, Bool)) else self.leaf(o) for o, k in zip(operands, kinds, strict=True)]
        return gast.BinOp(parts[0], value.op, parts[1])

    def _inlined(self, s: gast.stmt, result: gast.expr, info: Primitive) -> tuple[Block, gast.expr | None]:
        for parameter, values in without_derivative(info).items():
            if any(n in self.f.carriers for v in values for n in operand_names(v)):
                raise self._refuse(s, f"the argument {parameter!r} carries a derivative that its rule does not give",
                                   "cut it with ad.stop_gradient")
        before, value = inline_tangent(info.rule, result, info.arguments, info.keywords, self.tangent_of, self.f.scope,
                                       self.f.shaper.kinds, self.f.shaper.env, self.f.p.program.place(s))
        return before, value if value is None else self.f.shaper.of_real(info)(value)
