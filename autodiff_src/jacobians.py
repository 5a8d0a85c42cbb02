"""Jacobians, Hessians, and products with Hessians: the transforms that are made of others."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autodiff_src.analyze.calls import DERIVED
from autodiff_src.api import MADE_OF, ForwardPass, grad, jvp, pullback_source, vjp_of_values
from autodiff_src.errors import ArgumentError, NoRuleError, UnsupportedError
from autodiff_src.parse.callables import BOUND
from autodiff_src.runtime import importable, libraries
from autodiff_src.runtime.recorded_calls import unrecorded
from autodiff_src.runtime.recording import holds_tensors
from autodiff_src.runtime.structures import leaves, rebuilt, size, units, zeros
from autodiff_src.runtime.transforms import register_transform, written_out
from autodiff_src.sparse import SparseJacobian

MODES = ("auto", "forward", "reverse")
Blocks = list[list[Any]]


def jacobian(
    f: Callable[..., Any], wrt: Any = 0, mode: str = "auto", sparsity: Any = None, **options: Any
) -> Callable[..., Any]:
    """A function with the signature of `f` that returns the Jacobian of `f` with respect to `wrt`.

    For a result of shape `m` and an argument of shape `n` it has the shape `m + n`. A result with structure gives that
    structure with a Jacobian in place of each number and array; a Jacobian with respect to an argument with structure has
    that structure; a sequence `wrt` gives a tuple. What carries no derivative has None.

    `mode="reverse"` runs `f` once, and a backward pass for each element of the result. `mode="forward"` runs `f` with its
    tangent for each element of the argument, and refuses a function that one could see run more than once: that prints,
    draws random numbers, or writes. "auto" takes what is cheaper. Up to 64 passes are one, on arrays with an axis more.

    With `sparsity`, the Jacobian of an array with respect to an array is a `scipy.sparse` array of shape (size of the
    result, size of the argument). It is a pattern of that shape, not zero where entries may be, or "detect", which finds
    one in a pass for each element of the argument. Columns without a common row then share a pass, so that the cost is
    that of their colours. A pattern that leaves entries out is noticed. Errors as for `grad`.
    """
    return _named(*_jacobian(f, wrt, mode, sparsity, "jacobian", **options), f, "jacobian", wrt, mode, sparsity)


def hessian(f: Callable[..., Any], wrt: Any = 0, sparsity: Any = None, **options: Any) -> Callable[..., Any]:
    """A function with the signature of `f` that returns the Hessian of `f`: the Jacobian of its gradient.

    For an argument of shape `n` it has the shape `n + n`; structures, sequences `wrt` and `sparsity` as for `jacobian`. Errors
    as for `grad`.
    """
    return _named(*_jacobian(grad(f, wrt, **options), wrt, "auto", sparsity, "hessian"), f, "hessian", wrt, sparsity)


def _jacobian(f: Callable[..., Any], wrt: Any, mode: str, sparsity: Any, transform: str,
              **options: Any) -> tuple[Callable[..., Any], Callable[..., str]]:
    """The function that computes Jacobians, and the one that tells the text that it runs."""
    if mode not in MODES:
        raise ArgumentError(f"mode={mode!r} is none of {', '.join(MODES)}", fix='leave it out, or pass mode="reverse"')
    grad(f, wrt, **options)  # checks the arguments
    several = isinstance(wrt, (tuple, list))
    places = tuple(wrt) if several else (wrt,)
    if sparsity is not None and several:
        raise ArgumentError("a sparse Jacobian is one with respect to one argument", fix="pass one position or name")
    sparse = None if sparsity is None else SparseJacobian(sparsity)

    def derived(*args: Any, **kwargs: Any) -> Any:
        if holds_tensors(args, kwargs):
            return unrecorded(derived, args, kwargs, f"ad.{transform}")
        libraries.refuse(f"ad.{transform}", args, kwargs)
        g = functools.partial(f, **kwargs) if kwargs else f
        if sparse is not None:
            return sparse.at(g, args, wrt, mode)
        y, blocks = _blocks(g, args, places, mode)
        return rebuilt(y, iter([tuple(row) if several else row[0] for row in blocks]))

    def text(*args: Any, **kwargs: Any) -> str:
        g = functools.partial(f, **kwargs) if kwargs else f
        return pullback_source(g, args, places) if mode == "reverse" else ForwardPass(g, args, places).text.source

    return derived, text


def hvp(f: Callable[..., Any], wrt: Any = 0, **options: Any) -> Callable[..., Any]:
    """A function `(x, v, *rest)` that returns the Hessian of `f(x, *rest)` times `v`: the order of `scipy.optimize`'s
    `hessp`. It costs a small multiple of `f`, in one forward pass over the gradient.

    `v` has the structure of the argument `wrt`, by default `x`; for a sequence `wrt` it is a sequence. Errors as for `jvp`.
    """
    gradient = grad(f, wrt, **options)
    several = isinstance(wrt, (tuple, list))

    def product(x: Any, v: Any, *rest: Any, **kwargs: Any) -> Any:
        if holds_tensors(x, v, rest, kwargs):
            return unrecorded(product, (x, v, *rest), kwargs, "ad.hvp")
        if several and (not isinstance(v, (tuple, list)) or len(v) != len(wrt)):
            raise ArgumentError(f"v is to be a tuple of {len(wrt)} parts, one for each entry of wrt", fix="pass (v, w)")
        return forward(x, *rest, **kwargs).along(list(v) if several else [v])[1]

    def forward(*args: Any, **kwargs: Any) -> ForwardPass:
        g = functools.partial(gradient, **kwargs) if kwargs else gradient
        return ForwardPass(g, args, tuple(wrt) if several else (wrt,))

    return _named(product, lambda x, v, *rest, **kwargs: forward(x, *rest, **kwargs).text.source, f, "hvp", wrt)


def _blocks(f: Callable[..., Any], args: tuple[Any, ...], places: tuple[Any, ...], mode: str) -> tuple[Any, Blocks]:
    """The value, and for each leaf of it the derivative with respect to each of `places`."""
    if mode == "reverse":
        return _by_rows(f, args, places)
    try:
        columns = ForwardPass(f, args, places)
        if any(map(np.iscomplexobj, leaves(columns.primals))):
            raise _complex_argument()
    except (UnsupportedError, NoRuleError):
        if mode == "forward":
            raise
        return _by_rows(f, args, places)
    silent, width = columns.text.derived.silent, size(columns.primals)
    if mode == "forward" and width > 1 and not silent:
        raise UnsupportedError(
            f"{getattr(f, '__name__', 'f')} prints, draws, writes or calls what may: it cannot run once for each column",
            fix='pass mode="reverse"')
    if mode == "auto" and (not silent or width > size(columns.along([None] * len(places))[0])):
        return _by_rows(f, args, places)
    return _by_columns(columns)


def _by_rows(f: Callable[..., Any], args: tuple[Any, ...], places: tuple[Any, ...]) -> tuple[Any, Blocks]:
    y, pullback = vjp_of_values(f, args, places)
    if any(map(np.iscomplexobj, leaves(y))):
        raise UnsupportedError("the Jacobian of a complex result is not made by rows", fix='pass mode="forward"')
    if any(np.iscomplexobj(x) for d_x in pullback(zeros(y, plain=True)) for x in leaves(d_x)):
        raise _complex_argument()
    rows = list(pullback.each(units(y, plain=True)))
    blocks, at = [], 0
    for leaf in leaves(y):
        part = rows[at:at + np.size(leaf)]
        at += np.size(leaf)
        if part:
            blocks.append([_joined([row[w] for row in part], leaf, 0) for w in range(len(places))])
        else:
            blocks.append([_empty(x, leaf) for x in pullback(zeros(y, plain=True))])
    return y, blocks


def _complex_argument() -> ArgumentError:
    return ArgumentError("a Jacobian with respect to complex numbers is not made",
                         fix="write the function in terms of real and imaginary parts, or use ad.jvp")


def _empty(x: Any, leaf: np.ndarray) -> Any:
    return rebuilt(x, (np.zeros(leaf.shape + np.shape(part), leaf.dtype) for part in leaves(x)))


def _by_columns(forward: ForwardPass) -> tuple[Any, Blocks]:
    primals = forward.primals
    outcomes = [list(forward.along_all([unit if k == w else None for k in range(len(primals))] for unit in units(x)))
                for w, x in enumerate(primals)]
    y = next((value for part in outcomes for value, _ in part), None)
    if y is None:
        y, _ = forward.along([None] * len(primals))
    columns = [[leaves(tangent) for _, tangent in part] for part in outcomes]
    return y, [[_columns_of(i, leaf, x, part) for x, part in zip(primals, columns, strict=True)]
               for i, leaf in enumerate(leaves(y))]


def _columns_of(i: int, y: Any, x: Any, columns: list[list[Any]]) -> Any:
    """The derivative of `y`, leaf `i` of the result, with respect to `x`, in the structure of `x`."""
    new, at = [], 0
    for leaf in leaves(x):
        part = [column[i] for column in columns[at:at + np.size(leaf)]]
        at += np.size(leaf)
        new.append(_joined(part, leaf, -1) if part else np.zeros(np.shape(y) + np.shape(leaf), np.result_type(y)))
    return rebuilt(x, iter(new))


def _joined(parts: Sequence[Any], leaf: Any, axis: int) -> Any:
    """Structures alike as one: the arrays in them along the axes of `leaf` more, in front (0) or behind (-1)."""
    if not np.shape(leaf):
        return parts[0]
    flat = [leaves(part) for part in parts]
    joined = [_reshaped(np.stack(same, axis), np.shape(leaf), axis) for same in zip(*flat, strict=True)]
    return rebuilt(parts[0], iter(joined))


def _reshaped(a: np.ndarray, shape: tuple[int, ...], axis: int) -> np.ndarray:
    return a.reshape(shape + a.shape[1:] if axis == 0 else a.shape[:-1] + shape)


def _named(
    compute: Callable[..., Any], text: Callable[..., str], f: Callable[..., Any], transform: str, *options: Any
) -> Callable[..., Any]:
    """The function that computes, with the name, doc and signature of `f`; `text` gives what it runs. It is what the transform
    makes of `f` with these options."""
    made = importable.Made(compute, transform, f, options)

    def derived(*args: Any, **kwargs: Any) -> Any:
        return made.compute(*args, **kwargs)

    derived.__name__, derived.__doc__ = getattr(f, "__name__", "f"), getattr(f, "__doc__", None)
    if transform != "hvp":
        derived.__signature__ = inspect.signature(f)  # type: ignore[attr-defined]
    DERIVED[derived], MADE_OF[derived] = (transform, f, None, False), text
    plain = all(option is None or isinstance(option, str) and option in MODES for option in options[1:])
    written = written_out(derived, transform, f, options[0]) if plain else None
    if written is not None:
        BOUND[derived] = written, (), {}
    importable.name(derived, transform, f, *options)
    return derived


def column(f: Callable[..., Any], primals: Any, tangents: Any) -> tuple[Any, Any]:
    """`jvp` of a function that runs once for each column: inside a differentiated function one that shows is refused."""
    return jvp(f, primals, tangents)


for _transform in (jacobian, hessian, hvp, column):
    register_transform(_transform, _transform.__name__)
