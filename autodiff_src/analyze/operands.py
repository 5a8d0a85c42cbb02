"""Which variables a core-form statement reads as operands that may carry a derivative, and what it writes in place."""

from __future__ import annotations

from collections.abc import Iterator, Set

import gast

from autodiff_src.analyze.calls import Called, Cut, Info, Integrated, ListMethod, Opaque, Primitive, Solved
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Kind,
    List,
    Object,
    Scalar,
    Tuple,
    Unknown,
    attribute_carries,
    carries_derivative,
    is_dict,
    is_immutable_number,
)
from autodiff_src.rules import Rule, lost_parameters
from autodiff_src.syntax import SHAPE_ATTRIBUTES, base_name, captured


class Operands:
    """Answers for one function; `kinds` by variable, `calls` by a statement's id, `writes` the arrays a callee writes."""

    def __init__(self, kinds: dict[str, Kind], calls: dict[int, Info]):
        self.kinds, self.calls = kinds, calls

    def carries(self, variable: str) -> bool:
        return carries_derivative(self.kinds.get(variable, UNKNOWN))

    def of(self, s: gast.stmt) -> list[str]:
        """Variables whose derivative flows into what the statement computes."""
        if isinstance(s, gast.Return):
            return self._names(s.value)
        if isinstance(s, gast.Assign):
            if isinstance(s.targets[0], (gast.Subscript, gast.Attribute)):
                return self._names(s.value)
            return self._of_value(s, s.value)
        if isinstance(s, gast.AugAssign):
            return self._names(s.value)
        if isinstance(s, gast.Expr):
            return self._of_value(s, s.value)
        if isinstance(s, gast.FunctionDef):
            return [n for n in sorted(captured(s)) if self.carries(n)]
        return []

    def _of_value(self, s: gast.stmt, value: gast.expr) -> list[str]:
        if isinstance(value, gast.BinOp):
            return self._names(value.left) + self._names(value.right)
        if isinstance(value, gast.UnaryOp):
            return [] if isinstance(value.op, gast.Not) else self._names(value.operand)
        if isinstance(value, gast.Call):
            return self._of_call(s, value)
        if isinstance(value, gast.Subscript):
            base = self._names(name_or_base(value.value)) if not _is_shape(value.value) else []
            return base + self.in_index(value)
        if isinstance(value, gast.Attribute):
            return self._of_attribute(s, value)
        if isinstance(value, (gast.Name, gast.Tuple, gast.List, gast.Set)):
            return self._names(value)
        if isinstance(value, gast.Dict):
            return [n for v in value.values for n in self._names(v)]
        return []

    def in_index(self, value: gast.Subscript) -> list[str]:
        """Variables in an index that may carry a derivative into the element: a user's class may compute with them."""
        base = self.kinds.get(base_name(value) or "", UNKNOWN)
        if isinstance(base, (Array, Scalar, List, Tuple)) or is_dict(base):
            return []
        known = isinstance(base, Unknown)
        return [n for n in sorted({*self._in_values(value.slice)}) if self.carries(n) and not (
            known and isinstance(self.kinds.get(n, UNKNOWN), Unknown))]

    def _in_values(self, node: gast.AST, no_value: bool = False) -> Iterator[str]:
        """Names in an expression, those of numbers and arrays only where more is asked for than a shape or a comparison."""
        if isinstance(node, gast.Name):
            if not (no_value and isinstance(self.kinds.get(node.id, UNKNOWN), (Array, Scalar, List, Tuple))):
                yield node.id
        elif isinstance(node, (gast.FunctionDef, gast.Lambda)):
            yield from captured(node)
        else:
            no_value = no_value or isinstance(node, gast.Compare) or _is_shape(node) or (
                isinstance(node, gast.Call) and self._asks_for_shape(node.func))
            for child in gast.iter_child_nodes(node):
                yield from self._in_values(child, no_value)

    def _asks_for_shape(self, function: gast.expr) -> bool:
        if isinstance(function, gast.Name):
            return function.id == "len"
        of = getattr(function, "value", None)
        return _is_shape(function) and isinstance(of, gast.Name) and of.id not in self.kinds

    def _of_attribute(self, s: gast.stmt, value: gast.Attribute) -> list[str]:
        kind = self.kinds.get(getattr(value.value, "id", ""), UNKNOWN)
        if isinstance(kind, Object) and id(s) not in self.calls:
            return self._names(value.value) if attribute_carries(kind, value.attr) else []
        return [] if value.attr in SHAPE_ATTRIBUTES else self._names(value.value)

    def _of_call(self, s: gast.stmt, call: gast.Call) -> list[str]:
        info = self.calls.get(id(s))
        if isinstance(info, (Called, Solved)):
            return [n for a in info.arguments for n in self._names(name_or_base(a))]
        if isinstance(info, Integrated):
            return [n for a in [*info.arguments, *info.bounds] for n in self._names(name_or_base(a))]
        if isinstance(info, Primitive):
            lost = [a for arguments in without_derivative(info).values() for a in arguments]
            return [n for a in [*differentiable_arguments(info), *lost] for n in self._names(a)]
        if isinstance(info, ListMethod):
            receiver = self._names(call.func.value)  # type: ignore[attr-defined]
            return receiver + (self._names(info.item) if info.item is not None else [])
        if isinstance(info, Opaque):
            receiver = self._names(call.func.value if isinstance(call.func, gast.Attribute) else call.func)
            return receiver + [n for a in [*call.args, *[k.value for k in call.keywords]] for n in self._names(a)]
        assert info is None or isinstance(info, Cut)
        return []

    def _names(self, node: gast.expr) -> list[str]:
        return [n for n in operand_names(node) if self.carries(n)]


