"""What a store to an attribute does to what is known of objects, under whatever name they go."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds, changed_key
from autodiff_src.analyze.kinds import (
    Dict,
    FunctionKind,
    Kind,
    Object,
    carries_derivative,
    join,
    with_inner,
    without_value,
)
from autodiff_src.analyze.mutability import is_plain
from autodiff_src.analyze.outside_writes import Again
from autodiff_src.errors import UnsupportedError
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.program import MISSING, Program
from autodiff_src.refusals import stored_outside
from autodiff_src.syntax import SHAPE_ATTRIBUTES


def store_attribute(s: gast.Assign, env: Env, expressions: ExpressionKinds, program: Program,
                    definitions: dict[tuple[int, str], Kind]) -> Env:
    """The kinds behind `holder.name = value`; those of definitions get wider. Raises UnsupportedError where the class does
    more than to store."""
    target = s.targets[0]
    assert isinstance(target, gast.Attribute) and isinstance(target.value, gast.Name)
    if target.value.id not in env and expressions.static(target.value, env) is not MISSING:
        raise stored_outside(program, s)
    kind, value = expressions.kind(target.value, env), without_value(expressions.kind(s.value, env))
    _note_linked(kind, value, program)
    if not isinstance(kind, Object):
        raise UnsupportedError("an attribute is stored in an object of which nothing is known", program.place(s),
                               "keep the value in a local variable and return it")
    _check_class(kind.cls, target.attr, expressions, program, s)
    if isinstance(value, FunctionKind):
        raise UnsupportedError("a function made here is stored in an attribute", program.place(s), "store a value")
    if target.attr in SHAPE_ATTRIBUTES and carries_derivative(value):
        raise UnsupportedError(f"the attribute {target.attr!r} bears the name of one of an array", program.place(s),
                               "give it another name")
    for key, known in definitions.items():
        definitions[key] = wider(known, kind.cls, target.attr, value)
    env = {**env, changed_key(kind.cls): _with_item(env.get(changed_key(kind.cls), Dict(())), target.attr, value)}
    return {n: _with(k, target.attr, value) if n == target.value.id else wider(k, kind.cls, target.attr, value)
            for n, k in env.items()}


def _with_item(stored: Kind, attribute: str, value: Kind) -> Kind:
    if not isinstance(stored, Dict) or stored.items is None:
        return stored
    items = dict(stored.items)
    items[attribute] = join(items[attribute], value) if attribute in items else value
    return Dict(tuple(sorted(items.items())))


def _note_linked(kind: Kind, value: Kind, program: Program) -> None:
    """Raises Again where a container gets into an attribute after attributes were told apart."""
    unsettled = program.namespace.unsettled
    made = isinstance(kind, Object) and kind.made
    if not made and not is_plain(value) and not isinstance(value, Object) and not unsettled.linked:
        unsettled.linked = True
        if unsettled.told_apart:
            unsettled.told_apart = False
            raise Again


def _check_class(cls: type, attribute: str, expressions: ExpressionKinds, program: Program, s: gast.stmt) -> None:
    held, setter = class_attribute(cls, attribute), class_attribute(cls, "__setattr__")
    expressions.found_in_class(cls, attribute, held)
    expressions.found_in_class(cls, "__setattr__", setter)
    data = held is not MISSING and hasattr(type(held), "__set__") and type(held).__name__ != "member_descriptor"
    plain = setter is class_attribute(object, "__setattr__") or cls is SimpleNamespace
    if data or not plain:
        raise UnsupportedError(f"the class {cls.__name__!r} does more than to store the attribute {attribute!r}",
                               program.place(s), "keep the value in a local variable and return it")


def _with(kind: Kind, attribute: str, value: Kind) -> Kind:
    assert isinstance(kind, Object)
    if kind.items is None:
        return kind
    items = tuple(sorted({**dict(kind.items), attribute: value}.items()))
    return replace(kind, items=items, selected=kind.selected | ({attribute} if carries_derivative(value) else set()))


def wider(kind: Kind, cls: type, attribute: str, value: Kind) -> Kind:
    """The kind of a value in which an object of the class, if there is one, may have got the attribute."""
    if isinstance(kind, Object):
        new = with_inner(kind, lambda k: wider(k, cls, attribute, value))
        if new.cls is not cls or new.items is None:
            return new
        old = dict(new.items).get(attribute)
        return _with(new, attribute, value if old is None else join(old, value))
    return with_inner(kind, lambda k: wider(k, cls, attribute, value))
