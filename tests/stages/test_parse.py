"""Functions are found in their files, and what cannot be read is refused with the way out."""
import asyncio
import builtins
import functools
import importlib.util
import linecache
import math
import os
import sys
import types

import gast
import numpy as np
import pytest
from numpy import sin as sine

import autodiff_src as ad
from autodiff_src.errors import ArgumentError, NoRuleError, UnsupportedError
from autodiff_src.parse import parse
from autodiff_src.parse.accept import accept, refusals
from autodiff_src.parse.resolve import namespace_of, resolve, static_value
from autodiff_src.parse.source import find
from autodiff_src.program import MISSING

FACTOR = 2.0


def text_of(function):
    import ast
    return ast.unparse(gast.gast_to_ast(parse(function).function))


def plain(x, y=3.0, *, z=4.0):
    """Has a docstring, a constant to fold and a branch that is never compiled."""
    if False:
        x = missing_name + 1  # noqa: F821
    return x * (2 * 3) + y - z


def changing(a, x):
    a[1] = x
    return np.sum(a * x ** 2)


def keeps_wrapper(function):
    def wrapper(*args):
        return function(*args) * FACTOR
    return wrapper


def keeps_function(note):
    return lambda function: function


@keeps_wrapper
def wrapped(x):
    return x


@keeps_function(
    "over several lines")
@keeps_function("and twice")
def decorated(x):
    return x + 1


class Holder:
    def method(self, x):
        return self.__private(x)

    def __private(self, x):
        return super().__init__() or x

    def __call__(self, x):
        return x


def with_assertions(x):
    assert x > 0 and x in [1.0, 2.0, 3.0], f"{x} is bad"
    return x


def test_a_plain_function():
    program = parse(plain)
    assert program.name == "plain" and program.original is plain
    assert program.defaults == (3.0,) and program.kwdefaults == {"z": 4.0}
    assert program.namespace.globals is globals()
    assert program.file == plain.__code__.co_filename
    assert program.function.lineno == plain.__code__.co_firstlineno
    assert program.place(program.function.body[-1]).text.strip() == "return x * (2 * 3) + y - z"


def test_a_derivation_leaves_the_tree_that_was_read_alone():
    before = gast.dump(parse(changing).function)
    assert ad.grad(changing)(np.ones(3), 2.0).tolist() == [4.0, 0.0, 4.0]
    assert gast.dump(parse(changing).function) == before and find(changing) is find(changing)


def test_decorators():
    program = parse(decorated)
    assert not program.function.decorator_list
    assert program.lines[program.function.lineno - 1].startswith("def decorated")
    assert "function(*args) * FACTOR" in text_of(wrapped)
    assert set(parse(wrapped).namespace.cells) == {"function"}


def test_a_function_that_only_says_it_wraps():
    @functools.wraps(plain)
    def other(x):
        return -x
    assert "return -x" in text_of(other)


def test_nested_functions_closures_and_methods():
    shift = 5.0

    def inner(x):
        def innermost():
            return x + shift
        return innermost()
    program = parse(inner)
    assert program.namespace.lookup("shift") == 5.0
    shift = 6.0
    assert program.namespace.lookup("shift") == 6.0

    def recursive(n):
        class Local:
            def method(self):
                return recursive(n - 1)
        return Local, lambda: lambda: recursive
    assert "return recursive(n - 1)" in text_of(recursive)
    assert "__private" in text_of(Holder.method)
    assert "super()" in text_of(Holder._Holder__private)


def test_lambdas_on_one_line():
    a, b, c = (lambda x: x + 1), (lambda x: x + 2), (lambda x, y=lambda z: z + 3: x + 1.0)
    returned = [text_of(f).split("return ")[1] for f in (a, b, c, c.__defaults__[0])]
    assert returned == ["x + 1", "x + 2", "x + 1.0", "z + 3"]
    assert parse(a).name == "lambda_" and parse(a).function.lineno == a.__code__.co_firstlineno
    twins = [lambda x: x * 2.0, lambda x: x * 2.0]
    assert text_of(twins[0]) == text_of(twins[1])
    signed = [lambda: 0.0, lambda: -0.0, lambda: 0, lambda: False]
    assert [text_of(f).split("return ")[1] for f in signed] == ["0.0", "-0.0", "0", "False"]
    assert "x * 5" in text_of((
        lambda x:
        x * 5))


