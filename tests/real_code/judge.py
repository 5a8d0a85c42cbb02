"""What comes of differentiating one function: right, refused, wrong, crashed, slow, or dropped as no test at all."""
from __future__ import annotations

import contextlib
import copy
import inspect
import random
import signal
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import examples
from .examples import Call
from .packages import Target
from .structures import carries, direction, mapped, moved, numbers, product, same, seed, with_floats

STEPS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
NEARBY = (1e-5, 1e-4, 1e-3, 1e-2)
PLAIN_LIMIT, DERIVED_LIMIT = 20.0, 60.0
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
WORST_LAST = ("at a point", "right", "refused", "slow", "crashed", "wrong")


@dataclass(frozen=True)
class Outcome:
    """`kind` is one of WORST_LAST or "dropped"; `place` is the line that a refusal names.

    "at a point": the derivative is that of a branch taken at the example and nowhere near it (`if x == 1.0`), which is
    what is asked for there, and is right next to it; or it is nan where the function itself divides by zero and goes on
    with the infinite value.
    """

    name: str
    kind: str
    reason: str = ""
    place: str = ""
    array: bool = False


class TooSlow(BaseException):
    """No handler of the code that runs catches it."""


class Dropped(Exception):
    """The call is no test, as the message says."""


@dataclass
class Case:
    """A call whose result is differentiated with respect to `wrt`, and what differences give for each of these."""

    function: Callable[[Call], Any]
    call: Call
    wrt: list[str]
    result: Any
    seed: Any
    along: dict[str, Any]
    slopes: dict[str, float]
    size: float

    @property
    def array(self) -> bool:
        given = [self.call.args, self.call.kwargs, self.result]
        return any(isinstance(leaf, np.ndarray) for leaf in numbers(given))


def judge(target: Target) -> Outcome:
    """The worst outcome over the calls in the target's examples that can be tested."""
    try:
        with _limited(PLAIN_LIMIT):
            calls = examples.calls(target)
    except TooSlow:
        return Outcome(target.name, "dropped", "its examples are slow")
    dropped = "no example that calls it"
    outcomes = []
    for call in calls:
        try:
            with _limited(PLAIN_LIMIT):
                case = _case(target, call)
            outcomes.append(_tried(target, case))
        except Dropped as why:
            dropped = str(why)
        except TooSlow:
            dropped = "differences are slow"
    if not outcomes:
        return Outcome(target.name, "dropped", dropped)
    worst = max(outcomes, key=lambda outcome: WORST_LAST.index(outcome.kind))
    return replace(worst, array=any(outcome.array for outcome in outcomes))


def _callable(target: Target, call: Call) -> Any:
    return getattr(call.receiver, target.function.__name__) if call.receiver is not None else target.function


def _run(target: Target, call: Call) -> Any:
    random.seed(0)
    np.random.seed(0)
    return _callable(target, call)(*call.args, **call.kwargs)


def _case(target: Target, call: Call) -> Case:
    def function(call: Call) -> Any:
        with warnings.catch_warnings(), contextlib.redirect_stdout(None), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return _run(target, call)

    call, wrt = _differentiable(target, call, function)
    try:
        result = copy.deepcopy(function(call.fresh()))
    except Exception as error:
        raise Dropped("it raises at its example") from error
    if not list(numbers(result)):
        raise Dropped("no float in its result")
    source = np.random.default_rng(1)
    weights = seed(result, source)
    size = sum(float(np.sum(np.abs(np.multiply(u, v)))) for u, v in zip(numbers(result), numbers(weights)))
    if not np.isfinite(size):
        raise Dropped("its result is not finite")
    case = Case(function, call, [], result, weights, {}, {}, size)
    for parameter in wrt:
        along = direction(_value(target, call, parameter), source)
        slope = _slope(target, case, parameter, along)
        if slope is not None:
            case.wrt.append(parameter)
            case.along[parameter], case.slopes[parameter] = along, slope
    if not case.wrt:
        raise Dropped("differences do not agree")
    return case


def _bound(target: Target, call: Call) -> inspect.BoundArguments:
    return inspect.signature(_callable(target, call), follow_wrapped=False).bind(*call.args, **call.kwargs)


def _value(target: Target, call: Call, parameter: str) -> Any:
    return _bound(target, call).arguments[parameter]


