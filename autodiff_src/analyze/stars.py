"""Arguments behind `*` and `**`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast

from autodiff_src.analyze.expression_kinds import Env, ExpressionKinds
from autodiff_src.analyze.kinds import List, Tuple, is_dict
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.syntax import assign, clone, constant, name


def unstarred(
    node: gast.Call, env: Env, expressions: ExpressionKinds, fresh: Callable[[str], str], program: Program
) -> tuple[gast.Call, list[gast.stmt]]:
    """The call with `*t` and `**d` written out, and the statements that read their items; their lengths must be known."""
    args: list[gast.expr] = []
    keywords: list[gast.keyword] = []
    before: list[gast.stmt] = []

    def item(source: gast.expr, key: Any) -> gast.expr:
        part = assign(fresh("item"), gast.Subscript(clone(source), constant(key), gast.Load()), node)
        before.append(part)
        return name(part.targets[0].id)

    for a in node.args:
        if not isinstance(a, gast.Starred):
            args.append(a)
            continue
        kind = expressions.kind(a.value, env)
        length = (
            len(kind.items)
            if isinstance(kind, Tuple) and kind.items is not None
            else (kind.length if isinstance(kind, List) else None)
        )
        if length is None:
            raise UnsupportedError(
                "the length of what follows `*` is not known", program.place(node), "pass the items one by one"
            )
        args += [item(a.value, i) for i in range(length)]
    for k in node.keywords:
        if k.arg is not None:
            keywords.append(k)
            continue
        kind = expressions.kind(k.value, env)
        if not is_dict(kind) or kind.items is None:
            raise UnsupportedError(
                "the keys of what follows `**` are not known", program.place(node), "pass the items one by one"
            )
        keywords += [gast.keyword(key, item(k.value, key)) for key, _ in kind.items]
    return gast.Call(node.func, args, keywords), before
