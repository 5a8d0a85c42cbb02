"""Lists and tuples: joined, repeated, and made of other sequences. The adjoint of a sequence is a list."""
from __future__ import annotations

import builtins
import collections
import operator

from autodiff_src.rules import adjoint, d, linear, same_rule, tangent
from autodiff_src.runtime import adjoints, objects


@adjoint(builtins.list, builtins.tuple)
def items(y, iterable=()):
    d[iterable] += d[y]


@adjoint(objects.named)
def named(y, cls, items):
    d[items] += d[y]


@tangent(objects.named)
def named_tangent(y, cls, items):
    d[y] = builtins.tuple(d[items])


@linear(builtins.dict)
def mapping(y, mapping=()):
    d[mapping] += d[y]


same_rule(collections.OrderedDict, builtins.dict)


@linear(collections.defaultdict)
def mapping_with_default(y, default_factory=None, mapping=()):
    d[mapping] += d[y]


@tangent(builtins.list)
def list_tangent(y, iterable=()):
    d[y] = builtins.list(d[iterable])


@tangent(builtins.tuple)
def tuple_tangent(y, iterable=()):
    d[y] = builtins.tuple(d[iterable])


@adjoint(builtins.sorted)
def ordered(y, iterable, *, reverse=False):
    d[iterable] += adjoints.put_back(d[y], adjoints.order(iterable, reverse))


@tangent(builtins.sorted)
def ordered_tangent(y, iterable, *, reverse=False):
    d[y] = adjoints.picked(d[iterable], adjoints.order(iterable, reverse))


@linear(adjoints.picked)
def picked(y, e, positions):
    d[e] += adjoints.put_back(d[y], positions)


@linear(adjoints.put_back)
def put_back(y, e, positions):
    d[e] += adjoints.picked(d[y], positions)


@adjoint(operator.concat)
def concat(y, a, b):
    d[a] += d[y][:len(a)]
    d[b] += d[y][len(a):]


@tangent(operator.concat)
def concat_tangent(y, a, b):
    d[y] = adjoints.add(operator.concat(builtins.list(d[a]), adjoints.zeros_like(b)),
                        operator.concat(adjoints.zeros_like(a), builtins.list(d[b])))


@adjoint(builtins.list.__mul__, builtins.tuple.__mul__)
def repeated(y, a, times):
    d[a] += adjoints.sum_of_copies(d[y], a, times)


@tangent(builtins.list.__mul__, builtins.tuple.__mul__)
def repeated_tangent(y, a, times):
    d[y] = d[a] * times


@linear(adjoints.sum_of_copies)
def sum_of_copies(y, e, a, times):
    d[e] += d[y] * times
