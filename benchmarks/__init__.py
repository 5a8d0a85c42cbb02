"""What gradients cost: `python -m benchmarks` prints a table."""
