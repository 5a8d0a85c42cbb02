"""Calls of SciPy that are given a function, and are differentiated by what is known of their results.

`x = brentq(f, a, b, args=(p,))` makes f(x, p) zero, so that dx/dp = -(df/dp) / (df/dx) wherever the solver was started;
`quad(f, a, b, args=(p,))` is the integral of f(x, p), of which the derivatives are integrals of df/dp and values of f.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Called, Curve, Cut, Integrated, Opaque, Solved
from autodiff_src.analyze.expression_kinds import Env
from autodiff_src.analyze.functions import Callee, LocalFunction, captures, is_function
from autodiff_src.analyze.kinds import UNKNOWN, Array, Float, Int, Kind, Scalar, Tuple
from autodiff_src.analyze.kinds_of_values import kind_of
from autodiff_src.analyze.mutability import may_be_written
from autodiff_src.analyze.summaries import is_quiet
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.program import MISSING
from autodiff_src.runtime.objects import module_of
from autodiff_src.runtime.solutions import curve_of, root_of
from autodiff_src.syntax import assign, is_constant, is_name, name, names_read

if TYPE_CHECKING:
    from autodiff_src.analyze.call_binding import CallBinding

_ROOT_FINDERS = frozenset(["brentq", "brenth", "ridder", "bisect", "toms748", "newton"])
_NUMBERS = (Float, Int, Scalar)
# What else `quad` may be asked for, and these would change the meaning of what it is given.
_CHANGE_QUAD = ("full_output", "weight", "wvar", "complex_func")


def kind_of_solution(function: Any, kinds: Callable[[], list[Kind]]) -> Kind | None:
    """The kind of what a solver gives; None for another function. Newton's method computes with NumPy's numbers. `kinds`: of
    the arguments."""
    if function in (root_of, curve_of):
        return kinds()[0]
    title = getattr(function, "__name__", "")
    home = "scipy.integrate" if title == "quad" else "scipy.optimize"
    known = title == "quad" or title in _ROOT_FINDERS
    if not known or not module_of(function).startswith(home) or (
            getattr(sys.modules.get(home), title, None) is not function):
        return None
    if title == "quad":
        return Tuple((Float(), Float()))
    return Scalar(np.dtype(float)) if title == "newton" else Float()


def solver_call(s: Any, env: Env, binding: CallBinding) -> tuple[Solved | Integrated | Opaque | Cut, list[gast.stmt]] | None:
    """What `x = brentq(f, ...)` is, and what has to run before it; None for all that is no such call. A solution that is not
    read carries nothing on."""
    call = s.value
    function: Any = binding.expressions.function(call.func, env) if isinstance(call, gast.Call) else MISSING
    kind = kind_of_solution(function, lambda: [binding.expressions.kind(a, env) for a in call.args])
    if kind is not None and isinstance(s, gast.Expr):
        read = binding.rewritten.setdefault((id(s), "read"), assign(binding.names.fresh("found"), call, s))
        found = solver_call(read, dict(env), binding)
        return found if found is None or isinstance(found[0], Opaque) else (Cut(), found[1])
    if kind is None or not isinstance(s, gast.Assign) or not is_name(s.targets[0]):
        return None
    try:
        solver = _SolverCall(s, function, env, binding)
        if function is root_of:
            return solver.stated()
        if function is curve_of:
            return solver.curve()
        return solver.integrated() if function.__name__ == "quad" else solver.solved()
    except AutodiffError as error:
        refusal = error if error.place is not None else type(error)(error.reason, binding.program.place(s), error.fix)
        if isinstance(error, _StoresError):
            # what it stores carries a derivative wherever it is read
            raise UnsupportedError(refusal.reason, refusal.place, refusal.fix) from error
        return Opaque(lambda: refusal), []


def _outside(callee: Callee, seen: set[int]) -> list[Kind]:
    """The kinds of what the function, and those that it calls, read from outside."""
    seen.add(id(callee))
    space, specialised = callee.program.namespace, callee.specialised
    values = [space.lookup(n) for n in names_read(callee.program.function.body)]
    called = [info.callee for info in specialised.calls.values() if isinstance(info, Called)] if specialised else []
    return [*(kind_of(v, None) for v in values if v is not MISSING),
            *(kind for inner in called if id(inner) not in seen for kind in _outside(inner, seen))]


class _StoresError(UnsupportedError):
    """The function that a solver is given may write into memory that others read."""


class _SolverCall:
    def __init__(self, s: Any, function: Any, env: Env, binding: CallBinding):
        self.s, self.env, self.binding, self.title = s, env, binding, function.__name__
        call, self.before = binding.unstarred(s.value, env)
        bound = inspect.signature(function).bind(*call.args, **{k.arg: k.value for k in call.keywords})
        self.given: dict[str, gast.expr] = bound.arguments
        self.f = list(self.given.values())[function in (root_of, curve_of)]
        self.kind_of_x: Kind = Scalar(np.dtype(float)) if self.title == "newton" else Float()

    def solved(self) -> tuple[Solved, list[gast.stmt]]:
        if not self._is_plain("full_output"):
            raise _refusal(f"{self.title} is asked for more than the root", "call it without full_output")
        start = self.binding.expressions.kind(self.given[list(self.given)[1]], self.env)
        if self.title == "newton" and not isinstance(start, _NUMBERS):
            raise _refusal("newton is started at what may be an array", "solve for one number at a time")
        callee, arguments = self._function()
        return Solved(callee, arguments), self.before

    def stated(self) -> tuple[Solved, list[gast.stmt]]:
        """The solution of a solver that ran in front of this."""
        self.title, self.kind_of_x = "the solver", self.binding.expressions.kind(self.given["x"], self.env)
        callee, arguments = self._function()
        return Solved(callee, arguments, stated=True), self.before

    def curve(self) -> tuple[Curve, list[gast.stmt]]:
        """The solution of differential equations that were solved in front of this."""
        self.title, self.kind_of_x = "the solver", Array(np.dtype(float), (None,))
        times = self.given["times"]
        callee, arguments = self._function(Float())
        if not is_name(self.given["start"]) or not isinstance(
                self.binding.expressions.kind(self.given["start"], self.env), Array):
            raise _refusal("where the solution starts is no array of numbers here", "pass an array, or a list of numbers")
        options = [gast.keyword(key, e) for key, e in self.given.get("options", {}).items()]
        bounds = self.given["start"], times, *([self.given["span"]] if "span" in self.given else [])
        return Curve(callee, arguments[1:], bounds, tuple(options), self.given["solver"]), self.before

    def integrated(self) -> tuple[Integrated, list[gast.stmt]]:
        if not all(map(self._is_plain, _CHANGE_QUAD)):
            raise _refusal("quad is asked for more than the integral of a real function", "call it without these options")
        callee, arguments = self._function()
        bounds = self.given["a"], self.given["b"]
        kinds = [self.binding.expressions.kind(e, self.env) for e in bounds]
        if not all(isinstance(kind, _NUMBERS) for kind in kinds):
            raise _refusal("a bound of quad may be something else than a number", "pass numbers")
        own = ("func", "a", "b", "args", *_CHANGE_QUAD)
        options = [gast.keyword(key, e) for key, e in self.given.items() if key not in own]
        return Integrated(callee, arguments, bounds, tuple(options)), self.before

    def _is_plain(self, option: str) -> bool:
        value = self.given.get(option)
        return value is None or is_constant(value) and not value.value

    def _function(self, *others: Kind) -> tuple[Callee, tuple[gast.expr, ...]]:
        """The function that the solver calls, and what it is given besides the number that the solver chooses; `others`: the
        kinds of further ones that it chooses."""
        binding, f = self.binding, self.f
        of = binding.expressions.kind(f, self.env)
        if not is_function(of) or isinstance(of, LocalFunction) and is_name(f) and binding.passed.get(f.id) == of:
            raise _refusal(f"the function that {self.title} is given is not known here", "give it by its own name")
        target = self.s.targets[0].id
        chosen = {**self.env, target: self.kind_of_x}
        call = self._call(target, len(others))
        hidden = {a.id: kind for a, kind in zip(call.args[1:], others, strict=False)}  # type: ignore[attr-defined]
        callee, more, arguments = binding._bind(of, call, chosen | hidden)
        self.env.update({n: kind for n, kind in chosen.items() if n != target})
        if not is_quiet(callee):
            raise (_StoresError if self._reaches_memory(of, callee) else UnsupportedError)(
                f"the function that {self.title} is given does more than compute", None, "give one that only computes")
        if isinstance(self.kind_of_x, Array):
            if not isinstance(callee.result, Array) or callee.result.dtype != np.float64 or callee.result.ndim != 1:
                raise _refusal(f"the function that {self.title} is given may give something else than numbers",
                               "return an array, or a list of numbers")
        elif not isinstance(callee.result or UNKNOWN, (Float, Scalar)):
            raise _refusal(f"the function that {self.title} is given may give something else than a number", "return a number")
        self.before += more
        return callee, tuple(arguments[1:])

    def _reaches_memory(self, of: Kind, callee: Callee) -> bool:
        """Can the function, or one that it calls, see what may be written into?"""
        here = [self.env.get(v, UNKNOWN) for v in captures(of)]
        return any(map(may_be_written, [*here, *_outside(callee, set())]))

    def _call(self, x: str, others: int) -> gast.Call:
        """`f(x, *args)`, with the name of the solution for x, and names for what else the solver chooses behind it."""
        rewritten, key, args = self.binding.rewritten, (id(self.s), "solver's function"), self.given.get("args")
        if key not in rewritten:
            items = args.elts if isinstance(args, gast.Tuple) else [] if args is None else [gast.Starred(args, gast.Load())]
            if items and not isinstance(args, gast.Tuple) and not isinstance(
                    self.binding.expressions.kind(args, self.env), Tuple):
                raise _refusal(f"args of {self.title} is no tuple", "pass a tuple: args=(p,)")
            chosen = [name(self.binding.names.fresh("t")) for _ in range(others)]
            rewritten[key] = gast.Call(self.f, [name(x), *chosen, *items], [])
        return rewritten[key]


def _refusal(reason: str, fix: str) -> UnsupportedError:
    return UnsupportedError(reason, None, fix)
