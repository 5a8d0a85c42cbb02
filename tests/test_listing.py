"""`python -m autodiff_src rules`."""
import subprocess
import sys

import numpy as np

from autodiff_src.listing import rules_listed
from autodiff_src.rules import all_rules


def test_functions_are_listed_with_forms_and_modes():
    lines = rules_listed()
    assert "numpy.sum(a, axis=None, dtype=None, *, keepdims=False, initial=0, where=True)  reverse, forward" in lines
    assert "math.sqrt(x)  reverse, forward" in lines
    assert any(line.startswith("without derivative: ") and "numpy.floor," in line for line in lines)


def test_every_rule_of_numpy_is_listed_under_each_of_its_names():
    listed = {line.partition("(")[0] for line in rules_listed()}
    primitives = {id(rule.primitive) for rule in all_rules()}
    names = [name for name in dir(np) if name[0] != "_" and id(getattr(np, name)) in primitives]
    assert {f"numpy.{name}" for name in names} <= listed
    assert {"abs", "absolute", "max", "amax", "sum"} <= set(names)


def test_the_command():
    run = [sys.executable, "-m", "autodiff_src"]
    printed = subprocess.run([*run, "rules"], capture_output=True, text=True, check=True).stdout
    assert printed.splitlines() == rules_listed()
    assert subprocess.run(run, capture_output=True, text=True).returncode == 2
