"""Calls of SciPy's solvers for several unknowns, minima and differential equations: the solver's own call carries no
derivative, and its solution is what makes a function zero.

    sol = root(f, x0, args=(p,))        ->      def residual(x, *rest):
    y = sol.x[0]                                    return as_residual(f(x, *rest))
                                                sol = found(root, f, x0, args=(p,))
                                                sol_x = root_of(vector(sol.x), residual, (p,))
                                                y = sol_x[0]

At a minimum it is the gradient that is zero; a solution of differential equations is told by its slope. Results that are used
otherwise than by their attributes are left as they are.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import gast

from autodiff_src.program import MISSING
from autodiff_src.renaming import renamed
from autodiff_src.runtime import solutions
from autodiff_src.runtime.transforms import FUNCTIONS
from autodiff_src.syntax import assign, clone, expression, is_name, located, name, parameter_names, statements, substitute, walk

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions


@dataclass(frozen=True)
class Solver:
    """`attribute`: of the result, that holds the solution, if it is not the result; `residual`: what is zero there; `kind`:
    the check that the solution passes; `value`: the attribute that holds what the function gives there, or the times."""

    residual: str
    kind: str = "vector"
    attribute: str = ""
    value: str = ""
    plain: tuple[str, ...] = ()  # options that must not be given
    home: str = "scipy.optimize"
    needed: str = "args"  # an option that must be given, unless it is `args`
    kept: tuple[str, ...] = ()  # options with which tangents are integrated, too


SOLVERS = {
    "fsolve": Solver("as_residual(f(x, *rest))", plain=("full_output",)),
    "fixed_point": Solver("as_residual(f(x, *rest) - x)"),
    "root": Solver("as_residual(f(x, *rest))", attribute="x"),
    "root_scalar": Solver("f(x, *rest)", "number", "root"),
    "minimize": Solver("grad(f)(x, *rest)", attribute="x", value="fun", plain=("constraints",)),
    "odeint": Solver("as_residual(f(y, t, {rest}))", "curves", plain=("full_output", "Dfun"), home="scipy.integrate",
                     kept=("rtol", "atol", "h0", "hmax", "hmin", "mxstep")),
    "solve_ivp": Solver("as_residual(f(t, y, {rest}))", "curves", "y", "t",
                        plain=("dense_output", "events", "vectorized", "jac"), home="scipy.integrate", needed="t_eval",
                        kept=("method", "rtol", "atol", "first_step", "max_step")),
    "minimize_scalar": Solver("float(grad(f)(x, *rest))", "number", "x", "fun"),
}
_CONSTANT = frozenset(["success", "message", "status", "nfev", "njev", "nhev", "nit", "converged", "flag", "iterations",
                       "function_calls"])


class Solutions:
    """Rewrites such calls of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions
        self.parts: dict[str, dict[str, str]] = {}  # by a result's name: the variables that hold attributes

    def call(self, node: gast.Call, function: Any) -> gast.expr | None:
        """What stands for a call that gives a solution; None for other calls."""
        solver = solver_of(function)
        given = None if solver is None or solver.attribute else self._given(node, solver)
        if solver is None or given is None:
            return None
        parts: dict[str, str] = {}
        self._solved(node, solver, given, parts)
        return name(parts[""])

    def named(self, title: str, value: gast.expr) -> gast.expr:
        """What a variable is bound to: of a solver's result that is used by its attributes, they are computed, too."""
        if title not in self.tracked or not isinstance(value, gast.Call):
            return value
        return self._result(value, self.parts.setdefault(title, {}))

    def attribute(self, node: gast.Attribute) -> gast.expr | None:
        """What stands for an attribute of a solver's result; None for others."""
        if is_name(node.value) and node.value.id in self.tracked and node.attr not in _CONSTANT:
            return self._part(self.parts.setdefault(node.value.id, {}), node.attr)
        if not self._gives(node.value, node.attr):
            return None
        parts: dict[str, str] = {}
        result = self._result(node.value, parts)
        return name(parts[node.attr]) if node.attr in parts else gast.Attribute(result, node.attr, gast.Load())

    def _gives(self, node: gast.expr, attribute: str) -> bool:
        """Is it a call that gives a solver's result, of which the attribute is known?"""
        solver = solver_of(self.expressions.static(node.func)) if isinstance(node, gast.Call) else None
        return solver is not None and bool(solver.attribute) and self._given(node, solver) is not None and (
            attribute in _CONSTANT | {solver.attribute, solver.value})

    @cached_property
    def tracked(self) -> set[str]:
        """Variables that stand for results of solvers only, and of which only attributes are read, here."""
        nodes = [n for s in self.expressions.program.function.body for n in walk(s)]
        bound: dict[str, list[gast.expr]] = {}
        for s in nodes:
            if isinstance(s, gast.Assign) and len(s.targets) == 1 and is_name(s.targets[0]):
                bound.setdefault(s.targets[0].id, []).append(s.value)
        inside = {n.id for s in nodes if isinstance(s, (gast.FunctionDef, gast.Lambda)) for n in walk(s) if is_name(n)}
        read = [n for n in nodes if isinstance(n, gast.Attribute) and is_name(n.value)]
        return {t for t, (value, *others) in bound.items() if not others and t not in inside
                and t not in parameter_names(self.expressions.program.function.args)
                and self._gives(value, "success") and all(self._gives(value, n.attr) for n in read if n.value.id == t)
                and sum(is_name(n, t) for n in nodes) == 1 + sum(n.value.id == t for n in read)}

    def _given(self, call: gast.Call, solver: Solver) -> dict[str, gast.expr] | None:
        """The arguments of a call that is rewritten, by the solver's parameters; None for other calls."""
        parameters = [*inspect.signature(self.expressions.static(call.func)).parameters]
        given = dict(zip(parameters, call.args, strict=False)) | {k.arg: k.value for k in call.keywords}
        if any(isinstance(a, gast.Starred) for a in call.args) or None in given or parameters[0] not in given or any(
                _is_given(given.get(option)) for option in solver.plain) or _is_true(given.get("jac")):
            return None
        return given if solver.needed == "args" or solver.needed in given else None

    def _result(self, call: gast.Call, parts: dict[str, str]) -> gast.expr:
        """The result that holds the solution."""
        call, solver = self.expressions.order.kept(call), solver_of(self.expressions.static(call.func))
        assert solver is not None
        given = self._given(call, solver)
        assert given is not None
        return self._solved(call, solver, given, parts)

    def _solved(self, call: gast.Call, solver: Solver, given: dict[str, gast.expr], parts: dict[str, str]) -> gast.expr:
        """What the solver gives; the solution, and what else is known of it, in the variables that `parts` names."""
        expressions, f = self.expressions, next(iter(given))
        of, args = self._now("function", given[f]), self._held(given.get("args"))
        if solver.kind == "curves":
            given = {n: self._now(n, e) if n not in (f, "args") else e for n, e in given.items()}
        keywords = [gast.keyword(n, args if n == "args" else e) for n, e in given.items() if n != f]
        found = gast.Call(expressions.reference(solutions.found), [clone(call.func), of], keywords)
        result = expressions.consumption.now("found", located(found, call))
        residual = self._residual(solver, of, args, _is_true(given.get("tfirst")), call)
        whole = gast.Attribute(result, solver.attribute, gast.Load()) if solver.attribute else result
        checked = gast.Call(expressions.reference(getattr(solutions, solver.kind)), [whole], [])
        rooted = gast.Call(expressions.reference(solutions.root_of), [checked, name(residual), args], [])
        if solver.kind == "curves":
            rooted = self._curve(call, solver, given, [checked, name(residual), args])
        x = self._bound(parts, solver.attribute, rooted, call)
        if solver.value == "t":
            self._bound(parts, "t", expression("ravel(t)[:len(found.t)]", ravel=expressions.reference(solutions.as_residual),
                                               t=given["t_eval"], found=result), call)
        elif solver.value:
            self._bound(parts, solver.value, gast.Call(of, [x, gast.Starred(args, gast.Load())], []), call)
        return result

    def _bound(self, parts: dict[str, str], wanted: str, value: gast.expr, call: gast.Call) -> gast.Name:
        title = self._part(parts, wanted)
        self.expressions.out += self.expressions.lower_block([assign(title.id, located(value, call), call)])
        return title

    def _part(self, parts: dict[str, str], attribute: str) -> gast.Name:
        if attribute not in parts:
            parts[attribute] = self.expressions.new(attribute or "x")
        return name(parts[attribute])

    def _curve(self, call: gast.Call, solver: Solver, given: dict[str, gast.expr], stated: list[gast.expr]) -> gast.Call:
        """The statement that the values are those of a solution of differential equations."""
        start = gast.Call(self.expressions.reference(solutions.as_residual), [given["y0"]], [])
        times = given["t_eval" if solver.attribute else "t"]
        span = [given["t_span"]] if solver.attribute else []
        options = [gast.keyword(n, given[n]) for n in solver.kept if n in given]
        return gast.Call(self.expressions.reference(solutions.curve_of),
                         [*stated, self._now("start", located(start, call)), times, clone(call.func), *span], options)

    def _residual(self, solver: Solver, of: gast.expr, args: gast.expr, time_first: bool, call: gast.Call) -> str:
        """Defines what is zero at the solution, or its slope; returns its name."""
        title = self.expressions.new("slope" if solver.kind == "curves" else "residual")
        rest = "*rest"
        if solver.kind == "curves" and isinstance(args, gast.Tuple):
            rest = ", ".join(f"a{i}" for i in range(len(args.elts)))
        text = solver.residual.replace("y, t", "t, y") if time_first else solver.residual
        head = f"y, t, {rest}" if solver.kind == "curves" else "x, *rest"
        made = statements(f"def made({head}): return {text.format(rest=rest)}")[0]
        known = {"as_residual": solutions.as_residual, "grad": FUNCTIONS["grad"]}
        used = {n: self.expressions.reference(known[n]).id for n in known if n in solver.residual}  # type: ignore[attr-defined]
        made.body = [substitute(s, {"f": of}) for s in renamed(made.body, used)]
        made.name = title
        self.expressions.out += self.expressions.lower_block([located(made, call)])
        return title

    def _now(self, wanted: str, value: gast.expr) -> gast.expr:
        outside = self.expressions.static(value) is not MISSING
        return value if outside else self.expressions.consumption.now(wanted, value)

    def _held(self, args: gast.expr | None) -> gast.expr:
        """The arguments that the solver passes on, evaluated once."""
        if args is None:
            return gast.Tuple([], gast.Load())
        if isinstance(args, gast.Tuple) and not any(isinstance(e, gast.Starred) for e in args.elts):
            return gast.Tuple([self.expressions.consumption.now("argument", e) for e in args.elts], gast.Load())
        return self.expressions.consumption.now("args", args)


def solver_of(function: Any) -> Solver | None:
    """What is known of a solver of SciPy's; None for other functions."""
    title = getattr(function, "__name__", "")
    solver = SOLVERS.get(title)
    return solver if solver and getattr(sys.modules.get(solver.home), title, None) is function else None


def _is_given(node: gast.expr | None) -> bool:
    return node is not None and not (isinstance(node, gast.Constant) and not node.value)


def _is_true(node: gast.expr | None) -> bool:
    return isinstance(node, gast.Constant) and node.value is True
