"""Named tuples: made, read by name and by position, replaced, passed and returned."""
import collections
import math
import typing

import numpy as np
from language_case import case, some

Point = collections.namedtuple("Point", "x y")
Options = collections.namedtuple("Options", ["rate", "steps", "mode"], defaults=["fast"])


class State(typing.NamedTuple):
    position: float
    speed: float
    time: float = 0.0

    def energy(self):
        return 0.5 * self.speed**2 + self.position**2

    @property
    def doubled(self):
        return 2.0 * self.speed


class Layer(typing.NamedTuple):
    w: np.ndarray
    b: float

    def apply(self, v):
        return np.tanh(self.w * v + self.b)


class Vector(Point):
    __slots__ = ()

    def norm(self):
        return math.sqrt(self.x**2 + self.y**2)


def fields_read(x):
    p = Point(x, x * x)
    q = Point(y=x, x=2.0 * p.y)
    return p.x * p.y + q[0] * q[-1]


def fields_unpacked(x):
    a, b = Point(x, x * x)
    for px, py in [Point(x, 1.0), Point(2.0, x)]:
        a += px * py
    return a * b


def fields_replaced(x):
    p = Point(x, 2.0)
    q = p._replace(y=p.x * 3.0)
    d = q._asdict()
    return q.x * q.y * d["y"] + len(d) + len(q._fields)


def state_stepped(x, n):
    s = State(x, 1.0)
    for _ in range(n):
        s = State(s.position + 0.1 * s.speed, s.speed - 0.1 * s.position, s.time + 0.1)
    return s.energy() * s.doubled


def state_until(x):
    s = Point(x, 0)
    while s.y < 3:
        s = Point(s.x * x + s.y, s.y + 1)
    return s.x


def moved(s, x):
    return State(s.position * x, s.speed, s.time)


def through_a_helper(x):
    s = moved(State(x, 2.0), x)
    return s.position * s.speed


def scaled_again(p, n):
    return p if n == 0 else scaled_again(Point(p.x * p.y, p.y), n - 1)


def through_a_recursion(x):
    p = scaled_again(Point(x, x), 3)
    return p.x + p.y


def in_a_list(x):
    h = []
    p = Point(x, 1.0)
    for _ in range(3):
        p = Point(p.x * p.y, p.y + x)
        h.append(p)
    return h[1].x * h[-1].y + sum([q.x for q in h])


def in_a_dict(x):
    d = {"a": Point(x, 2.0)}
    d["b"] = Point(d["a"].x * x, x)
    return d["b"].x * d["b"].y


def in_each_other(x):
    p = Point(Point(x, 2.0), (x, x * x))
    return p.x.x * p.y[1] + p[0].y


def printed(x):
    p = Point(x, 2.0)
    print(p, f"{p}", repr(p), isinstance(p, Point), isinstance(p, tuple), type(p).__name__, p == (x, 2.0), p._fields)
    return p.x * p.y if isinstance(p, Point) else x


def with_methods(x):
    return Vector(x, x * x).norm() * Vector(x, 2.0).x


def arguments_by_stars(x):
    p = Point(*[x, 2.0])
    q = Point(**{"x": x, "y": 3.0})
    return p.x * p.y + q.x * q.y


def as_a_tuple(x):
    p = Point(x, 1.0)
    t = p + (x * x,)
    return t[2] * t[0] + sum(p) + max(p) + np.sum(np.array(p) ** 2)


def chosen_in_a_branch(x):
    p = Point(x, 1.0)
    if x > 0.5:
        p = Point(x * x, p.x)
    return p.x * p.y


def read_by_a_closure(x):
    p = Point(x, 2.0)

    def f(t):
        return p.x * t + p.y

    def step():
        nonlocal p
        p = p._replace(x=p.x * p.y)

    p = p._replace(x=p.x * x)
    step()
    return f(x) * f(1.0)


def of_arrays(a):
    p = Point(a[0], a * 2.0)
    return p.x * np.sum(p.y)


def options_as_argument(x, o):
    y = x
    for _ in range(o.steps):
        y = y - o.rate * y * y if o.mode == "fast" else y
    return y


def differentiated(p, k):
    return p.x * p.x * k + p.y


def layer_trained(p, n):
    for _ in range(n):
        g = Layer(p.w * 0.1, p.b * 0.2)
        p = Layer(p.w - g.w * p.w, p.b - g.b)
    return np.sum(p.apply(2.0)) * p.b


def layers_applied(layers, v):
    for layer in layers:
        v = layer.apply(v)
    return np.sum(v)


def pair_of_states(pair):
    one, other = pair["one"], pair["other"]
    return one.energy() * other.position


PROGRAMS = [
    case(fields_read, 0.8, smooth=True), case(fields_unpacked, 0.8, smooth=True), case(fields_replaced, 0.8, smooth=True),
    case(state_stepped, 0.8, 3, smooth=True), case(state_until, 0.8, smooth=True), case(through_a_helper, 0.8, smooth=True),
    case(through_a_recursion, 0.8), case(in_a_list, 0.8), case(in_a_dict, 0.8), case(in_each_other, 0.8),
    case(printed, 0.8, smooth=True), case(with_methods, 0.8, smooth=True), case(arguments_by_stars, 0.8, smooth=True),
    case(as_a_tuple, 0.8), case(chosen_in_a_branch, 0.8), case(read_by_a_closure, 0.8, smooth=True),
    case(of_arrays, some(3), smooth=True), case(options_as_argument, 0.8, Options(0.1, 3), wrt=(0, 1)),
    case(differentiated, Point(0.8, 2.0), 1.5, wrt=(0, 1)), case(layer_trained, Layer(some(3), 0.5), 2, wrt=(0,)),
    case(layers_applied, [Layer(some(3), 0.5), Layer(2.0 * some(3), -0.1)], some(3), wrt=(0, 1)),
    case(pair_of_states, {"one": State(0.8, 1.2), "other": State(0.3, 0.4)}, wrt=(0,)),
]
