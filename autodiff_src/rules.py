"""The registry of derivative rules, and the decorators that fill it.

A rule is a template: a real function that is read and never executed. Its first parameter names the result, the others
are the parameters of the primitive, in its order, with its defaults. In an adjoint template `d[x] += ...` adds to the
adjoint of `x` and `d[y]` is the adjoint of the result; in a tangent template `d[y] = ...` and `d[x]` is a tangent.
`@partials` serves elementwise functions: the template returns the partial derivative with respect to each operand, and
both modes follow. `@linear` serves a function that is linear in one operand: the template is its adjoint, and its tangent
is the function itself.
"""
from __future__ import annotations

import builtins
import importlib
import inspect
import sys
import textwrap
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from types import BuiltinMethodType
from typing import Any

import gast
import numpy as np

from autodiff_src.errors import ArgumentError


class _Derivative:
    """The symbol `d` of templates. It exists for linters: templates are never run."""

    def __getitem__(self, name: Any) -> Any:
        raise TypeError("d[...] has a meaning in a template only")

    __setitem__ = __getitem__


d: Any = _Derivative()


@dataclass(frozen=True, eq=False)
class Template:
    """The text of a rule, read at first use. `form` is 'adjoint', 'tangent' or 'partials'; `options` are parameters that the
    text does not have, or defaults other than it has. `linear`: the text is that of the adjoint, and the tangent is the
    primitive itself, of the tangent of the operand that the text gives the adjoint of."""
    form: str
    definition: Callable[..., Any]
    options: tuple[tuple[str, Any], ...] = ()
    linear: bool = False

    @cached_property
    def function(self) -> gast.FunctionDef:
        source, first = inspect.getsourcelines(self.definition)
        function = gast.parse(textwrap.dedent("".join(source))).body[0]
        gast.increment_lineno(function, first - 1)
        if self.linear:
            function.body = [_of_the_tangent(function)]
        function.decorator_list = []
        arguments = function.args
        for name, default in self.options:
            names = [parameter.id for parameter in arguments.args]
            if name in names:
                arguments.defaults[names.index(name) - len(names)] = gast.Constant(default, None)
            else:
                arguments.kwonlyargs.append(gast.Name(name, gast.Param(), None, None))
                arguments.kw_defaults.append(gast.Constant(default, None))
        return function

    @cached_property
    def signature(self) -> inspect.Signature:
        signature = inspect.signature(self.definition)
        parameters = dict(signature.parameters)
        for name, default in self.options:
            kind = parameters[name].kind if name in parameters else inspect.Parameter.KEYWORD_ONLY
            parameters[name] = inspect.Parameter(name, kind, default=default)
        return signature.replace(parameters=list(parameters.values()))

    @property
    def globals(self) -> dict[str, Any]:
        return self.definition.__globals__  # type: ignore[attr-defined]

    @property
    def file(self) -> str:
        return inspect.getsourcefile(self.definition) or "<template>"

    @cached_property
    def result(self) -> str:
        return next(iter(self.signature.parameters))

    @cached_property
    def parameters(self) -> list[str]:
        return list(self.signature.parameters)[1:]

    @cached_property
    def call_signature(self) -> inspect.Signature:
        """The signature of the primitive as the template declares it: without the result."""
        return self.signature.replace(parameters=list(self.signature.parameters.values())[1:])

    @cached_property
    def stored_parameters(self) -> frozenset[str]:
        """Parameters that an adjoint adds to."""
        stores = (n for n in gast.walk(self.function) if isinstance(n, gast.Subscript) and isinstance(n.ctx, gast.Store))
        return frozenset(n.slice.id for n in stores if n.value.id == "d")


@dataclass(eq=False)
class Rule:
    """What is known of one primitive."""
    primitive: Callable[..., Any]
    adjoint: Template | None = None
    tangent: Template | None = None
    partials: Template | None = None

    def serves(self, forward_mode: bool) -> bool:
        return self.partials is not None or (self.tangent if forward_mode else self.adjoint) is not None


_rules: dict[Any, Rule] = {}
_cuts: dict[int, Any] = {}
_methods: dict[str, Callable[..., Any]] = {}
_later: dict[str, tuple[str, ...]] = {}
_of_sequences: dict[int, Any] = {}
_passing_over: set[Any] = set()
_cuts_of_reals: dict[int, Any] = {}
_for_complex: dict[int, Callable[..., Any]] = {}
_lock = threading.Lock()
# The package's own templates are checked by its tests: reading them all at import takes a fifth of a second.
_OWN_TEMPLATES = "autodiff_src.templates."

# Operators that may change what stands on their left, and methods that change a list, a dict, a set, a deque or an array.
IN_PLACE = ("iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow", "imatmul", "iand", "ior", "ixor", "ilshift",
            "irshift")
