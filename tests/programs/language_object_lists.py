"""Objects that are made and put into lists or tuples: particles, layers, stacks."""
import math

import numpy as np
from language_case import case, some
from language_made_objects import Frozen, Linear
from language_number_classes import Vec2


class Layers:
    def __init__(self, *weights):
        self.layers = [Linear(w, 0.1) for w in weights]

    def forward(self, v):
        for layer in self.layers:
            v = layer(v)
        return v


class Stack:
    def __init__(self):
        self.items = []

    def push(self, v):
        self.items.append(v)

    def pop(self):
        return self.items.pop()

    def __len__(self):
        return len(self.items)


def vectors_in_a_list(x):
    points = [Vec2(x, k) for k in range(3)]
    t = Vec2(0.0, 0.0)
    for p in points:
        t = t + p * abs(p)
    return abs(t) + points[-1].x


def distances(x):
    points = []
    for k in range(4):
        p = Vec2(x * k, x)
        p.y = p.y * k
        points.append(p)
    t = 0.0
    for i in range(len(points)):
        for j in range(i):
            t += abs(points[i] - points[j])
    return t


def network_of_a_list(w):
    return np.sum(Layers(w, 2.0 * w).forward(np.array([1.0, 2.0])))


def nearest(x):
    points = [Vec2(x * math.cos(k), x) for k in range(4)]
    best = points[0]
    for p in points:
        if p.x < best.x:
            best = p
    return best.x * best.y * max(points, key=lambda p: p.x).y


def list_by_two_names(x):
    points = [Vec2(x * k, x) for k in range(3)]
    others = points
    others.append(Vec2(x, x))
    return points[-1].x * len(points)


def mapped_objects(x):
    return sum(map(lambda p: abs(p), [Vec2(x, 1.0), Vec2(1.0, x * x)]))


def unpacked_objects(x):
    a, b = [Vec2(x, 1.0), Vec2(1.0, x)]

    def pair():
        return Vec2(x, x), Frozen(2.0, x)

    c, d = pair()
    return a.dot(b) * c.x * d.b


def stack_emptied(x):
    s = Stack()
    s.push(x)
    s.push(x * x)
    s.push(s.pop() * 2.0 * x)
    t = 0.0
    while len(s) > 0:
        t += s.pop() * x
    return t


PROGRAMS = [
    case(vectors_in_a_list, 0.8), case(distances, 0.8), case(network_of_a_list, some(2, 2)), case(nearest, 0.8),
    case(list_by_two_names, 0.8, smooth=True), case(mapped_objects, 0.8), case(unpacked_objects, 0.8, smooth=True),
    case(stack_emptied, 0.8, smooth=True),
]
