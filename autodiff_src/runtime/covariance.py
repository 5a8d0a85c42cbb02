"""The variables of `np.cov` and `np.corrcoef` as the rows of one matrix."""
from __future__ import annotations

from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError


def count(m: Any, rowvar: Any) -> int:
    """The number of variables in `m`."""
    return int(np.shape(m)[0 if rowvar else 1]) if np.ndim(m) > 1 else 1


def rows(m: Any, rowvar: Any, before: int, after: int) -> np.ndarray:
    """The variables in `m` as rows, with as many rows of zeros before and after them.

    Raises NoRuleError for one observation in columns, which NumPy takes for one variable, or not, by its release.
    """
    if not rowvar and np.ndim(m) == 2 and np.shape(m)[0] == 1:
        raise NoRuleError("np.cov and np.corrcoef of a matrix of one row with rowvar=False")
    own = np.atleast_2d(m) if rowvar or np.ndim(m) < 2 else np.transpose(m)
    return np.pad(own, ((before, after), (0, 0)))


def of_rows(e: Any, m: Any, rowvar: Any, before: int, after: int) -> Any:
    """The part of `e` that belongs to `m` in `rows(m, rowvar, before, after)`, in the shape of `m`."""
    own = e[before:np.shape(e)[0] - after]
    return np.reshape(own, np.shape(m)) if rowvar or np.ndim(m) < 2 else np.transpose(own)


def counts(fweights: Any) -> Any:
    """How often each observation counts."""
    return 1.0 if fweights is None else fweights


def weights(fweights: Any, aweights: Any) -> np.ndarray:
    """The weights of the observations."""
    return np.multiply(counts(fweights), 1.0 if aweights is None else aweights)


def free(fweights: Any, aweights: Any, less: Any) -> Any:
    """What `np.cov` divides by, of which `less` are taken off."""
    each = weights(fweights, aweights)
    return np.sum(each) - less * (1.0 if aweights is None else np.sum(each * aweights) / np.sum(each))


def slopes_of_free(fweights: Any, aweights: Any, less: Any) -> Any:
    """The derivative of `free` with respect to each of `aweights`."""
    each = weights(fweights, aweights)
    total = np.sum(each)
    return counts(fweights) * (1.0 - less * (2.0 * aweights / total - np.sum(each * aweights) / total ** 2))
