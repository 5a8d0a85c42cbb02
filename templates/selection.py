"""Functions that pick among operands element by element."""
from __future__ import annotations

import numpy as np

from autodiff_src.rules import adjoint, d, holds_for_complex, linear, method, non_differentiable, passing_over, tangent
from autodiff_src.runtime import adjoints, markers, selection


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


non_differentiable(selection.picks, selection.segments, selection.firsts, selection.leaders)


# Between neighbours the value is a straight line; outside it is the first or the last of `fp`.
@adjoint(np.interp)
def interp(y, x, xp, fp, left=None, right=None, period=None):
    e = d[y] if left is None and right is None and period is None else adjoints.refused(
        "np.interp with `left`, `right` or `period`")
    k = selection.segments(x, xp)
    width = np.take(xp, k + 1) - np.take(xp, k)
    part = np.clip((x - np.take(xp, k)) / width, 0.0, 1.0)
    slope = (np.take(fp, k + 1) - np.take(fp, k)) / width * ((x >= np.take(xp, 0)) & (x <= np.take(xp, -1)))
    d[x] += e * slope
    d[xp] += -adjoints.placed(e * slope * (1.0 - part), k, xp) - adjoints.placed(e * slope * part, k + 1, xp)
    d[fp] += adjoints.placed(e * (1.0 - part), k, fp) + adjoints.placed(e * part, k + 1, fp)


@tangent(np.interp)
def interp_tangent(y, x, xp, fp, left=None, right=None, period=None):
    k = selection.segments(x, xp)
    width = np.take(xp, k + 1) - np.take(xp, k)
    part = np.clip((x - np.take(xp, k)) / width, 0.0, 1.0)
    slope = (np.take(fp, k + 1) - np.take(fp, k)) / width * ((x >= np.take(xp, 0)) & (x <= np.take(xp, -1)))
    plain = 1.0 if left is None and right is None and period is None else adjoints.refused(
        "np.interp with `left`, `right` or `period`")
    d[y] = plain * (slope * (d[x] - np.take(d[xp], k) * (1.0 - part) - np.take(d[xp], k + 1) * part)
                    + np.take(d[fp], k) * (1.0 - part) + np.take(d[fp], k + 1) * part)


@adjoint(np.clip)
def clip(y, a, a_min=None, a_max=None):
    d[a] += d[y] * (y == a)
    if a_min is not None:
        d[a_min] += d[y] * ((a < a_min) if a_max is None else (a < a_min) & (a_min < a_max))
    if a_max is not None:
        d[a_max] += d[y] * ((y != a) & (y == a_max))


@tangent(np.clip)
def clip_tangent(y, a, a_min=None, a_max=None):
    below = False if a_min is None else (a < a_min) if a_max is None else (a < a_min) & (a_min < a_max)
    above = False if a_max is None else (y != a) & (y == a_max)
    d[y] = np.where(y == a, d[a], 0.0) + np.where(below, d[a_min], 0.0) + np.where(above, d[a_max], 0.0)


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


@tangent(np.nan_to_num)
def nan_to_num_tangent(y, x, copy=True, nan=0.0, posinf=None, neginf=None):
    d[y] = np.where(np.isfinite(x), d[x], 0.0)


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
