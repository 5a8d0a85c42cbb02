"""What a tape recorded, and its gradient, as a straight-line program that runs on its own."""
from __future__ import annotations

import itertools
import linecache
import math
import operator
import pprint
import sys
from collections.abc import Callable
from types import BuiltinMethodType, ModuleType
from typing import Any

import numpy as np

from autodiff_src.errors import UnsupportedError
from autodiff_src.runtime.recording import Call, Primitive, Record, Recorded, leaves, outputs
from autodiff_src.runtime.tensor import Tensor
from autodiff_src.runtime.transforms import FUNCTIONS

_INFIX = {operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/", operator.matmul: "@",
          operator.mod: "%", operator.pow: "**"}
_PREFIX = {operator.neg: "-", operator.pos: "+"}
_PLACES = {"np": "numpy", "np.linalg": "numpy.linalg", "np.fft": "numpy.fft", "scipy.special": "scipy.special"}
_MODULE = "recorded"
_numbers = itertools.count(1)


def program(records: list[Record], targets: list[Tensor], sources: list[Tensor]) -> str:
    """The text of a program: values, a function of the sources that returns the sum of the targets and its gradient, and a
    call of it. Raises UnsupportedError for what has no text, such as functions without a name.
    """
    writer = _Writer(sources)
    for one in _leading(records, targets, {x._serial for x in sources}):
        writer.write(one)
    total = " + ".join(writer.text(y) if not y.ndim else f"np.sum({writer.text(y)})" for y in targets)
    names = [writer.names[x._serial] for x in sources]
    body = "".join(f"    {line}\n" for line in [*writer.lines, f"return {total}"])
    derived = FUNCTIONS["value_and_grad"](_compiled(f"def recorded({', '.join(names)}):\n{body}", writer.namespace), wrt=names)
    text = FUNCTIONS["source"](derived, *[x._value for x in sources])
    lines = [line for line in text.splitlines() if not line.startswith(f"from {_MODULE} import")]
    begin = next(i for i, line in enumerate(lines) if line.startswith("def "))
    values = [f"{name} = {_value(value)}" for name, value in writer.values.items()]
    imports = [line for line in lines[:begin] if line and line != "import numpy as np"]
    call = f"value, ({', '.join(f'd_{name}' for name in names)},) = recorded_value_and_grad({', '.join(names)})"
    head = ["import numpy as np", *imports, *writer.imports.values(), "", *values]
    return "\n".join([*head, "", "", *lines[begin:], "", "", call, ""])


def _leading(records: list[Record], targets: list[Tensor], sources: set[int]) -> list[Record]:
    """The records that lead to the targets, from the sources on."""
    needed, found = {y._serial for y in targets} - sources, []
    for one in reversed(records):
        _, y, args, kwargs = one
        if not needed.isdisjoint(outputs(y)):
            found.append(one)
            needed.update(leaf._serial for leaf in leaves([args, kwargs or {}]) if leaf._serial not in sources)
    return found[::-1]


def _compiled(text: str, namespace: dict[str, Any]) -> Callable[..., Any]:
    file = f"<recorded {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(True), file)
    exec(compile(text, file, "exec"), namespace)
    return namespace["recorded"]


