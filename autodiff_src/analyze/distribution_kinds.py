"""The kinds of what methods of SciPy's distributions give; imported when `scipy.stats` is there."""
from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autodiff_src.analyze.axis_lengths import broadcast_shapes
from autodiff_src.analyze.creation_kinds import KindFunction
from autodiff_src.analyze.kinds import Kind
from autodiff_src.analyze.product_kinds import shape_of
from autodiff_src.analyze.samples import elementwise, is_none, shaped_result
from autodiff_src.runtime import densities


def of_points(dist: Any, slopes: Any, *parameters: Kind) -> Kind:
    return elementwise(_double, *(parameter for parameter in parameters if not is_none(parameter)))


def _double(*operands: Any) -> Any:
    return np.asarray(sum(operands), np.float64)[()]


def of_vectors(dist: Any, x: Kind, mean: Kind, cov: Any) -> Kind:
    whole = broadcast_shapes([shape_of(x), shape_of(mean)])
    return shaped_result(partial(np.sum, axis=-1), (x,), whole[:-1])


KINDS: dict[Any, KindFunction] = {
    **{function: of_points for functions in (densities.CONTINUOUS, densities.DISCRETE) for function in functions.values()},
    **dict.fromkeys(densities.SEVERAL.values(), of_vectors)}
