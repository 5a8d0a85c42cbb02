"""Source text -> functions that run it, each in its user's module."""
from __future__ import annotations

import ast
from collections.abc import Sequence
from types import CellType, CodeType, FunctionType

from autodiff_src.emit.store import store
from autodiff_src.program import Program


def build(programs: Sequence[Program], source: str, name: str) -> dict[str, FunctionType]:
    """The functions of `source`, which `render` made from `programs`, by name.

    The globals of each are those of its program, by reference; its free names are the program's closure cells, its
    extra values and the other functions of `source`. An extra value hides a global; a function of `source` hides both.
    `name` is what a reader knows the text by; tracebacks and debuggers find the text in a file of that name.
    """
    file = store(name, source)
    tree = ast.parse(source).body
    definitions = {node.name: node for node in tree if isinstance(node, ast.FunctionDef)}
    header = [node for node in tree if not isinstance(node, ast.FunctionDef)]
    siblings = {program.name: CellType() for program in programs}
    functions = {}
    for program in programs:
        extra = {key: CellType(value) for key, value in program.namespace.extra.items()}
        cells = {**program.namespace.cells, **extra, **siblings}
        code = _compiled(definitions[program.name], header, sorted(cells), file)
        closure = tuple(cells[free] for free in code.co_freevars)
        function = FunctionType(code, program.namespace.globals, program.name, program.defaults or None, closure)
        function.__kwdefaults__ = dict(program.kwdefaults) or None
        function.__qualname__ = program.name
        siblings[program.name].cell_contents = functions[program.name] = function
    return functions


def _compiled(definition: ast.FunctionDef, header: list[ast.stmt], free: list[str], file: str) -> CodeType:
    """The code of `definition`, compiled in a scope whose variables become its free variables; lines are kept.

    The header is there for the compiler, which treats calls of an imported module's attributes in a way of their own.
    """
    _strip(definition)
    scope = ast.parse(f"def scope({', '.join(free)}): pass").body[0]
    assert isinstance(scope, ast.FunctionDef)
    scope.body = [definition]
    outer = compile(ast.Module([*header, scope], []), file, "exec", dont_inherit=True)
    for _ in range(2):
        outer = next(constant for constant in outer.co_consts if isinstance(constant, CodeType))
    return _qualified(outer)


def _strip(definition: ast.FunctionDef) -> None:
    """Takes out what is evaluated where a function is defined: it was evaluated when the user's was."""
    definition.decorator_list, definition.returns = [], None
    arguments = definition.args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]:
        if argument is not None:
            argument.annotation = None
    none = ast.copy_location(ast.Constant(None), definition)
    arguments.defaults = [none for _ in arguments.defaults]
    arguments.kw_defaults = [default and none for default in arguments.kw_defaults]


def _qualified(code: CodeType) -> CodeType:
    """`code`, and the functions in it, named as if defined at the top of a module. Python 3.10 keeps no such name."""
    if not hasattr(code, "co_qualname"):
        return code
    constants = tuple(_qualified(c) if isinstance(c, CodeType) else c for c in code.co_consts)
    return code.replace(co_qualname=code.co_qualname.removeprefix("scope.<locals>."), co_consts=constants)
