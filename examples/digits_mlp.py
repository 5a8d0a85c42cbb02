"""Handwritten digits: softmax regression and a multilayer perceptron in plain NumPy, each trained twice.

Once `ad.value_and_grad` reads the source of the loss and writes its gradient; once `ad.GradientTape` records the same
loss as it runs. The data are the 1797 scanned digits that come with scikit-learn.

Run it with `python examples/digits_mlp.py`.
"""
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import autodiff_src as ad

CLASSES = 10


def digits():
    """(train images, train labels, test images, test labels): 64 grey values in [0, 1] each, a quarter for the test."""
    images, labels = load_digits(return_X_y=True)
    x, x_test, y, y_test = train_test_split(images / 16.0, labels, test_size=0.25, random_state=0, stratify=labels)
    return x, y, x_test, y_test


def cross_entropy(scores, y):
    """The mean of minus the log-probability that softmax gives to the labels y. scores: (rows, classes)."""
    scores = scores - np.max(scores, axis=1, keepdims=True)
    logp = scores - np.log(np.sum(np.exp(scores), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(y)), y])


def softmax_scores(W, b, x):
    return x @ W + b


def softmax_loss(W, b, x, y):
    return cross_entropy(softmax_scores(W, b, x), y) + 1e-4 * np.sum(W * W)


def mlp_scores(W1, b1, W2, b2, x):
    return np.tanh(x @ W1 + b1) @ W2 + b2


def mlp_loss(W1, b1, W2, b2, x, y):
    return cross_entropy(mlp_scores(W1, b1, W2, b2, x), y) + 1e-4 * (np.sum(W1 * W1) + np.sum(W2 * W2))


def softmax_weights():
    return [np.zeros((64, CLASSES)), np.zeros(CLASSES)]


def mlp_weights(hidden=48, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(64, hidden)) / 8.0, np.zeros(hidden),
            rng.normal(size=(hidden, CLASSES)) / np.sqrt(hidden), np.zeros(CLASSES)]


def batches(x, y, epochs, size=64, seed=0):
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            chosen = order[start:start + size]
            yield x[chosen], y[chosen]


def gradient_from_source(loss, names):
    """A function (weights, x, y) -> gradients that runs generated source."""
    value_and_gradient = ad.value_and_grad(loss, wrt=names)
    return lambda weights, x, y: value_and_gradient(*weights, x, y)[1]


def gradient_from_tape(loss):
    """A function (weights, x, y) -> gradients that records the loss as it runs."""
    def gradient(weights, x, y):
        variables = [ad.Variable(w) for w in weights]
        with ad.GradientTape() as tape:
            value = loss(*variables, x, y)
        return [g.numpy() for g in tape.gradient(value, variables)]
    return gradient


def train(gradient, weights, x, y, epochs, rate=0.1, momentum=0.9):
    """Stochastic gradient descent with momentum, in place on `weights`."""
    steps = [np.zeros_like(w) for w in weights]
    for x_batch, y_batch in batches(x, y, epochs):
        for w, step, g in zip(weights, steps, gradient(weights, x_batch, y_batch)):
            step *= momentum
            step -= rate * g
            w += step


def accuracy(scores, y):
    return float(np.mean(scores.argmax(axis=1) == y))


MODELS = {
    "softmax": (softmax_loss, softmax_scores, ("W", "b"), softmax_weights),
    "mlp": (mlp_loss, mlp_scores, ("W1", "b1", "W2", "b2"), mlp_weights),
}


def run(model, style, epochs=60):
    """Trains "softmax" or "mlp" by "source" or by "tape"; returns the share of test digits that are recognised."""
    x, y, x_test, y_test = digits()
    loss, scores, names, initial = MODELS[model]
    weights = initial()
    train(gradient_from_source(loss, names) if style == "source" else gradient_from_tape(loss), weights, x, y, epochs)
    return accuracy(scores(*weights, x_test), y_test)


def main():
    reached = {(model, style): run(model, style) for model in MODELS for style in ("source", "tape")}
    for (model, style), share in reached.items():
        print(f"{model:8} by {style:7}: {100 * share:.1f} % of the test digits are recognised")
    return reached


def test_all_reach_95_percent():
    assert all(share >= 0.95 for share in main().values())


def test_both_styles_give_the_same_gradient():
    x, y, _, _ = digits()
    for loss, _, names, initial in MODELS.values():
        weights = initial()
        by_source = gradient_from_source(loss, names)(weights, x[:20], y[:20])
        for one, other in zip(by_source, gradient_from_tape(loss)(weights, x[:20], y[:20])):
            np.testing.assert_allclose(other, one, rtol=1e-10, atol=1e-12)


if __name__ == "__main__":
    main()
