"""Tables of outcomes."""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from .judge import WORST_LAST, Outcome

Outcomes = list[tuple[str, Outcome]]


def shares(outcomes: Outcomes) -> Iterator[str]:
    """A line per package, and one for the functions of numbers and of arrays."""
    tested = [(package, o) for package, o in outcomes if o.kind not in ("dropped", "at a point")]
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for package, o in tested:
        groups[package].append(o)
    groups["scalar functions"] = [o for _, o in tested if not o.array]
    groups["array functions"] = [o for _, o in tested if o.array]
    groups["all"] = [o for _, o in tested]
    yield f"{'':20}{'tested':>8}" + "".join(f"{kind:>9}" for kind in WORST_LAST[1:]) + f"{'right':>9}"
    for title, group in groups.items():
        counts = Counter(o.kind for o in group)
        row = "".join(f"{counts[kind]:9}" for kind in WORST_LAST[1:])
        yield f"{title:20}{len(group):8}{row}{counts['right'] / max(len(group), 1):9.1%}"


def dropped(outcomes: Outcomes) -> Iterator[str]:
    counts = Counter(o.reason for _, o in outcomes if o.kind == "dropped")
    yield from (f"{count:6} {reason}" for reason, count in counts.most_common())


def reasons(outcomes: Outcomes, most: int = 60) -> Iterator[str]:
    """Reasons of refusals: functions that have it (first), the lines that cause it, the reason, an example."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for _, o in outcomes:
        if o.kind == "refused":
            found[re.sub(r"'[^']*'", "'...'", o.reason)].append(o)
    for reason, group in sorted(found.items(), key=lambda item: -len(item[1]))[:most]:
        places = Counter(o.place for o in group)
        yield f"{len(group):5} in {len(places):4} places: {reason}"
        for place, count in places.most_common(3):
            yield f"{count:14} {place}"


def defects(outcomes: Outcomes) -> Iterator[str]:
    for _, o in outcomes:
        if o.kind in ("wrong", "crashed", "slow", "at a point"):
            yield f"{o.kind}: {o.name}: {o.reason}"
            yield from ("    " + line for line in o.place.splitlines())


def changes(before: dict[str, Outcome], outcomes: Outcomes) -> Iterator[str]:
    for _, o in outcomes:
        old = before.get(o.name)
        if old is not None and old.kind != o.kind:
            yield f"{o.name}: {old.kind} -> {o.kind} {o.reason}"
