"""What happens when an operation on tensors is recorded, and the records themselves."""
from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from inspect import Parameter
from typing import Any

import numpy as np

from autodiff_src.errors import NoRuleError, UnsupportedError
from autodiff_src.rules import Rule, key_of, rule_for, rule_for_complex

# The tapes that are recording here, the outermost first. Other threads and tasks have their own.
recorders: ContextVar[tuple[Any, ...]] = ContextVar("recorders", default=())
next_serial = itertools.count(1).__next__
_primitives: dict[int, Primitive] = {}
# What is neither a structure nor changes.
ATOMS = {float, int, bool, str, type(None), np.float64, slice}


class Recorded:
    """A value that tapes know by its serial number. What does not stay as it is, is a variable; those that are
    `_trainable` are watched when they are read."""

    __slots__ = ("_value", "_serial", "__weakref__")
    _lasting: bool = True
    _trainable: bool = False

    def __init__(self, value: Any):
        self._value = value
        self._serial = next_serial()

    def _now(self) -> Recorded:
        """What stands for the present value in a record."""
        return self


@dataclass(eq=False)
class Primitive:
    """A function with a reverse rule, and what of its calls the rule describes."""
    rule: Rule
    keywords: frozenset[str]
    most: float
    star: int | None
    pullbacks: dict[tuple[int, ...], Callable[..., tuple]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return name_of(self.rule.primitive)

    def position(self, i: int) -> int:
        """The position of the parameter that receives the positional argument `i`."""
        return i if self.star is None or i < self.star else self.star


class Record:
    """One recorded operation: `y = primitive(*args, **kwargs)`, with tensors in `y` and among the arguments."""

    __slots__ = ("primitive", "y", "args", "kwargs", "inputs", "outputs")

    def __init__(self, primitive: Primitive, y: Any, args: tuple, kwargs: dict[str, Any], inputs: list[int],
                 outputs: tuple[int, ...]):
        self.primitive, self.y, self.args, self.kwargs = primitive, y, args, kwargs
        self.inputs, self.outputs = inputs, outputs


def primitive_of(function: Any) -> Primitive | None:
    """`function` with its rule; None without a rule that has a reverse form."""
    return _primitives.get(key_of(function)) or _described(function)


def _described(function: Any) -> Primitive | None:
    rule = rule_for(function)
    template = None if rule is None else rule.adjoint or rule.partials
    if rule is None or template is None:
        return None
    parameters = list(template.call_signature.parameters.values())
    positional = [p for p in parameters if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
    star = next((i for i, p in enumerate(parameters) if p.kind is Parameter.VAR_POSITIONAL), None)
    keywords = frozenset(p.name for p in parameters if p.kind in (Parameter.POSITIONAL_OR_KEYWORD,
                                                                  Parameter.KEYWORD_ONLY))
    most = float("inf") if star is not None else len(positional)
    return _primitives.setdefault(key_of(function), Primitive(rule, keywords, most, star))


def record(primitive: Primitive, y: Any, args: tuple, kwargs: dict[str, Any] | None, tapes: tuple) -> None:
    """Adds the operation to those of `tapes` that know one of its arguments.

    Raises NoRuleError where one does and the rule does not describe this form of call.
    """
    if kwargs:
        args, kwargs = _bound(primitive, args, kwargs, tapes)
    inputs, lasting = [], True
    for arg in args:
        if isinstance(arg, Recorded) and arg._lasting:
            inputs.append(arg._serial)
        elif type(arg) not in ATOMS:
            lasting = False
            for leaf in leaves(arg):
                accessed(leaf, tapes)
                inputs.append(leaf._serial)
    made = None
    for tape in tapes:
        if not tape.known.isdisjoint(inputs):
            if made is None:
                if len(args) > primitive.most:
                    raise _unlisted(primitive, f"{len(args)} positional arguments")
                if any(map(_is_complex, args)):
                    primitive = _for_complex(primitive)
                made = Record(primitive, y, args if lasting else tuple(map(frozen, args)),
                              frozen(kwargs) if kwargs else {}, inputs, _outputs(y))
            if made.outputs:
                tape.records.append(made)
                tape.known.update(made.outputs)


def _is_complex(x: Any) -> bool:
    if isinstance(x, (list, tuple)):
        return any(map(_is_complex, x))
    return np.iscomplexobj(x._value if isinstance(x, Recorded) else x)


def _for_complex(primitive: Primitive) -> Primitive:
    """The primitive whose rule holds for complex operands. Raises NoRuleError where there is none."""
    rule = rule_for_complex(primitive.rule)
    found = None if rule is None else primitive_of(rule.primitive)
    if found is None:
        raise NoRuleError(f"{primitive.name} of complex numbers is not differentiated",
                          fix="take real and imaginary parts, or the absolute value")
    return found


def _outputs(y: Any) -> tuple[int, ...]:
    """The serials of the tensors in a result that carry a derivative."""
    if isinstance(y, Recorded):
        return (y._serial,) if y._value.dtype.kind in "fc" else ()
    return tuple(leaf._serial for leaf in leaves(y) if leaf._value.dtype.kind in "fc")


def _bound(primitive: Primitive, args: tuple, kwargs: dict[str, Any], tapes: tuple) -> tuple[tuple, dict[str, Any]]:
    """The arguments without `out=None` and with tensors given by keyword in their positions."""
    kwargs = {key: value for key, value in kwargs.items() if key != "out" or value is not None}
    by_keyword = any(True for _ in leaves(kwargs))
    if not (by_keyword or kwargs.keys() - primitive.keywords):
        return args, kwargs
    for leaf in leaves([args, kwargs]):
        accessed(leaf, tapes)
    if not any(map(is_recorded, leaves([args, kwargs]))):
        return args, kwargs
    if kwargs.keys() - primitive.keywords:
        raise _unlisted(primitive, f"the keyword {min(kwargs.keys() - primitive.keywords)!r}")
    template = primitive.rule.adjoint or primitive.rule.partials
    assert template is not None
    bound = template.call_signature.bind(*args, **kwargs)
    bound.apply_defaults()
    if any(map(is_recorded, leaves(bound.kwargs))):
        raise _unlisted(primitive, "a recorded tensor in a keyword-only parameter")
    return bound.args, bound.kwargs


def _unlisted(primitive: Primitive, what: str) -> NoRuleError:
    return NoRuleError(f"{primitive.name} with {what} has no rule", fix="write it with the plain form of the call")


def refuse_recorded(function: Any, args: tuple, kwargs: dict[str, Any] | None) -> None:
    """Raises NoRuleError if an active tape knows a tensor among the arguments of `function`, which has no rule."""
    if any(map(is_recorded, leaves([args, kwargs or {}]))):
        raise NoRuleError(f"{name_of(function)} has no rule and is called with a tensor that a GradientTape is "
                          "recording", fix="write it with functions that have one, register a rule with @ad.adjoint, "
                          "or say that no derivative is wanted: `x.numpy()` or `ad.stop_gradient(x)`")


def is_recorded(x: Any) -> bool:
    """Whether an active tape knows the tensor `x`. Asking this of a variable counts as reading it."""
    tapes = recorders.get()
    if not tapes:
        return False
    accessed(x, tapes)
    return any(x._serial in tape.known for tape in tapes)


def accessed(x: Any, tapes: tuple) -> None:
    """Watches `x` on the tapes that watch the variables read, if it is a variable that is trained."""
    if x._trainable:
        for tape in tapes:
            if tape.watches_variables:
                tape.known.add(x._serial)


def leaves(x: Any) -> Iterator[Any]:
    """The tensors in a structure of lists, tuples and dicts."""
    if isinstance(x, Recorded):
        yield x
    elif isinstance(x, (list, tuple)):
        for item in x:
            yield from leaves(item)
    elif isinstance(x, dict):
        for item in x.values():
            yield from leaves(item)


def frozen(x: Any) -> Any:
    """`x` as it is now: arrays and lists copied, variables by their present value."""
    if isinstance(x, Recorded):
        return x._now()
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, (list, tuple)):
        return rebuilt(x, map(frozen, x))
    if isinstance(x, dict):
        return {key: frozen(item) for key, item in x.items()}
    return x


def rebuilt(like: Any, items: Iterable[Any]) -> Any:
    """The list, tuple or named tuple `like` with other items."""
    return type(like)(*items) if hasattr(like, "_fields") else type(like)(items)


def written(action: str) -> UnsupportedError:
    return UnsupportedError(f"{action} writes into a tensor, and tensors never change",
                            fix="make a new one: `x = np.where(mask, v, x)`, or `ad.Variable(x)` and its `assign`")


def name_of(function: Any) -> str:
    module, name = getattr(function, "__module__", None), getattr(function, "__name__", repr(function))
    if isinstance(function, np.ufunc):
        module = "numpy"
    return f"{module}.{name}".replace("numpy.", "np.", 1) if module else name
