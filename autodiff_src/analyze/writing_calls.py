"""Calls that write into an array become writes.

    np.copyto(x, v)               ->    x[...] = v
    np.put(x, i, v)               ->    x[i] = v                  # x: a vector
    np.place(x, m, v)             ->    x[m] = np.resize(v, np.count_nonzero(m))
    np.putmask(x, m, v)           ->    values = np.resize(v, np.shape(x)); x[m] = values[m]
    np.put_along_axis(x, i, v, 1) ->    places = places_along(i, x, 1); x[places[0], places[1]] = v
    np.add.at(x, i, v)            ->    added = placed(v, i, x); x += added
    np.nan_to_num(x, copy=False)  ->    result = np.nan_to_num(x); x[...] = result
    np.exp(a, x)                  ->    np.exp(a, out=x)
    np.exp(a, out=x)              ->    result = np.exp(a); x[...] = result
    np.log(a, out=x, where=m)     ->    safe = np.where(m, a, 0.5); result = np.log(safe)
                                        chosen = np.where(m, result, x); x[...] = chosen
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Array, Kind
from autodiff_src.analyze.out_arguments import with_named_out
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import MISSING, FreshNames, Program
from autodiff_src.rules import is_cut, rule_for
from autodiff_src.runtime.adjoints import check_put, check_some, placed, places_along
from autodiff_src.syntax import assign, augment, clone, constant, expression, is_atom, is_name, located, name, with_value

_UPDATES: dict[Any, type[gast.operator]] = {np.add.at: gast.Add, np.subtract.at: gast.Sub}
# Operands where `where` is false: every function that has a rule, these aside, has a finite derivative there.
_SAFE = 0.5
_NOWHERE_SAFE = (np.arccosh,)

Lowered = list[gast.stmt]
Lowering = Callable[[Any, gast.Call, Env], Lowered]


class WritingCalls:
    """Rewrites the calls of one function that write into arrays whose dtype is known to be floating."""

    def __init__(self, program: Program, expressions: ExpressionKinds, names: FreshNames, local: set[str],
                 outside: OutsideNames):
        self.program, self.expressions, self.names, self.local = program, expressions, names, local
        self.outside = outside
        self.rewritten: dict[int, Lowered] = {}
        self.named: dict[int, Any] = {}
        self.functions: dict[Any, Lowering] = {
            np.copyto: self._copyto, np.fill_diagonal: self._fill_diagonal, np.put: self._put,
            np.place: self._place, np.putmask: self._putmask, np.put_along_axis: self._put_along_axis,
            **dict.fromkeys(_UPDATES, self._update_at),
        }
        self.methods: dict[str, Lowering] = {
            "fill": self._fill, "put": self._put_method, "sort": self._ordered, "partition": self._ordered}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> Lowered | None:
        """What stands for a statement whose call writes into an array; None for other statements."""
        if not isinstance(s.value, gast.Call):
            return None
        function = self.expressions.function(s.value.func, env)
        named = self._with_named_out(s, function, env)
        written = _keyword(named.value, "out")
        if written is not None and not is_atom(written):
            return self._in_two_steps(named, written)
        lower = self._lowering(named.value, function, env)
        if lower is None:
            return None if named is s else [named]
        if id(s) not in self.rewritten:
            new = [t for made in lower(named, named.value, env) for t in self._with_atom(made)]
            if isinstance(s, gast.Assign) and lower not in (self._out, self._replaced):  # all others return None
                new.append(assign(clone(s.targets[0]), constant(None)))
            self.rewritten[id(s)] = [located(t, s) for t in new]
        return self.rewritten[id(s)]

    def _with_atom(self, s: gast.stmt) -> Lowered:
        """A store in core form is one of a variable or a constant: a list that is displayed has a name first."""
        if not isinstance(s, gast.Assign) or not isinstance(s.targets[0], gast.Subscript) or is_atom(s.value):
            return [s]
        value = self._new("value")
        return [assign(value, s.value), with_value(s, name(value))]

    def _with_named_out(self, s: Any, function: Any, env: Env) -> Any:
        receiver = self.expressions.kind(s.value.func.value, env) if isinstance(s.value.func, gast.Attribute) else UNKNOWN
        if function is MISSING and not isinstance(receiver, Array):
            return s
        return self.named.setdefault(id(s), with_named_out(s, function))

    def _in_two_steps(self, s: Any, written: gast.expr) -> Lowered:
        """What `out` names has a name first."""
        if id(s) not in self.rewritten:
            view = self._new("out")
            keywords = [gast.keyword("out", name(view)) if k.arg == "out" else k for k in s.value.keywords]
            call = gast.Call(s.value.func, s.value.args, keywords)
            self.rewritten[id(s)] = [located(assign(view, written), s), with_value(s, call)]
        return self.rewritten[id(s)]

    def _lowering(self, call: gast.Call, function: Any, env: Env) -> Lowering | None:
        written = _keyword(call, "out")
        if function is not MISSING:
            if written is not None and (rule_for(function) is not None or is_cut(function)):
                return self._out if self._takes(written, call, env) else None
            known = self.functions.get(function) if _hashable(function) else None
            if function is np.nan_to_num and _argument(call, "copy", 1) is not None:
                known = self._replaced
            return known if known and call.args and self._is_floating(call.args[0], env) else None
        if not isinstance(call.func, gast.Attribute) or not isinstance(self.expressions.kind(call.func.value, env), Array):
            return None
        if written is not None:
            return self._out if self._takes(written, call, env) else None
        return self.methods.get(call.func.attr) if self._is_floating(call.func.value, env) else None

    def _takes(self, written: gast.expr, call: gast.Call, env: Env) -> bool:
        """Is what `out` names an array that takes the result as NumPy would store it?"""
        kind = self.expressions.kind(written, env) if isinstance(written, gast.Name) else UNKNOWN
        if self._is_floating(written, env) or not isinstance(kind, Array) or kind.dtype is None:
            return self._is_floating(written, env)
        plain = gast.Call(call.func, call.args, [k for k in call.keywords if k.arg not in ("out", "where")])
        result = self.expressions.kind(plain, env)
        return isinstance(result, Array) and result.dtype is not None and np.can_cast(result.dtype, kind.dtype, "same_kind")

    def _is_floating(self, node: gast.expr, env: Env) -> bool:
        kind: Kind = self.expressions.kind(node, env) if isinstance(node, gast.Name) else UNKNOWN
        return isinstance(kind, Array) and kind.dtype is not None and kind.dtype.kind == "f"

    def _refusal(self, s: gast.stmt, what: str, fix: str) -> UnsupportedError:
        return UnsupportedError(f"{what} is not differentiated yet", self.program.place(s), fix)

    def _new(self, wanted: str) -> str:
        fresh = self.names.fresh(wanted)
        self.local.add(fresh)
        return fresh

    def _arguments(self, s: gast.stmt, call: gast.Call, *allowed: str) -> dict[str, gast.expr]:
        """The arguments behind the first by name."""
        given = dict(zip(allowed, call.args[1:], strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
        if len(call.args) - 1 > len(allowed) or not set(given) <= set(allowed) or len(given) < len(call.keywords):
            raise self._refusal(s, "this way of writing into an array", "assign to its elements")
        return given

    # -- functions and methods ---------------------------------------------------------------------------------------

    def _update_at(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        operator = next(op for at, op in _UPDATES.items() if at == self.expressions.function(call.func, env))
        given = self._arguments(s, call, "indices", "b")
        added = self._new("added")
        value = gast.Call(self._named("placed", placed), [given["b"], given["indices"], clone(call.args[0])], [])
        return [assign(added, value), augment(clone(call.args[0]), operator(), name(added))]

    def _copyto(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        given = self._arguments(s, call, "src", "casting", "where")
        if "casting" in given:
            raise self._refusal(s, "np.copyto with a casting rule", "assign to the elements")
        target = call.args[0]
        if "where" not in given:
            return [_written(target, given["src"])]
        return self._masked(target, given["where"], given["src"])

    def _fill_diagonal(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        given = self._arguments(s, call, "val")
        kind = self.expressions.kind(call.args[0], env)
        if not isinstance(kind, Array) or kind.ndim != 2:
            raise self._refusal(s, "np.fill_diagonal of other than a matrix", "assign to its elements")
        index = self._new("i")
        count = expression("np.arange(min(x.shape))", np=self._named("np", np), x=call.args[0])
        place = gast.Tuple([name(index), name(index)], gast.Load())
        return [assign(index, count), assign(gast.Subscript(clone(call.args[0]), place, gast.Store()), given["val"])]

    def _put(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        given = self._arguments(s, call, "ind", "v")
        kind = self.expressions.kind(call.args[0], env)
        if not isinstance(kind, Array) or kind.ndim != 1:
            raise self._refusal(s, "np.put into other than a vector", "assign to `x.reshape(-1)[...]`")
        check = gast.Call(self._named("check_put", check_put), [given["ind"], given["v"]], [])
        return [gast.Expr(check), assign(gast.Subscript(clone(call.args[0]), given["ind"], gast.Store()), given["v"])]

    def _place(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        given = self._arguments(s, call, "mask", "vals")
        before, mask = self._mask(given["mask"], given["vals"], call.args[0], env)
        count, value, numpy = self._new("count"), self._new("value"), self._named("np", np)
        return [*before, assign(count, expression("np.count_nonzero(m)", np=numpy, m=mask)),
                assign(value, expression("np.resize(v, n)", np=numpy, v=given["vals"], n=name(count))),
                assign(gast.Subscript(clone(call.args[0]), mask, gast.Store()), name(value))]

    def _putmask(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        given = self._arguments(s, call, "mask", "values")
        before, mask = self._mask(given["mask"], given["values"], call.args[0], env)
        shape, values, numpy = self._new("shape"), self._new("values"), self._named("np", np)
        value = self._new("value")
        return [*before, assign(shape, expression("np.shape(x)", np=numpy, x=call.args[0])),
                assign(values, expression("np.resize(v, n)", np=numpy, v=given["values"], n=name(shape))),
                assign(value, gast.Subscript(name(values), clone(mask), gast.Load())),
                assign(gast.Subscript(clone(call.args[0]), clone(mask), gast.Store()), name(value))]

    def _mask(self, mask: gast.expr, values: gast.expr, x: gast.expr, env: Env) -> tuple[Lowered, gast.expr]:
        """What is checked and made first, and the mask in the shape of `x`."""
        check: Lowered = [gast.Expr(gast.Call(self._named("check_some", check_some), [clone(values)], []))]
        own, numpy = self._new("mask"), self._named("np", np)
        if self._is_mask(mask, x, env):
            return [*check, assign(own, clone(mask))], name(own)
        flat, shape = self._new("mask"), self._new("shape")
        return [*check, assign(flat, expression("np.asarray(m, kind)", np=numpy, m=mask, kind=self._named("bool", bool))),
                assign(shape, expression("np.shape(x)", np=numpy, x=x)),
                assign(own, expression("np.reshape(m, n)", np=numpy, m=name(flat), n=name(shape)))], name(own)

    def _is_mask(self, mask: gast.expr, x: gast.expr, env: Env) -> bool:
        kind, whole = self.expressions.kind(mask, env), self.expressions.kind(x, env)
        return (isinstance(kind, Array) and isinstance(whole, Array) and kind.dtype == np.bool_
                and kind.ndim == whole.ndim is not None)

    def _put_along_axis(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        given = self._arguments(s, call, "indices", "values", "axis")
        kind = self.expressions.kind(call.args[0], env)
        if not isinstance(kind, Array) or not kind.ndim:
            raise self._refusal(s, "np.put_along_axis into an array with an unknown number of axes", "assign to its elements")
        places, parts = self._new("places"), [self._new("place") for _ in range(kind.ndim)]
        found = gast.Call(self._named("places_along", places_along), [given["indices"], clone(call.args[0]), given["axis"]], [])
        index = gast.Tuple([name(part) for part in parts], gast.Load())
        return [assign(places, found),
                *(assign(part, gast.Subscript(name(places), constant(k), gast.Load())) for k, part in enumerate(parts)),
                assign(gast.Subscript(clone(call.args[0]), index, gast.Store()), given["values"])]

    def _fill(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        if len(call.args) != 1 or call.keywords:
            raise self._refusal(s, "this way of filling an array", "assign to `x[...]`")
        return [_written(call.func.value, call.args[0])]  # type: ignore[attr-defined]

    def _put_method(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        return self._put(s, gast.Call(call.func, [call.func.value, *call.args], call.keywords), env)  # type: ignore[attr-defined]

    def _replaced(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        given = self._arguments(s, call, "copy", "nan", "posinf", "neginf")
        if not isinstance(given.pop("copy"), gast.Constant):
            raise self._refusal(s, "np.nan_to_num that copies or not", "write `copy=False` or leave it out")
        x, result = call.args[0], self._new("result")
        new = [assign(result, gast.Call(call.func, [clone(x)], [gast.keyword(n, v) for n, v in given.items()])),
               _written(x, name(result))]
        return [*new, assign(clone(s.targets[0]), clone(x))] if isinstance(s, gast.Assign) else new

    def _ordered(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        ordered, x = self._new("ordered"), call.func.value  # type: ignore[attr-defined]
        function = expression(f"np.{call.func.attr}", np=self._named("np", np))  # type: ignore[attr-defined]
        return [assign(ordered, gast.Call(function, [clone(x), *call.args], call.keywords)), _written(x, name(ordered))]

    # -- out= and where= -----------------------------------------------------------------------------------------------

    def _out(self, s: Any, call: gast.Call, env: Env) -> Lowered:
        target, mask = _keyword(call, "out"), _keyword(call, "where")
        assert target is not None
        keywords = [k for k in call.keywords if k.arg not in ("out", "where")]
        function, operands = self.expressions.function(call.func, env), list(call.args)
        new: Lowered = []
        if mask is not None:
            if not isinstance(function, np.ufunc) or function in _NOWHERE_SAFE:
                raise self._refusal(s, "`where=` of this function", "choose with np.where, or write through a mask")
            for i, operand in enumerate(operands):
                safe = self._new("safe")
                new.append(assign(safe, self._where(mask, operand, constant(_SAFE))))
                operands[i] = name(safe)
        result = self._new("result")
        new.append(assign(result, gast.Call(call.func, operands, keywords)))
        new += [_written(target, name(result))] if mask is None else self._masked(target, mask, name(result))
        return [*new, assign(clone(s.targets[0]), clone(target))] if isinstance(s, gast.Assign) else new

    def _masked(self, target: gast.expr, mask: gast.expr, value: gast.expr) -> Lowered:
        chosen = self._new("chosen")
        return [assign(chosen, self._where(mask, value, target)), _written(target, name(chosen))]

    def _where(self, mask: gast.expr, a: gast.expr, b: gast.expr) -> gast.expr:
        return expression("np.where(m, a, b)", np=self._named("np", np), m=mask, a=a, b=b)

    def _named(self, wanted: str, value: Any) -> gast.expr:
        return name(self.outside.name_for(value, wanted))


def _hashable(function: Any) -> bool:
    return getattr(type(function), "__hash__", None) is not None


def _keyword(call: gast.Call, word: str) -> gast.expr | None:
    """The value of a keyword argument, None where it is missing or None; of a tuple of one, what is in it."""
    value = next((k.value for k in call.keywords if k.arg == word), None)
    if isinstance(value, gast.Tuple) and len(value.elts) == 1:
        value = value.elts[0]
    return None if isinstance(value, gast.Constant) and value.value is None else value


def _argument(call: gast.Call, word: str, place: int) -> gast.expr | None:
    """An argument that is given and not True."""
    value = next((k.value for k in call.keywords if k.arg == word), call.args[place] if len(call.args) > place else None)
    return None if isinstance(value, gast.Constant) and value.value is True else value


def _written(target: gast.expr, value: gast.expr) -> gast.stmt:
    assert is_name(target)
    return assign(gast.Subscript(clone(target), constant(...), gast.Store()), clone(value))
