"""SciPy's splines; this module is imported when something of `scipy.interpolate` is first met. The coefficients of those that
are made elsewhere are data: a derivative with respect to them is refused."""
from __future__ import annotations

from scipy import interpolate

from autodiff_src.rules import adjoint, d, non_differentiable, tangent
from autodiff_src.runtime import adjoints, spline_values, splines

_PIECEWISE = {interpolate.PPoly.__call__, interpolate.BPoly.__call__, interpolate.BSpline.__call__}


@adjoint(*_PIECEWISE)
def piecewise(y, self, x, nu=0, extrapolate=None):
    d[x] += d[y] * splines.piecewise_slope(self, x, nu, extrapolate)


@tangent(*_PIECEWISE)
def piecewise_tangent(y, self, x, nu=0, extrapolate=None):
    d[y] = d[x] * splines.piecewise_slope(self, x, nu, extrapolate)


@adjoint(splines.piecewise_slope)
def piecewise_slope(y, spline, x, nu=0, extrapolate=None):
    d[x] += d[y] * splines.piecewise_slope(spline, x, nu + 1, extrapolate)


@tangent(splines.piecewise_slope)
def piecewise_slope_tangent(y, spline, x, nu=0, extrapolate=None):
    d[y] = d[x] * splines.piecewise_slope(spline, x, nu + 1, extrapolate)


@adjoint(interpolate.UnivariateSpline.__call__)
def univariate(y, self, x, nu=0, ext=None):
    d[x] += d[y] * splines.univariate_slope(self, x, nu, ext)


@tangent(interpolate.UnivariateSpline.__call__)
def univariate_tangent(y, self, x, nu=0, ext=None):
    d[y] = d[x] * splines.univariate_slope(self, x, nu, ext)


@adjoint(splines.univariate_slope)
def univariate_slope(y, spline, x, nu=0, ext=None):
    d[x] += d[y] * splines.univariate_slope(spline, x, nu + 1, ext)


@tangent(splines.univariate_slope)
def univariate_slope_tangent(y, spline, x, nu=0, ext=None):
    d[y] = d[x] * splines.univariate_slope(spline, x, nu + 1, ext)


@adjoint(interpolate.splev)
def splev(y, x, tck, der=0, ext=0):
    d[x] += d[y] * splines.splev_slope(x, tck, der, ext)


@tangent(interpolate.splev)
def splev_tangent(y, x, tck, der=0, ext=0):
    d[y] = d[x] * splines.splev_slope(x, tck, der, ext)


@adjoint(splines.splev_slope)
def splev_slope(y, x, tck, der=0, ext=0):
    d[x] += d[y] * splines.splev_slope(x, tck, der + 1, ext)


@tangent(splines.splev_slope)
def splev_slope_tangent(y, x, tck, der=0, ext=0):
    d[y] = d[x] * splines.splev_slope(x, tck, der + 1, ext)


@adjoint(interpolate.bisplev)
def bisplev(z, x, y, tck, dx=0, dy=0):
    d[x] += d[z] * splines.bisplev_slope(x, y, tck, dx + 1, dy)
    d[y] += d[z] * splines.bisplev_slope(x, y, tck, dx, dy + 1)


@tangent(interpolate.bisplev)
def bisplev_tangent(z, x, y, tck, dx=0, dy=0):
    d[z] = (d[x] * splines.bisplev_slope(x, y, tck, dx + 1, dy)
            + d[y] * splines.bisplev_slope(x, y, tck, dx, dy + 1))


@adjoint(splines.bisplev_slope)
def bisplev_slope(z, x, y, tck, dx, dy):
    d[x] += d[z] * splines.bisplev_slope(x, y, tck, dx + 1, dy)
    d[y] += d[z] * splines.bisplev_slope(x, y, tck, dx, dy + 1)


@tangent(splines.bisplev_slope)
def bisplev_slope_tangent(z, x, y, tck, dx, dy):
    d[z] = (d[x] * splines.bisplev_slope(x, y, tck, dx + 1, dy)
            + d[y] * splines.bisplev_slope(x, y, tck, dx, dy + 1))


@adjoint(interpolate.BivariateSpline.ev)
def ev(z, self, xi, yi, dx=0, dy=0):
    d[xi] += d[z] * splines.surface_slope(self, xi, yi, dx + 1, dy)
    d[yi] += d[z] * splines.surface_slope(self, xi, yi, dx, dy + 1)


@tangent(interpolate.BivariateSpline.ev)
def ev_tangent(z, self, xi, yi, dx=0, dy=0):
    d[z] = (d[xi] * splines.surface_slope(self, xi, yi, dx + 1, dy)
            + d[yi] * splines.surface_slope(self, xi, yi, dx, dy + 1))


@adjoint(splines.surface_slope)
def surface_slope(z, spline, x, y, dx, dy):
    d[x] += d[z] * splines.surface_slope(spline, x, y, dx + 1, dy)
    d[y] += d[z] * splines.surface_slope(spline, x, y, dx, dy + 1)


@tangent(splines.surface_slope)
def surface_slope_tangent(z, spline, x, y, dx, dy):
    d[z] = (d[x] * splines.surface_slope(spline, x, y, dx + 1, dy)
            + d[y] * splines.surface_slope(spline, x, y, dx, dy + 1))


@adjoint(spline_values.interpolated)
def interpolated(z, made, points, values, t, nu=0):
    d[values] += spline_values.spread(d[z], made, points, t, nu)
    d[t] += d[z] * spline_values.slope(made, points, values, t, nu)
    d[points] += adjoints.refused(spline_values.POINTS)


@tangent(spline_values.interpolated)
def interpolated_tangent(z, made, points, values, t, nu=0):
    d[z] = (spline_values.interpolated(made, points, d[values], t, nu)
            + d[t] * spline_values.slope(made, points, values, t, nu)
            + spline_values.along_points(d[points]))


@adjoint(spline_values.slope)
def slope(z, made, points, values, t, nu):
    d[values] += spline_values.spread(d[z], made, points, t, nu + 1)
    d[t] += d[z] * spline_values.slope(made, points, values, t, nu + 1)


@tangent(spline_values.slope)
def slope_tangent(z, made, points, values, t, nu):
    d[z] = (spline_values.slope(made, points, d[values], t, nu)
            + d[t] * spline_values.slope(made, points, values, t, nu + 1))


@adjoint(spline_values.spread)
def spread(z, e, made, points, t, nu):
    d[e] += spline_values.interpolated(made, points, d[z], t, nu)
    d[t] += e * spline_values.slope(made, points, d[z], t, nu)


@tangent(spline_values.spread)
def spread_tangent(z, e, made, points, t, nu):
    d[z] = spline_values.spread(d[e], made, points, t, nu) + spline_values.spread(e * d[t], made, points, t, nu + 1)


@adjoint(spline_values.along_points)
def along_points(z, d_points):
    d[d_points] += adjoints.refused(spline_values.POINTS)


@tangent(spline_values.along_points)
def along_points_tangent(z, d_points):
    d[z] = spline_values.along_points(d[d_points])


non_differentiable(spline_values.fitted)
