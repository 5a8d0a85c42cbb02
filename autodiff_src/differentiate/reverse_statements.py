"""The backward text of single core-form statements, as yet without pushes, pops and restores.

Names of primal variables stand for the values in front of the statement, the result's name for its new value.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

import gast
import numpy as np

from autodiff_src.analyze.activity import Activity
from autodiff_src.analyze.calls import Called, Cut, Info, ListMethod, Opaque, Primitive
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Dict,
    Float,
    Kind,
    List,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
    is_immutable_number,
)
from autodiff_src.analyze.operands import Operands, differentiable_parameters, operand_names
from autodiff_src.analyze.sharing import Memory
from autodiff_src.differentiate.contributions import FULL, Shaper, added, is_fresh, relate
from autodiff_src.differentiate.inline import Contribution, Piece, inline
from autodiff_src.differentiate.scope import Scope
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.rules import rule_for
from autodiff_src.runtime import adjoints, shadows
from autodiff_src.runtime.values import kept
from autodiff_src.syntax import (
    assign,
    augment,
    base_name,
    clone,
    constant,
    expression,
    name,
    names_read,
    names_stored,
    statement,
    substitute,
    target_names,
)

_OPERATORS = {
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
_ZERO_DERIVATIVE = (gast.FloorDiv,)


@dataclass(eq=False)
class Context:
    """What is known of the function whose statements are reversed."""

    program: Program
    scope: Scope
    shaper: Shaper
    activity: Activity
    calls: dict[int, Info]
    memory: Memory
    operands: Operands
    in_place: set[str]
    same_block: Callable[[str, gast.stmt], bool]
    unique_arrays: set[str]
    reverse_call: Callable[[gast.stmt, Called, str | None], list[gast.stmt]]
    shadowed: frozenset[str]
    mirrored: set[int]

    @property
    def env(self) -> dict[str, Kind]:
        return self.shaper.env


class StatementReverser:
    def __init__(self, context: Context):
        self.c = context

    def reverse(self, s: gast.stmt) -> list[gast.stmt]:
        """Backward statements of `s`; none where nothing active happens.

        Every variable that is active in front of `s` has its adjoint afterwards.
        """
        new = self._reversed(s)
        if not isinstance(s, (gast.Assign, gast.AugAssign, gast.Expr)):
            return new
        made = names_stored(new)
        before = self.c.activity.active_before.get(id(s)) or frozenset()
        after = (self.c.activity.active_after.get(id(s)) or frozenset()) - self._killed(s)
        missing = [v for v in sorted(before - after - self.c.shadowed) if self.d(v).id not in made]
        return new + [self.zero(v, s) for v in missing]

    def _killed(self, s: gast.stmt) -> set[str]:
        return set(target_names(s)) if isinstance(s, gast.Assign) else set()

    def _reversed(self, s: gast.stmt) -> list[gast.stmt]:
        if id(s) in self.c.mirrored:
            return []
        if isinstance(s, gast.Assign):
            target = s.targets[0]
            if isinstance(target, gast.Subscript):
                return self._store(s, target)
            if isinstance(target, gast.Tuple):
                return self._several(s, target)
            return self._assignment(s, target.id)
        if isinstance(s, gast.AugAssign):
            return self._in_place(s)
        if isinstance(s, gast.Expr):
            return self._expression(s)
        return []

    # -- facts -------------------------------------------------------------------------------------------------------

    def d(self, variable: str) -> gast.Name:
        return name(self.c.scope.adjoint(variable))

    def after(self, s: gast.stmt, variable: str) -> bool:
        return variable in self.c.activity.active_after.get(id(s), ())

    def varied(self, s: gast.stmt, variable: str) -> bool:
        return variable in (self.c.activity.varied_before.get(id(s)) or ()) and carries_derivative(
            self.c.env.get(variable, UNKNOWN)
        )

    def kind(self, variable: str) -> Kind:
        return self.c.env.get(variable, UNKNOWN)

    def refuse(self, s: gast.stmt, reason: str, fix: str) -> UnsupportedError:
        return UnsupportedError(reason, self.c.program.place(s), fix)

    # -- accumulation ------------------------------------------------------------------------------------------------

    def contribute(
        self, s: gast.stmt, pieces: list[Piece], killed: tuple[str, ...] = (), persists: bool = False
    ) -> list[gast.stmt]:
        """Statements for the pieces, the contributions to each variable together, those to `killed` ones last.

        `persists`: the adjoint that the values may alias lives on.
        """
        new: list[gast.stmt] = [p for p in pieces if not isinstance(p, Contribution)]
        values: dict[str, list[gast.expr]] = {}
        for p in pieces:
            if isinstance(p, Contribution):
                values.setdefault(p.variable, []).append(p.value)
        for variable in sorted(values, key=lambda v: v in killed):
            first = variable in killed or not self.after(s, variable)
            new += self.accumulate(s, variable, values[variable], first, persists)
        return new

    def accumulate(
        self, s: gast.stmt, variable: str, values: list[gast.expr], first: bool, persists: bool = False
    ) -> list[gast.stmt]:
        if variable in self.c.shadowed:
            return self._into_shadow(s, variable, values)
        kind = self.kind(variable)
        target = self.d(variable).id
        lower = first and variable not in self.c.in_place and self.c.same_block(variable, s)
        fitted = [self.c.shaper.fit(v, variable, lower or not first and isinstance(kind, Array)) for v in values]
        if isinstance(kind, (Array, Float, Scalar)):
            total = added(fitted)
            if first:
                return [self._first(s, variable, total, persists)]
            if isinstance(kind, Array) and variable not in self.c.in_place:
                value = added([name(target), *fitted])
                self.c.env[target] = self.c.shaper.kind(value)
                return [assign(target, value, s)]
            if len(fitted) == 1 and isinstance(total, gast.UnaryOp) and isinstance(total.op, gast.USub):
                return [augment(target, gast.Sub(), total.operand, s)]
            return [augment(target, gast.Add(), total, s)]
        add = self.c.scope.reference(adjoints.add, "add")
        total = fitted[0]
        for value in fitted[1:]:
            total = gast.Call(clone(add), [total, value], [])
        if first:
            return [self._first(s, variable, total, persists)]
        return [assign(target, gast.Call(add, [name(target), total], []), s)]

    def _into_shadow(self, s: gast.stmt, variable: str, values: list[gast.expr]) -> list[gast.stmt]:
        fitted = [self.c.shaper.fit(v, variable, True) for v in values]
        if not isinstance(self.kind(variable), Array):
            if variable in self.c.in_place:
                raise self.refuse(s, f"{variable}, whose items change, is read as a whole", "read its items one by one")
            add_into = self.c.scope.reference(shadows.add_into, "add_into")
            return [statement("f(d, e)", s, f=add_into, d=self.d(variable), e=e) for e in fitted]
        total, op = added(fitted), gast.Add()
        if isinstance(total, gast.UnaryOp) and isinstance(total.op, gast.USub):
            total, op = total.operand, gast.Sub()
        return [augment(self.memory(variable), op, total, s)]

    def memory(self, variable: str) -> gast.expr:
        """The adjoint of an array as the target of an update in place."""
        if variable not in self.c.shadowed:
            return name(self.d(variable).id, gast.Store())
        return gast.Subscript(self.d(variable), constant(...), gast.Store())

    def _first(self, s: gast.stmt, variable: str, value: gast.expr, persists: bool) -> gast.stmt:
        target = self.d(variable).id
        kind = self.kind(variable)
        if isinstance(kind, Array):
            self.c.env[target] = self.c.shaper.kind(value)
            if (variable in self.c.in_place or persists) and not is_fresh(value):
                value = expression("e.copy()", e=value)
        elif not isinstance(kind, (Float, Scalar)) and (variable in self.c.in_place or persists):
            zero = self.c.shaper.zeros(variable)
            if not isinstance(value, (gast.List, gast.Dict)):
                value = gast.Call(self.c.scope.reference(adjoints.add, "add"), [zero, value], [])
        return assign(target, value, s)

    def zero(self, variable: str, at: gast.AST) -> gast.stmt:
        target = self.d(variable).id
        self.c.env[target] = self.kind(variable)
        return assign(target, self.c.shaper.zeros(variable), at)

    def full(self, s: gast.stmt, variable: str) -> list[gast.stmt]:
        """The adjoint of a variable brought up to the variable's own shape."""
        target = self.d(variable)
        if (
            not self.c.shaper.is_lower(variable, target)
            or isinstance(self.c.env.get(target.id), Array)
            and (self.c.env[target.id] == self.kind(variable))
        ):
            return []
        if target.id not in self.c.env:
            return []
        have = self.c.env[target.id]
        if (
            isinstance(have, Array)
            and isinstance(self.kind(variable), Array)
            and have.shape is not None
            and relate(self.kind(variable).shape, have.shape) == FULL  # type: ignore[attr-defined]
        ):  # type: ignore[attr-defined,arg-type]
            return []
        value = self.c.shaper._up(clone(target), variable)
        self.c.env[target.id] = self.kind(variable)
        return [assign(target.id, value, s)]

    # -- assignments to names ----------------------------------------------------------------------------------------

    def _assignment(self, s: gast.Assign, target: str) -> list[gast.stmt]:
        info = self.c.calls.get(id(s))
        if isinstance(info, Called):
            return self.c.reverse_call(s, info, target if self.after(s, target) else None)
        if isinstance(info, ListMethod):
            return self._pop(s, target)
        if not self.after(s, target):
            return []
        if isinstance(info, Opaque):
            self._refuse_opaque(s, info)
            return []
        value = s.value
        if isinstance(value, gast.Name):
            return self._from_pieces(s, target, [Contribution(value.id, self.d(target))])
        if isinstance(value, (gast.BinOp, gast.UnaryOp)):
            return self._operator(s, target, value)
        if isinstance(value, gast.Call):
            if isinstance(info, Primitive):
                return self._primitive(s, target, info)
            assert isinstance(info, Cut), gast.dump(value)
            return []
        if isinstance(value, gast.Subscript):
            return self._read(s, target, value)
        if isinstance(value, gast.Attribute):
            return self._attribute(s, target, value)
        if isinstance(value, (gast.Tuple, gast.List, gast.Dict)):
            return self._display(s, target, value)
        return []

    def _from_pieces(self, s: gast.stmt, target: str, pieces: list[Piece]) -> list[gast.stmt]:
        pieces = [p for p in pieces if not isinstance(p, Contribution) or self.varied(s, p.variable)]
        return self.contribute(s, pieces, killed=(target,), persists=target in self.c.shadowed)

    def _active(self, s: gast.stmt, nodes: list[gast.expr]) -> set[str]:
        return {n for node in nodes for n in operand_names(node) if self.varied(s, n)}

    def _operator(self, s: gast.Assign, target: str, value: gast.BinOp | gast.UnaryOp) -> list[gast.stmt]:
        arguments = [value.left, value.right] if isinstance(value, gast.BinOp) else [value.operand]
        active = self._active(s, arguments)
        if not active or isinstance(value.op, (*_ZERO_DERIVATIVE, gast.Not)):
            return []
        if any(isinstance(self.kind(n), (List, Tuple)) for n in active):
            raise self.refuse(s, "arithmetic of lists is not differentiated yet", "use np.array, or append in a loop")
        rule = rule_for(_OPERATORS[type(value.op)]) if type(value.op) in _OPERATORS else None
        if rule is None:
            raise self.refuse(
                s, f"the operator {type(value.op).__name__} has no derivative", "cut it with ad.stop_gradient"
            )
        return self._inlined(s, target, Primitive(rule, tuple(arguments), ()), active)

    def _primitive(self, s: gast.Assign, target: str, info: Primitive) -> list[gast.stmt]:
        active = self._active(s, [*info.arguments, *[k.value for k in info.keywords]])
        return self._inlined(s, target, info, active) if active else []

    def _inlined(self, s: gast.stmt, target: str, info: Primitive, active: set[str]) -> list[gast.stmt]:
        before: list[gast.stmt] = []
        if not self._may_stay_lower(target, info, active):
            before = self.full(s, target)
        pieces = inline(
            info.rule,
            target,
            info.arguments,
            info.keywords,
            active,
            self.c.scope,
            self.c.shaper.kinds,
            self.c.env,
            self.c.program.place(s),
        )
        if info.rule.adjoint is not None:
            known = differentiable_parameters(info.rule)
            own = (getattr(info.rule.primitive, "__module__", None) or "").startswith("autodiff_src.")
            template = info.rule.adjoint
            bound = template.call_signature().bind(*info.arguments, **{k.arg: k.value for k in info.keywords})
            for parameter, value in bound.arguments.items():
                values = value if isinstance(value, tuple) else (value,)
                atoms = [e for v in values for e in [v, *getattr(v, "elts", ())] if isinstance(e, gast.Name)]
                if parameter not in known and any(a.id in active for a in atoms) and parameter != "shape" and not own:
                    raise self.refuse(
                        s,
                        f"the argument {parameter!r} carries a derivative that its rule does not give",
                        "cut it with ad.stop_gradient",
                    )
        for p in pieces:
            if isinstance(p, gast.Assign) and isinstance(p.targets[0], gast.Name):
                self.c.env[p.targets[0].id] = self.c.shaper.kind(p.value)
        return before + self._from_pieces(s, target, pieces)

    def _may_stay_lower(self, target: str, info: Primitive, active: set[str]) -> bool:
        """Is the rule elementwise, and has each active operand the shape of the result?"""
        want = self.kind(target)
        if info.rule.adjoint is not None or not isinstance(want, Array) or want.shape is None:
            return False
        return all(
            isinstance(k := self.kind(n), Array) and k.shape is not None and relate(want.shape, k.shape) == FULL
            for n in active
        )

    def _attribute(self, s: gast.Assign, target: str, value: gast.Attribute) -> list[gast.stmt]:
        if not isinstance(value.value, gast.Name) or not self.varied(s, value.value.id):
            return []
        if value.attr == "T":
            return self.full(s, target) + self._from_pieces(
                s, target, [Contribution(value.value.id, expression("d.T", d=self.d(target)))]
            )
        if value.attr == "real" and isinstance(self.kind(value.value.id), (Array, Float, Scalar)):
            return self._from_pieces(s, target, [Contribution(value.value.id, self.d(target))])
        if value.attr == "imag":
            return []
        raise self.refuse(
            s,
            f"the attribute {value.attr!r} of a value that carries a derivative is not differentiated yet",
            "pass what you need of it as an argument",
        )

    def _display(self, s: gast.Assign, target: str, value: gast.expr) -> list[gast.stmt]:
        pieces: list[Piece] = []
        items = value.values if isinstance(value, gast.Dict) else value.elts  # type: ignore[attr-defined]
        keys = value.keys if isinstance(value, gast.Dict) else [constant(i) for i in range(len(items))]
        for key, item in zip(keys, items, strict=True):
            if isinstance(item, gast.Name) and self.varied(s, item.id):
                element = gast.Subscript(self.d(target), clone(key), gast.Load())
                self._note(item.id, element)
                pieces.append(Contribution(item.id, element))
        return self._from_pieces(s, target, pieces)

    def _note(self, variable: str, element: gast.expr) -> None:
        self.c.env.setdefault(self.d(variable).id, self.kind(variable))

    # -- elements ----------------------------------------------------------------------------------------------------

    def _read(self, s: gast.Assign, target: str, value: gast.Subscript) -> list[gast.stmt]:
        base = value.value.id if isinstance(value.value, gast.Name) else None
        if base is None and any(self.varied(s, n) for n in self.c.operands.of(s)):
            raise self.refuse(s, "an element of an element is not differentiated here", "take it in two steps")
        if base is None or not self.varied(s, base):
            return []
        kind = self.kind(base)
        place = gast.Subscript(self.d(base), clone(value.slice), gast.Store())
        if base == target:
            held = self.c.scope.fresh(f"{self.d(target).id}_part")
            self.c.env[held] = self.c.env.get(self.d(target).id, self.kind(target))
            return [
                assign(held, self.d(target), s),
                self.zero(base, s),
                *self._add_at(s, place, kind, name(held), False),
            ]
        first = not self.after(s, base)
        before = [self.zero(base, s)] if first else []
        return before + self._add_at(s, place, kind, self.d(target), first)

    def _add_at(
        self, s: gast.stmt, place: gast.Subscript, kind: Kind, value: gast.expr, first: bool
    ) -> list[gast.stmt]:
        """`place += value`, right whatever the index is."""
        if isinstance(kind, Array):
            if self.c.memory.is_basic(place.slice) or self._names_none_twice(place.slice):
                return [assign(place, value, s) if first else augment(place, gast.Add(), value, s)]
            at = expression(
                "np.add.at(d, i, e)", np=self.c.scope.reference(np, "np"), d=_load(place.value), i=place.slice, e=value
            )
            return [gast.Expr(at)]
        if isinstance(kind, (List, Tuple, Dict)):
            if isinstance(place.slice, gast.Slice):
                raise self.refuse(s, "a slice of a list is not differentiated yet", "use np.array, or index the items")
            item = _item_kind(kind, place.slice)
            if isinstance(item, (Float, Scalar)):
                return [augment(place, gast.Add(), value, s)]
            add = self.c.scope.reference(adjoints.add, "add")
            return [assign(place, gast.Call(add, [_load(place), value], []), s)]
        base = base_name(place)
        variable = next(v for v, d in self.c.scope.adjoints.items() if d == base)
        general = expression(
            "add(d, placed(e, i, x))",
            add=self.c.scope.reference(adjoints.add, "add"),
            d=base,
            placed=self.c.scope.reference(adjoints.placed, "placed"),
            e=value,
            i=_index_object(place.slice),
            x=variable,
        )
        return [assign(base, general, s)]

    def _names_none_twice(self, index: gast.expr) -> bool:
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        kinds = [self.c.shaper.kind(p) for p in parts if not isinstance(p, gast.Slice)]
        if all(isinstance(k, Array) and k.dtype == np.bool_ for k in kinds):
            return True
        flat = all(not isinstance(k, Array) or k.ndim == 1 for k in kinds) and not any(
            isinstance(p, gast.Slice) for p in parts
        )
        return flat and any(self._is_arange(p) for p in parts)

    def _is_arange(self, part: gast.expr) -> bool:
        if isinstance(part, gast.Name):
            return part.id in self.c.unique_arrays
        return isinstance(part, gast.Call) and self.c.shaper.kinds.static(part.func, {}) is np.arange

    def _store(self, s: gast.Assign, target: gast.Subscript) -> list[gast.stmt]:
        base = base_name(target)
        assert base is not None
        if not self.after(s, base):
            return []
        place = substitute(target, {base: self.d(base)})
        value = s.value
        varied_before = self.varied(s, base)
        if not isinstance(self.kind(base), Array) and not isinstance(target.value, gast.Name):
            raise self.refuse(s, "an array in a container is written into", "give the array a name of its own")
        if not isinstance(value, gast.Name) or not self.varied(s, value.id):
            return self._clear(s, place, base) if varied_before else []
        if not isinstance(self.kind(base), Array):
            if not isinstance(target.value, gast.Name):
                raise self.refuse(s, "an array in a container is written into", "give the array a name of its own")
            return self._store_item(s, place, base, value.id)
        self._refuse_repeats(s, target.slice)
        held = self.c.scope.fresh(f"{self.d(base).id}_part")
        read = _load(place)
        element = self.c.shaper.kind(_load(target))
        self.c.env[held] = element
        basic = self.c.memory.is_basic(target.slice)
        if isinstance(element, Array) and basic or not isinstance(element, (Float, Scalar, Array)):
            read = expression("e.copy()", e=read)
        new: list[gast.stmt] = [assign(held, read, s)]
        if varied_before:
            new += self._clear(s, place, base)
        return new + self.contribute(s, [Contribution(value.id, name(held))])

    def _refuse_repeats(self, s: gast.stmt, index: gast.expr) -> None:
        if not self.c.memory.is_basic(index) and not self._names_none_twice(index):
            raise self.refuse(
                s,
                "a write at integer indices, which may name an element twice, is not differentiated yet",
                "write the elements in a loop, or use a mask",
            )

    def _clear(self, s: gast.stmt, place: gast.Subscript, base: str) -> list[gast.stmt]:
        kind = self.kind(base)
        if isinstance(kind, Array):
            return [assign(clone(place), constant(0.0), s)]
        item = _item_kind(kind, place.slice)
        if isinstance(item, (Float, Scalar)):
            return [assign(clone(place), constant(0.0), s)]
        zeros = expression("f(x)", f=self.c.scope.reference(adjoints.zeros_like, "zeros_like"), x=_load(place))
        return [assign(clone(place), zeros, s)]

    def _store_item(self, s: gast.stmt, place: gast.Subscript, base: str, value: str) -> list[gast.stmt]:
        if isinstance(self.kind(base), Dict) and not self._has_key(base, place.slice, s):
            raise self.refuse(s, "a new key of a dict is not differentiated yet", "make the dict with all its keys")
        if isinstance(place.slice, gast.Slice):
            raise self.refuse(s, "a slice of a list is not differentiated yet", "use np.array, or index the items")
        read = _load(place)
        if isinstance(self.kind(base), Unknown):  # an array, perhaps
            self._refuse_repeats(s, place.slice)
            read = expression("f(x)", f=self.c.scope.reference(kept, "kept"), x=read)
        held = self.c.scope.fresh(f"{self.d(base).id}_item")
        new: list[gast.stmt] = [assign(held, read, s), *self._clear(s, place, base)]
        return new + self.contribute(s, [Contribution(value, name(held))])

    def _has_key(self, base: str, key: gast.expr, s: gast.stmt) -> bool:
        return False

    def _in_place(self, s: gast.AugAssign) -> list[gast.stmt]:
        """`w[i] += v` and `w += v` on memory that others may see."""
        base = base_name(s.target)
        assert base is not None
        if not self.after(s, base):
            return []
        target = s.target if isinstance(s.target, gast.Subscript) else name(base)
        place = substitute(target, {base: self.d(base)})
        value = s.value.id if isinstance(s.value, gast.Name) and self.varied(s, s.value.id) else None
        if not isinstance(self.kind(base), Array) and not isinstance(getattr(target, "value", target), gast.Name):
            raise self.refuse(s, "an array in a container is written into", "give the array a name of its own")
        advanced = isinstance(target, gast.Subscript) and not self.c.memory.is_basic(target.slice)
        if advanced and not self._names_none_twice(target.slice):  # type: ignore[attr-defined]
            raise self.refuse(
                s,
                "an update at integer indices, which may name an element twice, is not differentiated yet",
                "update the elements in a loop, or use a mask",
            )
        if isinstance(s.op, (gast.Add, gast.Sub)):
            if value is None:
                return []
            read = _load(place) if isinstance(s.op, gast.Add) else gast.UnaryOp(gast.USub(), _load(place))
            self.c.env.setdefault(self.d(base).id, self.kind(base))
            return self.contribute(s, [Contribution(value, read)], persists=True)
        known = isinstance(self.kind(base), (Array, List, Dict)) or is_immutable_number(self.c.shaper.kind(s.value))
        if not isinstance(s.op, (gast.Mult, gast.Div)) or not known:
            raise self.refuse(s, "this update in place is not differentiated yet", "write `x[i] = x[i] op v`")
        new: list[gast.stmt] = []
        if value is not None:
            text = "d * w" if isinstance(s.op, gast.Mult) else "-d * w / v / v"
            part = self.c.scope.fresh(f"{self.d(base).id}_part")
            new = [assign(part, expression(text, d=_load(place), w=_load(target), v=value), s)]
            self.c.env.setdefault(self.d(base).id, self.kind(base))
            self.c.env[part] = self.c.shaper.kind(new[0].value)
        written = place if isinstance(place, gast.Subscript) else self.memory(base)
        new.append(augment(written, s.op, clone(s.value), s))
        return new + (self.contribute(s, [Contribution(value, name(part))]) if value is not None else [])

    # -- several targets, containers -----------------------------------------------------------------------------------

    def _several(self, s: gast.Assign, target: gast.Tuple) -> list[gast.stmt]:
        info = self.c.calls.get(id(s))
        if isinstance(info, Called):
            raise AssertionError("a call's results are unpacked in a statement of their own")
        if isinstance(s.value, gast.Tuple):
            return self._move(s, target, s.value)
        base = s.value.id if isinstance(s.value, gast.Name) else None
        if base is None or not self.varied(s, base):
            return []
        active = [(i, e.id) for i, e in enumerate(target.elts) if self.after(s, e.id)]
        if not active:
            return []
        if base in target_names(s):
            raise self.refuse(s, "a variable is unpacked into itself", "give the parts other names")
        first = not self.after(s, base)
        new = [self.zero(base, s)] if first else []
        for i, element in active:
            place = gast.Subscript(self.d(base), constant(i), gast.Store())
            new += self._add_at(
                s, place, self.kind(base), self.d(element), first and isinstance(self.kind(base), Array)
            )
        return new

    def _move(self, s: gast.Assign, target: gast.Tuple, value: gast.Tuple) -> list[gast.stmt]:
        """`a, b = b, a`: adjoints move against the values, all at once."""
        moved: dict[str, list[gast.expr]] = {}
        targets = target_names(s)
        for t, v in zip(targets, value.elts, strict=True):
            if isinstance(v, gast.Name) and self.varied(s, v.id) and self.after(s, t) and t not in self.c.shadowed:
                moved.setdefault(v.id, []).append(self.d(t))
        for v in moved:
            if v not in targets and self.after(s, v):
                moved[v].insert(0, self.d(v))
        if not moved:
            return []
        if len(moved) == 1:
            ((variable, values),) = moved.items()
            return [assign(self.d(variable).id, added(values), s)]
        left = gast.Tuple([gast.Name(self.d(v).id, gast.Store(), None, None) for v in moved], gast.Store())
        return [assign(left, gast.Tuple([added(values) for values in moved.values()], gast.Load()), s)]

    def _expression(self, s: gast.Expr) -> list[gast.stmt]:
        info = self.c.calls.get(id(s))
        if isinstance(info, Called):
            return self.c.reverse_call(s, info, None)
        if isinstance(info, Opaque):
            self._refuse_opaque(s, info)
        if isinstance(info, ListMethod):
            receiver = s.value.func.value.id
            if info.method == "pop":
                if not self.after(s, receiver):
                    return []
                dropped = self.c.shaper.zeros(receiver)
                raise (  # type: ignore[misc]
                    self.refuse(s, "an element is popped and dropped", "assign it: `_ = x.pop()`") if dropped else None
                )
            return self._append(s, receiver)
        return []

    def _append(self, s: gast.Expr, receiver: str) -> list[gast.stmt]:
        if not self.after(s, receiver):
            return []
        popped = expression("d.pop()", d=self.d(receiver))
        value = s.value.args[0]
        if not isinstance(value, gast.Name) or not self.varied(s, value.id):
            return [gast.Expr(popped)] if self.varied(s, receiver) else []
        held = self.c.scope.fresh(f"{self.d(receiver).id}_item")
        self.c.env[held] = self.kind(value.id)
        return [assign(held, popped, s), *self.contribute(s, [Contribution(value.id, name(held))])]

    def _pop(self, s: gast.Assign, target: str) -> list[gast.stmt]:
        receiver = s.value.func.value.id
        if not self.varied(s, receiver):
            return []
        before = [] if self.after(s, receiver) else [self.zero(receiver, s)]
        if target == receiver:
            raise self.refuse(s, "a list is popped into its own name", "give the element another name")
        value = self.d(target) if self.after(s, target) else self.c.shaper.zeros(target)
        return [*before, statement("d.append(e)", s, d=self.d(receiver), e=value)]

    def _refuse_opaque(self, s: gast.stmt, info: Opaque) -> None:
        call = s.value  # type: ignore[attr-defined]
        nodes = [*call.args, *[k.value for k in call.keywords]]
        nodes.append(call.func.value if isinstance(call.func, gast.Attribute) else call.func)
        if any(self.varied(s, n) for node in nodes for n in names_read(node)):
            raise info.error()


def _load(node: gast.expr) -> gast.expr:
    new = clone(node)
    new.ctx = gast.Load()
    return new


def _item_kind(kind: Kind, index: gast.expr) -> Kind:
    if isinstance(kind, List):
        return kind.item
    if isinstance(kind, Tuple) and kind.items is not None and isinstance(index, gast.Constant):
        return kind.items[index.value]
    if isinstance(kind, Dict) and kind.items is not None and isinstance(index, gast.Constant):
        return dict(kind.items).get(index.value, UNKNOWN)
    return UNKNOWN


def _index_object(index: gast.expr) -> gast.expr:
    """An index as an object of its own: slices become calls of `slice`."""
    if isinstance(index, gast.Slice):
        return gast.Call(name("slice"), [p or constant(None) for p in (index.lower, index.upper, index.step)], [])
    if isinstance(index, gast.Tuple):
        return gast.Tuple([_index_object(e) for e in index.elts], gast.Load())
    return index
