"""The text that is printed, and the functions that are made from it."""
import ast
import inspect
import linecache
import math
import os
import traceback
from types import CellType

import gast
import numpy as np
import pytest

from autodiff_src.emit import store as store_module
from autodiff_src.emit.compile import build
from autodiff_src.emit.layout import blank, comment, is_comment, render
from autodiff_src.emit.wrap import wrapped
from autodiff_src.parse import parse
from autodiff_src.program import Namespace, Program


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AUTODIFF_SRC_CACHE", str(tmp_path / "texts"))
    return tmp_path / "texts"


def program(text, defaults=(), kwdefaults=None, **namespace):
    space = Namespace(**{"globals": {}, **namespace})
    return Program(gast.parse(text).body[0], space, "f.py", tuple(text.splitlines()), defaults, kwdefaults or {})


def only(value):
    """A program whose one statement returns the constant `value`."""
    made = program("def f():\n    return None\n")
    made.function.body[0].value = gast.Constant(value, None)
    return made


UNCHANGED = [
    '''
def f_grad(x, n, top):
    _y = []
    for k in range(n):
        _y.append(y)
        if y > 2.0:
            y = math.log(y)
        elif y is None:
            y = -y ** 2
        else:
            y = 0.5 * y * y + x
        while not (returned and k == last):
            d_s = 0.5 * d_result / s if s else d_result * math.inf
    return d_W1, d_b1
''',
    '''
def f(x, /, y=1, *a, k: int = 2, **kw) -> float:
    """Says what it does.

    More "text", and a \\\\ backslash.
    """
    z = x[1:, :] + x[i, j] - x[..., None] + x[-1] + x[::2]
    for i, (a, b) in enumerate(zip(x, y)):
        z += (a * b) ** 2 - -a * 1e-9 ** -x
    g = lambda u, v=3: u * v
    h(lambda: 0, *args, key=lambda q: q, **kw)

    def inner(a, b=2):
        return a, b

    m, n = n, m
    s = f"a {x!r:>10} b"
    t = "it's", "plain", None
    lst = [i * j for i in x for j in y if i < j]
    x[a:b:c] = x[:, ::-1]
    a = b = c
    ok = 0 < a < b and (c or not d)
    raise ValueError("bad %s" % x) from None
''',
    '''
def f(x):
    assert x > 0, "bad"
    d_z -= ties * (d_z.sum(axis=1, keepdims=True) / ties.sum(axis=1, keepdims=True))
    d[x] = (a - (b - c)) @ e.T % 3 // 2
    v = (-x) ** 2 + (a + b)[0] + (yield_ if a else b)
    y = 1e16 + 2j + (lambda: 0)()
    table = {0: a, -1: b, (1, 2): c, **d, a + b: [c]}
''',
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_careful_text_is_printed_as_it_was(text):
    assert render([program(text)]) == text.lstrip("\n")


HARD = [
    'def f(x):\n    return f"{x[\'a\']} it\'s {x:{w}.3f} {{}} \\n"\n',
    "def f(x):\n    match x:\n        case [1, *b]:\n            y = 3\n        case {'a': -1}:\n            pass\n",
    "def f(x):\n    if x:\n        while y:\n            z = f\"{a!r}'\\\"\"\n            break\n    return (yield)\n",
    "def f(x):\n    with a as b, c:\n        del q\n    try:\n        x: int = 3\n    except A as e:\n        pass\n",
    "def f(x):\n    '''Ends in a quote\"'''\n    return {1, 2}, {**x}, [*x], (a := 3), ()\n",
    "def f(x):\n    def g():\n        'doc\\n    more'\n        return f\"{'a'}{b}\"\n    return '''a\n    b'''\n",
]


@pytest.mark.parametrize("text", HARD)
def test_text_reads_back_as_its_tree(text):
    again = render([program(text)])
    assert ast.dump(ast.parse(again)) == ast.dump(ast.parse(text))


def test_functions_stand_two_lines_apart_below_the_header():
    text = render([program("def f(x):\n    return x\n"), program("def g(x):\n    return f(x)\n")], ["import math"])
    assert text == "import math\n\n\ndef f(x):\n    return x\n\n\ndef g(x):\n    return f(x)\n"


def test_comments_and_blank_lines():
    made = program("def f(x):\n    if x:\n        pass\n    return x\n")
    made.function.body[0].body = [comment("y = x\nz = y")]
    made.function.body[1:1] = [blank(), blank(), comment("return x")]
    assert render([made]) == ("def f(x):\n    if x:\n        # y = x\n        # z = y\n        pass\n"
                              "\n    # return x\n    return x\n")
    assert is_comment(blank()) and not is_comment(made.function.body[-1])


def test_comments_survive_a_statement_that_astor_cannot_print():
    made = program("def f(x):\n    match x:\n        case 1:\n            y = 2\n    return x\n")
    made.function.body[0].cases[0].body.insert(0, comment("y = 2"))
    assert "        case 1:\n            # y = 2\n            y = 2\n" in render([made])


@pytest.mark.parametrize("value, text", [
    (np.float64(2.5), "2.5"), (np.int64(3), "3"), (np.bool_(True), "True"), (-1.5, "-1.5"), (-0.0, "-0.0"),
    (1e-9, "1e-9"), (1e22, "1e22"), (math.inf, 'float("inf")'), (-math.inf, '-float("inf")'),
    (np.float64("nan"), 'float("nan")'), (2j, "2.0j"), (1 + 2j, "complex(1.0, 2.0)"), ((1, -2.0), "1, -2.0"),
    (None, "None"), ("it's", '"it\'s"'), (10 ** 400, str(10 ** 400)),
])
def test_constants(value, text):
    got = render([only(value)]).split("return ")[1].strip()
    if isinstance(value, complex):
        assert eval(got) == value
    else:
        assert got == text


def test_infinity_is_taken_from_a_module_in_sight():
    made = only(math.inf)
    assert "math.inf" in render([made], ["import math"])
    made.namespace.globals["np"] = np
    assert "np.inf" in render([made])
    made.function.body[:0] = gast.parse("np = 1").body
    assert 'float("inf")' in render([made])


def test_a_constant_without_a_literal_is_refused():
    with pytest.raises(TypeError, match="cannot be written"):
        render([only(object())])


def test_long_lines_break_at_the_outermost_comma():
    first, second = "a" * 50, "b" * 50
    made = program(f"def f():\n    result = combine({first}(x, 1), {second}(y, 2), third(z, w), fourth(z, w))\n")
    assert render([made]).splitlines()[1:] == [
        f"    result = combine({first}(x, 1),",
        f"                     {second}(y, 2), third(z, w), fourth(z, w))"]
    assert wrapped("x" * 200) == "x" * 200


def test_a_long_sum_gets_parentheses():
    total = " + ".join(f"{letter * 40} * 2" for letter in "abcd")
    lines = render([program(f"def f():\n    total = {total}\n    return {total}\n")]).splitlines()
    assert lines[1].startswith("    total = (aaaa") and lines[2].startswith("             + ccc")
    assert max(map(len, lines)) <= 120


def test_long_lines_with_strings():
    made = program("def f():\n    print(f'{{ {a} ' + '" + "x" * 60 + "', f'}} {a, b} " + "y" * 60 + "', z)\n")
    assert max(map(len, render([made]).splitlines())) <= 120


def test_a_function_sees_its_module_cells_extras_and_siblings():
    module = {"scale": 2.0, "np": None}
    cell = CellType(10.0)
    f = program("def f(x, y=1, *, z=2):\n    return scale * x + shift + helper(y) + z + np\n",
                globals=module, cells={"shift": cell}, extra={"np": 100.0}, defaults=(5,), kwdefaults={"z": 7})
    helper = program("def helper(y):\n    return y * 1000.0\n")
    source = render([f, helper])
    built = build([f, helper], source, "f")
    assert built["f"](1.0) == 2.0 + 10.0 + 5000.0 + 7 + 100.0
    module["scale"], cell.cell_contents = 3.0, 20.0
    assert built["f"](1.0, 0, z=0) == 3.0 + 20.0 + 100.0
    assert set(module) == {"scale", "np"} and built["f"].__globals__ is module
    assert built["f"].__qualname__ == "f"


def test_recursion_and_nested_functions():
    f = program("def f(n):\n    def g(k):\n        return f(k - 1)\n    return 1 if n == 0 else n * g(n)\n")
    assert build([f], render([f]), "f")["f"](5) == 120


def test_a_generated_function_can_be_read_again():
    f = program("def f(x):\n    return math.sin(x) + g(x) + shift\n", cells={"shift": CellType()}, extra={"math": math})
    g = program("def g(x):\n    return f(x - 1) if x > 0 else 0.0\n")
    built = build([f, g], render([f, g], ["import math"]), "f")
    for name, made in built.items():
        again = parse(made)
        assert again.name == name and set(again.namespace.cells) == set(made.__code__.co_freevars)
        assert render([again]) == inspect.getsource(made)


def test_source_and_traceback_show_the_text():
    f = program("def f(x):\n    y = x\n    return 1 / y\n")
    g = program("def g(x):\n    return f(x)\n")
    built = build([f, g], render([f, g], ["import math"]), "g of x")
    assert inspect.getsource(built["g"]) == "def g(x):\n    return f(x)\n"
    assert inspect.getsource(built["f"]) == "def f(x):\n    y = x\n    return 1 / y\n"
    with pytest.raises(ZeroDivisionError) as caught:
        built["g"](0)
    assert [frame.line for frame in traceback.extract_tb(caught.tb)][1:] == ["return f(x)", "return 1 / y"]


def test_the_text_is_stored_once(cache_folder):
    f = program("def f(x):\n    return x\n")
    first, second = (build([f], render([f]), "f")["f"] for _ in range(2))
    assert first.__code__.co_filename == second.__code__.co_filename
    assert [name.split("-")[0] for name in os.listdir(cache_folder)] == ["f"]
    assert cache_folder.stat().st_mode & 0o777 == 0o700


def test_what_runs_is_the_text_and_not_the_file(cache_folder):
    f = program("def f(x):\n    return x\n")
    file = build([f], render([f]), "f")["f"].__code__.co_filename
    with open(file, "w") as stored:
        stored.write("def f(x):\n    return -x\n")
    again = build([f], render([f]), "f")["f"]
    assert again(1) == 1 and inspect.getsource(again) == "def f(x):\n    return x\n"


def test_without_a_folder_the_text_is_kept_in_memory(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AUTODIFF_SRC_CACHE", str(tmp_path / "file" / "below"))
    f = program("def f(x):\n    return x\n")
    built = build([f], render([f]), "f")["f"]
    linecache.checkcache()
    assert built(2) == 2 and inspect.getsource(built) == "def f(x):\n    return x\n"


def test_the_folder_is_bounded_and_leaves_other_files_alone(cache_folder, monkeypatch):
    monkeypatch.setattr(store_module, "_MOST_FILES", 10)
    cache_folder.mkdir()
    (cache_folder / "notes.py").write_text("")
    files = [store_module.store("f", f"x = {i}\n") for i in range(25)]
    kept = os.listdir(cache_folder)
    assert len(kept) <= 11 and "notes.py" in kept and os.path.basename(files[-1]) in kept


@pytest.mark.parametrize("chosen, base, expected", [("/a/b", "/c", "/a/b"), ("", "/c", "/c/autodiff_src")])
def test_where_the_folder_is(monkeypatch, chosen, base, expected):
    monkeypatch.setenv("AUTODIFF_SRC_CACHE", chosen)
    monkeypatch.setenv("XDG_CACHE_HOME", base)
    assert str(store_module.folder()) == expected
