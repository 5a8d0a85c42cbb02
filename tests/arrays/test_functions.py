"""What docs/arrays.md has as differentiated is so in forward mode and on a tape, too."""
import numpy as np
import pytest
from arrays.arrays_page import calls
from arrays.libraries import DASK, JAX, STRICT, TORCH, assert_close, made, to_numpy
from arrays.programs import MATRIX, SQUARE, array_namespace

import autodiff_src as ad

X, S = 0.3 + 0.2 * np.abs(MATRIX), SQUARE @ SQUARE.T + 3.0 * np.eye(3)
NOT_IN_THE_STANDARD = ("xp.fft.fft", "x[xp.asarray([0,2,0])]", "x[:,xp.asarray")
NOT_ON_A_TAPE = ("fft", "1j", "x[x>0.5]")  # complex numbers; shapes that NumPy's gradient is compared with


@pytest.mark.slow
@pytest.mark.parametrize("text, f", calls(), ids=lambda x: x if isinstance(x, str) else "")
def test_forward_mode_and_tape(text, f):
    if STRICT.missing:
        pytest.skip(STRICT.missing)
    args, dots = made(STRICT, (X, S)), made(STRICT, (np.cos(X), 0.1 * S))
    try:
        gradient = ad.grad(f, (0, 1))(*args)
    except (ad.AutodiffError, IndexError, TypeError) as error:
        assert isinstance(error, ad.AutodiffError) or any(part in text for part in NOT_IN_THE_STANDARD)
        return  # refused in the table, or not there
    value, tangent = ad.jvp(f, (X, S), (np.cos(X), 0.1 * S))
    assert_close(to_numpy(ad.jvp(f, args, dots)), (value, tangent), rtol=1e-8)
    products = [np.sum(g * dot) for g, dot in zip(to_numpy(gradient), (np.cos(X), 0.1 * S))]
    np.testing.assert_allclose(sum(products), tangent, rtol=1e-8)
    if not any(part in text for part in NOT_ON_A_TAPE):
        assert_close(to_numpy(_taped(f, args)), list(ad.grad(f, (0, 1))(X, S)), rtol=1e-8)


def _taped(f, args):
    given = [ad.constant(a) for a in args]
    with ad.GradientTape() as tape:
        for x in given:
            tape.watch(x)
        y = f(*given)
    return [g.array() for g in tape.gradient(y, given, unconnected_gradients="zero")]


def picked(x, rows, columns, weights):
    xp = array_namespace(x)
    along = xp.take(x, columns, axis=1) * weights
    return xp.sum((x[rows, columns] * weights)[None, :] @ along[:4, :]) + xp.sum(xp.take(x, rows, axis=0) ** 2)


@pytest.mark.parametrize("library", [STRICT, TORCH], ids=lambda library: library.module)
@pytest.mark.parametrize("rows, columns", [([2, 0, 2, 2], [1, -1, 1, 0]), ([0, 1, 2, 3], [2, 2, 2, -3])])
def test_elements_that_are_read_several_times(library, rows, columns):
    """What integer arrays pick is added up, each time, along any axis."""
    if library.missing:
        pytest.skip(library.missing)
    args = X, np.array(rows), np.array(columns), np.arange(1.0, 5.0)
    np.testing.assert_allclose(to_numpy(ad.grad(picked)(*made(library, args))), ad.grad(picked)(*args), rtol=1e-12)


SHAPES = [(1, 4), (4, 1), (3, 5), (2, 3, 4)]


def on_diagonals(x):
    xp = array_namespace(x)
    above, below = xp.linalg.diagonal(x, offset=1), xp.linalg.diagonal(x, offset=-1)
    return xp.sum(xp.linalg.diagonal(x) ** 3) + xp.sum(above * above) - xp.sum(below ** 2) + 0.0 * xp.sum(x)


def transposed_matrices(x):
    xp = array_namespace(x)
    return xp.sum(xp.cumulative_sum(x.mT, axis=0, include_initial=True) ** 3) * xp.sum(x @ x.mT)


@pytest.mark.parametrize("library", [STRICT, TORCH, JAX, DASK], ids=lambda library: library.module)
@pytest.mark.parametrize("f, shape", [*((on_diagonals, shape) for shape in SHAPES),
                                      *((transposed_matrices, shape) for shape in SHAPES)])
def test_matrices_that_are_not_square(library, f, shape):
    if library.missing:
        pytest.skip(library.missing)
    x = np.random.default_rng(1).uniform(0.2, 0.9, shape)
    np.testing.assert_allclose(to_numpy(ad.grad(f)(library.make(x))), ad.grad(f)(x), rtol=1e-12)


def test_no_element_is_read():
    if STRICT.missing:
        pytest.skip(STRICT.missing)

    def f(x, none):
        xp = array_namespace(x)
        return xp.sum(xp.take(x, none, axis=0)) + 0.0 * xp.sum(x)

    np.testing.assert_array_equal(to_numpy(ad.grad(f)(*made(STRICT, (X, np.array([], int))))), 0.0 * X)


def numpys_take(x, i):
    return np.sum(np.take(x, i, axis=0) ** 3)


def rows_and_columns(x, i):
    return np.sum(x[i] ** 3) * np.sum(x[:, i % 3] ** 2)


@pytest.mark.parametrize("f", [numpys_take, rows_and_columns])
def test_dask_reads_at_numpys_indices(f):
    if DASK.missing:
        pytest.skip(DASK.missing)
    rows = np.array([2, 0, 2, -1])
    np.testing.assert_allclose(to_numpy(ad.grad(f)(DASK.make(X), rows)), ad.grad(f)(X, rows), rtol=1e-12)


def test_what_functions_of_dask_take_leaves_no_tape():
    """A function of Dask's own namespace would make a constant of a tensor."""
    if DASK.missing:
        pytest.skip(DASK.missing)
    import dask.array as da
    x = ad.constant(DASK.make(X))
    with ad.GradientTape() as tape:
        tape.watch(x)
        with pytest.raises(ad.AutodiffError, match="a function of Dask takes a tensor"):
            da.swapaxes(x, 0, 1)
