"""Program -> core form."""
from __future__ import annotations

import importlib
from dataclasses import replace
from typing import Any

import gast

from autodiff_src.normalize.cells import with_cells
from autodiff_src.normalize.core import check_core
from autodiff_src.normalize.exits import structure_exits
from autodiff_src.normalize.expressions import Expressions
from autodiff_src.normalize.global_names import with_module_names
from autodiff_src.normalize.gradient_blocks import with_gradient_functions
from autodiff_src.normalize.guards import plain_guards
from autodiff_src.normalize.inner_jacobians import with_inner_jacobians
from autodiff_src.normalize.matches import lower_matches
from autodiff_src.normalize.statements import Statements
from autodiff_src.program import MISSING, FreshNames, Program
from autodiff_src.renaming import renamed
from autodiff_src.syntax import (
    assign,
    captured,
    clone,
    clone_head,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    walk,
    walk_statements,
)


def normalize(program: Program) -> Program:
    """The program in core form (see `core`)."""
    program, imported = _with_imports(with_module_names(with_cells(with_inner_jacobians(with_gradient_functions(program)))))
    function = _with_own_names(clone(program.function))
    function.body = lower_matches(function.body, FreshNames(names_read(function.body) | names_stored(function.body)), program)
    local = (names_stored(function.body) | set(parameter_names(function.args))) - imported
    taken = {n.id for n in walk(function) if isinstance(n, gast.Name)} | local | set(program.namespace.cells)
    names = FreshNames(taken | {"np", "math"} | (names_read(function.body)))
    expressions = Expressions(program, names, local)
    lowering = Statements(expressions, _captured(function.body))
    new = clone_head(function)
    body = plain_guards([*function.body, located(gast.Return(None), function)], names, lowering.expressions.static)
    new.body = lowering.block(structure_exits(body, names))
    check_core(new, program)
    return replace(expressions.program, function=new)


def _nested(body: list[gast.stmt]) -> list[gast.FunctionDef | gast.Lambda]:
    return [n for s in body for n in walk(s) if isinstance(n, (gast.FunctionDef, gast.Lambda))]


def _captured(body: list[gast.stmt]) -> set[str]:
    """The names that nested functions read."""
    return {n for nested in _nested(body) for n in captured(nested)}


def _with_own_names(function: gast.FunctionDef) -> gast.FunctionDef:
    """`p2 = p` for parameters that nested functions read and that are bound anew: the parameter stays what it was."""
    inside, read = _nested(function.body), _captured(function.body)
    updated = {id(s.target) for s in walk_statements(function.body) if isinstance(s, gast.AugAssign)}
    apart = {id(n) for nested in inside for n in walk(nested)}
    bound = {n.id for s in function.body for n in walk(s) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)
             and id(n) not in updated | apart}
    anew = sorted(read & bound & set(parameter_names(function.args)))
    if anew:
        names = FreshNames({n.id for n in walk(function) if isinstance(n, gast.Name)})
        new = {p: names.fresh(p) for p in anew}
        function.body = [*(assign(new[p], name(p)) for p in anew), *renamed(function.body, new)]
    return function


def _with_imports(program: Program) -> tuple[Program, set[str]]:
    """The modules that the function imports itself, as names it can see."""
    found: dict[str, Any] = {}
    for s in walk_statements(program.function.body):
        if isinstance(s, gast.Import):
            for alias in s.names:
                module = _module(alias.name, program)
                if module is not None:
                    first = module if alias.asname else importlib.import_module(alias.name.split(".")[0])
                    found[alias.asname or alias.name.split(".")[0]] = first
        elif isinstance(s, gast.ImportFrom):
            title = "." * (s.level or 0) + (s.module or "")
            module = _module(title, program)
            for a in s.names:
                value = getattr(module, a.name, MISSING)
                if value is MISSING:
                    value = _module(f"{title}{'' if title.endswith('.') else '.'}{a.name}", program) or MISSING
                found |= {} if value is MISSING else {a.asname or a.name: value}
    if not found:
        return program, set()
    space = program.namespace
    return replace(program, namespace=replace(space, extra={**space.extra, **found})), set(found)


def _module(title: str, program: Program) -> Any:
    """The module, or None where it is not there, which the text finds out again."""
    try:
        return importlib.import_module(title, program.namespace.globals.get("__package__"))
    except (ImportError, TypeError):  # TypeError: a relative import in what stands in no package
        return None
