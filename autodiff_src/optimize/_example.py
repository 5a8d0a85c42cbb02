"""Shows a pass at work on a text, for the examples in docstrings."""
from __future__ import annotations

import math
from collections.abc import Callable

import gast
import numpy as np

from autodiff_src.analyze.kinds import Float, Kind
from autodiff_src.analyze.named_tuples import MAKE
from autodiff_src.emit.layout import render
from autodiff_src.optimize._effects import Facts
from autodiff_src.program import Namespace, Program
from autodiff_src.runtime.adjoints import add, zeros_like
from autodiff_src.syntax import names_read


def show(change: Callable[[Facts], None], text: str, **kinds: Kind) -> None:
    """Prints the function `text` after the pass `change`; variables of which `kinds` tells nothing are floats."""
    print(changed(change, text, **kinds))


def changed(change: Callable[[Facts], None], text: str, **kinds: Kind) -> str:
    """The function `text` after the pass `change`."""
    function = gast.parse(text).body[0]
    outside = {"np": np, "math": math, "named": MAKE, "add": add, "zeros_like": zeros_like}
    program = Program(function, Namespace(outside), "<example>", ())
    known: dict[str, Kind] = {n: Float() for n in names_read(function.body) if not n.startswith("_")}
    for known_outside in (*outside, "range", "len"):
        known.pop(known_outside, None)
    change(Facts(program, {**known, **kinds}))
    return render([program]).strip()