def test_assertions_that_pytest_rewrote():
    assert any(name.startswith("@py") for name in with_assertions.__code__.co_varnames)
    assert "assert x > 0" in text_of(with_assertions)


def test_text_run_by_exec():
    text = "from __future__ import annotations\n\ndef f(x: int):\n  s = '''\nleft'''\n  return x\n"
    space = {}
    exec(compile(text, "<made>", "exec"), space)
    with pytest.raises(UnsupportedError, match="(?s)cannot be found.*Fix: .*linecache"):
        parse(space["f"])
    linecache.cache["<made>"] = (len(text), None, text.splitlines(True), "<made>")
    try:
        assert parse(space["f"]).function.body[0].value.value == "\nleft"
    finally:
        del linecache.cache["<made>"]


def module_of(path, text):
    path.write_text(text)
    os.utime(path, (1e9, 1e9))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("changed", [
    "def f(x):\n    return x + y\n", "def f(x):\n    return x * 2.5\n", "def f(x, y):\n    return x * y\n",
    "def g(x):\n    return x * y\n", "\ndef f(x):\n    return x * y\n", "def f(x:\n", "",
])
def test_a_file_that_changed_is_refused(tmp_path, monkeypatch, changed):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = module_of(tmp_path / "changing.py", "def f(x):\n    return x * y\n")
    (tmp_path / "changing.py").write_text(changed)
    with pytest.raises(UnsupportedError, match="changed since it was imported|cannot be found"):
        parse(module.f)


def test_a_file_that_changed_elsewhere_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = module_of(tmp_path / "growing.py", "def f(x):\n    return x * y\n")
    (tmp_path / "growing.py").write_text("def f(x):\n    return x * y  # the same\n\n\ndef g(): pass\n")
    assert text_of(module.f).endswith("return x * y")


def generator(x):
    yield x


async def coroutine(x):
    return x


async def stream(x):
    yield x


@functools.lru_cache
def cached(x):
    return x


@pytest.mark.parametrize("what, error, message", [
    (3.0, ArgumentError, "a function is expected, not float 3.0"),
    (Holder, UnsupportedError, "'Holder' is a class"),
    (len, NoRuleError, "'len' is a builtin.*ad.adjoint"),
    (np.sin, NoRuleError, "'sin' is a builtin.*ad.adjoint"),
    ([].append, NoRuleError, "builtin"),
    (np.linalg.norm, NoRuleError, "'norm' is a builtin"),
    (generator, UnsupportedError, "is a generator.*Fix: "),
    (coroutine, UnsupportedError, "is a coroutine"),
    (stream, UnsupportedError, "is an async generator"),
    (cached, UnsupportedError, "lru_cache.*f.__wrapped__"),
    (Holder(), UnsupportedError, "object of class 'Holder'.*lambda"),
    (asyncio.sleep, UnsupportedError, "coroutine"),
])
def test_what_is_not_read(what, error, message):
    with pytest.raises(error, match=f"(?s){message}"):
        parse(what)


def uses_names(x):
    return np.linalg.norm(x), math.sin(x), sine(x), len(x), x.shape, FACTOR, missing_name, np.linalg.nothing  # noqa: F821


def test_static_values():
    namespace = namespace_of(uses_names)
    expressions = parse(uses_names).function.body[0].value.elts
    calls = [e.func if isinstance(e, gast.Call) else e for e in expressions]
    values = [static_value(e, namespace, {"x"}) for e in calls]
    assert values == [np.linalg.norm, math.sin, np.sin, len, MISSING, FACTOR, MISSING, MISSING]
    assert static_value(calls[0], namespace, {"x", "np"}) is MISSING
    assert resolve(calls[6], namespace).guards == ()


