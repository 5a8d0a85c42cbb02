"""Jacobians, Hessians, products with Hessians and pullbacks inside a function, as nested functions that call others.

    product = ad.hvp(f)         ->      f2 = f
                                        def hvp_of_f(x, v, *rest):
                                            def along(y):
                                                return f2(y, *rest)
                                            return ad.jvp(ad.grad(along), (x,), (v,))[1]
                                        product = hvp_of_f

    y, pullback = ad.vjp(f, x)  ->      value, kept = halves(f, x)
                                        def pullback_of_f(d_y, kept=kept):
                                            return kept[0](kept[1], d_y)
                                        y, pullback = value, pullback_of_f
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast
import numpy as np

from autodiff_src.parse.resolve import static_value
from autodiff_src.program import FreshNames, Program
from autodiff_src.renaming import renamed
from autodiff_src.runtime.transforms import FUNCTIONS, TRANSFORMS, check_argument, check_column
from autodiff_src.syntax import (
    Transformer,
    assign,
    clone,
    is_atom,
    is_name,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    statements,
    walk,
)

_COLUMNS = """
def made({before}x, *rest):
    {along}
    {gradient}
    check_argument(x)
    if not isinstance(x, np.ndarray):
        only = column(of, (x,), (1.0,))[1]
        check_column(only)
        return only
    units = np.eye(x.size, dtype=x.dtype).reshape((x.size, *x.shape))
    first = column(of, (x,), (units[0],))[1]
    check_column(first)
    columns = np.empty((*np.shape(first), x.size), np.asarray(first).dtype)
    columns[..., 0] = first
    for k in range(1, x.size):
        columns[..., k] = column(of, (x,), (units[k],))[1]
    return columns.reshape((*np.shape(first), *x.shape))
"""
_PRODUCT = """
def made({given}, *rest):
    def along({y}): return f({handed}, *rest)
    return jvp(grad(along, {wrt}), ({x}), ({v}))[1]
