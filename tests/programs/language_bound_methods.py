"""Methods that are taken from an object and called later, and attributes whose names are values."""
import functools

import numpy as np
from language_case import case


def advanced(slope, y, n):
    for _ in range(n):
        y = y + 0.1 * slope(y)
    return y


class Decay:
    gain = 1.5

    def __init__(self, rate):
        self.rate = rate

    def slope(self, y):
        return -self.rate * y

    def power(self, y, exponent=2.0):
        return y ** exponent * self.rate

    def weighted(self, *values, **options):
        return sum(values) * self.rate + options.get("offset", 0.0)

    def scaled(self, y, *, by=None):
        return y * self.rate if by is None else y * by

    @staticmethod
    def product(a, b):
        return a * b

    def run(self, y):
        return advanced(self.slope, y, 3)

    def twice(self, y):
        step = self.slope
        return step(step(y))

    def chosen(self, name, y):
        if name == "power":
            function = self.power
        else:
            function = self.scaled
        return function(y)

    def partly(self, y):
        cubed = functools.partial(self.power, exponent=3.0)
        return cubed(y) * cubed(self.rate)

    def of_a_table(self, y):
        functions = {"power": self.power, "scaled": self.scaled}
        return functions["power"](y) - functions["scaled"](y)

    def all_of(self, y):
        return sum(f(y) for f in (self.power, self.scaled, self.slope))

    def of_any_arguments(self, y):
        f = self.weighted
        return f(y, 2.0 * y, offset=y * y) + self.scaled(y, by=y)

    def folded(self, values):
        f = self.product
        return functools.reduce(self.product, values) + f(values[0], self.rate)

    def mapped(self, values):
        return sum(map(self.power, values)) * max(values, key=self.scaled)

    def named(self, name, *values):
        return getattr(self, name)(*values)

    def by_names(self, y):
        for name in ("slope", "power"):
            y = y + getattr(self, name)(y)
        return y


DECAY = Decay(1.2)


def method_of_a_made_object_passed(x):
    return Decay(x).run(2.0)


def method_of_an_argument_passed(decay, x):
    return decay.run(x)


def method_of_an_object_outside_passed(x):
    return advanced(DECAY.slope, x, 2) * DECAY.twice(x)


def method_bound_to_a_name(x):
    return Decay(x * x).twice(x)


def method_chosen(x):
    return Decay(x).chosen("power", x) * Decay(x).chosen("scaled", 2.0)


def method_bound_in_part(x):
    return Decay(x).partly(x)


def methods_in_a_dict(x):
    return Decay(x).of_a_table(x * x)


def methods_in_a_tuple(x):
    return Decay(x).all_of(x)


def method_of_any_arguments(x):
    return Decay(x).of_any_arguments(x)


def static_method_passed(x):
    return Decay(x).folded([x, 2.0 * x, x * x])


def methods_mapped(a, x):
    return Decay(x).mapped([a[0], a[1], x])


def methods_of_an_argument(decay, x):
    return (decay.twice(x) + decay.chosen("power", x) + decay.partly(x) + decay.of_a_table(x) + decay.all_of(x)
            + decay.of_any_arguments(x) + decay.folded([x, x]) + decay.mapped([x, 2.0 * x]))


def method_of_the_object_of_each_trip(x):
    y = 1.0
    for k in range(3):
        decay = Decay(x * (k + 1))
        slope = decay.slope
        y = y + 0.1 * slope(y) + advanced(decay.slope, y, 2)
    return y


def method_bound_before_the_name_is_rebound(x):
    decay = Decay(x)
    slope = decay.slope
    decay = Decay(3.0 * x)
    return slope(x) * decay.slope(2.0)


def method_bound_before_the_attribute_changes(x):
    decay = Decay(x)
    slope = decay.slope
    decay.rate = decay.rate * x
    return slope(2.0) * x


class Fit:
    def __init__(self, scale, shift=None):
        self.scale = scale
        if shift is not None:
            self.shift = shift

    def __call__(self, x):
        if hasattr(self, "shift"):
            return self.scale * x + self.shift
        return self.scale * x


def attribute_by_a_known_name(x):
    fit = Fit(x * x)
    return fit.scale * x + getattr(fit, "nothing", 3.0) * x + getattr(fit, "scale", 1.0)


def attributes_by_names(x):
    fit, total = Fit(x, 2.0 * x), 0.0
    for name in ("scale", "shift"):
        total = total + getattr(fit, name) ** 2
    for name, value in (("scale", x), ("shift", x * x)):
        setattr(fit, name, value)
    return total * fit(x)


def attribute_asked_for(x):
    return Fit(x)(x) * Fit(x, x * x)(2.0)


def attribute_of_an_argument_asked_for(fit, x):
    return fit(x) * getattr(fit, "shift", 2.0) + getattr(fit, "scale", 0.0)


def method_by_its_name(x):
    decay = Decay(x)
    return decay.named("slope", x) + decay.named("weighted", x, x * x) + decay.by_names(x)


def attributes_of_arrays_and_numbers_asked_for(a, x):
    scaled = a * x if hasattr(a, "shape") and getattr(a, "ndim", 0) == 1 else x
    return np.sum(scaled) * (2.0 if hasattr(x, "__len__") else 3.0)


def attribute_that_may_be_missing(x):
    fit = Fit(x)
    if x > 0.0:
        fit.shift = x * x
    return getattr(fit, "shift", 5.0) * x


A = np.array([0.4, -1.2, 0.7])
REFUSED = [(attribute_that_may_be_missing, (0.8,), "getattr has no derivative rule")]
PROGRAMS = [
    *(case(f, 0.8, smooth=True) for f in [
        method_of_a_made_object_passed, method_of_an_object_outside_passed, method_bound_to_a_name, method_chosen,
        method_bound_in_part, methods_in_a_dict, methods_in_a_tuple, method_of_any_arguments, static_method_passed,
        method_of_the_object_of_each_trip, method_bound_before_the_name_is_rebound,
        method_bound_before_the_attribute_changes, attribute_by_a_known_name, attributes_by_names, attribute_asked_for,
        method_by_its_name]),
    case(method_of_an_argument_passed, Decay(1.2), 0.8), case(methods_of_an_argument, Decay(1.2), 0.8),
    case(methods_mapped, A, 0.8), case(attribute_of_an_argument_asked_for, Fit(1.2), 0.8),
    case(attribute_of_an_argument_asked_for, Fit(1.2, 0.3), 0.8),
    case(attributes_of_arrays_and_numbers_asked_for, A, 0.8, smooth=True),
]
