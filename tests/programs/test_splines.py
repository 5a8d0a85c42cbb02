"""SciPy's splines: of the point, held by modules, objects and arguments; and of the values that they are made of."""
import numpy as np
import pytest

import autodiff_src as ad

interpolate = pytest.importorskip("scipy.interpolate", reason="these functions are of SciPy")

X = np.linspace(0.0, 3.0, 9)
Y = np.sin(X) + 0.1 * X
CUBIC = interpolate.CubicSpline(X, Y)
PIECES = {"cubic": CUBIC, "pchip": interpolate.PchipInterpolator(X, Y), "akima": interpolate.Akima1DInterpolator(X, Y),
          "b": interpolate.make_interp_spline(X, Y, k=4), "bernstein": interpolate.BPoly.from_derivatives(X, Y[:, None]),
          "univariate": interpolate.UnivariateSpline(X, Y, s=0.0), "smooth": interpolate.UnivariateSpline(X, Y, k=4)}
TCK = interpolate.splrep(X, Y)
PLANE = interpolate.bisplrep(*[g.ravel() for g in np.meshgrid(X, X)], np.outer(Y, np.cos(X)).ravel(), s=0.01)
SURFACE = interpolate.RectBivariateSpline(X, X, np.outer(Y, np.cos(X)))
POINTS = np.array([0.31, 1.7, 2.2])


class Table:
    def __init__(self, spline):
        self.spline = spline

    def energy(self, x):
        return self.spline(x) * x


