"""What an expression of generated code may do besides giving a value: raise, or change something."""
from __future__ import annotations

import math
import re
from collections.abc import Iterator, MutableMapping, MutableSequence, MutableSet
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import ExpressionKinds
from autodiff_src.analyze.kinds import UNKNOWN, Array, Bool, Float, Int, Kind, List, Scalar, is_immutable_number
from autodiff_src.analyze.sharing import Live, Uses
from autodiff_src.differentiate.fold import number
from autodiff_src.program import MISSING, Namespace, Program
from autodiff_src.runtime.objects import is_plain_class
from autodiff_src.runtime.transforms import RUNNING, TRANSFORMS
from autodiff_src.syntax import (
    COMPOUND,
    base_name,
    children,
    heads,
    is_atom,
    is_name,
    names_read,
    names_stored,
    parameter_names,
    remembered,
    stored_by,
    walk,
    walk_statements,
)

_NUMBERS = (Float, Int, Bool, Scalar)
_WRITING = frozenset(["copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "save", "savez",
    "savetxt", "seterr"])
_OWN_MODULES = frozenset({"math", *(f"autodiff_src.runtime.{part}" for part in ("adjoints", "values", "results", "tangents"))})
_PURE_BUILTINS = frozenset(map(id, [len, float, int, abs, min, max, sum, range, bool, round, tuple, list, isinstance, super]))
_PURE_METHODS = frozenset(["copy", "sum", "mean", "reshape", "dot", "ravel", "transpose", "astype", "cumsum", "prod",
    "std", "var", "min", "max", "argmin", "argmax", "any", "all", "item", "flatten", "squeeze", "swapaxes",
    "diagonal", "trace", "clip", "round", "repeat"])
_TOTAL_MATH = frozenset(map(id, [math.tanh, math.atan, math.erf, math.fabs]))
_TOTAL_NUMPY = frozenset(map(id, [np.sum, np.mean, np.zeros_like, np.ones_like, np.copy, np.size, np.shape, np.ndim]))
_TOTAL_METHODS = frozenset({"copy", "sum", "mean", "ravel", "flatten"})
_TOTAL_ATTRIBUTES = frozenset({"shape", "size", "ndim", "T", "dtype"})


