"""Tells whether a definition found in a file is the one that a code object was compiled from."""
from __future__ import annotations
import __future__

import ast
import copy
from collections.abc import Iterator
from functools import reduce
from operator import or_
from types import CodeType
from typing import Any

Definition = ast.FunctionDef | ast.Lambda

_FUTURES = reduce(or_, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names))
_REWRITTEN = "@py"  # pytest's assertion rewriting makes names with this prefix


def fits(node: Definition, owner: str | None, imported: frozenset[str], code: CodeType) -> bool:
    """True if compiling `node`, defined in class `owner` or in none, gives what `code` runs.

    `imported` are the names that the module imports: the compiler calls their attributes in another way. The
    definition is compiled alone. Where pytest rewrote its assertions, only names and constants are compared.
    """
    name = "<lambda>" if isinstance(node, ast.Lambda) else node.name
    if name != code.co_name:
        return False
    try:
        compiled = _compiled(node, owner, imported & _all_names(code), code)
    except (SyntaxError, ValueError):
        return False
    return _same(compiled, code)


def _compiled(node: Definition, owner: str | None, imported: frozenset[str], code: CodeType) -> CodeType:
    """`node` compiled inside a function that has the free variables of `code`, so that both see the same scopes."""
    names = [ast.arg(name) for name in code.co_freevars]
    bare: Any = copy.copy(node)
    bare.args = _without_defaults(node.args)
    if not isinstance(node, ast.Lambda):
        bare.decorator_list, bare.returns = [], None
        bare.name = "<definition>"  # its own name, used in its body, is a global or one of the free variables
        if "type_params" in bare._fields:
            bare.type_params = []
    statement = ast.Expr(bare) if isinstance(node, ast.Lambda) else bare
    scope = _blank("def scope(): pass")
    scope.args.args, scope.body = names, [statement]
    if owner is not None:
        inner, scope = scope, _blank(f"class {owner}: pass")
        scope.body = [inner]
    imports = [ast.Import([ast.alias(name)]) for name in sorted(imported)]
    module = ast.fix_missing_locations(ast.Module([*imports, scope], []))
    outer = compile(module, code.co_filename, "exec", flags=code.co_flags & _FUTURES, dont_inherit=True)
    for _ in range(1 if owner is None else 2):
        outer = next(_codes(outer))
    return next(_codes(outer))


def _blank(text: str) -> Any:
    return ast.parse(text).body[0]


def _without_defaults(arguments: ast.arguments) -> ast.arguments:
    """The same parameters; defaults and annotations are evaluated elsewhere and are no part of the code."""
    none = ast.Constant(None)
    plain = copy.copy(arguments)
    for group in ("posonlyargs", "args", "kwonlyargs"):
        setattr(plain, group, [ast.arg(a.arg) for a in getattr(arguments, group)])
    for single in ("vararg", "kwarg"):
        a = getattr(arguments, single)
        setattr(plain, single, a and ast.arg(a.arg))
    plain.defaults = [none for _ in arguments.defaults]
    plain.kw_defaults = [default and none for default in arguments.kw_defaults]
    return plain


def _codes(code: CodeType) -> Iterator[CodeType]:
    return (constant for constant in code.co_consts if isinstance(constant, CodeType))


def _same(compiled: CodeType, code: CodeType) -> bool:
    if _parameters(compiled) != _parameters(code):
        return False
    if any(name.startswith(_REWRITTEN) for name in _all_names(code)):
        return _all_names(compiled) <= _all_names(code) and _leaves(compiled.co_consts) <= _leaves(code.co_consts)
    return (compiled.co_code == code.co_code and compiled.co_names == code.co_names
            and compiled.co_varnames == code.co_varnames and compiled.co_cellvars == code.co_cellvars
            and compiled.co_freevars == code.co_freevars
            and list(map(_exactly, compiled.co_consts)) == list(map(_exactly, code.co_consts))
            and all(map(_same, _codes(compiled), _codes(code))))


def _parameters(code: CodeType) -> tuple[Any, ...]:
    count = code.co_argcount + code.co_kwonlyargcount
    variadic = code.co_flags & 0x0C
    return code.co_posonlyargcount, code.co_argcount, code.co_kwonlyargcount, variadic, code.co_varnames[:count]


def _exactly(constant: Any) -> Any:
    """A key that tells 1 from 1.0 and True, and 0.0 from -0.0."""
    if isinstance(constant, CodeType):
        return CodeType, constant.co_name
    if isinstance(constant, tuple):
        return tuple, tuple(map(_exactly, constant))
    if isinstance(constant, frozenset):
        return frozenset, frozenset(map(_exactly, constant))
    if isinstance(constant, str):  # a nested definition's qualified name starts with where it was compiled
        constant = constant.rpartition(".<locals>.")[2]
    return type(constant), repr(constant)


def _all_names(code: CodeType) -> set[str]:
    """The names used in `code` and in the functions defined in it."""
    names = {*code.co_names, *code.co_varnames, *code.co_cellvars, *code.co_freevars}
    return names.union(*map(_all_names, _codes(code)))


def _leaves(constants: Any) -> set[Any]:
    """The constants inside tuples and nested code, without None and the like, which statements add and take away."""
    found: set[Any] = set()
    for constant in constants:
        if isinstance(constant, CodeType):
            found |= _leaves(constant.co_consts)
        elif isinstance(constant, (tuple, frozenset)):
            found |= _leaves(constant)
        elif constant is not None and not isinstance(constant, bool):
            found.add(_exactly(constant))
    return found
