"""`ad.check_grad`: it agrees where derivatives are right, and says so where they are not."""
from __future__ import annotations

import math

import numpy as np
import pytest

import autodiff_src as ad
from autodiff_src import d


def smooth(x, a, n):
    for _ in range(n):
        a = np.sin(a) * x + a[::-1]
    return np.sum(a * a)


def structured(p, k):
    return {"y": p["w"] * p["b"][0] ** k, "n": k}


def test_agrees_with_right_derivatives():
    report = ad.check_grad(smooth, 0.7, np.array([0.2, -1.3, 0.6]), 3, order=2)
    assert report and report.ok and [c.order for c in report.comparisons] == [1, 2]
    assert all(c.modes_error < 1e-12 and c.best[1] < 1e-8 for c in report.comparisons)
    assert ad.check_grad(structured, {"w": np.ones(2), "b": (2.0, "text")}, 3)
    assert ad.check_grad(smooth, np.float32(0.7), np.array([0.2, -1.3], dtype=np.float32), 2)
    assert ad.check_grad(lambda x: np.zeros(2) * x, 1.0)


def halved(x):
    return x * x


@ad.partials(halved)
def halved_partials(y, x):
    return x


def skewed(x):
    return x ** 3


@ad.adjoint(skewed)
def skewed_adjoint(y, x):
    d[x] += d[y] * 3.0 * x ** 2


@ad.tangent(skewed)
def skewed_tangent(y, x):
    d[y] = d[x] * 2.0 * x ** 2


def test_finds_wrong_rules():
    report = ad.check_grad(lambda x: halved(x) + x, 1.5)
    assert not report and report.comparisons[0].modes_error < 1e-12
    assert "DOES NOT AGREE" in str(report)
    report = ad.check_grad(lambda x: skewed(x) + x, 1.5)
    assert not report and report.comparisons[0].modes_error > 1e-2


def test_finds_points_without_a_derivative():
    assert not ad.check_grad(lambda x: np.where(x < 1.0, x, 5.0) * x, np.ones(2))
    assert not ad.check_grad(lambda x: x ** 0.5, 0.0)


def test_the_report_can_be_read():
    lines = str(ad.check_grad(lambda x: math.sin(x), 0.5)).splitlines()
    assert lines[0] == "derivatives of <lambda>" and lines[1] == "order 1: agrees"
    assert lines[2].startswith("  reverse mode ") and "forward mode" in lines[2]
    assert sum("<- closest" in line for line in lines) == 1 and len(lines) == 13


def loud(x):
    print(x)
    return x * x


def test_bad_arguments():
    with pytest.raises(ad.UnsupportedError, match="cannot run many times"):
        ad.check_grad(loud, 1.0)
    with pytest.raises(ad.ArgumentError, match="order=3"):
        ad.check_grad(smooth, 0.7, np.ones(2), 1, order=3)
    with pytest.raises(ad.ArgumentError, match="none of the arguments"):
        ad.check_grad(smooth, 1, np.ones(2, int), 1)
    with pytest.raises(ad.ArgumentError, match="not a number"):
        ad.check_grad(lambda x: np.array([x, x]), 1.0, order=2)
