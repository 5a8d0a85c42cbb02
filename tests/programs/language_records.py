"""Records: dicts and tuples of numbers and arrays that go by several names, of which items are replaced."""
import numpy as np
from language_case import case


def masses_on_springs(k, n):
    masses = [{"x": 0.3 * i, "v": 1.0} for i in range(n)]
    for _ in range(6):
        for m in masses:
            m["v"] -= k * m["x"] * 0.1
            m["x"] += m["v"] * 0.1
    return sum(m["x"] ** 2 for m in masses)


def pairs_that_attract(k, n):
    bodies = []
    for i in range(n):
        bodies.append({"x": 0.1 * i, "v": 1.0})
    for _ in range(3):
        for i in range(n):
            force = 0.0
            for j in range(n):
                if i != j:
                    force += k * (bodies[j]["x"] - bodies[i]["x"]) ** 3
            bodies[i]["v"] += force * 0.2
        for b in bodies:
            b["x"] += b["v"] * 0.1
    energy = 0.0
    for b in bodies:
        energy += 0.5 * b["v"] ** 2 + b["x"]
    return energy


def cascade_of_tanks(inflow, n):
    def step(tank, q):
        out = 0.4 * np.sqrt(tank["level"])
        tank["level"] += (q - out) / tank["area"]
        return out

    tanks, total = [{"area": 1.0 + i, "level": 1.0} for i in range(n)], 0.0
    for _ in range(4):
        q = inflow
        for tank in tanks:
            q = step(tank, q)
        total += q
    return total


def numbers_and_arrays(k, n):
    bodies = [{"name": "body", "m": 1.0 + i, "r": np.array([0.1 * i, k]), "hits": 0} for i in range(n)]
    for step in range(4):
        for b in bodies:
            pull = -k * b["r"] / b["m"]
            b["r"] = b["r"] + 0.1 * pull
            b["m"] *= 1.0 + 0.1 * np.sum(b["r"] ** 2)
            b["hits"] += 1
            if b["m"] > 2.5 and b["name"] == "body":
                b["r"][0] *= b["m"]
    return sum(np.sum(b["r"] ** 2) * b["m"] / b["hits"] for b in bodies)


def one_record_under_two_names(x, n):
    shared = {"p": x, "q": 1.0}
    records = [shared, {"p": 2.0, "q": x * x}, shared]
    for i in range(n):
        records[i % 3]["p"] = records[i % 3]["p"] * records[(i + 1) % 3]["q"]
        shared["q"] += records[1]["p"] * 0.1
    return shared["p"] * records[2]["q"] + records[1]["p"]


def records_swapped(x, n):
    old, new = {"a": x, "b": 1.0}, {"a": 0.0, "b": 0.0}
    for i in range(n):
        new["a"] = old["a"] * 0.5 + np.sin(old["b"])
        new["b"] = old["b"] + x * new["a"]
        old, new = new, old
    return old["a"] * new["b"] + old["b"]


def record_in_a_record(x, n):
    outer = {"inner": {"w": x, "c": 2.0}, "gain": 1.0}
    inner = outer["inner"]
    for _ in range(n):
        inner["w"] = inner["w"] * outer["gain"] + outer["inner"]["c"]
        outer["gain"] = outer["gain"] * 0.9 + 0.01 * outer["inner"]["w"]
        if outer["gain"] > 1.2:
            outer["inner"] = {"w": inner["w"] * x, "c": 1.0}
            inner = outer["inner"]
    return outer["inner"]["w"] * outer["gain"]


def chosen_record(x, n):
    one, other = {"p": x, "q": 0.5}, {"p": x * x, "q": 1.5}
    for i in range(n):
        chosen = one if i % 3 else other
        chosen["p"] = chosen["p"] * chosen["q"] + one["p"]
        other["q"] *= x
    return one["p"] + other["p"] * other["q"]


def numbers_with_arrays_in_tuples(x, n):
    buffer = np.array([x, 1.0, x * x])
    held = [(x * (i + 1), buffer, i) for i in range(n)]
    for scale, values, i in held:
        values[i % 3] *= scale
    total = 0.0
    for pair in held:
        total += pair[0] * pair[1][pair[2] % 3]
    return total * buffer[0]


def record_of_a_caller(record, x):
    both = [record["inner"], record["inner"]]
    for inner in both:
        inner["p"] = x * inner["p"] + record["inner"]["p"]
    return record["inner"]["p"] * both[1]["q"]


def shared_inside_an_argument(rows, x):
    rows[0][0] = x * rows[1][0]
    return rows[1][0] * rows[0][1] + rows[2][0]


def refused_copy_of_a_mixed_record(x):
    records = [{"p": x, "w": np.array([x, 1.0])} for _ in range(2)]
    for r in records:
        twin = dict(r)
        twin["p"] = r["p"] * 2.0
        r["w"] *= twin["p"]
    return records[0]["p"] * np.sum(records[0]["w"])


def keys_told_at_run_time(x):
    state, total = {"u": x, "v": x * 2.0}, 0.0
    names = [state, state]
    for i in range(3):
        for key in ("u", "v"):
            names[i % 2][key] = np.sin(state[key]) * x
        total += state["u"] * names[0]["v"]
    return total


ROW = [0.7, 1.3]
PROGRAMS = [
    *(case(f, 0.8, 3) for f in (masses_on_springs, pairs_that_attract, cascade_of_tanks, numbers_and_arrays)),
    *(case(f, 0.7, 5) for f in (one_record_under_two_names, records_swapped, record_in_a_record, chosen_record,
                                numbers_with_arrays_in_tuples)),
    case(keys_told_at_run_time, 0.7),
    case(record_of_a_caller, {"inner": {"p": 0.6, "q": 0.8, "n": 3}}, 1.2, wrt=(1,)),
    case(shared_inside_an_argument, [ROW, ROW, [0.2]], 0.8, wrt=(1,)),
]
REFUSED = [(refused_copy_of_a_mixed_record, (0.7,), "may share memory")]
