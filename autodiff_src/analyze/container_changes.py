"""What a change of a list or a dict does to what is known of containers, under whatever name they go."""
from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import gast

from autodiff_src.analyze.calls import READING_METHODS
from autodiff_src.analyze.expression_kinds import Env
from autodiff_src.analyze.index_kinds import wider
from autodiff_src.analyze.kinds import UNKNOWN, Dict, Kind, List, Object, Tuple, is_dict, join
from autodiff_src.errors import UnsupportedError
from autodiff_src.program import Program
from autodiff_src.syntax import is_name


def change_container(
    variable: str, new: Kind, env: Env, definitions: dict[tuple[int, str], Kind], own: Collection[str]
) -> None:
    """The container `variable` is of the kind `new` from now on, in place; so may be any that may be the same one. `own`:
    variables whose containers go by no other name."""
    before = dict(env)
    old, env[variable] = env[variable], new
    for n, kind in before.items():
        if n != variable and variable not in own:
            env[n] = _renewed(kind, old, new, n not in own)
    changed = {n for n, kind in env.items() if kind != before[n]}
    for (s, n), known in definitions.items():
        if n == variable:
            definitions[s, n] = wider(known, new) if is_dict(known) and is_dict(new) else join(known, new)
        elif n in changed:
            definitions[s, n] = _renewed(known, old, new)


def grown(kind: List, value: Kind) -> List:
    """The kind of a list that has got an item."""
    return List(value if kind.length == 0 else join(kind.item, value))


def refuse_kept_method(s: gast.Assign, env: Env, program: Program) -> None:
    """What is called later by another name would change a list unseen."""
    value = s.value
    if not isinstance(value, gast.Attribute) or not is_name(value.value) or value.attr in READING_METHODS:
        return
    kind = env.get(value.value.id, UNKNOWN)
    if isinstance(kind, List) or is_dict(kind):
        raise UnsupportedError(f"the method {value.attr!r} of a list or a dict is kept, to be called later",
                               program.place(s), f"call it by its name: `{value.value.id}.{value.attr}(...)`")


def forget_containers(
    variables: Collection[str], env: Env, definitions: dict[tuple[int, str], Kind]
) -> None:
    """The containers that these variables are or hold may have been changed by code that is not known."""
    for old in {container for v in variables for container in _containers(env.get(v, UNKNOWN))}:
        new = Dict() if is_dict(old) else List(UNKNOWN)
        for n, kind in env.items():
            env[n] = _renewed(kind, old, new)
        for key, known in definitions.items():
            definitions[key] = _renewed(known, old, new)


def _containers(kind: Kind) -> Iterator[Kind]:
    """The lists and dicts that a value of the kind is or holds."""
    if isinstance(kind, List) or is_dict(kind):
        yield kind
    if isinstance(kind, List):
        yield from _containers(kind.item)
    if isinstance(kind, Tuple):
        for item in kind.items or ():
            yield from _containers(item)
    if isinstance(kind, Dict):
        for _, item in kind.items or ():
            yield from _containers(item)


def _renewed(kind: Kind, old: Kind, new: Kind, whole: bool = True) -> Kind:
    """The kind of what may be, or hold, a container of the kind `old` that is of the kind `new` now."""
    if whole and type(kind) is type(old) and join(kind, old) == kind:
        kind = join(kind, new)
    if isinstance(kind, Tuple) and kind.items is not None:
        return Tuple(tuple(_renewed(k, old, new) for k in kind.items))
    if isinstance(kind, List):
        return List(_renewed(kind.item, old, new), kind.length)
    if isinstance(kind, Object) and kind.items is not None:
        return replace(kind, items=tuple((n, _renewed(k, old, new)) for n, k in kind.items))
    if is_dict(kind) and kind.items is not None:
        return Dict(tuple((key, _renewed(k, old, new)) for key, k in kind.items))
    return kind
