"""Functions that tapes record as one operation: the decorators."""
from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any

from autodiff_src.dispatch import checked
from autodiff_src.parse.callables import BOUND, unbound
from autodiff_src.runtime import custom_calls, recorded_calls
from autodiff_src.runtime.recording import holds_tensors


def function(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f`, of which tapes record a call with tensors as one operation, with the generated gradient function of `f`.

    Inside, `f` sees plain numbers and arrays. Tensors are passed as arguments, or in lists, tuples and dicts; results are
    numbers and arrays, or lists, tuples and dicts of these. A call without tensors is one of `f`. Raises, as `ad.grad(f)`
    does, UnsupportedError for what is not differentiated, and NoRuleError for results that no tape can follow.
    """
    plain, args, kwargs = unbound(f)
    checked(plain)
    hashable = f if isinstance(f, Hashable) else functools.partial(f)

    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        return recorded_calls.call(hashable, args, kwargs) if holds_tensors(args, kwargs) else f(*args, **kwargs)

    return _standing_for(call, plain, args, kwargs)


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f`, of which tapes keep the arguments only: it runs once more in the backward pass, which then records it.

    What `f` does besides, prints for one, is done twice; `random` and `np.random` draw the same numbers in both runs.
    Tensors are passed by position; variables may be read from around. Raises AutodiffError in the backward pass where
    the second run gives another value, NoRuleError for recorded tensors that reach `f` by other ways.
    """
    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        return custom_calls.run_again(f, args, kwargs)

    return _standing_for(call, *unbound(f))


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f`, which returns `(y, grad)`, as a function that returns `y` and of which `grad` is the backward step.

    `grad(*d_ys)` takes an adjoint for each tensor in `y` and returns a gradient for each argument (each leaf, where
    these are structures), None for one without. If `f` reads variables that are not arguments, it is called as
    `grad(*d_ys, variables=variables)` and returns a pair: the gradients of the arguments and a list of those of the
    variables. What it computes from tensors of `f` is differentiated by tapes outside. Raises ArgumentError for gradients
    that do not fit, NoRuleError for recorded tensors that reach `f` by other ways than by position.
    """
    @functools.wraps(f)
    def call(*args: Any, **kwargs: Any) -> Any:
        return custom_calls.with_gradient(f, args, kwargs)

    call.custom_gradient = f  # type: ignore[attr-defined]
    return call


def _standing_for(call: Callable[..., Any], function: Any, args: tuple[Any, ...],
                  kwargs: dict[str, Any]) -> Callable[..., Any]:
    """`call`, of which derived functions are those of `function` with these arguments in front."""
    BOUND[call] = function, args, kwargs
    if not args and not kwargs:
        call.py_func = function  # type: ignore[attr-defined]
    return call
