"""`python -m benchmarks.tapes`: recording and gradient over the function, beside other tools that record as they run.

The programs are made for the namespace that they use: all tools run the same operations, in float64. What a recorded operation
costs beyond NumPy's own time is measured on a long chain of small ones.
"""
import operator
import platform
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

import autodiff_src as ad
from benchmarks import peers, timing

Gradient = Callable[[], Any]
Program = Callable[[Any], Callable[..., Any]]  # a function of what it takes `sin` and its like from


def chain(xp):
    def f(x):
        y = x
        for _ in range(100):
            y = xp.sin(y) * x + y
        return xp.sum(y)
    return f


def mlp(xp):
    def f(W1, b1, W2, b2, x, chosen):
        z = xp.tanh(x @ W1 + b1) @ W2 + b2
        return xp.sum(xp.log(xp.sum(xp.exp(z), 1))) - xp.sum(z * chosen)
    return f


def rnn(xp):
    def f(W, U, b, xs):
        h = xs[0] @ W
        for x in xs:
            h = xp.tanh(x @ W + h @ U + b)
        return xp.sum(h * h)
    return f


def by_tape(make: Program, parameters: list[Any], rest: list[Any], wrap: Callable[..., Any] = lambda f: f) -> Gradient:
    f, variables = wrap(make(np)), [ad.Variable(p) for p in parameters]

    def run() -> Any:
        with ad.GradientTape() as tape:
            loss = f(*variables, *rest)
        return tape.gradient(loss, variables)
    return run


def by_autograd(make: Program, parameters: list[Any], rest: list[Any]) -> Gradient:
    import autograd
    import autograd.numpy as anp
    f = make(anp)
    gradient = autograd.grad(lambda parameters: f(*parameters, *rest))
    return lambda: gradient(parameters)


def by_torch(make: Program, parameters: list[Any], rest: list[Any]) -> Gradient:
    import torch
    tensors = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in parameters]
    f, data = make(torch), [torch.tensor(x) for x in rest]
    return lambda: torch.autograd.grad(f(*tensors, *data), tensors)


def by_tensorflow(make: Program, parameters: list[Any], rest: list[Any]) -> Gradient:
    import tensorflow as tf
    names = SimpleNamespace(sin=tf.sin, tanh=tf.tanh, exp=tf.exp, log=tf.math.log, sum=tf.reduce_sum)
    f, variables, data = make(names), [tf.Variable(p) for p in parameters], [tf.constant(x) for x in rest]

    def run() -> Any:
        with tf.GradientTape() as tape:
            loss = f(*variables, *data)
        return tape.gradient(loss, variables)
    return run


TOOLS = {"tape": by_tape, "ad.function": lambda *given: by_tape(*given, wrap=ad.function), "autograd": by_autograd,
         "PyTorch": by_torch, "TensorFlow": by_tensorflow}


def row(label: str, program: Program, parameters: list[Any], rest: list[Any]) -> None:
    """Prints one line: the time of the function, then a ratio per tool. Checks that all agree."""
    f = program(np)
    runs: dict[str, Gradient] = {"function": lambda: f(*parameters, *rest)}
    for name, make in TOOLS.items():
        try:
            runs[name] = make(program, parameters, rest)
        except ImportError:
            continue
        peers.agree(tuple(runs["tape"]()), tuple(runs[name]()))
    best = timing.best_times(runs)
    ratios = "  ".join(f"{name} {best[name] / best['function']:.1f}x" for name in runs if name != "function")
    print(f"{label:34} {1e3 * best['function']:10.3f} ms   {ratios}", flush=True)


def cost_of_an_operation(x: Any, rounds: int = 400) -> tuple[float, float]:
    """Seconds that a recorded operation takes beyond NumPy's, and that its backward step takes beyond one by hand."""
    operations = 20 * [operator.mul, lambda y, x: np.sin(y), operator.add]
    tensor, clock, best = ad.constant(x), time.perf_counter, dict.fromkeys(("plain", "hand", "record", "back"), np.inf)
    for _ in range(rounds):
        begin, y, kept = clock(), x, []
        for f in operations:
            y = f(y, x)
            kept.append(y)
        best["plain"] = min(best["plain"], clock() - begin)
        begin, d_y, d_x = clock(), np.ones_like(x), np.zeros_like(x)
        for _ in range(20):
            d_x = d_x + d_y
            d_y = d_y * np.cos(kept[-3])
            d_x = d_x + d_y * kept[-3]
            d_y = d_y * x
            del kept[-3:]
        best["hand"] = min(best["hand"], clock() - begin)
        with ad.GradientTape() as tape:
            tape.watch(tensor)
            begin, y = clock(), tensor
            for f in operations:
                y = f(y, tensor)
            best["record"] = min(best["record"], clock() - begin)
        begin = clock()
        tape.gradient(y, tensor)
        best["back"] = min(best["back"], clock() - begin)
    return (best["record"] - best["plain"]) / 60, (best["back"] - best["hand"]) / 60


def main() -> None:
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    for label, x in (("numbers", np.float64(0.5)), ("arrays of 10", np.full(10, 0.5)), ("arrays of 100", np.full(100, 0.5))):
        forward, backward = cost_of_an_operation(x)
        print(f"an operation on {label:18} {1e6 * forward:10.2f} us recorded, {1e6 * backward:.2f} us in the backward pass")
    rng = np.random.default_rng(0)
    print(f"\n{'gradient':34} {'function':>13}   gradient / function")
    row("chain of 300 operations, numbers", chain, [np.float64(0.3)], [])
    row("chain of 300 operations, 100", chain, [rng.normal(size=100)], [])
    chosen = np.eye(10)[rng.integers(0, 10, 256)]
    row("MLP, 256 x 784 x 128 x 10", mlp, [0.05 * rng.normal(size=(784, 128)), np.zeros(128), 0.1 * rng.normal(size=(128, 10)),
                                          np.zeros(10)], [rng.normal(size=(256, 784)), chosen])
    row("RNN, 50 steps, 16 x 32", rnn, [0.1 * rng.normal(size=(8, 32)), 0.1 * rng.normal(size=(32, 32)), np.zeros(32)],
        [rng.normal(size=(50, 16, 8))])


if __name__ == "__main__":
    main()
