"""Arguments that hold one thing twice, or arrays that overlap, and are written into."""
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import autodiff_src as ad


def attribute_written(o: Any, x: Any) -> Any:
    o.p[0] = x * 3.0
    return o.q[0] * 2.0


def object_in_it_stored_in(o: Any, x: Any) -> Any:
    o.s.b = x * 3.0
    return o.t.b * 2.0


def list_in_it_grown(o: Any, x: Any) -> Any:
    o.p.append(x * 3.0)
    return o.q[-1] * 2.0


def row_written(rows: Any, x: Any) -> Any:
    rows[0][0] = x * 3.0
    return rows[1][0] * 2.0


def same(value: Any) -> Any:
    return SimpleNamespace(p=value, q=value)


def inner() -> Any:
    s = SimpleNamespace(b=1.0)
    return SimpleNamespace(s=s, t=s)


ROW = [1.0]


@pytest.mark.parametrize(("f", "argument"), [
    (attribute_written, lambda: same(np.ones(2))), (attribute_written, lambda: same([1.0])),
    (list_in_it_grown, lambda: same([1.0])), (object_in_it_stored_in, inner), (row_written, lambda: [ROW, ROW]),
    (row_written, lambda: (np.ones(2),) * 2)])
def test_what_an_argument_holds_twice_has_one_derivative(f: Any, argument: Any) -> None:
    assert ad.jvp(f, (argument(), 1.5), (None, 1.0))[1] == 6.0
    assert ad.grad(f, wrt="x")(argument(), 1.5) == 6.0
    pullback = ad.vjp(f, argument(), 1.5, wrt=1)[1]
    assert pullback(1.0) == pullback(1.0) == (6.0,)


@pytest.mark.parametrize("mode", ["grad", "vjp", "jvp"])
@pytest.mark.parametrize(("f", "argument"), [
    (row_written, [np.ones(3)[:2], np.ones(3)[:1]]), (attribute_written, SimpleNamespace(p=np.ones(3)[:2], q=np.ones(3)[:1]))])
def test_arrays_in_an_argument_that_overlap(f: Any, argument: Any, mode: str) -> None:
    """They are apart here, and are run; with memory in common they are refused."""
    a = np.ones(3)
    common = [a[:2], a[:1]] if isinstance(argument, list) else SimpleNamespace(p=a[:2], q=a[:1])
    run = {"grad": lambda v: ad.grad(f, wrt="x")(v, 1.5), "vjp": lambda v: ad.vjp(f, v, 1.5, wrt=1)[1](1.0)[0],
           "jvp": lambda v: ad.jvp(f, (v, 1.5), (None, 1.0))[1]}[mode]
    assert run(argument) == 0.0
    with pytest.raises(ad.ArgumentError, match="holds two arrays that share memory"):
        run(common)


def lists_of_different_things(o: Any, x: Any) -> Any:
    o.p.append(x * 3.0)
    o.q.append(np.array([x, 1.0]))
    return o.p[0] * 2.0 + np.sum(o.q[-1])


def test_one_list_in_two_attributes_that_are_told_apart() -> None:
    """Of two lists that are empty it is not seen from the kinds that they differ."""
    assert ad.grad(lists_of_different_things, wrt="x")(SimpleNamespace(p=[], q=[]), 1.5) == 7.0
    with pytest.raises(ad.ArgumentError, match="one list is held by the attributes 'p' and 'q'"):
        ad.grad(lists_of_different_things, wrt="x")(same([]), 1.5)


def one_list_put_into_both(o: Any, x: Any) -> Any:
    o.p.append(x)
    o.q = o.p
    o.p.append(np.array([x, 1.0]))
    return o.q[0] * np.sum(o.q[-1]) * len(o.p)


def test_a_list_that_gets_into_another_attribute() -> None:
    """What the attributes hold is not told apart then: it is refused in reverse mode, since it is of unknown kind."""
    assert ad.jvp(one_list_put_into_both, (SimpleNamespace(p=[], q=[]), 1.5), (None, 1.0))[1] == 8.0
    with pytest.raises(ad.UnsupportedError, match="share memory"):
        ad.grad(one_list_put_into_both, wrt="x")(SimpleNamespace(p=[], q=[]), 1.5)


class Shared:
    items = [0.1]
    table = {"a": 0.5}
    w = np.ones(2)
    gain = 0.5


def shared_list(one: Any, other: Any, x: Any) -> Any:
    one.items.append(x)
    return other.items[-1] * 2.0


def shared_dict(one: Any, other: Any, x: Any) -> Any:
    one.table["a"] = x
    return other.table["a"] * 2.0


def shared_array(one: Any, other: Any, x: Any) -> Any:
    one.w *= x
    return np.sum(other.w * one.w)


@pytest.mark.parametrize("f", [shared_list, shared_dict, shared_array])
def test_what_all_objects_of_a_class_share_is_not_written_into(f: Any) -> None:
    for run in (lambda: ad.grad(f, wrt="x")(Shared(), Shared(), 1.5), lambda: ad.vjp(f, Shared(), Shared(), 1.5, wrt=2),
                lambda: ad.jvp(f, (Shared(), Shared(), 1.5), (None, None, 1.0))):
        with pytest.raises(ad.UnsupportedError, match="which the class holds and not the object, is written into"):
            run()


def test_a_number_of_the_class_becomes_one_of_the_object() -> None:
    def f(o: Any, x: Any) -> Any:
        for _ in range(2):
            o.gain = o.gain * x
        return o.gain * x

    assert ad.grad(f, wrt="x")(Shared(), 2.0) == ad.vjp(f, Shared(), 2.0, wrt=1)[1](1.0)[0] == 6.0
    assert ad.jvp(f, (Shared(), 2.0), (None, 1.0)) == (4.0, 6.0)
