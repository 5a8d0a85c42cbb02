"""Cases for averages, quantiles, covariances, and reductions that leave elements out."""
from __future__ import annotations

import numpy as np
from array_cases import AXES, CUBE, ZEROS_INSIDE
from checks import Case, case
from elementwise_cases import COLUMN, MATRIX, POSITIVE, ROW

GAPS = np.where(CUBE > 0.9, np.nan, CUBE)
MASK = CUBE > -0.4
HALVES = np.array([True, False, True, True])

CASES: list[Case] = []

for primitive in (np.sum, np.prod, np.max, np.min, np.nansum, np.nanprod, np.nanmax, np.nanmin):
    CASES += case(primitive, [CUBE], axis=[None, 0, (1, 2)], keepdims=[False, True], where=[MASK, HALVES], initial=[0.3])
    CASES += case(primitive, [CUBE[0]], axis=[None, 1], initial=[0.1, -5.0, 5.0])
for primitive in (np.sum, np.prod, np.mean, np.nanmean):
    CASES += case(primitive, [CUBE], axis=[None, 2, (0, 2)], where=[HALVES])
    CASES += case(primitive, [ZEROS_INSIDE], where=[MASK[0, :, :3]])
for primitive in (np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin):
    CASES += case(primitive, [GAPS], axis=AXES, keepdims=[False, True]) + case(primitive, [ROW])
for primitive in (np.nanvar, np.nanstd):
    CASES += case(primitive, [GAPS], axis=[None, 0, (0, 2)], ddof=[0, 1][:1], keepdims=[False, True])
    CASES += case(primitive, [GAPS], axis=[None, (1, 2)], ddof=[1], where=[HALVES, True])
for primitive in (np.nancumsum, np.nancumprod):
    CASES += case(primitive, [GAPS], axis=[None, 0, -1])

CASES += case(np.average, [CUBE], axis=[None, 0, (1, 2)], keepdims=[False, True])
CASES += case(np.average, [MATRIX, None, POSITIVE]) + case(np.average, [MATRIX, 1, POSITIVE], keepdims=[False, True])
CASES += case(np.average, [MATRIX, 0, np.array([0.3, 0.5, 1.2])], returned=[False, True])
CASES += case(np.average, [CUBE, 1, np.array([0.3, 0.5, 1.2])], keepdims=[True]) + case(np.average, [MATRIX, -1, [1, 2, 3, 4]])
CASES += case(np.average, [ROW, None, [0.3, 0.5, 1.2, 0.7]], returned=[True]) + case(np.average, [MATRIX], returned=[True])
for primitive, x in ((np.median, CUBE), (np.nanmedian, GAPS)):
    CASES += case(primitive, [x], axis=AXES, keepdims=[False, True]) + case(primitive, [ROW]) + case(primitive, [ROW[:3]])
for primitive, x in ((np.quantile, CUBE), (np.nanquantile, GAPS)):
    CASES += case(primitive, [x], q=[0.3, [0.0, 0.25, 1.0]], axis=[None, 1, (0, 2)], keepdims=[False, True])
    CASES += case(primitive, [x], q=[0.35], axis=[-1],
                  method=["lower", "higher", "nearest", "midpoint", "hazen", "inverted_cdf"])
CASES += case(np.quantile, [CUBE], q=[[[0.1, 0.4]]], axis=[None, 1, (0, 2)], keepdims=[False, True])
for primitive, x in ((np.percentile, CUBE), (np.nanpercentile, GAPS)):
    CASES += case(primitive, [x], q=[30, [5.0, 95.0]], axis=[None, 0, -1], method=["linear", "weibull"])
AT = np.array([0.17, 0.63])
for primitive, x in ((np.quantile, CUBE), (np.nanquantile, GAPS)):
    CASES += case(primitive, [x, 0.38]) + case(primitive, [x, AT], axis=[None, 1, (0, 2)], keepdims=[False, True])
    CASES += case(primitive, [x, AT], axis=[-1], method=["weibull", "hazen", "median_unbiased", "normal_unbiased", "lower",
                                                         "interpolated_inverted_cdf", "inverted_cdf"])
CASES += case(np.quantile, [MATRIX, np.array([[0.17, 0.63]])], axis=[0]) + case(np.quantile, [ROW, AT], method=["midpoint"])
for primitive, x in ((np.percentile, CUBE), (np.nanpercentile, GAPS)):
    CASES += case(primitive, [x, 100.0 * AT], axis=[None, 0], keepdims=[False, True])
for primitive in (np.cov, np.corrcoef):
    CASES += case(primitive, [MATRIX], rowvar=[True, False]) + case(primitive, [MATRIX, ROW]) + case(primitive, [ROW])
    CASES += case(primitive, [ROW, ROW ** 2]) + case(primitive, [MATRIX, POSITIVE], rowvar=[True, False])
CASES += case(np.cov, [MATRIX], bias=[True]) + case(np.cov, [MATRIX, COLUMN[:, 0]], rowvar=[False], ddof=[0, 2])