"""


def with_inner_jacobians(program: Program) -> Program:
    """The program with nested functions for these transforms, where they are called in statements of their own."""
    wanted = any(TRANSFORMS.get(id(static_value(n.func, program.namespace, set()))) in ("jacobian", "hessian", "hvp", "vjp")
                 for n in walk(program.function) if isinstance(n, gast.Call))
    return _Jacobians(program).run() if wanted else program


class _Jacobians(Transformer):
    def __init__(self, program: Program):
        self.program, self.space = program, program.namespace
        function = program.function
        self.local = names_stored(function.body) | set(parameter_names(function.args))
        self.names = FreshNames({*names_read(function.body), *self.local, *self.space.globals, *self.space.cells,
                                 *self.space.extra})
        objects = {"np": np, "isinstance": isinstance, "check_argument": check_argument, "check_column": check_column,
                   **{transform: FUNCTIONS[transform] for transform in ("column", "jvp", "grad", "halves")}}
        self.known = {wanted: self.names.fresh(wanted) for wanted in objects}
        self.extra = {self.known[wanted]: value for wanted, value in objects.items()}
        self.before: list[gast.stmt] = []

    def run(self) -> Program:
        function = clone(self.program.function)
        function.body = self._block(function.body)
        space = replace(self.space, extra={**self.space.extra, **self.extra})
        return replace(self.program, function=function, namespace=space)

    def _block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        new: list[gast.stmt] = []
        for s in block:
            if hasattr(s, "body"):
                for field in ("body", "orelse", "finalbody"):
                    setattr(s, field, self._block(getattr(s, field, [])))
                for handler in getattr(s, "handlers", []):
                    handler.body = self._block(handler.body)
            else:
                s = self.visit(self._with_pullback(s))
            new += [*(located(t, s) for t in self.before), s]
            self.before = []
        return new

    def _with_pullback(self, s: Any) -> Any:
        """The statement with a value and a nested function where `ad.vjp` is called before all else that it does."""
        node = None if isinstance(s, gast.AugAssign) else self._first_call(getattr(s, "value", None))
        if node is None or not node.args or any(k.arg != "wrt" for k in node.keywords):
            return s
        of: Any = self.visit(node.args[0])
        title = of.id if is_name(of) else "function"
        value, kept, pullback = (self.names.fresh(n) for n in (f"{title}_value", f"{title}_kept", f"pullback_of_{title}"))
        call = gast.Call(name(self.known["halves"]), [of, *map(self.visit, node.args[1:])], node.keywords)
        both = gast.Tuple([name(n, gast.Store()) for n in (value, kept)], gast.Store())
        made = statements(f"def {pullback}(d_y, kept={kept}): return kept[0](kept[1], d_y)")[0]
        self.before += [gast.Assign([both], call, None), made]
        outcome = located(gast.Tuple([name(value), name(pullback)], gast.Load()), node)
        return _Replaced(node, outcome).visit(s)

    def _first_call(self, e: Any) -> gast.Call | None:
        """The call of `ad.vjp` that is the first thing that an expression does."""
        if isinstance(e, gast.Call) and self._transform(e) != "vjp":
            chain = e.func
            while isinstance(chain, gast.Attribute):
                chain = chain.value
            return self._first_call(e.args[0] if e.args and is_name(chain) else e.func)
        if isinstance(e, (gast.Subscript, gast.Attribute)):
            return self._first_call(e.value)
        if isinstance(e, gast.BinOp):
            return self._first_call(e.right if is_atom(e.left) else e.left)
        return e if isinstance(e, gast.Call) else None

    def _transform(self, call: gast.Call) -> str | None:
        return TRANSFORMS.get(id(static_value(call.func, self.space, self.local)))

    def visit_Lambda(self, node: Any) -> Any:
        return node

    visit_ListComp = visit_GeneratorExp = visit_SetComp = visit_DictComp = visit_Lambda

    def visit_Call(self, node: gast.Call) -> Any:
        self.generic_visit(node)
        transform = self._transform(node)
        made = self._made(transform, node) if transform in ("jacobian", "hessian", "hvp") else None
        return node if made is None else located(name(made), node)

    def _made(self, transform: str, call: gast.Call) -> str | None:
        """The name of the function that stands for a transform; None where its options are not those that are known here."""
        options = {k.arg: k.value for k in call.keywords}
        wrt = _positions(options.pop("wrt", call.args[1] if len(call.args) == 2 else gast.Constant(0, None)))
        if transform == "jacobian":
            options.pop("mode", None)
        if options or len(call.args) not in (1, 2) or wrt is None:
            return None
        of: Any = call.args[0]
        title, held = f"{transform}_of_{of.id if is_name(of) else 'function'}", self.names.fresh("function")
        self.before.append(assign(held, of))
        if isinstance(wrt, int) or transform == "hvp":
            return self._function(title, _text(transform, wrt), held)
        if transform == "jacobian":
            return self._of_each(title, held, wrt)
        return self._tuple_of(title, [self._of_each(title, self._gradient(held, w), wrt) for w in wrt], max(wrt))

    def _function(self, title: str, text: str, held: str) -> str:
        """The name of a new function with this text, in which `f` is `held`."""
        made: Any = renamed(statements(text)[0], {**self.known, "f": held})
        made.name = self.names.fresh(title)
        self.before.append(made)
        return made.name

    def _of_each(self, title: str, held: str, wrt: tuple[int, ...]) -> str:
        """The name of a function that gives a tuple of Jacobians."""
        return self._tuple_of(title, [self._function(title, _text("jacobian", w), held) for w in wrt], max(wrt))

    def _tuple_of(self, title: str, parts: list[str], last: int) -> str:
        given = _arguments(last + 1)
        results = "".join(f"{part}({given}*rest), " for part in parts)
        return self._function(title, f"def made({given}*rest): return ({results})", title)

    def _gradient(self, held: str, wrt: int) -> str:
        gradient = self.names.fresh("gradient")
        self.before += statements(f"{gradient} = {self.known['grad']}({held}, {wrt})")
        return gradient


class _Replaced(Transformer):
    def __init__(self, old: gast.Call, new: gast.expr):
        self.old, self.new = old, new

    def visit_Call(self, node: gast.Call) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def _positions(wrt: gast.expr) -> int | tuple[int, ...] | None:
    """The positions that an option names; None if it is no literal, or names parameters."""
    try:
        value = gast.literal_eval(wrt)
    except ValueError:
        return None
    several = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if not several or any(type(w) is not int or w < 0 for w in several):
        return None
    return several if isinstance(value, (tuple, list)) else value


def _arguments(count: int) -> str:
    return "".join(f"a{i}, " for i in range(count))


def _text(transform: str, wrt: int | tuple[int, ...]) -> str:
    if not isinstance(wrt, int):
        return _product(wrt, tuple(range(len(wrt))), "".join(f"v[{k}], " for k in range(len(wrt))))
    if transform == "hvp":
        return _product((wrt,), 0, "v, ")
    before = _arguments(wrt)
    gradient = "of = grad(along)" if transform == "hessian" else "of = along"
    return _COLUMNS.format(before=before, along=f"def along(y): return f({before}y, *rest)", gradient=gradient)


def _product(places: tuple[int, ...], wrt: Any, v: str) -> str:
    """The text of a product with a Hessian with respect to the arguments at `places`."""
    given = [f"a{i}" for i in range(max(places) + 1)]
    handed = [f"y{i}" if i in places else f"a{i}" for i in range(len(given))]
    return _PRODUCT.format(
        given=", ".join([given[0], "v", *given[1:]]), handed=", ".join(handed), wrt=wrt, v=v,
        y=", ".join(f"y{i}" for i in places), x="".join(f"a{i}, " for i in places))
