"""The kinds of what the functions of `scipy.special` give that are no ufuncs; imported when one of them is first met."""
from __future__ import annotations

from functools import partial
from typing import Any

from scipy import special

from autodiff_src.analyze.axis_lengths import broadcast_shapes
from autodiff_src.analyze.creation_kinds import FALSE, NONE, ZERO, KindFunction
from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.layout_kinds import reduced
from autodiff_src.analyze.product_kinds import shape_of
from autodiff_src.analyze.samples import elementwise, is_none, literal, shaped_result


def logsumexp_kind(a: Kind, axis: Kind = NONE, b: Kind = NONE, keepdims: Kind = FALSE) -> Kind:
    kept = bool(literal(keepdims))
    whole = shape_of(a) if is_none(b) else broadcast_shapes([shape_of(a), shape_of(b)])
    return shaped_result(_logsumexp, (a, b), reduced(whole, axis, kept), axis=literal(axis), keepdims=kept)


def _logsumexp(a: Any, b: Any, axis: Any, keepdims: bool) -> Any:
    return special.logsumexp(a, axis, b, keepdims)


def _of_last(function: Any) -> KindFunction:
    """The kind function of an elementwise function of an order, a point and an option that does not matter."""
    return lambda order, point, option=None: elementwise(function, order, point)


def _along(function: Any) -> KindFunction:
    """The kind function of a function along axes that it keeps."""
    return lambda x, axis=None: elementwise(function, x)


def lambertw_kind(z: Kind, k: Kind = ZERO, tol: Any = None) -> Kind:
    return elementwise(special.lambertw, z, k)


def zeta_kind(x: Kind, q: Kind = NONE) -> Kind:
    return elementwise(special.zeta, x, q)


KINDS: dict[Any, KindFunction] = {
    special.logsumexp: logsumexp_kind, special.softmax: _along(special.softmax),
    special.log_softmax: _along(special.log_softmax), special.lambertw: lambertw_kind, special.zeta: zeta_kind,
    **{function: partial(elementwise, function) for function in (special.multigammaln, special.polygamma)},
    **{function: _of_last(function) for function in (
        special.jvp, special.yvp, special.ivp, special.kvp, special.spherical_jn, special.spherical_yn, special.spherical_in,
        special.spherical_kn)}}
