"""`match`: guards that read what a pattern binds, stars, the rest of a mapping, choices that bind names."""
from language_case import case


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


def guard_of_a_bound_name(x):
    match x:
        case float(v) if v > 5.0:
            return v
        case float(v) if v > 0.0:
            return v * v * v
        case _:
            return x


def rest_of_a_mapping(x):
    match {"k": x, "z": x * x, "q": 2.0}:
        case {"k": v, **rest}:
            return v * v * rest["z"] + len(rest)


def star_in_a_pattern(x):
    match [x, x * x, 3.0, x]:
        case [a, *b, c] if a < 0.0:
            return a + c + len(b)
        case [a, *b, c]:
            return a * b[0] * c * b[1]


def choices_that_bind(x):
    match (x, 0):
        case (0, a) | (a, 0) if a < 5.0:
            return a * a * x
        case (a, b):
            return a * b


def commands_in_a_loop(x):
    s = 0.0
    for item in [("add", x), ("mul", x, 3.0), ("neg",), ("all", x, x, x)]:
        match item:
            case ("add", v):
                s += v
            case ("mul", v, k) if k > 2.0:
                s *= v * k
            case ("neg",):
                s = -s
            case (str(), *rest):
                s += sum(rest) * x * x
    return s


def guard_of_fields(x):
    match Point(x, x * x):
        case Point(x=0):
            return 1.0
        case Point(u, v) if u < v:
            return u
        case Point(u, v):
            return u * v


PROGRAMS = [case(f, 0.8, smooth=True) for f in (
    guard_of_a_bound_name, rest_of_a_mapping, star_in_a_pattern, choices_that_bind, commands_in_a_loop, guard_of_fields)]
