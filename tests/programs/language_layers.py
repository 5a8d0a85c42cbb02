"""Classes as users write them: networks of layers that keep what they computed, systems of particles, methods in loops."""
import numpy as np
from language_case import case, some


def smooth_relu(z):
    return np.log1p(np.exp(z))


def same(z):
    return z


class Dense:
    def __init__(self, weights, activation=np.tanh):
        self.weights, self.activation = weights, activation

    def __call__(self, x):
        self.z = self.weights @ x
        self.output = self.activation(self.z)
        return self.output


class Network:
    def __init__(self, sizes, theta, activations=None):
        self.layers, k = [], 0
        for i, (m, n) in enumerate(zip(sizes[:-1], sizes[1:])):
            weights = theta[k:k + m * n].reshape(n, m)
            k += m * n
            if activations is None:
                self.layers.append(Dense(weights))
            else:
                self.layers.append(Dense(weights, activations[0] if i == 0 else activations[1]))

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def penalty(self):
        return sum(np.sum(layer.weights ** 2) for layer in self.layers)


def network_of_layers(theta):
    network, loss = Network([2, 3, 1], theta), 0.0
    for x, y in zip([np.array([0.1, 0.5]), np.array([-0.4, 0.2])], [0.3, -0.1]):
        loss += (network.forward(x)[0] - y) ** 2
    return loss + 0.01 * network.penalty()


def layers_with_functions_of_their_own(theta):
    return Network([2, 3, 1], theta, (smooth_relu, same)).forward(np.array([0.3, -0.2]))[0]


def layers_with_functions_of_numpy(theta):
    layers = [Dense(theta[:4].reshape(2, 2), np.sin), Dense(theta[5:].reshape(2, 2), np.cos)]
    x = np.array([0.3, -0.2])
    for layer in layers:
        x = layer(x)
    return x[0] * x[1]


class Particle:
    def __init__(self, position, velocity, mass=1.0):
        self.position, self.velocity, self.mass = np.array(position), np.array(velocity), mass

    def kick(self, force, dt):
        self.velocity = self.velocity + force / self.mass * dt

    def drift(self, dt):
        self.position += self.velocity * dt


class System:
    def __init__(self, particles, stiffness):
        self.particles, self.stiffness = particles, stiffness

    def forces(self):
        found = [np.zeros(2) for _ in self.particles]
        for i, a in enumerate(self.particles):
            for j, b in enumerate(self.particles):
                if i < j:
                    d = b.position - a.position
                    r = np.linalg.norm(d)
                    force = self.stiffness * (r - 1.0) * d / r
                    found[i] += force
                    found[j] -= force
        return found

    def step(self, dt):
        for particle, force in zip(self.particles, self.forces()):
            particle.kick(force, dt)
        for particle in self.particles:
            particle.drift(dt)

    @property
    def energy(self):
        return sum(0.5 * p.mass * np.dot(p.velocity, p.velocity) for p in self.particles)


def system_of_particles(positions, stiffness):
    system = System([Particle(p, [0.0, 0.1 * i], 1.0 + i) for i, p in enumerate(positions)], stiffness)
    for _ in range(3):
        system.step(0.1)
    return system.energy


class Filter:
    def __init__(self, gain):
        self.gain, self.level = gain, 0.0

    def update(self, value):
        self.error = value - self.level
        self.level = self.level + self.gain * self.error
        return self.error * self.gain


def filters_that_keep_their_error(a, x):
    filters, total = [Filter(x), Filter(x * x)], 0.0
    for value in a:
        for each in filters:
            total = total + each.update(value) ** 2
    return total * filters[1].level


class Traced(Filter):
    def update(self, value):
        self.before = self.level
        self.level = self.level + self.gain * (value - self.before)
        self.before = self.before * 2.0
        return self.before


def attribute_stored_twice_in_a_method(a, x):
    filters, total = [Traced(x), Traced(0.5)], 0.0
    for value in a:
        for each in filters:
            total = total + each.update(value) ** 2
    return total * filters[0].level


THETA = np.linspace(-0.5, 0.6, 9)
POSITIONS = np.array([[0.0, 0.0], [1.5, 0.2], [0.3, 1.4]])
PROGRAMS = [
    case(network_of_layers, THETA, smooth=True), case(layers_with_functions_of_their_own, THETA, smooth=True),
    case(layers_with_functions_of_numpy, THETA, smooth=True), case(system_of_particles, POSITIONS, 2.0, smooth=True),
    case(filters_that_keep_their_error, some(4), 0.4, smooth=True),
    case(attribute_stored_twice_in_a_method, some(4), 0.4, smooth=True),
]
