"""`getattr` and `setattr` with a name that is known, as what is written with a dot.

    w = getattr(self, "w")              ->      w = self.w
    setattr(self, "w", v)               ->      self.w = v
    b = getattr(self, "b", 0.0)         ->      b = self.b      (or 0.0, where the object has no such attribute)
"""

from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.builtin_kinds import has_attribute
from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import Known, Object
from autodiff_src.analyze.known_names import BY_NAME
from autodiff_src.syntax import assign, constant, expression, is_name, located, name, walk


class AttributesByName:
    """The calls of one function, each written out once for an attribute."""

    def __init__(self, expressions: ExpressionKinds):
        self.expressions = expressions
        self.done: dict[tuple[int, str, bool | None], list[gast.stmt]] = {}

    def rewrite(self, s: gast.Assign | gast.Expr, env: Env) -> list[gast.stmt] | None:
        """What stands for a statement that calls one of these; None for others, and where it is not known what it does."""
        call = s.value
        if not isinstance(call, gast.Call) or call.keywords or len(call.args) < 2 or not is_name(call.args[0]):
            return None
        function, key = self.expressions.function(call.func, env), self.expressions.kind(call.args[1], env)
        if function is not (getattr if isinstance(s, gast.Assign) else setattr):
            return None
        obj, attribute = self.expressions.kind(call.args[0], env), key.value if isinstance(key, Known) else None
        if function is setattr and not isinstance(obj, Object):
            return None
        held = True if len(call.args) == 2 or function is setattr else has_attribute(obj, str(attribute))
        given = isinstance(obj, Object) and not obj.made  # as an argument, or from outside: the text can ask it
        if type(attribute) is not str or held is None and not given:
            return None
        if (id(s), attribute, held) not in self.done:
            self.done[id(s), attribute, held] = [self._written(s, call, attribute, held)]
        return self.done[id(s), attribute, held]

    def _written(self, s: Any, call: Any, attribute: str, held: bool | None) -> gast.stmt:
        of, others = call.args[0].id, call.args[2:]
        if isinstance(s, gast.Expr):
            return assign(gast.Attribute(name(of), attribute, gast.Store()), others[0], s)
        read = assign(s.targets[0], gast.Attribute(name(of), attribute, gast.Load()), s)
        if held:
            return read
        default = assign(s.targets[0], others[0], s)
        test = expression("hasattr(x, a)", x=of, a=constant(attribute))
        return default if held is False else located(gast.If(test, [read], [default]), s)


def attribute_names(node: gast.AST) -> set[str]:
    """The names behind dots anywhere in a tree, and those that may be given to `getattr` and its like."""
    return {inner.attr for inner in walk(node) if isinstance(inner, gast.Attribute)} | names_in_texts(node)


def names_in_texts(node: gast.AST) -> set[str]:
    """The names that may be given to `getattr` and its like."""
    nodes = list(walk(node))
    if not any(is_name(inner) and inner.id in BY_NAME for inner in nodes):
        return set()
    texts = {inner.value for inner in nodes if isinstance(inner, gast.Constant) and type(inner.value) is str}
    return {text for text in texts if text.isidentifier()}
