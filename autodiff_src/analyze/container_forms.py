"""Statements on containers that become several once kinds are known.

    rows[i][j] = v      ->      item = rows[i]
                                item[j] = v
    arrays[i] += v      ->      item = arrays[i]
                                item += v
    v = d.get(k, w)     ->      if k in d: v = d[k]         # d: a dict
                                else: v = w
    items += v          ->      for k in range(len(v)):     # items: a list
                                    value = v[k]
                                    items.append(value)
    items *= n          ->      repeated = items * n
                                items[:] = repeated
    items[i:j] = v      ->      the same if so many items are taken out as are put in, else `pop` and `insert` for each
"""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Array, Kind, Known, List, Tuple, is_dict
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime.adjoints import check_same_length
from autodiff_src.runtime.values import check_rebound
from autodiff_src.syntax import assign, augment, clone, constant, expression, is_constant, is_name, located, name, statement


class ContainerForms:
    """The statements of one function, each written out once."""

    def __init__(self, program: Program, expressions: ExpressionKinds, names: FreshNames, outside: OutsideNames):
        self.program, self.expressions, self.names, self.outside = program, expressions, names, outside
        self.done: dict[tuple[int, str], Any] = {}  # by the statement and its form: a loop may show other kinds later
        self.same_length: set[int] = set()  # ids of statements that write as many items into a slice as there are

    def of_dict(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a call of `get`, `setdefault`, `update` or `pop` of a dict; None for other statements."""
        call = s.value
        if not (isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute) and is_name(call.func.value)):
            return None
        ways = {"get": self._get, "setdefault": self._set_default, "update": self._update, "pop": self._pop}
        write = ways.get(call.func.attr)
        if write is None or not is_dict(env.get(call.func.value.id, UNKNOWN)):
            return None
        if write == self._pop and len(call.args) == 1 and isinstance(s, gast.Assign):
            return None
        given = [kind for kind in (self.expressions.kind(a, env) for a in call.args) if is_dict(kind)]
        form = f"of dict, given {[kind.items if kind.items is None else [key for key, _ in kind.items] for kind in given]}"
        if (id(s), form) not in self.done:
            self.done[id(s), form] = [located(t, s) for t in write(s, call, env)]
        return self.done[id(s), form]

    def _get(self, s: gast.Assign | gast.Expr, call: gast.Call, env: Env) -> list[gast.stmt]:
        """`v = d.get(k, default)`"""
        if isinstance(s, gast.Expr):
            return [located(gast.Pass(), s)]
        key, default = call.args[0], call.args[1] if len(call.args) == 2 else constant(None)
        test = expression("k in d", k=key, d=call.func.value)  # type: ignore[attr-defined]
        item = expression("d[k]", k=key, d=call.func.value)  # type: ignore[attr-defined]
        return [gast.If(test, [assign(s.targets[0], item)], [assign(clone(s.targets[0]), default)])]

    def _pop(self, s: gast.Assign | gast.Expr, call: gast.Call, env: Env) -> list[gast.stmt]:
        """`v = d.pop(k, default)`, and `d.pop(k)` by itself"""
        target: gast.expr = s.targets[0] if isinstance(s, gast.Assign) else name(self.names.fresh("dropped"), gast.Store())
        taken = assign(target, gast.Call(call.func, call.args[:1], []))
        if len(call.args) == 1:
            return [taken]
        test = expression("k in d", k=call.args[0], d=call.func.value)  # type: ignore[attr-defined]
        return [gast.If(test, [taken], [assign(clone(target), call.args[1])])]

    def _set_default(self, s: gast.Assign | gast.Expr, call: gast.Call, env: Env) -> list[gast.stmt]:
        """`v = d.setdefault(k, default)`"""
        key, default = call.args[0], call.args[1] if len(call.args) == 2 else constant(None)
        item = expression("d[k]", k=key, d=call.func.value)  # type: ignore[attr-defined]
        place = clone(item)
        place.ctx = gast.Store()
        test = expression("k not in d", k=key, d=call.func.value)  # type: ignore[attr-defined]
        read = [assign(s.targets[0], item)] if isinstance(s, gast.Assign) else []
        item = name(self.names.fresh("item"))
        return [gast.If(test, [assign(item.id, default), assign(place, item)], []), *read]

    def _update(self, s: gast.Assign | gast.Expr, call: gast.Call, env: Env) -> list[gast.stmt]:
        """`d.update(e, k=v)` with a dict `e`"""
        d = call.func.value  # type: ignore[attr-defined]
        new: list[gast.stmt] = []
        for a in call.args:
            kind = self.expressions.kind(a, env)
            if not is_dict(kind):
                raise UnsupportedError("a dict is updated with what is not known to be a dict", self.program.place(s),
                                       "set its items in a loop")
            if not is_name(a):
                new.append(assign(self.names.fresh("items"), a))
                a = new[-1].targets[0]  # type: ignore[attr-defined]
            if kind.items is None:
                new += self._items_of_table(d, a)
            for key, _ in kind.items or ():
                new += self._item_set(d, constant(key), gast.Subscript(clone(a), constant(key), gast.Load()))
        for k in call.keywords:
            new += self._item_set(d, constant(k.arg), k.value)
        return new or [gast.Pass()]

    def _items_of_table(self, d: gast.expr, other: gast.expr) -> list[gast.stmt]:
        keys, k = self.names.fresh("keys"), self.names.fresh("k")
        key = expression("x[k]", x=keys, k=k)
        body = self._item_set(d, key, gast.Subscript(name(other.id), clone(key), gast.Load()))  # type: ignore[attr-defined]
        found = gast.Call(self._own("list", list), [name(other.id)], [])  # type: ignore[attr-defined]
        return [assign(keys, found), gast.For(name(k, gast.Store()), expression("range(len(x))", x=keys), body, [], None)]

    def _item_set(self, d: gast.expr, key: gast.expr, value: gast.expr) -> list[gast.stmt]:
        held = self.names.fresh("item")
        return [assign(held, value), assign(gast.Subscript(clone(d), key, gast.Store()), name(held))]

    def item_store(self, s: gast.Assign | gast.AugAssign, target: gast.Subscript, base: gast.Subscript) -> Any:
        if (id(s), "item") not in self.done:
            item = self.names.fresh("item")
            place = gast.Subscript(name(item), target.slice, gast.Store())
            store = gast.Assign([place], s.value, None) if isinstance(s, gast.Assign) else gast.AugAssign(place, s.op, s.value)
            read = assign(item, gast.Subscript(base.value, base.slice, gast.Load()), s)
            self.done[id(s), "item"] = [read, located(store, s)]
        return self.done[id(s), "item"]

    def item_update(self, s: gast.AugAssign, target: gast.Subscript) -> list[gast.stmt]:
        if (id(s), "update") not in self.done:
            item = self.names.fresh("item")
            read = clone(target)
            read.ctx = gast.Load()
            self.done[id(s), "update"] = [assign(item, read, s), augment(item, s.op, s.value, s)]
        return self.done[id(s), "update"]

    def slice_store(self, s: gast.Assign | gast.AugAssign, target: gast.Subscript, env: Env) -> list[gast.stmt] | None:
        """What stands for `items[i:j] = v`; None where as many items are put in as are taken out."""
        if isinstance(s, gast.AugAssign):
            raise UnsupportedError("an update of a slice of a list is not differentiated",
                                   self.program.place(s), "write its items one by one")
        part = gast.Subscript(target.value, target.slice, gast.Load())
        out, kind = _length(self.expressions.kind(part, env)), self.expressions.kind(s.value, env)
        new = _length(kind)
        if id(s) in self.same_length or out == new is not None:
            return None
        adjoining = target.slice.step is None or is_constant(target.slice.step) and target.slice.step.value in (None, 1)
        sequence = isinstance(kind, (List, Tuple))
        form = f"slice of {out} by {new}" if adjoining and sequence else "slice of as many"
        if (id(s), form) not in self.done:
            store = assign(target, clone(s.value))
            self.same_length.add(id(store))
            check = gast.Call(self._own("check_same_length", check_same_length), [part, clone(s.value)], [])
            written = self._with_other_length(store, part, out, new) if adjoining and sequence else [gast.Expr(check), store]
            self.done[id(s), form] = [located(t, s) for t in written]
        return self.done[id(s), form]

    def _with_other_length(self, store: gast.Assign, part: gast.Subscript, out: int | None, new: int | None) -> list[gast.stmt]:
        """`out` items are taken out and `new` ones put in, if that is known."""
        names = {n: self.names.fresh(n) for n in ("items", "start", "trip", "dropped", "k", "place", "item")}
        items = assign(names["items"], gast.Call(self._own("list", list), [store.value], []))
        store.value = name(names["items"])
        whole = expression("range(len(x))", x=part.value)
        start = gast.Attribute(gast.Subscript(whole, part.slice, gast.Load()), "start", gast.Load())
        taken_out = statement("for trip in range(len(part)):\n    dropped = x.pop(start)", part=part, x=part.value, **names)
        put_in = statement("for k in range(len(items)):\n    place = start + k\n    item = items[k]\n    x.insert(place, item)",
                           x=part.value, **names)
        written = [assign(names["start"], start), *([] if out == 0 else [taken_out]), *([] if new == 0 else [put_in])]
        if out is not None and new is not None:
            return [items, *written]
        return [items, gast.If(expression("len(part) == len(items)", part=part, **names), [store], written)]

    def rebinding_check(self, s: gast.AugAssign) -> list[gast.stmt]:
        if (id(s), "rebinding") not in self.done:
            read = clone(s.target)
            read.ctx = gast.Load()
            holder = [clone(read.value)] if isinstance(read, gast.Subscript) else []
            check = gast.Call(self._own("check_rebound", check_rebound), [read, *holder], [])
            self.done[id(s), "rebinding"] = [located(gast.Expr(check), s)]
        return self.done[id(s), "rebinding"]

    def dict_update(self, s: gast.AugAssign) -> list[gast.stmt]:
        """`d |= e`"""
        if (id(s), "dict update") not in self.done:
            self.done[id(s), "dict update"] = [statement("d.update(e)", s, d=s.target.id, e=s.value)]  # type: ignore
        return self.done[id(s), "dict update"]

    def repetition(self, s: gast.AugAssign) -> list[gast.stmt]:
        """`items *= n`"""
        if (id(s), "repetition") not in self.done:
            repeated, items = self.names.fresh("repeated"), s.target.id  # type: ignore[attr-defined]
            whole = assign(repeated, gast.BinOp(name(items), s.op, s.value))
            self.done[id(s), "repetition"] = [located(whole, s), statement("x[:] = r", s, x=items, r=repeated)]
        return self.done[id(s), "repetition"]

    def _own(self, wanted: str, function: Any) -> gast.Name:
        """A name for a function of ours."""
        return name(self.outside.name_for(function, wanted))

    def of_call(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a call of a method of a list or a dict; None for other statements."""
        if not isinstance(s, gast.Expr):
            return self.of_dict(s, env)
        return self.of_dict(s, env) or self.extended(s, env) or self.rearranged(s, env)

    def rearranged(self, s: gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for `sort()`, `reverse()`, `clear()`, `remove(v)` and `pop(i)` of a list; None for other statements."""
        call = s.value
        if not (isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute) and is_name(call.func.value)):
            return None
        ways = {"sort": self._sort, "reverse": self._reverse, "clear": self._clear, "remove": self._remove, "pop": self._drop}
        write = ways.get(call.func.attr)
        if write is None or call.keywords or not isinstance(env.get(call.func.value.id), List):
            return None
        if (id(s), "rearranged") not in self.done:
            self.done[id(s), "rearranged"] = [located(t, s) for t in write(call.func.value.id, call.args)]
        return self.done[id(s), "rearranged"]

    def _sort(self, items: str, _: list[gast.expr]) -> list[gast.stmt]:
        ordered = self.names.fresh("ordered")
        call = gast.Call(self._own("sorted", sorted), [name(items)], [])
        return [assign(ordered, call), self._all_written(items, ordered)]

    def _reverse(self, items: str, _: list[gast.expr]) -> list[gast.stmt]:
        turned = self.names.fresh("turned")
        return [assign(turned, expression("x[::-1]", x=items)), self._all_written(items, turned)]

    def _all_written(self, items: str, values: str) -> gast.stmt:
        store = statement("x[:] = y", x=items, y=values)
        self.same_length.add(id(store))
        return store

    def _drop(self, items: str, place: list[gast.expr]) -> list[gast.stmt]:
        taken = gast.Call(gast.Attribute(name(items), "pop", gast.Load()), place, [])
        return [assign(self.names.fresh("dropped"), taken)]

    def _clear(self, items: str, _: list[gast.expr]) -> list[gast.stmt]:
        k = name(self.names.fresh("k"), gast.Store())
        drop = assign(self.names.fresh("dropped"), expression("x.pop()", x=items))
        return [gast.For(k, expression("range(len(x))", x=items), [drop], [], None)]

    def _remove(self, items: str, given: list[gast.expr]) -> list[gast.stmt]:
        place, dropped = self.names.fresh("place"), self.names.fresh("dropped")
        found = expression("x.index(v)", x=items, v=given[0])
        return [assign(place, found), assign(dropped, expression("x.pop(i)", x=items, i=place))]

    def extended(self, s: gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for `items.extend(values)` of a list; None for other statements."""
        call = s.value
        if not (isinstance(call, gast.Call) and isinstance(call.func, gast.Attribute) and call.func.attr == "extend"):
            return None
        receiver = call.func.value
        if not is_name(receiver) or not isinstance(env.get(receiver.id), List) or len(call.args) != 1:
            return None
        return self.extension(s, receiver.id, call.args[0], self.expressions.kind(call.args[0], env))

    def extension(self, s: gast.stmt, items: str, values: gast.expr, kind: Kind) -> list[gast.stmt]:
        if (id(s), "extension") not in self.done:
            self.done[id(s), "extension"] = self._extension(s, items, values, kind)
        return self.done[id(s), "extension"]

    def _named(self, e: gast.expr, s: gast.stmt, before: list[gast.stmt]) -> gast.expr:
        """A name for a display, which `before` binds, and for those in it; any other expression itself."""
        if not isinstance(e, (gast.List, gast.Tuple)):
            return e
        inner = e.__class__([self._named(part, s, before) for part in e.elts], gast.Load())
        before.append(assign(self.names.fresh("item"), inner, s))
        return name(before[-1].targets[0].id)  # type: ignore[attr-defined]

    def _extension(self, s: gast.stmt, items: str, values: gast.expr, kind: Kind) -> list[gast.stmt]:
        if isinstance(values, (gast.List, gast.Tuple)):
            new: list[gast.stmt] = []
            for e in values.elts:
                item = self._named(e, s, new)
                new.append(statement("x.append(v)", s, x=items, v=item))
            return new
        known = isinstance(kind, (List, Tuple)) or isinstance(kind, Known) and isinstance(kind.value, str)
        if isinstance(s, gast.Expr):
            known = known or isinstance(kind, Array)  # `items += array` is an addition of arrays
        if not is_name(values) or not known:
            raise UnsupportedError("a list is extended with the items of something that is not known to be a sequence",
                                   self.program.place(s), "append them in a loop")
        k, value = self.names.fresh("k"), self.names.fresh("value")
        body = [
            assign(value, gast.Subscript(clone(values), name(k), gast.Load()), s),
            statement("x.append(v)", s, x=items, v=value),
        ]
        return [located(gast.For(name(k, gast.Store()), expression("range(len(x))", x=values), body, [], None), s)]


def _length(kind: Kind) -> int | None:
    """The number of items of a list or a tuple, if it is known."""
    if isinstance(kind, Tuple):
        return None if kind.items is None else len(kind.items)
    return kind.length if isinstance(kind, List) and isinstance(kind.length, int) else None