def test_guards(monkeypatch):
    namespace = namespace_of(uses_names)
    norm = resolve(gast.parse("np.linalg.norm", mode="eval").body, namespace)
    assert [guard.name for guard in norm.guards] == ["np"] and norm.guards[0].holds()
    monkeypatch.setitem(globals(), "np", None)
    assert not norm.guards[0].holds()
    builtin = resolve(gast.Name("len", gast.Load(), None, None), namespace).guards[0]
    assert builtin.holds()
    monkeypatch.setitem(globals(), "len", builtins.len)
    assert builtin.holds()
    globals()["len"] = max
    assert not builtin.holds()


def test_guards_of_a_module_and_of_a_cell():
    module = types.ModuleType("mine")
    module.helper = plain

    def f(x):
        return module.helper(x)
    found = resolve(gast.parse("module.helper", mode="eval").body, namespace_of(f))
    assert found.value is plain and [guard.holds() for guard in found.guards] == [True, True]
    module.helper = decorated
    assert [guard.holds() for guard in found.guards] == [True, False]
    module = math
    assert [guard.holds() for guard in found.guards] == [False, False]


def test_an_attribute_made_anew_by_its_module_is_not_static():
    module = types.ModuleType("lazy")
    module.__getattr__ = lambda name: object()

    def f(x):
        return module.thing
    assert static_value(gast.parse("module.thing", mode="eval").body, namespace_of(f)) is MISSING


def program_of(body):
    text = "def f(x, y=(lambda: 0)):\n" + "".join(f"    {line}\n" for line in body.split("\n"))
    made = parse(plain)
    return type(made)(gast.parse(text).body[0], made.namespace, "f.py", tuple(text.splitlines()))


REFUSED = {
    "yield x": "a generator", "yield from x": "a generator", "try:\n    pass\nfinally:\n    return x": "an exit in a `finally`",
    "class A:\n    pass": "a class definition", "def g():\n    nonlocal z": "`nonlocal`",
    "from z import *": "a starred import",
    "async def g():\n    pass": "a coroutine",
    "async def g():\n    async for a in x:\n        pass": "a coroutine",
}


@pytest.mark.parametrize("body", REFUSED)
def test_refused(body):
    with pytest.raises(UnsupportedError, match=f"(?s)^f.py:[23]: .*{REFUSED[body]}.* is not diff.*\n    .*Fix: "):
        accept(program_of(body))


ACCEPTED = """import math
import os.path as p
from math import sin
a = b = x if x else y
a, (b, c) = x
[a, b] = b, a
x[0], a = a, x[0]
0 < a < b
a @= b & c | ~a ^ b << 2
f(*a, **b)
z: float = [i for i in x if i][1:]
def g(a=3, *, b=4):
    return lambda q=2: q
for i in x:
    break
else:
    pass
while x:
    continue
with x as y, z:
    pass
try:
    pass
except ValueError as error:
    raise
else:
    pass
finally:
    pass
raise ValueError(f"{x!r:>{y}}")
assert x, "y"
print({"a": 1, **b}, {1, 2}, ...)
del x
(z := x)
a, *b = [*x]
sum(a for a in {b for b in x})
return None"""


def test_accepted():
    assert refusals(program_of(ACCEPTED)) == []
    accept(program_of(ACCEPTED))


def test_refusals_name_the_outermost_nodes_in_order():
    found = refusals(program_of("if x:\n    class A:\n        yield y\nyield z\nf(*[(yield)])"))
    assert [type(node) for node, _ in found] == [gast.ClassDef, gast.Yield, gast.Yield]
    assert [error.place.line for _, error in found] == [3, 5, 6]
    assert found[1].error.place.text.strip() == "yield z"
