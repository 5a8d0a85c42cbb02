"""What every test runs under."""
import gc

import numpy as np
import pytest


def pytest_collection_finish() -> None:
    """What has been imported and collected stays: the garbage collector need not look through it again and again."""
    gc.freeze()


@pytest.fixture(autouse=True)
def global_random_state():
    """Tests that draw from NumPy's global generator draw the same each time, in whatever order they run."""
    np.random.seed(0)


@pytest.fixture
def rng():
    return np.random.default_rng(0)
