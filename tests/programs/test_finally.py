"""Exceptions on their way: what a `finally` block prints and appends where one passes it, as plain `f` does; and all ways
through the programs with a `try` that is left in the middle."""
import copy
import linecache

import language_tries
import numpy as np
import pytest
from checks import central_differences

import autodiff_src as ad


def below_one(x):
    if x > 1.0:
        raise KeyError("above one")
    return x * x


def rebound_in_the_block(x):
    s = x
    try:
        s = below_one(s)
        s = s * below_one(s + 0.9)
    finally:
        print(s)
    return s * x


def stages(x):
    stage = 0
    try:
        stage = 1
        y = below_one(x)
        stage = 2
        z = y * below_one(y + 0.8)
        stage = 3
    finally:
        print(stage)
    return z


def in_a_loop(x):
    log, s = [], x
    try:
        for _ in range(5):
            s = s * 1.3
            s = s + below_one(s)
    finally:
        log.append(s)
        print(log)
    return s * x


def one_in_another(x):
    stage, part = "a", x
    try:
        try:
            part = part * 2.0
            y = below_one(part)
            part = part * 3.0
        finally:
            print(part)
            stage = "b"
        part = y * below_one(y + 0.9)
    finally:
        print(stage, part)
    return part * x


def left_early(x):
    total = 0.0
    for k in range(4):
        s = x * k
        try:
            s = s + 1.0
            if k == 2:
                break
            if k == 0:
                continue
            s = s * below_one(s * 0.2)
            total = total + s
        finally:
            print(k, s, total)
    return total


def refused_behind_a_handler(x):
    try:
        s = below_one(x)
    except KeyError:
        s = x * 3.0
    if x > 0.0:
        try:
            y = x
            try:
                y = y * s
                y = y + below_one(y)
            except KeyError as error:
                print(error)
                y = y * 2.0
            s = y
        finally:
            print(s)
    return s


@pytest.mark.parametrize("x", [0.1, 0.3, 0.45, 0.5, 0.8, 1.5, 9.8])
@pytest.mark.parametrize("f", [rebound_in_the_block, stages, in_a_loop, one_in_another, left_early])
def test_exceptions_pass(f, x, capsys):
    def outcome(call):
        raised = None
        try:
            call()
        except KeyError as error:
            raised = str(error)
        return raised, capsys.readouterr().out

    wanted = outcome(lambda: f(x))
    assert outcome(lambda: ad.grad(f)(x)) == wanted
    assert outcome(lambda: ad.vjp(f, x)) == wanted
    assert outcome(lambda: ad.jvp(f, (x,), (1.0,))) == wanted


@pytest.mark.parametrize("x", [0.3, 1.5])
def test_a_refusal_passes(x, capsys):
    for call in (lambda: ad.grad(refused_behind_a_handler)(x), lambda: ad.jvp(refused_behind_a_handler, (x,), (1.0,))):
        with pytest.raises(ad.UnsupportedError, match="read after the `try`"):
            call()


def long_block(lines):
    """A function with a `try` of so many lines each of which changes `y` and may raise."""
    block = ["        y = y + below_one(y) * 0.01"] * lines
    text = "\n".join(["def f(x):", "    y = x", "    try:", *block, "    except KeyError:", "        y = y * 2.0",
                      "    return y"])
    file = f"<block of {lines} lines>"
    linecache.cache[file] = len(text), None, text.splitlines(True), file
    space = {"below_one": below_one}
    exec(compile(text, file, "exec"), space)
    return space["f"]


def test_a_block_splits_into_25_parts_at_most():
    f = long_block(24)
    assert ad.grad(f)(0.5) == pytest.approx(central_differences(f, 0.5, 1.0), rel=1e-9)
    with pytest.raises(ad.UnsupportedError, match="read after the `try`"):
        ad.grad(long_block(30))(0.5)


def ways_through(program):
    """(arguments, derivative) at points at which differences with two steps agree."""
    for x in np.linspace(-0.5, 2.2, 10) + 0.0137:
        args = [*program.args]
        args[program.wrt[-1]] = float(x)

        def moving(z, args=args):
            return program.f(*[z if i == program.wrt[-1] else copy.copy(arg) for i, arg in enumerate(args)])

        try:
            slopes = [central_differences(moving, float(x), 1.0, step) for step in (1e-5, 1e-6)]
        except (ValueError, ZeroDivisionError):
            continue
        if np.isclose(*slopes, rtol=1e-4, atol=1e-5):
            yield args, slopes[1]


@pytest.mark.slow
@pytest.mark.parametrize("program", language_tries.PROGRAMS, ids=lambda program: program.name)
def test_every_way_through_a_try(program):
    wrt = program.wrt[-1]
    ways = list(ways_through(program))
    assert len(ways) > 3
    for args, wanted in ways:
        assert ad.grad(program.f, wrt)(*copy.deepcopy(args)) == pytest.approx(wanted, rel=1e-4, abs=1e-5)
        dots = tuple(1.0 if i == wrt else None for i in range(len(args)))
        assert ad.jvp(program.f, tuple(copy.deepcopy(args)), dots)[1] == pytest.approx(wanted, rel=1e-4, abs=1e-5)
