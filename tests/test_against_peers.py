"""Derivatives of random programs against those that JAX and PyTorch give, where these are installed.

A program is one text that runs with each array library. PyTorch's functions of NumPy's names may do something else, or not be
there, and some have no second derivative: what gives another value, or does not run, is not compared.
"""
from __future__ import annotations

import functools
import linecache
from typing import Any

import numpy as np
import pytest
from random_programs import random_program, written

import autodiff_src as ad

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
X = np.random.default_rng(4).normal(size=(3, 4)) * 0.8
DIRECTION = np.random.default_rng(5).normal(size=(3, 4))
PROGRAMS = range(60)
LEAST_OF_TORCH = 15


def made(text: str, xp: Any) -> Any:
    """The function of the text, with `xp` for the array library."""
    file = f"<program {abs(hash(text))}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    namespace = {"xp": xp}
    exec(compile(text, file, "exec"), namespace)
    return namespace["f"]


def shape_of(lines: list[str], name: str) -> tuple[int, ...] | None:
    """The shape of a variable behind the lines; None where they do not run, or give what is not finite."""
    try:
        value = made(written(lines, name), np)(X)
    except (ValueError, IndexError, np.linalg.LinAlgError):
        return None
    return np.shape(value) if np.all(np.isfinite(value)) and np.max(np.abs(value)) < 20.0 else None


@functools.cache
def text_of(seed: int) -> str:
    return random_program(seed, shape_of)


def scalar(text: str) -> str:
    """The program that sums up the vector, with weights."""
    weighted = "    return xp.sum(result * xp.cos(xp.arange(1.0 * len(result))))\n"
    return text.replace("    return ", "    result = ") + weighted


def check(ours: Any, theirs: Any, rtol: float = 1e-7) -> None:
    np.testing.assert_allclose(ours, np.asarray(theirs), rtol=rtol, atol=1e-8)


@pytest.mark.parametrize("seed", PROGRAMS)
def test_jax(seed: int) -> None:
    jax = pytest.importorskip("jax", reason="JAX is not installed")
    jax.config.update("jax_enable_x64", True)
    text = text_of(seed)
    f, of_jax = made(text, np), made(text, jax.numpy)
    total, total_of_jax = made(scalar(text), np), made(scalar(text), jax.numpy)

    @jax.jit  # compiled as one: op by op takes a minute
    def theirs(x: Any, dot: Any) -> Any:
        return (*jax.jvp(of_jax, (x,), (dot,)), jax.jacrev(of_jax)(x), jax.grad(total_of_jax)(x), jax.hessian(total_of_jax)(x))

    y, y_dot, jacobian, gradient, hessian = theirs(X, DIRECTION)
    for ours, wanted in zip(ad.jvp(f, (X,), (DIRECTION,)), (y, y_dot)):
        check(ours, wanted)
    check(ad.jacobian(f)(X), jacobian)
    check(ad.grad(total)(X), gradient)
    check(ad.hessian(total)(X), hessian, 1e-6)


def test_torch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    of, x, direction = torch.autograd.functional, torch.tensor(X), torch.tensor(DIRECTION)
    compared = 0
    for text in map(text_of, PROGRAMS):
        f, of_torch = made(text, np), made(text, torch)
        total, total_of_torch = made(scalar(text), np), made(scalar(text), torch)
        try:
            y, y_dot = of.jvp(of_torch, x, direction)
            jacobian, gradient = of.jacobian(of_torch, x), of.jacobian(total_of_torch, x)
            hessian = of.hessian(total_of_torch, x)
        except (AttributeError, TypeError, ValueError, RuntimeError, IndexError):
            continue
        finite = all(bool(torch.all(torch.isfinite(part))) for part in (y_dot, jacobian, gradient, hessian))
        if not finite or np.shape(y) != np.shape(f(X)) or not np.allclose(f(X), y):
            continue
        check(ad.jvp(f, (X,), (DIRECTION,))[1], y_dot)
        check(ad.jacobian(f)(X), jacobian)
        check(ad.grad(total)(X), gradient)
        check(ad.hessian(total)(X), hessian, 1e-6)
        compared += 1
    assert compared >= LEAST_OF_TORCH
