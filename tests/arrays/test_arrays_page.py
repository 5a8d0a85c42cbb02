"""docs/arrays.md says what runs on the libraries that are installed here."""
import pytest
from arrays.arrays_page import PAGE, SECTIONS
from arrays.libraries import LIBRARIES

TABLES = [[line.split(" | ") for line in part.splitlines() if line.startswith("| ")]
          for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]]


def test_all_programs_run_on_all_libraries():
    """As test_programs.py and test_tape.py show."""
    names = [name for name, _ in SECTIONS[0].cases]
    assert [row[0].removeprefix("| ") for row in TABLES[0][1:]] == names
    assert all(cell.removesuffix(" |") == "grad, jvp, tape" for row in TABLES[0][1:] for cell in row[1:])


@pytest.mark.slow
@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.module)
@pytest.mark.parametrize("section, table", list(zip(SECTIONS, TABLES))[1:], ids=lambda x: getattr(x, "title", ""))
def test_the_page_is_what_the_tests_give(library, section, table):
    if library.missing:
        pytest.skip(library.missing)
    column = LIBRARIES.index(library) + 1
    found = [[f"| {name}", section.cell(run, library)] for name, run in section.cases]
    assert found == [[row[0], row[column].removesuffix(" |")] for row in table[1:]], (
        "run: python tests/arrays/arrays_page.py")
