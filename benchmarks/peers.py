"""The same recurrence and network in other tools, for those that are installed.

Inputs are converted to a tool's own arrays beforehand, and JAX compiles beforehand: neither is timed. JAX needs the
recurrence rewritten as a `fori_loop`.
"""
from collections.abc import Callable
from typing import Any

import numpy as np


def _autograd() -> dict[str, Callable[..., Any]]:
    import autograd
    import autograd.numpy as anp

    def recurrence(s, x, n):
        for i in range(n):
            s = anp.sin(s) * x[i] + s
        return s

    def mlp(weights, x, y):
        W1, b1, W2, b2 = weights
        z = anp.dot(anp.tanh(anp.dot(x, W1) + b1), W2) + b2
        z = z - anp.max(z, axis=1, keepdims=True)
        logp = z - anp.log(anp.sum(anp.exp(z), axis=1, keepdims=True))
        return -anp.mean(logp[anp.arange(len(x)), y])

    gradient = autograd.grad(recurrence, 1)
    mlp_gradient = autograd.grad(mlp)
    return {"recurrence": lambda s, x, n: lambda: gradient(s, x, n),
            "mlp": lambda *args: lambda: mlp_gradient(args[:4], *args[4:])}


def _jax() -> dict[str, Callable[..., Any]]:
    import jax
    import jax.numpy as jnp
    jax.config.update("jax_enable_x64", True)

    def recurrence(s, x):
        return jax.lax.fori_loop(0, len(x), lambda i, s: jnp.sin(s) * x[i] + s, s)

    def mlp(weights, x, y):
        W1, b1, W2, b2 = weights
        z = jnp.tanh(x @ W1 + b1) @ W2 + b2
        logp = jax.nn.log_softmax(z)
        return -jnp.mean(logp[jnp.arange(len(x)), y])

    gradient = jax.jit(jax.grad(recurrence, 1))
    mlp_gradient = jax.jit(jax.grad(mlp))

    def on_device(gradient, *args):
        args = jax.device_put(args)
        return lambda: jax.block_until_ready(gradient(*args))
    return {"recurrence": lambda s, x, n: on_device(gradient, s, x),
            "mlp": lambda *args: on_device(mlp_gradient, args[:4], *args[4:])}


def _torch() -> dict[str, Callable[..., Any]]:
    import torch

    def recurrence(s0, x, n):
        x, s0 = torch.tensor(x, requires_grad=True), torch.tensor(s0, dtype=torch.float64)

        def run():
            s = s0
            for i in range(n):
                s = torch.sin(s) * x[i] + s
            return torch.autograd.grad(s, x)
        return run

    def mlp(*args):
        x, y = (torch.tensor(a) for a in args[4:])
        weights = W1, b1, W2, b2 = [torch.tensor(w, requires_grad=True) for w in args[:4]]

        def run():
            loss = torch.nn.functional.cross_entropy(torch.tanh(x @ W1 + b1) @ W2 + b2, y)
            return torch.autograd.grad(loss, weights)
        return run
    return {"recurrence": recurrence, "mlp": mlp}


def installed() -> dict[str, dict[str, Callable[..., Any]]]:
    """Per tool, what makes a gradient call without arguments of "recurrence" (s, x, n) and of "mlp" (weights, x, y)."""
    tools = {}
    for name, make in (("autograd", _autograd), ("JAX, compiled", _jax), ("PyTorch", _torch)):
        try:
            tools[name] = make()
        except ImportError:
            print(f"{name}: not installed")
    return tools


def agree(one: Any, other: Any) -> None:
    """Raises AssertionError where two gradients differ."""
    for a, b in zip(one if isinstance(one, tuple) else (one,), other if isinstance(other, (tuple, list)) else (other,)):
        np.testing.assert_allclose(np.asarray(b), a, rtol=1e-6, atol=1e-10)
