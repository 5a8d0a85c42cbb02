"""Objects of users' classes made inside: with `__init__`, as data classes, with state, lists and other objects in them."""
import abc
import math
from dataclasses import InitVar, dataclass, field, replace
from types import SimpleNamespace

import numpy as np
from language_case import case, some


class Total:
    """Adds up."""

    def __init__(self):
        self.total = 0.0
        self.count = 0

    def add(self, v):
        self.total += v
        self.count += 1

    @property
    def mean(self):
        return self.total / self.count


class Momentum:
    def __init__(self, rate=0.1, n=2):
        self.rate = rate
        self.m = np.zeros(n)
        self.t = 0

    def step(self, w, g):
        self.t += 1
        self.m = 0.9 * self.m + 0.1 * g
        return w - self.rate * self.m / (1 - 0.9**self.t)


class History:
    scale = 2.0

    def __init__(self):
        self.values, self.best, self.cache = [], None, {}

    def note(self, v):
        self.values.append(v * self.scale)
        if self.best is None or v > self.best:
            self.best = v
        self.cache[f"{len(self.values)}"] = v

    def sum(self):
        return sum(self.values) + self.best


class Table:
    def __init__(self, n):
        self.rows = [[0.0] * n for _ in range(n)]

    def set(self, i, j, v):
        self.rows[i][j] = v


class Linear:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def __call__(self, v):
        return np.tanh(self.w @ v + self.b)


class Network:
    def __init__(self, w):
        self.first = Linear(w, 0.1)
        self.second = Linear(w.T, 0.2)
        self.layers = [self.first, self.second]

    def forward(self, v):
        return self.second(self.first(v))


class Base:
    def __init__(self, k):
        self.k = k

    def f(self, t):
        return self.k * t

    @classmethod
    def of_square(cls, k):
        return cls(k * k)


class Derived(Base):
    def __init__(self, k, m=2.0):
        super().__init__(k)
        self.m = m * self.k

    def f(self, t):
        return super().f(t) + self.m


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self):
        ...


class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r**2


class Square(Shape):
    def __init__(self, a, n=1):
        if n > 0:
            self.a = a
        else:
            self.a = a * 2.0

    def area(self):
        return self.a**2


@dataclass
class Body:
    mass: float
    speed: float = 2.0
    path: list = field(default_factory=list)

    def momentum(self):
        return self.mass * self.speed


@dataclass(frozen=True)
class Frozen:
    a: float
    b: float

    def scaled(self, k):
        return Frozen(self.a * k, self.b * k)


@dataclass
class Stepped:
    rate: float
    weights: np.ndarray = field(default_factory=lambda: np.ones(3))


@dataclass
class Prepared:
    a: float
    factor: InitVar[float] = 2.0
    b: float = field(init=False, default=0.0)
    names: list = field(default_factory=list)

    def __post_init__(self, factor):
        self.b = self.a * factor
        self.names.append("x")


@dataclass
class Extended(Prepared):
    c: float = 1.0


class Node:
    def __init__(self, value, following=None):
        self.value, self.following = value, following


def totals(x):
    a = Total()
    for k in range(3):
        a.add(x * k)
    return a.mean * x


def totals_in_a_loop(x, n):
    t = 0.0
    for k in range(n):
        a = Total()
        for j in range(k + 1):
            a.add(x * j + k)
        t += a.mean * a.total
    return t


def total_in_a_closure(x):
    a = Total()

    def note(t):
        a.add(t * x)

    note(x)
    note(2.0)
    return a.total * a.count


def optimizer_made(w):
    o = Momentum(rate=0.2, n=3)
    for _ in range(3):
        w = o.step(w, 2.0 * w**3)
    return np.sum(w * w) + o.t


def history_kept(x):
    h = History()
    for k in range(3):
        h.note(x * k)
    return h.sum() * x


def table_filled(x):
    t = Table(2)
    t.set(0, 1, x * x)
    t.set(1, 1, x)
    return t.rows[0][1] * t.rows[1][1]


def network_made(w):
    return np.sum(Network(w).forward(np.array([1.0, 2.0])))


def inherited(x):
    d = Derived(x)
    return d.f(x) * Derived(2.0, m=x).f(1.0)


