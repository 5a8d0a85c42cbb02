"""Pullbacks that run on tensors, so that a tape outside records them.

The NumPy functions and operators in a pullback are recorded like everybody's. What is added here are the functions of
this package that templates call: they are primitives too, with rules of their own, but take plain arrays only.
"""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from autodiff_src.rules import is_cut, rule_for
from autodiff_src.runtime import adjoints
from autodiff_src.runtime.objects import module_of
from autodiff_src.runtime.recording import leaves
from autodiff_src.runtime.strong_zeros import strong_zero
from autodiff_src.runtime.tensor import Tensor, apply, plain

_WITH_RULES = ("autodiff_src.runtime", "scipy.")
_lifted: dict[Callable[..., Any], Callable[..., Any]] = {}
_lock = threading.RLock()


def lifted(pullback: Callable[..., Any]) -> Callable[..., Any]:
    """The pullback for arguments that are tensors where values were recorded, and that are recorded themselves."""
    with _lock:  # nobody else gets one that is not filled yet
        if pullback not in _lifted:
            assert isinstance(pullback, FunctionType)
            namespace: dict[str, Any] = {"__builtins__": pullback.__globals__["__builtins__"]}
            made = FunctionType(pullback.__code__, namespace, pullback.__name__, pullback.__defaults__,
                                pullback.__closure__)
            made.__kwdefaults__ = pullback.__kwdefaults__
            _lifted[pullback] = made  # before it calls itself
            read = set(_names(pullback.__code__))
            namespace.update((name, _lift(value)) for name, value in pullback.__globals__.items() if name in read)
        return _lifted[pullback]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def unbroadcast(e: Any, x: Any) -> Any:
    """`adjoints.unbroadcast`, recorded."""
    if isinstance(e, Tensor) and isinstance(x, Tensor) and e.shape == x.shape and e.dtype == x.dtype:
        return e
    if isinstance(e, (list, tuple)) and isinstance(x, (list, tuple)):
        return [None if part is None else unbroadcast(part, item) for part, item in zip(e, x)]
    return _dispatched(adjoints.unbroadcast)(e, x)


def add(a: Any, b: Any) -> Any:
    """`adjoints.add`, recorded."""
    if a is None or b is None:
        return b if a is None else a
    if isinstance(a, (list, tuple)):
        return [add(left, right) for left, right in zip(a, b)]
    return a + b


def accumulated(d_x: Any, e: Any, x: Any) -> Any:
    """`adjoints.accumulated`, recorded."""
    return add(d_x, unbroadcast(e, x))


def zeros_like(x: Any) -> Any:
    """`adjoints.zeros_like` of values."""
    return adjoints.zeros_like(plain(x))


def _lift(value: Any) -> Any:
    if isinstance(value, ModuleType) and value.__name__.startswith(_WITH_RULES):
        return _Lifted(value)
    if not isinstance(value, FunctionType) or not module_of(value).startswith(_WITH_RULES):
        return value
    if value in _SPECIAL:
        return _SPECIAL[value]
    if rule_for(value) is not None or is_cut(value):
        return _dispatched(value)
    return value if module_of(value).startswith("scipy") else lifted(value)


class _Lifted:
    """A module, its functions lifted."""

    def __init__(self, module: ModuleType):
        self._module = module

    def __getattr__(self, name: str) -> Any:
        value = _lift(getattr(self._module, name))
        setattr(self, name, value)
        return value


def _dispatched(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if any(True for _ in leaves([args, kwargs])):
            return apply(function, args, kwargs)
        return function(*args, **kwargs)
    return call


_SPECIAL: dict[Any, Callable[..., Any]] = {
    adjoints.unbroadcast: unbroadcast, adjoints.accumulated: accumulated, adjoints.add: add,
    adjoints.zeros_like: zeros_like, strong_zero: _dispatched(strong_zero),
}
