"""What a call in core form is: a primitive with a rule, a cut, a user's function, a method of a list, or opaque."""

from __future__ import annotations

import inspect
import sys
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary

import gast
import numpy as np

from autodiff_src.analyze.complex_kinds import holds_complex
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.functions import BoundMethod, Callee, DerivedFunction, LocalFunction
from autodiff_src.analyze.kinds import (
    Array,
    Dict,
    Inert,
    Kind,
    Known,
    List,
    Object,
    Scalar,
    Tuple,
    Unknown,
    carries_derivative,
    is_dict,
)
from autodiff_src.analyze.members import Method, Super, below_compiler, is_object
from autodiff_src.analyze.mutability import READING_METHODS
from autodiff_src.analyze.numpy_texts import is_beyond_rule, numpy_text
from autodiff_src.analyze.rule_arguments import beside_defaults, unknown_to
from autodiff_src.errors import AutodiffError, NoRuleError, UnsupportedError
from autodiff_src.program import MISSING, Program
from autodiff_src.rules import CHANGING_METHODS, Rule, is_cut, is_cut_of_reals, method_primitive, rule_for, rule_for_complex
from autodiff_src.runtime.libraries import Library
from autodiff_src.runtime.objects import module_of
from autodiff_src.runtime.transforms import TRANSFORMS, as_written
from autodiff_src.syntax import is_name, name, names_read

LIST_METHODS = {"append": (1,), "insert": (2,), "pop": (0, 1)}  # with how many arguments
_COMPILED = ("scipy.linalg", "scipy.fft", "scipy.stats._distn_infrastructure", "scipy.stats._multivariate", "scipy.interpolate",
             "scipy.sparse")
