"""Which variables may be one container."""
import ast
import textwrap

import gast

from autodiff_src.analyze.holders import Holders
from autodiff_src.program import Namespace, Unsettled


def classes(text, slices=False):
    """By a variable: those that may be the same container."""
    body = gast.ast_to_gast(ast.parse(textwrap.dedent(text))).body
    space = Namespace({"OUT": [[1.0]], "list": list}, unsettled=Unsettled(slices=slices))
    same = Holders(body, set(), space, lambda e: space.lookup(e.id) if isinstance(e, gast.Name) else None).same
    names = {n.id for s in body for n in gast.walk(s) if isinstance(n, gast.Name)}
    return {a: {b for b in names if same.of(a) == same.of(b)} for a in names}


def test_what_holds_a_list_is_another():
    found = classes("""
        rows = []
        row = []
        rows.append(row)
        first = rows[0]
        same = rows
        copied = list(rows)
        part = rows[1:]
        inner = part[0]
    """)
    assert found["row"] == found["first"] == found["inner"] == {"row", "first", "inner"}
    assert found["rows"] == {"rows", "same"} and found["copied"] == {"copied"} and found["part"] == {"part"}


def test_stores_and_displays_hold():
    found = classes("""
        a = []
        b = []
        m = [a, b]
        d = {"k": m}
        d["l"] = c
        m[0][1] = e
    """)
    assert found["a"] == {"a", "b"} and found["m"] == {"m", "c"} and found["e"] == {"e"} and found["d"] == {"d"}


def test_what_is_not_told_may_be_anything():
    found = classes("""
        rows = []
        row = []
        rows.append(row)
        x = strange(rows)
    """)
    assert found["x"] >= {"rows", "row"}


def test_a_list_outside():
    found = classes("""
        x = OUT
        y = []
        OUT.append(y)
        z = []
    """)
    assert found["x"] >= {"y"} and found["z"] == {"z"}


def test_an_index_that_may_be_a_slice():
    text = """
        rows = []
        row = []
        rows.append(row)
        part = rows[s]
    """
    assert classes(text)["part"] == {"part", "row"}
    assert classes(text, slices=True)["part"] >= {"part", "row", "rows"}


def test_functions_hand_on_what_they_take_and_read():
    found = classes("""
        a = []
        c = []
        def f(p):
            q = p[0]
            q.append(c)
            return p
        x = f(a)
    """)
    assert found["x"] == {"x", "a", "p"} and "c" not in found["a"]


def test_defaults_of_functions_are_handed_on():
    found = classes("""
        b = []
        a = []
        def g(p, k=b):
            return k
        y = g(a)
    """)
    assert found["y"] >= {"b", "a"}