def _with(target: Target, call: Call, parameter: str, value: Any) -> Call:
    bound = _bound(target, call)
    bound.arguments[parameter] = value
    return Call(bound.args, bound.kwargs, call.receiver)


def _differentiable(target: Target, call: Call, function: Callable[[Call], Any]) -> tuple[Call, list[str]]:
    """The parameters that hold floats; where none does, integers are made floats that give the same result."""
    try:
        bound = _bound(target, call)
    except (TypeError, ValueError) as error:
        raise Dropped("its signature is not known") from error
    named = [n for n in bound.arguments if bound.signature.parameters[n].kind in _POSITIONAL]
    wrt = [n for n in named if carries(bound.arguments[n])]
    if wrt:
        return call, wrt
    for parameter in named:
        value = with_floats(bound.arguments[parameter])
        if carries(value):
            changed = _with(target, call, parameter, value)
            with contextlib.suppress(Exception):
                if same(with_floats(function(changed.fresh())), with_floats(function(call.fresh()))):
                    call = changed
                    wrt.append(parameter)
    if not wrt:
        raise Dropped("no float among its arguments")
    return call, wrt


def _slope(target: Target, case: Case, parameter: str, along: Any) -> float | None:
    """The derivative along a direction, or None where central differences do not agree at three steps in a row, or
    those to both sides differ."""
    value = _value(target, case.call, parameter)

    def at(step: float) -> float:
        changed = _with(target, case.call.fresh(), parameter, moved(copy.deepcopy(value), along, step))
        return product(case.seed, case.function(changed))

    spacing = max(np.finfo(np.asarray(leaf).dtype).eps for leaf in numbers([value, case.result]))
    try:
        here = at(0.0)
        rounded = [(at(h), h) for k in (1, 2, 3) for h in (k * spacing, -k * spacing)]
        sides = [(at(h), at(-h), h) for h in STEPS if spacing <= 1e-2 * h]
    except Exception:  # it raises next to its example, or gives another structure
        return None
    slope = _agreed(here, sides, case.size)
    if slope is None or _jumps(here, rounded, slope, case.size):
        return None
    return slope


def _jumps(here: float, rounded: list[tuple[float, float]], slope: float, size: float) -> bool:
    """Does the result, at points as near as rounding allows, change by more than its slope and many roundings tell?"""
    return not all(abs(there - here) <= 10 * abs(h * slope) + 1e7 * abs(h) * size for there, h in rounded)


def _agreed(here: float, sides: list[tuple[float, float, float]], size: float) -> float | None:
    central = [(ahead - behind) / (2 * h) for ahead, behind, h in sides]
    found: list[tuple[float, float]] = []
    for k in range(len(central) - 2):
        three = central[k:k + 3]
        spread = max(three) - min(three)
        if spread <= 1e-4 * max(map(abs, three)) + 1e-7 * size:
            ahead, behind, h = sides[k + 2]
            left, right = (here - behind) / h, (ahead - here) / h
            if abs(left - right) <= 1e-3 * max(abs(left), abs(right)) + 20 * h * size:
                found.append((spread, three[1]))
    if not found or not np.all(np.isfinite(found)):
        return None
    slopes = [slope for _, slope in found]
    if max(slopes) - min(slopes) > 1e-3 * max(map(abs, slopes)) + 1e-6 * size:  # steps on a grid, as of float32
        return None
    return min(found)[1]


def _tried(target: Target, case: Case) -> Outcome:
    from autodiff_src import AutodiffError

    def outcome(kind: str, reason: str = "", place: str = "") -> Outcome:
        return Outcome(target.name, kind, reason, place, case.array)

    try:
        with _limited(DERIVED_LIMIT):
            trouble, found = _trouble(target, case)
    except AutodiffError as error:
        where = error.place
        place = f"{where.file}:{where.line}: {where.text.strip()}" if where else ""
        return outcome("refused", error.reason, place)
    except TooSlow:
        return outcome("slow", f"takes more than {DERIVED_LIMIT:.0f} s")
    except Exception as error:
        lines = traceback.format_exc(limit=-3).strip()
        return outcome("crashed", f"{type(error).__name__}: {error}", lines)
    if trouble and (_is_rounding(case) or _derivative_is_rounding(target, case)):
        raise Dropped("its result, or its derivative, is that of rounding errors")
    if trouble and (np.isnan(found) and _divides_by_zero(target, case) or _right_nearby(target, case)):
        return outcome("at a point", trouble)
    return outcome("wrong", trouble) if trouble else outcome("right")


