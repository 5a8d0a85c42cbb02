"""A relation between variables, never changed in place: `{"v": {"a"}}` says that v is related to a, and a to v."""
from __future__ import annotations

from collections.abc import Iterable

Relation = dict[str, frozenset[str]]
_NONE: frozenset[str] = frozenset()


def with_related(relation: Relation, variables: Iterable[str]) -> frozenset[str]:
    """The variables and those that are related to one of them."""
    wanted = frozenset(variables)
    to_them = [n for n, others in relation.items() if not wanted.isdisjoint(others)] if wanted else ()
    return wanted.union(to_them, *(relation.get(n, _NONE) for n in wanted))


def related(relation: Relation, some: Iterable[str], others: frozenset[str]) -> Relation:
    """The relation with each of `some` related to each of `others` besides."""
    return {**relation, **{n: relation.get(n, _NONE) | (others - {n}) for n in some}} if others else relation


def without(relation: Relation, variables: frozenset[str]) -> Relation:
    """What is left of the relation without some variables."""
    if variables.isdisjoint(relation) and all(map(variables.isdisjoint, relation.values())):
        return relation
    return {n: left for n, others in relation.items() if n not in variables
            and (left := others if others.isdisjoint(variables) else others - variables)}


def either(a: Relation, b: Relation) -> Relation:
    """What is related in one of two relations."""
    return {**a, **{n: a.get(n, _NONE) | others for n, others in b.items()}}
