"""Random programs of the differentiated language, the same for the same seed.

    >>> program = random_program(7, size=3)
    >>> program.source == random_program(7, size=3).source
    True
"""
from __future__ import annotations

import ast
import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .expressions import Expressions
from .oracle import complex_source
from .outside import Outside
from .records import CLASS
from .scope import CALCULATION, FEATURES, SURROUNDINGS, Choices, Scope, indent
from .stacks import MAKERS


@dataclass(frozen=True)
class FuzzProgram:
    """Text that defines `f(x, a, n)`, the same for complex numbers, and arguments: a float, a float64 array, an int."""

    source: str
    oracle_source: str
    arguments: tuple[Any, ...]
    seed: int | None = None

    @property
    def has_state(self) -> bool:
        """Whether a call may depend on those before it."""
        return any(isinstance(statement, ast.Assign) for statement in ast.parse(self.source).body)

    def with_source(self, source: str) -> FuzzProgram:
        """Another text with the same arguments."""
        return FuzzProgram(source, complex_source(source), self.arguments, self.seed)


def random_program(seed: int, size: int = 8, features: Iterable[str] | None = None) -> FuzzProgram:
    """A program of about `size` statements at its top level that uses only `features` (by default all).

    They are the words of `scope.FEATURES`; without them, those of `CALCULATION` and some of `SURROUNDINGS`. Raises
    ValueError for a feature that does not exist.
    """
    wanted = _some_features(seed) if features is None else frozenset(features)
    if wanted - FEATURES:
        raise ValueError(f"unknown features {sorted(wanted - FEATURES)}; there are {sorted(FEATURES)}")
    choices = Choices(seed, wanted)
    arguments = _arguments(choices, seed)
    source = _text(choices, size, arguments)
    return FuzzProgram(source, complex_source(source), arguments, seed)


def _some_features(seed: int) -> frozenset[str]:
    """Few of the surroundings, so that a refusal of one does not hide the others."""
    choices = random.Random(seed)
    return CALCULATION | frozenset(choices.sample(sorted(SURROUNDINGS), choices.randint(1, 3)))


def _arguments(choices: Choices, seed: int) -> tuple[Any, ...]:
    numbers = np.random.default_rng(seed)
    shape: tuple[int, ...] = (choices.number(3, 5),)
    if "matrix" in choices.features and choices.chance(0.25):
        shape = (choices.number(2, 3), choices.number(2, 3))
    sign = choices.pick([-1.0, 1.0])
    n = 0 if choices.chance(0.1) else choices.number(1, 4)
    return sign * round(float(numbers.uniform(0.3, 1.7)), 3), numbers.uniform(-1.5, 1.5, shape).round(3), n


def _text(choices: Choices, size: int, arguments: tuple[Any, ...]) -> str:
    _, a, n = arguments
    program, around = Outside(choices, Expressions(choices)), Scope()
    above = program.module(around)
    if "helpers" in choices.features:
        above += program.helpers(a.shape[0], choices.number(0, min(3, size)), around)
    scope = around.inner(floats=["x"], ints={**around.ints, "n": (n, n)}, arrays={"a": a.shape})
    body = _first_locals(choices, program.expressions, scope)
    if "groups" in choices.features and choices.chance(0.4):
        body += program.group(scope, 0)
    if "stacks" in choices.features and choices.chance(0.4):
        body += [line for _ in range(choices.number(1, 8)) for line in program.stack(scope, 1)]
    body += program.block(scope, choices.number(max(size // 2, 1), size), 3 if size > 4 else 2)
    body.append(f"return {_result(choices, program.expressions, scope)}")
    above = [*CLASS, "", *above] if any("Row(" in line for line in [*above, *body]) else above
    used = [text for kind, text in MAKERS.items() if any(f"{kind}_of(" in line for line in [*above, *body])]
    above = [*(line for text in used for line in [*text.splitlines(), "", ""]), *above]
    text = "\n".join([*above, "def f(x, a, n):", *indent(body), ""])
    collections = [f"from collections import {name}" for name in ("defaultdict", "deque") if f"{name}(" in text]
    imports = ["import math", *collections, "", "import numpy as np"]
    imports += ["", "import autodiff_src as ad"] if "ad.grad(" in text else []
    return "\n".join([*imports, "", "", text])


def _first_locals(choices: Choices, expressions: Expressions, scope: Scope) -> list[str]:
    """A scalar and an array beside the arguments, so that later statements have something to work on."""
    lines = []
    if choices.chance(0.6):
        lines.append(f"{choices.pick(['s', 'total'])} = {expressions.scalar(scope, 1)}")
        scope.floats.append(lines[-1].split()[0])
    if choices.chance(0.6):
        value = choices.pick([expressions.array(scope, scope.arrays["a"]), "a.copy()", "a * 2.0"])
        lines.append(f"b = {value}")
        scope.arrays["b"] = scope.arrays["a"]
    return lines


def _result(choices: Choices, expressions: Expressions, scope: Scope) -> str:
    """A sum over several of the values in reach, so that what a program computes mostly matters."""
    floats = choices.random.sample(scope.floats, min(3, len(scope.floats)))
    arrays = choices.random.sample(list(scope.arrays), min(2, len(scope.arrays)))
    terms = [*floats, *(f"np.sum({name} * {name})" for name in arrays), expressions.scalar(scope)]
    terms += [f"sum({name})" for name in list(scope.lists)[-1:]]
    return " + ".join(terms)
