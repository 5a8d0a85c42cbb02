"""`python -m benchmarks.jacobians`: what Jacobians and Hessians cost, over the time of the function itself.

All ratios of a row are measured in one run, in turns; in CPU time, as what else runs would count most where a dense matrix
takes seconds. JAX stands beside them if it is installed, compiled beforehand.
"""
import functools
import platform
import time

import numpy as np
from scipy.sparse import diags_array

import autodiff_src as ad
from benchmarks import timing

SIZES = (10, 100, 1000)


def splitting(u, c):
    """A time step of reaction, in 20 small ones, and of diffusion; the Jacobian is tridiagonal."""
    for _ in range(20):
        u = u + c * (u - u ** 3)
    r = u.copy()
    r[1:-1] += 0.3 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return r


def chain(u, c):
    """The energy of a chain of springs on a rough ground of 20 waves; the Hessian is tridiagonal."""
    stretch = u[1:] - u[:-1]
    total = 0.5 * np.sum(stretch * stretch)
    for k in range(1, 21):
        total += c / k ** 2 * np.sum(np.cos(k * u))
    return total


def tridiagonal(n):
    return diags_array([np.ones(n - 1), np.ones(n), np.ones(n - 1)], offsets=[-1, 0, 1])


def by_jax():
    """What JAX has of these, each a call with (u, c); nothing if it is not installed."""
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        print("JAX: not installed")
        return {}
    jax.config.update("jax_enable_x64", True)

    def splitting(u, c):
        for _ in range(20):
            u = u + c * (u - u ** 3)
        return u.at[1:-1].add(0.3 * (u[2:] - 2.0 * u[1:-1] + u[:-2]))

    def chain(u, c):
        waves = (c / k ** 2 * jnp.sum(jnp.cos(k * u)) for k in range(1, 21))
        return 0.5 * jnp.sum((u[1:] - u[:-1]) ** 2) + sum(waves)

    def hvp(u, c):
        return jax.jvp(lambda u: jax.grad(chain)(u, c), (u,), (jnp.ones_like(u),))[1]

    def compiled(derived):
        derived = jax.jit(derived)
        return lambda u, c: jax.block_until_ready(derived(u, c))
    return {"jacfwd": compiled(jax.jacfwd(splitting)), "jacrev": compiled(jax.jacrev(splitting)),
            "hvp": compiled(hvp), "hessian": compiled(jax.hessian(chain))}


def dense(derivative):
    return derivative.toarray() if hasattr(derivative, "toarray") else np.asarray(derivative)


def row(label, function, args, columns):
    """Prints a line: the time of the function, then a ratio for each of `columns`: name -> (call, what it is to give)."""
    for call, wanted in columns.values():
        np.testing.assert_allclose(dense(call(*args)), wanted, rtol=1e-8, atol=1e-10)
    runs = {"function": functools.partial(function, *args)}
    runs.update({name: functools.partial(call, *args) for name, (call, _) in columns.items()})
    best = timing.best_times(runs, clock=time.process_time)
    ratios = "  ".join(f"{name} {best[name] / best['function']:.1f}x" for name in columns)
    print(f"{label:34} {1e3 * best['function']:10.3f} ms   {ratios}", flush=True)


def jacobian_row(n, u, c, jax):
    wanted = np.eye(n)
    wanted[1:-1] += 0.3 * (np.eye(n)[2:] - 2.0 * np.eye(n)[1:-1] + np.eye(n)[:-2])
    v = u
    for _ in range(20):
        wanted = wanted * (1.0 + c * (1.0 - 3.0 * v ** 2))
        v = v + c * (v - v ** 3)
    calls = {"forward": ad.jacobian(splitting, mode="forward"), "reverse": ad.jacobian(splitting, mode="reverse"),
             "coloured": ad.jacobian(splitting, sparsity=tridiagonal(n))}
    calls.update({f"JAX {name}": jax[name] for name in ("jacfwd", "jacrev") if name in jax})
    row(f"Jacobian, tridiagonal, n = {n}", splitting, (u, c), {name: (call, wanted) for name, call in calls.items()})


def hessian_row(n, u, c, jax):
    stretch = np.diff(np.eye(n), axis=0)
    slope = stretch.T @ np.diff(u)
    wanted = stretch.T @ stretch
    for k in range(1, 21):
        slope = slope - c / k * np.sin(k * u)
        wanted = wanted - c * np.diag(np.cos(k * u))
    product, v = ad.hvp(chain), np.ones(n)
    columns = {"gradient": (ad.grad(chain), slope),
               "hvp": (lambda u, c: product(u, v, c), wanted @ v), "hessian": (ad.hessian(chain), wanted),
               "coloured": (ad.hessian(chain, sparsity=tridiagonal(n)), wanted)}
    columns.update({f"JAX {name}": (jax[name], columns[name][1]) for name in ("hvp", "hessian") if name in jax})
    row(f"Hessian, tridiagonal, n = {n}", chain, (u, c), columns)


def derivatives(jax):
    """Prints the table; `jax` is what `by_jax` gives, or empty."""
    print(f"{'derivative':34} {'function':>13}   derivative / function")
    rng = np.random.default_rng(0)
    for one_row in (jacobian_row, hessian_row):
        for n in SIZES:
            one_row(n, rng.normal(size=n), 0.1, jax)


if __name__ == "__main__":
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    derivatives(by_jax())