def class_method(x):
    return Base.of_square(x).f(x) + Derived.of_square(x).f(2.0)


def abstract_base(x, n):
    return Circle(x).area() + Square(2.0 * x, n).area()


def data_class(x):
    p = Body(x)
    q = Body(mass=x, speed=x)
    p.path.append(x * x)
    p.speed = p.speed * x
    return p.momentum() * q.momentum() * p.path[0]


def frozen_data_class(x):
    f = Frozen(x, 1.0).scaled(x)
    g = replace(f, b=f.b * 2.0)
    return f.a * f.b + g.a * g.b


def data_class_with_a_made_default(x):
    p = Stepped(x)
    for k in range(3):
        p = replace(p, rate=p.rate * 0.9, weights=p.weights - p.rate * p.weights * k)
    return p.weights @ p.weights


def prepared_data_class(x):
    p, q = Prepared(x), Prepared(x, factor=x)
    s = Extended(x, 3.0, c=x)
    return p.b * q.b + len(p.names) + s.b * s.c


def namespace_made(x):
    p = SimpleNamespace(a=x, b=2.0)
    p.a = p.a * x
    return p.a * p.b


def objects_in_objects(x):
    n = Node(x, Node(x * x))
    n.following.value = n.following.value * n.value
    return n.value * n.following.value


def made_early(x):
    def make(t):
        if t > 1.0:
            return Frozen(t, 1.0)
        return Frozen(1.0, t)

    p, q = make(x), make(x * 0.5)
    return p.a * q.b


def bound_again(x):
    p = Frozen(x, 1.0)
    q = p
    p = Frozen(x * q.a, 2.0)
    return p.a * q.a


def swapped_objects(x):
    p, q = Frozen(x, 1.0), Frozen(2.0, x)
    for _ in range(3):
        p, q = q, p.scaled(x)
    return p.a * q.b


def best_object(x):
    best = Frozen(x, 0.0)
    for k in range(4):
        p = Frozen(x * math.cos(k), x * k)
        if p.a + p.b > best.a:
            best = p
    return best.a * best.b


def beside_objects_that_are_printed(x):
    options = Frozen(2.0, 1.0)
    print(options)
    p = Body(x)
    print(p.mass)
    return p.mass * options.a


def arrays_in_objects(a):
    p = Body(a, a * 2.0)
    p.mass[0] = a[1] * 3.0
    q = Body(p.mass + p.speed, p.speed)
    q.speed *= 2.0
    return np.sum(q.mass * p.speed) + a[0]


class Tree:
    def __init__(self, n):
        self.n = n
        self.left = Tree(n - 1) if n > 0 else None

    def count(self):
        return 1 + (self.left.count() if self.left else 0)


def beside_a_recursive_class(x):
    p = Frozen(x, 2.0)
    return p.a * p.b * Tree(3).count()


A = some(3)
PROGRAMS = [
    case(totals, 0.8, smooth=True), case(totals_in_a_loop, 0.8, 3, smooth=True), case(total_in_a_closure, 0.8, smooth=True),
    case(optimizer_made, A, smooth=True), case(history_kept, 0.8), case(table_filled, 0.8, smooth=True),
    case(network_made, some(2, 2), smooth=True), case(inherited, 0.8, smooth=True), case(class_method, 0.8, smooth=True),
    case(abstract_base, 0.8, 1, smooth=True), case(abstract_base, 0.8, 0, smooth=True),
    case(data_class, 0.8, smooth=True), case(frozen_data_class, 0.8, smooth=True),
    case(data_class_with_a_made_default, 0.3, smooth=True), case(prepared_data_class, 0.8, smooth=True),
    case(namespace_made, 0.8, smooth=True),
    case(objects_in_objects, 0.8, smooth=True), case(made_early, 1.3, smooth=True), case(bound_again, 0.8, smooth=True),
    case(swapped_objects, 0.8, smooth=True), case(best_object, 0.8, smooth=True),
    case(beside_a_recursive_class, 0.8, smooth=True),
    case(beside_objects_that_are_printed, 0.8, smooth=True), case(arrays_in_objects, A),
]