_OF_DISTRIBUTIONS = frozenset(["pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "pmf", "logpmf"])
_STATES = (np.random.Generator, np.random.RandomState)
_GENERATORS = {cls.__name__: cls for cls in _STATES}
_OF_DISTRIBUTIONS_FIX = "call a method of stats.norm or another one with rules, like stats.norm.logpdf(x, loc, scale)"
DERIVED: WeakKeyDictionary[Any, tuple[str, Any, Any, bool]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Primitive:
    """A call of a function with a rule; `arguments` are those of the rule's primitive (a method's receiver first)."""

    rule: Rule
    arguments: tuple[gast.expr, ...]
    keywords: tuple[gast.keyword, ...]


@dataclass(frozen=True, eq=False)
class Cut:
    """A call whose result carries no derivative."""


@dataclass(frozen=True, eq=False)
class Called:
    """A call of a user's function, its arguments in the order of the callee's parameters."""

    callee: Callee
    arguments: tuple[gast.expr, ...]


@dataclass(frozen=True, eq=False)
class Solved:
    """A call whose result makes `callee(result, *arguments)` zero; `stated`: the solver itself ran in front of it."""

    callee: Callee
    arguments: tuple[gast.expr, ...]
    stated: bool = False


@dataclass(frozen=True, eq=False)
class Integrated:
    """A call whose result is the integral of `callee(x, *arguments)` between `bounds`, and an estimate of its error;
    `options` are its other arguments."""

    callee: Callee
    arguments: tuple[gast.expr, ...]
    bounds: tuple[gast.expr, ...]
    options: tuple[gast.keyword, ...]


@dataclass(frozen=True, eq=False)
class Curve(Integrated):
    """A call whose result is the solution of y' = callee(y, t, *arguments); `bounds` are where it starts, the times at which it
    is told, and the span of time, if `solver` takes one, which finds it with these options."""

    solver: gast.expr


@dataclass(frozen=True, eq=False)
class ListMethod:
    """`item` is what is put into the list. What is popped may come out of a dict."""

    method: str
    item: gast.expr | None = None


@dataclass(frozen=True, eq=False)
class Opaque:
    """A call that is refused if something active goes in. `writes`: variables whose memory it may write into; `collects`: it
    gives a new collection of what it is given."""

    error: Callable[[], AutodiffError]
    writes: tuple[str, ...] = ()
    collects: bool = False


Info = Primitive | Cut | Called | Solved | Integrated | ListMethod | Opaque


def arguments_read(s: gast.stmt, calls: dict[int, Info]) -> set[str]:
    """Variables that a call of a user's function is handed, those that a nested function captures among them."""
    info = calls.get(id(s))
    return {n for a in info.arguments for n in names_read(a)} if isinstance(info, (Called, Solved, Integrated)) else set()


def called_function(node: gast.Call, env: Env, kinds: ExpressionKinds, forward_mode: bool, library: Library | None) -> Any:
    """The user's function that is called, as a kind; None for everything else. One with a rule for the other mode only is
    stepped into, and so is one of NumPy's without a rule, on NumPy's arrays."""
    if isinstance(node.func, gast.Name):
        kind = env.get(node.func.id)
        if isinstance(kind, (LocalFunction, DerivedFunction)):
            return kind
    method = _bound_method(node, env, kinds)
    if method is not None:
        rule = rule_for(method.function.value)
        return None if is_library(method.function.value) or rule is not None and rule.serves(forward_mode) else method
    value = kinds.function(node.func, env)
    if value is MISSING or is_cut(value) or id(value) in TRANSFORMS or _sees_variables(value, node):
        return None
    rule, value = rule_for(value), as_written(below_compiler(value))
    if rule is not None and _serves_not(rule, value, node, lambda e: kinds.kind(e, env)):
        return _of_numpy(value, node, env, kinds) if library is None else None
    steps = isinstance(value, FunctionType) and not is_library(value)
    if rule is not None and (rule.serves(forward_mode) or not steps):
        return None
    derived = _derived(value)
    if derived is not None:
        return derived
    if isinstance(value, FunctionType) and not is_library(value):
        return Known(value)
    return _of_numpy(value, node, env, kinds) if library is None else None


def _serves_not(rule: Rule, function: Any, node: gast.Call, kind: Callable[[gast.expr], Kind]) -> bool:
    return bool(unknown_to(rule, node.args, beside_defaults(rule, node.keywords, kind))) or is_beyond_rule(function, node, kind)


def _of_numpy(function: Any, node: gast.Call, env: Env, kinds: ExpressionKinds) -> Known | None:
    """The text of a function of NumPy's that has no rule for such a call, if something that is handed over may carry a
    derivative."""
    text = numpy_text(function)
    if text is None:
        return None
    given = [kinds.kind(a, env) for a in (*node.args, *(k.value for k in node.keywords))]
    return Known(text) if any(map(carries_derivative, given)) else None


def _bound_method(node: gast.Call, env: Env, kinds: ExpressionKinds) -> BoundMethod | None:
    """The method of a user's object that is called, or the object itself is."""
    receiver = node.func.value if isinstance(node.func, gast.Attribute) else node.func
    kind = kinds.kind(receiver, env) if is_name(receiver) else None
    if isinstance(node.func, gast.Name):
        found = kinds.member(gast.Attribute(receiver, "__call__", gast.Load()), env) if isinstance(kind, Object) else None
    else:
        found = kinds.member(node.func, env) if is_object(kind) else None
        receiver = name(kind.receiver) if isinstance(kind, Super) else receiver
    return BoundMethod(Known(found.function), receiver) if isinstance(found, Method) else None


def _derived(value: Any) -> DerivedFunction | None:
    try:
        entry = DERIVED.get(value)
    except TypeError:
        return None
    return None if entry is None else DerivedFunction(entry[0], Known(entry[1]), entry[2], entry[3])


def is_library(function: Any) -> bool:
    """Is the function NumPy's, Python's or of a part of SciPy's that calls compiled code: one that is differentiated by rule,
    never by reading its source?"""
    module = module_of(function)
    own = module.split(".")[0] in ("numpy", "math", "operator", "builtins", "warnings") or module.startswith(_COMPILED)
    return own or isinstance(function, (np.ufunc, BuiltinFunctionType)) or is_solver(function) or is_of_tapes(function)


def is_solver(function: Any) -> bool:
    """Is it a function of SciPy's that solves, minimizes or integrates what it is given?"""
    if not module_of(function).startswith(("scipy.optimize", "scipy.integrate")) or not isinstance(function, FunctionType):
        return False
    return next(iter(inspect.signature(function).parameters), "") in ("f", "fun", "func", "function")


def is_of_tapes(value: Any) -> bool:
    """Is it what records on tapes: a tape, a tensor, a variable, or a function that makes or takes them?"""
    return module_of(value) in _OF_TAPES or inspect.getattr_static(value, "custom_gradient", None) is not None


_OF_FRAMES = (locals, sys._getframe, inspect.currentframe, inspect.stack)
_COLLECTIONS = frozenset(map(id, [set, frozenset, deque, Counter]))
_OF_TAPES = frozenset(f"autodiff_src.runtime.{name}" for name in ("tape", "tensor", "variable", "custom_calls"))


def classify(node: gast.Call, env: Env, kinds: ExpressionKinds, program: Program) -> Info:
    """What a call other than that of a user's function is."""
    value = kinds.function(node.func, env)
    bound = _bound_method(node, env, kinds)
    if bound is not None and (rule := rule_for(bound.function.value)) is not None:
        return _primitive(rule, node, (bound.receiver, *node.args), env, kinds, program)
    if value is not MISSING:
        if is_cut(value) and _has_out(node):
            return _into_unknown(node, getattr(value, "__name__", ""), program)
        if is_cut_of_reals(value) and all(holds_complex(kinds.kind(a, env)) is False for a in node.args):
            return Cut()
        if is_cut(value) and not _makes_class(value, node) or _gives_keys(value, node, env, kinds):
            return Cut()
        rule = rule_for(value)
        if value is dict and node.args and isinstance(kinds.kind(node.args[0], env), (List, Tuple)):
            return Opaque(lambda: UnsupportedError("a dict that is made of a list of pairs is not differentiated",
                                                   program.place(node), "write `{k: v for k, v in pairs}`"))
        if rule is not None:
            return _primitive(rule, node, tuple(node.args), env, kinds, program)
        rule = rule_for(value.__func__) if isinstance(value, MethodType) and isinstance(value.__self__, _STATES) else None
        if rule is not None:  # `np.random.normal` and its like
            return _primitive(rule, node, (gast.Constant(None, None), *node.args), env, kinds, program)
        title = getattr(value, "__name__", repr(value))
        if _sees_variables(value, node):
            raise UnsupportedError(f"{title}() reads the variables of the function unseen", program.place(node),
                                   "use the variables by their names")
        if is_of_tapes(value):
            return _of_tape(node, title, program)
        if is_solver(value):
            return _unsolved(node, title, program)
        return replace(_no_rule(node, title, program), collects=id(value) in _COLLECTIONS)
    if not isinstance(node.func, gast.Attribute):
        return Opaque(
            lambda: UnsupportedError(
                "the function called here is not known when the gradient is derived",
                program.place(node),
                "call a function by its own name",
            )
        )
    return _classify_method(node, kinds.kind(node.func.value, env), env, kinds, program)


def _primitive(rule: Rule, node: gast.Call, arguments: tuple[gast.expr, ...], env: Env, kinds: ExpressionKinds,
               program: Program) -> Info:
    """The call of a function with a rule, if the rule knows all that is passed, complex numbers included."""
    found = [holds_complex(kinds.kind(a, env)) for a in [*arguments, *[k.value for k in node.keywords]]]
    untyped = any(isinstance(k := kinds.kind(a, env), Array) and k.dtype is None for a in arguments)
    of_complex = rule_for_complex(rule) if True in found or untyped else rule
    if of_complex is None and True in found:
        return _no_complex(node, getattr(rule.primitive, "__name__", str(rule.primitive)), program)
    rule = of_complex or rule
    keywords = beside_defaults(rule, node.keywords, lambda e: kinds.kind(e, env))
    unknown = unknown_to(rule, arguments, keywords)
    if unknown:
        return Opaque(lambda: UnsupportedError(f"{unknown}: its derivative is not known then", program.place(node),
                                               "leave the argument out"))
    return Primitive(rule, arguments, tuple(keywords))


def _gives_keys(function: Any, node: gast.Call, env: Env, kinds: ExpressionKinds) -> bool:
    """Is only iterated over a dict? Keys carry no derivative."""
    return function in (list, tuple, sorted) and len(node.args) == 1 and isinstance(kinds.kind(node.args[0], env), Dict)


def _classify_method(node: gast.Call, receiver: Kind, env: Env, kinds: ExpressionKinds, program: Program) -> Info:
    assert isinstance(node.func, gast.Attribute)
    method = node.func.attr
    if method in _OF_DISTRIBUTIONS and isinstance(receiver, (Object, Unknown)):
        return _no_rule(node, f"this call of {method}", program, _OF_DISTRIBUTIONS_FIX)
    drawing = getattr(_GENERATORS.get(receiver.type), method, None) if isinstance(receiver, Inert) else None
    if drawing is not None and (rule := rule_for(drawing)) is not None:
        return _primitive(rule, node, (node.func.value, *node.args), env, kinds, program)
    if isinstance(receiver, (Known, Inert, Object)):
        return Opaque(
            lambda: UnsupportedError(
                f"the method {method!r} takes a value that carries a derivative",
                program.place(node),
                "use functions with a rule",
            )
        )
    if isinstance(receiver, Unknown) and method == "pop" and node.args and _is_text(kinds.kind(node.args[0], env)):
        return Opaque(lambda: UnsupportedError("an item is taken out of what is not known to be a dict", program.place(node),
                                               "give example arguments, or make the dict here"))
    if isinstance(receiver, (List, Unknown)) and len(node.args) in LIST_METHODS.get(method, ()):
        return ListMethod(method, _item_argument(node))
    if is_dict(receiver) and method == "pop" and len(node.args) == 1:
        return ListMethod(method)
    primitive = method_primitive(method)
    if method == "copy" and isinstance(receiver, (List, Dict)) and not node.args:
        rule = rule_for(list if isinstance(receiver, List) else dict)
        assert rule is not None
        return Primitive(rule, (node.func.value,), ())
    if isinstance(receiver, (Array, Scalar, Unknown)) and primitive is not None:
        if is_cut(primitive):
            return _into_unknown(node, method, program) if _has_out(node) else Cut()
        rule = rule_for(primitive)
        if rule is not None:
            return _primitive(rule, node, (node.func.value, *node.args), env, kinds, program)
    if isinstance(receiver, (List, Tuple)) and method in ("index", "count"):
        return Cut()
    if method in CHANGING_METHODS:
        return Opaque(
            lambda: UnsupportedError(
                f"the method {method!r} changes its object in place and is not differentiated yet",
                program.place(node),
                "assign to elements, or build a new object",
            )
        )
    if isinstance(receiver, (List, Tuple, Dict)) and method in READING_METHODS:
        return Opaque(
            lambda: UnsupportedError(
                f"the method {method!r} of a container is not differentiated yet", program.place(node), "use indexing"
            )
        )
    if method in ("gradient", "jacobian", "batch_jacobian", "watch"):
        return _of_tape(node, "." + method, program)
    return _no_rule(node, "." + method, program)


def _of_tape(node: gast.Call, name: str, program: Program) -> Opaque:
    return Opaque(lambda: NoRuleError(f"{name} has no derivative rule: tapes do not record inside a differentiated function",
                                      program.place(node), "call ad.grad there, of a function of what the tape watches"))


def _makes_class(function: Any, node: gast.Call) -> bool:
    return function is type and len(node.args) > 1


def _sees_variables(function: Any, node: gast.Call) -> bool:
    """Does what is called look into the frame that calls it?"""
    given = len(node.args) + len(node.keywords)
    return any(function is f for f in _OF_FRAMES) or function is vars and not given or (
        (function is eval or function is exec) and given == 1)


def _has_out(node: gast.Call) -> bool:
    return any(k.arg == "out" and not (isinstance(k.value, gast.Constant) and k.value.value is None) for k in node.keywords)


def _into_unknown(node: gast.Call, name: str, program: Program) -> Opaque:
    return Opaque(lambda: UnsupportedError(f"{name} writes into an array of which the dtype is not known here",
                                           program.place(node), "assign its result: `x[...] = ...`"))


def _is_text(kind: Kind) -> bool:
    return kind == Inert("str") or isinstance(kind, Known) and isinstance(kind.value, str)


def _item_argument(node: gast.Call) -> gast.expr | None:
    return None if node.func.attr == "pop" else node.args[-1]


def _no_complex(node: gast.Call, name: str, program: Program) -> Opaque:
    return Opaque(lambda: UnsupportedError(f"{name} of complex numbers is not differentiated", program.place(node),
                                           "take real and imaginary parts, or the absolute value"))


def _no_rule(node: gast.Call, name: str, program: Program,
             fix: str = "register one with @ad.adjoint, or cut it with ad.non_differentiable") -> Opaque:
    return Opaque(lambda: NoRuleError(f"{name} has no derivative rule", program.place(node), fix))


def _unsolved(node: gast.Call, name: str, program: Program) -> Opaque:
    reason = f"{name} is not differentiated, or not when it is called or its result is used like this"
    fix = "read the solution alone (`sol.x`, `sol.root`, `sol.fun`), or register a rule for a function around it"
    return Opaque(lambda: UnsupportedError(reason, program.place(node), fix))
