"""Variables that a nested function binds anew with `nonlocal` are the one item of a list that both can see.

    s = x                           s = x
                                    s_cell = [s]
    def grow():                     def grow():
        nonlocal s          ->          s_cell[0] = s_cell[0] * x
        s = s * x
    grow()                          grow()
    return s                        return s_cell[0]
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gast

from autodiff_src.errors import UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.scopes import FUNCTIONS, own_names, rebound_inside
from autodiff_src.syntax import assign, clone_head, constant, is_name, located, name, names_stored, parameter_names, walk

_COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)
_BINDING = (gast.FunctionDef, gast.Import, gast.ImportFrom, gast.Delete, gast.NamedExpr, gast.ExceptHandler)
_CAPTURES = (gast.MatchAs, gast.MatchStar, gast.MatchMapping)


def with_cells(program: Program) -> Program:
    """Raises UnsupportedError where such a variable may not be bound yet, or is bound other than by an assignment."""
    nodes, space = list(walk(program.function)), program.namespace
    if not any(isinstance(n, gast.Nonlocal) for n in nodes):
        return program
    taken = {n.id for n in nodes if isinstance(n, gast.Name)} | names_stored(nodes)
    names = FreshNames(taken | set(space.globals) | set(space.cells) | set(space.extra))
    return replace(program, function=_function(program.function, {}, program, names))


def _function(function: Any, outer: dict[str, str], program: Program, names: FreshNames) -> Any:
    """The function with its cells, each made where its variable is bound; `outer` are those of the functions around it."""
    own = own_names(function)
    mine = {n: names.fresh(f"{n}_cell") for n in sorted(own & rebound_inside(function))}
    outer = {n: cell for n, cell in outer.items() if n not in own}
    new = clone_head(function)
    if isinstance(function, gast.Lambda):
        new.body = _Change(outer, outer, program, names).node(function.body)
        return new
    made = {n: _place(function, n, program) for n in mine}
    new.body = []
    for i, s in enumerate(function.body):
        new.body += [assign(mine[n], gast.List([name(n)], gast.Load()), s) for n in mine if made[n] == i]
        here = {**outer, **{n: cell for n, cell in mine.items() if made[n] <= i}}
        new.body += _Change(here, {**outer, **mine}, program, names).block([s])
    return new


def _place(function: gast.FunctionDef, variable: str, program: Program) -> int:
    """In front of which statement of the body the variable is bound, and no function has been called that knows it."""
    body = function.body
    first = next(i for i, s in enumerate(body) if any(_mentions(f, variable) for f in walk(s) if isinstance(f, FUNCTIONS)))
    if variable in parameter_names(function.args) or any(_binds(s, variable) for s in body[:first]):
        return first
    for i, s in enumerate(body[first:], first):
        if _binds(s, variable):
            return i + 1
        if not isinstance(s, gast.FunctionDef) and _mentions(s, variable) or _may_call(s):
            break
    raise UnsupportedError(f"{variable!r}, which a nested function binds anew, may not be bound before that",
                           program.place(body[first]), f"bind {variable!r} in front of the nested function")


def _mentions(node: gast.AST, variable: str) -> bool:
    return any(is_name(n, variable) or isinstance(n, gast.Nonlocal) and variable in n.names for n in walk(node))


def _binds(s: gast.stmt, variable: str) -> bool:
    """Is the variable bound wherever the program goes on behind the statement?"""
    if isinstance(s, gast.If):
        return all(any(_binds(t, variable) or isinstance(t, (gast.Return, gast.Raise)) for t in block)
                   for block in (s.body, s.orelse))
    if isinstance(s, gast.With):
        return any(_binds(t, variable) for t in s.body)
    return isinstance(s, gast.Assign) and variable in names_stored(s.targets) or (
        isinstance(s, gast.AnnAssign) and s.value is not None and is_name(s.target, variable))


def _may_call(s: gast.stmt) -> bool:
    """May a statement, or what decorates a function or is its default, call something?"""
    if isinstance(s, gast.FunctionDef):
        return bool(s.decorator_list or s.args.defaults or any(s.args.kw_defaults))
    return any(isinstance(n, gast.Call) for n in walk(s))


class _Change:
    """Writes items of cells for variables: of those in `here`, and in nested functions of those in `inside`."""

    def __init__(self, here: dict[str, str], inside: dict[str, str], program: Program, names: FreshNames):
        self.here, self.inside, self.program, self.names = here, inside, program, names

    def block(self, block: list[gast.stmt]) -> list[gast.stmt]:
        assert all(n in self.here for s in block if isinstance(s, gast.Nonlocal) for n in s.names)
        new = [self.node(s) for s in block if not isinstance(s, gast.Nonlocal)]
        return new or [located(gast.Pass(), block[0])]

    def node(self, node: Any) -> Any:
        if isinstance(node, gast.Name) and node.id in self.here:
            return located(gast.Subscript(name(self.here[node.id]), constant(0), node.ctx), node)
        if not isinstance(node, gast.AST):
            return node
        self._check(node)
        if isinstance(node, _COMPREHENSIONS):
            return self._comprehension(node)
        if isinstance(node, FUNCTIONS):
            return self._fields(node, _function(node, self.inside, self.program, self.names), ("body",))
        parameters = (gast.arguments._fields if isinstance(node, gast.arguments) else ())
        return self._fields(node, clone_head(node), tuple(f for f in parameters if not f.endswith("defaults")))

    def _fields(self, node: gast.AST, new: Any, but: tuple[str, ...]) -> Any:
        for field, value in gast.iter_fields(node):
            if field in but:
                continue
            if isinstance(value, list):
                statements = bool(value) and isinstance(value[0], gast.stmt)
                value = self.block(value) if statements else [self.node(v) for v in value]
            setattr(new, field, self.node(value))
        return new

    def _comprehension(self, node: Any) -> Any:
        """The variables of a comprehension are its own; what its first loop is over is found outside it."""
        first = self.node(node.generators[0].iter)
        own = names_stored([g.target for g in node.generators])
        here, inside = ({n: c for n, c in cells.items() if n not in own} for cells in (self.here, self.inside))
        new = _Change(here, inside, self.program, self.names)._fields(node, clone_head(node), ())
        new.generators[0].iter = first
        return new

    def _check(self, node: gast.AST) -> None:
        bound: set[str] = set()
        if isinstance(node, _BINDING):
            bound = names_stored(node.name or []) if isinstance(node, gast.ExceptHandler) else names_stored(node)
        elif isinstance(node, _CAPTURES):
            bound = {getattr(node, "rest" if isinstance(node, gast.MatchMapping) else "name") or ""}
        if bound & set(self.here):
            raise UnsupportedError("a variable that `nonlocal` names is bound other than by an assignment",
                                   self.program.place(node), "bind another variable, and assign it")
