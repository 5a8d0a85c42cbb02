"""The two functions that stand for `y, pullback = ad.vjp(f, x, z)` inside a function.

    def f_vjp(x, z):
        result, residuals = f_vjp_forward(x, z)
        return result, (f_pullback, (residuals, x.copy(), z, zeros_like(result)))


    def f_pullback(kept, d_result):
        residuals, x, z, like = kept
        check_cotangent(d_result, like)
        d_x, d_z = f_vjp_backward(residuals, np.asarray(d_result, like.dtype), x, z)
        return d_x.copy(), float(d_z)

The pullback then finds what it needs as it was when `ad.vjp` was called, also in a later trip of a loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gast
import numpy as np

from autodiff_src.analyze.functions import with_plain_parameters
from autodiff_src.analyze.kinds import (
    UNKNOWN,
    Array,
    Bool,
    Float,
    Inert,
    Int,
    Kind,
    Known,
    Number,
    Scalar,
    carries_derivative,
)
from autodiff_src.differentiate.calls import Pair
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import FreshNames, Program
from autodiff_src.runtime import adjoints, results, values
from autodiff_src.syntax import names_read

_UNCHANGING = (Float, Int, Bool, Scalar, Known, Inert)
_EXTRA = {"np": np, "check_cotangent": results.check_cotangent, "gradient_like": results.gradient_like,
          "kept_value": values.kept, "zeros_like": adjoints.zeros_like}


def with_pullback(programs: list[Program], pair: Pair, prepared: Prepared, wrt: tuple[str, ...], title: str) -> list[Program]:
    """The programs of a pair with these two functions behind them."""
    program, parameters = prepared.program, list(prepared.parameters)
    if pair.shadows or prepared.written() & set(parameters):
        raise UnsupportedError("the function given to ad.vjp writes into its arguments", program.place(program.function),
                               "have it work on a copy")
    if prepared.result_kind == UNKNOWN:
        raise UnsupportedError("what the function given to ad.vjp returns is not known here", program.place(program.function),
                               "use ad.grad or ad.jvp")
    names = FreshNames({*parameters, *names_read([p.function for p in programs]), *program.namespace.globals,
                        *program.namespace.cells, *program.namespace.extra, title})
    known = {word: word if program.namespace.lookup(word) is e else names.fresh(word) for word, e in _EXTRA.items()}
    space = replace(program.namespace, extra={**program.namespace.extra, **{known[word]: e for word, e in _EXTRA.items()}})
    text = _Text(pair, prepared, wrt, known, names.fresh)
    functions: list[Any] = gast.parse(f"{text.forward(title)}\n{text.pullback()}").body
    *others, forward, backward = programs
    return [*others, with_plain_parameters(forward, parameters), backward,
            *(replace(program, function=f, namespace=space, defaults=(), kwdefaults={}) for f in reversed(functions))]


class _Text:
    def __init__(
        self, pair: Pair, prepared: Prepared, wrt: tuple[str, ...], known: dict[str, str], fresh: Callable[[str], str]
    ):
        self.pair, self.wrt, self.known = pair, wrt, known
        self.parameters, self.kinds, self.of_result = prepared.parameters, prepared.entry, prepared.result_kind
        words = ("result", "residuals", "like", "kept", f"{prepared.program.name}_pullback")
        self.result, self.residuals, self.like, self.kept, self.title = map(fresh, words)
        self.d_result = fresh(f"d_{self.result}")
        self.adjoints = {p: fresh(f"d_{p}") for p in wrt}
        returned = [self.parameters[i] for i in pair.returns]
        carried = [p for p in wrt if carries_derivative(self._kind(p))]
        self.zero = [p for p in carried if p not in returned]
        self.given = [self.parameters[i] for i in pair.reads]
        self.likes = [p for p in carried if p not in [*self.given, *self.zero] and not self._is_plain(self._kind(p))]
        shared = prepared.sharing.ever.get(prepared.result, set()) | {prepared.result}
        self.is_shared = bool(shared & prepared.reachable)

    def forward(self, title: str) -> str:
        """The function that is called in place of `ad.vjp`."""
        outcome = f"{self.result}, {self.residuals}" if self.pair.residuals else self.result
        parts = [self.residuals] if self.pair.residuals else []
        parts += [self._as_it_is(p) for p in [*self.given, *self.likes]]
        parts += [f"{self.known['zeros_like']}({p})" for p in self.zero]
        parts.append(f"{self.known['zeros_like']}({self.result})")
        value = f"{self.result}.copy()" if self.is_shared and isinstance(self.of_result, Array) else self.result
        return (f"def {title}({', '.join(self.parameters)}):\n"
                f"    {outcome} = {self.pair.forward}({', '.join(self.parameters)})\n"
                f"    return {value}, ({self.title}, ({', '.join(parts)},))\n")

    def pullback(self) -> str:
        """The function that gives the cotangents, for what the first one kept."""
        names = [*([self.residuals] if self.pair.residuals else []), *self.given, *self.likes, *self.zero, self.like]
        returned = [self.parameters[i] for i in self.pair.returns]
        parts = [*([self.residuals] if self.pair.residuals else []), *([self._seed()] if self.pair.seeded else []), *self.given]
        call = f"{self.pair.backward}({', '.join(parts)})"
        outcome = f"    {', '.join(self.adjoints[p] for p in returned)} = {call}\n" if returned else ""
        return (f"def {self.title}({self.kept}, {self.d_result}):\n"
                f"    {', '.join(names)}{',' if len(names) == 1 else ''} = {self.kept}\n"
                f"    {self.known['check_cotangent']}({self.d_result}, {self.like})\n{outcome}"
                f"    return ({', '.join(self._cotangent(p, p in returned) for p in self.wrt)},)\n")

    def _seed(self) -> str:
        """The cotangent as the backward half takes it."""
        if isinstance(self.of_result, Array):
            return f"{self.known['np']}.asarray({self.d_result}, {self.like}.dtype)"
        return f"float({self.d_result})" if isinstance(self.of_result, Float) else self.d_result

    def _cotangent(self, p: str, is_returned: bool) -> str:
        kind, adjoint = self._kind(p), self.adjoints[p]
        if p in self.zero:
            return f"{self.known['zeros_like']}({p})"
        if not is_returned:
            return "None"
        if isinstance(kind, Float):
            return f"float({adjoint})"
        return f"{adjoint}.copy()" if self._is_plain(kind) else f"{self.known['gradient_like']}({adjoint}, {p})"

    def _as_it_is(self, p: str) -> str:
        """A parameter as it is when `ad.vjp` is called."""
        kind = self._kind(p)
        if isinstance(kind, (*_UNCHANGING, Number)):
            return p
        return f"{p}.copy()" if isinstance(kind, Array) else f"{self.known['kept_value']}({p})"

    def _kind(self, p: str) -> Kind:
        return self.kinds.get(p, UNKNOWN)

    @staticmethod
    def _is_plain(kind: Kind) -> bool:
        """Is the adjoint one that needs no value to be like?"""
        return isinstance(kind, Float) or isinstance(kind, Array) and kind.dtype is not None and bool(kind.shape)
