"""Derivatives of `np.einsum`, worked out from its subscripts."""
from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError
from autodiff_src.runtime.adjoints import inverse_order, unbroadcast_to
from autodiff_src.runtime.libraries import by_numpy_names


def einsum_adjoint(e: Any, subscripts: str, operands: Sequence[Any]) -> list[Any]:
    """The adjoints of the operands of `np.einsum(subscripts, *operands)`, in the shapes of these.

    Raises NoRuleError where the subscripts are lists that are no literals.
    """
    terms, out = _terms(subscripts, operands)
    return [_adjoint_of(i, e, terms, out, operands) for i in range(len(operands))]


def einsum_tangent(subscripts: str, operands: Sequence[Any], dots: Sequence[Any]) -> Any:
    """The tangent of `np.einsum(subscripts, *operands)`; a tangent of None counts as zero."""
    return sum(np.einsum(subscripts, *operands[:i], dot, *operands[i + 1:], optimize=len(operands) > 2)
               for i, dot in enumerate(dots) if dot is not None)


def einsum_second_tangent(subscripts: str, operands: Sequence[Any], dots: Sequence[Any], dots2: Sequence[Any]) -> Any:
    """The tangent of `einsum_tangent(subscripts, operands, dots)` for the tangents `dots2` of the operands."""
    return sum(einsum_tangent(subscripts, [*operands[:i], dot, *operands[i + 1:]],
                              [None if k == i else other for k, other in enumerate(dots2)])
               for i, dot in enumerate(dots))


def einsum_adjoint_tangent(e: Any, subscripts: str, operands: Sequence[Any], dots: Sequence[Any]) -> list[Any]:
    """The tangents of `einsum_adjoint(e, subscripts, operands)` for the tangents `dots` of the operands.

    Also the adjoints of the operands there for the adjoints `dots` of the result: second derivatives are symmetric.
    """
    terms, out = _terms(subscripts, operands)
    dots = [np.broadcast_to(dot, np.shape(x)) for dot, x in zip(dots, operands)]
    results: list[Any] = []
    for j in range(len(operands)):
        parts = [_adjoint_of(j, e, terms, out, [*operands[:i], dots[i], *operands[i + 1:]])
                 for i in range(len(operands)) if i != j]
        results.append(sum(parts) if parts else np.zeros(np.shape(operands[j])))
    return results


def _adjoint_of(i: int, e: Any, terms: list[str], out: str, operands: Sequence[Any]) -> Any:
    others, x = terms[:i] + terms[i + 1:], operands[i]
    known = set(out).union(*others)
    labels = "".join(dict.fromkeys(terms[i]))
    kept = "".join(label for label in labels if label in known)
    result = np.einsum(",".join([out, *others]) + "->" + kept, e, *operands[:i], *operands[i + 1:], optimize=len(others) > 1)
    missing = tuple(k - len(labels) for k, label in enumerate(labels) if label not in known)
    shape = tuple(np.shape(x)[terms[i].index(label)] for label in labels)
    result = unbroadcast_to(np.expand_dims(result, missing) if missing else result, shape)
    if labels == terms[i]:
        return result
    placed = np.zeros(np.shape(x), result.dtype)  # an index that is repeated is that of a diagonal
    np.einsum(f"{terms[i]}->{labels}", placed)[...] = result
    return placed


def chain(arrays: Sequence[Any]) -> str:
    """The subscripts with which `np.einsum` is `np.linalg.multi_dot(arrays)`: vectors may stand at the ends."""
    first, last = int(np.ndim(arrays[0]) == 1), int(np.ndim(arrays[-1]) == 1)
    labels = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[:len(arrays) + 1]
    terms = [labels[i:i + 2] for i in range(len(arrays))]
    terms[0], terms[-1] = terms[0][first:], terms[-1][:1] if last else terms[-1]
    return ",".join(terms) + "->" + labels[:1] * (not first) + labels[-1] * (not last)


def _terms(subscripts: str, operands: Sequence[Any]) -> tuple[list[str], str]:
    """The labels of each operand and of the result, with labels for what ellipses stand for."""
    if not isinstance(subscripts, str):
        raise NoRuleError("np.einsum with lists of axes", fix="give the subscripts as a string")
    inputs, arrow, out = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if not arrow:
        joined = inputs.replace("...", "").replace(",", "")
        out = "".join(sorted(label for label in set(joined) if joined.count(label) == 1))
        out = "..." + out if "..." in inputs else out
    more = [np.ndim(x) - len(term.replace("...", "")) if "..." in term else 0 for term, x in zip(terms, operands)]
    free = "".join(label for label in string.ascii_letters if label not in subscripts)[:max(more)]
    terms = [term.replace("...", free[len(free) - count:]) for term, count in zip(terms, more)]
    return terms, out.replace("...", free)


def tensordot_adjoint(e: Any, a: Any, b: Any, axes: Any, operand: int) -> Any:
    """The adjoint of `a` (`operand` 0) or of `b` (1) in `np.tensordot(a, b, axes)` for that of the result."""
    if isinstance(axes, (int, np.integer)):
        axes = list(range(np.ndim(a) - axes, np.ndim(a))), list(range(axes))
    summed = [[int(i) % np.ndim(x) for i in np.atleast_1d(part)] for x, part in zip((a, b), axes)]
    free = [[i for i in range(np.ndim(x)) if i not in part] for x, part in zip((a, b), summed)]
    other = 1 - operand
    split = len(free[0])
    of_other = list(range(split, np.ndim(e))) if operand == 0 else list(range(split))
    xp = by_numpy_names(e)
    result = xp.tensordot(e, b if operand == 0 else a, axes=(of_other, free[other]))
    order = free[operand] + [summed[operand][k] for k in np.argsort(summed[other], kind="stable")]
    return xp.transpose(result, inverse_order(order))