CHANGING_METHODS = frozenset([
    "append", "pop", "extend", "insert", "remove", "sort", "reverse", "clear", "update", "setdefault", "popitem", "add",
    "discard", "intersection_update", "difference_update", "symmetric_difference_update", "subtract", "move_to_end",
    "appendleft", "popleft", "extendleft", "rotate", "put", "fill", "partition", "itemset", "resize", "byteswap", "setflags",
    "setfield", "__setitem__", "__delitem__", *(f"__{n}__" for n in IN_PLACE)])


def _register(form: str, primitives: tuple[Callable[..., Any], ...]) -> Callable[[Callable], Callable]:
    for primitive in primitives:
        if not callable(primitive):
            raise ArgumentError(f"@{form} takes the function that the rule is for, not {primitive!r}")

    def decorate(template: Callable[..., Any]) -> Callable[..., Any]:
        registered = Template(form, template)
        if not template.__module__.startswith(_OWN_TEMPLATES):
            check_template(registered)
        with _lock:
            for primitive in primitives:
                rule = _rules.setdefault(key_of(primitive), Rule(primitive))
                if getattr(rule, form) is not None or form != "tangent" and (rule.adjoint or rule.partials):
                    raise ArgumentError(f"{_name(primitive)} has a rule of the form @{form} already")
                setattr(rule, form, registered)
        return template
    return decorate


def _of_the_tangent(function: gast.FunctionDef) -> gast.Assign:
    """`d[y] = f(a, d[x], *rest, option=option)`, where `@linear(f)` decorates the adjoint of f with respect to x."""
    (primitive,) = function.decorator_list[0].args
    stored = [node.slice.id for node in gast.walk(function) if isinstance(node, gast.Subscript) and isinstance(
        node.ctx, gast.Store)]
    arguments, load = function.args, gast.Load()

    def given(name: str) -> gast.expr:
        value = gast.Name(name, load, None, None)
        return gast.Subscript(gast.Name("d", load, None, None), value, load) if name in stored else value

    result, *operands = [a.id for a in [*arguments.posonlyargs, *arguments.args]]
    values = [*map(given, operands), *([gast.Starred(given(arguments.vararg.id), load)] if arguments.vararg else [])]
    call = gast.Call(primitive, values, [gast.keyword(a.id, given(a.id)) for a in arguments.kwonlyargs])
    place = gast.Subscript(gast.Name("d", load, None, None), gast.Name(result, load, None, None), gast.Store())
    new = gast.Assign([place], call, None)
    return gast.fix_missing_locations(gast.copy_location(new, function.body[-1]))


def adjoint(*primitives: Callable[..., Any]) -> Callable[[Callable], Callable]:
    """Registers the decorated template as the reverse rule of `primitives`.

    Raises ArgumentError for a second rule, for a store to anything but `d[parameter]` or a local, and for names that
    the template cannot see.
    """
    return _register("adjoint", primitives)


def tangent(*primitives: Callable[..., Any]) -> Callable[[Callable], Callable]:
    """Registers the decorated template as the forward rule of `primitives`; errors as for `adjoint`."""
    return _register("tangent", primitives)


def linear(primitive: Callable[..., Any]) -> Callable[[Callable], Callable]:
    """Registers the decorated template as the reverse rule of a function that is linear in the one operand which the template
    gives the adjoint of. Its forward rule follows: the function itself, of that operand's tangent."""
    def decorate(template: Callable[..., Any]) -> Callable[..., Any]:
        adjoint(primitive)(template)
        _rules[key_of(primitive)].tangent = Template("tangent", template, linear=True)
        return template
    return decorate


def partials(*primitives: Callable[..., Any]) -> Callable[[Callable], Callable]:
    """Registers the partial derivatives of elementwise `primitives`: the template returns one expression for each
    operand (a tuple for several; None for an operand that carries no derivative)."""
    return _register("partials", primitives)


def same_rule(primitive: Callable[..., Any], other: Callable[..., Any], **options: Any) -> None:
    """Declares that the rule of `other` holds for `primitive`, too, which has the `options` besides, with these defaults: what
    they are does not matter. An option that `other` has gets another default."""
    rule, further = _rules[key_of(other)], tuple(options.items())
    templates = (t and Template(t.form, t.definition, further, t.linear) for t in (rule.adjoint, rule.tangent, rule.partials))
    with _lock:
        _rules[key_of(primitive)] = Rule(primitive, *templates)


def non_differentiable(*functions: Callable[..., Any]) -> Any:
    """Declares that the results of `functions` carry no derivative. Returns the (first) function: a decorator too."""
    with _lock:
        for function in functions:
            if not callable(function):
                raise ArgumentError(f"non_differentiable takes functions, not {function!r}")
            if key_of(function) in _rules:
                raise ArgumentError(f"{_name(function)} has a rule already")
            _cuts[id(function)] = function
    return functions[0] if functions else None


def cut_of_reals(*functions: Callable[..., Any]) -> None:
    """Declares that the results of `functions` carry no derivative of real operands. Their rules are for others."""
    _cuts_of_reals.update({id(function): function for function in functions})


