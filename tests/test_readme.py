"""The snippets of README.md and docs/*.md run as printed, in order, and print what stands below them."""
import contextlib
import importlib.util
import io
import itertools
import pathlib
import re
import sys
import types

import pytest

ROOT = pathlib.Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# The core needs NumPy only: pages that import something else are for installations that have it.
OPTIONAL = ("scipy", "sklearn", "numba")


def blocks(page):
    """(language, text, line) of each fenced block of a page."""
    content = page.read_text(encoding="utf-8")
    for match in FENCE.finditer(content):
        yield match[1], match[2], content.count("\n", 0, match.start()) + 2


def run(block, line, namespace, folder):
    """Runs a snippet in the page's namespace from a real file, so that its functions have a source; returns what it
    prints."""
    path = folder / f"line_{line}.py"
    path.write_text(block, encoding="utf-8")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block, str(path), "exec"), namespace)
    return printed.getvalue()


def stripped(text):
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_snippets(page, tmp_path, monkeypatch):
    found = list(blocks(page))
    for package in OPTIONAL:
        needed = any(re.search(rf"^\s*(import|from) {package}\b", text, re.MULTILINE) for _, text, _ in found)
        if needed and importlib.util.find_spec(package) is None:
            pytest.skip(f"{page.name} uses {package}")
    module = types.ModuleType(f"snippets_of_{page.stem}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for (language, text, line), following in itertools.zip_longest(found, found[1:]):
        if language != "python":
            continue
        printed = run(text, line, vars(module), tmp_path)
        if following and following[0] == "text":
            assert stripped(printed) == stripped(following[1]), f"{page.name}:{line} prints\n{printed}"


def test_readme_has_a_snippet_whose_output_is_checked():
    languages = [language for language, _, _ in blocks(ROOT / "README.md")]
    assert ("python", "text") in itertools.pairwise(languages)
