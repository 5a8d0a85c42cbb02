"""Variables that go by other names from now on, also where nested functions read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gast

from autodiff_src.syntax import IMPORTS, clone, clone_head, located, names_stored, parameter_names


def renamed(node: Any, names: Mapping[str, str | gast.Attribute]) -> Any:
    """A copy with names renamed, or replaced where they are read; own names of nested functions stay."""
    if isinstance(node, list):
        return [renamed(item, names) for item in node]
    if isinstance(node, (gast.FunctionDef, gast.Lambda)):
        new, body = clone_head(node), node.body if isinstance(node.body, list) else [node.body]
        own = set(parameter_names(node.args)) | names_stored(body)
        new.args = clone_head(node.args)
        new.args.defaults = renamed(node.args.defaults, names)
        new.args.kw_defaults = [default and renamed(default, names) for default in node.args.kw_defaults]
        new.body = renamed(node.body, {old: n for old, n in names.items() if old not in own})
        if isinstance(node, gast.FunctionDef):
            new.name = str(names.get(node.name, node.name))
        return new
    if not isinstance(node, gast.AST):
        return node
    new = clone_head(node)
    if isinstance(node, IMPORTS):
        new.names = [_bound_as(names, alias) for alias in node.names]
        return new
    if isinstance(node, gast.Name):
        found = names.get(node.id, node.id)
        if isinstance(found, gast.Attribute):
            return located(clone(found), node)
        new.id = found
        return new
    for field, inner in gast.iter_fields(node):
        setattr(new, field, renamed(inner, names))
    return new


def _bound_as(names: Mapping[str, str | gast.Attribute], alias: gast.alias) -> gast.alias:
    """The alias where an import binds another name; `import a.b` binds `a`, whose parts are read by attribute."""
    bound = alias.asname or alias.name.split(".")[0]
    new = names.get(bound, bound)
    return alias if new == bound else gast.alias(alias.name, new)
