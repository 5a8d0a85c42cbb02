"""Objects that are made in a function, go by several names, and are stored in: in lists, dicts, tuples and each other."""
from dataclasses import dataclass

import numpy as np
from language_case import case


class Particle:
    dim = 2

    def __init__(self, x, v):
        self.x, self.v = x, v
        self.steps = 0

    def step(self, dt, k):
        self.v -= k * self.x * dt
        self.x += self.v * dt
        self.steps += 1

    @property
    def energy(self):
        return 0.5 * self.v ** 2 + self.x ** 2


def particles_stepped(k, n):
    ps = [Particle(0.3 * i, 1.0) for i in range(n)]
    for _ in range(4):
        for p in ps:
            p.step(0.1, k)
    return sum(p.energy * p.steps for p in ps)


def particles_that_attract(k, n):
    ps = []
    for i in range(n):
        ps.append(Particle(0.2 * i, 1.0))
    for _ in range(3):
        for i in range(n):
            force = 0.0
            for j in range(n):
                if i != j:
                    force += k * (ps[j].x - ps[i].x) ** 3
            ps[i].v += force * 0.2
        for p in ps:
            p.x += p.v * 0.1
    total = 0.0
    for p in ps:
        total += p.energy * Particle.dim + p.dim
    return total


class Tank:
    def __init__(self, area, level=1.0):
        self.area = area
        self.level = level

    def step(self, inflow, dt):
        out = 0.4 * np.sqrt(self.level)
        self.level += (inflow - out) / self.area * dt
        return out


class LeakyTank(Tank):
    def __init__(self, area, leak):
        super().__init__(area)
        self.leak = leak

    def step(self, inflow, dt):
        self.level -= self.leak * self.level * dt
        return super().step(inflow, dt) * (1.0 - self.leak)


def tanks_in_a_row(inflow, n):
    tanks, total = [LeakyTank(1.0 + i, 0.1 * inflow) for i in range(n)], 0.0
    for _ in range(4):
        q = inflow
        for tank in tanks:
            q = tank.step(q, 0.5)
        total += q
    return total * tanks[-1].level


def two_names_for_a_tank(x, n):
    first = Tank(x)
    second = first
    for _ in range(n):
        second.level = second.level * x + first.area
        first.area += 0.1 * second.level
    return first.level * second.area


def tanks_swapped(x, n):
    full, empty = Tank(x, 2.0), Tank(1.0, x * x)
    for i in range(n):
        full.level -= 0.3 * empty.level * full.area
        empty.level += 0.2 * x
        if i % 2:
            full, empty = empty, full
    return full.level * empty.area + empty.level


def tanks_in_a_dict(x, n):
    tanks = {"upper": Tank(x), "lower": Tank(2.0, x)}
    main = tanks["upper"]
    for _ in range(n):
        q = main.step(x, 0.3)
        tanks["lower"].step(q, 0.2)
    return tanks["upper"].level + tanks["lower"].level * main.area


class Plant:
    def __init__(self, areas, gain):
        self.tanks = [Tank(a) for a in areas]
        self.largest = self.tanks[-1]
        self.gain = gain
        self.log = []

    def run(self, steps):
        for _ in range(steps):
            q = self.gain * self.largest.level
            for tank in self.tanks:
                q = tank.step(q, 0.2)
            self.log.append(q)
        return self.log[-1] * self.gain


def plant_with_a_log(gain, n):
    plant = Plant([1.0, 1.5, 2.0], gain)
    out = plant.run(n)
    return out + sum(plant.log) + plant.largest.level


@dataclass
class Layer:
    w: np.ndarray
    b: float = 0.0
    calls: int = 0

    def __call__(self, x):
        self.calls += 1
        return np.tanh(self.w @ x + self.b)

    def update(self, lr, x):
        self.w -= lr * np.outer(x, x)
        self.b = self.b - lr * np.sum(x)


def layers_trained(x, n):
    layers = [Layer(np.array([[x, 0.3], [0.2, x * x]])) for _ in range(2)]
    h = np.array([0.5, x])
    for _ in range(n):
        for layer in layers:
            h = layer(h)
            layer.update(0.1 * layer.calls, h)
    return np.sum(h * layers[0].w[1]) + layers[1].b


class Body:
    def __init__(self, r, v):
        self.r, self.v = np.array(r), np.array(v)


def bodies_with_arrays(k, n):
    bodies = [Body([0.1 + i, k], [0.0, 0.5 * i]) for i in range(n)]
    for _ in range(3):
        for i, a in enumerate(bodies):
            for b in bodies[i + 1:]:
                d = b.r - a.r
                pull = k * d / (1.0 + np.sum(d * d))
                a.v += 0.1 * pull
                b.v -= 0.1 * pull
        for b in bodies:
            b.r = b.r + 0.1 * b.v
    return sum(np.sum(b.r * b.v) for b in bodies)


