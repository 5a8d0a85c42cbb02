"""Solutions of sparse systems."""
from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import linalg


def solve(A: Any, b: Any) -> Any:
    """`spsolve(A, b)`, in the shape that it has for vectors given as columns, too."""
    return linalg.spsolve(A.tocsc(), np.asarray(b))


def solve_transposed(A: Any, b: Any) -> Any:
    """The same for the transposed matrix."""
    return linalg.spsolve(A.T.tocsc(), np.asarray(b))
