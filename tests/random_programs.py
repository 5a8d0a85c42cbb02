"""Random straight-line programs of array functions, in a text that runs with NumPy and what is written like it.

Values stay between about -2 and 2, and away from where a function has a corner or a tie.
"""
from __future__ import annotations

import random
from collections.abc import Callable

ShapeOf = Callable[[list[str], str], "tuple[int, ...] | None"]

ELEMENTWISE = (
    "xp.sin({a})", "xp.cos({a})", "xp.exp(-{a} * {a})", "xp.tanh({a})", "xp.sqrt(1.5 + {a} ** 2)", "xp.log(2.5 + xp.sin({a}))",
    "xp.arctan({a})", "xp.log1p({a} ** 2)", "xp.expm1(0.3 * xp.sin({a}))", "xp.abs({a})", "xp.sinh(0.5 * xp.sin({a}))",
    "xp.where({a} > 0.137, 0.4 * {a} ** 2, xp.sin({a}))", "xp.clip({a}, -0.713, 0.829) + 0.1 * {a}", "0.2 * {a} ** 3",
    "1.0 / (1.7 + {a} ** 2)", "0.5 * xp.square({a})", "xp.sinc({a})", "xp.reciprocal(2.0 + xp.cos({a}))",
    "xp.exp2(0.5 * xp.sin({a}))", "xp.cbrt(2.0 + xp.sin({a}))", "xp.arcsin(0.5 * xp.sin({a}))", "xp.arccos(0.6 * xp.cos({a}))",
    "xp.arctanh(0.5 * xp.sin({a}))", "xp.arcsinh({a})", "xp.arccosh(2.0 + xp.cos({a}))", "xp.log10(2.0 + xp.cos({a}))",
    "xp.nan_to_num({a})", "-{a} + 0.5", "xp.tan(0.4 * xp.sin({a}))", "xp.log2(3.0 + {a} * {a})")
OF_TWO = (
    "{a} + {b}", "{a} - 0.5 * {b}", "xp.sin({a}) * {b}", "{a} / (2.0 + {b} ** 2)", "xp.maximum({a}, {b} + 0.0123)",
    "xp.minimum({a}, {b} - 0.0117)", "xp.hypot({a}, 1.0 + {b} ** 2)", "xp.arctan2({a}, 2.0 + {b} * {b})",
    "xp.logaddexp({a}, {b})", "xp.power(1.5 + xp.cos({a}), 0.5 * xp.sin({b}))", "xp.where({a} > {b} + 0.0131, {a}, {b})",
    "xp.fmax({a}, {b} - 0.0129)")
OF_MATRIX = (
    "0.5 * xp.sum({a}, axis={k})", "xp.mean({a}, axis={k})", "xp.prod(1.0 + 0.1 * {a}, axis={k})",
    "xp.max({a}, axis={k})", "xp.min({a}, axis={k})", "xp.std({a}, axis={k})", "xp.var({a}, axis={k})",
    "0.5 * xp.cumsum({a}, axis={k})", "xp.cumprod(1.0 + 0.1 * {a}, axis={k})", "0.5 * xp.linalg.norm({a}, axis={k})",
    "xp.trapezoid({a}, axis={k})", "xp.diff({a}, axis={k})", "xp.median({a}, axis={k})", "xp.ptp({a}, axis={k})",
    "xp.quantile({a}, 0.3, axis={k})", "xp.average({a}, axis={k})", "xp.nansum(0.5 * {a}, axis={k})", "{a}.T",
    "xp.reshape({a}, (-1,))", "xp.flip({a}, {k})", "xp.roll({a}, 1, {k})", "xp.concatenate([{a}, 0.5 * {a}], {k})",
    "xp.stack([{a}[0], 2.0 * {a}[1]])", "xp.repeat({a}, 2, {k})", "xp.tile({a}, (2, 1))",
    "xp.pad({a}, ((0, 1), (1, 0)))", "{a}[::-1]", "{a}[1:]", "{a}[:, 0]", "{a}[:, ::2]",
    "xp.take({a}, xp.asarray([1, 0, 1]), axis={k})", "xp.swapaxes({a}, 0, 1)", "xp.sort({a}, axis={k})",
    "xp.triu({a})", "xp.tril({a}, -1)", "xp.diagonal({a})", "0.3 * {a} @ {a}.T",
    "0.3 * xp.einsum('ij,kj->ik', {a}, xp.sin({a}))", "0.3 * xp.tensordot({a}, {a}, axes=([0], [0]))",
    "0.2 * xp.kron({a}[:2], {a}[:, :1])", "xp.abs(xp.fft.rfft({a}, axis={k}))",
    "0.3 * xp.real(xp.fft.ifft(xp.fft.fft({a}, axis={k}) ** 2, axis={k}))", "xp.squeeze(xp.expand_dims({a}, 0), 0)",
    "xp.linalg.solve({square}, {a})", "0.5 * xp.linalg.inv({square})", "xp.linalg.cholesky({square})",
    "xp.linalg.eigvalsh({square})", "0.5 * xp.linalg.svd({a}, compute_uv=False)", "xp.abs(xp.linalg.qr({square})[1])",
    "xp.linalg.slogdet({square})[1] * {a}", "0.3 * xp.linalg.pinv({square})",
    "xp.linalg.eigh({square})[0]", "0.1 * xp.linalg.matrix_power({square}, 2)",
    "0.1 * xp.linalg.det({square}) * {a}")
