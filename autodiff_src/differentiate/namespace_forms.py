"""Calls of NumPy's functions that have another form with arrays of other libraries: an operator, an attribute, another call."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.analyze.kinds import Array, Tuple
from autodiff_src.runtime import portable_indexing
from autodiff_src.syntax import constant, expression

if TYPE_CHECKING:
    from autodiff_src.differentiate.namespaces import InNamespace


def copied(change: InNamespace, array: gast.expr) -> gast.expr:
    """A copy of an array; the array itself where it never changes."""
    new = change.visit(array)
    if not change.library.stores:
        return new
    if change.standard and change.library.changes:
        return gast.Call(change.of_module("asarray"), [new], [gast.keyword("copy", constant(True))])
    return gast.Call(gast.Attribute(new, "copy", gast.Load()), [], [])


def _full_like(change: InNamespace, node: gast.Call) -> gast.expr:
    x, value = node.args
    if isinstance(value, gast.Constant):
        return gast.Call(change.of_module("full_like"), [change.visit(x), value], [])
    return gast.BinOp(gast.Call(change.of_module("zeros_like"), [change.visit(x)], []), gast.Add(), change.visit(value))


def _attribute(change: InNamespace, node: gast.Call) -> gast.expr:
    return change.visit(gast.Attribute(node.args[0], node.func.attr, gast.Load()))  # type: ignore[attr-defined]


def _dot(change: InNamespace, node: gast.Call) -> gast.expr:
    a, b = node.args
    if not all(_ndim(change, operand) in (1, 2) for operand in node.args):
        raise change.refused("np.dot of arrays other than vectors and matrices")
    return gast.BinOp(change.visit(a), gast.MatMult(), change.visit(b))


def _outer(change: InNamespace, node: gast.Call) -> gast.expr:
    if any(_ndim(change, operand) != 1 for operand in node.args):
        raise change.refused("np.outer of arrays other than vectors")
    a, b = map(change.visit, node.args)
    return gast.BinOp(expression("a[:, None]", a=a), gast.Mult(), b)


def _swapped(change: InNamespace, node: gast.Call) -> gast.expr:
    array, *axes = node.args
    if not change.standard:
        return gast.Call(change.of_module("swapaxes"), [change.visit(array), *axes], [])
    if not all(isinstance(axis, (gast.Constant, gast.UnaryOp)) for axis in axes) or (
            sorted(ast.literal_eval(gast.gast_to_ast(axis)) for axis in axes) != [-2, -1]):
        return gast.Call(change.outside(portable_indexing.swapped, "swapped"), [change.visit(a) for a in node.args], [])
    return gast.Call(change.of_module("matrix_transpose"), [change.visit(array)], [])


def _expanded(change: InNamespace, node: gast.Call) -> gast.expr:
    axis = node.args[1] if len(node.args) > 1 else node.keywords[0].value
    if not isinstance(axis, gast.Tuple):
        return change.plain_call(np.expand_dims, node)
    return gast.Call(change.outside(portable_indexing.expanded, "expanded"), [change.visit(node.args[0]), axis], [])


def _eye(change: InNamespace, node: gast.Call) -> gast.expr:
    """Columns and offset by their names: what stands second and third differs. Dask's has other columns than rows wrong."""
    if change.library.lazy and len(node.args) > 1:
        raise change.refused("np.eye with a number of columns")
    if not change.standard:
        node.keywords += [gast.keyword(n, a) for n, a in zip(("M", "k"), node.args[1:])]
        del node.args[1:]
    return change.plain_call(np.eye, node)


def _sorting(change: InNamespace, node: gast.Call) -> gast.expr:
    """A stable order, which is what libraries give without more."""
    array, *axis = node.args[:2]
    keywords = [gast.keyword("axis", change.visit(axis[0]))] if axis else [k for k in node.keywords if k.arg == "axis"]
    return gast.Call(change.of_module("argsort"), [change.visit(array)], keywords)


def _raveled(change: InNamespace, node: gast.Call) -> gast.expr:
    flat = gast.Tuple([constant(-1)], gast.Load())
    return gast.Call(change.of_module("reshape"), [change.visit(node.args[0]), flat], [])


def _transposed(change: InNamespace, node: gast.Call) -> gast.expr:
    x, *axes = node.args
    if axes or node.keywords:
        function = change.of_module(change.name_of(np.transpose, "transpose"))
        return gast.Call(function, [change.visit(a) for a in node.args], node.keywords)
    if _ndim(change, x) != 2:
        raise change.refused("np.transpose of other arrays than matrices, without axes")
    return gast.Attribute(change.visit(x), "T", gast.Load())


def _negative(change: InNamespace, node: gast.Call) -> gast.expr:
    x = node.args[0]
    if isinstance(change.kind(x), Tuple):  # as of the shifts of np.roll
        return expression("tuple(-n for n in x)", x=change.visit(x))
    return gast.UnaryOp(gast.USub(), change.visit(x))


def _ndim(change: InNamespace, node: gast.expr) -> int | None:
    kind = change.kind(node)
    return kind.ndim if isinstance(kind, Array) else None


FORMS: dict[Any, Callable[[InNamespace, gast.Call], gast.expr]] = {
    np.full_like: _full_like, np.shape: _attribute, np.ndim: _attribute, np.size: _attribute, np.dot: _dot, np.ravel: _raveled,
    np.transpose: _transposed, np.outer: _outer, np.swapaxes: _swapped, np.negative: _negative,
    np.expand_dims: _expanded, np.argsort: _sorting, np.eye: _eye,
    np.copy: lambda change, node: copied(change, node.args[0])}
