"""Derived functions of importable functions by a name of their own, under which `pickle` finds them in any process.

`grad('package/module', 'loss', 0, False)` is the attribute of this module that stands for `ad.grad(package.module.loss)`. Other
derived functions keep the name of their function; `cloudpickle` takes them by value, and their functions' sources with them.
"""
from __future__ import annotations

import ast
import functools
import importlib
import linecache
import re
import sys
from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any
from weakref import WeakValueDictionary

from autodiff_src.runtime.transforms import FUNCTIONS

_NAME = re.compile(r"(\w+)(\(.*\))(?:#\d+)?")
_made: WeakValueDictionary[str, Any] = WeakValueDictionary()


def name(derived: Callable[..., Any], transform: str, function: Any, *options: Any) -> None:
    """Gives `derived`, which the transform makes of an importable function with these options, its name in this module."""
    module, qualname = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    if not isinstance(function, FunctionType) or not module or module == "__main__" or "<" in str(qualname):
        return
    text = f"{transform}{(module, qualname, *options)!r}".replace(".", "/")
    if _read(text) != (transform, module, qualname.replace("/", "."), options):  # type: ignore[union-attr]
        return
    chosen, count = text, 1
    while chosen in _made:
        count += 1
        chosen = f"{text}#{count}"
    derived.__module__, derived.__qualname__ = __name__, chosen
    _made[chosen] = derived


def _read(text: str) -> tuple[str, str, str, tuple[Any, ...]] | None:
    """(transform, module, function, options) of a name; None for what is none."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    try:
        module, qualname, *options = ast.literal_eval(found[2].replace("/", "."))
    except (ValueError, SyntaxError):
        return None
    return found[1], module, qualname, tuple(options)


def __getattr__(attribute: str) -> Any:
    parts = _read(attribute)
    if parts is None:
        raise AttributeError(f"module {__name__!r} has no attribute {attribute!r}")
    transform, module, qualname, options = parts
    if module == __name__:
        function = __getattr__(qualname.replace(".", "/"))
    else:
        function = functools.reduce(getattr, qualname.split("."), importlib.import_module(module))
    known = _made.get(attribute)
    if known is not None and (known is function or FUNCTIONS["function_of"](known) is function):
        return known
    in_its_place = getattr(function, "__module__", None) == __name__ and module != __name__  # a decorator put it there
    if known is not None or in_its_place and _read(function.__qualname__) != parts:
        raise AttributeError(f"{module}.{qualname} is not the function that was differentiated")
    return function if in_its_place else FUNCTIONS[transform](function, *options)


class Made:
    """What a transform made of a function, to be made again in another process."""

    def __init__(self, compute: Callable[..., Any], transform: str, function: Any, options: tuple[Any, ...]):
        self.compute, self.made_of = compute, (transform, function, options)

    def __reduce__(self) -> Any:
        return _made_again, (self.made_of, *sources(self.made_of[1]))


def _made_again(made_of: tuple[str, Any, tuple[Any, ...]], *carried: Any) -> Made:
    restore(*carried)
    transform, function, options = made_of
    return Made(FUNCTIONS[transform](function, *options), *made_of)


Files = list[tuple[FunctionType, str]]


def sources(function: FunctionType) -> tuple[Files, dict[str, list[str]]]:
    """The functions that another process cannot import, `function` and those that it calls, with the files that they are
    from; and the lines of these files."""
    found: dict[int, tuple[FunctionType, str]] = {}
    left: list[Any] = [function]
    while left:
        value = left.pop()
        value = getattr(value, "__func__", value)
        if not isinstance(value, FunctionType) or id(value) in found or _is_importable(value):
            continue
        found[id(value)] = value, value.__code__.co_filename
        cells = dict(zip(value.__code__.co_freevars, value.__closure__ or ()))
        left += [cell.cell_contents for cell in cells.values() if cell != CellType()]
        left += [value.__globals__[n] for n in value.__code__.co_names if n in value.__globals__]
    files = {file: linecache.getlines(file, f.__globals__) for f, file in found.values()}
    return list(found.values()), files


def restore(files: Files, lines: dict[str, list[str]]) -> None:
    """Tells functions that came from another process of their sources."""
    for file, text in lines.items():
        if text and not linecache.getlines(file):
            linecache.cache[file] = (sum(map(len, text)), None, text, file)
    for function, file in files:
        if function.__code__.co_filename != file:
            function.__code__ = function.__code__.replace(co_filename=file)


def _is_importable(function: FunctionType) -> bool:
    module = sys.modules.get(function.__module__ or "")
    try:
        found = functools.reduce(getattr, function.__qualname__.split("."), module)
    except AttributeError:
        return False
    return found is function and function.__module__ != "__main__"
