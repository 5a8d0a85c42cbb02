"""A small recurrent network that learns a text by heart, character by character, in plain NumPy.

The backward pass through time comes from `ad.value_and_grad`. What one would do to it by hand is written where it happens, in
the loop: `with ad.insert_grad_of(h) as d_h:` clips the gradient of the hidden state at each step.

Run it with `python examples/character_rnn.py`; with `--debug`, one backward pass stops there in the debugger, at each step.
"""
import sys

import numpy as np

import autodiff_src as ad

TEXT = """the tide comes in, the tide goes out, and all the boats lie down.
the moon pulls at the harbour wall, the gulls sail over town.
a bell is ringing far from land, the fog is rolling in,
the lamps are lit along the quay, and soon the songs begin.
"""
ALPHABET = sorted(set(TEXT))


def encoded(text):
    return np.array([ALPHABET.index(character) for character in text])


def initial_weights(hidden=64, seed=0):
    rng = np.random.default_rng(seed)
    n = len(ALPHABET)
    return {"W_in": 0.5 * rng.normal(size=(n, hidden)), "W": rng.normal(size=(hidden, hidden)) / np.sqrt(hidden),
            "b": np.zeros(hidden), "W_out": rng.normal(size=(hidden, n)) / np.sqrt(hidden), "b_out": np.zeros(n)}


def step(weights, h, characters):
    """The next hidden state, of shape (rows, hidden), after one character for each row."""
    return np.tanh(weights["W_in"][characters] + h @ weights["W"] + weights["b"])


def log_probabilities(weights, h):
    scores = h @ weights["W_out"] + weights["b_out"]
    scores = scores - np.max(scores, axis=1, keepdims=True)
    return scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))


def loss(weights, inputs, targets, limit, debug=False):
    """The mean cross-entropy of the next character. inputs, targets: (steps, rows).

    In the backward pass, the gradient of a hidden state that is longer than `limit` is shortened to that length.
    """
    steps, rows = inputs.shape
    h = np.zeros((rows, len(weights["b"])))
    total = 0.0
    for t in range(steps):
        h = step(weights, h, inputs[t])
        with ad.insert_grad_of(h) as d_h:
            norm = np.sqrt(np.sum(d_h * d_h))
            if norm > limit:
                d_h = d_h * (limit / norm)
            if debug:
                breakpoint()  # `p norm` shows how long the gradient is; `up` leads to the backward pass
        total -= np.mean(log_probabilities(weights, h)[np.arange(rows), targets[t]])
    return total / steps


value_and_gradient = ad.value_and_grad(loss)


def batch(characters, starts, steps):
    """The inputs and, one character later, the targets; the text begins anew at its end."""
    at = (starts + np.arange(steps + 1)[:, None]) % len(characters)
    return characters[at[:-1]], characters[at[1:]]


def train(weights, updates=400, rows=16, steps=24, rate=0.01, limit=0.5, seed=0):
    """Adam, in place on `weights`; gives the losses."""
    rng = np.random.default_rng(seed)
    characters = encoded(TEXT)
    first = {name: np.zeros_like(w) for name, w in weights.items()}
    second = {name: np.zeros_like(w) for name, w in weights.items()}
    losses = []
    for k in range(1, updates + 1):
        inputs, targets = batch(characters, rng.integers(len(characters), size=rows), steps)
        value, gradient = value_and_gradient(weights, inputs, targets, limit)
        losses.append(value)
        for name, g in gradient.items():
            first[name] += 0.1 * (g - first[name])
            second[name] += 0.01 * (g * g - second[name])
            weights[name] -= rate * first[name] / (1.0 - 0.9 ** k) / (np.sqrt(second[name] / (1.0 - 0.99 ** k)) + 1e-8)
    return losses


def continuation(weights, start, length, seed=0):
    """`length` characters that the network draws after having read `start`."""
    rng = np.random.default_rng(seed)
    h = np.zeros((1, len(weights["b"])))
    for character in encoded(start):
        h = step(weights, h, [character])
    drawn = []
    for _ in range(length):
        drawn.append(rng.choice(len(ALPHABET), p=np.exp(log_probabilities(weights, h)[0])))
        h = step(weights, h, drawn[-1:])
    return "".join(ALPHABET[character] for character in drawn)


def main(debug=False):
    weights = initial_weights()
    if debug:
        value_and_gradient(weights, *batch(encoded(TEXT), np.arange(4), 8), 0.5, True)
    losses = train(weights)
    for k in range(0, len(losses), 50):
        print(f"updates {k + 1:3} to {k + 50:3}: mean loss {np.mean(losses[k:k + 50]):.3f}")
    start = "the moon pulls"
    text = continuation(weights, start, 120)
    print(f"\n[{start}]{text}")
    return losses, text


def test_the_text_is_learnt():
    losses, text = main()
    assert losses[0] > 3.0 and np.mean(losses[-50:]) < 0.3
    assert TEXT.split("the moon pulls")[1][:20] == text[:20]


def test_the_gradient_without_clipping_against_central_differences():
    weights = initial_weights(hidden=5)
    inputs, targets = batch(encoded(TEXT), np.array([0, 40, 90]), 7)
    _, gradient = value_and_gradient(weights, inputs, targets, np.inf)
    rng = np.random.default_rng(1)
    for name, w in weights.items():
        direction = rng.normal(size=w.shape)
        ahead, back = [value_and_gradient({**weights, name: w + h * direction}, inputs, targets, np.inf)[0]
                       for h in (1e-6, -1e-6)]
        np.testing.assert_allclose(np.sum(gradient[name] * direction), (ahead - back) / 2e-6, rtol=1e-6, atol=1e-9)


def test_clipping_bounds_what_goes_back_a_step():
    weights = initial_weights(hidden=5)
    inputs, targets = batch(encoded(TEXT), np.array([0, 40, 90]), 7)
    _, gradient = value_and_gradient(weights, inputs, targets, 1e-3)
    _, whole = value_and_gradient(weights, inputs, targets, np.inf)
    assert 0.0 < np.max(np.abs(gradient["b"])) <= 7 * 1e-3 * np.sqrt(3) < np.max(np.abs(whole["b"]))
    np.testing.assert_allclose(gradient["W_out"], whole["W_out"], rtol=1e-12)


def test_the_debugger_stops_once_for_each_step_backward(monkeypatch):
    stops = []
    monkeypatch.setattr(sys, "breakpointhook", lambda: stops.append(sys._getframe(1).f_back.f_locals["t"]))
    value_and_gradient(initial_weights(hidden=5), *batch(encoded(TEXT), np.array([0]), 4), 0.5, True)
    assert stops == [3, 2, 1, 0]


if __name__ == "__main__":
    main(debug="--debug" in sys.argv[1:])