def chosen_at_run_time(x, n):
    tanks = (Tank(x), Tank(1.0, x))
    for i in range(n):
        larger = tanks[0] if tanks[0].level > tanks[1].level else tanks[1]
        other = tanks[1] if larger is tanks[0] else tanks[0]
        larger.level -= 0.4 * x * other.area
        other.level += 0.3 * larger.level
    return tanks[0].level * tanks[1].level


def made_in_branches(x, n):
    tanks = []
    for i in range(n):
        if i % 2:
            tank = Tank(x * (i + 1.0))
            tank.level = x
        else:
            tank = Tank(1.0)
        tanks.append(tank)
        tank.level += 0.1 * i * tanks[0].area
    total = 0.0
    for tank in tanks:
        tank.step(x, 0.1)
        total += tank.level * tank.area
    return total


def object_by_two_names_written(x):
    p, q = Particle(x, 1.0), Particle(2.0, x)
    r = p if x > 0.0 else q
    r.x = r.x * x
    return p.x * q.x


def object_in_a_list_written(x):
    points = [Particle(x * k, x) for k in range(3)]
    for p in points:
        p.x += p.v
    return points[1].x * points[2].x


def object_written_behind_a_list(x):
    points = []
    for k in range(3):
        p = Particle(x * k, x)
        points.append(p)
        p.x = p.x * 2.0
    return points[1].x * points[2].x


def object_in_a_dict(x):
    d = {"a": Particle(x, 1.0)}
    return d["a"].x * x


class Counter:
    def __init__(self, x):
        self.x, self.k = x, 0

    def step(self, q):
        self.k += 1
        return self.x * q


def place_read_before_a_method_changes_it(a, x):
    counter = Counter(x)
    a[counter.k] += counter.step(2.0)
    a[(counter.k + 1) % 2] *= counter.step(x)
    return np.sum(a * a) + counter.k


class Basket:
    scale = 2.0

    def __init__(self, x):
        self.x, self.items = x, []

    def add(self, v):
        self.items.append(v * self.scale)
        return self

    def total(self):
        return sum(self.items) * self.x


class TaxedBasket(Basket):
    scale = 3.0

    def __init__(self, x, tax):
        super().__init__(x)
        self.tax = tax

    def add(self, v):
        super().add(v + self.tax)
        self.tax *= 1.1
        return self


def methods_in_a_chain(x):
    baskets = [Basket(x), Basket(2.0 * x)]
    for k in range(3):
        baskets[k % 2].add(x * k).add(1.0)
    return baskets[0].total() + baskets[1].total()


def inherited_state_under_another_name(x):
    baskets = [TaxedBasket(x, 1.0), TaxedBasket(1.0, x)]
    current = baskets[0]
    for k in range(3):
        current.add(x * k)
        current = baskets[(k + 1) % 2]
    return sum(b.total() * b.tax for b in baskets)


def objects_selected_and_stored_in(x):
    baskets = [Basket(x * k) for k in range(4)]
    for b in [b for b in baskets if b.x > 0.5]:
        b.x = b.x ** 2
    return sum(b.x for b in baskets)


def history_of_objects(x):
    basket, history = Basket(x), []
    for k in range(3):
        history.append(basket)
        basket = Basket(basket.x * x) if k % 2 else basket
        basket.x += 0.1
    return sum(b.x for b in history) * basket.x


def one_object_or_another(x):
    baskets, total = [Basket(x) for _ in range(3)], 0.0
    for i, p in enumerate(baskets):
        for q in baskets[i:]:
            if p is q:
                q.x += 1.0
            else:
                q.x = q.x * p.x
            total += q.x
    return total


def array_under_another_name_beside_an_object(a, x):
    b = a * 2.0
    for i in range(3):
        tank = Tank(x * i)
        tank.level = x
    c = b
    c *= abs(x + 1.0)
    return np.sum(b * b)


def refused_objects_compared(x):
    tanks = [Tank(x), Tank(1.0)]
    tanks[0].level = x * x
    return tanks[0].level if tanks[0] == tanks[1] else tanks[1].level * x


PROGRAMS = [
    *(case(f, 0.8, 3) for f in (
        particles_stepped, particles_that_attract, tanks_in_a_row, two_names_for_a_tank, tanks_swapped, tanks_in_a_dict,
        plant_with_a_log, layers_trained, bodies_with_arrays)),
    *(case(f, 0.7, 4) for f in (chosen_at_run_time, made_in_branches)),
    case(place_read_before_a_method_changes_it, np.array([0.4, -0.7]), 0.8),
    case(array_under_another_name_beside_an_object, np.array([0.4, -0.7]), 0.8),
    *(case(f, 0.7) for f in (methods_in_a_chain, inherited_state_under_another_name, objects_selected_and_stored_in,
                             history_of_objects, one_object_or_another)),
    *(case(f, 1.3) for f in (object_by_two_names_written, object_in_a_list_written, object_written_behind_a_list,
                             object_in_a_dict)),
]
REFUSED = [(refused_objects_compared, (0.7,), "nothing is known")]
