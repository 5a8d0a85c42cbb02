"""Classes with operators: vectors, dual numbers, matrices; made inside, or given."""
import math

import numpy as np
from language_case import case, some


class Vec2:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vec2(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vec2(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        return Vec2(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __truediv__(self, k):
        return Vec2(self.x / k, self.y / k)

    def __neg__(self):
        return Vec2(-self.x, -self.y)

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def __abs__(self):
        return math.sqrt(self.dot(self))

    def __getitem__(self, i):
        return self.x if i == 0 else self.y

    def __setitem__(self, i, v):
        if i == 0:
            self.x = v
        else:
            self.y = v

    def __len__(self):
        return 2

    def __call__(self, t):
        return self.x + t * self.y

    def __lt__(self, other):
        return abs(self) < abs(other)

    def dot(self, other):
        return self.x * other.x + self.y * other.y


class Dual:
    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = value, derivative

    @staticmethod
    def of(v):
        return v if isinstance(v, Dual) else Dual(v)

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.derivative + other.derivative)

    __radd__ = __add__

    def __mul__(self, other):
        other = Dual.of(other)
        return Dual(self.value * other.value, self.value * other.derivative + self.derivative * other.value)

    __rmul__ = __mul__

    def __pow__(self, n):
        result = Dual(1.0)
        for _ in range(n):
            result = result * self
        return result

    def sin(self):
        return Dual(math.sin(self.value), math.cos(self.value) * self.derivative)


class Matrix:
    def __init__(self, a):
        self.a = a

    def __matmul__(self, other):
        return Matrix(self.a @ other.a)

    def __add__(self, other):
        if isinstance(other, Matrix):
            return Matrix(self.a + other.a)
        return Matrix(self.a + other)

    __radd__ = __add__

    def __eq__(self, other):
        if not isinstance(other, Matrix):
            return NotImplemented
        return bool(np.all(self.a == other.a))

    @property
    def transposed(self):
        return Matrix(self.a.T)

    def trace(self):
        return np.trace(self.a)


def vectors_added(x):
    p = Vec2(x, x * x) + Vec2(1.0, x) * 2.0 - 3.0 * Vec2(x, 1.0)
    return p.x * p.y + (-p / x).x


def vector_methods(x):
    p = Vec2(x, x * x)
    return abs(p) * p[0] * p[1] * len(p) + p(2.0)


def orbit(x, n):
    position, speed = Vec2(x, 0.5), Vec2(0.0, x)
    for _ in range(n):
        acceleration = position * (-1.0 / abs(position) ** 3)
        speed = speed + acceleration * 0.1
        position = position + speed * 0.1
    return position.dot(speed)


def vector_updated(x):
    p = Vec2(x, 1.0)
    p += Vec2(x, x)
    p[1] = p[0] * p[1]
    p *= x
    return p.x * p.y


def distance(p, q):
    return abs(p - q)


def vectors_to_a_helper(x):
    return distance(Vec2(x, 1.0), Vec2(0.5, x))


def vectors_compared(x):
    p, q = Vec2(x, 1.0), Vec2(1.0, x)
    closer = p < q
    if q < p:
        return p.x * x
    return p.x if closer else q.x


def given_vector(p, x):
    q = p + p * x
    return q.x * q.y + abs(p)


def polynomial_of_dual(x):
    d = Dual(x, 1.0)
    e = d * d * 3.0 + 2.0 * d + 1.0
    return e.value * e.derivative


def dual_in_a_function(x):
    def f(d):
        return d**3 * d.sin() + 1.0

    r = f(Dual(x, 1.0))
    return r.derivative * r.value


def newton_with_duals(x, n):
    y = x
    for _ in range(n):
        r = Dual(y, 1.0) ** 2 + Dual(-2.0 * x)
        y = y - r.value / r.derivative
    return y


def scaled_by_numpy(x):
    d = np.sqrt(x) * Dual(x, 1.0)
    return d.value * d.derivative


def matrices(w):
    m = Matrix(w)
    if m == m.transposed:
        return m.trace()
    return ((1.0 + m @ m.transposed) @ m).trace()


class Table:
    """Computes with what it is indexed with."""

    def __getitem__(self, x):
        return x * x


TABLE = Table()


def index_of_a_table(x):
    return TABLE[x] + x


PROGRAMS = [
    case(index_of_a_table, 0.8, smooth=True),
    case(vectors_added, 0.8, smooth=True), case(vector_methods, 0.8, smooth=True), case(orbit, 0.8, 3, smooth=True),
    case(vector_updated, 0.8, smooth=True), case(vectors_to_a_helper, 0.8, smooth=True), case(vectors_compared, 0.8),
    case(given_vector, Vec2(1.5, -0.5), 0.8, smooth=True), case(polynomial_of_dual, 0.8, smooth=True),
    case(dual_in_a_function, 0.8, smooth=True), case(newton_with_duals, 0.8, 3, smooth=True),
    case(scaled_by_numpy, 0.8, smooth=True), case(matrices, some(2, 2), smooth=True),
]