def of_sequences(*primitives: Callable[..., Any]) -> None:
    """Declares that the rules of `primitives` take lists and tuples as they are: others get arrays made of them."""
    _of_sequences.update({id(primitive): primitive for primitive in primitives})


def takes_sequences(function: Any) -> bool:
    return id(function) in _of_sequences


def passing_over(*primitives: Callable[..., Any]) -> None:
    """Declares that elements of operands may have no influence on what `primitives` return."""
    _passing_over.update({key_of(primitive) for primitive in primitives})


def passes_over(rule: Rule) -> bool:
    return key_of(rule.primitive) in _passing_over


def method(name: str, primitive: Callable[..., Any]) -> None:
    """Declares that the array method `name` is `primitive` with the array as its first argument."""
    _methods[name] = primitive


def later(module: str, *templates: str) -> None:
    """Declares that the modules `templates` hold the rules for the functions of `module`, which may never be imported."""
    _later[module] = templates


def _import_rules() -> None:
    """Registers the rules for modules that have been imported by now."""
    for module in [m for m in _later if m in sys.modules]:
        for templates in _later.pop(module):
            importlib.import_module(f"autodiff_src.templates.{templates}")


def key_of(function: Any) -> Any:
    """What tells a function from others: its identity; that of the ufunc and the name for methods of ufuncs, which are
    made anew at each read."""
    if type(function) is BuiltinMethodType and isinstance(function.__self__, np.ufunc):
        return id(function.__self__), function.__name__
    return id(function)


def holds_for_complex(*primitives: Callable[..., Any]) -> None:
    """Declares that the rules of `primitives` hold for complex operands as they stand: no conjugate is missing in them."""
    for primitive in primitives:
        stands_in_for_complex(primitive, primitive)


def stands_in_for_complex(primitive: Callable[..., Any], other: Callable[..., Any]) -> None:
    """Declares that the rule of `other`, called with the same arguments, is that of `primitive` for complex operands; it holds
    for real ones, too."""
    _for_complex[key_of(primitive)] = other


def rule_for_complex(rule: Rule) -> Rule | None:
    """The rule for complex operands; None where there is none. Rules of users' own are what they say."""
    template = rule.adjoint or rule.partials or rule.tangent
    if template is not None and not template.definition.__module__.startswith(_OWN_TEMPLATES):
        return rule
    other = _for_complex.get(key_of(rule.primitive))
    return None if other is None else rule_for(other)


def rule_for(function: Any) -> Rule | None:
    found = _rules.get(key_of(function))
    if found is None and _later:
        _import_rules()
        found = _rules.get(key_of(function))
    return found


def is_cut(function: Any) -> bool:
    return id(function) in _cuts


def is_cut_of_reals(function: Any) -> bool:
    return id(function) in _cuts_of_reals


def method_primitive(name: str) -> Callable[..., Any] | None:
    return _methods.get(name)


def all_rules() -> list[Rule]:
    return list(_rules.values())


def all_cuts() -> list[Any]:
    return list(_cuts.values())


def _name(function: Any) -> str:
    return getattr(function, "__name__", repr(function))


def check_template(template: Template) -> None:
    """Raises ArgumentError for a store to anything but `d[parameter]` or a local, and for names that are not seen."""
    parameters = set(template.signature.parameters)
    local = {n.id for n in gast.walk(template.function) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
    where = f"{template.file}:{template.function.lineno}"
    if local & parameters:
        raise ArgumentError(f"{where}: the template stores to its parameter {sorted(local & parameters)[0]!r}")
    for parameter in parameters:
        if f"d_{parameter}" in local:
            raise ArgumentError(f"{where}: the template stores to 'd_{parameter}', the adjoint of its parameter")
    for node in gast.walk(template.function):
        if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load):
            known = node.id in parameters | local | {"d"} or node.id in template.globals or hasattr(builtins, node.id)
            if not known:
                raise ArgumentError(f"{where}: the template reads {node.id!r}, a name it cannot see")
        if isinstance(node, gast.Subscript) and isinstance(node.ctx, gast.Store):
            _check_store(node, parameters, where)
        if isinstance(node, gast.Attribute) and isinstance(node.ctx, gast.Store):
            raise ArgumentError(f"{where}: the template stores to an attribute")


def _check_store(node: gast.Subscript, parameters: set[str], where: str) -> None:
    plain = isinstance(node.value, gast.Name) and node.value.id == "d" and isinstance(node.slice, gast.Name)
    if not plain or node.slice.id not in parameters:
        raise ArgumentError(f"{where}: a template stores to d[parameter] or to a local, to nothing else")


def lost_parameters(rule: Rule) -> set[str]:
    """Parameters of a differentiable function that its adjoint gives no derivative for: what they carry would be lost."""
    own = str(getattr(rule.primitive, "__module__", "")).startswith("autodiff_src.")
    if rule.adjoint is None or own or rule.primitive is np.full_like:
        return set()
    known = rule.adjoint.stored_parameters
    return set(rule.adjoint.call_signature.parameters) - known - {"shape", "condition"} if known else set()
