"""Writes to attributes: state that methods keep, counters, caches, and objects that share them."""
import numpy as np
from language_case import case, vector
from language_objects import Oscillator


class Filter:
    """A filter with its state in attributes, as such classes are written."""

    def __init__(self, gain=0.3):
        self.x, self.p, self.count, self.gain, self.last = 0.5, 1.0, 0, gain, None

    def predict(self, noise):
        self.p = self.p + noise * noise

    def update(self, z):
        k = self.p / (self.p + self.gain)
        self.x = self.x + k * (z - self.x) * self.x
        self.p *= 1.0 - k
        self.count += 1
        return self.x

    def run(self, zs, noise):
        for z in zs:
            self.predict(noise)
            if self.count > 1:
                self.last = z * noise
            self.update(z)
        return self.x * self.p


def state_in_loop(f, zs):
    for i in range(len(zs)):
        f.p = f.p + 0.1
        k = f.p / (f.p + f.gain)
        f.x = f.x + k * (zs[i] - f.x) * f.x
        f.count += 1
    return f.x * f.p + f.count


def state_in_methods(f, zs, noise):
    return f.run(zs, noise) + f.last * f.x


def tests_on_state(f, x):
    while f.x < 2.0:
        f.x = f.x + x * f.x
        f.count += 1
    if f.count > 2:
        f.x *= x
    return f.x


def overwritten_state(f, x):
    f.x = x
    y = f.x * f.x
    f.x = y * x
    f.x, f.p = f.p * f.x, f.x
    return f.x - f.p * y


def array_in_state(f, a):
    f.last = a * 2.0
    s = 0.0
    for k in range(3):
        f.last = f.last * a
        s = s + f.last[k]
    f.last = s
    return f.last * s


def state_stored_in_branch(f, x):
    if x > 0.5:
        f.last = x * x
        if f.last > 10.0:
            return f.last
    else:
        f.last = 3.0
    return f.last * x


def cache_of_a_value(o, x):
    o.shift = None
    if o.shift is None:
        o.shift = o.bend(x)
    return o.shift * o.energy(o.shift)


def two_objects(f, g, x):
    f.x = x * g.x
    g.x = f.x * x
    return f.x + g.x * g.x


def list_of_states(f, x):
    history = []
    for _ in range(3):
        f.x = f.x * x
        history.append(f.x)
    return history[0] * history[2] + f.x


def counted_beside_shared_arrays(f, a, n):
    f.n = 1.0
    b = a if n > 0 else a * 2.0
    f.n = f.n + n
    b[0] = a[1] * b[0] * f.n
    return np.sum(a) + np.sum(b * b)


class Meter:
    """Counts its calls; `gain` stays."""

    def __init__(self):
        self.calls, self.gain = 0, 1.3

    def read(self, q=0.4):
        self.calls += 1
        return q

    def scaled(self, q):
        self.calls = self.calls + 1
        return q * self.gain


METER = Meter()


def meter_outside(x):
    return METER.read(x) * METER.scaled(x * x) + METER.read()


def meter_outside_in_a_loop(x, n):
    s = 0.0
    for k in range(n):
        if k % 2:
            s += METER.read(x) * METER.gain
        else:
            s = s * x + METER.scaled(x)
    return s


PROGRAMS = [
    case(meter_outside, 0.8, smooth=True), case(meter_outside_in_a_loop, 0.8, 4, smooth=True),
    case(state_in_loop, Filter(), vector(1.0, 0.4, -0.3), smooth=True),
    case(state_in_methods, Filter(), vector(1.0, 0.4, -0.3), 0.6, smooth=True),
    case(tests_on_state, Filter(), 0.7), case(overwritten_state, Filter(), 0.8, smooth=True),
    case(array_in_state, Filter(), vector(1.0, 0.4, -0.3), smooth=True),
    case(state_stored_in_branch, Filter(), 0.8), case(state_stored_in_branch, Filter(), 0.2),
    case(cache_of_a_value, Oscillator(1.25), 0.8, smooth=True), case(two_objects, Filter(), Filter(0.7), 0.8, smooth=True),
    case(list_of_states, Filter(), 0.8, smooth=True),
    case(counted_beside_shared_arrays, Filter(), vector(1.0, 0.4, -0.3), 2),
    case(counted_beside_shared_arrays, Filter(), vector(1.0, 0.4, -0.3), 0),
]
