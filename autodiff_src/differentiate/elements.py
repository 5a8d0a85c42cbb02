"""The backward text of reads and writes of elements."""

from __future__ import annotations

import gast
import numpy as np

from autodiff_src.analyze.complex_kinds import holds_complex
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Dict,
    Float,
    Inert,
    Kind,
    List,
    Object,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
    is_dict,
    is_immutable_number,
    is_integer,
    number_in,
)
from autodiff_src.analyze.mutability import is_varying_number
from autodiff_src.differentiate.accumulate import Accumulator
from autodiff_src.differentiate.contributions import FULL, relate
from autodiff_src.differentiate.inline import Contribution
from autodiff_src.runtime import adjoints
from autodiff_src.runtime.values import kept
from autodiff_src.syntax import (
    assign,
    augment,
    base_name,
    clone,
    constant,
    expression,
    name,
    with_base,
)


class ElementReverser(Accumulator):
    # -- elements ----------------------------------------------------------------------------------------------------

    def _read(self, s: gast.Assign, target: str, value: gast.Subscript) -> list[gast.stmt]:
        if any(self.varied(s, n) for n in self.c.operands.in_index(value)):
            raise self.refuse(s, "an index that carries a derivative is not differentiated", "call a function of it")
        base = value.value.id if isinstance(value.value, gast.Name) else None
        if base is None and any(self.varied(s, n) for n in self.c.operands.of(s)):
            raise self.refuse(s, "an element of an element is not differentiated here", "take it in two steps")
        if base is None or not self.varied(s, base):
            return []
        kind = self.kind(base)
        if isinstance(kind, Scalar):  # an index of a NumPy scalar gives it, an array of it or an empty one
            total = expression("np.sum(e)", np=self.c.scope.reference(np, "np"), e=self.d(target))
            return self.contribute(s, [Contribution(base, total)], killed=(base,) if base == target else ())
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
        if first and isinstance(value.slice, gast.Constant):
            made = self._display_of(s, base, {value.slice.value: target})
            if made is not None:
                return [made]
        without_axes = isinstance(kind, Array) and kind.shape == ()
        before = [self.zero(base, s)] if first else self._writable(s, base) if without_axes else []
        if base in self.c.refilled and not isinstance(kind, Array):  # the number 0 may stand there now, of no shape
            before += self.full(s, target)
        return before + self._add_at(s, place, kind, self._as_element(value, target), first)

    def _as_element(self, element: gast.expr, target: str) -> gast.expr:
        """The adjoint of what was read; its real part where the element is real and the variable is complex later."""
        if holds_complex(self.kind(target)) and holds_complex(self.c.shaper.kind(element)) is False:
            return expression("np.real(d)", np=self.c.scope.reference(np, "np"), d=self.d(target))
        return self.d(target)

    def _display_of(self, s: gast.stmt, base: str, elements: dict[int, str]) -> gast.stmt | None:
        """The adjoint of a tuple of which only these elements matter, made at once; None where a shape is not certain."""
        zeros = self.c.shaper.zeros(base)
        if not isinstance(self.kind(base), Tuple) or not isinstance(zeros, gast.List):
            return None
        if base in self.c.shadowed or not all(-1 < i < len(zeros.elts) for i in elements):
            return None
        for i, element in elements.items():
            want, d = self.kind(element), self.d(element)
            have = self.c.env.get(d.id, UNKNOWN)
            if isinstance(want, Array):
                if not isinstance(have, (Array, Float, Scalar)) or want.dtype is None or want.shape is None:
                    return None
                if not isinstance(have, Array) or have.dtype != want.dtype or have.shape is None or (
                        relate(want.shape, have.shape) != FULL):
                    of = zeros.elts[i].args[0]  # type: ignore[attr-defined]
                    d = expression("np.full_like(x, e)", np=self.c.scope.reference(np, "np"), x=of, e=d)
            elif not isinstance(want, (Float, Scalar)):
                return None
            zeros.elts[i] = d
        return assign(self.d(base).id, zeros, s)

    def _add_at(
        self, s: gast.stmt, place: gast.Subscript, kind: Kind, value: gast.expr, first: bool
    ) -> list[gast.stmt]:
        """`place += value`, right whatever the index is."""
        if isinstance(kind, Array):
            if self.c.memory.is_basic(place.slice) or self._names_none_twice(place.slice):
                return [assign(place, value, s) if first else augment(place, gast.Add(), value, s)]
            at = expression(
                "np.add.at(d, i, e)",
                np=self.c.scope.reference(np, "np"),
                d=_load(place.value),
                i=_index_object(place.slice),
                e=self._in_full(place, kind, value),
            )
            return [gast.Expr(at)]
        if isinstance(kind, (List, Tuple, Dict)):
            item = _item_kind(kind, place.slice)
            if isinstance(number_in(item) if isinstance(kind, Object) else item, (Float, Scalar)):
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

    def _in_full(self, place: gast.Subscript, kind: Array, value: gast.expr) -> gast.expr:
        """What is added at an index, in its shape where `np.add.at` needs that (see `runtime.integer_indices.in_full`)."""
        index, have = self.c.shaper.kind(place.slice), self.c.shaper.kind(value)
        flat = isinstance(index, Array) and index.ndim in (0, 1) or isinstance(index, List) and is_integer(index.item)
        one_axis = not isinstance(have, (Float, Scalar)) and not (isinstance(have, Array) and have.ndim not in (None, 1))
        if flat or not one_axis or kind.ndim not in (None, 1):
            return value
        text = "np.broadcast_to(e, d[i].shape)"
        return expression(text, np=self.c.scope.reference(np, "np"), e=value, d=_load(place.value), i=place.slice)

    def _names_none_twice(self, index: gast.expr) -> bool:
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        kinds = [self.c.shaper.kind(p) for p in parts if not isinstance(p, gast.Slice)]
        if all(isinstance(k, Bool) or isinstance(k, (Array, Scalar)) and k.dtype == np.bool_ for k in kinds):
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
        if not self.after(s, base) or not carries_derivative(_item_kind(self.kind(base), target.slice)):
            return []
        place = with_base(target, self.d(base))
        value = s.value
        varied_before = self.varied(s, base)
        if not isinstance(self.kind(base), Array) and not isinstance(target.value, gast.Name):
            raise self.refuse(s, "an array in a container is written into", "give the array a name of its own")
        if not isinstance(value, gast.Name) or not self.varied(s, value.id):
            return self._clear(s, place, base) if varied_before else []
        if not isinstance(self.kind(base), Array):
            return self._store_item(s, place, base, value.id)
        held = self.c.scope.fresh(f"{self.d(base).id}_part")
        read = self._last_written(place)
        element = self.c.shaper.kind(_load(target))
        self.c.env[held] = element
        if not isinstance(element, (Float, Scalar)) and not self.c.memory.is_copying(target.slice):
            read = expression("e.copy()", e=read)
        new: list[gast.stmt] = [assign(held, read, s)]
        if varied_before:
            new += self._clear(s, place, base)
        return new + self.contribute(s, [Contribution(value.id, name(held))])

    def _last_written(self, place: gast.Subscript) -> gast.expr:
        """The part of an adjoint that a write at `place` takes over: of an element that is named twice, the last one."""
        if self._names_each_once(place.slice):
            return _load(place)
        function = self.c.scope.reference(adjoints.last_written, "last_written")
        return expression("f(d, i)", f=function, d=_load(place.value), i=_index_object(place.slice))

    def _names_each_once(self, index: gast.expr) -> bool:
        parts = index.elts if isinstance(index, gast.Tuple) else [index]
        basic = all(self.c.memory.is_basic(p) or is_integer(self.c.shaper.kind(p)) for p in parts)
        return basic or self._names_none_twice(index)

    def _refuse_repeats(self, s: gast.stmt, index: gast.expr) -> None:
        if not self._names_each_once(index):
            raise self.refuse(
                s,
                "a write at integer indices, which may name an element twice, is not differentiated yet",
                "write the elements in a loop, or use a mask",
            )

    def _clear(self, s: gast.stmt, place: gast.Subscript, base: str) -> list[gast.stmt]:
        """A zero at `place`: a number, since what stood there before may have had another shape; of a list, a tuple or a dict
        one for each number that was in it."""
        zero: gast.expr = constant(0.0)
        item = _item_kind(self.kind(base), place.slice)
        if isinstance(item, (List, Tuple, Dict)):
            before = place if _have_one_form(item, self.c.shaper.kind(s.value)) else s.targets[0]
            zero = expression("f(x)", f=self.c.scope.reference(adjoints.zeros_like, "zeros_like"), x=_load(before))
        return [*self._writable(s, base), assign(clone(place), zero, s)]

    def _writable(self, s: gast.stmt, base: str) -> list[gast.stmt]:
        """NumPy's arithmetic makes numbers of arrays without axes, which cannot be written into."""
        kind = self.kind(base)
        if base in self.c.shadowed or not isinstance(kind, Array) or kind.shape:
            return []
        return [assign(self.d(base).id, expression("np.asarray(d)", np=self.c.scope.reference(np, "np"), d=self.d(base)), s)]

    def _store_item(self, s: gast.stmt, place: gast.Subscript, base: str, value: str) -> list[gast.stmt]:
        read = _load(place)
        if isinstance(self.kind(base), Unknown):  # an array, perhaps
            self._refuse_repeats(s, place.slice)
            read = expression("f(x)", f=self.c.scope.reference(kept, "kept"), x=read)
        held = self.c.scope.fresh(f"{self.d(base).id}_item")
        kind = self.kind(base)
        item = _item_kind(kind, place.slice)
        if is_varying_number(item) and (isinstance(kind, (List, Object)) or base in self.c.shadowed):
            self.c.env[held] = item
        new: list[gast.stmt] = [assign(held, read, s), *self._clear(s, place, base)]
        return new + self.contribute(s, [Contribution(value, name(held))])

    def _in_place(self, s: gast.AugAssign) -> list[gast.stmt]:
        """`w[i] += v` and `w += v` on memory that others may see."""
        base = base_name(s.target)
        assert base is not None
        if not self.after(s, base):
            return []
        if isinstance(self.c.shaper.kind(s.value), (Object, Inert)):
            raise self.refuse(s, "an operator of a user's class is not differentiated", "call a method that does the same")
        target = s.target if isinstance(s.target, gast.Subscript) else name(base)
        place = with_base(target, self.d(base))
        value = s.value.id if isinstance(s.value, gast.Name) and self.varied(s, s.value.id) else None
        if not isinstance(self.kind(base), Array) and not isinstance(getattr(target, "value", target), gast.Name):
            raise self.refuse(s, "an array in a container is written into", "give the array a name of its own")
        added = isinstance(s.op, (gast.Add, gast.Sub)) and isinstance(self.kind(base), Array)
        single = isinstance(self.kind(base), (List, Dict)) or isinstance(target, gast.Name)
        if not added and not single and not self._names_each_once(target.slice):  # type: ignore[union-attr]
            raise self.refuse(
                s,
                "an update at integer indices, which may name an element twice, is not differentiated yet",
                "update the elements in a loop, or use a mask",
            )
        if isinstance(s.op, (gast.Add, gast.Sub)):
            if value is None:
                return []
            read = _load(place) if single else self._last_written(place)  # type: ignore[arg-type]
            if isinstance(s.op, gast.Sub):
                read = gast.UnaryOp(gast.USub(), read)
            self.c.env.setdefault(self.d(base).id, self.kind(base))
            return self.contribute(s, [Contribution(value, read)], persists=True)
        known = isinstance(self.kind(base), (Array, List, Dict)) or is_immutable_number(self.c.shaper.kind(s.value))
        alone = isinstance(target, gast.Name) and base not in self.c.shadowed  # a number may become an array then
        if not isinstance(s.op, (gast.Mult, gast.Div)) or not (known or alone):
            raise self.refuse(s, "this update in place is not differentiated yet", "write `x[i] = x[i] op v`")
        new: list[gast.stmt] = []
        zeros = self.c.strong_zeros
        if value is not None:
            text = "d * w" if isinstance(s.op, gast.Mult) else "-d * w / v / v"
            part = self.c.scope.fresh(f"{self.d(base).id}_part")
            product = expression(text, d=_load(place), w=_load(target), v=value)
            new = [assign(part, zeros.guarded(base, _load(place), product, self.c.shaper), s)]
            self.c.env.setdefault(self.d(base).id, self.kind(base))
            self.c.env[part] = self.c.shaper.kind(new[0].value)
        written = place if isinstance(place, gast.Subscript) else self.memory(base)
        new += self._writable(s, base) if isinstance(place, gast.Subscript) else []
        scaled = gast.BinOp(_load(place), s.op, clone(s.value))
        checked = zeros.guarded(base, _load(place), scaled, self.c.shaper)
        if checked is not scaled:
            whole = isinstance(written, gast.Name) and isinstance(self.kind(base), Array)
            new.append(assign(gast.Subscript(self.d(base), constant(...), gast.Store()) if whole else written, checked, s))
        else:
            new.append(augment(written, s.op, clone(s.value), s) if known else assign(self.d(base).id, scaled, s))
        return new + (self.contribute(s, [Contribution(value, name(part))]) if value is not None else [])


