"""Which variables have shadows: all that may share memory with one that is written while another name is read later."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import gast

from autodiff_src.analyze.activity import Activity
from autodiff_src.analyze.kinds import UNKNOWN, Kind, Object, Tuple, attribute_carries, carries_derivative
from autodiff_src.analyze.mutability import held_kinds, number_items
from autodiff_src.analyze.only_written import OnlyWritten
from autodiff_src.analyze.sharing import Memory, Sharing
from autodiff_src.differentiate.prepare import Prepared
from autodiff_src.differentiate.shadow_values import has_shadow
from autodiff_src.errors import UnsupportedError
from autodiff_src.refusals import Stopped
from autodiff_src.runtime.objects import is_module
from autodiff_src.syntax import is_name, names_read, target_names, walk_statements

Names = frozenset[str]
Clash = tuple[gast.stmt, set[str]]


def shadowed_names(p: Prepared, activity_with: Callable[[Names], Activity], shown: Names) -> tuple[Prepared, Names]:
    """The variables, and the function with tuples of numbers taken for memory if such variables hold them.

    `activity_with` finds the activity where certain variables are always active; `shown`: what the caller differentiates when
    the function has run. Raises Stopped where a variable cannot have a shadow.
    """
    names: Names = frozenset()
    apart, clashing = apart_from_others(p, shown), clashes(p, shown)
    while clashing:
        activity = activity_with(names)
        found = _closed({n for s, clash in clashing if _touches(activity, s, clash) for n in clash} | names, p, apart)
        if found == names:
            break
        names = found
        refuse_outside(p, [(s, clash) for s, clash in clashing if _touches(activity, s, clash)])
    if any(_holds_tuples(p.kinds.get(n, UNKNOWN)) for n in names):
        p = _with_tuples(p)
        names = _closed(set(names), p, apart)
    for n in sorted(names):
        if not has_shadow(p.kinds.get(n, UNKNOWN)):
            s, clash = max(clashing, key=lambda found: (n in found[1], bool(found[1] & names)))
            raise may_share(p, s, clash)
    return p, names


def may_share(p: Prepared, s: gast.stmt, names: set[str]) -> Stopped:
    """The refusal of a statement after which it is not known who shares the memory of these variables."""
    shown = " and ".join(sorted(names, key=lambda n: (n not in p.parameters, n))[:3])
    reason = f"{shown} may share memory that is written here, and how is not known beforehand"
    return Stopped(s, UnsupportedError(reason, p.program.place(s), "copy one of them: `y = x.copy()`"))


def refuse_outside(p: Prepared, clashing: list[Clash]) -> None:
    """Raises Stopped where an object or a module outside, which have neither shadows nor tangents, is read after a statement
    has written into what it holds."""
    bound = {*p.parameters, *(n for s in walk_statements(p.body) for n in target_names(s))}
    for s, clash in clashing:
        outside = clash - bound
        if any(isinstance(p.kinds.get(n), Object) or is_module(p.program.namespace.lookup(n)) for n in outside):
            raise may_share(p, s, clash)


def clashes(p: Prepared, shown: Names) -> list[Clash]:
    """Statements that write memory known by other names which are read later; `shown` as for `shadowed_names`."""
    apart = apart_from_others(p, shown)
    return [(s, clash - apart) for s, clash in p.clashing if len(clash - apart) > 1]


def apart_from_others(p: Prepared, shown: Names) -> set[str]:
    """Variables through which no derivative comes back, whoever shares their memory."""
    return _unselected(p) | OnlyWritten(p.body, p.kinds, p.calls, shown | {p.result}).among(p.sharing.ever)


def _touches(activity: Activity, s: gast.stmt, names: set[str]) -> bool:
    """Does the memory with these names matter, or does what is written into it vary?"""
    states = (activity.active_before, activity.active_after, activity.varied_before)
    written = activity.varied_before.get(id(s), frozenset()) & names_read(s)
    return bool(written) or any(state.get(id(s), frozenset()) & names for state in states)


def _closed(names: set[str], p: Prepared, apart: set[str]) -> Names:
    """With all that ever share memory with them; the result is read only, it takes part as an ordinary variable."""
    stack, found = list(names), set(apart)
    while stack:
        n = stack.pop()
        if n not in found and n != p.result and p.memory.mutable(n) and carries_derivative(p.kinds.get(n, UNKNOWN)):
            found.add(n)
            stack += p.sharing.ever.get(n, ())
    return frozenset(found - apart)


def _with_tuples(p: Prepared) -> Prepared:
    memory = Memory(p.kinds, p.calls, outside=p.memory.outside, tuples=True)
    sharing = Sharing(memory)
    sharing.run(p.body, memory.outside)
    return replace(p, memory=memory, sharing=sharing)


def _holds_tuples(kind: Kind) -> bool:
    """May there be tuples of numbers in it?"""
    return any(isinstance(k, Tuple) and True in number_items(k) or _holds_tuples(k) for k in held_kinds(kind))


def _unselected(p: Prepared) -> set[str]:
    """Variables that are read from attributes through which no derivatives flow, and that nobody writes into."""
    bound: dict[str, list[gast.stmt]] = {}
    for s in walk_statements(p.body):
        for n in target_names(s):
            bound.setdefault(n, []).append(s)
    written = p.written()
    return {n for n, found in bound.items() if n not in written and all(_reads_unselected(s, p) for s in found)}


def _reads_unselected(s: gast.stmt, p: Prepared) -> bool:
    value = s.value if isinstance(s, gast.Assign) else None
    of = p.kinds.get(value.value.id) if isinstance(value, gast.Attribute) and is_name(value.value) else None
    return isinstance(of, Object) and not attribute_carries(of, value.attr)  # type: ignore[union-attr]
