"""Which callables are read, and what is said of the others."""
from __future__ import annotations

import functools
import inspect
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary

from autodiff_src.errors import ArgumentError, NoRuleError, UnsupportedError
from autodiff_src.parse.resolve import class_attribute
from autodiff_src.runtime.objects import is_plain_class

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


BOUND: WeakKeyDictionary[Any, tuple[FunctionType, tuple[Any, ...], dict[str, Any]]] = WeakKeyDictionary()


def unbound(function: Any) -> tuple[FunctionType, tuple[Any, ...], dict[str, Any]]:
    """The plain function below methods, partial objects and objects that can be called, and the arguments that these give
    it. `BOUND` tells the same of functions that were made from such. Errors as for `check_function`."""
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = {}
    while not isinstance(function, FunctionType) or function in BOUND:
        if isinstance(function, FunctionType):
            function, first, named = BOUND[function]
        elif isinstance(function, functools.partial):
            function, first, named = function.func, function.args, function.keywords
        elif isinstance(function, MethodType):
            function, first, named = function.__func__, (function.__self__,), {}
        elif is_plain_class(type(function)) and isinstance(class_attribute(type(function), "__call__"), FunctionType):
            function, first, named = class_attribute(type(function), "__call__"), (function,), {}
        elif isinstance(inspect.getattr_static(function, "py_func", None), FunctionType):  # compiled by Numba
            function, first, named = function.py_func, (), {}
        else:
            raise _refusal(function)
        args, kwargs = first + args, {**named, **kwargs}
    return check_function(function), args, kwargs


def _refusal(function: Any) -> ArgumentError | NoRuleError | UnsupportedError:
    if not callable(function):
        return ArgumentError(f"a function is expected, not {type(function).__name__} {_short(function)}",
                             fix="pass the function itself, as in grad(f)(x), not the result of a call")
    if isinstance(function, type):
        return UnsupportedError(f"{function.__qualname__!r} is a class; only functions are differentiated",
                                fix=f"pass a function that makes the object: lambda x: {function.__name__}(x)...")
    if isinstance(function, functools._lru_cache_wrapper):
        return UnsupportedError(f"{_name(function)!r} is wrapped by functools.lru_cache, which would keep derivatives "
                                "of one call for another", fix="pass the function below the cache: f.__wrapped__")
    if isinstance(inspect.getattr_static(type(function), "__call__", None), FunctionType):
        return UnsupportedError(f"an object of class {type(function).__qualname__!r} is not a function",
                                fix="pass a lambda that calls it: lambda x: obj(x)")
    return _without_code(function)


def _without_code(function: Any) -> NoRuleError:
    fix = "register a rule for it with ad.adjoint, or write the function in Python"
    if isinstance(inspect.getattr_static(function, "__wrapped__", None), FunctionType):
        fix += "; the Python function that it wraps is f.__wrapped__"
    return NoRuleError(f"{_name(function)!r} is a builtin or compiled function: it has no Python source", fix=fix)


def _name(function: Any) -> str:
    return getattr(function, "__qualname__", None) or getattr(function, "__name__", None) or _short(function)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
