"""Functions that pick among operands element by element."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import (
    adjoint,
    d,
    holds_for_complex,
    linear,
    method,
    non_differentiable,
    partials,
    passing_over,
    tangent,
)
from autodiff_src.runtime import adjoints, layouts, markers, padding, selection


@adjoint(np.where)
def where(z, condition, x=None, y=None):
    d[x] += np.where(condition, d[z], 0.0)
    d[y] += np.where(condition, 0.0, d[z])


@tangent(np.where)
def where_tangent(z, condition, x=None, y=None):
    d[z] = np.where(condition, d[x], d[y])


@adjoint(np.select)
def select(y, condlist, choicelist, default=0):
    d[choicelist] += selection.chosen(d[y], condlist, choicelist)
    d[default] += np.select(condlist, [0.0 for _ in condlist], d[y])


@tangent(np.select)
def select_tangent(y, condlist, choicelist, default=0):
    d[y] = np.select(condlist, d[choicelist], 0.0) + np.select(condlist, [0.0 for _ in condlist], d[default])


@linear(selection.chosen)
def chosen(y, e, conditions, choices):
    d[e] += np.select(conditions, d[y], 0.0)


non_differentiable(selection.picks, selection.segments, selection.firsts, selection.leaders, selection.beyond,
                   layouts.order_of, padding.of_one)


@partials(selection.remainder)
def remainder(y, x, period, whole=False):
    return 1.0, None, None


@linear(selection.of_bins)
def of_bins(y, e, a, edges):
    d[e] += np.histogram(a, edges, weights=d[y])[0]


# Between neighbours the value is a straight line; outside it is the first or the last of `fp`, or `left` and `right`. With a
# period the neighbours are those of the remainders, the last one before the first.
@adjoint(np.interp)
def interp(y, x, xp, fp, left=None, right=None, period=None):
    k, after = selection.segments(x, xp, period), selection.segments(x, xp, period, 1)
    width = selection.remainder(np.take(xp, after) - np.take(xp, k), period, True)
    part = np.clip(selection.remainder(x - np.take(xp, k), period) / width, 0.0, 1.0)
    beyond = selection.beyond(x, xp, period)
    slope = (np.take(fp, after) - np.take(fp, k)) / width * (beyond == 0)
    replaced = (beyond < 0) * (0 if left is None else 1) + (beyond > 0) * (0 if right is None else 1)
    e = d[y] if left is None and right is None else np.where(replaced, 0.0, d[y])
    d[x] += e * slope
    d[xp] += -adjoints.placed(e * slope * (1.0 - part), k, xp) - adjoints.placed(e * slope * part, after, xp)
    d[fp] += adjoints.placed(e * (1.0 - part), k, fp) + adjoints.placed(e * part, after, fp)
    if left is not None:
        d[left] += np.where(beyond < 0, d[y], 0.0)
    if right is not None:
        d[right] += np.where(beyond > 0, d[y], 0.0)


@tangent(np.interp)
def interp_tangent(y, x, xp, fp, left=None, right=None, period=None):
    k, after = selection.segments(x, xp, period), selection.segments(x, xp, period, 1)
    width = selection.remainder(np.take(xp, after) - np.take(xp, k), period, True)
    part = np.clip(selection.remainder(x - np.take(xp, k), period) / width, 0.0, 1.0)
    beyond = selection.beyond(x, xp, period)
    slope = (np.take(fp, after) - np.take(fp, k)) / width * (beyond == 0)
    kept = 1.0 - (beyond < 0) * (0 if left is None else 1) - (beyond > 0) * (0 if right is None else 1)
    d[y] = (kept * (slope * (d[x] - np.take(d[xp], k) * (1.0 - part) - np.take(d[xp], after) * part)
                    + np.take(d[fp], k) * (1.0 - part) + np.take(d[fp], after) * part)
            + np.where(beyond < 0, d[left], 0.0) + np.where(beyond > 0, d[right], 0.0))


@adjoint(np.clip)
def clip(y, a, a_min=None, a_max=None, *, min=None, max=None):
    d[a] += d[y] * (y == a)
    if a_min is not None:
        d[a_min] += d[y] * ((a < a_min) if a_max is None else (a < a_min) & (a_min < a_max))
    if a_max is not None:
        d[a_max] += d[y] * ((y != a) & (y == a_max))
    if min is not None:
        d[min] += d[y] * ((a < min) if max is None else (a < min) & (min < max))
    if max is not None:
        d[max] += d[y] * ((y != a) & (y == max))


@tangent(np.clip)
def clip_tangent(y, a, a_min=None, a_max=None, *, min=None, max=None):
    least, most = a_min if min is None else min, a_max if max is None else max
    below = False if least is None else (a < least) if most is None else (a < least) & (least < most)
    above = False if most is None else (y != a) & (y == most)
    d[y] = (np.where(y == a, d[a], 0.0) + np.where(below, d[a_min] + d[min], 0.0)
            + np.where(above, d[a_max] + d[max], 0.0))


@adjoint(np.ndarray.clip)
def clip_method(y, a, min=None, max=None):
    d[a] += d[y] * (y == a)
    if min is not None:
        d[min] += d[y] * ((a < min) if max is None else (a < min) & (min < max))
    if max is not None:
        d[max] += d[y] * ((y != a) & (y == max))


@tangent(np.ndarray.clip)
def clip_method_tangent(y, a, min=None, max=None):
    below = False if min is None else (a < min) if max is None else (a < min) & (min < max)
    above = False if max is None else (y != a) & (y == max)
    d[y] = np.where(y == a, d[a], 0.0) + np.where(below, d[min], 0.0) + np.where(above, d[max], 0.0)


@adjoint(np.nan_to_num)
def nan_to_num(y, x, copy=True, nan=0.0, posinf=None, neginf=None):
    d[x] += np.where(np.isfinite(x), d[y], 0.0)
    d[nan] += np.where(np.isnan(x), d[y], 0.0)
    if posinf is not None:
        d[posinf] += np.where(np.isposinf(x), d[y], 0.0)
    if neginf is not None:
        d[neginf] += np.where(np.isneginf(x), d[y], 0.0)


@tangent(np.nan_to_num)
def nan_to_num_tangent(y, x, copy=True, nan=0.0, posinf=None, neginf=None):
    d[y] = (np.where(np.isfinite(x), d[x], 0.0) + np.where(np.isnan(x), d[nan], 0.0)
            + np.where(np.isposinf(x), d[posinf], 0.0) + np.where(np.isneginf(x), d[neginf], 0.0))


@adjoint(markers.map_gradient)
def map_gradient(y, x, fn):
    d[x] += fn(d[y])


@tangent(markers.map_gradient)
def map_gradient_tangent(y, x, fn):
    d[y] = d[x]


@adjoint(markers.check_numerics)
def check_numerics(y, x, message="a value"):
    d[x] += d[y]


@tangent(markers.check_numerics)
def check_numerics_tangent(y, x, message="a value"):
    d[y] = d[x]


holds_for_complex(markers.check_numerics)
passing_over(np.where, np.select, selection.chosen, np.clip, np.ndarray.clip, np.nan_to_num)
method("clip", np.ndarray.clip)
