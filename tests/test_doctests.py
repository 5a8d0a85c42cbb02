"""The examples in docstrings run as printed: each pass shows a text before and after itself."""
import doctest
import importlib
import pathlib

import pytest

PACKAGE = pathlib.Path(__file__).parent.parent / "autodiff_src"
MODULES = [".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
           for path in sorted(PACKAGE.rglob("*.py")) if ">>>" in path.read_text(encoding="utf-8")]
PASSES = [f"autodiff_src.optimize.{path.stem}" for path in sorted((PACKAGE / "optimize").glob("*.py"))
          if not path.stem.startswith("_")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.REPORT_NDIFF)
    assert not failed


def test_every_pass_has_an_example():
    assert set(PASSES) <= set(MODULES), sorted(set(PASSES) - set(MODULES))
