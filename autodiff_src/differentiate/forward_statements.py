"""The forward text of single core-form statements: the statement, and beside it what becomes of tangents.

Tangents share memory the way the values do: `y = x[1:]` has `y_dot = x_dot[1:]` beside it, `x[i] = v` has
`x_dot[i] = v_dot`, `parts.append(v)` has `parts_dot.append(v_dot)`.
"""

from __future__ import annotations

import builtins
import operator
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Called, Curve, Integrated, ListMethod, Opaque, Primitive, Solved
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Dict,
    Kind,
    List,
    Object,
    Tuple,
    Unknown,
    carries_derivative,
    is_immutable_number,
)
from autodiff_src.analyze.outside_writes import lost
from autodiff_src.analyze.sharing import VIEWING
from autodiff_src.differentiate.calls import checked_arguments, refuse_passed_twice
from autodiff_src.differentiate.curves import forward_curve
from autodiff_src.differentiate.dtype_checks import conversion_check, store_check
from autodiff_src.differentiate.forward_values import ValuesForward
from autodiff_src.differentiate.integrated import forward_integrated
from autodiff_src.differentiate.prepare import outside_d
from autodiff_src.differentiate.solved import forward_solved
from autodiff_src.program import MISSING
from autodiff_src.runtime.objects import module_of
from autodiff_src.runtime.shadows import check_same_sharing
from autodiff_src.runtime.values import kept_sum
from autodiff_src.syntax import (
    assign,
    augment,
    base_name,
    children,
    clone,
    constant,
    is_name,
    located,
    name,
    names_read,
    statement,
    substitute,
    target_names,
    walk,
    with_value,
)

Block = list[gast.stmt]
# These give a sequence, an item or views, and their rules do the same with tangents.
_MIRRORED = frozenset(map(id, [
    list, tuple, dict, sorted, max, min, sum, operator.getitem, np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit]))


