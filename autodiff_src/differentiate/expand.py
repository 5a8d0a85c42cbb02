"""Templates made into plain functions: a pullback or a tangent for one primitive.

Every template is read by its text; what it leaves out (broadcasting, dtypes, zeros, the accumulation of several
contributions) is added here.
"""
from __future__ import annotations

import ast
import copy
import inspect
import itertools
import linecache
import threading
from collections.abc import Callable
from typing import Any

import gast

from autodiff_src.errors import NoRuleError
from autodiff_src.rules import Rule, Template
from autodiff_src.runtime import adjoints
from autodiff_src.runtime.strong_zeros import strong_zero

_pullbacks: dict[tuple[Rule, tuple[int, ...] | None, bool], Callable[..., Any]] = {}
_tangents: dict[tuple[Rule, frozenset[str]], Callable[..., Any]] = {}
_tangent_bodies: dict[tuple[Rule, frozenset[str]], list[gast.stmt]] = {}
_lock = threading.Lock()
_serial = itertools.count(1)
_KEYWORD = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD)


def positional_parameters(template: Template) -> list[str]:
    """The parameters of the primitive that may be given by position, `*operands` as one."""
    parameters = template.call_signature.parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind not in _KEYWORD]


def as_pullback(rule: Rule, wanted: tuple[int, ...] | None = None, checked: bool = False) -> Callable[..., tuple]:
    """`function(d_y, y, *args, **kwargs)` that returns one adjoint for each positional parameter of the rule.

    An adjoint is None for a parameter to which nothing was contributed or that is not among the positions `wanted`
    (None: all); for a `*operands` parameter it is a tuple. The result may share memory with the arguments and be
    read-only. `d_y` has the structure of `y`, without gaps. `checked`: of an elementwise function, elements of `y` without
    influence give zeros where the function is infinitely steep, too. Raises NoRuleError for a rule without a reverse form.
    """
    key = rule, wanted, checked and rule.partials is not None
    with _lock:
        if key not in _pullbacks:
            _pullbacks[key] = _pullback(*key)
        return _pullbacks[key]


def as_tangent(rule: Rule) -> Callable[..., Any]:
    """`function(y, args, kwargs, dots)` that returns the tangent of `y`.

    `dots` has one tangent for each of `args`, None for a constant; within the tangent of a list, too. Where all are
    None, so is the result. Raises NoRuleError for a rule without a forward form.
    """
    template = rule.tangent or rule.partials
    if template is None:
        raise NoRuleError(f"the rule of {_primitive_name(rule)} has no forward form")
    signature = template.call_signature

    def tangent(y: Any, args: tuple, kwargs: dict[str, Any], dots: tuple) -> Any:
        given = _named_tangents(signature, args, kwargs, dots)
        if not given:
            return None
        return _tangent_for(rule, template, frozenset(given))(y, given, *args, **kwargs)
    return tangent


def partial_expressions(template: Template) -> list[gast.expr | None]:
    """The expressions that a template of partial derivatives returns, one for each operand."""
    returned = template.function.body[-1].value
    parts = returned.elts if isinstance(returned, gast.Tuple) else [returned]
    return [None if isinstance(part, gast.Constant) and part.value is None else part for part in parts]


def times(derivative: gast.expr, partial: gast.expr) -> gast.expr:
    """`derivative * partial` as one would write it: `1.0` leaves no trace, `a / b` divides, `-a` negates."""
    if isinstance(partial, gast.Constant) and partial.value == 1.0:
        return derivative
    if isinstance(partial, gast.Constant):
        return gast.BinOp(partial, gast.Mult(), derivative)
    if isinstance(partial, gast.UnaryOp) and isinstance(partial.op, gast.USub):
        return gast.UnaryOp(gast.USub(), times(derivative, partial.operand))
    if isinstance(partial, gast.BinOp) and isinstance(partial.op, gast.Div):
        return gast.BinOp(times(derivative, partial.left), gast.Div(), partial.right)
    return gast.BinOp(derivative, gast.Mult(), partial)