def _right_nearby(target: Target, case: Case) -> bool:
    """Is it right from a small distance on, at two points or more where differences tell it?"""
    told = []
    for distance in NEARBY:
        call = case.call.fresh()
        for parameter in case.wrt:
            value = _value(target, call, parameter)
            call = _with(target, call, parameter, moved(value, case.along[parameter], distance))
        with contextlib.suppress(Dropped):
            near = _case(target, call)
            if set(case.wrt) <= set(near.wrt):
                told.append(not _trouble(target, near)[0])
    return told[-2:] == [True, True] and all(told[told.index(True):])


def _is_rounding(case: Case) -> bool:
    """Is the result another one where the same numbers are calculated with more digits?"""
    try:
        result = case.function(_longer(case.call.fresh()))
        return abs(product(case.seed, result) - product(case.seed, case.result)) > 1e-9 * case.size
    except Exception:  # it takes no other numbers
        return False


def _derivative_is_rounding(target: Target, case: Case) -> bool:
    """Is the derivative another one where it is calculated with more digits, like one that takes apart numbers which are
    sums of two?"""
    try:
        pairs = [_gradients(target, case, call)[1] for call in (case.call.fresh(), _longer(case.call.fresh()))]
        short, long = ([product(case.along[p], g) for p, g in zip(case.wrt, one, strict=True)] for one in pairs)
        return any(abs(u - v) > 1e-4 * max(abs(u), abs(v)) for u, v in zip(short, long, strict=True))
    except Exception:  # it takes no other numbers
        return False


def _longer(call: Call) -> Call:
    def longer(leaf: Any) -> Any:
        return np.asarray(leaf, np.longdouble)[()] if np.asarray(leaf).dtype == np.float64 else leaf

    return Call(mapped(longer, call.args), mapped(longer, call.kwargs), call.receiver)


def _divides_by_zero(target: Target, case: Case) -> bool:
    """Does the function, as it is, warn of a division by zero?"""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        _run(target, case.call.fresh())
    return any("divide by zero" in str(warning.message) for warning in seen)


def _trouble(target: Target, case: Case) -> tuple[str, float]:
    """What is wrong with value, derivatives or side effects, empty if nothing is; and the derivative that is."""
    plain, given = case.call.fresh(), case.call.fresh()
    expected = case.function(plain)
    with warnings.catch_warnings(), contextlib.redirect_stdout(None), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value, gradients = _gradients(target, case, given)
    if not same(value, expected):
        return f"the value is {value!r}, not {expected!r}", 0.0
    for parameter, gradient in zip(case.wrt, gradients, strict=True):
        slope, found = case.slopes[parameter], product(case.along[parameter], gradient)
        if not abs(found - slope) <= 1e-3 * abs(slope) + 2e-6 * case.size:
            return f"along {parameter} the derivative is {found!r}, differences give {slope!r}", found
    if not same((given.args, given.kwargs), (plain.args, plain.kwargs)):
        return f"the arguments are {given.args!r} {given.kwargs!r} afterwards, not {plain.args!r} {plain.kwargs!r}", 0.0
    return "", 0.0


def _gradients(target: Target, case: Case, call: Call) -> tuple[Any, tuple[Any, ...]]:
    import autodiff_src as ad

    function, wrt = _callable(target, call), tuple(case.wrt)
    random.seed(0)
    np.random.seed(0)
    if isinstance(case.result, (float, np.floating)):
        value, gradients = ad.value_and_grad(function, wrt=wrt)(*call.args, **call.kwargs)
        return value, tuple(mapped(lambda leaf: leaf * case.seed, g) for g in gradients)
    bound = _bound(target, call)
    bound.apply_defaults()
    kwargs, places = bound.kwargs, [list(bound.arguments).index(p) for p in wrt]
    if kwargs:
        value, pullback = ad.vjp(lambda *args: function(*args, **kwargs), *bound.args, wrt=places)
    else:
        value, pullback = ad.vjp(function, *bound.args, wrt=wrt)
    return copy.deepcopy(value), pullback(case.seed)


@contextlib.contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Stops after so many seconds of this process's time."""
    def stop(number: int, frame: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