def check(f, *args, order=2):
    """Both modes, and the second derivative, against differences in the first argument."""
    x, rest = args[0], args[1:]
    step = 1e-6

    def total(v, *rest):
        return np.sum(f(v, *rest))

    for i in np.ndindex(np.shape(x)):
        e = np.zeros(np.shape(x))
        e[i] = step
        e = float(e) if isinstance(x, float) else e
        wanted = (total(x + e, *rest) - total(x - e, *rest)) / (2.0 * step)
        direction = e / step
        assert np.asarray(ad.grad(total)(x, *rest))[i] == pytest.approx(wanted, rel=1e-5, abs=1e-8)
        none = (None,) * len(rest)
        assert ad.jvp(total, (x, *rest), (direction, *none))[1] == pytest.approx(wanted, rel=1e-5, abs=1e-8)
        if order == 2:
            gradient = ad.grad(total)
            second = (np.asarray(gradient(x + e, *rest))[i] - np.asarray(gradient(x - e, *rest))[i]) / (2.0 * step)
            found = np.asarray(ad.jvp(gradient, (x, *rest), (direction, *none))[1])[i]
            assert found == pytest.approx(second, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("name", PIECES)
@pytest.mark.parametrize("x", [1.3, pytest.param(POINTS, marks=pytest.mark.slow)], ids=["number", "array"])
def test_splines_of_one_variable(name, x):
    check(lambda x, s: s(x) * x, x, PIECES[name], order=1 if name == "bernstein" else 2)


def test_a_spline_of_the_module():
    check(lambda x: CUBIC(x) ** 2 + CUBIC(x, 1), 1.3)
    assert "CUBIC" in ad.source(ad.grad(lambda x: CUBIC(x) * x), 1.3)


def test_a_spline_that_an_object_holds():
    check(lambda x, t: t.energy(x), POINTS, Table(CUBIC))


def test_beyond_the_ends():
    for ext in (0, 1, 3):
        check(lambda x, ext=ext: interpolate.splev(x, TCK, ext=ext) * x, 3.7)
        check(lambda x, s, ext=ext: s(x, ext=ext) * x, 3.7, PIECES["univariate"])


def test_fitpack():
    check(lambda x: interpolate.splev(x, TCK) * x, POINTS)
    check(lambda x: interpolate.splev(x, TCK, der=1) * x, 1.3)
    check(lambda x: float(interpolate.bisplev(x, 0.7 * x, PLANE)), 1.3)
    check(lambda x: SURFACE.ev(x, 0.7 * x) * x, POINTS)


AT_A_POINT = lambda x, y, tck: float(interpolate.bisplev(x, y * x, tck)) * x
AT_POINTS = lambda x, y, spline: spline.ev(x, y * x[::-1]) * x


@pytest.mark.slow
@pytest.mark.parametrize("degrees", [(1, 1), (3, 1), (2, 3)])
def test_surfaces_of_low_degree_and_beyond_their_knots(degrees):
    rows, columns = np.meshgrid(np.linspace(0.0, 2.0, 7), np.linspace(0.0, 3.0, 8), indexing="ij")
    heights = np.sin(rows) * np.cos(columns) + rows * columns
    tck = interpolate.bisplrep(rows, columns, heights, kx=degrees[0], ky=degrees[1], s=0.0)
    spline = interpolate.RectBivariateSpline(rows[:, 0], columns[0], heights, kx=degrees[0], ky=degrees[1])
    for x, y in ((0.71, 1.13), (-0.5, 1.13), (0.71, 4.0), (2.5, 3.5)):
        check(AT_A_POINT, x, y, tck)
        check(AT_POINTS, np.array([x, 0.3, 0.9]), y, spline)


@pytest.mark.parametrize("f, x, what", [
    (lambda x: interpolate.bisplev(x, x, PLANE).sum(), POINTS, "on a grid"),
    (lambda x: np.sum(VECTORS(x)), 1.3, "whose values are arrays"),
    (lambda x: interpolate.PchipInterpolator(X, Y * x)(1.3), 1.3, "PchipInterpolator has no derivative rule"),
    (lambda x: interpolate.CubicSpline(X * x, Y)(1.3), 1.3, "the points that it goes through"),
    (lambda x: np.sum(interpolate.CubicSpline(X, np.outer(Y, POINTS * x))(1.3)), 1.3, "whose values are arrays")])
def test_refused(f, x, what):
    with pytest.raises(ad.AutodiffError, match=what):
        ad.grad(f)(x)


def test_a_spline_made_within_the_function():
    check(lambda x: interpolate.CubicSpline(X, Y)(x) * x, POINTS)


KNOTS = np.array([0.0, 1.0, 2.5, 3.0, 4.2])
VALUES = np.array([0.5, 1.2, -0.3, 0.8, 0.4])


def energy_of_a_spline(y):
    return np.sum(interpolate.CubicSpline(KNOTS, y)(POINTS) ** 2)


def spline_called_often(y):
    s = interpolate.CubicSpline(KNOTS, y * y, bc_type="natural")
    return s(1.3) * s(y[0], 1) + np.sum(s(POINTS + y[1]) ** 2)


def table_in_a_loop(y):
    table = interpolate.interp1d(KNOTS, y)
    t = 0.3
    for _ in range(3):
        t = t + 0.1 * float(table(t)) ** 2
    return t * np.sum(table(POINTS))


def table_beyond_its_ends(y):
    table = interpolate.interp1d(KNOTS[::-1], y, kind="cubic", fill_value="extrapolate")
    return np.sum(table(np.array([-1.0, 2.0]) * y[0]) ** 2)


def slopes_of_a_spline(y):
    s = interpolate.make_interp_spline(KNOTS, y, k=2)
    return np.sum(s(POINTS, nu=1) ** 2) * s(y[1])


def spline_of_values_that_change(y):
    z = y * y
    s = interpolate.CubicSpline(KNOTS, z)
    z *= 3.0
    return np.sum(s(POINTS)) * z[0]


def spline_of_a_list(y):
    return interpolate.CubicSpline([0.0, 1.0, 2.0], [y[0], y[1], y[0] * y[1]])(0.5) ** 2


@pytest.mark.slow
@pytest.mark.parametrize("f", [energy_of_a_spline, spline_called_often, table_in_a_loop, table_beyond_its_ends,
                               slopes_of_a_spline, spline_of_values_that_change, spline_of_a_list])
def test_values(f):
    check(f, VALUES)


VECTORS = interpolate.CubicSpline(X, np.stack([Y, Y * Y], 1))
