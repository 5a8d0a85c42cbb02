"""`python -m benchmarks`: gradient over function for generated text, hand-written adjoints and other tools.

Every row is measured in one run, its columns in turns. The ratios are the gradient's time over the plain function's.
"""
import argparse
import importlib.util
import pathlib
import platform
import tempfile

import numpy as np

import autodiff_src as ad
from benchmarks import jacobians, peers, programs, timing

LENGTHS = (100, 1000, 2000, 10_000)


def row(label, primal, by_hand, args, wrt=0, others=None):
    """Prints one line of the table: the time of the function, then a ratio per gradient. Checks that all agree."""
    derived = ad.grad(primal, wrt=wrt)
    wanted = by_hand(*args)
    peers.agree(wanted, derived(*args))
    runs = {"function": lambda: primal(*args), "autodiff_src": lambda: derived(*args),
            "by hand": lambda: by_hand(*args)}
    for name, make in (others or {}).items():
        runs[name] = make(*args)
        peers.agree(wanted, runs[name]())
    best = timing.best_times(runs)
    ratios = "  ".join(f"{name} {best[name] / best['function']:.2f}x" for name in runs if name != "function")
    print(f"{label:34} {1e3 * best['function']:10.3f} ms   {ratios}", flush=True)


def gradients(tools):
    print(f"{'gradient':34} {'function':>13}   gradient / function")
    rng = np.random.default_rng(0)
    for n in LENGTHS:
        row(f"scalar recurrence, {n} steps", programs.recurrence, programs.recurrence_by_hand,
            (0.5, rng.normal(size=n), n), 1, {name: tool["recurrence"] for name, tool in tools.items()})
    row("MLP, 256 x 784 x 128 x 10", programs.mlp, programs.mlp_by_hand, programs.mlp_arguments(), (0, 1, 2, 3),
        {name: tool["mlp"] for name, tool in tools.items()})
    row("linear stencil, 10,000 x 100 steps", programs.stencil, programs.stencil_by_hand,
        (rng.normal(size=10_000), 0.2, 100))
    row("Gauss-Seidel, 60 x 60 x 5 sweeps", programs.gauss_seidel, programs.gauss_seidel_by_hand,
        (rng.normal(size=(60, 60)), 5))
    row("Newton, degree 12", programs.newton, programs.newton_by_hand,
        (np.poly(np.linspace(1.0, 2.0, 12)), 2.5, 1e-6))
    rows = rng.normal(size=(60, 60)).tolist()
    row("elimination, lists of 60 x 60", programs.elimination, programs.elimination_by_hand, (rows, rows[0]), (0, 1))
    row("product, lists of 60 x 60", programs.product_of_lists, programs.product_of_lists_by_hand, (rows, rows), (0, 1))


def hundred_lines(name):
    """The text of a function of 100 lines: arithmetic, branches and loops."""
    block = ["    for k in range(3):", "        if x > 1.0:", "            x = math.log(x) + 0.1 * k", "        else:",
             "            x = x * x + 0.5", "        s += x / (k + 1)", "    t = math.sin(s) * x", "    s = s + t * x"]
    body = (block * 12)[:96]
    return "\n".join(["import math", f"def {name}(x):", "    s = 0.0", "    t = 1.0", *body, "    return s + t"]) + "\n"


def load(name, folder):
    path = pathlib.Path(folder) / f"{name}.py"
    path.write_text(hundred_lines(name), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


def costs_paid_once():
    print("\npaid once")
    with tempfile.TemporaryDirectory() as folder:
        functions = iter([load(f"hundred{i}", folder) for i in range(5)])

        def make():
            function = next(functions)
            return lambda: ad.grad(function)(0.7)
        derive = timing.first_call(make, rounds=5)
    print(f"{'deriving a function of 100 lines':34} {1e3 * derive:10.1f} ms")
    added = timing.import_time("import autodiff_src", before="import numpy")
    print(f"{'import, beyond that of numpy':34} {1e3 * added:10.1f} ms")


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--no-peers", action="store_true", help="leave out autograd, JAX and PyTorch")
    alone = parser.parse_args().no_peers
    tools = {} if alone else peers.installed()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}")
    gradients(tools)
    print()
    jacobians.derivatives({} if alone else jacobians.by_jax())
    costs_paid_once()


if __name__ == "__main__":
    main()
