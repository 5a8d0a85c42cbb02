"""What happens when an operation on tensors is recorded, and the records themselves."""
from __future__ import annotations

import ast
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import cached_property
from inspect import Parameter, getsource, signature
from typing import Any

import numpy as np

from autodiff_src.errors import ArgumentError, NoRuleError, UnsupportedError
from autodiff_src.rules import Rule, is_cut_of_reals, key_of, lost_parameters, passes_over, rule_for, rule_for_complex
from autodiff_src.runtime.libraries import dtype_of, library_of, own
from autodiff_src.runtime.transforms import FUNCTIONS

# The tapes that are recording here, the outermost first. Other threads and tasks have their own.
recorders: ContextVar[tuple[Any, ...]] = ContextVar("recorders", default=())
next_serial = itertools.count(1).__next__
primitives: dict[Any, Primitive] = {}
_LARGE = 1000  # elements: of smaller arrays it costs more to free them early than to keep them
_makers: list[Callable[..., Callable[..., tuple]]] = []
# What is neither a structure nor changes.
ATOMS = {float, int, bool, str, type(None), np.float64, slice}


class Recorded:
    """A value that tapes know by its serial number. Variables that are `_trainable` are watched when they are read."""

    __slots__ = ("_value", "_serial", "__weakref__")
    _trainable: bool = False
    _is_variable: bool = False
    _is_library: bool = False

    def __init__(self, value: Any):
        self._value = value
        self._serial = next_serial()

    def _now(self) -> Recorded:
        """What stands for the present value in a record."""
        return self


class TensorsGiven(ArgumentError):
    """Tensors where a derivative was to be derived for numbers and arrays."""

    def __init__(self, what: str = "the argument"):
        super().__init__(f"{what} holds a tensor, where numbers and arrays are differentiated",
                         fix="pass tensors as arguments of their own, or in lists, tuples and dicts, to a function "
                             "wrapped by ad.function; or pass x.numpy()")