class _Writer:
    """Writes records as assignments. `names`: the text of each tensor by its serial; `values`: what has to be at hand."""

    def __init__(self, sources: list[Tensor]):
        self.lines: list[str] = []
        self.names: dict[int, str] = {}
        self.values: dict[str, Any] = {}
        self.imports: dict[str, str] = {}
        self.namespace: dict[str, Any] = {"np": np, "__name__": _MODULE}
        for x in sources:
            name = getattr(x, "name", "Variable")
            free = name.isidentifier() and name != "Variable" and name not in self.values and not hasattr(np, name)
            self.names[x._serial] = self._value(x._value, "x" if not free else "", name)

    def _value(self, value: Any, letter: str, name: str = "") -> str:
        name = name if not letter else f"{letter}{len(self.values) + 1}"
        self.values[name] = self.namespace[name] = value
        return name

    def write(self, one: Record) -> None:
        primitive, y, args, kwargs = one
        name = f"v{len(self.lines) + 1}"
        self.lines.append(f"{name} = {self._call(primitive, args, kwargs or {})}")
        self._name(y, name)

    def _name(self, y: Any, text: str) -> None:
        if isinstance(y, (Recorded, int)):
            self.names.setdefault(y if isinstance(y, int) else y._serial, text)
        elif isinstance(y, (list, tuple, dict)):
            for key, item in y.items() if isinstance(y, dict) else enumerate(y):
                self._name(item, f"{text}[{key!r}]")

    def _call(self, primitive: Primitive | Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        function = primitive.function
        if function is operator.getitem:
            return f"{self.text(args[0])}[{self._index(args[1])}]"
        texts = [self.text(arg) for arg in args]
        if function in _INFIX:
            texts = [f"np.array({text})" if isinstance(arg, (list, tuple)) else text for arg, text in zip(args, texts)]
            return f" {_INFIX[function]} ".join(f"({text})" if text.startswith("-") else text for text in texts)
        if function in _PREFIX:
            return _PREFIX[function] + texts[0]
        rest = [f"{key}={self.text(value)}" for key, value in kwargs.items()]
        if getattr(function, "__objclass__", None) is np.ndarray:
            return f"{texts[0]}.{function.__name__}({', '.join([*texts[1:], *rest])})"
        return f"{self._function(function, primitive.name)}({', '.join([*texts, *rest])})"

    def _function(self, function: Any, name: str) -> str:
        """The dotted name of a function, of which the module is put at hand."""
        if type(function) is BuiltinMethodType and isinstance(function.__self__, np.ufunc):
            return f"{self._function(function.__self__, name)}.{function.__name__}"
        own = getattr(function, "__name__", "")
        for text, module in _PLACES.items():
            if getattr(sys.modules.get(module), own, None) is function:
                self.namespace.setdefault(text.split(".")[0], sys.modules[module.split(".")[0]])
                return f"{text}.{own}"
        home = sys.modules.get(getattr(function, "__module__", None) or "")
        if not isinstance(home, ModuleType) or home.__name__ == "__main__" or getattr(home, own, None) is not function:
            raise UnsupportedError(f"the recorded function {name} cannot be named in a program",
                                   fix="define it at the top of a module that can be imported")
        name = own
        while self.namespace.setdefault(name, function) is not function:
            name += "_"
        self.imports[name] = f"from {home.__name__} import {own}" + (f" as {name}" if name != own else "")
        return name

    def _index(self, index: Any) -> str:
        if isinstance(index, tuple):
            return ", ".join(map(self._index, index)) if index else "()"
        if isinstance(index, slice):
            parts = ["" if part is None else self.text(part) for part in (index.start, index.stop, index.step)]
            return ":".join(parts[:2] if index.step is None else parts)
        return "..." if index is Ellipsis else self.text(index)

    def text(self, x: Any) -> str:
        """The expression for a value; arrays get names."""
        if isinstance(x, Recorded):
            return self.names[x._serial] if x._serial in self.names else self.text(x._value)
        if isinstance(x, np.ndarray):
            return self._value(x, "c")
        if isinstance(x, list):
            return f"[{', '.join(map(self.text, x))}]"
        if isinstance(x, tuple):
            return f"({', '.join(map(self.text, x))}{',' if len(x) == 1 else ''})"
        if isinstance(x, dict):
            return f"{{{', '.join(f'{key!r}: {self.text(item)}' for key, item in x.items())}}}"
        if isinstance(x, slice):
            return f"slice({self.text(x.start)}, {self.text(x.stop)}, {self.text(x.step)})"
        return _literal(x)


def _value(x: Any) -> str:
    """Python text for an array or a NumPy number, as one."""
    return _literal(x) if isinstance(x, np.ndarray) else f"np.{x.dtype.type.__name__}({_literal(x.item())})"


def _literal(x: Any) -> str:
    """Python text for a value. Raises UnsupportedError for those that have none."""
    if isinstance(x, np.ndarray):
        dtype = "" if x.dtype in (float, int, bool) else f", dtype=np.{x.dtype.name}"
        if not x.size:
            return f"np.zeros({x.shape}{dtype})"
        numbers = pprint.pformat(x.tolist(), width=110, compact=True)
        return f"np.array({numbers}{dtype})".replace("nan", "np.nan").replace("inf", "np.inf")
    if isinstance(x, float) and not math.isfinite(x):
        return f"np.{float(x)!r}".replace("np.-", "-np.")
    if isinstance(x, np.generic) and not isinstance(x, np.float64):
        return f"np.{x.dtype.type.__name__}({x.item()!r})"
    if isinstance(x, (np.dtype, type)) and issubclass(np.dtype(x).type, (np.number, np.bool_)):
        return f"np.{np.dtype(x).type.__name__}"
    if isinstance(x, (bool, int, float, complex, str, type(None))):
        return repr(x if not isinstance(x, np.float64) else float(x))
    raise UnsupportedError(f"a {type(x).__name__} among the recorded values has no text in a program")
