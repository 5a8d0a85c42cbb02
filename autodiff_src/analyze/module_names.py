"""Functions of modules that go by other names become NumPy's own: modules that variables hold, namespaces of libraries.

    xp = array_namespace(x)         ->      xp = np
    y = xp.concat([x, x])           ->      y = np.concat([x, x])
    z = jnp.tanh(y)                 ->      z = np.tanh(y)
"""

from __future__ import annotations

from types import FunctionType, ModuleType
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds, gast_text
from autodiff_src.analyze.kinds import Array
from autodiff_src.analyze.outside_names import OutsideNames
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.runtime.libraries import Library, library_of_namespace, numpy_module
from autodiff_src.runtime.objects import module_of
from autodiff_src.runtime.portable import OF_NUMPY
from autodiff_src.syntax import Transformer, clone, clone_head, heads, is_name, located, name, walk


class ModuleNames:
    """The statements of one function, each renamed once."""

    def __init__(self, program: Program, expressions: ExpressionKinds, outside: OutsideNames, library: Library | None):
        self.program, self.expressions, self.outside, self.library = program, expressions, outside, library
        self.renamed: dict[int, Any] = {}
        self.outside_modules: dict[str, ModuleType | None] = {}

    def of(self, s: gast.stmt, env: Env) -> Any:
        """The statement, or one of the same meaning that calls NumPy's functions."""
        if isinstance(s, (gast.FunctionDef, gast.With, gast.Try)):
            return s
        if not any(self._names_module(n, env) for part in heads(s) or [s] for n in walk(part)):
            return s
        if id(s) not in self.renamed:
            change = _Renaming(self, s, env)
            new = clone_head(s)
            for field in ("test", "iter", "value", "target", "targets"):
                part = getattr(s, field, None)
                if isinstance(part, list):
                    setattr(new, field, [located(change.visit(clone(item)), s) for item in part])
                elif part is not None:
                    setattr(new, field, located(change.visit(clone(part)), s))
            self.renamed[id(s)] = new
        return self.renamed[id(s)]

    def _names_module(self, node: gast.AST, env: Env) -> bool:
        cls = node.__class__
        if cls is gast.Attribute:
            return self.module(node.value, env) is not None  # type: ignore[attr-defined]
        return cls is gast.Call and (self._asks_namespace(node, env) or is_name(node.func) and (  # type: ignore
            self.of_numpy(node.func, env) is not None))  # type: ignore[attr-defined]

    def of_numpy(self, node: gast.Name, env: Env) -> Any:
        """The function for NumPy's arrays, for one of ours that takes arrays of any library; None for all others."""
        found = self.expressions.static(node, env) if self.library is not None else None
        return OF_NUMPY.get(found) if isinstance(found, FunctionType) else None

    def module(self, node: gast.expr, env: Env) -> ModuleType | None:
        """NumPy's module, or any other that a variable holds, for an expression that stands for it under another name."""
        if isinstance(node, gast.Attribute):
            owner = self.module(node.value, env)
            part = self._outside(node, env) if owner is None else getattr(owner, node.attr, None)
            return part if isinstance(part, ModuleType) else None
        if not isinstance(node, gast.Name):
            return None
        if node.id not in env:
            return self._outside(node, env)
        held = getattr(env[node.id], "value", None)
        return (numpy_module(held) or held) if isinstance(held, ModuleType) else None

    def _outside(self, node: gast.expr, env: Env) -> ModuleType | None:
        """NumPy's module for one that a dotted name outside stands for, other than NumPy itself."""
        base = node
        while isinstance(base, gast.Attribute):
            base = base.value
        if not is_name(base) or base.id in env or not isinstance(
                self.expressions.namespace.lookup(base.id), ModuleType):
            return None
        key = gast_text(node)
        if key not in self.outside_modules:
            found = self.expressions.static(node, env)
            self.outside_modules[key] = numpy_module(found) if isinstance(found, ModuleType) and found is not np else None
        return self.outside_modules[key]

    def library_named(self, node: gast.expr, env: Env) -> Library | None:
        """The library whose namespace an expression stands for."""
        held = getattr(env.get(node.id), "value", None) if is_name(node) else None  # type: ignore[attr-defined]
        held = held if isinstance(held, ModuleType) else self.expressions.static(node, env)
        return library_of_namespace(held) if isinstance(held, ModuleType) else None

    def _asks_namespace(self, node: gast.Call, env: Env) -> bool:
        """Is it `array_namespace(x)` or `x.__array_namespace__()`?"""
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called == "__array_namespace__":
            return isinstance(self.expressions.kind(node.func.value, env), Array)
        return called in ("array_namespace", "get_namespace") and module_of(
            self.expressions.static(node.func, env)).startswith("array_api_compat.")


class _Renaming(Transformer):
    def __init__(self, names: ModuleNames, s: gast.stmt, env: Env):
        self.names, self.s, self.env = names, s, env

    def visit_Attribute(self, node: gast.Attribute) -> gast.expr:
        module = self.names.module(node.value, self.env)
        if module is None:
            return self.generic_visit(node)
        of = self.names.library_named(node.value, self.env)
        if of is not None and of is not self.names.library:
            raise UnsupportedError(f"{gast_text(node)} is called beside arrays that are not {of.name}'s",
                                   self.names.program.place(self.s), f"pass arrays of {of.name}")
        if not hasattr(module, node.attr):
            raise UnsupportedError(f"{gast_text(node)} is a function that NumPy does not have: its derivative is not known",
                                   self.names.program.place(self.s), "use functions of the array API standard")
        return gast.Attribute(self._reference(module), node.attr, gast.Load())

    def visit_Call(self, node: gast.Call) -> gast.expr:
        if self.names._asks_namespace(node, self.env):
            return self._reference(np)
        function = self.names.of_numpy(node.func, self.env) if is_name(node.func) else None
        if function is not None:
            node.func = name(self.names.outside.name_for(function, function.__name__))
        return self.generic_visit(node)

    def _reference(self, module: ModuleType) -> gast.expr:
        """`np`, `np.linalg`, or a name for another module."""
        if module.__name__.startswith("numpy."):
            return gast.Attribute(self._reference(np), module.__name__.rpartition(".")[2], gast.Load())
        outside = self.names.outside
        if module is np and self.names.library is not None:  # what the user calls `np` is to be told from it
            return name(outside.own_name(np, "np"))
        return name(outside.name_for(module, "np" if module is np else module.__name__.rpartition(".")[2]))