class Facts:
    """What the passes know of one function. They replace the simple statements that they change: `reads` remembers."""

    def __init__(self, program: Program, kinds: dict[str, Kind], tangents: frozenset[str] = frozenset()):
        self.program, self.tangents = program, tangents
        self.function = program.function
        self.namespace: Namespace = program.namespace
        self.parameters = parameter_names(self.function.args)
        self.local = names_stored(self.function.body) | set(self.parameters)
        self.kinds = kinds
        self.env = {**dict.fromkeys(self.local, UNKNOWN), **kinds}
        self._known: dict[int, tuple[gast.expr, Kind]] = {}
        self.expressions = ExpressionKinds(self.namespace, real_powers=True)
        self.given = words(program) | set(self.parameters)
        self.tapes = _tapes(self.function.body, self.local)
        self.counters = _counters(self.function)
        self.uses = Uses()
        self.reads, self.stores = self.uses.reads, remembered(names_stored)

    def live(self) -> Live:
        """What is read later, for the text as it is now."""
        live = Live((), self.uses)
        live.stepwise = True
        live.run(self.function.body)
        return live

    def is_adjoint(self, variable: str) -> bool:
        """Is it a name of ours for an adjoint: `d_x`, or `d2_x` in a second derivative?"""
        prefix = variable.split("_")[0]
        return "_" in variable and prefix[:1] == "d" and (len(prefix) == 1 or prefix[1:].isdigit()) and (
            variable in self.local and variable not in self.given)

    def kind(self, e: gast.expr) -> Kind:
        """Found once for each expression: passes change what stands in one, not its value."""
        found = self._known.get(id(e))
        if found is None:
            found = self._known[id(e)] = (e, self.expressions.kind(e, self.env))
        return found[1]

    def is_python_number(self, e: gast.expr) -> bool:
        return isinstance(self.kind(e), (Float, Int, Bool))

    def is_python(self, e: gast.expr) -> bool:
        """Are only Python's numbers computed with, of which NumPy knows nothing?"""
        return all(not isinstance(n, gast.expr) or isinstance(n, gast.Constant) or isinstance(self.kind(n), (Float, Int, Bool))
                   for n in walk(e))

    def immutable(self, variable: str) -> bool:
        """Is the value certainly one that nobody can write into?"""
        if variable in self.local:
            return is_immutable_number(self.kinds.get(variable, UNKNOWN))
        value = self.namespace.lookup(variable)
        return not (isinstance(value, (np.ndarray, MutableSequence, MutableMapping, MutableSet)) or is_plain_class(type(value)))

    def called(self, call: gast.Call) -> Any:
        """The function object from outside that is called, or MISSING."""
        return self.expressions.static(call.func, self.local)

    def is_pop(self, e: gast.AST) -> bool:
        return isinstance(e, gast.Call) and isinstance(e.func, gast.Attribute) and e.func.attr == "pop" and (
            is_name(e.func.value) and e.func.value.id in self.tapes) and not e.args

    def popped(self, e: gast.AST) -> set[str]:
        """Tapes that evaluating `e` pops."""
        if not self.tapes or is_atom(e):
            return set()
        return {node.func.value.id for node in walk(e) if self.is_pop(node)}

    def is_pure(self, e: gast.expr, pops: bool = False) -> bool:
        """Does evaluation change nothing? `pops`: other than taking items off tapes."""
        if is_atom(e):
            return True
        for node in walk(e):
            if isinstance(node, gast.Call):
                if not (pops and self.is_pop(node)) and not self.is_pure_call(node):
                    return False
            elif isinstance(node, (gast.Lambda, gast.NamedExpr, gast.Yield, gast.YieldFrom, gast.Await, gast.ListComp,
                                   gast.SetComp, gast.DictComp, gast.GeneratorExp, gast.Starred)):
                return False
        return True

    def is_pure_call(self, call: gast.Call) -> bool:
        if any(k.arg in (None, "out", "where", "key") for k in call.keywords):
            return False
        function = self.called(call)
        if function is MISSING:
            return isinstance(call.func, gast.Attribute) and call.func.attr in _PURE_METHODS and isinstance(
                self.kind(call.func.value), (Array, Scalar, Float))
        if id(function) in TRANSFORMS:
            return TRANSFORMS[id(function)] not in RUNNING
        if isinstance(function, np.ufunc):
            return len(call.args) <= function.nin
        module = getattr(function, "__module__", None) or ""
        own = getattr(function, "__name__", "")
        return id(function) in _PURE_BUILTINS or module in _OWN_MODULES or (
            module.split(".")[0] == "numpy" and "random" not in module and own not in _WRITING
            and getattr(np, own, getattr(np.linalg, own, None)) is function)

    def may_raise(self, e: gast.expr) -> bool:
        """May evaluation raise, for what is known of the kinds?"""
        method = getattr(self, "_raises_" + type(e).__name__.lower(), None)
        if method is None:
            return not isinstance(e, (gast.Name, gast.Constant))
        return method(e) or any(self.may_raise(c) for c in _operands(e))

    def _raises_binop(self, e: gast.BinOp) -> bool:
        left, right = self.kind(e.left), self.kind(e.right)
        if not all(isinstance(k, (*_NUMBERS, Array)) for k in (left, right)):
            return True
        numpy = isinstance(left, (Array, Scalar)) or isinstance(right, (Array, Scalar))
        if isinstance(e.op, (gast.Add, gast.Sub, gast.Mult)):
            return numpy and not _fit(left, right)
        if isinstance(e.op, gast.Div):
            divisor = isinstance(e.right, gast.Constant) and bool(e.right.value) or self._is_positive(e.right)
            return not _fit(left, right) or not numpy and not divisor
        return True

    def _is_positive(self, e: gast.expr) -> bool:
        """Is it `k + 1`, where k counts from zero?"""
        if not isinstance(e, gast.BinOp) or not isinstance(e.op, gast.Add):
            return False
        number, counter = (e.left, e.right) if isinstance(e.left, gast.Constant) else (e.right, e.left)
        return isinstance(number, gast.Constant) and type(number.value) is int and number.value > 0 and (
            isinstance(counter, gast.Name) and counter.id in self.counters)

    def _raises_unaryop(self, e: gast.UnaryOp) -> bool:
        kind = self.kind(e.operand)
        if isinstance(e.op, gast.Not):
            return not isinstance(kind, _NUMBERS)
        return not isinstance(kind, (Float, Int)) and not (isinstance(kind, (Array, Scalar)) and kind.dtype is not None
                                                           and kind.dtype.kind in "fi")

    def _raises_compare(self, e: gast.Compare) -> bool:
        return not all(isinstance(self.kind(c), _NUMBERS) for c in [e.left, *e.comparators])

    def _raises_tuple(self, e: gast.Tuple) -> bool:
        return any(isinstance(i, gast.Starred) for i in e.elts)

    _raises_list = _raises_tuple

    def _raises_attribute(self, e: gast.Attribute) -> bool:
        known = self.expressions.static(e, self.local) is not MISSING
        return not known and not (isinstance(self.kind(e.value), Array) and e.attr in _TOTAL_ATTRIBUTES)

    def _raises_boolop(self, e: gast.BoolOp) -> bool:
        return not all(isinstance(self.kind(v), _NUMBERS) for v in e.values)

    def _raises_subscript(self, e: gast.Subscript) -> bool:
        kind = self.kind(e.value)
        if is_name(e.value) and e.value.id in self.tangents:
            return False
        if isinstance(e.value, gast.Attribute) and e.value.attr == "shape" and isinstance(e.slice, gast.Constant):
            array = self.kind(e.value.value)
            return not (isinstance(array, Array) and array.ndim is not None and type(e.slice.value) is int
                        and 0 <= e.slice.value < array.ndim)
        parts = e.slice.elts if isinstance(e.slice, gast.Tuple) else [e.slice]
        slices = sum(isinstance(p, gast.Slice) for p in parts)
        plain = all(isinstance(p, gast.Slice) and all(b is None or isinstance(b, gast.Constant) and b.value != 0
            or isinstance(self.kind(b), Int) and b is not p.step for b in (p.lower, p.upper, p.step))
            or isinstance(p, gast.Constant) and p.value is None for p in parts)
        return not (isinstance(kind, Array) and kind.ndim is not None and slices <= kind.ndim and plain)

    def _raises_call(self, e: gast.Call) -> bool:
        if self.is_pop(e):
            return False
        function = self.called(e)
        if id(function) in TRANSFORMS:
            return TRANSFORMS[id(function)] in RUNNING
        if e.keywords:
            return True
        if function is super:
            return False
        if function is MISSING:
            return not (isinstance(e.func, gast.Attribute) and not e.args and e.func.attr in _TOTAL_METHODS
                        and _is_numeric(self.kind(e.func.value)))
        if len(e.args) != 1:
            return True
        kind = self.kind(e.args[0])
        if id(function) in _TOTAL_MATH:
            return not isinstance(kind, Float)
        if function is len:
            return not (isinstance(kind, List) or isinstance(kind, Array) and bool(kind.shape)) and not (
                is_name(e.args[0]) and e.args[0].id in self.tapes)
        total = id(function) in _TOTAL_NUMPY or isinstance(function, np.ufunc) and function.nin == 1
        return not (total and (_is_numeric(kind) or isinstance(kind, Float)))


