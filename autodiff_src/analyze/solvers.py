"""Calls of SciPy's solvers, whose results are differentiated by the implicit-function theorem.

`x = brentq(f, a, b, args=(p,))` makes f(x, p) zero, so that dx/dp = -(df/dp) / (df/dx) wherever the solver was started.
"""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.analyze.calls import Opaque, Solved
from autodiff_src.analyze.expression_kinds import Env
from autodiff_src.analyze.functions import LocalFunction, is_function
from autodiff_src.analyze.kinds import UNKNOWN, Float, Int, Kind, Scalar, Tuple
from autodiff_src.analyze.summaries import is_quiet
from autodiff_src.errors import AutodiffError, UnsupportedError
from autodiff_src.program import MISSING
from autodiff_src.runtime.objects import module_of
from autodiff_src.syntax import is_constant, is_name, name

if TYPE_CHECKING:
    from autodiff_src.analyze.call_binding import CallBinding

_ROOT_FINDERS = frozenset(["brentq", "brenth", "ridder", "bisect", "toms748", "newton"])


def is_root_finder(function: Any) -> bool:
    title = getattr(function, "__name__", "")
    return title in _ROOT_FINDERS and module_of(function).startswith("scipy.optimize") and (
        getattr(sys.modules.get("scipy.optimize"), title, None) is function)


def solved(s: Any, env: Env, binding: CallBinding) -> tuple[Solved | Opaque, list[gast.stmt]] | None:
    """What `x = brentq(f, ...)` is, and what has to run before it; None for all that is no such call."""
    call = s.value
    function = binding.expressions.function(call.func, env) if isinstance(call, gast.Call) else MISSING
    if not is_root_finder(function) or not isinstance(s, gast.Assign) or not is_name(s.targets[0]):
        return None
    try:
        return _solved(s, function, env, binding)
    except AutodiffError as error:
        refusal = error if error.place is not None else type(error)(error.reason, binding.program.place(s), error.fix)
        return Opaque(lambda: refusal), []


def _solved(s: Any, function: Any, env: Env, binding: CallBinding) -> tuple[Solved, list[gast.stmt]]:
    title, target = function.__name__, s.targets[0]
    call, before = binding.unstarred(s.value, env)
    given = inspect.signature(function).bind(*call.args, **{k.arg: k.value for k in call.keywords}).arguments
    f, args = given[next(iter(given))], given.get("args", gast.Tuple([], gast.Load()))
    if "full_output" in given and not (is_constant(given["full_output"]) and not given["full_output"].value):
        raise _refusal(f"{title} is asked for more than the root", "call it without full_output")
    start = binding.expressions.kind(given[list(given)[1]], env)
    if title == "newton" and not isinstance(start, (Float, Int, Scalar)):
        raise _refusal("newton is started at what may be an array", "solve for one number at a time")
    of = binding.expressions.kind(f, env)
    if not is_function(of) or isinstance(of, LocalFunction) and is_name(f) and f.id in binding.passed:
        raise _refusal(f"the function whose root {title} finds is not known here", "give it by its own name")
    key = (id(s), "at the root")
    if key not in binding.rewritten:
        items = args.elts if isinstance(args, gast.Tuple) else [gast.Starred(args, gast.Load())]
        if items and not isinstance(args, gast.Tuple) and not isinstance(binding.expressions.kind(args, env), Tuple):
            raise _refusal(f"args of {title} is no tuple", "pass a tuple: args=(p,)")
        binding.rewritten[key] = gast.Call(f, [name(target.id), *items], [])
    at_root = {**env, target.id: kind_of_root(function)}
    callee, more, arguments = binding._bind(of, binding.rewritten[key], at_root)
    env.update({n: kind for n, kind in at_root.items() if n != target.id})
    if not is_quiet(callee):
        raise _refusal(f"the function whose root {title} finds does more than compute", "give one that only computes")
    if not isinstance(callee.result or UNKNOWN, (Float, Scalar)):
        raise _refusal(f"the function whose root {title} finds may give something else than a number", "return a number")
    return Solved(callee, tuple(arguments[1:])), [*before, *more]


def kind_of_root(function: Any) -> Kind:
    """Newton's method computes with NumPy's numbers, the compiled ones with Python's."""
    return Scalar(np.dtype(float)) if function.__name__ == "newton" else Float()


def _refusal(reason: str, fix: str) -> UnsupportedError:
    return UnsupportedError(reason, None, fix)
