"""Classes and objects: attributes, methods, inheritance, properties, objects that are called."""
import enum
import math
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
from language_case import case, some, vector


class Mode(enum.Enum):
    FAST = 1
    EXACT = 2


class Oscillator:
    """Flags, numbers, arrays and a function in attributes; a constant of the class."""

    scale = 2.0

    def __init__(self, rate, method="fast", mode=Mode.EXACT, shift=None, inner=None):
        self.rate, self.method, self.mode, self.shift, self.inner = rate, method, mode, shift, inner
        self.weights = np.array([0.5, -1.5, 2.0])
        self.activation = math.tanh
        self.__hidden = 0.25
        self.steps = 3

    def energy(self, x):
        return self.rate * self.bend(x) * self.scale

    def bend(self, x, power=2):
        return self.activation(x) ** power

    def run(self, x):
        y = x
        for _ in range(self.steps):
            if y > 1.5:
                return y * self.rate
            y = y + self.energy(y) * self.__hidden
        return y

    @property
    def doubled(self):
        return 2.0 * self.rate

    @staticmethod
    def cube(x):
        return x**3

    @classmethod
    def of_rate(cls, rate):
        return cls(rate)

    def __call__(self, x, *, offset=1.0):
        return self.bend(x) + offset * x

    def along(self, x):
        return np.sum(self.weights * x)


class Damped(Oscillator):
    """Overrides one method and calls the one of its base."""

    def __init__(self, rate, damping):
        super().__init__(rate)
        self.damping = damping

    def bend(self, x, power=2):
        return super().bend(x, power) * np.exp(-self.damping * x)


class Chain:
    """Objects in a list, and one called through an attribute."""

    def __init__(self, parts):
        self.parts, self.last = parts, parts[-1]

    def __len__(self):
        return len(self.parts)

    def through(self, x):
        for part in self.parts:
            x = part(x)
        return self.last(x)


@dataclass(frozen=True)
class Options:
    tolerance: float = 1e-3
    terms: int = 4
    names: list = field(default_factory=lambda: ["sin"])


class Slotted:
    __slots__ = ("gain",)

    def __init__(self, gain):
        self.gain = gain


SINGLETON = Oscillator(0.75)


def flags_decide(o, x):
    if o.method == "fast" and o.mode is Mode.EXACT:
        x = x * x
    if o.shift is not None:
        x = x + o.shift
    return x * o.rate


def method_called(o, x):
    return o.energy(x) + o.along(vector(1.0, 2.0, 3.0) * x)


def method_with_loop_and_exit(o, x):
    return o.run(x)


def overridden_method(o, x):
    return o.energy(x) * x


def property_read(o, x):
    y = o.doubled * x
    return y * o.doubled if o.doubled > 1.0 else y


def object_called(o, x):
    return o(x) * o(x, offset=2.0)


def static_method(o, x):
    return o.cube(x) + Oscillator.cube(2.0 * x) + Oscillator.bend(o, x, 3)


def function_in_attribute(o, x):
    return o.activation(x) * x


def objects_in_attributes(o, x):
    return o.inner.energy(x) * o.inner.inner.rate + o.energy(x)


def objects_in_list(c, x):
    return c.through(x) * len(c)


def objects_of_two_classes(c, x):
    return c.through(x)


def global_object(x):
    return SINGLETON.energy(x) * SINGLETON.rate + SINGLETON(x)


def frozen_options(x, options=Options()):
    s = 0.0
    for k in range(options.terms):
        s += x**k * options.tolerance
    return s if options.names[0] == "sin" else x


def slots(s, x):
    return s.gain * x * x


def namespace_of_numbers(n, x):
    return n.a * x * x + np.sum(n.b * x)


def arrays_of_objects(o, x):
    return np.sum(np.tanh(x * o.weights)) * o.rate


def method_with_inner_derivative(o, x):
    return x * o.energy(x) + o.steps


def object_in_container(pair, x):
    o, factor = pair
    return o.energy(x) * factor


class Store:
    """Has methods by the names of a dict's, which do other things."""

    def __init__(self):
        self.rate = 2.0

    def __contains__(self, key):
        return key == "none"

    def get(self, key, default):
        return default * 3.0

    def update(self, x):
        return x * self.rate


def methods_like_those_of_a_dict(s, x):
    if "rate" in s or "none" not in s:
        return x
    return s.get("rate", x) * s.update(x)


O, D = Oscillator(1.25), Damped(0.5, 0.75)

@dataclass
class Gain:
    """A data class compares by its fields, so it has no hash."""

    g: float

    def __call__(self, x):
        return self.g * x * x


GAIN = Gain(2.0)


def callables_without_a_hash(x, other):
    return GAIN(x) * other(x)


PROGRAMS = [
    case(callables_without_a_hash, 0.7, Gain(3.0), wrt=(0,)),
    case(flags_decide, O, 0.8, smooth=True), case(flags_decide, Oscillator(2, "slow", Mode.FAST, 0.5), 0.8, smooth=True),
    case(method_called, O, 0.8, smooth=True), case(method_with_loop_and_exit, O, 0.8),
    case(overridden_method, D, 0.8, smooth=True), case(property_read, O, 0.8, smooth=True),
    case(object_called, O, 0.8, smooth=True), case(static_method, O, 0.8, smooth=True),
    case(function_in_attribute, O, 0.8, smooth=True),
    case(objects_in_attributes, Oscillator(1.5, inner=Oscillator(0.5, inner=D)), 0.8, smooth=True),
    case(objects_of_two_classes, Chain([O, D, O]), 0.3), case(objects_in_list, Chain([O, O]), 0.3, smooth=True),
    case(global_object, 0.8, smooth=True), case(frozen_options, 0.8, smooth=True),
    case(slots, Slotted(1.5), 0.8, smooth=True), case(namespace_of_numbers, SimpleNamespace(a=1.5, b=some(3)), 0.8),
    case(arrays_of_objects, O, some(3), smooth=True), case(method_with_inner_derivative, O, 0.8, smooth=True),
    case(methods_like_those_of_a_dict, Store(), 0.8, smooth=True),
    case(object_in_container, (O, 2.0), 0.8, smooth=True),
]