def _is_numeric(kind: Kind) -> bool:
    return isinstance(kind, (Array, Scalar)) and kind.dtype is not None and kind.dtype.kind == "f"


def _operands(e: gast.expr) -> list[gast.expr]:
    if isinstance(e, gast.Call):
        receiver = [e.func.value] if isinstance(e.func, gast.Attribute) and not _is_dotted(e.func.value) else []
        return [*receiver, *e.args]
    if isinstance(e, gast.Subscript):
        parts = e.slice.elts if isinstance(e.slice, gast.Tuple) else [e.slice]
        bounds = [b for p in parts if isinstance(p, gast.Slice) for b in (p.lower, p.upper, p.step) if b is not None]
        inner = e.value.value if isinstance(e.value, gast.Attribute) and e.value.attr == "shape" else e.value
        return [inner, *bounds]
    return [c for c in children(e) if isinstance(c, gast.expr)]


def _is_dotted(e: gast.expr) -> bool:
    return is_name(e) or isinstance(e, gast.Attribute) and _is_dotted(e.value)


def _fit(a: Kind, b: Kind) -> bool:
    """Do the shapes certainly broadcast?"""
    if not isinstance(a, Array) or not isinstance(b, Array):
        return all(not isinstance(k, Array) or k.dtype is not None for k in (a, b))
    if a.shape is None or b.shape is None:
        return False
    pairs = zip(reversed(a.shape), reversed(b.shape), strict=False)
    return all(m == 1 or n == 1 or m is not None and m == n for m, n in pairs)