def _named_tangents(signature: inspect.Signature, args: tuple, kwargs: dict[str, Any], dots: tuple) -> dict[str, Any]:
    """The tangents by parameter, without those that are None; gaps within a tangent filled with zeros."""
    values = signature.bind(*args, **kwargs).arguments
    tangents = signature.bind_partial(*dots).arguments
    named = {}
    for name, tangent in tangents.items():
        if _carries(tangent):
            named[name] = adjoints.filled(tangent, values[name])
    return named


def _carries(tangent: Any) -> bool:
    if isinstance(tangent, dict):
        return any(map(_carries, tangent.values()))
    return any(map(_carries, tangent)) if isinstance(tangent, (tuple, list)) else tangent is not None


def _pullback(rule: Rule, wanted: tuple[int, ...] | None, checked: bool) -> Callable[..., tuple]:
    template = rule.adjoint or rule.partials
    if template is None:
        raise NoRuleError(f"the rule of {_primitive_name(rule)} has no reverse form")
    names = positional_parameters(template)
    chosen = [name for i, name in enumerate(names) if wanted is None or i in wanted]
    body = [copy.deepcopy(statement) for statement in template.function.body]
    if template is rule.partials:
        body[-1:] = [_store(name, gast.AugAssign, _product(_d(template.result), copy.deepcopy(part), checked))
                     for name, part in zip(names, partial_expressions(template)) if part is not None]
    body = [statement for old in body for statement in _without_stores(old, set(chosen))]
    _drop_unread(body)
    contributed = {node.slice.id for statement in body for node in gast.walk(statement) if _is_d(node, gast.Store)}
    body = [_Contributions().visit(statement) for statement in body]
    zeros = [gast.Assign([_name(f"d_{name}", gast.Store())], gast.Constant(None, None), None)
             for name in names if name in contributed]
    results = [_result(template, name) if name in contributed else gast.Constant(None, None) for name in names]
    returned = gast.Return(gast.Tuple(results, gast.Load()))
    first = [f"d_{template.result}"]
    return _function(rule, template, "pullback", first, [*zeros, *body, returned])


def _product(derivative: gast.expr, partial: gast.expr, checked: bool) -> gast.expr:
    product = times(derivative, partial)
    return gast.Call(_name("_strong_zero"), [product, copy.deepcopy(derivative)], []) if checked else product


def _result(template: Template, name: str) -> gast.expr:
    value = _name(f"d_{name}")
    if template.signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
        return gast.Call(_name("tuple"), [value], [])
    return value


class _Contributions(gast.NodeTransformer):
    """`d[x] += e` becomes `d_x = _accumulated(d_x, e, x)`, and `d[y]` becomes `d_y`."""

    def visit_AugAssign(self, node: gast.AugAssign) -> gast.AST:
        self.generic_visit(node)
        if not (isinstance(node.target, gast.Name) and node.target.id.startswith("d_")):
            return node
        name = node.target.id
        call = gast.Call(_name("_accumulated"), [_name(name), node.value, _name(name.removeprefix("d_"))], [])
        return gast.Assign([_name(name, gast.Store())], call, None)

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        self.generic_visit(node)
        return _name(f"d_{node.slice.id}", node.ctx) if _is_d(node) else node


def _without_stores(statement: gast.stmt, kept: set[str]) -> list[gast.stmt]:
    """The statement without the contributions to parameters that are not in `kept`."""
    if isinstance(statement, gast.AugAssign) and _is_d(statement.target):
        return [statement] if statement.target.slice.id in kept else []
    if isinstance(statement, gast.If):
        statement.body = [s for old in statement.body for s in _without_stores(old, kept)]
        statement.orelse = [s for old in statement.orelse for s in _without_stores(old, kept)]
        if not statement.body:
            statement.test = gast.UnaryOp(gast.Not(), statement.test)
            statement.body, statement.orelse = statement.orelse, []
        return [statement] if statement.body else []
    return [statement]


def _drop_unread(body: list[gast.stmt]) -> None:
    """Removes assignments to locals that nothing reads, in place."""
    while True:
        read = {node.id for statement in body for node in gast.walk(statement)
                if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Load)}
        if not _dropped(body, read):
            return


