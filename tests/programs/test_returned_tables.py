"""Lists of lists that are written and given back as they are: pullbacks, called twice, against central differences."""
import numpy as np
import pytest

import autodiff_src as ad

WEIGHTS = [[1.0, 2.0], [3.0, 4.0]]


def rows_by_name(x, n):
    table = [[0.0] * 2 for _ in range(2)]
    for i in range(2):
        row = table[i]
        for j in range(2):
            row[j] = x ** (i + 1) * (j + n)
        row[i] = 0.0
    return table


def elements_of_rows(x, n):
    table = [[0.0] * 2 for _ in range(2)]
    for i in range(2):
        for j in range(2):
            table[i][j] = x ** (i + 1) * (j + n)
    return table


def row_of_the_last_trip(x, n):
    table = [[0.0] * 2 for _ in range(2)]
    last = table[0]
    last[0] = x * x
    for i in range(1, 2):
        row = table[i]
        row[i], row[i - 1], last[i] = x, x ** 3, n * x
        last = row
    return table


def given_back_early(x, n):
    table = [[0.0, 0.0], [1.0, x]]
    for k in range(n):
        row = table[k % 2]
        row[0] = x * row[1] + k
        if row[0] > 3.0:
            return table
    table[0], table[1] = table[1], table[0]
    return table


def row_replaced_by_another_name(x, n):
    table = [[0.0, 0.0], [1.0, x]]
    other = table
    for k in range(n):
        row = other[k % 2]
        row[0] = x * row[1] + k
        if k == 1:
            other[0] = [x, x * x]
    return table


def row_taken_out_and_put_back(x, n):
    table = [[x, x * x], [1.0, x]]
    row = table.pop()
    row[0] = x * row[1] * n
    table.append(row)
    row[1] = x ** 3
    return table


def one_row_twice(x, n):
    row = [x, x * x]
    table = [row, row]
    row[0] = n * x ** 3
    return table


def in_branches(x, n):
    table = [[x, x * x], [1.0, x]]
    table[0][1] = x ** 4
    if n > 2:
        table[1][0] = table[0][1] * x
        return table
    else:
        table[1] = table[0]
    table[0][0] = 5.0 * x
    return table


def of_a_call(x, n):
    table = elements_of_rows(x * x, n)
    table[0][0] = table[1][1] * x
    return table


PROGRAMS = [rows_by_name, elements_of_rows, row_of_the_last_trip, given_back_early, row_replaced_by_another_name,
            row_taken_out_and_put_back, one_row_twice, in_branches, of_a_call]


@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("f", PROGRAMS)
def test_a_table_given_back(f, n):
    x, h = 1.3, 1e-6
    expected = (np.sum(np.multiply(WEIGHTS, f(x + h, n))) - np.sum(np.multiply(WEIGHTS, f(x - h, n)))) / (2 * h)
    value, pullback = ad.vjp(f, x, n, wrt=0)
    assert value == f(x, n)
    assert pullback(WEIGHTS)[0] == pytest.approx(expected, rel=1e-7)
    assert pullback(WEIGHTS)[0] == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("f", PROGRAMS)
def test_a_table_that_a_called_function_gives_back(f, n):
    def product(x):
        table = f(x, n)
        return table[0][0] * table[1][1] + table[0][1] * table[1][0] ** 2

    x, h = 1.3, 1e-6
    expected = (product(x + h) - product(x - h)) / (2 * h)
    assert ad.grad(product)(x) == pytest.approx(expected, rel=1e-7)
