"""Objects given as arguments of which the lists, dicts, arrays and objects are written into: logs, histories, states."""
import numpy as np
from language_case import case


class Kalman:
    def __init__(self, x=0.0, p=1.0, q=0.1, r=0.5):
        self.x, self.p, self.q, self.r = x, p, q, r
        self.history = []
        self.count = 0

    def predict(self):
        self.p = self.p + self.q

    def update(self, z):
        k = self.p / (self.p + self.r)
        self.x = self.x + k * (z - self.x)
        self.p = (1.0 - k) * self.p
        self.history.append(self.x)
        self.count += 1


def filter_with_a_history(kf, z):
    for k in range(3):
        kf.predict()
        kf.update(z * (k + 1))
    return kf.x * kf.p + sum(kf.history) * kf.count


class Layer:
    def __init__(self, w, b):
        self.w, self.b, self.last = w, b, None

    def __call__(self, x):
        self.last = np.tanh(self.w * x + self.b)
        return self.last


class Network:
    def __init__(self, *layers):
        self.layers, self.losses, self.log = list(layers), [], {"norm": [0.0], "steps": []}
        self.mean = np.array([0.1, 0.2])
        self.scale = 1.5

    def loss(self, x):
        for layer in self.layers:
            x = layer(x)
        value = np.sum(x * x) * self.scale
        self.mean *= 0.9
        self.mean += 0.1 * x
        return value + np.sum(self.mean)


class Log:
    def __init__(self):
        self.losses, self.norms = [], {"x": [0.0], "steps": []}

    def note(self, value, x):
        self.losses.append(value)
        self.norms["x"].append(np.sum(x * x))
        self.norms["steps"].append(len(self.losses))


def loss_that_is_logged(net, log, x):
    for k in range(3):
        log.note(net.loss(x * k), x)
    return net.loss(x) + log.losses[-1] * log.losses[0] + log.norms["x"][-1]


def layers_changed(net, x):
    for layer in net.layers:
        layer.b += x[0] * net.scale
        layer.w[0] *= x[1]
        layer.last = layer.w * x
        total = np.sum(layer.last) * layer.b
    return net.layers[0].b * total


def element_of_an_attribute(net, x):
    net.mean[0] = x[0] * net.mean[1]
    return np.sum(net.mean * x) * net.scale


def attribute_and_its_list(net, x):
    losses = net.losses
    for k in range(3):
        losses.append(x[0] * k)
        if len(net.losses) > 1:
            net.losses[-1] *= net.losses[-2] + x[1]
    last = net.losses.pop()
    net.losses.insert(0, x[1] ** 2)
    return last * net.losses[0] + sum(net.losses)


def attribute_replaced_beside_its_old_list(net, x):
    old = net.losses
    old.append(x[0])
    net.losses = net.losses + [x[1] * old[0]]
    old.append(x[0] * x[1])
    return net.losses[-1] * old[-1] * len(net.losses)


def list_made_here_kept_by_the_object(net, x):
    rows = []
    net.losses = rows
    rows.append(x * net.scale)
    rows.append(net.losses[0] * x)
    return np.sum(net.losses[-1] * rows[0])


def item_of_a_dict_of_the_object(net, x):
    net.log["norm"][0] = x[0] * net.scale
    norms = net.log["norm"]
    norms.append(net.log["norm"][0] * x[1])
    net.log["norm"] = [norms[1] * 2.0]
    return net.log["norm"][0] * norms[0]


class Simulation:
    def __init__(self, k):
        self.k, self.bodies, self.energies, self.events = k, [], [], []

    def add(self, x, v):
        self.bodies.append({"x": x, "v": v})
        self.events.append(("added", x))

    def run(self, steps):
        for _ in range(steps):
            for b in self.bodies:
                b["v"] -= self.k * b["x"] * 0.1
                b["x"] += b["v"] * 0.1
            self.energies.append(sum(b["x"] ** 2 for b in self.bodies))


def simulation_with_several_lists(s, x):
    s.add(x, 1.0)
    s.add(0.3, x)
    s.run(3)
    return s.energies[-1] * s.bodies[0]["x"] * len(s.events)


class Account:
    rate = 0.05

    def __init__(self, balance):
        self.balance, self.events = balance, [("open", balance)]

    def deposit(self, v):
        self.balance += v
        self.events.append(("in", v))


