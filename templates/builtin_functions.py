"""Python's builtins, and what tells of functions."""
from __future__ import annotations

import bisect
import builtins
import inspect

from autodiff_src.rules import adjoint, d, non_differentiable, partials, passing_over, tangent
from autodiff_src.runtime import adjoints


@partials(float)
def to_float(y, x):
    return 1.0


@adjoint(builtins.sum)
def sum(y, iterable, start=0):
    d[iterable] += adjoints.to_each(d[y], iterable)
    d[start] += d[y]


@tangent(builtins.sum)
def sum_tangent(y, iterable, start=0):
    d[y] = builtins.sum(d[iterable]) + d[start]


@adjoint(builtins.max)
def max(y, *args):
    if len(args) == 1:
        d[args] += [adjoints.placed(d[y], adjoints.largest(args[0]), args[0])]
    elif len(args) == 2:
        d[args] += [0.0 if args[1] > args[0] else d[y], d[y] if args[1] > args[0] else 0.0]
    elif len(args) == 3:
        i = adjoints.largest(args)
        d[args] += [d[y] if i == 0 else 0.0, d[y] if i == 1 else 0.0, d[y] if i == 2 else 0.0]
    else:
        d[args] += adjoints.placed(d[y], adjoints.largest(args), args)


@tangent(builtins.max)
def max_tangent(y, *args):
    d[y] = d[args][0][adjoints.largest(args[0])] if len(args) == 1 else d[args][adjoints.largest(args)]


@adjoint(builtins.min)
def min(y, *args):
    if len(args) == 1:
        d[args] += [adjoints.placed(d[y], adjoints.smallest(args[0]), args[0])]
    elif len(args) == 2:
        d[args] += [0.0 if args[1] < args[0] else d[y], d[y] if args[1] < args[0] else 0.0]
    elif len(args) == 3:
        i = adjoints.smallest(args)
        d[args] += [d[y] if i == 0 else 0.0, d[y] if i == 1 else 0.0, d[y] if i == 2 else 0.0]
    else:
        d[args] += adjoints.placed(d[y], adjoints.smallest(args), args)


@tangent(builtins.min)
def min_tangent(y, *args):
    d[y] = d[args][0][adjoints.smallest(args[0])] if len(args) == 1 else d[args][adjoints.smallest(args)]


passing_over(builtins.max, builtins.min)
non_differentiable(
    round, len, range, int, bool, str, bytes, repr, ascii, format, isinstance, issubclass, print, type, hasattr,
    callable, all, any, id, hash, chr, ord, bin, hex, oct, slice, input, globals, super,
    inspect.signature, bisect.bisect_left, bisect.bisect_right,
)