OF_VECTOR = (
    "xp.outer({a}, xp.cos({a}))", "xp.diag({a})", "0.5 * xp.convolve({a}, {a})", "xp.cumsum(0.4 * {a})", "xp.flip({a})",
    "xp.roll({a}, 1)", "xp.sort({a})", "{a}[::-1] * {a}", "xp.stack([{a}, xp.sin({a})])", "xp.broadcast_to({a}, (3, len({a})))",
    "xp.expand_dims({a}, 0) * xp.expand_dims({a}, 1)", "xp.concatenate([{a}, xp.cos({a})])", "xp.abs(xp.fft.fft({a}))",
    "0.3 * xp.correlate({a}, {a}[:2])", "xp.polyval({a}, 0.3 * {a})", "xp.interp({a}, xp.asarray([-3.0, -0.5, 0.7, 3.0]), "
    "xp.asarray([0.2, 1.0, -0.4, 0.5]))", "xp.diff({a}, prepend=0.5)", "xp.gradient({a}, 0.5)", "xp.unwrap({a})",
    "xp.append({a}, 0.3)", "xp.vander(0.5 * {a}, 3)", "xp.cross({a}[:3], xp.cos({a}[:3]))", "xp.meshgrid({a}, {a})[0]")
SQUARE = "(0.2 * {a} @ {a}.T + xp.diag(1.0 + 0.5 * xp.arange(1.0 * {a}.shape[0])))"


def random_program(seed: int, shape_of: ShapeOf, steps: int = 5) -> str:
    """The text of `f(x)`, of a matrix x of 3 rows and 4 columns, which gives a vector.

    `shape_of(lines, name)` tells the shape of a variable behind lines of the program, None where these do not run.
    """
    rng, names, lines = random.Random(seed), ["x"], list[str]()
    while len(lines) < steps:
        line = f"v{len(names)} = " + _expression(rng, names, lines, shape_of)
        shape = shape_of([*lines, line], f"v{len(names)}")
        if shape is not None and len(shape) in (1, 2) and min(shape) > 1 and max(shape) < 13:
            lines.append(line)
            names.append(f"v{len(names)}")
    return written(lines, f"xp.sum({names[-1]}, axis=0) if {names[-1]}.ndim == 2 else 1.0 * {names[-1]}")


def _expression(rng: random.Random, names: list[str], lines: list[str], shape_of: ShapeOf) -> str:
    a = names[-1] if rng.random() < 0.7 else rng.choice(names)
    shapes = {name: shape_of(lines, name) for name in names}
    alike = [name for name in names if shapes[name] == shapes[a]]
    own = OF_MATRIX if len(shapes[a] or ()) == 2 else OF_VECTOR
    form = rng.choice(rng.choice([ELEMENTWISE, OF_TWO, own, own]))
    return form.format(a=a, b=rng.choice(alike), k=rng.choice([0, 1]), square=SQUARE.format(a=a))


def written(lines: list[str], result: str) -> str:
    return "def f(x):\n" + "".join(f"    {line}\n" for line in lines) + f"    return {result}\n"
