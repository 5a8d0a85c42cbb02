"""Calls of what `np.vectorize` makes, as calls of a nested function with the loop in it.

    y = np.vectorize(g)(x)      ->      def vectorized_g(x):
                                            check_some(x)
                                            first = g(np.ravel(np.asarray(x))[0])
                                            shape, order = common_shape(x), visited(x)
                                            x_items = items(x, shape, order)
                                            values = [g(x_item) for x_item in x_items]
                                            ...
                                            return arranged(values, order, shape, dtype_of(first))
                                        y = vectorized_g(x)

As NumPy does, it calls `g` once more than there are items, to learn the dtype of the results, and with Python's numbers.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from autodiff_src.program import MISSING, FreshNames
from autodiff_src.renaming import renamed
from autodiff_src.runtime import vectorization
from autodiff_src.syntax import (
    constant,
    located,
    name,
    names_read,
    names_stored,
    parameter_names,
    statements,
    substitute,
    walk,
)

if TYPE_CHECKING:
    from autodiff_src.normalize.expressions import Expressions

_VECTORIZED = """
{first}
shape, order = common_shape({split}), visited({split})
{items}
{values}
{results}
"""
_RESULTS = """
if isinstance(first, tuple):
    parts = [[v[j] for v in values] for j in range(len(first))]
    return tuple([arranged(parts[j], order, shape, dtype_of(first[j])) for j in range(len(first))])