def _dropped(body: list[gast.stmt], read: set[str]) -> bool:
    """Removes from `body` the assignments to names outside `read`; says whether there were any."""
    changed = False
    for statement in list(body):
        if isinstance(statement, gast.If):
            changed |= _dropped(statement.body, read) | _dropped(statement.orelse, read)
            if not statement.body and not statement.orelse:
                body.remove(statement)
            elif not statement.body:
                statement.body.append(gast.Pass())
        elif isinstance(statement, gast.Assign):
            stored = {node.id for target in statement.targets for node in gast.walk(target)
                      if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store)}
            if stored and not stored & read:
                body.remove(statement)
                changed = True
    return changed


def _tangent_for(rule: Rule, template: Template, given: frozenset[str]) -> Callable[..., Any]:
    with _lock:
        if (rule, given) not in _tangents:
            _tangents[rule, given] = _tangent(rule, template, given)
        return _tangents[rule, given]


def tangent_statements(rule: Rule, given: frozenset[str]) -> list[gast.stmt]:
    """The body of a forward rule that leaves the tangent of the result `y` in `y_dot`, reading `x_dot` for each `x` in
    `given`; a call of `_zeros_like` stands for zeros. The tangents of the other parameters are zero."""
    with _lock:
        if (rule, given) not in _tangent_bodies:
            _tangent_bodies[rule, given] = _tangent_statements(rule, given)
        return _tangent_bodies[rule, given]


def _tangent_statements(rule: Rule, given: frozenset[str]) -> list[gast.stmt]:
    template = rule.tangent or rule.partials
    assert template is not None
    body = [copy.deepcopy(statement) for statement in template.function.body]
    if template is rule.partials:
        terms = [times(_d(name), copy.deepcopy(part))
                 for name, part in zip(positional_parameters(template), partial_expressions(template))
                 if part is not None and name in given]
        total = terms[0] if terms else gast.Constant(0.0, None)
        for term in terms[1:]:
            total = gast.BinOp(total, gast.Add(), term)
        body[-1] = _store(template.result, gast.Assign, total)
    change = _Tangents(template.result, given)
    body = [*map(change.visit, body), gast.Return(_name(f"{template.result}_dot"))]
    _drop_unread(body)
    return body[:-1]


def _tangent(rule: Rule, template: Template, given: frozenset[str]) -> Callable[..., Any]:
    body = copy.deepcopy(_tangent_statements(rule, given))
    adjusted = gast.Call(_name("_unbroadcast"), [_name(f"{template.result}_dot"), _name(template.result)], [])
    unpacked = [gast.Assign([_name(f"{name}_dot", gast.Store())],
                            gast.Subscript(_name("_dots"), gast.Constant(name, None), gast.Load()), None)
                for name in sorted(given)]
    return _function(rule, template, "tangent", ["_dots"], [*unpacked, *body, gast.Return(adjusted)], first_last=True)


class _Tangents(gast.NodeTransformer):
    """`d[y] = e` becomes `y_dot = e`. Tangents that are not given are zero: sums lose the terms with only these. Locals that
    are made of given ones carry them on, locals that are made of others are zero."""

    def __init__(self, result: str, given: frozenset[str]):
        self.result, self.given = result, given
        self.carrying: set[str] = set()
        self.zero: set[str] = set()

    def visit_Assign(self, node: gast.Assign) -> gast.AST:
        if not _is_d(node.targets[0]):
            stored = {part.id for part in gast.walk(node.targets[0]) if isinstance(part, gast.Name)}
            if self._carries(node.value):
                self.carrying |= stored
            elif self._vanishes(node.value):
                self.zero |= stored
        if _is_d(node.targets[0]):
            if self._vanishes(node.value):
                node.value = gast.Call(_name("_zeros_like"), [_name(self.result)], [])
            elif isinstance(node.value, gast.Tuple):
                node.value.elts = [self._zeros(i) if self._vanishes(item) else item for i, item in enumerate(node.value.elts)]
        return self.generic_visit(node)

    def _zeros(self, item: int) -> gast.expr:
        value = gast.Subscript(_name(self.result), gast.Constant(item, None), gast.Load())
        return gast.Call(gast.Attribute(_name("adjoints"), "zeros_like", gast.Load()), [value], [])

    def visit_BinOp(self, node: gast.BinOp) -> gast.AST:
        terms = _terms(node)
        if terms and self._vanishes(terms[0]) and not self._vanishes(terms[1]):
            right = self.visit(terms[1])
            return gast.UnaryOp(gast.USub(), right) if isinstance(getattr(node, "op", None), gast.Sub) else right
        if terms and self._vanishes(terms[1]):
            return self.visit(terms[0])
        return self.generic_visit(node)

    visit_Call = visit_BinOp

    def visit_Subscript(self, node: gast.Subscript) -> gast.AST:
        if not _is_d(node):
            return self.generic_visit(node)
        name = node.slice.id
        known = name in self.given or name == self.result
        return _name(f"{name}_dot", node.ctx) if known else gast.Constant(0.0, None)

    def _vanishes(self, node: gast.expr) -> bool:
        """Whether all tangents in `node` are zero, there being some."""
        terms = _terms(node)
        if terms:
            return all(map(self._vanishes, terms))
        return any(map(self._is_tangent, gast.walk(node))) and not self._carries(node)

    def _is_tangent(self, node: gast.AST) -> bool:
        return _is_d(node) or isinstance(node, gast.Name) and node.id in self.zero

    def _carries(self, node: gast.expr) -> bool:
        return any(_is_d(part) and part.slice.id in self.given or isinstance(part, gast.Name) and part.id in self.carrying
                   for part in gast.walk(node))


