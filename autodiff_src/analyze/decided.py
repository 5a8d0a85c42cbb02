"""Questions that the kinds answer: `found = callable(f)` is `found = True`."""
from __future__ import annotations

from typing import Any

import gast

from autodiff_src.analyze.kinds import Bool, Kind
from autodiff_src.syntax import assign, clone, constant


class Decided:
    """The questions of one function, each answered by one statement."""

    def __init__(self) -> None:
        self.done: dict[tuple[int, bool], gast.Assign] = {}

    def of(self, s: gast.Assign, kind: Kind, function: Any) -> gast.Assign:
        """What stands for a statement that calls `function` and binds a value of the kind."""
        if not isinstance(kind, Bool) or kind.value is None or function not in (callable, isinstance):
            return s
        key = (id(s), kind.value)
        if key not in self.done:
            self.done[key] = assign(clone(s.targets[0]), constant(kind.value), s)
        return self.done[key]