def _load(node: gast.expr) -> gast.expr:
    new = clone(node)
    new.ctx = gast.Load()
    return new


def _item_kind(kind: Kind, index: gast.expr) -> Kind:
    if isinstance(kind, List):
        return kind if isinstance(index, gast.Slice) else kind.item
    if isinstance(kind, Tuple) and kind.items is not None and isinstance(index, gast.Constant):
        return kind.items[index.value]
    if isinstance(kind, Dict) and kind.items is not None and isinstance(index, gast.Constant):
        return dict(kind.items).get(index.value, UNKNOWN)
    return kind.item if is_dict(kind) and kind.items is None else UNKNOWN


def _have_one_form(one: Kind, other: Kind) -> bool:
    """Have values of these kinds certainly the same adjoints, but for numbers?"""
    if isinstance(one, List) and isinstance(other, List):
        return one.length is not None and one.length == other.length and _have_one_form(one.item, other.item)
    if isinstance(one, Tuple) and isinstance(other, Tuple) and one.items is not None and other.items is not None:
        return len(one.items) == len(other.items) and all(map(_have_one_form, one.items, other.items))
    if isinstance(one, Dict) and isinstance(other, Dict) and one.items is not None and other.items is not None:
        mine, theirs = dict(one.items), dict(other.items)
        return mine.keys() == theirs.keys() and all(_have_one_form(mine[key], theirs[key]) for key in mine)
    if isinstance(one, Array):
        return one == other and one.shape is not None and None not in one.shape
    return is_varying_number(one) and is_varying_number(other)


def _index_object(index: gast.expr) -> gast.expr:
    """An index as an object of its own: slices become calls of `slice`."""
    if isinstance(index, gast.Slice):
        bounds = [p or constant(None) for p in (index.lower, index.upper, index.step)]
        count = 3 if index.step else 2 if index.lower else 1
        return gast.Call(name("slice"), bounds[1:2] if count == 1 else bounds[:count], [])
    if isinstance(index, gast.Tuple):
        return gast.Tuple([_index_object(e) for e in index.elts], gast.Load())
    return index
