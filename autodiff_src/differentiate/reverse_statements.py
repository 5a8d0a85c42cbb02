"""The backward text of single core-form statements, as yet without pushes, pops and restores.

Names of primal variables stand for the values in front of the statement, the result's name for its new value.
"""

from __future__ import annotations

import operator
from dataclasses import replace
from functools import cached_property
from typing import Any

import gast

from autodiff_src.analyze.calls import Called, Cut, Integrated, ListMethod, Opaque, Primitive, Solved
from autodiff_src.analyze.complex_kinds import holds_complex
from autodiff_src.analyze.kinds import (
    Array,
    Bool,
    Float,
    Inert,
    Int,
    List,
    Object,
    Scalar,
    Tuple,
    Unknown,
    attribute_carries,
    is_dict,
)
from autodiff_src.analyze.operands import operand_names, without_derivative
from autodiff_src.analyze.outside_writes import local_names, lost, reads
from autodiff_src.differentiate.contributions import FULL, added, relate
from autodiff_src.differentiate.elements import ElementReverser
from autodiff_src.differentiate.inline import Contribution, Piece, inline
from autodiff_src.differentiate.operators import rule_of_operator
from autodiff_src.rules import rule_for
from autodiff_src.runtime import adjoints
from autodiff_src.syntax import (
    assign,
    clone,
    constant,
    expression,
    name,
    names_read,
    names_stored,
    statement,
    target_names,
)

_ZERO_DERIVATIVE = (gast.FloorDiv,)