class StatementsForward(ValuesForward):
    """Writes the statements of one function."""

    def of(self, s: gast.stmt) -> Block:
        """The statement with its tangents' statements. Raises AutodiffError for what is not differentiated."""
        info = self.f.p.calls.get(id(s))
        if isinstance(info, Called):
            return self._call(s, info)
        if isinstance(info, (Solved, Integrated)):
            target = s.targets[0].id  # type: ignore[attr-defined]
            carries = target in self.f.carriers
            way: Any = forward_solved if isinstance(info, Solved) else (
                forward_curve if isinstance(info, Curve) else forward_integrated)
            return way(self, s, info, target) if carries else [s]
        if isinstance(info, Opaque) and self._matters(s, info) and self._carry(s.value):  # type: ignore[attr-defined]
            raise info.error()
        if isinstance(info, ListMethod):
            return self._list_method(s, info)
        if isinstance(s, gast.Assign):
            target = s.targets[0]
            if isinstance(target, (gast.Subscript, gast.Attribute)):
                return self._store(s, target)
            if isinstance(target, gast.Tuple):
                return self._several(s, target)
            check = conversion_check(s, info, self.kind, self.f.carriers.__contains__, self.f.scope.reference,
                                     self.f.p.perhaps_integers)
            return self._assignment(s, target.id) + check if target.id in self.f.carriers else [s]
        if isinstance(s, gast.AugAssign) and base_name(s.target) in self.f.carriers:
            return store_check(s, self.kind, self.f.carriers.__contains__, self.f.scope.reference) + self._update(s)
        return [s]

    def _matters(self, s: gast.stmt, info: Opaque) -> bool:
        """Does a derivative come out of the call of an unknown function, if one goes in?"""
        target = s.targets[0] if isinstance(s, gast.Assign) else None
        bound = target.id if isinstance(target, gast.Name) else None
        changed = {n for w in info.writes for n in (w, *self.f.p.sharing.ever.get(w, ()))}
        return bound is None or bound in self.f.carriers or not self.f.carriers.isdisjoint(changed)

    def _carry(self, value: gast.expr) -> bool:
        """Does what an unknown function is handed depend on what is differentiated?"""
        call = value if isinstance(value, gast.Call) else gast.Call(value, [], [])
        parts = [*call.args, *[k.value for k in call.keywords]]
        parts.append(call.func.value if isinstance(call.func, gast.Attribute) else call.func)
        return not (self.f.varied | self.f.functions).isdisjoint(names_read(parts))

    # -- assignments to names ----------------------------------------------------------------------------------------

    def _assignment(self, s: gast.Assign, target: str) -> Block:
        if target in names_read(s.value) and not self._tangent_may_come_first(s):
            return self._in_two_steps(s, target)
        before, value = self._value(s, target) if self._flows(s) else ([], self.of_display(s.value))
        d_target = self.f.scope.tangent(target)
        if value is None:
            zeros = self.zeros(name(target))
            return [s, assign(d_target, self._apart(s, target, zeros) if self._may_join(s, target) else zeros, s)]
        fitted = value if self._mirrors(s, target) else self.f.shaper.fit(value, target, False)
        if target in names_read(s.value):
            if _reads(fitted, target) > _reads(value, target):
                return self._in_two_steps(s, target)
            return [*before, assign(d_target, self._apart(s, target, fitted), s), s]
        return [s, *before, assign(d_target, self._apart(s, target, fitted), s), *self._same_sharing(s, target)]

    def _mirrors(self, s: gast.Assign, target: str) -> bool:
        """Is what is assigned an old value, or a container made of such? Then the tangent has its structure."""
        info = self.f.p.calls.get(id(s))
        if isinstance(info, Primitive):
            return id(info.rule.primitive) in _MIRRORED and not isinstance(self.kind(target), Array)
        sequences = (List, Tuple)
        return not isinstance(s.value, (gast.BinOp, gast.UnaryOp)) or any(
            isinstance(self.f.shaper.kind(e), sequences) for e in children(s.value))

    def _flows(self, s: gast.stmt) -> bool:
        return any(n in self.f.carriers for n in self.f.operands.of(s))

    def _in_two_steps(self, s: gast.Assign, target: str) -> Block:
        """`y = exp(y)` as `y_new = exp(y); y = y_new`."""
        part = self.f.scope.fresh(f"{target}_new")
        self.f.p.kinds[part] = self.f.shaper.env[part] = self.kind(target)
        self.f.shaper.env[self.f.scope.tangent(part)] = self.kind(target)
        self.f.carriers.add(part)
        first, second = assign(part, s.value, s), assign(target, name(part), s)
        if id(s) in self.f.p.calls:
            self.f.p.calls[id(first)] = self.f.p.calls[id(s)]
        return [*self.of(first), *self.of(second)]

    def _tangent_may_come_first(self, s: gast.Assign) -> bool:
        """May the tangent be computed in front of a statement that overwrites its operand: does it need no result, and can
        the statement not raise where the tangent does not?"""
        value, info = s.value, self.f.p.calls.get(id(s))
        if isinstance(value, (gast.BinOp, gast.UnaryOp)):
            return isinstance(value.op, (gast.Add, gast.Sub, gast.Mult, gast.USub, gast.UAdd, gast.MatMult))
        if isinstance(info, Primitive):
            template = info.rule.tangent or info.rule.partials
            reads_result = template is None or any(
                n.id == template.result for part in template.function.body for n in outside_d(part))
            return not reads_result and module_of(info.rule.primitive).startswith("numpy")
        return not isinstance(value, gast.Call)

    def _apart(self, s: gast.Assign, target: str, value: gast.expr) -> gast.expr:
        """The tangent of new memory in memory of its own, where somebody writes into either."""
        kind, old, joins = self.kind(target), self._may_be_old(value), self._may_join(s, target)
        if is_immutable_number(kind) or self.f.p.memory.sources(s) or not (old or joins):
            return value
        if isinstance(kind, (List, Tuple, Dict, Object)):
            return value
        others = {v for v, d in self.f.scope.tangents.items() if d in names_read(value)}
        written = others & self.f.written or target in self.f.written
        if joins and written:
            return gast.Call(self.f.scope.reference(kept_sum, "kept_sum"), [value], [])
        return self.copied(target, value) if old and (written or target in self.f.seen) else value

    def _may_join(self, s: gast.Assign, target: str) -> bool:
        """May what is assigned be a sum or a multiple of lists that are not known to be lists?"""
        return isinstance(self.kind(target), Unknown) and (
            isinstance(s.value, gast.BinOp) and isinstance(s.value.op, (gast.Add, gast.Mult)))

    def _may_be_old(self, e: gast.expr) -> bool:
        """May the value of an expression be memory that a name in it has?"""
        if isinstance(e, (gast.BinOp, gast.UnaryOp, gast.Constant, gast.Compare)):
            return False
        if isinstance(e, gast.IfExp):
            return self._may_be_old(e.body) or self._may_be_old(e.orelse)
        if not isinstance(e, gast.Call):
            return True
        function = self.f.shaper.kinds.static(e.func, {})
        if function is builtins.float:
            return False
        return id(function) in VIEWING or not module_of(function).startswith("numpy")

    def _same_sharing(self, s: gast.Assign, target: str) -> Block:
        """Where a function gives old memory or new, the text looks that its tangent does the same."""
        info, sources = self.f.p.calls.get(id(s)), self.f.p.memory.sources(s)
        shared = [n for n in sources if n in self.f.carriers]
        if not isinstance(info, Primitive) or not shared or not {target, *shared} & self.f.written:
            return []
        own = module_of(info.rule.primitive).startswith("autodiff_src.")
        if own or id(info.rule.primitive) in _MIRRORED or is_immutable_number(self.kind(target)):
            return []
        if not all(isinstance(self.kind(n), Array) for n in [target, *shared]):
            raise self._refuse(s, f"{target} may share memory that is written, and how is not known beforehand", "copy it")
        check = self.f.scope.reference(check_same_sharing, "check_same_sharing")
        where = constant(f"line {self.f.p.program.place(s).line}")
        return [statement("check(v, w, v_dot, w_dot, where)", s, check=check, v=target, w=n, v_dot=self.dot_name(target),
                          w_dot=self.dot_name(n), where=where) for n in shared]

    # -- places, several targets -----------------------------------------------------------------------------------------

    def _store(self, s: gast.Assign, target: gast.expr) -> Block:
        base = base_name(target)
        if base not in self.f.carriers:
            self._refuse_lost(s, target)
            return [s]
        value = constant(0.0) if isinstance(self.kind(base), Array) and not self.tangent_of(s.value) else self.leaf(s.value)
        check = store_check(s, self.kind, self.f.carriers.__contains__, self.f.scope.reference)
        return [*check, s, assign(self.place(target), value, s)]

    def _refuse_lost(self, s: gast.Assign, target: gast.expr) -> None:
        """An object outside has no tangent: what is stored in it must not be read again."""
        read = isinstance(target, gast.Attribute) and target.attr in self.f.p.program.namespace.unsettled.read
        if read and self.tangent_of(s.value) is not None:
            raise lost(s, self.f.p.program)

    def _several(self, s: gast.Assign, target: gast.Tuple) -> Block:
        """Tangents move first: what they are made of may be bound anew."""
        carried = [(i, e.id) for i, e in enumerate(target.elts) if e.id in self.f.carriers]  # type: ignore[attr-defined]
        if not carried:
            return [s]
        if isinstance(s.value, gast.Tuple):
            values = [self.leaf(s.value.elts[i]) for i, _ in carried]
        elif is_name(s.value) and s.value.id in self.f.carriers:
            whole = self.dot_name(s.value.id)
            if len(carried) == len(target.elts):
                stores = gast.Tuple([name(self.f.scope.tangent(v), gast.Store()) for _, v in carried], gast.Store())
                return [assign(stores, whole, s), s]
            values = [gast.Subscript(whole, constant(i), gast.Load()) for i, _ in carried]
        else:
            return [s, *[assign(self.f.scope.tangent(v), self.zeros(name(v)), s) for _, v in carried]]
        stores = [name(self.f.scope.tangent(v), gast.Store()) for _, v in carried]
        if len(stores) == 1:
            return [assign(stores[0], values[0], s), s]
        return [assign(gast.Tuple(stores, gast.Store()), gast.Tuple(values, gast.Load()), s), s]

    # -- updates -----------------------------------------------------------------------------------------------------

    def _update(self, s: gast.AugAssign) -> Block:
        """`x += v` and its like. What is written in place has its tangent written in place, too."""
        kind = self.f.shaper.kind(_loaded(s.target))
        if is_name(s.target) and is_immutable_number(kind):
            return self._assignment(assign(s.target.id, gast.BinOp(name(s.target.id), s.op, s.value), s), s.target.id)
        d_place, d_value = self.place(s.target), self.tangent_of(s.value)
        if isinstance(kind, (List, Tuple)):
            d_value = clone(s.value) if isinstance(s.op, gast.Mult) else self.leaf(s.value)
            return [s, augment(d_place, s.op, d_value, s)]
        if isinstance(s.op, (gast.Add, gast.Sub)):
            return [s] if d_value is None else [augment(d_place, s.op, d_value, s), s]
        if isinstance(s.op, (gast.Mult, gast.Div)) and d_value is None:
            return [augment(d_place, s.op, clone(s.value), s), s]
        if isinstance(s.op, gast.Mult) and is_immutable_number(kind):
            before, tangent = self._operation(s, d_place, gast.BinOp(_loaded(s.target), s.op, s.value))
            assert tangent is not None
            return [*before, assign(d_place, tangent, s), s]
        if isinstance(s.op, gast.Mult):
            part = self.f.scope.fresh(f"{base_name(s.target)}_part")
            made = assign(part, gast.BinOp(_loaded(s.target), gast.Mult(), d_value), s)
            scaled = augment(d_place, gast.Mult(), clone(s.value), s)
            return [made, scaled, augment(clone(d_place), gast.Add(), name(part), s), s]
        if isinstance(s.op, gast.Div) and not is_immutable_number(kind) and not self._shares(s, s.value):
            place = _loaded(s.target)
            return [s, augment(d_place, gast.Sub(), gast.BinOp(place, gast.Mult(), d_value), s),
                    augment(clone(d_place), gast.Div(), clone(s.value), s)]
        return self._recomputed(s, kind)

    def _shares(self, s: gast.AugAssign, value: gast.expr) -> bool:
        base, other = base_name(s.target), base_name(value)
        return base is not None and other in {base, *self.f.p.sharing.sharers(s, base)}

    def _recomputed(self, s: gast.AugAssign, kind: Kind) -> Block:
        """`x **= v` by way of the new value, which then takes the place of the old."""
        if not isinstance(kind, Array) and not is_immutable_number(kind):
            raise self._refuse(s, "what is updated here may be a number or an array", "write `x[i] = x[i] / v`")
        part = self.f.scope.fresh(f"{base_name(s.target)}_new")
        self.f.shaper.env[part] = kind
        value = gast.BinOp(_loaded(s.target), s.op, s.value)
        before, tangent = self._operation(s, name(part), value)
        tangent = constant(0.0) if tangent is None else tangent
        whole: gast.expr = self.place(s.target)
        place = clone(s.target)
        if isinstance(kind, Array):
            whole = gast.Subscript(_loaded(whole), constant(...), gast.Store())
            place = gast.Subscript(_loaded(place), constant(...), gast.Store())
        return [assign(part, value, s), *before, assign(whole, tangent, s), assign(place, name(part), s)]

    # -- calls -------------------------------------------------------------------------------------------------------

    def _list_method(self, s: gast.stmt, info: ListMethod) -> Block:
        call = s.value  # type: ignore[attr-defined]
        receiver = call.func.value
        if base_name(receiver) not in self.f.carriers:
            return [s]
        also = substitute(call, {})
        also.func.value = self.mirrored(receiver)
        if info.item is not None:
            also.args[-1] = self.leaf(info.item)
        targets = target_names(s)
        if not targets:
            return [s, located(gast.Expr(also), s)]
        if targets[0] not in self.f.carriers:
            return [located(gast.Expr(also), s), s]
        return [assign(self.f.scope.tangent(targets[0]), also, s), s]

    def _call(self, s: Any, info: Called) -> Block:
        target = s.targets[0].id if isinstance(s, gast.Assign) else None  # type: ignore[attr-defined]
        active = tuple(base_name(a) in self.f.carriers for a in info.arguments)
        if not self._gives_a_tangent(info, target) and not self._stores_outside(info):
            active = tuple(False for _ in active)
        zeros = [assign(self.f.scope.tangent(target), self.zeros(name(target)), s)] if target in self.f.carriers else []
        if not any(active) and not self._has_no_name(s):
            return [s, *zeros]
        refuse_passed_twice(s, info, self.f.p)
        title = self.f.call_of(info.callee, active)
        dots = [self.mirrored(a) for a, on in zip(info.arguments, active, strict=True) if on]
        call = gast.Call(name(title), [*checked_arguments(s, info, self.f.p, self.f.scope), *dots], [])
        if target is None:
            return [located(gast.Expr(call), s)]
        if not carries_derivative(info.callee.result or UNKNOWN):
            return [with_value(s, call), *zeros]
        d_target = self.f.scope.tangent(target) if target in self.f.carriers else "_"
        both = gast.Tuple([name(target, gast.Store()), name(d_target, gast.Store())], gast.Store())
        return [assign(both, call, s)]

    def _stores_outside(self, info: Called) -> bool:
        """May the function store in an attribute of an object that has no tangent? Its own text tells what is lost."""
        given = zip(info.callee.parameters, info.arguments, strict=True)
        return any(p in info.callee.written and isinstance(self.f.shaper.kind(a), Object) for p, a in given)

    def _gives_a_tangent(self, info: Called, target: str | None) -> bool:
        """Does a tangent come out of the call, in its result or in what it writes into?"""
        pairs = zip(info.callee.parameters, info.arguments, strict=True)
        result = target in self.f.carriers and carries_derivative(info.callee.result or UNKNOWN)
        return result or any(p in info.callee.written and base_name(a) in self.f.carriers for p, a in pairs)

    def _has_no_name(self, s: Any) -> bool:
        """Is a nested function called that was handed in as an argument?"""
        function: Any = getattr(s.value, "func", None)
        program = self.f.p.program
        return is_name(function) and function.id not in self.f.local and program.namespace.lookup(function.id) is MISSING


def _loaded(place: gast.expr) -> gast.expr:
    new = clone(place)
    new.ctx = gast.Load()
    return new


def _reads(e: gast.expr, variable: str) -> int:
    """How often an expression reads a variable."""
    return sum(is_name(node, variable) for node in walk(e))
