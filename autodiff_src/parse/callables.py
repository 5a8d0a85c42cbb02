"""Which callables are read, and what is said of the others."""
from __future__ import annotations

import functools
import inspect
from types import FunctionType, MethodType
from typing import Any

from autodiff_src.errors import ArgumentError, NoRuleError, UnsupportedError

_SUSPENDING = (
    (inspect.CO_ASYNC_GENERATOR, "an async generator", "return an array or a list from a plain function"),
    (inspect.CO_COROUTINE | inspect.CO_ITERABLE_COROUTINE, "a coroutine",
     "differentiate a plain function and await around it"),
    (inspect.CO_GENERATOR, "a generator", "collect the values in a list and return it"),
)


def check_function(function: Any) -> FunctionType:
    """`function` itself if it is a plain Python function; raises the AutodiffError that says what to pass instead."""
    if isinstance(function, FunctionType):
        for flag, what, fix in _SUSPENDING:
            if function.__code__.co_flags & flag:
                raise UnsupportedError(f"{function.__qualname__!r} is {what}, which is not differentiated", fix=fix)
        return function
    raise _refusal(function)


def _refusal(function: Any) -> ArgumentError | NoRuleError | UnsupportedError:
    if not callable(function):
        return ArgumentError(f"a function is expected, not {type(function).__name__} {_short(function)}",
                             fix="pass the function itself, as in grad(f)(x), not the result of a call")
    if isinstance(function, type):
        return UnsupportedError(f"{function.__qualname__!r} is a class; only functions are differentiated",
                                fix=f"pass a function that makes the object: lambda x: {function.__name__}(x)...")
    if isinstance(function, functools.partial):
        return UnsupportedError("a functools.partial object is not differentiated",
                                fix="pass a lambda that makes the call: lambda x: f(x, fixed)")
    if isinstance(function, functools._lru_cache_wrapper):
        return UnsupportedError(f"{_name(function)!r} is wrapped by functools.lru_cache, which would keep derivatives "
                                "of one call for another", fix="pass the function below the cache: f.__wrapped__")
    if isinstance(function, MethodType) and isinstance(function.__func__, FunctionType):
        return UnsupportedError(f"{_name(function)!r} is a bound method; methods are not differentiated yet",
                                fix="pass a function that takes the attributes as arguments")
    if isinstance(inspect.getattr_static(type(function), "__call__", None), FunctionType):
        return UnsupportedError(f"an object of class {type(function).__qualname__!r} is not a function",
                                fix="pass a lambda that calls it: lambda x: obj(x)")
    return _without_code(function)


def _without_code(function: Any) -> NoRuleError:
    fix = "register a rule for it with ad.adjoint, or write the function in Python"
    for attribute in ("__wrapped__", "py_func"):
        if isinstance(inspect.getattr_static(function, attribute, None), FunctionType):
            fix += f"; the Python function that it wraps is f.{attribute}"
    return NoRuleError(f"{_name(function)!r} is a builtin or compiled function: it has no Python source", fix=fix)


def _name(function: Any) -> str:
    return getattr(function, "__qualname__", None) or getattr(function, "__name__", None) or _short(function)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
