"""One function with a loop and a branch: its gradient, the text of the gradient, and a check by differences.

Run it with `python examples/quickstart.py`.
"""
import math

import autodiff_src as ad


def logistic(r, steps):
    """The mean of a logistic map; large values are damped by a logarithm."""
    x = 0.3
    total = 0.0
    for _ in range(steps):
        x = r * x * (1.0 - x)
        if x > 0.5:
            total += math.log(2.0 * x)
        else:
            total += x
    return total / steps


def central_difference(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2.0 * h)


def main():
    gradient = ad.grad(logistic)
    slope = gradient(3.3, 12)
    print(gradient.source)
    print(f"d logistic / d r at r = 3.3: {slope:.8f}")
    print(f"by central differences:      {central_difference(lambda r: logistic(r, 12), 3.3):.8f}")
    return slope


def test_gradient_is_right_on_both_sides_of_the_branch():
    for r in (1.5, 2.6, 3.3):
        expected = central_difference(lambda r: logistic(r, 12), r)
        assert math.isclose(ad.grad(logistic)(r, 12), expected, rel_tol=1e-6)


def test_source_is_a_function_one_can_read(capsys):
    slope = main()
    printed = capsys.readouterr().out
    assert "def " in printed and "total" in printed and f"{slope:.8f}" in printed


if __name__ == "__main__":
    main()