def _counters(function: gast.FunctionDef) -> set[str]:
    """Variables of loops over `range(n)`, forwards or backwards, that nothing else binds."""
    found, others = set(), set(parameter_names(function.args))
    for s in walk_statements(function.body):
        counts = isinstance(s, gast.For) and isinstance(s.iter, gast.Call) and is_name(s.iter.func, "range") and (
            len(s.iter.args) == 1 or len(s.iter.args) == 3 and all(number(a) == -1 for a in s.iter.args[1:]))
        if counts:
            found |= names_stored(s.target)
        else:
            others |= names_stored(s.target) if isinstance(s, gast.For) else stored_by(s)
    return found - others


def _tapes(body: list[gast.stmt], local: set[str]) -> frozenset[str]:
    """Lists of ours: `_x = []`, or given by the forward half, of which only `append`, `pop` and `len` are used."""
    stored = {n for n in local if n.startswith("_") and n != "_"}
    return frozenset(stored.difference(_other_uses(body)) if stored else stored)


def _other_uses(body: list[gast.stmt]) -> Iterator[str]:
    for s in walk_statements(body):
        if isinstance(s, gast.Assign) and is_name(s.targets[0]) and isinstance(s.value, (gast.Call, gast.List)):
            copied = s.value.func if isinstance(s.value, gast.Call) else None
            tape = s.targets[0].id
            if not (isinstance(s.value, gast.List) and not s.value.elts) and not (
                    isinstance(copied, gast.Attribute) and copied.attr == "copy" and is_name(copied.value, tape)):
                yield tape
        elif isinstance(s, (gast.Assign, gast.AugAssign)):
            whole = isinstance(s, gast.Assign) and isinstance(s.targets[0], gast.Tuple) and is_name(s.value)
            if not whole and not (isinstance(s, gast.Assign) and is_name(s.value, "residuals")):
                yield from names_stored(s)
        elif isinstance(s, COMPOUND):
            yield from stored_by(s)
        yield from _loose_reads(s)


def _loose_reads(s: gast.stmt) -> Iterator[str]:
    whole = isinstance(s, gast.Return) and isinstance(s.value, gast.Tuple)
    stack: list[Any] = [] if whole else heads(s) if isinstance(s, COMPOUND) else [s]
    while stack:
        node = stack.pop()
        if isinstance(node, gast.Call):
            f = node.func
            takes = isinstance(f, gast.Attribute) and (f.attr in ("append", "copy") or f.attr == "pop" and not node.args)
            if takes and is_name(f.value):
                stack += node.args
                continue
            if is_name(f, "len") and len(node.args) == 1 and is_name(node.args[0]):
                continue
        if isinstance(node, gast.Name):
            yield from [node.id] if isinstance(node.ctx, gast.Load) else []
        stack += children(node)


def written_place(s: gast.stmt) -> str | None:
    """The variable whose memory `a[i] = e` or `a += e` writes into."""
    target = s.target if isinstance(s, gast.AugAssign) else s.targets[0] if isinstance(s, gast.Assign) else None
    return base_name(target) if isinstance(s, gast.AugAssign) or isinstance(
        target, (gast.Subscript, gast.Attribute)) else None


def words(program: Program) -> frozenset[str]:
    """The names in the user's text of the function: variables that he named."""
    first = getattr(program.function, "lineno", 1)
    last = getattr(program.function, "end_lineno", None) or len(program.lines)
    return frozenset(re.findall(r"[A-Za-z_]\w*", "\n".join(program.lines[first - 1:last])))


def mutable_reads(e: gast.AST, facts: Facts) -> set[str]:
    """Variables that are read and whose values somebody may write into."""
    return {n for n in names_read(e) if not facts.immutable(n)}
