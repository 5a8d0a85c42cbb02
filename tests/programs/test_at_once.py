"""The programs of the language table for many tangents and many adjoints at once, beside each alone."""
import copy

import numpy as np
import pytest
from checks import in_turns
from language_table import ACCEPTED

import autodiff_src as ad
from autodiff_src.api import ForwardPass, vjp_of_values
from autodiff_src.runtime.structures import leaves, rebuilt

RANDOM = np.random.default_rng(3)


def _directions(x, plain=False):
    def number(leaf):
        return RANDOM.normal(size=np.shape(leaf)) if isinstance(leaf, np.ndarray) else float(RANDOM.normal())

    return [rebuilt(x, map(number, leaves(x)), plain) for _ in range(10)]


def _same(found, alone):
    for one, other in zip(found, alone, strict=True):
        for a, b in zip(leaves(one), leaves(other), strict=True):
            assert type(a) is type(b) and np.shape(a) == np.shape(b)
            np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("program", in_turns(ACCEPTED[::16], 4), ids=lambda one: one.name)
@np.errstate(all="ignore")
def test_programs_along_many_tangents(program):
    try:
        forward = ForwardPass(program.f, copy.deepcopy(program.args), program.wrt)
    except ad.AutodiffError:
        pytest.skip("has no forward text")
    if not forward.text.derived.silent:
        pytest.skip("may not run more than once")
    several = list(zip(*map(_directions, forward.primals), strict=True))
    alone = [forward.along(list(tangents)) for tangents in several]
    _same([y_dot for _, y_dot in forward.along_all(map(list, several))], [y_dot for _, y_dot in alone])


@pytest.mark.parametrize("program", in_turns(ACCEPTED[::16], 4), ids=lambda one: one.name)
@np.errstate(all="ignore")
def test_programs_for_many_adjoints(program):
    try:
        y, pullback = vjp_of_values(program.f, copy.deepcopy(program.args), program.wrt)
    except ad.AutodiffError:
        pytest.skip("has no pullback")
    several = _directions(y, plain=True)
    alone = [pullback(seed) for seed in several]
    _same(list(pullback.each(several)), alone)
