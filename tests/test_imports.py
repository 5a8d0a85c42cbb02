"""The directions of imports: api, dispatch, pipeline, derivation, the stages, then rules, program and errors."""
import ast
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parent.parent
STAGES = ("parse", "normalize", "analyze", "differentiate", "optimize", "emit")
BASE = {"errors", "program", "refusals", "renaming", "rules", "scopes", "syntax"}

# What each part may import, besides itself: names of parts, of modules ("analyze.kinds") or of what stands in one
# ("emit.layout.comment"). A part is a module or a folder of autodiff_src.
ALLOWED = {
    "errors": {"program.Place"},
    "program": set(),
    "rules": {"errors"},
    "syntax": {"errors", "program"},
    "refusals": {"errors", "program", "syntax"},
    "renaming": {"syntax"},
    "scopes": {"syntax"},
    "parse": BASE | {"analyze.kinds", "runtime.objects"},
    "normalize": BASE | {"analyze.kinds", "parse.resolve", "runtime.adjoints", "runtime.iteration", "runtime.objects",
                         "runtime.contexts", "runtime.index_joins", "runtime.markers", "runtime.solutions",
                         "runtime.spline_values", "runtime.transforms", "runtime.vectorization"},
    "analyze": BASE | {"parse.resolve", "runtime.adjoints", "runtime.complex_numbers", "runtime.cosine_transforms",
                       "runtime.decompositions", "runtime.densities", "runtime.fourier", "runtime.index_joins",
                       "runtime.iteration", "runtime.layouts", "runtime.libraries", "runtime.markers", "runtime.matrices",
                       "runtime.norms", "runtime.objects", "runtime.pad_modes", "runtime.padding", "runtime.portable",
                       "runtime.recording", "runtime.results", "runtime.shared_memory", "runtime.solutions",
                       "runtime.strong_zeros", "runtime.transforms", "runtime.ufunc_loops", "runtime.values",
                       "runtime.vectorization"},
    "differentiate": BASE | {"analyze", "runtime", "emit.layout.comment", "emit.layout.blank"},
    "optimize": BASE | {"analyze", "emit.layout", "differentiate.contributions", "differentiate.fold",
                       "runtime.adjoints", "runtime.objects", "runtime.transforms"},
    "emit": BASE | {"analyze.kinds"},
    "runtime": {"errors", "rules"},
    "templates": {"errors", "rules", "runtime"},
    "derivation": BASE | {"runtime.objects", "runtime.strong_zeros", *STAGES},
    "pipeline": BASE | {"derivation", "runtime", "templates", *STAGES},
    "arguments": BASE | {"pipeline", "analyze", "runtime"},
    "dispatch": BASE | {"arguments", "pipeline", "analyze", "parse", "runtime"},
    "pullbacks": BASE | {"arguments", "dispatch", "pipeline", "runtime"},
    "api": BASE | {"arguments", "dispatch", "pipeline", "pullbacks", "analyze", "parse", "runtime"},
    "listing": {"rules", "templates"},
    "__main__": {"listing"},
    "checking": BASE | {"api", "runtime"},
    "sparse": BASE | {"api"},
    "recorded": {"dispatch", "parse", "runtime"},
    "jacobians": BASE | {"api", "sparse", "analyze.calls", "parse.callables", "runtime"},
    "__init__": BASE | {"api", "checking", "jacobians", "recorded", "differentiate.expand.as_pullback", "runtime"},
}


def sources():
    """(part, file) of every module of the package."""
    for path in sorted((ROOT / "autodiff_src").rglob("*.py")):
        first = path.relative_to(ROOT / "autodiff_src").parts[0]
        yield first.removesuffix(".py"), path
    for path in sorted((ROOT / "templates").rglob("*.py")):
        yield "templates", path


def imported(path):
    """(line, dotted name within autodiff_src) of everything that a file imports from the package, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name == "autodiff_src" or name.startswith("autodiff_src."):
                yield node.lineno, name.removeprefix("autodiff_src").removeprefix(".")


def is_allowed(part, name):
    parts = name.split(".")
    prefixes = {".".join(parts[:i + 1]) for i in range(len(parts))}
    return part in prefixes or bool(prefixes & ALLOWED[part])


def test_every_part_is_in_the_table():
    assert {part for part, _ in sources()} <= set(ALLOWED)


def test_imports_go_one_way():
    wrong = [f"{path.relative_to(ROOT)}:{line}: {part} imports {name or 'autodiff_src'}"
             for part, path in sources() for line, name in imported(path)
             if part in ALLOWED and not is_allowed(part, name)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("part, name, wanted", [
    ("parse", "pipeline.derive", False), ("parse", "normalize.core", False), ("parse", "errors.AutodiffError", True),
    ("parse", "analyze.kinds.Kind", True), ("parse", "analyze.activity", False), ("templates", "emit", False),
    ("differentiate", "emit.layout.comment", True), ("differentiate", "emit.layout.place", False),
    ("runtime", "parse.source", False), ("runtime", "runtime.tensor", True), ("errors", "", False)])
def test_the_table_is_read_as_meant(part, name, wanted):
    assert is_allowed(part, name) is wanted


def test_files_are_short():
    folders = ("autodiff_src", "templates", "tests", "examples", "benchmarks")
    long = {str(path.relative_to(ROOT)): count for folder in folders for path in (ROOT / folder).rglob("*.py")
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long