def name_or_base(node: gast.expr) -> gast.expr:
    """An argument; of a view that is passed on, the variable that it is a view of."""
    while isinstance(node, (gast.Subscript, gast.Attribute)):
        node = node.value
    return node


def operand_names(node: gast.AST) -> list[str]:
    """The variables that stand as operands in an atom or a display of atoms; those inside comparisons do not."""
    if isinstance(node, gast.Name):
        return [node.id]
    if isinstance(node, (gast.Tuple, gast.List, gast.Set)):
        return list(dict.fromkeys(n for e in node.elts for n in operand_names(e)))
    if isinstance(node, gast.Dict):
        return list(dict.fromkeys(n for e in node.values for n in operand_names(e)))
    return operand_names(node.value) if isinstance(node, gast.Starred) else []


def _is_shape(node: gast.AST) -> bool:
    return isinstance(node, gast.Attribute) and node.attr in SHAPE_ATTRIBUTES


def differentiable_arguments(info: Primitive) -> Iterator[gast.expr]:
    """Arguments that the rule gives a derivative for."""
    template = info.rule.adjoint or info.rule.partials
    if template is None:
        yield from info.arguments
        return
    active = differentiable_parameters(info.rule)
    try:
        bound = template.call_signature.bind_partial(*info.arguments, **{k.arg: k.value for k in info.keywords if k.arg})
    except TypeError:  # the rule refuses this form of call
        yield from [*info.arguments, *(k.value for k in info.keywords)]
        return
    for parameter, value in bound.arguments.items():
        if parameter in active:
            yield from value if isinstance(value, tuple) else [value]


def without_derivative(info: Primitive) -> dict[str, list[gast.expr]]:
    """Arguments of a differentiable function, by parameter, that its rule gives no derivative for: what they carry would be
    lost."""
    template, lost = info.rule.adjoint, lost_parameters(info.rule)
    if template is None or not lost:
        return {}
    try:
        bound = template.call_signature.bind(*info.arguments, **{k.arg: k.value for k in info.keywords if k.arg})
    except TypeError:  # the rule refuses this form of call
        return {}
    return {p: [*value] if isinstance(value, tuple) else [value] for p, value in bound.arguments.items() if p in lost}


def differentiable_parameters(rule: Rule) -> Set[str]:
    """Parameters that an adjoint template adds to, or whose partial derivative is given."""
    template = rule.adjoint or rule.partials
    assert template is not None
    if rule.adjoint is not None:
        return template.stored_parameters
    returned = template.function.body[-1].value  # type: ignore[attr-defined]
    parts = returned.elts if isinstance(returned, gast.Tuple) else [returned]
    return {
        p
        for p, e in zip(template.parameters, parts, strict=False)
        if not (isinstance(e, gast.Constant) and e.value is None)
    }


def written_in_place(s: gast.stmt, kinds: dict[str, Kind]) -> str | None:
    """The variable whose memory a statement other than a call writes into."""
    target = s.targets[0] if isinstance(s, gast.Assign) else s.target if isinstance(s, gast.AugAssign) else None
    if isinstance(target, (gast.Subscript, gast.Attribute)):
        return base_name(target)
    if (
        isinstance(s, gast.AugAssign)
        and isinstance(target, gast.Name)
        and not is_immutable_number(kinds.get(target.id, UNKNOWN))
    ):
        return target.id
    return None
