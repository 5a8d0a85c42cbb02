"""docs/language.md says what the language table says."""
import language_page


def test_the_page_is_what_the_table_gives():
    assert language_page.PAGE.read_text(encoding="utf-8") == language_page.page(), (
        "run: python tests/programs/language_page.py")