class StatementReverser(ElementReverser):
    def reverse(self, s: gast.stmt) -> list[gast.stmt]:
        """Backward statements of `s`; none where nothing active happens.

        Every variable that is active in front of `s` has its adjoint afterwards.
        """
        if reads(s, self.c.lost, self.c.program, self._local):
            raise lost(s, self.c.program)
        new = self._reversed(s)
        if not isinstance(s, (gast.Assign, gast.AugAssign, gast.Expr)):
            return new
        before = self.c.activity.active_before.get(id(s)) or frozenset()
        after = (self.c.activity.active_after.get(id(s)) or frozenset()) - self._killed(s)
        begun = sorted(before - after - self.c.shadowed)
        made = names_stored(new) if begun else set()
        return new + [self.zero(v, s) for v in begun if self.d(v).id not in made]

    @cached_property
    def _local(self) -> set[str]:
        return local_names(self.c.program)

    def _killed(self, s: gast.stmt) -> set[str]:
        return set(target_names(s)) if isinstance(s, gast.Assign) else set()

    def _reversed(self, s: gast.stmt) -> list[gast.stmt]:
        if id(s) in self.c.mirrored:
            return self.c.mirrored[id(s)]
        if isinstance(s, gast.Assign):
            target = s.targets[0]
            if isinstance(target, gast.Subscript):
                return self._store(s, target)
            if isinstance(target, gast.Attribute):
                return self._store(s, gast.Subscript(target.value, constant(target.attr), gast.Store()))
            if isinstance(target, gast.Tuple):
                return self._several(s, target)
            return self._assignment(s, target.id)
        if isinstance(s, gast.AugAssign):
            return self._in_place(s)
        if isinstance(s, gast.Expr):
            return self._expression(s)
        return []

    # -- assignments to names ----------------------------------------------------------------------------------------

    def _assignment(self, s: gast.Assign, target: str) -> list[gast.stmt]:
        info = self.c.calls.get(id(s))
        if isinstance(info, Called):
            return self.c.reverse_call(s, info, target if self.after(s, target) else None)
        if isinstance(info, ListMethod):
            return self._pop(s, target) if info.method == "pop" else self._put(s, s.value.func.value.id, info)
        if isinstance(info, Opaque):
            changed = {n for w in info.writes for n in (w, *self.c.sharers.get(w, ()))}
            if any(self.after(s, n) for n in (target, *changed)):
                self._refuse_opaque(s, info)
            return []
        if not self.after(s, target):
            return []
        if isinstance(info, (Solved, Integrated)):
            return self.c.reverse_call(s, info, target)
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
            if isinstance(self.kind(getattr(value.value, "id", "")), Object) and self._active(s, [value.value]):
                raise self.refuse(s, "an item of an object of a user's class is not differentiated", "call a method")
            return self._read(s, target, value)
        if isinstance(value, gast.Attribute):
            return self._attribute(s, target, value)
        if isinstance(value, (gast.Tuple, gast.List, gast.Dict)):
            return self._display(s, target, value)
        if isinstance(value, gast.Set) and self._active(s, [value]):
            raise self.refuse(s, "a set of values that carry a derivative is not differentiated", "use a list")
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
        if any(isinstance(self.c.shaper.kind(a), (Object, Inert)) for a in arguments):
            raise self.refuse(s, "an operator of a user's class is not differentiated", "call a method that does the same")
        if any(isinstance(self.kind(n), (List, Tuple)) for n in active):
            return self._sequence_operator(s, target, value.op, arguments, active)
        rule = rule_of_operator(value.op)
        if rule is None:
            raise self.refuse(
                s, f"the operator {type(value.op).__name__} has no derivative", "cut it with ad.stop_gradient"
            )
        return self._inlined(s, target, Primitive(rule, tuple(arguments), ()), active)

    def _sequence_operator(
        self, s: gast.Assign, target: str, op: gast.operator, arguments: list[gast.expr], active: set[str]
    ) -> list[gast.stmt]:
        """`x + y` and `x * n` of lists and tuples."""
        kinds = [self.c.shaper.kind(a) for a in arguments]
        sequences = [isinstance(k, (List, Tuple)) for k in kinds]
        rule = rule_for(operator.concat if isinstance(op, gast.Add) else list.__mul__)
        assert rule is not None
        if isinstance(op, gast.Add) and all(sequences):
            return self._inlined(s, target, Primitive(rule, tuple(arguments), ()), active)
        number = kinds[sequences.index(False)] if False in sequences else None
        if not isinstance(op, gast.Mult) or not isinstance(number, (Int, Bool)):
            raise self.refuse(s, "arithmetic of lists with other values is not differentiated", "use np.array")
        if sequences[1]:
            arguments = arguments[::-1]
        return self._inlined(s, target, Primitive(rule, tuple(arguments), ()), active)

    def _primitive(self, s: gast.Assign, target: str, info: Primitive) -> list[gast.stmt]:
        active = self._active(s, [*info.arguments, *[k.value for k in info.keywords]])
        if any(isinstance(self.kind(n), Object) for n in active):
            raise self.refuse(s, "an object that carries a derivative goes into a function with a rule", "pass its attributes")
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
        of_real, guarded = self.c.shaper.of_real(info), self.c.strong_zeros.of_rule
        pieces = [replace(p, value=of_real(guarded(info.rule, target, self.d(target), p.value, self.c.shaper)))
                  if isinstance(p, Contribution) else p for p in pieces]
        for parameter, values in without_derivative(info).items():
            if any(n in active for v in values for n in operand_names(v)):
                raise self.refuse(s, f"the argument {parameter!r} carries a derivative that its rule does not give",
                                  "cut it with ad.stop_gradient")
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
        of = self.kind(value.value.id)
        if isinstance(of, Object):
            return self._read_attribute(s, target, value, of)
        if value.attr == "T":
            return self.full(s, target) + self._from_pieces(
                s, target, [Contribution(value.value.id, expression("d.T", d=self.d(target)))]
            )
        if value.attr == "real" and isinstance(of, (Array, Float, Scalar, Unknown)):
            checked = expression("f(d, x)", f=self.c.scope.reference(adjoints.of_real_part, "of_real_part"), d=self.d(target),
                                 x=value.value)
            part = checked if isinstance(of, Unknown) else self.d(target)
            return self._from_pieces(s, target, [Contribution(value.value.id, part)])
        if value.attr == "imag":
            if holds_complex(of) is False:
                return []
            turned = expression("-1j * d", d=self.d(target))
            return self._from_pieces(s, target, [Contribution(value.value.id, turned)])
        raise self.refuse(
            s,
            f"the attribute {value.attr!r} of a value that carries a derivative is not differentiated yet",
            "pass what you need of it as an argument; an object that is made here must be used by attributes and methods only",
        )

    def _read_attribute(self, s: gast.Assign, target: str, value: gast.Attribute, of: Object) -> list[gast.stmt]:
        if not attribute_carries(of, value.attr):
            return []
        if value.attr not in dict(of.items or ()):
            raise self.refuse(s, f"whether the object holds {value.attr!r} is not known here", "read it earlier")
        return self._read(s, target, gast.Subscript(value.value, constant(value.attr), gast.Load()))

    def _display(self, s: gast.Assign, target: str, value: gast.expr) -> list[gast.stmt]:
        return self._from_pieces(s, target, self._elements(s, target, value, self.d(target)))

    def _elements(self, s: gast.Assign, target: str, value: Any, place: gast.expr) -> list[Piece]:
        """What comes back from `place`, the adjoint of a display, to what stands in it and in displays in it."""
        pieces: list[Piece] = []
        items = value.values if isinstance(value, gast.Dict) else value.elts
        leaves = self.c.handed_back in {target, *self.c.sharers.get(target, ())} and not isinstance(value, gast.Tuple)
        changes = target in self.c.refilled or leaves
        keys = value.keys if isinstance(value, gast.Dict) else [constant(i) for i in range(len(items))]
        for key, item in zip(keys, items, strict=True):
            element = gast.Subscript(clone(place), clone(key), gast.Load())
            if isinstance(item, gast.Name):
                if self.varied(s, item.id) and not self._share_shadow(target, item.id):
                    self._note(item.id)
                    if changes and isinstance(self.kind(item.id), Array):  # it may be the number 0 now
                        unbroadcast = self.c.scope.reference(adjoints.unbroadcast, "unbroadcast")
                        element = gast.Call(unbroadcast, [element, name(item.id)], [])
                    pieces.append(Contribution(item.id, element))
            elif isinstance(item, (gast.Tuple, gast.List, gast.Dict)):
                pieces += self._elements(s, target, item, element)
            elif self._active(s, [item]):
                raise self.refuse(s, "an expression within a display is not differentiated", "give it a name")
        return pieces

    def _share_shadow(self, container: str, item: str) -> bool:
        """Has what adds into the shadow of an item of a container added into the container's?"""
        return container in self.c.shadowed and item in self.c.shadowed

    def _note(self, variable: str) -> None:
        self.c.env.setdefault(self.d(variable).id, self.kind(variable))

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
        active = [(i, e.id) for i, e in enumerate(target.elts) if self.after(s, e.id) and not self._share_shadow(base, e.id)]
        if not active:
            return []
        if base in target_names(s):
            raise self.refuse(s, "a variable is unpacked into itself", "give the parts other names")
        first = not self.after(s, base)
        made = self._display_of(s, base, dict(active)) if first else None
        if made is not None:
            return [made]
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
        stays = [v for v in moved if v not in targets and self.after(s, v)]
        new = self.contribute(s, [Contribution(v, d) for v in stays for d in moved.pop(v)], persists=True)
        if not moved:
            return new
        if len(moved) == 1:
            ((variable, values),) = moved.items()
            return [*new, assign(self.d(variable).id, added(values), s)]
        left = gast.Tuple([gast.Name(self.d(v).id, gast.Store(), None, None) for v in moved], gast.Store())
        return [*new, assign(left, gast.Tuple([added(values) for values in moved.values()], gast.Load()), s)]

    def _expression(self, s: gast.Expr) -> list[gast.stmt]:
        info = self.c.calls.get(id(s))
        if isinstance(info, Called):
            return self.c.reverse_call(s, info, None)
        if isinstance(info, Opaque):
            self._refuse_opaque(s, info)
        if isinstance(info, ListMethod):
            return self._put(s, s.value.func.value.id, info)
        return []

    def _put(self, s: gast.Expr | gast.Assign, receiver: str, info: ListMethod) -> list[gast.stmt]:
        if not self.after(s, receiver):
            return []
        popped = expression("d.pop()", d=self.d(receiver))
        if info.method == "insert":
            popped.args = [self._position(s.value.args[0], expression("len(d) - 1", d=self.d(receiver)))]
        value = info.item
        if not isinstance(value, gast.Name) and self._active(s, [value]):
            raise self.refuse(s, "a display is put into a list here", "give it a name")
        if not isinstance(value, gast.Name) or not self.varied(s, value.id):
            return [gast.Expr(popped)] if self.varied(s, receiver) else []
        held = self.c.scope.fresh(f"{self.d(receiver).id}_item")
        self.c.env[held] = self.kind(value.id)
        return [assign(held, popped, s), *self.contribute(s, [Contribution(value.id, name(held))])]

    def _pop(self, s: gast.Assign, target: str) -> list[gast.stmt]:
        receiver = s.value.func.value.id
        if not self.varied(s, receiver):
            return []
        if target == receiver:
            raise self.refuse(s, "a list is popped into its own name", "give the element another name")
        value = self.d(target) if self.after(s, target) else self.c.shaper.zeros(target)
        if is_dict(self.kind(receiver)):
            start = [] if self.after(s, receiver) else [self.zero(receiver, s)]
            return [*start, statement("d[k] = e", s, d=self.d(receiver), k=clone(s.value.args[0]), e=value)]
        if not self.after(s, receiver):
            index = s.value.args[0] if s.value.args else constant(-1)
            return [self.zero(receiver, s), assign(gast.Subscript(self.d(receiver), clone(index), gast.Store()), value, s)]
        if s.value.args:
            position = self._position(s.value.args[0], expression("len(d) + 1", d=self.d(receiver)))
            return [statement("d.insert(i, e)", s, d=self.d(receiver), i=position, e=value)]
        return [statement("d.append(e)", s, d=self.d(receiver), e=value)]

    def _position(self, index: gast.expr, length: gast.expr) -> gast.expr:
        """Where in a list of `length` items an index that may be negative points."""
        if isinstance(index, gast.Constant) and index.value == 0:
            return clone(index)
        return gast.Call(self.c.scope.reference(adjoints.position, "position"), [clone(index), length], [])

    def _refuse_opaque(self, s: gast.stmt, info: Opaque) -> None:
        call = s.value  # type: ignore[attr-defined]
        if isinstance(call, gast.Attribute):  # a property
            call = gast.Call(call, [], [])
        nodes = [*call.args, *[k.value for k in call.keywords]]
        nodes.append(call.func.value if isinstance(call.func, gast.Attribute) else call.func)
        if any(self.varied(s, n) for node in nodes for n in names_read(node)):
            raise info.error()
