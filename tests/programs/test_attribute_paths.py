"""Gradients with respect to attributes and to whole objects, of functions and of methods; partial objects."""
import copy
import functools
import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from test_language import flat, moved

import autodiff_src as ad


class Dense:
    def __init__(self, n, m, seed, activation=np.tanh):
        rng = np.random.default_rng(seed)
        self.w, self.b, self.activation = rng.normal(size=(n, m)), rng.normal(size=m), activation

    def __call__(self, x):
        return self.activation(x @ self.w + self.b)


class Network:
    """A user's model: layers in a list, a loss with a penalty, and a training loop outside."""

    def __init__(self):
        self.layers = [Dense(3, 4, 0), Dense(4, 2, 1)]
        self.decay, self.name, self.calls = 0.05, "net", 7

    def predict(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def loss(self, x, y):
        error = self.predict(x) - y
        return np.mean(error * error) + self.penalty

    @property
    def penalty(self):
        return self.decay * np.sum(self.layers[0].w ** 2)


@dataclass
class Parameters:
    """Numbers, an array, a list, and what carries no derivative."""

    gain: float
    weights: np.ndarray
    terms: list = field(default_factory=list)
    name: str = "p"
    count: int = 2

    def __post_init__(self):
        assert self.name == "p", "made again"


@dataclass(frozen=True)
class Pair:
    first: Parameters
    second: Parameters


X = np.random.default_rng(5).normal(size=(6, 3))
Y = np.random.default_rng(6).normal(size=(6, 2))


def of_dataclass(p, x):
    s = p.gain * np.sum(np.sin(p.weights * x))
    for k in range(p.count):
        s = s + p.terms[k] * x**k
    return s * p.gain


def of_pair(pair, x):
    return of_dataclass(pair.first, x) * pair.second.gain + pair.second.weights[1]


def parameters(shift=0.0):
    return Parameters(1.5 + shift, np.array([0.3, -0.6, 0.9]), [0.7, -1.1])


def differences(f, value, put):
    """Central differences with respect to the numbers in `value`, where `put(changed)` calls f."""
    units = 1e-6 * np.eye(flat(value).size)
    return np.array([(put(moved(value, iter(u))) - put(moved(value, iter(-u)))) / 2e-6 for u in units])


def set_at(model, path, value):
    new = copy.deepcopy(model)
    exec(f"model.{path} = value", {"model": new, "value": value})
    return new


@pytest.mark.parametrize("path", ["layers[0].w", "layers[1].b", "decay", "layers[1].w"])
def test_attribute_of_a_model(path):
    net = Network()
    value = eval(f"net.{path}")
    expected = differences(Network.loss, value, lambda v: set_at(net, path, v).loss(X, Y))
    for derived, args in (
        (ad.grad(net.loss, wrt=f"self.{path}"), (X, Y)),
        (ad.grad(Network.loss, wrt=f"self.{path}"), (net, X, Y)),
        (lambda *a: ad.vjp(net.loss, *a, wrt=f"self.{path}")[1](1.0)[0], (X, Y)),
    ):
        found = derived(*args)
        assert type(found) is type(value) and np.shape(found) == np.shape(value)
        np.testing.assert_allclose(flat([found]), expected, rtol=1e-6, atol=1e-8)
        assert not isinstance(found, np.ndarray) or not np.shares_memory(found, value)


def test_training_a_network():
    net = Network()
    wrt = tuple(f"self.layers[{i}].{name}" for i in range(2) for name in ("w", "b"))
    step = ad.value_and_grad(net.loss, wrt=wrt)
    values = []
    for _ in range(60):
        value, gradients = step(X, Y)
        values.append(value)
        for i, layer in enumerate(net.layers):
            layer.w = layer.w - 0.3 * gradients[2 * i]
            layer.b -= 0.3 * gradients[2 * i + 1]
    assert values[-1] < 0.6 * values[0] and values[-1] == min(values)


def test_several_attributes_and_arguments():
    net = Network()
    d_w, d_x, d_decay = ad.grad(net.loss, wrt=("self.layers[0].w", 0, "self.decay"))(X, Y)
    np.testing.assert_allclose(d_w, ad.grad(net.loss, wrt="self.layers[0].w")(X, Y))
    np.testing.assert_allclose(d_x, ad.grad(net.loss)(X, Y))
    assert d_decay == pytest.approx(np.sum(net.layers[0].w ** 2))


def test_whole_objects():
    p = parameters()
    gradient = ad.grad(of_dataclass)(p, 0.4)
    assert type(gradient) is Parameters and gradient.name is None and gradient.count is None
    expected = differences(of_dataclass, vars(p), lambda v: of_dataclass(Parameters(**v), 0.4))
    np.testing.assert_allclose(flat([gradient.gain, gradient.weights, gradient.terms]), expected, rtol=1e-7, atol=1e-9)
    pair = Pair(parameters(), parameters(1.0))
    found = ad.grad(of_pair)(pair, 0.4)
    assert type(found) is Pair and type(found.second.terms) is list
    assert found.second.terms == [0.0, 0.0] and found.second.weights.tolist() == [0.0, 1.0, 0.0]
    assert found.second.gain == pytest.approx(of_dataclass(pair.first, 0.4))
    np.testing.assert_allclose(found.first.weights, gradient.weights * 2.5)
    (again,) = ad.vjp(of_pair, pair, 0.4, wrt=0)[1](2.0)
    np.testing.assert_allclose(again.first.weights, gradient.weights * 5.0)
    both = ad.vjp(of_dataclass, p, 0.4)[1](1.0)
    assert both[0].gain == pytest.approx(gradient.gain) and isinstance(both[1], float)


def test_second_derivatives_of_attributes():
    def along(p, x):
        return ad.grad(of_dataclass, wrt="p.gain")(p, x)

    assert ad.grad(ad.grad(of_dataclass, wrt=1), wrt=1)(parameters(), 0.4) == pytest.approx(
        differences(None, 0.4, lambda x: ad.grad(of_dataclass, wrt=1)(parameters(), x))[0], rel=1e-6)
    assert ad.grad(along, wrt=1)(parameters(), 0.4) == pytest.approx(
        differences(None, 0.4, lambda x: along(parameters(), x))[0], rel=1e-6)
    net = Network()
    mixed = ad.grad(lambda x: np.sum(ad.grad(Network.loss, wrt="self.decay")(net, x, Y) * x))
    np.testing.assert_allclose(mixed(X), np.full_like(X, np.sum(net.layers[0].w ** 2)))


class Oscillator:
    def __init__(self, rate):
        self.rate = rate

    def energy(self, x, y=2.0, *rest, scale=1.0):
        return self.rate * x**2 * y * scale + sum(rest)

    def __call__(self, x):
        return math.sin(self.rate * x)

    @functools.partial(ad.grad, wrt=1)
    def force(self, x):
        return self.rate * x**3

    @classmethod
    def unit(cls, x):
        return x**3

    @staticmethod
    def plain(x):
        return x**4


def test_methods_partial_objects_and_callables():
    o = Oscillator(1.5)
    energy = ad.grad(o.energy)
    assert energy(0.5) == pytest.approx(3.0) and energy(0.5, 4.0, scale=2.0) == pytest.approx(12.0)
    assert energy.__name__ == "energy" and str(__import__("inspect").signature(energy)).startswith("(x, y=2.0")
    assert "def energy_grad(self, x, y, *rest" in energy.source.replace("=2.0", "")
    assert ad.source(energy, 0.5) == ad.source(ad.grad(Oscillator.energy, wrt=1), o, 0.5)
    assert ad.grad(o.energy, wrt=(1, "self.rate"))(0.5) == pytest.approx((0.375, 0.5))
    assert ad.grad(o.energy, wrt=-1)(0.5) == pytest.approx(0.375)
    assert ad.grad(o.energy, wrt=2)(0.5, 2.0, 3.0) == 1.0
    assert ad.grad(o)(0.5) == pytest.approx(1.5 * math.cos(0.75))
    assert ad.grad(o.unit)(2.0) == 12.0 and ad.grad(Oscillator.plain)(2.0) == 32.0
    assert o.force(2.0) == pytest.approx(18.0)
    assert ad.grad(ad.grad(o.energy))(0.5) == pytest.approx(6.0)
    assert ad.grad(functools.partial(o.energy, y=3.0), wrt=0)(0.5) == pytest.approx(4.5)
    assert ad.grad(functools.partial(Oscillator.energy, o, 0.5))(3.0) == pytest.approx(0.375)
    assert ad.value_and_grad(functools.partial(o, 0.5), wrt="self.rate")() == pytest.approx(
        (math.sin(0.75), 0.5 * math.cos(0.75)))
    o.rate = 2.5
    assert energy(0.5) == pytest.approx(5.0)
    assert ad.vjp(o.energy, 0.5, 2.0)[1](1.0) == pytest.approx((5.0, 0.625))


def reads_another(net, other, x):
    return np.sum(net.layers[0](x)) * np.sum(other.w)


def test_objects_reached_in_two_ways():
    net = Network()
    with pytest.raises(ad.ArgumentError, match="Dense that is differentiated is reached in two ways.*\n?.*Fix: "):
        ad.grad(reads_another, wrt="net.layers[0].w")(net, net.layers[0], X)
    ad.grad(reads_another, wrt="net.layers[0].w")(net, copy.copy(net.layers[0]), X)
    net.layers[1] = net.layers[0] = Dense(3, 3, 0)
    with pytest.raises(ad.ArgumentError, match="two ways"):
        ad.grad(net.loss, wrt="self.layers[0].w")(X, np.ones((6, 3)))
    assert ad.grad(net.loss)(X, np.ones((6, 3))).shape == X.shape


GLOBAL = Network()


def test_a_global_that_is_an_argument_too():
    def f(net, x):
        return net.decay * GLOBAL.decay * x

    assert ad.grad(f, wrt="net.decay")(Network(), 3.0) == pytest.approx(0.15)
    with pytest.raises(ad.ArgumentError, match="two ways"):
        ad.grad(f, wrt="net.decay")(GLOBAL, 3.0)


@pytest.mark.parametrize(("wrt", "words"), [
    ("net.calls", "net.calls is of an integer type"), ("net.name", "net.name carries no derivative"),
    ("net.missing", "net has no attribute 'missing' of its own"), ("net.layers.w", "has no attribute 'w'"),
    ("net.penalty", "no attribute 'penalty' of its own"), ("model.w", "no parameter"), ("net.layers[", "is no path"),
    ("net()", "is no path"), (("net.decay", "net.decay"), "a parameter twice"),
])
def test_bad_paths(wrt, words):
    def f(net, x):
        return net.loss(x, Y)

    with pytest.raises(ad.ArgumentError, match=words.replace("(", r"\(").replace("[", r"\[")):
        ad.grad(f, wrt=wrt)(Network(), X)


class Tracked:
    """A state that is stored anew, and a history of it."""

    def __init__(self, x, k=0.7):
        self.x, self.k, self.history, self.parts = x, k, [], [Parameters(0.5, np.array([0.2, 0.4]))]


def state_stored(m, z):
    for _ in range(3):
        m.x = m.x + m.k * (z - m.x)
    return np.sum(m.x * m.x) * m.k


def state_stored_beside_a_history(m, z):
    for _ in range(3):
        m.x = m.x + m.k * (z - m.x)
        m.history.append(m.x)
    return m.x * m.k + sum(m.history)


def state_forgotten(m, z):
    t = np.sum(m.x) * m.k
    m.x = z * m.k
    return t * m.x


def parts_beside_a_history(m, z):
    for part in m.parts:
        m.history.append(part.gain * z)
        part.weights *= m.history[-1] * m.x
    return np.sum(m.parts[0].weights ** 2) * m.parts[0].gain + m.history[0]


@pytest.mark.parametrize("f, x, path", [
    (state_stored, 0.4, "x"), (state_stored, 0.4, "k"), (state_stored, np.array([0.4, 0.9]), "x"),
    (state_stored_beside_a_history, 0.4, "x"), (state_stored_beside_a_history, 0.4, "k"), (state_forgotten, 0.4, "x"),
    (state_forgotten, 0.4, "k"), (parts_beside_a_history, 0.4, "x"),
    (parts_beside_a_history, 0.4, "parts[0].gain"), (parts_beside_a_history, 0.4, "parts[0].weights")])
def test_attributes_that_are_stored_and_lists_that_grow(f, x, path):
    def moved_by(step):
        m = Tracked(copy.copy(x))
        holder, name = (m.parts[0], path.split(".")[1]) if "." in path else (m, path)
        setattr(holder, name, getattr(holder, name) + step)
        return f(m, 1.1)

    found = ad.grad(f, wrt=f"m.{path}")(Tracked(copy.copy(x)), 1.1)
    steps = 1e-6 * np.eye(np.size(found)).reshape(-1, *np.shape(found))
    wanted = [(moved_by(step) - moved_by(-step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(np.ravel(found), wanted, rtol=1e-7)


def test_an_array_that_is_stored_anew_beside_what_grows():
    with pytest.raises(ad.UnsupportedError, match="a container that is changed"):
        ad.grad(state_stored_beside_a_history, wrt="m.x")(Tracked(np.array([0.4, 0.9])), 1.1)