def _terms(node: gast.AST) -> list[gast.expr]:
    """The two terms of a sum, of numbers or of structures; none for any other expression."""
    if isinstance(node, gast.BinOp) and isinstance(node.op, (gast.Add, gast.Sub)):
        return [node.left, node.right]
    if isinstance(node, gast.Call) and ast.unparse(gast.gast_to_ast(node.func)) == "adjoints.add":
        return node.args
    return []


def _function(rule: Rule, template: Template, form: str, first: list[str], body: list[gast.stmt],
              first_last: bool = False) -> Callable[..., Any]:
    """The template with a new body and the parameters `first` in front, or behind the result if `first_last`."""
    arguments = copy.deepcopy(template.function.args)
    extra = [_name(name, gast.Param()) for name in first]
    receiver = arguments.posonlyargs or arguments.args
    receiver[:] = [receiver[0], *extra, *receiver[1:]] if first_last else [*extra, *receiver]
    name = f"{template.function.name}_{form}"
    function = gast.FunctionDef(name, arguments, body, [], None, None, [])
    return _compiled(function, template, f"<{form} {next(_serial)} of {_primitive_name(rule)}>")


def _compiled(function: gast.FunctionDef, template: Template, file: str) -> Callable[..., Any]:
    tree = gast.gast_to_ast(gast.Module([function], []))
    text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace = {**template.globals, "_accumulated": adjoints.accumulated, "_unbroadcast": adjoints.unbroadcast,
                 "_zeros_like": adjoints.zeros_like, "_strong_zero": strong_zero}
    exec(compile(text, file, "exec"), namespace)
    return namespace[function.name]


def _primitive_name(rule: Rule) -> str:
    module = getattr(rule.primitive, "__module__", None)
    name = getattr(rule.primitive, "__qualname__", getattr(rule.primitive, "__name__", repr(rule.primitive)))
    return f"{module}.{name}" if module else str(name)


def _name(name: str, ctx: gast.expr_context | None = None) -> gast.Name:
    return gast.Name(name, ctx or gast.Load(), None, None)


def _d(name: str, ctx: gast.expr_context | None = None) -> gast.Subscript:
    return gast.Subscript(_name("d"), _name(name), ctx or gast.Load())


def _store(name: str, form: type, value: gast.expr) -> gast.stmt:
    if form is gast.AugAssign:
        return gast.AugAssign(_d(name, gast.Store()), gast.Add(), value)
    return gast.Assign([_d(name, gast.Store())], value, None)


def _is_d(node: gast.AST, ctx: type | None = None) -> bool:
    return (isinstance(node, gast.Subscript) and isinstance(node.value, gast.Name) and node.value.id == "d"
            and isinstance(node.slice, gast.Name) and (ctx is None or isinstance(node.ctx, ctx)))
