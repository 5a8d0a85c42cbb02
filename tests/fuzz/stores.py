"""Texts about containers that change: how each kind is made, read, tested and changed.

What is read is bounded, and no text relies on a length that a change through another name could have taken away.
"""
from __future__ import annotations

from collections.abc import Callable

from .scope import Choices

KINDS = ("bag", "table", "seen", "recent", "count", "vector")
NUMBERED = ("seen", "count")  # hold only integers


class Stores:
    """`name` is the text by which the container is reached; `number` and `integer` make texts of what goes in."""

    def __init__(self, choices: Choices):
        self.choices = choices

    def made(self, kind: str, number: Callable[[], str]) -> str:
        digit = self.choices.number
        match kind:
            case "bag":
                return f"[{', '.join(number() for _ in range(digit(0, 3)))}]"
            case "table":
                return self.choices.pick(['{{"k": {0}, "u": {1}}}', "dict(k={0}, u={1})"]).format(digit(0, 2), number())
            case "seen":
                return self.choices.pick(["set()", "{0}", "{1, 2}"])
            case "recent":
                return f"deque([{number()}, {number()}], maxlen={digit(2, 4)})"
            case "count":
                return f"[{digit(0, 2)}]"
        return f"np.array([{number()}, {number()}, {number()}])"

    def read(self, kind: str, name: str, integer: Callable[[], str]) -> str:
        """Text of a number that depends on what is held."""
        item, constant = self.choices.fresh("c"), self.choices.constant()
        texts = {
            "bag": [f"({name}[-1] if {name} else {constant})", f"math.tanh(sum({name}))", f"(0.1 * len({name}))",
                    f"sum([0.3 * {item} for {item} in {name} if {item} > {constant}])",
                    f"({name} or [{constant}])[0]", f"({constant} if len({name}) > 2 else 0.2)"],
            "table": [f'{name}["u"]', f'{name}.get("w", {constant})', f'math.tanh({name}["k"] * 0.3)',
                      f"(0.1 * len({name}))", f"math.tanh(sum({name}.values()))", f'({constant} if "w" in {name} else 0.4)',
                      f'sum([0.2 * {item} for _, {item} in {name}.items()])'],
            "seen": [f"(0.1 * len({name}))", f"({constant} if {integer()} in {name} else 0.3)"],
            "recent": [f"{name}[0]", f"{name}[-1]", f"math.tanh(sum({name}))", f"(0.1 * len({name}))"],
            "count": [f"(0.2 * ({name}[0] % 4))", f"math.tanh(0.3 * {name}[0])"],
            "vector": [f"{name}[{self.choices.number(-1, 2)}]", f"math.tanh(np.sum({name}))", f"{name}[{integer()} % 3]"],
        }
        return self.choices.pick(texts[kind])

    def test(self, kind: str, name: str, integer: Callable[[], str]) -> str:
        digit, constant = self.choices.number(0, 2), self.choices.constant()
        texts = {
            "bag": [name, f"not {name}", f"len({name}) > {digit}", f"len({name}) % 2 == 0", f"sum({name}) > {constant}"],
            "table": [f'{name}["k"] == {digit}', f'"w" in {name}', f'{name}["k"] > {digit}', f"len({name}) > 2",
                      f'{name}.get("w") is None', f'{name}["u"] > {constant}'],
            "seen": [name, f"{integer()} in {name}", f"{integer()} not in {name}", f"len({name}) > {digit}"],
            "recent": [f"len({name}) > 2", f"{name}[0] > {constant}", f"{name}[-1] < {constant}"],
            "count": [f"{name}[0] == {digit}", f"{name}[0] > {digit}", f"{name}[0] % 2 == 0"],
            "vector": [f"{name}[0] > {constant}", f"np.sum({name}) < {constant}"],
        }
        return self.choices.pick(texts[kind])

    def change(self, kind: str, name: str, number: Callable[[], str], integer: Callable[[], str]) -> list[str]:
        """A statement that changes what is held."""
        value = integer() if kind in NUMBERED else number()
        if kind in ("bag", "table") and self.choices.chance(0.3):
            value = integer()
        texts = {
            "bag": [f"{name}.append({value})"] * 4 + [
                f"{name}.insert(0, {value})", f"{name}.extend([{value}, 0.2])", f"{name}.clear()", f"{name}.reverse()",
                f"{name}.sort()", f"{name}[:] = {name}[-2:]", f"{name}[:1] = [{value}]", f"if {name}: {name}.pop()",
                f"if {name}: {name}[0] = {value}", f"if len({name}) > 1: del {name}[0]",
                f"if len({name}) > 2: {name}.pop(0)"],
            "table": [f'{name}["k"] = {integer()}', f'{name}["k"] += 1', f'{name}["u"] = {value}', f'{name}["w"] = {value}',
                      f'{name}.setdefault("w", {value})', f"{name}.update(u={value})", f'{name}.update({{"v": {value}}})',
                      f'{name}.pop("w", None)', f'if "w" in {name}: del {name}["w"]', f'{name}["u"] *= 0.5'],
            "seen": [f"{name}.add({value})"] * 2 + [f"{name}.discard({value})", f"{name}.clear()",
                                                    f"{name}.update([{value}, {integer()}])"],
            "recent": [f"{name}.append({value})"] * 2 + [f"{name}.appendleft({value})", f"{name}.rotate(1)",
                                                         f"if len({name}) > 1: {name}.popleft()", f"{name}[0] = {value}"],
            "count": [f"{name}[0] += 1", f"{name}[0] = {value}", f"{name}[0] = ({name}[0] + 2) % 5"],
            "vector": [f"{name}[{self.choices.number(0, 2)}] = {value}", f"{name}[:] *= 0.9", f"{name}[0] += {value}",
                       f"{name}[{integer()} % 3] = {value}", f"{name}.fill({value})"],
        }
        text = self.choices.pick(texts[kind])
        test, colon, rest = text.partition(": ")
        return [f"{test}:", f"    {rest}"] if colon and text.startswith("if ") else [text]

    def taken(self, kind: str, name: str) -> str:
        """Text of a number that is taken out of the container."""
        constant = self.choices.constant()
        texts = {"bag": [f"{name}.pop() if {name} else {constant}", f"{name}.pop(0) if {name} else {constant}"],
                 "table": [f'{name}.pop("w", {constant})', f'{name}.setdefault("w", {constant})'],
                 "recent": [f"{name}.pop() if len({name}) > 1 else {constant}"]}
        return self.choices.pick(texts.get(kind, [constant]))
