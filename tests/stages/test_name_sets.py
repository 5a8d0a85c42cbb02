"""Sets of names as bits, and relations between variables, against plain sets."""
import itertools

import pytest

from autodiff_src.analyze.name_sets import Names
from autodiff_src.analyze.relation import either, related, with_related, without

SETS = [frozenset(), frozenset("a"), frozenset("ab"), frozenset("bc"), frozenset("abcd")]


@pytest.mark.parametrize("a, b", itertools.product(SETS, SETS))
@pytest.mark.parametrize("of_others", [False, True], ids=["of the same names", "of others"])
def test_sets_of_names_do_what_sets_do(a, b, of_others):
    names = Names()
    one, other = names.of(a), (Names() if of_others else names).of(b)
    assert set(one) == a and len(one) == len(a) and bool(one) == bool(a)
    assert set(one | other) == a | b and set(one & other) == a & b and set(one - other) == a - b
    assert set(one | b) == a | b and set(a | other) == a | b and set(a - other) == a - b
    assert one.isdisjoint(other) == a.isdisjoint(b) and (one <= other) == (a <= b) and (one == other) == (a == b)
    assert [n in one for n in "abcde"] == [n in a for n in "abcde"]
    assert set(one.changed(names.of("a"), names.of(b))) == a - {"a"} | b


def test_a_relation_holds_both_ways():
    relation = related({}, ["v"], frozenset({"a", "b"}))
    assert with_related(relation, ["a"]) == {"a", "v"} and with_related(relation, ["v"]) == {"a", "b", "v"}
    assert with_related(without(relation, frozenset({"b"})), ["v"]) == {"a", "v"}
    assert with_related(without(relation, frozenset({"v"})), ["a"]) == {"a"}
    both = either(relation, related({}, ["a"], frozenset({"w"})))
    assert with_related(both, ["a"]) == {"a", "v", "w"}