return arranged(values, order, shape, dtype_of(first))
"""
_NUMPY = {"asarray": np.asarray, "ravel": np.ravel}
_USED = ("check_some", "common_shape", "visited", "items", "dtype_of", "arranged")
_KINDS = inspect.Parameter
_BY_POSITION = (_KINDS.POSITIONAL_ONLY, _KINDS.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Vectorized:
    """What `np.vectorize` is given: a function and options, as expressions of a text or as objects."""

    function: gast.expr
    parameters: list[inspect.Parameter] | None
    otypes: list[Any] | None
    excluded: frozenset[Any]


class Vectorization:
    """Rewrites such calls of one function."""

    def __init__(self, expressions: Expressions):
        self.expressions = expressions

    def call(self, node: gast.Call, function: Any) -> gast.expr | None:
        """What stands for a call of np.vectorize, or of what it makes; None for other calls, and for options and functions
        of which too little is known."""
        made = node.func
        if function is np.vectorize and node.args:
            return self._vectorized(self._given(node), None)
        if isinstance(function, np.vectorize):
            title = self._vectorized(self._held(function), node)
        elif isinstance(made, gast.Call) and self.expressions.static(made.func) is np.vectorize:
            if not made.args and len(node.args) == 1 and not node.keywords:
                return located(gast.Call(made.func, node.args, made.keywords), node)  # a decorator with options
            title = self._vectorized(self._given(made), node)
        else:
            return None
        return title and gast.Call(title, node.args, node.keywords)

    def _given(self, node: gast.Call) -> Vectorized | None:
        """What a call of `np.vectorize` in the text is given."""
        names = ("pyfunc", "otypes", "doc", "excluded", "cache", "signature")
        given = dict(zip(names, node.args, strict=False)) | {k.arg: k.value for k in node.keywords}
        if "pyfunc" not in given or any(is_given(given.get(option)) for option in ("cache", "signature")):
            return None
        try:
            excluded = gast.literal_eval(given["excluded"]) if "excluded" in given else ()
            otypes = self._otypes(given.get("otypes"))
        except ValueError:
            return None
        return Vectorized(given["pyfunc"], self._parameters(given["pyfunc"]), otypes, frozenset(excluded or ()))

    def _held(self, function: Any) -> Vectorized | None:
        """What a `np.vectorize` object outside was given."""
        if function.cache or function.signature is not None:
            return None
        otypes = None if function.otypes is None else [self.expressions.reference(np.dtype(t)) for t in function.otypes]
        return Vectorized(self.expressions.reference(function.pyfunc), signature_of(function.pyfunc), otypes,
                          frozenset(function.excluded))

    def _otypes(self, node: gast.expr | None) -> list[gast.expr] | None:
        """The dtypes of the results, as expressions. Raises ValueError where their number is not known."""
        if not is_given(node):
            return None
        if isinstance(node, gast.Constant) and isinstance(node.value, str):
            types: list[gast.expr] = [constant(char) for char in node.value]
        elif isinstance(node, (gast.List, gast.Tuple)):
            types = node.elts
        else:
            raise ValueError
        dtype = self.expressions.reference(np.dtype)
        return [gast.Call(dtype, [t], []) for t in types]

    def _parameters(self, node: gast.expr) -> list[inspect.Parameter] | None:
        """The parameters of a function, or None where they are not known."""
        value = self.expressions.static(node)
        if value is not MISSING:
            return signature_of(value)
        head = node.args if isinstance(node, gast.Lambda) else self._head_of(node.id) if isinstance(node, gast.Name) else None
        return None if head is None else parameters_in(head)

    def _head_of(self, variable: str) -> gast.arguments | None:
        """The parameters of the one nested function that a variable stands for; None where it may be another."""
        if variable in self.expressions.heads:
            return self.expressions.heads[variable]
        nodes = [n for s in self.expressions.program.function.body for n in walk(s)]
        bound = [n for n in nodes if isinstance(n, gast.Name) and n.id == variable and not isinstance(n.ctx, gast.Load)]
        heads = [n.args for n in nodes if isinstance(n, gast.FunctionDef) and n.name == variable and not n.decorator_list]
        heads += [s.value.args for s in nodes if isinstance(s, gast.Assign) and isinstance(s.value, gast.Lambda)
                  and s.targets[0] in bound]
        parameters = parameter_names(self.expressions.program.function.args)
        return heads[0] if len(heads) == 1 and len(bound) < 2 and variable not in parameters else None

    def _vectorized(self, of: Vectorized | None, call: gast.Call | None) -> gast.expr | None:
        """The function that stands for what `np.vectorize` makes; `call`: the one call of it, if that is known."""
        if of is None:
            return None
        parameters = of.parameters
        if parameters is None:
            if call is None or call.keywords or any(isinstance(a, gast.Starred) for a in call.args):
                return None
            parameters = [inspect.Parameter(f"x{i}", _KINDS.POSITIONAL_ONLY) for i in range(len(call.args))]
        parameters = [p.replace(kind=kind) for p, kind in zip(parameters, _passing(parameters, of.excluded), strict=True)]
        whole = {p.name for i, p in enumerate(parameters) if {i, p.name} & of.excluded}
        parameters = _passed(parameters, call)
        split = [p.name for p in parameters if p.name not in whole]
        return self._defined(of, parameters, split) if split else None

    def _defined(self, of: Vectorized, parameters: list[inspect.Parameter], split: list[str]) -> gast.expr:
        """Defines the function; returns its name."""
        function = of.function
        if self.expressions.static(function) is MISSING:
            function = self.expressions.consumption.now("function", function)
        outer = {n: self.expressions.reference(getattr(vectorization, n)).id for n in _USED}  # type: ignore[attr-defined]
        outer |= {n: self.expressions.reference(f).id for n, f in _NUMPY.items()}  # type: ignore[attr-defined]
        outer |= {f"otype{i}": self.expressions.consumption.now("otype", t).id for i, t in enumerate(of.otypes or ())}
        hidden = {*outer.values(), *names_read(function)}
        own = FreshNames({*hidden, *(p.name for p in parameters)})
        title_of = {p.name: own.fresh(p.name) if p.name in hidden else p.name for p in parameters}
        body = statements(_text(parameters, split, len(of.otypes) if of.otypes else None))
        bound = names_stored(body) | {"j", "v", *(f"_{p}_item" for p in split)}
        inside = {n: own.fresh(n.lstrip("_")) for n in sorted(bound)}
        inside |= {f"_{p}": title for p, title in title_of.items()}
        parameters = [p.replace(name=title_of[p.name], kind=_KINDS.POSITIONAL_ONLY) if p.name in hidden else p
                      for p in parameters]
        body = [substitute(s, {"g": function}) for s in renamed(body, outer | inside)]
        title = self.expressions.new(f"vectorized_{getattr(function, 'id', getattr(function, 'attr', 'function'))}")
        made = gast.FunctionDef(title, _head(parameters), body, [], None, None, [])
        self.expressions.out += self.expressions.lower_block([located(made, function)])
        return name(title)


def _head(parameters: list[inspect.Parameter]) -> gast.arguments:
    named: dict[Any, list[gast.Name]] = {kind: [] for kind in (*_BY_POSITION, _KINDS.KEYWORD_ONLY)}
    for p in parameters:
        named[p.kind].append(gast.Name(p.name, gast.Param(), None, None))
    positional_only, plain, keyword_only = named.values()
    return gast.arguments(plain, positional_only, None, keyword_only, [None] * len(keyword_only), None, [])


def is_given(node: gast.expr | None) -> bool:
    """Is an option given, and not as None or False?"""
    return node is not None and not (isinstance(node, gast.Constant) and not node.value)


def signature_of(function: Any) -> list[inspect.Parameter] | None:
    """The parameters of a function that np.vectorize may pass something for, or None where they are not known."""
    if isinstance(function, np.ufunc):
        return [inspect.Parameter(f"x{i}", _KINDS.POSITIONAL_ONLY) for i in range(function.nin)]
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    return None if any(p.kind in (_KINDS.VAR_POSITIONAL, _KINDS.VAR_KEYWORD) for p in parameters) else parameters


def parameters_in(head: gast.arguments) -> list[inspect.Parameter] | None:
    """The same for a function in the text; a default is there or not."""
    positional = [*head.posonlyargs, *head.args]
    defaults = [None] * (len(positional) - len(head.defaults)) + list(head.defaults)
    kinds = [_KINDS.POSITIONAL_ONLY] * len(head.posonlyargs) + [_KINDS.POSITIONAL_OR_KEYWORD] * len(head.args)
    found = [*zip(positional, defaults, kinds, strict=True),
             *((p, d, _KINDS.KEYWORD_ONLY) for p, d in zip(head.kwonlyargs, head.kw_defaults, strict=True))]
    if head.vararg or head.kwarg:
        return None
    return [inspect.Parameter(p.id, kind, default=_KINDS.empty if d is None else d) for p, d, kind in found]


def _passed(parameters: list[inspect.Parameter], call: gast.Call | None) -> list[inspect.Parameter]:
    """The parameters that the call, if it is known, passes something for, and those without defaults: NumPy does not split
    defaults."""
    arguments = [] if call is None else [*call.args, *call.keywords]
    if call is None or any(isinstance(a, gast.Starred) or getattr(a, "arg", "") is None for a in arguments):
        return [p for p in parameters if p.default is p.empty]
    named = {k.arg for k in call.keywords}
    parameters = [p.replace(kind=_KINDS.KEYWORD_ONLY) if p.name in named and p.kind is _KINDS.POSITIONAL_OR_KEYWORD else p
                  for p in parameters]
    positional = [p for p in parameters if p.kind in _BY_POSITION][:len(call.args)]
    return [p for p in parameters if p in positional or p.name in named or p.default is p.empty]


def _passing(parameters: list[inspect.Parameter], excluded: frozenset[Any]) -> list[Any]:
    """How arguments may be passed: what is excluded by its position alone, only so, and by its name alone, only so."""
    kinds = [p.kind for p in parameters]
    for i, p in enumerate(parameters):
        if i in excluded and p.name not in excluded and p.kind is not _KINDS.KEYWORD_ONLY:
            kinds[:i + 1] = [_KINDS.POSITIONAL_ONLY] * (i + 1)
        if p.name in excluded and i not in excluded:
            kinds[i:] = [_KINDS.KEYWORD_ONLY] * (len(kinds) - i)
    return kinds


def _text(parameters: list[inspect.Parameter], split: list[str], types: int | None) -> str:
    """The body of the function that stands for what `np.vectorize` makes."""
    def given(items: dict[str, str]) -> str:
        return ", ".join(f"{p.name}={items[p.name]}" if p.kind is _KINDS.KEYWORD_ONLY else items[p.name] for p in parameters)

    whole = {p.name: f"_{p.name}" for p in parameters}
    arrays = ", ".join(whole[p] for p in split)
    first = f"check_some({arrays})\nfirst = g({given(whole | {p: f'ravel(asarray(_{p}))[0]' for p in split})})"
    lists = [f"_{p}_items" for p in split]
    together = lists[0] if len(split) == 1 else f"zip({', '.join(lists)})"
    each, results = given(whole | {p: f"_{p}_item" for p in split}), _RESULTS
    heads = f"for {', '.join(f'_{p}_item' for p in split)} in {together}"
    values = f"values = [g({each}) {heads}]"
    if types is not None:
        titles = ["values"] if types == 1 else [f"values{j}" for j in range(types)]
        first, results = "", "return " + ", ".join(f"arranged({v}, order, shape, otype{j})" for j, v in enumerate(titles))
    if types is not None and types > 1:
        parts = [f"value{j}" for j in range(types)]
        appends = "; ".join(f"{v}.append({part})" for v, part in zip(titles, parts, strict=True))
        values = f"{'; '.join(f'{v} = []' for v in titles)}\n{heads}:\n    {', '.join(parts)} = g({each}); {appends}"
    items = "; ".join(f"{title} = items(_{p}, shape, order)" for p, title in zip(split, lists, strict=True))
    return _VECTORIZED.format(first=first, split=arrays, results=results, values=values, items=items)