class Primitive:
    """A function with a reverse rule, and what of its calls the rule describes."""

    def __init__(self, rule: Rule, parameters: list[Parameter]):
        named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
        positional = [p for p in parameters if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)]
        self.rule = rule
        self.keywords = frozenset(p.name for p in parameters if p.kind in named)
        self.star = next((i for i, p in enumerate(parameters) if p.kind is Parameter.VAR_POSITIONAL), None)
        self.most = float("inf") if self.star is not None else len(positional)
        self.reads_items = rule.primitive is operator.getitem
        self.cut_of_reals = is_cut_of_reals(rule.primitive)
        self.any_numbers = rule_for_complex(rule) is rule and not self.cut_of_reals
        self.passes_over = self.reads_items or passes_over(rule)
        self.pullbacks: dict[tuple[int, ...], Callable[..., tuple]] = {}

    @property
    def function(self) -> Any:
        return self.rule.primitive

    @property
    def name(self) -> str:
        return name_of(self.function)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What the parameters of the function stand for, as far as they can be told, where they are left out."""
        try:
            own = list(signature(self.rule.primitive).parameters.values())
        except (TypeError, ValueError):  # a compiled function without a signature
            own = []
        return {"out": None, **{p.name: p.default for p in own if p.default is not Parameter.empty}}

    @cached_property
    def reads_y(self) -> bool:
        """Whether a backward step reads the value of the result."""
        return self.star is not None or self._read[0] in self._read[1]

    @cached_property
    def reads_args(self) -> bool:
        """Whether a backward step reads more of the arguments than their shapes."""
        return self.star is not None or bool(self._read[1] - {self._read[0]})

    @cached_property
    def _read(self) -> tuple[str, set[str]]:
        """The name of the result in the pullback, and the parameters of which it reads more than the shape."""
        function = ast.parse(getsource(self.pullback(tuple(range(int(self.most)))))).body[0]
        assert isinstance(function, ast.FunctionDef)
        parameters = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        names = [parameter.arg for parameter in parameters[1:]]
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_accumulated":
                del node.args[2:]
        read = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        return names[0], read & set(names)

    @cached_property
    def lost(self) -> frozenset[int]:
        """The positions of parameters that the rule gives no derivative for."""
        lost = lost_parameters(self.rule) if self.star is None else set()
        parameters = self.rule.adjoint.call_signature.parameters if self.rule.adjoint and lost else ()
        return frozenset(i for i, p in enumerate(parameters) if p in lost)

    def position(self, i: int) -> int:
        """The position of the parameter that receives the positional argument `i`."""
        return i if self.star is None or i < self.star else self.star

    def pullback(self, positions: tuple[int, ...]) -> Callable[..., tuple]:
        """`function(d_y, y, *args, **kwargs)` that gives the adjoints of the parameters at `positions`."""
        if positions not in self.pullbacks:
            self.pullbacks[positions] = _makers[0](self.rule, positions)
        return self.pullbacks[positions]

    def checked(self, positions: tuple[int, ...]) -> Callable[..., tuple]:
        """The pullback of a result of which elements may have no influence, however steep the function is there."""
        return _makers[0](self.rule, positions, True)


class Call:
    """One call of a function that is recorded as a whole, with a pullback `function(d_y, y, *args)` of its own, which
    takes tensors where the backward pass is recorded, too."""

    star = None
    most = float("inf")
    keywords: frozenset[str] = frozenset()
    reads_items = passes_over = False
    rule = None
    pullbacks: dict[tuple[int, ...], Callable[..., Any]] = {}  # a call keeps none

    def __init__(self, function: Any, pullback: Callable[..., Any]):
        self.function, self.name, self._pullback = function, name_of(function), pullback

    def position(self, i: int) -> int:
        return i

    def pullback(self, positions: tuple[int, ...]) -> Callable[..., Any]:
        return self._pullback

    checked = pullback


class Freed(Recorded):
    """What is left in a record of a tensor of which only the shape, that of the result, matters."""

    __slots__ = ()

    def __init__(self, serial: int):
        self._value, self._serial = None, serial


# One recorded operation: `y = primitive(*args, **kwargs)`, with tensors in `y` and among the arguments. In place of `y`
# stands its serial number if its value does not matter. No keywords at all (None): `y` and the arguments are tensors and
# numbers, without structures.
Record = tuple["Primitive | Call", Any, tuple[Any, ...], "dict[str, Any] | None"]


def use_pullbacks(maker: Callable[..., Callable[..., tuple]]) -> None:
    """Names the function that makes pullbacks: `maker(rule, positions, checked)` as `expand.as_pullback`."""
    _makers[:] = [maker]


def primitive_of(function: Any) -> Primitive | None:
    """`function` with its rule; None without a rule that has a reverse form."""
    return primitives.get(key_of(function)) or _described(function)


def _described(function: Any) -> Primitive | None:
    rule = rule_for(function)
    template = None if rule is None else rule.adjoint or rule.partials
    if rule is None or template is None:
        return None
    made = Primitive(rule, list(template.call_signature.parameters.values()))
    return primitives.setdefault(key_of(function), made)


def record_simple(primitive: Primitive, y: Any, args: tuple, tapes: tuple) -> None:
    """Adds an operation on real tensors and numbers, of which the rule describes this form of call, to those of `tapes`
    that know one of its arguments."""
    kept = y if primitive.reads_y else y._serial
    if y._value.size > _LARGE and not primitive.reads_args:
        args = tuple([_freed(arg, y, tapes) for arg in args])
    for tape in tapes:
        known = tape.known
        for arg in args:
            if isinstance(arg, Recorded) and arg._serial in known:
                known.add(y._serial)
                tape.records.append((primitive, kept, args, None))
                break


def _freed(x: Any, y: Any, tapes: tuple) -> Any:
    """`x` without its value, if it is a tensor of the shape and dtype of `y` that operations on all `tapes` computed."""
    if not isinstance(x, Recorded) or x._value.shape != y._value.shape or x._value.dtype != y._value.dtype:
        return x
    return Freed(x._serial) if all(tape.computed(x._serial) for tape in tapes) else x


def outputs(y: Any) -> list[int]:
    """The serials of the tensors that a record made."""
    return [y] if type(y) is int else [leaf._serial for leaf in leaves(y)]


def record(primitive: Primitive | Call, y: Any, args: tuple, kwargs: dict[str, Any] | None, tapes: tuple) -> None:
    """Adds the operation to those of `tapes` that know one of its arguments.

    Raises NoRuleError where one does and the rule does not describe this form of call.
    """
    if kwargs and isinstance(primitive, Primitive):
        args, kwargs = _bound(primitive, args, kwargs, tapes)
    inputs = []
    for leaf in leaves(args):
        accessed(leaf, tapes)
        inputs.append(leaf._serial)
    knowing = [tape for tape in tapes if not tape.known.isdisjoint(inputs)]
    if not knowing:
        return
    if len(args) > primitive.most:
        raise _unlisted(primitive, f"{len(args)} positional arguments")
    if isinstance(primitive, Primitive) and any(map(_is_complex, args)):
        primitive = _for_complex(primitive)
    if any(dtype_of(leaf._value).kind == "O" for leaf in leaves(y)):
        raise NoRuleError(f"{primitive.name} gives an array of Python objects, where the history of tensors ends",
                          fix="make the arrays among the operands ones of numbers: a.astype(float)")
    if isinstance(primitive, Primitive) and primitive.lost:
        _refuse_lost(primitive, args, knowing)
    made_of_floats = [leaf._serial for leaf in leaves(y) if dtype_of(leaf._value).kind in "fc"]
    if isinstance(primitive, Primitive) and isinstance(y, Recorded) and not primitive.reads_y:
        y = y._serial
    made = (primitive, y, tuple(map(frozen, args)), frozen(kwargs) if kwargs else {})
    if not made_of_floats:
        note_end(primitive.name, args, tapes)
        return
    for tape in knowing:
        tape.records.append(made)
        tape.known.update(made_of_floats)


def _refuse_lost(primitive: Primitive, args: tuple, knowing: list) -> None:
    for i in primitive.lost.intersection(range(len(args))):
        if any(leaf._serial in tape.known for leaf in leaves(args[i]) for tape in knowing):
            raise _unlisted(primitive, "a recorded tensor in a parameter that it gives no derivative for")


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


def _bound(primitive: Primitive, args: tuple, kwargs: dict[str, Any], tapes: tuple) -> tuple[tuple, dict[str, Any]]:
    """The arguments without `out=None` and with tensors given by keyword in their positions."""
    defaults = primitive.defaults
    kwargs = {key: value for key, value in kwargs.items() if key in primitive.keywords or key not in defaults
              or type(value) not in ATOMS or value != defaults[key]}
    by_keyword = holds_tensors(kwargs)
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


def _unlisted(primitive: Primitive | Call, what: str) -> NoRuleError:
    return NoRuleError(f"{primitive.name} with {what} has no rule", fix="write it with the plain form of the call")


def has_recorded(args: tuple, kwargs: dict[str, Any] | None) -> bool:
    return any(map(is_recorded, leaves([args, kwargs or {}])))


def by_text(function: Any, args: tuple, kwargs: dict[str, Any] | None) -> Any:
    """What a function without a rule gives, recorded as one operation with the text that is read for it. Raises NoRuleError
    where there is none."""
    text = FUNCTIONS["numpy_text"](function)
    if text is None:
        raise NoRuleError(f"{name_of(function)} has no rule and is called with a tensor that a GradientTape is "
                          "recording", fix="write it with functions that have one, register a rule with @ad.adjoint, "
                          "or say that no derivative is wanted: `x.numpy()` or `ad.stop_gradient(x)`")
    return FUNCTIONS["recorded_call"](text, args, kwargs or {})


def is_recorded(x: Any) -> bool:
    """Whether an active tape knows the tensor `x`. Asking this of a variable counts as reading it."""
    tapes = recorders.get()
    if not tapes:
        return False
    accessed(x, tapes)
    return any(x._serial in tape.known for tape in tapes)


def accessed(x: Any, tapes: tuple) -> None:
    """Tells the tapes that `x` is read, if it is a variable."""
    if x._is_variable:
        for tape in tapes:
            tape.read(x)


def note_end(name: str, x: Any, tapes: tuple[Any, ...]) -> None:
    """Tells the `tapes` that the history of the tensors in `x` that they know ends in `name`."""
    for leaf in leaves(x):
        for tape in tapes:
            tape.ends(leaf._serial, name)


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


def flat(x: Any) -> list[Any]:
    """The leaves of a structure of lists, tuples and dicts."""
    if isinstance(x, (list, tuple)):
        return [leaf for item in x for leaf in flat(item)]
    if isinstance(x, dict):
        return [leaf for item in x.values() for leaf in flat(item)]
    return [x]


def holds_tensors(*values: Any) -> bool:
    """Whether there are tensors in structures of lists, tuples and dicts."""
    return next(leaves(values), None) is not None


def frozen(x: Any) -> Any:
    """`x` as it is now: arrays and lists copied, variables by their present value."""
    if isinstance(x, Recorded):
        return x._now()
    if isinstance(x, np.ndarray):
        return x.copy()
    if library_of(x) is not None:
        return own(x)
    if isinstance(x, (list, tuple)):
        return rebuilt(x, map(frozen, x))
    if isinstance(x, dict):
        return {key: frozen(item) for key, item in x.items()}
    return x


def rebuilt(like: Any, items: Iterable[Any]) -> Any:
    """The list, tuple or named tuple `like` with other items."""
    return type(like)(*items) if hasattr(like, "_fields") else type(like)(items)


def mixed() -> ArgumentError:
    return ArgumentError("tensors of NumPy's arrays and of another library's are used together",
                         fix="make tensors of arrays of one library")


def written(action: str) -> UnsupportedError:
    return UnsupportedError(f"{action} writes into a tensor, and tensors never change",
                            fix="make a new one: `x = np.where(mask, v, x)`, or `ad.Variable(x)` and its `assign`")


def name_of(function: Any) -> str:
    module, name = getattr(function, "__module__", None), getattr(function, "__name__", repr(function))
    if isinstance(function, np.ufunc):
        module = "numpy"
    return f"{module.removeprefix('_')}.{name}".replace("numpy.", "np.", 1) if module else name
