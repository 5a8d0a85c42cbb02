"""Lists of lists as matrices, grids, stacks and graphs: rows that are taken, swapped, replaced and grown."""
from language_case import case


def table_filled_and_combined(x, n):
    m = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            m[i][j] = x * (i + 1) + j
    for i in range(n):
        row, other = m[i], m[(i + 1) % n]
        for j in range(n):
            row[j] = row[j] * other[j]
    return sum(sum(r) for r in m) * 0.01


def rows_swapped_and_scaled(x, n):
    m = [[x, 2.0 * x], [3.0 * x, x * x]]
    m[0], m[1] = m[1], m[0]
    a = m[0]
    a[0] *= x
    same = m
    same[1][1] += a[0]
    return m[0][0] * m[1][1] + m[0][1] * n


def elimination_with_pivots(x, n):
    a = [[1.0 / (i + j + 1) + (x if i == j else 0.0) for j in range(n)] for i in range(n)]
    b = [x * (i + 1) for i in range(n)]
    for k in range(n):
        p = max(range(k, n), key=lambda r: abs(a[r][k]))
        a[k], a[p] = a[p], a[k]
        b[k], b[p] = b[p], b[k]
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            for j in range(k, n):
                a[i][j] -= f * a[k][j]
            b[i] -= f * b[k]
    y = [0.0] * n
    for i in range(n - 1, -1, -1):
        y[i] = (b[i] - sum(a[i][j] * y[j] for j in range(i + 1, n))) / a[i][i]
    return sum(y)


def cholesky_of_lists(x, n):
    a = [[4.0 + x if i == j else x / (i + j) for j in range(n)] for i in range(n)]
    low = [[0.0] * (i + 1) for i in range(n)]
    for i in range(n):
        for j in range(i + 1):
            s = sum(low[i][k] * low[j][k] for k in range(j))
            low[i][j] = (a[i][i] - s) ** 0.5 if i == j else (a[i][j] - s) / low[j][j]
    return low[n - 1][n - 1] * low[1][0] + low[n - 1][1]


def stencil_on_new_grids(x, n):
    grid = [[x * (i * j + 1) for j in range(n)] for i in range(n)]
    for _ in range(2):
        new = [row[:] for row in grid]
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                new[i][j] = 0.25 * (grid[i - 1][j] + grid[i + 1][j] + grid[i][j - 1] + grid[i][j + 1]) * x
        grid = new
    return sum(map(sum, grid)) * 0.1


def one_row_twice(x, n):
    a = [x, x]
    m = [a, a]
    m[0][0] = x * x
    b = m[1]
    b[1] = b[0] * x
    m.append(list(a))
    m[2][0] = 1.0
    return sum(m[0]) + m[2][1] * x * n


def lists_that_grow(x, n):
    lists = [[], []]
    lists[0].append(x)
    lists[1].extend([x * x, 2.0])
    lists[0].insert(0, lists[1][0] * x)
    first = lists[0]
    for _ in range(n):
        first.append(first[0] + first[1])
    v = lists[1].pop()
    return sum(lists[0]) * v + lists[1][-1]


def stack_of_lists(x, n):
    stack, total = [[x]], 0.0
    while stack:
        v = stack.pop()[0]
        total += v * v
        if len(stack) < n and v > 0.1:
            stack.append([v * 0.5])
            if v > 0.5:
                stack.append([v * 0.3])
    return total


def rows_kept_and_joined(x, n):
    m = [[x, 1.0], [2.0, x]]
    other = [r for r in m]
    other[0][0] = x * x
    other = other + [[x]]
    other[2][0] *= n
    m += [other[2]]
    m[2][0] += x
    return m[0][0] + other[2][0] * m[1][1]


def rows_scaled_by_a_helper(x, n):
    def scale(row, c):
        for j in range(len(row)):
            row[j] *= c

    m = [[x, 2.0], [x * x, x]]
    for row in m:
        scale(row, x)
    scale(m[0], n)
    return m[0][0] * m[1][0] + m[0][1]


def paths_extended(x, n):
    paths = [[x]]
    for _ in range(n - 1):
        new = []
        for p in paths:
            q = p + [p[-1] * x]
            p.append(p[-1] + 1.0)
            new.append(q)
            if len(new) < 3:
                new.append(p)
        paths = new
    return sum(sum(p) for p in paths) * 0.1


def rows_replaced_in_a_loop_left_early(x, n):
    m = [[x * (i + j) for j in range(3)] for i in range(3)]
    top = m[0]
    m[0] = m[1]
    m[1] = top
    for i in range(3):
        for j in range(3):
            if i * j == 2:
                break
            m[i][j] *= m[(i + 1) % 3][j] + x
        else:
            m[i] = list(m[i])
            m[i][0] = x
        if m[i][2] > n:
            return sum(top)
    return sum(map(sum, m)) + sum(top)


PROGRAMS = [case(f, 0.71, 4) for f in (
    table_filled_and_combined, rows_swapped_and_scaled, elimination_with_pivots, cholesky_of_lists, stencil_on_new_grids,
    one_row_twice, lists_that_grow, stack_of_lists, rows_kept_and_joined, rows_scaled_by_a_helper, paths_extended,
    rows_replaced_in_a_loop_left_early)]
