"""The texts generated for the examples: no dead statement, no unused push."""
import numpy as np
import pytest
import readability

import autodiff_src as ad


def check(function, *args, wrt=0):
    text = ad.source(ad.grad(function, wrt=wrt), *args)
    assert not readability.unread_tapes(text), text
    assert not readability.dead_stores(text), text


def test_quickstart():
    from examples import quickstart
    check(quickstart.logistic, 3.3, 12)


def test_ode_fit():
    pytest.importorskip("scipy")
    from examples import ode_fit
    check(ode_fit.misfit, ode_fit.TRUE_PARAMETERS, ode_fit.noisy_data(steps=5), 0.05)


@pytest.mark.parametrize("model", ["softmax", "mlp"])
def test_digits(model):
    pytest.importorskip("sklearn")
    from examples import digits_mlp
    loss, _, names, initial = digits_mlp.MODELS[model]
    check(loss, *initial(), np.ones((3, 64)), np.array([0, 3, 9]), wrt=names)


def test_character_rnn():
    from examples import character_rnn
    inputs, targets = character_rnn.batch(character_rnn.encoded(character_rnn.TEXT), np.array([0, 40]), 3)
    check(character_rnn.loss, character_rnn.initial_weights(hidden=5), inputs, targets, 0.5)


def test_gaussian_mixture():
    pytest.importorskip("scipy")
    from examples import gaussian_mixture
    points = gaussian_mixture.drawn_points(9)
    check(gaussian_mixture.misfit, gaussian_mixture.packed(gaussian_mixture.guess(points)), points)
