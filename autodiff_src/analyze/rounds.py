"""Specialises in rounds: what calls that are written out made of lists of one item and of objects become variables, whose
kinds are found anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from autodiff_src.analyze.call_binding import Callees
from autodiff_src.analyze.calls import Opaque
from autodiff_src.analyze.cells import without_unread_functions
from autodiff_src.analyze.forwarded import forwarded
from autodiff_src.analyze.inlining import writes_and_shares
from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.made_objects import Classes, holds_made
from autodiff_src.analyze.objects_as_records import with_records
from autodiff_src.analyze.objects_in_lists import with_tuples
from autodiff_src.analyze.scattered import classes_made, scattered
from autodiff_src.analyze.specialise import Specialiser
from autodiff_src.analyze.specialised import Specialised
from autodiff_src.analyze.unread_attributes import without_unread_attributes
from autodiff_src.errors import AutodiffError, NoRuleError, UnsupportedError
from autodiff_src.program import Program

_MOST_ROUNDS = 20


def specialise(program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], callees: Callees,
               called: bool = False) -> Specialised:
    """The program in core form, specialised to parameters of these kinds; `functions` are parameters known by text.

    A class of which an object has to remain one is left to be called as it is, where derivatives do not go. `called`: what
    takes or gives objects that are made is written out where it is called.
    """
    classes = Classes()
    first: AutodiffError | None = None
    why: AutodiffError | None = None
    while True:
        classes.made.clear()
        try:
            found = _with_variables(program, kinds, functions, callees, classes)
        except AutodiffError as error:
            first = first or error
            if not classes.made:
                raise first from None
            classes.kept.add(classes.made[-1])  # the one at hand when it was raised
            why = why or error
            continue
        made = classes_made(found.program)
        if not made or called and (holds_made(found.result) or any(map(holds_made, kinds.values()))):
            return _explained(found, classes.kept, why) if why is not None else found
        classes.kept |= made
        why = why or _reason(found)


def _reason(found: Specialised) -> AutodiffError | None:
    """Why something that objects are used in was not written out, if a call tells."""
    errors = (info.error() for info in found.calls.values() if isinstance(info, Opaque))
    return next((error for error in errors if not isinstance(error, NoRuleError)), None)


def _explained(found: Specialised, kept: set[type], why: AutodiffError) -> Specialised:
    """With refusals of what has no rule, as methods of objects that are left as they are, which tell why they are."""
    titles = ", ".join(sorted(cls.__name__ for cls in kept))
    opaque = {key: info for key, info in found.calls.items() if isinstance(info, Opaque)}
    for key, info in opaque.items():
        error = info.error()
        if isinstance(error, NoRuleError) and error.reason.endswith(" has no derivative rule"):
            reason = f"{error.reason}, and {titles} is not written out: {why.reason}"
            found.calls[key] = replace(info, error=_giving(UnsupportedError(reason, error.place, why.fix)))
    return found


def _giving(error: AutodiffError) -> Callable[[], AutodiffError]:
    return lambda: error


def _with_variables(program: Program, kinds: dict[str, Kind], functions: dict[str, Kind], callees: Callees,
                    classes: Classes) -> Specialised:
    of = Specialiser(program, callees, False, classes)
    found = of.run(kinds, functions)
    shared = writes_and_shares(found.program.function.body, found.calls, found.definitions)
    if shared:
        of = Specialiser(program, callees, True, classes)
        found = of.run(kinds, functions)
    for count in range(_MOST_ROUNDS):
        plain = of.inlining.cells.as_variables(found.program) or scattered(found.program)
        if plain is None and (count or classes_made(found.program)):
            ways = (without_unread_functions, forwarded, without_unread_attributes, with_tuples, with_records)
            plain = next(filter(None, (way(found.program, found.definitions) for way in ways)), None)
        if plain is None:
            break
        of = Specialiser(plain, callees, shared, classes)
        new = of.run(kinds, functions)
        found = replace(new, guards=[*found.guards, *new.guards], global_kinds={**found.global_kinds, **new.global_kinds})
    return found