def log_that_is_only_written(account, x):
    for year in range(3):
        account.deposit(x * year)
        account.deposit(account.balance * account.rate)
    return account.balance * len(account.events)


class Heat:
    def __init__(self, n):
        self.u = np.linspace(0.0, 1.0, n)
        self.new, self.t, self.saved = self.u.copy(), 0.0, []

    def step(self, c, dt):
        self.new[1:-1] = self.u[1:-1] + c * dt * (self.u[2:] - 2.0 * self.u[1:-1] + self.u[:-2]) + dt * self.t
        self.new[0], self.new[-1] = c * self.t, self.u[-1]
        self.u, self.new = self.new, self.u
        self.t += dt
        self.saved.append(self.u.copy())


def buffers_swapped_and_saved(heat, c):
    for _ in range(4):
        heat.step(c, 0.1)
    return np.sum(heat.u ** 2) + np.sum(heat.saved[1])


class Cached:
    """A layer that keeps what it computed in a dict, which is empty at first."""

    def __init__(self, w):
        self.w, self.cache = w, {}

    def forward(self, x):
        self.cache["x"] = x
        self.cache["z"] = self.w @ x
        return np.tanh(self.cache["z"])

    def penalty(self):
        return np.sum(self.cache["z"] ** 2) + np.sum(self.cache["x"])


def cache_read_by_a_method(layer, x):
    return np.sum(layer.forward(x)) + 0.1 * layer.penalty()


def cache_of_the_last_of_several(layer, x):
    total = 0.0
    for k in range(3):
        total = total + np.sum(layer.forward(x * k)) * layer.penalty()
    return total + layer.cache["z"][0]


class Momentum:
    """An optimiser with a state for each parameter, made when it is first seen."""

    def __init__(self, rate):
        self.rate, self.state = rate, {}

    def step(self, parameters, gradients):
        for k in parameters:
            if k not in self.state:
                self.state[k] = np.zeros_like(parameters[k])
            self.state[k] = 0.9 * self.state[k] + gradients[k]
            parameters[k] = parameters[k] - self.rate * self.state[k]


def state_for_each_parameter(optimiser, w):
    p = {"w": w, "b": w[:1] * 2.0}
    for _ in range(3):
        optimiser.step(p, {"w": 2.0 * p["w"], "b": p["b"] ** 2})
    return np.sum(p["w"]) * np.sum(p["b"])


class Table:
    def __init__(self, entries):
        self.entries = entries

    def get(self, k):
        return self.entries[k]

    def put(self, k, value):
        self.entries[k] = value


def entry_put_and_got(table, x):
    table.put(1, x * x)
    table.put(2, x)
    return np.sum(x * table.get(1)) + np.sum(table.get(2))


def net():
    return Network(Layer(np.array([0.5, -0.3]), 0.1), Layer(np.array([0.7, 0.2]), -0.2))


X = np.array([0.6, -0.8])
PROGRAMS = [
    case(filter_with_a_history, Kalman(), 0.8, wrt=(1,)),
    case(simulation_with_several_lists, Simulation(0.5), 0.7, wrt=(1,)),
    case(log_that_is_only_written, Account(10.0), 0.7, wrt=(1,)), case(buffers_swapped_and_saved, Heat(6), 0.7, wrt=(1,)),
    case(cache_read_by_a_method, Cached(np.array([[0.3, -0.2], [0.5, 0.1]])), X, wrt=(1,)),
    case(cache_of_the_last_of_several, Cached(np.array([[0.3, -0.2], [0.5, 0.1]])), X, wrt=(1,)),
    case(state_for_each_parameter, Momentum(0.1), X, wrt=(1,)), case(entry_put_and_got, Table({}), X, wrt=(1,)),
    case(entry_put_and_got, Table([X.copy() for _ in range(3)]), X, wrt=(1,)),
    case(entry_put_and_got, Table(np.ones((3, 2))), X, wrt=(1,)),
    case(loss_that_is_logged, net(), Log(), X, wrt=(2,)),
    *(case(f, net(), X, wrt=(1,)) for f in (
        layers_changed, element_of_an_attribute, attribute_and_its_list,
        attribute_replaced_beside_its_old_list, list_made_here_kept_by_the_object, item_of_a_dict_of_the_object)),
]
