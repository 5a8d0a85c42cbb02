"""Differentiates the public functions of installed packages, unmodified, at the inputs of their docstrings' examples.

`python -m tests.real_code` runs all that is installed (`pip install autodiff_src[real-code]`); see `packages.py`.
"""
