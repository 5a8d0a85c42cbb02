"""What every test runs under."""
import numpy as np
import pytest


@pytest.fixture(autouse=True)
def global_random_state():
    """Tests that draw from NumPy's global generator draw the same each time, in whatever order they run."""
    np.random.seed(0)


@pytest.fixture
def rng():
    return np.random.default_rng(0)
